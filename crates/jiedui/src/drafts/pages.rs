//! Keeping a draft while one types, and throwing it away.

use super::{MOST, data};
use crate::http::cx::Cx;
use crate::http::reply::{Flash, Reply};
use chrono::TimeDelta;
use jiedui_kernel::{Error, Result};
use jiedui_store::args;

/// The names under which forms keep drafts: small letters, digits and hyphens.
fn fits(form: &str) -> bool {
    form.len() <= 80 && form.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
}

pub async fn keep(cx: &mut Cx) -> Result<Reply> {
    let form = cx.param("form");
    if !fits(&form) {
        return Err(Error::NotFound);
    }
    let body = cx.form.pairs.without(&["_csrf"]);
    if body.len() > MOST {
        return Err(Error::TooLarge("没有提交的内容太长，没有保存；请先提交一部分。".to_owned()));
    }
    let (account, now) = (cx.who.account().to_owned(), cx.now);
    cx.tx.write(&data::FORGET_OLD, args![&account, now - TimeDelta::days(90)]).await?;
    cx.tx.write(&data::KEEP, args![&account, form, body, now]).await?;
    Ok(Reply::to("/"))
}

pub async fn throw_away(cx: &mut Cx) -> Result<Reply> {
    let form = cx.param("form");
    super::forget(cx, &form).await?;
    let back = cx.form.pairs.get("back").to_owned();
    Ok(Reply::done(back, Flash::done("已丢弃没有提交的内容。")))
}
