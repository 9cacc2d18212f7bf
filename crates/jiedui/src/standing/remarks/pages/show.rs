//! One remark with its history, and what the two sides do with it.

use super::figure;
use crate::shared::review::{Action, ReviewView};
use crate::standing::remarks::{actions, rules};
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    figure: Link,
    text: String,
    state: StateMark,
    author: String,
    about: String,
    made_on: String,
    reason: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let opened = actions::open(&mut ctx.tx, &programme, &id).await?;
    let row = &opened.row;
    let field = Field::new("reason", "说明").required().value(ctx.form.values.get("reason")).error(&errors);
    let view = ShowView {
        href: format!("/remarks/{}", row.id),
        figure: Link::new(figure(row), row.label.clone()),
        text: row.text.clone(),
        state: row.state.mark(),
        author: row.author_name.clone(),
        about: row.about_name.clone(),
        made_on: row.made_on.to_string(),
        reason: Field { maxlength: Some(rules::WORDS), ..field },
        review: opened.view(ctx, &rules::STEPS),
        errors: errors.clone(),
    };
    let page = Page::new("对数字的意见", "数有出入的在原来的记录上更正；没有出入的，写一句说明。")
        .clause("S1.3")
        .back("/remarks", "对数字的意见")
        .kind("detail");
    Ok(Reply::view("standing/remarks/show.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let opened = actions::open(&mut ctx.tx, &programme, &id).await?;
    let to = format!("/remarks/{id}");
    let action = match ctx.form.values.get("verdict") {
        "reply" => Action::Submit,
        "ask" => Action::Return,
        "close" => Action::Accept,
        _ => {
            let words = "请选择答复、再问或了结。";
            return page(ctx, vec![FieldError::new("verdict", Code::Missing.says(words))]).await;
        }
    };
    opened.demand(action)?;
    let version = ctx.form_version()?;
    if action == Action::Accept {
        actions::close(&mut ctx.tx, &opened, version).await?;
        return Ok(Reply::done(to, Flash::done("已了结。")));
    }
    let mut read = Reader::default();
    let words = read.text(&ctx.form.values, "reason", "说明", rules::WORDS as usize).to_owned();
    let acted = match read.done() {
        Ok(()) => actions::answer(&mut ctx.tx, &opened, version, (action, &words)).await,
        Err(error) => Err(error),
    };
    match acted.or_wrong()? {
        Ok(()) => Ok(Reply::done(to, Flash::done("已写下，对方看得到。"))),
        Err(errors) => page(ctx, errors).await,
    }
}
