//! Rules rehearsed: whose status changes when a rule does, and nobody's when it does not.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Period, Reported};
use jiedui_programme::{
    Aim, Arrangements, EntryFact, EntryState, FieldKind, FieldValue, OutputFact, PairingFact, PairingRole,
    Post, Posts, ProfileFact, ProfileState, Programme, Rehearsal, SchoolFact, Side, StatusChange, Target,
    World, evaluate, load, replay, statuses,
};
use std::collections::BTreeMap;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn visit(id: &str, on: &str) -> EntryFact {
    EntryFact {
        id: id.to_owned(),
        activity: "visit".to_owned(),
        helpers: vec!["甲校".to_owned()],
        county_school: "县校".to_owned(),
        period: Period::day(day(on)),
        state: EntryState::Confirmed,
        claimed: 1,
        confirmed: 1,
        disputed_days: None,
        post: Some(Post::Head),
        parts: Vec::new(),
        roster: Vec::new(),
        repeated: jiedui_programme::Repeated::default(),
        fields: BTreeMap::new(),
    }
}

/// Two confirmed visits in 2026, a school whose land is 31,000 square metres, a province whose group stands.
fn world() -> World {
    let pairing = PairingFact {
        helper: "甲校".to_owned(),
        party: PairingRole::Lead,
        county_school: "县校".to_owned(),
        from: day("2024-07-26"),
        to: None,
        signed: None,
        planned: None,
    };
    World {
        schools: vec![SchoolFact {
            id: "县校".to_owned(),
            level: "技工学校".to_owned(),
            levels_before: Vec::new(),
            typical: true,
        }],
        pairings: vec![pairing],
        arrangements: Arrangements::default(),
        posts: Posts::new(),
        entries: vec![visit("1", "2026-03-10"), visit("2", "2026-09-15")],
        outputs: vec![OutputFact {
            id: "o".to_owned(),
            output: "leading-group".to_owned(),
            org: "省办".to_owned(),
            county_school: None,
            helpers: Vec::new(),
            state: EntryState::Confirmed,
            quantity: 1,
            achieved: 0,
            stages: vec![("standing".to_owned(), day("2024-08-01"))],
            receipts: Vec::new(),
            agreed: 0,
            project: None,
            earlier: Vec::new(),
            fields: BTreeMap::new(),
        }],
        profiles: vec![ProfileFact {
            id: "p".to_owned(),
            school: "县校".to_owned(),
            year: 2026,
            state: ProfileState::Accepted,
            on: day("2026-11-02"),
            values: BTreeMap::from([("land_area".to_owned(), Reported::Value(31_000))]),
        }],
        confirmed_thresholds: Vec::new(),
    }
}

fn played(old: &Programme, new: &Programme) -> Vec<StatusChange> {
    replay(old, new, &world(), &[(Side::Province, "省办".to_owned())], day("2026-11-24"))
}

fn guangdong() -> Programme {
    load(&common::files()).unwrap()
}

#[test]
fn the_same_rules_change_nobody() {
    assert_eq!(played(&guangdong(), &guangdong()), Vec::new());
}

#[test]
fn a_third_visit_a_year_takes_a_met_clock_back() {
    let mut stricter = guangdong();
    stricter.obligations.iter_mut().find(|one| one.id == "principal-visit").unwrap().at_least = 3;
    let changes = played(&guangdong(), &stricter);
    let of_2026: Vec<_> = changes.iter().filter(|one| one.subject.period == "2026年").collect();
    assert_eq!(of_2026.len(), 1, "{changes:?}");
    let change = of_2026[0];
    assert_eq!((change.subject.clause.as_str(), change.subject.unit.as_str()), ("S1.4", "甲校"));
    assert_eq!(change.before, Some("已达成"));
    assert_ne!(change.after, Some("已达成"));
}

#[test]
fn a_wider_campus_asked_for_makes_a_school_fail() {
    let mut stricter = guangdong();
    let land = stricter
        .thresholds
        .iter_mut()
        .find(|one| one.standard == "technical-school" && one.element.as_deref() == Some("land_area"))
        .unwrap();
    land.at_least = Some(33_000);
    let changes = played(&guangdong(), &stricter);
    let found = changes.iter().find(|one| one.subject.rule == "standard:technical-school").unwrap();
    assert_eq!((found.before, found.after), (Some("暂不能判定"), Some("未达标")));
    assert_eq!(found.subject.unit, "县校");
}

#[test]
fn a_rule_that_is_gone_and_one_that_is_new_are_told() {
    let mut new = guangdong();
    new.obligations.retain(|one| one.id != "resident");
    let changes = played(&guangdong(), &new);
    assert!(changes.iter().all(|one| one.subject.rule == "obligation:resident" && one.after.is_none()));
    assert!(!changes.is_empty());
    assert!(played(&new, &guangdong()).iter().all(|one| one.before.is_none()));
}

const TODAY: &str = "2026-11-24";

fn bodies() -> [(Side, String); 1] {
    [(Side::Province, "省办".to_owned())]
}

