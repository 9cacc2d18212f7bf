//! Every route of the product, and the menu. The only place where the request machinery meets the mechanisms.

use crate::http::route::Route;

pub struct MenuEntry {
    /// The group's label; for the phone the name of the sign.
    pub group: &'static str,
    pub href: &'static str,
    pub label: &'static str,
    pub thing: &'static str,
    pub action: &'static str,
}

const fn entry(
    group: &'static str,
    href: &'static str,
    label: &'static str,
    thing: &'static str,
    action: &'static str,
) -> MenuEntry {
    MenuEntry { group, href, label, thing, action }
}

/// In the order of the work; a reader sees what the role can use.
pub const MENU: [MenuEntry; 31] = [
    entry("工作台", "/", "我的工作台", "desk", "read"),
    entry("院校库", "/registry", "院校与机构", "registry", "read"),
    entry("结对", "/pairings", "结对关系", "pairing", "read"),
    entry("结对", "/matching", "结对方案", "matching", "read"),
    entry("结对", "/matching/results", "方案结果", "matching_result", "read"),
    entry("结对", "/readiness", "推进情况", "project", "read"),
    entry("需求与项目", "/needs", "需求清单", "need", "read"),
    entry("需求与项目", "/capacities", "帮扶能力", "capacity", "read"),
    entry("需求与项目", "/plans", "一校一策", "school_plan", "read"),
    entry("需求与项目", "/projects", "协作项目", "project", "read"),
    entry("台账", "/entries", "工作台账", "entry", "read"),
    entry("台账", "/entries/new", "记一笔", "entry", "claim"),
    entry("成果与申报", "/outputs", "建设成果", "output", "read"),
    entry("成果与申报", "/applications", "申报", "application", "read"),
    entry("成果与申报", "/duties", "组织保障", "duty", "read"),
    entry("履约", "/clocks", "履约时钟", "clock", "read"),
    entry("指标", "/overview", "全局概览", "indicator", "read"),
    entry("指标", "/targets", "目标与指标", "indicator", "read"),
    entry("达标", "/profiles", "年度基本情况", "profile", "read"),
    entry("达标", "/attainment", "达标情况", "standard", "read"),
    entry("达标", "/standards", "设置标准", "standard", "read"),
    entry("达标", "/majors", "专业布局", "major", "read"),
    entry("系统", "/clauses", "方案条目", "programme", "read"),
    entry("系统", "/forms", "表单登记", "burden", "read"),
    entry("系统", "/burden", "填报负担", "burden", "read"),
    entry("系统", "/complaints", "投诉建议", "complaint", "read"),
    entry("系统", "/import", "导入名录与结对", "registry", "import"),
    entry("系统", "/accounts", "账号", "account", "read"),
    entry("系统", "/access", "权限与锁定", "access", "read"),
    entry("系统", "/audit", "审计日志", "audit", "read"),
    entry("系统", "/my", "我的账号", "desk", "read"),
];

pub const PHONE_MENU: [MenuEntry; 4] = [
    entry("desk", "/", "工作台", "desk", "read"),
    entry("pen", "/entries/new", "记一笔", "entry", "claim"),
    entry("check", "/entries?waiting=me", "待确认", "entry", "answer"),
    entry("person", "/my", "我的", "desk", "read"),
];

pub fn all() -> Vec<Route> {
    [
        crate::accounts::routes(),
        crate::cockpit::routes(),
        crate::registry::routes(),
        crate::pairings::routes(),
        crate::matching::routes(),
        crate::agreements::routes(),
        crate::needs::routes(),
        crate::school_plans::routes(),
        crate::projects::routes(),
        crate::drafts::routes(),
        crate::ledger::routes(),
        crate::outputs::routes(),
        crate::applications::routes(),
        crate::duties::routes(),
        crate::obligations::routes(),
        crate::indicators::routes(),
        crate::majors::routes(),
        crate::burden::routes(),
        crate::complaints::routes(),
        crate::profiles::routes(),
        crate::standards::routes(),
        crate::plan::routes(),
        crate::intake::routes(),
        crate::admin::routes(),
    ]
    .concat()
}
