//! Roles and grants: nothing is granted to a role that does not exist, and nothing twice.

use crate::access::{Grant, Release, RoleAt};
use crate::check::{filled, named, reference, repeated};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::problem::Problem;
use std::collections::BTreeSet;

/// What administrators may do: nothing of it shows a business row.
const OF_ADMINISTRATORS: [&str; 7] =
    ["account", "account_request", "access", "lockout", "audit", "system", "boundary"];
/// What everybody may do, or anybody for himself.
const OF_ALL: [&str; 6] = ["desk", "programme", "complaint", "name", "job", "component"];

/// Administrators and those who do the work are apart: neither is granted what is the others'.
fn apart(item: &Item<'_, Grant>, at: usize, of_system: bool, problems: &mut Vec<Problem>) {
    let resource = item.value.resource.as_str();
    let (administers, open) = (OF_ADMINISTRATORS.contains(&resource), OF_ALL.contains(&resource));
    if of_system && !administers && !open {
        let message = format!("把业务数据“{resource}”授权给了管理员角色");
        let help = "三员分立：系统、安全、审计管理员看不到业务数据，请删除这个角色";
        problems.push(item.problem(&format!("roles.{at}"), message, help));
    } else if !of_system && administers {
        let message = format!("把管理权限“{resource}”授权给了业务角色");
        let help = "账号、权限、审计只归三员，请删除这个角色";
        problems.push(item.problem(&format!("roles.{at}"), message, help));
    }
}

pub(super) fn check(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for role in &plan.roles.items {
        named(role, &role.value.id, problems);
        filled(role, &[("name", &role.value.name)], problems);
    }
    let system: BTreeSet<&str> = plan
        .roles
        .items
        .iter()
        .filter(|role| role.value.at == RoleAt::System)
        .map(|role| role.value.id.as_str())
        .collect();
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
            if plan.roles.ids.contains(role) {
                apart(item, at, system.contains(role.as_str()), problems);
            }
        }
        for (at, action) in grant.actions.iter().enumerate() {
            if !granted.insert((&grant.resource, action)) {
                let message = format!("“{}”的“{action}”已在别处授权", grant.resource);
                let help = "同一事项写在一段里，才看得清谁有权";
                problems.push(item.problem(&format!("actions.{at}"), message, help));
            }
        }
    }
    plan.releases.iter().for_each(|item| release(plan, item, problems));
    if let Some(item) = &plan.second_factor {
        let roles = &item.value.roles;
        for at in repeated(roles) {
            problems.push(item.problem(&format!("roles.{at}"), "写了两遍", "请删除重复的一项"));
        }
        for (at, role) in roles.iter().enumerate() {
            reference(item, &format!("roles.{at}"), "角色", role, &plan.roles.ids, problems);
        }
    }
}

/// What is released is granted to both roles, and the two are different ones.
fn release(plan: &RawProgramme<'_>, item: &Item<'_, Release>, problems: &mut Vec<Problem>) {
    let of = &item.value;
    for (key, role) in [("prepared_by", &of.prepared_by), ("released_by", &of.released_by)] {
        reference(item, key, "角色", role, &plan.roles.ids, problems);
        for (at, action) in of.actions.iter().enumerate() {
            let granted = plan.grants.iter().map(|grant| &grant.value).any(|grant| {
                grant.resource == of.resource && grant.actions.contains(action) && grant.roles.contains(role)
            });
            if !granted {
                let message = format!("“{}”的“{action}”没有授权给“{role}”", of.resource);
                let help = "经办和审核都要有这项授权：没有人担任审核时由经办自己放行";
                problems.push(item.problem(&format!("actions.{at}"), message, help));
            }
        }
    }
    if of.prepared_by == of.released_by {
        problems.push(item.problem("released_by", "经办和审核是同一个角色", "请写两个不同的角色"));
    }
    if of.actions.is_empty() {
        problems.push(item.problem("actions", "“actions”是空的", "请写明哪些事由审核放行"));
    }
}
