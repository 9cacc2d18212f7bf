//! The files that were taken in, and the way back from one as a whole.

use super::data::{self, DoneRow};
use super::report::Report;
use super::slices::{Begun, Course};
use crate::shared::mechanism;
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_kernel::{Error, Instant, Result, Unit};
use jiedui_store::{AuditRecord, Tx, args, named, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{StateMark, when};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::workbook::SentWorkbook;
use serde::Serialize;
use serde_json::json;

const ELSEWHERE: &str =
    "这份表格是您以另一个单位的身份导入的，什么也没有改。请先在“我的账号”切换到那个单位，再撤销。";
const AGAIN: &str = "这次导入刚才已经撤销过，没有再改。";
/// So many of those that stand in the way are named.
const NAMED: usize = 20;

/// Keeps what a file did, before the leaf of its import. Returns the address at which that is taken back.
pub async fn keep_done(
    tx: &mut Tx,
    kind: &ImportKind,
    sent: (&SentWorkbook, &Report),
    done: &(impl Serialize + Sync),
) -> Result<String> {
    let id = tx.new_id();
    insert(tx, kind, sent, &Begun { id: &id, subject: "", job: "", rows: 0 }, done).await?;
    Ok(format!("/imports/{id}/undo"))
}

/// Its line, with the job that writes it where one does.
pub(super) async fn insert(
    tx: &mut Tx,
    kind: &ImportKind,
    (book, report): (&SentWorkbook, &Report),
    begun: &Begun<'_>,
    done: &(impl Serialize + Sync),
) -> Result<()> {
    let now = tx.now();
    let course = if begun.job.is_empty() { Course::Through } else { Course::Writing };
    let (account, by_name) = (tx.actor().account().to_owned(), tx.actor().name().to_owned());
    let org = tx.actor().org.clone();
    named!(data::DONE {
        id: begun.id,
        kind: kind.id,
        account,
        by_name,
        org,
        file: &book.name,
        sha256: &book.sha256,
        summary: report.summary(),
        done: serde_json::to_string(done).map_err(Error::internal)?,
        now,
        undone_at: None::<Instant>,
        course: course.id(),
        subject: begun.subject,
        job: begun.job,
        total: i64::try_from(begun.rows).map_err(Error::internal)?,
    })
    .write(tx)
    .await
    .map(drop)
}

fn kind(id: &str) -> Option<&'static ImportKind> {
    mechanism::all().flat_map(|one| one.imports).find(|kind| kind.id == id)
}

#[derive(Serialize)]
struct DoneLine {
    kind: &'static str,
    file: String,
    /// Who sent it.
    by: String,
    summary: String,
    at: String,
    state: StateMark,
    /// Who took it back; "" where nobody did.
    undone_by: String,
    /// The job that is at it.
    progress: Option<String>,
    /// Where it is taken back; none where it was, or the caller no longer may.
    undo: Option<String>,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<DoneLine>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let list = Listing::at("/imports", Unit::Items, &ctx.query);
    let (account, org, kinds) = (ctx.actor.account().to_owned(), ctx.actor.org.clone(), kinds(ctx));
    let list = list.fetch::<DoneRow>(&mut ctx.tx, &values!(data::DONE_BY { account, org, kinds })).await?;
    let list = list.map(|row| {
        let known = kind(&row.kind);
        let may = known.is_some_and(|kind| ctx.can(kind.right.0, kind.right.1));
        let here = row.is_of(&ctx.actor.org);
        let open = here && row.undone_at.is_none() && matches!(row.course, Course::Through | Course::Stopped);
        DoneLine {
            kind: known.map_or("", |kind| kind.name),
            undo: (open && may).then(|| format!("/imports/{}/undo", row.id)),
            state: state(&row),
            progress: (here && matches!(row.course, Course::Writing | Course::Undoing))
                .then(|| format!("/jobs/{}", row.job)),
            summary: summary(&row),
            file: row.file,
            by: row.by_name,
            undone_by: row.undone_by,
            at: when(row.at),
        }
    });
    let lead = "本单位从表格写入的内容可以整份撤销，有同样权限的同事也可以；有一项已经有后续，就一项也不撤销，并说明是哪一项。";
    Reply::view("shared/imports/list.html", Page::new("导入记录", lead).kind("list"), &ListView { list })
}

/// The kinds of imports that the caller may take back, as the statement of the list takes them.
fn kinds(ctx: &RequestContext) -> String {
    let all = mechanism::all().flat_map(|one| one.imports);
    let may = all.filter(|kind| ctx.can(kind.right.0, kind.right.1)).map(|kind| kind.id);
    format!(",{},", may.collect::<Vec<_>>().join(","))
}

