//! What the registry, the needs, the capacities and the pairings say on a day, put together for the scoring of the
//! programme. Kept with each scenario, so that its figures do not move while one thinks about them.

use super::super::data::{self, PreferenceRow};
use crate::evidence::profiles;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, CategoryKind, Division, OrgRow};
use crate::planning::needs;
use jiedui_kernel::{Date, Error, Reported, Result};
use jiedui_matching::Side;
use jiedui_programme::{
    Attained, Coordinates, CountyFacts, PairFacts, PartnerFacts, ProfileFact, ProfileState, Programme,
    SchoolFact, Together, attainment, standard_for,
};
use jiedui_store::Tx;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A need as its school ranks it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Need {
    pub id: String,
    pub rank: i64,
    pub clause: String,
    pub title: String,
}

/// The pairing that runs on the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Present {
    pub pairing: String,
    pub lead: String,
    pub nearby: String,
    pub from: Date,
    pub to: Option<Date>,
}

impl Present {
    pub fn of(&self, side: Side) -> &str {
        match side {
            Side::Lead => &self.lead,
            Side::Nearby => &self.nearby,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct County {
    pub id: String,
    pub name: String,
    pub place: String,
    pub city: String,
    pub facts: CountyFacts,
    pub needs: Vec<Need>,
    pub present: Option<Present>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partner {
    pub id: String,
    pub name: String,
    pub place: String,
    pub city: String,
    /// Without `running`: how many it helps already depends on who takes part.
    pub facts: PartnerFacts,
}

/// What is between a county school and a partner, where there is anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bond {
    pub county_school: String,
    pub partner: String,
    pub side: Side,
    pub facts: PairFacts,
}

/// Schools in the order of names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub counties: Vec<County>,
    pub partners: Vec<Partner>,
    pub bonds: Vec<Bond>,
}

impl Facts {
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    pub fn json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    pub fn county(&self, id: &str) -> Option<&County> {
        self.counties.iter().find(|county| county.id == id)
    }

    pub fn partner(&self, id: &str) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    /// The name of a county school or partner.
    pub fn name(&self, id: &str) -> &str {
        let county = self.county(id).map(|county| county.name.as_str());
        county
            .or_else(|| self.partner(id).map(|partner| partner.name.as_str()))
            .unwrap_or("（已不在名录中的学校）")
    }
}

/// Reads everything as it stands today.
pub async fn read(tx: &mut Tx, programme: &Programme) -> Result<Facts> {
    let today = tx.today();
    let places: HashMap<String, Division> = registry::divisions(tx)
        .await?
        .into_iter()
        .map(|division| (division.code.clone(), division))
        .collect();
    let schools = registry::schools(tx).await?;
    let pairings = pairings::in_scope(tx).await?;
    let mut open: HashMap<String, Vec<Need>> = HashMap::new();
    for need in needs::open(tx).await? {
        let (id, rank, clause, title) = (need.id, need.rank, need.clause, need.title);
        open.entry(need.org).or_default().push(Need { id, rank, clause, title });
    }
    let present = present(&pairings, today);
    let mut industries = registry::categories_on(tx, CategoryKind::Industry, today).await?;
    let mut majors = registry::categories_on(tx, CategoryKind::Major, today).await?;
    let mut facts = Facts::default();
    let (population, profiles) = (registry::population(tx).await?, newest(profiles::facts(tx).await?));
    // Who is a county school, and who is there at all, is asked for the day on which it is read.
    let there = |school: &&registry::OrgRow| school.ended_on.is_none_or(|day| day > today);
    for school in schools.iter().filter(there).filter(|school| school.county_school) {
        let needs = open.remove(&school.id).unwrap_or_default();
        let mut found = county(school, &places, needs, present.get(school.id.as_str()).copied());
        let profile = profiles.get(&school.id);
        found.facts.students = profile.and_then(|fact| fact.values.get(STUDENTS)).and_then(known);
        found.facts.lacks = profile.and_then(|fact| lacks(programme, school, &population, fact, today));
        found.facts.industries = industries.remove(&school.id).unwrap_or_default();
        facts.counties.push(found);
    }
    let mut can: HashMap<String, Vec<needs::CapacityRow>> = HashMap::new();
    for capacity in needs::capacities_now(tx).await? {
        can.entry(capacity.org.clone()).or_default().push(capacity);
    }
    for school in schools.iter().filter(there).filter(|school| !school.county_school) {
        let mine = can.remove(&school.id).unwrap_or_default();
        let mut found = partner(school, &places, &mine);
        found.facts.majors = majors.remove(&school.id).unwrap_or_default();
        facts.partners.push(found);
    }
    let preferences = tx.all::<PreferenceRow>(&data::PREFERENCES, Vec::new()).await?;
    facts.bonds = bonds(&facts, &pairings, &preferences, today);
    Ok(facts)
}

/// The element of the year-profile that says how large a school is.
const STUDENTS: &str = "students";

fn known(value: &Reported<i64>) -> Option<i64> {
    match value {
        Reported::Value(value) => Some(*value),
        _ => None,
    }
}

/// Of each school the newest accepted year-profile.
fn newest(all: Vec<ProfileFact>) -> HashMap<String, ProfileFact> {
    let mut newest: HashMap<String, ProfileFact> = HashMap::new();
    for fact in all.into_iter().filter(|fact| fact.state == ProfileState::Accepted) {
        if newest.get(&fact.school).is_none_or(|old| old.year < fact.year) {
            newest.insert(fact.school.clone(), fact);
        }
    }
    newest
}

/// How many thresholds of the standard of its level a school lacks, of those that may judge by themselves: what the province has
/// checked later is kept above this group, and is not among them. None where no standard is in force for it, and where too little
/// is known to judge.
fn lacks(
    programme: &Programme,
    school: &OrgRow,
    population: &registry::Population,
    profile: &ProfileFact,
    today: Date,
) -> Option<i64> {
    let fact = SchoolFact {
        id: school.id.clone(),
        level: school.level.clone(),
        levels_before: population.levels_before(&school.id),
        typical: !school.typical_class.is_empty(),
    };
    let standard = standard_for(programme, &fact, Some(profile), today)?;
    let found = attainment(programme, standard, &profile.values, &[], today);
    let short = found.items.iter().filter(|item| item.judges && item.gap.is_some_and(|gap| gap > 0));
    (found.state != Attained::Unknown).then_some(short.count() as i64)
}

/// Of each county school the pairing that runs on the day, or else the one that is to begin.
fn present(pairings: &[PairingRow], today: Date) -> HashMap<&str, &PairingRow> {
    let mut present: HashMap<&str, &PairingRow> = HashMap::new();
    for row in pairings.iter().filter(|row| row.to_day.is_none_or(|end| today <= end)) {
        let first = present.entry(&row.county_school).or_insert(row);
        if row.from_day < first.from_day {
            *first = row;
        }
    }
    present
}

fn county(
    school: &OrgRow,
    places: &HashMap<String, Division>,
    needs: Vec<Need>,
    present: Option<&PairingRow>,
) -> County {
    let (city, city_name, place) = place_of(school, places);
    let facts = CountyFacts {
        id: school.id.clone(),
        city,
        place,
        typical: !school.typical_class.is_empty(),
        industries: Vec::new(),
        needs: needs.iter().map(|need| (need.clause.clone(), need.rank)).collect(),
        lacks: None,
        students: None,
    };
    let present = present.map(|row| Present {
        pairing: row.id.clone(),
        lead: row.lead.clone(),
        nearby: row.nearby.clone(),
        from: row.from_day,
        to: row.to_day,
    });
    County {
        id: school.id.clone(),
        name: school.name.clone(),
        place: school.place.clone(),
        city: city_name,
        facts,
        needs,
        present,
    }
}

fn partner(
    school: &OrgRow,
    places: &HashMap<String, Division>,
    capacities: &[needs::CapacityRow],
) -> Partner {
    let (city, city_name, place) = place_of(school, places);
    let facts = PartnerFacts {
        id: school.id.clone(),
        city,
        place,
        level: school.level.clone(),
        high_level: school.high_level,
        county_school: school.county_school,
        majors: Vec::new(),
        capacities: capacities.iter().map(|capacity| capacity.clause.clone()).collect(),
        // A helper that serves three in one field and two in another takes three county schools.
        places: capacities.iter().map(|capacity| capacity.schools).max(),
        running: 0,
    };
    Partner {
        id: school.id.clone(),
        name: school.name.clone(),
        place: school.place.clone(),
        city: city_name,
        facts,
    }
}

/// The city, by code and name, and where the school stands.
fn place_of(school: &OrgRow, places: &HashMap<String, Division>) -> (String, String, Option<Coordinates>) {
    let Some(division) = places.get(&school.division) else { return (String::new(), String::new(), None) };
    let code = if division.level == "county" { &division.parent } else { &division.code };
    let name = places.get(code).map(|city| city.name.clone()).unwrap_or_default();
    let place = division.lon.zip(division.lat).map(|(lon, lat)| Coordinates { lon, lat });
    (code.clone(), name, place)
}

/// Present and former pairings, and what each side wishes of the other.
fn bonds(facts: &Facts, pairings: &[PairingRow], preferences: &[PreferenceRow], today: Date) -> Vec<Bond> {
    let mut bonds: Vec<Bond> = Vec::new();
    for row in pairings {
        // What is agreed on and about to begin is broken up as little as what runs.
        let runs = row.to_day.is_none_or(|end| today <= end);
        for (side, partner) in [(Side::Lead, &row.lead), (Side::Nearby, &row.nearby)] {
            let bond = between(&mut bonds, &row.county_school, side, partner);
            if runs {
                bond.together = Together::Running;
            } else if bond.together == Together::Never {
                bond.together = Together::Ended;
            }
        }
    }
    for wish in preferences.iter().filter(|wish| pairings::rules::runs(wish.from_day, wish.to_day, today)) {
        let from_county = facts.county(&wish.org).is_some();
        let (county, partner) = if from_county { (&wish.org, &wish.other) } else { (&wish.other, &wish.org) };
        for side in Side::BOTH {
            let bond = between(&mut bonds, county, side, partner);
            if from_county {
                bond.wish_of_county = wish.wish;
            } else {
                bond.wish_of_partner = wish.wish;
            }
        }
    }
    bonds
}

fn between<'a>(bonds: &'a mut Vec<Bond>, county: &str, side: Side, partner: &str) -> &'a mut PairFacts {
    let known = |bond: &Bond| bond.county_school == county && bond.partner == partner && bond.side == side;
    let at = bonds.iter().position(known).unwrap_or_else(|| {
        let (county_school, partner) = (county.to_owned(), partner.to_owned());
        bonds.push(Bond { county_school, partner, side, facts: PairFacts::default() });
        bonds.len() - 1
    });
    &mut bonds[at].facts
}
