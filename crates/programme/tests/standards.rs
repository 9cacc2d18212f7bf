//! Year-profiles against standards: what is known decides, what is not is named, and nothing from memory judges.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Reported};
use jiedui_programme::{
    Application, Attained, Attainment, ConditionState, Element, Meets, Programme, SchoolState, Standard,
    Threshold, Values, attainment, eligibility, load, with_derived,
};
use proptest::prelude::*;
use serde::Deserialize;
use std::sync::LazyLock;

static TODAY: LazyLock<Date> = LazyLock::new(|| "2026-11-24".parse().unwrap());

const ELEMENTS: &str = r#"
[[element]]
id = "land"
name = "占地"
group = "场地"
clause = "T1.1"
unit = "square_metres"
purpose = "算缺口"

[[element]]
id = "students"
name = "在校生"
group = "规模"
clause = "T1.1"
unit = "persons"
purpose = "算缺口"

[[element]]
id = "own"
name = "自有建筑"
group = "场地"
clause = "T1.1"
unit = "square_metres"
purpose = "算缺口"

[[element]]
id = "rented"
name = "租用建筑"
group = "场地"
clause = "T1.1"
unit = "square_metres"
purpose = "算缺口"

[[element]]
id = "each"
name = "生均建筑"
group = "场地"
clause = "T1.1"
unit = "square_metres_per_person"
purpose = "算缺口"
derived = { of = ["own", "rented"], by = "students" }

[[element]]
id = "part"
name = "兼职教师"
group = "教师"
clause = "T1.1"
unit = "persons"
purpose = "算缺口"

[[element]]
id = "share"
name = "兼职教师占比"
group = "教师"
clause = "T1.1"
unit = "basis_points"
purpose = "算缺口"
derived = { of = ["part"], by = "students" }
"#;

const STANDARDS: &str = r#"
[[standard]]
id = "first"
name = "一级"
level = "技工学校"
also = ["省重点技工学校"]
rung = 1
from = "2012-01-01"
source = "测试"
clauses = ["T1.1"]

[[standard]]
id = "second"
name = "二级"
level = "高级技工学校"
rung = 2
from = "2012-01-01"
to = "2030-12-31"
source = "测试"
clauses = ["T2.3"]

[[threshold]]
id = "land"
standard = "first"
name = "占地"
element = "land"
at_least = 30000
unit = "square_metres"
status = "checked"
usable = true

[[threshold]]
id = "each"
standard = "first"
name = "生均建筑"
element = "each"
at_least = 2000
unit = "square_metres_per_person"
status = "checked"
usable = true

[[threshold]]
id = "share"
standard = "first"
name = "兼职教师占比"
element = "share"
at_most = 3333
unit = "basis_points"
status = "memory"
usable = false

[[threshold]]
id = "elsewhere"
standard = "first"
name = "外地占地"
element = "land"
at_least = 90000
unit = "square_metres"
status = "other_place"
usable = false

[[threshold]]
id = "next-land"
standard = "second"
name = "占地"
element = "land"
at_least = 66000
unit = "square_metres"
status = "checked"
usable = true

[[threshold]]
id = "head"
standard = "second"
name = "校长经历"
at_least = 5
unit = "years"
status = "checked"
usable = true
"#;

#[derive(Deserialize)]
struct Own {
    element: Vec<Element>,
    standard: Vec<Standard>,
    threshold: Vec<Threshold>,
}

/// The programme of the tree with elements and standards of our own.
static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| {
    let own: Own = toml::from_str(&format!("{ELEMENTS}{STANDARDS}")).unwrap();
    let mut programme = load(&common::files()).unwrap();
    (programme.elements, programme.standards, programme.thresholds) =
        (own.element, own.standard, own.threshold);
    programme
});

fn values(of: &[(&str, Reported<i64>)]) -> Values {
    of.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect()
}

fn first(of: &[(&str, Reported<i64>)], confirmed: &[&str]) -> Attainment {
    let confirmed: Vec<String> = confirmed.iter().map(|id| (*id).to_owned()).collect();
    attainment(&PROGRAMME, PROGRAMME.standard("first").unwrap(), &values(of), &confirmed, *TODAY)
}

fn states(found: &Attainment) -> Vec<(&str, Meets, Option<i64>)> {
    found.items.iter().map(|item| (item.threshold.as_str(), item.state, item.gap)).collect()
}

const NA: Reported<i64> = Reported::NotApplicable;
const UNKNOWN: Reported<i64> = Reported::NotReported;

