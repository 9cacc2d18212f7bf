//! Standards and clocks, slowly.

use super::count::{Asked, counting, fits_post};
use super::data::{Entry, Profile, Raw, School};
use jiedui_kernel::{Date, Unit};
use jiedui_programme::{
    EntryState, Measure, Obligation, PairingRole, PartPeriod, PersonOf, ProfileState, Programme, periods,
};
use std::collections::{BTreeMap, BTreeSet};

type Values = BTreeMap<String, Option<i64>>;

pub fn counts(school: &School, day: Date) -> bool {
    school.terms.iter().any(|(from, to)| *from <= day && to.is_none_or(|to| day <= to))
}

pub fn level(school: &School, day: Date) -> String {
    let former = school.before.iter().find(|(until, _)| day < *until);
    former.map_or(&school.level, |(_, level)| level).clone()
}

/// An element as a fraction; `Err(true)` where it does not apply, `Err(false)` where nobody knows.
fn fraction(programme: &Programme, id: &str, values: &Values) -> Result<(i128, i128), bool> {
    let element = programme.elements.iter().find(|one| one.id == id).ok_or(false)?;
    let Some(derived) = &element.derived else {
        return match values.get(id) {
            Some(Some(value)) => Ok((i128::from(*value), 1)),
            Some(None) => Err(true),
            None => Err(false),
        };
    };
    let mut total = None;
    for part in &derived.of {
        match fraction(programme, part, values) {
            Ok((over, under)) => {
                let (so, far) = total.unwrap_or((0, 1));
                total = Some((so * under + over * far, far * under));
            }
            Err(true) => {}
            Err(false) => return Err(false),
        }
    }
    let (over, under) = total.ok_or(!derived.of.is_empty())?;
    let Some(by) = &derived.by else { return Ok((over, under)) };
    let (low, lower) = fraction(programme, by, values)?;
    if low <= 0 {
        return Err(false);
    }
    let hundred = |unit: Unit| if unit.in_hundredths() { 100 } else { 1 };
    let unit =
        |id: &String| programme.elements.iter().find(|one| one.id == *id).map_or(1, |one| hundred(one.unit));
    let scale = match element.unit {
        Unit::BasisPoints => 10_000,
        own => (hundred(own) * unit(by) / derived.of.first().map_or(1, unit)).max(1),
    };
    Ok((over * lower * scale, under * low))
}

/// An element that can be added up over schools, in whole units; `None` where it is not known.
pub fn value(programme: &Programme, id: &str, values: &Values) -> Option<i64> {
    let element = programme.elements.iter().find(|one| one.id == id)?;
    if element.derived.as_ref().is_some_and(|derived| derived.by.is_some()) {
        return None;
    }
    fraction(programme, id, values).ok().map(|(over, under)| i64::try_from(over.div_euclid(under)).unwrap())
}

/// Schools that meet the standard of their level.
pub fn attained(asked: &Asked<'_>) -> Option<i64> {
    let on = asked.on();
    let (mut known, mut met) = (false, 0);
    for (id, school) in asked.raw.schools.iter().filter(|(_, school)| counts(school, on)) {
        let mut newest: Option<&Profile> = None;
        for profile in
            asked.raw.profiles.iter().filter(|one| one.school == *id && one.state == ProfileState::Accepted)
        {
            let day = profile.accepted_on.unwrap_or(profile.as_of);
            if day <= on && newest.is_none_or(|held| profile.year > held.year) {
                newest = Some(profile);
            }
        }
        if let Some(profile) = newest {
            known = true;
            met += i64::from(meets(asked, &level(school, profile.as_of.min(on)), &profile.values, on));
        }
    }
    known.then_some(met)
}

fn meets(asked: &Asked<'_>, level: &str, values: &Values, on: Date) -> bool {
    let programme = asked.programme;
    let judges = |id: &str, usable: bool| usable || asked.raw.checks.iter().any(|check| check == id);
    for standard in &programme.standards {
        let own = programme.thresholds.iter().filter(|threshold| threshold.standard == standard.id);
        let for_level = standard.level == level || standard.also.iter().any(|also| also == level);
        let in_force = standard.from <= on && standard.to.is_none_or(|to| on <= to);
        let ever = own.clone().any(|one| one.usable || one.may_be_confirmed());
        if !for_level || !in_force || !ever {
            continue;
        }
        let mut any = false;
        for threshold in own.filter(|one| judges(&one.id, one.usable)) {
            any = true;
            let found = threshold.element.as_ref().and_then(|id| fraction(programme, id, values).ok());
            let limits = threshold.at_least.is_some() || threshold.at_most.is_some();
            let Some((over, under)) = found.filter(|_| limits) else { return false };
            let low = threshold.at_least.is_some_and(|least| over < i128::from(least) * under);
            let high = threshold.at_most.is_some_and(|most| over > i128::from(most) * under);
            if low || high {
                return false;
            }
        }
        return any;
    }
    false
}

/// Obligation, helper, county school, first day of the period: owed, claimed, confirmed. Owed is 0 where it is exempt.
pub type Clocks = BTreeMap<(String, String, String, Date), (i64, i64, i64)>;

