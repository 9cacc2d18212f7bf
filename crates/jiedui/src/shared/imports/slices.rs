//! A file of many rows, written in slices: SQLite has one writer, and nobody is to wait for it longer than a slice takes. Each
//! slice is a transaction with what it writes, its leaves, and how far the file is by then. So whoever takes the job up after
//! its worker was killed goes on behind the last slice, and of two who believe to have it one alone writes each.
//!
//! A row that is refused half way takes the whole file back, in slices too. What was written is held meanwhile: nobody answers
//! or changes it, so that all of it can go ([`course_of`]).

use super::data::{self, DoneRow};
use super::report::Report;
use super::undo;
use crate::shared::background::{Task, Working};
use crate::shared::taken_back::ImportKind;
use jiedui_kernel::{Code, Error, Instant, Result};
use jiedui_store::{AuditRecord, Tx, args};
use jiedui_web::workbook::SentWorkbook;
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant as Moment;

/// So many rows are written in the transaction of whoever accepts the file; more by a job, in slices.
pub const AT_ONCE: usize = 20;
/// Rows of a slice, at most.
const MOST: i64 = 20;
/// A slice ends behind the row at which it has taken so long.
const LONG: Duration = Duration::from_millis(25);

const THROUGH: &str = "这份表格已经处理完，没有可以取消的。要撤销已经写入的内容，请到“导入记录”。";
const MOVED: &str = "这次导入刚才有了进展，没有再改。请看现在的状态。";

/// Where a file stands between its first row and its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// All of it is written, or all of it is taken back.
    Through,
    Writing,
    Undoing,
    /// Its job failed half way.
    Stopped,
}

impl Course {
    const ALL: [Self; 4] = [Self::Through, Self::Writing, Self::Undoing, Self::Stopped];

    pub fn id(self) -> &'static str {
        match self {
            Self::Through => "",
            Self::Writing => "writing",
            Self::Undoing => "undoing",
            Self::Stopped => "stopped",
        }
    }

    /// Whether a part of it may be there alone.
    pub fn is_under_way(self) -> bool {
        self != Self::Through
    }
}

impl TryFrom<String> for Course {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|course| course.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("import_done.course is “{text}”")))
    }
}

/// A file whose writing begins.
#[derive(Debug)]
pub struct Begun<'a> {
    pub id: &'a str,
    /// Of two files with one subject one alone is under way.
    pub subject: &'a str,
    /// The job that writes it.
    pub job: &'a str,
    pub rows: usize,
}

/// Keeps that a job writes this file from now on. `done` is what it will have done, as its mechanism takes it back.
pub async fn begin(
    tx: &mut Tx,
    kind: &ImportKind,
    (book, report): (&SentWorkbook, &Report),
    begun: &Begun<'_>,
    done: &(impl Serialize + Sync),
) -> Result<()> {
    undo::insert(tx, kind, (book, report), begun, done).await?;
    let leaf = AuditRecord { action: "import.begin", resource: "import", resource_id: &book.sha256 };
    let body = json!({ "import": begun.id, "file": book.name, "bytes": book.size, "job": begun.job, "rows": report.sums() });
    tx.audit(leaf, &body).await
}

/// Refuses a file while another of the same is under way.
pub async fn refuse_second(tx: &mut Tx, kind: &ImportKind, subject: &str) -> Result<()> {
    match tx.number(&data::SECOND, args![kind.id, subject]).await? {
        0 => Ok(()),
        _ => Err(Error::NotNow(format!(
            "“{}”有一份同类的表格正在写入或撤回，或者已经中断，没有写入这一份。请在“导入记录”里看进度，中断的先撤销，结束以后再导入。",
            kind.name
        ))),
    }
}

/// Whether any file is under way: what is asked before anything else, because mostly none is.
pub async fn any_under_way(tx: &mut Tx) -> Result<bool> {
    Ok(tx.number(&data::UNDER_WAY, Vec::new()).await? > 0)
}

