//! What is done to outputs: recorded, answered, adjudicated, moved to their next stage, corrected, withdrawn; with every
//! check, for pages, applications and the demonstration alike.

pub mod answer;
pub mod attached;
pub mod correct;
pub mod holders;
pub mod places;
pub mod projects;
mod raised;
pub mod record;

use super::data::{self, OutputRow};
use super::rules;
use crate::network::enterprises;
use crate::shared::confirmation::{self, Action, Caller, Effect, Record, State};
use crate::shared::contributions::{self, Source};
use crate::shared::notices::{self, Kind, News};
use jiedui_kernel::{Code, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args};

/// What an action of the caller, who saw this version, leads to.
pub fn apply(
    tx: &Tx,
    programme: &Programme,
    output: &OutputRow,
    version: i64,
    action: Action,
) -> Result<(State, Effect)> {
    let caller = rules::caller(tx.actor(), output, programme, tx.today());
    apply_as(programme, output, version, (action, &caller))
}

fn apply_as(
    programme: &Programme,
    output: &OutputRow,
    version: i64,
    (action, caller): (Action, &Caller),
) -> Result<(State, Effect)> {
    let now = rules::confirmation(output, programme.output(&output.output));
    let done = now.apply(action, caller);
    let (next, effect) = done.map_err(|refusal| refusal.against(version, output.version))?;
    Ok((next.state, effect))
}

/// Sets the state, as an answer does, and writes it down; who gave it is kept.
async fn put_state(
    tx: &mut Tx,
    programme: &Programme,
    (output, version): (&Found<OutputRow>, i64),
    (state, effect): (State, Effect),
    reason: &str,
) -> Result<()> {
    let actor = std::sync::Arc::clone(tx.actor());
    let answers = effect.action != Action::TakeBack;
    let by = if answers { format!("{} {}", actor.org_name, actor.name()) } else { String::new() };
    let write = data::ANSWER.at(output, version, args![state.text(), by]);
    write.write(tx, confirmation::CHANGED).await?;
    let change = serde_json::json!({});
    let record = Record { resource: "output", id: &output.id, version, effect, reason, batch: "", change };
    note(tx, programme, record).await?;
    let verb = match effect.action {
        Action::Confirm => "确认了建设成果：",
        Action::Dispute => "对建设成果提出异议：",
        Action::Adjudicate(_) => "核定了建设成果：",
        _ => return Ok(()),
    };
    let words = format!("{verb}{}", output.title);
    let kind = Kind::Answered;
    let news = News { kind, resource: "output", id: &output.id, words: &words, said: reason, batch: "" };
    notices::tell(tx, &output.org, news).await
}

/// After a change of an output: its history with the audit record, and what it adds to the indicators now.
async fn note(tx: &mut Tx, programme: &Programme, record: Record<'_>) -> Result<()> {
    let row = tx.find::<OutputRow>(&data::SHOW, args![record.id]).await?;
    confirmation::record(tx, record).await?;
    let fact = super::fact_of(tx, &row).await?;
    contributions::refresh(tx, programme, Source::Output(&fact)).await?;
    if programme.counts_enterprises(&fact.output) {
        let beside = enterprises::beside(tx, &fact.id).await?;
        count_all(tx, programme, &beside).await?;
    }
    Ok(())
}

/// What an output adds now that another one is called after the same enterprise, or no longer is.
pub async fn count_again(tx: &mut Tx, programme: &Programme, output: &str) -> Result<()> {
    let Some(row) = tx.maybe::<OutputRow>(&data::FACT, args![output]).await? else { return Ok(()) };
    let fact = super::fact_of(tx, &row).await?;
    contributions::refresh(tx, programme, Source::Output(&fact)).await
}

async fn count_all(tx: &mut Tx, programme: &Programme, outputs: &[String]) -> Result<()> {
    for output in outputs {
        count_again(tx, programme, output).await?;
    }
    Ok(())
}

fn check_reason(reason: &str, needed: bool, what: &str) -> Result<()> {
    if needed && reason.is_empty() {
        return Err(Error::field("reason", Code::Missing.says(what)));
    }
    if reason.chars().count() > 500 {
        return Err(Error::field("reason", Code::TooLong.says("最多写五百个字，请写得短些。")));
    }
    Ok(())
}
