//! Fields that are asked only where a choice of the same form says so.

use crate::check::form::Written;
use crate::doc::Item;
use crate::fields::Only;
use crate::fields::{Field, FieldKind};
use crate::problem::Problem;

/// What is wrong with the condition of a field.
pub(super) fn check<T>(
    item: &Item<'_, T>,
    (at, field): (usize, &Field),
    fields: &[Field],
    written: Written,
    problems: &mut Vec<Problem>,
) {
    let Some(when) = &field.when else { return };
    let path = format!("field.{at}.when");
    if written == Written::ByHand {
        let help = "按条件填写的栏目只能写在登记、成果和申报里：请删除 when";
        return problems.push(item.problem(&path, "手写的表单不按条件显示栏目", help));
    }
    if circular(field, fields) {
        let message = format!("“{}”填不填，最后又取决于它自己", field.label);
        return problems.push(item.problem(&path, message, "请删除其中一个 when，使条件不成环"));
    }
    let choice = fields.iter().find(|other| other.id == when.field && other.kind == FieldKind::Choice);
    let Some(choice) = choice else {
        let message = format!("这张表没有选择题“{}”", when.field);
        let help = "when 里的 field 须是同一张表里一道选择题的编号";
        return problems.push(item.problem(&format!("{path}.field"), message, help));
    };
    options(item, &path, when, choice, problems);
    contradiction(item, &path, (field, when), choice, problems);
}

fn options<T>(item: &Item<'_, T>, path: &str, when: &Only, choice: &Field, problems: &mut Vec<Problem>) {
    if when.is.is_empty() && !when.blank {
        let help = "请在 is 里至少写一个选项编号";
        problems.push(item.problem(&format!("{path}.is"), "没有写选哪些时才填", help));
    }
    for (number, option) in when.is.iter().enumerate() {
        if !choice.options.iter().any(|other| other.id == *option) {
            let known: Vec<&str> = choice.options.iter().map(|option| option.id.as_str()).collect();
            let message = format!("“{}”没有选项“{option}”", choice.label);
            let help = format!("可选：{}", known.join("、"));
            problems.push(item.problem(&format!("{path}.is.{number}"), message, help));
        }
    }
}

/// A condition that always holds, or one half of which never does.
fn contradiction<T>(
    item: &Item<'_, T>,
    path: &str,
    (field, when): (&Field, &Only),
    choice: &Field,
    problems: &mut Vec<Problem>,
) {
    let always_chosen = choice.required && choice.when.is_none();
    if when.blank && always_chosen {
        let message = format!("“{}”必填，不会没有选", choice.label);
        problems.push(item.problem(&format!("{path}.blank"), message, "请删除 blank，或把那一题改为选填"));
    }
    let all = choice.options.iter().all(|option| when.is.contains(&option.id));
    if all && always_chosen {
        let message = format!("无论“{}”选什么都要填“{}”", choice.label, field.label);
        problems.push(item.problem(path, message, "请删除 when：总要填的不写条件"));
    }
}

/// Whether the conditions lead from a field back to itself.
fn circular(field: &Field, fields: &[Field]) -> bool {
    let mut at = field;
    for _ in 0..=fields.len() {
        let Some(when) = &at.when else { return false };
        match fields.iter().find(|other| other.id == when.field) {
            Some(next) if next.id == field.id => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    // It leads into a circle further on, which is reported there.
    false
}
