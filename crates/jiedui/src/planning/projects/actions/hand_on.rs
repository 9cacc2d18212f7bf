//! What is left of the projects of a pairing when a helper of its school is succeeded: it goes on in the list of the school's
//! next pairing, with the helpers of that one. What was done stays where it was done.

use super::{ProjectPlace, insert, record_project};
use crate::planning::projects::data::{self, LaterRow, ListRow, RestRow};
use crate::planning::projects::rules::{self, Fields};
use crate::shared::review;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result};
use jiedui_store::{Tx, args};
use serde_json::json;

/// A helper of one pairing gave way to another in the next one of the same school.
#[derive(Debug, Clone, Copy)]
pub struct Succession<'a> {
    pub earlier: &'a str,
    pub later: &'a str,
    /// The last day of the earlier pairing and the first of the later one.
    pub ended: Date,
    pub since: Date,
}

/// Hands on what is left of these projects, as the two agreed: each is in force in the later pairing from its first day, since
/// it was filed, and no more in the earlier. Those that ended meanwhile, or of which nothing is left, are passed over. Gives
/// the new ones. Whoever agreed second may see only one of the two pairings: the caller found the succession in scope.
pub async fn hand_on(tx: &mut Tx, of: Succession<'_>, projects: &[&str]) -> Result<Vec<String>> {
    let mut made = Vec::new();
    for row in tx.all::<RestRow>(&data::LEFT_OPEN, args![of.earlier]).await? {
        if row.left() > 0 && projects.contains(&row.id.as_str()) {
            made.extend(one(tx, of, &row).await?);
        }
    }
    Ok(made)
}

async fn one(tx: &mut Tx, of: Succession<'_>, row: &RestRow) -> Result<Option<String>> {
    if tx.write(&data::HAND_ON, args![&row.id, of.ended]).await? == 0 {
        // The handover of the other helper took it on a moment ago.
        return Ok(None);
    }
    let change = json!({ "left": row.left(), "ended": of.ended, "later": of.later });
    record_project(tx, &row.id, "hand_on", "", 0, change).await?;
    let later = tx.one::<LaterRow>(&data::LATER, args![of.later]).await?;
    let fields = rest(row, &later, of.since);
    let year = i64::from(fields.from.year());
    let list = list_of(tx, of.later, year).await?;
    let place = tx.number(&data::NEXT_PLACE, args![&list]).await?;
    let typical = if later.typical_class.is_empty() { 1 } else { 0 };
    let at = ProjectPlace {
        list: &list,
        pairing: of.later,
        year,
        place,
        order_key: format!("{typical}{}{place:05}", later.county_path),
        carried_from: Some(&row.id),
    };
    let id = insert(tx, at, &fields).await?;
    tx.write(&data::PUT_REST_IN_FORCE, args![&id]).await?;
    record_project(tx, &id, "take_on", "", 0, json!(fields)).await?;
    Ok(Some(id))
}

/// The list of the later pairing for a year; where none is there, it is begun, and its lead college goes on with it.
async fn list_of(tx: &mut Tx, pairing: &str, year: i64) -> Result<String> {
    let id = tx.new_id();
    if tx.write(&data::OPEN_LIST, args![&id, pairing, year]).await? > 0 {
        review::begun::<ListRow>(tx, &id, "begin", json!({ "year": year, "handed_on": true })).await?;
    }
    let (list,) = tx.one::<(String,)>(&data::LIST_OF, args![pairing, year]).await?;
    Ok(list)
}

/// What is left, from the first day of the later pairing on; who answered for a helper's part is no more concerned.
fn rest(row: &RestRow, later: &LaterRow, since: Date) -> Fields {
    let from = row.from_day.max(since);
    let last = Date::from_ymd_opt(from.year(), 12, 31).unwrap_or(from);
    // What is late already has the rest of the year.
    let to = if row.to_day < from { last } else { row.to_day.min(last) };
    let owner_org = match &row.owner_org {
        org if *org == row.lead => &later.lead,
        org if *org == row.nearby => &later.nearby,
        _ => &later.county_school,
    };
    let kept = row.owner.clone().filter(|_| *owner_org == row.owner_org);
    Fields {
        title: row.title.clone(),
        clause: row.clause.clone(),
        basis: row.basis.clone(),
        need: row.need.clone(),
        outcome: row.outcome.clone(),
        quantity: row.left(),
        unit: rules::unit_of(&row.unit),
        owner_org: owner_org.clone(),
        owner: kept,
        from,
        to,
        lead_does: row.lead_does.clone(),
        nearby_does: row.nearby_does.clone(),
        budget: serde_json::from_str(&row.budget).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn row(from: &str, to: &str) -> RestRow {
        let text = |text: &str| text.to_owned();
        RestRow {
            id: text("p"),
            title: text("师资培训"),
            clause: text("S4.2"),
            basis: text("highlight"),
            need: None,
            outcome: text("轮训一遍"),
            quantity: 30,
            unit: text("person_times"),
            owner_org: text("old"),
            owner: Some(text("person")),
            from_day: day(from),
            to_day: day(to),
            lead_does: String::new(),
            nearby_does: String::new(),
            budget: text("{}"),
            lead: text("old"),
            nearby: text("near"),
            claimed: 12,
        }
    }

    fn later() -> LaterRow {
        let text = |text: &str| text.to_owned();
        LaterRow {
            lead: text("new"),
            nearby: text("near"),
            county_school: text("school"),
            county_path: text("/"),
            typical_class: String::new(),
        }
    }

    #[test]
    fn what_is_left_is_of_the_new_helper_from_its_first_day() {
        let fields = rest(&row("2026-03-01", "2026-12-31"), &later(), day("2026-11-01"));
        assert_eq!((fields.quantity, fields.owner_org.as_str(), fields.owner), (18, "new", None));
        assert_eq!((fields.from, fields.to), (day("2026-11-01"), day("2026-12-31")));
        let stays = RestRow { owner_org: "near".to_owned(), ..row("2026-03-01", "2026-12-31") };
        let fields = rest(&stays, &later(), day("2026-11-01"));
        assert_eq!((fields.owner_org.as_str(), fields.owner.as_deref()), ("near", Some("person")));
    }

    #[test]
    fn what_is_late_has_the_rest_of_the_year_and_what_is_to_come_its_own_days() {
        let late = rest(&row("2025-03-01", "2025-11-30"), &later(), day("2026-02-01"));
        assert_eq!((late.from, late.to), (day("2026-02-01"), day("2026-12-31")));
        let coming = rest(&row("2027-03-01", "2027-11-30"), &later(), day("2026-11-01"));
        assert_eq!((coming.from, coming.to), (day("2027-03-01"), day("2027-11-30")));
    }
}
