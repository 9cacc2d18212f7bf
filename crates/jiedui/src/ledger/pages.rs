//! The ledger's list, and one entry with its history.

use super::data::{self, ActionRow, EntryRow, HelperRow};
use super::views::{EntryLine, line};
use super::{form as entry_form, rules};
use crate::fields::{self, Shown};
use crate::http::cx::Cx;
use crate::http::figure::{Figure, Link, PAGE_SIZE, Pager, StateMark, when};
use crate::http::form::Pairs;
use crate::http::reply::{Choice, Field, Filter, Page, Reply};
use crate::registry::{self, like};
use jiedui_kernel::{FieldError, Known, Result, Unit};
use jiedui_programme::{Activity, Measure, Programme};
use jiedui_store::{Arg, args};
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

fn bound(cx: &Cx, query: &Pairs) -> Vec<Arg> {
    let get = |name: &str| query.get(name).to_owned();
    let programme = cx.programme();
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
    let (settles, cutoff) = rules::cutoff(rules::escalated_before(&cx.who, &programme.calendar, cx.today));
    let only_mine = if get("mine") == "yes" { cx.who.org.clone() } else { String::new() };
    let waiting = if get("waiting") == "me" { cx.who.org.clone() } else { String::new() };
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

pub async fn list(cx: &mut Cx) -> Result<Reply> {
    let query = cx.query.clone();
    let total = cx.tx.number(&data::COUNT, bound(cx, &query)).await?;
    let pager = Pager::new("/entries", &query, total, Unit::Entries);
    let mut values = bound(cx, &query);
    values.extend(args![PAGE_SIZE, pager.offset()]);
    let rows = cx.tx.all::<EntryRow>(&data::LIST, values).await?;
    let programme = cx.programme();
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
        waiting: waiting && cx.can("entry", "answer"),
        all: query.get("select") == "all",
        all_href: format!("/entries?{}", query.with("select", "all")),
        can_claim: cx.can("entry", "claim"),
        kept,
    };
    let page = if waiting {
        Page::new("待我确认", "对方登记、等本单位答复的事项。认可就确认，有出入请写一句理由。")
    } else {
        Page::new("工作台账", "一方登记，另一方确认才计入确认数；可以更正，不会抹去。")
    };
    Reply::view("ledger/list.html", page.clause("S1.4").clause("S1.6").kind("list"), &view)
}

#[derive(Serialize)]
struct Happening {
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
    history: Vec<Happening>,
    may: rules::May,
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
fn typed(cx: &Cx, row: &EntryRow, unit: &str, errors: &[FieldError]) -> Typed {
    let pairs = &cx.form.pairs;
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
fn placed(cx: &Cx, errors: &[FieldError]) -> Vec<FieldError> {
    let box_of = |field: &str| match (field, cx.form.pairs.get("verdict"), cx.path.ends_with("/settle")) {
        ("reason", _, true) => "settle-reason".to_owned(),
        ("reason", "dispute", _) => "dispute-reason".to_owned(),
        _ => field.to_owned(),
    };
    errors
        .iter()
        .map(|error| FieldError { field: box_of(&error.field), message: error.message.clone() })
        .collect()
}

pub async fn show(cx: &mut Cx) -> Result<Reply> {
    show_page(cx, Vec::new()).await
}

pub async fn show_page(cx: &mut Cx, errors: Vec<FieldError>) -> Result<Reply> {
    let row = cx.tx.one::<EntryRow>(&data::SHOW, args![cx.param("id")]).await?;
    let actions = cx.tx.all::<ActionRow>(&data::ACTIONS_OF, args![&row.id]).await?;
    let helpers = cx.tx.all::<HelperRow>(&data::HELPERS_OF, args![&row.id]).await?;
    let people = cx.tx.all::<(String, String)>(&data::PEOPLE_OF, args![&row.id]).await?;
    let programme = cx.programme();
    let activity = entry_form::activity(cx, &row.activity)?;
    let practice = practice(cx, &programme, &activity, row.to_day).await?;
    let may = mask(cx, rules::may(&cx.who, &row, &programme, cx.today));
    let here = format!("/entries/{}", row.id);
    let figure = |value: i64, label: &str| Figure::of(Known::Value(value), activity.unit, &here, label).big();
    let counting = activity
        .person
        .as_ref()
        .is_none_or(|rule| rules::post_of(&row.post).is_some_and(|post| rule.counting.contains(&post)));
    let view = ShowView {
        version: row.version,
        state: rules::state_mark(&row.state),
        claimed: figure(row.quantity, "申报数"),
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
        typed: typed(cx, &row, activity.unit.word(), &errors),
        overdue: rules::answer_due(&row, &programme) < cx.today,
        errors: placed(cx, &errors),
        id: row.id.clone(),
    };
    let page = head(&activity, &row.county_name);
    Ok(Reply::view("ledger/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn head(activity: &Activity, county: &str) -> Page {
    let title = format!("{}：{county}", activity.name);
    Page::new(title, "一条台账，从登记到答复的全部经过。")
        .back("/entries", "工作台账")
        .clauses(&activity.clauses)
        .kind("detail")
}

/// The title of the policy in force on a day, under which this work counts as enterprise practice in title review (T4.7).
async fn practice(
    cx: &mut Cx,
    programme: &Programme,
    activity: &Activity,
    day: jiedui_kernel::Date,
) -> Result<Option<String>> {
    let Some(policy) = activity.practice_by.as_deref().and_then(|id| programme.output(id)) else {
        return Ok(None);
    };
    let stages = policy.stages.iter().filter(|stage| stage.counts).map(|stage| format!("{},", stage.id));
    let key = args![&policy.id, format!(",{}", stages.collect::<String>()), day];
    let found = cx.tx.all::<(String, String)>(&data::POLICY, key).await?;
    Ok(found.into_iter().next().map(|(_, title)| title))
}

/// A provider, and how much of it it gave.
fn share(helper: &HelperRow, here: &str) -> (Link, Figure) {
    let share = Figure::of(Known::Value(helper.share * 100), Unit::BasisPoints, here, "承担比例");
    (registry::link(&helper.org, &helper.name), share)
}

/// What the role may not do at all is not offered either.
fn mask(cx: &Cx, may: rules::May) -> rules::May {
    let (answer, claim, settle) =
        (cx.can("entry", "answer"), cx.can("entry", "claim"), cx.can("entry", "settle"));
    rules::May {
        answer: may.answer && answer,
        take_back: may.take_back && answer,
        settle: may.settle && settle,
        correct: may.correct && claim,
        accept: may.accept && claim,
        withdraw: may.withdraw && claim,
    }
}

fn happening(action: &ActionRow) -> Happening {
    let what = match action.kind.as_str() {
        "claim" => "登记",
        "confirm" => "确认",
        "part" => "部分确认",
        "dispute" => "提出异议",
        "correct" => "更正",
        "accept" => "接受对方意见",
        "withdraw" => "撤回",
        "take_back" => "撤销答复",
        "settle" => "上级裁定",
        _ => "处理",
    };
    Happening {
        what,
        who: action.name.clone(),
        org: action.org_name.clone(),
        when: when(action.at),
        note: action.reason.clone(),
    }
}
