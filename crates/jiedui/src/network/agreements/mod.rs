//! 协议: what the three parties of a pairing signed (G1.2; decisions.md "Agreement"). Signed is the date on the paper,
//! recorded by one party and acknowledged by the other two; the file is optional. The end of its term is not the end
//! of the pairing.

mod actions;
mod data;
mod pages;
mod papers;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::network::pairings::rules::answers_still;
use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{FormKind, Programme};
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{answer, record};
pub use data::{AgreementRow, AgreementState};
pub use rules::NewAgreement;
#[cfg(test)]
pub use tests::example;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/network/agreements",
    routes,
    tables: &[table!(scoped "agreement" of "id"), table!(scoped "agreement_file" of "agreement")],
    words: Words {
        actions: &[
            ("agreement.record", "登记协议"),
            ("agreement.edit", "修改登记的协议"),
            ("agreement.agree", "确认协议"),
            ("agreement.send_back", "退回协议"),
            ("agreement.sign", "协议三方确认"),
            ("agreement.withdraw", "撤回登记的协议"),
        ],
        resources: &[("agreement", "协议")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 20, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[CountedStep { resource: "agreement", kind: "record", form: (FormKind::Agreement, "agreement") }],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("agreement", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| Box::pin(async move { vec![("agreement", example(tx, pairing).await)] })),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static AGREEMENTS: Kind = Kind {
    place: 200,
    word: "三方协议",
    folder: "network/agreements",
    test: ("network/agreements/tests.rs", "an_agreement_counts_as_signed_after_all_three"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&AGREEMENTS, "G1.2", "三方协议", "/pairings");
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/pairings/{id}/agreements", Access::Can("agreement", "read"), pages::list::list)
            .about(Subject::Row("pairing"), "一组结对的协议"),
        route!(Get "/pairings/{id}/agreements/new", Access::Can("agreement", "record"), pages::edit::new)
            .about(Subject::Row("pairing"), "登记协议")
            .fresh(),
        route!(Post "/pairings/{id}/agreements/new", Access::Can("agreement", "record"), pages::edit::create)
            .about(Subject::Row("pairing"), "提交协议登记")
            .uploads(),
        route!(Get "/pairings/{id}/agreements/draft", Access::Can("agreement", "read"), papers::show)
            .about(Subject::Row("pairing"), "三方协议代拟稿"),
        route!(Get "/pairings/{id}/agreements/draft/{file}", Access::Can("agreement", "read"), papers::show)
            .about(Subject::Row("pairing"), "下载三方协议代拟稿"),
        route!(Get "/agreements/{id}", Access::Can("agreement", "read"), pages::show::show)
            .about(Subject::Row("agreement"), "协议详情"),
        route!(Get "/agreements/{id}/edit", Access::Can("agreement", "record"), pages::edit::edit)
            .about(Subject::Row("agreement"), "修改登记的协议")
            .fresh(),
        route!(Post "/agreements/{id}/edit", Access::Can("agreement", "record"), pages::edit::save)
            .about(Subject::Row("agreement"), "提交对登记的修改")
            .uploads(),
        route!(Post "/agreements/{id}/answer", Access::Can("agreement", "answer"), pages::show::answer)
            .about(Subject::Row("agreement"), "确认或退回协议"),
        route!(Post "/agreements/{id}/withdraw", Access::Can("agreement", "record"), pages::show::withdraw)
            .about(Subject::Row("agreement"), "撤回登记的协议"),
        route!(Get "/agreements/{id}/file", Access::Can("agreement", "read"), pages::show::file)
            .about(Subject::Row("agreement"), "下载协议文件"),
    ]
}

/// An agreement visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<AgreementRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// All editions of a pairing visible to the caller, newest first, withdrawn ones too.
pub async fn of_pairing(tx: &mut Tx, pairing: &str) -> Result<Vec<AgreementRow>> {
    tx.all(&data::OF_PAIRING, args![pairing]).await
}

/// What is recorded and not agreed to by all, visible to the caller.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<AgreementRow>> {
    tx.all(&data::WAITING, Vec::new()).await
}

/// What waits for this organisation's answer and may still be answered.
pub async fn to_answer(tx: &mut Tx, programme: &Programme, org: &str) -> Result<Vec<AgreementRow>> {
    let rows = tx.all::<AgreementRow>(&data::TO_ANSWER, args![org]).await?;
    let today = tx.today();
    Ok(rows.into_iter().filter(|row| answers_still(row.pairing_to, programme, today)).collect())
}

/// What this organisation recorded and another party sent back.
pub async fn sent_back(tx: &mut Tx, org: &str) -> Result<Vec<AgreementRow>> {
    tx.all(&data::SENT_BACK, args![org]).await
}

/// Of running pairings: the newest signed edition, where its term is over by this day.
pub async fn expiring(tx: &mut Tx, until: Date) -> Result<Vec<AgreementRow>> {
    tx.all(&data::EXPIRING, args![until]).await
}