pub fn clocks(programme: &Programme, raw: &Raw, today: Date) -> Clocks {
    let mut found = Clocks::new();
    for obligation in &programme.obligations {
        for period in periods(programme, obligation.every, today) {
            let (first, last) = (period.period.from, period.period.to);
            for (helper, school) in related(raw, obligation) {
                let mut days = BTreeSet::new();
                for day in first.iter_days().take_while(|day| *day <= last) {
                    if paired(raw, obligation, (&helper, &school), day) {
                        days.insert(day);
                    }
                }
                let Some(begin) = days.first().copied().filter(|begin| *begin <= today) else { continue };
                let end = days.last().copied().unwrap_or(begin);
                let owed = if period.dated {
                    owed(programme, obligation, (first, last), (begin, end), &days)
                } else {
                    0
                };
                let own = raw.entries.iter().filter(|entry| {
                    entry.activity == obligation.activity
                        && entry.school == school
                        && entry.helpers.contains(&helper)
                        && moves(programme, entry, &helper)
                });
                let own: Vec<&Entry> = own.collect();
                let (claimed, confirmed) = done(programme, obligation, &own, &days);
                let key = (obligation.id.clone(), helper.clone(), school.clone(), first);
                found.insert(key, (owed, claimed, confirmed));
            }
        }
    }
    found
}

/// What is owed for the days of a period on which they were paired.
fn owed(
    programme: &Programme,
    obligation: &Obligation,
    (first, last): (Date, Date),
    (begin, end): (Date, Date),
    days: &BTreeSet<Date>,
) -> i64 {
    let (late, early) = (begin != first, end != last);
    if late && obligation.first_part == PartPeriod::Exempt
        || early && obligation.last_part == PartPeriod::Exempt
    {
        return 0;
    }
    let mut part = 0;
    for day in first.iter_days().take_while(|day| *day <= last) {
        let before = late && obligation.first_part == PartPeriod::Prorated && day < begin;
        let after = early && obligation.last_part == PartPeriod::Prorated && day > end;
        part += i64::from(!before && !after);
    }
    let whole = (last - first).num_days() + 1;
    let share = obligation.at_least * part / whole;
    let activity = programme.activities.iter().find(|one| one.id == obligation.activity).unwrap();
    if activity.measure == Measure::Entered { share } else { share.min(i64::try_from(days.len()).unwrap()) }
}

/// Whether an entry moves the clock of a helper: by its own people, and of joint work by what it said itself.
fn moves(programme: &Programme, entry: &Entry, helper: &str) -> bool {
    if entry.helpers.len() == 1 {
        return counting(programme, entry);
    }
    let Some((_, post)) = entry.parts.iter().find(|(one, _)| one == helper) else { return false };
    let activity = programme.activities.iter().find(|one| one.id == entry.activity).unwrap();
    match &activity.person {
        Some(rule) if rule.of == PersonOf::Helper => {
            entry.state != EntryState::Withdrawn && fits_post(rule, post)
        }
        _ => counting(programme, entry),
    }
}

fn parties<'a>(pairing: &'a super::data::Pairing, obligation: &Obligation) -> Vec<&'a str> {
    let mut found = Vec::new();
    if obligation.owed_by.contains(&PairingRole::Lead) {
        found.push(pairing.lead.as_str());
    }
    if obligation.owed_by.contains(&PairingRole::Nearby) {
        found.push(pairing.nearby.as_str());
    }
    found
}

fn related(raw: &Raw, obligation: &Obligation) -> BTreeSet<(String, String)> {
    let each = raw.pairings.iter().flat_map(|pairing| {
        parties(pairing, obligation).into_iter().map(|helper| (helper.to_owned(), pairing.school.clone()))
    });
    each.collect()
}

fn paired(raw: &Raw, obligation: &Obligation, (helper, school): (&str, &str), day: Date) -> bool {
    raw.pairings.iter().any(|pairing| {
        pairing.school == school
            && parties(pairing, obligation).contains(&helper)
            && pairing.from <= day
            && pairing.to.is_none_or(|to| day <= to)
    })
}

/// What was done on the days on which they were paired: standing, and confirmed.
fn done(programme: &Programme, obligation: &Obligation, own: &[&Entry], days: &BTreeSet<Date>) -> (i64, i64) {
    let activity = programme.activities.iter().find(|one| one.id == obligation.activity).unwrap();
    let stands = |entry: &Entry, sure: bool| match entry.state {
        EntryState::Confirmed | EntryState::Part => entry.confirmed,
        EntryState::Claimed if !sure => entry.quantity,
        _ => 0,
    };
    let one = |sure: bool| match activity.measure {
        Measure::Days => {
            let mut found = BTreeSet::new();
            for entry in own {
                for day in entry.from.iter_days().take_while(|day| *day <= entry.to) {
                    let disputed = entry.hole.is_some_and(|(from, to)| from <= day && day <= to);
                    let held = match entry.state {
                        EntryState::Confirmed => !disputed,
                        EntryState::Part => entry.hole.is_some() && !disputed,
                        EntryState::Claimed => !sure,
                        _ => false,
                    };
                    if held && days.contains(&day) {
                        found.insert(day);
                    }
                }
            }
            i64::try_from(found.len()).unwrap()
        }
        Measure::Once => {
            let mut spans: Vec<(Date, Date)> = own
                .iter()
                .filter(|entry| days.contains(&entry.to) && stands(entry, sure) > 0)
                .map(|entry| (entry.from, entry.to))
                .collect();
            spans.sort();
            most_apart(&spans)
        }
        Measure::Entered => {
            own.iter().filter(|entry| days.contains(&entry.to)).map(|entry| stands(entry, sure)).sum()
        }
    };
    (one(false), one(true))
}

/// The most spans of which no two share a day, found by trying each as the last.
fn most_apart(spans: &[(Date, Date)]) -> i64 {
    let mut best = vec![1_i64; spans.len()];
    for at in 0..spans.len() {
        for before in 0..at {
            if spans[before].1 < spans[at].0 {
                best[at] = best[at].max(best[before] + 1);
            }
        }
    }
    best.into_iter().max().unwrap_or(0)
}
