//! Workbooks away from the threads that serve requests: one that was sent in, read against its description before a
//! transaction is opened, and one that is written while its rows are being read.

use jiedui_documents::{CellError, Read, RowWriter, Value, Workbook, read_all};
use jiedui_kernel::{Error, Result, hex};
use sha2::{Digest as _, Sha256};
use std::io::Write;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

/// A file and what was read from it, with what is wrong with some rows; or everything that is wrong, where no row can be read.
pub struct SentWorkbook {
    pub name: String,
    pub size: usize,
    pub sha256: String,
    pub rows: Result<Read, Vec<CellError>>,
}

impl SentWorkbook {
    /// For callers that show no preview: what somebody would have to be asked about is a mistake.
    pub fn read(description: &Workbook, bytes: &[u8], name: &str) -> Self {
        let sent = Self::with_notes(description, bytes, name);
        Self { rows: sent.rows.map(Read::plain), ..sent }
    }

    /// For callers that show what the file holds before it is taken in.
    pub fn with_notes(description: &Workbook, bytes: &[u8], name: &str) -> Self {
        let sha256 = hex(Sha256::digest(bytes));
        Self { name: name.to_owned(), size: bytes.len(), sha256, rows: read_all(description, bytes, name) }
    }
}

/// Lots of rows that wait to be written, at most: whoever reads faster than that waits.
const WAITING: usize = 2;

/// A workbook of one sheet that is being written. One that is dropped before its end writes nothing more.
pub struct WorkbookStream {
    rows: Sender<Option<Vec<Vec<Value>>>>,
    writing: JoinHandle<Result<()>>,
}

impl WorkbookStream {
    pub fn begin(spec: Workbook, to: impl Write + Send + 'static) -> Self {
        let (rows, coming) = channel(WAITING);
        Self { rows, writing: tokio::task::spawn_blocking(move || write_rows(&spec, coming, to)) }
    }

    pub async fn rows(&self, rows: Vec<Vec<Value>>) -> Result<()> {
        // Where nobody takes them, writing has failed: the end says why.
        self.rows.send(Some(rows)).await.or(Ok(()))
    }

    /// Waits until the file is whole.
    pub async fn finish(self) -> Result<()> {
        let _ = self.rows.send(None).await;
        self.writing.await.map_err(Error::internal)?
    }
}

fn write_rows(
    spec: &Workbook,
    mut coming: Receiver<Option<Vec<Vec<Value>>>>,
    to: impl Write + Send,
) -> Result<()> {
    let mut writer = RowWriter::begin(spec).map_err(Error::internal)?;
    while let Some(rows) = coming.blocking_recv() {
        let Some(rows) = rows else { return writer.finish(to).map_err(Error::internal) };
        rows.iter().try_for_each(|row| writer.row(row)).map_err(Error::internal)?;
    }
    Err(Error::internal("a workbook was given up before its end"))
}
