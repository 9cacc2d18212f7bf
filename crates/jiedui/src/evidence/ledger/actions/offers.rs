//! What there is to choose from for a part of an entry, for forms and workbooks alike.

use super::super::rules;
use super::check;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use jiedui_kernel::Result;
use jiedui_programme::parts::Part;
use jiedui_programme::{Activity, PersonOf, Post, Programme, Side};
use jiedui_store::Tx;

/// Days back in which somebody held a post that can still be claimed with.
const POSTS_SINCE: i64 = 400;

#[derive(Debug, Clone, Default)]
pub struct Offer {
    pub id: String,
    /// As a workbook names it.
    pub name: String,
    /// What tells it from others of its name, for whoever picks from a list.
    pub beside: String,
    pub group: String,
    /// The pairings in which it can be chosen; none where it is one of all.
    pub pairings: Vec<String>,
}

/// `named` is the project that an entry names already.
pub async fn offers(
    tx: &mut Tx,
    part: Part,
    (programme, activity): (&Programme, &Activity),
    pairings: &[PairingRow],
    named: &str,
) -> Result<Vec<Offer>> {
    match part {
        Part::Pairing => Ok(pairings.iter().map(|row| of_pairing(row, &tx.actor().org)).collect()),
        Part::Helper => Ok(pairings.iter().flat_map(helpers).collect()),
        Part::Project => projects(tx, (programme, activity), pairings, named).await,
        Part::Person => {
            debug_assert!(
                activity.person.as_ref().is_none_or(|rule| rule.of == PersonOf::Helper)
                    || activity.claimed_by == [Side::CountySchool],
                "a claimant names its own people only"
            );
            let posts = activity.person.as_ref().map_or(&[][..], |rule| &rule.offered);
            let own = tx.actor().org.clone();
            let titled = |post: &str, title: &str| {
                if title.is_empty() { registry::post_name(post).to_owned() } else { title.to_owned() }
            };
            people(tx, &own, posts, |at| Offer { beside: titled(&at.post, &at.title), ..Offer::default() })
                .await
        }
        Part::Roster => {
            let posts = activity.roster.as_ref().map_or(&[][..], |rule| &rule.posts);
            let (mut found, schools) = (Vec::new(), by_school(pairings));
            for (row, ids) in &schools {
                let beside = if schools.len() > 1 { row.county_name.clone() } else { String::new() };
                let here = Offer { beside, pairings: ids.clone(), ..Offer::default() };
                found.extend(people(tx, &row.county_school, posts, |_| here.clone()).await?);
            }
            Ok(found)
        }
        Part::Time | Part::InTerm | Part::Quantity | Part::Joint | Part::Fields | Part::Again => {
            Ok(Vec::new())
        }
    }
}

/// A county school names its helpers, whoever helps names the school.
fn of_pairing(row: &PairingRow, own: &str) -> Offer {
    let name = if row.county_school == own {
        format!("{}、{}", row.lead_name, row.nearby_name)
    } else {
        row.county_name.clone()
    };
    Offer { id: row.id.clone(), name, ..Offer::default() }
}

/// Each county school once, by one of its pairings, with the ids of all of them.
fn by_school(pairings: &[PairingRow]) -> Vec<(&PairingRow, Vec<String>)> {
    let mut schools: Vec<(&PairingRow, Vec<String>)> = Vec::new();
    for row in pairings {
        match schools.iter_mut().find(|(known, _)| known.county_school == row.county_school) {
            Some((_, ids)) => ids.push(row.id.clone()),
            None => schools.push((row, vec![row.id.clone()])),
        }
    }
    schools
}

fn helpers(row: &PairingRow) -> [Offer; 2] {
    let of = |id: &String, name: &String, beside: &str| Offer {
        id: id.clone(),
        name: name.clone(),
        beside: beside.to_owned(),
        pairings: vec![row.id.clone()],
        ..Offer::default()
    };
    [of(&row.lead, &row.lead_name, "牵头"), of(&row.nearby, &row.nearby_name, "配合")]
}

async fn projects(
    tx: &mut Tx,
    rules: (&Programme, &Activity),
    pairings: &[PairingRow],
    named: &str,
) -> Result<Vec<Offer>> {
    let mut found = Vec::new();
    for row in pairings {
        for project in check::projects_for(tx, rules, &row.id, Some(named)).await? {
            found.push(Offer {
                id: project.id,
                name: format!("{}年 {}", project.year, project.title),
                group: project.county_name,
                pairings: vec![row.id.clone()],
                ..Offer::default()
            });
        }
    }
    Ok(found)
}

/// Those in a fitting post, each once.
async fn people(
    tx: &mut Tx,
    org: &str,
    posts: &[Post],
    beside: impl Fn(&registry::PersonAt) -> Offer,
) -> Result<Vec<Offer>> {
    let today = tx.today();
    let since = today - chrono::TimeDelta::days(POSTS_SINCE);
    let mut found: Vec<Offer> = Vec::new();
    for at in registry::people_at(tx, org, since, today).await? {
        let fits = rules::post_of(&at.post).is_some_and(|post| posts.contains(&post));
        if fits && found.iter().all(|offer| offer.id != at.id) {
            let offer = beside(&at);
            // One chooses by the name: those offered are one's own, or of the school to which one's work goes.
            found.push(Offer { id: at.id, name: at.name.whole().to_owned(), ..offer });
        }
    }
    Ok(found)
}
