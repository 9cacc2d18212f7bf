//! What filling in costs, for everybody to see: by form, month and unit; what lies above the ceiling, what is asked
//! twice, what ends when, and what was complained of.

pub mod forms;

use super::actions::load::{self, Load};
use super::rules::{self, Filled};
use crate::network::registry;
use crate::oversight::complaints;
use jiedui_kernel::{Date, Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use jiedui_web::sorting::Orders;
use serde::Serialize;

/// Fields of one day that are named on the page; the forms tell the rest.
const NAMED: usize = 12;

#[derive(Serialize)]
struct View {
    stats: Vec<Stat>,
    months: Vec<Month>,
    forms: Vec<FormLine>,
    over: Vec<OverLine>,
    over_more: Option<Figure>,
    twice: Vec<TwiceLine>,
    sunsets: Vec<Sunset>,
    complaints: Vec<(&'static str, Figure)>,
}

#[derive(Serialize)]
struct Stat {
    name: &'static str,
    figure: Figure,
    note: &'static str,
}

#[derive(Serialize)]
struct Month {
    key: String,
    text: String,
    minutes: Figure,
    /// Per unit that filled anything in.
    each: Figure,
    bar: i64,
}

#[derive(Serialize)]
struct FormLine {
    form: Link,
    kind: &'static str,
    by: String,
    often: &'static str,
    fields: Figure,
    minutes: Figure,
    times: Figure,
    sum: Figure,
}

#[derive(Serialize)]
struct OverLine {
    unit: Link,
    key: String,
    text: String,
    minutes: Figure,
    most: Link,
}

#[derive(Serialize)]
struct TwiceLine {
    label: String,
    unit: &'static str,
    forms: Vec<Link>,
}

#[derive(Serialize)]
struct Sunset {
    day: Date,
    passed: bool,
    count: Figure,
    fields: Vec<(Link, String)>,
}

/// A figure in minutes.
pub fn minutes(value: i64, href: impl Into<String>, label: &str) -> Figure {
    Figure { unit: "分钟", ..Figure::of(Reported::Value(value), Unit::Items, href, label) }
}

pub fn month_text(key: &str) -> String {
    let (year, month) = key.split_once('-').unwrap_or((key, ""));
    format!("{year}年{}月", month.trim_start_matches('0'))
}

fn form_link(load: &Load, at: usize) -> Link {
    load.forms.get(at).map_or_else(
        || Link::new("/forms", ""),
        |form| Link::new(format!("/forms/{}/{}", form.kind.id(), form.id), &form.name),
    )
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let load = load::read(ctx).await?;
    let counts = complaints::counts(&mut ctx.tx).await?;
    let (today, burden) = (ctx.today, ctx.programme().burden.clone());
    let ceiling = i64::from(burden.ceiling_minutes);
    let units = rules::by_unit(&load.forms, &load.filled, &load.orgs);
    let over = rules::over(&load.forms, &load.filled, &units, ceiling);
    let asked = |at: &jiedui_programme::FormEntry| at.fields.iter().filter(|one| one.asked_on(today)).count();
    let now: Vec<&jiedui_programme::FormEntry> =
        load.forms.iter().filter(|form| form.asked_on(today)).collect();
    let fields: usize = now.iter().map(|form| asked(form)).sum();
    let count = |value: usize, href: &str, label: &str| {
        Figure::of(Reported::Value(value as i64), Unit::Items, href, label)
    };
    let said = |value: i64, query: &str, label: &str| {
        Figure::of(Reported::Value(value), Unit::Entries, format!("/complaints?{query}"), label)
    };
    let stat = |name, figure: Figure, note| Stat { name, figure: figure.big(), note };
    let view = View {
        stats: vec![
            stat("登记在册的表单", count(now.len(), "/forms", "表单"), "有事才填，没有变化不用报"),
            stat("现在要填的栏目", count(fields, "/forms", "栏目"), "每一栏写明为什么要填、填到哪天"),
            stat(
                "能推算还要填的栏目",
                count(ctx.programme().derivable(today).len(), "/forms", "能推算还要填的"),
                "已有的和能算出的不问",
            ),
            stat(
                "每个单位每月的上限",
                minutes(ceiling, "/burden/units", "公开的上限"),
                "超过就是要求太多，由省办精简",
            ),
        ],
        months: months(&load, &units),
        forms: forms(&load, today),
        over_more: (over.len() > NAMED)
            .then(|| count(over.len(), "/burden/units?over=yes", "超过上限的单位和月份")),
        over: over.iter().take(NAMED).map(|one| over_line(&load, one)).collect(),
        twice: twice(&load, today),
        sunsets: sunsets(&load, today),
        complaints: vec![
            ("待答复的投诉建议", said(counts.open, "state=open", "待答复的投诉建议")),
            ("其中超过期限未答复", said(counts.late, "state=late", "超过期限未答复的")),
            ("其中说重复填报的", said(counts.duplicates, "kind=duplicate&state=open", "说重复填报的")),
        ],
    };
    let lead = "登记的填报成本乘以实际登记的次数，近十二个月；不统计谁在线多久、点了几次。";
    let page = Page::new("报表减负", lead).kind("overview");
    Reply::view("oversight/burden/show.html", page, &view)
}

fn months(load: &Load, units: &[rules::Unit<'_>]) -> Vec<Month> {
    let sums = rules::by_month(&load.forms, &load.filled);
    let most = sums.iter().copied().max().unwrap_or(0).max(1);
    let line = |(at, key): (usize, &String)| {
        let sum = sums.get(at).copied().unwrap_or(0);
        let busy =
            units.iter().filter(|unit| unit.minutes.get(at).is_some_and(|sum| *sum > 0)).count() as i64;
        let href = format!("/burden/units?month={key}");
        Month {
            text: month_text(key),
            minutes: minutes(sum, &href, "合计"),
            each: minutes(sum / busy.max(1), &href, "有登记的单位平均"),
            bar: sum * 100 / most,
            key: key.clone(),
        }
    };
    load.months.iter().enumerate().rev().map(line).collect()
}

fn forms(load: &Load, today: Date) -> Vec<FormLine> {
    let times = rules::times_by_form(&load.forms, &load.filled, None);
    let line = |(at, form): (usize, &jiedui_programme::FormEntry)| {
        let link = form_link(load, at);
        let often = times.get(at).copied().unwrap_or(0);
        let each = i64::from(form.minutes);
        let number =
            |value: i64, unit: Unit, label: &str| Figure::of(Reported::Value(value), unit, &link.href, label);
        let fields = form.fields.iter().filter(|field| field.asked_on(today)).count() as i64;
        FormLine {
            kind: form.kind.label(),
            by: form.filled_by.iter().map(|side| side.label()).collect::<Vec<_>>().join("、"),
            often: form.frequency.label(),
            fields: number(fields, Unit::Items, "栏目"),
            minutes: minutes(each, &link.href, "填一次"),
            times: number(often, Unit::Times, "近十二个月填了"),
            sum: minutes(often * each, &link.href, "近十二个月合计"),
            form: link,
        }
    };
    load.forms.iter().enumerate().map(line).collect()
}

fn over_line(load: &Load, one: &rules::Over) -> OverLine {
    let key = load.months.get(one.month).cloned().unwrap_or_default();
    let href = format!("/burden/units/{}?month={key}", one.org);
    OverLine {
        unit: Link::new(&href, load.name(&one.org)),
        text: month_text(&key),
        key,
        minutes: minutes(one.minutes, &href, "这个月的填报成本"),
        most: form_link(load, one.most),
    }
}

fn twice(load: &Load, today: Date) -> Vec<TwiceLine> {
    let line = |one: rules::Twice| TwiceLine {
        label: one.label,
        unit: one.unit,
        forms: one.forms.into_iter().map(|at| form_link(load, at)).collect(),
    };
    rules::asked_twice(&load.forms, today).into_iter().map(line).collect()
}

fn sunsets(load: &Load, today: Date) -> Vec<Sunset> {
    let named = |(form, place): &(usize, usize)| {
        let field = load.forms.get(*form)?.fields.get(*place)?;
        Some((form_link(load, *form), field.label.clone()))
    };
    let line = |(day, all): (Date, Vec<(usize, usize)>)| Sunset {
        day,
        passed: day < today,
        count: Figure::of(
            Reported::Value(all.len() as i64),
            Unit::Items,
            format!("/forms?until={day}"),
            "到期的栏目",
        ),
        fields: if all.len() > NAMED { Vec::new() } else { all.iter().filter_map(named).collect() },
    };
    rules::sunsets(&load.forms).into_iter().map(line).collect()
}

#[derive(Serialize)]
struct UnitsView {
    #[serde(flatten)]
    list: Listed<UnitLine>,
    ceiling: Figure,
    key: String,
    text: String,
}

#[derive(Serialize)]
struct UnitLine {
    unit: Link,
    kind: &'static str,
    place: String,
    month: Figure,
    most: Figure,
    most_key: String,
    most_text: String,
    over: bool,
}

/// The units visible to the caller that filled anything in, in the order of names: no ranking.
pub async fn units(ctx: &mut RequestContext) -> Result<Reply> {
    let load = load::read(ctx).await?;
    let ceiling = i64::from(ctx.programme().burden.ceiling_minutes);
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let months = load.months.iter().rev().map(|key| Choice::new(key, month_text(key))).collect();
    let mut list = Listing::at("/burden/units", Unit::Items, &ctx.query);
    let (q, city) = (list.text("q", "单位名称"), list.choice("city", "所在市", cities));
    let month = load.month(&list.choice_or("本月", "month", "月份", months));
    let only = list.choice("over", "上限", vec![Choice::new("yes", "只看超过上限的")]) == "yes";
    let mut units = rules::by_unit(&load.forms, &load.filled, &load.orgs);
    units.retain(|unit| {
        (!only || unit.minutes.iter().any(|sum| *sum > ceiling))
            && unit.org.name.contains(&q)
            && (city.is_empty() || registry::city_of(&unit.org.division) == city)
    });
    let key = load.months.get(month).cloned().unwrap_or_default();
    // With the minutes of the month that is looked at.
    let units: Vec<(rules::Unit<'_>, i64)> = units
        .into_iter()
        .map(|unit| {
            let minutes = unit.minutes.get(month).copied().unwrap_or(0);
            (unit, minutes)
        })
        .collect();
    let line = |(unit, in_month): (rules::Unit<'_>, i64)| {
        let (at, most) = unit.most();
        let most_key = load.months.get(at).cloned().unwrap_or_default();
        let href = format!("/burden/units/{}", unit.org.id);
        UnitLine {
            kind: if unit.org.kind == "school" { "院校" } else { "机构" },
            place: unit.org.place.clone(),
            month: minutes(in_month, format!("{href}?month={key}"), "这个月"),
            most: minutes(most, format!("{href}?month={most_key}"), "最多的一个月"),
            most_text: month_text(&most_key),
            most_key,
            over: most > ceiling,
            unit: Link::new(href, &unit.org.name),
        }
    };
    let orders = Orders {
        by: &[
            ("unit", |(unit, _): &(rules::Unit<'_>, i64)| Some(unit.org.sort_key.as_str().into())),
            ("kind", |(unit, _)| Some(unit.org.kind.as_str().into())),
            ("place", |(unit, _)| Some(unit.org.division.as_str().into())),
            ("month", |(_, in_month)| Some((*in_month).into())),
            ("peak", |(unit, _)| Some(unit.most().1.into())),
        ],
        unsorted: &["note"],
    };
    let view = UnitsView {
        list: list.arrange(units, &orders).map(line),
        ceiling: minutes(ceiling, "/burden", "每个单位每月的上限"),
        text: month_text(&key),
        key,
    };
    let lead = "近十二个月登记过的单位，按区划和名称排，不排名次。超过上限是要求太多，不是单位的问题。";
    let page = Page::new("各单位的报表减负", lead).back("/burden", "报表减负").kind("list");
    Reply::view("oversight/burden/units.html", page, &view)
}

#[derive(Serialize)]
struct UnitView {
    months: Vec<UnitMonth>,
    forms: Vec<UnitForm>,
    key: String,
    text: String,
    sum: Figure,
    ceiling: Figure,
    over: bool,
}

#[derive(Serialize)]
struct UnitMonth {
    key: String,
    text: String,
    minutes: Figure,
    over: bool,
}

#[derive(Serialize)]
struct UnitForm {
    form: Link,
    times: Figure,
    each: Figure,
    sum: Figure,
}

/// One unit: each month, and in one of them what the minutes are made of.
pub async fn unit(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = registry::find(&mut ctx.tx, &id).await?;
    let (load, query) = (load::read(ctx).await?, ctx.query.clone());
    let ceiling = i64::from(ctx.programme().burden.ceiling_minutes);
    let month = load.month(query.get("month"));
    let mine: Vec<Filled> = load.filled.iter().filter(|one| one.org == id).cloned().collect();
    let sums = rules::by_month(&load.forms, &mine);
    let href = format!("/burden/units/{id}");
    let times = rules::times_by_form(&load.forms, &mine, Some(month));
    let form = |(at, times): (usize, &i64)| {
        let entry = load.forms.get(at).filter(|_| *times > 0)?;
        let (link, each) = (form_link(&load, at), i64::from(entry.minutes));
        Some(UnitForm {
            times: Figure::of(Reported::Value(*times), Unit::Times, &link.href, "填了"),
            each: minutes(each, &link.href, "填一次"),
            sum: minutes(times * each, &link.href, "合计"),
            form: link,
        })
    };
    let line = |(at, key): (usize, &String)| {
        let sum = sums.get(at).copied().unwrap_or(0);
        UnitMonth {
            text: month_text(key),
            minutes: minutes(sum, format!("{href}?month={key}"), "填报成本"),
            over: sum > ceiling,
            key: key.clone(),
        }
    };
    let key = load.months.get(month).cloned().unwrap_or_default();
    let sum = sums.get(month).copied().unwrap_or(0);
    let view = UnitView {
        months: load.months.iter().enumerate().rev().map(line).collect(),
        forms: times.iter().enumerate().filter_map(form).collect(),
        text: month_text(&key),
        sum: minutes(sum, format!("{href}?month={key}"), "这个月的填报成本").big(),
        key,
        ceiling: minutes(ceiling, "/burden", "每个单位每月的上限"),
        over: sum > ceiling,
    };
    let lead = "登记的填报成本乘以这个单位实际登记的次数；不统计人。";
    let page = Page::new(format!("{}的报表减负", org.name), lead)
        .back("/burden/units", "各单位的报表减负")
        .kind("detail");
    Reply::view("oversight/burden/unit.html", page, &view)
}
