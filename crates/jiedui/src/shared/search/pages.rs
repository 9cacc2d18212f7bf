//! What the search finds, by kind.

use super::actions;
use crate::shared::finding::{Findable, FoundBy, Hit};
use crate::shared::mechanism;
use crate::shared::terms::{are_found, of_item, of_search};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;
use std::collections::BTreeSet;

/// More of a text than this finds nothing else.
const READ: usize = 40;
/// Of one kind.
const SHOWN: usize = 8;

#[derive(Serialize)]
struct Group {
    word: &'static str,
    hits: Vec<Hit>,
}

#[derive(Serialize)]
struct View {
    q: String,
    groups: Vec<Group>,
}

pub async fn search(ctx: &mut RequestContext) -> Result<Reply> {
    let q: String = ctx.query.get("q").chars().take(READ).collect();
    let mut groups = Vec::new();
    if !q.is_empty() {
        groups.push(Group { word: "栏目", hits: pages(ctx, &q) });
        for kind in kinds(ctx) {
            groups.push(Group { word: kind.word, hits: of_kind(ctx, kind, &q).await? });
        }
        groups.retain(|group| !group.hits.is_empty());
    }
    let lead = "院校、人员、台账、成果、项目、会议、资源和方案条文；可以输中文、拼音、首字母或编号。";
    Reply::view("shared/search/search.html", Page::new("搜索", lead).kind("detail"), &View { q, groups })
}

/// What the caller may look for, in the order of the page.
fn kinds(ctx: &RequestContext) -> Vec<&'static Findable> {
    let mut kinds: Vec<&Findable> = mechanism::all().flat_map(|one| one.found).collect();
    kinds.retain(|kind| ctx.can(kind.right.0, kind.right.1));
    kinds.sort_by_key(|kind| kind.place);
    kinds
}

async fn of_kind(ctx: &mut RequestContext, kind: &Findable, q: &str) -> Result<Vec<Hit>> {
    let indexed = match &kind.by {
        FoundBy::Terms(indexed) => indexed,
        FoundBy::Itself(find) => {
            let mut hits = (*find)(ctx, q).await?;
            hits.truncate(SHOWN);
            return Ok(hits);
        }
    };
    let mut hits: Vec<Hit> = Vec::new();
    for id in actions::ids(&mut ctx.tx, indexed, q).await? {
        // The index may know more than the caller may see.
        let hit = (indexed.show)(ctx, &id).await?;
        hits.extend(hit.filter(|hit| hits.len() < SHOWN && !hits.contains(hit)));
    }
    Ok(hits)
}

/// The pages of the menu that the caller has.
fn pages(ctx: &RequestContext, q: &str) -> Vec<Hit> {
    let (parts, mut seen) = (of_search(q), BTreeSet::new());
    let own = ctx.app.site.menu.iter().filter(|entry| ctx.can(entry.resource, entry.action));
    let found = own.filter(|entry| are_found(&parts, &of_item(entry.label, &[])) && seen.insert(entry.href));
    let hit = |entry: &jiedui_web::site::MenuEntry| Hit {
        href: entry.href.to_owned(),
        title: entry.label.to_owned(),
        about: entry.group.to_owned(),
        ..Hit::default()
    };
    found.take(SHOWN).map(hit).collect()
}
