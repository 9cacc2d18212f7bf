//! Relations between fields: they say one thing, of fields that are there and have numbers of one kind.

use crate::check::{filled, named};
use crate::doc::Item;
use crate::fields::FieldKind;
use crate::load::RawProgramme;
use crate::problem::Problem;
use crate::profile::ElementKind;
use crate::relations::FieldRelation;
use jiedui_kernel::Unit;

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
        if !relation.activity.is_empty() && (says[1] || says[2]) {
            problems.push(item.problem("activity", "台账事项只能写部分与整体的关系", "请改用 part 与 whole"));
        }
        if relation.last_year.is_some_and(|percent| percent <= 0) {
            problems.push(item.problem("last_year", "百分比应大于零", "例如 30，表示增减超过三成要问"));
        }
        fields(plan, item, problems);
    }
}

fn fields(plan: &RawProgramme<'_>, item: &Item<'_, FieldRelation>, problems: &mut Vec<Problem>) {
    let relation = &item.value;
    let mut units = Vec::new();
    for (path, ids) in [("part", &relation.part), ("whole", &relation.whole)] {
        for id in ids {
            match unit_of(plan, &relation.activity, id) {
                Some(unit) => units.push(unit),
                None => problems.push(item.problem(path, format!("没有“{id}”这个数"), "请写表里有的数的 id")),
            }
        }
    }
    if units.windows(2).any(|pair| pair[0] != pair[1]) {
        problems.push(item.problem("whole", "部分与整体的单位不同", "只有同一单位的数才能比"));
    }
    if let Some(id) = &relation.in_year {
        let is_day =
            plan.elements.items.iter().any(|one| one.value.id == *id && one.value.kind == ElementKind::Date);
        if !is_day {
            problems.push(item.problem("in_year", format!("“{id}”不是日期"), "请写年度基本情况里的一个日期"));
        }
    }
}

fn unit_of(plan: &RawProgramme<'_>, activity: &str, id: &str) -> Option<Unit> {
    if activity.is_empty() {
        let element = plan.elements.items.iter().find(|one| one.value.id == id)?;
        return (element.value.kind == ElementKind::Number).then_some(element.value.unit);
    }
    let activity = &plan.activities.items.iter().find(|one| one.value.id == activity)?.value;
    if id == "quantity" {
        return Some(activity.unit);
    }
    let field = activity.fields.iter().find(|field| field.id == id && field.kind == FieldKind::Number)?;
    field.unit
}
