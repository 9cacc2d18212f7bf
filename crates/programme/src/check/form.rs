//! What every form has in common: its fields, its cost, the sentences it stands under, and that the one who claims is not
//! the one who confirms (principle 2).

use crate::check::{condition, filled, named, reference, repeated};
use crate::doc::Item;
use crate::fields::{Field, FieldKind, Side};
use crate::load::RawProgramme;
use crate::model::Confirmer;
use crate::problem::Problem;
use jiedui_kernel::Unit;

/// Whether the options and units of fields are written out. Forms that follow a course of work of their own take them
/// from the registry or from the field beside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    InFull,
    ByHand,
}

pub(super) fn fields<T>(item: &Item<'_, T>, fields: &[Field], written: Written, problems: &mut Vec<Problem>) {
    for (at, field) in fields.iter().enumerate() {
        let paths = ["label", "purpose"].map(|key| format!("field.{at}.{key}"));
        for (path, text) in paths.iter().zip([&field.label, &field.purpose]) {
            filled(item, &[(path, text)], problems);
        }
        let id = format!("field.{at}.id");
        named_at(item, &id, &field.id, problems);
        if fields.iter().take(at).any(|other| other.id == field.id) {
            let help = "同一张表里栏目编号不能相同，请换一个，或删除其中一项（减负原则：不重复填报）";
            problems.push(item.problem(&id, format!("栏目“{}”重复", field.id), help));
        }
        if !["", "short", "medium", "long"].contains(&field.width.as_str()) {
            let help = "可选：short、medium、long，或不写";
            problems.push(item.problem(&format!("field.{at}.width"), "没有这种宽度", help));
        }
        options(item, at, field, written, problems);
        condition::check(item, (at, field), fields, written, problems);
        unit(item, at, field, written, problems);
    }
}

/// What the form asks by itself: a field of the same id would ask it a second time.
pub(super) fn reserved<T>(item: &Item<'_, T>, fields: &[Field], own: &[&str], problems: &mut Vec<Problem>) {
    for (at, field) in fields.iter().enumerate().filter(|(_, field)| own.contains(&field.id.as_str())) {
        let message = format!("“{}”用了表里自带的栏目编号 {}", field.label, field.id);
        let help = "这一项表里已经有了，请删除；若另有所指，请换一个编号（减负原则：不重复填报）";
        problems.push(item.problem(&format!("field.{at}.id"), message, help));
    }
}

fn options<T>(item: &Item<'_, T>, at: usize, field: &Field, written: Written, problems: &mut Vec<Problem>) {
    let path = format!("field.{at}.option");
    if field.kind != FieldKind::Choice {
        if !field.options.is_empty() {
            let help = "只有 kind = \"choice\" 的栏目有选项：请删除选项，或改为 choice";
            problems.push(item.problem(&path, format!("“{}”不是选择题，却写了选项", field.label), help));
        }
        return;
    }
    if field.options.len() < 2 && (written == Written::InFull || !field.options.is_empty()) {
        let help = "请至少写两个 option；只有一种可能的不必问";
        problems.push(item.problem(
            &format!("field.{at}.kind"),
            format!("选择题“{}”没有两个以上的选项", field.label),
            help,
        ));
    }
    for (number, option) in field.options.iter().enumerate() {
        named_at(item, &format!("{path}.{number}.id"), &option.id, problems);
        filled(item, &[(&format!("{path}.{number}.name"), &option.name)], problems);
        let mut earlier = field.options.iter().take(number);
        if earlier.any(|other| other.id == option.id || other.name == option.name) {
            let message = format!("选项“{}”重复", option.name);
            problems.push(item.problem(&format!("{path}.{number}.id"), message, "请删除重复的选项"));
        }
    }
}

fn unit<T>(item: &Item<'_, T>, at: usize, field: &Field, written: Written, problems: &mut Vec<Problem>) {
    let number = field.kind == FieldKind::Number;
    match field.unit {
        None if number && written == Written::InFull => {
            let message = format!("数字“{}”没有写单位", field.label);
            problems.push(item.problem(&format!("field.{at}.kind"), message, "请写 unit，人与人次分开"));
        }
        Some(_) if !number => {
            let message = format!("“{}”不是数字，却写了单位", field.label);
            let help = "请删除 unit，或改为 kind = \"number\"";
            problems.push(item.problem(&format!("field.{at}.unit"), message, help));
        }
        _ => {}
    }
}

/// The declared cost, and the sentences that ask for the form.
pub(super) fn declared<T>(item: &Item<'_, T>, clauses: &[String], minutes: u32, problems: &mut Vec<Problem>) {
    if clauses.is_empty() {
        problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
    }
    for at in repeated(clauses) {
        problems.push(item.problem(&format!("clauses.{at}"), "条款写了两遍", "请删除重复的编号"));
    }
    if minutes == 0 {
        let help = "请如实写填一次要几分钟（至少 1），公开的报表减负由它算出";
        problems.push(item.problem("minutes", "没有申明填报成本", help));
    }
}

