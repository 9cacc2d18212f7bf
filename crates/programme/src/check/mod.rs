//! What a programme may not say. `check_tables` looks at one table at a time; `check_references` at what tables say of each other.

mod access;
mod activity;
mod allocation;
mod assessment;
mod became;
mod burden;
mod calendar;
mod carried;
mod commendation;
mod condition;
mod dated;
mod example;
mod exchange;
mod form;
mod funding;
mod indicator;
mod jobs;
mod majors;
mod map;
mod matching;
mod measure;
mod meeting;
mod notices;
mod output;
mod paperwork;
mod profile;
mod register;
mod relation;
mod resources;
mod said;
mod spot_checks;

pub(crate) use burden::{ForbiddenWords, InnocentWords};
pub(crate) use map::against_divisions;

use crate::doc::Item;
use crate::load::RawProgramme;
use crate::problem::Problem;
use std::collections::BTreeSet;

const TITLE_LIMIT: usize = 24;

pub(crate) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    calendar::check(plan, problems);
    notices::check(plan, problems);
    spot_checks::check(plan, problems);
    if let Some(meta) = &plan.meta {
        named(meta, &meta.value.id, problems);
        filled(meta, &[("title", &meta.value.title), ("short", &meta.value.short)], problems);
        filled(meta, &[("version", &meta.value.version), ("source", &meta.value.source)], problems);
    }
    for task in &plan.tasks.items {
        named(task, &task.value.id, problems);
        filled(task, &[("name", &task.value.name)], problems);
    }
    for clause in &plan.clauses.items {
        named(clause, &clause.value.id, problems);
        filled(clause, &[("title", &clause.value.title), ("place", &clause.value.place)], problems);
        filled(clause, &[("mechanism", &clause.value.mechanism)], problems);
        if clause.value.title.chars().count() > TITLE_LIMIT {
            let message = format!("条款标题超过{TITLE_LIMIT}个字");
            problems.push(clause.problem("title", message, "请用自己的话写一个短标题"));
        }
    }
    plan.activities.items.iter().for_each(|item| activity::check(item, problems));
    measure::check_tables(plan, problems);
    dated::check_tables(plan, problems);
    output::check_tables(plan, problems);
    meeting::check_tables(plan, problems);
    profile::check_tables(plan, problems);
    register::check_tables(plan, problems);
    access::check(plan, problems);
    paperwork::check_tables(plan, problems);
    relation::check_tables(plan, problems);
    matching::check_tables(plan, problems);
    majors::check_tables(plan, problems);
    map::check_tables(plan, problems);
    allocation::check_tables(plan, problems);
    assessment::check_tables(plan, problems);
    funding::check_tables(plan, problems);
    resources::check_tables(plan, problems);
    jobs::check_tables(plan, problems);
    exchange::check_tables(plan, problems);
    commendation::check_tables(plan, problems);
    burden::check_tables(plan, problems);
    example::check_tables(plan, problems);
}

/// What only a programme that was read as a whole can be held to.
pub(crate) fn check_whole(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    carried::check(plan, problems);
}

pub(crate) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.clauses.items {
        let task = item.value.id.split_once('.').map_or(item.value.id.as_str(), |(task, _)| task);
        reference(item, "id", "任务或保障", task, &plan.tasks.ids, problems);
    }
    for item in &plan.activities.items {
        if let Some(policy) = &item.value.practice_by {
            reference(item, "practice_by", "成果或记录", policy, &plan.outputs.ids, problems);
        }
        form::clauses(plan, item, &item.value.clauses, problems);
        form::serves(plan, item, &item.value.serves, problems);
    }
    became::check_references(plan, problems);
    measure::check_references(plan, problems);
    dated::check_references(plan, problems);
    output::check_references(plan, problems);
    meeting::check_references(plan, problems);
    profile::check_references(plan, problems);
    register::check_references(plan, problems);
    burden::check_references(plan, problems);
    paperwork::check_references(plan, problems);
    matching::check_references(plan, problems);
    majors::check_references(plan, problems);
    allocation::check_references(plan, problems);
    assessment::check_references(plan, problems);
    funding::check_references(plan, problems);
    resources::check_references(plan, problems);
    jobs::check_references(plan, problems);
    exchange::check_references(plan, problems);
    commendation::check_references(plan, problems);
    example::check_references(plan, problems);
}

/// Says so where `id` is not among the known ones.
fn reference<T>(
    item: &Item<'_, T>,
    path: &str,
    what: &str,
    id: &str,
    known: &BTreeSet<String>,
    problems: &mut Vec<Problem>,
) {
    if !known.contains(id) {
        let help = match nearest(id, known) {
            Some(near) => format!("是不是“{near}”？请改成已有的{what}编号"),
            None => format!("请先定义它，或改成已有的{what}编号"),
        };
        problems.push(item.problem(path, format!("没有编号为“{id}”的{what}"), help));
    }
}

/// The known id with the longest common beginning, for a hint.
fn nearest<'a>(id: &str, known: &'a BTreeSet<String>) -> Option<&'a String> {
    let common = |other: &str| id.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    known.iter().filter(|other| common(other) >= 2).max_by_key(|other| common(other))
}

/// Ids go into addresses, file names and columns.
fn named<T>(item: &Item<'_, T>, id: &str, problems: &mut Vec<Problem>) {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.is_empty() || !id.chars().all(fine) {
        problems.push(item.problem("id", "编号写得不对", "编号只用英文字母、数字、点、短横线和下划线"));
    }
}

fn filled<T>(item: &Item<'_, T>, texts: &[(&str, &str)], problems: &mut Vec<Problem>) {
    for (path, text) in texts {
        if text.trim().is_empty() {
            problems.push(item.problem(path, format!("“{path}”是空的"), "请填写文字"));
        }
    }
}

/// The index of each element that stood in the list before.
fn repeated<T: PartialEq>(list: &[T]) -> impl Iterator<Item = usize> + '_ {
    (0..list.len()).filter(|at| list[..*at].contains(&list[*at]))
}
