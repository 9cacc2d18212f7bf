//! Every indicator counted slowly, from the rows alone: day by day, thing by thing, with nothing kept in between.

use super::data::{Entry, Output, Raw};
use super::judge;
use crate::network::enterprises::rules::evened;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Unit};
use jiedui_programme::{
    EntryState, FieldKind, GivenBy, Indicator, IndicatorOf, Measure, Only, OutputSum, PersonRule,
    ProfileState, Programme,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Claimed and confirmed; `None` where nobody told anything.
pub type Pair = (Option<i64>, Option<i64>);

/// What each school adds, and whether it told anything at all.
type BySchool = BTreeMap<String, (i64, i64)>;

pub struct Asked<'a> {
    pub programme: &'a Programme,
    pub raw: &'a Raw,
    pub year: i32,
    pub today: Date,
}

impl Asked<'_> {
    /// The last day of the year, but not after today.
    pub fn on(&self) -> Date {
        Date::from_ymd_opt(self.year, 12, 31).unwrap().min(self.today)
    }
}

pub fn figure(asked: &Asked<'_>, of: &Indicator) -> Pair {
    let sum = |found: &BySchool| {
        (Some(found.values().map(|one| one.0).sum()), Some(found.values().map(|one| one.1).sum()))
    };
    match &of.of {
        IndicatorOf::Ratio { numerator, denominator } => share(asked, numerator, denominator),
        IndicatorOf::Profile { .. } => match by_school(asked, of) {
            found if found.is_empty() => (None, None),
            found => sum(&found),
        },
        IndicatorOf::Attained { .. } => {
            let found = judge::attained(asked);
            (found, found)
        }
        _ => sum(&by_school(asked, of)),
    }
}

fn share(asked: &Asked<'_>, numerator: &str, denominator: &str) -> Pair {
    let part = |id: &str| asked.programme.indicators.iter().find(|one| one.id == id).unwrap();
    let (above, below) = (part(numerator), part(denominator));
    let told_only = matches!(above.of, IndicatorOf::Profile { .. });
    let (over, under) = (by_school(asked, above), by_school(asked, below));
    let one = |pick: fn(&(i64, i64)) -> i64| {
        let (mut top, mut bottom) = (0_i128, 0_i128);
        for (school, amounts) in &under {
            let known = over.get(school);
            if pick(amounts) > 0 && (known.is_some() || !told_only) {
                bottom += i128::from(pick(amounts));
                top += i128::from(known.map_or(0, pick));
            }
        }
        (bottom > 0).then(|| i64::try_from(top * 10_000 / bottom).unwrap())
    };
    (one(|amounts| amounts.0), one(|amounts| amounts.1))
}

fn by_school(asked: &Asked<'_>, of: &Indicator) -> BySchool {
    let mut found = BySchool::new();
    let mut add = |school: &str, claimed: i64, confirmed: i64| {
        let held = found.entry(school.to_owned()).or_insert((0, 0));
        held.0 += claimed;
        held.1 += confirmed;
    };
    match &of.of {
        IndicatorOf::Entries { .. } => entries(asked, of, &mut add),
        IndicatorOf::Covered { activity } => covered(asked, activity, &mut add),
        IndicatorOf::Outputs { .. } => {
            outputs(asked, of, &mut add);
            if of.unit == Unit::Schools {
                for held in found.values_mut() {
                    *held = (held.0.min(1), held.1.min(1));
                }
            }
        }
        IndicatorOf::Profile { element } => {
            for profile in asked.raw.profiles.iter().filter(|one| one.year == asked.year) {
                let value = judge::value(asked.programme, element, &profile.values);
                if let Some(value) = value.filter(|_| profile.state != ProfileState::Draft) {
                    add(
                        &profile.school,
                        value,
                        if profile.state == ProfileState::Accepted { value } else { 0 },
                    );
                }
            }
        }
        IndicatorOf::Level { any } => {
            for (id, school) in &asked.raw.schools {
                if judge::counts(school, asked.on()) && any.contains(&judge::level(school, asked.on())) {
                    add(id, 1, 1);
                }
            }
        }
        IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned => {
            for school in paired(asked, &of.of) {
                add(&school, 1, 1);
            }
        }
        IndicatorOf::Attained { .. } | IndicatorOf::Ratio { .. } => unreachable!("has no parts by school"),
    }
    found
}

