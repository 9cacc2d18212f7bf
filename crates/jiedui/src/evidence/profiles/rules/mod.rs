//! What a year-profile asks, what may be done with it, and how its answers are read and told (T1.1).

mod relations;

use super::data::{ProfileRow, ProfileStage};
use crate::network::registry::Population;
use crate::shared::review::{
    self, Action, Caller, Condition, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing, text_enum,
};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Reported, Unit};
use jiedui_programme::{Element, ElementKind, ProfileState, Programme};
use jiedui_store::{Arg, args};
use jiedui_web::fields::number_of;
use jiedui_web::figure::StateMark;
use jiedui_web::form::{FormValues, parse_date};
use jiedui_web::history::HistoryRow;
use std::collections::BTreeMap;

pub use relations::{Question, SURE, Sure, impossible, questions};

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
    ("same", "沿用上年的数"),
];

text_enum! {
    /// Where the list files a profile: what its filter asks for.
    pub enum Listed {
        NotBegun = "none",
        /// Or returned.
        Draft = "draft",
        Submitted = "submitted",
        Accepted = "accepted",
        Correcting = "correcting",
    }
}

pub const LISTED: [(Listed, &str); 5] = [
    (Listed::NotBegun, "未填报"),
    (Listed::Draft, "填报中（含退回）"),
    (Listed::Submitted, "待接收"),
    (Listed::Accepted, "已接收"),
    (Listed::Correcting, "更正中"),
];

/// One answer: a number (zero is one), 未知, or 不适用.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementAnswer {
    Value(i64),
    Unknown,
    NotApplicable,
}

impl ElementAnswer {
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
    pub fn fact(self) -> Reported<i64> {
        match self {
            Self::Value(value) => Reported::Value(value),
            Self::Unknown => Reported::NotReported,
            Self::NotApplicable => Reported::NotApplicable,
        }
    }
}

/// An answer and where it came from: typed, carried, imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileValue {
    pub answer: ElementAnswer,
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
pub type Sheet = BTreeMap<String, ProfileValue>;
pub type Answers = BTreeMap<String, ElementAnswer>;

/// The day of a year for which its profile speaks.
pub fn as_of(programme: &Programme, year: i32) -> Date {
    let (month, day) = programme.profile.as_of.split_once('-').unwrap_or(("12", "31"));
    let number = |text: &str| text.parse().unwrap_or(1);
    Date::from_ymd_opt(year, number(month), number(day))
        .or_else(|| Date::from_ymd_opt(year, 12, 31))
        .unwrap_or_default()
}

/// Whether a profile of a year is expected of a school: it was a county school on the day for which it speaks.
pub fn expects(
    programme: &Programme,
    population: &Population,
    (school, year): (&str, i32),
    today: Date,
) -> bool {
    population.holds(school, as_of(programme, year).min(today))
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

/// The school hands in once a year, its bureau accepts; then corrections, each accepted again.
pub const LIFE: Life<ProfileStage> = {
    use Action::{Abandon, Accept, Edit, Import, Recall, Reopen, Repeat, Return, Submit};
    use ProfileStage::{
        Accepted, Correcting, CorrectionReturned, CorrectionSubmitted, Draft, Returned, Submitted,
    };
    use Role::{Author, Decider, Importer};
    const EXPECTED: &[Condition] = &[Condition::Expected];
    Life {
        resource: "profile",
        granted_as: "profile",
        proposes: &[],
        rules: &[
            Rule::new(Author, Edit, "edit", &[Draft, Returned, Correcting, CorrectionReturned])
                .when(EXPECTED)
                .right("edit"),
            Rule::new(Author, Repeat, "same", &[Draft, Returned]).when(EXPECTED).right("edit"),
            Rule::new(Author, Submit, "submit", &[Draft, Returned])
                .to(Submitted)
                .when(EXPECTED)
                .right("edit")
                .renews(),
            Rule::new(Author, Submit, "submit", &[Correcting, CorrectionReturned])
                .to(CorrectionSubmitted)
                .when(EXPECTED)
                .right("edit")
                .renews(),
            Rule::new(Author, Recall, "recall", &[Submitted]).to(Draft).right("edit"),
            Rule::new(Author, Recall, "recall", &[CorrectionSubmitted]).to(Correcting).right("edit"),
            Rule::new(Author, Reopen, "correct", &[Accepted]).to(Correcting).right("edit"),
            Rule::new(Author, Abandon, "abandon", &[Correcting, CorrectionReturned])
                .to(Accepted)
                .right("edit"),
            Rule::new(Decider, Accept, "accept", &[Submitted, CorrectionSubmitted])
                .to(Accepted)
                .right("accept"),
            Rule::new(Decider, Return, "send_back", &[Submitted]).to(Returned).right("accept"),
            Rule::new(Decider, Return, "send_back", &[CorrectionSubmitted])
                .to(CorrectionReturned)
                .right("accept"),
            Rule::new(Importer, Import, "import", &[Draft, Returned]).right("import"),
        ],
    }
};

/// A profile as its review sees it: it may not have been begun.
#[derive(Debug, Clone)]
pub struct Profile {
    pub school: String,
    pub bureau: String,
    /// Of a county school one is expected each year; of another only what was begun is carried on.
    pub expected: bool,
    pub row: Option<ProfileRow>,
}

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Year-profile 年度基本情况",
            about: "Handed in once a year and accepted by the bureau; corrections are accepted again.",
            begins: ProfileStage::Draft,
            label: |stage| stage_mark(stage).label,
            words: &STEPS,
        },
    )
}