fn v(value: i64) -> Reported<i64> {
    Reported::Value(value)
}

#[test]
fn what_fails_decides_whatever_is_unknown() {
    let found = first(&[("land", v(29_999))], &[]);
    assert_eq!(found.state, Attained::NotMet);
    assert_eq!(states(&found)[..2], [("land", Meets::NotMet, Some(1)), ("each", Meets::Unknown, None)]);
    let because: Vec<&str> = found.because().map(|item| item.threshold.as_str()).collect();
    assert_eq!(because, ["land"]);
}

#[test]
fn what_is_not_known_is_named_and_zero_is_a_value() {
    let found = first(&[("land", v(30_000))], &[]);
    assert_eq!(found.state, Attained::Unknown);
    assert_eq!(found.because().map(|item| item.threshold.as_str()).collect::<Vec<_>>(), ["each"]);
    assert_eq!(first(&[("land", NA)], &[]).state, Attained::Unknown, "what judges cannot be waved away");
    assert_eq!(first(&[("land", v(0))], &[]).items[0].gap, Some(30_000));
}

#[test]
fn figured_elements_are_figured_exactly() {
    let school = |students: i64, own: i64, rented: Reported<i64>| {
        first(&[("land", v(30_000)), ("students", v(students)), ("own", v(own)), ("rented", rented)], &[])
    };
    assert_eq!(school(1_000, 19_000, v(1_000)).state, Attained::Met);
    assert_eq!(school(1_000, 20_000, NA).state, Attained::Met, "what does not apply adds nothing");
    assert_eq!(school(1_000, 20_000, UNKNOWN).state, Attained::Unknown, "a part that is not known");
    assert_eq!(school(0, 20_000, v(0)).items[1].value, UNKNOWN, "nothing to divide by");
    let short = school(3_000, 59_999, v(0));
    assert_eq!(
        (short.state, short.items[1].value, short.items[1].gap),
        (Attained::NotMet, v(2_000), Some(1)),
        "19.9997 is shown as 20.00, is not 20 all the same, and never lacks nothing"
    );
    let barely = school(3_000, 59_980, v(0));
    assert_eq!(
        (barely.items[1].value, barely.items[1].gap),
        (v(1_999), Some(1)),
        "19.993: what is shown adds up"
    );
    let all =
        with_derived(&PROGRAMME, &values(&[("students", v(3)), ("own", NA), ("rented", NA), ("each", v(9))]));
    assert_eq!(all["each"], NA, "what was typed for a figured element is not heard");
}

#[test]
fn a_condition_is_judged_before_its_figure_is_rounded() {
    let application: Application = toml::from_str(
        "id = 'a'\nname = 'a'\naction = 'a'\nabout = 'a'\nclauses = []\napplicant = ['county_school']\n\
         decided_by = 'province'\nminutes = 1\n\
         condition = [{ id = 'c', text = 'c', holds = { by = 'profile', element = 'each', at_least = 2000 } }]",
    )
    .unwrap();
    let read = |own: i64| {
        let given = values(&[("students", v(3_000)), ("own", v(own)), ("rented", v(0))]);
        let school = SchoolState { profile: with_derived(&PROGRAMME, &given), ..SchoolState::default() };
        let found = eligibility(&PROGRAMME, &application, &school).remove(0);
        (found.has.unwrap().0, found.state)
    };
    assert_eq!(read(60_000), (v(2_000), ConditionState::Met));
    assert_eq!(read(59_999), (v(2_000), ConditionState::NotMet));
}

#[test]
fn memory_judges_only_after_it_was_confirmed_and_without_rounding_in_favour() {
    let school = [("land", v(30_000)), ("students", v(3)), ("own", v(60)), ("rented", v(0)), ("part", v(1))];
    let before = first(&school, &[]);
    assert_eq!(before.state, Attained::Met);
    assert_eq!(
        (before.items[2].state, before.items[2].gap),
        (Meets::NotJudged, Some(1)),
        "33.333 is over 33.33"
    );
    let after = first(&school, &["share"]);
    assert_eq!((after.state, after.items[2].state), (Attained::NotMet, Meets::NotMet));
    assert_eq!(after.items[3].state, Meets::NotJudged, "another place's rule");
    assert_eq!(after.items[3].gap, Some(60_000), "shown for comparison all the same");
}

