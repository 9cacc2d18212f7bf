//! The kept figures against everything counted anew. For the command line, as the system, which sees everything.

use crate::figures::{self, Difference, Recomputed};
use crate::{ledger, outputs, profiles};
use jiedui_kernel::Result;
use jiedui_programme::{Programme, World};
use jiedui_store::{Leaf, Tx};

async fn everything(tx: &mut Tx, programme: &Programme) -> Result<Recomputed> {
    let world = World {
        entries: ledger::facts(tx).await?,
        outputs: outputs::facts(tx).await?,
        profiles: profiles::facts(tx).await?,
        ..World::default()
    };
    Ok(Recomputed::of(programme, &world))
}

/// Everything in which the kept figures are not what they should be.
pub async fn verify(tx: &mut Tx, programme: &Programme) -> Result<Vec<Difference>> {
    let found = everything(tx, programme).await?;
    figures::compare(tx, &found).await
}

/// Brings the kept figures in line with what the programme says now. Each difference is written down, so that what was
/// reported before stays what it was.
pub async fn rebuild(tx: &mut Tx, programme: &Programme) -> Result<Vec<Difference>> {
    let found = everything(tx, programme).await?;
    let differences = figures::align(tx, &found).await?;
    let body = serde_json::json!({ "programme": programme.digest, "differences": differences.len() });
    tx.leaf(Leaf { action: "figure.rebuild", thing: "figure", thing_id: "" }, &body).await?;
    Ok(differences)
}
