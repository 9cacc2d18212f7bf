//! Pure decisions about project lists: what a project says and whether it may be said; who may do what to a list.

pub mod changes;
mod life;

use super::data::{LightRow, ListRow, ListState, ProjectRow};
use crate::shared::review;
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, FieldError, Mistake, Unit, typed};
use jiedui_programme::{Programme, ProjectFact, ProjectState};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use life::{LoadedList, life};

/// What a project says: the form, the workbook, a proposed change and a filed list all hold this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    pub title: String,
    pub clause: String,
    /// need, highlight, duty.
    pub basis: String,
    pub need: Option<String>,
    pub outcome: String,
    pub quantity: i64,
    pub unit: Unit,
    pub owner_org: String,
    pub owner: Option<String>,
    pub from: Date,
    pub to: Date,
    pub lead_does: String,
    pub nearby_does: String,
    /// Source of the programme → cents.
    pub budget: BTreeMap<String, i64>,
}

/// A change to a project in force that is not filed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    Change(Box<Fields>),
    Remove,
}

impl Fields {
    pub fn budget_sum(&self) -> i64 {
        self.budget.values().sum()
    }
}

impl ProjectRow {
    /// What is in force, or the draft before the first filing.
    pub fn fields(&self) -> Fields {
        Fields {
            title: self.title.clone(),
            clause: self.clause.clone(),
            basis: self.basis.clone(),
            need: self.need.clone(),
            outcome: self.outcome.clone(),
            quantity: self.quantity,
            unit: unit_of(&self.unit),
            owner_org: self.owner_org.clone(),
            owner: self.owner.clone(),
            from: self.from_day,
            to: self.to_day,
            lead_does: self.lead_does.clone(),
            nearby_does: self.nearby_does.clone(),
            budget: serde_json::from_str(&self.budget).unwrap_or_default(),
        }
    }

    pub fn proposal(&self) -> Option<Proposal> {
        serde_json::from_str(&self.proposed).ok()
    }

    /// What it will say once the proposed change is filed; `None` where it is to be taken out.
    pub fn wanted(&self) -> Option<Fields> {
        match self.proposal() {
            Some(Proposal::Change(fields)) => Some(*fields),
            Some(Proposal::Remove) => None,
            None => Some(self.fields()),
        }
    }
}

/// How a row of a project, whole or light, looks to the rules of the programme.
macro_rules! facts_of {
    ($($row:ty),+) => {$(
        impl $row {
            pub fn fact(&self) -> ProjectFact {
                ProjectFact {
                    quantity: self.quantity,
                    claimed: self.claimed,
                    confirmed: self.confirmed,
                    from: self.from_day,
                    to: self.to_day,
                    filed: self.filed,
                    ended: self.ended.end(),
                }
            }
        }
    )+};
}

facts_of!(ProjectRow, LightRow);

/// The name under which a unit is kept and sent.
pub fn unit_id(unit: Unit) -> String {
    serde_json::to_value(unit).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

pub fn unit_of(text: &str) -> Unit {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).unwrap_or(Unit::Items)
}

/// In the order of urgency.
pub const STATES: [(&str, ProjectState); 9] = [
    ("late", ProjectState::Late),
    ("awaiting", ProjectState::Awaiting),
    ("running", ProjectState::Running),
    ("planned", ProjectState::Planned),
    ("finished", ProjectState::Finished),
    ("draft", ProjectState::Draft),
    ("closed", ProjectState::Closed),
    ("carried", ProjectState::Carried),
    ("removed", ProjectState::Removed),
];

pub fn project_mark(state: ProjectState) -> StateMark {
    match state {
        ProjectState::Late => StateMark::new("missed", "已逾期", "■"),
        ProjectState::Awaiting => StateMark::new("waiting", "已开展，待确认", "○"),
        ProjectState::Running => StateMark::new("active", "进行中", "◐"),
        ProjectState::Planned => StateMark::new("none", "未开始", "–"),
        ProjectState::Finished => StateMark::new("done", "已完成", "●"),
        ProjectState::Draft => StateMark::new("none", "拟报", "–"),
        ProjectState::Closed => StateMark::new("done", "已结项", "●"),
        ProjectState::Carried => StateMark::new("none", "已结转", "–"),
        ProjectState::Removed => StateMark::new("none", "已撤项", "–"),
    }
}

