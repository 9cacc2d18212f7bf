//! Posts and graduates: every list has something in it, destinations add up to the year-profile, and the recruitment system is
//! counted by an indicator of outputs.

use crate::check::{filled, form, reference, repeated};
use crate::doc::Item;
use crate::jobs::{CountedAs, JobRules};
use crate::load::RawProgramme;
use crate::model::IndicatorOf;
use crate::problem::Problem;
use jiedui_kernel::Unit;
use std::collections::BTreeSet;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.jobs else { return };
    let rules = &item.value;
    filled(item, &[("about", &rules.about)], problems);
    let most = JobRules::MOST_HIDDEN;
    if !(2..=most).contains(&rules.smallest_cell) {
        let message = format!("最小公开人数是 {}，不在 2 到 {most} 之间", rules.smallest_cell);
        problems.push(item.problem("smallest_cell", message, "请写少于多少人就不对外单列，通常是 5"));
    }
    let most = JobRules::MOST_DAYS;
    if !(1..=most).contains(&rules.longest_days) {
        let message = format!("岗位最长有效天数是 {}，不在 1 到 {most} 之间", rules.longest_days);
        problems.push(item.problem("longest_days", message, "请写一条岗位最多有效多少天"));
    }
    let occupations = rules.occupations.iter().map(|one| (one.id.as_str(), one.name.as_str()));
    listed(item, "occupations", "岗位类别", &occupations.collect::<Vec<_>>(), problems);
    let destinations = rules.destinations.iter().map(|one| (one.id.as_str(), one.name.as_str()));
    listed(item, "destinations", "毕业去向", &destinations.collect::<Vec<_>>(), problems);
    if !rules.destinations.iter().any(|one| one.counted_as == CountedAs::Employed) {
        let help = "请至少把一个去向写成 counted_as = \"employed\"";
        problems.push(item.problem("destinations", "没有一个去向算就业", help));
    }
    studying(item, problems);
}

/// Those who study on are told apart exactly where the year-profile tells them apart.
fn studying(item: &Item<'_, JobRules>, problems: &mut Vec<Problem>) {
    let rules = &item.value;
    let studies = rules.destinations.iter().any(|one| one.counted_as == CountedAs::Studying);
    if rules.employed_with_study.is_some() && !studies {
        let help = "请把升学的去向写成 counted_as = \"studying\"，或删除 employed_with_study";
        problems.push(item.problem("employed_with_study", "没有一个去向算升学", help));
    }
}

fn listed(
    item: &Item<'_, JobRules>,
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
        // Names of inputs are made of them.
        let fine = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
        if id.is_empty() || !id.chars().all(fine) {
            let help = "编号只用小写英文字母、数字和下划线";
            problems.push(item.problem(&format!("{path}.{at}.id"), "编号写得不对", help));
        }
        filled(item, &[(&format!("{path}.{at}.name"), *name)], problems);
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.jobs else { return };
    let rules = &item.value;
    form::clauses(plan, item, &rules.clauses, problems);
    if rules.clauses.is_empty() {
        problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
    }
    let mut named = vec![("graduates", &rules.graduates), ("employed", &rules.employed)];
    named.extend(rules.employed_with_study.as_ref().map(|element| ("employed_with_study", element)));
    for (path, element) in named {
        reference(item, path, "基本情况项目", element, &plan.elements.ids, problems);
        let counted = plan.elements.items.iter().find(|one| one.value.id == *element);
        if counted.is_some_and(|one| one.value.unit != Unit::Persons) {
            let help = "毕业去向按人数相加，请写一个以人为单位的基本情况项目";
            problems.push(item.problem(path, format!("“{element}”不是人数"), help));
        }
    }
    beside(plan, item, problems);
    leading(plan, item, problems);
    for (path, named) in [("system", &rules.system), ("key_enterprises", &rules.key_enterprises)] {
        let Some(indicator) = named else { continue };
        reference(item, path, "指标", indicator, &plan.indicators.ids, problems);
        let found = plan.indicators.items.iter().find(|one| one.value.id == *indicator);
        if found.is_some_and(|one| !matches!(one.value.of, IndicatorOf::Outputs { .. })) {
            let help = "请写一个按建设成果统计的指标，名单从那里来";
            problems.push(item.problem(path, format!("“{indicator}”不按建设成果统计"), help));
        }
    }
}

/// Every major leads to one occupation: each category to exactly one, and what leads elsewhere is named once.
fn leading(plan: &RawProgramme<'_>, item: &Item<'_, JobRules>, problems: &mut Vec<Problem>) {
    let occupations = &item.value.occupations;
    let names = plan.matching.as_ref().map(|rules| rules.value.categories.names.as_slice());
    let known: &[String] = names.unwrap_or_default();
    let (mut categories, mut majors) = (BTreeSet::new(), BTreeSet::new());
    for (at, one) in occupations.iter().enumerate() {
        for (place, name) in one.categories.iter().enumerate() {
            let path = format!("occupations.{at}.categories.{place}");
            if !known.contains(name) {
                let help = "请用 [matching.categories] 里的名称";
                problems.push(item.problem(&path, format!("没有专业大类“{name}”"), help));
            }
            if !categories.insert(name.as_str()) {
                let help = "一个专业大类只归一个岗位类别，个别专业归别处的写在那里的 majors 里";
                problems.push(item.problem(&path, format!("专业大类“{name}”归了两次"), help));
            }
        }
        for (place, name) in one.majors.iter().enumerate() {
            let path = format!("occupations.{at}.majors.{place}");
            filled(item, &[(&path, name)], problems);
            if !majors.insert(name.as_str()) {
                let message = format!("专业“{name}”归了两次");
                problems.push(item.problem(&path, message, "一个专业只归一个岗位类别，请删除重复的一项"));
            }
        }
    }
    // One without a name is told of where it stands.
    let named = |name: &&String| !name.trim().is_empty();
    if let Some(missing) = known.iter().filter(named).find(|name| !categories.contains(name.as_str())) {
        let message = format!("专业大类“{missing}”没有归入任何岗位类别");
        problems.push(item.problem("occupations", message, "请写进一个岗位类别的 categories"));
    }
}

/// What stands by county is recorded row by row, so that it can be opened there.
fn beside(plan: &RawProgramme<'_>, item: &Item<'_, JobRules>, problems: &mut Vec<Problem>) {
    for at in repeated(&item.value.beside) {
        problems.push(item.problem(&format!("beside.{at}"), "指标写了两遍", "请删除重复的一项"));
    }
    for (at, id) in item.value.beside.iter().enumerate() {
        let path = format!("beside.{at}");
        reference(item, &path, "指标", id, &plan.indicators.ids, problems);
        let found = plan.indicators.items.iter().map(|one| &one.value).find(|one| one.id == *id);
        let counted =
            |of: &IndicatorOf| matches!(of, IndicatorOf::Entries { .. } | IndicatorOf::Outputs { .. });
        if found.is_some_and(|one| !counted(&one.of)) {
            let help = "请写由台账或成果数出的指标";
            problems.push(item.problem(&path, format!("“{id}”不能按县分开列"), help));
        }
    }
}
