//! 年度收尾: what of a year is still open, by name and with the way to it; the closing, which keeps every figure of the year and locks
//! nothing; and what the next year needs before it begins (S1.3, S4.1; principles 1, 2 and 4).
//!
//! | to find | look in |
//! |---|---|
//! | which years there are, and what closing keeps | `rules` |
//! | what is still open, and where it is done | `actions/steps` |

mod actions;
mod data;
mod pages;
mod papers;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;
mod workbook;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::close;

const READ: Access = Access::Can("year", "read");
const CLOSE: Access = Access::Can("year", "put_away");
const KEPT: Access = Access::Can("closed_year", "read");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/reporting/years",
    routes,
    menu: &[entry(954, "月调度", "/years", "年度收尾", ("year", "read"))],
    tables: &[table!(scoped "year_close" of "id")],
    words: Words {
        actions: &[("year.close", "年度收尾")],
        resources: &[("year", "年度收尾"), ("closed_year", "收尾存底")],
        rights: &[("put_away", "收尾")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 69, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    kept: &[actions::recheck::KEPT],
    carriers,
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{year}", "2025".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

static YEARS: Kind = Kind {
    place: 207,
    word: "年度收尾",
    folder: "reporting/years",
    test: ("reporting/years/tests.rs", "a_year_is_closed_once_and_later_changes_stand_beside_it"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&YEARS, "S1.3", "年度收尾", "/years");
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/years", READ, pages::list::list).about(Subject::None, "年度收尾"),
        route!(Get "/years/{year}", READ, pages::show::show).about(Subject::None, "一个年度的收尾"),
        route!(Post "/years/{year}/close", CLOSE, pages::show::close).about(Subject::None, "给一个年度收尾"),
        route!(Get "/years/{year}/changes", KEPT, pages::changes::show)
            .about(Subject::None, "收尾以后的变化"),
        route!(Get "/years/{year}/parcel", KEPT, pages::changes::parcel)
            .about(Subject::None, "下载收尾时的存底"),
        route!(Get "/years/{year}/book", KEPT, workbook::export).about(Subject::None, "年度收尾导出为表格"),
        route!(Get "/years/{year}/paper", READ, papers::show).about(Subject::None, "年度收尾打印稿"),
        route!(Get "/years/{year}/paper/{file}", READ, papers::show)
            .about(Subject::None, "下载年度收尾打印稿"),
    ]
}