impl Reviewed for Profile {
    type State = ProfileStage;
    const LIFE: &'static Life<ProfileStage> = &LIFE;
    /// The first text that anybody sees is the first that is handed in.
    const FIRST: i64 = 0;
    const CHANGED: &'static str =
        "这份基本情况刚被别人改动或答复过，您的操作没有写入。请重新打开页面，看过新内容再定。";

    fn head(&self) -> Head<'_, ProfileStage> {
        match &self.row {
            Some(row) => Head { id: &row.id, state: row.state, version: row.version, revision: row.revision },
            None => Head { id: "", state: ProfileStage::Draft, version: 0, revision: Self::FIRST },
        }
    }

    fn place(&self) -> String {
        self.row.as_ref().map_or_else(String::new, |row| format!("{}/{}", self.school, row.year))
    }

    fn title(&self) -> String {
        self.row.as_ref().map_or_else(String::new, |row| format!("{}年度", row.year))
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        let own = *org == self.school;
        Standing::default()
            .role(Role::Author, own)
            .role(Role::Decider, !own && *org == self.bureau)
            .holds(Condition::Expected, self.expected || self.row.is_some())
    }

    fn refused(_action: Action, why: Refusal) -> Error {
        match why {
            Refusal::NoPart => Error::Forbidden("基本情况由学校自己填报，由主管人社局接收。".to_owned()),
            Refusal::NotNow => Error::NotNow(NOT_NOW.to_owned()),
        }
    }

    fn columns(state: ProfileStage) -> Vec<Arg> {
        let (state, correction) = state.columns();
        args![state, correction]
    }
}

pub const NOT_NOW: &str = "这份基本情况现在不能这样处理：提交后要先收回或等退回才能改，接收后的改动走更正。";

pub fn listed(row: Option<&ProfileRow>) -> Listed {
    match row.map(|row| row.state) {
        None => Listed::NotBegun,
        Some(ProfileStage::Accepted) => Listed::Accepted,
        Some(ProfileStage::Submitted) => Listed::Submitted,
        Some(ProfileStage::Draft | ProfileStage::Returned) => Listed::Draft,
        Some(_) => Listed::Correcting,
    }
}

pub fn state(row: Option<&ProfileRow>) -> StateMark {
    row.map_or_else(|| StateMark::new("none", "未填报", "–"), |row| stage_mark(row.state))
}

fn stage_mark(stage: ProfileStage) -> StateMark {
    match stage {
        ProfileStage::Accepted => StateMark::new("done", "已接收", "●"),
        ProfileStage::CorrectionSubmitted => StateMark::new("pending", "更正待接收", "○"),
        ProfileStage::CorrectionReturned => StateMark::new("disputed", "更正被退回", "◆"),
        ProfileStage::Correcting => StateMark::new("active", "更正中", "◐"),
        ProfileStage::Submitted => StateMark::new("pending", "待接收", "○"),
        ProfileStage::Returned => StateMark::new("disputed", "已退回", "◆"),
        ProfileStage::Draft => StateMark::new("active", "填报中", "◐"),
    }
}

