//! What a side puts beside an output while it is open.

use super::super::data::{self, OutputRow};
use crate::shared::attachments::Matter;
use jiedui_store::{Found, VersionedCall};

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

/// Takes it at the version that was seen.
pub fn lock(output: &Found<OutputRow>) -> VersionedCall {
    data::LOCK.at(output, output.version, Vec::new())
}
