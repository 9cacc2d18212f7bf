//! Schemes of assessment: weights that add up to what is said, steps and bands that rise, and yardsticks that measure what
//! came of the work. What may not be scored is refused by `burden/scored`.

use crate::assessments::{AssessmentScheme, GainMeasure, counts_activity};
use crate::check::{filled, form, named, reference, repeated};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::model::{Indicator, IndicatorOf};
use crate::problem::Problem;

const FULL: i64 = 1_000;
/// Beyond that a weight is a typo.
const WEIGHT: i64 = 1_000_000;
/// Tenfold, or ten trillion yuan in cents.
const GAIN: i64 = 1_000_000_000_000_000;
const GROWTH: i64 = 10_000;
/// Half as much and half as much again: weights that are freer than that say nothing.
const SPREAD: i64 = 500;
/// Nobody waits longer for a result to stand.
const WORKDAYS: u32 = 30;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.assessments.items {
        named(item, &item.value.id, problems);
        filled(item, &[("name", &item.value.name), ("about", &item.value.about)], problems);
        weights(item, problems);
        for at in 0..item.value.measured.len() {
            steps(item, at, problems);
        }
        results(item, problems);
        let spread = item.value.spread;
        if !(1..=SPREAD).contains(&spread) {
            let help = "以千分之一为单位：权重可上下浮动两成的写 200。没有浮动就看不出结果是否取决于权重";
            let message = format!("权重浮动是千分之 {spread}，不在 1 到 {SPREAD} 之间");
            problems.push(item.problem("spread", message, help));
        }
        time(plan, item, problems);
    }
}

fn weights(item: &Item<'_, AssessmentScheme>, problems: &mut Vec<Problem>) {
    let AssessmentScheme { measured, total, .. } = &item.value;
    if measured.is_empty() {
        problems.push(item.problem("measured", "没有写按什么考核", "请至少写一个成效指标"));
        return;
    }
    let before = problems.len();
    for (at, one) in measured.iter().enumerate() {
        if !(1..=WEIGHT).contains(&one.weight) {
            let help = "权重要大于零；不想考核的指标请整条删除";
            let message = format!("权重是 {}", one.weight);
            problems.push(item.problem(&format!("measured.{at}.weight"), message, help));
        }
    }
    let sum: i64 = measured.iter().map(|one| one.weight).fold(0, i64::saturating_add);
    if problems.len() == before && sum != *total {
        let message = format!("权重加起来是 {sum}，写的合计是 {total}");
        problems.push(item.problem("total", message, "请核对每个权重，或改正合计"));
    }
    let indicators: Vec<&str> = measured.iter().map(|one| one.indicator.as_str()).collect();
    for at in repeated(&indicators) {
        let help = "同一指标只算一次；请删除重复的一条，或改用别的指标";
        problems.push(item.problem(&format!("measured.{at}.indicator"), "指标写了两遍", help));
    }
}

fn steps(item: &Item<'_, AssessmentScheme>, at: usize, problems: &mut Vec<Problem>) {
    let one = &item.value.measured[at];
    let path = format!("measured.{at}.steps");
    if one.steps.is_empty() {
        problems.push(item.problem(&path, "没有写怎样得分", "请至少写一档：比基期多多少，得权重的千分之几"));
        return;
    }
    let most = if one.measure == GainMeasure::Growth { GROWTH } else { GAIN };
    for (number, step) in one.steps.iter().enumerate() {
        let path = |key: &str| format!("measured.{at}.steps.{number}.{key}");
        if !(1..=FULL).contains(&step.share) {
            let message = format!("得分比例是千分之 {}，不在 1 到 {FULL} 之间", step.share);
            problems.push(item.problem(&path("share"), message, "以千分之一为单位：全部权重写 1000"));
        }
        if !(-most..=most).contains(&step.from) {
            let help = "增长以千分之一为单位，比率的增减以万分之一为单位，金额以分为单位，请核对";
            problems.push(item.problem(&path("from"), format!("起点超出范围：{}", step.from), help));
        }
        let Some(before) = number.checked_sub(1).and_then(|before| one.steps.get(before)) else { continue };
        if step.from <= before.from {
            let help = "各档从低到高写，后一档的起点要比前一档高";
            problems.push(item.problem(&path("from"), "各档没有依次升高", help));
        }
        if step.share <= before.share {
            let help = "做得更好不能得分更少，也不能白做：后一档要比前一档多";
            problems.push(item.problem(&path("share"), "各档得分没有依次升高", help));
        }
    }
}

