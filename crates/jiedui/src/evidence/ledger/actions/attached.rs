//! What a side puts beside an entry while it is open.

use super::super::data::{self, EntryRow};
use super::super::rules;
use crate::shared::attachments::{self, Matter};
use crate::shared::handed_in::StoredFile;
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, VersionedCall};

/// An entry as attachments see it, under this title.
pub fn matter<'a>(entry: &'a EntryRow, title: &'a str) -> Matter<'a> {
    Matter {
        resource: "entry",
        id: &entry.id,
        version: entry.version,
        state: entry.state,
        sides: (entry.claimant.as_str(), Some(entry.answerer.as_str())),
        title,
    }
}

/// Takes it at the version that was seen.
pub fn lock(entry: &Found<EntryRow>) -> VersionedCall {
    data::LOCK.at(entry, entry.version, Vec::new())
}

pub async fn attach(
    tx: &mut Tx,
    programme: &Programme,
    entry: &Found<EntryRow>,
    file: &StoredFile,
) -> Result<()> {
    attachments::add(tx, lock(entry), &matter(entry, &rules::title(programme, entry)), file).await
}
