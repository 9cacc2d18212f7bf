//! 复算已作的决定: a fault of the code is looked for like a change of the programme. Every decision that is kept (accepted
//! months, closed years, published pairings and allocations, frozen assessments, certificates, filed lists,
//! applications, commendations, answers to questions) is made again by the running code, and what comes out otherwise
//! is told with the figure it rests on. It only reads and tells: a decision is mended by whoever took it.

mod actions;
mod data;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::look;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/rechecks",
    routes,
    tables: &[
        table!(plain "recheck" outside "what a check found; it is made from scratch whenever somebody asks"),
    ],
    jobs: &[actions::RECHECK],
    words: Words {
        resources: &[("recheck", "复算已作的决定")],
        rights: &[("make_again", "复算")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/programme/recheck", Access::Can("recheck", "read"), pages::show)
            .about(Subject::None, "复算已作的决定")
            .fresh(),
        route!(Post "/programme/recheck", Access::Can("recheck", "make_again"), pages::queue)
            .about(Subject::None, "在后台复算已作的决定"),
    ]
}