fn results(item: &Item<'_, AssessmentScheme>, problems: &mut Vec<Problem>) {
    let results = &item.value.results;
    if results.len() < 2 {
        problems.push(item.problem("results", "等次不足两档", "请写明至少两档，如一般、好"));
        return;
    }
    for (at, band) in results.iter().enumerate() {
        named(item, &band.id, problems);
        let path = |key: &str| format!("results.{at}.{key}");
        if band.name.trim().is_empty() {
            problems.push(item.problem(&path("name"), "等次没有名称", "请写页面上显示的词"));
        }
        let (least, help) = match at.checked_sub(1).and_then(|before| results.get(before)) {
            None => (0, "最低一档从 0 开始，人人都有等次"),
            Some(before) => (before.from + 1, "各档从低到高写，以满分的千分之一为单位"),
        };
        let most = if at == 0 { 0 } else { FULL };
        if !(least..=most).contains(&band.from) {
            problems.push(item.problem(&path("from"), "等次没有依次升高", help));
        }
    }
    let names: Vec<&str> = results.iter().map(|band| band.name.as_str()).collect();
    for at in repeated(&names) {
        let path = format!("results.{at}.name");
        problems.push(item.problem(&path, "等次的名称写了两遍", "请改成不同的名称"));
    }
}

/// The assessed have time to object, and the result stands at last.
fn time(plan: &RawProgramme<'_>, item: &Item<'_, AssessmentScheme>, problems: &mut Vec<Problem>) {
    let days = item.value.objection_workdays;
    let least = plan.calendar.as_ref().map_or(0, |calendar| calendar.value.minimum_notice_workdays);
    if days < least || days > WORKDAYS {
        let message = format!("异议时限是 {days} 个工作日，不在 {least} 到 {WORKDAYS} 个之间");
        let help = "不能短于最短提前期，也不能让结果一直定不下来";
        problems.push(item.problem("objection_workdays", message, help));
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.assessments.items {
        form::clauses(plan, item, &item.value.clauses, problems);
        if item.value.clauses.is_empty() {
            problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
        }
        for (at, one) in item.value.measured.iter().enumerate() {
            let path = format!("measured.{at}.indicator");
            reference(item, &path, "指标", &one.indicator, &plan.indicators.ids, problems);
            let Some(found) = indicator(plan, &one.indicator) else { continue };
            if let Some(counted) = activity(plan, found) {
                let message = format!("不能按“{}”考核：它数的是{counted}，不是成效", found.name);
                let help = "考核只看做成了什么，不看开展了多少；请改用人数、比率、建成的数量等成效指标";
                problems.push(item.problem(&path, message, help));
            } else if one.measure == GainMeasure::Growth && matches!(found.of, IndicatorOf::Ratio { .. }) {
                let help = "比率请写 difference（比基期多几个百分点），以万分之一为单位";
                let message = format!("“{}”是比率，不按增长的比例算", found.name);
                problems.push(item.problem(&format!("measured.{at}.measure"), message, help));
            }
        }
    }
}

fn indicator<'a>(plan: &'a RawProgramme<'_>, id: &str) -> Option<&'a Indicator> {
    plan.indicators.items.iter().map(|item| &item.value).find(|one| one.id == id)
}

/// What an indicator counts that is work and paper and no result; of a ratio either part.
fn activity(plan: &RawProgramme<'_>, of: &Indicator) -> Option<&'static str> {
    match &of.of {
        IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned => Some("手续办了没有"),
        IndicatorOf::Ratio { numerator, denominator } => [numerator, denominator]
            .into_iter()
            .filter_map(|part| indicator(plan, part))
            .filter(|part| !matches!(part.of, IndicatorOf::Ratio { .. }))
            .find_map(|part| activity(plan, part)),
        _ => counts_activity(of.unit).then_some("开展的次数和时间"),
    }
}
