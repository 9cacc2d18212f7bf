use super::answer::{Answer, AnswerCell, AnswerFigure, AnswerUnit, Said};
use super::*;
use crate::shared::review;
use jiedui_kernel::Unit;
use std::collections::BTreeMap;

fn today() -> Date {
    "2026-11-24".parse().unwrap()
}

fn asked(address: &str) -> (Asked, Vec<FieldError>) {
    let programme = review::tests::programme();
    let (asked, mut errors) = read(programme, &FormValues::parse(address.as_bytes()), today());
    errors.extend(check(programme, &asked, "city_bureau", today()));
    (asked, errors)
}

/// The field and the code of what is wrong.
fn wrong(address: &str) -> Vec<(String, Code)> {
    asked(address).1.into_iter().map(|error| (error.field.clone(), error.code.clone())).collect()
}

fn one(field: &str, code: Code) -> Vec<(String, Code)> {
    vec![(field.to_owned(), code)]
}

#[test]
fn a_figure_is_chosen_by_its_name_and_nothing_else_can_be_asked() {
    let (question, errors) =
        asked("add=主要负责同志调研次数&figure=enrolment&figure=enrolment&year=2025&split=school");
    assert_eq!(
        (question.figures.as_slice(), errors.len()),
        (["enrolment", "visits"].map(str::to_owned).as_slice(), 0)
    );
    assert_eq!(question.kept_figures(), ",enrolment,visits,");
    assert_eq!(wrong("figure=visits&add=请报亮点材料"), one("add", Code::NotListed));
    assert_eq!(wrong("year=2025"), one("add", Code::Missing));
    assert_eq!(
        wrong("figure=nothing"),
        one("add", Code::Missing),
        "what the programme does not have is not there"
    );
    let many: Vec<&str> =
        review::tests::programme().indicators.iter().map(|one| one.id.as_str()).take(7).collect();
    assert!(wrong(&format!("figures={}", many.join(","))).contains(&("add".to_owned(), Code::TooMany)));
    assert_eq!(
        wrong("figure=visits&split=city"),
        one("split", Code::NotListed),
        "a city is not divided into cities"
    );
}

#[test]
fn a_period_is_a_year_or_months_of_what_has_months() {
    let (question, errors) = asked("figure=visits&year=2026&from=1&to=10");
    assert_eq!((question.period().as_str(), errors.len()), ("2026年一月至十月", 0));
    let slice = question.slice(Slice::default());
    assert_eq!(slice.months(), Some((202_601, 202_610)));
    assert_eq!(asked("figure=visits&year=2026&to=10").0.period(), "2026年十月");
    assert_eq!(asked("figure=visits&year=2026").0.period(), "2026年度");
    assert_eq!(wrong("figure=visits&year=2026&from=10&to=1"), one("from", Code::Reversed));
    assert_eq!(wrong("figure=visits&year=2026&from=12"), one("from", Code::InFuture));
    assert_eq!(wrong("figure=enrolment&year=2025&from=1&to=3"), one("from", Code::NotFitting));
    assert_eq!(wrong("figure=visits&year=2031"), one("year", Code::OutOfRange));
    let early = "2026-05-01".parse().unwrap();
    let programme = review::tests::programme();
    let (of_profile, _) = read(programme, &FormValues::parse(b"figure=enrolment&year=2026"), early);
    let errors = check(programme, &of_profile, "city_bureau", early);
    assert_eq!(errors[0].code, Code::InFuture, "the profile of this year cannot be told yet");
}

#[test]
fn an_earlier_day_is_answered_only_where_it_is_known() {
    let (question, errors) = asked("figure=visits&year=2026&asof=2026-10-31");
    assert_eq!((question.as_of.map(|day| day.to_string()).as_deref(), errors.len()), (Some("2026-10-31"), 0));
    assert_eq!(asked("figure=paired&asof=2026-11-24").0.as_of, None, "today is when one looks");
    assert_eq!(wrong("figure=paired&year=2026&asof=2026-10-31"), one("asof", Code::NotFitting));
    assert_eq!(wrong("figure=visits&year=2026&asof=2026-11-25"), one("asof", Code::InFuture));
    assert_eq!(wrong("figure=visits&year=2026&asof=2025-12-31"), one("asof", Code::Reversed));
    assert_eq!(wrong("figure=visits&year=2026&asof=gestern"), one("asof", Code::NoDate));
}

fn profile(state: ProfileState, students: Option<Reported<i64>>) -> ProfileFact {
    ProfileFact {
        id: "p".to_owned(),
        school: "s".to_owned(),
        year: 2025,
        state,
        on: today(),
        values: students.map(|value| ("students".to_owned(), value)).into_iter().collect::<BTreeMap<_, _>>(),
    }
}

