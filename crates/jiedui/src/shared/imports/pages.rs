//! From the upload to the word of whoever sent it.

use super::data::{self, PendingRow};
use super::report::{Outcome, Report};
use chrono::TimeDelta;
use jiedui_documents::{CellError, Read, Workbook};
use jiedui_kernel::{Error, Result};
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::form::Upload;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use jiedui_web::workbook::SentWorkbook;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Bytes of a file that can be looked at before it is accepted, at most.
const MOST_BYTES: usize = 5 * 1024 * 1024;
/// Nobody comes back to a preview after that.
const KEPT_HOURS: i64 = 24;
/// Rows on one page of a preview.
const SHOWN: usize = 200;

/// The field of a page that wants to look before anything is written. A program that sends the file without it has what is
/// certain taken in at once.
const LOOK: &str = "look";
/// The fields of a preview: the file that was kept, what was shown, and what is wanted now.
const PENDING: &str = "pending";
const DIGEST: &str = "digest";
const ACT: &str = "act";
const ACCEPT: &str = "accept";
const CANCEL: &str = "cancel";
const GONE: &str = "这份表格已经写入、取消，或者过了一天没有确认，没有再写入。需要时请重新上传。";

/// What is wanted of a file that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Accept,
    Cancel,
    /// Another page of the preview.
    Show,
}

#[derive(Debug)]
enum Step {
    Sent { look: bool },
    Kept { id: String, digest: String, wish: Wish },
}

/// A file, sent now or kept since its preview.
#[derive(Debug)]
pub struct Received {
    upload: Upload,
    step: Step,
}

/// The same, read.
pub struct Sent {
    book: SentWorkbook,
    bytes: Vec<u8>,
    step: Step,
}

impl Sent {
    /// What was read from it, with what is wrong with some rows; or everything that is wrong, where no row can be read.
    pub fn rows(&mut self) -> Result<Read, Vec<CellError>> {
        std::mem::replace(&mut self.book.rows, Ok(Read::default()))
    }

    pub fn book(&self) -> &SentWorkbook {
        &self.book
    }

    /// The file itself, for a job that writes it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the log keeps of the file and of what it did.
    pub fn record(&self, report: &Report) -> serde_json::Value {
        let book = &self.book;
        json!({ "file": book.name, "sha256": book.sha256, "bytes": book.size, "rows": report.sums() })
    }
}

/// Whether the form wants to see first what its file would do.
pub fn is_looked_at(ctx: &RequestContext) -> bool {
    !ctx.form.values.get(LOOK).is_empty()
}

/// The file that the form carries, or names; `None` where it does neither.
pub async fn receive(ctx: &mut RequestContext) -> Result<Option<Received>> {
    if let Some(upload) = ctx.form.file.take() {
        let look = is_looked_at(ctx);
        return Ok(Some(Received { upload, step: Step::Sent { look } }));
    }
    let [id, digest] = [PENDING, DIGEST].map(|name| ctx.form.values.get(name).to_owned());
    if id.is_empty() {
        return Ok(None);
    }
    let wish = match ctx.form.values.get(ACT) {
        ACCEPT => Wish::Accept,
        CANCEL => Wish::Cancel,
        _ => Wish::Show,
    };
    let since = ctx.now - TimeDelta::hours(KEPT_HOURS);
    let key = args![&id, ctx.actor.account(), &ctx.path, since];
    let row = ctx.tx.maybe::<PendingRow>(&data::FIND, key).await?;
    let row = row.ok_or_else(|| Error::Conflict(GONE.to_owned()))?;
    let upload = Upload { name: row.name, bytes: row.bytes };
    Ok(Some(Received { upload, step: Step::Kept { id, digest, wish } }))
}

impl Received {
    pub fn size(&self) -> usize {
        self.upload.bytes.len()
    }

    /// The file itself, for what is too large to be looked at.
    pub fn into_upload(self) -> Upload {
        self.upload
    }

    /// Reads it; off the serving threads only.
    pub fn read(self, description: &Workbook) -> Sent {
        let Self { upload, step } = self;
        let mut book = SentWorkbook::with_notes(description, &upload.bytes, &upload.name);
        if upload.bytes.len() > MOST_BYTES {
            let help = "请删除图片等无关内容，或拆成几份再上传";
            book.rows = Err(vec![CellError::file("文件超过 5 MB，不能先预览再导入", help)]);
        }
        Sent { book, bytes: upload.bytes, step }
    }
}

/// The reading of it, between two transactions.
pub fn prepare(description: Workbook, received: Received) -> Prepared<Sent> {
    Prepared::work(Kind::Reading, move || Ok(received.read(&description)))
}

