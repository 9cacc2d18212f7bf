//! What things add to indicators of each sort, and that adding up thing by thing is the same as looking at everything.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Period, Reported, Unit};
use jiedui_programme::{
    EntryFact, EntryState, FieldValue, IndicatorOf, OutputFact, PostSpan, Posts, ProfileFact, ProfileState,
    Programme, Reading, SchoolFact, World, contributions, contributions_of_entry, contributions_of_output,
    contributions_of_profile, covered_people, evaluate, load, read, span,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| {
    let mut files = common::files();
    files.insert("tasks/99-figures.toml".to_owned(), include_str!("fixtures/figures.toml").to_owned());
    files.get_mut("profile.toml").unwrap().push_str(STAFF);
    let mut programme = load(&files).unwrap();
    // The same hours, and what they cost.
    let mut cost = programme.indicator("lesson-hours").unwrap().clone();
    let activity = vec!["lesson".to_owned()];
    cost.of = IndicatorOf::Entries {
        activity,
        field: Some("cost".to_owned()),
        only: None,
        given_by: None,
        answered: Vec::new(),
    };
    "lesson-cost".clone_into(&mut cost.id);
    cost.unit = Unit::Yuan;
    programme.indicators.push(cost);
    programme
});

const STAFF: &str = r#"
[[element]]
id = "full_staff"
name = "在岗人数"
group = "人"
clause = "T1.1"
unit = "persons"
purpose = "算比例"
"#;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn window(from: &str, to: &str) -> Period {
    Period::new(day(from), day(to)).unwrap()
}

fn lesson(
    id: &str,
    on: &str,
    state: EntryState,
    roster: &[&str],
    fields: &[(&str, FieldValue)],
) -> EntryFact {
    let confirmed = match state {
        EntryState::Confirmed => 6,
        EntryState::Part => 4,
        _ => 0,
    };
    EntryFact {
        id: id.to_owned(),
        activity: "lesson".to_owned(),
        helpers: vec!["h".to_owned()],
        county_school: "s1".to_owned(),
        period: Period::day(day(on)),
        state,
        claimed: 6,
        confirmed,
        disputed_days: None,
        post: None,
        parts: Vec::new(),
        roster: roster.iter().map(|name| (*name).to_owned()).collect(),
        repeated: jiedui_programme::Repeated::default(),
        fields: fields.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect(),
    }
}

fn room(id: &str, state: EntryState, stages: &[(&str, &str)]) -> OutputFact {
    OutputFact {
        id: id.to_owned(),
        output: "room".to_owned(),
        org: "s1".to_owned(),
        county_school: Some("s1".to_owned()),
        helpers: Vec::new(),
        state,
        quantity: 300,
        achieved: 120,
        stages: stages.iter().map(|(stage, from)| ((*stage).to_owned(), day(from))).collect(),
        receipts: Vec::new(),
        agreed: 0,
        project: None,
        earlier: Vec::new(),
        fields: BTreeMap::new(),
    }
}

fn staff(school: &str, year: i32, state: ProfileState, value: Reported<i64>) -> ProfileFact {
    ProfileFact {
        id: format!("{school}-{year}"),
        school: school.to_owned(),
        year,
        state,
        on: day(&format!("{year}-11-05")),
        values: BTreeMap::from([("full_staff".to_owned(), value)]),
    }
}

fn reading(id: &str, world: &World, window: Period) -> Reading {
    evaluate(&PROGRAMME, PROGRAMME.indicator(id).unwrap(), world, window)
}

/// Claimed and confirmed, where known.
fn both(id: &str, world: &World, window: Period) -> (Option<i64>, Option<i64>) {
    let reading = reading(id, world, window);
    (reading.claimed.value(), reading.confirmed.value())
}

