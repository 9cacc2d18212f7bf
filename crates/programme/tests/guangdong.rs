//! The programme in the tree: it loads, covers the plan sentence by sentence, and its examples hold.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Period};
use jiedui_programme::{Aim, IndicatorOf, Programme, load, run_examples};

fn programme() -> Programme {
    load(&common::files()).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn it_loads_without_a_problem() {
    let programme = programme();
    assert_eq!(programme.digest.len(), 64);
    assert_eq!(programme.digest, self::programme().digest);
    let mut changed = common::files();
    changed.get_mut("access.toml").unwrap().push('\n');
    assert_ne!(programme.digest, load(&changed).unwrap().digest, "one more line is another programme");
}

#[test]
fn every_sentence_of_the_plan_is_there_once_in_its_order() {
    let ids: Vec<String> = programme().clauses.into_iter().map(|clause| clause.id).collect();
    let wanted: Vec<&str> = include_str!("fixtures/clause-ids.txt").lines().collect();
    assert_eq!(wanted.len(), 89);
    assert_eq!(ids, wanted);
}

#[test]
fn every_target_of_the_plan_is_there() {
    let targets = programme().targets;
    let clauses: Vec<&str> = targets.iter().map(|target| target.clause.as_str()).collect();
    let wanted = [
        "G2.1", "G2.2", "G2.3", "G2.4", "G2.5", "G2.6", "G3.1", "G3.2", "G3.3", "G3.4", "G3.5", "G3.6",
        "G3.7", "G3.8",
    ];
    assert_eq!(clauses, wanted);
    assert_eq!(targets[1].aim, Aim::NotIssued, "the draft leaves this number open");
    let measured = |target: &&jiedui_programme::Target| target.aim.measured();
    assert!(targets.iter().filter(measured).all(|target| target.basis.contains("统计口径未确认")));
    let bare: Vec<&str> =
        targets.iter().filter(|target| !measured(target)).map(|target| target.clause.as_str()).collect();
    assert_eq!(bare, ["G2.1", "G3.1"], "the plan gives no number for these");
}

#[test]
fn its_examples_hold_and_speak_of_every_rule() {
    let programme = programme();
    let failures: Vec<String> = run_examples(&programme).iter().map(ToString::to_string).collect();
    assert_eq!(failures, Vec::<String>::new());
    let text: String = common::files().into_values().collect();
    for obligation in &programme.obligations {
        assert!(text.contains(&format!("\nobligation = \"{}\"", obligation.id)), "{}", obligation.id);
    }
    for indicator in &programme.indicators {
        assert!(text.contains(&format!("\nindicator = \"{}\"\nwindow", indicator.id)), "{}", indicator.id);
        assert!(!matches!(&indicator.of, IndicatorOf::Entries { activity, .. } if activity.is_empty()));
    }
    for activity in &programme.activities {
        assert!(text.contains(&format!("\nactivity = \"{}\"\nfacts", activity.id)), "{}", activity.id);
    }
    let said = |key: &str, id: &str, next: &str| {
        assert!(text.contains(&format!("\n{key} = \"{id}\"\n{next}")), "{key} {id} has no example");
    };
    programme.outputs.iter().for_each(|output| said("output", &output.id, "on = "));
    programme.applications.iter().for_each(|one| said("application", &one.id, "school = "));
    programme.standards.iter().for_each(|standard| said("standard", &standard.id, "profile = "));
    programme.duties.iter().for_each(|duty| said("duty", &duty.id, "today = "));
}

#[test]
fn a_wrong_expectation_is_found_and_located() {
    let mut files = common::files();
    let file = files.get_mut("tasks/09-social-training.toml").unwrap();
    *file = file.replace("claimed = 85, confirmed = 35", "claimed = 85, confirmed = 85");
    let line = 1 + file.lines().position(|line| line == "[[example]]").unwrap();
    let failures = run_examples(&load(&files).unwrap());
    assert_eq!(failures.len(), 1);
    assert_eq!((failures[0].file.as_str(), failures[0].line), ("tasks/09-social-training.toml", line));
    assert_eq!(failures[0].message, "confirmed 预期 85，得到 35");
}

#[test]
fn working_days_follow_the_published_arrangement() {
    let workdays = programme().calendar.workdays;
    assert!(!workdays.is_workday(day("2026-10-01")));
    assert!(workdays.is_workday(day("2026-10-10")), "a Saturday worked in exchange");
    assert!(workdays.is_workday(day("2025-10-09")));
    assert!(!workdays.is_workday(day("2024-02-12")));
    // 2027 is not published: plain weekends and the days that are holidays every year.
    assert!(!workdays.is_workday(day("2027-10-01")));
    assert!(workdays.is_workday(day("2027-10-04")));
}

#[test]
fn days_of_term_are_working_days_outside_of_holidays() {
    let calendar = programme().calendar;
    let span = |from: &str, to: &str| Period::new(day(from), day(to)).unwrap();
    let runs = [span("2026-11-06", "2026-11-06"), span("2026-11-09", "2026-11-10")];
    assert_eq!(calendar.taught(span("2026-11-06", "2026-11-10")), runs, "a weekend is no day of term");
    assert!(calendar.taught(span("2026-11-07", "2026-11-08")).is_empty());
    assert!(calendar.taught(span("2026-08-03", "2026-08-14")).is_empty(), "between two semesters");
    assert!(
        calendar.taught(span("2026-07-13", "2026-07-24")).is_empty(),
        "a semester reaches into the summer"
    );
    let end = [span("2026-07-09", "2026-07-10")];
    assert_eq!(calendar.taught(span("2026-07-09", "2026-07-24")), end);
}

#[test]
fn administrators_see_no_business_rows() {
    let access = programme().access;
    for grant in access.grants.iter().filter(|grant| {
        ["registry", "pairing", "entry", "clock", "indicator"].contains(&grant.resource.as_str())
    }) {
        for role in ["sysadmin", "secadmin", "auditor"] {
            assert!(!grant.roles.iter().any(|granted| granted == role), "{role} × {}", grant.resource);
        }
    }
}
