//! 对数字的意见: what somebody says about one figure, to whom the figure belongs; it is found again at the same figure, cut and
//! period (S1.3, principles 3 and 9).

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::FormKind;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{NewRemark, answer, close, open as opened, write};
pub use data::RemarkRow;
pub use pages::{RemarkLine, line};

const READ: Access = Access::Can("remark", "read");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/standing/remarks",
    routes,
    menu: &[entry(830, "指标", "/remarks", "对数字的意见", ("remark", "read"))],
    tables: &[table!(scoped "figure_remark" of "id")],
    words: Words {
        actions: &[
            ("remark.write", "对数字提意见"),
            ("remark.reply", "答复对数字的意见"),
            ("remark.close", "了结对数字的意见"),
        ],
        resources: &[("remark", "对数字的意见")],
        rights: &[("write", "提意见")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 67, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[CountedStep { resource: "remark", kind: "write", form: (FormKind::Other, "remark") }],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("remark", Belongs::Above)],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static REMARK: Kind = Kind {
    place: 208,
    word: "对数字的意见",
    folder: "standing/remarks",
    test: ("standing/remarks/tests.rs", "a_remark_is_found_again_at_its_figure"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&REMARK, "S1.3", "对数字的意见", "/remarks");
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("remark");
    vec![
        route!(Get "/remarks", READ, pages::list::list).about(Subject::None, "对数字的意见"),
        route!(Get "/remarks/{id}", READ, pages::show::show).about(ROW, "一条对数字的意见"),
        route!(Post "/remarks/{id}/answer", READ, pages::show::answer).about(ROW, "答复或了结对数字的意见"),
    ]
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<RemarkRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// What was said about one figure in one cut and period, the newest first.
pub async fn at(tx: &mut Tx, indicator: &str, cut: &str) -> Result<Vec<RemarkRow>> {
    tx.all(&data::AT, args![indicator, cut]).await
}