#[test]
fn only_what_the_filter_names_is_summed_and_a_field_waits_for_a_whole_confirmation() {
    let city = [("level", FieldValue::Text("city".into())), ("cost", FieldValue::Number(5000))];
    let world = World {
        entries: vec![
            lesson("1", "2026-03-02", EntryState::Confirmed, &[], &city),
            lesson("2", "2026-04-02", EntryState::Part, &[], &city),
            lesson(
                "3",
                "2026-05-02",
                EntryState::Confirmed,
                &[],
                &[("level", FieldValue::Text("school".into()))],
            ),
            lesson("4", "2026-06-02", EntryState::Confirmed, &[], &[("cost", FieldValue::Number(700))]),
            lesson("5", "2026-06-02", EntryState::Withdrawn, &[], &city),
        ],
        ..World::default()
    };
    let year = window("2026-01-01", "2026-12-31");
    assert_eq!(both("lesson-hours", &world, year), (Some(12), Some(10)));
    assert_eq!(both("lesson-cost", &world, year), (Some(10_700), Some(5_700)));
    assert_eq!(reading("lesson-cost", &world, year).rows.len(), 3, "an open field is no row");
}

#[test]
fn a_person_counts_once_from_the_first_entry_and_is_confirmed_from_the_first_confirmed_one() {
    let world = World {
        entries: vec![
            lesson("1", "2025-03-02", EntryState::Claimed, &["甲", "乙", "甲"], &[]),
            lesson("2", "2026-03-02", EntryState::Confirmed, &["乙", "丙"], &[]),
            lesson("3", "2026-05-02", EntryState::Part, &["丁"], &[]),
            lesson("4", "2026-06-02", EntryState::Withdrawn, &["戊"], &[]),
        ],
        ..World::default()
    };
    let until = |to: &str| both("lesson-people", &world, window("2026-01-01", to));
    assert_eq!(until("2026-01-31"), (Some(2), Some(0)), "from the beginning on, not only within the window");
    assert_eq!(until("2026-03-02"), (Some(3), Some(2)));
    assert_eq!(until("2026-12-31"), (Some(4), Some(2)), "a part confirmation does not say who");
}

#[test]
fn an_output_counts_from_stage_to_stage() {
    let world = World {
        outputs: vec![
            room(
                "1",
                EntryState::Confirmed,
                &[("plan", "2025-01-10"), ("open", "2025-05-02"), ("shut", "2026-04-01")],
            ),
            room("2", EntryState::Claimed, &[("open", "2026-02-01")]),
            room("3", EntryState::Confirmed, &[("plan", "2026-02-01")]),
            room(
                "4",
                EntryState::Confirmed,
                &[("plan", "2026-02-01"), ("open", "2026-03-01"), ("shut", "2026-03-01")],
            ),
            room("5", EntryState::Withdrawn, &[("open", "2026-02-01")]),
        ],
        ..World::default()
    };
    let on = |id, to: &str| both(id, &world, window("2020-01-01", to));
    assert_eq!(on("rooms", "2025-05-01"), (Some(0), Some(0)));
    assert_eq!(on("rooms", "2025-05-02"), (Some(1), Some(1)));
    assert_eq!(on("rooms", "2026-03-31"), (Some(2), Some(1)));
    assert_eq!(on("rooms", "2026-04-01"), (Some(1), Some(0)));
    assert_eq!(on("room-space", "2026-03-31"), (Some(600), Some(300)));
    assert_eq!(on("room-given", "2026-03-31"), (Some(240), Some(120)));
    assert_eq!(
        reading("rooms", &world, window("2026-01-01", "2026-12-31")).rows.len(),
        1,
        "what is shut is no row"
    );
}

#[test]
fn money_counts_on_the_day_on_which_it_arrives() {
    let given = OutputFact {
        achieved: 120,
        receipts: vec![(day("2024-10-01"), 0), (day("2025-05-02"), 50), (day("2026-02-01"), 120)],
        ..room(
            "1",
            EntryState::Confirmed,
            &[("open", "2024-10-01"), ("open", "2025-05-02"), ("open", "2026-02-01")],
        )
    };
    let shut = OutputFact {
        id: "2".to_owned(),
        stages: vec![("open".to_owned(), day("2025-01-10")), ("shut".to_owned(), day("2026-04-01"))],
        receipts: vec![(day("2025-01-10"), 7), (day("2026-04-01"), 7)],
        ..given.clone()
    };
    let world = World { outputs: vec![given, shut], ..World::default() };
    let on = |to: &str| both("room-given", &world, window("2020-01-01", to)).0.unwrap();
    assert_eq!((on("2024-12-31"), on("2025-05-01"), on("2025-05-02")), (0, 7, 57));
    assert_eq!((on("2026-01-31"), on("2026-02-01")), (57, 127));
    assert_eq!(on("2026-04-01"), 120, "what is shut counts no more");
}

