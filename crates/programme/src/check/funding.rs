//! Sources of money: each has a name, takes what is there, and takes nothing that another one has taken.

use crate::check::indicator::filter;
use crate::check::{filled, form, output, reference, repeated};
use crate::doc::Item;
use crate::fields::{Field, FieldKind, Only};
use crate::funding::{FundingRules, FundingSource, MoneyApplication, MoneyOutput, PLAN_LEVELS};
use crate::load::RawProgramme;
use crate::problem::Problem;
use crate::profile::ElementKind;
use jiedui_kernel::Unit;
use std::collections::BTreeSet;

/// Nobody waits longer before money that lies still is asked about.
const MONTHS: std::ops::RangeInclusive<u32> = 1..=60;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.funding else { return };
    let rules = &item.value;
    filled(item, &[("about", &rules.about)], problems);
    if !MONTHS.contains(&rules.late_after_months) {
        let message = format!("滞留月数超出范围：{}", rules.late_after_months);
        problems.push(item.problem("late_after_months", message, "请写 1 到 60 之间的整数，单位是月"));
    }
    if rules.sources.is_empty() {
        problems.push(item.problem("", "没有写经费来源", "请至少写一个来源"));
    }
    if rules.cost_per_pupil.sources.is_empty() {
        let help = "请写哪些来源的支出算进培养成本";
        problems.push(item.problem("cost_per_pupil.sources", "培养成本没有写来源", help));
    }
    for at in repeated(&rules.cost_per_pupil.sources) {
        let path = format!("cost_per_pupil.sources.{at}");
        problems.push(item.problem(&path, "来源写了两遍", "请删除重复的一项"));
    }
    for at in repeated(&rules.cost_per_pupil.beside) {
        let path = format!("cost_per_pupil.beside.{at}");
        problems.push(item.problem(&path, "指标写了两遍", "请删除重复的一项"));
    }
    sources(item, problems);
}

fn sources(item: &Item<'_, FundingRules>, problems: &mut Vec<Problem>) {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let ids: Vec<&str> = item.value.sources.iter().map(|source| source.id.as_str()).collect();
    for at in repeated(&ids) {
        let message = format!("编号“{}”重复", ids[at]);
        problems.push(item.problem(&format!("source.{at}.id"), message, "每个来源的编号只能用一次"));
    }
    for (at, source) in item.value.sources.iter().enumerate() {
        if source.id.is_empty() || !source.id.chars().all(fine) {
            let help = "编号只用英文字母、数字和短横线";
            problems.push(item.problem(&format!("source.{at}.id"), "编号写得不对", help));
        }
        filled(item, &[(&format!("source.{at}.name"), &source.name)], problems);
        let unknown = source.plan_level.as_deref().filter(|level| !PLAN_LEVELS.contains(level));
        if let Some(level) = unknown {
            let message = format!("达标方案里没有“{level}”这一级");
            let help = format!("可选：{}", PLAN_LEVELS.join("、"));
            problems.push(item.problem(&format!("source.{at}.plan_level"), message, help));
        }
    }
    twice(item, problems);
}

/// Every cent counts once: what one source takes, no later one may take.
fn twice(item: &Item<'_, FundingRules>, problems: &mut Vec<Problem>) {
    let help = "同一笔钱只能算进一个来源：请留下一处，或用 by、only 分开";
    let mut say = |path: String, what: &str| {
        problems.push(item.problem(&path, format!("{what}已经算进前面的来源"), help));
    };
    let (mut budgets, mut levels) = (BTreeSet::new(), BTreeSet::new());
    let (mut outputs, mut applications): (Vec<&MoneyOutput>, Vec<&MoneyApplication>) =
        (Vec::new(), Vec::new());
    for (at, source) in item.value.sources.iter().enumerate() {
        for (place, budget) in source.budget.iter().enumerate() {
            if !budgets.insert(budget) {
                say(format!("source.{at}.budget.{place}"), "这个项目经费来源");
            }
        }
        if source.plan_level.as_ref().is_some_and(|level| !levels.insert(level)) {
            say(format!("source.{at}.plan_level"), "这一级的方案经费");
        }
        for (place, one) in source.output.iter().enumerate() {
            if outputs.iter().any(|other| same_output(other, one)) {
                say(format!("source.{at}.output.{place}.output"), "这类成果");
            }
            outputs.push(one);
        }
        for (place, one) in source.application.iter().enumerate() {
            if applications.iter().any(|other| same_application(other, one)) {
                say(format!("source.{at}.application.{place}.application"), "这类申报");
            }
            applications.push(one);
        }
    }
}

fn same_output(one: &MoneyOutput, other: &MoneyOutput) -> bool {
    let all = one.by.is_empty() || other.by.is_empty();
    let sides = all || one.by.iter().any(|side| other.by.contains(side));
    one.output == other.output && sides && meet(one.only.as_ref(), other.only.as_ref())
}

fn same_application(one: &MoneyApplication, other: &MoneyApplication) -> bool {
    one.application == other.application && meet(one.only.as_ref(), other.only.as_ref())
}

