//! What of the outputs the search finds: each by its title and its short number.

use super::data::{self, OutputRow};
use super::rules;
use crate::shared::finding::{Described, Findable, FoundBy, Hit, Indexed};
use crate::shared::terms;
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;

/// What the search is told.
pub const FOUND: Findable = Findable {
    place: 40,
    word: "建设成果",
    right: ("output", "read"),
    by: FoundBy::Terms(Indexed {
        table: "output_thing",
        describe: |tx, id| Box::pin(describe(tx, id)),
        after: |tx, id, most| Box::pin(after(tx, id, most)),
        show: |ctx, id| Box::pin(show(ctx, id)),
    }),
};

async fn describe(tx: &mut Tx, id: &str) -> Result<Option<Described>> {
    let row = tx.maybe::<(String, String)>(&data::FOUND_AS, args![id]).await?;
    Ok(row.map(|(title, org)| Described { title, org, pairing: String::new() }))
}

async fn after(tx: &mut Tx, id: &str, most: i64) -> Result<Vec<String>> {
    let rows = tx.all::<(String,)>(&data::NEXT_IDS, args![id, most]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn show(ctx: &mut RequestContext, id: &str) -> Result<Option<Hit>> {
    let Some(row) = ctx.tx.maybe::<OutputRow>(&data::SHOW, args![id]).await? else { return Ok(None) };
    let state = Some(rules::state_mark(&row));
    Ok(Some(Hit {
        href: format!("/outputs/{id}"),
        title: row.title,
        about: row.place_name,
        on: row.since.to_string(),
        number: terms::short(id),
        state,
    }))
}
