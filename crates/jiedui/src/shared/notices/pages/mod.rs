//! Pages of notices, of what one chose, and of letters for whoever runs the system.

pub mod letters;
pub mod list;
pub mod parts;
pub mod settings;

use super::actions::{choice, unit};
use super::data::{self, NoticeRow};
use super::rules::Kind;
use jiedui_kernel::{Instant, Result};
use jiedui_store::values;
use jiedui_web::context::RequestContext;

/// What the caller was told since a moment and has not read, of some kinds, as sentences: for the letter of the day.
pub async fn news(ctx: &mut RequestContext, since: Instant, kinds: &[Kind]) -> Result<Vec<String>> {
    const MOST: i64 = 20;
    let programme = ctx.programme();
    let chosen = choice(&mut ctx.tx, &programme, &ctx.actor).await?;
    let [muted, _] = chosen.texts();
    let (account, org) = (ctx.actor.account().to_owned(), unit(&ctx.app, &ctx.actor).to_owned());
    let call = values!(data::LIST { org, account, muted, kind: "", state: "unread" });
    let rows = call.rows::<NoticeRow>(&mut ctx.tx, None, MOST, 0).await?;
    let wanted = |row: &NoticeRow| row.at > since && kinds.contains(&row.kind);
    Ok(rows.iter().filter(|row| wanted(row)).map(parts::sentence).collect())
}
