//! Parts of a programme told in one sentence: what a target aims at, how a figure is made, what a condition asks, when a
//! rule changes.

use crate::allocations::AllocationBase;
use crate::changes::{AimChange, Dated, LeastChange, LimitChange};
use crate::model::{Aim, GivenBy, IndicatorOf, Programme};
use crate::outputs::Holds;
use crate::profile::Derived;
use jiedui_kernel::Unit;
use toml::Value;

/// The changes of a list in words, whatever the list is of.
pub(super) fn changes(value: &Value, unit: Option<Unit>) -> Option<String> {
    let told = match value.clone().try_into::<Vec<LeastChange>>() {
        Ok(list) => least_words(&list, unit),
        Err(_) => match value.clone().try_into::<Vec<AimChange>>() {
            Ok(list) => aim_words(&list, unit),
            Err(_) => limit_words(&value.clone().try_into::<Vec<LimitChange>>().ok()?, unit),
        },
    };
    Some(told.join("；"))
}

/// Changes of a duty, each with its day and the text it rests on.
pub fn least_words(changes: &[LeastChange], unit: Option<Unit>) -> Vec<String> {
    words(changes, |change| format!("至少{}", amount(change.at_least, unit)))
}

/// As `least_words`, of a target.
pub fn aim_words(changes: &[AimChange], unit: Option<Unit>) -> Vec<String> {
    words(changes, |change| aim(change.aim, unit))
}

/// As `least_words`, of a threshold.
pub fn limit_words(changes: &[LimitChange], unit: Option<Unit>) -> Vec<String> {
    let limit = |word: &str, value: Option<i64>| value.map(|value| format!("{word}{}", amount(value, unit)));
    words(changes, |change| {
        let limits = [limit("至少", change.at_least), limit("至多", change.at_most)];
        limits.into_iter().flatten().collect::<Vec<_>>().join("，")
    })
}

fn words<C: Dated>(changes: &[C], told: impl Fn(&C) -> String) -> Vec<String> {
    let one = |change: &C| format!("自{}起{}（{}）", change.from(), told(change), change.source());
    changes.iter().map(one).collect()
}

fn amount(value: i64, unit: Option<Unit>) -> String {
    unit.map_or_else(|| value.to_string(), |unit| format!("{}{}", unit.format(value), unit.label()))
}

pub(super) fn aim(aim: Aim, unit: Option<Unit>) -> String {
    let said = |value: i64| unit.map_or_else(|| value.to_string(), |unit| unit.format(value));
    let word = unit.map_or("", Unit::label);
    match aim {
        Aim::AtLeast { value } => format!("不少于{}{word}", said(value)),
        Aim::About { value } => format!("约{}{word}", said(value)),
        Aim::Range { low, high } => format!("{}至{}{word}", said(low), said(high)),
        Aim::NotIssued => "未下达".to_owned(),
        Aim::NoMeasure => "不设数量".to_owned(),
    }
}

/// The name of what a key refers to; kinds may share ids.
pub(super) fn name(programme: &Programme, key: &str, id: &str) -> String {
    let found = match key {
        "activity" => programme.activity(id).map(|found| &found.name),
        "output" | "result" => programme.output(id).map(|found| &found.name),
        "indicator" => programme.indicator(id).map(|found| &found.name),
        "element" => programme.element(id).map(|found| &found.name),
        _ => programme.standard(id).map(|found| &found.name),
    };
    format!("“{}”", found.map_or(id, String::as_str))
}

fn names(programme: &Programme, key: &str, ids: &[String]) -> String {
    ids.iter().map(|id| name(programme, key, id)).collect::<Vec<_>>().join("、")
}

