//! Nothing forbidden carries a score, a weight, a rank, a target or an obligation. That a meeting of S1.3 was held may
//! be owed as a duty, which is shown as held or not held and never scored.

use crate::allocations::{AllocationBase, Preferred};
use crate::check::burden::words::{APPS, Found, Words};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::model::{Indicator, IndicatorOf};
use crate::outputs::{Holds, Output, OutputKind};
use crate::problem::Problem;
use jiedui_kernel::Unit;

/// What carries points (`matching.toml`).
pub(super) fn components(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    for item in &plan.components.items {
        let component = &item.value;
        let texts = [component.id.as_str(), &component.name, &component.about];
        if let Some((word, rule)) = words.unscorable(&texts) {
            let help = format!("依据{rule}，这类内容不得计分、加权或排名；请删除这个分项");
            problems.push(item.problem("name", format!("计分触及减负禁项（{word}）"), help));
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let words = Words::of(plan);
    for item in &plan.indicators.items {
        if let Some((word, rule)) = words.ranks_people(&[&item.value.id, &item.value.name]) {
            let help =
                format!("依据{rule}，不得对人员积分、排名，也不得统计签到、轨迹和在线；请删除这个指标");
            problems.push(item.problem("name", format!("指标触及减负禁项（{word}）"), help));
        }
    }
    points(plan, problems);
    targets(plan, &words, problems);
    obligations(plan, &words, problems);
    duties(plan, &words, problems);
    conditions(plan, &words, problems);
    allocations(plan, &words, problems);
    assessments(plan, &words, problems);
    commendations(plan, &words, problems);
}

/// 分 is a score. It belongs to the matching alone.
fn points(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let mut refuse = |place: Problem| {
        let help = format!("单位“分”只用于结对匹配；依据{APPS}，登记和统计不得按分计。请改用次、人、个等");
        problems.push(place.saying("登记或统计按“分”计".to_owned(), &help));
    };
    let scored = |unit: Unit| unit == Unit::Points;
    for item in plan.activities.items.iter().filter(|item| scored(item.value.unit)) {
        refuse(item.problem("unit", "", ""));
    }
    for item in plan.outputs.items.iter().filter(|item| scored(item.value.unit)) {
        refuse(item.problem("unit", "", ""));
    }
    for item in plan.elements.items.iter().filter(|item| scored(item.value.unit)) {
        refuse(item.problem("unit", "", ""));
    }
    for one in super::asked::all(plan).iter().filter(|one| {
        one.part == super::asked::Part::Field
            && one.form.kind != super::asked::Kind::Profile
            && one.unit == Some(Unit::Points)
    }) {
        refuse(one.place.clone());
    }
}

fn targets(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    for item in &plan.targets.items {
        let target = &item.value;
        if let Some((word, rule)) = words.unscorable(&[&target.id, &target.name, &target.basis]) {
            problems.push(refusal(item, "name", "目标", &word, &rule));
        }
        let Some(id) = &target.indicator else { continue };
        if let Some((what, rule)) = behind(plan, words, id, 0) {
            problems.push(refusal(item, "indicator", "目标所用的指标", &what, &rule));
        }
    }
}

fn obligations(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    for item in &plan.obligations.items {
        let obligation = &item.value;
        let activity = plan.activities.items.iter().map(|item| &item.value);
        let activity = activity.clone().find(|activity| activity.id == obligation.activity);
        let mut texts = vec![obligation.id.as_str(), &obligation.name];
        texts.extend(activity.iter().flat_map(|of| [of.id.as_str(), &of.name, &of.quantity_label]));
        if let Some((word, rule)) = words.unscorable(&texts) {
            problems.push(refusal(item, "name", "履职要求", &word, &rule));
        }
    }
}

/// A duty is shown as held or not held: a meeting may be one, and nothing may that cannot even be asked for.
fn duties(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    for item in &plan.duties.items {
        let duty = &item.value;
        let found = words.owed(&[&duty.id, &duty.name]);
        if let Some((word, rule)) = found {
            problems.push(refusal(item, "name", "责任", &word, &rule));
        }
    }
    for item in &plan.meetings.items {
        let kind = &item.value;
        if let Some((word, rule)) = words.owed(&[&kind.id, &kind.name]) {
            problems.push(refusal(item, "name", "会议", &word, &rule));
        }
    }
}

/// An application may not hang on what may not be scored.
fn conditions(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    for item in &plan.applications.items {
        for (at, condition) in item.value.conditions.iter().enumerate() {
            let found = match &condition.holds {
                Holds::Outputs { output, .. } => forbidden_output(plan, words, output, false),
                Holds::Indicator { indicator, .. } => behind(plan, words, indicator, 0),
                _ => None,
            };
            let said = || words.unscorable(&[&condition.text]);
            if let Some((what, rule)) = found.or_else(said) {
                problems.push(refusal(item, &format!("condition.{at}.holds"), "申报条件", &what, &rule));
            }
        }
    }
}

/// What is divided or preferred by it weighs: what may not be scored may not be a base, nor a reason to be preferred.
fn allocations(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    for item in &plan.allocations.items {
        let mut used = Vec::new();
        if let AllocationBase::Indicator { indicator } = &item.value.base {
            used.push(("base.indicator".to_owned(), indicator));
        }
        for (at, one) in item.value.preferred.iter().enumerate() {
            if let Preferred::Results { indicator, .. } = one {
                used.push((format!("preferred.{at}.results.indicator"), indicator));
            }
        }
        for (field, indicator) in used {
            if let Some((what, rule)) = behind(plan, words, indicator, 0) {
                problems.push(refusal(item, &field, "分配所依的指标", &what, &rule));
            }
        }
    }
}

/// A yardstick is a score.
fn assessments(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    for item in &plan.assessments.items {
        if let Some((word, rule)) = words.unscorable(&[&item.value.id, &item.value.name]) {
            problems.push(refusal(item, "name", "考核", &word, &rule));
        }
        for (at, one) in item.value.measured.iter().enumerate() {
            if let Some((what, rule)) = behind(plan, words, &one.indicator, 0) {
                let path = format!("measured.{at}.indicator");
                problems.push(refusal(item, &path, "考核指标", &what, &rule));
            }
        }
    }
}

/// Nobody is commended for what may not be scored: photographs, reports in the press, meetings.
fn commendations(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.commendations else { return };
    for (at, class) in item.value.classes.iter().enumerate() {
        for (number, id) in class.reasons.iter().enumerate() {
            let path = format!("classes.{at}.reasons.{number}");
            let found = plan.activities.items.iter().map(|item| &item.value).find(|one| one.id == *id);
            let texts = found.map_or_else(
                || vec![id.as_str()],
                |of| vec![of.id.as_str(), of.name.as_str(), of.quantity_label.as_str()],
            );
            if let Some((what, rule)) = words.unscorable(&texts) {
                problems.push(refusal(item, &path, "表扬的理由", &what, &rule));
            }
        }
    }
}

fn refusal<T>(item: &Item<'_, T>, path: &str, what: &str, word: &str, rule: &str) -> Problem {
    let help = format!("依据{rule}，这类内容可以记录，不得作为目标、任务或评判；请删除，或改用别的指标");
    item.problem(path, format!("{what}触及减负禁项（{word}）"), help)
}

/// What forbidden thing an indicator counts, also as a part of a ratio.
fn behind(plan: &RawProgramme<'_>, words: &Words, id: &str, depth: u8) -> Found {
    let indicator: &Indicator =
        plan.indicators.items.iter().map(|item| &item.value).find(|other| other.id == id)?;
    let own = words.unscorable(&[&indicator.id, &indicator.name]);
    own.or_else(|| match &indicator.of {
        IndicatorOf::Entries { activity, field, .. } => activity.iter().find_map(|id| {
            let of = plan.activities.items.iter().map(|item| &item.value).find(|other| other.id == *id)?;
            let label = of.fields.iter().find(|other| Some(&other.id) == field.as_ref());
            let counted = label.map_or(of.quantity_label.as_str(), |field| field.label.as_str());
            words.unscorable(&[&of.id, &of.name, counted])
        }),
        IndicatorOf::Outputs { output, .. } => {
            output.iter().find_map(|output| forbidden_output(plan, words, output, true))
        }
        // Ratios of ratios are refused elsewhere; this only keeps a circle from running.
        IndicatorOf::Ratio { numerator, denominator } if depth < 2 => {
            [numerator, denominator].into_iter().find_map(|part| behind(plan, words, part, depth + 1))
        }
        _ => None,
    })
}

/// Records are dated, never scored: a target over one is refused whatever it is called.
fn forbidden_output(plan: &RawProgramme<'_>, words: &Words, id: &str, any_record: bool) -> Found {
    let output: &Output = plan.outputs.items.iter().map(|item| &item.value).find(|other| other.id == id)?;
    let word = words.unscorable(&[&output.id, &output.name, &output.quantity_label]);
    let record = any_record && output.kind == OutputKind::Record;
    word.or_else(|| record.then(|| (format!("记录“{}”", output.name), super::words::RELIEF.to_owned())))
}