fn outputs(asked: &Asked<'_>, of: &Indicator, add: &mut impl FnMut(&str, i64, i64)) {
    let IndicatorOf::Outputs { output, sum, only, stage, of_project } = &of.of else { return };
    let mut met = <[BTreeSet<(String, String)>; 2]>::default();
    for one in asked.raw.outputs.iter().filter(|one| output.contains(&one.output)) {
        let now = asked.programme.outputs.iter().find(|kind| kind.id == one.output);
        let now = now.and_then(|kind| kind.became.as_ref());
        let said = |field: &str| {
            let own = one.fields.get(field).and_then(Value::as_str);
            own.or_else(|| now?.fields.get(field).map(String::as_str)).map(str::to_owned)
        };
        if !passes(only.as_ref(), said) || (*of_project && one.project.is_none()) {
            continue;
        }
        if let Some((claimed, confirmed)) = standing(asked, one, *sum, stage) {
            let mut once = |at: usize, counts: i64| {
                let new = counts > 0 && met[at].insert((one.output.clone(), evened(&one.title)));
                if of.unit == Unit::Enterprises { i64::from(new) } else { counts }
            };
            add(&one.at, once(0, claimed), once(1, confirmed));
        }
    }
}

/// The enterprises that an entry names.
fn named(asked: &Asked<'_>, entry: &Entry) -> BTreeSet<(String, String)> {
    let activity = asked.programme.activities.iter().find(|one| one.id == entry.activity).unwrap();
    let fields = activity.fields.iter().filter(|field| field.kind == FieldKind::Enterprise);
    let texts = fields.filter_map(|field| entry.fields.get(&field.id)?.as_str());
    let names = texts.flat_map(|text| text.split('、'));
    names.map(|name| (entry.activity.clone(), evened(name))).collect()
}

fn entries(asked: &Asked<'_>, of: &Indicator, add: &mut impl FnMut(&str, i64, i64)) {
    let IndicatorOf::Entries { activity, field, only, answered, given_by } = &of.of else { return };
    let mut met = <[BTreeSet<(String, String)>; 2]>::default();
    let mut own: Vec<&Entry> =
        asked.raw.entries.iter().filter(|entry| activity.contains(&entry.activity)).collect();
    own.sort_by_key(|entry| entry.to);
    for entry in own {
        let names = named(asked, entry);
        let again = [0, 1].map(|at| i64::try_from(names.intersection(&met[at]).count()).unwrap());
        if entry.state != EntryState::Withdrawn {
            met[0].extend(names.iter().cloned());
        }
        if entry.state == EntryState::Confirmed {
            met[1].extend(names);
        }
        let now = asked.programme.activities.iter().find(|one| one.id == entry.activity);
        let now = now.and_then(|one| one.became.as_ref());
        let said = |field: &str| {
            let own = entry.fields.get(field).and_then(Value::as_str);
            own.or_else(|| now?.fields.get(field).map(String::as_str)).map(str::to_owned)
        };
        // What was the whole of the old form is one number of the new one.
        let field = field.as_ref().filter(|field| now.and_then(|now| now.quantity.as_ref()) != Some(field));
        let by = match given_by {
            None => true,
            Some(GivenBy::Helpers) => !entry.helpers.is_empty(),
            Some(GivenBy::Others) => entry.helpers.is_empty(),
        };
        let fits = by
            && passes(only.as_ref(), said)
            && answered.iter().all(|field| entry.fields.contains_key(field));
        if let Some((claimed, confirmed)) =
            fits.then(|| amounts(asked, entry, field.map(String::as_str))).flatten()
        {
            let [claimed, confirmed] = match of.unit {
                Unit::Enterprises => [(claimed - again[0]).max(0), (confirmed - again[1]).max(0)],
                _ => [claimed, confirmed],
            };
            add(&entry.school, claimed, confirmed);
        }
    }
}

fn paired(asked: &Asked<'_>, of: &IndicatorOf) -> BTreeSet<String> {
    let on = asked.on();
    let mut found = BTreeSet::new();
    for pairing in &asked.raw.pairings {
        let day = match of {
            IndicatorOf::Signed => pairing.agreed,
            IndicatorOf::Planned => pairing.planned,
            _ => Some(pairing.from),
        };
        let runs = pairing.from <= on && pairing.to.is_none_or(|to| on <= to);
        let school = asked.raw.schools.get(&pairing.school);
        if runs && day.is_some_and(|day| day <= on) && school.is_some_and(|school| judge::counts(school, on))
        {
            found.insert(pairing.school.clone());
        }
    }
    found
}

