//! 从表格导入: one path for every file that is taken in. It is read and checked, and what it would do is shown: what is new,
//! what changes from what to what, what is the same, what is left out and why. Nothing of it is written until whoever sent it
//! accepts that; then it is read and checked again, and where something else would come of it than was shown, it is shown
//! again.
//!
//! A mechanism takes a file in as it always did, in one transaction, and tells a [`Report`] what it does. [`look`] says
//! whether that stays: if not, the transaction is taken back, and the report is the preview. So the preview cannot promise
//! what the import does not do.

mod data;
mod pages;
mod report;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::Mechanism;
use jiedui_store::table;

pub use pages::{About, Received, Sent, cancelled, forget_late, look, prepare, receive};
pub use report::{Outcome, Report, differences};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/shared/imports",
    tables: &[
        table!(plain "import_pending" outside "what one looked at and has not accepted is nobody's deed"),
    ],
    ..Mechanism::EMPTY
};
