//! Who uses the provincial recruitment system (T12.1), as it was recorded among the outputs and is counted by the indicator.

use crate::evidence::outputs;
use crate::network::registry::{self, OrgRow};
use jiedui_kernel::Result;
use jiedui_programme::{EntryState, FieldValue, JobRules, Only, OutputFact, Programme};
use jiedui_store::Tx;
use std::collections::HashMap;

/// How far a school is; the further one is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joined {
    Not,
    /// Recorded, and not yet in use.
    OnTheWay,
    /// In use, and nobody has confirmed it.
    Stated,
    Using,
}

pub struct School {
    pub row: OrgRow,
    pub joined: Joined,
    /// The output that says so.
    pub output: Option<String>,
}

/// Every running school visible to the caller, in the order of names; none where the programme has no such system.
pub async fn schools(tx: &mut Tx, programme: &Programme, rules: &JobRules) -> Result<Option<Vec<School>>> {
    let Some((kinds, only)) = rules.system(programme) else { return Ok(None) };
    let today = tx.today();
    let mut furthest: HashMap<String, (Joined, String)> = HashMap::new();
    for fact in outputs::facts(tx).await? {
        if !kinds.contains(&fact.output) || !takes(only, &fact) {
            continue;
        }
        let Some(joined) = how_far(programme, &fact) else { continue };
        let school = fact.county_school.unwrap_or(fact.org);
        let best = furthest.entry(school).or_insert((joined, fact.id.clone()));
        if joined > best.0 {
            *best = (joined, fact.id);
        }
    }
    let runs = |school: &OrgRow| school.ended_on.is_none_or(|day| day > today);
    let rows = registry::schools(tx).await?;
    let one = |row: OrgRow| {
        let found = furthest.remove(&row.id);
        let (joined, output) = found.map_or((Joined::Not, None), |(joined, id)| (joined, Some(id)));
        School { row, joined, output }
    };
    Ok(Some(rows.into_iter().filter(runs).map(one).collect()))
}

fn takes(only: Option<&Only>, fact: &OutputFact) -> bool {
    only.is_none_or(|only| match fact.fields.get(&only.field) {
        Some(FieldValue::Text(answer)) => only.takes(answer),
        _ => only.takes(""),
    })
}

/// None where it was withdrawn, or is over.
fn how_far(programme: &Programme, fact: &OutputFact) -> Option<Joined> {
    let kind = programme.output(&fact.output)?;
    let (stage, _) = fact.stages.last()?;
    if fact.state == EntryState::Withdrawn || kind.stages.iter().any(|one| one.id == *stage && one.ends) {
        return None;
    }
    Some(match (kind.counts_in(stage), fact.state) {
        (false, _) => Joined::OnTheWay,
        (true, EntryState::Confirmed) => Joined::Using,
        (true, _) => Joined::Stated,
    })
}
