//! What becomes of a thing after it was recorded: its next stage, a correction, withdrawal.

use super::act::{
    Checked, FASTER, NOT_YOURS, NewStage, NewThing, check, check_reason, note, put_stage, put_state, tell,
    wrong,
};
use super::data::{self, ThingRow};
use super::places::{self, Place};
use super::rules;
use jiedui_kernel::{Error, Result};
use jiedui_programme::{Output, Programme};
use jiedui_store::{Tx, args};
use jiedui_web::fields;

/// The next stage of a thing, by the one who recorded it. What counts more from now on is to be confirmed again.
pub async fn move_on(
    tx: &mut Tx,
    programme: &Programme,
    thing: &ThingRow,
    version: i64,
    new: &NewStage,
) -> Result<()> {
    let kind = programme.output(&thing.output).ok_or(Error::NotFound)?;
    if !rules::may(tx.actor(), thing, programme, tx.today()).stage {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let mut errors = Vec::new();
    let to = rules::next_stages(kind, &thing.stage).iter().find(|stage| stage.id == new.stage);
    if to.is_none() {
        errors.push(wrong("stage", "请选择后面的一个阶段。"));
    }
    if new.from < thing.stage_from {
        let message = format!("现在的阶段从 {} 开始，新的阶段不能更早。", thing.stage_from);
        errors.push(wrong("from", message));
    } else if new.from > tx.today() {
        errors.push(wrong("from", "还没有到的日子不能登记。"));
    }
    if new.note.chars().count() > 200 {
        errors.push(wrong("note", "说明最多写二百个字，请写得短些。"));
    }
    Error::of(errors)?;
    let to = to.ok_or(Error::NotFound)?;
    let achieved = if kind.achieved_label.is_empty() { 0 } else { new.achieved.unwrap_or(thing.achieved) };
    let state = match thing.state.as_str() {
        "disputed" => "disputed",
        _ if rules::asks_again(kind, thing, to, achieved) => "claimed",
        same => same,
    };
    let now = if state == "claimed" && thing.state != "claimed" { tx.now() } else { thing.claimed_at };
    let values = args![&thing.id, version, &to.id, new.from, achieved, state, now];
    if tx.write(&data::MOVE_ON, values).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    put_stage(tx, &thing.id, &to.id, new.from, (achieved, &new.note)).await?;
    let reason = if new.note.is_empty() { to.name.clone() } else { format!("{}：{}", to.name, new.note) };
    let change = serde_json::json!({
        "before": { "stage": thing.stage, "achieved": thing.achieved, "state": thing.state },
        "after": { "stage": to.id, "from": new.from, "achieved": achieved, "state": state },
    });
    note(tx, thing, "stage", &reason, change).await?;
    tell(tx, programme, &thing.id).await
}

/// A correction by the one who recorded it; it is to be confirmed again only where something that counts changed, or
/// where it was disputed. Says whether it is. School and stage are no matter of correction: another school is another
/// thing, and stages have their own history.
pub async fn correct(
    tx: &mut Tx,
    programme: &Programme,
    thing: &ThingRow,
    version: i64,
    new: &NewThing,
) -> Result<bool> {
    let kind = programme.output(&thing.output).ok_or(Error::NotFound)?;
    if !rules::may(tx.actor(), thing, programme, tx.today()).correct {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let before = super::helpers(tx, &thing.id).await?;
    let place = kept_place(tx, thing, &before).await?;
    let new = NewThing { stage: super::first_stage(tx, &thing.id).await?, ..new.clone() };
    let checked = check(tx, kind, &place, &new, &thing.id).await?;
    let only_stage = thing.since == thing.stage_from;
    if !only_stage && checked.since > thing.stage_from {
        return Err(Error::field("since", format!("后面的阶段从 {} 开始，这里不能更晚。", thing.stage_from)));
    }
    let answerer = match kind.confirmed_by {
        Some(jiedui_programme::Confirmer::Helper) if thing.answerer.is_some() => {
            places::answerer(tx, kind, &place, &checked.helpers).await?
        }
        _ => thing.answerer.clone(),
    };
    let counts = answerer != thing.answerer || differs(kind, thing, &before, (&new, &checked));
    let again = answerer.is_some() && (counts || thing.state == "disputed");
    let state = if again { "claimed" } else { thing.state.as_str() };
    let achieved = if only_stage { checked.achieved } else { thing.achieved };
    let claimed_at = if again { tx.now() } else { thing.claimed_at };
    let values = args![
        &thing.id,
        version,
        &new.title,
        checked.since,
        if only_stage { checked.since } else { thing.stage_from },
        checked.quantity,
        achieved,
        serde_json::to_string(&new.fields).map_err(Error::internal)?,
        state,
        answerer,
        claimed_at,
        new.follows.as_deref(),
    ];
    if tx.write(&data::CORRECT, values).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let first = if only_stage { achieved } else { 0 };
    tx.write(&data::FIRST_STAGE, args![&thing.id, checked.since, first]).await?;
    put_helpers(tx, &thing.id, &checked.helpers).await?;
    let known = fields::parse(&thing.fields);
    let change = serde_json::json!({
        "before": { "title": thing.title, "since": thing.since, "quantity": thing.quantity, "helpers": before,
            "achieved": thing.achieved, "fields": known, "state": thing.state, "follows": thing.follows },
        "after": { "title": new.title, "since": checked.since, "quantity": checked.quantity, "helpers": checked.helpers,
            "achieved": achieved, "fields": new.fields, "state": state, "follows": new.follows },
    });
    note(tx, thing, "correct", "", change).await?;
    tell(tx, programme, &thing.id).await?;
    Ok(again)
}

/// Whether something changed that enters a figure: the day, the quantity, the builders, a field that counts.
fn differs(
    kind: &Output,
    thing: &ThingRow,
    before: &[(String, String)],
    (new, checked): (&NewThing, &Checked<'_>),
) -> bool {
    let known = fields::parse(&thing.fields);
    let mut old: Vec<&String> = before.iter().map(|(org, _)| org).collect();
    let mut now: Vec<&String> = checked.helpers.iter().collect();
    old.sort();
    now.sort();
    checked.since != thing.since
        || checked.quantity != thing.quantity
        || (thing.since == thing.stage_from && checked.achieved != thing.achieved)
        || old != now
        || rules::counting(&kind.fields).any(|field| known.get(&field.id) != new.fields.get(&field.id))
}

async fn put_helpers(tx: &mut Tx, thing: &str, helpers: &[String]) -> Result<()> {
    tx.write(&data::CLEAR_HELPERS, args![thing]).await?;
    for helper in helpers {
        tx.write(&data::INSERT_HELPER, args![thing, helper]).await?;
    }
    Ok(())
}

/// The place where a thing stands already. Its helpers are those of its pairing, which may have ended since.
pub async fn kept_place(tx: &mut Tx, thing: &ThingRow, named: &[(String, String)]) -> Result<Place> {
    let mut helpers = named.to_vec();
    if let Some(pairing) = &thing.pairing {
        let row = crate::network::pairings::find(tx, pairing).await?;
        for pair in [(row.lead, row.lead_name), (row.nearby, row.nearby_name)] {
            if !helpers.contains(&pair) {
                helpers.push(pair);
            }
        }
    }
    Ok(Place {
        org: thing.stands_at.clone(),
        name: thing.place_name.clone(),
        pairing: thing.pairing.clone(),
        helpers,
        is_school: thing.school.is_some(),
    })
}

/// Takes a thing out of all figures, with a reason; its history stays. What the other side confirmed is first taken back
/// by that side.
pub async fn withdraw(
    tx: &mut Tx,
    programme: &Programme,
    thing: &ThingRow,
    version: i64,
    reason: &str,
) -> Result<()> {
    if !rules::may(tx.actor(), thing, programme, tx.today()).withdraw {
        let confirmed = tx.actor().org == thing.org && thing.state == "confirmed";
        let text = if confirmed {
            "对方已经确认。要撤回，请先请对方撤销确认。"
        } else {
            NOT_YOURS
        };
        return Err(Error::Forbidden(text.to_owned()));
    }
    check_reason(reason, true, "请写明为什么撤回，一句话即可。")?;
    put_state(tx, thing, version, "withdrawn").await?;
    note(tx, thing, "withdraw", reason, serde_json::json!({ "before": thing.state })).await?;
    tell(tx, programme, &thing.id).await
}

/// Withdraws what an application had become, when the decision on it is taken back.
pub async fn revoke(tx: &mut Tx, programme: &Programme, id: &str, reason: &str) -> Result<()> {
    let thing = tx.one::<ThingRow>(&data::SHOW, args![id]).await?;
    if thing.state == "withdrawn" {
        return Ok(());
    }
    put_state(tx, &thing, thing.version, "withdrawn").await?;
    note(tx, &thing, "withdraw", reason, serde_json::json!({ "before": thing.state })).await?;
    tell(tx, programme, id).await
}
