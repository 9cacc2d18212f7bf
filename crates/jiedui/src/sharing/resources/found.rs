//! The library has an index of its own, with which the search looks.

use super::actions;
use super::data::{self, ItemLine};
use crate::shared::finding::{Findable, FoundBy, Hit};
use jiedui_kernel::Result;
use jiedui_store::values;
use jiedui_web::context::RequestContext;

/// So many are looked up.
const MOST: i64 = 8;

pub const FOUND: Findable = Findable {
    place: 70,
    word: "资源库",
    right: ("library", "read"),
    by: FoundBy::Itself(|ctx, text| Box::pin(find(ctx, text))),
};

async fn find(ctx: &mut RequestContext, text: &str) -> Result<Vec<Hit>> {
    let [t1, t2, t3, t4, t5, t6, t7, t8] = actions::wanted(&mut ctx.tx, text, Vec::new()).await?;
    let call = values!(data::LIST { t1, t2, t3, t4, t5, t6, t7, t8 });
    let rows = call.rows::<ItemLine>(&mut ctx.tx, None, MOST, 0).await?;
    let hit = |row: ItemLine| Hit {
        href: format!("/resources/{}", row.id),
        title: row.title,
        about: row.owner_name,
        on: row.shared_on.to_string(),
        state: Some(row.state.mark()),
        ..Hit::default()
    };
    Ok(rows.into_iter().map(hit).collect())
}
