//! Pure decisions: who may do what to an application, and how conditions are told.

use super::data::{CaseRow, CaseState};
use crate::shared::review::{
    self, Action, Caller, Condition, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_programme::{Application, ConditionReading, ConditionState, Programme, Stands};
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::history::HistoryRow;
use serde::Serialize;

pub const STATES: [(CaseState, &str); 8] = [
    (CaseState::Preparing, "准备中"),
    (CaseState::Asked, "待推荐"),
    (CaseState::Recommended, "已推荐，待递交"),
    (CaseState::Returned, "已退回"),
    (CaseState::Applied, "已递交，待决定"),
    (CaseState::Granted, "获批"),
    (CaseState::Refused, "未获批"),
    (CaseState::Withdrawn, "已撤回"),
];

pub const STEPS: [(&str, &str); 10] = [
    ("begin", "开始准备"),
    ("edit", "修改"),
    ("ask", "提请推荐"),
    ("recall", "收回"),
    ("recommend", "推荐"),
    ("return", "退回"),
    ("apply", "递交"),
    ("decide", "登记结果"),
    ("reopen", "撤销结果"),
    ("withdraw", "撤回"),
];

/// The applicant prepares, one side recommends where the programme asks for it, another decides.
pub const LIFE: Life<CaseState> = {
    use Action::{Accept, Edit, Forward, Recall, Refuse, Reopen, Return, Submit, Withdraw};
    use CaseState::{Applied, Asked, Granted, Preparing, Recommended, Refused, Returned, Withdrawn};
    use Role::{Author, Decider, Recommender};
    Life {
        resource: "application",
        granted_as: "application",
        proposes: &[],
        rules: &[
            Rule::new(Author, Edit, "edit", &[Preparing, Returned]).right("apply"),
            Rule::new(Author, Submit, "ask", &[Preparing, Returned])
                .to(Asked)
                .when(&[Condition::Recommended])
                .right("apply"),
            Rule::new(Author, Forward, "apply", &[Recommended]).to(Applied).right("apply"),
            Rule::new(Author, Forward, "apply", &[Preparing, Returned])
                .to(Applied)
                .when(&[Condition::Direct])
                .right("apply"),
            Rule::new(Author, Recall, "recall", &[Asked, Recommended, Applied]).to(Preparing).right("apply"),
            Rule::new(Author, Withdraw, "withdraw", &[Preparing, Asked, Recommended, Returned, Applied])
                .to(Withdrawn)
                .right("apply"),
            Rule::new(Recommender, Accept, "recommend", &[Asked]).to(Recommended).right("recommend"),
            Rule::new(Recommender, Return, "return", &[Asked]).to(Returned).right("recommend"),
            Rule::new(Decider, Accept, "decide", &[Applied]).to(Granted).right("decide"),
            Rule::new(Decider, Refuse, "decide", &[Applied]).to(Refused).right("decide"),
            Rule::new(Decider, Return, "return", &[Applied]).to(Returned).right("decide"),
            Rule::new(Decider, Reopen, "reopen", &[Granted, Refused]).to(Applied).right("decide"),
        ],
    }
};

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Application 申报",
            about: "Prepared by the applicant, recommended where the programme asks for it, decided by another.",
            begins: CaseState::Preparing,
            label: |state| state_mark(state).label,
            words: &STEPS,
        },
    )
}

/// What a case applies for; the programme may have dropped it since.
pub fn of_case<'a>(programme: &'a Programme, case: &CaseRow) -> Result<&'a Application> {
    programme.application(&case.application).ok_or(Error::NotFound)
}

impl Reviewed for CaseRow {
    type State = CaseState;
    const LIFE: &'static Life<CaseState> = &LIFE;
    const CHANGED: &'static str = "这份申报刚被别人处理过，您的操作没有写入。请看过现在的内容再决定。";

    /// Nobody agrees beside others, so that the row's version is its revision.
    fn head(&self) -> Head<'_, CaseState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.version }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        Standing::default()
            .role(Role::Author, *org == self.org)
            .role(Role::Recommender, self.recommender.as_ref() == Some(org))
            .role(Role::Decider, *org == self.decider)
            .holds(Condition::Recommended, self.recommender.is_some())
            .holds(Condition::Direct, self.recommender.is_none())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(_action: Action, _why: Refusal) -> Error {
        Error::NotNow("这份申报现在不由本单位这样处理。请看过现在的状态再决定。".to_owned())
    }
}

