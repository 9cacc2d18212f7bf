//! The ledger's list; in the list of what waits for the caller, confirming many at once and taking that back.

use super::super::actions::answer::{self, InBatch};
use super::super::data::{self, EntryRow, Filters};
use crate::evidence::ledger;
use crate::network::registry::{self, like};
use crate::shared::confirmation;
use crate::shared::terms;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Error, Reported, Result, Unit};
use jiedui_programme::{Activity, Programme, Retires as _, Task};
use jiedui_store::{ListCall, named, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::form::FormValues;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::names::Names;
use jiedui_web::reply::{Choice, Flash, Page, Reply};
use jiedui_web::sorting::HIDE;
use serde::Serialize;

/// An entry as lists show it. Other mechanisms use it for the rows behind their figures.
#[derive(Debug, Serialize)]
pub struct EntryLine {
    pub id: String,
    /// What people quote.
    pub number: String,
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
    /// The other side objected, and it was corrected: to be read before it is answered, and never among those confirmed
    /// together.
    pub corrected: bool,
    /// The caller acted on it for another organisation: somebody else answers it, and it is never among those either.
    pub own_side: bool,
}

pub fn line(names: &mut Names, programme: &Programme, row: &EntryRow) -> EntryLine {
    let activity = programme.activity(&row.activity);
    let unit = activity.map_or(Unit::Items, |activity| activity.unit);
    let href = format!("/entries/{}", row.id);
    EntryLine {
        key: format!("{}:{}", row.id, row.version),
        activity: activity.map_or_else(|| row.activity.clone(), |activity| activity.name.clone()),
        county_name: row.county_name.clone(),
        typical_class: row.typical_class.clone(),
        claimant_name: row.claimant_name.clone(),
        person: names.shown_if_any(row.person_name.as_ref(), &row.concerned()),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        claimed: Figure::of(Reported::Value(row.quantity), unit, &href, "登记数"),
        confirmed: Figure::of(Reported::Value(row.confirmed), unit, &href, "确认数"),
        state: confirmation::mark(row.state),
        answered_by: row.answered_by.clone(),
        corrected: row.corrected_after_objection(),
        own_side: false,
        number: terms::short(&row.id),
        id: row.id.clone(),
        href,
    }
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<EntryLine>,
    waiting: bool,
    /// How many of what waits somebody else must answer.
    own_sides: Option<Figure>,
    all: bool,
    all_href: String,
    can_claim: bool,
    export: String,
    presets: Vec<Preset>,
}

/// A list that is often asked for, as a link.
#[derive(Serialize)]
struct Preset {
    href: String,
    label: &'static str,
    here: bool,
}

/// What most come for; `query` is what was asked.
fn presets(query: &FormValues, today: Date, claims: bool) -> Vec<Preset> {
    let year = |year: i32| format!("since={year}-01-01&until={year}-12-31");
    let mut all = vec![("全部", String::new())];
    all.extend(claims.then(|| ("我登记的", "mine=yes".to_owned())));
    all.extend([("今年的", year(today.year())), ("去年的", year(today.year() - 1))]);
    let asked = query.without(&["page", "sort", "count", HIDE]);
    let preset = |(label, wanted): (&'static str, String)| {
        // What the reader left out stays so.
        let href = match FormValues::parse(wanted.as_bytes()).with(HIDE, query.get(HIDE)) {
            all if all.is_empty() => "/entries".to_owned(),
            some => format!("/entries?{some}"),
        };
        Preset { href, label, here: asked == wanted }
    };
    all.into_iter().map(preset).collect()
}

/// Where fewer than one pairing in so many is meant, its entries are taken and sorted; else all are walked in order.
const FEW: i64 = 8;

/// Which way to the rows is the short one.
enum Way {
    Narrow,
    OfState,
    OfActivity,
    OfClaimant,
    Wide,
}

async fn way(ctx: &mut RequestContext, filters: &Filters, activity: &str) -> Result<Way> {
    let (pairing, q) = (filters.pairing.as_str(), filters.q.as_str());
    let reach = named!(data::REACH { pairing, q }).all::<data::ReachRow>(&mut ctx.tx).await?;
    let few = |reach: &data::ReachRow| reach.found > 0 && reach.found * FEW <= reach.all_pairings.max(FEW);
    // Most of what is old is confirmed: that narrows nothing.
    let of_state = filters.state.is_some_and(|state| state != confirmation::State::Confirmed);
    Ok(match () {
        // A name that no party has may be that of a bureau.
        () if reach.first().is_some_and(few) => Way::Narrow,
        () if of_state => Way::OfState,
        () if !filters.claimant.is_empty() => Way::OfClaimant,
        () if !activity.is_empty() => Way::OfActivity,
        () if filters.state.is_some() => Way::OfState,
        () => Way::Wide,
    })
}

/// What an address asks for, for the page and for the workbook.
pub struct Asked {
    pub list: Listing,
    pub call: ListCall,
    pub filters: Filters,
    /// Only what waits for the caller is listed.
    waiting: bool,
}

/// What the address asks for.
pub async fn asked(ctx: &mut RequestContext) -> Result<Asked> {
    let programme = ctx.programme();
    let mut list = Listing::at("/entries", Unit::Entries, &ctx.query);
    list.passes(&["select"]);
    let waiting = list.flag("waiting", "me");
    let task = list.choice("task", "任务", task_choices(&programme));
    let activity = list.choice("activity", "事项", activity_choices(&programme, ctx.today));
    let state = if waiting {
        list.passes(&["state"]);
        Some(confirmation::State::Claimed)
    } else {
        list.one_of("state", "状态", confirmation::choices(true))
    };
    let q = like(&list.text("q", "学校名称"));
    let (since, until) = list.span(["since", "自"], ["until", "至"]);
    let typical = list.choice("typical", "典型县", registry::typical_choices());
    let (pairing, mine) = (list.id("pairing"), list.flag("mine", "yes"));
    let of = list.id("answerer");
    let own = |wanted: bool| if wanted { ctx.actor.org.clone() } else { String::new() };
    let claimant = own(mine);
    let answerer = if waiting { own(true) } else { of };
    // What went up to the caller waits for the caller, and for nobody else who is asked about.
    let escalated = confirmation::escalated_before(&ctx.actor, &programme.calendar, ctx.today);
    let (settles, cutoff) = confirmation::cutoff(escalated.filter(|_| waiting));
    let activities = activities(&programme, &activity, &task);
    let filters =
        Filters { activities, state, pairing, q, since, until, claimant, answerer, settles, cutoff, typical };
    let call = match way(ctx, &filters, &activity).await? {
        Way::Narrow => narrow(&filters),
        Way::OfState => of_state(&filters),
        Way::OfActivity => of_activity(&filters, &activity),
        Way::OfClaimant => of_claimant(&filters),
        Way::Wide => wide(&filters),
    };
    Ok(Asked { list, call, filters, waiting })
}

macro_rules! ways {
    ($($name:ident: $list:ident $(of $activity:ident)?),+) => {
        $(pub fn $name(of: &Filters $(, $activity: &str)?) -> ListCall {
            let Filters { activities, pairing, q, since, until, claimant, answerer, .. } = of;
            let state = of.state();
            let (settles, cutoff, typical, since, until) = (of.settles, of.cutoff, &of.typical, *since, *until);
            values!(data::$list {
                activities, state, pairing, q, since, until, claimant, answerer, settles, cutoff, typical
                $(, $activity)?
            })
        })+
    };
}
ways! {
    narrow: NARROW, of_state: OF_STATE, of_activity: OF_ACTIVITY of activity, of_claimant: OF_CLAIMANT, wide: LIST
}

/// One activity, or all of a task; none of a task that has none must find nothing.
fn activities(programme: &Programme, activity: &str, task: &str) -> String {
    match (activity, task) {
        ("", "") => String::new(),
        ("", task) => {
            let ids = programme.activities_of(task).map(|one| format!("{},", one.id));
            format!(",{}", ids.collect::<String>())
        }
        (one, _) => format!(",{one},"),
    }
}

/// Tasks under which something can be claimed.
fn task_choices(programme: &Programme) -> Vec<Choice> {
    let tasks = programme.tasks.iter().filter(|task| programme.activities_of(&task.id).next().is_some());
    tasks.map(|task| Choice::new(&task.id, &task.name)).collect()
}

/// Those that are recorded no more stand behind the others: what was recorded is still found by them.
fn activity_choices(programme: &Programme, today: Date) -> Vec<Choice> {
    let of_task = |task: &Task| {
        let choice = |one: &Activity| {
            let gone = if one.is_offered_on(today) { "" } else { "（已停用）" };
            let label = format!("{}{gone}", one.name);
            Choice { group: task.name.clone(), ..Choice::new(&one.id, label) }
        };
        let (offered, gone): (Vec<_>, Vec<_>) =
            programme.activities_of(&task.id).partition(|one| one.is_offered_on(today));
        offered.into_iter().chain(gone).map(choice).collect::<Vec<_>>()
    };
    programme.tasks.iter().flat_map(of_task).collect()
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let Asked { list, call, waiting, .. } = asked(ctx).await?;
    let programme = ctx.programme();
    let rows = list.fetch::<EntryRow>(&mut ctx.tx, &call).await?;
    let mut list = rows.map(|row| line(&mut ctx.names, &programme, &row));
    let own_sides = if waiting { mark_own(ctx, &mut list.rows).await? } else { None };
    let view = ListView {
        list,
        own_sides,
        waiting: waiting && ctx.can("entry", "answer"),
        all: ctx.query.get("select") == "all",
        all_href: format!("/entries?{}", ctx.query.with("select", "all")),
        can_claim: ctx.can("entry", "claim"),
        presets: presets(&ctx.query, ctx.today, ctx.can("entry", "claim")),
        export: format!("/entries/export?{}", ctx.query.without(&["page", "select", "sort", "count"])),
    };
    let page = if waiting {
        Page::new("待我确认", "对方登记、等本单位答复的事项。认可就确认，有出入请写一句理由。")
    } else {
        Page::new("工作台账", "一方登记，另一方确认才计入确认数；可以更正，不会抹去。")
    };
    Reply::view("evidence/ledger/list.html", page.clause("S1.4").clause("S1.6").kind("list"), &view)
}

/// Marks what the caller cannot answer because it acted on it for another organisation, and says how many wait like that.
pub async fn mark_own(ctx: &mut RequestContext, lines: &mut [EntryLine]) -> Result<Option<Figure>> {
    let own = ledger::own_side(&mut ctx.tx).await?;
    for line in lines {
        line.own_side = own.contains(&line.id);
    }
    let number = i64::try_from(own.len()).unwrap_or(i64::MAX);
    let label = "要由别的经办人确认的";
    let figure = Figure::of(Reported::Value(number), Unit::Entries, "/entries?waiting=me", label);
    Ok((number > 0).then_some(figure))
}

/// So many of those that were left out are named in one sentence.
const NAMED: usize = 5;

/// What is said of those that the caller cannot confirm because it acted on them for another organisation.
fn left_to_others(names: &[String]) -> String {
    let more = if names.len() > NAMED { "等" } else { "" };
    let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、");
    format!(
        "{named}{more}您已经以别的单位的身份办理过，共 {} 条，请由别的经办人确认，没有改动。",
        names.len()
    )
}

/// So many are confirmed in one transaction.
const LOT: usize = 20;

/// A fault behind lots that are confirmed must not say that nothing was written.
fn after_a_lot(fault: Error, place: usize) -> Error {
    if place < LOT { fault } else { Error::OutcomeUnknown(fault.to_string()) }
}

/// Confirms all that were ticked. What somebody else handled in between is left alone and told.
pub async fn confirm_many(ctx: &mut RequestContext) -> Result<Reply> {
    let picked = ctx.form.values.seen("id");
    let back = "/entries?waiting=me";
    if picked.is_empty() {
        return Ok(Reply::done(back, Flash::problem("没有勾选任何一条，什么也没有写入。")));
    }
    let (programme, batch) = (ctx.programme(), ctx.tx.new_id());
    let (mut done, mut passed, mut own) = (0, 0, Vec::new());
    for (place, seen) in picked.iter().take(200).enumerate() {
        // Each is an answer by itself: others write between two lots of them.
        if place > 0 && place.is_multiple_of(LOT) {
            ctx.commit_so_far().await.map_err(|fault| after_a_lot(fault, place))?;
        }
        let Some((id, version)) = seen else {
            passed += 1;
            continue;
        };
        let confirmed = answer::confirm_in_batch(&mut ctx.tx, &programme, (id, *version), &batch).await;
        match confirmed.map_err(|fault| after_a_lot(fault, place))? {
            InBatch::Done => done += 1,
            InBatch::Passed => passed += 1,
            InBatch::OwnSide(name) => own.push(name),
        }
    }
    let mut text = format!("已确认 {done} 条，计入确认数。");
    if passed > 0 {
        text.push_str(&format!(
            "另有 {passed} 条刚被别人处理过、属于正在写入或撤回的表格、不由本单位确认，或曾有异议要单独看，没有改动。"
        ));
    }
    if !own.is_empty() {
        text.push_str(&left_to_others(&own));
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
    let flash = match done {
        0 => Flash::problem("没有撤销任何一条：它们后来又被处理过，或要由别的经办人处理。"),
        _ => Flash::done(format!("已撤销 {done} 条的确认，它们重新等待确认。")),
    };
    Ok(Reply::done("/entries?waiting=me", flash))
}