/// What the page of a preview says of its import.
pub struct About {
    /// The page that is led back to: address and name.
    pub back: (String, &'static str),
    /// What else the form sent with the file.
    pub carried: Vec<(&'static str, String)>,
}

/// Where a preview was given up: the way back. Nothing is written, and the file is forgotten.
pub async fn cancelled(ctx: &mut RequestContext, sent: &Sent, back: &str) -> Result<Option<Reply>> {
    match &sent.step {
        Step::Kept { id, wish: Wish::Cancel, .. } => {
            ctx.begin_writing().await?;
            ctx.tx.write(&data::FORGET, args![id, ctx.actor.account()]).await?;
            Ok(Some(Reply::done(back, Flash::done("已取消导入，什么也没有写入。"))))
        }
        _ => Ok(None),
    }
}

/// Whether what was just written stays. `None` where it does: it was accepted as it was shown, or there is nothing to look at
/// and nobody asked to; from then on the request may write. Otherwise everything that was written is taken back, and the
/// answer is the preview.
pub async fn look(
    ctx: &mut RequestContext,
    sent: &Sent,
    report: &Report,
    about: &About,
) -> Result<Option<Reply>> {
    let digest = report.digest()?;
    let (stays, changed, status) = match &sent.step {
        // Taken, and not acted on: a program that wanted it written is told so by the status.
        Step::Sent { look: false } => (report.is_certain(), false, 202),
        Step::Sent { look: true } => (false, false, 200),
        Step::Kept { digest: seen, wish, .. } => {
            (*wish == Wish::Accept && *seen == digest, *seen != digest, 200)
        }
    };
    if stays {
        ctx.begin_writing().await?;
        forget_accepted(ctx, sent).await?;
        return Ok(None);
    }
    if ctx.tx.may_write() {
        ctx.start_over().await?;
    }
    let id = if report.writes() { keep(ctx, sent).await? } else { String::new() };
    let view = PreviewView::of(
        ctx,
        (sent, report, about),
        &[(PENDING, id.as_str()), (DIGEST, digest.as_str())],
        changed,
    );
    let lead = "还没有写入。请核对下面的内容，确认后才写入；改了表格就重新上传。";
    let page = Page::new("导入预览", lead).back(&about.back.0, about.back.1).kind("form");
    Ok(Some(Reply::view("shared/imports/preview.html", page, &view)?.with_status(status)))
}

/// Once: whoever accepts a second time finds it gone.
async fn forget_accepted(ctx: &mut RequestContext, sent: &Sent) -> Result<()> {
    let Step::Kept { id, .. } = &sent.step else { return Ok(()) };
    match ctx.tx.write(&data::FORGET, args![id, ctx.actor.account()]).await? {
        0 => Err(Error::Conflict(GONE.to_owned())),
        _ => Ok(()),
    }
}

async fn keep(ctx: &mut RequestContext, sent: &Sent) -> Result<String> {
    if let Step::Kept { id, .. } = &sent.step {
        return Ok(id.clone());
    }
    ctx.begin_writing().await?;
    let (id, now, account) = (ctx.tx.new_id(), ctx.tx.now(), ctx.actor.account().to_owned());
    let old = args![&account, &ctx.path, now - TimeDelta::hours(KEPT_HOURS)];
    ctx.tx.write(&data::FORGET_OLD, old).await?;
    let row = args![&id, account, &ctx.path, &sent.book.name, sent.bytes.clone(), now];
    ctx.tx.write(&data::KEEP, row).await?;
    Ok(id)
}

/// Forgets what nobody came back for: names of people stand in it, and nobody need send another file for them to go.
pub async fn forget_late(tx: &mut Tx) -> Result<()> {
    let since = tx.now() - TimeDelta::hours(KEPT_HOURS);
    tx.write(&data::FORGET_LATE, args![since]).await.map(drop)
}

type Hidden = BTreeMap<&'static str, String>;

#[derive(Serialize)]
struct PreviewView {
    /// Where the preview's forms go.
    action: String,
    back: String,
    file: String,
    /// Something else would come of it than was shown before.
    changed: bool,
    writes: bool,
    sums: Vec<(&'static str, usize)>,
    rows: Vec<PreviewRow>,
    page: usize,
    pages: usize,
    accept: Hidden,
    cancel: Hidden,
    before: Option<Hidden>,
    after: Option<Hidden>,
}

#[derive(Serialize)]
struct PreviewRow {
    outcome: Outcome,
    label: &'static str,
    sheet: String,
    row: u32,
    what: String,
    why: String,
    changes: Vec<[String; 3]>,
}

impl PreviewView {
    fn of(
        ctx: &RequestContext,
        (sent, report, about): (&Sent, &Report, &About),
        kept: &[(&'static str, &str)],
        changed: bool,
    ) -> Self {
        let rows = report.rows();
        let pages = rows.len().div_ceil(SHOWN).max(1);
        let asked = usize::try_from(ctx.form.values.page()).unwrap_or(1);
        let page = if changed { 1 } else { asked.min(pages) };
        let hidden = |more: &[(&'static str, String)]| -> Hidden {
            let kept = kept.iter().map(|(name, value)| (*name, (*value).to_owned()));
            kept.chain(about.carried.iter().cloned()).chain(more.iter().cloned()).collect()
        };
        let at = |page: usize| hidden(&[("page", page.to_string())]);
        let sums = [Outcome::Made, Outcome::Changed, Outcome::LeftOut, Outcome::Asked];
        let mut sums: Vec<(&'static str, usize)> =
            sums.map(|outcome| (outcome.label(), report.count(outcome))).into();
        sums.insert(2, ("相同", report.unchanged()));
        let shown = rows.into_iter().skip((page - 1) * SHOWN).take(SHOWN).map(|row| PreviewRow {
            outcome: row.outcome,
            label: row.outcome.label(),
            sheet: row.sheet.clone(),
            row: row.row,
            what: row.what.clone(),
            why: row.why.clone(),
            changes: row.changes.clone(),
        });
        Self {
            action: ctx.path.clone(),
            back: about.back.0.clone(),
            file: sent.book.name.clone(),
            changed,
            writes: report.writes(),
            sums,
            rows: shown.collect(),
            page,
            pages,
            accept: hidden(&[(ACT, ACCEPT.to_owned())]),
            cancel: hidden(&[(ACT, CANCEL.to_owned())]),
            before: (page > 1).then(|| at(page - 1)),
            after: (page < pages).then(|| at(page + 1)),
        }
    }
}
