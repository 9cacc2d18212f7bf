//! Rules that change under way and ids that are retired; and that the words of a rule say its numbers.

use super::said::{self, Pace};
use crate::changes::Dated;
use crate::check::filled;
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::model::{Aim, Every, Obligation, Target};
use crate::outputs::{Duty, DutyEvery, Holds};
use crate::problem::Problem;
use crate::profile::Threshold;
use jiedui_kernel::{Date, Unit};

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.obligations.items {
        obligation(item, problems);
    }
    for item in &plan.duties.items {
        duty(item, problems);
    }
    for item in &plan.targets.items {
        target(item, problems);
    }
    for item in &plan.thresholds.items {
        threshold(item, problems);
    }
}

/// Changes stand in the order of their days, each with the text it rests on, and each changes something.
fn changes<T, C: Dated, V: PartialEq>(
    item: &Item<'_, T>,
    changes: &[C],
    (before, value): (V, impl Fn(&C) -> V),
    problems: &mut Vec<Problem>,
) {
    let mut last: Option<(Date, V)> = None;
    for (at, change) in changes.iter().enumerate() {
        let path = |key: &str| format!("change.{at}.{key}");
        filled(item, &[(&path("source"), change.source())], problems);
        if last.as_ref().is_some_and(|(day, _)| change.from() <= *day) {
            let help = "各次变更按日期先后写，一天只写一次";
            problems.push(item.problem(&path("from"), "这次变更不晚于上一次", help));
        }
        let held = last.take().map(|(_, held)| held);
        let now = value(change);
        if held.as_ref().unwrap_or(&before) == &now {
            let help = "变更须改变数值；只改文字的，直接改原来的文字";
            problems.push(item.problem(&format!("change.{at}"), "这次变更与之前相同", help));
        }
        last = Some((change.from(), now));
    }
}

fn ends<T>(item: &Item<'_, T>, from: Option<Date>, to: Option<Date>, problems: &mut Vec<Problem>) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        problems.push(item.problem("to", "终止日早于起始日", "请核对两个日期，是否写反"));
    }
}

fn least<T>(item: &Item<'_, T>, at: usize, least: i64, problems: &mut Vec<Problem>) {
    if least < 1 {
        let help = "请写一个正整数；不再要求的，写 to";
        problems.push(item.problem(&format!("change.{at}.at_least"), "至少要求须大于零", help));
    }
}

/// A number that the words ask for and the rule does not.
fn contradiction(text: &str, unit: Unit, asked: &[i64]) -> Option<String> {
    differing(&said::asked(text, unit), unit, asked)
}

/// A name says nothing beside: any number in it is the one that is asked.
fn named_otherwise(name: &str, unit: Unit, asked: &[i64]) -> Option<String> {
    differing(&said::stated(name, unit), unit, asked)
}

fn differing(said: &[i64], unit: Unit, asked: &[i64]) -> Option<String> {
    // A number that is none was told already.
    if asked.iter().any(|one| *one < 1) {
        return None;
    }
    let other = *said.iter().find(|said| !asked.contains(said))?;
    let asked: Vec<String> =
        asked.iter().map(|one| format!("{}{}", unit.format(*one), unit.label())).collect();
    Some(format!("文字里说的是{}{}，规则是{}", unit.format(other), unit.label(), asked.join("、")))
}

/// How often it is owed by the words, where that is not how often it is owed.
fn out_of_pace(text: &str, pace: Pace) -> Option<String> {
    let said = said::paces(text);
    let other = said.first().filter(|_| !said.contains(&pace))?;
    Some(format!("文字里说的是{}，规则是{}", other.label(), pace.label()))
}

fn pace_of(every: Every) -> Pace {
    match every {
        Every::CalendarYear => Pace::Year,
        Every::Semester => Pace::Semester,
    }
}

/// None where one must stand at any time.
fn pace_of_duty(every: DutyEvery) -> Option<Pace> {
    match every {
        DutyEvery::Standing => None,
        DutyEvery::Month => Some(Pace::Month),
        DutyEvery::Quarter => Some(Pace::Quarter),
        DutyEvery::CalendarYear => Some(Pace::Year),
    }
}

const SAME: &str = "文字和数值须一致：请改其中一处；变更后的说法写在这次变更的 about 里";

fn words<T>(
    item: &Item<'_, T>,
    (path, text): (&str, &str),
    unit: Unit,
    asked: &[i64],
    problems: &mut Vec<Problem>,
) {
    if let Some(message) = contradiction(text, unit, asked) {
        problems.push(item.problem(path, message, SAME));
    }
}

fn name<T>(item: &Item<'_, T>, name: &str, unit: Unit, asked: &[i64], problems: &mut Vec<Problem>) {
    if let Some(message) = named_otherwise(name, unit, asked) {
        problems.push(item.problem("name", message, SAME));
    }
}

const PACE: &str = "文字和周期须一致：请改文字里的“每年”“每学期”等，或改 every";

fn pace<T>(item: &Item<'_, T>, (path, text): (&str, &str), pace: Pace, problems: &mut Vec<Problem>) {
    if let Some(message) = out_of_pace(text, pace) {
        problems.push(item.problem(path, message, PACE));
    }
}

