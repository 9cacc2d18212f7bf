//! Work that a mechanism does in the background: what kinds it has, and what such work is given. Who queues it, takes it
//! up and keeps what it makes is `shared/jobs`.

use jiedui_documents::Workbook;
use jiedui_kernel::{Actor, Result};
use jiedui_store::Tx;
use jiedui_web::App;
use jiedui_web::workbook::WorkbookStream;
use std::future::Future;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::Sender;

pub type Working<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A kind of work, as the manifest of its mechanism names it.
#[derive(Debug, Clone, Copy)]
pub struct JobKind {
    pub id: &'static str,
    /// What pages call it.
    pub name: &'static str,
    /// The right that it takes: asked by the route that queues it, and again when it is taken up.
    pub right: (&'static str, &'static str),
    pub work: Work,
}

#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// Makes a file, from what it reads in transactions of its own.
    Make(for<'a> fn(&'a Task, Output) -> Working<'a, Made>),
    /// Writes, in the transaction in which the job then ends: all of it or nothing, and once.
    Write(for<'a> fn(&'a Task) -> Working<'a, Wrote>),
    /// Writes in many transactions, each short, so that nobody waits long for the one writer of SQLite; says in the end what
    /// came of it. Only what is complete after each of them and changes nothing when it is done again: a worker that is
    /// killed, and a job that is cancelled, stop between two of them.
    Repair(for<'a> fn(&'a Task) -> Working<'a, String>),
    /// Writes a file in slices (`shared/imports/slices`), each a short transaction: a worker that is killed goes on behind the
    /// last one, and a job that is cancelled takes back what it wrote before it ends.
    Slices(for<'a> fn(&'a Task) -> Working<'a, String>),
}

impl Work {
    /// What is left of it where it did not get to its end, for whoever reads that.
    pub fn left(self) -> &'static str {
        match self {
            Self::Make(_) | Self::Write(_) => "没有写入任何内容",
            Self::Repair(_) => "已经处理的部分有效，其余没有动，可以重新提交",
            Self::Slices(_) => "已经写入的部分由“导入记录”撤销",
        }
    }
}

/// What was made.
#[derive(Debug)]
pub struct Made {
    /// The name of the file.
    pub file: String,
    /// What it holds, in a sentence.
    pub words: String,
}

/// What was written and is not committed yet. Whatever takes long without writing comes before the transaction: on SQLite
/// nobody else writes while it is open.
pub struct Wrote {
    pub tx: Tx,
    /// What came of it, in a sentence.
    pub words: String,
}

/// One job being worked on.
pub struct Task {
    pub app: Arc<App>,
    /// Whoever queued it, with the rights and the scope of now.
    pub actor: Arc<Actor>,
    /// As its kind gave them when it was queued.
    pub args: String,
    /// The file that came with it: its name and its content.
    pub input: (String, Vec<u8>),
    pub progress: Progress,
}

impl Task {
    /// A transaction of whoever queued it, to write in for a while.
    pub async fn begin(&self) -> Result<Tx> {
        self.app.db.begin_alone(Arc::clone(&self.actor)).await
    }
}

/// How far it is. Kept in memory; the worker writes it down beside the lease.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<Step>>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    pub words: &'static str,
    pub done: i64,
    pub total: Option<i64>,
}

impl Progress {
    pub fn begin(&self, words: &'static str, total: Option<i64>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Step { words, done: 0, total };
    }

    pub fn add(&self, done: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).done += done as i64;
    }

    pub fn now(&self) -> Step {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Where a file goes that is being made.
pub struct Output(Sender<Vec<u8>>);

impl Output {
    pub fn new(parts: Sender<Vec<u8>>) -> Self {
        Self(parts)
    }

    /// Begins a workbook of one sheet.
    pub fn workbook(self, spec: Workbook) -> WorkbookStream {
        WorkbookStream::begin(spec, PartWriter { parts: self.0, part: Vec::new() })
    }
}

/// Bytes in one part.
pub const PART: usize = 1 << 20;

/// Hands the file on in parts; on a thread that may wait. What is written last is handed on when it is dropped: where
/// that is the end of something that failed, nobody looks at it.
struct PartWriter {
    parts: Sender<Vec<u8>>,
    part: Vec<u8>,
}

impl PartWriter {
    fn hand_on(&mut self) -> io::Result<()> {
        let part = std::mem::take(&mut self.part);
        self.parts.blocking_send(part).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PART - self.part.len());
        self.part.extend_from_slice(&bytes[..taken]);
        if self.part.len() == PART {
            self.hand_on()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for PartWriter {
    fn drop(&mut self) {
        if !self.part.is_empty() {
            // Nobody waits for it any more where this fails.
            let _ = self.hand_on();
        }
    }
}