#[test]
fn a_threshold_about_nothing_in_the_profile_stays_open() {
    let second = PROGRAMME.standard("second").unwrap();
    let found = attainment(&PROGRAMME, second, &values(&[("land", v(70_000))]), &[], *TODAY);
    assert_eq!(found.state, Attained::Unknown);
    assert_eq!(found.because().map(|item| item.threshold.as_str()).collect::<Vec<_>>(), ["head"]);
    let empty = Standard { id: "none".to_owned(), ..second.clone() };
    assert_eq!(
        attainment(&PROGRAMME, &empty, &values(&[]), &[], *TODAY).state,
        Attained::Unknown,
        "nothing judges"
    );
}

#[test]
fn the_ladder_holds_by_date() {
    let day = |text: &str| text.parse().unwrap();
    let first = PROGRAMME.standard_of("技工学校", day("2026-01-01")).unwrap();
    assert_eq!(
        PROGRAMME.standard_of("省重点技工学校", day("2026-01-01")).unwrap().id,
        "first",
        "a grade between"
    );
    assert_eq!(PROGRAMME.standard_of("高级技工学校", day("2026-01-01")).unwrap().id, "second");
    assert!(PROGRAMME.standard_of("小学", day("2026-01-01")).is_none());
    assert_eq!(PROGRAMME.next_standard(first, day("2026-01-01")).unwrap().id, "second");
    assert!(PROGRAMME.next_standard(first, day("2031-01-01")).is_none(), "no longer in force");
    assert!(PROGRAMME.standard_of("技工学校", day("2011-01-01")).is_none(), "not yet in force");
    assert!(PROGRAMME.threshold("share").unwrap().may_be_confirmed());
    for id in ["land", "elsewhere", "head"] {
        assert!(!PROGRAMME.threshold(id).unwrap().may_be_confirmed(), "{id}");
    }
}

fn known() -> impl Strategy<Value = Reported<i64>> {
    prop_oneof![
        4 => (0..100_000_i64).prop_map(Reported::Value),
        1 => Just(Reported::NotReported),
        1 => Just(Reported::NotApplicable),
    ]
}

fn profile() -> impl Strategy<Value = Values> {
    prop::collection::vec(known(), 5).prop_map(|found| {
        let ids = ["land", "students", "own", "rented", "part"];
        ids.into_iter().map(str::to_owned).zip(found).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Filling in what was not known never turns a verdict round: it settles 暂不能判定, and a figure that failed goes on
    /// failing.
    #[test]
    fn knowledge_settles_and_never_overturns(before in profile(), fill in 0..100_000_i64, confirm in any::<bool>()) {
        let confirmed: Vec<String> = confirm.then(|| "share".to_owned()).into_iter().collect();
        for standard in &PROGRAMME.standards {
            let old = attainment(&PROGRAMME, standard, &before, &confirmed, *TODAY);
            for id in before.keys().filter(|id| before[*id] == Reported::NotReported) {
                let mut after = before.clone();
                after.insert(id.clone(), Reported::Value(fill));
                let new = attainment(&PROGRAMME, standard, &after, &confirmed, *TODAY);
                prop_assert!(old.state == Attained::Unknown || old.state == new.state, "{:?} {:?}", old, new);
                for (was, is) in old.items.iter().zip(&new.items) {
                    let settled = !matches!(was.state, Meets::Unknown);
                    prop_assert!(!settled || was.state == is.state, "{:?} {:?}", was, is);
                }
            }
        }
    }

    /// The state follows from the items, and a gap is there exactly where a limit is not kept.
    #[test]
    fn state_and_items_agree(values in profile(), confirm in any::<bool>()) {
        let confirmed: Vec<String> = confirm.then(|| "share".to_owned()).into_iter().collect();
        for standard in &PROGRAMME.standards {
            let found = attainment(&PROGRAMME, standard, &values, &confirmed, *TODAY);
            let has = |state: Meets| found.items.iter().any(|item| item.state == state);
            prop_assert_eq!(found.state == Attained::NotMet, has(Meets::NotMet));
            prop_assert_eq!(found.state == Attained::Met, !has(Meets::NotMet) && !has(Meets::Unknown));
            for item in &found.items {
                prop_assert_eq!(item.judges, item.state != Meets::NotJudged);
                prop_assert!(item.gap.is_none_or(|gap| gap > 0), "{:?}", item);
                if item.judges {
                    prop_assert_eq!(item.gap.is_some(), item.state == Meets::NotMet, "{:?}", item);
                }
            }
        }
    }
}
