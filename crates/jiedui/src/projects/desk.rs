//! What a list waits for, and from whom: for the desk.

use super::data::{self, AnswerRow, ListRow};
use super::rules;
use crate::pairings::{self, PairingRow};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result, Who};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
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

/// What waits for the one who asks. Whether the role may do it at all is for the caller to ask.
pub async fn waiting(tx: &mut Tx, programme: &Programme) -> Result<Vec<Waiting>> {
    let (who, today) = (std::sync::Arc::clone(tx.who()), tx.today());
    let lists = tx.all::<ListRow>(&data::LISTS, args![0_i64, ""]).await?;
    let mut answers: HashMap<String, Vec<AnswerRow>> = HashMap::new();
    for row in tx.all::<AnswerRow>(&data::ANSWERS, Vec::new()).await? {
        answers.entry(row.thing_id.clone()).or_default().push(row);
    }
    let none = Vec::new();
    let mut found: Vec<Waiting> = lists
        .iter()
        .filter_map(|list| of_list(&who, list, answers.get(&list.id).unwrap_or(&none), programme, today))
        .collect();
    if who.has_role("lead") {
        let pairings = pairings::in_scope(tx).await?;
        let mine = pairings.iter().filter(|row| row.lead == who.org);
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

fn of_list(
    who: &Who,
    list: &ListRow,
    answers: &[AnswerRow],
    programme: &Programme,
    today: Date,
) -> Option<Waiting> {
    let runs = list.pairing_to.is_none_or(|end| today <= end);
    let last = |kind: &str| answers.iter().rev().find(|row| row.kind == kind);
    let answered =
        answers.iter().any(|row| row.org == who.org && (row.kind == "agree" || row.kind == "send_back"));
    let commented = last("comment").is_some();
    let party = who.org == list.nearby || who.org == list.county_school;
    let answers_still =
        list.pairing_to.is_none_or(|end| today <= jiedui_programme::former_partner_until(programme, end));
    let (kind, why, due) = match list.state.as_str() {
        "agreeing" if party && !answered && answers_still => (Kind::Answer, String::new(), None),
        "submitted" if who.has_role("city") && who.scope.covers(&list.county_path) && !commented => {
            (Kind::Comment, String::new(), list.comment_due)
        }
        "submitted" if who.has_role("province") => match (commented, list.comment_due) {
            (true, _) => (Kind::File, "市局已提意见。".to_owned(), None),
            (false, Some(due)) if due < today => (Kind::File, "市局意见期满，没有提意见。".to_owned(), None),
            _ => return None,
        },
        "returned" if who.org == list.lead && runs => {
            (Kind::Mend, last("return").map(|row| row.reason.clone()).unwrap_or_default(), None)
        }
        "draft" | "amending" if who.org == list.lead && runs => match last("send_back") {
            Some(row) => (Kind::Mend, row.reason.clone(), None),
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
