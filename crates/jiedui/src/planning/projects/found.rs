//! What of the project lists the search finds: each project by its title. What was taken out before its list was filed is in no
//! list any more, and is not found either.

use super::data::{self, Ended, ProjectRow};
use crate::shared::finding::{Described, Findable, FoundBy, Hit, Indexed};
use crate::shared::terms;
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;

/// What the search is told.
pub const FOUND: Findable = Findable {
    place: 50,
    word: "年度项目",
    right: ("project", "read"),
    by: FoundBy::Terms(Indexed {
        table: "project",
        describe: |tx, id| Box::pin(describe(tx, id)),
        after: &data::NEXT_IDS,
        show: |ctx, id| Box::pin(show(ctx, id)),
    }),
};

async fn describe(tx: &mut Tx, id: &str) -> Result<Option<Described>> {
    let row = tx.maybe::<(String, String)>(&data::FOUND_AS, args![id]).await?;
    Ok(row.map(|(title, pairing)| Described { title, pairing, org: String::new() }))
}

async fn show(ctx: &mut RequestContext, id: &str) -> Result<Option<Hit>> {
    let Some(row) = ctx.tx.maybe::<ProjectRow>(&data::PROJECT, args![id]).await? else { return Ok(None) };
    if !row.filed && row.ended == Ended::Removed {
        return Ok(None);
    }
    Ok(Some(Hit {
        href: format!("/projects/{id}"),
        title: row.title,
        about: format!("{}年度 {}", row.year, row.owner_org_name),
        on: row.from_day.to_string(),
        number: terms::short(id),
        state: None,
    }))
}
