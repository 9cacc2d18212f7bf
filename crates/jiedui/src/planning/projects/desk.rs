//! What a list waits for, and from whom: for the desk.

use super::data::{self, AnswerRow, ListRow};
use super::rules;
use crate::network::pairings::{self, PairingRow};
use chrono::Datelike as _;
use jiedui_kernel::{Actor, Date, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use jiedui_web::history::{self, HistoryRow};
use std::collections::HashMap;

/// One thing to do about a list.
#[derive(Debug)]
pub struct Waiting {
    pub kind: Kind,
    pub county_name: String,
    pub typical: bool,
    pub year: i64,
    pub href: String,
    /// Why: the words with which it was sent back, or by when something is due.
    pub why: String,
    pub due: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
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
    let year = i64::from(today.year());
    if today.month() >= 11 { vec![year, year + 1] } else { vec![year] }
}

/// What waits for the caller. Whether the role may do it at all is for the caller to ask.
pub async fn waiting(tx: &mut Tx, programme: &Programme) -> Result<Vec<Waiting>> {
    let (actor, today) = (std::sync::Arc::clone(tx.actor()), tx.today());
    let lists = tx.all::<ListRow>(&data::LISTS, args![0_i64, ""]).await?;
    let mut answers: HashMap<String, Vec<HistoryRow>> = HashMap::new();
    for row in tx.all::<AnswerRow>(&data::ANSWERS, Vec::new()).await? {
        answers.entry(row.thing_id).or_default().push(row.step);
    }
    let none = Vec::new();
    let mut found: Vec<Waiting> = lists
        .iter()
        .filter_map(|list| of_list(&actor, list, answers.get(&list.id).unwrap_or(&none), programme, today))
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
fn of_list(
    actor: &Actor,
    list: &ListRow,
    steps: &[HistoryRow],
    programme: &Programme,
    today: Date,
) -> Option<Waiting> {
    let consents = history::consents(&rules::parties(list), steps, list.content, "submit");
    let commented = rules::commented(steps, list.content);
    let may = rules::may(actor, list, &consents, commented, programme, today);
    let words = |kind: &str| steps.iter().rfind(|step| step.kind == kind).map(|step| step.reason.clone());
    let (kind, why, due) = match list.state.as_str() {
        _ if may.answer => (Kind::Answer, String::new(), None),
        _ if may.comment => (Kind::Comment, String::new(), list.comment_due),
        _ if may.file && commented => (Kind::File, "市局已提意见。".to_owned(), None),
        _ if may.file => (Kind::File, "市局意见期满，没有提意见。".to_owned(), None),
        "returned" if may.edit => (Kind::Mend, words("return").unwrap_or_default(), None),
        "draft" | "amending" if may.edit => match words("send_back") {
            Some(words) => (Kind::Mend, words, None),
            None => (Kind::Finish, String::new(), None),
        },
        _ => return None,
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