/// Where the file with this id stands; none where no file has it.
pub async fn course_of(tx: &mut Tx, id: &str) -> Result<Option<Course>> {
    let found = tx.maybe::<(String,)>(&data::COURSE_OF, args![id]).await?;
    found.map(|(course,)| Course::try_from(course)).transpose()
}

/// The rows of a file that is written in slices.
pub trait Rows: Send {
    /// The number of a row in the file; 0 where it has none.
    fn number(&self, at: usize) -> u32;

    /// Writes one row.
    fn write<'a>(&'a mut self, tx: &'a mut Tx, at: usize) -> Working<'a, ()>;

    /// Takes back some of what was written, no more than so many rows, out of what was kept of it: how many there were.
    fn take_back<'a>(&'a mut self, tx: &'a mut Tx, done: &'a str, most: usize) -> Working<'a, usize>;
}

/// Whether the row is at fault, and not the moment.
pub fn refuses(fault: &Error) -> bool {
    matches!(
        fault,
        Error::Invalid(_) | Error::NotNow(_) | Error::Forbidden(_) | Error::NotFound | Error::TooLarge(_)
    )
}

/// The words of such a fault.
pub fn in_words(fault: &Error) -> String {
    let words = match fault {
        Error::Invalid(errors) => {
            errors.iter().map(|error| error.message.trim_end_matches('。')).collect::<Vec<_>>().join("；")
        }
        Error::NotNow(words) | Error::TooLarge(words) => words.clone(),
        Error::Forbidden(_) => "这个账号现在没有做这件事的权限".to_owned(),
        _ => "要写的内容已经不在，或现在看不到它".to_owned(),
    };
    words.trim_end_matches('。').to_owned()
}

/// Writes the file with this id to its end, from where it stands, or takes it back; says what came of it.
pub async fn run(task: &Task, id: &str, rows: &mut dyn Rows) -> Result<String> {
    let mut shown = None;
    loop {
        let mut tx = task.begin().await?;
        // Whoever takes it back may be a colleague of whoever sent it.
        let key = args![id, task.actor.account(), &task.actor.org];
        let row = tx.one::<DoneRow>(&data::DONE_ONE, key).await?;
        if shown != Some(row.course) {
            let words = if row.course == Course::Writing { "正在写入" } else { "正在撤回" };
            task.progress.begin(words, Some(row.total.max(row.place)));
            if row.course == Course::Writing {
                task.progress.add(usize::try_from(row.place).unwrap_or(0));
            }
            shown = Some(row.course);
        }
        let moved = match row.course {
            Course::Writing => forth(task, tx, &row, rows).await,
            Course::Undoing => back(task, tx, &row, rows).await,
            Course::Through | Course::Stopped => return outcome(&row),
        };
        match moved {
            // It was turned back meanwhile, or another worker has it: the next look says so.
            Err(Error::Conflict(words)) if words == MOVED => {}
            other => other?,
        }
    }
}

fn outcome(row: &DoneRow) -> Result<String> {
    match (row.course, row.undone_at, row.why.as_str()) {
        (Course::Through, None, _) => Ok(row.summary.clone()),
        (Course::Through, Some(_), "") => Ok("已撤销这次导入，没有留下任何内容。".to_owned()),
        (Course::Through, Some(_), why) => {
            let words = format!("{why}。已经写入的部分已全部撤回，没有留下任何内容；改好后请重新上传。");
            Err(Error::field("file", Code::Faulty.says(words)))
        }
        _ => Err(Error::field("file", Code::Faulty.says("这次导入已经中断，请在“导入记录”里撤销。"))),
    }
}

