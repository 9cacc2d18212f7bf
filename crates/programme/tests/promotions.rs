//! A school stands on one level at a time: of two promotions one counts.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Period};
use jiedui_programme::{EntryState, OutputFact, Programme, World, evaluate, load, raised_already};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| load(&common::files()).unwrap());

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn two_promotions_of_one_school_do_not_count_beside_each_other() {
    let raised = |id: &str, output: &str, state: EntryState, stages: &[(&str, &str)]| OutputFact {
        output: output.to_owned(),
        county_school: Some("s1".to_owned()),
        id: id.to_owned(),
        org: "office".to_owned(),
        helpers: Vec::new(),
        state,
        quantity: 1,
        achieved: 0,
        stages: stages.iter().map(|(stage, from)| ((*stage).to_owned(), day(from))).collect(),
        receipts: Vec::new(),
        agreed: 0,
        project: None,
        earlier: Vec::new(),
        fields: BTreeMap::new(),
    };
    let (senior, college) = ("senior-school-built", "technician-college-built");
    let already = |facts: &[OutputFact], output: &str, on: &str, except: &str| {
        let found = raised_already(&PROGRAMME, facts, (output, day(on)), except);
        found.map(|one| (one.fact.id.clone(), one.level.to_owned(), one.mistake().words))
    };
    let mut facts = vec![raised("1", senior, EntryState::Claimed, &[("approved", "2026-11-28")])];
    let (id, level, words) = already(&facts, college, "2026-11-29", "").unwrap();
    assert_eq!((id.as_str(), level.as_str()), ("1", "高级技工学校"));
    assert!(words.contains("升格为高级技工学校的一条还在计入"), "{words}");
    assert!(already(&facts, college, "2026-11-27", "").is_some(), "it would begin to count beside it");
    assert!(already(&facts, senior, "2026-11-29", "").is_some(), "nor is it raised to one level twice");
    assert_eq!(already(&facts, senior, "2026-11-20", "1"), None, "its own day may be corrected");
    assert_eq!(already(&facts, "training-base", "2026-11-29", ""), None, "other things stand beside it");
    // It was raised further: the first one ends where the second begins.
    facts[0].stages.push(("raised".to_owned(), day("2026-11-29")));
    assert_eq!(already(&facts, college, "2026-11-29", ""), None);
    facts.push(raised("2", college, EntryState::Confirmed, &[("approved", "2026-11-29")]));
    let world = World { outputs: facts, ..World::default() };
    let on = |id: &str, last: &str| {
        let window = Period::new(day("2026-01-01"), day(last)).unwrap();
        evaluate(&PROGRAMME, PROGRAMME.indicator(id).unwrap(), &world, window).claimed.value()
    };
    assert_eq!(
        (on("senior-schools", "2026-11-28"), on("technician-colleges", "2026-11-28")),
        (Some(1), Some(0))
    );
    assert_eq!(
        (on("senior-schools", "2026-12-31"), on("technician-colleges", "2026-12-31")),
        (Some(0), Some(1))
    );
    let gone = [raised("1", senior, EntryState::Withdrawn, &[("approved", "2026-11-28")])];
    assert_eq!(already(&gone, college, "2026-11-29", ""), None);
}
