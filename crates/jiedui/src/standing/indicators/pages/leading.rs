//! The targets as those who lead read them: the state of each, what it was the year before, and by name the schools that
//! decide the rest.

use super::super::{Facts, Slice, pair, tells};
use super::targets::{TargetLine, line_of_all, target_line};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::shared::papers::figure;
use chrono::Datelike as _;
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::{Aim, Indicator, IndicatorOf, Programme, Reading, Standing, standing};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use serde::Serialize;
use std::collections::BTreeSet;

/// So many schools are named; the rest is a number that opens.
const NAMED: usize = 3;

#[derive(Serialize)]
pub struct LeadingLine {
    #[serde(flatten)]
    line: TargetLine,
    /// The year before that by which it is judged, and its figure.
    before: Option<(i32, Figure)>,
    lacking: Option<Lacking>,
}

impl LeadingLine {
    /// The sentence that sets it, and that of what is counted for it.
    pub fn clauses(&self) -> [&str; 2] {
        [&self.line.clause, &self.line.counted].map(String::as_str)
    }

    /// What a file says of it: sentence, name, year, what is wanted, state, claimed, confirmed, the year before, what is
    /// lacking.
    pub fn told(&self) -> [String; 9] {
        let line = &self.line;
        let high = line.wanted_high.as_ref().map(|high| format!(" 至 {}", figure(high))).unwrap_or_default();
        let (claimed, confirmed) = match &line.measured {
            Some((claimed, confirmed)) => (figure(claimed), figure(confirmed)),
            None => ("还没有数据来源".to_owned(), String::new()),
        };
        let before = self.before.as_ref().map(|(year, of)| format!("{year}年 {}", figure(of)));
        let lacking = self.lacking.as_ref().map(|of| format!("{} {}", of.words, figure(&of.total)));
        [
            line.clause.clone(),
            line.name.clone(),
            format!("{}年", line.year),
            format!("{} {}{high}", line.aim, figure(&line.wanted)),
            line.state.label.to_owned(),
            claimed,
            confirmed,
            before.unwrap_or_default(),
            lacking.unwrap_or_default(),
        ]
    }
}

/// Schools of which the target still lacks something, in the order of names: where to look, and no ranking.
#[derive(Serialize)]
struct Lacking {
    words: &'static str,
    total: Figure,
    schools: Vec<Link>,
}

/// The indicators of which the facts must know everything before the lines are made.
pub fn measured(programme: &Programme) -> Vec<&Indicator> {
    let of_targets = programme.targets.iter().filter(|target| target.aim.measured());
    let mut seen = BTreeSet::new();
    let found = of_targets.filter_map(|target| programme.indicator(target.indicator.as_deref()?));
    found.filter(|of| seen.insert(of.id.as_str())).collect()
}

