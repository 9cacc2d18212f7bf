//! An objection to a name on the list, on a page of its own: it is answered, or taken back.

use super::{YearView, year};
use crate::shared::objections as shared;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::commendations::actions::objections;
use crate::sharing::commendations::data::ObjectionRow;
use crate::sharing::commendations::rules::{CLAUSE, words};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// An objection as the round and the nomination list it.
#[derive(Serialize)]
pub struct ObjectionLine {
    href: String,
    org: String,
    #[serde(skip)]
    by: String,
    reason: String,
    raised_on: String,
    state: StateMark,
    answer: String,
}

impl ObjectionLine {
    pub fn of(row: &ObjectionRow) -> Self {
        Self {
            href: format!("/commendation-objections/{}", row.id),
            org: row.org_name.clone(),
            by: row.org.clone(),
            reason: row.reason.clone(),
            raised_on: row.raised_on.to_string(),
            state: row.state.mark(),
            answer: row.answer.clone(),
        }
    }

    pub fn is_of(&self, org: &str) -> bool {
        self.by == org
    }
}

#[derive(Serialize)]
struct ObjectionView {
    #[serde(flatten)]
    line: ObjectionLine,
    /// Class and school: whoever fell off the list is not named to others.
    nomination: String,
    year: YearView,
    answered_on: Option<String>,
    verdict: Field,
    words: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<ObjectionRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    objections::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let row = &opened.row;
    let help = "认可的，这一条随即从名单里去掉，提名的单位和提出异议的单位都收到消息。";
    let (verdict, said) = shared::answer_fields(&ctx.form.values, &errors, help);
    let view = ObjectionView {
        line: ObjectionLine::of(row),
        nomination: format!("{}：{}", words::class_name(&programme, &row.class), row.school_name),
        year: year(row.year),
        answered_on: row.answered_on.map(|day| day.to_string()),
        verdict,
        words: said,
        review: opened.view(ctx, &shared::STEPS),
        errors: errors.clone(),
    };
    let page = Page::new("对公示的异议", "哪里和事实不符，核对以后答复，每条答复一次；答复以前不作决定。")
        .clause(CLAUSE)
        .back(format!("/commendations/{}", row.round), "返回这一年的表扬")
        .kind("detail");
    Ok(Reply::view("sharing/commendations/objection.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(row: &ObjectionRow, text: &str) -> Reply {
    Reply::done(format!("/commendation-objections/{}", row.id), Flash::done(text))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let said = ctx.form.values.get("answer").to_owned();
    let action = match shared::verdict(&ctx.form.values) {
        Ok(action) => action,
        Err(error) => return page(ctx, vec![error]).await,
    };
    let text = match action {
        Action::Accept => "已认可，这一条已从名单里去掉。",
        _ => "已答复，提出的单位看得到。",
    };
    match objections::answer(&mut ctx.tx, &opened, version, (action, &said)).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, text)),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    objections::take_back(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已收回异议。"))
}
