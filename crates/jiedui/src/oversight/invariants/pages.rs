//! What the last check found, and when there was one.

use super::data::{self, CheckRow};
use super::rules::{Broken, Invariant};
use crate::shared::background::JobKind;
use crate::shared::jobs::{self, NewJob};
use crate::sharing::resources;
use crate::standing::indicators;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_web::attempt::Attempt;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    checked_at: Option<String>,
    lines: Vec<InvariantLine>,
    earlier: Vec<Earlier>,
    /// Files that nobody named any more, cleared away last.
    cleared: Option<Earlier>,
    /// Whether the caller may have it checked and put right.
    may_repair: bool,
}

/// One invariant.
#[derive(Serialize)]
struct InvariantLine {
    name: &'static str,
    state: StateMark,
    texts: Vec<String>,
}

/// A check before the last one.
#[derive(Serialize)]
struct Earlier {
    at: String,
    count: Figure,
}

fn found(row: &CheckRow) -> Vec<Broken> {
    serde_json::from_str(&row.found).unwrap_or_default()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let rows = ctx.tx.all::<CheckRow>(&data::LAST, Vec::new()).await?;
    let last = rows.first().map(found);
    let line = |invariant: Invariant| {
        let mine = last.iter().flatten().filter(|one| one.invariant == invariant);
        let texts: Vec<String> = mine.map(|one| one.text.clone()).collect();
        let state = match (&last, texts.is_empty()) {
            (None, _) => StateMark::new("none", "还没有检查过", "–"),
            (Some(_), true) => StateMark::new("done", "一致", "●"),
            (Some(_), false) => StateMark::new("missed", "有不一致", "■"),
        };
        InvariantLine { name: invariant.name(), state, texts }
    };
    let earlier = rows.iter().skip(1).map(|row| {
        let count = Reported::Value(found(row).len() as i64);
        Earlier { at: when(row.at), count: Figure::of(count, Unit::Entries, "/system", "不一致之处") }
    });
    let cleared = resources::cleared(&mut ctx.tx).await?.map(|last| {
        let count = Reported::Value(last.contents);
        Earlier { at: when(last.at), count: Figure::of(count, Unit::Items, "/system", "清理的文件") }
    });
    let view = View {
        checked_at: rows.first().map(|row| when(row.at)),
        lines: Invariant::ALL.into_iter().map(line).collect(),
        earlier: earlier.collect(),
        cleared,
        may_repair: ctx.can("system", "repair"),
    };
    let lead = "系统每次启动和每天凌晨自查一遍。这里只说哪一项不一致，不显示业务内容。";
    Reply::view("oversight/invariants/system.html", Page::new("数据检查", lead).kind("list"), &view)
}

pub async fn check(ctx: &mut RequestContext) -> Result<Reply> {
    queue(ctx, &super::CHECK).await
}

pub async fn repair(ctx: &mut RequestContext) -> Result<Reply> {
    queue(ctx, &indicators::REPAIR).await
}

async fn queue(ctx: &mut RequestContext, kind: &JobKind) -> Result<Reply> {
    let new = NewJob { kind: kind.id, title: kind.name, args: String::new(), input: None };
    Ok(match jobs::queue(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(id) => jobs::queued(&id),
        Err(errors) => {
            let why = errors.into_iter().map(|error| error.message).collect::<String>();
            Reply::done("/system", Flash::problem(why))
        }
    })
}