pub fn fact_state(row: &ProfileRow) -> ProfileState {
    match row.state {
        ProfileStage::Draft | ProfileStage::Returned => ProfileState::Draft,
        ProfileStage::Submitted => ProfileState::Submitted,
        _ => ProfileState::Accepted,
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
pub fn read_value(element: &Element, text: &str) -> Result<i64, Mistake> {
    match element.kind {
        ElementKind::Number => number_of(element.unit, text),
        ElementKind::Date => parse_date(text)
            .map(|day| i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day()))
            .ok_or_else(|| Mistake::no_date(text)),
    }
}

/// What a form says, as far as it can be read, and what cannot.
pub fn read(programme: &Programme, pairs: &FormValues) -> (Answers, Vec<FieldError>) {
    let (mut answers, mut errors) = (Answers::new(), Vec::new());
    for element in programme.asked_elements() {
        let (text, mark) = (pairs.get(&element.id), pairs.get(&known_name(&element.id)));
        let mut fail = |mistake: Mistake| errors.push(FieldError::new(element.id.clone(), mistake));
        match (text.is_empty(), mark) {
            (true, "") => {}
            (true, "unknown") => drop(answers.insert(element.id.clone(), ElementAnswer::Unknown)),
            (true, "not_applicable") => {
                answers.insert(element.id.clone(), ElementAnswer::NotApplicable);
            }
            (true, other) => fail(Mistake::not_offered(&element.name, other)),
            (false, "") => match read_value(element, text) {
                Ok(value) => drop(answers.insert(element.id.clone(), ElementAnswer::Value(value))),
                Err(why) => fail(why.of(&element.name)),
            },
            (false, _) => fail(Code::Contradiction.says(format!(
                "{}已经填了数，又选了“未知”或“不适用”。有数就把后面改回“有数”，没有就把数清空。",
                element.name
            ))),
        }
    }
    (answers, errors)
}

/// What is still missing before it can be handed in: every element has an answer, 未知 and 不适用 among them.
pub fn missing(programme: &Programme, answered: impl Fn(&str) -> bool) -> Vec<FieldError> {
    let open = programme.asked_elements().filter(|element| !answered(&element.id));
    open.map(|element| {
        FieldError::new(
            element.id.clone(),
            Code::Missing.says(format!(
                "{}还没有填。一时不知道就选“未知”，本校没有这回事就选“不适用”。",
                element.name
            )),
        )
    })
    .collect()
}

/// Why a correction is made, in the school's own words.
pub fn check_reason(reason: &str) -> Vec<FieldError> {
    let mistake = match reason.chars().count() {
        0 => Code::Missing.says("请写明为什么要更正，主管人社局看了才好接收。"),
        1..=200 => return Vec::new(),
        _ => Code::TooLong.says("更正的原因最多写两百个字，请写得短些。"),
    };
    vec![FieldError::new("reason", mistake)]
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
        ElementKind::Number => Unit::label(element.unit),
        ElementKind::Date => "日期",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review::tests::{any_sequence, is_sound, programme, sequences, step, table};
    use jiedui_kernel::Actor;
    use proptest::prelude::*;

    /// What was allowed, and what came of it, before there was a table.
    const DECIDED: [&str; 28] = [
        "draft author: edit repeat submit>submitted",
        "draft decider: -",
        "draft importer: import",
        "draft stranger: -",
        "submitted author: recall>draft",
        "submitted decider: accept>accepted return_to_submitter>returned",
        "submitted importer: -",
        "submitted stranger: -",
        "returned author: edit repeat submit>submitted",
        "returned decider: -",
        "returned importer: import",
        "returned stranger: -",
        "accepted author: reopen>accepted/draft",
        "accepted decider: -",
        "accepted importer: -",
        "accepted stranger: -",
        "accepted/draft author: abandon>accepted edit submit>accepted/submitted",
        "accepted/draft decider: -",
        "accepted/draft importer: -",
        "accepted/draft stranger: -",
        "accepted/submitted author: recall>accepted/draft",
        "accepted/submitted decider: accept>accepted return_to_submitter>accepted/returned",
        "accepted/submitted importer: -",
        "accepted/submitted stranger: -",
        "accepted/returned author: abandon>accepted edit submit>accepted/submitted",
        "accepted/returned decider: -",
        "accepted/returned importer: -",
        "accepted/returned stranger: -",
    ];

    #[test]
    fn the_table_decides_as_was_decided_before() {
        let role = |role| Standing::default().role(role, true).holds(Condition::Expected, true);
        let standings = [
            ("author", role(Role::Author)),
            ("decider", role(Role::Decider)),
            ("importer", role(Role::Importer)),
            ("stranger", Standing::default().holds(Condition::Expected, true)),
        ];
        assert_eq!(table(&LIFE, &standings), DECIDED);
        is_sound(&LIFE, ProfileStage::Draft);
    }

    #[test]
    fn a_stage_is_two_columns() {
        assert_eq!(ProfileStage::Submitted.columns(), ("submitted", ""));
        assert_eq!(ProfileStage::CorrectionReturned.columns(), ("accepted", "returned"));
    }

    fn profile() -> Profile {
        let row = ProfileRow {
            id: "profile".to_owned(),
            org: "school".to_owned(),
            school: String::new(),
            bureau: "bureau".to_owned(),
            year: 2026,
            state: ProfileStage::Draft,
            as_of: "2026-10-31".parse().unwrap(),
            submitted_on: None,
            accepted_on: None,
            revision: Profile::FIRST,
            round: 0,
            reason: String::new(),
            version: 1,
        };
        Profile { school: row.org.clone(), bureau: row.bureau.clone(), expected: true, row: Some(row) }
    }

    proptest! {
        #[test]
        fn any_sequence_of_actions_leaves_row_and_history_in_accord(tries in sequences()) {
            let actors = ["school", "bureau", "stranger"].map(|org| Actor { org: org.to_owned(), ..Actor::public() });
            let around = (&actors[..], programme(), "2026-11-24".parse().unwrap());
            any_sequence(profile(), around, step("school", "write", Profile::FIRST), &tries, |profile, next, _| {
                let row = profile.row.as_mut().unwrap();
                row.revision = next.revision(row.revision);
                // As its columns keep it, and as it is read from them.
                let (state, correction) = next.to().columns();
                let kept = if correction.is_empty() { state.to_owned() } else { format!("{state}/{correction}") };
                row.state = ProfileStage::try_from(kept).unwrap();
            });
        }
    }
}
