//! For which schools somebody records, who else may have taken part, and who answers.

use super::super::data::OutputRow;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, OrgRow};
use jiedui_kernel::{Actor, Code, Date, Error, Result};
use jiedui_programme::{Confirmer, Output, Programme, Side, keep_offered_to};
use jiedui_store::Tx;

/// Where an output can stand: a county school, or the one who records where it belongs to none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputPlace {
    pub org: String,
    pub name: String,
    /// Of a school: the pairing that runs today, with its helpers.
    pub pairing: Option<String>,
    pub helpers: Vec<(String, String)>,
    pub is_school: bool,
}

/// The sides on which one acts, of those asked for.
pub fn sides_of(actor: &Actor, asked: &[Side]) -> Vec<Side> {
    Side::ALL.into_iter().filter(|side| asked.contains(side) && actor.has_role(side.role())).collect()
}

/// Leaves what is still asked, and of its answers those that are for the actor's side.
pub fn keep_asked(programme: &Programme, kind: &mut Output, (actor, today): (&Actor, Date)) {
    programme.keep_asked(&mut kind.fields, today);
    keep_offered_to(&mut kind.fields, &sides_of(actor, &kind.recorded_by));
}

fn runs(row: &PairingRow, today: Date) -> bool {
    pairings::rules::runs(row.from_day, row.to_day, today)
}

/// Where the caller can record outputs of this type, in the order of names; nowhere where it is not its to record.
pub async fn places(tx: &mut Tx, kind: &Output) -> Result<Vec<OutputPlace>> {
    let actor = std::sync::Arc::clone(tx.actor());
    let sides = sides_of(&actor, &kind.recorded_by);
    if sides.is_empty() {
        return Ok(Vec::new());
    }
    let (today, rows) = (tx.today(), pairings::in_scope(tx).await?);
    if !kind.of_school {
        let helpers = rows.iter().filter(|row| runs(row, today)).flat_map(both).collect();
        let (org, name) = (actor.org.clone(), actor.org_name.clone());
        return Ok(vec![OutputPlace { org, name, pairing: None, helpers: once(helpers), is_school: false }]);
    }
    let mut found: Vec<OutputPlace> = Vec::new();
    // Of itself: a college its own filing, a bureau its own plan.
    if sides.iter().any(|side| kind.own.contains(side)) {
        let (org, name) = (actor.org.clone(), actor.org_name.clone());
        found.push(OutputPlace { org, name, pairing: None, helpers: Vec::new(), is_school: false });
    }
    let sides: Vec<Side> = sides.into_iter().filter(|side| !kind.own.contains(side)).collect();
    let mut add = |org: &str, name: &str| {
        if found.iter().all(|place| place.org != org) {
            let pairing = rows.iter().find(|row| row.county_school == org && runs(row, today));
            found.push(OutputPlace {
                org: org.to_owned(),
                name: name.to_owned(),
                pairing: pairing.map(|row| row.id.clone()),
                helpers: pairing.map(both).unwrap_or_default(),
                is_school: true,
            });
        }
    };
    let helps = |row: &&PairingRow| {
        runs(row, today)
            && (sides.contains(&Side::Lead) && row.lead == actor.org
                || sides.contains(&Side::Nearby) && row.nearby == actor.org)
    };
    for row in rows.iter().filter(helps) {
        add(&row.county_school, &row.county_name);
    }
    let oversees = sides.iter().any(|side| matches!(side, Side::Province | Side::City | Side::County));
    if oversees || sides.contains(&Side::CountySchool) {
        for school in registry::county_schools(tx, today).await? {
            let mine = school.id == actor.org && sides.contains(&Side::CountySchool);
            let below = oversees && actor.scope.covers(&school.path);
            if mine || below {
                add(&school.id, &school.name);
            }
        }
    }
    Ok(found)
}

fn both(row: &PairingRow) -> Vec<(String, String)> {
    vec![(row.lead.clone(), row.lead_name.clone()), (row.nearby.clone(), row.nearby_name.clone())]
}

fn once(helpers: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for helper in helpers {
        if !kept.contains(&helper) {
            kept.push(helper);
        }
    }
    kept
}

/// The bureau above an organisation, where the caller reaches it.
async fn above(tx: &mut Tx, org: &str) -> Result<Option<String>> {
    Ok(registry::find(tx, org).await?.parent)
}

/// Who answers for an output; nobody where its type asks for nobody. Nobody confirms what is its own: then it is the bureau
/// above who does, and for the provincial office nobody.
pub async fn answerer(
    tx: &mut Tx,
    kind: &Output,
    place: &OutputPlace,
    helpers: &[String],
) -> Result<Option<String>> {
    let recorder = tx.actor().org.clone();
    let named = match kind.confirmed_by {
        None => return Ok(None),
        Some(Confirmer::CountySchool | Confirmer::Receiver) if place.is_school => Some(place.org.clone()),
        Some(Confirmer::Helper) => helpers.iter().find(|helper| **helper != recorder).cloned(),
        Some(Confirmer::CountySchool | Confirmer::CountyBureau | Confirmer::Receiver) => {
            above(tx, &place.org).await?
        }
    };
    match named {
        Some(named) if named != recorder => Ok(Some(named)),
        None if kind.confirmed_by == Some(Confirmer::Helper) => {
            Err(Error::field("helper", Code::Missing.says("这一类由协作院校确认，请选择是哪一所。")))
        }
        _ => above(tx, &recorder).await,
    }
}

/// The organisation that stands on a side to a school: its helper, itself, or the bureau of its county, its city, the
/// province. `None` where there is none, such as helpers of a school that is not paired.
pub async fn on_side(tx: &mut Tx, school: &OrgRow, side: Side, root: &str) -> Result<Option<String>> {
    let today = tx.today();
    let city = || format!("{}00", school.division.get(..4).unwrap_or_default());
    Ok(match side {
        Side::CountySchool => Some(school.id.clone()),
        Side::County => match registry::bureau(tx, "county_bureau", &school.division).await? {
            None => school.parent.clone(),
            found => found,
        },
        Side::City => registry::bureau(tx, "city_bureau", &city()).await?,
        Side::Province => registry::bureau(tx, "province_office", root).await?,
        Side::Lead | Side::Nearby => {
            let rows = pairings::in_scope(tx).await?;
            let running = rows.into_iter().find(|row| row.county_school == school.id && runs(row, today));
            running.map(|row| if side == Side::Lead { row.lead } else { row.nearby })
        }
    })
}

/// The place where an output stands already. Its helpers are those of its pairing, which may have ended since.
pub async fn kept_place(tx: &mut Tx, output: &OutputRow, named: &[(String, String)]) -> Result<OutputPlace> {
    let mut helpers = named.to_vec();
    if let Some(pairing) = &output.pairing {
        let row = pairings::find(tx, pairing).await?;
        for pair in [(row.lead, row.lead_name), (row.nearby, row.nearby_name)] {
            if !helpers.contains(&pair) {
                helpers.push(pair);
            }
        }
    }
    Ok(OutputPlace {
        org: output.stands_at.clone(),
        name: output.place_name.clone(),
        pairing: output.pairing.clone(),
        helpers,
        is_school: output.school.is_some(),
    })
}
