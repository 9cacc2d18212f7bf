//! The files that were taken in, and the way back from one as a whole.

use super::data::{self, DoneRow};
use super::report::Report;
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

const AGAIN: &str = "这次导入刚才已经撤销过，没有再改。";
/// So many of those that stand in the way are named.
const NAMED: usize = 20;

/// Keeps what a file did, before the leaf of its import. Returns the address at which that is taken back.
pub async fn keep_done(
    tx: &mut Tx,
    kind: &ImportKind,
    (book, report): (&SentWorkbook, &Report),
    done: &(impl Serialize + Sync),
) -> Result<String> {
    let (id, now) = (tx.new_id(), tx.now());
    let (account, by_name) = (tx.actor().account().to_owned(), tx.actor().name().to_owned());
    named!(data::DONE {
        id: &id,
        kind: kind.id,
        account,
        by_name,
        file: &book.name,
        sha256: &book.sha256,
        summary: report.summary(),
        done: serde_json::to_string(done).map_err(Error::internal)?,
        now,
        undone_at: None::<Instant>,
    })
    .write(tx)
    .await?;
    Ok(format!("/imports/{id}/undo"))
}

fn kind(id: &str) -> Option<&'static ImportKind> {
    mechanism::all().flat_map(|one| one.imports).find(|kind| kind.id == id)
}

#[derive(Serialize)]
struct DoneLine {
    kind: &'static str,
    file: String,
    summary: String,
    at: String,
    state: StateMark,
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
    let account = ctx.actor.account().to_owned();
    let list = list.fetch::<DoneRow>(&mut ctx.tx, &values!(data::DONE_BY { account })).await?;
    let list = list.map(|row| {
        let known = kind(&row.kind);
        let may = known.is_some_and(|kind| ctx.can(kind.right.0, kind.right.1));
        let open = row.undone_at.is_none();
        DoneLine {
            kind: known.map_or("", |kind| kind.name),
            undo: (open && may).then(|| format!("/imports/{}/undo", row.id)),
            file: row.file,
            summary: row.summary,
            at: when(row.at),
            state: if open {
                StateMark::new("reached", "已写入", "●")
            } else {
                StateMark::new("none", "已撤销", "–")
            },
        }
    });
    let lead = "从表格写入的内容可以整份撤销；有一项已经有后续，就一项也不撤销，并说明是哪一项。";
    Reply::view("shared/imports/list.html", Page::new("导入记录", lead).kind("list"), &ListView { list })
}

/// Takes back what one file did: all of it, or nothing where something was built on a part of it.
pub async fn undo(ctx: &mut RequestContext) -> Result<Reply> {
    let key = args![ctx.param("id"), ctx.actor.account()];
    let row = ctx.tx.maybe::<DoneRow>(&data::DONE_ONE, key).await?.ok_or(Error::NotFound)?;
    let kind = kind(&row.kind).ok_or(Error::NotFound)?;
    ctx.require(kind.right.0, kind.right.1)?;
    if row.undone_at.is_some() {
        return Err(Error::Conflict(AGAIN.to_owned()));
    }
    // First, so that of two who ask at once the second waits and is told so, whatever the mechanism would say.
    let now = ctx.tx.now();
    data::UNDONE.at(row.id.as_str(), row.version, args![now]).write(&mut ctx.tx, AGAIN).await?;
    let number = match (kind.take_back)(ctx, &row.done).await? {
        TakenBack::Done(number) => number,
        TakenBack::Built(names) => return Err(Error::NotNow(refused(&names))),
    };
    let leaf = AuditRecord { action: "import.undo", resource: "import", resource_id: &row.sha256 };
    ctx.tx.audit(leaf, &json!({ "import": row.id, "kind": row.kind, "rows": number })).await?;
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
