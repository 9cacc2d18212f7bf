//! Roles and grants: nothing is granted to a role that does not exist, and nothing twice.

use crate::check::{filled, named, reference, repeated};
use crate::load::RawProgramme;
use crate::problem::Problem;
use std::collections::BTreeSet;

pub(super) fn check(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for role in &plan.roles.items {
        named(role, &role.value.id, problems);
        filled(role, &[("name", &role.value.name)], problems);
    }
    let mut granted = BTreeSet::new();
    for item in &plan.grants {
        let grant = &item.value;
        filled(item, &[("resource", &grant.resource)], problems);
        for (key, list) in [("actions", &grant.actions), ("roles", &grant.roles)] {
            if list.is_empty() {
                problems.push(item.problem(key, format!("“{key}”是空的"), "请写明，或删除这一段授权"));
            }
            for at in repeated(list) {
                problems.push(item.problem(&format!("{key}.{at}"), "写了两遍", "请删除重复的一项"));
            }
        }
        for (at, role) in grant.roles.iter().enumerate() {
            reference(item, &format!("roles.{at}"), "角色", role, &plan.roles.ids, problems);
        }
        for (at, action) in grant.actions.iter().enumerate() {
            if !granted.insert((&grant.resource, action)) {
                let message = format!("“{}”的“{action}”已在别处授权", grant.resource);
                let help = "同一事项写在一段里，才看得清谁有权";
                problems.push(item.problem(&format!("actions.{at}"), message, help));
            }
        }
    }
}
