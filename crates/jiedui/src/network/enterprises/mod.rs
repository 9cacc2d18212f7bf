//! 企业库: the enterprises that entries and outputs name (T6, T8, T11.1, T12.2; G0.4). Nobody fills in a register: whoever
//! names an enterprise in a form that is there anyway registers it, and one that is written in another way is the same.
//!
//! Names: a name is *evened* where width, blanks, brackets and case are made alike; an enterprise that turned out to be
//! another one is *joined* to it and *leads to* it from then on; a *use* is one place where an enterprise is named.

mod actions;
mod data;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::{Earlier, Repeated};
use jiedui_store::{Found, Tx, args, table, values};
use jiedui_web::reply::Choice;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::HashMap;

pub(crate) use data::use_in_scope;

pub use actions::{Named, Use, clear, join, keep, part, register, register_title};
pub use data::{EnterpriseRow, UseRow};

const READ: Access = Access::Can("enterprise", "read");
const JOIN: Access = Access::Can("enterprise", "join");
const ROW: Subject = Subject::Row("enterprise");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/network/enterprises",
    routes,
    menu: &[entry(210, "院校库", "/enterprises", "企业库", ("enterprise", "read"))],
    tables: &[table!(scoped "enterprise" of "id"), table!(scoped "enterprise_use" of "resource")],
    words: Words {
        actions: &[
            ("enterprise.register", "登记企业"),
            ("enterprise.join", "合并企业"),
            ("enterprise.part", "撤销企业合并"),
        ],
        resources: &[("enterprise", "企业")],
        rights: &[("join", "合并")],
        ..Words::NONE
    },
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("enterprise", Belongs::School)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("enterprise", tests::example(tx, pairing).await)] })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static REGISTER: Kind = Kind {
    place: 210,
    word: "企业库",
    folder: "network/enterprises",
    test: ("network/enterprises/tests.rs", "one_enterprise_written_in_several_ways_is_one"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&REGISTER, "T6.1", "引入和合办的企业", "/enterprises");
    section.by_hand(&REGISTER, "T8.2", "链员和链主企业", "/enterprises");
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/enterprises", READ, pages::list::list).about(Subject::None, "企业库"),
        route!(Get "/enterprises/{id}", READ, pages::show::show).about(ROW, "一家企业"),
        route!(Post "/enterprises/{id}/join", JOIN, pages::show::join).about(ROW, "并入另一家企业"),
        route!(Post "/enterprises/{id}/part", JOIN, pages::show::part).about(ROW, "撤销合并"),
    ]
}

/// More names than this are no help while one types.
const SUGGESTED: i64 = 300;

/// The enterprises visible to the caller, for a field that asks for one.
pub async fn names(tx: &mut Tx) -> Result<Vec<Choice>> {
    let rows = tx.all::<(String,)>(&data::NAMES, args![SUGGESTED]).await?;
    Ok(rows.into_iter().map(|(name,)| Choice::new(&name, &name)).collect())
}

/// An enterprise visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<EnterpriseRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// Where an enterprise that was found in scope is named, as far as the caller sees it: the newest first, at most so many.
pub async fn uses(tx: &mut Tx, id: &str, most: i64) -> Result<Vec<UseRow>> {
    values!(data::USES { enterprise: id.to_owned(), place: "" }).rows(tx, None, most, 0).await
}

/// Of entries behind `after` and up to `last` ("" for all): the enterprises that an earlier entry named.
pub async fn repeated(tx: &mut Tx, (after, last): (&str, &str)) -> Result<HashMap<String, Repeated>> {
    let rows = tx.all::<data::RepeatedRow>(&data::REPEATED, args![after, last]).await?;
    Ok(rows.into_iter().map(|row| (row.resource.clone(), counted(&row))).collect())
}

/// The same of one entry.
pub async fn repeated_of(tx: &mut Tx, entry: &str) -> Result<Repeated> {
    let row = tx.maybe::<data::RepeatedRow>(&data::REPEATED_OF, args![entry]).await?;
    Ok(row.as_ref().map(counted).unwrap_or_default())
}

fn counted(row: &data::RepeatedRow) -> Repeated {
    Repeated { claimed: row.claimed, confirmed: row.confirmed }
}

/// By output, or of one alone, the outputs that are called after the same enterprise and were there before.
pub async fn earlier(tx: &mut Tx, output: &str) -> Result<HashMap<String, Vec<Earlier>>> {
    let mut found: HashMap<String, Vec<Earlier>> = HashMap::new();
    let mut last = (String::new(), String::new());
    for row in tx.all::<data::EarlierRow>(&data::EARLIER, args![output]).await? {
        let of = found.entry(row.resource.clone()).or_default();
        let key = (row.resource, row.earlier);
        if key != last {
            of.push(Earlier { sure: 0, stages: Vec::new() });
            last = key;
        }
        if let Some(one) = of.last_mut() {
            // Confirmed are the first ones, up to the first that is not.
            let sure = row.sure == 1 && one.sure == one.stages.len();
            one.sure += usize::from(sure);
            one.stages.push((row.stage, row.from_day));
        }
    }
    Ok(found)
}

/// What of the same kind names one of the enterprises that this row names.
pub async fn beside(tx: &mut Tx, resource: &str) -> Result<Vec<String>> {
    let rows = tx.all::<(String,)>(&data::BESIDE, args![resource]).await?;
    Ok(rows.into_iter().map(|(resource,)| resource).collect())
}
