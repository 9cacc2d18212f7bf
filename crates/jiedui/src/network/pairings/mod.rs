//! 结对: one lead college and one nearby school for each county school, dated (G1.1, G1.2; decisions.md "County school").

mod data;
mod pages;
pub mod rules;

use crate::network::registry;
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::{AuditRecord, Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use data::PairingRow;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/network/pairings",
    routes,
    menu: &[entry(300, "结对", "/pairings", "结对关系", ("pairing", "read"))],
    tables: &[table!(scoped "pairing" of "id"), table!(scoped "pairing_party" of "pairing")],
    words: Words {
        actions: &[("pairing.make", "建立结对"), ("pairing.end", "终止结对")],
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
        route!(Get "/pairings", Access::Can("pairing", "read"), pages::list).about(Subject::None, "结对关系"),
        route!(Get "/pairings/{id}", Access::Can("pairing", "read"), pages::show)
            .about(Subject::Row("pairing"), "结对详情"),
        route!(Post "/pairings/{id}/end", Access::Can("pairing", "end"), pages::end)
            .about(Subject::Row("pairing"), "终止结对"),
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

/// Every pairing visible to the caller, running or ended, in the order of names.
pub async fn in_scope(tx: &mut Tx) -> Result<Vec<PairingRow>> {
    tx.all(&data::ALL, Vec::new()).await
}

/// Every pairing that a county school has or had, whoever may see which of them.
pub async fn of_county_school(tx: &mut Tx, school: &str) -> Result<Vec<PairingRow>> {
    tx.all(&data::OF_COUNTY_SCHOOL, args![school]).await
}

/// A pairing as the office's table has it.
#[derive(Debug, Clone)]
pub struct NewPairing {
    pub county_school: String,
    pub lead: String,
    pub nearby: String,
    pub agreed_on: Option<Date>,
    pub from: Date,
    pub to: Option<Date>,
    pub source: String,
}

/// What became of a row of the office's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Made,
    Changed,
    Same,
}

/// Makes a pairing, or brings an existing one (same three schools, same first day) up to date. The checks of G1.1 come
/// first; every broken one is told.
pub async fn ensure(tx: &mut Tx, new: &NewPairing) -> Result<Outcome> {
    // Two at once would both find the days free.
    registry::lock(tx, &new.county_school).await?;
    let mine = of_county_school(tx, &new.county_school).await?;
    let twin =
        mine.iter().find(|old| old.lead == new.lead && old.nearby == new.nearby && old.from_day == new.from);
    let facts = rules::Facts {
        is_county_school: registry::has_flag(tx, &new.county_school, "county_school", new.from).await?,
        lead_is_high_level: registry::has_flag(tx, &new.lead, "high_level", new.from).await?,
        nearby_is_county_school: registry::has_flag(tx, &new.nearby, "county_school", new.from).await?,
        others: mine
            .iter()
            .filter(|old| twin.is_none_or(|twin| twin.id != old.id))
            .map(|old| (old.from_day, old.to_day))
            .collect(),
    };
    Error::of(rules::check(new, &facts))?;
    match twin {
        Some(old) if old.agreed_on == new.agreed_on && old.to_day == new.to && old.source == new.source => {
            Ok(Outcome::Same)
        }
        Some(old) => {
            tx.write_one(&data::UPDATE, args![&old.id, new.agreed_on, new.to, &new.source]).await?;
            Ok(Outcome::Changed)
        }
        None => {
            insert(tx, new).await?;
            Ok(Outcome::Made)
        }
    }
}

/// Writes down the day on which the three parties signed, where none is known yet; the leaf is the caller's.
pub async fn set_agreed(tx: &mut Tx, pairing: &Found<PairingRow>, day: Date) -> Result<()> {
    tx.change(pairing, &data::SET_AGREED, args![day]).await.map(drop)
}

/// Writes down the last day of a pairing, with the reason.
pub async fn end_on(
    tx: &mut Tx,
    row: &Found<PairingRow>,
    version: i64,
    to: Date,
    reason: &str,
) -> Result<()> {
    data::END
        .at(row, version, args![to, reason])
        .write(tx, "这组结对刚被别人改过。请重新打开页面，看过新内容再定。")
        .await?;
    let body = serde_json::json!({ "to": to, "reason": reason });
    tx.audit(AuditRecord { action: "pairing.end", resource: "pairing", resource_id: &row.id }, &body).await
}

/// Ends what still runs of a county school that is no more from a day on, in the same step in which it ceased; says which
/// they were.
pub async fn end_of_school(tx: &mut Tx, school: &str, day: Date, reason: &str) -> Result<Vec<PairingRow>> {
    let mut ended = Vec::new();
    for row in of_county_school(tx, school).await? {
        if row.to_day.is_none_or(|to| to >= day) {
            let last = day.pred_opt().unwrap_or(day).max(row.from_day);
            let row = found(tx, &row.id).await?;
            end_on(tx, &row, row.version, last, reason).await?;
            ended.push(row.into_row());
        }
    }
    Ok(ended)
}

async fn insert(tx: &mut Tx, new: &NewPairing) -> Result<()> {
    let id = tx.new_id();
    tx.write(
        &data::INSERT,
        args![&id, &new.county_school, &new.lead, &new.nearby, new.agreed_on, new.from, new.to, &new.source],
    )
    .await?;
    for (party, org) in [("county_school", &new.county_school), ("lead", &new.lead), ("nearby", &new.nearby)]
    {
        tx.write(&data::INSERT_PARTY, args![&id, party, org]).await?;
    }
    let body = serde_json::json!({
        "county_school": new.county_school, "lead": new.lead, "nearby": new.nearby, "agreed_on": new.agreed_on,
        "from": new.from, "to": new.to,
    });
    tx.audit(AuditRecord { action: "pairing.make", resource: "pairing", resource_id: &id }, &body).await
}
