//! A second programme, of another province and from a final text: it loads and its examples hold, with nothing written
//! for it but its folder.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::Period;
use jiedui_programme::{
    Aim, OutputFact, ProfileFact, Programme, SchoolFact, Status, World, evaluate, load, run_examples,
};
use std::collections::BTreeSet;

fn sample() -> Programme {
    load(&common::files_of("sample-2027")).unwrap()
}

#[test]
fn it_loads_and_its_examples_hold() {
    let programme = sample();
    let failures: Vec<String> = run_examples(&programme).iter().map(ToString::to_string).collect();
    assert_eq!(failures, Vec::<String>::new());
}

#[test]
fn it_says_what_the_draft_left_open_and_asks_for_more() {
    let (draft, last) = (load(&common::files()).unwrap(), sample());
    assert_eq!((draft.meta.status, last.meta.status), (Status::Draft, Status::Final));
    let open = draft.targets.iter().find(|target| target.clause == "G2.2").unwrap();
    let issued = last.targets.iter().find(|target| target.clause == "G2.2").unwrap();
    assert_eq!((open.aim, issued.aim), (Aim::NotIssued, Aim::AtLeast { value: 5 }));
    let visits = |programme: &Programme| programme.obligation("principal-visit").unwrap().at_least;
    assert_eq!((visits(&draft), visits(&last)), (2, 3));
    assert!(last.activities.len() < draft.activities.len());
}

/// What the application can do is the same everywhere: a right that only one of them grants has been forgotten.
#[test]
fn it_grants_every_right_that_the_application_knows() {
    let rights = |programme: Programme| -> BTreeSet<(String, String)> {
        let grants = programme.access.grants.into_iter();
        grants
            .flat_map(|grant| grant.actions.into_iter().map(move |action| (grant.resource.clone(), action)))
            .collect()
    };
    assert_eq!(rights(sample()), rights(load(&common::files()).unwrap()));
}

/// The same facts under both: the one programme calls the school 达标, the other does not.
#[test]
fn the_same_facts_read_differently_under_it() {
    let accepted = |programme: &Programme| -> i64 {
        let values = [
            ("land_area", 31_000),
            ("floor_area", 20_000),
            ("practice_area", 5_200),
            ("equipment_value", 320_000_000),
            ("students", 950),
            ("year_training", 900),
            ("majors", 4),
        ];
        let values = values.map(|(id, value)| (id.to_owned(), jiedui_kernel::Reported::Value(value)));
        let world = World {
            schools: vec![SchoolFact {
                id: "s".to_owned(),
                level: "技工学校".to_owned(),
                levels_before: Vec::new(),
                typical: false,
            }],
            profiles: vec![ProfileFact {
                id: "p".to_owned(),
                school: "s".to_owned(),
                year: 2027,
                state: jiedui_programme::ProfileState::Accepted,
                on: "2027-11-10".parse().unwrap(),
                values: values.into_iter().collect(),
            }],
            outputs: Vec::<OutputFact>::new(),
            ..World::default()
        };
        let indicator = programme.indicator("attained-schools").unwrap();
        let window = Period::year(2027).unwrap();
        evaluate(programme, indicator, &world, window).confirmed.value().unwrap()
    };
    assert_eq!(accepted(&load(&common::files()).unwrap()), 1);
    assert_eq!(accepted(&sample()), 0, "it asks for more land");
}