/// The next slice; behind a row that is refused, the file is turned back.
async fn forth(task: &Task, mut tx: Tx, row: &DoneRow, rows: &mut dyn Rows) -> Result<()> {
    let (began, mut at) = (Moment::now(), row.place);
    while at < row.total && at - row.place < MOST && (at == row.place || began.elapsed() < LONG) {
        let here = usize::try_from(at).map_err(Error::internal)?;
        let written = rows.write(&mut tx, here).await;
        match written {
            Ok(()) => at += 1,
            Err(fault) if refuses(&fault) => {
                // With it goes what the slice wrote so far.
                drop(tx);
                let words = match rows.number(here) {
                    0 => in_words(&fault),
                    number => format!("第 {number} 行：{}", in_words(&fault)),
                };
                let mut tx = task.begin().await?;
                turn(&mut tx, row, &words).await?;
                return tx.commit().await;
            }
            Err(fault) => return Err(fault),
        }
    }
    let course = if at < row.total { Course::Writing } else { Course::Through };
    shift(&mut tx, row, (course, at), (&row.why, None)).await?;
    tx.commit().await?;
    task.progress.add(usize::try_from(at - row.place).unwrap_or(0));
    Ok(())
}

/// The same on the way back.
async fn back(task: &Task, mut tx: Tx, row: &DoneRow, rows: &mut dyn Rows) -> Result<()> {
    let most = usize::try_from(MOST).map_err(Error::internal)?;
    let number = rows.take_back(&mut tx, &row.done, most).await?;
    let left = row.place - i64::try_from(number).map_err(Error::internal)?;
    if number < most {
        let now = tx.now();
        shift(&mut tx, row, (Course::Through, 0), (&row.why, Some(now))).await?;
        let leaf = AuditRecord { action: "import.undo", resource: "import", resource_id: &row.sha256 };
        tx.audit(leaf, &json!({ "import": row.id, "kind": row.kind, "reason": row.why })).await?;
    } else {
        shift(&mut tx, row, (Course::Undoing, left.max(0)), (&row.why, None)).await?;
    }
    tx.commit().await?;
    task.progress.add(number);
    Ok(())
}

/// Says how far the file is, in the transaction of what brought it there.
async fn shift(
    tx: &mut Tx,
    row: &DoneRow,
    (course, place): (Course, i64),
    (why, undone_at): (&str, Option<Instant>),
) -> Result<()> {
    let values = args![course.id(), place, why, undone_at];
    data::MOVE.at(row.id.as_str(), row.version, values).write(tx, MOVED).await?;
    let leaf = AuditRecord { action: "import.slice", resource: "import", resource_id: &row.sha256 };
    let body =
        json!({ "import": row.id, "course": course.id(), "rows": place, "of": row.total, "reason": why });
    tx.audit(leaf, &body).await
}

/// From here on it is taken back.
async fn turn(tx: &mut Tx, row: &DoneRow, why: &str) -> Result<()> {
    shift(tx, row, (Course::Undoing, row.place), (why, None)).await
}

/// Whoever gives the job up has its file taken back by it; says so. What is through only waits for its job to say it: there is
/// nothing left to be given up.
pub async fn turn_back(tx: &mut Tx, job: &str) -> Result<&'static str> {
    match tx.maybe::<DoneRow>(&data::OF_JOB, args![job]).await? {
        Some(row) if row.course == Course::Writing => {
            turn(tx, &row, "").await?;
            Ok("已取消，正在撤回已经写入的部分。")
        }
        Some(row) if row.course == Course::Undoing => Ok("正在撤回已经写入的部分，撤回完这项任务就结束。"),
        _ => Err(Error::NotNow(THROUGH.to_owned())),
    }
}

/// A job that failed leaves its file where it stands, for whoever sent it to take it back.
pub async fn stopped(tx: &mut Tx, job: &str) -> Result<()> {
    match tx.maybe::<DoneRow>(&data::OF_JOB, args![job]).await? {
        Some(row) if matches!(row.course, Course::Writing | Course::Undoing) => {
            shift(tx, &row, (Course::Stopped, row.place), (&row.why, None)).await
        }
        _ => Ok(()),
    }
}
