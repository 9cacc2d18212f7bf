//! What one person holds at a time, in a fitting post (S1.5: the leader in charge).

use super::places::OutputPlace;
use crate::network::registry;
use jiedui_kernel::{Code, Date, FieldError, Result};
use jiedui_programme::{Holder, Output, OutputFact, Programme, Stage};
use jiedui_store::Tx;

/// Whether a person is in a fitting post at an organisation on a day.
async fn holds(tx: &mut Tx, holder: &Holder, person: &str, (org, day): (&str, Date)) -> Result<bool> {
    let people = registry::people_at(tx, org, day, day).await?;
    let person = registry::led_to(tx, person).await?;
    Ok(people.iter().any(|at| at.id == person && holder.fits(&at.post)))
}

/// The posts held on the first day and, while it goes on, today; and nobody else who holds it meanwhile.
pub(super) async fn check(
    tx: &mut Tx,
    (kind, holder): (&Output, &Holder),
    (place, stage): (&OutputPlace, &Stage),
    (person, since): (&str, Option<Date>),
    except: &str,
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let (today, actor) = (tx.today(), tx.actor().org.clone());
    let Some(since) = since.filter(|day| *day <= today) else { return Ok(()) };
    let days = if stage.counts { vec![since, today] } else { vec![since] };
    for day in days {
        if !person.is_empty() && !holds(tx, holder, person, (&actor, day)).await? {
            let message =
                Code::NoPost.says(format!("这个人在 {day} 不在规定的职务上，请从当时在任的校领导里选。"));
            errors.push(FieldError::new(&holder.field, message));
            break;
        }
    }
    if !stage.counts {
        return Ok(());
    }
    // Two at once would both find that nobody holds it.
    registry::lock(tx, &place.org).await?;
    let counts = |fact: &OutputFact, day: Date| fact.stage_on(day).is_some_and(|at| kind.counts_in(at));
    let others = super::super::facts_of(tx, &place.org).await?;
    let open = others.iter().find(|fact| {
        fact.output == kind.id
            && fact.id != except
            && fact.state != jiedui_programme::EntryState::Withdrawn
            && (counts(fact, since) || counts(fact, today))
    });
    if open.is_some() {
        let message = Code::Overlap.says(format!(
            "从 {since} 起已有另一人；同一时间只有一人，请先把原来的一条改到后面的阶段，日期在前。"
        ));
        errors.push(FieldError::new(&holder.field, message));
    }
    Ok(())
}

/// Those outputs that are held today by somebody in a fitting post; what nobody holds is always among them.
pub async fn held_today(
    tx: &mut Tx,
    programme: &Programme,
    facts: Vec<OutputFact>,
) -> Result<Vec<OutputFact>> {
    let today = tx.today();
    let mut kept = Vec::with_capacity(facts.len());
    for fact in facts {
        let holder = programme.output(&fact.output).and_then(|kind| kind.holder.as_ref());
        let held = match holder {
            Some(holder) => {
                let named = match fact.fields.get(&holder.field) {
                    Some(jiedui_programme::FieldValue::Text(person)) => person.clone(),
                    _ => String::new(),
                };
                holds(tx, holder, &named, (&fact.org, today)).await?
            }
            None => true,
        };
        if held {
            kept.push(fact);
        }
    }
    Ok(kept)
}
