//! What a year-profile asks, what may be done with it, and how its answers are read and told (T1.1).

use super::data::ProfileRow;
use chrono::Datelike as _;
use jiedui_kernel::{Date, FieldError, Known, Unit};
use jiedui_programme::{Element, ElementKind, ProfileState, Programme};
use jiedui_web::fields::number_of;
use jiedui_web::figure::StateMark;
use jiedui_web::form::{FormValues, parse_date};
use std::collections::BTreeMap;

pub const STEPS: [(&str, &str); 10] = [
    ("write", "开始填报"),
    ("edit", "修改"),
    ("import", "由文件导入"),
    ("submit", "提交"),
    ("recall", "收回"),
    ("accept", "接收"),
    ("send_back", "退回"),
    ("correct", "开始更正"),
    ("abandon", "放弃更正"),
    ("same", "与上年相同，提交"),
];

/// States by which the list filters.
pub const STATES: [(&str, &str); 5] = [
    ("none", "未填报"),
    ("draft", "填报中（含退回）"),
    ("submitted", "待接收"),
    ("accepted", "已接收"),
    ("correcting", "更正中"),
];

/// One answer: a number (zero is one), 未知, or 不适用.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Value(i64),
    Unknown,
    NotApplicable,
}

impl Answer {
    pub fn of(known: &str, value: Option<i64>) -> Self {
        match (known, value) {
            ("value", Some(value)) => Self::Value(value),
            ("not_applicable", _) => Self::NotApplicable,
            _ => Self::Unknown,
        }
    }

    pub fn known(self) -> &'static str {
        match self {
            Self::Value(_) => "value",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
        }
    }

    pub fn value(self) -> Option<i64> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// As the rules see it: what the school does not know, nobody has told us.
    pub fn fact(self) -> Known<i64> {
        match self {
            Self::Value(value) => Known::Value(value),
            Self::Unknown => Known::NotReported,
            Self::NotApplicable => Known::NotApplicable,
        }
    }
}

/// An answer and where it came from: typed, carried, imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub answer: Answer,
    pub source: &'static str,
}

pub const SOURCES: [(&str, &str); 3] =
    [("typed", "学校填报"), ("carried", "沿用上年"), ("imported", "文件导入")];

pub fn source_of(id: &str) -> &'static str {
    SOURCES.iter().find(|(known, _)| *known == id).map_or("typed", |(known, _)| known)
}

pub fn source_name(id: &str) -> &'static str {
    SOURCES.iter().find(|(known, _)| *known == id).map_or("", |(_, name)| name)
}

/// By element. One that is not there was not answered.
pub type Sheet = BTreeMap<String, Held>;
pub type Answers = BTreeMap<String, Answer>;

/// The day of a year for which its profile speaks.
pub fn as_of(programme: &Programme, year: i32) -> Date {
    let (month, day) = programme.profile.as_of.split_once('-').unwrap_or(("12", "31"));
    let number = |text: &str| text.parse().unwrap_or(1);
    Date::from_ymd_opt(year, number(month), number(day))
        .or_else(|| Date::from_ymd_opt(year, 12, 31))
        .unwrap_or_default()
}

/// The latest year whose day has come.
pub fn open_year(programme: &Programme, today: Date) -> i32 {
    if as_of(programme, today.year()) <= today { today.year() } else { today.year() - 1 }
}

/// The first year that may be told: that in which the programme's calendar begins.
pub fn first_year(programme: &Programme) -> i32 {
    programme.calendar.semesters.iter().map(|semester| semester.from.year()).min().unwrap_or(2024)
}

/// Years that may be told, newest first.
pub fn years(programme: &Programme, today: Date) -> Vec<i32> {
    (first_year(programme)..=open_year(programme, today)).rev().collect()
}

/// The state under which the list files it: one of `STATES`.
pub fn state_key(row: Option<&ProfileRow>) -> &'static str {
    match row.map(|row| (row.state.as_str(), row.correction.as_str())) {
        None => "none",
        Some(("accepted", "")) => "accepted",
        Some(("accepted", _)) => "correcting",
        Some(("submitted", _)) => "submitted",
        Some(_) => "draft",
    }
}

pub fn state(row: Option<&ProfileRow>) -> StateMark {
    match row.map(|row| (row.state.as_str(), row.correction.as_str())) {
        None => StateMark::new("none", "未填报", "–"),
        Some(("accepted", "")) => StateMark::new("done", "已接收", "●"),
        Some(("accepted", "submitted")) => StateMark::new("pending", "更正待接收", "○"),
        Some(("accepted", "returned")) => StateMark::new("disputed", "更正被退回", "◆"),
        Some(("accepted", _)) => StateMark::new("active", "更正中", "◐"),
        Some(("submitted", _)) => StateMark::new("pending", "待接收", "○"),
        Some(("returned", _)) => StateMark::new("disputed", "已退回", "◆"),
        Some(_) => StateMark::new("active", "填报中", "◐"),
    }
}