#[test]
fn days_of_a_stay_count_in_the_month_and_the_year_in_which_they_lie() {
    let mut stay = lesson("1", "2026-01-20", EntryState::Confirmed, &[], &[]);
    "residency".clone_into(&mut stay.activity);
    stay.post = Some(jiedui_programme::Post::MiddleManager);
    stay.period = window("2025-12-20", "2026-02-10");
    (stay.claimed, stay.confirmed) = (stay.period.days(), stay.period.days());
    let mut part = EntryFact { id: "2".to_owned(), state: EntryState::Part, ..stay.clone() };
    part.disputed_days = Some(window("2025-12-30", "2026-01-02"));
    part.confirmed = part.claimed - 4;
    let world = World { entries: vec![stay.clone(), part], ..World::default() };
    let days = |from: &str, to: &str| both("resident-days", &world, window(from, to));
    assert_eq!(days("2025-01-01", "2025-12-31"), (Some(24), Some(22)));
    assert_eq!(days("2026-01-01", "2026-12-31"), (Some(82), Some(80)));
    assert_eq!(days("2026-01-01", "2026-01-31"), (Some(62), Some(60)));
    assert_eq!(days("2026-02-01", "2026-02-28"), (Some(20), Some(20)));
    let found = contributions_of_entry(&PROGRAMME, &stay);
    let sum: i64 = found.iter().filter(|one| one.indicator == "resident-days").map(|one| one.claimed).sum();
    assert_eq!(sum, stay.claimed);
}

#[test]
fn a_school_counts_once_however_often_it_is_recorded() {
    let built = |id: &str, school: &str, state: EntryState| OutputFact {
        id: id.to_owned(),
        output: "technician-college-built".to_owned(),
        county_school: Some(school.to_owned()),
        stages: vec![("approved".to_owned(), day("2026-03-01"))],
        ..room(id, state, &[])
    };
    let stage = &PROGRAMME.output("technician-college-built").unwrap().stages;
    let counting = stage.iter().find(|stage| stage.counts).unwrap().id.clone();
    let mut outputs = vec![
        built("1", "s1", EntryState::Claimed),
        built("2", "s1", EntryState::Confirmed),
        built("3", "s2", EntryState::Claimed),
        built("4", "s1", EntryState::Confirmed),
    ];
    for output in &mut outputs {
        counting.clone_into(&mut output.stages[0].0);
    }
    let world = World { outputs, ..World::default() };
    let found = reading("technician-colleges", &world, window("2026-01-01", "2026-12-31"));
    assert_eq!((found.claimed, found.confirmed), (Reported::Value(2), Reported::Value(1)));
    assert_eq!(found.rows.len(), 2, "a row for each school");
}

#[test]
fn a_share_is_taken_over_those_who_answered_both() {
    let income = |id: &str, school: &str, quantity: i64, pay: Option<i64>| {
        let fields: Vec<_> = pay.map(|pay| ("pay", FieldValue::Number(pay))).into_iter().collect();
        let mut fact = lesson(id, "2026-06-30", EntryState::Confirmed, &[], &fields);
        "training-income".clone_into(&mut fact.activity);
        school.clone_into(&mut fact.county_school);
        (fact.claimed, fact.confirmed) = (quantity, quantity);
        fact
    };
    let entries = vec![
        income("1", "s1", 1000, Some(900)),
        income("2", "s1", 5000, None),
        income("3", "s2", 4000, None),
        income("4", "s3", 500, Some(0)),
    ];
    let world = World { entries, ..World::default() };
    let found = reading("training-pay-share", &world, window("2026-01-01", "2026-12-31"));
    assert_eq!(found.confirmed, Reported::Value(6000), "900 of 1,500: a blank is not nought, nought is");
    assert_eq!(found.parts[1].confirmed, Reported::Value(1500));
    assert_eq!(found.parts[1].rows.len(), 2, "two schools answered");
}

