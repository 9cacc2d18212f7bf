//! Examples: each is about one thing, says what is needed to run it, and expects something.

use crate::check::{filled, reference};
use crate::doc::Item;
use crate::example::{Subject, Written};
use crate::load::Plan;
use crate::problem::Problem;

pub(super) fn alone(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.examples {
        filled(item, &[("about", &item.value.about)], problems);
        if let Err((path, message, help)) = item.value.shape() {
            problems.push(item.problem(&path, message, help));
        }
    }
}

pub(super) fn together(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.examples {
        subject(plan, item, problems);
        for (at, fact) in item.value.facts.iter().enumerate() {
            if let Some(activity) = &fact.activity {
                reference(
                    item,
                    &format!("facts.{at}.activity"),
                    "活动",
                    activity,
                    &plan.activities.ids,
                    problems,
                );
            }
        }
    }
}

fn subject(plan: &Plan<'_>, item: &Item<'_, Written>, problems: &mut Vec<Problem>) {
    let (path, what, id, known) = match item.value.subject() {
        Some(Subject::Activity(id)) => ("activity", "活动", id, &plan.activities.ids),
        Some(Subject::Indicator(id)) => ("indicator", "指标", id, &plan.indicators.ids),
        Some(Subject::Obligation(id)) => ("obligation", "履约要求", id, &plan.obligations.ids),
        None => return,
    };
    reference(item, path, what, id, known, problems);
}
