//! 搜索: one field at the top of every page for everything that one may see, in Chinese, pinyin, initials or by the short
//! number of a thing. Each mechanism says in its manifest what of it is found (`found`); the terms of its rows are kept
//! beside them in the same transaction, by whichever way a row is written
//! ([0064](../../../../../docs/decisions/0064-one-search.md)).

mod actions;
mod data;
mod pages;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{pass_over, rebuild, take_up, verify};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/shared/search",
    routes,
    tables: &[
        table!(scoped "search_thing" outside "by what things are found, computed from their rows").grows(),
        table!(scoped "search_term" outside "by what things are found, computed from their rows").grows(),
    ],
    words: Words {
        actions: &[("search.rebuild", "重建搜索目录")],
        resources: &[("search", "搜索")],
        jobs: &[("search", "系统：搜索")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![route!(Get "/search", Access::SignedIn, pages::search).about(Subject::None, "搜索")]
}
