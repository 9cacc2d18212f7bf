//! 工作台账: activities, claimed by one side and confirmed or disputed by the other; corrected, never erased
//! (principle 2; decisions.md "Who claims, who confirms", "Part confirmation"; S1.4, S1.6, T4.2, T4.4, T9.2).

mod actions;
mod data;
mod found;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;
mod workbook;

use crate::network::enterprises;
use crate::network::pairings::rules::answered_since;
use crate::shared::carriers::{Kind, Section};
use crate::shared::confirmation;
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, count_as, entry};
use crate::shared::waits::Waits;
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Mistake, Months, Period, Result};
use jiedui_programme::{EntryFact, FormKind, HelperPart, Output, Programme, Repeated};
use jiedui_store::{COUNTED, Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::HashMap;
use std::sync::Arc;

pub use actions::answer::{adjudicate, respond, take_back};
pub use actions::apply;
pub use actions::attached::attach;
pub use actions::claim::{NewEntry, claim};
pub use actions::copies;
pub use actions::correct::{accept, correct, withdraw};
#[cfg(test)]
pub use actions::join::join;
pub use actions::projects::in_unit as projects_in_unit;
pub use data::{EntryRow, PolicyRow, ProjectRow};
pub use pages::edit::{FormAt, form_at, put_right, read_form};
pub use pages::list::{EntryLine, line, mark_own};
pub use pages::show::{RecordedView, read_verdict, recorded_view};
pub use workbook::export::write_all;
pub use workbook::import::description;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/evidence/ledger",
    routes,
    menu: &[
        entry(500, "台账", "/entries", "工作台账", ("entry", "read")),
        entry(510, "台账", "/entries/new", "登记工作", ("entry", "claim")),
    ],
    phone_menu: &[
        entry(20, "pen", "/entries/new", "登记工作", ("entry", "claim")),
        entry(30, "check", "/entries?waiting=me", "待确认", ("entry", "answer")),
    ],
    tables: &[
        table!(scoped "entry" of "id").grows(),
        table!(scoped "entry_helper" of "entry").grows(),
        table!(scoped "entry_person" of "entry").grows(),
        table!(scoped "entry_part" of "entry").grows(),
    ],
    steps: &[
        CountedStep { resource: "entry", kind: "part", form: (FormKind::Other, "reason") },
        CountedStep { resource: "entry", kind: "dispute", form: (FormKind::Other, "reason") },
        CountedStep { resource: "entry", kind: "adjudicate", form: (FormKind::Other, "reason") },
    ],
    words: Words {
        actions: &[
            ("entry.claim", "登记台账"),
            ("entry.import", "从表格登记台账"),
            ("entry.confirm", "确认台账"),
            ("entry.part", "部分确认台账"),
            ("entry.dispute", "对台账提出异议"),
            ("entry.settle", "核定台账"),
            ("entry.adjudicate", "核定台账"),
            ("entry.take_back", "撤销对台账的答复"),
            ("entry.correct", "更正台账"),
            ("entry.accept", "接受对方意见"),
            ("entry.withdraw", "撤回台账"),
            ("entry.join", "写明合办中本单位的人"),
            ("entry.reply", "回复台账"),
            ("entry.urge", "催办台账"),
            ("entry.attach", "在台账下附材料"),
            ("entry.detach", "撤回台账下附的材料"),
        ],
        resources: &[("entry", "台账")],
        rights: &[("claim", "登记"), ("answer", "答复"), ("settle", "核定"), ("reply", "回复")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 10, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    recorded: Some(|tx, months| {
        Box::pin(async move { Ok(count_as(FormKind::Activity, recorded(tx, months).await?)) })
    }),
    enterprises_changed: Some(|tx, programme, resource| {
        Box::pin(actions::count_again(tx, programme, resource))
    }),
    person_led: Some(|tx, programme, led| Box::pin(actions::led::told(tx, programme, led))),
    jobs: &[workbook::export::EXPORT, workbook::slices::IMPORT],
    waits: &[Waits { resource: "entry", find: |ctx, id| Box::pin(tasks::waiting(ctx, id)) }],
    found: &[found::FOUND],
    carriers,
    imports: &[workbook::import::FROM_TABLE],
    #[cfg(test)]
    samples: Samples {
        rows: &[("entry", Belongs::Pairing)],
        find: Some(|p, _, _, pairing| p.visit_on(pairing).map(str::to_owned)),
        places: |_| places(),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

#[cfg(test)]
fn places() -> Vec<(&'static str, String)> {
    [("{activity}", "visit"), ("{batch}", "none"), ("{attachment}", "none")]
        .map(|(place, value)| (place, value.to_owned()))
        .to_vec()
}

static ACTIVITY: Kind = Kind {
    place: 10,
    word: "台账事项",
    folder: "evidence/ledger",
    test: ("tests/walk.rs", "every_activity_is_claimed_confirmed_counted_and_opened"),
};

fn carriers(section: &mut Section<'_>) {
    let activities = &section.programme.activities;
    section.items(&ACTIVITY, ("activity", activities), |one| {
        (&one.clauses, &one.id, &one.name, format!("/entries?activity={}", one.id))
    });
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/entries", Access::Can("entry", "read"), pages::list::list)
            .about(Subject::None, "工作台账"),
        route!(Get "/entries/export", Access::Can("entry", "read"), workbook::export::export)
            .about(Subject::None, "导出工作台账"),
        route!(Post "/entries/export", Access::Can("entry", "read"), workbook::export::queue)
            .about(Subject::None, "在后台导出工作台账"),
        route!(Get "/entries/new", Access::Can("entry", "claim"), pages::edit::choose)
            .about(Subject::None, "选择要登记的事项"),
        route!(Get "/entries/import", Access::Can("entry", "claim"), workbook::import::form)
            .about(Subject::None, "从表格登记"),
        route!(Post "/entries/import", Access::Can("entry", "claim"), looking workbook::import::read => workbook::import::submit)
            .about(Subject::None, "检查并从表格登记")
            .uploads(),
        route!(Get "/entries/import/{activity}/template", Access::Can("entry", "claim"), workbook::import::template)
            .about(Subject::Open, "下载登记表模板"),
        route!(Get "/entries/new/{activity}", Access::Can("entry", "claim"), pages::edit::new)
            .about(Subject::Open, "登记工作")
            .fresh(),
        route!(Post "/entries/new/{activity}", Access::Can("entry", "claim"), pages::edit::create)
            .about(Subject::Open, "提交一笔"),
        route!(Post "/entries/confirm", Access::Can("entry", "answer"), pages::list::confirm_many)
            .about(Subject::None, "批量确认"),
        route!(Post "/entries/undo/{batch}", Access::Can("entry", "answer"), pages::list::undo)
            .about(Subject::Open, "撤销刚才的确认"),
        route!(Get "/entries/{id}", Access::Can("entry", "read"), pages::show::show)
            .about(Subject::Row("entry"), "台账详情"),
        route!(Post "/entries/{id}/answer", Access::Can("entry", "answer"), pages::show::answer)
            .about(Subject::Row("entry"), "确认、部分确认或提出异议"),
        route!(Post "/entries/{id}/settle", Access::Can("entry", "settle"), pages::show::adjudicate)
            .about(Subject::Row("entry"), "逾期未答的核定"),
        route!(Get "/entries/{id}/correct", Access::Can("entry", "claim"), pages::edit::correct)
            .about(Subject::Row("entry"), "更正"),
        route!(Post "/entries/{id}/correct", Access::Can("entry", "claim"), pages::edit::save)
            .about(Subject::Row("entry"), "提交更正"),
        route!(Post "/entries/{id}/accept", Access::Can("entry", "claim"), pages::show::accept)
            .about(Subject::Row("entry"), "接受对方意见"),
        route!(Post "/entries/{id}/join", Access::Can("entry", "claim"), pages::show::say_part)
            .about(Subject::Row("entry"), "写明合办中本单位的人"),
        route!(Post "/entries/{id}/reply", Access::Can("entry", "reply"), pages::show::reply)
            .about(Subject::Row("entry"), "在台账下回复"),
        route!(Post "/entries/{id}/attachments", Access::Can("entry", "reply"), pages::attach::receive => pages::attach::attach)
            .about(Subject::Row("entry"), "在台账下附材料")
            .uploads(),
        route!(Get "/entries/{id}/attachments/{attachment}", Access::Can("entry", "read"), pages::attached::download)
            .about(Subject::Row("entry"), "下载台账下附的材料"),
        route!(Get "/entries/{id}/attachments/{attachment}/view", Access::Can("entry", "read"), pages::attached::look)
            .about(Subject::Row("entry"), "在页面里看台账下附的材料"),
        route!(Post "/entries/{id}/attachments/{attachment}/take-back", Access::Can("entry", "reply"), pages::attach::take_back)
            .about(Subject::Row("entry"), "撤回台账下附的材料"),
        route!(Post "/entries/{id}/withdraw", Access::Can("entry", "claim"), pages::show::withdraw)
            .about(Subject::Row("entry"), "撤回"),
    ]
}

/// Every entry visible to the caller, as the rules see it.
pub async fn facts(tx: &mut Tx) -> Result<Vec<EntryFact>> {
    let helpers = tx.all(&data::FACT_HELPERS, Vec::new()).await?;
    let people = tx.all(&data::FACT_PEOPLE, Vec::new()).await?;
    let parts = tx.all(&data::FACT_PARTS, Vec::new()).await?;
    let repeated = enterprises::repeated(tx, ("", "")).await?;
    Ok(naming(gathered(tx.all(&data::FACTS, Vec::new()).await?, helpers, people, parts), &repeated))
}

/// The next entries behind an id, in the order of their ids and no more than so many, as the rules see them: for whoever
/// goes through the whole ledger and must not hold it.
pub async fn facts_after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<EntryFact>> {
    let rows = tx.all::<data::FactRow>(&data::NEXT_FACTS, args![after, most]).await?;
    let Some(last) = rows.last() else { return Ok(Vec::new()) };
    let last = last.id.clone();
    let within = || args![after, &last];
    let helpers = tx.all(&data::NEXT_HELPERS, within()).await?;
    let people = tx.all(&data::NEXT_PEOPLE, within()).await?;
    let parts = tx.all(&data::NEXT_PARTS, within()).await?;
    let repeated = enterprises::repeated(tx, (after, &last)).await?;
    Ok(naming(gathered(rows, helpers, people, parts), &repeated))
}

/// Entries with what they name again.
fn naming(mut facts: Vec<EntryFact>, repeated: &HashMap<String, Repeated>) -> Vec<EntryFact> {
    for fact in &mut facts {
        fact.repeated = repeated.get(&fact.id).copied().unwrap_or_default();
    }
    facts
}

/// The entries that can move a clock: of an activity, for a county school, by a helper, on some of the days of a period.
/// Who took part as a learner is not told.
pub async fn clock_facts(
    tx: &mut Tx,
    activity: &str,
    (helper, county_school): (&str, &str),
    days: Period,
) -> Result<Vec<EntryFact>> {
    let which = || args![county_school, activity, days.from, days.to, helper];
    let rows = tx.all::<data::FactRow>(&data::CLOCK_FACTS, which()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let helpers = tx.all(&data::CLOCK_HELPERS, which()).await?;
    let parts = tx.all(&data::CLOCK_PARTS, which()).await?;
    Ok(gathered(rows, helpers, Vec::new(), parts))
}

/// Entries with what hangs on each: its helpers, the people named by it, and what other helpers said of their part.
fn gathered(
    rows: Vec<data::FactRow>,
    helpers: Vec<(String, String)>,
    people: Vec<(String, String)>,
    parts: Vec<data::PartRow>,
) -> Vec<EntryFact> {
    let parts = parts.into_iter().map(|row| {
        let part = HelperPart { helper: row.org, post: rules::post_of(&row.post) };
        (row.entry, part)
    });
    let (mut helpers, mut people, mut parts) = (by_entry(helpers), by_entry(people), by_entry(parts));
    let one = |row: data::FactRow| {
        let (helpers, people) = (helpers.remove(&row.id), people.remove(&row.id));
        let parts = parts.remove(&row.id).unwrap_or_default();
        fact(row, helpers.unwrap_or_default(), parts, people.unwrap_or_default())
    };
    rows.into_iter().filter_map(one).collect()
}

fn by_entry<T>(all: impl IntoIterator<Item = (String, T)>) -> HashMap<String, Vec<T>> {
    let mut found: HashMap<String, Vec<T>> = HashMap::new();
    for (entry, one) in all {
        found.entry(entry).or_default().push(one);
    }
    found
}

/// `parts` are those of the helpers that did not enter it: whoever enters joint work names its own person in it.
fn fact(
    row: data::FactRow,
    helpers: Vec<String>,
    mut parts: Vec<HelperPart>,
    roster: Vec<String>,
) -> Option<EntryFact> {
    if helpers.len() > 1 {
        parts.push(HelperPart { helper: row.claimant, post: rules::post_of(&row.post) });
    }
    Some(EntryFact {
        parts,
        helpers,
        period: Period::new(row.from_day, row.to_day)?,
        state: row.state,
        disputed_days: row.disputed_from.zip(row.disputed_to).and_then(|(from, to)| Period::new(from, to)),
        post: rules::post_of(&row.post),
        roster,
        fields: jiedui_web::fields::facts(&jiedui_web::fields::parse(&row.fields)),
        id: row.id,
        activity: row.activity,
        county_school: row.county_school,
        claimed: row.quantity,
        confirmed: row.confirmed,
        repeated: Repeated::default(),
    })
}

/// One entry, in whatever state, as the rules see it. The caller found it in scope.
async fn fact_of(tx: &mut Tx, id: &str) -> Result<Option<EntryFact>> {
    let helpers = tx.all::<data::HelperRow>(&data::HELPERS_OF, args![id]).await?;
    let people = tx.all::<(String, jiedui_store::PersonName)>(&data::PEOPLE_OF, args![id]).await?;
    let row = tx.maybe::<data::FactRow>(&data::FACT_OF, args![id]).await?;
    let people = people.into_iter().map(|(person, _)| person).collect();
    let part = |row: &data::HelperRow| {
        let post = row.post.as_deref().and_then(rules::post_of);
        row.part.clone().map(|helper| HelperPart { helper, post })
    };
    let parts = helpers.iter().filter_map(part).collect();
    let helpers = helpers.into_iter().map(|row| row.org).collect();
    let repeated = enterprises::repeated_of(tx, id).await?;
    let found = row.and_then(|row| fact(row, helpers, parts, people));
    Ok(found.map(|fact| EntryFact { repeated, ..fact }))
}

/// An entry visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<EntryRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// The next entries behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<EntryRow>> {
    if tx.actor().scope.is_narrow() {
        tx.all(&data::AFTER_OF_FEW, args![after, most]).await
    } else {
        tx.all(&data::AFTER, args![after, most]).await
    }
}

/// The entries with these ids that the caller may see, in this order: the rows behind a figure, a page at a time.
pub async fn rows_of(tx: &mut Tx, ids: &[String]) -> Result<Vec<EntryRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(tx.maybe::<EntryRow>(&data::SHOW, args![id]).await?);
    }
    Ok(rows)
}

/// More of a kind than this is not for a desk, but for the list.
pub const FOR_A_DESK: i64 = 100;

/// What counts of one person's work between two days, visible to the caller, the earliest first.
pub async fn of_person(tx: &mut Tx, person: &str, days: Period) -> Result<Vec<EntryRow>> {
    tx.all(&data::OF_PERSON, args![person, days.from, days.to]).await
}

/// What was done in a pairing visible to the caller on some of these days, the newest first and no more than so many.
pub async fn of_pairing(tx: &mut Tx, pairing: &str, days: Period, most: i64) -> Result<Vec<EntryRow>> {
    tx.all(&data::OF_PAIRING, args![pairing, days.from, days.to, most]).await
}

/// The policies of a type that are in force on a day, the newest first.
pub async fn policies(tx: &mut Tx, of: &Output, day: Date) -> Result<Vec<PolicyRow>> {
    tx.all(&data::POLICIES, args![&of.id, of.counting_stages(), day]).await
}

/// The claims that wait for an answer from this organisation, the oldest first, and how many there are: at most
/// [`COUNTED`](jiedui_store::COUNTED), and whether there are more.
pub async fn waiting(tx: &mut Tx, org: &str, most: i64) -> Result<(Vec<EntryRow>, i64, bool)> {
    let number = tx.number(&data::WAITING_NUMBER, args![org]).await?;
    let rows = tx.all(&data::WAITING, args![org, most]).await?;
    Ok((rows, number.min(COUNTED), number > COUNTED))
}

/// Of the claims that wait for the caller's organisation, those on which the same person acted for another, under whichever
/// account: somebody else answers them. Ids.
pub async fn own_side(tx: &mut Tx) -> Result<Vec<String>> {
    let actor = Arc::clone(tx.actor());
    if actor.account().is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.all::<(String,)>(&data::OWN_SIDE, args![&actor.org, actor.account()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many claims of these days wait for an answer, visible to the caller.
pub async fn waiting_within(tx: &mut Tx, days: Period) -> Result<i64> {
    tx.number(&data::WAITING_WITHIN, args![days.from, days.to]).await
}

/// So many of the oldest claims are looked at for whom they wait.
const LOOKED_AT: i64 = 500;

/// The county schools at which claims from before a day still wait for an answer: id, name, and how many, where not so many
/// wait that only the oldest were looked at.
pub async fn waiting_long(tx: &mut Tx, before: Date) -> Result<Vec<(String, String, Option<i64>)>> {
    let (_, cutoff) = confirmation::cutoff(Some(before));
    let rows: Vec<(String, String, i64)> = tx.all(&data::WAITING_LONG, args![cutoff, LOOKED_AT]).await?;
    let all: i64 = rows.iter().map(|(.., number)| number).sum();
    let known = all < LOOKED_AT;
    Ok(rows.into_iter().map(|(id, name, number)| (id, name, known.then_some(number))).collect())
}

/// How many claims of a pairing wait for an answer, whenever the work was done, by who has to give it: id, name, number.
pub async fn waiting_in(tx: &mut Tx, pairing: &str) -> Result<Vec<(String, String, i64)>> {
    tx.all(&data::WAITING_IN, args![pairing]).await
}

/// Claims that others have not answered for so long that this organisation may adjudicate them.
async fn overdue(tx: &mut Tx, org: &str, before: Date) -> Result<Vec<EntryRow>> {
    let (_, cutoff) = confirmation::cutoff(Some(before));
    tx.all(&data::OVERDUE, args![org, cutoff, FOR_A_DESK]).await
}

/// What this organisation claimed and the other side disputed, wholly or in part.
pub async fn disputed(tx: &mut Tx, org: &str) -> Result<Vec<EntryRow>> {
    tx.all(&data::DISPUTED, args![org, FOR_A_DESK]).await
}

/// Of what is not urgent the desk shows the newest: when these are done, others follow.
const SHOWN_ON_A_DESK: i64 = 20;

/// What was done before last year stands in years that are closed or about to be: the desk no longer asks for it, so that
/// it does not read what somebody did in all years.
fn desk_since(today: Date) -> Date {
    Date::from_ymd_opt(today.year() - 1, 1, 1).unwrap_or(today)
}

/// Joint work that another entered and of which this organisation has not said whom it sent itself, the newest. What a former
/// partner may no longer say stands before nothing that it still can.
pub async fn unjoined(tx: &mut Tx, programme: &Programme, org: &str) -> Result<Vec<EntryRow>> {
    let (since, ended) = (desk_since(tx.today()), answered_since(programme, tx.today()));
    tx.all(&data::UNJOINED, args![org, since, ended, SHOWN_ON_A_DESK]).await
}

/// What this organisation claimed for people who, as the registry has it now, were in no such post on that day, the newest.
pub async fn lapsed(tx: &mut Tx, org: &str) -> Result<Vec<EntryRow>> {
    let since = desk_since(tx.today());
    tx.all(&data::LAPSED, args![org, since, SHOWN_ON_A_DESK]).await
}

/// How often each organisation visible to the caller claimed each activity, by month: organisation, activity, month, times.
pub async fn recorded(tx: &mut Tx, months: &Months) -> Result<Vec<(String, String, i64, i64)>> {
    tx.all(&data::RECORDED, months.bounds().into_iter().map(Into::into).collect()).await
}

/// What this organisation claimed and nobody has answered yet.
pub async fn unanswered(tx: &mut Tx, org: &str) -> Result<Vec<EntryRow>> {
    tx.all(&data::UNANSWERED, args![org]).await
}

/// Why work is no part of a project that is about something else.
pub fn of_another_task(programme: &Programme, what: &str, (title, clause): (&str, &str)) -> Mistake {
    let task = programme.task(clause).map_or(clause, |task| task.name.as_str());
    let words = format!("项目“{title}”属于“{task}”（{clause}），“{what}”不能算进它；请另选项目，或者不选。");
    Code::NotFitting.says(words)
}
