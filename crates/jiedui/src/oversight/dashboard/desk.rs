//! The desk: what waits for this one, by when, and why. One click does it.

use crate::evidence::ledger::{self, EntryLine, EntryRow};
use crate::shared::confirmation::{self, State};
use crate::standing::obligations::{self, Clock};
use jiedui_kernel::{Known, Result, Unit};
use jiedui_programme::{ClockState, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// More than so many of one kind are reached through the list.
const SHOWN: usize = 12;

#[derive(Serialize)]
struct DeskView {
    confirm: Vec<EntryLine>,
    confirm_total: Option<Figure>,
    all: bool,
    tasks: Vec<Task>,
    more: Option<Figure>,
    greeting: &'static str,
    can_claim: bool,
}

#[derive(Serialize)]
pub struct Task {
    pub title: String,
    pub href: String,
    pub why: String,
    /// What somebody else said, in its own words.
    pub said: String,
    pub clause: Option<ClauseChip>,
    /// What is still to be done.
    pub need: Option<Figure>,
    pub due: Option<String>,
    pub left: Option<Figure>,
    pub state: StateMark,
    pub act: Option<Act>,
}

#[derive(Serialize)]
pub struct ClauseChip {
    id: String,
}

impl From<&str> for ClauseChip {
    fn from(id: &str) -> Self {
        Self { id: id.to_owned() }
    }
}

#[derive(Serialize)]
pub struct Act {
    label: String,
    pub href: String,
    kind: &'static str,
}

impl Act {
    pub fn go(label: &str, href: impl Into<String>) -> Self {
        Self { label: label.to_owned(), href: href.into(), kind: "plain" }
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut confirm = Vec::new();
    let mut tasks = Vec::new();
    if ctx.can("entry", "answer") || ctx.can("entry", "settle") {
        let rows = waiting(ctx, &programme).await?;
        let (own, overdue): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.answerer == ctx.actor.org);
        tasks.extend(overdue.iter().map(|row| adjudicate_task(&programme, row)));
        confirm = own;
    }
    if ctx.can("entry", "claim") {
        let disputed = ledger::disputed(&mut ctx.tx, &ctx.actor.org.clone()).await?;
        tasks.extend(disputed.iter().map(|row| disputed_task(&programme, row)));
    }
    let (waiting, later) = super::papers::tasks(ctx).await?;
    tasks.extend(waiting);
    let (waiting, begin) = super::built::tasks(ctx).await?;
    tasks.extend(waiting);
    if ctx.can("clock", "read") {
        let clocks = obligations::in_scope(&mut ctx.tx, &programme).await?;
        tasks.extend(clock_tasks(ctx, &clocks));
    }
    tasks.extend(later);
    tasks.extend(begin);
    let whole = ctx.query.get("all") == "yes";
    let more = (!whole && tasks.len() > SHOWN)
        .then(|| Figure::of(Known::Value(tasks.len() as i64), Unit::Items, "/?all=yes", "全部事项"));
    if !whole {
        tasks.truncate(SHOWN);
    }
    let total = confirm.len() as i64;
    let view = DeskView {
        confirm: confirm.iter().take(25).map(|row| ledger::line(&programme, row)).collect(),
        confirm_total: (total > 0).then(|| {
            Figure::of(Known::Value(total), Unit::Entries, "/entries?waiting=me", "待我确认的全部事项")
        }),
        all: ctx.query.get("select") == "all",
        tasks,
        more,
        greeting: if ctx.can("registry", "read") { "" } else { admin_words(ctx) },
        can_claim: ctx.can("entry", "claim"),
    };
    let page = Page::new("我的工作台", "现在等您做的事，先急后缓；没有列出的不用报。").kind("desk");
    Reply::view("oversight/dashboard/desk.html", page, &view)
}

fn admin_words(ctx: &RequestContext) -> &'static str {
    if ctx.can("account", "read") {
        "您是系统管理员：管理账号，看不到业务数据。从左侧“账号”进入。"
    } else if ctx.can("access", "read") {
        "您是安全管理员：查看权限表、解除锁定，看不到业务数据。从左侧“权限与锁定”进入。"
    } else {
        "您是审计管理员：查看和核验审计日志，看不到业务页面。从左侧“审计日志”进入。"
    }
}

