//! The site: every route of the product, the menus, the page templates. The only place where the request line meets the
//! mechanisms.

use jiedui_web::Site;
use jiedui_web::route::Route;
use jiedui_web::site::{Addresses, FooterLink, MenuEntry};
use rust_embed::RustEmbed;

/// Page templates: inside the binary, read from the source tree in debug builds.
#[derive(RustEmbed)]
#[folder = "src"]
#[include = "*.html"]
struct Pages;

fn page_template(name: &str) -> Option<String> {
    Pages::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// What the server is handed.
pub fn site() -> Site {
    Site {
        routes: all(),
        menu: MENU.to_vec(),
        phone_menu: PHONE_MENU.to_vec(),
        footer: Some(FooterLink {
            href: "/complaints/new",
            parameter: "page",
            label: "这一页有问题？提投诉建议",
            resource: "complaint",
            action: "create",
        }),
        addresses: Addresses {
            home: "/",
            home_label: "回到工作台",
            sign_in: "/signin",
            sign_out: "/signout",
            clause: "/clauses/",
            password: "/my",
            open_with_initial_password: &["/my/password", "/signin", "/signout"],
        },
        pages: page_template,
    }
}

const fn entry(
    group: &'static str,
    href: &'static str,
    label: &'static str,
    resource: &'static str,
    action: &'static str,
) -> MenuEntry {
    MenuEntry { group, href, label, resource, action }
}

/// In the order of the work; a reader sees what the role can use.
pub const MENU: [MenuEntry; 32] = [
    entry("工作台", "/", "我的工作台", "desk", "read"),
    entry("院校库", "/registry", "院校与机构", "registry", "read"),
    entry("结对", "/pairings", "结对关系", "pairing", "read"),
    entry("结对", "/matching", "结对测算", "matching", "read"),
    entry("结对", "/matching/results", "结对名单", "matching_result", "read"),
    entry("结对", "/readiness", "推进情况", "project", "read"),
    entry("需求与项目", "/needs", "需求清单", "need", "read"),
    entry("需求与项目", "/capacities", "帮扶能力", "capacity", "read"),
    entry("需求与项目", "/plans", "协作方案与达标方案", "school_plan", "read"),
    entry("需求与项目", "/projects", "协作项目", "project", "read"),
    entry("台账", "/entries", "工作台账", "entry", "read"),
    entry("台账", "/entries/new", "登记工作", "entry", "claim"),
    entry("成果与申报", "/outputs", "建设成果", "output", "read"),
    entry("成果与申报", "/applications", "申报", "application", "read"),
    entry("成果与申报", "/duties", "组织保障", "duty", "read"),
    entry("履职", "/clocks", "履职进度", "clock", "read"),
    entry("指标", "/overview", "全局概览", "indicator", "read"),
    entry("指标", "/targets", "目标与指标", "indicator", "read"),
    entry("达标", "/profiles", "年度基本情况", "profile", "read"),
    entry("达标", "/attainment", "达标情况", "standard", "read"),
    entry("达标", "/standards", "设置标准", "standard", "read"),
    entry("达标", "/majors", "专业布局", "major", "read"),
    entry("系统", "/clauses", "行动方案条目", "programme", "read"),
    entry("系统", "/forms", "报表目录", "burden", "read"),
    entry("系统", "/burden", "报表减负", "burden", "read"),
    entry("系统", "/complaints", "投诉建议", "complaint", "read"),
    entry("系统", "/import", "导入名录与结对", "registry", "import"),
    entry("系统", "/accounts", "账号", "account", "read"),
    entry("系统", "/components", "界面组件", "component", "read"),
    entry("系统", "/access", "权限与锁定", "access", "read"),
    entry("系统", "/audit", "审计日志", "audit", "read"),
    entry("系统", "/my", "我的账号", "desk", "read"),
];

pub const PHONE_MENU: [MenuEntry; 4] = [
    entry("desk", "/", "工作台", "desk", "read"),
    entry("pen", "/entries/new", "登记工作", "entry", "claim"),
    entry("check", "/entries?waiting=me", "待确认", "entry", "answer"),
    entry("person", "/my", "我的", "desk", "read"),
];

pub fn all() -> Vec<Route> {
    [
        crate::identity::accounts::routes(),
        crate::oversight::dashboard::routes(),
        crate::network::registry::routes(),
        crate::network::pairings::routes(),
        crate::planning::matching::routes(),
        crate::network::agreements::routes(),
        crate::planning::needs::routes(),
        crate::planning::school_plans::routes(),
        crate::planning::projects::routes(),
        jiedui_web::drafts::routes(),
        jiedui_web::components::routes(),
        crate::evidence::ledger::routes(),
        crate::evidence::outputs::routes(),
        crate::standing::applications::routes(),
        crate::standing::duties::routes(),
        crate::standing::obligations::routes(),
        crate::standing::indicators::routes(),
        crate::evidence::majors::routes(),
        crate::oversight::burden::routes(),
        crate::oversight::complaints::routes(),
        crate::evidence::profiles::routes(),
        crate::standing::standards::routes(),
        crate::oversight::clauses::routes(),
        crate::network::import::routes(),
        crate::identity::admin::routes(),
    ]
    .concat()
}
