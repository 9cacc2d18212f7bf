//! What a side puts beside an output while it is open, and takes back.

use super::super::data::{self, OutputRow};
use crate::shared::attachments::{self, Matter};
use crate::shared::handed_in::StoredFile;
use jiedui_kernel::Result;
use jiedui_store::{Found, Tx};

/// An output as attachments see it.
pub fn matter(output: &OutputRow) -> Matter<'_> {
    Matter {
        resource: "output",
        id: &output.id,
        version: output.version,
        state: output.state,
        sides: (output.org.as_str(), output.answerer.as_deref()),
        title: &output.title,
    }
}

pub async fn attach(tx: &mut Tx, output: &Found<OutputRow>, file: &StoredFile) -> Result<()> {
    let lock = data::LOCK.at(output, output.version, Vec::new());
    attachments::add(tx, lock, &matter(output), file).await
}

pub async fn take_back(tx: &mut Tx, output: &Found<OutputRow>, attachment: &str) -> Result<()> {
    let lock = data::LOCK.at(output, output.version, Vec::new());
    attachments::take_back(tx, lock, &matter(output), attachment).await
}
