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
        after: &data::NEXT_IDS,
        show: |ctx, id| Box::pin(show(ctx, id)),
    }),
};

async fn describe(tx: &mut Tx, id: &str) -> Result<Option<Described>> {
    let row = tx.maybe::<(String, String)>(&data::FOUND_AS, args![id]).await?;
    Ok(row.map(|(title, org)| Described { title, org, pairing: String::new() }))
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
