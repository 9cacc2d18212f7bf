//! What of the meetings the search finds: each by its title. Who is invited sees it, wherever it lies.

use super::data::{self, MeetingRow};
use super::rules;
use crate::shared::finding::{Described, Findable, FoundBy, Hit, Indexed};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;

/// What the search is told.
pub const FOUND: Findable = Findable {
    place: 60,
    word: "会议",
    right: ("meeting", "read"),
    by: FoundBy::Terms(Indexed {
        table: "meeting",
        describe: |tx, id| Box::pin(describe(tx, id)),
        after: &data::NEXT_IDS,
        show: |ctx, id| Box::pin(show(ctx, id)),
    }),
};

async fn describe(tx: &mut Tx, id: &str) -> Result<Option<Described>> {
    let row = tx.maybe::<(String,)>(&data::FOUND_AS, args![id]).await?;
    Ok(row.map(|(title,)| Described { title, ..Described::default() }))
}

async fn show(ctx: &mut RequestContext, id: &str) -> Result<Option<Hit>> {
    let Some(row) = ctx.tx.maybe::<MeetingRow>(&data::SHOW, args![id]).await? else { return Ok(None) };
    Ok(Some(Hit {
        href: format!("/meetings/{id}"),
        title: row.title,
        about: row.host_name,
        on: row.on_day.to_string(),
        state: Some(rules::mark(row.state)),
        ..Hit::default()
    }))
}