#[test]
fn what_a_school_has_said_is_not_asked_once_more() {
    let programme = review::tests::programme();
    let figure = |id: &str| needs(programme, programme.indicator(id).unwrap());
    let needed = figure("enrolment");
    let why = |fact: Option<ProfileFact>| lacks(programme, &needed, fact.as_ref());
    assert_eq!(why(None), Some(Why::NotBegun));
    assert_eq!(why(Some(profile(ProfileState::Draft, Some(Reported::Value(5))))), Some(Why::NotSubmitted));
    assert_eq!(why(Some(profile(ProfileState::Submitted, Some(Reported::Value(0))))), Some(Why::Waiting));
    assert_eq!(why(Some(profile(ProfileState::Accepted, Some(Reported::NotReported)))), Some(Why::Unknown));
    assert_eq!(why(Some(profile(ProfileState::Accepted, Some(Reported::Value(5))))), None);
    assert_eq!(why(Some(profile(ProfileState::Accepted, Some(Reported::NotApplicable)))), None);
    let with_school: Vec<Why> = Why::ALL.iter().copied().filter(|why| why.is_with_school()).collect();
    assert_eq!(with_school, [Why::NotBegun, Why::NotSubmitted]);
    assert!(figure("visits").is_nothing(), "the ledger lacks nothing: what was not done is nought");
    assert!(figure("attained-schools").whole);
    assert_eq!(figure("employment-with-study").elements, ["employed_with_study", "graduates"]);
}

#[test]
fn a_request_ends_by_itself_when_the_school_has_reported() {
    let row = |due: &str, cancelled: Option<&str>| RequestRow {
        id: String::new(),
        question: String::new(),
        title: String::new(),
        host: String::new(),
        host_name: String::new(),
        school: String::new(),
        school_name: String::new(),
        year: 2025,
        due: due.parse().unwrap(),
        asked_on: "2026-11-01".parse().unwrap(),
        cancelled_on: cancelled.map(|day| day.parse().unwrap()),
    };
    let state = |row: &RequestRow, in_hand| RequestState::of(row, in_hand, today());
    assert_eq!(state(&row("2026-11-24", None), false), RequestState::Open);
    assert_eq!(state(&row("2026-11-23", None), false), RequestState::Late);
    assert_eq!(state(&row("2026-11-23", None), true), RequestState::Reported);
    assert_eq!(state(&row("2026-12-23", Some("2026-11-20")), false), RequestState::Cancelled);
    assert!(!RequestState::Reported.is_owed() && !RequestState::Cancelled.is_owed());
}

#[test]
fn nobody_is_asked_sooner_than_the_minimum_notice() {
    let programme = review::tests::programme();
    let first = earliest(programme, today());
    let code = |due: Option<Date>| check_due(programme, today(), due).map(|error| error.code.clone());
    assert_eq!(code(Some(first)), None);
    assert_eq!(code(first.pred_opt()), Some(Code::OutOfRange));
    assert_eq!(code(None), Some(Code::Missing));
    assert_eq!(code(latest(today()).succ_opt()), Some(Code::OutOfRange));
}

fn answer(units: &[(&str, i64)], whole: i64) -> Answer {
    let said = |value: i64| Said { value: Reported::Value(value), shown: Some(value.to_string()) };
    let unit = |key: &str, value: i64| AnswerUnit {
        key: key.to_owned(),
        name: format!("{key}市"),
        cells: vec![AnswerCell { claimed: said(value), confirmed: said(value) }],
    };
    Answer {
        title: "t".to_owned(),
        host: "h".to_owned(),
        host_name: "n".to_owned(),
        period: "2026年度".to_owned(),
        by: "所在市".to_owned(),
        as_of: today(),
        figures: vec![AnswerFigure {
            indicator: "visits".to_owned(),
            name: "调研".to_owned(),
            unit: Unit::Times,
            definition: String::new(),
            version: 1,
            single: false,
            adds: true,
        }],
        units: units.iter().map(|(key, value)| unit(key, *value)).chain([unit("", whole)]).collect(),
        missing: Vec::new(),
        stamp: Default::default(),
    }
}

#[test]
fn a_kept_answer_adds_up_and_tells_what_changed_since() {
    let was = answer(&[("a", 2), ("b", 3)], 5);
    assert!(was.adds_up() && !answer(&[("a", 2), ("b", 3)], 6).adds_up());
    assert!(was.says_the_same(&was.clone()) && was.changes(&was).is_empty());
    let is = answer(&[("a", 2), ("c", 4)], 6);
    let changes = was.changes(&is);
    let told: Vec<_> = changes
        .iter()
        .filter(|change| change.what == "确认")
        .map(|change| {
            let value = |said: &Option<Said>| said.as_ref().and_then(|said| said.value.value());
            (change.unit.as_str(), value(&change.was), value(&change.is))
        })
        .collect();
    assert_eq!(told, [("b市", Some(3), None), ("c市", None, Some(4)), ("市", Some(5), Some(6))]);
    assert!(!was.says_the_same(&is));
}
