//! One pairing, with what was done to its days, and the undoing of its end.

use super::super::data::PairingRow;
use super::super::rules;
use super::super::{EarlierWork, actions};
use crate::network::registry;
use jiedui_kernel::{Date, Error, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::history::{self, TimelineItem};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
pub struct Shown {
    state: StateMark,
    #[serde(flatten)]
    row: PairingRow,
}

pub fn shown(row: PairingRow, today: Date) -> Shown {
    Shown { state: state(&row, today), row }
}

pub fn state(row: &PairingRow, today: Date) -> StateMark {
    if row.is_void() {
        StateMark::new("none", "已撤销", "–")
    } else if row.to_day.is_some_and(|end| end < today) {
        StateMark::new("ended", "已结束", "–")
    } else if row.from_day > today {
        StateMark::new("pending", "未开始", "○")
    } else if row.agreed_on.is_none() {
        StateMark::new("active", "结对中，协议待签", "◐")
    } else {
        StateMark::new("done", "结对中", "●")
    }
}

#[derive(Serialize)]
struct ShowView {
    pairing: Shown,
    parties: Vec<(&'static str, Link)>,
    can_end: bool,
    can_claim: bool,
    /// The sheets of it tell of the school, which a former partner sees no more.
    has_sheets: bool,
    /// Until which day its end can be undone.
    undo_until: Option<String>,
    undo: Field,
    history: Vec<TimelineItem>,
    /// What was done at the school before this pairing.
    earlier: Vec<EarlierWork>,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::super::find(&mut ctx.tx, &id).await?;
    let programme = ctx.programme();
    let earlier = super::super::earlier_work(&mut ctx.tx, &programme, &row).await?;
    let steps = history::of(&mut ctx.tx, &id).await?;
    let undo = match ctx.can("pairing", "end") {
        true => actions::resumable(&mut ctx.tx, &programme, &row).await?.ok(),
        false => None,
    };
    let running = rules::runs(row.from_day, row.to_day, ctx.today);
    let has_sheets = match registry::find(&mut ctx.tx, &row.county_school).await {
        Ok(_) => true,
        Err(Error::NotFound) => false,
        Err(cause) => return Err(cause),
    };
    let view = ShowView {
        has_sheets,
        parties: vec![
            ("对口县级院校", registry::link(&row.county_school, &row.county_name)),
            ("牵头院校", registry::link(&row.lead, &row.lead_name)),
            ("配合院校", registry::link(&row.nearby, &row.nearby_name)),
        ],
        can_end: ctx.can("pairing", "end") && row.to_day.is_none(),
        can_claim: running && ctx.can("entry", "claim"),
        undo_until: undo.map(|day| day.to_string()),
        undo: Field::new("reason", "撤销的原因")
            .required()
            .value(ctx.form.values.get("reason"))
            .error(&errors),
        history: history::timeline(&steps, &rules::STEPS),
        earlier,
        errors: errors.clone(),
        pairing: shown(row, ctx.today),
    };
    let title = format!("{}的结对", view.pairing.row.county_name);
    let page = Page::new(title, "三方、起止、协议，以及由此产生的台账和履职。")
        .clause("G1.1")
        .clause("G1.2")
        .back("/pairings", "结对关系")
        .kind("detail");
    Ok(Reply::view("network/pairings/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// Takes the end of a pairing back, within some working days and while nothing rests on it.
pub async fn resume(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::super::found(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.required(&pairs, "reason", "撤销的原因").to_owned();
    read.text(&pairs, "reason", "撤销的原因", 200);
    let programme = ctx.programme();
    actions::resumable(&mut ctx.tx, &programme, &row).await?.map_err(Error::from)?;
    if let Err(errors) = read.done().or_wrong()? {
        return show_page(ctx, errors).await;
    }
    let version = ctx.form_version()?;
    actions::resume(&mut ctx.tx, &programme, &row, version, (&reason, "")).await?;
    Ok(Reply::done(format!("/pairings/{}", row.id), Flash::done("已撤销终止，这组结对照原来的期限继续。")))
}
