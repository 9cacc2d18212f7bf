//! Corrections by the claimant. Where a counting field changes (dates, person, quantity), the other side is asked again;
//! where only words change, what was answered stays (decisions.md "Part confirmation").

use super::claim::{self, Checked, NewEntry};
use super::data::EntryRow;
use super::{Step, data, form as entry_form, rules};
use crate::network::pairings::{self, PairingRow};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_programme::{Activity, EntryState, Programme};
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::fields::Values;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Flash, Reply};

const NOT_YOURS: &str = "这一条现在不能由本单位改动：它不由本单位登记，或状态、期限已不允许。";
const FASTER: &str = "这一条刚被对方处理过，您的改动没有写入。请看过新的状态再决定。";

async fn mine(
    ctx: &mut RequestContext,
    allowed: fn(&rules::AllowedActions) -> bool,
) -> Result<(EntryRow, Activity, PairingRow)> {
    let entry = ctx.tx.one::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await?;
    let programme = ctx.programme();
    if !allowed(&rules::may(&ctx.actor, &entry, &programme, ctx.today)) {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let activity = entry_form::activity(ctx, &entry.activity)?;
    let pairing = pairings::find(&mut ctx.tx, &entry.pairing).await?;
    Ok((entry, activity, pairing))
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, activity, pairing) = mine(ctx, |may| may.correct).await?;
    let given = entry_form::values_of(&mut ctx.tx, &activity, &entry).await?;
    page(ctx, &entry, &activity, pairing, &given, Vec::new()).await
}

async fn page(
    ctx: &mut RequestContext,
    entry: &EntryRow,
    activity: &Activity,
    pairing: PairingRow,
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let mut view = entry_form::build(ctx, activity, &[pairing], given, errors).await?;
    view.action = format!("/entries/{}/correct", entry.id);
    view.submit = "提交更正".to_owned();
    view.draft = format!("correct-{}", entry.id);
    // After an error the form keeps the version it was opened with: what a colleague did meanwhile is not overwritten
    // unseen by the next try.
    let version = match given.get("version") {
        "" => entry.version.to_string(),
        opened => opened.to_owned(),
    };
    view.hidden.push(("version".to_owned(), version));
    entry_form::page(activity, view, &format!("/entries/{}", entry.id), "返回这一条")
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, activity, pairing) = mine(ctx, |may| may.correct).await?;
    let version = ctx.form_version()?;
    let checked = match entry_form::read(ctx, &activity, std::slice::from_ref(&pairing)).await {
        Ok(mut new) => {
            let helpers = ctx.tx.all::<data::HelperRow>(&data::HELPERS_OF, args![&entry.id]).await?;
            new.helper = new.helper.or_else(|| helpers.first().map(|helper| helper.org.clone()));
            new.joint = helpers.len() > 1;
            claim::check(&mut ctx.tx, &activity, &entry.claimant, &new, &entry.id)
                .await
                .map(|checked| (new, checked))
        }
        Err(error) => Err(error),
    };
    match checked {
        Ok((new, checked)) => {
            let programme = ctx.programme();
            let again = write(&mut ctx.tx, &programme, &entry, version, &new.fields, &checked).await?;
            let text = if again {
                "已更正。计数的内容变了，要请对方重新确认。"
            } else {
                "已更正。计数的内容没有变，对方的确认仍然有效。"
            };
            Ok(Reply::done(format!("/entries/{}", entry.id), Flash::done(text)))
        }
        Err(Error::Invalid(errors)) => {
            let given = ctx.form.values.clone();
            page(ctx, &entry, &activity, pairing, &given, errors).await
        }
        Err(other) => Err(other),
    }
}

/// Whether something that is counted changed: what the form always asks, the people named, or a field that an indicator
/// sums or sorts by.
async fn counting_changed(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    fields: &Values,
    checked: &Checked,
) -> Result<bool> {
    let named = tx.all::<(String, String)>(&data::PEOPLE_OF, args![&entry.id]).await?;
    let mut named: Vec<String> = named.into_iter().map(|(person, _)| person).collect();
    named.sort_unstable();
    let before = jiedui_web::fields::parse(&entry.fields);
    let counted = programme.counting_fields(&entry.activity);
    Ok(named != checked.roster
        || counted.iter().any(|field| before.get(*field) != fields.get(*field))
        || entry.from_day != checked.period.from
        || entry.to_day != checked.period.to
        || entry.person != checked.person
        || entry.post != checked.post
        || entry.quantity != checked.quantity)
}

