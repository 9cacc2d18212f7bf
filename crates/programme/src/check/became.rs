//! A retired form and the one that asks for it now: what was said in the old one can be read in the new one.

use crate::check::{measure, output, reference};
use crate::doc::Item;
use crate::fields::FieldKind;
use crate::load::RawProgramme;
use crate::model::{Activity, Became};
use crate::problem::Problem;

pub(super) fn check_references(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Activity>,
    problems: &mut Vec<Problem>,
) {
    premise(plan, item, problems);
    let Some(became) = &item.value.became else { return };
    reference(item, "became.into", "活动", &became.into, &plan.activities.ids, problems);
    if item.value.retired.is_none() {
        let help = "请写 retired = \"日期\"，或删除 [activity.became]";
        problems.push(item.problem("became", "还在用的表，却写明已并入别的表", help));
    }
    let into = plan.activities.items.iter().map(|other| &other.value).find(|one| one.id == became.into);
    if let Some(into) = into {
        if into.retired.is_some() || into.id == item.value.id {
            let help = "请写现在仍在用的一张表的编号";
            problems.push(item.problem("became.into", format!("“{}”自己也已停用", into.name), help));
        }
        answers(item, became, into, problems);
    }
}

fn answers(item: &Item<'_, Activity>, became: &Became, into: &Activity, problems: &mut Vec<Problem>) {
    for (id, option) in &became.fields {
        let choice = into.fields.iter().find(|field| field.id == *id && field.kind == FieldKind::Choice);
        if !choice.is_some_and(|field| field.options.iter().any(|one| one.id == *option)) {
            let message = format!("“{}”没有选择题“{id}”的选项“{option}”", into.name);
            problems.push(item.problem(&format!("became.fields.{id}"), message, "请核对编号"));
        }
    }
    match &became.quantity {
        None => measure::unit(item, item.value.unit, into.unit, "并入的表", problems),
        Some(id) => match into.fields.iter().find(|field| field.id == *id) {
            Some(field) if field.kind == FieldKind::Number => {
                if let Some(unit) = field.unit {
                    measure::unit(item, item.value.unit, unit, "记在其中的栏目", problems);
                }
            }
            _ => {
                let message = format!("“{}”没有数字栏目“{id}”", into.name);
                problems.push(item.problem("became.quantity", message, "请写一个数字栏目的编号"));
            }
        },
    }
}

/// What a helper has to have is something that helpers record of themselves.
fn premise(plan: &RawProgramme<'_>, item: &Item<'_, Activity>, problems: &mut Vec<Problem>) {
    let Some(premise) = &item.value.premise else { return };
    reference(item, "premise.output", "成果或记录", &premise.output, &plan.outputs.ids, problems);
    if output::found(plan, &premise.output).is_some_and(|output| output.own.is_empty()) {
        let help = "请在该成果里写 own = [\"lead\", \"nearby\"]";
        problems.push(item.problem("premise.output", "协作院校不能给自己登记这一类", help));
    }
}
