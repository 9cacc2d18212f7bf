//! The ledger's list; in the list of what waits for the caller, confirming many at once and taking that back.

use super::super::actions::answer;
use super::super::data::{self, EntryRow};
use super::form as entry_form;
use crate::network::registry::{self, like};
use crate::shared::confirmation;
use jiedui_kernel::{Known, Result, Unit};
use jiedui_programme::{Activity, Programme};
use jiedui_store::{Arg, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, PAGE_SIZE, Pager, StateMark};
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Filter, Flash, Page, Reply};
use serde::Serialize;

/// An entry as lists show it. Other mechanisms use it for the rows behind their figures.
#[derive(Debug, Serialize)]
pub struct EntryLine {
    pub id: String,
    pub href: String,
    /// `id:version`, as the list's checkboxes send it.
    pub key: String,
    pub activity: String,
    pub county_name: String,
    pub typical_class: String,
    pub claimant_name: String,
    pub person: String,
    pub from: String,
    pub to: String,
    pub claimed: Figure,
    pub confirmed: Figure,
    pub state: StateMark,
    pub answered_by: String,
}

pub fn line(programme: &Programme, row: &EntryRow) -> EntryLine {
    let activity = programme.activity(&row.activity);
    let unit = activity.map_or(Unit::Items, |activity| activity.unit);
    let href = format!("/entries/{}", row.id);
    EntryLine {
        key: format!("{}:{}", row.id, row.version),
        activity: activity.map_or_else(|| row.activity.clone(), |activity| activity.name.clone()),
        county_name: row.county_name.clone(),
        typical_class: row.typical_class.clone(),
        claimant_name: row.claimant_name.clone(),
        person: row.person_name.clone().unwrap_or_default(),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        claimed: Figure::of(Known::Value(row.quantity), unit, &href, "登记数"),
        confirmed: Figure::of(Known::Value(row.confirmed), unit, &href, "确认数"),
        state: confirmation::mark(row.state),
        answered_by: row.answered_by.clone(),
        id: row.id.clone(),
        href,
    }
}

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    rows: Vec<EntryLine>,
    pager: Pager,
    waiting: bool,
    all: bool,
    all_href: String,
    can_claim: bool,
    kept: Vec<(&'static str, String)>,
}

fn bound(ctx: &RequestContext, query: &FormValues) -> Vec<Arg> {
    let get = |name: &str| query.get(name).to_owned();
    let programme = ctx.programme();
    // One activity, or all of a task; none of a task that has none must find nothing.
    let activities = match (query.get("activity"), query.get("task")) {
        ("", "") => String::new(),
        ("", task) => {
            let of_task = |one: &&Activity| programme.task_of(&one.clauses).is_some_and(|of| of.id == task);
            let ids = programme.activities.iter().filter(of_task).map(|one| format!("{},", one.id));
            format!(",{}", ids.collect::<String>())
        }
        (one, _) => format!(",{one},"),
    };
    let (settles, cutoff) =
        confirmation::cutoff(confirmation::escalated_before(&ctx.actor, &programme.calendar, ctx.today));
    let only_mine = if get("mine") == "yes" { ctx.actor.org.clone() } else { String::new() };
    let waiting = if get("waiting") == "me" { ctx.actor.org.clone() } else { String::new() };
    args![
        activities,
        get("state"),
        get("pairing"),
        like(query.get("q")),
        entry_form::day_of(query.get("since"), "1950-01-01"),
        entry_form::day_of(query.get("until"), "2100-12-31"),
        only_mine,
        waiting,
        settles,
        cutoff,
        get("typical"),
    ]
}

/// Tasks under which something can be claimed.
fn task_choices(programme: &Programme) -> Vec<Choice> {
    let used = |id: &str| {
        programme.activities.iter().any(|one| programme.task_of(&one.clauses).is_some_and(|of| of.id == id))
    };
    let tasks = programme.tasks.iter().filter(|task| used(&task.id));
    tasks.map(|task| Choice::new(&task.id, &task.name)).collect()
}

