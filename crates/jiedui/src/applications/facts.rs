//! What is known of an applicant, for its conditions: each fact from the mechanism that carries it.

use crate::outputs;
use crate::registry;
use jiedui_kernel::Result;
use jiedui_programme::{Application, ConditionReading, Programme, SchoolState, eligibility};
use jiedui_store::Tx;
use std::collections::BTreeMap;

/// What is known today of an organisation within reach.
pub async fn state_of(tx: &mut Tx, programme: &Programme, org: &str) -> Result<SchoolState> {
    let row = registry::find(tx, org).await?;
    Ok(SchoolState {
        level: row.level,
        typical: !row.typical_class.is_empty(),
        profile: BTreeMap::new(),
        attained: BTreeMap::new(),
        outputs: outputs::counts_of(tx, programme, org).await?,
        figures: BTreeMap::new(),
    })
}

/// The conditions of an application as they stand today for an applicant within reach.
pub async fn readings(
    tx: &mut Tx,
    programme: &Programme,
    application: &Application,
    org: &str,
) -> Result<Vec<ConditionReading>> {
    let state = state_of(tx, programme, org).await?;
    Ok(eligibility(programme, application, &state))
}
