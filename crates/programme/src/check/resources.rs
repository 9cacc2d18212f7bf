//! The library of resources: types that the program can tell, sizes that are read, and a register behind every model.

use crate::check::{filled, form, reference, repeated};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::problem::Problem;
use crate::resources::ResourceRules;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.resources else { return };
    let rules = &item.value;
    filled(item, &[("about", &rules.about)], problems);
    let kinds = rules.kinds.iter().map(|one| (one.id.as_str(), one.name.as_str()));
    listed(item, "kinds", "资源种类", &kinds.collect::<Vec<_>>(), problems);
    let types = rules.types.iter().map(|one| (one.id.as_str(), one.id.as_str()));
    listed(item, "types", "文件类型", &types.collect::<Vec<_>>(), problems);
    let licences = rules.licences.iter().map(|one| (one.id.as_str(), one.name.as_str()));
    listed(item, "licences", "使用许可", &licences.collect::<Vec<_>>(), problems);
    for (at, licence) in rules.licences.iter().enumerate() {
        filled(item, &[(&format!("licences.{at}.about"), &licence.about)], problems);
    }
    files(item, problems);
}

/// A list that has something in it, each under an id of its own and with a name.
fn listed(
    item: &Item<'_, ResourceRules>,
    path: &str,
    what: &str,
    list: &[(&str, &str)],
    problems: &mut Vec<Problem>,
) {
    if list.is_empty() {
        problems.push(item.problem(path, format!("没有写{what}"), format!("请至少写一种{what}")));
    }
    let ids: Vec<&str> = list.iter().map(|(id, _)| *id).collect();
    for at in repeated(&ids) {
        let message = format!("{what}的编号“{}”重复", ids[at]);
        problems.push(item.problem(&format!("{path}.{at}.id"), message, "请换一个编号，或删除重复的一项"));
    }
    for (at, (id, name)) in list.iter().enumerate() {
        let fine = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.');
        if id.is_empty() || !id.chars().all(fine) {
            let help = "编号只用英文字母、数字、点、短横线和下划线";
            problems.push(item.problem(&format!("{path}.{at}.id"), "编号写得不对", help));
        }
        if name.trim().is_empty() {
            problems.push(item.problem(
                &format!("{path}.{at}.name"),
                format!("{what}没有名称"),
                "请填写文字",
            ));
        }
    }
}

fn files(item: &Item<'_, ResourceRules>, problems: &mut Vec<Problem>) {
    let most = ResourceRules::MOST_MEGABYTES;
    for (at, one) in item.value.types.iter().enumerate() {
        if !ResourceRules::TYPES.contains(&one.id.as_str()) {
            let message = format!("不能按内容辨认“{}”类文件", one.id);
            let help = format!("只能写这些类型：{}", ResourceRules::TYPES.join("、"));
            problems.push(item.problem(&format!("types.{at}.id"), message, help));
        }
        if !(1..=most).contains(&one.most_megabytes) {
            let message = format!("文件上限是 {} MB，不在 1 到 {most} MB 之间", one.most_megabytes);
            let help = format!("一次上传最多 {most} MB，请改小");
            problems.push(item.problem(&format!("types.{at}.most_megabytes"), message, help));
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.resources else { return };
    form::clauses(plan, item, &item.value.clauses, problems);
    if item.value.clauses.is_empty() {
        problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
    }
    for (at, kind) in item.value.kinds.iter().enumerate() {
        if let Some(output) = &kind.model {
            reference(item, &format!("kinds.{at}.model"), "成果", output, &plan.outputs.ids, problems);
        }
    }
}
