//! Rules rehearsed: whose status changes when a rule does, and nobody's when it does not.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Period, Reported};
use jiedui_programme::{
    Arrangements, EntryFact, EntryState, OutputFact, PairingFact, PairingRole, Post, Posts, ProfileFact,
    ProfileState, Programme, SchoolFact, Side, StatusChange, World, load, replay,
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
