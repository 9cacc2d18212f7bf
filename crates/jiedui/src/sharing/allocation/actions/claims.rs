//! Between whom a rule divides now, and by what: schools with their numbers, or counties and cities with those of their county
//! schools.

use super::super::rules::parcel::{Asked, Claim};
use crate::evidence::profiles;
use crate::network::registry::{self, OrgRow};
use crate::standing::indicators;
use chrono::Datelike as _;
use jiedui_kernel::{Period, Reported, Result, Scope, Unit};
use jiedui_programme::{AllocationBase, AllocationRule, Among, Preferred, Programme, newest_accepted};
use jiedui_store::Tx;
use std::collections::{HashMap, HashSet};

/// What a rule is asked now, over one part of the province: that of the issuer, whoever looks.
pub async fn asked(
    tx: &mut Tx,
    programme: &Programme,
    rule: &AllocationRule,
    (path, total): (&str, i64),
) -> Result<Asked> {
    let claims = match rule.among {
        Among::Counties => of_bureaus(tx, programme, rule, (path, "county_bureau")).await?,
        Among::Cities => of_bureaus(tx, programme, rule, (path, "city_bureau")).await?,
        Among::CountySchools | Among::Schools => {
            of_schools(tx, programme, rule, path).await?.into_iter().map(|(_, claim)| claim).collect()
        }
    };
    let (base, base_unit) = base_words(programme, rule);
    let preferred = rule.preferred.iter().map(|one| one.label(programme)).collect();
    Ok(Asked { rule: rule.clone(), total, base, base_unit, preferred, claims })
}

async fn of_schools(
    tx: &mut Tx,
    programme: &Programme,
    rule: &AllocationRule,
    path: &str,
) -> Result<Vec<(OrgRow, Claim)>> {
    let (today, part) = (tx.today(), Scope::subtree(path));
    let county: HashSet<String> =
        registry::county_schools(tx, today).await?.into_iter().map(|school| school.id).collect();
    let mut schools = registry::schools(tx).await?;
    schools.retain(|school| {
        let runs = school.ended_on.is_none_or(|day| day > today);
        let here = part.covers(&school.path);
        runs && here && (rule.among == Among::Schools || county.contains(&school.id))
    });
    let bases = bases(tx, programme, rule, &schools).await?;
    let reached = reached(tx, programme, rule, &schools).await?;
    let is_preferred = |school: &OrgRow| {
        rule.preferred.iter().any(|one| match one {
            Preferred::CountySchools => county.contains(&school.id),
            Preferred::TypicalCounties => !school.typical_class.is_empty(),
            Preferred::Results { .. } => reached.contains(&school.id),
        })
    };
    let claim = |school: &OrgRow| Claim {
        school: school.id.clone(),
        name: school.name.clone(),
        place: school.place.clone(),
        division: school.division.clone(),
        base: bases.get(&school.id).copied(),
        preferred: is_preferred(school),
    };
    let claims: Vec<Claim> = schools.iter().map(claim).collect();
    Ok(schools.into_iter().zip(claims).collect())
}

/// Each bureau of a kind below the issuer that has county schools: what they have together, preferred where one of them is.
async fn of_bureaus(
    tx: &mut Tx,
    programme: &Programme,
    rule: &AllocationRule,
    (path, kind): (&str, &str),
) -> Result<Vec<Claim>> {
    let single = AllocationRule { among: Among::CountySchools, ..rule.clone() };
    let schools = of_schools(tx, programme, &single, path).await?;
    let mut found = Vec::new();
    for bureau in registry::of_kind(tx, kind).await? {
        // A city divides among its schools and counties; it is not divided among cities with itself.
        if bureau.path == path || !Scope::subtree(path).covers(&bureau.path) {
            continue;
        }
        let below = Scope::subtree(&bureau.path);
        let own = schools.iter().filter(|(school, _)| below.covers(&school.path));
        let own: Vec<&Claim> = own.map(|(_, claim)| claim).collect();
        if own.is_empty() {
            continue;
        }
        let known = own.iter().filter_map(|claim| claim.base);
        found.push(Claim {
            school: bureau.id,
            name: bureau.place,
            // There are counties of one name in several cities; a city stands in none.
            place: if rule.among == Among::Counties {
                bureau.city.unwrap_or_default()
            } else {
                String::new()
            },
            division: bureau.division,
            base: known.reduce(|sum, one| sum.saturating_add(one)),
            preferred: own.iter().any(|claim| claim.preferred),
        });
    }
    Ok(found)
}

/// What a base is called, and its unit.
fn base_words(programme: &Programme, rule: &AllocationRule) -> (String, Unit) {
    let found = match &rule.base {
        AllocationBase::Equal if rule.among.sums_schools() => {
            Some((Among::CountySchools.label().to_owned(), Unit::Schools))
        }
        AllocationBase::Equal => None,
        AllocationBase::Element { element } => {
            programme.element(element).map(|of| (of.name.clone(), of.unit))
        }
        AllocationBase::Indicator { indicator } => {
            programme.indicator(indicator).map(|of| (of.name.clone(), of.unit))
        }
    };
    found.unwrap_or((String::new(), Unit::Items))
}

/// The base of each school that has one.
async fn bases(
    tx: &mut Tx,
    programme: &Programme,
    rule: &AllocationRule,
    schools: &[OrgRow],
) -> Result<HashMap<String, i64>> {
    match &rule.base {
        AllocationBase::Equal => Ok(schools.iter().map(|school| (school.id.clone(), 1)).collect()),
        AllocationBase::Element { element } => {
            let facts = profiles::facts(tx).await?;
            let newest = newest_accepted(&facts, tx.today());
            let told = newest.values().filter_map(|fact| match fact.values.get(element) {
                Some(Reported::Value(value)) => Some((fact.school.clone(), (*value).max(0))),
                _ => None,
            });
            Ok(told.collect())
        }
        AllocationBase::Indicator { indicator } => figures(tx, programme, schools, indicator).await,
    }
}

/// The schools that reach a limit of the rule.
async fn reached(
    tx: &mut Tx,
    programme: &Programme,
    rule: &AllocationRule,
    schools: &[OrgRow],
) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for one in &rule.preferred {
        if let Preferred::Results { indicator, at_least } = one {
            let figures = figures(tx, programme, schools, indicator).await?;
            found
                .extend(figures.into_iter().filter(|(_, value)| value >= at_least).map(|(school, _)| school));
        }
    }
    Ok(found)
}

/// What is confirmed of an indicator in the year before, by school, where it is known.
async fn figures(
    tx: &mut Tx,
    programme: &Programme,
    schools: &[OrgRow],
    indicator: &str,
) -> Result<HashMap<String, i64>> {
    let year = Period::year(tx.today().year() - 1);
    let Some((of, year)) = programme.indicator(indicator).zip(year) else { return Ok(HashMap::new()) };
    let ids: Vec<&str> = schools.iter().map(|school| school.id.as_str()).collect();
    let found = indicators::schools_figures(tx, programme, of, (&ids, year)).await?;
    let known = found.into_iter().filter_map(|(school, value)| Some((school, value.value()?.max(0))));
    Ok(known.collect())
}
