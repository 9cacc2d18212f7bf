//! 结对: one lead college and one nearby school for each county school, dated (G1.1, G1.2; decisions.md "County school").

mod actions;
mod data;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use serde::Serialize;

pub use actions::{
    Ending, Judged, NewPairing, Outcome, PairingDone, PairingTerms, basis, before_file, changed_since,
    done_by_file, end_of_school, end_on, ensure, hanging, judge, keep, resume, running_of, set_agreed,
    take_back, void,
};
pub use data::{Basis, PairingImage, PairingRow};
pub use pages::ending::{BasisLine, LOOK, basis_lines, unseen};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/network/pairings",
    routes,
    menu: &[entry(300, "结对", "/pairings", "结对关系", ("pairing", "read"))],
    tables: &[table!(scoped "pairing" of "id"), table!(scoped "pairing_party" of "pairing")],
    words: Words {
        actions: &[
            ("pairing.make", "建立结对"),
            ("pairing.dates", "更正结对起止"),
            ("pairing.end", "终止结对"),
            ("pairing.resume", "恢复结对"),
            ("pairing.void", "撤销结对"),
        ],
        resources: &[("pairing", "结对")],
        rights: &[("end", "终止")],
        ..Words::NONE
    },
    #[cfg(test)]
    samples: Samples {
        rows: &[("pairing", Belongs::Pairing)],
        find: Some(|_, _, _, pairing| Some(pairing.to_owned())),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/pairings", Access::Can("pairing", "read"), pages::list::list)
            .about(Subject::None, "结对关系"),
        route!(Get "/pairings/outside", Access::Can("entry", "read"), pages::outside::list)
            .about(Subject::None, "结对之外的台账"),
        route!(Get "/pairings/{id}", Access::Can("pairing", "read"), pages::show::show)
            .about(Subject::Row("pairing"), "结对详情"),
        route!(Get "/pairings/{id}/end", Access::Can("pairing", "end"), pages::ending::form)
            .about(Subject::Row("pairing"), "终止结对前核对"),
        route!(Post "/pairings/{id}/end", Access::Can("pairing", "end"), pages::ending::end)
            .about(Subject::Row("pairing"), "终止结对"),
        route!(Post "/pairings/{id}/resume", Access::Can("pairing", "end"), pages::show::resume)
            .about(Subject::Row("pairing"), "撤销终止"),
        route!(Get "/registry/{id}/lineage", Access::Can("registry", "edit"), pages::lineage::form)
            .about(Subject::Row("org"), "登记沿革"),
        route!(Post "/registry/{id}/lineage", Access::Can("registry", "edit"), pages::lineage::add)
            .about(Subject::Row("org"), "提交沿革"),
    ]
}

/// A pairing visible to the caller, running or ended.
pub async fn find(tx: &mut Tx, id: &str) -> Result<PairingRow> {
    found(tx, id).await.map(Found::into_row)
}

/// The same for what writes on the pairing itself.
pub async fn found(tx: &mut Tx, id: &str) -> Result<Found<PairingRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// The next pairings behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<PairingRow>> {
    if tx.actor().scope.is_narrow() {
        tx.all(&data::AFTER_OF_FEW, args![after, most]).await
    } else {
        tx.all(&data::AFTER, args![after, most]).await
    }
}

/// Every pairing visible to the caller, running or ended, in the order of names.
pub async fn in_scope(tx: &mut Tx) -> Result<Vec<PairingRow>> {
    tx.all(&data::ALL, Vec::new()).await
}

/// Every pairing that a county school has or had, whoever may see which of them.
pub async fn of_county_school(tx: &mut Tx, school: &str) -> Result<Vec<PairingRow>> {
    tx.all(&data::OF_COUNTY_SCHOOL, args![school]).await
}

/// What a pairing's predecessors did at its county school.
#[derive(Debug, Clone, Serialize)]
pub struct EarlierWork {
    /// The activity; "" of something that was built.
    #[serde(skip)]
    pub activity: String,
    pub title: String,
    pub from: String,
    pub to: String,
}

/// The same, the newest first. Whoever helps a school now has to know what was given to it already; who took part and how
/// many is not told.
pub async fn earlier_work(
    tx: &mut Tx,
    programme: &Programme,
    pairing: &PairingRow,
) -> Result<Vec<EarlierWork>> {
    let asked = args![&pairing.county_school, pairing.from_day, &pairing.id];
    let rows = tx.all::<data::EarlierRow>(&data::EARLIER, asked).await?;
    let one = |row: data::EarlierRow| {
        let name = programme.activity(&row.activity).map(|activity| activity.name.clone());
        EarlierWork {
            title: name.unwrap_or(row.title),
            activity: row.activity,
            from: row.from_day.to_string(),
            to: row.to_day.to_string(),
        }
    };
    Ok(rows.into_iter().map(one).collect())
}