fn activity_choices(programme: &Programme) -> Vec<Choice> {
    let group =
        |one: &Activity| programme.task_of(&one.clauses).map_or_else(String::new, |of| of.name.clone());
    let choice = |one: &Activity| Choice { group: group(one), ..Choice::new(&one.id, &one.name) };
    programme
        .tasks
        .iter()
        .flat_map(|task| {
            let of_task =
                |one: &&Activity| programme.task_of(&one.clauses).is_some_and(|of| of.id == task.id);
            programme.activities.iter().filter(of_task).map(choice).collect::<Vec<_>>()
        })
        .collect()
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let query = ctx.query.clone();
    let total = ctx.tx.number(&data::COUNT, bound(ctx, &query)).await?;
    let pager = Pager::new("/entries", &query, total, Unit::Entries);
    let mut values = bound(ctx, &query);
    values.extend(args![PAGE_SIZE, pager.offset()]);
    let rows = ctx.tx.all::<EntryRow>(&data::LIST, values).await?;
    let programme = ctx.programme();
    let waiting = query.get("waiting") == "me";
    let mut filters = vec![
        Filter::select("task", "任务", query.get("task"), task_choices(&programme)),
        Filter::select("activity", "事项", query.get("activity"), activity_choices(&programme)),
        Filter::text("q", "学校名称", query.get("q")),
        Filter::date("since", "自", query.get("since")),
        Filter::date("until", "至", query.get("until")),
        Filter::select("typical", "典型县", query.get("typical"), registry::typical_choices()),
    ];
    if !waiting {
        let states = confirmation::choices(true).map(|(id, name)| Choice::new(id, name)).collect();
        filters.insert(2, Filter::select("state", "状态", query.get("state"), states));
    }
    let kept: Vec<(&str, String)> = ["waiting", "pairing", "mine"]
        .into_iter()
        .map(|name| (name, query.get(name).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    filters.extend(kept.iter().map(|(name, value)| Filter::hidden(name, value)));
    let view = ListView {
        filters,
        rows: rows.iter().map(|row| line(&programme, row)).collect(),
        pager,
        waiting: waiting && ctx.can("entry", "answer"),
        all: query.get("select") == "all",
        all_href: format!("/entries?{}", query.with("select", "all")),
        can_claim: ctx.can("entry", "claim"),
        kept,
    };
    let page = if waiting {
        Page::new("待我确认", "对方登记、等本单位答复的事项。认可就确认，有出入请写一句理由。")
    } else {
        Page::new("工作台账", "一方登记，另一方确认才计入确认数；可以更正，不会抹去。")
    };
    Reply::view("evidence/ledger/list.html", page.clause("S1.4").clause("S1.6").kind("list"), &view)
}

/// Confirms all that were ticked. What somebody else handled in between is left alone and told.
pub async fn confirm_many(ctx: &mut RequestContext) -> Result<Reply> {
    let picked = ctx.form.values.all("id");
    let back = "/entries?waiting=me";
    if picked.is_empty() {
        return Ok(Reply::done(back, Flash::problem("没有勾选任何一条，什么也没有写入。")));
    }
    let (programme, batch) = (ctx.programme(), ctx.tx.new_id());
    let (mut done, mut passed) = (0, 0);
    for value in picked.iter().take(200) {
        let seen = value.split_once(':').and_then(|(id, v)| Some((id, v.parse::<i64>().ok()?)));
        let confirmed = match seen {
            Some(seen) => answer::confirm_in_batch(&mut ctx.tx, &programme, seen, &batch).await?,
            None => false,
        };
        if confirmed { done += 1 } else { passed += 1 }
    }
    let mut text = format!("已确认 {done} 条，计入确认数。");
    if passed > 0 {
        text.push_str(&format!("另有 {passed} 条刚被别人处理过或不由本单位确认，没有改动。"));
    }
    let flash = if done > 0 {
        Flash::done(text).undo(format!("/entries/undo/{batch}"), "撤销这次确认")
    } else {
        Flash::problem(text)
    };
    Ok(Reply::done(back, flash))
}

/// Takes back what one confirmed together, as far as nothing has happened to it since.
pub async fn undo(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, batch) = (ctx.programme(), ctx.param("batch"));
    let done = answer::undo(&mut ctx.tx, &programme, &batch).await?;
    Ok(Reply::done("/entries?waiting=me", Flash::done(format!("已撤销 {done} 条的确认，它们重新等待确认。"))))
}
