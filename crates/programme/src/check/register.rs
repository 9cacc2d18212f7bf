//! `forms.toml` and `[burden]`: every form that the application needs is registered, and the ceiling means something.

use crate::check::{filled, form, named, reference};
use crate::forms::FormKind;
use crate::load::RawProgramme;
use crate::problem::Problem;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.forms.items {
        let written = &item.value;
        named(item, &written.id, problems);
        filled(item, &[("name", &written.name)], problems);
        form::declared(item, &written.clauses, written.minutes, problems);
        form::fields(item, &written.fields, form::Written::ByHand, problems);
        form::options_confirmed(item, &written.fields, None, problems);
        form::sides(item, "filled_by", &written.filled_by, "填报", problems);
        if written.fields.is_empty() {
            problems.push(item.problem("field", "没有写栏目", "请至少写一个 [[form.field]]"));
        }
        let generated = [FormKind::Activity, FormKind::Output, FormKind::Application, FormKind::Profile];
        if generated.contains(&written.kind) {
            let help = "台账、成果、申报和基本情况的表单由各自的条目自动登记，请删除这一段";
            problems.push(item.problem("kind", "这一类表单不在这里写", help));
        }
    }
    let Some(burden) = &plan.burden else { return };
    if burden.value.ceiling_minutes == 0 {
        let help = "请写每个单位每月最多几分钟，公开的上限由它而来";
        problems.push(burden.problem("ceiling_minutes", "没有写填报上限", help));
    }
    if burden.value.answer_workdays == 0 {
        problems.push(burden.problem("answer_workdays", "没有写多少天内答复", "请写大于零的工作日数"));
    }
    for kind in FormKind::BY_HAND {
        if !plan.forms.items.is_empty() && !plan.forms.items.iter().any(|item| item.value.kind == kind) {
            let help = "系统里有这张表，请在 forms.toml 里登记它的栏目和用途";
            problems.push(burden.problem(
                "",
                format!("没有登记“{}”表单（kind = \"{}\"）", kind.label(), kind.id()),
                help,
            ));
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.forms.items {
        form::clauses(plan, item, &item.value.clauses, problems);
        if item.value.kind == FormKind::Plan {
            reference(item, "id", "方案模板", &item.value.id, &plan.templates.ids, problems);
        }
    }
}
