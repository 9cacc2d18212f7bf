//! Kinds of meetings: who holds them, and that the record which is made of them can be made without asking anybody.

use crate::check::{filled, form, named, output, reference};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::meetings::MeetingKind;
use crate::outputs::{DutyEvery, OutputKind};
use crate::problem::Problem;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.meetings.items {
        let kind = &item.value;
        named(item, &kind.id, problems);
        filled(item, &[("name", &kind.name), ("about", &kind.about)], problems);
        form::sides(item, "held_by", &kind.held_by, "召集", problems);
        form::sides(item, "invites", &kind.invites, "参加", problems);
        if kind.every == DutyEvery::Standing {
            let help = "请写 month、quarter 或 calendar_year";
            problems.push(item.problem("every", "会议要写明多久一次", help));
        }
        if kind.decided.is_some() && kind.record.is_none() {
            let help = "请写明 record，或删除 decided";
            problems.push(item.problem("decided", "没有写明记到哪一种记录，却写了栏目", help));
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.meetings.items {
        form::clauses(plan, item, &item.value.clauses, problems);
        record(plan, item, problems);
    }
}

fn record(plan: &RawProgramme<'_>, item: &Item<'_, MeetingKind>, problems: &mut Vec<Problem>) {
    let Some(id) = &item.value.record else { return };
    reference(item, "record", "成果或记录", id, &plan.outputs.ids, problems);
    let Some(of) = output::found(plan, id) else { return };
    if of.kind != OutputKind::Record || of.of_school {
        let help = "会议归档后自动记一条，请改成不属于学校的 kind = \"record\" 的编号";
        problems.push(item.problem("record", format!("“{}”不能由会议自动记下", of.name), help));
    }
    for (at, side) in item.value.held_by.iter().enumerate() {
        if !of.recorded_by.contains(side) {
            let message = format!("{}召集，却不能登记“{}”", side.label(), of.name);
            let help = "请把这一方写进该记录的 recorded_by，或从 held_by 删除";
            problems.push(item.problem(&format!("held_by.{at}"), message, help));
        }
    }
    let decided = item.value.decided.as_deref();
    if decided.is_some_and(|field| of.fields.iter().all(|other| other.id != field)) {
        let message = format!("“{}”没有栏目“{}”", of.name, decided.unwrap_or_default());
        problems.push(item.problem("decided", message, "请写该记录一个栏目的编号"));
    }
    if of.fields.iter().any(|field| field.required && Some(field.id.as_str()) != decided) {
        let help = "会议归档时不再问别的：请把该记录的这些栏目改为选填";
        problems.push(item.problem("record", format!("“{}”还有必填的栏目", of.name), help));
    }
}
