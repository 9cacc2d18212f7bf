//! 区划边界: an official boundary file takes the place of the tiles wherever the divisions are drawn, under its approval number
//! 审图号, until it is taken out again. Nothing of the file is kept but codes and whole numbers.

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

pub use actions::{Boundary, in_use};

const LOAD: Access = Access::Can("boundary", "load");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/boundaries",
    routes,
    menu: &[entry(1058, "系统", "/boundaries", "区划边界", ("boundary", "load"))],
    tables: &[table!(plain "boundary_file" of "id")],
    words: Words {
        actions: &[("boundary_file.load", "启用区划边界"), ("boundary_file.remove", "撤下区划边界")],
        resources: &[("boundary", "区划边界"), ("boundary_file", "区划边界文件")],
        rights: &[("load", "上传和撤下")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/boundaries", LOAD, pages::show).about(Subject::None, "区划边界"),
        route!(Post "/boundaries", LOAD, pages::receive => pages::take)
            .about(Subject::None, "上传区划边界")
            .uploads(),
        route!(Post "/boundaries/remove", LOAD, pages::remove).about(Subject::None, "撤下区划边界"),
    ]
}
