//! `plans.toml`: templates that can be filled and signed, rules of the project list that hold together.

use crate::check::{filled, named, reference, repeated};
use crate::load::RawProgramme;
use crate::paperwork::SectionKind;
use crate::problem::Problem;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for template in &plan.templates.items {
        let value = &template.value;
        named(template, &value.id, problems);
        filled(template, &[("name", &value.name), ("about", &value.about)], problems);
        if value.agreed_by.is_empty() || value.agreed_by.contains(&value.drafted_by) {
            problems.push(template.problem(
                "agreed_by",
                "起草的一方不能自己同意",
                "请写起草方以外的一方或几方",
            ));
        }
        if value.payers_agree && value.sections.iter().all(|section| section.kind != SectionKind::Gaps) {
            let help = "请加一节 kind = \"gaps\"，或删除 payers_agree";
            problems.push(template.problem("payers_agree", "没有写由哪一级补的章节", help));
        }
        let ids: Vec<&String> = value.sections.iter().map(|section| &section.id).collect();
        for at in repeated(&ids) {
            let path = format!("section.{at}.id");
            problems.push(template.problem(&path, "章节编号重复", "同一份方案里的章节编号不能相同"));
        }
        for (at, section) in value.sections.iter().enumerate() {
            filled(template, &[(&format!("section.{at}.title"), &section.title)], problems);
        }
    }
    let Some(projects) = &plan.projects else { return };
    if projects.value.sources.is_empty() {
        problems.push(projects.problem("source", "没有经费来源", "请至少写一个 [[projects.source]]"));
    }
    let ids: Vec<&String> = projects.value.sources.iter().map(|source| &source.id).collect();
    for at in repeated(&ids) {
        let path = format!("source.{at}.id");
        problems.push(projects.problem(&path, "经费来源编号重复", "请换一个编号"));
    }
    for (at, source) in projects.value.sources.iter().enumerate() {
        filled(projects, &[(&format!("source.{at}.name"), &source.name)], problems);
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for template in &plan.templates.items {
        for (at, clause) in template.value.clauses.iter().enumerate() {
            reference(template, &format!("clauses.{at}"), "条款", clause, &plan.clauses.ids, problems);
        }
    }
    if let Some(projects) = &plan.projects {
        let value = &projects.value;
        for (path, clause) in [("clause", &value.clause), ("highlight_clause", &value.highlight_clause)] {
            reference(projects, path, "条款", clause, &plan.clauses.ids, problems);
        }
        // The city's time is a deadline like any other.
        let least = plan.calendar.as_ref().map_or(0, |calendar| calendar.value.minimum_notice_workdays);
        if value.comment_workdays < least {
            problems.push(projects.problem(
                "comment_workdays",
                "留给市局的时间少于最短提前量",
                format!("请改为{least}个工作日或更多"),
            ));
        }
    }
}
