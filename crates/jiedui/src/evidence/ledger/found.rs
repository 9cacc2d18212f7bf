//! What of the ledger the search finds: an entry by what was written in it, and by its short number.

use super::data::{self, EntryRow};
use crate::shared::confirmation;
use crate::shared::finding::{Described, Findable, FoundBy, Hit, Indexed};
use crate::shared::terms;
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::fields;

/// More of what was written is not looked through.
const READ: usize = 60;

pub const FOUND: Findable = Findable {
    place: 30,
    word: "台账",
    right: ("entry", "read"),
    by: FoundBy::Terms(Indexed {
        table: "entry",
        describe: |tx, id| Box::pin(describe(tx, id)),
        after: &data::NEXT_IDS,
        show: |ctx, id| Box::pin(show(ctx, id)),
    }),
};

/// What people wrote: neither ids nor days.
fn topic(stored: &str) -> String {
    let values = fields::parse(stored);
    let texts = values.values().filter_map(|value| value.as_str()).filter(|text| !text.is_ascii());
    texts.collect::<Vec<_>>().join(" ").chars().take(READ).collect()
}

async fn describe(tx: &mut Tx, id: &str) -> Result<Option<Described>> {
    let row = tx.maybe::<(String, String)>(&data::FOUND_AS, args![id]).await?;
    Ok(row.map(|(stored, pairing)| Described { title: topic(&stored), pairing, org: String::new() }))
}

async fn show(ctx: &mut RequestContext, id: &str) -> Result<Option<Hit>> {
    let Some(row) = ctx.tx.maybe::<EntryRow>(&data::SHOW, args![id]).await? else { return Ok(None) };
    let programme = ctx.programme();
    let activity = programme.activity(&row.activity).map_or(row.activity.as_str(), |one| one.name.as_str());
    let about = [row.county_name.as_str(), &topic(&row.fields)].join(" ");
    Ok(Some(Hit {
        href: format!("/entries/{id}"),
        title: activity.to_owned(),
        about: about.trim().to_owned(),
        on: row.from_day.to_string(),
        number: terms::short(id),
        state: Some(confirmation::mark(row.state)),
    }))
}
