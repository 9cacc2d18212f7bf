//! Indicators, obligations and targets: their numbers make sense, and their units are those of what they count.

use crate::check::{filled, indicator, named, reference, repeated};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::model::{Aim, Obligation, PairingRole, Target};
use crate::problem::Problem;
use chrono::Datelike as _;
use jiedui_kernel::Unit;

/// A hundred per cent, in hundredths of a per cent.
const WHOLE: i64 = 10_000;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.indicators.items {
        named(item, &item.value.id, problems);
        filled(item, &[("name", &item.value.name), ("definition", &item.value.definition)], problems);
        indicator::check_tables(item, problems);
    }
    for item in &plan.obligations.items {
        named(item, &item.value.id, problems);
        filled(item, &[("name", &item.value.name), ("about", &item.value.about)], problems);
        owed(item, problems);
    }
    for item in &plan.targets.items {
        named(item, &item.value.id, problems);
        filled(item, &[("name", &item.value.name), ("basis", &item.value.basis)], problems);
        aim(item, "aim", item.value.aim, problems);
    }
}

fn owed(item: &Item<'_, Obligation>, problems: &mut Vec<Problem>) {
    let obligation = &item.value;
    if obligation.at_least < 1 {
        problems.push(item.problem("at_least", "至少要求须大于零", "请写一个正整数"));
    }
    if obligation.owed_by.is_empty() {
        problems.push(item.problem("owed_by", "没有写明由谁承担", "请写 lead、nearby 或两者"));
    }
    for at in repeated(&obligation.owed_by) {
        problems.push(item.problem(&format!("owed_by.{at}"), "承担方写了两遍", "请删除重复的一方"));
    }
    if let Some(at) = obligation.owed_by.iter().position(|party| *party == PairingRole::CountySchool) {
        let help = "履职进度只对协作院校计，请写 lead 或 nearby";
        problems.push(item.problem(&format!("owed_by.{at}"), "县级院校不是承担方", help));
    }
}

/// `path` is where it stands: the aim of the target, or of one of its changes.
pub(super) fn aim(item: &Item<'_, Target>, path: &str, aim: Aim, problems: &mut Vec<Problem>) {
    let low = match aim {
        Aim::Range { low, high } if high < low => {
            problems.push(item.problem(
                &format!("{path}.high"),
                "区间上限小于下限",
                "请核对 low 与 high，是否写反",
            ));
            low
        }
        Aim::AtLeast { value } | Aim::About { value } | Aim::Range { low: value, .. } => value,
        Aim::NotIssued | Aim::NoMeasure => {
            extra(item, path, "kind", problems);
            0
        }
    };
    if low < 0 {
        problems.push(item.problem(path, "目标值小于零", "请写不小于零的整数；比率以万分之一为单位"));
    }
    let most = match aim {
        Aim::Range { high, .. } => high,
        _ => low,
    };
    if item.value.unit == Unit::BasisPoints && most > WHOLE {
        problems.push(item.problem(path, "目标比率超过 100%", "比率以万分之一为单位：96% 写作 9600"));
    }
    let judged = matches!(aim, Aim::AtLeast { .. } | Aim::About { .. } | Aim::Range { .. });
    if judged && item.value.indicator.is_none() {
        let help = "请用 indicator 写明由哪个指标衡量；方案没有给出数量的，aim 写 no_measure";
        problems.push(item.problem(path, "目标有数值，没有衡量它的指标", help));
    }
}

/// A target may lie so many years behind the last semester that is dated.
const FARTHEST: i32 = 3;

/// A target is of a year in which the plan runs: from its first semester to some years after the last that is dated.
fn year(plan: &RawProgramme<'_>, item: &Item<'_, Target>, problems: &mut Vec<Problem>) {
    let semesters = plan.calendar.iter().flat_map(|calendar| &calendar.value.semesters);
    let (from, to) = semesters.fold((i32::MAX, i32::MIN), |(from, to), semester| {
        (from.min(semester.from.year()), to.max(semester.to.year()))
    });
    if from <= to && !(from..=to + FARTHEST).contains(&item.value.year) {
        let message = format!("目标年份 {} 与方案的学期（{from}—{to}年）对不上", item.value.year);
        let help = format!("目标最早在第一个学期的年份，最晚在最后一个学期之后 {FARTHEST} 年");
        problems.push(item.problem("year", message, help));
    }
}

/// Refuses further keys beside the tag: serde lets them pass where a variant has no fields.
pub(super) fn extra<T>(item: &Item<'_, T>, path: &str, tag: &str, problems: &mut Vec<Problem>) {
    for key in item.keys(path).iter().filter(|key| *key != tag) {
        let message = format!("不认识的项“{key}”");
        problems.push(item.problem(&format!("{path}.{key}"), message, format!("此处只写 {tag}，请删除其余")));
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.indicators.items {
        reference(item, "clause", "条款", &item.value.clause, &plan.clauses.ids, problems);
        indicator::check_references(plan, item, problems);
    }
    for item in &plan.obligations.items {
        reference(item, "clause", "条款", &item.value.clause, &plan.clauses.ids, problems);
        reference(item, "activity", "活动", &item.value.activity, &plan.activities.ids, problems);
        if let Some(counted) = activity_unit(plan, &item.value.activity) {
            unit(item, item.value.unit, counted, "它所计的活动", problems);
        }
    }
    for item in &plan.targets.items {
        reference(item, "clause", "条款", &item.value.clause, &plan.clauses.ids, problems);
        year(plan, item, problems);
        let Some(indicator) = &item.value.indicator else { continue };
        reference(item, "indicator", "指标", indicator, &plan.indicators.ids, problems);
        let measured = plan.indicators.items.iter().find(|other| other.value.id == *indicator);
        if let Some(measured) = measured {
            unit(item, item.value.unit, measured.value.unit, "衡量它的指标", problems);
        }
    }
}

fn activity_unit(plan: &RawProgramme<'_>, id: &str) -> Option<Unit> {
    plan.activities.items.iter().find(|item| item.value.id == id).map(|item| item.value.unit)
}

/// Principle 6: what counts and what is counted have one unit.
pub(super) fn unit<T>(item: &Item<'_, T>, here: Unit, there: Unit, what: &str, problems: &mut Vec<Problem>) {
    if here != there {
        let message = format!("单位是“{}”，而{what}的单位是“{}”", here.label(), there.label());
        problems.push(item.problem("unit", message, "两处单位须一致；人与人次不是同一单位"));
    }
}
