//! The year-profile and the standards it is held against: derived figures whose units fit (principle 6), thresholds
//! that judge only with a checked source.

use crate::check::{filled, form, named, output, reference, repeated};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::problem::Problem;
use crate::profile::{Checked, Derived, Element, ElementKind, Standard, Threshold};
use jiedui_kernel::{Date, Unit};

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    if let Some(item) = &plan.profile {
        let form = &item.value;
        filled(item, &[("name", &form.name), ("about", &form.about)], problems);
        form::declared(item, &form.clauses, form.minutes, problems);
        form::sides(item, "filled_by", &form.filled_by, "填报", problems);
        if form.filled_by.contains(&form.accepted_by) {
            let help = "填报与核对须是两方，请改由主管的一方核对";
            problems.push(item.problem("accepted_by", "填报的一方不能自己核对", help));
        }
        // Of a year without a leap day, so that it exists in every year.
        if format!("2025-{}", form.as_of).parse::<Date>().is_err() || form.as_of.len() != 5 {
            problems.push(item.problem("as_of", "截止日写得不对", "写成月-日，例如 \"10-31\""));
        }
    }
    for item in &plan.elements.items {
        let element = &item.value;
        named(item, &element.id, problems);
        let texts = [("name", &element.name), ("group", &element.group), ("purpose", &element.purpose)];
        filled(item, &texts.map(|(path, text)| (path, text.as_str())), problems);
        if element.kind == ElementKind::Date && element.derived.is_some() {
            problems.push(item.problem("derived", "日期不能由别的数算出", "请删除 derived"));
        }
        if element.imported && element.derived.is_some() {
            problems.push(item.problem("imported", "算出来的数不从文件导入", "请删除 imported 或 derived"));
        }
    }
    standards(plan, problems);
    plan.thresholds.items.iter().for_each(|item| threshold(item, problems));
}

fn standards(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for (at, item) in plan.standards.items.iter().enumerate() {
        let standard = &item.value;
        named(item, &standard.id, problems);
        filled(item, &[("name", &standard.name), ("source", &standard.source)], problems);
        output::levels(item, "level", std::slice::from_ref(&standard.level), problems);
        if !standard.also.is_empty() {
            output::levels(item, "also", &standard.also, problems);
        }
        if standard.clauses.is_empty() {
            problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
        }
        if standard.to.is_some_and(|to| to < standard.from) {
            problems.push(item.problem("to", "标准的结束日早于开始日", "请核对 from 与 to，是否写反"));
        }
        if standard.rung < 0 {
            let help = "技工学校 1、高级技工学校 2、技师学院 3；只作对照、不在阶梯上的写 0";
            problems.push(item.problem("rung", "层级小于零", help));
        }
        let clash = |other: &&Item<'_, Standard>| {
            let other = &other.value;
            let overlap = other.to.is_none_or(|to| standard.from <= to)
                && standard.to.is_none_or(|to| other.from <= to);
            standard.rung > 0 && other.rung == standard.rung && overlap
        };
        if let Some(other) = plan.standards.items.iter().take(at).find(clash) {
            let message = format!("与“{}”同在第{}级，日期又重叠", other.value.name, standard.rung);
            let help = "同一天一级只有一份标准；只作对照的写 rung = 0";
            problems.push(item.problem("rung", message, help));
        }
    }
}