pub fn state_mark(state: CaseState) -> StateMark {
    match state {
        CaseState::Preparing => StateMark::new("active", "准备中", "◐"),
        CaseState::Asked => StateMark::new("pending", "待推荐", "○"),
        CaseState::Recommended => StateMark::new("active", "已推荐，待递交", "◐"),
        CaseState::Returned => StateMark::new("disputed", "已退回", "◆"),
        CaseState::Applied => StateMark::new("active", "已递交，待决定", "◐"),
        CaseState::Granted => StateMark::new("done", "获批", "●"),
        CaseState::Refused => StateMark::new("ended", "未获批", "–"),
        CaseState::Withdrawn => StateMark::new("withdrawn", "已撤回", "–"),
    }
}

pub fn condition_mark(state: ConditionState) -> StateMark {
    match state {
        ConditionState::Met => StateMark::new("met", "符合", "●"),
        ConditionState::NotMet => StateMark::new("risk", "不符合", "▲"),
        ConditionState::Unknown => StateMark::new("unknown", "暂不能判定", "?"),
        ConditionState::Stated => StateMark::new("pending", "自行说明", "○"),
    }
}

/// What all conditions come to, for a list.
pub fn verdict_mark(state: ConditionState) -> StateMark {
    match state {
        ConditionState::Met => StateMark::new("met", "条件都符合", "●"),
        ConditionState::NotMet => StateMark::new("risk", "有条件不符合", "▲"),
        ConditionState::Unknown => StateMark::new("unknown", "有条件暂不能判定", "?"),
        ConditionState::Stated => StateMark::new("pending", "有条件要自行说明", "○"),
    }
}

/// A condition as pages show it: what it has and what is asked, each figure opening where the fact stands.
#[derive(Debug, Serialize)]
pub struct CriterionLine {
    text: String,
    state: StateMark,
    has: Option<Figure>,
    at_least: Option<Figure>,
    at_most: Option<Figure>,
    /// In words, where it is no number.
    words: String,
    href: String,
    label: &'static str,
}

pub fn line(reading: &ConditionReading, org: &str) -> CriterionLine {
    let (href, label) = place(&reading.stands, org);
    let figure = |value: i64, unit: Unit, label: &str| Figure::of(Reported::Value(value), unit, &href, label);
    let unit = reading.has.map_or(Unit::Items, |(_, unit)| unit);
    CriterionLine {
        text: reading.text.clone(),
        state: condition_mark(reading.state),
        has: reading.has.map(|(known, unit)| Figure::of(known, unit, &href, "现有")),
        at_least: reading.at_least.map(|least| figure(least, unit, "不少于")),
        at_most: reading.at_most.map(|most| figure(most, unit, "不超过")),
        words: if reading.has.is_some() { String::new() } else { reading.reason.clone() },
        href,
        label,
    }
}

/// Where the fact of a condition stands, and what the link says.
fn place(stands: &Stands, org: &str) -> (String, &'static str) {
    match stands {
        Stands::Profile(id) => (format!("/profiles/{org}/elements/{id}"), "年度基本情况"),
        Stands::Standard(_) => (format!("/attainment/{org}/gaps"), "达标情况"),
        Stands::Outputs(id) => (format!("/outputs?type={id}&school={org}"), "建设成果"),
        Stands::Indicator(id) => (format!("/indicators/{id}?school={org}"), "指标"),
        Stands::Registry => (format!("/registry/{org}"), "院校库"),
        Stands::Nowhere => (String::new(), ""),
    }
}

/// How the conditions stood when it was handed in.
pub fn snapshot(case: &CaseRow) -> Option<Vec<ConditionReading>> {
    serde_json::from_str(&case.eligibility).ok()
}

/// Whether handing it in asks for a reason: a condition is not met. One that is not known does not ask.
pub fn needs_reason(readings: &[ConditionReading]) -> bool {
    readings.iter().any(|reading| reading.state == ConditionState::NotMet)
}

