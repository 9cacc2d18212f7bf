//! 从表格导入: one path for every file that is taken in. It is read and checked, and what it would do is shown: what is new,
//! what changes from what to what, what is the same, what is left out and why. Nothing of it is written until whoever sent it
//! accepts that; then it is read and checked again, and where something else would come of it than was shown, it is shown
//! again.
//!
//! A mechanism takes a file in as it always did, in one transaction, and tells a [`Report`] what it does. [`look`] says
//! whether that stays: if not, the transaction is taken back, and the report is the preview. So the preview cannot promise
//! what the import does not do.
//!
//! A mechanism that can say what a file would do without writing it is given a transaction that only reads, so that nobody
//! waits for the preview, and writes behind [`look`]; what is many rows is then written by a job, in slices (`slices`).
//!
//! What a file did is kept beside it, so that it is taken back as a whole while nothing builds on it: each mechanism says how,
//! and what stands in the way (`shared/taken_back`).

mod data;
mod pages;
mod report;
mod slices;
#[cfg(test)]
mod tests;
mod undo;

use crate::shared::mechanism::{Mechanism, Words};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use pages::{About, Received, Sent, cancelled, forget_late, is_looked_at, look, prepare, receive};
pub use report::{Outcome, Report, book, differences};
pub use slices::{
    AT_ONCE, Begun, Course, Rows, any_under_way, begin, course_of, in_words, refuse_second, refuses, run,
    stopped, turn_back,
};
pub use undo::keep_done;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/shared/imports",
    routes,
    tables: &[
        table!(plain "import_pending" outside "what one looked at and has not accepted is nobody's deed"),
        table!(plain "import_done" of "id" digest),
    ],
    words: Words {
        actions: &[
            ("import.begin", "开始分批写入一份表格"),
            ("import.slice", "写入或撤回一份表格的一部分"),
            ("import.undo", "撤销一次导入"),
        ],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/imports", Access::SignedIn, undo::list).about(Subject::None, "导入记录"),
        route!(Post "/imports/{id}/undo", Access::SignedIn, undo::undo).about(Subject::Open, "撤销一次导入"),
    ]
}
