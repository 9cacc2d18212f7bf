//! Before a publication is taken back: what never will have begun, what runs on, and what stands in the way.

use super::super::actions::publish::{self, Undoing};
use super::super::actions::scenario::{self as actions, LoadedScenario};
use super::super::rules::life::Refusal;
use super::views::at;
use crate::network::pairings::PairingRow;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    id: String,
    version: i64,
    until: String,
    voided: Vec<PairingLine>,
    resumed: Vec<PairingLine>,
    ready: bool,
    reason: Field,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct PairingLine {
    pairing: Link,
    helpers: [String; 2],
    from: String,
}

fn line(row: &PairingRow) -> PairingLine {
    PairingLine {
        pairing: Link::new(format!("/pairings/{}", row.id), &row.county_name),
        helpers: [row.lead_name.clone(), row.nearby_name.clone()],
        from: row.from_day.to_string(),
    }
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    page(ctx, &opened, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, opened: &LoadedScenario, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let undoing = publish::undoing(&mut ctx.tx, &programme, opened).await?;
    let undoing: Undoing = undoing.ok_or_else(|| Error::from(Refusal::NotPublished))?;
    let mut told = errors.clone();
    told.extend(undoing.hindrances.iter().filter(|one| !errors.contains(one)).cloned());
    let view = FormView {
        id: opened.row.id.clone(),
        version: opened.row.version,
        until: undoing.until.to_string(),
        voided: undoing.voided.iter().map(line).collect(),
        resumed: undoing.resumed.iter().map(line).collect(),
        ready: undoing.hindrances.is_empty(),
        reason: Field::new("reason", "撤销的原因")
            .required()
            .value(ctx.form.values.get("reason"))
            .error(&errors),
        errors: told,
    };
    let lead = "新的结对当作没有开始，被替换的照原来的期限继续；公布和撤销都留在办理记录里。";
    let page = Page::new("撤销公布", lead)
        .clause("G1.1")
        .back(at(&opened.row.id), opened.row.name.clone())
        .kind("form");
    Ok(Reply::view("planning/matching/undoing.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.required(&pairs, "reason", "撤销的原因").to_owned();
    read.text(&pairs, "reason", "撤销的原因", 200);
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &opened, errors).await;
    }
    let (version, programme) = (ctx.form_version()?, ctx.programme());
    match publish::take_back(&mut ctx.tx, &programme, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(Reply::done(at(&id), Flash::done("已撤销公布：原来的结对照旧执行。"))),
        Err(errors) => page(ctx, &opened, errors).await,
    }
}
