//! What the month tells of projects (S4.1) and targets (G2.2, G3.2), as they stood on its last day, and who counted.

use super::parcel::{Amount, ParcelPairing, ParcelPopulation, ParcelProject, ParcelTarget};
use crate::network::pairings::PairingRow;
use crate::network::registry::{OrgRow, Population};
use crate::planning::projects::MonthlyRow;
use crate::shared::frozen;
use jiedui_kernel::{Date, Period, Reported};
use jiedui_programme::{
    Indicator, IndicatorOf, Programme, ProjectState, SchoolFact, Target, World, evaluate,
};
use std::collections::HashMap;

/// A project that had begun by the end of the month and had not ended before it. What ended later had not ended yet.
pub fn project(row: MonthlyRow, days: Period) -> Option<ParcelProject> {
    let over = row.ended_on.is_some_and(|day| day < days.from);
    let begun = row.from_day <= days.to || row.claimed > 0;
    if over || !begun {
        return None;
    }
    let ended = row.ended.end().filter(|_| row.ended_on.is_none_or(|day| day <= days.to));
    let project = ParcelProject {
        id: row.id,
        pairing: row.pairing,
        title: row.title,
        clause: row.clause,
        unit: row.unit,
        quantity: row.quantity,
        from: row.from_day,
        to: row.to_day,
        done: Amount { claimed: row.claimed, confirmed: row.confirmed },
        earlier: row.earlier,
        ended,
        state: ProjectState::Running,
    };
    Some(ParcelProject { state: project.judged(days.to), ..project })
}

/// The school with the levels that it had, for what counts schools by their level.
pub fn school_fact(school: &OrgRow, population: &Population) -> SchoolFact {
    SchoolFact {
        id: school.id.clone(),
        level: school.level.clone(),
        levels_before: population.levels_before(&school.id),
        typical: !school.typical_class.is_empty(),
    }
}

/// The targets to which the school adds something by the last day of the month: of each indicator the nearest one that
/// is still ahead. `held` is what is confirmed of each indicator at the school. How a school meets a standard has a page
/// of its own.
pub fn targets(
    programme: &Programme,
    last: Date,
    held: &HashMap<String, Reported<i64>>,
    school: &SchoolFact,
) -> Vec<ParcelTarget> {
    let year = Period::day(last).closing_year();
    let ahead = |target: &&Target| target.year >= year;
    let nearest = |target: &&Target| {
        let same = programme.targets.iter().filter(ahead).filter(|one| one.indicator == target.indicator);
        same.map(|one| one.year).min() == Some(target.year)
    };
    let told = programme.targets.iter().filter(ahead).filter(nearest);
    told.filter_map(|target| {
        let of = programme.indicator(target.indicator.as_deref()?)?;
        let (confirmed, share) = added(programme, of, held, (school, last))?;
        Some(ParcelTarget {
            target: target.id.clone(),
            name: target.name.clone(),
            year: target.year,
            wanted: target.on(last).aim.value().value(),
            indicator: of.id.clone(),
            unit: of.unit.label().to_owned(),
            confirmed,
            share,
        })
    })
    .collect()
}

/// What a school adds to an indicator, and of a share what is divided by what.
fn added(
    programme: &Programme,
    of: &Indicator,
    held: &HashMap<String, Reported<i64>>,
    (school, last): (&SchoolFact, Date),
) -> Option<(i64, Option<(i64, i64)>)> {
    let value = |id: &str| held.get(id).copied().and_then(Reported::value);
    match &of.of {
        IndicatorOf::Ratio { numerator, denominator } => {
            let parts = (value(numerator)?, value(denominator)?);
            Some((value(&of.id)?, Some(parts)))
        }
        IndicatorOf::Level { .. } => {
            let world = World { schools: vec![school.clone()], ..World::default() };
            let counted = evaluate(programme, of, &world, Period::day(last)).confirmed.value()?;
            (counted != 0).then_some((counted, None))
        }
        _ => value(&of.id).filter(|value| *value != 0).map(|value| (value, None)),
    }
}

/// Who counted: the county schools on the last day of the month, and the pairings of one of them on any of its days.
pub fn population(counted: &[&str], pairings: &[PairingRow], days: Period) -> ParcelPopulation {
    let within = |row: &&PairingRow| {
        !row.is_void() && row.from_day <= days.to && row.to_day.is_none_or(|to| days.from <= to)
    };
    let pairing = |row: &PairingRow| ParcelPairing {
        id: row.id.clone(),
        lead: row.lead_name.clone(),
        nearby: row.nearby_name.clone(),
        from: row.from_day,
        to: row.to_day,
    };
    ParcelPopulation {
        schools: i64::try_from(counted.len()).unwrap_or(i64::MAX),
        digest: frozen::digest(&counted.join("\n")),
        pairings: pairings.iter().filter(within).map(pairing).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::projects::Ended;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn october() -> Period {
        Period::new(day("2026-10-01"), day("2026-10-31")).unwrap()
    }

    fn row() -> MonthlyRow {
        MonthlyRow {
            id: "p".to_owned(),
            pairing: "x".to_owned(),
            title: "甲".to_owned(),
            clause: "T4.1".to_owned(),
            quantity: 4,
            unit: "items".to_owned(),
            from_day: day("2026-03-01"),
            to_day: day("2026-12-31"),
            ended: Ended::Not,
            ended_on: None,
            claimed: 4,
            confirmed: 4,
            earlier: 3,
        }
    }

    #[test]
    fn a_project_is_told_as_it_stood_at_the_end_of_the_month() {
        let closed = MonthlyRow { ended: Ended::Closed, ended_on: Some(day("2026-11-03")), ..row() };
        let told = project(closed.clone(), october()).unwrap();
        assert_eq!(
            (told.state, told.ended),
            (ProjectState::Finished, None),
            "it was closed in the month after"
        );
        assert!(told.is_finished_now());
        let november = Period::new(day("2026-11-01"), day("2026-11-30")).unwrap();
        assert_eq!(project(closed.clone(), november).unwrap().state, ProjectState::Closed);
        let december = Period::new(day("2026-12-01"), day("2026-12-31")).unwrap();
        assert!(project(closed, december).is_none(), "what ended before is not told again");
        let later = MonthlyRow { from_day: day("2026-11-02"), claimed: 0, confirmed: 0, earlier: 0, ..row() };
        assert!(project(later, october()).is_none(), "it has not begun");
    }

    /// Of one indicator the next target is told, and only where the school adds something.
    #[test]
    fn a_target_is_told_where_the_school_adds_to_it() {
        let programme = crate::programme_files::shipped::programme();
        let school = SchoolFact {
            id: "s".to_owned(),
            level: "技工学校".to_owned(),
            levels_before: Vec::new(),
            typical: false,
        };
        let held = HashMap::from([
            ("social-training".to_owned(), Reported::Value(7)),
            ("enrolment".to_owned(), Reported::Value(0)),
        ]);
        let of = |last: &str| {
            let told = targets(&programme, day(last), &held, &school);
            told.into_iter().map(|one| (one.target, one.confirmed)).collect::<Vec<_>>()
        };
        assert_eq!(of("2025-10-31"), [("social-training-2025".to_owned(), 7)]);
        assert_eq!(of("2026-10-31"), [("social-training-2027".to_owned(), 7)]);
        assert!(of("2028-01-31").is_empty());
    }

    #[test]
    fn who_counted_is_told_by_a_digest_of_their_ids() {
        let one = population(&["a", "b"], &[], october());
        assert_eq!(one.schools, 2);
        assert_ne!(one.digest, population(&["a", "c"], &[], october()).digest);
    }
}