#[test]
fn a_school_is_judged_by_its_own_level_and_a_promotion_takes_nothing_away() {
    let values = |floor: i64| {
        let given = [
            ("land_area", 61_000),
            ("floor_area", floor),
            ("practice_area", 5200),
            ("equipment_value", 320_000_000),
            ("students", 950),
            ("year_training", 900),
            ("majors", 4),
        ];
        given
            .map(|(id, value)| (id.to_owned(), Reported::Value(value)))
            .into_iter()
            .collect::<BTreeMap<_, _>>()
    };
    let profile = |year: i32, on: &str| ProfileFact {
        id: format!("p{year}"),
        school: "s1".to_owned(),
        year,
        state: ProfileState::Accepted,
        on: day(on),
        values: values(20_000),
    };
    let school = SchoolFact {
        id: "s1".to_owned(),
        level: "技师学院".to_owned(),
        levels_before: vec![(day("2026-06-01"), "技工学校".to_owned())],
        typical: false,
    };
    let mut world =
        World { schools: vec![school], profiles: vec![profile(2025, "2026-01-10")], ..World::default() };
    let on = |world: &World, day: &str| both("attained-schools", world, window("2026-01-01", day)).1;
    assert_eq!(on(&world, "2026-01-31"), Some(1));
    assert_eq!(on(&world, "2026-12-31"), Some(1), "promoted since: judged by what it was then");
    world.profiles.push(profile(2026, "2027-01-10"));
    assert_eq!(on(&world, "2027-01-31"), Some(0), "the next profile is held against the new standard");
    world.schools[0].levels_before.clear();
    assert_eq!(
        on(&world, "2026-12-31"),
        Some(0),
        "what was a college all along meets the standard of colleges"
    );
}

#[test]
fn what_nobody_reported_is_unknown_and_zero_is_a_value() {
    let year = window("2026-01-01", "2026-12-31");
    let mut world = World {
        profiles: vec![
            staff("s1", 2025, ProfileState::Accepted, Reported::Value(40)),
            staff("s1", 2026, ProfileState::Draft, Reported::Value(44)),
            staff("s2", 2026, ProfileState::Submitted, Reported::NotReported),
        ],
        ..World::default()
    };
    assert_eq!(both("staff", &world, year), (None, None));
    assert_eq!(both("staff", &world, window("2025-01-01", "2025-12-31")), (Some(40), Some(40)));
    world.profiles.push(staff("s3", 2026, ProfileState::Submitted, Reported::Value(0)));
    assert_eq!(both("staff", &world, year), (Some(0), Some(0)));
    assert_eq!(both("lesson-share", &world, year), (None, None), "nought is no denominator");
}

#[test]
fn a_ratio_is_made_of_schools_that_know_both_and_is_rounded_down() {
    let elsewhere = EntryFact {
        county_school: "s9".to_owned(),
        ..lesson("3", "2026-03-02", EntryState::Confirmed, &["己"], &[])
    };
    let world = World {
        profiles: vec![
            staff("s1", 2026, ProfileState::Accepted, Reported::Value(3)),
            staff("s2", 2026, ProfileState::Submitted, Reported::Value(3)),
        ],
        entries: vec![
            lesson("1", "2025-03-02", EntryState::Confirmed, &["甲", "乙"], &[]),
            lesson("2", "2026-03-02", EntryState::Claimed, &["丙"], &[]),
            elsewhere,
        ],
        ..World::default()
    };
    let found = reading("lesson-share", &world, window("2026-01-01", "2026-12-31"));
    assert_eq!(
        found.claimed,
        Reported::Value(5000),
        "three of six: the school without a profile is left out"
    );
    assert_eq!(found.confirmed, Reported::Value(6666), "two of the three that are accepted");
    let parts = found.parts.iter().map(|part| (part.claimed.value(), part.confirmed.value()));
    assert_eq!(parts.collect::<Vec<_>>(), [(Some(3), Some(2)), (Some(6), Some(3))], "and these give it");
    assert!(found.rows.is_empty());
}

#[test]
fn levels_are_read_from_the_registry() {
    let school = |id: &str, level: &str| SchoolFact {
        id: id.into(),
        level: level.into(),
        levels_before: Vec::new(),
        typical: false,
    };
    let world =
        World { schools: vec![school("a", "技工学校"), school("b", "技师学院")], ..World::default() };
    assert_eq!(both("colleges", &world, window("2026-01-01", "2026-12-31")), (Some(1), Some(1)));
}

fn any_state() -> impl Strategy<Value = EntryState> {
    prop_oneof![
        Just(EntryState::Claimed),
        Just(EntryState::Confirmed),
        Just(EntryState::Part),
        Just(EntryState::Disputed),
        Just(EntryState::Withdrawn),
    ]
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..900_i64).prop_map(|more| day("2024-07-01") + chrono::TimeDelta::days(more))
}

