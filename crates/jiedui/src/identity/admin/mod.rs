//! 三员分立: the pages of the system, the security and the audit administrator (domain.md §7.1). None of them shows a
//! business row, none of them can do what another does, and whatever they change leaves a leaf that the third can read.

mod data;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/identity/admin",
    routes,
    menu: &[
        entry(1050, "系统", "/accounts", "账号", ("account", "read")),
        entry(1060, "系统", "/access", "权限与锁定", ("access", "read")),
        entry(1070, "系统", "/audit", "审计日志", ("audit", "read")),
    ],
    words: Words {
        resources: &[("access", "权限表"), ("lockout", "账号锁定"), ("audit", "审计日志")],
        rights: &[("manage", "管理"), ("clear", "解除"), ("verify", "核验")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    const READ: Access = Access::Can("account", "read");
    const MANAGE: Access = Access::Can("account", "manage");
    const AUDIT: Access = Access::Can("audit", "read");
    vec![
        route!(Get "/accounts", READ, pages::accounts::list).about(Subject::None, "账号").fresh(),
        route!(Get "/accounts/new", MANAGE, pages::accounts::new).about(Subject::None, "新建账号"),
        route!(Post "/accounts", MANAGE, pages::manage::prepare => pages::manage::create)
            .about(Subject::None, "提交新账号"),
        route!(Get "/accounts/{id}", READ, pages::accounts::show).about(Subject::Open, "账号详情").fresh(),
        route!(Post "/accounts/{id}/role", MANAGE, pages::manage::add_role).about(Subject::Open, "增加角色"),
        route!(Post "/accounts/{id}/role/remove", MANAGE, pages::manage::remove_role)
            .about(Subject::Open, "取消角色"),
        route!(Post "/accounts/{id}/reset", MANAGE, pages::manage::prepare_reset => pages::manage::reset)
            .about(Subject::Open, "重置密码"),
        route!(Post "/accounts/{id}/disable", MANAGE, pages::manage::disable)
            .about(Subject::Open, "停用账号"),
        route!(Post "/accounts/{id}/enable", MANAGE, pages::manage::enable).about(Subject::Open, "恢复账号"),
        route!(Get "/access", Access::Can("access", "read"), pages::access::show)
            .about(Subject::None, "权限表与锁定")
            .fresh(),
        route!(Post "/access/unlock/{id}", Access::Can("lockout", "clear"), pages::access::unlock)
            .about(Subject::Open, "解除锁定"),
        route!(Get "/audit", AUDIT, pages::audit::list).about(Subject::None, "审计日志").fresh(),
        route!(Get "/audit/verify", Access::Can("audit", "verify"), pages::audit::verify)
            .about(Subject::None, "核验审计日志")
            .fresh(),
        route!(Get "/audit/names", AUDIT, pages::names::list).about(Subject::None, "谁看过全名").fresh(),
        route!(Get "/audit/{id}", AUDIT, pages::audit::show).about(Subject::Open, "审计记录").fresh(),
    ]
}
