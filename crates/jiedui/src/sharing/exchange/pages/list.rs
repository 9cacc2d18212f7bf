//! All exchanges of the programme, each with its last transfer.

use super::RunLine;
use crate::sharing::exchange::actions;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ExchangeLine {
    href: String,
    name: String,
    system: String,
    way: &'static str,
    /// Whether it goes by line.
    connected: bool,
    last: Option<RunLine>,
}

#[derive(Serialize)]
struct ListView {
    rows: Vec<ExchangeLine>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut rows = Vec::new();
    for one in &programme.exchanges {
        let runs = actions::runs(&mut ctx.tx, &one.id).await?;
        rows.push(ExchangeLine {
            href: format!("/exchanges/{}", one.id),
            name: one.name.clone(),
            system: one.system.clone(),
            way: one.way.label(),
            connected: ctx.app.outgoing.partners.contains_key(&one.id),
            last: runs.first().map(|row| RunLine::of(row)),
        });
    }
    let lead = "与方案点名的外部系统交换数据：已经有的不用再填一遍；收进来的只供核对，不改动已经确认的数。";
    let page = programme
        .exchanges
        .iter()
        .fold(Page::new("数据对接", lead), |page, one| page.clauses(&one.clauses));
    Reply::view("sharing/exchange/list.html", page.kind("list"), &ListView { rows })
}
