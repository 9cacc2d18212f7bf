//! 生态链: the chains 产教评技能生态链 that entries and outputs name, each with what is on it (T8, G0.4): enterprises with the
//! stage that was confirmed, schools that joined, standards and resources, who was recruited and trained. Nobody fills in
//! a register: whoever names a chain in a form that is there anyway registers it, and its members are read from those forms.

mod actions;
mod data;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_kernel::Result;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::reply::Choice;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{keep, register};
pub use data::ChainRow;

const READ: Access = Access::Can("chain", "read");
const ROW: Subject = Subject::Row("chain");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/network/chains",
    routes,
    menu: &[entry(211, "院校库", "/chains", "生态链", ("chain", "read"))],
    tables: &[table!(scoped "chain" of "id"), table!(scoped "chain_use" of "resource")],
    words: Words {
        actions: &[("chain.register", "登记生态链"), ("chain.describe", "注明生态链面向的大类")],
        resources: &[("chain", "生态链")],
        rights: &[("describe", "注明大类")],
        ..Words::NONE
    },
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("chain", Belongs::School)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("chain", tests::example(tx, pairing).await)] })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static CHAINS: Kind = Kind {
    place: 211,
    word: "生态链",
    folder: "network/chains",
    test: ("network/chains/tests.rs", "what_names_one_chain_stands_together"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&CHAINS, "G0.4", "链上的院校和企业", "/chains");
    section.by_hand(&CHAINS, "T8.2", "链上的链员和链主", "/chains");
    section.by_hand(&CHAINS, "T8.3", "链上的标准和资源", "/chains");
    section.by_hand(&CHAINS, "T8.4", "链上的招生招工和培训", "/chains");
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/chains", READ, pages::list::list).about(Subject::None, "生态链"),
        route!(Get "/chains/{id}", READ, pages::show::show).about(ROW, "一条生态链"),
        route!(Post "/chains/{id}/describe", Access::Can("chain", "describe"), pages::show::describe)
            .about(ROW, "注明生态链面向的大类"),
    ]
}

/// More names than this are no help while one types.
const SUGGESTED: i64 = 300;

/// The chains visible to the caller, for a field that asks for one.
pub async fn names(tx: &mut Tx) -> Result<Vec<Choice>> {
    let rows = tx.all::<(String,)>(&data::NAMES, args![SUGGESTED]).await?;
    Ok(rows.into_iter().map(|(name,)| Choice::new(&name, &name)).collect())
}

/// A chain visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<ChainRow>> {
    tx.find(&data::SHOW, args![id]).await
}
