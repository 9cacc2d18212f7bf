//! 经费: the money of schools from the plan to the payment (S2.1, S2.2, S2.3, T1.2, T1.3, T1.4, T9.3). What was planned, applied
//! for, approved and received is read from where it was recorded; here is recorded only what was paid, given back, or came
//! without a promise, by the school or its bureau, and answered by the other of the two.
//!
//! | to find | look in |
//! |---|---|
//! | the life of a movement | `rules` |
//! | how everything becomes flows that add up by any cut | `rules/book`, and the crate `jiedui-funding` |
//! | whose money a movement is, and what may still be paid of it | `rules/account` |
//! | what pupils cost in a part of the province | `rules/cost`, `pages/costs` |
//! | the kept sums above the movements | `actions`, tables `fund_sum`, `fund_use`, `fund_cut` |

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
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::FormKind;
use jiedui_store::{Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{
    NewMove, balance_of, confirm, dispute, find, off, offers, open as opened, record, shares_of,
};
pub use data::{MoveKind, MoveRow, MoveState, ShareSum};
pub use pages::came_href;

const READ: Access = Access::Can("fund", "read");
const RECORD: Access = Access::Can("fund", "record");
const ANSWER: Access = Access::Can("fund", "answer");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/sharing/funding",
    routes,
    menu: &[entry(981, "分配与共享", "/funding", "经费", ("fund", "read"))],
    tables: &[
        table!(scoped "fund_move" of "id").grows(),
        table!(scoped "fund_sum" outside "sums of fund_move; the nightly check compares them"),
        table!(scoped "fund_use" outside "sums of fund_sum; the nightly check compares them"),
        table!(scoped "fund_cut" outside "sums of fund_sum; the nightly check compares them"),
    ],
    words: Words {
        actions: &[
            ("fund_move.record", "登记经费收支"),
            ("fund_move.confirm", "确认经费收支"),
            ("fund_move.dispute", "对经费收支提出异议"),
            ("fund_move.withdraw", "撤回经费收支"),
        ],
        resources: &[("fund", "经费"), ("fund_move", "经费收支")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 101, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "fund_move", kind: "record", form: (FormKind::Other, "fund-move") },
        CountedStep { resource: "fund_move", kind: "dispute", form: (FormKind::Other, "fund-dispute") },
    ],
    raises: Some(|tx, programme| Box::pin(tasks::raised(tx, programme))),
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("fund_move", Belongs::Above)],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static FUNDING: Kind = Kind {
    place: 211,
    word: "经费",
    folder: "sharing/funding",
    test: ("sharing/funding/tests.rs", "a_payment_is_recorded_by_one_side_and_confirmed_by_the_other"),
};

fn carriers(section: &mut Section<'_>) {
    if let Some(rules) = &section.programme.funding {
        section.file(&FUNDING, &rules.clauses, ("funding.toml", "经费"), "/funding");
    }
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("fund_move");
    vec![
        route!(Get "/funding", READ, pages::list::list).about(Subject::None, "经费"),
        route!(Get "/funding/paper", READ, papers::show).about(Subject::None, "经费情况表打印稿"),
        route!(Get "/funding/paper/{file}", READ, papers::show).about(Subject::None, "下载经费情况表"),
        route!(Get "/funding/export", READ, workbook::export).about(Subject::None, "导出经费和收支"),
        route!(Get "/funding/costs", READ, pages::costs::list).about(Subject::None, "培养成本"),
        route!(Get "/funding/moneys", READ, pages::moneys::list).about(Subject::None, "每一笔钱"),
        route!(Get "/funding/moves", READ, pages::moves::list).about(Subject::None, "经费收支明细"),
        route!(Get "/funding/schools/{id}", READ, pages::school::show)
            .about(Subject::Row("org"), "一所学校的经费"),
        route!(Get "/funding/new", RECORD, pages::new::form).about(Subject::None, "登记经费收支"),
        route!(Post "/funding/new", RECORD, pages::new::submit).about(Subject::None, "提交经费收支"),
        route!(Get "/funding/moves/{id}", READ, pages::show::show).about(ROW, "一笔经费收支"),
        route!(Post "/funding/moves/{id}/confirm", ANSWER, pages::show::confirm).about(ROW, "确认经费收支"),
        route!(Post "/funding/moves/{id}/dispute", ANSWER, pages::show::dispute)
            .about(ROW, "对经费收支提出异议"),
        route!(Post "/funding/moves/{id}/withdraw", RECORD, pages::show::withdraw).about(ROW, "撤回经费收支"),
    ]
}

/// The next movements behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<MoveRow>> {
    tx.all(&data::AFTER, args![after, most]).await
}
