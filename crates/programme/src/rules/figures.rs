//! What each thing adds to each indicator, and how a figure is read from that.
//!
//! A thing (an entry, an output, a year-profile, a person) adds dated [`Contribution`]s. What a figure is about decides
//! only over which days they are added up ([`span`]): what happens is added within the window; what stands is added from
//! the beginning of time to the last day of the window, −1 where it stopped standing; year-profiles are those of the
//! year. So a figure can be kept up to date thing by thing, and read as a sum. Indicators that are states of schools or
//! pairings, and ratios, add nothing of their own.

use crate::became::{fits, holds};
use crate::facts::{FieldValue, OutputFact, PostSpan, Posts, ProfileFact, ProfileState, World};
use crate::model::{GivenBy, Indicator, IndicatorOf, Measure, Programme};
use crate::readings::{EntryFact, Reading, Repeated, Row};
use crate::rules::attained::attained;
use crate::rules::counts::counts;
use crate::rules::indicator::pairing_indicator;
use crate::rules::of_outputs::of_output;
use crate::rules::ratio::ratio;
use crate::rules::standards::with_derived;
use crate::rules::work::{confirmed, confirmed_days};
use crate::state::EntryState;
use chrono::Datelike;
use jiedui_kernel::{Date, Period, Unit};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What one thing adds to one indicator on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contribution {
    pub indicator: String,
    /// Id of the entry, output or profile; `person:<id>` of somebody who is covered.
    pub resource: String,
    /// The activity or output that it is; `profile` and `person` for the others.
    pub kind: String,
    /// The county school; of an output that belongs to none, the organisation that recorded it.
    pub school: String,
    /// The day that decides to which month it belongs.
    pub day: Date,
    pub claimed: i64,
    pub confirmed: i64,
}

/// What a year-profile and a person are called among the kinds.
pub const PROFILE: &str = "profile";
pub const PERSON: &str = "person";

/// The days over which contributions are added up for a window; `None` where an indicator has none.
pub fn span(of: &IndicatorOf, window: Period) -> Option<Period> {
    let beginning = Date::from_ymd_opt(1900, 1, 1)?;
    match of {
        IndicatorOf::Entries { .. } => Some(window),
        IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. } => {
            Period::new(beginning.min(window.to), window.to)
        }
        IndicatorOf::Profile { .. } => Period::year(window.to.year()),
        _ => None,
    }
}

/// What an entry adds. For a covered person this is what the entry alone would add; see [`covered_people`].
pub fn contributions_of_entry(programme: &Programme, fact: &EntryFact) -> Vec<Contribution> {
    of_entry(programme, programme.indicators.iter(), fact)
}

/// What an output adds: its amount on the day on which it begins to count, and the same less on the day on which it
/// stops.
pub fn contributions_of_output(programme: &Programme, fact: &OutputFact) -> Vec<Contribution> {
    of_output(programme, programme.indicators.iter(), fact)
}

/// What a year-profile adds: each element that it knows, on the day for which it speaks. Zero is a value.
pub fn contributions_of_profile(programme: &Programme, fact: &ProfileFact) -> Vec<Contribution> {
    of_profile(programme, programme.indicators.iter(), fact)
}

/// What everything adds: the full recomputation.
pub fn contributions(programme: &Programme, world: &World) -> Vec<Contribution> {
    let by_kind = by_kind(programme);
    let of = |kind: &str| by_kind.get(kind).into_iter().flatten().copied();
    gather(programme, world, of)
}

/// What some entries add. For covered people this is what each entry alone would add; see [`covered_people`].
pub(crate) fn contributions_of_entries(programme: &Programme, entries: &[EntryFact]) -> Vec<Contribution> {
    let by_kind = by_kind(programme);
    let of = |kind: &str| by_kind.get(kind).into_iter().flatten().copied();
    entries.iter().flat_map(|fact| of_entry(programme, of(&fact.activity), fact)).collect()
}