/// Who gives the word in the end, as pages name it.
pub fn authority(application: &Application) -> &str {
    if application.decided_outside.is_empty() {
        application.decided_by.label()
    } else {
        &application.decided_outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review::tests::{any_sequence, is_sound, programme, sequences, step, table};
    use jiedui_kernel::Actor;
    use proptest::prelude::*;

    /// What was allowed, and what came of it, before there was a table.
    const DECIDED: [&str; 40] = [
        "preparing author recommended: edit submit>asked withdraw>withdrawn",
        "preparing author direct: edit forward>applied withdraw>withdrawn",
        "preparing recommender: -",
        "preparing decider: -",
        "preparing stranger: -",
        "asked author recommended: recall>preparing withdraw>withdrawn",
        "asked author direct: recall>preparing withdraw>withdrawn",
        "asked recommender: accept>recommended return_to_submitter>returned",
        "asked decider: -",
        "asked stranger: -",
        "recommended author recommended: forward>applied recall>preparing withdraw>withdrawn",
        "recommended author direct: forward>applied recall>preparing withdraw>withdrawn",
        "recommended recommender: -",
        "recommended decider: -",
        "recommended stranger: -",
        "returned author recommended: edit submit>asked withdraw>withdrawn",
        "returned author direct: edit forward>applied withdraw>withdrawn",
        "returned recommender: -",
        "returned decider: -",
        "returned stranger: -",
        "applied author recommended: recall>preparing withdraw>withdrawn",
        "applied author direct: recall>preparing withdraw>withdrawn",
        "applied recommender: -",
        "applied decider: accept>granted refuse>refused return_to_submitter>returned",
        "applied stranger: -",
        "granted author recommended: -",
        "granted author direct: -",
        "granted recommender: -",
        "granted decider: reopen>applied",
        "granted stranger: -",
        "refused author recommended: -",
        "refused author direct: -",
        "refused recommender: -",
        "refused decider: reopen>applied",
        "refused stranger: -",
        "withdrawn author recommended: -",
        "withdrawn author direct: -",
        "withdrawn recommender: -",
        "withdrawn decider: -",
        "withdrawn stranger: -",
    ];

    #[test]
    fn the_table_decides_as_was_decided_before() {
        let role = |role| Standing::default().role(role, true);
        let recommended = |standing: Standing| standing.holds(Condition::Recommended, true);
        let standings = [
            ("author recommended", recommended(role(Role::Author))),
            ("author direct", role(Role::Author).holds(Condition::Direct, true)),
            ("recommender", recommended(role(Role::Recommender))),
            ("decider", recommended(role(Role::Decider))),
            ("stranger", recommended(Standing::default())),
        ];
        assert_eq!(table(&LIFE, &standings), DECIDED);
        is_sound(&LIFE, CaseState::Preparing);
    }

    fn case(recommender: Option<&str>) -> CaseRow {
        let text = String::new;
        CaseRow {
            id: "case".to_owned(),
            application: text(),
            clause: text(),
            org: "school".to_owned(),
            org_name: text(),
            place: text(),
            city: text(),
            typical_class: text(),
            title: text(),
            fields: text(),
            state: CaseState::Preparing,
            recommender: recommender.map(str::to_owned),
            recommender_name: None,
            decider: "office".to_owned(),
            decider_name: text(),
            opened_on: "2026-11-24".parse().unwrap(),
            asked_on: None,
            recommended_on: None,
            applied_on: None,
            decided_on: None,
            eligibility: text(),
            reason: text(),
            preference: text(),
            preference_words: text(),
            decision: text(),
            number: text(),
            result: None,
            result_title: None,
            version: 1,
        }
    }

    proptest! {
        #[test]
        fn any_sequence_of_actions_leaves_row_and_history_in_accord(tries in sequences(), asks in any::<bool>()) {
            let actors = ["school", "bureau", "office", "stranger"]
                .map(|org| Actor { org: org.to_owned(), ..Actor::public() });
            let around = (&actors[..], programme(), "2026-11-24".parse().unwrap());
            let case = case(asks.then_some("bureau"));
            any_sequence(case, around, step("school", "begin", 1), &tries, |case, next, _| {
                case.state = next.to();
                case.version += 1;
            });
        }
    }
}