fn obligation(item: &Item<'_, Obligation>, problems: &mut Vec<Problem>) {
    let rule = &item.value;
    ends(item, rule.from, rule.to, problems);
    changes(item, &rule.changes, (rule.at_least, |change| change.at_least), problems);
    name(item, &rule.name, rule.unit, &[rule.at_least], problems);
    for (key, text) in [("name", &rule.name), ("about", &rule.about)] {
        pace(item, (key, text), pace_of(rule.every), problems);
    }
    words(item, ("about", &rule.about), rule.unit, &[rule.at_least], problems);
    for (at, change) in rule.changes.iter().enumerate() {
        least(item, at, change.at_least, problems);
        let path = format!("change.{at}.about");
        pace(item, (&path, rule.about_on(change.from)), pace_of(rule.every), problems);
        let said = [("name", rule.name.as_str()), ("about", rule.about_on(change.from))];
        for (key, text) in said {
            words(item, (&format!("change.{at}.{key}"), text), rule.unit, &[change.at_least], problems);
        }
    }
}

fn duty(item: &Item<'_, Duty>, problems: &mut Vec<Problem>) {
    let rule = &item.value;
    ends(item, rule.from, rule.to, problems);
    changes(item, &rule.changes, (rule.at_least, |change| change.at_least), problems);
    name(item, &rule.name, Unit::Times, &[rule.at_least], problems);
    words(item, ("about", &rule.about), Unit::Times, &[rule.at_least], problems);
    let every = pace_of_duty(rule.every);
    if let Some(every) = every {
        pace(item, ("name", &rule.name), every, problems);
        pace(item, ("about", &rule.about), every, problems);
    }
    for (at, change) in rule.changes.iter().enumerate() {
        least(item, at, change.at_least, problems);
        let (path, about) = (format!("change.{at}.about"), rule.about_on(change.from));
        words(item, (&path, about), Unit::Times, &[change.at_least], problems);
        if let Some(every) = every {
            pace(item, (&path, about), every, problems);
        }
    }
}

fn aims(aim: Aim) -> Option<Vec<i64>> {
    match aim {
        Aim::AtLeast { value } | Aim::About { value } => Some(vec![value]),
        Aim::Range { low, high } => Some(vec![low, high]),
        Aim::NotIssued | Aim::NoMeasure => None,
    }
}

fn target(item: &Item<'_, Target>, problems: &mut Vec<Problem>) {
    let rule = &item.value;
    changes(item, &rule.changes, (rule.aim, |change| change.aim), problems);
    if let Some(asked) = aims(rule.aim) {
        name(item, &rule.name, rule.unit, &asked, problems);
        words(item, ("basis", &rule.basis), rule.unit, &asked, problems);
    }
    for (at, change) in rule.changes.iter().enumerate() {
        super::measure::aim(item, &format!("change.{at}.aim"), change.aim, problems);
        if let Some(asked) = aims(change.aim) {
            let path = format!("change.{at}.basis");
            words(item, (&path, rule.basis_on(change.from)), rule.unit, &asked, problems);
        }
    }
}

fn threshold(item: &Item<'_, Threshold>, problems: &mut Vec<Problem>) {
    let rule = &item.value;
    ends(item, rule.from, rule.to, problems);
    let limits = |change: &crate::changes::LimitChange| (change.at_least, change.at_most);
    changes(item, &rule.changes, ((rule.at_least, rule.at_most), limits), problems);
    for (at, change) in rule.changes.iter().enumerate() {
        match (change.at_least, change.at_most) {
            (None, None) => {
                let help = "请写 at_least 或 at_most；不再要求的，写 to";
                problems.push(item.problem(&format!("change.{at}"), "变更没有写界限", help));
            }
            (Some(low), Some(high)) if high < low => {
                let help = "请核对两个数，是否写反";
                problems.push(item.problem(&format!("change.{at}.at_most"), "上限小于下限", help));
            }
            _ => {}
        }
    }
}

/// What a condition says, and what it is read from.
fn conditions(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.applications.items {
        for (at, condition) in item.value.conditions.iter().enumerate() {
            let (unit, asked) = match &condition.holds {
                Holds::Indicator { indicator, at_least } => {
                    let of = plan.indicators.items.iter().find(|other| other.value.id == *indicator);
                    (of.map(|of| of.value.unit), vec![*at_least])
                }
                Holds::Profile { element, at_least, at_most } => {
                    let of = plan.elements.items.iter().find(|other| other.value.id == *element);
                    (of.map(|of| of.value.unit), at_least.iter().chain(at_most).copied().collect())
                }
                _ => continue,
            };
            let Some(unit) = unit.filter(|_| !asked.is_empty()) else { continue };
            words(item, (&format!("condition.{at}.text"), &condition.text), unit, &asked, problems);
        }
    }
}