/// The indicators by the kinds of things that add to them.
fn by_kind(programme: &Programme) -> HashMap<&str, Vec<&Indicator>> {
    let mut by_kind: HashMap<&str, Vec<&Indicator>> = HashMap::new();
    for indicator in &programme.indicators {
        for kind in kinds(&indicator.of) {
            by_kind.entry(kind).or_default().push(indicator);
        }
    }
    by_kind
}

/// The indicator over the world in a window: claimed and confirmed, and the rows that add up to them.
pub fn evaluate(programme: &Programme, indicator: &Indicator, world: &World, window: Period) -> Reading {
    evaluated(programme, indicator, (world, window), &|one: &Indicator| {
        let wanted: BTreeSet<&str> = kinds(&one.of).into_iter().collect();
        let own = |kind: &str| wanted.contains(kind).then_some(one).into_iter();
        read(one, &gather(programme, world, own), window)
    })
}

/// The same where it is known already what things add: nothing of the world is looked at but schools, pairings and
/// year-profiles.
pub(crate) fn evaluate_added(
    programme: &Programme,
    indicator: &Indicator,
    (world, added): (&World, &[Contribution]),
    window: Period,
) -> Reading {
    evaluated(programme, indicator, (world, window), &|one: &Indicator| read(one, added, window))
}

/// `added` reads an indicator to which things add.
fn evaluated(
    programme: &Programme,
    indicator: &Indicator,
    (world, window): (&World, Period),
    added: &dyn Fn(&Indicator) -> Reading,
) -> Reading {
    match &indicator.of {
        IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned => {
            pairing_indicator(indicator, &world.pairings, window.to)
                .unwrap_or_else(|| Reading::unknown(indicator.unit))
        }
        IndicatorOf::Attained { standard } => {
            attained(programme, indicator.unit, standard.as_deref(), world, window.to)
        }
        IndicatorOf::Level { any } => {
            let held = world
                .schools
                .iter()
                .filter(|school| any.iter().any(|level| level == school.level_on(window.to)));
            schools(indicator.unit, held.map(|school| school.id.clone()).collect())
        }
        IndicatorOf::Ratio { numerator, denominator } => {
            match (programme.indicator(numerator), programme.indicator(denominator)) {
                (Some(above), Some(below)) => ratio(
                    indicator.unit,
                    above,
                    &evaluated(programme, above, (world, window), added),
                    &evaluated(programme, below, (world, window), added),
                ),
                _ => Reading::unknown(indicator.unit),
            }
        }
        _ => added(indicator),
    }
}

/// Adds up contributions to one indicator, one row for each thing.
pub fn read(indicator: &Indicator, found: &[Contribution], window: Period) -> Reading {
    let Some(span) = span(&indicator.of, window) else { return Reading::unknown(indicator.unit) };
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut order = Vec::new();
    for one in found.iter().filter(|one| one.indicator == indicator.id && span.contains(one.day)) {
        let row = rows.entry(&one.resource).or_insert_with(|| {
            order.push(one.resource.as_str());
            Row { id: one.resource.clone(), school: one.school.clone(), claimed: 0, confirmed: 0 }
        });
        row.claimed = row.claimed.saturating_add(one.claimed);
        row.confirmed = row.confirmed.saturating_add(one.confirmed);
    }
    let reported = matches!(indicator.of, IndicatorOf::Profile { .. });
    let rows = order.into_iter().filter_map(|resource| rows.remove(resource));
    // What stood and no longer stands is no row; a reported zero is one, and so is an entry of no quantity.
    let stands = |row: &Row| !is_standing(&indicator.of) || row.claimed != 0 || row.confirmed != 0;
    let rows: Vec<Row> = rows.filter(stands).collect();
    if reported && rows.is_empty() {
        return Reading::unknown(indicator.unit);
    }
    let reading = Reading::of_rows(indicator.unit, rows);
    if counts_schools(indicator) { distinct_schools(&reading) } else { reading }
}

