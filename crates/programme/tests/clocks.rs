//! Clocks beyond the programme's own examples: what a school, the office or the calendar changes about them.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Period};
use jiedui_programme::{
    Arrangements, ClockNote, ClockReading, ClockState, EntryFact, EntryState, Exemption, HelperPart,
    PairingFact, PairingRole, Post, Programme, SchoolSemester, clocks, load,
};

fn programme() -> Programme {
    load(&common::files()).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn paired(from: &str, to: Option<&str>) -> PairingFact {
    PairingFact {
        helper: "甲校".to_owned(),
        party: PairingRole::Lead,
        county_school: "县校".to_owned(),
        from: day(from),
        to: to.map(day),
        signed: None,
        planned: None,
    }
}

fn visit(on: &str, helpers: &[&str], parts: &[(&str, Post)]) -> EntryFact {
    EntryFact {
        id: on.to_owned(),
        activity: "visit".to_owned(),
        helpers: helpers.iter().map(|helper| (*helper).to_owned()).collect(),
        county_school: "县校".to_owned(),
        period: Period::day(day(on)),
        state: EntryState::Confirmed,
        claimed: 1,
        confirmed: 1,
        disputed_days: None,
        post: Some(Post::Head),
        parts: parts
            .iter()
            .map(|(helper, post)| HelperPart { helper: (*helper).to_owned(), post: Some(*post) })
            .collect(),
        roster: Vec::new(),
        repeated: jiedui_programme::Repeated::default(),
        fields: std::collections::BTreeMap::new(),
    }
}

fn read(
    programme: &Programme,
    facts: &[EntryFact],
    arrangements: &Arrangements,
    (obligation, period, today): (&str, &str, &str),
) -> Option<ClockReading> {
    let readings = clocks(programme, &[paired("2024-07-26", None)], facts, arrangements, day(today));
    readings.into_iter().find(|one| one.obligation == obligation && one.period_id == period)
}

#[test]
fn periods_before_the_system_was_used_are_shown_and_not_judged() {
    let mut programme = programme();
    let none = Arrangements::default();
    let of = |programme: &Programme, period| {
        read(programme, &[], &none, ("principal-visit", period, "2026-11-24")).unwrap()
    };
    assert_eq!(of(&programme, "2025").state, ClockState::Missed);
    programme.calendar.in_use_since = Some(day("2026-01-01"));
    let before = of(&programme, "2025");
    assert_eq!((before.state, before.owed, before.latest_start), (ClockState::BeforeUse, 2, None));
    assert_eq!(before.notes, [ClockNote::BeforeUse { since: day("2026-01-01") }]);
    assert!(of(&programme, "2026").state.is_judged(), "a period that goes on is");
    programme.calendar.in_use_since = Some(day("2025-12-31"));
    assert_eq!(of(&programme, "2025").state, ClockState::Missed, "it ended on the day itself");
}

#[test]
fn a_semester_that_nobody_has_dated_is_shown() {
    let programme = programme();
    let none = Arrangements::default();
    assert!(read(&programme, &[], &none, ("resident", "undated", "2027-07-31")).is_none());
    let reading = read(&programme, &[], &none, ("resident", "undated", "2027-10-15")).unwrap();
    assert_eq!((reading.state, reading.latest_start), (ClockState::Undated, None));
    assert_eq!(reading.notes, [ClockNote::Undated { from: day("2027-08-01") }]);
    assert!(read(&programme, &[], &none, ("principal-visit", "undated", "2027-10-15")).is_none());
}

#[test]
fn a_school_keeps_its_own_days_of_a_semester() {
    let own = SchoolSemester {
        county_school: "县校".to_owned(),
        semester: "2026-2027-1".to_owned(),
        from: day("2026-10-01"),
        to: day("2027-01-10"),
        by: "县校".to_owned(),
        reason: "推迟开学".to_owned(),
    };
    let arrangements = Arrangements { semesters: vec![own], exemptions: Vec::new() };
    let programme = programme();
    let asked = |today| read(&programme, &[], &arrangements, ("resident", "2026-2027-1", today));
    assert!(asked("2026-09-30").is_none(), "it has not begun there");
    let reading = asked("2026-10-01").unwrap();
    assert_eq!(reading.period, Period::new(day("2026-10-01"), day("2027-01-10")).unwrap());
    assert_eq!(reading.latest_start, Some(day("2026-12-12")));
    assert!(matches!(&reading.notes[..], [ClockNote::OwnSemester { reason, .. }] if reason == "推迟开学"));
}

#[test]
fn an_exemption_says_who_gave_it_and_why() {
    let exemption = Exemption {
        obligation: "principal-visit".to_owned(),
        helper: "甲校".to_owned(),
        county_school: "县校".to_owned(),
        period: "2026".to_owned(),
        by: "省办".to_owned(),
        reason: "台风封路".to_owned(),
    };
    let arrangements = Arrangements { semesters: Vec::new(), exemptions: vec![exemption] };
    let programme = programme();
    let of =
        |period| read(&programme, &[], &arrangements, ("principal-visit", period, "2026-12-31")).unwrap();
    let exempt = of("2026");
    assert_eq!((exempt.state, exempt.latest_start), (ClockState::Exempt, None));
    assert_eq!(exempt.notes, [ClockNote::Exempted { by: "省办".to_owned(), reason: "台风封路".to_owned() }]);
    assert_eq!(of("2025").state, ClockState::Missed, "only that period");
}

#[test]
fn a_pairing_that_ends_in_mid_period_asks_for_what_can_be_done() {
    let programme = programme();
    let read = |from: &str, to: &str, obligation: &str, period: &str| {
        let pairings = [paired(from, Some(to))];
        let all = clocks(&programme, &pairings, &[], &Arrangements::default(), day("2026-11-24"));
        all.into_iter().find(|one| one.obligation == obligation && one.period_id == period).unwrap()
    };
    let owed = |to: &str| read("2024-07-26", to, "principal-visit", "2026").owed;
    assert_eq!(
        (owed("2026-05-12"), owed("2026-07-02"), owed("2026-12-30"), owed("2026-12-31")),
        (0, 1, 1, 2)
    );
    let short = read("2024-07-26", "2026-05-12", "principal-visit", "2026");
    assert_eq!(
        (short.state, &short.notes[..]),
        (ClockState::Exempt, &[ClockNote::Ended { day: day("2026-05-12") }][..])
    );
    for to in ["2026-09-01", "2026-09-29", "2026-11-30", "2027-01-30"] {
        let reading = read("2024-07-26", to, "resident", "2026-2027-1");
        let days = (day(to) - day("2026-09-01")).num_days() + 1;
        assert!(reading.owed <= days && reading.owed == 30 * days / 153, "{to}: {reading:?}");
    }
}

#[test]
fn no_latest_day_lies_in_a_gap_between_two_pairings() {
    let programme = programme();
    let pairings = [paired("2024-07-26", Some("2026-12-10")), paired("2026-12-31", None)];
    let read = |facts: &[EntryFact], today: &str| {
        let all = clocks(&programme, &pairings, facts, &Arrangements::default(), day(today));
        all.into_iter().find(|one| one.obligation == "principal-visit" && one.period_id == "2026").unwrap()
    };
    let once = [visit("2026-03-02", &["甲校"], &[])];
    assert_eq!(read(&[], "2026-06-01").latest_start, Some(day("2026-12-10")));
    assert_eq!(read(&once, "2026-06-01").latest_start, Some(day("2026-12-31")));
    assert_eq!(read(&[], "2026-12-11").state, ClockState::Missed, "one day is left for two");
    assert_eq!(read(&once, "2026-12-20").latest_start, Some(day("2026-12-31")));
    // What is done in the gap does not count.
    assert_eq!(read(&[visit("2026-12-20", &["甲校"], &[])], "2026-12-31").claimed, 0);
}

#[test]
fn in_joint_work_each_moves_its_own_clock() {
    let programme = programme();
    let state = |facts: &[EntryFact]| {
        let none = Arrangements::default();
        read(&programme, facts, &none, ("principal-visit", "2026", "2026-11-24")).unwrap().claimed
    };
    let both = ["乙校", "甲校"];
    assert_eq!(state(&[visit("2026-03-10", &both, &[])]), 0);
    assert_eq!(state(&[visit("2026-03-10", &both, &[("乙校", Post::Head)])]), 0, "the other's principal");
    assert_eq!(state(&[visit("2026-03-10", &both, &[("甲校", Post::DeputyHead)])]), 0);
    assert_eq!(state(&[visit("2026-03-10", &both, &[("甲校", Post::Head)])]), 1);
    assert_eq!(state(&[visit("2026-03-10", &["甲校"], &[])]), 1);
}
