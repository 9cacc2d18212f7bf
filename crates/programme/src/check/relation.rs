//! Relations between fields: they say one thing, of fields that are there and have numbers of one kind. What calls itself a
//! part of something is one.

use crate::check::{filled, named, output};
use crate::doc::Item;
use crate::fields::{Field, FieldKind};
use crate::load::RawProgramme;
use crate::problem::Problem;
use crate::profile::ElementKind;
use crate::relations::{FieldRelation, Strength};
use jiedui_kernel::Unit;

/// How a label says that it is a part.
const PART: &str = "其中";

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.relations.items {
        let relation = &item.value;
        named(item, &relation.id, problems);
        filled(item, &[("words", &relation.words)], problems);
        let says = [
            !relation.part.is_empty() && !relation.whole.is_empty(),
            relation.in_year.is_some(),
            relation.last_year.is_some(),
        ];
        if says.iter().filter(|said| **said).count() != 1
            || relation.part.is_empty() != relation.whole.is_empty()
        {
            let help = "只写一种：part 与 whole、in_year，或 last_year";
            problems.push(item.problem("id", "关系没有写清", help));
        }
        for (key, form) in [("activity", &relation.activity), ("output", &relation.output)] {
            if !form.is_empty() && (says[1] || says[2]) {
                let message = "台账事项和成果只能写部分与整体的关系";
                problems.push(item.problem(key, message, "请改用 part 与 whole"));
            }
        }
        if !relation.activity.is_empty() && !relation.output.is_empty() {
            problems.push(item.problem("output", "一条关系说了两张表", "activity 和 output 只写一个"));
        }
        if relation.last_year.is_some_and(|percent| percent <= 0) {
            problems.push(item.problem("last_year", "百分比应大于零", "例如 30，表示增减超过三成要问"));
        }
        fields(plan, item, problems);
    }
    promises(plan, problems);
    parts(plan, problems);
}

/// More cannot come of a promise than was promised. A programme that says nothing of outputs yet, as those in use did, is
/// not held to it.
fn promises(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    if plan.relations.items.iter().all(|item| item.value.output.is_empty()) {
        return;
    }
    for item in plan.outputs.items.iter().filter(|item| !item.value.achieved_label.is_empty()) {
        let output = &item.value;
        let is = |ids: &[String], id: &str| ids.len() == 1 && ids[0] == id;
        let said = plan.relations.items.iter().map(|item| &item.value).any(|one| {
            one.output == output.id
                && is(&one.part, "achieved")
                && is(&one.whole, "quantity")
                && one.strength == Strength::Refuse
        });
        if !said {
            let (part, whole) = (&output.achieved_label, &output.quantity_label);
            let message = format!("没有写“{part}”不能多于“{whole}”");
            let help = format!(
                "请写一条 [[relation]]：output = \"{}\"，part = [\"achieved\"]，whole = [\"quantity\"]，strength = \"refuse\"",
                output.id
            );
            problems.push(item.problem("achieved_label", message, help));
        }
    }
}

/// What calls itself a part (其中……) says of what.
fn parts(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let said = |activity: &str, output: &str, id: &str| {
        let own = plan.relations.items.iter().map(|item| &item.value);
        own.filter(|one| one.activity == activity && one.output == output)
            .any(|one| one.part.iter().any(|part| part == id))
    };
    let help = "请写一条 [[relation]]，用 part 与 whole 写明它是哪个数的一部分";
    let unsaid = |label: &str| format!("“{label}”没有写明是什么的一部分");
    let named = |field: &Field| field.kind == FieldKind::Number && field.label.starts_with(PART);
    for item in &plan.activities.items {
        let (activity, fields) = (&item.value.id, &item.value.fields);
        for (at, field) in fields.iter().enumerate().filter(|(_, field)| named(field)) {
            if !said(activity, "", &field.id) {
                problems.push(item.problem(&format!("field.{at}.label"), unsaid(&field.label), help));
            }
        }
    }
    for item in &plan.outputs.items {
        let (output, fields) = (&item.value.id, &item.value.fields);
        for (at, field) in fields.iter().enumerate().filter(|(_, field)| named(field)) {
            if !said("", output, &field.id) {
                problems.push(item.problem(&format!("field.{at}.label"), unsaid(&field.label), help));
            }
        }
    }
    for item in plan.elements.items.iter().filter(|item| item.value.name.starts_with(PART)) {
        if item.value.kind == ElementKind::Number && !said("", "", &item.value.id) {
            problems.push(item.problem("name", unsaid(&item.value.name), help));
        }
    }
}

fn fields(plan: &RawProgramme<'_>, item: &Item<'_, FieldRelation>, problems: &mut Vec<Problem>) {
    let relation = &item.value;
    let mut units = [Vec::new(), Vec::new()];
    for ((path, ids), units) in
        [("part", &relation.part), ("whole", &relation.whole)].into_iter().zip(&mut units)
    {
        for id in ids {
            match unit_of(plan, relation, id) {
                Some(unit) => units.push(unit),
                None => problems.push(item.problem(path, format!("没有“{id}”这个数"), "请写表里有的数的 id")),
            }
        }
    }
    let [part, whole] = &units;
    let mixed = |units: &[Unit]| units.windows(2).any(|pair| pair[0] != pair[1]);
    let fit = part.first().zip(whole.first()).is_none_or(|(part, whole)| within(*part, *whole));
    if mixed(part) || mixed(whole) || !fit {
        let help = "只有同一单位的数才能比；人数是人次的一部分";
        problems.push(item.problem("whole", "部分与整体的单位不同", help));
    }
    if let Some(id) = &relation.in_year {
        let is_day =
            plan.elements.items.iter().any(|one| one.value.id == *id && one.value.kind == ElementKind::Date);
        if !is_day {
            problems.push(item.problem("in_year", format!("“{id}”不是日期"), "请写年度基本情况里的一个日期"));
        }
    }
}

/// Whoever came, came at least once: persons are never more than their person-times.
fn within(part: Unit, whole: Unit) -> bool {
    part == whole || (part == Unit::Persons && whole == Unit::PersonTimes)
}

fn unit_of(plan: &RawProgramme<'_>, relation: &FieldRelation, id: &str) -> Option<Unit> {
    let of_field = |fields: &[Field]| {
        fields.iter().find(|field| field.id == id && field.kind == FieldKind::Number)?.unit
    };
    if !relation.output.is_empty() {
        let output = output::found(plan, &relation.output)?;
        return match id {
            "quantity" => (!output.quantity_label.is_empty()).then_some(output.unit),
            "achieved" => (!output.achieved_label.is_empty()).then_some(output.unit),
            _ => of_field(&output.fields),
        };
    }
    if relation.activity.is_empty() {
        let element = plan.elements.items.iter().find(|one| one.value.id == id)?;
        return (element.value.kind == ElementKind::Number).then_some(element.value.unit);
    }
    let activity = &plan.activities.items.iter().find(|one| one.value.id == relation.activity)?.value;
    if id == "quantity" { Some(activity.unit) } else { of_field(&activity.fields) }
}