/// A sentence by its title asks for no other number, and not at another pace, than the rules that carry it.
fn titles(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let title = |id: &str| {
        let clause = plan.clauses.items.iter().find(|other| other.value.id == id)?;
        Some(clause.value.title.as_str())
    };
    let said = |id: &str, message: String| format!("条款“{id}”标题的{message}");
    for item in &plan.obligations.items {
        let rule = &item.value;
        let Some(title) = title(&rule.clause) else { continue };
        let changed = rule.changes.iter().map(|change| change.at_least);
        let asked: Vec<i64> = std::iter::once(rule.at_least).chain(changed).collect();
        if let Some(message) = contradiction(title, rule.unit, &asked) {
            problems.push(item.problem("at_least", said(&rule.clause, message), SAME));
        }
        if let Some(message) = out_of_pace(title, pace_of(rule.every)) {
            problems.push(item.problem("every", said(&rule.clause, message), PACE));
        }
    }
    for item in &plan.duties.items {
        let rule = &item.value;
        let Some(title) = title(&rule.clause) else { continue };
        let changed = rule.changes.iter().map(|change| change.at_least);
        let asked: Vec<i64> = std::iter::once(rule.at_least).chain(changed).collect();
        if let Some(message) = contradiction(title, Unit::Times, &asked) {
            problems.push(item.problem("at_least", said(&rule.clause, message), SAME));
        }
    }
    for item in &plan.targets.items {
        let rule = &item.value;
        let aimed = std::iter::once(rule.aim).chain(rule.changes.iter().map(|change| change.aim));
        let asked: Vec<i64> = aimed.filter_map(aims).flatten().collect();
        let Some(title) = title(&rule.clause).filter(|_| !asked.is_empty()) else { continue };
        if let Some(message) = named_otherwise(title, rule.unit, &asked) {
            problems.push(item.problem("aim", said(&rule.clause, message), SAME));
        }
    }
}

/// What a threshold says of itself, and what it quotes: the text of a source may name other numbers beside its own.
fn thresholds(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.thresholds.items {
        let rule = &item.value;
        let of = plan.elements.items.iter().find(|other| Some(&other.value.id) == rule.element.as_ref());
        let changed = rule.changes.iter().flat_map(|change| [change.at_least, change.at_most]);
        let limits: Vec<i64> = [rule.at_least, rule.at_most].into_iter().chain(changed).flatten().collect();
        let Some(unit) = rule.unit.or(of.map(|of| of.value.unit)).filter(|_| !limits.is_empty()) else {
            continue;
        };
        name(item, &rule.name, unit, &limits, problems);
        if let Some(message) = named_otherwise(&rule.text, unit, &limits) {
            problems.push(item.problem("text", message, SAME));
        }
        let share = |(down, up): &(i64, i64)| limits.contains(down) || limits.contains(up);
        let proportions = said::proportions(&rule.text);
        if let Some((down, _)) = proportions.iter().find(|one| unit == Unit::BasisPoints && !share(one)) {
            problems.push(item.problem("text", said_limit(*down, unit, &limits), SAME));
        }
        let quoted = said::stated(&rule.quote, unit);
        if let Some(other) = quoted.first().filter(|_| quoted.iter().all(|one| !limits.contains(one))) {
            let message = format!("引用的原文里没有这个数：{}", said_limit(*other, unit, &limits));
            problems.push(item.problem("quote", message, SAME));
        }
    }
}

fn said_limit(said: i64, unit: Unit, limits: &[i64]) -> String {
    let shown = |one: i64| format!("{}{}", unit.format(one), unit.label());
    let limits: Vec<String> = limits.iter().map(|one| shown(*one)).collect();
    format!("文字里说的是{}，界限是{}", shown(said), limits.join("、"))
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    titles(plan, problems);
    conditions(plan, problems);
    thresholds(plan, problems);
    for item in &plan.obligations.items {
        let of = plan.activities.items.iter().find(|other| other.value.id == item.value.activity);
        outlived(item, item.value.to, of.and_then(|of| of.value.retired), "事项", problems);
    }
    for item in &plan.duties.items {
        let of = plan.outputs.items.iter().find(|other| other.value.id == item.value.output);
        outlived(item, item.value.to, of.and_then(|of| of.value.retired), "记录", problems);
    }
    for item in &plan.activities.items {
        let own = plan.obligations.items.iter().filter(|rule| rule.value.activity == item.value.id);
        let asked: Vec<i64> = own
            .flat_map(|rule| {
                let changed = rule.value.changes.iter().map(|change| change.at_least);
                std::iter::once(rule.value.at_least).chain(changed)
            })
            .collect();
        if !asked.is_empty() {
            words(item, ("about", &item.value.about), item.value.unit, &asked, problems);
        }
    }
}

/// Nobody can be held to what can no longer be recorded.
fn outlived<T>(
    item: &Item<'_, T>,
    to: Option<Date>,
    retired: Option<Date>,
    what: &str,
    problems: &mut Vec<Problem>,
) {
    if let Some(day) = retired.filter(|day| to.is_none_or(|to| to >= *day)) {
        let message = format!("所计的{what}自{day}起停用，这项要求没有在那之前终止");
        problems.push(item.problem("to", message, "请写 to（停用的前一天或更早），或改用别的编号"));
    }
}
