//! 争议时附的材料: what a side may put beside an entry or an output while it is open. Nobody asks for one, no form requires one,
//! nothing counts them and no figure reads them (《整治形式主义为基层减负若干规定》; `crates/programme/src/check/burden`): whoever
//! wants to settle a dispute by a paper has a place for it, and that is all.
//!
//! Seen by those who see the names of a thing without pressing for them: the units between which it stands. Taken back by
//! whoever added it until the other side acts. The content lies once in the folder of files, as the library's does
//! (`sharing/resources/actions/keeping` looks after both). The row belongs to its thing, by whose routes it is reached
//! ([0091](../../../../../docs/decisions/0091-attachments-nobody-asks-for.md)).

mod actions;
mod data;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words};
use jiedui_store::table;

pub use actions::{add, contents, named_between};
pub use pages::{AttachmentsView, attach, receive, sent, take_back, view};
pub use rules::Matter;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/shared/attachments",
    tables: &[table!(scoped "attachment" of "resource_id").grows()],
    words: Words { resources: &[("attachment", "争议时附的材料")], ..Words::NONE },
    ..Mechanism::EMPTY
};