pub const LIST_STEPS: [(&str, &str); 8] = [
    ("begin", "开始拟清单"),
    ("submit", "提交征求同意"),
    ("recall", "收回"),
    ("agree", "同意"),
    ("send_back", "退回"),
    ("comment", "市局意见"),
    ("return", "省办退回"),
    ("file", "备案"),
];

/// In the order of a year; none: it was not begun.
pub const LIST_STATES: [(Option<ListState>, &str); 7] = [
    (None, "未拟"),
    (Some(ListState::Draft), "起草中"),
    (Some(ListState::Agreeing), "征求同意"),
    (Some(ListState::Submitted), "待备案"),
    (Some(ListState::Returned), "退回修改"),
    (Some(ListState::Filed), "已备案"),
    (Some(ListState::Amending), "变更中"),
];

/// Under which an address asks for a state.
pub fn list_key(state: Option<ListState>) -> &'static str {
    state.map_or("none", review::State::text)
}

pub fn list_mark(state: Option<ListState>) -> StateMark {
    let label = LIST_STATES.iter().find(|(one, _)| *one == state).map_or("未拟", |(_, name)| *name);
    match state {
        Some(ListState::Filed) => StateMark::new("done", label, "●"),
        Some(ListState::Agreeing | ListState::Submitted) => StateMark::new("pending", label, "○"),
        Some(ListState::Returned) => StateMark::new("disputed", label, "◆"),
        Some(ListState::Draft | ListState::Amending) => StateMark::new("active", label, "◐"),
        None => StateMark::new("none", label, "–"),
    }
}

/// Whether the city has said its word on this revision.
pub fn commented(history: &[HistoryRow], revision: i64) -> bool {
    history.iter().any(|step| step.kind == "comment" && step.revision == revision)
}

/// The city's words on the present revision.
pub fn comments(opened: &LoadedList) -> impl Iterator<Item = &HistoryRow> {
    let revision = opened.row.revision;
    opened.history.iter().filter(move |step| step.kind == "comment" && step.revision == revision)
}

/// The first and the last year for which a pairing may have a list: those of its term, and at most the next one.
pub fn years(from: Date, to: Option<Date>, today: Date) -> std::ops::RangeInclusive<i32> {
    let last = to.map_or(today.year() + 1, |end| end.year().min(today.year() + 1));
    from.year()..=last
}