/// Whether a school counts once, however many things of it stand: what is counted in 所.
pub fn counts_schools(indicator: &Indicator) -> bool {
    indicator.unit == Unit::Schools && matches!(indicator.of, IndicatorOf::Outputs { .. })
}

/// One row for each school that has any, counting one.
pub fn distinct_schools(reading: &Reading) -> Reading {
    let mut schools: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in &reading.rows {
        let held = schools.entry(&row.school).or_default();
        *held = (held.0.saturating_add(row.claimed), held.1.saturating_add(row.confirmed));
    }
    let once = |amount: i64| amount.clamp(0, 1);
    let row = |(school, (claimed, confirmed)): (&str, (i64, i64))| Row {
        id: school.to_owned(),
        school: school.to_owned(),
        claimed: once(claimed),
        confirmed: once(confirmed),
    };
    let rows = schools.into_iter().map(row).filter(|row| row.claimed > 0).collect();
    Reading::of_rows(reading.unit, rows)
}

fn is_standing(of: &IndicatorOf) -> bool {
    matches!(of, IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. })
}

/// A reading that counts schools, one row each.
pub(super) fn schools(unit: Unit, ids: Vec<String>) -> Reading {
    let row = |id: String| Row { school: id.clone(), id, claimed: 1, confirmed: 1 };
    Reading::of_rows(unit, ids.into_iter().map(row).collect())
}

/// Kinds of things that add to an indicator.
fn kinds(of: &IndicatorOf) -> Vec<&str> {
    match of {
        IndicatorOf::Entries { activity, .. } | IndicatorOf::Covered { activity } => {
            activity.iter().map(String::as_str).collect()
        }
        IndicatorOf::Outputs { output, .. } => output.iter().map(String::as_str).collect(),
        IndicatorOf::Profile { .. } => vec![PROFILE],
        _ => Vec::new(),
    }
}

fn gather<'p, I: Iterator<Item = &'p Indicator>>(
    programme: &Programme,
    world: &World,
    of: impl Fn(&str) -> I,
) -> Vec<Contribution> {
    let mut found = Vec::new();
    let mut people = Vec::new();
    for fact in &world.entries {
        for one in of_entry(programme, of(&fact.activity), fact) {
            if one.kind == PERSON { people.push(one) } else { found.push(one) }
        }
    }
    found.extend(world.outputs.iter().flat_map(|fact| of_output(programme, of(&fact.output), fact)));
    found.extend(world.profiles.iter().flat_map(|fact| of_profile(programme, of(PROFILE), fact)));
    found.extend(covered_people(people, &world.posts));
    found
}

pub(crate) fn of_entry<'p>(
    programme: &Programme,
    indicators: impl Iterator<Item = &'p Indicator>,
    fact: &EntryFact,
) -> Vec<Contribution> {
    let mut found = Vec::new();
    let mut counted = None;
    let became = programme.activity(&fact.activity).and_then(|activity| activity.became.as_ref());
    for indicator in indicators {
        let new = |resource: String, kind: &str, claimed, confirmed| Contribution {
            indicator: indicator.id.clone(),
            resource,
            kind: kind.to_owned(),
            school: fact.county_school.clone(),
            day: fact.period.to,
            claimed,
            confirmed,
        };
        let ours = |activity: &[String]| activity.contains(&fact.activity);
        match &indicator.of {
            IndicatorOf::Entries { activity, field, only, answered, given_by }
                if ours(activity)
                    && fits(only.as_ref(), became, &fact.fields)
                    && given_by.is_none_or(|by| (by == GivenBy::Helpers) != fact.helpers.is_empty())
                    && answered.iter().all(|field| fact.fields.contains_key(field)) =>
            {
                let mut amounts = amounts(programme, fact, field.as_deref().filter(|id| !holds(became, id)));
                if indicator.unit == Unit::Enterprises && fact.repeated.claimed > 0 {
                    amounts = once_each(amounts, fact.repeated);
                }
                if !amounts.is_empty() && *counted.get_or_insert_with(|| counts(programme, fact)) {
                    found.extend(amounts.into_iter().map(|(day, claimed, confirmed)| Contribution {
                        day,
                        ..new(fact.id.clone(), &fact.activity, claimed, confirmed)
                    }));
                }
            }
            IndicatorOf::Covered { activity }
                if ours(activity) && *counted.get_or_insert_with(|| counts(programme, fact)) =>
            {
                let sure = i64::from(fact.state == EntryState::Confirmed);
                let named: BTreeSet<&String> = fact.roster.iter().collect();
                let one = |person| new(format!("{PERSON}:{person}"), PERSON, 1, sure);
                found.extend(named.into_iter().map(one));
            }
            _ => {}
        }
    }
    found
}

