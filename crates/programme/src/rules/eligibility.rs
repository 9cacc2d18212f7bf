//! Whether a school fits the conditions of an application (T1.3, T2, T3, T5, T10, T12), condition by condition, with what
//! it has and what is asked. The authority decides; this only says what the facts say, and unknown is not failure.

use crate::model::Programme;
use crate::outputs::{Application, Condition, Holds, counted_as};
use crate::rules::standards::fits;
use jiedui_kernel::{Reported, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of a school on the day asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolState {
    /// Its level in the registry; "" where nobody said.
    pub level: String,
    /// It stands in a typical county (G0.3).
    pub typical: bool,
    /// The newest accepted year-profile, derived elements included.
    pub profile: BTreeMap<String, Reported<i64>>,
    /// By standard: 达标 or 未达标. A standard that is not here is 暂不能判定.
    pub attained: BTreeMap<String, bool>,
    /// By type, and by what `counted_as` calls those that a condition takes: how many confirmed outputs are in a stage that
    /// counts. What is not here has none.
    pub outputs: BTreeMap<String, i64>,
    /// By indicator: its confirmed figure of the last twelve months. One that is not here is not known.
    pub figures: BTreeMap<String, Reported<i64>>,
}

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionState {
    Met,
    NotMet,
    /// 暂不能判定: something it is read from is not known.
    Unknown,
    /// A person says so; the machine does not judge it.
    Stated,
}

/// Where the fact stands that a condition was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", content = "id", rename_all = "snake_case")]
pub enum Stands {
    Profile(String),
    Standard(String),
    Outputs(String),
    Indicator(String),
    Registry,
    /// Nowhere: a person says it.
    Nowhere,
}

/// One condition, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionReading {
    pub condition: String,
    /// The condition in the programme's words.
    pub text: String,
    pub state: ConditionState,
    /// What it has and what is asked, in one sentence.
    pub reason: String,
    /// What it has, where that is a number, with its unit.
    pub has: Option<(Reported<i64>, Unit)>,
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
    pub stands: Stands,
}

/// Every condition of the application, in the programme's order.
pub fn eligibility(
    programme: &Programme,
    application: &Application,
    school: &SchoolState,
) -> Vec<ConditionReading> {
    application.conditions.iter().map(|condition| read(programme, condition, school)).collect()
}

/// What the conditions come to: one that is not met decides, then one that is not known.
pub fn verdict(readings: &[ConditionReading]) -> ConditionState {
    let any = |state| readings.iter().any(|reading| reading.state == state);
    if any(ConditionState::NotMet) {
        ConditionState::NotMet
    } else if any(ConditionState::Unknown) {
        ConditionState::Unknown
    } else if any(ConditionState::Stated) {
        ConditionState::Stated
    } else {
        ConditionState::Met
    }
}

fn read(programme: &Programme, condition: &Condition, school: &SchoolState) -> ConditionReading {
    match &condition.holds {
        Holds::Profile { element, at_least, at_most } => {
            let known = programme.element(element);
            let has = school.profile.get(element).copied().unwrap_or(Reported::NotReported);
            let name = known.map_or(element.as_str(), |found| found.name.as_str());
            let unit = known.map_or(Unit::Items, |found| found.unit);
            let stands = Stands::Profile(element.clone());
            let limits = (*at_least, *at_most);
            let read = number(condition, (name, unit), has, limits, stands);
            // What is shown is rounded; what decides is not.
            match fits(programme, element, &school.profile, limits) {
                Some(true) => ConditionReading { state: ConditionState::Met, ..read },
                Some(false) => ConditionReading { state: ConditionState::NotMet, ..read },
                None => read,
            }
        }
        Holds::Attained { standard } => attained(programme, condition, school, standard, true),
        Holds::NotAttained { standard } => attained(programme, condition, school, standard, false),
        Holds::Outputs { output, at_least, only } => {
            let counted = counted_as(output, only.as_ref());
            let has = Reported::Value(school.outputs.get(&counted).copied().unwrap_or(0));
            let known = programme.output(output);
            let chosen = known.and_then(|found| Some(only.as_ref()?.named(&found.fields)));
            let chosen = chosen.filter(|names| !names.is_empty());
            let name = chosen.unwrap_or_else(|| known.map_or(output.clone(), |found| found.name.clone()));
            let name = name.as_str();
            let stands = Stands::Outputs(output.clone());
            number(condition, (name, Unit::Items), has, (Some(*at_least), None), stands)
        }
        Holds::Indicator { indicator, at_least } => {
            let known = programme.indicator(indicator);
            let has = school.figures.get(indicator).copied().unwrap_or(Reported::NotReported);
            let name = known.map_or(indicator.as_str(), |found| found.name.as_str());
            let unit = known.map_or(Unit::Items, |found| found.unit);
            let stands = Stands::Indicator(indicator.clone());
            number(condition, (name, unit), has, (Some(*at_least), None), stands)
        }
        Holds::Level { any } => level(condition, school, any),
        Holds::Typical if school.typical => {
            word(condition, ConditionState::Met, "所在地是典型县。", Stands::Registry)
        }
        Holds::Typical => word(condition, ConditionState::NotMet, "所在地不是典型县。", Stands::Registry),
        Holds::Stated => {
            word(condition, ConditionState::Stated, "由申报单位说明，系统不作判断。", Stands::Nowhere)
        }
    }
}

