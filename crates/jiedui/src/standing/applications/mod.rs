//! 申报: what the plan wants applied for; whether the conditions are met item by item with what is lacking, the
//! recommendation, the decision, whether a tilt was given, and the output that it becomes (T1.3, T2, T3, T5, T10, T12, S2).

mod actions;
mod data;
mod facts;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{
    Decision, NewCase, applies, begin, decide, forward, recall, recommend, reopen, return_to_submitter,
    submit, withdraw,
};
pub use data::CaseRow;
pub use facts::{readings, state_of};
pub use rules::CaseState;

const READ: Access = Access::Can("application", "read");
const APPLY: Access = Access::Can("application", "apply");

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/applications", READ, pages::list::list).about(Subject::None, "申报"),
        route!(Get "/applications/open", READ, pages::list::open).about(Subject::None, "可以申报什么，还缺什么"),
        route!(Get "/applications/new/{application}", APPLY, pages::edit::new).about(Subject::Open, "准备申报"),
        route!(Post "/applications/new/{application}", APPLY, pages::edit::create).about(Subject::Open, "保存新的申报"),
        route!(Get "/applications/{id}", READ, pages::show::show).about(Subject::Application, "申报详情"),
        route!(Get "/applications/{id}/edit", APPLY, pages::edit::edit).about(Subject::Application, "修改申报"),
        route!(Post "/applications/{id}/edit", APPLY, pages::edit::save).about(Subject::Application, "提交修改的申报"),
        route!(Post "/applications/{id}/hand", APPLY, pages::show::submit)
            .about(Subject::Application, "提请推荐、递交、收回或撤回申报"),
        route!(Post "/applications/{id}/recommend", Access::Can("application", "recommend"), pages::show::recommend)
            .about(Subject::Application, "推荐或退回申报"),
        route!(Post "/applications/{id}/decide", Access::Can("application", "decide"), pages::show::decide)
            .about(Subject::Application, "登记申报结果、退回或撤销结果"),
    ]
}

/// An application visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<CaseRow> {
    tx.one(&data::SHOW, args![id]).await
}

/// What waits for the caller: to recommend, to decide, to mend or to hand in.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<CaseRow>> {
    let org = tx.actor().org.clone();
    tx.all(&data::WAITING, args![org]).await
}

/// How often each organisation visible to the caller filled one in, by month: organisation, type, month, times.
pub async fn recorded(
    tx: &mut Tx,
    months: &jiedui_kernel::Months,
) -> Result<Vec<(String, String, i64, i64)>> {
    tx.all(&data::RECORDED, months.starts().into_iter().map(Into::into).collect()).await
}

/// An application of the pairing's county school, asked of the county bureau, inserted without checks.
#[cfg(test)]
pub async fn example(tx: &mut Tx, pairing: &crate::network::pairings::PairingRow) -> String {
    let id = tx.new_id();
    let office = crate::network::registry::bureau(tx, "province_office", "440000").await.unwrap().unwrap();
    let (school, bureau, day) = (&pairing.county_school, &pairing.county_bureau, tx.today());
    let values = args![&id, "example", "T3.1", "1", school, "数控技能大师工作室", "{}", bureau, office, day];
    tx.write(&data::INSERT, values).await.unwrap();
    tx.write(&data::ASK, args![&id, 1_i64, CaseState::Asked, day, bureau]).await.unwrap();
    id
}
