//! What somebody often asks of a list, saved under a name: a link at the top of that list, for its holder alone
//! (docs/decisions/0093-views-are-addresses.md).

mod data;
mod pages;

use crate::context::RequestContext;
use crate::figure::COUNT;
use crate::form::FormValues;
use crate::reply::Page;
use crate::route;
use crate::route::{Access, Method, Route, Subject};
use data::ViewRow;
use jiedui_kernel::Result;
use jiedui_store::{AuditRecord, Table, Tx, args, table};
use serde::Serialize;

/// What is kept of them.
pub const TABLES: &[Table] = &[table!(plain "saved_view")];

/// Of one account.
pub const MOST: i64 = 20;
/// Characters of a name: it stands in a row with others.
const LONGEST: usize = 20;
/// Characters of what is asked; an address is no longer.
const LONGEST_QUERY: usize = 1_000;

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/my/views", Access::SignedIn, pages::list).about(Subject::None, "存下的条件"),
        route!(Post "/my/views", Access::SignedIn, pages::save).about(Subject::None, "存下列表的条件"),
        route!(Post "/my/views/rename", Access::SignedIn, pages::rename)
            .about(Subject::None, "给存下的条件改名"),
        route!(Post "/my/views/drop", Access::SignedIn, pages::forget).about(Subject::None, "删除存下的条件"),
    ]
}

/// What stands at the top of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Views {
    links: Vec<ViewLink>,
    /// What could be saved now.
    asked: Option<Asked>,
}

#[derive(Debug, Clone, Serialize)]
struct ViewLink {
    href: String,
    name: String,
    /// It is what is shown.
    here: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Asked {
    list: String,
    query: String,
}

/// As it is kept: in the order in which it was asked, without what says no more than which page of it.
fn evened(query: &FormValues) -> String {
    query.with(COUNT, "")
}

fn address(list: &str, query: &str) -> String {
    if query.is_empty() { list.to_owned() } else { format!("{list}?{query}") }
}

/// Those of the caller for the list that is shown; nothing where there are none and nothing was asked.
pub(crate) async fn of(ctx: &mut RequestContext, page: &Page) -> Result<Option<Box<Views>>> {
    let Some(has_views) = ctx.session.as_ref().map(|session| session.has_views) else { return Ok(None) };
    if page.kind != "list" || ctx.received.route.method != Method::Get {
        return Ok(None);
    }
    let rows = if has_views {
        let account = ctx.actor.account().to_owned();
        ctx.tx.all::<ViewRow>(&data::OF_LIST, args![account, &ctx.path]).await?
    } else {
        Vec::new()
    };
    let query = evened(&ctx.query);
    let kept = rows.iter().any(|row| row.query == query);
    let link = |row: ViewRow| ViewLink {
        href: address(&row.list, &row.query),
        name: row.name,
        here: row.query == query,
    };
    let links: Vec<ViewLink> = rows.into_iter().map(link).collect();
    let asks = !query.is_empty() && !kept && query.len() <= LONGEST_QUERY;
    let asked = asks.then(|| Asked { list: ctx.path.clone(), query });
    Ok((!links.is_empty() || asked.is_some()).then(|| Box::new(Views { links, asked })))
}

/// What cannot be saved, in words for its holder.
async fn refused(tx: &mut Tx, (account, list, id): (&str, &str, &str), name: &str) -> Result<Option<String>> {
    if name.is_empty() {
        return Ok(Some("请给这组条件起个名字。".to_owned()));
    }
    if name.chars().count() > LONGEST {
        return Ok(Some(format!("名字最多 {LONGEST} 个字，请写短些。")));
    }
    let taken = tx.number(&data::NAMED, args![account, list, name, id]).await? > 0;
    Ok(taken.then(|| format!("这个列表已有叫“{name}”的条件，请换个名字。")))
}

/// Saves what an account asked of a list, or says why not.
pub async fn save(
    tx: &mut Tx,
    account: &str,
    (list, query): (&str, &str),
    name: &str,
) -> Result<Option<String>> {
    tx.write(&data::LOCK_OWN, args![account]).await?;
    if let Some(words) = refused(tx, (account, list, ""), name).await? {
        return Ok(Some(words));
    }
    if tx.number(&data::NUMBER, args![account]).await? >= MOST {
        return Ok(Some(format!("最多存 {MOST} 组条件，请先删除不用的。")));
    }
    let id = tx.new_id();
    tx.write(&data::SAVE, args![&id, account, list, name, query]).await?;
    note(tx, "view.save", &id, name).await?;
    Ok(None)
}

async fn note(tx: &mut Tx, action: &'static str, id: &str, name: &str) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "view", resource_id: id }, &serde_json::json!({ "name": name }))
        .await
}
