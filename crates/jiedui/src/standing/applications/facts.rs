//! What is known of an applicant, for its conditions: each fact from the mechanism that carries it.

use crate::evidence::outputs;
use crate::evidence::profiles;
use crate::network::registry;
use crate::standing::indicators;
use crate::standing::standards;
use chrono::Months;
use jiedui_kernel::{Period, Result};
use jiedui_programme::{
    Application, Attained, ConditionReading, Programme, SchoolState, attainment, eligibility, with_derived,
};
use jiedui_store::Tx;
use std::collections::{BTreeMap, HashMap};

/// What is known today of an organisation visible to the caller: the registry, its newest accepted year-profile, what that comes
/// to against each standard, its confirmed outputs, and its confirmed figures of the last twelve months.
pub async fn state_of(tx: &mut Tx, programme: &Programme, org: &str) -> Result<SchoolState> {
    let row = registry::find(tx, org).await?;
    let profile = profiles::accepted_of(tx, org).await?.map(|fact| fact.values).unwrap_or_default();
    let confirmed = standards::confirmed(tx).await?;
    let mut attained = BTreeMap::new();
    for standard in &programme.standards {
        match attainment(programme, standard, &profile, &confirmed).state {
            Attained::Met => drop(attained.insert(standard.id.clone(), true)),
            Attained::NotMet => drop(attained.insert(standard.id.clone(), false)),
            Attained::Unknown => {}
        }
    }
    let today = tx.today();
    let year_ago = today.checked_sub_months(Months::new(12)).and_then(|day| day.succ_opt());
    let figures = match year_ago.and_then(|from| Period::new(from, today)) {
        Some(window) => indicators::school_figures(tx, programme, org, window).await?,
        None => HashMap::new(),
    };
    Ok(SchoolState {
        level: row.level,
        typical: !row.typical_class.is_empty(),
        profile: with_derived(programme, &profile),
        attained,
        outputs: outputs::counts_of(tx, programme, org).await?,
        figures: figures.into_iter().collect(),
    })
}

/// The conditions of an application as they stand today for an applicant visible to the caller.
pub async fn readings(
    tx: &mut Tx,
    programme: &Programme,
    application: &Application,
    org: &str,
) -> Result<Vec<ConditionReading>> {
    let state = state_of(tx, programme, org).await?;
    Ok(eligibility(programme, application, &state))
}
