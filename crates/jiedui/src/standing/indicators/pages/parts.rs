//! One level down: a figure cut by place, pairing, kind of thing, or typical county (G0.3), and month by month.

use super::super::Facts;
use super::super::Slice;
use super::super::is_state;
use super::super::pair;
use super::super::rules::slice::month_text;
use crate::network::registry;
use crate::shared::contributions::OrgLocation;
use chrono::Datelike as _;
use jiedui_kernel::Reported;
use jiedui_pictures::{Look, Mark, Picture, Series, Trend};
use jiedui_programme::{Indicator, IndicatorOf, PERSON, PROFILE, Programme};
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::picture::PictureView;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A line of the breakdown.
#[derive(Serialize)]
pub struct Part {
    name: String,
    note: String,
    clauses: Vec<String>,
    claimed: Figure,
    confirmed: Figure,
}

/// Whether what it counts goes by a word that has no published definition.
pub fn undefined(programme: &Programme, of: &Indicator) -> Option<StateMark> {
    let activity = |id: &String| programme.activity(id).is_some_and(|activity| !activity.definition_issued);
    let output = |id: &String| programme.output(id).is_some_and(|output| !output.definition_issued);
    let open = match &of.of {
        IndicatorOf::Entries { activity: ids, .. } | IndicatorOf::Covered { activity: ids } => {
            ids.iter().any(activity)
        }
        IndicatorOf::Outputs { output: ids, .. } => ids.iter().any(output),
        _ => false,
    };
    open.then(|| StateMark::new("not_issued", "定义未下达", "–"))
}

/// One way to cut a figure, as a link.
#[derive(Serialize)]
pub struct View {
    label: &'static str,
    href: String,
    active: bool,
}

pub const BY_PLACE: &str = "place";
const BY_PAIRING: &str = "pairing";
const BY_KIND: &str = "kind";
const BY_TYPICAL: &str = "typical";

/// The ways in which an indicator can be cut; none of them where there is only one.
pub fn views(of: &Indicator, cut: &Slice, by: &str) -> Vec<View> {
    let mut ways = vec![(BY_PLACE, "按地区和院校")];
    if matches!(of.of, IndicatorOf::Entries { .. }) {
        ways.push((BY_PAIRING, "按结对"));
    }
    let kinds = match &of.of {
        IndicatorOf::Entries { activity, .. } => activity.len(),
        IndicatorOf::Outputs { output, .. } => output.len(),
        _ => 0,
    };
    if kinds > 1 {
        ways.push((BY_KIND, "按事项"));
    }
    ways.push((BY_TYPICAL, "按是否典型县"));
    let known = ways.iter().any(|(key, _)| *key == by);
    let active = |key: &str| if known { key == by } else { key == BY_PLACE };
    ways.iter()
        .map(|(key, label)| View {
            label,
            href: format!("/indicators/{}?{}&by={key}", of.id, cut.query()),
            active: active(key),
        })
        .collect()
}

pub fn parts(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice, by: &str) -> Vec<Part> {
    match by {
        BY_PAIRING if matches!(of.of, IndicatorOf::Entries { .. }) => pairings(programme, of, facts, cut),
        BY_KIND => kinds(programme, of, facts, cut),
        BY_TYPICAL => typical(programme, of, facts, cut),
        _ => places(programme, of, facts, cut),
    }
}

fn part(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice, name: &str, note: &str) -> Part {
    let (claimed, confirmed) = pair(of, &facts.reading(programme, of, cut), cut);
    Part { name: name.to_owned(), note: note.to_owned(), clauses: Vec::new(), claimed, confirmed }
}

