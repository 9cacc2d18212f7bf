//! The ledger's list, and one entry with its history.

use super::data::{self, ActionRow, EntryRow, HelperRow};
use super::views::{EntryLine, line};
use super::{form as entry_form, rules};
use crate::network::registry::{self, like};
use jiedui_kernel::{FieldError, Known, Result, Unit};
use jiedui_programme::{Activity, Measure, Programme};
use jiedui_store::{Arg, args};
use jiedui_web::context::RequestContext;
use jiedui_web::fields::{self, Shown};
use jiedui_web::figure::{Figure, Link, PAGE_SIZE, Pager, StateMark, when};
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Filter, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

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
        rules::cutoff(rules::escalated_before(&ctx.actor, &programme.calendar, ctx.today));
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
        let states = rules::STATES.map(|(id, name)| Choice::new(id, name)).to_vec();
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

#[derive(Serialize)]
struct TimelineItem {
    what: &'static str,
    who: String,
    org: String,
    when: String,
    note: String,
}

#[derive(Serialize)]
struct ShowView {
    id: String,
    version: i64,
    state: StateMark,
    claimed: Figure,
    confirmed: Figure,
    activity: String,
    activity_id: String,
    county: Link,
    pairing: Link,
    claimant: Link,
    answerer: Link,
    helpers: Vec<(Link, Figure)>,
    project: Option<Link>,
    person: String,
    person_post: &'static str,
    counts: bool,
    from: String,
    to: String,
    span: bool,
    entered: bool,
    unit: &'static str,
    disputed: Option<(String, String)>,
    extras: Vec<Shown>,
    /// People of the county school who took part.
    roster: Vec<String>,
    /// The policy under which it counts as enterprise practice, once there is one.
    practice: Option<String>,
    /// The plan uses a word for it that nobody has defined yet.
    undefined: bool,
    due: Option<String>,
    history: Vec<TimelineItem>,
    may: rules::AllowedActions,
    /// What was typed into an answer that could not be taken.
    typed: Typed,
    overdue: bool,
    errors: Vec<FieldError>,
}

#[derive(Default, Serialize)]
struct Typed {
    part: bool,
    dispute: bool,
    confirmed: Field,
    disputed_from: Field,
    disputed_to: Field,
    reason: Field,
    words: String,
}

/// The answer's form once more, with what was typed and what is wrong with it.
fn typed(ctx: &RequestContext, row: &EntryRow, unit: &str, errors: &[FieldError]) -> Typed {
    let pairs = &ctx.form.values;
    let verdict = pairs.get("verdict");
    let field = |name: &str, label: &str| {
        Field { min: row.from_day.to_string(), max: row.to_day.to_string(), ..Field::new(name, label) }
            .required()
            .value(pairs.get(name))
            .error(errors)
    };
    let confirmed = Field {
        unit: unit.to_owned(),
        width: "short",
        min: String::new(),
        max: String::new(),
        ..field("confirmed", "确认的数")
    };
    Typed {
        part: verdict == "part",
        dispute: verdict == "dispute",
        confirmed,
        disputed_from: field("disputed_from", "不认可的日子，从"),
        disputed_to: field("disputed_to", "到"),
        reason: field("reason", "理由"),
        words: pairs.get("reason").to_owned(),
    }
}