/// A correction of the caller, with every check: for the demonstration. Says whether the other side is asked again.
pub async fn correct(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    new: &NewEntry,
) -> Result<bool> {
    if !rules::may(tx.actor(), entry, programme, tx.today()).correct {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let activity = programme.activity(&entry.activity).ok_or(Error::NotFound)?;
    let checked = claim::check(tx, activity, &entry.claimant, new, &entry.id).await?;
    write(tx, programme, entry, version, &new.fields, &checked).await
}

/// Writes a correction; says whether the other side is asked again.
async fn write(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    fields: &Values,
    checked: &Checked,
) -> Result<bool> {
    let again = counting_changed(tx, programme, entry, fields, checked).await?;
    let state = if again { EntryState::Claimed } else { rules::state_of(&entry.state) };
    let (confirmed, hole) =
        if again { (0, (None, None)) } else { (entry.confirmed, (entry.disputed_from, entry.disputed_to)) };
    let claimed_at = if again { tx.now() } else { entry.claimed_at };
    let text = serde_json::Value::Object(fields.clone()).to_string();
    let values = args![
        &entry.id,
        version,
        checked.period.from,
        checked.period.to,
        checked.person.clone(),
        &checked.post,
        checked.quantity,
        text,
        super::state_text(state),
        confirmed,
        hole.0,
        hole.1,
        claimed_at,
        checked.project.clone(),
    ];
    if tx.write(&data::CORRECT, values).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    tx.write(&data::CLEAR_PEOPLE, args![&entry.id]).await?;
    claim::name_people(tx, &entry.id, &checked.roster).await?;
    let change = serde_json::json!({
        "before": { "from": entry.from_day, "to": entry.to_day, "person": entry.person, "quantity": entry.quantity, "project": entry.project },
        "after": { "from": checked.period.from, "to": checked.period.to, "person": checked.person, "quantity": checked.quantity, "project": checked.project },
        "fields": fields, "roster": checked.roster, "asks_again": again,
    });
    super::record(tx, programme, &entry.id, &Step { kind: "correct", reason: "", batch: "", change }).await?;
    Ok(again)
}

/// Takes the other side's part confirmation for the whole: what is claimed becomes what was confirmed.
pub async fn accept(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, _, _) = mine(ctx, |may| may.accept).await?;
    let version = ctx.form_version()?;
    if ctx.tx.write(&data::ACCEPT, args![&entry.id, version]).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let change = serde_json::json!({ "before": { "quantity": entry.quantity }, "after": { "quantity": entry.confirmed } });
    let programme = ctx.programme();
    super::record(
        &mut ctx.tx,
        &programme,
        &entry.id,
        &Step { kind: "accept", reason: "", batch: "", change },
    )
    .await?;
    Ok(Reply::done(
        format!("/entries/{}", entry.id),
        Flash::done("已按对方确认的部分更正，这一条不再有争议。"),
    ))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, _, _) = mine(ctx, |may| may.withdraw).await?;
    // The undo link right after a claim carries the version in its address.
    let given = Some(ctx.form.values.get("version"))
        .filter(|text| !text.is_empty())
        .unwrap_or(ctx.query.get("version"));
    let version: i64 =
        given.parse().map_err(|_| Error::field("version", "表单不完整，请重新打开页面后再试。"))?;
    take_away(&mut ctx.tx, &ctx.app.programme(), &entry, version).await?;
    Ok(Reply::done("/entries", Flash::done("已撤回；办理记录都保留，但不再计数。")))
}

/// A withdrawal by the caller, with every check: for the demonstration.
pub async fn withdraw_own(tx: &mut Tx, programme: &Programme, entry: &EntryRow, version: i64) -> Result<()> {
    if !rules::may(tx.actor(), entry, programme, tx.today()).withdraw {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    take_away(tx, programme, entry, version).await
}

async fn take_away(tx: &mut Tx, programme: &Programme, entry: &EntryRow, version: i64) -> Result<()> {
    if tx.write(&data::WITHDRAW, args![&entry.id, version]).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let change = serde_json::json!({ "before": { "state": entry.state } });
    super::record(tx, programme, &entry.id, &Step { kind: "withdraw", reason: "", batch: "", change }).await
}
