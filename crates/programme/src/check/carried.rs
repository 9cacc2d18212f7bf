//! Every sentence of the plan is carried by something of the programme. A sentence that nothing carries would stand in the
//! list of sentences as if it were looked after.

use crate::load::RawProgramme;
use crate::problem::Problem;
use std::collections::BTreeSet;

/// Asked only where everything could be read: what could not be read may be just what carries a sentence.
pub(super) fn check(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let (carried, names) = (carried(plan), names(plan));
    for item in &plan.clauses.items {
        let clause = &item.value;
        // Free words carry nothing: a part of the mechanism counts where it is the name of something that is there.
        let mut parts = clause.mechanism.split('、').map(str::trim);
        if carried.contains(clause.id.as_str()) || parts.any(|part| names.contains(part)) {
            continue;
        }
        let message = format!("没有内容落实条款“{}”（{}）", clause.id, clause.title);
        let help = format!(
            "请在落实它的事项、成果、申报、履职要求、责任、指标、目标、方案模板、标准或表单里，把“{}”写进 clauses（或 clause）；\
             或在 mechanism 里写明方案中已有的一项的名称；“{}”不是方案里任何一项的名称",
            clause.id, clause.mechanism
        );
        problems.push(item.problem("id", message, help));
    }
}

/// The sentences under which something stands. What is retired carries nothing any more.
fn carried<'a>(plan: &'a RawProgramme<'_>) -> BTreeSet<&'a str> {
    let activities = plan.activities.items.iter().map(|item| &item.value).filter(|one| one.retired.is_none());
    let outputs = plan.outputs.items.iter().map(|item| &item.value).filter(|one| one.retired.is_none());
    let applications =
        plan.applications.items.iter().map(|item| &item.value).filter(|one| one.retired.is_none());
    let lists = activities
        .map(|one| &one.clauses)
        .chain(outputs.map(|one| &one.clauses))
        .chain(applications.map(|one| &one.clauses))
        .chain(plan.meetings.items.iter().map(|item| &item.value.clauses))
        .chain(plan.allocations.items.iter().map(|item| &item.value.clauses))
        .chain(plan.assessments.items.iter().map(|item| &item.value.clauses))
        .chain(plan.funding.iter().map(|item| &item.value.clauses))
        .chain(plan.resources.iter().map(|item| &item.value.clauses))
        .chain(plan.jobs.iter().map(|item| &item.value.clauses))
        .chain(plan.exchanges.items.iter().map(|item| &item.value.clauses))
        .chain(plan.commendations.iter().map(|item| &item.value.clauses))
        .chain(plan.standards.items.iter().map(|item| &item.value.clauses))
        .chain(plan.forms.items.iter().map(|item| &item.value.clauses))
        .chain(plan.templates.items.iter().map(|item| &item.value.clauses))
        .chain(plan.profile.iter().map(|item| &item.value.clauses))
        .chain(plan.matching.iter().map(|item| &item.value.clauses));
    let single = (plan.indicators.items.iter().map(|item| &item.value.clause))
        .chain(plan.targets.items.iter().map(|item| &item.value.clause))
        .chain(plan.obligations.items.iter().map(|item| &item.value.clause))
        .chain(plan.duties.items.iter().map(|item| &item.value.clause))
        .chain(plan.elements.items.iter().map(|item| &item.value.clause))
        .chain(plan.components.items.iter().map(|item| &item.value.clause))
        .chain(plan.projects.iter().flat_map(|item| [&item.value.clause, &item.value.highlight_clause]));
    lists.flatten().chain(single).map(String::as_str).collect()
}

/// What things of the programme are called.
fn names<'a>(plan: &'a RawProgramme<'_>) -> BTreeSet<&'a str> {
    let activities = plan.activities.items.iter().map(|item| &item.value).filter(|one| one.retired.is_none());
    let outputs = plan.outputs.items.iter().map(|item| &item.value).filter(|one| one.retired.is_none());
    activities
        .map(|one| &one.name)
        .chain(outputs.map(|one| &one.name))
        .chain(plan.applications.items.iter().map(|item| &item.value.name))
        .chain(plan.forms.items.iter().map(|item| &item.value.name))
        .chain(plan.templates.items.iter().map(|item| &item.value.name))
        .chain(plan.obligations.items.iter().map(|item| &item.value.name))
        .chain(plan.duties.items.iter().map(|item| &item.value.name))
        .map(String::as_str)
        .collect()
}