pub(super) fn clauses<T>(
    plan: &RawProgramme<'_>,
    item: &Item<'_, T>,
    clauses: &[String],
    problems: &mut Vec<Problem>,
) {
    for (at, clause) in clauses.iter().enumerate() {
        reference(item, &format!("clauses.{at}"), "条款", clause, &plan.clauses.ids, problems);
    }
}

/// The further tasks whose projects something moves.
pub(super) fn serves<T>(
    plan: &RawProgramme<'_>,
    item: &Item<'_, T>,
    tasks: &[String],
    problems: &mut Vec<Problem>,
) {
    for (at, task) in tasks.iter().enumerate() {
        reference(item, &format!("serves.{at}"), "任务或保障", task, &plan.tasks.ids, problems);
    }
}

/// At least one side, each once.
pub(super) fn sides<T>(
    item: &Item<'_, T>,
    path: &str,
    sides: &[Side],
    what: &str,
    problems: &mut Vec<Problem>,
) {
    if sides.is_empty() {
        let help = "请写 province、city、county、lead、nearby、county_school 中的一方或几方";
        problems.push(item.problem(path, format!("没有写明由谁{what}"), help));
    }
    for at in repeated(sides) {
        problems.push(item.problem(&format!("{path}.{at}"), format!("{what}方写了两遍"), "请删除重复的一方"));
    }
}

/// Principle 2: whoever claims does not confirm.
pub(super) fn two_sides<T>(
    item: &Item<'_, T>,
    claimed: &[Side],
    confirmer: Confirmer,
    problems: &mut Vec<Problem>,
) {
    two_sides_at(item, "confirmed_by", claimed, confirmer, problems);
}

fn two_sides_at<T>(
    item: &Item<'_, T>,
    path: &str,
    claimed: &[Side],
    confirmer: Confirmer,
    problems: &mut Vec<Problem>,
) {
    let own = match confirmer {
        Confirmer::CountySchool => claimed.contains(&Side::CountySchool),
        Confirmer::Helper => claimed.iter().any(|side| matches!(side, Side::Lead | Side::Nearby)),
        Confirmer::CountyBureau => claimed.contains(&Side::County),
        // What the school says itself goes to its bureau, and the bureau's to the one above it.
        Confirmer::Receiver => false,
    };
    if own {
        let help = "登记与确认须是两方：请改由对方或县局确认";
        problems.push(item.problem(path, "登记的一方不能自己确认", help));
    }
}

/// An answer may say who confirms what chose it: in an entry, the county school or the bureau above it, and never who fills the
/// form. `claimed` is by whom the entry is claimed; none where the form is no entry.
pub(super) fn options_confirmed<T>(
    item: &Item<'_, T>,
    fields: &[Field],
    claimed: Option<&[Side]>,
    problems: &mut Vec<Problem>,
) {
    for (at, field) in fields.iter().enumerate() {
        for (number, option) in field.options.iter().enumerate() {
            let Some(confirmer) = option.confirmed_by else { continue };
            let path = format!("field.{at}.option.{number}.confirmed_by");
            let Some(claimed) = claimed else {
                let message = format!("选项“{}”写了由谁确认，而这张表不是台账事项", option.name);
                problems.push(item.problem(&path, message, "请从选项里删除 confirmed_by"));
                continue;
            };
            if !matches!(confirmer, Confirmer::CountySchool | Confirmer::CountyBureau) {
                let message = format!("选项“{}”不能改由这一方确认", option.name);
                problems.push(item.problem(&path, message, "请写 county_school 或 county_bureau"));
                continue;
            }
            let sides: &[Side] = if option.by.is_empty() { claimed } else { &option.by };
            two_sides_at(item, &path, sides, confirmer, problems);
        }
    }
}

/// As `named`, at another place than `id`. Fields of a section are written `section.field`.
fn named_at<T>(item: &Item<'_, T>, path: &str, id: &str, problems: &mut Vec<Problem>) {
    let mut fresh = Vec::new();
    named(item, id, &mut fresh);
    problems
        .extend(fresh.into_iter().map(|said| item.problem(path, said.message.clone(), said.help.clone())));
}

/// Whoever an answer is for fills the form.
pub(super) fn options_by<T>(
    item: &Item<'_, T>,
    fields: &[Field],
    sides: &[Side],
    problems: &mut Vec<Problem>,
) {
    for (at, field) in fields.iter().enumerate() {
        for (number, option) in field.options.iter().enumerate() {
            if let Some(side) = option.by.iter().find(|side| !sides.contains(side)) {
                let message = format!("{}不填这张表，却写了由它选“{}”", side.label(), option.name);
                let help = "请把这一方也写进由谁登记，或从 by 删除";
                problems.push(item.problem(&format!("field.{at}.option.{number}.by"), message, help));
            }
        }
    }
}

/// Units in which things are counted one by one.
pub(super) fn counts_things(unit: Unit) -> bool {
    matches!(
        unit,
        Unit::Items
            | Unit::Times
            | Unit::Persons
            | Unit::Schools
            | Unit::Pairings
            | Unit::Entries
            | Unit::Enterprises
            | Unit::Terms
    )
}
