//! The desk: what waits for this one, by when, and why. One click does it.

use crate::evidence::ledger::{self, EntryLine};
use crate::shared::mechanism::{self, Mechanism, Tasks};
use crate::shared::notices::{self, NoticeRow, Reached};
use crate::shared::tasks::{Act, Task, Urged, Urgency, pending};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::Grant;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, when};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// Where whoever only looks begins.
const OVERVIEW: &str = "/overview";
/// More than so many of one kind are reached through the list.
const SHOWN: usize = 12;
/// So many claims are confirmed on the desk itself; the others in the list.
const CONFIRMED_HERE: i64 = 25;

#[derive(Serialize)]
struct DeskView {
    confirm: Vec<EntryLine>,
    confirm_total: Option<Figure>,
    /// How many of what waits somebody else must answer.
    own_sides: Option<Figure>,
    all: bool,
    /// Who urged about what is confirmed here.
    urged: Vec<Urged>,
    /// Whether one has to look by oneself.
    reached: Reached,
    tasks: Vec<Task>,
    more: Option<Figure>,
    greeting: Option<Greeting>,
    can_claim: bool,
}

/// What an administrator is here for: no tasks come to one who sees no business data.
#[derive(Serialize)]
struct Greeting {
    words: &'static str,
    href: &'static str,
    label: &'static str,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (confirm, total, beyond) = if ctx.can("entry", "answer") || ctx.can("entry", "settle") {
        let org = ctx.actor.org.clone();
        ledger::waiting(&mut ctx.tx, &org, CONFIRMED_HERE).await?
    } else {
        (Vec::new(), 0, false)
    };
    let looks = only_reads(ctx);
    let mut tasks = tasks(ctx, looks).await?;
    if looks && tasks.is_empty() && ctx.can("indicator", "read") {
        return Ok(Reply::to(OVERVIEW));
    }
    let urged = urged(ctx).await?;
    let confirmed_here = |href: &str| confirm.iter().any(|row| href == format!("/entries/{}", row.id));
    let beside: Vec<Urged> = urged.iter().filter(|one| confirmed_here(&one.href)).cloned().collect();
    mark(&mut tasks, urged.into_iter().filter(|one| !confirmed_here(&one.href)));
    let whole = ctx.query.get("all") == "yes";
    let more = (!whole && tasks.len() > SHOWN)
        .then(|| Figure::of(Reported::Value(tasks.len() as i64), Unit::Items, "/?all=yes", "全部事项"));
    if !whole {
        tasks.truncate(SHOWN);
    }
    let mut lines: Vec<EntryLine> =
        confirm.iter().map(|row| ledger::line(&mut ctx.names, &programme, row)).collect();
    let own_sides = if lines.is_empty() { None } else { ledger::mark_own(ctx, &mut lines).await? };
    let view = DeskView {
        confirm: lines,
        own_sides,
        confirm_total: (total > 0).then(|| {
            let label = "待我确认的全部事项";
            Figure::of(Reported::Value(total), Unit::Entries, "/entries?waiting=me", label).and_more(beyond)
        }),
        all: ctx.query.get("select") == "all",
        urged: beside,
        reached: notices::reached(ctx).await?,
        tasks,
        more,
        greeting: (!ctx.can("registry", "read") || looks).then(|| greeting(ctx)),
        can_claim: ctx.can("entry", "claim"),
    };
    let page = Page::new("我的工作台", "现在等您做的事，先急后缓；没有列出的不用报。").kind("desk");
    Reply::view("oversight/dashboard/desk.html", page, &view)
}

/// Whether nothing but looking is the caller's to do: no form, no decision. Everybody may complain.
pub fn only_reads(ctx: &RequestContext) -> bool {
    // Saying what is wrong, and letting a screen show what one sees, is no work that waits for anybody.
    const NO_WORK: [&str; 2] = ["complaint", "wall"];
    let programme = ctx.programme();
    let mine = |grant: &&Grant| grant.roles.iter().any(|role| ctx.actor.has_role(role));
    let acts = |grant: &Grant| {
        !NO_WORK.contains(&grant.resource.as_str()) && grant.actions.iter().any(|action| action != "read")
    };
    !programme.access.grants.iter().filter(mine).any(acts)
}

fn greeting(ctx: &RequestContext) -> Greeting {
    if ctx.can("registry", "read") {
        let words = "您以查看的身份登录：全部内容都能看，没有要填、要办的事。";
        Greeting { words, href: OVERVIEW, label: "看概览" }
    } else if ctx.can("account", "read") {
        let words = "您是系统管理员：管理账号，看不到业务数据。";
        Greeting { words, href: "/accounts", label: "管理账号" }
    } else if ctx.can("access", "read") {
        let words = "您是安全管理员：查看权限表、批准账号申请，看不到业务数据。";
        Greeting { words, href: "/access", label: "查看权限与登录" }
    } else {
        let words = "您是审计管理员：查看和核验审计日志，看不到业务页面。";
        Greeting { words, href: "/audit", label: "查看审计日志" }
    }
}

/// What the caller's unit was urged about and what still waits for it.
async fn urged(ctx: &mut RequestContext) -> Result<Vec<Urged>> {
    let rows = notices::urged(ctx).await?;
    let one = |row: NoticeRow| Urged {
        href: notices::address_of(&ctx.app.site, &row.resource, &row.resource_id, false),
        by: row.by_org,
        when: when(row.at),
        words: row.said,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Puts what somebody urged about first, each with the words; what stands in a list behind a line gets a line of its own.
fn mark(tasks: &mut Vec<Task>, urged: impl Iterator<Item = Urged>) {
    for one in urged {
        let task = match tasks.iter().position(|task| task.href == one.href) {
            Some(at) => tasks.remove(at),
            None => Task::new(
                "催办的事",
                "对方在等这一件。",
                pending("待办理"),
                Act::go("去处理", one.href.clone()),
            ),
        };
        tasks.insert(0, Task { urged: Some(one), ..task });
    }
}

/// What all mechanisms want from the caller, the most urgent first.
pub async fn tasks(ctx: &mut RequestContext, looks: bool) -> Result<Vec<Task>> {
    // Whoever only looks is asked about its own account alone.
    let own = |one: &&Mechanism| !looks || one.folder.contains("/identity/");
    let mut asking: Vec<Tasks> = mechanism::all().filter(own).filter_map(|one| one.tasks).collect();
    asking.sort_by_key(|one| one.place);
    let mut tasks = Vec::new();
    for one in asking {
        tasks.extend((one.list)(ctx).await?);
    }
    once(&mut tasks);
    // What is overdue stands above what merely waits, whichever mechanism it comes from.
    tasks.sort_by_key(|task| (task.state.mark != "■", task.urgency));
    Ok(tasks)
}

/// A form that somebody asks for and that is due anyway is filled in once: the line that says who waits for it stays.
fn once(tasks: &mut Vec<Task>) {
    let opens = |task: &Task| task.act.as_ref().map(|act| (act.label.clone(), act.href.clone()));
    let is_to_begin = |task: &Task| task.urgency == Urgency::ToBegin;
    let awaited: Vec<_> = tasks.iter().filter(|task| !is_to_begin(task)).filter_map(opens).collect();
    tasks.retain(|task| !(is_to_begin(task) && opens(task).is_some_and(|act| awaited.contains(&act))));
}
