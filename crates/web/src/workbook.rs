//! A workbook that was sent in, read against its description: slow work, done before a transaction is opened.

use crate::form::Upload;
use crate::work::{Kind, Prepared};
use jiedui_documents::{CellError, Read, Workbook, read};
use sha2::{Digest as _, Sha256};

/// A file and what was read from it, or everything that is wrong with it.
pub struct SentWorkbook {
    pub name: String,
    pub size: usize,
    pub sha256: String,
    pub rows: Result<Read, Vec<CellError>>,
}

impl SentWorkbook {
    pub fn read(description: &Workbook, bytes: &[u8], name: &str) -> Self {
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { name: name.to_owned(), size: bytes.len(), sha256, rows: read(description, bytes, name) }
    }

    /// The reading of an upload.
    pub fn prepare(description: Workbook, file: Upload) -> Prepared<Self> {
        Prepared::work(Kind::Reading, move || Ok(Self::read(&description, &file.bytes, &file.name)))
    }
}
