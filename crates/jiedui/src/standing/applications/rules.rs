//! Pure decisions: who may do what to an application, and how conditions are told.

use super::data::CaseRow;
use jiedui_kernel::{Actor, Known, Unit};
use jiedui_programme::{Application, ConditionReading, ConditionState, Stands};
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;

pub const STATES: [(&str, &str); 8] = [
    ("preparing", "准备中"),
    ("asked", "待推荐"),
    ("recommended", "已推荐，待递交"),
    ("returned", "已退回"),
    ("applied", "已递交，待决定"),
    ("granted", "获批"),
    ("refused", "未获批"),
    ("withdrawn", "已撤回"),
];

pub fn state_mark(state: &str) -> StateMark {
    match state {
        "asked" => StateMark::new("pending", "待推荐", "○"),
        "recommended" => StateMark::new("active", "已推荐，待递交", "◐"),
        "returned" => StateMark::new("disputed", "已退回", "◆"),
        "applied" => StateMark::new("active", "已递交，待决定", "◐"),
        "granted" => StateMark::new("done", "获批", "●"),
        "refused" => StateMark::new("ended", "未获批", "–"),
        "withdrawn" => StateMark::new("withdrawn", "已撤回", "–"),
        _ => StateMark::new("active", "准备中", "◐"),
    }
}

/// What the caller may do to an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AllowedActions {
    pub edit: bool,
    /// Ask for the recommendation.
    pub ask: bool,
    /// Take it back from whoever has it.
    pub recall: bool,
    pub recommend: bool,
    /// Back to the applicant, with words.
    pub send_back: bool,
    /// Hand it in to who decides.
    pub apply: bool,
    pub decide: bool,
    pub reopen: bool,
    pub withdraw: bool,
}

pub fn may(actor: &Actor, case: &CaseRow) -> AllowedActions {
    let (own, decider) = (actor.org == case.org, actor.org == case.decider);
    let recommends = case.recommender.as_deref() == Some(&actor.org);
    let state = case.state.as_str();
    let preparing = matches!(state, "preparing" | "returned");
    let needs = case.recommender.is_some();
    AllowedActions {
        edit: own && preparing,
        ask: own && preparing && needs,
        recall: own && matches!(state, "asked" | "recommended" | "applied"),
        recommend: recommends && state == "asked",
        send_back: (recommends && state == "asked") || (decider && state == "applied"),
        apply: own && (state == "recommended" || preparing && !needs),
        decide: decider && state == "applied",
        reopen: decider && matches!(state, "granted" | "refused"),
        withdraw: own && !matches!(state, "granted" | "refused" | "withdrawn"),
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
pub struct Line {
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

pub fn line(reading: &ConditionReading, org: &str) -> Line {
    let (href, label) = place(&reading.stands, org);
    let figure = |value: i64, unit: Unit, label: &str| Figure::of(Known::Value(value), unit, &href, label);
    let unit = reading.has.map_or(Unit::Items, |(_, unit)| unit);
    Line {
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
        application.decided_by.word()
    } else {
        &application.decided_outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(state: &str, recommender: Option<&str>) -> CaseRow {
        let day = "2026-11-24".parse().unwrap();
        let text = String::new;
        CaseRow {
            id: text(),
            application: text(),
            clause: text(),
            org: "school".to_owned(),
            org_name: text(),
            place: text(),
            city: text(),
            typical_class: text(),
            title: text(),
            fields: text(),
            state: state.to_owned(),
            recommender: recommender.map(str::to_owned),
            recommender_name: None,
            decider: "office".to_owned(),
            decider_name: text(),
            opened_on: day,
            asked_on: None,
            recommended_on: None,
            applied_on: None,
            decided_on: None,
            eligibility: text(),
            reason: text(),
            tilt: text(),
            tilt_words: text(),
            decision: text(),
            number: text(),
            result: None,
            result_title: None,
            version: 1,
        }
    }

    #[test]
    fn each_acts_in_its_turn_and_nobody_out_of_it() {
        let actor = |org: &str| Actor { org: org.to_owned(), ..Actor::public() };
        let can = |org: &str, state: &str| may(&actor(org), &case(state, Some("bureau")));
        assert!(can("school", "preparing").ask && !can("school", "preparing").apply);
        assert!(can("bureau", "asked").recommend && can("bureau", "asked").send_back);
        assert_eq!(
            can("bureau", "preparing"),
            AllowedActions::default(),
            "what is being prepared is the applicant's"
        );
        assert!(can("school", "recommended").apply && !can("bureau", "recommended").recommend);
        assert!(can("office", "applied").decide && !can("office", "asked").send_back);
        assert!(can("office", "granted").reopen && !can("school", "granted").withdraw);
        assert_eq!(can("stranger", "applied"), AllowedActions::default());
        assert!(
            may(&actor("school"), &case("preparing", None)).apply,
            "nobody recommends it: straight to who decides"
        );
    }
}