/// Every activity on some days at two schools, some of them before this year; who is named at the one is named at the other on
/// another day.
fn crowded(programme: &Programme) -> World {
    let mut world = world();
    let county = PairingFact { county_school: "二校".to_owned(), ..world.pairings[0].clone() };
    let nearby = PairingFact { helper: "乙校".to_owned(), party: PairingRole::Nearby, ..county.clone() };
    world.pairings.extend([county, nearby]);
    world.schools.push(SchoolFact { id: "二校".to_owned(), typical: false, ..world.schools[0].clone() });
    for (turn, on) in ["2024-12-10", "2025-12-10", "2026-03-10", "2026-07-10"].into_iter().enumerate() {
        for (place, school) in ["县校", "二校"].into_iter().enumerate() {
            for (at, activity) in programme.activities.iter().enumerate() {
                let numbers = activity.fields.iter().filter(|field| matches!(field.kind, FieldKind::Number));
                let sure = (turn + place + at) % 3 > 0;
                let claimed = 1 + at as i64;
                world.entries.push(EntryFact {
                    activity: activity.id.clone(),
                    helpers: ["甲校", "乙校"].map(str::to_owned)[..=place].to_vec(),
                    county_school: school.to_owned(),
                    state: if sure { EntryState::Confirmed } else { EntryState::Claimed },
                    claimed,
                    confirmed: if sure { claimed } else { 0 },
                    post: activity.person.as_ref().and_then(|person| person.counting.first().copied()),
                    roster: (turn + place..turn + place + 2).map(|one| format!("p{one}")).collect(),
                    fields: numbers.map(|field| (field.id.clone(), FieldValue::Number(7))).collect(),
                    ..visit(&format!("{}-{school}-{on}", activity.id), on)
                });
            }
        }
    }
    world
}

/// The same programme with two targets more for each indicator: one that the figure just reaches, one that it just misses.
/// Says for how many there is anything to count.
fn judged(programme: &Programme, world: &World) -> (Programme, usize) {
    let (mut judged, mut counted) = (programme.clone(), 0);
    let window = Period::new(day("2026-01-01"), day(TODAY)).unwrap();
    for indicator in &programme.indicators {
        let Some(figure) = evaluate(programme, indicator, world, window).confirmed.value() else { continue };
        counted += usize::from(figure > 0);
        for (id, value) in [("reached", figure), ("missed", figure + 1)] {
            judged.targets.push(Target {
                id: format!("{id}-{}", indicator.id),
                clause: indicator.clause.clone(),
                name: indicator.name.clone(),
                year: 2026,
                unit: indicator.unit,
                aim: Aim::AtLeast { value },
                indicator: Some(indicator.id.clone()),
                basis: String::new(),
                changes: Vec::new(),
            });
        }
    }
    (judged, counted)
}

/// All entries of a world, in parts and from the last to the first.
fn fed<'a>(programme: &'a Programme, few: &'a World, world: &World) -> Rehearsal<'a> {
    let mut rehearsal = Rehearsal::of(programme, few, &bodies(), day(TODAY));
    let days = rehearsal.clock_days().unwrap();
    for (helper, school) in [("甲校", "县校"), ("甲校", "二校"), ("乙校", "二校")] {
        let own = |fact: &&EntryFact| {
            let by = fact.helpers.iter().any(|one| one == helper);
            by && fact.county_school == school && fact.period.to >= days.from && fact.period.from <= days.to
        };
        let own: Vec<EntryFact> = world.entries.iter().filter(own).cloned().collect();
        rehearsal.add_work((helper, school), &own);
    }
    let mut rest = world.entries.clone();
    rest.reverse();
    for part in rest.chunks(7) {
        rehearsal.add_entries(part);
    }
    rehearsal
}

/// Facts that come a part at a time say of everybody what they say together.
#[test]
fn facts_that_come_in_parts_say_the_same() {
    let world = crowded(&guangdong());
    let (programme, counted) = judged(&guangdong(), &world);
    assert!(counted > 5, "{counted} figures");
    let few = World { entries: Vec::new(), ..world.clone() };
    let whole = statuses(&programme, &world, &bodies(), day(TODAY));
    let says = |id: &str| {
        let found = whole.iter().find(|(about, _)| about.rule == format!("target:{id}-teachers-covered"));
        found.map(|(_, (_, word))| *word)
    };
    assert_eq!((says("reached"), says("missed")), (Some("已达到"), Some("尚未达到")));
    assert_eq!(fed(&programme, &few, &world).statuses(), whole);

    let mut stricter = programme.clone();
    stricter.obligations.iter_mut().for_each(|one| one.at_least += 1);
    stricter.targets.iter_mut().for_each(|one| one.aim = Aim::AtLeast { value: 3 });
    let changes = replay(&programme, &stricter, &world, &bodies(), day(TODAY));
    assert!(!changes.is_empty());
    assert_eq!(fed(&programme, &few, &world).against(fed(&stricter, &few, &world)), changes);
}