/// What is wrong with a project, field by field.
pub fn check(fields: &Fields, list: &ListRow, programme: &Programme) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut say = |field: &str, mistake: Mistake| errors.push(FieldError::new(field, mistake));
    for (name, what, text, most) in
        [("title", "项目名称", &fields.title, 60), ("outcome", "年底成果", &fields.outcome, 200)]
    {
        if text.is_empty() {
            say(name, Mistake::missing(what));
        } else if text.chars().count() > most {
            say(name, Code::TooLong.says(format!("{what}最多 {most} 个字，请写得短些。")));
        }
    }
    for (name, what, text) in [
        ("lead_does", "牵头院校做什么", &fields.lead_does),
        ("nearby_does", "配合院校做什么", &fields.nearby_does),
    ] {
        if text.chars().count() > 200 {
            say(name, Code::TooLong.says(format!("“{what}”最多两百个字，请写得短些。")));
        }
    }
    if !programme.clauses.iter().any(|clause| clause.id == fields.clause) {
        say("clause", Code::Missing.says("请选择依据的条目。"));
    }
    match fields.basis.as_str() {
        "need" if fields.need.is_none() => {
            say(
                "basis",
                Code::Missing.says("请选择这个项目回应的需求；不回应需求的，请选特色亮点或组织领导职责。"),
            );
        }
        "duty" if !programme.is_duty(&fields.clause) => {
            say("clause", Code::NotListed.says("履行组织领导职责的项目，依据应在保障一里选。"));
        }
        _ => {}
    }
    if !(1..=1_000_000).contains(&fields.quantity) {
        say("quantity", Code::OutOfRange.says("数量应是大于零的整数。"));
    }
    if !programme.project_units().contains(&fields.unit) {
        say("unit", Code::Missing.says("请选择单位；台账按这个单位计进度。"));
    }
    if ![&list.lead, &list.nearby, &list.county_school].contains(&&fields.owner_org) {
        say("owner", Code::NotListed.says("责任单位应是三方之一。"));
    }
    let year = list.year;
    if i64::from(fields.from.year()) != year || i64::from(fields.to.year()) != year {
        say("to", Code::NotInPeriod.says(format!("起止日期应在 {year} 年内；跨年的，来年再结转。")));
    } else if fields.to < fields.from {
        say("to", Mistake::reversed());
    }
    for (source, cents) in &fields.budget {
        let known = programme.projects.sources.iter().any(|one| one.id == *source);
        if !known || !(0..=100_000_000_000_000).contains(cents) {
            say(&format!("budget-{source}"), Code::OutOfRange.says("经费应是不小于零的数，单位是万元。"));
        }
    }
    errors
}

/// The budget as typed: for each source of the programme its amount, 0 left out; and the sources whose text is none.
/// `typed` gives the text under the name of a field or column, `budget-` and the source's id.
pub fn budget<'t>(
    programme: &Programme,
    typed: impl Fn(&str) -> &'t str,
) -> (BTreeMap<String, i64>, Vec<(String, String)>) {
    let (mut budget, mut wrong) = (BTreeMap::new(), Vec::new());
    for source in &programme.projects.sources {
        let name = format!("budget-{}", source.id);
        match (typed(&name), cents(typed(&name))) {
            ("", _) | (_, Some(0)) => {}
            (_, Some(cents)) => drop(budget.insert(source.id.clone(), cents)),
            (_, None) => wrong.push((name, source.name.clone())),
        }
    }
    (budget, wrong)
}

/// Cents as 万元, without trailing zeros: 12_500_000 is 12.5.
pub fn ten_thousands(cents: i64) -> String {
    let (whole, part) = (cents / 1_000_000, cents % 1_000_000);
    let text = format!("{whole}.{part:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// 万元 as typed, to cents; `None` where it is no amount of at most four decimals.
pub fn cents(text: &str) -> Option<i64> {
    typed::ten_thousand_yuan(text).ok().filter(|cents| cents % 100 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_typed_in_ten_thousands_and_kept_in_cents() {
        for (text, kept) in [
            ("12.5", 12_500_000),
            ("0", 0),
            ("1,200", 1_200_000_000),
            ("0.0001", 100),
            ("１５０万", 150_000_000),
        ] {
            assert_eq!(cents(text), Some(kept), "{text}");
        }
        for bad in ["", "-1", "1.23456", "十万", "1.2.3", "9999999999"] {
            assert_eq!(cents(bad), None, "{bad}");
        }
        assert_eq!(ten_thousands(12_500_000), "12.5");
        assert_eq!(ten_thousands(1_200_000_000), "1200");
        assert_eq!(ten_thousands(0), "0");
        assert_eq!(ten_thousands(100), "0.0001");
    }

    #[test]
    fn units_go_by_the_names_of_the_programme() {
        assert_eq!(unit_id(Unit::PersonTimes), "person_times");
        assert_eq!(unit_of("person_times"), Unit::PersonTimes);
    }

    #[test]
    fn a_list_is_for_a_year_of_the_term_or_the_next() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(years(day("2024-07-26"), None, day("2026-11-24")), 2024..=2027);
        assert_eq!(years(day("2024-07-26"), Some(day("2026-12-06")), day("2026-11-24")), 2024..=2026);
    }
}
