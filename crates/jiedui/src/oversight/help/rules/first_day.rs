//! The first day: in some ten minutes from one's own work to the figure that comes of it.

use super::{ANYBODY, Right};

/// A page to open, and what to look at there.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    pub right: Right,
    pub title: &'static str,
    pub href: &'static str,
    pub look: &'static str,
}

const fn visit(right: Right, title: &'static str, href: &'static str, look: &'static str) -> Visit {
    Visit { right, title, href, look }
}

/// In the order in which they are opened; each role has those that its rights open.
pub const VISITS: &[Visit] = &[
    visit(
        ANYBODY,
        "我的工作台",
        "/",
        "现在等您办的事。看第一行写的三样：是什么、为什么等您、什么时候以前办。",
    ),
    visit(
        ("entry", "answer"),
        "等本单位确认的工作",
        "/entries?waiting=me",
        "打开最上面一条，看日期、人员和数量，再看三个按钮：确认、部分确认、提出异议。在示例里可以真的按一下。",
    ),
    visit(
        ("entry", "claim"),
        "登记工作",
        "/entries/new",
        "选一个类型，看表单问什么。只有一种可能的不用选，写到一半可以离开。",
    ),
    visit(
        ("entry", "read"),
        "工作台账",
        "/entries",
        "打开一条已确认的，看办理记录：谁登记、谁确认、什么时候。",
    ),
    visit(
        ("clock", "read"),
        "履职进度",
        "/clocks",
        "找一格“已开展，待确认”：做了，对方还没有答复，不算逾期。点开看是哪些台账。",
    ),
    visit(
        ("indicator", "read"),
        "全局概览",
        "/overview",
        "点任何一个数，一直点到一条台账为止：每个数都能点开。",
    ),
    visit(
        ("indicator", "read"),
        "目标与指标",
        "/targets",
        "打开一个指标，看登记数和确认数分开写，下面是统计口径。",
    ),
    visit(("month", "read"), "月调度", "/months", "打开最近一个月：数字已经带好，不用填表。"),
    visit(("need", "read"), "需求清单", "/needs", "学校自己提出、自己排序。看哪一条已有项目。"),
    visit(("project", "read"), "协作项目", "/projects", "打开一个项目，看约定了什么、办到哪一步。"),
    visit(
        ("account", "read"),
        "账号",
        "/accounts",
        "看谁可以登录、任什么角色。打开一个账号，看能办哪几件事。",
    ),
    visit(
        ("account_request", "read"),
        "账号申请",
        "/accounts/requests",
        "一个人提出，另一个人批准；密码由本人设。",
    ),
    visit(("access", "read"), "权限与登录", "/access", "各角色能做什么。权限写在方案里，这里只看。"),
    visit(("system", "read"), "数据检查", "/system", "每天自查一遍，只说哪一项不一致。"),
    visit(("audit", "read"), "审计日志", "/audit", "打开一条，看内容和证明。"),
    visit(("programme", "read"), "行动方案条目", "/clauses", "打开一条，看它由系统里的什么落实。"),
    visit(ANYBODY, "搜索", "/search", "输几个字、拼音或首字母，例如“登记”。"),
    visit(ANYBODY, "我的账号", "/my", "看自己的单位和角色。"),
];
