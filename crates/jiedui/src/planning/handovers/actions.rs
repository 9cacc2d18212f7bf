//! Writing a handover down, changing, answering and withdrawing it, with every check: for the pages and the demonstration.

use super::data::{self, HandoverRow, OpenKind, OpenRow, SuccessionRow};
use super::rules::{self, Course, Item, NewHandover};
use crate::network::pairings::rules::answers_still;
use crate::planning::projects::{self, Succession};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;

const NOT_A_PARTY: &str = "交接由前任院校或接任院校提出，另一方确认；其他单位只查看。";
const TOO_LATE: &str = "前任院校答复的期限已过，不能再办交接；原来的记录都在各自的页面上。";
const WRITTEN: &str = "对方刚提出了这份交接，您的没有写入；请打开它，看过再确认或退回。";

/// What the helper leaves open at the school, as the records say it now, with the names of types in the programme's words.
pub async fn open(tx: &mut Tx, programme: &Programme, of: &SuccessionRow) -> Result<Vec<OpenRow>> {
    open_at(tx, programme, (&of.pairing, &of.county_school, &of.leaving), of.ended).await
}

async fn open_at(
    tx: &mut Tx,
    programme: &Programme,
    (pairing, school, leaving): (&str, &str, &str),
    ended: Date,
) -> Result<Vec<OpenRow>> {
    let mut rows = tx.all::<OpenRow>(&data::OPEN, args![pairing, school, leaving, ended]).await?;
    for row in &mut rows {
        row.title = title(programme, row);
    }
    Ok(rows)
}

fn title(programme: &Programme, row: &OpenRow) -> String {
    use super::data::OpenKind::{Agreement, Entry, List, Need, Output, Plan, Project, Stay, Visit};
    let name = match row.kind {
        Visit | Stay | Entry => programme.activity(&row.title).map(|one| one.name.clone()),
        Plan => programme.template(&row.title).map(|one| one.name.clone()),
        List => Some(format!("{}年项目清单", row.title)),
        Agreement => Some("三方协议".to_owned()),
        Need | Project | Output => None,
    };
    name.unwrap_or_else(|| row.title.clone())
}

/// What was done, by type of activity.
pub async fn done(tx: &mut Tx, pairing: &str) -> Result<Vec<data::DoneRow>> {
    tx.all(&data::DONE, args![pairing]).await
}

/// Says why the caller cannot write this one down now.
pub fn may_propose(org: &str, of: &SuccessionRow, programme: &Programme, today: Date) -> Result<()> {
    if of.leaving != org && of.arriving != org {
        return Err(Error::Forbidden(NOT_A_PARTY.to_owned()));
    }
    if !answers_still(Some(of.ended), programme, today) {
        return Err(Error::Forbidden(TOO_LATE.to_owned()));
    }
    if of.handover.is_some() {
        return Err(Error::Conflict(WRITTEN.to_owned()));
    }
    Ok(())
}

/// Writes a handover down for the caller; returns its id.
pub async fn propose(
    tx: &mut Tx,
    programme: &Programme,
    of: &SuccessionRow,
    new: &NewHandover,
) -> Result<String> {
    let org = tx.actor().org.clone();
    may_propose(&org, of, programme, tx.today())?;
    let errors = rules::check(new);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let items = rules::items(open(tx, programme, of).await?, new);
    let id = tx.new_id();
    let insert = named!(data::INSERT {
        id: &id,
        pairing: &of.pairing,
        successor: &of.successor,
        leaving: &of.leaving,
        arriving: &of.arriving,
        recorder: &org,
        items: written(&items)?,
        note: &new.note,
    });
    if insert.write(tx).await? == 0 {
        return Err(Error::Conflict(WRITTEN.to_owned()));
    }
    let change = json!({
        "pairing": of.pairing, "successor": of.successor, "leaving": of.leaving, "arriving": of.arriving,
        "items": items, "note": new.note,
    });
    review::begun::<HandoverRow>(tx, &id, "propose", change).await?;
    Ok(id)
}

fn written(items: &[Item]) -> Result<String> {
    serde_json::to_string(items)
        .map_err(|error| Error::internal(format_args!("items of a handover: {error}")))
}

/// What is open now at the school of a handover, with what the row says of it.
pub async fn open_of(tx: &mut Tx, programme: &Programme, row: &HandoverRow) -> Result<Vec<OpenRow>> {
    let ended = row.ended.unwrap_or(row.since);
    open_at(tx, programme, (&row.pairing, &row.county_school, &row.leaving), ended).await
}

/// A change by the one who wrote it down: what is open is read again, and the other one is asked again.
pub async fn edit(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<HandoverRow>>,
    version: i64,
    new: &NewHandover,
) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    let errors = rules::check(new);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let row = &opened.row;
    let items = rules::items(open_of(tx, programme, row).await?, new);
    let columns = args![written(&items)?, &new.note, next.revision(row.revision)];
    let said = Said::change(json!({ "items": items, "note": new.note }));
    review::carry_out(tx, row, next, version, (&data::EDIT, columns), said).await
}

/// The answer of the other one; says whether both have now agreed. Then the projects that go on are those of the one who came.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<HandoverRow>>,
    answer: (Action, i64, &str),
) -> Result<bool> {
    let (row, next) = review::answer(tx, programme, opened, answer, &data::MOVE).await?;
    let Some(next) = next else { return Ok(false) };
    review::carry_out(tx, &row, next, row.version, (&data::MOVE, Vec::new()), Said::default()).await?;
    hand_on(tx, &row).await?;
    Ok(true)
}

/// Needs are the school's and visits are announced again; a project has parties, who are others from now on.
async fn hand_on(tx: &mut Tx, row: &HandoverRow) -> Result<()> {
    let items = rules::items_of(row)?;
    let goes_on =
        |item: &&Item| item.kind() == Some(OpenKind::Project) && item.course() == Some(Course::Continues);
    let ids: Vec<&str> = items.iter().filter(goes_on).map(|item| item.id.as_str()).collect();
    let of = Succession {
        earlier: &row.pairing,
        later: &row.successor,
        ended: row.ended.unwrap_or(row.since),
        since: row.since,
    };
    projects::hand_on(tx, of, &ids).await.map(drop)
}

pub async fn withdraw(tx: &mut Tx, opened: &Loaded<Found<HandoverRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), Said::default()).await
}
