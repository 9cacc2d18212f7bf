//! 三员分立: the pages of the system, the security and the audit administrator (domain.md §7.1). None of them shows a
//! business row, none of them can do what another does, and whatever they change leaves a leaf that the third can read.

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;
mod workbook;

use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
pub use actions::follow_split;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/identity/admin",
    routes,
    menu: &[
        entry(1050, "系统", "/accounts", "账号", ("account", "read")),
        entry(1051, "系统", "/accounts/requests", "账号申请", ("account_request", "read")),
        entry(1060, "系统", "/access", "权限与登录", ("access", "read")),
        entry(1070, "系统", "/audit", "审计日志", ("audit", "read")),
    ],
    tables: &[table!(plain "account_request" of "id")],
    tasks: Some(Tasks { place: 6, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    words: Words {
        actions: &[
            ("account_request.ask", "提出账号申请"),
            ("account_request.import", "用表格提出账号申请"),
            ("account_request.approve", "批准账号申请"),
            ("account_request.return", "退回账号申请"),
            ("account_request.withdraw", "撤回账号申请"),
            ("access.split", "调整经办与审核"),
        ],
        resources: &[
            ("account_request", "账号申请"),
            ("access", "权限表"),
            ("lockout", "暂缓登录"),
            ("audit", "审计日志"),
        ],
        rights: &[
            ("manage", "管理"),
            ("clear", "解除"),
            ("verify", "核验"),
            ("split", "调整经办与审核"),
            ("persons", "认定同一人的账号"),
        ],
        jobs: &[("access", "系统：经办与审核")],
    },
    imports: &[workbook::IMPORT],
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    const READ: Access = Access::Can("account", "read");
    const MANAGE: Access = Access::Can("account", "manage");
    const DECIDE: Access = Access::Can("account_request", "decide");
    let mut all = vec![
        route!(Get "/accounts", READ, pages::accounts::list).about(Subject::None, "账号").fresh(),
        route!(Get "/accounts/new", MANAGE, pages::accounts::new).about(Subject::None, "申请新账号"),
        route!(Post "/accounts", MANAGE, pages::manage::create).about(Subject::None, "提交新账号的申请"),
        route!(Get "/accounts/requests", Access::Can("account_request", "read"), pages::requests::list)
            .about(Subject::None, "账号申请")
            .fresh(),
        route!(Get "/accounts/import", MANAGE, pages::import::form).about(Subject::None, "批量申请账号"),
        route!(Post "/accounts/import", MANAGE, looking pages::import::read => pages::import::submit)
            .about(Subject::None, "提交账号申请表")
            .uploads(),
        route!(Get "/accounts/import/template", MANAGE, pages::import::template)
            .about(Subject::None, "下载账号申请表")
            .fresh(),
        route!(Post "/accounts/requests/approve", DECIDE, pages::requests::approve_all)
            .about(Subject::None, "批准全部账号申请"),
        route!(Post "/accounts/requests/{id}/approve", DECIDE, pages::requests::approve)
            .about(Subject::Open, "批准账号申请"),
        route!(Get "/accounts/requests/{id}/return", DECIDE, pages::requests::return_form)
            .about(Subject::Open, "写退回原因"),
        route!(Post "/accounts/requests/{id}/return", DECIDE, pages::requests::return_to_submitter)
            .about(Subject::Open, "退回账号申请"),
        route!(Post "/accounts/requests/{id}/link", DECIDE, pages::requests::link)
            .about(Subject::Open, "再发开通码"),
        route!(Post "/accounts/requests/{id}/withdraw", MANAGE, pages::requests::withdraw)
            .about(Subject::Open, "撤回账号申请"),
        route!(Get "/accounts/{id}", READ, pages::accounts::show).about(Subject::Open, "账号详情").fresh(),
        route!(Post "/accounts/{id}/role", MANAGE, pages::manage::add_role)
            .about(Subject::Open, "申请增加角色"),
        route!(Post "/accounts/{id}/role/remove", MANAGE, pages::manage::remove_role)
            .about(Subject::Open, "取消角色"),
        route!(Post "/accounts/{id}/reset", MANAGE, pages::manage::reset)
            .about(Subject::Open, "申请重置密码"),
        route!(Post "/accounts/{id}/disable", MANAGE, pages::manage::disable)
            .about(Subject::Open, "停用账号"),
        route!(Post "/accounts/{id}/enable", MANAGE, pages::manage::enable).about(Subject::Open, "恢复账号"),
    ];
    all.extend(oversight());
    all
}

/// What is seen to over the accounts: rights, who is whom, the log.
fn oversight() -> Vec<Route> {
    const PERSONS: Access = Access::Can("access", "persons");
    const AUDIT: Access = Access::Can("audit", "read");
    vec![
        route!(Get "/access", Access::Can("access", "read"), pages::access::show)
            .about(Subject::None, "权限表与登录规则")
            .fresh(),
        route!(Post "/access/split", Access::Can("access", "split"), pages::access::switch_split)
            .about(Subject::None, "调整经办与审核"),
        route!(Get "/access/persons", PERSONS, pages::persons::show)
            .about(Subject::None, "同一人的账号")
            .fresh(),
        route!(Post "/access/persons/join", PERSONS, pages::persons::join)
            .about(Subject::None, "认作同一人的账号"),
        route!(Post "/access/persons/{id}/part", PERSONS, pages::persons::part)
            .about(Subject::Open, "不再认作同一人的账号"),
        route!(Post "/access/unlock/{id}", Access::Can("lockout", "clear"), pages::access::unlock)
            .about(Subject::Open, "解除暂缓登录"),
        route!(Get "/audit", AUDIT, pages::audit::list).about(Subject::None, "审计日志").fresh(),
        route!(Get "/audit/verify", Access::Can("audit", "verify"), pages::audit::verify)
            .about(Subject::None, "核验审计日志")
            .fresh(),
        route!(Get "/audit/names", AUDIT, pages::names::list).about(Subject::None, "谁看过全名").fresh(),
        route!(Get "/audit/{id}", AUDIT, pages::audit::show).about(Subject::Open, "审计记录").fresh(),
    ]
}
