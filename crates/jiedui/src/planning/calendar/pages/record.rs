//! The ordinary form of an entry, filled in from the announcement: where something differs, is missing or was refused.

use super::show::{finished, seen};
use crate::evidence::ledger;
use crate::planning::calendar::actions;
use crate::planning::calendar::data::AnnouncementRow;
use crate::planning::calendar::rules::Action;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_programme::Activity;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Flash, Reply};

fn activity(ctx: &RequestContext, row: &AnnouncementRow) -> Result<Activity> {
    ctx.programme().activity(&row.activity).cloned().ok_or(Error::NotFound)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    row.life()?.apply(Action::Hold, row.standing(&ctx.actor), ctx.today)?;
    let activity = activity(ctx, &row)?;
    prefilled(ctx, &row, &activity, Vec::new()).await
}

/// The form as the announcement fills it in.
async fn prefilled(
    ctx: &mut RequestContext,
    row: &AnnouncementRow,
    activity: &Activity,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let given = FormValues::made([
        ("pairing", row.pairing.clone()),
        ("from", row.from_day.to_string()),
        ("to", row.to_day.to_string()),
        ("person", row.person.clone().unwrap_or_default()),
        ("quantity", row.quantity.map(|number| activity.unit.format(number)).unwrap_or_default()),
        ("version", row.version.to_string()),
    ]);
    page(ctx, row, activity, &given, errors).await
}

async fn page(
    ctx: &mut RequestContext,
    row: &AnnouncementRow,
    activity: &Activity,
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let at = ledger::FormAt {
        pairing: &row.pairing,
        action: format!("/calendar/{}/record", row.id),
        version: given.get("version").to_owned(),
        back: format!("/calendar/{}", row.id),
        back_label: "返回这次预告",
    };
    ledger::form_at(ctx, activity, given, errors, at).await
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = seen(ctx).await?;
    let (programme, activity) = (ctx.programme(), activity(ctx, &row)?);
    let made = match ledger::read_form(ctx, &activity, &row.pairing).await {
        Ok(new) => actions::enter(&mut ctx.tx, &programme, &activity, &row, version, &new).await,
        Err(error) => Err(error),
    };
    match made.or_wrong()? {
        Ok(made) => {
            let (to, flash) = entered(&row.county_name, &made);
            Ok(Reply::done(to, flash))
        }
        Err(errors) => {
            let given = ctx.form.values.clone();
            page(ctx, &row, &activity, &given, errors).await
        }
    }
}

/// The entry that was made, with the way to take it back.
fn entered(county: &str, entered: &actions::Entered) -> (String, Flash) {
    let to = format!("/entries/{}", entered.entry);
    if entered.before {
        let text = "台账里已有这几天的同一事项，已与预告对上，没有重复登记。";
        return (to, Flash::done(text));
    }
    let undo = format!("{to}/withdraw?version=1");
    let text = format!("已登记，现计入登记数；等“{county}”确认后计入确认数。");
    (to, Flash::done(text).undo(undo, "撤回这一条"))
}

/// One press: what was announced is in the ledger. Where something is missing or refused, the ordinary form opens.
pub async fn hold(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = seen(ctx).await?;
    let programme = ctx.programme();
    let activity = programme.activity(&row.activity).ok_or(Error::NotFound)?;
    match actions::hold(&mut ctx.tx, &programme, activity, &row, version).await.or_refused()? {
        Ok(made) => finished(ctx, Ok(entered(&row.county_name, &made))).await,
        Err(refused) if refused.by_other() => finished(ctx, Err(Error::Conflict(refused.said))).await,
        Err(refused) => prefilled(ctx, &row, activity, refused.errors).await,
    }
}
