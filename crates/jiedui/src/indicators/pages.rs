//! One indicator opened: definition, sentence of the plan, breakdown by city, county school, and the rows behind it.

use super::{Cut, Facts, figures};
use crate::http::cx::Cx;
use crate::http::figure::{Figure, PAGE_SIZE, Pager, StateMark};
use crate::http::reply::{Choice, Filter, Page, Reply};
use crate::ledger::{self, views::EntryLine};
use crate::pairings::PairingRow;
use crate::registry;
use jiedui_kernel::{Error, Known, Result, Unit};
use jiedui_programme::{Aim, Indicator, IndicatorOf, Programme, Reading, Standing, Target, standing};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

#[derive(Serialize)]
struct ShowView {
    name: String,
    definition: String,
    version: String,
    claimed: Figure,
    confirmed: Figure,
    /// Pairing indicators have one number, not a claimed and a confirmed one.
    single: bool,
    as_of: String,
    filters: Vec<Filter>,
    parts: Vec<Part>,
    parts_title: &'static str,
    rows: Vec<EntryLine>,
    pager: Pager,
    schools: Vec<SchoolLine>,
    targets: Vec<TargetLine>,
}

/// A city or a school in the breakdown.
#[derive(Serialize)]
struct Part {
    name: String,
    note: String,
    claimed: Figure,
    confirmed: Figure,
}

/// A county school counted by a pairing indicator.
#[derive(Serialize)]
struct SchoolLine {
    href: String,
    name: String,
    city: String,
    agreed_on: Option<String>,
    one: Figure,
}

#[derive(Serialize)]
pub struct TargetLine {
    name: String,
    clause: String,
    year: i32,
    aim: &'static str,
    wanted: Figure,
    wanted_high: Option<Figure>,
    measured: Option<(Figure, Figure)>,
    state: StateMark,
    basis: String,
}

pub async fn show(cx: &mut Cx) -> Result<Reply> {
    let programme = cx.programme();
    let id = cx.param("id");
    let of = programme.indicators.iter().find(|indicator| indicator.id == id).ok_or(Error::NotFound)?;
    let cut = Cut::of(&cx.query, cx.today);
    let facts = Facts::read(&mut cx.tx).await?;
    let reading = facts.reading(&programme, of, &cut).ok_or(Error::NotFound)?;
    let (claimed, confirmed) = figures(of, Some(&reading), &cut);
    let single = !matches!(of.of, IndicatorOf::Entries { .. });
    let here = format!("/indicators/{id}");
    let pager = Pager::new(&here, &cx.query, reading.rows.len() as i64, Unit::Entries);
    let skip = usize::try_from(pager.offset()).unwrap_or(0);
    // Newest first, a page at a time; a pairing indicator lists its schools whole.
    let ids: Vec<String> =
        reading.rows.iter().rev().skip(skip).take(PAGE_SIZE as usize).map(|row| row.id.clone()).collect();
    let rows = if single { Vec::new() } else { ledger::rows_of(&mut cx.tx, &ids).await? };
    let (parts_title, parts) = parts(&programme, of, &facts, &cut);
    let view = ShowView {
        name: of.name.clone(),
        definition: of.definition.clone(),
        version: format!("第{}版", chinese(of.version)),
        claimed: claimed.big(),
        confirmed: confirmed.big(),
        single,
        as_of: cut.as_of(cx.today).to_string(),
        filters: filters(&facts, &cut),
        parts,
        parts_title,
        rows: rows.iter().map(|row| ledger::views::line(&programme, row)).collect(),
        pager,
        schools: if single { school_lines(of, &facts, &reading, &cut) } else { Vec::new() },
        targets: programme
            .targets
            .iter()
            .filter(|target| target.indicator.as_deref() == Some(of.id.as_str()))
            .map(|target| target_line(&programme, target, &facts, cx.today))
            .collect(),
    };
    let page = Page::new(of.name.clone(), "这个数从哪里来：口径、分布和逐条记录。")
        .clause(of.clause.clone())
        .back("/overview", "全局概览")
        .kind("detail");
    Reply::view("indicators/show.html", page, &view)
}

