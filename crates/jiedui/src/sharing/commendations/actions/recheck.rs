//! Commendations that were decided, held against the running code: what must hold is asked again of what was recorded
//! on that day.

use super::super::data;
use super::super::rules::words;
use crate::shared::frozen::{self, Stamp};
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, broken};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{DisputeLimit, NominationFacts, Requirement};
use jiedui_store::{Tx, args};
use serde::{Deserialize, Serialize};

pub const KEPT: KeptKind = KeptKind {
    id: "commendation",
    name: "决定的通报表扬",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

/// On what it rests that a school or a person was commended; nobody is named in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub class: String,
    pub on: Date,
    pub requires: Vec<Requirement>,
    pub limit: DisputeLimit,
    pub facts: NominationFacts,
    pub stamp: Stamp,
}

async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let (school, basis, digest) = tx.one::<(String, String, String)>(&data::KEPT_TEXT, args![id]).await?;
    let mut found: Vec<Otherwise> = broken(&basis, &digest).into_iter().collect();
    let basis: Basis = frozen::read(&basis, format_args!("the commendation {id}"))?;
    found.extend(judged(&basis));
    let title = format!("{school}（{}）", words::class_name(running.programme, &basis.class));
    Ok(Again { title, href: format!("/nominations/{id}"), found })
}

/// What was asked then and does not hold by the running code. Nobody was commended of whom something did not hold.
pub fn judged(basis: &Basis) -> Vec<Otherwise> {
    let fails = basis.requires.iter().filter(|what| !what.holds(&basis.facts, basis.limit));
    fails.map(|what| Otherwise::new(what.label(), "符合", "不符合")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_asked_again_of_what_was_recorded() {
        let facts =
            NominationFacts { pairings: 1, posts: 0, disputed: 2, recorded: 100, reasons: 2, standing: 2 };
        let limit = DisputeLimit { open_workdays: 10, spared: 0, spared_percent: 5 };
        let basis = Basis {
            class: "lead".to_owned(),
            on: "2026-11-24".parse().unwrap(),
            requires: vec![Requirement::Paired, Requirement::Undisputed, Requirement::ReasonsStand],
            limit,
            facts,
            stamp: Stamp::default(),
        };
        assert_eq!(judged(&basis), [], "a post is not asked of a school");
        for (wrong, what) in [
            (NominationFacts { pairings: 0, ..facts }, Requirement::Paired),
            (NominationFacts { disputed: 6, ..facts }, Requirement::Undisputed),
            (NominationFacts { standing: 1, ..facts }, Requirement::ReasonsStand),
        ] {
            let told = judged(&Basis { facts: wrong, ..basis.clone() });
            assert_eq!(told, [Otherwise::new(what.label(), "符合", "不符合")], "{what:?}");
        }
    }
}