async fn waiting(ctx: &mut RequestContext, programme: &Programme) -> Result<Vec<EntryRow>> {
    let before = if ctx.can("entry", "settle") {
        confirmation::escalated_before(&ctx.actor, &programme.calendar, ctx.today)
    } else {
        None
    };
    let org = ctx.actor.org.clone();
    ledger::waiting(&mut ctx.tx, &org, before).await
}

fn name_of(programme: &Programme, row: &EntryRow) -> String {
    programme.activity(&row.activity).map_or_else(String::new, |activity| activity.name.clone())
}

fn adjudicate_task(programme: &Programme, row: &EntryRow) -> Task {
    let href = format!("/entries/{}", row.id);
    Task {
        title: format!("核定：{}（{}）", name_of(programme, row), row.county_name),
        why: format!("“{}”登记后，“{}”超过规定的工作日没有答复。", row.claimant_name, row.answerer_name),
        said: String::new(),
        clause: None,
        need: None,
        due: None,
        left: None,
        state: StateMark::new("pending", "待核定", "○"),
        act: Some(Act::go("去核定", &href)),
        href,
    }
}

fn disputed_task(programme: &Programme, row: &EntryRow) -> Task {
    let href = format!("/entries/{}", row.id);
    let all = row.state == State::Disputed;
    Task {
        title: format!("{}：{}", if all { "回应异议" } else { "处理部分确认" }, row.county_name),
        why: format!("“{}”对{}有不同意见，更正或接受后才计数。", row.answerer_name, name_of(programme, row)),
        said: String::new(),
        clause: None,
        need: None,
        due: None,
        left: None,
        state: confirmation::mark(row.state),
        act: Some(Act::go("去处理", &href)),
        href,
    }
}

/// Clocks that want something done. A helper sees its own that are open; a county school those at risk; bureaus and the
/// office what is at risk or missed. The most urgent come first, typical counties before others.
fn clock_tasks(ctx: &RequestContext, clocks: &[Clock]) -> Vec<Task> {
    let helps = clocks.iter().any(|clock| clock.reading.helper == ctx.actor.org);
    let oversees = ctx.can("entry", "settle") || ctx.can("registry", "edit");
    let open = |clock: &&Clock| {
        let mine = clock.reading.helper == ctx.actor.org;
        clock.current
            && clock.running
            && match clock.reading.state {
                ClockState::AtRisk => mine || !helps,
                ClockState::Missed => oversees,
                ClockState::Running => mine,
                _ => false,
            }
    };
    let mut picked: Vec<&Clock> = clocks.iter().filter(open).collect();
    picked.sort_by_key(|clock| (clock.reading.latest_start, clock.typical_class.is_empty()));
    picked.into_iter().map(|clock| clock_task(ctx, clock)).collect()
}

fn clock_task(ctx: &RequestContext, clock: &Clock) -> Task {
    let mine = clock.reading.helper == ctx.actor.org && ctx.can("entry", "claim");
    let act = if mine {
        let href = format!("/entries/new/{}?pairing={}", clock.activity, clock.pairing);
        Act { label: clock.action.clone(), href, kind: "primary" }
    } else {
        Act { label: "查看".to_owned(), href: clock.href.clone(), kind: "plain" }
    };
    let title = if mine {
        format!("{}：{}", clock.name, clock.county_name)
    } else {
        format!("{}：{} → {}", clock.name, clock.helper_name, clock.county_name)
    };
    Task {
        title,
        href: clock.href.clone(),
        why: if clock.reading.state == ClockState::Missed {
            "最迟日期已过，本期来不及完成。".to_owned()
        } else {
            String::new()
        },
        said: String::new(),
        clause: Some(clock.clause.as_str().into()),
        need: clock.need(),
        due: clock.reading.latest_start.map(|day| day.to_string()),
        left: clock.left.clone(),
        state: clock.state,
        act: Some(act),
    }
}