fn word(
    condition: &Condition,
    state: ConditionState,
    reason: impl Into<String>,
    stands: Stands,
) -> ConditionReading {
    ConditionReading {
        condition: condition.id.clone(),
        text: condition.text.clone(),
        state,
        reason: reason.into(),
        has: None,
        at_least: None,
        at_most: None,
        stands,
    }
}

fn number(
    condition: &Condition,
    (name, unit): (&str, Unit),
    has: Reported<i64>,
    (at_least, at_most): (Option<i64>, Option<i64>),
    stands: Stands,
) -> ConditionReading {
    let state = match has {
        Reported::Value(value) if at_least.is_some_and(|least| value < least) => ConditionState::NotMet,
        Reported::Value(value) if at_most.is_some_and(|most| value > most) => ConditionState::NotMet,
        Reported::Value(_) => ConditionState::Met,
        _ => ConditionState::Unknown,
    };
    let printed = |value: i64| format!("{}{}", unit.format(value), unit.label());
    let now = match has {
        Reported::Value(value) => format!("现有{}", printed(value)),
        other => other.label().unwrap_or("未填报").to_owned(),
    };
    let asked = match (at_least, at_most) {
        (Some(least), Some(most)) => format!("，需要{}至{}", printed(least), printed(most)),
        (Some(least), None) => format!("，需要不少于{}", printed(least)),
        (None, Some(most)) => format!("，需要不超过{}", printed(most)),
        (None, None) => String::new(),
    };
    ConditionReading {
        has: Some((has, unit)),
        at_least,
        at_most,
        ..word(condition, state, format!("{name}{now}{asked}。"), stands)
    }
}

fn attained(
    programme: &Programme,
    condition: &Condition,
    school: &SchoolState,
    standard: &str,
    wanted: bool,
) -> ConditionReading {
    let name = programme.standard(standard).map_or(standard, |found| found.name.as_str());
    let (state, now) = match school.attained.get(standard) {
        Some(attained) if *attained == wanted => {
            (ConditionState::Met, if *attained { "已达标" } else { "未达标" })
        }
        Some(attained) => (ConditionState::NotMet, if *attained { "已达标" } else { "未达标" }),
        None => (ConditionState::Unknown, "暂不能判定"),
    };
    let asked = if wanted { "需要达标" } else { "面向尚未达标的学校" };
    word(condition, state, format!("对照{name}{now}，{asked}。"), Stands::Standard(standard.to_owned()))
}

fn level(condition: &Condition, school: &SchoolState, any: &[String]) -> ConditionReading {
    let asked = any.join("、");
    if school.level.is_empty() {
        let reason = format!("院校库里没有写明办学层次，应为{asked}。");
        return word(condition, ConditionState::Unknown, reason, Stands::Registry);
    }
    let fits = any.contains(&school.level);
    let state = if fits { ConditionState::Met } else { ConditionState::NotMet };
    word(condition, state, format!("现为{}，应为{asked}。", school.level), Stands::Registry)
}