/// Cities, then counties where one has several schools, then schools.
fn places(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Vec<Part> {
    if !cut.school.is_empty() {
        return Vec::new();
    }
    let reading = facts.reading(programme, of, cut);
    let counted: BTreeSet<&str> = reading.rows.iter().map(|row| row.school.as_str()).collect();
    let paired: BTreeSet<&str> = facts.pairings_of(cut).map(|row| row.county_school.as_str()).collect();
    let belongs = |place: &&OrgLocation| {
        cut.holds(place)
            && (facts.knows_school(place)
                || counted.contains(place.id.as_str())
                || paired.contains(place.id.as_str()))
    };
    let found: Vec<&OrgLocation> = facts.places.iter().filter(belongs).collect();
    let cities: BTreeMap<&str, &str> =
        found.iter().map(|place| (place.city_code.as_str(), place.city.as_str())).collect();
    let counties: BTreeMap<&str, &str> =
        found.iter().map(|place| (place.county_code.as_str(), place.county.as_str())).collect();
    if cut.city.is_empty() && cities.len() > 1 {
        let inner = |name: &str| Slice { city: name.to_owned(), ..cut.clone() };
        return cities.values().map(|name| part(programme, of, facts, &inner(name), name, "")).collect();
    }
    if cut.county.is_empty() && counties.len() > 1 && counties.len() < found.len() {
        // A county lies in its city, and a school in its county.
        let inner = |code: &str| Slice { county: code.to_owned(), city: String::new(), ..cut.clone() };
        let one = |(code, name): (&&str, &&str)| part(programme, of, facts, &inner(code), name, "");
        return counties.iter().map(one).collect();
    }
    let one = |place: &&OrgLocation| {
        let inner = Slice {
            year: cut.year,
            month: cut.month,
            until: cut.until,
            school: place.id.clone(),
            pairing: cut.pairing.clone(),
            kind: cut.kind.clone(),
            ..Slice::default()
        };
        let mark = if place.typical_class.is_empty() { "" } else { "·典型县·" };
        let note = format!("{}{mark}{}", place.county, place.typical_class);
        part(programme, of, facts, &inner, &place.name, &note)
    };
    found.iter().map(one).collect()
}

fn pairings(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Vec<Part> {
    let named: BTreeSet<&str> = facts.cells(of).iter().filter_map(|cell| cell.pairing.as_deref()).collect();
    let rows = facts.pairings_of(cut).filter(|row| named.contains(row.id.as_str()));
    let all: Vec<Part> = rows
        .map(|row| {
            let inner = Slice { pairing: row.id.clone(), ..cut.clone() };
            let note = format!("牵头 {}，配合 {}", row.lead_name, row.nearby_name);
            part(programme, of, facts, &inner, &row.county_name, &note)
        })
        .collect();
    all.into_iter().filter(|part| part.claimed.raw != Some(0)).collect()
}

fn kinds(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Vec<Part> {
    let ids: &[String] = match &of.of {
        IndicatorOf::Entries { activity, .. } => activity,
        IndicatorOf::Outputs { output, .. } => output,
        _ => &[],
    };
    let one = |id: &String| {
        let inner = Slice { kind: id.clone(), ..cut.clone() };
        let mut part = part(programme, of, facts, &inner, &kind_name(programme, id), "");
        part.clauses = programme
            .activity(id)
            .map(|activity| activity.clauses.clone())
            .or_else(|| programme.output(id).map(|output| output.clauses.clone()))
            .unwrap_or_default();
        part
    };
    ids.iter().map(one).collect()
}

fn typical(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Vec<Part> {
    let choices = registry::typical_choices().into_iter();
    let kept = choices.filter(|choice| cut.typical.is_empty() || cut.typical == choice.value);
    let one = |choice: jiedui_web::reply::Choice| {
        let inner = Slice { typical: choice.value.clone(), ..cut.clone() };
        part(programme, of, facts, &inner, &choice.label, "")
    };
    kept.map(one).collect()
}

/// What a thing is called: the name of its activity or output.
pub fn knows_kind(programme: &Programme, kind: &str) -> bool {
    [PROFILE, PERSON].contains(&kind)
        || programme.activity(kind).is_some()
        || programme.output(kind).is_some()
}

pub fn kind_name(programme: &Programme, kind: &str) -> String {
    match kind {
        PROFILE => programme.profile.name.clone(),
        PERSON => "教师".to_owned(),
        _ => programme
            .activity(kind)
            .map(|activity| activity.name.clone())
            .or_else(|| programme.output(kind).map(|output| output.name.clone()))
            .unwrap_or_else(|| kind.to_owned()),
    }
}

/// One month of the year.
#[derive(Serialize)]
pub struct Month {
    /// 2026-03.
    value: String,
    text: String,
    claimed: Figure,
    confirmed: Figure,
}

/// The months of the year until today; none for what does not grow month by month.
pub fn months(of: &Indicator, facts: &Facts, cut: &Slice) -> Vec<Month> {
    if is_state(of)
        || matches!(of.of, IndicatorOf::Profile { .. } | IndicatorOf::Ratio { .. })
        || cut.month != 0
    {
        return Vec::new();
    }
    let last = cut.as_of(facts.today);
    if last.year() != cut.year {
        return Vec::new();
    }
    let month = |month: i64| {
        let inner = Slice { month: i64::from(cut.year) * 100 + month, ..cut.clone() };
        let (claimed, confirmed) = pair(of, &facts.of_cells(of, facts.cells(of), &inner), &inner);
        let text = format!("{}月", inner.month % 100);
        Month { value: month_text(inner.month), text, claimed, confirmed }
    };
    (1..=i64::from(last.month())).map(month).collect()
}

/// The same as a curve, beside what was confirmed in the year before; each month opens its rows.
pub fn trend(of: &Indicator, facts: &Facts, cut: &Slice, months: &[Month]) -> Option<PictureView> {
    if months.is_empty() {
        return None;
    }
    let mark = |figure: &Figure| {
        let value = figure.raw.map_or(Reported::NotReported, Reported::Value);
        Mark::new("", value).opens(figure.href.as_str())
    };
    let confirmed = |months: &[Month]| months.iter().map(|month| mark(&month.confirmed)).collect::<Vec<_>>();
    let year = |year: i32| format!("{year}年确认");
    let claimed = months.iter().map(|month| mark(&month.claimed)).collect();
    let before = self::months(of, facts, &Slice { year: cut.year - 1, ..cut.clone() });
    let trend = Trend::by_month("逐月", of.unit)
        .series(Series::new(year(cut.year), Look::Main, confirmed(months)))
        .series(Series::new("登记", Look::Path, claimed));
    let trend = if before.iter().any(|month| month.confirmed.raw.is_some_and(|value| value != 0)) {
        trend.series(Series::new(year(cut.year - 1), Look::Before, confirmed(&before)))
    } else {
        trend
    };
    Some(PictureView::new("months", &Picture::Trend(trend)))
}