/// Version numbers in words: a digit on a page is a figure, and this is none.
fn chinese(number: u32) -> String {
    const WORDS: [&str; 11] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    WORDS.get(number as usize).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

fn filters(facts: &Facts, cut: &Cut) -> Vec<Filter> {
    use chrono::Datelike as _;
    let first = facts.pairings.iter().map(|row| row.from_day.year()).min().unwrap_or(cut.year);
    let years: Vec<Choice> = (first..=facts.today.year())
        .rev()
        .map(|year| Choice::new(year.to_string(), format!("{year}年")))
        .collect();
    let mut cities: Vec<(&str, &str)> =
        facts.pairings.iter().map(|row| (row.city_code.as_str(), row.city.as_str())).collect();
    cities.sort_unstable();
    cities.dedup();
    let cities = cities.into_iter().map(|(_, city)| Choice::new(city, city)).collect();
    let mut filters = vec![
        Filter::select("year", "年度", &cut.year.to_string(), years).blank("本年度"),
        Filter::select("city", "所在市", &cut.city, cities),
        Filter::select("typical", "典型县", &cut.typical, registry::typical_choices()),
    ];
    if !cut.school.is_empty() {
        filters.push(Filter::hidden("school", &cut.school));
    }
    filters
}

/// One level down: cities of the whole, schools of a city, nothing below a school.
fn parts(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Cut) -> (&'static str, Vec<Part>) {
    if !cut.school.is_empty() {
        return ("", Vec::new());
    }
    let by_school =
        !cut.city.is_empty() || facts.pairings.iter().map(|row| &row.city).collect::<HashSet<_>>().len() == 1;
    let mut below: BTreeMap<(String, String), (String, Cut)> = BTreeMap::new();
    for row in facts.pairings.iter().filter(|row| cut.holds(row)) {
        let mut inner = cut.clone();
        let (name, note) = if by_school {
            inner.school = row.county_school.clone();
            (row.county_name.clone(), row.typical_class.clone())
        } else {
            inner.city = row.city.clone();
            (row.city.clone(), String::new())
        };
        below.entry((row.city_code.clone(), name)).or_insert((note, inner));
    }
    let parts = below
        .into_iter()
        .map(|((_, name), (note, inner))| {
            let reading = facts.reading(programme, of, &inner);
            let (claimed, confirmed) = figures(of, reading.as_ref(), &inner);
            Part { name, note, claimed, confirmed }
        })
        .collect();
    (if by_school { "分院校" } else { "分市" }, parts)
}

fn school_lines(of: &Indicator, facts: &Facts, reading: &Reading, cut: &Cut) -> Vec<SchoolLine> {
    let on = cut.as_of(facts.today);
    let running = |row: &&PairingRow| crate::pairings::rules::runs(row.from_day, row.to_day, on);
    facts
        .pairings
        .iter()
        .filter(running)
        .filter(|row| reading.rows.iter().any(|counted| counted.id == row.county_school))
        .map(|row| SchoolLine {
            href: format!("/pairings/{}", row.id),
            name: row.county_name.clone(),
            city: row.city.clone(),
            agreed_on: row.agreed_on.map(|day| day.to_string()),
            one: Figure::of(Known::Value(1), of.unit, format!("/pairings/{}", row.id), "计一所"),
        })
        .collect()
}

#[derive(Serialize)]
struct TargetsView {
    targets: Vec<TargetLine>,
    indicators: Vec<IndicatorLine>,
}

#[derive(Serialize)]
struct IndicatorLine {
    name: String,
    clause: String,
    definition: String,
    claimed: Figure,
    confirmed: Figure,
    single: bool,
}

pub async fn targets(cx: &mut Cx) -> Result<Reply> {
    use chrono::Datelike as _;
    let programme = cx.programme();
    let facts = Facts::read(&mut cx.tx).await?;
    let cut = Cut::year(cx.today.year());
    let indicators = programme
        .indicators
        .iter()
        .map(|of| {
            let reading = facts.reading(&programme, of, &cut);
            let (claimed, confirmed) = figures(of, reading.as_ref(), &cut);
            let single = !matches!(of.of, IndicatorOf::Entries { .. });
            IndicatorLine {
                name: of.name.clone(),
                clause: of.clause.clone(),
                definition: of.definition.clone(),
                claimed,
                confirmed,
                single,
            }
        })
        .collect();
    let targets =
        programme.targets.iter().map(|target| target_line(&programme, target, &facts, cx.today)).collect();
    let view = TargetsView { targets, indicators };
    let page = Page::new(
        "目标与指标",
        "方案提出的目标，和现在能够计量的指标；没有下达的、还没有数据的，各按其实写明。",
    )
    .clause("G2.2")
    .clause("G3.2")
    .kind("overview");
    Reply::view("indicators/targets.html", page, &view)
}

pub fn target_line(
    programme: &Programme,
    target: &Target,
    facts: &Facts,
    today: jiedui_kernel::Date,
) -> TargetLine {
    use chrono::Datelike as _;
    let of = target.indicator.as_deref().and_then(|id| programme.indicators.iter().find(|one| one.id == id));
    let cut = Cut::year(target.year.min(today.year()));
    let reading = of.and_then(|of| facts.reading(programme, of, &cut));
    let measured = of.map(|of| figures(of, reading.as_ref(), &cut));
    let figure = |value: Known<i64>| {
        Figure::of(
            value,
            target.unit,
            format!("/clauses/{}", target.clause),
            format!("{}的目标", target.name),
        )
    };
    let known = reading.as_ref().map_or(Known::NotReported, |reading| reading.confirmed);
    TargetLine {
        name: target.name.clone(),
        clause: target.clause.clone(),
        year: target.year,
        aim: match target.aim {
            Aim::AtLeast { .. } => "不少于",
            Aim::About { .. } => "约",
            Aim::Range { .. } => "区间",
            Aim::NotIssued => "",
            Aim::NoMeasure => "不设数量",
        },
        wanted: figure(target.aim.value()),
        wanted_high: match target.aim {
            Aim::Range { high, .. } => Some(figure(Known::Value(high))),
            _ => None,
        },
        measured,
        state: standing_mark(standing(target.aim, known)),
        basis: target.basis.clone(),
    }
}

fn standing_mark(standing: Standing) -> StateMark {
    match standing {
        Standing::Reached => StateMark::new("reached", "已达到", "●"),
        Standing::NotYet => StateMark::new("active", "还未达到", "◐"),
        Standing::NoVerdict => StateMark::new("none", "约数，不判定", "–"),
        Standing::NotIssued => StateMark::new("not_issued", "未下达", "–"),
        Standing::NotReported => StateMark::new("unknown", "还没有数据", "?"),
    }
}
