//! One version: what it changes against the one before, what may not be, whose status and which figures it moves; and the
//! decision about it. Once it is active the page is the note for users, each seeing what concerns those in his scope.

use super::super::actions::{self, files_of, in_use};
use super::super::data::{self, EffectRow, VersionRow};
use super::super::rules;
use super::mark;
use jiedui_kernel::{FieldError, Reported, Result, Unit};
use jiedui_programme::{Change, Programme, breaks, diff, load, run_examples};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

/// So many effects are on a page.
const PAGE: i64 = 100;

#[derive(Serialize)]
struct ChangeLine {
    clause: String,
    what: String,
    was: String,
    becomes: String,
}

#[derive(Serialize)]
struct ShowView {
    state: StateMark,
    about: Vec<String>,
    by: String,
    made: String,
    decided: Option<(String, String)>,
    /// The job, while it has not been rehearsed.
    job: Option<String>,
    changes: Vec<ChangeLine>,
    broken: Vec<ChangeLine>,
    failures: Vec<String>,
    effects: Vec<ChangeLine>,
    count: Figure,
    before: Option<String>,
    after: Option<String>,
    activates: bool,
    drops: bool,
    /// Somebody else activates it.
    waits: bool,
    href: String,
    errors: Vec<FieldError>,
}

fn change_line(change: Change) -> ChangeLine {
    ChangeLine { clause: change.clause, what: change.what, was: change.before, becomes: change.after }
}

fn effect_line(row: EffectRow) -> ChangeLine {
    ChangeLine { clause: row.clause, what: row.what, was: row.was, becomes: row.becomes }
}

async fn find(ctx: &mut RequestContext) -> Result<VersionRow> {
    ctx.tx.one::<VersionRow>(&data::SHOW, args![ctx.param("id")]).await
}

/// A kept programme; none where the checker has become stricter since.
async fn kept(ctx: &mut RequestContext, digest: &str) -> Result<Option<Programme>> {
    Ok(load(&files_of(&mut ctx.tx, digest).await?).ok())
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let row = find(ctx).await?;
    let (old, new) = (kept(ctx, &row.base).await?, kept(ctx, &row.digest).await?);
    let open = rules::is_open(row.state);
    let (mut changes, mut broken) = (Vec::new(), Vec::new());
    if let (Some(old), Some(new)) = (&old, &new) {
        changes = diff(old, new).into_iter().map(change_line).collect();
        let found = if open { breaks(old, new, ctx.today) } else { Vec::new() };
        broken = found.into_iter().map(change_line).collect();
    }
    let failures = new.as_ref().filter(|_| open).map(run_examples).unwrap_or_default();
    let (href, page) = (format!("/programme/{}", row.id), ctx.query.page());
    let total = ctx.tx.number(&data::COUNT_EFFECTS, args![&row.id]).await?;
    let skip = (page - 1) * PAGE;
    let effects = ctx.tx.all::<EffectRow>(&data::EFFECTS_OF, args![&row.id, PAGE, skip]).await?;
    let current = in_use(&mut ctx.tx).await?.is_some_and(|digest| digest == row.base);
    let holds = broken.is_empty() && failures.is_empty() && row.replayed_at.is_some() && current;
    let view = ShowView {
        state: mark(row.state),
        about: rules::lines(&row.about),
        by: row.made_by.clone(),
        made: when(row.made_at),
        decided: row.decided_at.map(|at| (row.decided_by.clone(), when(at))),
        job: (open && row.replayed_at.is_none()).then(|| format!("/jobs/{}", row.job)),
        changes,
        broken,
        failures: failures.iter().map(ToString::to_string).collect(),
        count: Figure::of(Reported::Value(total), Unit::Items, &href, "随之变化的状态和指标"),
        effects: effects.into_iter().map(effect_line).collect(),
        before: (page > 1).then(|| format!("{href}?page={}", page - 1)),
        after: (skip + PAGE < total).then(|| format!("{href}?page={}", page + 1)),
        activates: open && holds && ctx.can("programme", "activate"),
        waits: open && ctx.is_released_by_another("programme", "activate"),
        drops: open && ctx.can("programme", "prepare"),
        href,
        errors: errors.clone(),
    };
    let lead = "与上一版逐条对照；影响按近两年的事实演算，已结束的时期不改判。";
    let page = Page::new(format!("方案版本：{}", view.state.label), lead)
        .back("/programme", "方案版本")
        .kind("detail");
    Ok(Reply::view("oversight/versions/show.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn activate(ctx: &mut RequestContext) -> Result<Reply> {
    let row = find(ctx).await?;
    let Some(programme) = kept(ctx, &row.digest).await? else {
        return Err(jiedui_kernel::Error::internal("a prepared programme can no longer be read"));
    };
    match actions::activate(&mut ctx.tx, &row, &programme).await.or_wrong()? {
        Ok(()) => {
            let flash = Flash::done("已启用。各页面几秒后按新的一版显示，有变化的单位在工作台看到说明。");
            Ok(Reply::done(format!("/programme/{}", row.id), flash))
        }
        Err(errors) => show_page(ctx, errors).await,
    }
}

pub async fn drop_version(ctx: &mut RequestContext) -> Result<Reply> {
    let row = find(ctx).await?;
    actions::drop_version(&mut ctx.tx, &row).await?;
    Ok(Reply::done("/programme", Flash::done("已放弃，现用的方案没有变。")))
}
