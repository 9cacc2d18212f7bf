//! What of the registry the search finds: organisations by their names, and people by theirs, as far as the reader sees the
//! name in full anyway. Whoever is masked is not found by name: the answer would tell whose the masked name is.

use super::data::{self, OrgRow, PostRow};
use super::rules;
use crate::shared::finding::{Described, Findable, FoundBy, Hit, Indexed};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;

pub const ORGS: Findable = Findable {
    place: 10,
    word: "院校与机构",
    right: ("registry", "read"),
    by: FoundBy::Terms(Indexed {
        table: "org",
        describe: |tx, id| Box::pin(describe_org(tx, id)),
        after: &data::NEXT_IDS,
        show: |ctx, id| Box::pin(show_org(ctx, id)),
    }),
};

pub const PEOPLE: Findable = Findable {
    place: 20,
    word: "人员",
    right: ("registry", "read"),
    by: FoundBy::Terms(Indexed {
        table: "person_post",
        describe: |tx, id| Box::pin(describe_person(tx, id)),
        after: &data::NEXT_POSTS,
        show: |ctx, id| Box::pin(show_person(ctx, id)),
    }),
};

async fn describe_org(tx: &mut Tx, id: &str) -> Result<Option<Described>> {
    let row = tx.maybe::<(String,)>(&data::FOUND_AS, args![id]).await?;
    Ok(row.map(|(title,)| Described { title, org: id.to_owned(), pairing: String::new() }))
}

async fn show_org(ctx: &mut RequestContext, id: &str) -> Result<Option<Hit>> {
    let Some(row) = ctx.tx.maybe::<OrgRow>(&data::SHOW, args![id]).await? else { return Ok(None) };
    let about = if row.level.is_empty() { rules::kind_name(&row.kind).to_owned() } else { row.level };
    let ended = if row.ended_on.is_some() { "，已并入他校" } else { "" };
    let about = format!("{about} {}{ended}", row.place);
    Ok(Some(Hit { href: format!("/registry/{id}"), title: row.name, about, ..Hit::default() }))
}

async fn describe_person(tx: &mut Tx, id: &str) -> Result<Option<Described>> {
    let row = tx.maybe::<(String, String)>(&data::FOUND_PERSON, args![id]).await?;
    Ok(row.map(|(title, org)| Described { title, org, pairing: String::new() }))
}

async fn show_person(ctx: &mut RequestContext, id: &str) -> Result<Option<Hit>> {
    let Some(row) = ctx.tx.maybe::<PostRow>(&data::POST, args![id]).await? else { return Ok(None) };
    let concerned = [row.org.as_str()];
    if !ctx.names.shows(&row.name, &concerned) {
        return Ok(None);
    }
    let title = ctx.names.shown(&row.name, &concerned);
    let left = if row.to_day.is_some_and(|last| last < ctx.today) { "，已离任" } else { "" };
    let about = format!("{} {}{left}", row.org_name, rules::post_name(&row.post));
    Ok(Some(Hit { href: format!("/registry/{}", row.org), title, about, ..Hit::default() }))
}