/// An error about the reason leads to the box of the form that was sent.
fn placed(ctx: &RequestContext, errors: &[FieldError]) -> Vec<FieldError> {
    let box_of = |field: &str| match (field, ctx.form.values.get("verdict"), ctx.path.ends_with("/settle")) {
        ("reason", _, true) => "settle-reason".to_owned(),
        ("reason", "dispute", _) => "dispute-reason".to_owned(),
        _ => field.to_owned(),
    };
    errors
        .iter()
        .map(|error| FieldError { field: box_of(&error.field), message: error.message.clone() })
        .collect()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

pub async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let row = ctx.tx.one::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await?;
    let actions = ctx.tx.all::<ActionRow>(&data::ACTIONS_OF, args![&row.id]).await?;
    let helpers = ctx.tx.all::<HelperRow>(&data::HELPERS_OF, args![&row.id]).await?;
    let people = ctx.tx.all::<(String, String)>(&data::PEOPLE_OF, args![&row.id]).await?;
    let programme = ctx.programme();
    let activity = entry_form::activity(ctx, &row.activity)?;
    let practice = practice(ctx, &programme, &activity, row.to_day).await?;
    let may = mask(ctx, rules::may(&ctx.actor, &row, &programme, ctx.today));
    let here = format!("/entries/{}", row.id);
    let figure = |value: i64, label: &str| Figure::of(Known::Value(value), activity.unit, &here, label).big();
    let counting = activity
        .person
        .as_ref()
        .is_none_or(|rule| rules::post_of(&row.post).is_some_and(|post| rule.counting.contains(&post)));
    let view = ShowView {
        version: row.version,
        state: rules::state_mark(&row.state),
        claimed: figure(row.quantity, "登记数"),
        confirmed: figure(row.confirmed, "确认数"),
        activity: activity.name.clone(),
        activity_id: activity.id.clone(),
        county: registry::link(&row.county_school, &row.county_name),
        pairing: Link::new(format!("/pairings/{}", row.pairing), format!("{}的结对", row.county_name)),
        claimant: registry::link(&row.claimant, &row.claimant_name),
        answerer: registry::link(&row.answerer, &row.answerer_name),
        helpers: helpers.iter().map(|helper| share(helper, &here)).collect(),
        project: row
            .project
            .as_ref()
            .map(|id| Link::new(format!("/projects/{id}"), row.project_title.clone().unwrap_or_default())),
        person: row.person_name.clone().unwrap_or_default(),
        person_post: registry::post_name(&row.post),
        counts: counting,
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        span: activity.time == jiedui_programme::Time::Span,
        entered: activity.measure == Measure::Entered,
        unit: activity.unit.word(),
        disputed: row.disputed_from.zip(row.disputed_to).map(|(from, to)| (from.to_string(), to.to_string())),
        extras: fields::shown(&activity.fields, &fields::parse(&row.fields), &here, &BTreeMap::new()),
        roster: people.into_iter().map(|(_, name)| name).collect(),
        practice,
        undefined: !activity.definition_issued,
        due: (row.state == "claimed").then(|| rules::answer_due(&row, &programme).to_string()),
        history: actions.iter().rev().map(happening).collect(),
        may,
        typed: typed(ctx, &row, activity.unit.word(), &errors),
        overdue: rules::answer_due(&row, &programme) < ctx.today,
        errors: placed(ctx, &errors),
        id: row.id.clone(),
    };
    let page = head(&activity, &row.county_name);
    Ok(Reply::view("evidence/ledger/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn head(activity: &Activity, county: &str) -> Page {
    let title = format!("{}：{county}", activity.name);
    Page::new(title, "一条台账，从登记到答复的全部办理记录。")
        .back("/entries", "工作台账")
        .clauses(&activity.clauses)
        .kind("detail")
}

/// The title of the policy in force on a day, under which this work counts as enterprise practice in title review (T4.7).
async fn practice(
    ctx: &mut RequestContext,
    programme: &Programme,
    activity: &Activity,
    day: jiedui_kernel::Date,
) -> Result<Option<String>> {
    let Some(policy) = activity.practice_by.as_deref().and_then(|id| programme.output(id)) else {
        return Ok(None);
    };
    let stages = policy.stages.iter().filter(|stage| stage.counts).map(|stage| format!("{},", stage.id));
    let key = args![&policy.id, format!(",{}", stages.collect::<String>()), day];
    let found = ctx.tx.all::<(String, String)>(&data::POLICY, key).await?;
    Ok(found.into_iter().next().map(|(_, title)| title))
}

/// A provider, and how much of it it gave.
fn share(helper: &HelperRow, here: &str) -> (Link, Figure) {
    let share = Figure::of(Known::Value(helper.share * 100), Unit::BasisPoints, here, "承担比例");
    (registry::link(&helper.org, &helper.name), share)
}

/// What the role may not do at all is not offered either.
fn mask(ctx: &RequestContext, may: rules::AllowedActions) -> rules::AllowedActions {
    let (answer, claim, settle) =
        (ctx.can("entry", "answer"), ctx.can("entry", "claim"), ctx.can("entry", "settle"));
    rules::AllowedActions {
        answer: may.answer && answer,
        take_back: may.take_back && answer,
        settle: may.settle && settle,
        correct: may.correct && claim,
        accept: may.accept && claim,
        withdraw: may.withdraw && claim,
    }
}

fn happening(action: &ActionRow) -> TimelineItem {
    let what = match action.kind.as_str() {
        "claim" => "登记",
        "confirm" => "确认",
        "part" => "部分确认",
        "dispute" => "提出异议",
        "correct" => "更正",
        "accept" => "接受对方意见",
        "withdraw" => "撤回",
        "take_back" => "撤销答复",
        "settle" => "上级核定",
        _ => "处理",
    };
    TimelineItem {
        what,
        who: action.name.clone(),
        org: action.org_name.clone(),
        when: when(action.at),
        note: action.reason.clone(),
    }
}
