//! One agreement: what stands on the paper, who agreed, its file; and the answers to it.

use super::list::{AgreementLine, line};
use crate::network::agreements::actions;
use crate::network::agreements::data::{self, AgreementRow, AgreementState, FileRow};
use crate::network::agreements::rules;
use crate::network::{agreements, pairings, registry};
use crate::shared::review::{self, Action, Loaded, ReviewView, Reviewed};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::{Found, args};
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::Link;
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    agreement: AgreementLine,
    file_name: String,
    parties: Vec<(&'static str, Link)>,
    pairing: Link,
    #[serde(flatten)]
    review: ReviewView,
    /// The day in the office's table, where it is another one.
    other_day: Option<String>,
    former: Option<String>,
    /// It is the one in force, and its term is over.
    expired: bool,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

/// The agreement that the address names.
async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<AgreementRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let row = agreements::find(&mut ctx.tx, &id).await?;
    review::open(&mut ctx.tx, &programme, row).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let pairing = pairings::find(&mut ctx.tx, &row.pairing).await?;
    let rows = agreements::of_pairing(&mut ctx.tx, &row.pairing).await?;
    let programme = ctx.programme();
    let mut review = opened.view(ctx, &rules::STEPS);
    if row.state == AgreementState::Withdrawn {
        review.consents.clear();
    }
    let view = ShowView {
        agreement: line(row, rules::state(row, &rows, ctx.today)),
        file_name: row.file_name.clone(),
        parties: row
            .parties(&programme)
            .iter()
            .map(|party| (party.label, registry::link(&party.org, &party.name)))
            .collect(),
        pairing: Link::new(format!("/pairings/{}", row.pairing), format!("{}的结对", row.county_name)),
        review,
        other_day: pairing
            .agreed_on
            .filter(|day| {
                row.kind == "first" && row.state != AgreementState::Withdrawn && *day != row.signed_on
            })
            .map(|day| day.to_string()),
        former: row
            .pairing_to
            .filter(|end| *end < ctx.today)
            .map(|end| jiedui_programme::former_partner_until(&programme, end).to_string()),
        expired: rules::lapsed(row, &rows, ctx.today),
        errors: errors.clone(),
    };
    let title = format!("{}的三方协议：{}", row.county_name, rules::kind_name(&row.kind));
    let page = Page::new(title, "协议书上的日期和有效期，谁登记、谁确认，全部办理记录。")
        .clause("G1.2")
        .back(format!("/pairings/{}/agreements", row.pairing), "这组结对的全部协议")
        .kind("detail");
    Ok(Reply::view("network/agreements/show.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let answer = match review::answer_of(ctx, &opened)? {
        Ok(answer) => answer,
        Err(errors) => return show_page(ctx, errors).await,
    };
    let signed = actions::answer(&mut ctx.tx, &programme, &opened, answer.parts()).await?;
    let said = [
        "三方都已确认，协议按协议书上的日期算签订。",
        "已确认，还要等另一方确认后才算签订。",
        "已退回并附上您的意见，登记的单位改好后会再请本单位确认。",
    ];
    let text = answer.said(signed, said);
    Ok(Reply::done(format!("/agreements/{}", opened.row.id), Flash::done(text)))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Withdraw)?;
    let version = ctx.form_version()?;
    actions::withdraw(&mut ctx.tx, &opened, version).await?;
    let to = format!("/pairings/{}/agreements", opened.row.pairing);
    Ok(Reply::done(to, Flash::done("已撤回这份登记，办理记录仍保留；需要时可以重新登记。")))
}

pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = agreements::find(&mut ctx.tx, &id).await?.into_row();
    let file = ctx.tx.one::<FileRow>(&data::FILE, args![&row.id]).await?;
    Ok(Reply::Kept(File { name: row.file_name, mime: rules::mime_of(&file.mime), bytes: file.bytes }))
}