/// The targets in the order of their years: those without a number that ask for all schools, then those that are measured.
pub fn leading_lines(
    ctx: &RequestContext,
    programme: &Programme,
    facts: &Facts,
    within: &Slice,
) -> Vec<LeadingLine> {
    let all = programme.indicators.iter().filter_map(|of| Some((of, of.all_by?)));
    let all = all.map(|(of, year)| {
        let lacking = lacking_of_all(programme, of, facts, within);
        let line = line_of_all(programme, (of, year), (facts, within));
        (year, LeadingLine { line, before: None, lacking })
    });
    let numbered = programme.targets.iter().filter(|target| target.aim.measured()).map(|target| {
        let of = target.indicator.as_deref().and_then(|id| programme.indicator(id));
        let cut = within.in_year(target.year.min(facts.today.year()));
        let line = LeadingLine {
            line: target_line(ctx, programme, target, (facts, within)),
            before: of.and_then(|of| before(programme, of, facts, &cut)),
            lacking: of.and_then(|of| lacking(programme, (of, target.aim_on(facts.today)), facts, &cut)),
        };
        (target.year, line)
    });
    let mut lines: Vec<(i32, LeadingLine)> = all.chain(numbered).collect();
    lines.sort_by_key(|(year, _)| *year);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Those that stand in a state, by its word.
pub(super) fn in_state(lines: Vec<LeadingLine>, word: &str) -> Vec<TargetLine> {
    lines.into_iter().map(|line| line.line).filter(|line| line.state.label == word).collect()
}

/// How many of them stand in each state, in the order in which the states come. `within`: the part of the province of which all
/// are; none where they are not all of it, or not of now, and the list behind a number would be another.
pub fn target_sums(lines: &[LeadingLine], within: Option<&Slice>) -> Vec<(StateMark, Figure)> {
    let mut sums: Vec<(StateMark, i64)> = Vec::new();
    for state in lines.iter().map(|line| line.line.state) {
        match sums.iter_mut().find(|(known, _)| known.label == state.label) {
            Some((_, number)) => *number += 1,
            None => sums.push((state, 1)),
        }
    }
    let counted = |(state, number): (StateMark, i64)| {
        let href = within.map_or_else(|| "/targets".to_owned(), |within| listed(state, within));
        (state, Figure::of(Reported::Value(number), Unit::Items, href, state.label))
    };
    sums.into_iter().map(counted).collect()
}

/// Where the targets in a state are listed.
fn listed(state: StateMark, within: &Slice) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", state.label);
    for (name, value) in [("city", &within.city), ("typical", &within.typical)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("/targets?{}", query.finish())
}

/// None where nobody was paired yet, so that nobody told.
fn before(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Option<(i32, Figure)> {
    let first = facts.pairings.iter().map(|row| row.from_day.year()).min()?;
    let last = cut.in_year(cut.year - 1);
    let known = last.year >= first;
    known.then(|| (last.year, pair(of, &facts.reading(programme, of, &last), &last).1))
}

fn lacking_of_all(programme: &Programme, of: &Indicator, facts: &Facts, within: &Slice) -> Option<Lacking> {
    let cut = within.in_year(facts.today.year());
    let reading = facts.reading(programme, of, &cut);
    let there: BTreeSet<&str> = reading.rows.iter().map(|row| row.school.as_str()).collect();
    let missing = facts.schools_of(&cut).filter(|place| !there.contains(place.id.as_str()));
    let links = missing.map(|place| school_link(facts, &place.id, &place.name)).collect();
    let step = match of.of {
        IndicatorOf::Signed => "signed",
        IndicatorOf::Planned => "planned",
        _ => "paired",
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("lack", step);
    for (name, value) in [("city", &cut.city), ("typical", &cut.typical)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    named("还没有做到的院校", links, format!("/readiness?{}", query.finish()))
}

/// Where a school opens. A former partner sees the pairing that it had there, and the school no more.
fn school_link(facts: &Facts, id: &str, name: &str) -> Link {
    let own: Vec<&PairingRow> = facts.pairings.iter().filter(|row| row.county_school == id).collect();
    let runs = |row: &&&PairingRow| pairings::rules::runs(row.from_day, row.to_day, facts.today);
    match (own.iter().find(runs), own.last()) {
        (Some(row), _) | (None, Some(row)) => Link::new(format!("/pairings/{}", row.id), name),
        (None, None) => registry::link(id, name),
    }
}

/// What is not told, or not enough, of a figure that schools tell or by which they are judged. What grows month by month is
/// decided by those that the pace names.
fn lacking(
    programme: &Programme,
    (of, aim): (&Indicator, Aim),
    facts: &Facts,
    cut: &Slice,
) -> Option<Lacking> {
    let reading = facts.reading(programme, of, cut);
    if standing(aim, reading.confirmed) == Standing::Reached {
        return None;
    }
    let (words, there): (_, BTreeSet<String>) = match &of.of {
        IndicatorOf::Profile { .. } => {
            let told = tells(of, facts, &reading, cut);
            ("还没有确认数的院校", told.into_iter().map(str::to_owned).collect())
        }
        IndicatorOf::Ratio { .. } => {
            let wanted = aim.value().value().unwrap_or_default();
            ("还没有确认数，或低于目标的院校", enough(&reading, wanted))
        }
        IndicatorOf::Attained { .. } => {
            ("还没有达标的院校", reading.rows.iter().map(|row| row.school.clone()).collect())
        }
        _ => return None,
    };
    let missing = facts.schools_of(cut).filter(|place| !there.contains(&place.id));
    let links = missing.map(|place| school_link(facts, &place.id, &place.name)).collect();
    named(words, links, format!("/indicators/{}?{}", of.id, cut.query()))
}

/// The schools whose own share is no lower than what all together are to reach.
fn enough(reading: &Reading, wanted: i64) -> BTreeSet<String> {
    let [above, below] = reading.parts.as_slice() else { return BTreeSet::new() };
    let top =
        |school: &str| above.rows.iter().find(|row| row.school == school).map_or(0, |row| row.confirmed);
    let reaches = |school: &str, bottom: i64| {
        bottom > 0 && i128::from(top(school)) * 10_000 >= i128::from(wanted) * i128::from(bottom)
    };
    let found = below.rows.iter().filter(|row| reaches(&row.school, row.confirmed));
    found.map(|row| row.school.clone()).collect()
}

fn named(words: &'static str, mut schools: Vec<Link>, href: String) -> Option<Lacking> {
    let number = i64::try_from(schools.len()).unwrap_or(i64::MAX);
    schools.truncate(NAMED);
    let total = Figure::of(Reported::Value(number), Unit::Schools, href, words);
    (number > 0).then_some(Lacking { words, total, schools })
}
