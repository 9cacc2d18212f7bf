//! A retired form and the one that asks for it now: what was said in the old one can be read in the new one.

use crate::check::{form, indicator, measure, output, reference};
use crate::doc::Item;
use crate::fields::{Field, FieldKind};
use crate::load::RawProgramme;
use crate::model::{Activity, Became};
use crate::problem::Problem;
use jiedui_kernel::Unit;

/// A form, as far as another one can become it.
struct Form<'a> {
    id: &'a str,
    name: &'a str,
    unit: Unit,
    retired: bool,
    fields: &'a [Field],
}

// Activities and outputs name these parts alike.
macro_rules! as_form {
    ($of:expr) => {{
        let of = $of;
        Form { id: &of.id, name: &of.name, unit: of.unit, retired: of.retired.is_some(), fields: &of.fields }
    }};
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let activities: Vec<Form<'_>> = plan.activities.items.iter().map(|item| as_form!(&item.value)).collect();
    for (item, own) in plan.activities.items.iter().zip(&activities) {
        premise(plan, item, problems);
        if let Some(became) = &item.value.became {
            reference(item, "became.into", "活动", &became.into, &plan.activities.ids, problems);
            of_one(item, (own, became), &activities, problems);
        }
    }
    let outputs: Vec<Form<'_>> = plan.outputs.items.iter().map(|item| as_form!(&item.value)).collect();
    for (item, own) in plan.outputs.items.iter().zip(&outputs) {
        if let Some(became) = &item.value.became {
            reference(item, "became.into", "成果或记录", &became.into, &plan.outputs.ids, problems);
            of_one(item, (own, became), &outputs, problems);
        }
    }
}

fn of_one<T>(
    item: &Item<'_, T>,
    (own, became): (&Form<'_>, &Became),
    all: &[Form<'_>],
    problems: &mut Vec<Problem>,
) {
    if !own.retired {
        let help = "请写 retired = \"日期\"，或删除 became 一节";
        problems.push(item.problem("became", "还在用的表，却写明已并入别的表", help));
    }
    if let Some(into) = all.iter().find(|one| one.id == became.into) {
        if into.retired || into.id == own.id {
            let help = "请写现在仍在用的一张表的编号";
            problems.push(item.problem("became.into", format!("“{}”自己也已停用", into.name), help));
        }
        answers(item, (own, became), into, problems);
    }
}

fn answers<T>(
    item: &Item<'_, T>,
    (own, became): (&Form<'_>, &Became),
    into: &Form<'_>,
    problems: &mut Vec<Problem>,
) {
    for (id, option) in &became.fields {
        if !offers(into.fields, id, option) {
            let message = format!("“{}”没有选择题“{id}”的选项“{option}”", into.name);
            problems.push(item.problem(&format!("became.fields.{id}"), message, "请核对编号"));
        }
    }
    match &became.quantity {
        // What is counted one by one may be counted in another word for one of them.
        None if form::counts_things(own.unit) && form::counts_things(into.unit) => {}
        None => measure::unit(item, own.unit, into.unit, "并入的表", problems),
        Some(id) => match into.fields.iter().find(|field| field.id == *id) {
            Some(field) if field.kind == FieldKind::Number => {
                if let Some(unit) = field.unit {
                    measure::unit(item, own.unit, unit, "记在其中的栏目", problems);
                }
            }
            _ => {
                let message = format!("“{}”没有数字栏目“{id}”", into.name);
                problems.push(item.problem("became.quantity", message, "请写一个数字栏目的编号"));
            }
        },
    }
}

/// Whether a choice of a form has an option.
pub(super) fn offers(fields: &[Field], id: &str, option: &str) -> bool {
    let choice = fields.iter().find(|field| field.id == id && field.kind == FieldKind::Choice);
    choice.is_some_and(|field| field.options.iter().any(|one| one.id == option))
}

/// What a helper has to have is something that helpers record of themselves.
fn premise(plan: &RawProgramme<'_>, item: &Item<'_, Activity>, problems: &mut Vec<Problem>) {
    let Some(premise) = &item.value.premise else { return };
    reference(item, "premise.output", "成果或记录", &premise.output, &plan.outputs.ids, problems);
    if output::found(plan, &premise.output).is_some_and(|output| output.own.is_empty()) {
        let help = "请在该成果里写 own = [\"lead\", \"nearby\"]";
        problems.push(item.problem("premise.output", "协作院校不能给自己登记这一类", help));
    }
    if let (Some(only), Some(output)) = (&premise.only, output::found(plan, &premise.output)) {
        indicator::filter(item, "premise.only", (&output.id, &output.fields), only, problems);
    }
}
