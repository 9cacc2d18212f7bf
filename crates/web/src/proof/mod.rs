//! How a thing stands to the audit log, for whoever may see the thing: a mark on its page, a page with the records of its
//! rows and their place in the log, and a proof file that can be checked without this server.

use crate::context::RequestContext;
use crate::download::JSON;
use crate::figure::{Link, StateMark, when};
use crate::names::Names;
use crate::reply::{Page, Reply};
use crate::route;
use crate::route::{Access, Answer, Method, Route, Run, Subject};
use jiedui_kernel::{Error, Result};
use jiedui_store::audit::{self, StoredLeaf, proofs, rows};
use serde::Serialize;

/// More differing rows than this are counted, not listed.
const LISTED: usize = 20;

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/proof/{resource}/{id}", Access::SignedIn, page)
            .about(Subject::Open, "核对一件事与审计日志")
            .fresh(),
        route!(Get "/proof/{resource}/{id}/file", Access::SignedIn, file)
            .about(Subject::Open, "下载一件事的证明文件")
            .fresh(),
    ]
}

/// Beside the title of a thing's page: whether its rows are what the log says.
#[derive(Debug, Clone, Serialize)]
pub struct LogMark {
    pub state: StateMark,
    pub href: String,
}

fn state(check: &rows::ResourceCheck) -> StateMark {
    match (check.faults.is_empty(), check.leaf.is_some()) {
        (true, true) => StateMark::new("done", "与日志一致", "●"),
        (true, false) => StateMark::new("open", "日志未记", "○"),
        (false, _) => StateMark::new("missed", "与日志不一致", "■"),
    }
}

/// The kind of thing whose own page a route is.
pub fn subject_of(route: &Route) -> Option<&'static str> {
    match route.subject {
        Subject::Row(resource) if route.method == Method::Get && route.path.ends_with("/{id}") => {
            Some(resource)
        }
        _ => None,
    }
}

/// The mark for the page of the route that was asked for; `None` where it is no thing's page, or the thing has no rows
/// of its own.
pub(crate) async fn mark(ctx: &mut RequestContext, route: &Route) -> Result<Option<LogMark>> {
    let Some(resource) = subject_of(route) else { return Ok(None) };
    let id = ctx.param("id");
    let tables = (ctx.app.site.tables_of)(resource);
    let check = rows::of_resource(&mut ctx.tx, &tables, &id).await?;
    Ok((check.rows > 0).then(|| LogMark { state: state(&check), href: format!("/proof/{resource}/{id}") }))
}

/// Lets the thing's own page answer first: whoever may not see it learns nothing here either. Returns its title.
async fn seen(ctx: &mut RequestContext) -> Result<(&'static str, String, Link)> {
    let (wanted, id) = (ctx.param("resource"), ctx.param("id"));
    let known = |route: &&Route| subject_of(route) == Some(wanted.as_str());
    let route = *ctx.app.site.routes.iter().find(known).ok_or(Error::NotFound)?;
    if let Access::Can(resource, action) = route.access
        && !ctx.can(resource, action)
    {
        return Err(Error::Forbidden(format!("{resource}.{action}")));
    }
    let Answer::Handler(Run::AtOnce(handler)) = route.answer else { return Err(Error::NotFound) };
    let Reply::View { page, status: 200, .. } = handler(ctx).await? else { return Err(Error::NotFound) };
    // Of that page only its title is shown.
    ctx.names = Names::of(&ctx.actor, &ctx.programme());
    let resource = subject_of(&route).ok_or(Error::NotFound)?;
    Ok((resource, page.title, Link::new(route.path.replace("{id}", &id), "返回")))
}

#[derive(Serialize)]
struct ProofView {
    state: StateMark,
    rows: i64,
    faults: Vec<String>,
    more: usize,
    /// The newest record of its rows.
    record: Option<RecordLine>,
    file: Option<String>,
}

/// A record of the thing, without what only the auditor sees.
#[derive(Serialize)]
struct RecordLine {
    when: String,
    who: String,
    org: String,
    number: Option<i64>,
    hash: String,
    root: Option<String>,
    size: Option<i64>,
    path: Vec<String>,
    state: StateMark,
}

async fn page(ctx: &mut RequestContext) -> Result<Reply> {
    let (resource, title, back) = seen(ctx).await?;
    let id = ctx.param("id");
    let tables = (ctx.app.site.tables_of)(resource);
    let check = rows::of_resource(&mut ctx.tx, &tables, &id).await?;
    let record = match &check.leaf {
        Some(leaf) => {
            let leaf = audit::leaf(&mut ctx.tx, leaf).await?;
            Some(line(ctx, leaf).await?)
        }
        None => None,
    };
    let placed = record.as_ref().is_some_and(|record| record.number.is_some());
    let view = ProofView {
        state: state(&check),
        rows: check.rows,
        more: check.faults.len().saturating_sub(LISTED),
        faults: check.faults.iter().take(LISTED).map(ToString::to_string).collect(),
        record,
        file: placed.then(|| format!("/proof/{resource}/{id}/file")),
    };
    let page = Page::new(
        format!("核对日志：{title}"),
        "这件事的数据与审计日志逐行比对的结果，以及最近一条记录在日志中的证明。",
    )
    .back(back.href, back.label)
    .kind("detail");
    Reply::view("proof.html", page, &view)
}

async fn line(ctx: &mut RequestContext, leaf: StoredLeaf) -> Result<RecordLine> {
    let proof = proofs::inclusion(&mut ctx.tx, &leaf).await?;
    Ok(RecordLine {
        when: when(leaf.at),
        who: leaf.name,
        org: leaf.org_name,
        number: leaf.position.map(|position| position + 1),
        hash: leaf.hash,
        root: proof.as_ref().map(|proof| proof.head.root.clone()),
        size: proof.as_ref().map(|proof| proof.head.size),
        state: match &proof {
            Some(proof) if proof.holds => StateMark::new("done", "证明成立", "●"),
            Some(_) => StateMark::new("missed", "证明不成立", "■"),
            None => StateMark::new("open", "待固化，几秒后再看", "○"),
        },
        path: proof.map(|proof| proof.path).unwrap_or_default(),
    })
}

async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let (resource, title, _) = seen(ctx).await?;
    let id = ctx.param("id");
    let tables = (ctx.app.site.tables_of)(resource);
    let check = rows::of_resource(&mut ctx.tx, &tables, &id).await?;
    let leaf = audit::leaf(&mut ctx.tx, &check.leaf.ok_or(Error::NotFound)?).await?;
    let file = proofs::file(&mut ctx.tx, &leaf).await?.ok_or(Error::NotFound)?;
    let make = move || serde_json::to_vec_pretty(&file).map_err(Error::internal);
    Ok(Reply::made(format!("证明-{title}.json"), JSON, make))
}