fn threshold(item: &Item<'_, Threshold>, problems: &mut Vec<Problem>) {
    let threshold = &item.value;
    named(item, &threshold.id, problems);
    filled(item, &[("name", &threshold.name)], problems);
    if let (Some(low), Some(high)) = (threshold.at_least, threshold.at_most)
        && low > high
    {
        problems.push(item.problem("at_most", "上限小于下限", "请核对两个数，是否写反"));
    }
    let bound = threshold.at_least.is_some() || threshold.at_most.is_some();
    if bound && threshold.unit.is_none() {
        let message = format!("“{}”的界限没有写单位", threshold.name);
        problems.push(item.problem("name", message, "请写 unit，人与人次分开"));
    }
    if !threshold.usable {
        return;
    }
    let said = usize::from(threshold.at_least.is_some())
        + usize::from(threshold.at_most.is_some())
        + usize::from(!threshold.text.trim().is_empty());
    if said != 1 {
        let help = "可用于判定的一项只写 at_least、at_most、text 中的一个";
        problems.push(item.problem("usable", format!("写了{said}个界限，不知按哪一个判定"), help));
    }
    if threshold.status != Checked::Checked {
        let help = "请先核对原文并改为 status = \"checked\"，或改为 usable = false";
        problems.push(item.problem("usable", "没有核对过的数不能用于判定", help));
    }
    if threshold.source.trim().is_empty() {
        let help = "请写明出处，或改为 usable = false";
        problems.push(item.problem("usable", "没有出处的数不能用于判定", help));
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    if let Some(item) = &plan.profile {
        form::clauses(plan, item, &item.value.clauses, problems);
    }
    for item in &plan.elements.items {
        reference(item, "clause", "条款", &item.value.clause, &plan.clauses.ids, problems);
        if let Some(derived) = &item.value.derived {
            figured(plan, item, derived, problems);
        }
    }
    for item in &plan.standards.items {
        form::clauses(plan, item, &item.value.clauses, problems);
    }
    for item in &plan.thresholds.items {
        reference(item, "standard", "标准", &item.value.standard, &plan.standards.ids, problems);
        let Some(id) = &item.value.element else { continue };
        reference(item, "element", "基本情况项目", id, &plan.elements.ids, problems);
        let Some(element) = found(plan, id) else { continue };
        match item.value.unit {
            _ if element.kind == ElementKind::Date => {
                problems.push(item.problem("element", "日期没有多少可比", "请改用数字项目，或删除 element"));
            }
            Some(unit) => super::measure::unit(item, unit, element.unit, "它所看的基本情况项目", problems),
            None => {}
        }
    }
}

pub(super) fn found<'a>(plan: &'a RawProgramme<'_>, id: &str) -> Option<&'a Element> {
    plan.elements.items.iter().map(|item| &item.value).find(|element| element.id == id)
}

/// Sums of one unit, and quotients that mean something.
fn figured(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Element>,
    derived: &Derived,
    problems: &mut Vec<Problem>,
) {
    if derived.of.is_empty() {
        problems.push(item.problem("derived.of", "没有写由哪几项算出", "请至少写一个项目编号"));
    }
    for at in repeated(&derived.of) {
        problems.push(item.problem(&format!("derived.of.{at}"), "同一项加了两遍", "请删除重复的一项"));
    }
    let parts = derived.of.iter().enumerate().map(|(at, id)| (format!("derived.of.{at}"), id));
    let by = derived.by.iter().map(|id| ("derived.by".to_owned(), id));
    for (path, id) in parts.chain(by) {
        reference(item, &path, "基本情况项目", id, &plan.elements.ids, problems);
        let Some(part) = found(plan, id) else { continue };
        if part.kind == ElementKind::Date {
            problems.push(item.problem(&path, "日期不能参加计算", "请改用数字项目"));
        }
        // A sum may be divided by; nothing is computed from what is itself more than a sum of asked figures.
        let deep = part.derived.as_ref().is_some_and(|part| {
            part.by.is_some()
                || part.of.iter().any(|id| found(plan, id).is_some_and(|id| id.derived.is_some()))
        });
        if deep || *id == item.value.id {
            let message = format!("“{}”自己也是算出来的", part.name);
            problems.push(item.problem(&path, message, "请直接写填报的项目，免得层层折算"));
        }
    }
    let units: Vec<Unit> = derived.of.iter().filter_map(|id| found(plan, id)).map(|part| part.unit).collect();
    let Some(first) = units.first().copied() else { return };
    if item.value.unit == Unit::TrainingScale {
        scale(item, derived, &units, problems);
        return;
    }
    if let Some(at) = units.iter().position(|unit| *unit != first) {
        let message = format!("把{}与{}相加", first.label(), units[at].label());
        let help = "只有同一单位才能相加；人与人次不是同一单位";
        problems.push(item.problem(&format!("derived.of.{at}"), message, help));
        return;
    }
    let fits = match derived.by.as_deref().map(|id| found(plan, id)) {
        None => item.value.unit == first,
        Some(None) => return,
        Some(Some(by)) => match item.value.unit {
            Unit::BasisPoints => first == by.unit,
            Unit::SquareMetresPerPerson => first == Unit::SquareMetres && by.unit == Unit::Persons,
            _ => false,
        },
    };
    if !fits {
        let help = "求和与各项同一单位；比率的分子分母同一单位；平方米/人由平方米除以人";
        problems.push(item.problem("unit", format!("算出来的不是“{}”", item.value.unit.label()), help));
    }
}

/// The training scale of the standards: persons and person-times, which add up to nothing else.
fn scale(item: &Item<'_, Element>, derived: &Derived, units: &[Unit], problems: &mut Vec<Problem>) {
    let odd = units.iter().position(|unit| !matches!(unit, Unit::Persons | Unit::PersonTimes));
    if let Some(at) = odd {
        let help = "培养规模只由在校生的人数与年职业培训的人次合成";
        let message = format!("培养规模里有{}", units[at].label());
        problems.push(item.problem(&format!("derived.of.{at}"), message, help));
    }
    if derived.by.is_some() {
        problems.push(item.problem("derived.by", "培养规模不再除以什么", "请删除 by"));
    }
}