/// What is claimed and confirmed, with the day to which it belongs: the last one of the entry; the days of a stay belong
/// to the months in which they lie.
fn amounts(programme: &Programme, fact: &EntryFact, field: Option<&str>) -> Vec<(Date, i64, i64)> {
    let whole = amount(fact, field).map(|(claimed, confirmed)| (fact.period.to, claimed, confirmed));
    let by_day = programme.activity(&fact.activity).is_some_and(|activity| activity.measure == Measure::Days);
    if field.is_some() || !by_day || fact.claimed != fact.period.days() {
        return whole.into_iter().collect();
    }
    // A part confirmation that does not say which days it is about: the first ones.
    let unplaced = fact.state == EntryState::Part && fact.disputed_days.is_none();
    let mut rest = confirmed(fact);
    let month = |part: Period| {
        let sure = if unplaced {
            rest.min(part.days())
        } else {
            confirmed_days(fact, part).into_iter().map(Period::days).sum()
        };
        rest -= sure;
        (part.to, part.days(), sure)
    };
    months(fact.period).into_iter().map(month).collect()
}

/// Without the enterprises that an earlier entry named; nothing where all of them were. What the earlier one only claims
/// is confirmed by this one where it is.
fn once_each(amounts: Vec<(Date, i64, i64)>, repeated: Repeated) -> Vec<(Date, i64, i64)> {
    let rest = |(day, claimed, confirmed): (Date, i64, i64)| {
        (day, (claimed - repeated.claimed).max(0), (confirmed - repeated.confirmed).max(0))
    };
    amounts.into_iter().map(rest).filter(|(_, claimed, confirmed)| *claimed > 0 || *confirmed > 0).collect()
}

/// The part of a period in each month, in order.
fn months(period: Period) -> Vec<Period> {
    let mut found = Vec::new();
    let mut from = period.from;
    while from <= period.to {
        let next = from.with_day(1).and_then(|first| first.checked_add_months(chrono::Months::new(1)));
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(period.to).min(period.to);
        found.extend(Period::new(from, last));
        let Some(after) = last.succ_opt() else { break };
        from = after;
    }
    found
}

/// What is claimed and confirmed of the quantity, or of a number field. A part confirmation says how much of the
/// quantity holds and nothing of the fields, so they wait for the correction. `None` where the field was left open.
fn amount(fact: &EntryFact, field: Option<&str>) -> Option<(i64, i64)> {
    let Some(field) = field else { return Some((fact.claimed, confirmed(fact))) };
    match fact.fields.get(field) {
        Some(FieldValue::Number(value)) => {
            Some((*value, if fact.state == EntryState::Confirmed { *value } else { 0 }))
        }
        _ => None,
    }
}

