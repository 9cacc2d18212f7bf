//! Which county schools have attained (T1.1, G2.2).

use crate::facts::{ProfileFact, ProfileState, SchoolFact, World};
use crate::model::Programme;
use crate::profile::Standard;
use crate::readings::Reading;
use crate::rules::figures::{schools, speaks_for};
use crate::rules::standards::{Attained, attainment};
use jiedui_kernel::{Date, Unit};
use std::collections::BTreeMap;

/// The standard by which a school is judged on a day: that of its own level. A year-profile is judged by the level that the
/// school had on the day for which it speaks, so that a promotion takes nothing away: the new standard asks for what the
/// next profile says.
pub fn standard_for<'p>(
    programme: &'p Programme,
    school: &SchoolFact,
    profile: Option<&ProfileFact>,
    on: Date,
) -> Option<&'p Standard> {
    let spoken = profile.and_then(|fact| speaks_for(programme, fact.year)).map_or(on, |day| day.min(on));
    programme.standard_of(school.level_on(spoken), on)
}

/// The newest accepted year-profile of each school on a day.
pub fn newest_accepted(profiles: &[ProfileFact], on: Date) -> BTreeMap<&str, &ProfileFact> {
    let mut newest: BTreeMap<&str, &ProfileFact> = BTreeMap::new();
    for fact in profiles.iter().filter(|fact| fact.state == ProfileState::Accepted && fact.on <= on) {
        let held = newest.entry(&fact.school).or_insert(fact);
        if (fact.year, fact.on) > (held.year, held.on) {
            *held = fact;
        }
    }
    newest
}

/// County schools that meet their standard, or the one that is named, by their newest accepted year-profile of the day. Not
/// known while no school has an accepted one: a school of which nothing is known is not counted, and is no failure either.
pub(super) fn attained(
    programme: &Programme,
    unit: Unit,
    named: Option<&str>,
    world: &World,
    on: Date,
) -> Reading {
    let newest = newest_accepted(&world.profiles, on);
    let named = match named {
        Some(id) => match programme.standard(id) {
            None => return Reading::unknown(unit),
            found => found,
        },
        None => None,
    };
    let known: Vec<(&SchoolFact, &ProfileFact)> =
        world.schools.iter().filter_map(|school| Some((school, *newest.get(school.id.as_str())?))).collect();
    if known.is_empty() {
        return Reading::unknown(unit);
    }
    let meets = |(school, fact): &(&SchoolFact, &ProfileFact)| {
        let standard = named.or_else(|| standard_for(programme, school, Some(fact), on));
        standard.is_some_and(|standard| {
            let confirmed = &world.confirmed_thresholds;
            attainment(programme, standard, &fact.values, confirmed, on).state == Attained::Met
        })
    };
    let met = known.into_iter().filter(meets);
    let mut ids: Vec<String> = met.map(|(school, _)| school.id.clone()).collect();
    ids.sort();
    schools(unit, ids)
}
