//! Keeping a draft while one types, and throwing it away.

use super::{MOST, MOST_FORMS, MOST_IN_ALL, data};
use crate::context::RequestContext;
use crate::reply::{Flash, Reply};
use chrono::TimeDelta;
use jiedui_kernel::{Error, Result};
use jiedui_store::args;

/// The names under which forms keep drafts: small letters, digits and hyphens.
fn fits(form: &str) -> bool {
    form.len() <= 80 && form.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
}

pub async fn keep(ctx: &mut RequestContext) -> Result<Reply> {
    let form = ctx.param("form");
    if !fits(&form) {
        return Err(Error::NotFound);
    }
    let body = ctx.form.values.without(&["_csrf", "_once"]);
    if body.len() > MOST {
        return Err(Error::TooLarge("没有提交的内容太长，没有保存；请先提交一部分。".to_owned()));
    }
    let (account, now) = (ctx.actor.account().to_owned(), ctx.now);
    ctx.tx.write(&data::FORGET_OLD, args![&account, now - TimeDelta::days(90)]).await?;
    let forms = ctx.tx.number(&data::NUMBER_BESIDE, args![&account, &form]).await?;
    let beside = ctx.tx.number(&data::KEPT_BESIDE, args![&account, &form]).await?;
    let too_long = usize::try_from(beside).is_ok_and(|beside| beside + body.len() > MOST_IN_ALL);
    if too_long || forms >= MOST_FORMS {
        let words = "没有提交的内容已经太多，没有保存；请先提交或丢弃几份。";
        return Err(Error::TooLarge(words.to_owned()));
    }
    ctx.tx.write(&data::KEEP, args![&account, form, body, now]).await?;
    Ok(Reply::to("/"))
}

pub async fn throw_away(ctx: &mut RequestContext) -> Result<Reply> {
    let form = ctx.param("form");
    super::forget(ctx, &form).await?;
    let back = ctx.form.values.get("back").to_owned();
    Ok(Reply::done(back, Flash::done("已丢弃没有提交的内容。")))
}