fn state(row: &DoneRow) -> StateMark {
    match (row.course, row.undone_at) {
        (Course::Writing, _) => StateMark::new("waiting", "正在写入", "◐"),
        (Course::Undoing, _) => StateMark::new("waiting", "正在撤回", "◐"),
        (Course::Stopped, _) => StateMark::new("missed", "已中断", "■"),
        (Course::Through, None) => StateMark::new("reached", "已写入", "●"),
        (Course::Through, Some(_)) if row.why.is_empty() => StateMark::new("none", "已撤销", "–"),
        (Course::Through, Some(_)) => StateMark::new("none", "没有写入", "–"),
    }
}

fn summary(row: &DoneRow) -> String {
    match row.course {
        Course::Through if row.why.is_empty() => row.summary.clone(),
        Course::Through => format!("{}。整份没有写入。", row.why),
        Course::Stopped => format!("中断时有 {} 项已写入，共 {} 项；请撤销这次导入。", row.place, row.total),
        Course::Writing | Course::Undoing => format!("已写入 {} 项，共 {} 项。", row.place, row.total),
    }
}

/// Takes back what one file did: all of it, or nothing where something was built on a part of it. Whoever sent it may have left:
/// everybody of the unit may who has the right.
pub async fn undo(ctx: &mut RequestContext) -> Result<Reply> {
    let key = args![ctx.param("id"), ctx.actor.account(), &ctx.actor.org];
    let row = ctx.tx.maybe::<DoneRow>(&data::DONE_ONE, key).await?.ok_or(Error::NotFound)?;
    let kind = kind(&row.kind).ok_or(Error::NotFound)?;
    if row.account != ctx.actor.account() && !ctx.can(kind.right.0, kind.right.1) {
        // A colleague's file that is not even listed.
        return Err(Error::NotFound);
    }
    ctx.require(kind.right.0, kind.right.1)?;
    if row.undone_at.is_some() {
        return Err(Error::Conflict(AGAIN.to_owned()));
    }
    if matches!(row.course, Course::Writing | Course::Undoing) {
        return Err(Error::NotNow("这份表格正在写入或撤回，请等它结束，或在它的任务页取消。".to_owned()));
    }
    // What was written there, nobody finds from here: nothing of it would be taken back.
    if !row.is_of(&ctx.actor.org) {
        return Err(Error::NotNow(ELSEWHERE.to_owned()));
    }
    // First, so that of two who ask at once the second waits and is told so, whatever the mechanism would say.
    let (now, by) = (ctx.tx.now(), ctx.actor.name().to_owned());
    data::UNDONE.at(row.id.as_str(), row.version, args![now, by]).write(&mut ctx.tx, AGAIN).await?;
    let number = match (kind.take_back)(ctx, &row.done).await? {
        TakenBack::Done(number) => number,
        TakenBack::ByJob(job) => {
            // Only when the job is through with it, it is undone.
            let values = args![Course::Undoing.id(), &job, None::<Instant>];
            data::HAND_ON.at(row.id.as_str(), row.version + 1, values).write(&mut ctx.tx, AGAIN).await?;
            let leaf = AuditRecord { action: "import.slice", resource: "import", resource_id: &row.sha256 };
            ctx.tx
                .audit(leaf, &json!({ "import": row.id, "course": Course::Undoing.id(), "job": job }))
                .await?;
            return Ok(Reply::done(format!("/jobs/{job}"), Flash::done("已开始撤回，正在后台处理。")));
        }
        TakenBack::Built(names) => return Err(Error::NotNow(refused(&names))),
    };
    let leaf = AuditRecord { action: "import.undo", resource: "import", resource_id: &row.sha256 };
    let made_by = json!({ "account": row.account, "name": row.by_name });
    let body = json!({ "import": row.id, "kind": row.kind, "rows": number, "made_by": made_by });
    ctx.tx.audit(leaf, &body).await?;
    let words = format!("已撤销这次导入，{number} 项恢复到导入以前。");
    Ok(Reply::done("/imports", Flash::done(words)))
}

fn refused(names: &[String]) -> String {
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("；另有 {more} 项"),
    };
    let named: Vec<&str> = names.iter().take(NAMED).map(|name| name.trim_end_matches('。')).collect();
    format!("这次导入不能整份撤销，什么也没有改：{}{more}。请逐项处理。", named.join("；"))
}