/// Whether two filters take the same. Filters by different fields may: there the order of the sources decides.
fn meet(one: Option<&Only>, other: Option<&Only>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return true };
    let common = one.is.iter().any(|option| other.is.contains(option));
    one.field == other.field && (common || (one.blank && other.blank))
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.funding else { return };
    let rules = &item.value;
    form::clauses(plan, item, &rules.clauses, problems);
    if rules.clauses.is_empty() {
        problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
    }
    let ids: BTreeSet<String> = rules.sources.iter().map(|source| source.id.clone()).collect();
    for (at, id) in rules.cost_per_pupil.sources.iter().enumerate() {
        reference(item, &format!("cost_per_pupil.sources.{at}"), "经费来源", id, &ids, problems);
    }
    for (at, id) in rules.cost_per_pupil.beside.iter().enumerate() {
        let path = format!("cost_per_pupil.beside.{at}");
        reference(item, &path, "指标", id, &plan.indicators.ids, problems);
    }
    element(plan, item, problems);
    if let Some(training) = &rules.training {
        for (key, id) in [("income", &training.income), ("pay", &training.pay), ("share", &training.share)] {
            reference(item, &format!("training.{key}"), "指标", id, &plan.indicators.ids, problems);
        }
    }
    for (at, source) in rules.sources.iter().enumerate() {
        taken(plan, item, (at, source), problems);
    }
}

fn element(plan: &RawProgramme<'_>, item: &Item<'_, FundingRules>, problems: &mut Vec<Problem>) {
    let (path, id) = ("cost_per_pupil.element", &item.value.cost_per_pupil.element);
    reference(item, path, "基本情况项目", id, &plan.elements.ids, problems);
    let found = plan.elements.items.iter().map(|item| &item.value).find(|element| element.id == *id);
    let Some(element) = found else { return };
    if element.kind != ElementKind::Number || element.unit != Unit::Persons {
        let message = format!("培养成本不能按“{}”算", element.name);
        problems.push(item.problem(path, message, "请写以人计的一个数，如在校生数"));
    }
}

fn taken(
    plan: &RawProgramme<'_>,
    item: &Item<'_, FundingRules>,
    (at, source): (usize, &FundingSource),
    problems: &mut Vec<Problem>,
) {
    let known = plan.projects.iter().flat_map(|item| &item.value.sources).map(|source| source.id.clone());
    let known: BTreeSet<String> = known.collect();
    for (place, id) in source.budget.iter().enumerate() {
        let path = format!("source.{at}.budget.{place}");
        reference(item, &path, "项目经费来源", id, &known, problems);
    }
    for (place, one) in source.output.iter().enumerate() {
        let path = format!("source.{at}.output.{place}");
        reference(item, &format!("{path}.output"), "成果或记录", &one.output, &plan.outputs.ids, problems);
        let Some(found) = output::found(plan, &one.output) else { continue };
        if let Some(only) = &one.only {
            filter(item, &format!("{path}.only"), (&found.id, &found.fields), only, problems);
        }
        if let Some(due) = &one.due {
            day(item, &format!("{path}.due"), &found.fields, due, problems);
        }
        match &one.amount {
            Some(field) => amount(item, &format!("{path}.amount"), &found.fields, field, problems),
            None if found.unit != Unit::Yuan => {
                let message = format!("“{}”不是以元计的", found.name);
                let help = "请改成以元计的成果，或在 amount 里写以元计的栏目";
                problems.push(item.problem(&format!("{path}.output"), message, help));
            }
            None => {}
        }
    }
    for (place, one) in source.application.iter().enumerate() {
        let path = format!("source.{at}.application.{place}");
        let (known, id) = (&plan.applications.ids, &one.application);
        reference(item, &format!("{path}.application"), "申报", id, known, problems);
        let mut all = plan.applications.items.iter().map(|item| &item.value);
        let Some(found) = all.find(|found| found.id == *id) else { continue };
        if let Some(only) = &one.only {
            filter(item, &format!("{path}.only"), (&found.id, &found.fields), only, problems);
        }
        amount(item, &format!("{path}.amount"), &found.fields, &one.amount, problems);
    }
}

fn amount(
    item: &Item<'_, FundingRules>,
    path: &str,
    fields: &[Field],
    id: &str,
    problems: &mut Vec<Problem>,
) {
    let fits =
        |field: &Field| field.id == id && field.kind == FieldKind::Number && field.unit == Some(Unit::Yuan);
    if !fields.iter().any(fits) {
        let message = format!("没有以元计的栏目“{id}”");
        problems.push(item.problem(path, message, "请写表单里一个以元计的数字栏目的编号"));
    }
}

fn day(item: &Item<'_, FundingRules>, path: &str, fields: &[Field], id: &str, problems: &mut Vec<Problem>) {
    if !fields.iter().any(|field| field.id == id && field.kind == FieldKind::Date) {
        let message = format!("没有日期栏目“{id}”");
        problems.push(item.problem(path, message, "请写表单里一个日期栏目的编号"));
    }
}