pub fn fact_state(row: &ProfileRow) -> ProfileState {
    match row.state.as_str() {
        "accepted" => ProfileState::Accepted,
        "submitted" => ProfileState::Submitted,
        _ => ProfileState::Draft,
    }
}

/// What an organisation may do with a profile now, rights of its role aside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct AllowedActions {
    pub edit: bool,
    pub recall: bool,
    pub correct: bool,
    pub abandon: bool,
    pub answer: bool,
}

pub fn may(org: &str, school: &str, bureau: &str, row: Option<&ProfileRow>) -> AllowedActions {
    let (state, correction) = row.map_or(("draft", ""), |row| (row.state.as_str(), row.correction.as_str()));
    let waits = state == "submitted" || correction == "submitted";
    let own = org == school;
    let open = matches!(correction, "draft" | "returned");
    AllowedActions {
        edit: own && (matches!(state, "draft" | "returned") || open),
        recall: own && waits,
        correct: own && state == "accepted" && correction.is_empty(),
        abandon: own && open,
        answer: !own && org == bureau && waits,
    }
}

/// The name of the choice beside a number.
pub fn known_name(element: &str) -> String {
    format!("{element}-known")
}

/// A value as one types it.
pub fn typed(element: &Element, value: i64) -> String {
    match element.kind {
        ElementKind::Number => element.unit.format(value),
        ElementKind::Date => day_of(value).map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// 20261031 → the day.
pub fn day_of(value: i64) -> Option<Date> {
    let part = |by: i64, modulo: i64| u32::try_from(value / by % modulo).ok();
    Date::from_ymd_opt(i32::try_from(value / 10_000).ok()?, part(100, 100)?, part(1, 100)?)
}

/// A value as it was typed; the error says what is wrong without naming the element.
pub fn read_value(element: &Element, text: &str) -> Result<i64, String> {
    match element.kind {
        ElementKind::Number => number_of(element.unit, text),
        ElementKind::Date => parse_date(text)
            .map(|day| i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day()))
            .ok_or_else(|| format!("“{text}”不是日期，请写成 2024-07-26 的样子。")),
    }
}

/// What a form says, as far as it can be read, and what cannot.
pub fn read(programme: &Programme, pairs: &FormValues) -> (Answers, Vec<FieldError>) {
    let (mut answers, mut errors) = (Answers::new(), Vec::new());
    for element in programme.asked_elements() {
        let (text, mark) = (pairs.get(&element.id), pairs.get(&known_name(&element.id)));
        let mut fail = |message: String| errors.push(FieldError { field: element.id.clone(), message });
        match (text.is_empty(), mark) {
            (true, "") => {}
            (true, "unknown") => drop(answers.insert(element.id.clone(), Answer::Unknown)),
            (true, "not_applicable") => drop(answers.insert(element.id.clone(), Answer::NotApplicable)),
            (true, other) => fail(format!("{}没有“{other}”这一项，请从列表里选。", element.name)),
            (false, "") => match read_value(element, text) {
                Ok(value) => drop(answers.insert(element.id.clone(), Answer::Value(value))),
                Err(why) => fail(format!("{}{why}", element.name)),
            },
            (false, _) => fail(format!(
                "{}已经填了数，又选了“未知”或“不适用”。有数就把后面改回“有数”，没有就把数清空。",
                element.name
            )),
        }
    }
    (answers, errors)
}

/// What is still missing before it can be handed in: every element has an answer, 未知 and 不适用 among them.
pub fn missing(programme: &Programme, answered: impl Fn(&str) -> bool) -> Vec<FieldError> {
    let open = programme.asked_elements().filter(|element| !answered(&element.id));
    open.map(|element| FieldError {
        field: element.id.clone(),
        message: format!("{}还没有填。一时不知道就选“未知”，本校没有这回事就选“不适用”。", element.name),
    })
    .collect()
}

/// Why a correction is made, in the school's own words.
pub fn check_reason(reason: &str) -> Vec<FieldError> {
    let message = match reason.chars().count() {
        0 => "请写明为什么要更正，主管人社局看了才好接收。",
        1..=200 => return Vec::new(),
        _ => "更正的原因最多写两百个字，请写得短些。",
    };
    vec![FieldError { field: "reason".to_owned(), message: message.to_owned() }]
}

/// How an element is figured, in words: （甲＋乙）÷丙.
pub fn formula(programme: &Programme, element: &Element) -> String {
    let Some(derived) = &element.derived else { return String::new() };
    let name = |id: &String| programme.element(id).map_or_else(|| id.clone(), |of| of.name.clone());
    let of: Vec<String> = derived.of.iter().map(name).collect();
    match (&derived.by, of.len()) {
        (None, _) => of.join("＋"),
        (Some(by), 1) => format!("{}÷{}", of.concat(), name(by)),
        (Some(by), _) => format!("（{}）÷{}", of.join("＋"), name(by)),
    }
}

/// The unit as headings have it.
pub fn unit_word(element: &Element) -> &'static str {
    match element.kind {
        ElementKind::Number => Unit::word(element.unit),
        ElementKind::Date => "日期",
    }
}
