//! 抽查: a few of the entries confirmed in a month are looked at again by a second person of the side that confirmed them.
//! One press, or a sentence that leads to a correction; never a score (docs/decisions/0036-looking-again.md).

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_programme::FormKind;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{differ, hold, open, turn, verify, waiting};
pub use data::{CheckRow, CheckState};

const READ: Access = Access::Can("spot_check", "read");
const LOOK: Access = Access::Can("spot_check", "look");
/// How a month came out is the province's to see, and nobody else's.
const SURVEY: Access = Access::Can("spot_draw", "read");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/evidence/spot_checks",
    routes,
    menu: &[entry(513, "台账", "/spot-checks", "抽查", ("spot_check", "read"))],
    tables: &[
        table!(scoped "spot_check" of "id"),
        table!(plain "spot_draw" of "month" sealed ["candidates"]),
    ],
    words: Words {
        actions: &[
            ("spot_draw.draw", "抽取台账供复看"),
            ("spot_check.draw", "抽中一条台账"),
            ("spot_check.hold", "复看：与记录一致"),
            ("spot_check.differ", "复看：与记录不符"),
            ("spot_check.refer", "上级复看：与记录不符"),
            ("spot_check.lapse", "注明未复看"),
        ],
        resources: &[("spot_check", "抽查"), ("spot_draw", "抽查的抽取")],
        rights: &[("look", "复看")],
        jobs: &[("spot_checks", "系统：抽查")],
    },
    tasks: Some(Tasks { place: 68, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    // What a unit says itself is the reason of its dispute, which the ledger counts.
    steps: &[CountedStep { resource: "spot_check", kind: "refer", form: (FormKind::Other, "reason") }],
    #[cfg(test)]
    samples: Samples {
        rows: &[("spot_check", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("spot_check", tests::sample(tx, pairing).await)] })
        }),
        places: |_| vec![("{month}", tests::SAMPLE_MONTH.to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("spot_check");
    vec![
        route!(Get "/spot-checks", READ, pages::list::list).about(Subject::None, "抽查"),
        route!(Get "/spot-checks/months/{month}", SURVEY, pages::month::show)
            .about(Subject::None, "一个月的抽查情况"),
        route!(Get "/spot-checks/months/{month}/candidates", SURVEY, pages::month::candidates)
            .about(Subject::None, "下载一个月抽查的候选名单"),
        route!(Get "/spot-checks/{id}", READ, pages::show::show).about(ROW, "一条抽查"),
        route!(Post "/spot-checks/{id}/look", LOOK, pages::show::look).about(ROW, "复看：与记录一致或不符"),
    ]
}