fn any_fact() -> impl Strategy<Value = EntryFact> {
    let roster = prop::collection::vec(prop_oneof![Just("甲"), Just("乙"), Just("丙"), Just("丁")], 0..4);
    let level = prop::option::of(prop_oneof![Just("city"), Just("school")]);
    (0..60_u32, 0..3_u8, any_day(), any_state(), roster, level, prop::option::of(0..9_i64)).prop_map(
        |(id, school, on, state, roster, level, cost)| {
            let level = level.map(|level| ("level", FieldValue::Text(level.to_owned())));
            let cost = cost.map(|cost| ("cost", FieldValue::Number(cost)));
            let fields: Vec<_> = level.into_iter().chain(cost).collect();
            let mut fact = lesson(&format!("e{id}"), &on.to_string(), state, &roster, &fields);
            fact.county_school = format!("s{school}");
            fact
        },
    )
}

fn any_output() -> impl Strategy<Value = OutputFact> {
    let stage = (prop_oneof![Just("plan"), Just("open"), Just("shut")], any_day());
    (0..30_u32, any_state(), prop::collection::vec(stage, 1..5), 0..9_i64).prop_map(
        |(id, state, mut stages, quantity)| {
            stages.sort_by_key(|(_, from)| *from);
            let stages: Vec<(String, String)> =
                stages.into_iter().map(|(stage, from)| (stage.to_owned(), from.to_string())).collect();
            let stages: Vec<(&str, &str)> =
                stages.iter().map(|(stage, from)| (stage.as_str(), from.as_str())).collect();
            OutputFact { quantity, ..room(&format!("o{id}"), state, &stages) }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Thing by thing, each on its own, is the same as everything at once; and what `evaluate` reads is their sum.
    #[test]
    fn adding_up_thing_by_thing_is_the_whole(
        entries in prop::collection::vec(any_fact(), 0..30),
        outputs in prop::collection::vec(any_output(), 0..15),
        values in prop::collection::vec((0..3_u8, 2024..2027_i32, 0..50_i64), 0..6),
        posts in prop::collection::vec((prop_oneof![Just("甲"), Just("乙")], 0..3_u8, any_day(), prop::option::of(any_day())), 0..5),
        from in any_day(),
        length in 0..400_i64,
    ) {
        let mut known = Posts::new();
        for (person, school, from, to) in posts {
            let span = PostSpan { school: format!("s{school}"), from, to };
            known.entry(person.to_owned()).or_default().push(span);
        }
        let profiles = values.into_iter()
            .map(|(school, year, value)| staff(&format!("s{school}"), year, ProfileState::Accepted, Reported::Value(value)))
            .collect();
        let world = World { entries, posts: known, outputs, profiles, ..World::default() };
        let mut whole = contributions(&PROGRAMME, &world);
        let (people, mut parts): (Vec<_>, Vec<_>) = world.entries.iter()
            .flat_map(|fact| contributions_of_entry(&PROGRAMME, fact))
            .partition(|one| one.kind == "person");
        parts.extend(covered_people(people, &world.posts));
        parts.extend(world.outputs.iter().flat_map(|fact| contributions_of_output(&PROGRAMME, fact)));
        parts.extend(world.profiles.iter().flat_map(|fact| contributions_of_profile(&PROGRAMME, fact)));
        whole.sort();
        parts.sort();
        prop_assert_eq!(&whole, &parts);
        let window = Period::new(from, from + chrono::TimeDelta::days(length)).unwrap();
        for of in PROGRAMME.indicators.iter().filter(|of| span(&of.of, window).is_some()) {
            let evaluated = evaluate(&PROGRAMME, of, &world, window);
            let summed = read(of, &whole, window);
            prop_assert_eq!(evaluated.claimed, summed.claimed);
            prop_assert_eq!(evaluated.confirmed, summed.confirmed);
            let rows = |pick: fn(&jiedui_programme::Row) -> i64| evaluated.rows.iter().map(pick).sum::<i64>();
            prop_assert_eq!(evaluated.claimed.value().unwrap_or(0), rows(|row| row.claimed));
            prop_assert!(rows(|row| row.confirmed) <= rows(|row| row.claimed));
        }
    }
}
