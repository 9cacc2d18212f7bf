//! Whether exchanges are set up and work, for whoever runs the system: no content and no secret.

use super::rows;
use crate::sharing::exchange::actions;
use crate::sharing::exchange::rules::partners::host;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct SystemLine {
    id: String,
    name: String,
    system: String,
    way: &'static str,
    /// The host of the address; none where none is set.
    host: Option<String>,
    state: Option<StateMark>,
    began_on: Option<String>,
    refused: Option<Figure>,
}

#[derive(Serialize)]
struct SystemsView {
    rows: Vec<SystemLine>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, app) = (ctx.programme(), ctx.app.clone());
    let mut lines = Vec::new();
    for one in &programme.exchanges {
        let last = actions::last(&mut ctx.tx, &one.id).await?;
        lines.push(SystemLine {
            id: one.id.clone(),
            name: one.name.clone(),
            system: one.system.clone(),
            way: one.way.label(),
            host: app.outgoing.partners.get(&one.id).and_then(host),
            state: last.as_ref().map(|row| row.state.mark()),
            began_on: last.as_ref().map(|row| row.began_on.to_string()),
            refused: last.as_ref().map(|row| rows(row.refused, "/exchange-systems", "没有收下")),
        });
    }
    let lead = "对方的地址和密码写在服务器上的文件里，启动时用 --exchanges 指定；这里只说设置了没有、送到了没有，不显示内容。";
    let page = Page::new("对接设置", lead).kind("list");
    Reply::view("sharing/exchange/systems.html", page, &SystemsView { rows: lines })
}
