//! What a list waits for, and from whom, as the desk asks it.

use super::data::{self, AnswerRow, ListRow, ListState};
use super::rules;
use crate::network::pairings::{self, PairingRow};
use crate::shared::review::{Action, Caller, Loaded};
use crate::shared::tasks::{Act, Task, pending, returned};
use crate::shared::waits::Waiting as ForAnother;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;
use std::collections::HashMap;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("project", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let waiting = waiting(&mut ctx.tx, &programme).await?;
    Ok(waiting.into_iter().filter(|one| may(ctx, one.kind)).map(task).collect())
}

fn may(ctx: &RequestContext, kind: Kind) -> bool {
    match kind {
        Kind::Mend | Kind::Finish | Kind::Begin => ctx.can("project", "draft"),
        Kind::Answer => ctx.can("project", "answer"),
        Kind::Comment => ctx.can("project", "comment"),
        Kind::File => ctx.can("project", "file"),
    }
}

fn task(one: Waiting) -> Task {
    let (verb, why, state, act) = match one.kind {
        Kind::Mend => ("修改清单", "清单被退回，按意见改好后再提交。", returned(), "去修改"),
        Kind::Answer => ("清单征求同意", "请看过后同意，或写明哪里要改。", pending("待答复"), "去答复"),
        Kind::Comment => {
            ("对清单提意见", "没有意见也请写一句；期满不提不影响备案。", pending("待提意见"), "去提意见")
        }
        Kind::File => ("清单备案", one.why.as_str(), pending("待备案"), "去备案"),
        Kind::Finish => ("继续拟清单", "清单还没有提交。", StateMark::new("active", "起草中", "◐"), "继续"),
        Kind::Begin => ("拟项目清单", "这一年度还没有清单；可以从上一年结转。", pending("未拟"), "去拟"),
    };
    let title = format!("{verb}：{}{}年度", one.county_name, one.year);
    let made = Task::new(title, why, state, Act::go(act, one.href)).due(one.due).clause("S4.1");
    match one.kind {
        Kind::Mend => made.said(one.why),
        Kind::Finish | Kind::Begin => made.to_begin(),
        _ => made,
    }
}

/// One thing to do about a list.
#[derive(Debug)]
struct Waiting {
    kind: Kind,
    county_name: String,
    typical: bool,
    year: i64,
    href: String,
    /// Why: the words with which it was sent back, or by when something is due.
    why: String,
    due: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Sent back by a party or returned by the office: the lead mends it.
    Mend,
    Answer,
    Comment,
    File,
    /// Begun and not handed in.
    Finish,
    /// No list of this year yet.
    Begin,
}

/// From November on, next year's list is asked for too.
fn years(today: Date) -> Vec<i64> {
    (i64::from(today.year())..=drawn_up(today)).collect()
}

/// The year whose list is drawn up on this day, where nobody says another.
pub fn drawn_up(today: Date) -> i64 {
    let year = i64::from(today.year());
    if today.month() >= 11 { year + 1 } else { year }
}

/// What waits for the caller. Whether the role may do it at all is for the caller to ask.
async fn waiting(tx: &mut Tx, programme: &Programme) -> Result<Vec<Waiting>> {
    let (actor, today) = (std::sync::Arc::clone(tx.actor()), tx.today());
    let lists = tx.all::<ListRow>(&data::LISTS, args![0_i64, ""]).await?;
    let mut answers: HashMap<String, Vec<HistoryRow>> = HashMap::new();
    for row in tx.all::<AnswerRow>(&data::ANSWERS, Vec::new()).await? {
        answers.entry(row.resource_id).or_default().push(row.step);
    }
    let none = Vec::new();
    let caller = Caller { actor: &actor, programme, today };
    let mut found: Vec<Waiting> = lists
        .iter()
        .filter_map(|list| of_list(list, answers.get(&list.id).unwrap_or(&none), caller))
        .collect();
    if actor.has_role("lead") {
        let pairings = pairings::in_scope(tx).await?;
        let mine = pairings.iter().filter(|row| row.lead == actor.org);
        found.extend(mine.flat_map(|row| missing(row, &lists, today)));
    }
    found.sort_by_key(|one| (one.kind, one.due, !one.typical));
    Ok(found)
}

fn missing(row: &PairingRow, lists: &[ListRow], today: Date) -> Vec<Waiting> {
    if !pairings::rules::runs(row.from_day, row.to_day, today) {
        return Vec::new();
    }
    let possible = rules::years(row.from_day, row.to_day, today);
    let lacking = |year: &i64| {
        i32::try_from(*year).is_ok_and(|year| possible.contains(&year))
            && lists.iter().all(|list| list.pairing != row.id || list.year != *year)
    };
    let one = |year: i64| Waiting {
        kind: Kind::Begin,
        county_name: row.county_name.clone(),
        typical: !row.typical_class.is_empty(),
        year,
        href: format!("/lists/new?pairing={}&year={year}", row.id),
        why: String::new(),
        due: None,
    };
    years(today).into_iter().filter(lacking).map(one).collect()
}

/// What the caller may do to a list now, as a task: the list's page offers the same.
fn of_list(list: &ListRow, steps: &[HistoryRow], caller: Caller<'_>) -> Option<Waiting> {
    let opened = Loaded::new(list.clone(), steps.to_vec(), caller);
    let commented = rules::commented(steps, list.revision);
    let words = |kind: &str| steps.iter().rfind(|step| step.kind == kind).map(|step| step.reason.clone());
    let (kind, why, due) = match list.state {
        _ if opened.can(Action::Agree) => (Kind::Answer, String::new(), None),
        _ if opened.can(Action::Comment) => (Kind::Comment, String::new(), list.comment_due),
        _ if opened.can(Action::Accept) && commented => (Kind::File, "市局已提意见。".to_owned(), None),
        _ if opened.can(Action::Accept) => (Kind::File, "市局意见期满，没有提意见。".to_owned(), None),
        _ if !opened.can(Action::Edit) => return None,
        ListState::Returned => (Kind::Mend, words("return").unwrap_or_default(), None),
        ListState::Draft | ListState::Amending => match words("send_back") {
            Some(words) => (Kind::Mend, words, None),
            None => (Kind::Finish, String::new(), None),
        },
        ListState::Agreeing | ListState::Submitted | ListState::Filed => return None,
    };
    Some(Waiting {
        kind,
        county_name: list.county_name.clone(),
        typical: !list.typical_class.is_empty(),
        year: list.year,
        href: format!("/lists/{}", list.id),
        why,
        due,
    })
}

/// A list that was returned waits for the lead, who mends it.
pub async fn waiting_for(ctx: &mut RequestContext, id: &str) -> Result<Option<ForAnother>> {
    let programme = ctx.programme();
    let row = super::actions::open(&mut ctx.tx, &programme, id).await?.row;
    Ok((row.state == ListState::Returned).then(|| ForAnother {
        on: row.lead.clone(),
        others: vec![row.county_school.clone(), row.nearby.clone()],
        title: format!("{}{}年度项目清单", row.county_name, row.year),
        revision: row.revision,
    }))
}
