//! 交接: where a helper of a county school is succeeded by another, one page carries what is open (needs, projects, visits
//! and stays, papers) and what was done, and both agree to it (G1.1, S1.4, S1.6; decisions.md "Dates of pairings"). Everything on it
//! is read from the records; what the two say is what becomes of each open item. Once both agreed, what is left of the projects
//! that go on stands in the list of the next pairing.

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
use jiedui_kernel::Result;
use jiedui_programme::FormKind;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{answer, propose};
pub use data::{HandoverRow, HandoverState, SuccessionRow};
pub use rules::{Course, NewHandover};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/planning/handovers",
    routes,
    menu: &[entry(340, "结对", "/handovers", "院校交接", ("handover", "read"))],
    tables: &[table!(scoped "handover" of "id")],
    words: Words {
        actions: &[
            ("handover.propose", "提出交接"),
            ("handover.edit", "修改交接"),
            ("handover.agree", "确认交接"),
            ("handover.send_back", "退回交接"),
            ("handover.settle", "交接双方确认"),
            ("handover.withdraw", "撤回交接"),
        ],
        resources: &[("handover", "交接")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 25, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[CountedStep { resource: "handover", kind: "propose", form: (FormKind::Other, "handover") }],
    #[cfg(test)]
    samples: Samples {
        rows: &[("handover", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("handover", tests::example(tx, pairing).await)] })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/handovers", Access::Can("handover", "read"), pages::list::list)
            .about(Subject::None, "院校交接"),
        route!(Get "/pairings/{id}/handovers", Access::Can("handover", "read"), pages::pairing::show)
            .about(Subject::Row("pairing"), "一组结对的交接"),
        route!(Post "/pairings/{id}/handovers", Access::Can("handover", "record"), pages::edit::create)
            .about(Subject::Row("pairing"), "提交交接"),
        route!(Get "/handovers/{id}", Access::Can("handover", "read"), pages::show::show)
            .about(Subject::Row("handover"), "交接详情"),
        route!(Get "/handovers/{id}/edit", Access::Can("handover", "record"), pages::edit::edit)
            .about(Subject::Row("handover"), "修改交接")
            .fresh(),
        route!(Post "/handovers/{id}/edit", Access::Can("handover", "record"), pages::edit::save)
            .about(Subject::Row("handover"), "提交对交接的修改"),
        route!(Post "/handovers/{id}/answer", Access::Can("handover", "answer"), pages::show::answer)
            .about(Subject::Row("handover"), "确认或退回交接"),
        route!(Post "/handovers/{id}/withdraw", Access::Can("handover", "record"), pages::show::withdraw)
            .about(Subject::Row("handover"), "撤回交接"),
    ]
}

/// A handover visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<HandoverRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// Every succession of a helper in which this pairing is the earlier or the later one.
pub async fn of_pairing(tx: &mut Tx, pairing: &str) -> Result<Vec<SuccessionRow>> {
    tx.all(&data::OF_PAIRING, args![pairing]).await
}
