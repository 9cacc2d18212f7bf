//! 月调度: each month of each county school, complete by itself, accepted by county, city and province (S1.3; principles 1, 2 and 7).
//!
//! | to find | look in |
//! |---|---|
//! | who accepts what, and until when | `rules` |
//! | what a month is made of, and what of it is kept | `rules/parcel` |
//! | what it tells of projects and targets, and who counted | `rules/told` |
//! | where a correction of an accepted month lands | `rules/restated` |

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::{FormKind, Programme};
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{accept, month_of, of_year, open, write_problems};
pub use data::{MonthRow, MonthState, ProblemRow};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/reporting/monthly",
    routes,
    menu: &[entry(950, "月调度", "/months", "月调度", ("month", "read"))],
    tables: &[table!(scoped "month_report" of "id")],
    words: Words {
        actions: &[
            ("month.begin", "开始办理月调度"),
            ("month.edit", "填写问题与诉求或说明"),
            ("month.ask_back", "申请退回月调度"),
            ("month.accept", "接收月调度"),
            ("month.send_back", "退回月调度"),
        ],
        resources: &[("month", "月调度")],
        rights: &[("problems", "填写问题与诉求")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 65, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    settled: Some(|tx, programme| Box::pin(actions::settled_until(tx, programme))),
    kept: &[actions::recheck::KEPT],
    steps: &[CountedStep { resource: "month", kind: "edit", form: (FormKind::Other, "month") }],
    carriers,
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{month}", "202610".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

static MONTHS: Kind = Kind {
    place: 205,
    word: "月调度",
    folder: "reporting/monthly",
    test: ("reporting/monthly/tests.rs", "a_month_is_accepted_level_by_level_and_stays_as_it_was"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&MONTHS, "S1.3", "月调度", "/months");
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/months", Access::Can("month", "read"), pages::list::list).about(Subject::None, "月调度"),
        route!(Get "/months/{month}", Access::Can("month", "read"), pages::month::show)
            .about(Subject::None, "一个月的调度"),
        route!(Post "/months/{month}/accept", Access::Can("month", "accept"), pages::month::accept)
            .about(Subject::None, "批量接收月调度"),
        route!(Get "/months/{month}/bulletin", Access::Can("month", "read"), pages::bulletin::show)
            .about(Subject::None, "调度通报"),
        route!(Get "/months/{month}/bulletin/{file}", Access::Can("month", "read"), pages::bulletin::file)
            .about(Subject::None, "下载调度通报"),
        route!(Get "/months/{month}/schools/{id}", Access::Can("month", "read"), pages::school::show)
            .about(Subject::Row("county_school"), "一所学校的月调度"),
        route!(Post "/months/{month}/schools/{id}/problems", Access::Can("month", "problems"), pages::school::problems)
            .about(Subject::Row("county_school"), "填写问题与诉求"),
        route!(Post "/months/{month}/schools/{id}/word", Access::Can("month", "problems"), pages::school::word)
            .about(Subject::Row("county_school"), "对核对提示说明一句"),
        route!(Post "/months/{month}/schools/{id}/ask", Access::Can("month", "problems"), pages::school::ask)
            .about(Subject::Row("county_school"), "申请退回月调度"),
        route!(Post "/months/{month}/schools/{id}/answer", Access::Can("month", "accept"), pages::school::answer)
            .about(Subject::Row("county_school"), "接收或退回月调度"),
        route!(Get "/months/{month}/schools/{id}/parcel", Access::Can("month", "read"), pages::school::parcel)
            .about(Subject::Row("county_school"), "下载已接收的内容"),
    ]
}

/// The month of a school visible to the caller, where a row is there.
pub async fn of_school(tx: &mut Tx, month: i64, school: &str) -> Result<Option<Found<MonthRow>>> {
    tx.find_maybe(&data::OF_SCHOOL, args![month, school]).await
}

/// The next reports of months behind an id that are visible to the caller, in the order of their ids and no more than so many;
/// without what was accepted.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<MonthRow>> {
    tx.all(&data::AFTER, args![after, most]).await
}

/// The report of a month visible to the caller; without what was accepted.
pub async fn find(tx: &mut Tx, id: &str) -> Result<MonthRow> {
    tx.one(&data::SHOW, args![id]).await
}

/// A month that waits for the caller.
pub async fn first_waiting(tx: &mut Tx, programme: &Programme) -> Result<Option<i64>> {
    Ok(actions::waiting(tx, programme).await?.first().map(|one| one.month))
}

/// What troubled the schools visible to the caller since a month, in the order of names.
pub async fn problems_since(tx: &mut Tx, month: i64) -> Result<Vec<ProblemRow>> {
    tx.all(&data::PROBLEMS, args![month]).await
}
