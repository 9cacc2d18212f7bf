//! Two records of one person: said so, agreed to by another, taken back.

use super::super::actions::merges;
use super::super::data::{self, MergeRow};
use super::people;
use jiedui_kernel::{Code, Result};
use jiedui_store::{Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Flash, Reply};

pub async fn propose(ctx: &mut RequestContext) -> Result<Reply> {
    let org = people::own_school(ctx).await?;
    let (pairs, programme) = (ctx.form.values.clone(), ctx.programme());
    let mut read = Reader::default();
    let record = read.required(&pairs, "record", "多出来的一条").to_owned();
    let into = read.required(&pairs, "into", "留下的一条").to_owned();
    let reason = read.text(&pairs, "reason", "理由", 200).to_owned();
    if reason.is_empty() {
        read.fail("reason", Code::Missing.says("请写明为什么是同一个人，一句话即可。"));
    }
    let done = match read.done() {
        Ok(()) => merges::propose(&mut ctx.tx, &programme, &org.id, (&record, &into), &reason).await,
        Err(error) => Err(error),
    };
    let text = |holds| {
        if holds {
            JOINED
        } else {
            "已提出。这个人在台账、项目、推荐或证明里写到过，请另一人同意后生效。"
        }
    };
    finished(ctx, &org.id, done.map(text)).await
}

const JOINED: &str = "已合并：登记过的内容不改，都读作留下的那一条；按人数算的数字已重新计算。";

/// A merge among the people of an organisation that is one's own or lies below.
async fn merge(ctx: &mut RequestContext) -> Result<(Found<MergeRow>, i64)> {
    let org = people::own_school(ctx).await?;
    let record = ctx.form.values.get("record").to_owned();
    let row = ctx.tx.find::<MergeRow>(&data::MERGE, args![record, &org.id]).await?;
    Ok((row, ctx.form_version()?))
}

pub async fn agree(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = merge(ctx).await?;
    let programme = ctx.programme();
    let done = merges::agree(&mut ctx.tx, &programme, &row, version).await;
    finished(ctx, &row.org, done.map(|()| JOINED)).await
}

pub async fn part(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = merge(ctx).await?;
    let programme = ctx.programme();
    let done = merges::part(&mut ctx.tx, &programme, &row, version).await;
    let text = if row.agreed_on.is_some() {
        "已撤销合并，两条各算各的。"
    } else {
        "没有合并，两条各算各的。"
    };
    finished(ctx, &row.org, done.map(|()| text)).await
}

async fn finished(ctx: &mut RequestContext, org: &str, done: Result<&str>) -> Result<Reply> {
    match done.or_wrong()? {
        Ok(text) => Ok(Reply::done(format!("/registry/{org}/people"), Flash::done(text))),
        Err(errors) => people::page(ctx, None, errors).await,
    }
}
