//! Jobs as their owner and the system administrator see them, and the file that one made.

use super::actions::{self, NewJob};
use super::data::{self, JobRow};
use super::rules::State;
use crate::shared::background::{JobKind, Work};
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_store::{Tx, args, values};
use jiedui_web::context::RequestContext;
use jiedui_web::download::{PartedFile, XLSX};
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::form::FormValues;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;
use std::sync::Arc;

const LEAD: &str = "数据量大的导出、导入和重算在后台处理，可以离开本页，稍后回来看结果。";

#[derive(Serialize)]
struct JobLine {
    href: String,
    title: String,
    by: String,
    state: StateMark,
    queued: String,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<JobLine>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let mut list = Listing::at("/jobs", Unit::Items, &ctx.query);
    let states = State::ALL.map(|state| (state, state.id(), state.label()));
    let state = list.one_of("state", "状态", states).map_or("", State::id);
    let account = if ctx.can("job", "oversee") { "" } else { ctx.actor.account() }.to_owned();
    let call = values!(data::LIST { account, state });
    let list = list.fetch::<JobRow>(&mut ctx.tx, &call).await?.map(|row| JobLine {
        href: format!("/jobs/{}", row.id),
        title: row.title,
        by: format!("{} {}", row.org_name, row.name),
        state: row.state.mark(),
        queued: when(row.queued_at),
    });
    Reply::view("shared/jobs/list.html", Page::new("后台任务", LEAD).kind("list"), &ListView { list })
}

/// A job that the caller may see: its own, any for whoever oversees them, and one that writes a file of the caller's unit for
/// whoever there has the right to, since they take that file back too.
async fn find(ctx: &mut RequestContext, id: &str, oversees: bool) -> Result<JobRow> {
    let job = ctx.tx.one::<JobRow>(&data::SHOW, args![id]).await?;
    let shared = |kind: &JobKind| matches!(kind.work, Work::Slices(_)) && ctx.can(kind.right.0, kind.right.1);
    let of_unit = job.org == ctx.actor.org && actions::kind(&job.kind).is_ok_and(shared);
    if job.account == ctx.actor.account() || oversees || of_unit { Ok(job) } else { Err(Error::NotFound) }
}

#[derive(Serialize)]
struct View {
    state: StateMark,
    by: String,
    queued: String,
    ended: Option<String>,
    /// Whether the page asks for itself again.
    goes_on: bool,
    step: String,
    done: Option<Figure>,
    total: Option<Figure>,
    /// From 0 to 100, where it is known of how many.
    part: Option<i64>,
    result: Vec<String>,
    file: Option<FileView>,
    cancel: Option<String>,
    version: i64,
}

#[derive(Serialize)]
struct FileView {
    href: String,
    name: String,
    /// Until when; none where it is gone.
    until: Option<String>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, oversees) = (ctx.param("id"), ctx.can("job", "oversee"));
    let job = find(ctx, &id, oversees).await?;
    let href = format!("/jobs/{}", job.id);
    let figure = |number: i64, label: &str| Figure::of(Reported::Value(number), Unit::Entries, &href, label);
    let goes_on = !job.state.has_ended();
    let running = job.state == State::Running;
    let own = job.account == ctx.actor.account();
    let file = (own && !job.file.is_empty()).then(|| FileView {
        href: format!("{href}/file"),
        name: job.file.clone(),
        until: job.expires_at.filter(|until| *until > ctx.now).map(when),
    });
    let view = View {
        state: job.state.mark(),
        by: format!("{} {}", job.org_name, job.name),
        queued: when(job.queued_at),
        ended: job.ended_at.map(when),
        goes_on,
        step: if running { job.step } else { String::new() },
        done: running.then(|| figure(job.done, "已处理")),
        total: job.total.filter(|_| running).map(|total| figure(total, "共有")),
        part: job.total.filter(|total| running && *total > 0).map(|total| (job.done * 100 / total).min(100)),
        result: job.result.lines().map(str::to_owned).collect(),
        file,
        cancel: goes_on.then(|| format!("{href}/cancel")),
        version: job.version,
    };
    let page = Page::new(job.title, "处理期间本页每隔几秒自动更新，也可以离开，稍后再来。");
    Reply::view("shared/jobs/show.html", page.back("/jobs", "后台任务").kind("detail"), &view)
}

pub async fn cancel(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, oversees) = (ctx.param("id"), ctx.can("job", "oversee"));
    let job = find(ctx, &id, oversees).await?;
    // Whatever version the page showed: between a claim and a retry it is the same job to whoever gives it up.
    let words = actions::cancel(&mut ctx.tx, &job).await?;
    Ok(Reply::done(format!("/jobs/{id}"), Flash::done(words)))
}

/// What the job made, for whoever asked for it and for nobody else.
pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let job = find(ctx, &id, false).await?;
    if job.file.is_empty() || job.expires_at.is_none_or(|until| until <= ctx.now) {
        return Err(Error::NotFound);
    }
    let (db, actor) = (ctx.app.db.clone(), Arc::clone(&ctx.actor));
    let (id, attempt, size) = (job.id, job.attempt, usize::try_from(job.bytes).unwrap_or(0));
    let read = move |place: i64| {
        let (db, actor, id) = (db.clone(), Arc::clone(&actor), id.clone());
        let part = async move {
            // Each by itself: a slow client holds no transaction.
            let mut tx = db.read(actor).await?;
            let part = tx.maybe::<(Vec<u8>,)>(&data::PART, args![id, attempt, place]).await?;
            Ok(part.map(|(bytes,)| bytes))
        };
        Box::pin(part) as std::pin::Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>>> + Send>>
    };
    Ok(Reply::Parted(PartedFile { name: job.file, mime: XLSX, size, read: Box::new(read) }))
}

#[derive(Serialize)]
struct OfferView {
    action: String,
    number: Figure,
    back: String,
}

/// What a list at this address says that is too long to be made into a workbook while one waits: it is offered to be made
/// by a job, and the offer is sent to [`queue_export`].
pub fn too_large(
    kind: &JobKind,
    list: &str,
    query: &FormValues,
    (number, more): (i64, bool),
) -> Result<Reply> {
    let query = query.without(&[]);
    let (action, back) = (format!("{list}/export?{query}"), format!("{list}?{query}"));
    let number = Figure::of(Reported::Value(number), Unit::Entries, &back, "符合条件的").and_more(more);
    let page = Page::new(kind.name, "这份表格较大，在后台生成；做好后在“后台任务”里下载。").kind("form");
    Reply::view("shared/jobs/offer.html", page, &OfferView { action, number, back })
}

/// Has a list made into a workbook, with what it is filtered by.
pub async fn queue_export(tx: &mut Tx, kind: &JobKind, filters: &impl Serialize) -> Result<Reply> {
    let args = serde_json::to_string(filters).map_err(Error::internal)?;
    let new = NewJob { kind: kind.id, title: kind.name, args, input: None };
    Ok(queued(&actions::queue(tx, &new).await?))
}

/// Where whoever queued a job goes.
pub fn queued(id: &str) -> Reply {
    Reply::done(format!("/jobs/{id}"), Flash::done("已提交，正在后台处理。"))
}
