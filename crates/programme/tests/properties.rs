//! What must hold whatever the facts are.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::testing::damaged_text;
use jiedui_kernel::{Date, Period, Random};
use jiedui_programme::{
    Arrangements, ClockReading, ClockState, EntryFact, EntryState, HelperPart, PairingFact, PairingRole,
    Post, Problem, Programme, clocks, indicator, load,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| load(&common::files()).unwrap());

const FIRST: &str = "2024-07-01";
const DAYS: i64 = 1000;

fn day(offset: i64) -> Date {
    FIRST.parse::<Date>().unwrap() + chrono::TimeDelta::days(offset)
}

fn state() -> impl Strategy<Value = EntryState> {
    prop_oneof![
        Just(EntryState::Claimed),
        Just(EntryState::Confirmed),
        Just(EntryState::Part),
        Just(EntryState::Disputed),
        Just(EntryState::Withdrawn),
    ]
}

fn post() -> impl Strategy<Value = Option<Post>> {
    prop_oneof![
        Just(None),
        Just(Some(Post::Head)),
        Just(Some(Post::DeputyHead)),
        Just(Some(Post::MiddleManager)),
        Just(Some(Post::Teacher)),
    ]
}

fn fact() -> impl Strategy<Value = EntryFact> {
    let activity = prop_oneof![Just("visit"), Just("residency"), Just("teacher-training"), Just("shadowing")];
    let helpers = prop_oneof![Just(vec!["a"]), Just(vec!["b"]), Just(vec!["a", "b"])];
    let hole = proptest::option::of((0..40_i64, 0..10_i64));
    (activity, helpers, 0..2_u8, 0..DAYS, 0..40_i64, state(), post(), 0..60_i64, hole).prop_map(
        |(activity, helpers, school, from, length, state, post, confirmed, hole)| EntryFact {
            id: format!("{activity}-{from}-{length}-{confirmed}"),
            activity: activity.to_owned(),
            helpers: helpers.into_iter().map(str::to_owned).collect(),
            county_school: format!("s{school}"),
            period: Period::new(day(from), day(from + length)).unwrap(),
            state,
            claimed: 60,
            confirmed,
            disputed_days: hole.and_then(|(at, more)| Period::new(day(from + at), day(from + at + more))),
            post,
            parts: vec![HelperPart { helper: "b".to_owned(), post }],
            roster: Vec::new(),
            repeated: jiedui_programme::Repeated::default(),
            fields: std::collections::BTreeMap::new(),
        },
    )
}

fn pairing() -> impl Strategy<Value = PairingFact> {
    let helper = prop_oneof![Just(("a", PairingRole::Lead)), Just(("b", PairingRole::Nearby))];
    (helper, 0..2_u8, 0..DAYS, proptest::option::of(0..500_i64)).prop_map(
        |((helper, party), school, from, length)| PairingFact {
            helper: helper.to_owned(),
            party,
            county_school: format!("s{school}"),
            from: day(from),
            to: length.map(|length| day(from + length)),
            signed: None,
            planned: None,
        },
    )
}

/// Better is larger; an exempt clock stays so.
fn rank(state: ClockState) -> u8 {
    match state {
        ClockState::Missed => 0,
        ClockState::AtRisk => 1,
        ClockState::Running => 2,
        ClockState::Awaiting => 3,
        ClockState::Met => 4,
        ClockState::Exempt | ClockState::BeforeUse | ClockState::Undated => 5,
    }
}

fn key(reading: &ClockReading) -> (&str, &str, &str, Period) {
    (&reading.obligation, &reading.helper, &reading.county_school, reading.period)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn rows_add_up_to_the_totals(facts in prop::collection::vec(fact(), 0..40), from in 0..DAYS, length in 0..400_i64) {
        let window = Period::new(day(from), day(from + length)).unwrap();
        for measured in &PROGRAMME.indicators {
            let Some(reading) = indicator(&PROGRAMME, measured, &facts, window) else { continue };
            let (claimed, confirmed) = (reading.claimed.value().unwrap(), reading.confirmed.value().unwrap());
            prop_assert_eq!(claimed, reading.rows.iter().map(|row| row.claimed).sum::<i64>());
            prop_assert_eq!(confirmed, reading.rows.iter().map(|row| row.confirmed).sum::<i64>());
            prop_assert!(confirmed <= claimed);
        }
    }

    #[test]
    fn a_confirmed_entry_never_makes_a_clock_worse(
        facts in prop::collection::vec(fact(), 0..25),
        pairings in prop::collection::vec(pairing(), 1..5),
        more in fact(),
        today in 0..DAYS,
    ) {
        let before = clocks(&PROGRAMME, &pairings, &facts, &Arrangements::default(), day(today));
        let mut facts = facts;
        facts.push(EntryFact { state: EntryState::Confirmed, confirmed: more.claimed, disputed_days: None, ..more });
        let after = clocks(&PROGRAMME, &pairings, &facts, &Arrangements::default(), day(today));
        prop_assert_eq!(before.len(), after.len());
        for (old, new) in before.iter().zip(&after) {
            prop_assert_eq!(key(old), key(new));
            prop_assert!(rank(old.state) <= rank(new.state), "{:?} became {:?}", old, new);
            prop_assert!(old.claimed <= new.claimed && old.confirmed <= new.confirmed);
            prop_assert!(new.confirmed <= new.claimed);
            if let (Some(old), Some(new)) = (old.latest_start, new.latest_start) {
                prop_assert!(old <= new);
            }
        }
    }

    #[test]
    fn a_clock_is_read_once_and_says_when_to_begin_only_while_that_is_possible(
        facts in prop::collection::vec(fact(), 0..25),
        pairings in prop::collection::vec(pairing(), 1..5),
        today in 0..DAYS,
    ) {
        let today = day(today);
        let readings = clocks(&PROGRAMME, &pairings, &facts, &Arrangements::default(), today);
        let mut keys: Vec<_> = readings.iter().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), readings.len());
        for reading in &readings {
            prop_assert!(reading.period.from <= today);
            prop_assert_eq!(reading.latest_start.is_some(), reading.workdays_left.is_some());
            let begins = matches!(reading.state, ClockState::Running | ClockState::AtRisk);
            prop_assert_eq!(reading.latest_start.is_some(), begins, "{:?}", reading);
            prop_assert!(reading.latest_start.is_none_or(|start| today <= start && start <= reading.period.to));
        }
    }
}

/// What somebody uploads who prepares a programme: it loads, or each problem says where it is. The same ones each time.
#[test]
fn damaged_programmes_load_or_are_refused() {
    const TOML: [&str; 10] =
        ["[[", "]", "\"\"\"", " = ", "\n", "'", "-1", "9223372036854775807", "1979-05-27", "\u{feff}"];
    let (random, whole) = (Random::seeded(20_261_124), common::files_of("sample-2027"));
    assert!(load(&whole).is_ok());
    let names: Vec<&String> = whole.keys().collect();
    let mut refused = 0;
    for round in 0..1_500 {
        let name = names[round % names.len()];
        let text = damaged_text(&random, &whole[name], &TOML);
        // Alone a file is read as far as it goes; among the others what it refers to is judged too, which takes much longer.
        let mut files = if round % 97 == 0 { whole.clone() } else { BTreeMap::new() };
        files.insert(name.clone(), text);
        if let Err(problems) = load(&files) {
            let told = |problem: &Problem| !problem.message.is_empty() && problem.position().0 > 0;
            assert!(!problems.is_empty() && problems.iter().all(told), "{name}: {problems:?}");
            refused += 1;
        }
    }
    assert!(refused >= 1_400, "{refused}");
}