pub(super) fn source(programme: &Programme, of: &IndicatorOf) -> String {
    use crate::model::OutputSum;
    let filter = |only: &Option<crate::fields::Only>| {
        only.as_ref().map_or_else(String::new, |only| {
            let blank = if only.blank { "或没有填" } else { "" };
            format!("，只计“{}”为{}{blank}的", only.field, only.is.join("、"))
        })
    };
    match of {
        IndicatorOf::Entries { activity, field, only, answered, given_by } => {
            let what = field.as_ref().map_or_else(|| "数量".to_owned(), |field| format!("栏目“{field}”"));
            let known = match answered.as_slice() {
                [] => String::new(),
                fields => format!("，只计填了“{}”的", fields.join("、")),
            };
            let by = match given_by {
                None => "",
                Some(GivenBy::Helpers) => "，只计协作院校办的",
                Some(GivenBy::Others) => "，不计协作院校办的",
            };
            format!("{}的{what}之和{}{known}{by}", names(programme, "activity", activity), filter(only))
        }
        IndicatorOf::Covered { activity } => {
            format!("{}名单里的人，一人计一次", names(programme, "activity", activity))
        }
        IndicatorOf::Outputs { output, sum, only, stage, of_project } => {
            let what = match sum {
                OutputSum::Number => "件数",
                OutputSum::Quantity => "数量之和",
                OutputSum::Achieved => "已落实之和",
            };
            let part = if *of_project { "，只计属于项目的" } else { "" };
            let stages = match stage.as_slice() {
                [] => String::new(),
                stages => format!("，只计处于{}阶段的", stages.join("、")),
            };
            format!("{}的{what}{}{stages}{part}", names(programme, "output", output), filter(only))
        }
        IndicatorOf::Profile { element } => {
            format!("年度基本情况{}按校相加", name(programme, "element", element))
        }
        IndicatorOf::Attained { standard } => {
            let standard = standard.as_ref().map(|id| name(programme, "standard", id));
            format!("达到{}的院校数", standard.as_deref().unwrap_or("本层次标准"))
        }
        IndicatorOf::Level { any } => format!("层次为{}的院校数", any.join("、")),
        IndicatorOf::Ratio { numerator, denominator } => {
            format!(
                "{}除以{}",
                name(programme, "indicator", numerator),
                name(programme, "indicator", denominator)
            )
        }
        IndicatorOf::Paired => "正在结对的县级院校数".to_owned(),
        IndicatorOf::Signed => "已签协议的县级院校数".to_owned(),
        IndicatorOf::Planned => "已有协作方案的县级院校数".to_owned(),
    }
}

pub(super) fn base(programme: &Programme, base: &AllocationBase) -> String {
    match base {
        AllocationBase::Equal => "各校相同".to_owned(),
        AllocationBase::Element { element } => format!("按{}", name(programme, "element", element)),
        AllocationBase::Indicator { indicator } => {
            format!("按上一年{}的确认数", name(programme, "indicator", indicator))
        }
    }
}

pub(super) fn holds(programme: &Programme, holds: &Holds) -> String {
    let printed = |key: &str, id: &str, unit: Option<Unit>, least: Option<i64>, most: Option<i64>| {
        let said = |value: i64| {
            unit.map_or_else(|| value.to_string(), |unit| format!("{}{}", unit.format(value), unit.label()))
        };
        let least = least.map_or_else(String::new, |value| format!("不少于{}", said(value)));
        let most = most.map_or_else(String::new, |value| format!("不超过{}", said(value)));
        format!("{}{least}{most}", name(programme, key, id))
    };
    match holds {
        Holds::Profile { element, at_least, at_most } => printed(
            "element",
            element,
            programme.element(element).map(|found| found.unit),
            *at_least,
            *at_most,
        ),
        Holds::Attained { standard } => format!("达到{}", name(programme, "standard", standard)),
        Holds::NotAttained { standard } => format!("未达到{}", name(programme, "standard", standard)),
        Holds::Outputs { output, at_least, only } => {
            let found = programme.output(output).zip(only.as_ref());
            let names = found.map(|(found, only)| only.named(&found.fields)).unwrap_or_default();
            let said = printed("output", output, Some(Unit::Items), Some(*at_least), None);
            if names.is_empty() { said } else { format!("{said}（{names}）") }
        }
        Holds::Indicator { indicator, at_least } => printed(
            "indicator",
            indicator,
            programme.indicator(indicator).map(|found| found.unit),
            Some(*at_least),
            None,
        ),
        Holds::Level { any } => format!("层次为{}", any.join("、")),
        Holds::Typical => "所在地是典型县".to_owned(),
        Holds::Stated => "由申报单位说明".to_owned(),
    }
}

pub(super) fn derived(programme: &Programme, derived: &Derived) -> String {
    let over = derived.of.iter().map(|id| name(programme, "element", id)).collect::<Vec<_>>().join("加");
    match &derived.by {
        Some(by) => format!("{over}除以{}", name(programme, "element", by)),
        None => over,
    }
}
