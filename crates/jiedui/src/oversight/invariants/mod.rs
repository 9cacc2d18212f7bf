//! 数据检查: what must hold over the data as they are, asked at each start and every night. Constraints and locks keep the
//! rules where rows are written; this finds what got in otherwise. The system administrator reads what was found: kinds,
//! names of schools and ids, and no business row.

mod actions;
mod data;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{CHECK, run, until_next};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/invariants",
    routes,
    menu: &[entry(1052, "系统", "/system", "数据检查", ("system", "read"))],
    tables: &[
        table!(plain "invariant_check" outside "what a check found; it is made from scratch every night"),
    ],
    jobs: &[CHECK],
    words: Words {
        resources: &[("system", "数据检查")], rights: &[("repair", "重查重算")], ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/system", Access::Can("system", "read"), pages::show)
            .about(Subject::None, "数据检查")
            .fresh(),
        route!(Post "/system/check", Access::Can("system", "repair"), pages::check)
            .about(Subject::None, "现在就检查数据"),
        route!(Post "/system/repair", Access::Can("system", "repair"), pages::repair)
            .about(Subject::None, "按台账重算指标和履职进度"),
    ]
}
