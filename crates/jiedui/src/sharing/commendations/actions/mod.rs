//! Rounds: opening, showing, deciding, taking back. For the pages and the demonstration.

pub mod nominate;
pub mod objections;
pub mod recheck;
pub mod reviewing;

use super::data::{self, NominationRow, NominationState, RoundRow, RoundState};
use super::rules::{self, words};
use crate::evidence::outputs::{self, NewOutput, OutputPlace};
use crate::network::registry;
use crate::shared::frozen;
use crate::shared::notices::{self, Kind, News};
use crate::shared::objections::{ObjectionState, REASON, check_text};
use crate::shared::review::{self, Action, Loaded, Said};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Error, FieldError, Period, Result};
use jiedui_programme::{CommendationRules, Output, Programme};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::fields::Values;
use recheck::Basis;
use serde_json::json;
use std::collections::BTreeSet;

/// The rules of commendation; nothing is there where the programme commends nobody.
pub fn rules_of(programme: &Programme) -> Result<&CommendationRules> {
    programme.commendations.as_ref().ok_or(Error::NotFound)
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<RoundRow>> {
    tx.find(&data::ROUND, args![id]).await
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<RoundRow>>> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// The rounds that the caller sees, the newest first.
pub async fn rounds(tx: &mut Tx) -> Result<Vec<RoundRow>> {
    tx.all(&data::ROUNDS, Vec::new()).await
}

/// The nominations of a round that the caller sees, in the order of names.
pub async fn nominations(tx: &mut Tx, round: &str) -> Result<Vec<Found<NominationRow>>> {
    tx.find_all(&data::NOMINATIONS_OF, args![round]).await
}

/// The days of the year that is commended.
pub fn days(year: i64) -> Result<Period> {
    i32::try_from(year).ok().and_then(Period::year).ok_or(Error::NotFound)
}

/// This year, or the one before: what is longer ago has been commended, or never will be.
pub fn check_year(year: i32, today: Date) -> Option<FieldError> {
    let mistake = if year > today.year() {
        Code::InFuture.says("这一年还没有到，请选今年或去年。")
    } else if year < today.year() - 1 {
        Code::InPast.says("只能表扬今年或去年，请另选一年。")
    } else {
        return None;
    };
    Some(FieldError::new("year", mistake))
}

/// Begins a year's round in the name of the caller's organisation; returns its id.
pub async fn draft(tx: &mut Tx, programme: &Programme, year: i32) -> Result<String> {
    let rules = rules_of(programme)?;
    let (issuer, today) = (tx.actor().org.clone(), tx.today());
    Error::of(check_year(year, today).into_iter().collect())?;
    // Two at once would both find none.
    registry::lock(tx, &issuer).await?;
    let known = args![&issuer, i64::from(year), RoundState::Withdrawn];
    if tx.find_maybe::<RoundRow>(&data::ROUND_OF_YEAR, known).await?.is_some() {
        let words = "这一年已经开始提名，请打开那一次；要重来的，先放弃或撤回它。";
        return Err(Error::field("year", Code::Duplicate.says(words)));
    }
    let id = tx.new_id();
    let until = programme.calendar.workdays.after(today, rules.nominate_workdays);
    named!(data::INSERT {
        id: &id,
        issuer: &issuer,
        year: i64::from(year),
        opened_on: today,
        nominate_until: until,
    })
    .write(tx)
    .await?;
    let change = json!({ "year": year, "nominate_until": until });
    review::begun::<RoundRow>(tx, &id, "open", change).await?;
    Ok(id)
}

/// Shows the list to everybody, once nominations are over and each of them was reviewed.
pub async fn publish(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<RoundRow>>,
    version: i64,
) -> Result<()> {
    let (next, row) = (opened.demand(Action::Submit)?, &opened.row);
    let (rules, today) = (rules_of(programme)?, tx.today());
    if today <= row.nominate_until {
        return Err(Error::NotNow("提名还没有截止，截止以后才能公示。".to_owned()));
    }
    let all = nominations(tx, &row.id).await?;
    if all.iter().any(|one| one.state.waits_for_office()) {
        let words = "还有提名没有评审完，请先逐条核对通过，或写明理由不列入。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let listed: Vec<&Found<NominationRow>> = listed(&all).collect();
    if listed.is_empty() {
        return Err(Error::NotNow("名单是空的，没有可以公示的。".to_owned()));
    }
    let until = programme.calendar.workdays.after(today, rules.notice_workdays);
    let ids: Vec<&str> = listed.iter().map(|one| one.id.as_str()).collect();
    let change = json!({ "listed": ids, "notice_until": until });
    let columns = args![today, until];
    review::carry_out(tx, row, next, version, (&data::PUBLISH, columns), Said::change(change)).await?;
    let words = format!("公示了{}的名单，{until} 前可以提出异议", words::title(row.year));
    tell_all(tx, &listed, ("commendation", &row.id), (&words, "")).await
}

fn listed(all: &[Found<NominationRow>]) -> impl Iterator<Item = &Found<NominationRow>> {
    all.iter().filter(|one| one.state == NominationState::Listed)
}

/// Tells the unit of each of them, and whoever nominated it, once.
async fn tell_all(
    tx: &mut Tx,
    of: &[&Found<NominationRow>],
    place: (&str, &str),
    said: (&str, &str),
) -> Result<()> {
    let orgs: BTreeSet<&String> = of.iter().flat_map(|one| [&one.school, &one.nominator]).collect();
    for org in orgs {
        tell(tx, org, place, said).await?;
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    org: &str,
    (resource, id): (&str, &str),
    (words, said): (&str, &str),
) -> Result<()> {
    notices::tell(tx, org, News { kind: Kind::Decided, resource, id, words, said, batch: "" }).await
}

/// Decides: each name on the list becomes the record of which the notice is made. Nothing is decided while somebody objects,
/// before the days of notice are over, or where something that must hold no longer does.
pub async fn decide(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<RoundRow>>,
    version: i64,
) -> Result<()> {
    let (next, row, today) = (opened.demand(Action::Accept)?, &opened.row, tx.today());
    let rules = rules_of(programme)?;
    if row.notice_until.is_none_or(|until| today <= until) {
        return Err(Error::NotNow("公示期还没有过，过了才能决定。".to_owned()));
    }
    let objections = objections::of(tx, &row.id).await?;
    if objections.iter().any(|one| one.state == ObjectionState::Raised) {
        return Err(Error::NotNow("还有异议没有答复，答复以后才能决定。".to_owned()));
    }
    let all = nominations(tx, &row.id).await?;
    let listed: Vec<&Found<NominationRow>> = listed(&all).collect();
    let mut rests = Vec::new();
    for one in &listed {
        rests.push(reviewing::demand_eligible(tx, programme, one).await?);
    }
    let change = json!({ "commended": listed.len() });
    review::carry_out(tx, row, next, version, (&data::DECIDE, args![today]), Said::change(change)).await?;
    let kind = rules.output.as_deref().and_then(|id| programme.output(id));
    for (one, basis) in listed.iter().zip(&rests) {
        commend(tx, programme, (row, kind), (one, basis)).await?;
    }
    let words = format!("决定了{}", words::title(row.year));
    tell_all(tx, &listed, ("commendation", &row.id), (&words, "")).await
}

/// One of them, with its record and what it rests on.
async fn commend(
    tx: &mut Tx,
    programme: &Programme,
    (round, kind): (&RoundRow, Option<&Output>),
    (row, basis): (&Found<NominationRow>, &Basis),
) -> Result<()> {
    let next = rules::follows(row, Action::Finish).ok_or(Error::NotFound)?;
    let output = match kind {
        Some(kind) => Some(record(tx, programme, (round, kind), row).await?),
        None => None,
    };
    let (text, digest) = frozen::text(basis)?;
    let change = json!({ "output": output, "basis": digest });
    let write = (&data::COMMEND, args![output, text, digest]);
    review::carry_out(tx, row, next, row.version, write, Said::change(change)).await
}

/// The record of a name, in the year that is commended: the notice of that year finds it there.
async fn record(
    tx: &mut Tx,
    programme: &Programme,
    (round, kind): (&RoundRow, &Output),
    row: &NominationRow,
) -> Result<String> {
    let option = words::class(programme, &row.class).and_then(|class| class.option.clone());
    let mut fields = Values::new();
    if let (Some(notice), Some(option)) = (&kind.notice, option) {
        fields.insert(notice.by.clone(), option.into());
    }
    let new = NewOutput {
        title: row.on_paper(),
        since: Some(tx.today().min(days(round.year)?.to)),
        fields,
        ..NewOutput::default()
    };
    let place = OutputPlace {
        org: round.issuer.clone(),
        name: round.issuer_name.clone(),
        pairing: None,
        helpers: Vec::new(),
        is_school: false,
    };
    outputs::grant(tx, programme, kind, place, (&new, "")).await
}

/// Gives up a round in which nobody is nominated.
pub async fn discard(tx: &mut Tx, opened: &Loaded<Found<RoundRow>>, version: i64) -> Result<()> {
    let (next, row) = (opened.demand(Action::Abandon)?, &opened.row);
    let all = nominations(tx, &row.id).await?;
    let over = |one: &Found<NominationRow>| {
        matches!(one.state, NominationState::Withdrawn | NominationState::LeftOut)
    };
    if !all.iter().all(over) {
        let words = "已经有单位提名，不能放弃；请先逐条办理。";
        return Err(Error::NotNow(words.to_owned()));
    }
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), Said::default()).await
}

/// Takes back a list that was shown, or a decision, with the reason; what was recorded is withdrawn with it.
pub async fn withdraw(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<RoundRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let (next, row) = (opened.demand(Action::Withdraw)?, &opened.row);
    Error::of(check_text("reason", "为什么撤回", reason, REASON).into_iter().collect())?;
    let all = nominations(tx, &row.id).await?;
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), Said::reason(reason)).await?;
    let mut told: Vec<&Found<NominationRow>> = listed(&all).collect();
    for one in &all {
        let Some(next) = rules::follows(one, Action::Abandon) else { continue };
        if let Some(output) = &one.output {
            outputs::revoke(tx, programme, output, reason).await?;
        }
        let write = (&data::MOVE_NOMINATION, Vec::new());
        review::carry_out(tx, one, next, one.version, write, Said::reason(reason)).await?;
        told.push(one);
    }
    // The round is no longer for everybody: each is told where it sees its own.
    let words = format!("撤回了{}的名单", words::title(row.year));
    for one in told {
        tell_all(tx, &[one], ("commendation_nomination", &one.id), (&words, reason)).await?;
    }
    Ok(())
}