/// Each person once, on the days on which they are in post at the school: claimed from the first entry that names them,
/// confirmed from the first confirmed one. Whoever leaves counts no more from the day after. Of two entries on one day the
/// school that comes first in order has it, so that the answer does not depend on the order of the facts.
pub fn covered_people(found: Vec<Contribution>, posts: &Posts) -> Vec<Contribution> {
    let mut first: BTreeMap<(String, String), FirstNamed> = BTreeMap::new();
    for one in found.into_iter().filter(|one| one.claimed > 0) {
        let (place, sure) = ((one.day, one.school), (one.confirmed > 0).then_some(one.day));
        let held = first.entry((one.indicator, one.resource)).or_default();
        held.claimed = held.claimed.take().into_iter().chain([place]).min();
        held.confirmed = held.confirmed.into_iter().chain(sure).min();
    }
    let mut kept = Vec::with_capacity(first.len());
    for ((indicator, resource), named) in first {
        let Some((claimed, school)) = named.claimed else { continue };
        let spans = resource.strip_prefix(PERSON).and_then(|rest| posts.get(rest.trim_start_matches(':')));
        for (day, (claimed, confirmed)) in steps(claimed, named.confirmed, &school, spans) {
            kept.push(Contribution {
                indicator: indicator.clone(),
                resource: resource.clone(),
                kind: PERSON.to_owned(),
                school: school.clone(),
                day,
                claimed,
                confirmed,
            });
        }
    }
    kept
}

/// The first entry that names a person: its day with its school, and the day of the first that is confirmed.
#[derive(Default)]
struct FirstNamed {
    claimed: Option<(Date, String)>,
    confirmed: Option<Date>,
}

/// The days on which a person begins or ceases to count, and by how much.
fn steps(
    claimed: Date,
    confirmed: Option<Date>,
    school: &str,
    spans: Option<&Vec<PostSpan>>,
) -> Vec<(Date, (i64, i64))> {
    let spans = spans.filter(|spans| !spans.is_empty());
    let there: Vec<&PostSpan> = spans.into_iter().flatten().filter(|span| span.school == school).collect();
    let in_post = |day: Date| {
        let holds = |span: &&PostSpan| span.from <= day && span.to.is_none_or(|to| day <= to);
        spans.is_none() || there.iter().any(holds)
    };
    let turns = there.iter().flat_map(|span| [Some(span.from), span.to.and_then(|to| to.succ_opt())]);
    let days = turns.flatten().chain([claimed]).chain(confirmed).filter(|day| *day >= claimed);
    let mut steps = Vec::new();
    let mut held = (0, 0);
    for day in days.collect::<BTreeSet<Date>>() {
        let sure = i64::from(confirmed.is_some_and(|first| first <= day));
        let now = if in_post(day) { (1, sure) } else { (0, 0) };
        if now != held {
            steps.push((day, (now.0 - held.0, now.1 - held.1)));
            held = now;
        }
    }
    steps
}

fn of_profile<'p>(
    programme: &Programme,
    indicators: impl Iterator<Item = &'p Indicator>,
    fact: &ProfileFact,
) -> Vec<Contribution> {
    let Some(day) = speaks_for(programme, fact.year) else { return Vec::new() };
    if fact.state == ProfileState::Draft {
        return Vec::new();
    }
    let sure = fact.state == ProfileState::Accepted;
    let values = with_derived(programme, &fact.values);
    let mut found = Vec::new();
    for indicator in indicators {
        let IndicatorOf::Profile { element } = &indicator.of else { continue };
        // A quotient cannot be added up over schools.
        let derived = programme.element(element).and_then(|element| element.derived.as_ref());
        let quotient = derived.is_some_and(|derived| derived.by.is_some());
        let value = values.get(element).and_then(|value| value.value());
        let Some(value) = value.filter(|_| !quotient) else { continue };
        found.push(Contribution {
            indicator: indicator.id.clone(),
            resource: fact.id.clone(),
            kind: PROFILE.to_owned(),
            school: fact.school.clone(),
            day,
            claimed: value,
            confirmed: if sure { value } else { 0 },
        });
    }
    found
}

/// The day of the year for which year-profiles speak; the last of the year where the programme names none that exists.
pub fn speaks_for(programme: &Programme, year: i32) -> Option<Date> {
    let given = programme.profile.as_of.split_once('-');
    let given = given.and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    let given = given.and_then(|(month, day)| Date::from_ymd_opt(year, month, day));
    given.or_else(|| Date::from_ymd_opt(year, 12, 31))
}
