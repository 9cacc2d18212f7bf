//! One indicator opened: definition, sentence of the plan, breakdowns, months, what was reported, and the rows behind it.

use super::super::Facts;
use super::super::Slice;
use super::super::is_state;
use super::super::pair;
use super::super::rules::slice::chinese_month;
use super::parts::{self, BY_PLACE, Month, Part, View};
use super::remarks::{self, Remarks};
use super::reported::{self, AsOf};
use super::shares::{self, Coverage, Divided, ShareLine};
use super::targets::{TargetLine, target_line};
use crate::evidence::ledger::{self, EntryLine};
use crate::evidence::outputs;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::shared::contributions::{self, FigureRow, month_of};
use crate::shared::settled::{self, Settled};
use jiedui_kernel::{Error, FieldError, Reported, Result, Unit};
use jiedui_programme::{Indicator, IndicatorOf, Programme, Reading, counts_schools};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{Around, Listing};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct ShowView {
    name: String,
    definition: String,
    version: String,
    /// A word of the plan that nobody has defined yet.
    undefined: Option<StateMark>,
    claimed: Figure,
    confirmed: Figure,
    /// States of schools have one number, not a claimed and a confirmed one.
    single: bool,
    as_of: String,
    /// Where its months stand: accepted, or still to change.
    settled: Option<Settled>,
    #[serde(flatten)]
    around: Around,
    /// The parts of the cut that no filter shows, each to be taken off.
    narrowed: Vec<Narrowed>,
    views: Vec<View>,
    parts: Vec<Part>,
    months: Vec<Month>,
    trend: Option<PictureView>,
    /// How many schools told, claimed and confirmed, and how many there are.
    coverage: Coverage,
    /// Of a ratio: what is divided, and by what, and the schools that told both.
    divided: Vec<Divided>,
    shares: Vec<ShareLine>,
    reported: Option<AsOf>,
    entries: bool,
    rows: Vec<EntryLine>,
    resources: Vec<ThingLine>,
    schools: Vec<SchoolLine>,
    targets: Vec<TargetLine>,
    remarks: Option<Remarks>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Narrowed {
    label: &'static str,
    name: String,
    off: String,
}

/// An output or a year-profile behind a figure; or a school, where the rows are persons.
#[derive(Serialize)]
struct ThingLine {
    name: String,
    /// Of an output, beside its title.
    kind: Option<String>,
    href: String,
    school: String,
    /// What is counted by school has no day of its own.
    day: Option<String>,
    claimed: Figure,
    confirmed: Figure,
}

/// A county school counted by how it stands.
#[derive(Serialize)]
struct SchoolLine {
    href: String,
    name: String,
    city: String,
    by_pairing: bool,
    agreed_on: Option<String>,
    one: Figure,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

pub async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let id = ctx.param("id");
    let of = programme.indicator(&id).ok_or(Error::NotFound)?;
    let mut facts = Facts::about(&mut ctx.tx, &programme, &[of], None).await?;
    let (list, cut) = asked(ctx, &mut facts, of);
    let reading = facts.reading(&programme, of, &cut);
    let (claimed, confirmed) = pair(of, &reading, &cut);
    let by = match ctx.query.get("by") {
        "" => BY_PLACE,
        other => other,
    }
    .to_owned();
    let reported = reported::reported(ctx, &programme, of, &facts, &cut, &list).await?;
    let behind = match &reported {
        Some(AsOf { then: Some(then), .. }) => {
            DrillDown { around: then.around(&list), ..DrillDown::default() }
        }
        _ => behind(ctx, &programme, of, &facts, &reading, &cut, list).await?,
    };
    let remarks = remarks::at(ctx, of, &facts, &cut, &errors).await?;
    let months = parts::months(of, &facts, &cut);
    let view = ShowView {
        name: of.name.clone(),
        definition: of.definition.clone(),
        version: format!("第{}版", chinese(of.version)),
        undefined: parts::undefined(&programme, of),
        claimed: claimed.big(),
        confirmed: confirmed.big(),
        single: is_state(of),
        as_of: cut.as_of(facts.today).to_string(),
        settled: settled_in(ctx, &cut, !months.is_empty()).await?,
        around: behind.around,
        narrowed: narrowed(&programme, of, &facts, &cut),
        views: parts::views(of, &cut, &by),
        parts: parts::parts(&programme, of, &facts, &cut, &by),
        trend: parts::trend(of, &facts, &cut, &months),
        months,
        coverage: shares::coverage(of, &facts, &reading, &cut),
        divided: shares::divided(&programme, of, &reading, &cut),
        shares: shares::lines(&programme, of, &facts, &reading, &cut),
        reported,
        entries: matches!(of.of, IndicatorOf::Entries { .. }),
        rows: behind.entries,
        resources: behind.resources,
        schools: behind.schools,
        targets: targets(ctx, &programme, of, &facts),
        remarks,
        errors,
    };
    let page = Page::new(of.name.clone(), "这个数从哪里来：统计口径、分布、逐月变化和逐条记录。")
        .clause(of.clause.clone())
        .back("/targets", "目标与指标")
        .kind("detail");
    Reply::view("standing/indicators/show.html", page, &view)
}

/// The targets that go by it.
fn targets(ctx: &RequestContext, programme: &Programme, of: &Indicator, facts: &Facts) -> Vec<TargetLine> {
    let its = programme.targets.iter().filter(|target| target.indicator.as_deref() == Some(of.id.as_str()));
    its.map(|target| target_line(ctx, programme, target, (facts, &Slice::default()))).collect()
}

/// What is said of the months of the cut, or of those of its year where they are told apart.
async fn settled_in(ctx: &mut RequestContext, cut: &Slice, by_month: bool) -> Result<Option<Settled>> {
    let of_year = by_month.then(|| (i64::from(cut.year) * 100 + 12).min(month_of(ctx.today)));
    match cut.months().map(|(_, last)| last).or(of_year) {
        Some(last) => settled::until(ctx, last).await,
        None => Ok(None),
    }
}

/// Version numbers in words: a digit on a page is a figure, and this is none.
fn chinese(number: u32) -> String {
    const WORDS: [&str; 11] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    WORDS.get(number as usize).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// What the address asks for: which rows, and what the figure is about. What follows from dated facts is read for the day that is
/// asked for; of the rest the page tells what was reported then.
fn asked(ctx: &RequestContext, facts: &mut Facts, of: &Indicator) -> (Listing, Slice) {
    use chrono::Datelike as _;
    let mut cut = Slice::of(&ctx.query, facts.today);
    let first = facts.pairings.iter().map(|row| row.from_day.year()).min().unwrap_or(cut.year);
    let mut years: Vec<i32> = (first..=facts.today.year()).rev().collect();
    if !years.contains(&cut.year) {
        years.insert(0, cut.year);
    }
    let years = years.into_iter().map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect();
    let counted = facts.places.iter().filter(|place| facts.knows_school(place));
    let mut cities: Vec<(&str, &str)> =
        counted.map(|place| (place.city_code.as_str(), place.city.as_str())).collect();
    cities.sort_unstable();
    cities.dedup();
    let cities = cities.into_iter().map(|(_, city)| Choice::new(city, city)).collect();
    let mut list = Listing::at(format!("/indicators/{}", of.id), Unit::Entries, &ctx.query);
    list.passes(&["month", "until", "by", "asof"]);
    list.choice_or("本年度", "year", "年度", years);
    cut.city = list.choice("city", "所在市", cities);
    cut.typical = list.choice("typical", "典型县", registry::typical_choices());
    cut.county = list.word("county", |code| facts.places.iter().any(|place| place.county_code == code));
    cut.school = list.word("school", |school| facts.place(school).is_some());
    cut.pairing = list.word("pairing", |id| facts.pairings.iter().any(|row| row.id == id));
    let programme = ctx.programme();
    cut.kind = list.word("kind", |kind| parts::knows_kind(&programme, kind));
    let day = ctx.query.date("asof").filter(|day| is_state(of) && *day <= facts.today);
    facts.today = day.unwrap_or(facts.today);
    (list, cut)
}

fn narrowed(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Vec<Narrowed> {
    let off = |cut: Slice| format!("/indicators/{}?{}", of.id, cut.query());
    let mut found = Vec::new();
    if let Some(place) =
        facts.places.iter().find(|place| !cut.county.is_empty() && place.county_code == cut.county)
    {
        let off = off(Slice { county: String::new(), ..cut.clone() });
        found.push(Narrowed { label: "县（市、区）", name: place.county.clone(), off });
    }
    if let Some(place) = facts.place(&cut.school) {
        let off = off(Slice { school: String::new(), ..cut.clone() });
        found.push(Narrowed { label: "院校", name: place.name.clone(), off });
    }
    if let Some(row) = facts.pairings.iter().find(|row| row.id == cut.pairing) {
        let off = off(Slice { pairing: String::new(), ..cut.clone() });
        let name = format!("{}、{}帮扶{}", row.lead_name, row.nearby_name, row.county_name);
        found.push(Narrowed { label: "结对", name, off });
    }
    if !cut.kind.is_empty() {
        let off = off(Slice { kind: String::new(), ..cut.clone() });
        found.push(Narrowed { label: "事项", name: parts::kind_name(programme, &cut.kind), off });
    }
    if cut.month != 0 {
        let off = off(Slice { month: 0, until: 0, ..cut.clone() });
        let name = match cut.until {
            0 => chinese_month(cut.month),
            last => format!("{}至{}", chinese_month(cut.month), chinese_month(last)),
        };
        found.push(Narrowed { label: "月份", name, off });
    }
    found
}

/// The rows behind the figure, a page at a time, and what the page draws around them.
#[derive(Default)]
struct DrillDown {
    entries: Vec<EntryLine>,
    resources: Vec<ThingLine>,
    schools: Vec<SchoolLine>,
    around: Around,
}

async fn behind(
    ctx: &mut RequestContext,
    programme: &Programme,
    of: &Indicator,
    facts: &Facts,
    reading: &Reading,
    cut: &Slice,
    list: Listing,
) -> Result<DrillDown> {
    if is_state(of) {
        let schools = school_lines(of, facts, reading, cut);
        return Ok(DrillDown { schools, around: list.around(), ..DrillDown::default() });
    }
    if matches!(of.of, IndicatorOf::Covered { .. }) || counts_schools(of) {
        let resources = covered(of, facts, reading);
        return Ok(DrillDown { resources, around: list.around(), ..DrillDown::default() });
    }
    let Some(which) = reported::which(of, cut, ctx.today) else {
        return Ok(DrillDown { around: list.around(), ..DrillDown::default() });
    };
    let call = contributions::behind(&which, &ctx.actor.scope);
    let found = list.fetch::<FigureRow>(&mut ctx.tx, &call).await?;
    let (rows, around) = (found.rows, found.around);
    let figure =
        |value: i64, href: &str, label: &str| Figure::of(Reported::Value(value), of.unit, href, label);
    if matches!(of.of, IndicatorOf::Entries { .. }) {
        let ids: Vec<String> = rows.iter().map(|row| row.resource.clone()).collect();
        let amounts: HashMap<&str, (i64, i64)> =
            rows.iter().map(|row| (row.resource.as_str(), (row.claimed, row.confirmed))).collect();
        let mut lines: Vec<EntryLine> = ledger::rows_of(&mut ctx.tx, &ids)
            .await?
            .iter()
            .map(|row| ledger::line(&mut ctx.names, programme, row))
            .collect();
        // What it counts of an entry may be one of its fields.
        for line in &mut lines {
            let (claimed, confirmed) = amounts.get(line.id.as_str()).copied().unwrap_or_default();
            line.claimed = figure(claimed, &line.href, "登记数");
            line.confirmed = figure(confirmed, &line.href, "确认数");
        }
        return Ok(DrillDown { entries: lines, around, ..DrillDown::default() });
    }
    let mut titles = outputs::titles(&mut ctx.tx, rows.iter().map(|row| row.resource.as_str())).await?;
    let resources = rows.iter().map(|row| {
        let href = reported::href(programme, &row.kind, &row.resource, &row.school, row.day);
        let (kind, title) = (parts::kind_name(programme, &row.kind), titles.remove(&row.resource));
        ThingLine {
            kind: title.is_some().then(|| kind.clone()),
            name: title.unwrap_or(kind),
            school: row.school_name.clone(),
            day: Some(row.day.to_string()),
            claimed: figure(row.claimed, &href, "登记数"),
            confirmed: figure(row.confirmed, &href, "确认数"),
            href,
        }
    });
    Ok(DrillDown { resources: resources.collect(), around, ..DrillDown::default() })
}

/// Persons, and what is counted in schools, are counted by school; who the persons are stands in the entries, for those who may see them.
fn covered(of: &Indicator, facts: &Facts, reading: &Reading) -> Vec<ThingLine> {
    let line = |row: &jiedui_programme::Row| {
        let place = facts.place(&row.school)?;
        let href = match of.of {
            IndicatorOf::Outputs { .. } => format!("/outputs?school={}", row.school),
            _ => format!("/registry/{}", row.school),
        };
        let figure = |value, label: &str| Figure::of(Reported::Value(value), of.unit, &href, label);
        Some(ThingLine {
            name: place.name.clone(),
            kind: None,
            school: place.city.clone(),
            day: None,
            claimed: figure(row.claimed, "登记数"),
            confirmed: figure(row.confirmed, "确认数"),
            href: href.clone(),
        })
    };
    reading.rows.iter().filter_map(line).collect()
}

fn school_lines(of: &Indicator, facts: &Facts, reading: &Reading, cut: &Slice) -> Vec<SchoolLine> {
    let on = cut.as_of(facts.today);
    let running = |row: &&PairingRow| crate::network::pairings::rules::runs(row.from_day, row.to_day, on);
    let pairing_of: HashMap<&str, &PairingRow> =
        facts.pairings.iter().filter(running).map(|row| (row.county_school.as_str(), row)).collect();
    let by_pairing = !matches!(of.of, IndicatorOf::Attained { .. } | IndicatorOf::Level { .. });
    let line = |row: &jiedui_programme::Row| {
        let place = facts.place(&row.school)?;
        let pairing = pairing_of.get(row.school.as_str());
        let href = match (&of.of, pairing) {
            (IndicatorOf::Attained { .. }, _) => format!("/attainment/{}/gaps", row.school),
            (_, Some(pairing)) if by_pairing => format!("/pairings/{}", pairing.id),
            _ => format!("/registry/{}", row.school),
        };
        Some(SchoolLine {
            name: place.name.clone(),
            city: place.city.clone(),
            by_pairing,
            agreed_on: pairing.and_then(|pairing| pairing.agreed_on).map(|day| day.to_string()),
            one: Figure::of(Reported::Value(1), of.unit, &href, "计一所"),
            href,
        })
    };
    reading.rows.iter().filter_map(line).collect()
}