fn covered(asked: &Asked<'_>, activity: &[String], add: &mut impl FnMut(&str, i64, i64)) {
    let mut first: BTreeMap<&str, [Option<(Date, &str)>; 2]> = BTreeMap::new();
    for entry in asked.raw.entries.iter().filter(|entry| activity.contains(&entry.activity)) {
        if !counting(asked.programme, entry) || entry.to > asked.on() {
            continue;
        }
        for person in &entry.people {
            let place = Some((entry.to, entry.school.as_str()));
            let held = first.entry(person).or_default();
            held[0] = held[0].into_iter().chain(place).min();
            if entry.state == EntryState::Confirmed {
                held[1] = held[1].into_iter().chain(place).min();
            }
        }
    }
    for (person, places) in &first {
        // A person counts for the school of the first claim, whoever confirmed it later, while in post there.
        if let [Some((_, school)), confirmed] = places
            && asked.raw.in_post(person, school, asked.on())
        {
            add(school, 1, i64::from(confirmed.is_some()));
        }
    }
}

/// Whether an entry counts at all.
pub fn counting(programme: &Programme, entry: &Entry) -> bool {
    let activity = programme.activities.iter().find(|one| one.id == entry.activity);
    let Some(activity) = activity.filter(|_| entry.state != EntryState::Withdrawn) else { return false };
    let Some(rule) = &activity.person else { return true };
    let parts = entry.parts.iter().map(|(_, post)| post.as_str());
    std::iter::once(entry.post.as_str()).chain(parts).any(|post| fits_post(rule, post))
}

pub fn fits_post(rule: &PersonRule, post: &str) -> bool {
    rule.counting.iter().any(|one| serde_json::to_value(one).unwrap() == post)
}

fn passes(only: Option<&Only>, said: impl Fn(&str) -> Option<String>) -> bool {
    only.is_none_or(|only| match said(&only.field) {
        Some(option) => only.is.contains(&option),
        None => only.blank,
    })
}

fn amounts(asked: &Asked<'_>, entry: &Entry, field: Option<&str>) -> Option<(i64, i64)> {
    if !counting(asked.programme, entry) {
        return None;
    }
    let activity = asked.programme.activities.iter().find(|one| one.id == entry.activity)?;
    let inside = |day: Date| day.year() == asked.year && day <= asked.today;
    if field.is_none() && activity.measure == Measure::Days {
        let (mut claimed, mut confirmed, mut given) = (0, 0, 0);
        for day in entry.from.iter_days().take_while(|day| *day <= entry.to) {
            let disputed = entry.hole.is_some_and(|(from, to)| from <= day && day <= to);
            let sure = match entry.state {
                EntryState::Confirmed => !disputed,
                EntryState::Part if entry.hole.is_some() => !disputed,
                EntryState::Part => given < entry.confirmed,
                _ => false,
            };
            given += i64::from(sure);
            if inside(day) {
                claimed += 1;
                confirmed += i64::from(sure);
            }
        }
        return (claimed > 0).then_some((claimed, confirmed));
    }
    if !inside(entry.to) {
        return None;
    }
    match field {
        Some(field) => {
            let value = entry.fields.get(field)?.as_i64()?;
            Some((value, if entry.state == EntryState::Confirmed { value } else { 0 }))
        }
        None if [EntryState::Confirmed, EntryState::Part].contains(&entry.state) => {
            Some((entry.quantity, entry.confirmed))
        }
        None => Some((entry.quantity, 0)),
    }
}

fn standing(asked: &Asked<'_>, one: &Output, sum: OutputSum, within: &[String]) -> Option<(i64, i64)> {
    let kind = asked.programme.outputs.iter().find(|kind| kind.id == one.output)?;
    let (stage, _, achieved) = one.stages.iter().rfind(|(_, from, _)| *from <= asked.on())?;
    let counts = kind.stages.iter().any(|other| other.id == *stage && other.counts)
        && (within.is_empty() || within.contains(stage));
    if one.state == EntryState::Withdrawn || !counts {
        return None;
    }
    let amount = |achieved: i64| match sum {
        OutputSum::Number => 1,
        OutputSum::Quantity => one.quantity,
        OutputSum::Achieved => achieved,
    };
    if one.state == EntryState::Confirmed || kind.confirmed_by.is_none() {
        return Some((amount(*achieved), amount(*achieved)));
    }
    // What had been confirmed before it went on.
    let mut agreed = one.stages.iter().take(one.agreed).filter(|(_, from, _)| *from <= asked.on());
    let sure = agreed.next_back().filter(|(stage, ..)| {
        kind.stages.iter().any(|other| other.id == *stage && other.counts)
            && (within.is_empty() || within.contains(stage))
    });
    Some((amount(*achieved), sure.map_or(0, |(.., then)| amount(*then).min(amount(*achieved)))))
}
