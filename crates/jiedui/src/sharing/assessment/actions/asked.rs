//! Who is assessed by a scheme, and what is confirmed of each in the year and in that from which is counted.

use crate::network::{pairings, registry};
use crate::sharing::assessment::rules::parcel::{Asked, Pair, Subject, Yardstick};
use crate::standing::indicators::{self, Facts, Slice};
use jiedui_kernel::{Code, Date, Error, Period, Reported, Result};
use jiedui_programme::{Assessed, AssessmentScheme, Indicator, IndicatorOf, Programme};
use jiedui_store::Tx;

/// As the scheme says, of those visible to the caller.
pub async fn asked(
    tx: &mut Tx,
    programme: &Programme,
    scheme: &AssessmentScheme,
    year: i32,
) -> Result<Asked> {
    let facts = Facts::read(tx, programme).await?;
    let found = scheme.measured.iter().map(|one| programme.indicator(&one.indicator));
    let Some(indicators) = found.collect::<Option<Vec<&Indicator>>>() else {
        let words = "方案里已经没有这个办法所用的指标，不能再按它计算。";
        return Err(Error::NotNow(words.to_owned()));
    };
    let last = Date::from_ymd_opt(year, 12, 31).ok_or_else(|| {
        let words = "请填写四位数的年份。";
        Error::field("year", Code::OutOfRange.says(words))
    })?;
    let mut subjects = match scheme.assessed {
        Assessed::CountySchools => county_schools(tx, last).await?,
        Assessed::Pairings => of_pairings(&facts, last),
        Assessed::Counties => counties(tx, &facts, year).await?,
        Assessed::Cities => cities(tx, &facts, year).await?,
    };
    let before = scheme.baseline(year);
    for subject in &mut subjects {
        let figures = indicators.iter().map(|of| Pair {
            value: figure(programme, &facts, of, &slice(subject, year)),
            baseline: figure(programme, &facts, of, &slice(subject, before)),
        });
        subject.figures = figures.collect();
    }
    let yardstick = |of: &&Indicator| Yardstick { name: of.name.clone(), unit: of.unit, version: of.version };
    let yardsticks = indicators.iter().map(yardstick).collect();
    Ok(Asked { scheme: scheme.clone(), year, yardsticks, subjects })
}

/// Which part of the province the figures of one are about.
pub fn slice(of: &Subject, year: i32) -> Slice {
    let whole = Slice::year(year);
    match (of.school.as_str(), of.county.as_str()) {
        ("", "") => Slice { city: of.city.clone(), ..whole },
        ("", _) => Slice { county: of.division.clone(), ..whole },
        (school, _) => Slice { school: school.to_owned(), ..whole },
    }
}

async fn county_schools(tx: &mut Tx, day: Date) -> Result<Vec<Subject>> {
    let all = registry::county_schools(tx, day).await?;
    let one = |school: registry::OrgRow| Subject {
        name: school.name,
        city: school.city.unwrap_or_default(),
        county: school.place,
        division: school.division,
        school: school.id.clone(),
        parties: vec![school.id.clone()],
        id: school.id,
        figures: Vec::new(),
    };
    Ok(all.into_iter().filter(|school| school.ended_on.is_none_or(|end| end > day)).map(one).collect())
}

/// What ran on the last day of the year, with the figures of its county school.
fn of_pairings(facts: &Facts, day: Date) -> Vec<Subject> {
    let runs = |row: &&pairings::PairingRow| {
        !row.is_void() && row.from_day <= day && row.to_day.is_none_or(|to| to >= day)
    };
    let one = |row: &pairings::PairingRow| Subject {
        id: row.id.clone(),
        name: format!("{}（{}、{}）", row.county_name, row.lead_name, row.nearby_name),
        city: row.city.clone(),
        county: row.place.clone(),
        division: facts.place(&row.county_school).map_or_else(String::new, |place| place.county_code.clone()),
        school: row.county_school.clone(),
        parties: vec![row.county_school.clone(), row.lead.clone(), row.nearby.clone()],
        figures: Vec::new(),
    };
    facts.pairings.iter().filter(runs).map(one).collect()
}

/// The counties that have county schools. A city without counties is assessed among the cities.
async fn counties(tx: &mut Tx, facts: &Facts, year: i32) -> Result<Vec<Subject>> {
    let bureaus = registry::of_kind(tx, "county_bureau").await?;
    let has_schools = |bureau: &registry::OrgRow| {
        let cut = Slice { county: bureau.division.clone(), ..Slice::year(year) };
        facts.schools_of(&cut).next().is_some()
    };
    let one = |bureau: registry::OrgRow| {
        let city = bureau.city.unwrap_or_default();
        Subject {
            // There are counties of one name in several cities.
            name: format!("{city}{}", bureau.place),
            city,
            county: bureau.place,
            division: bureau.division,
            school: String::new(),
            parties: vec![bureau.id.clone()],
            id: bureau.id,
            figures: Vec::new(),
        }
    };
    Ok(bureaus.into_iter().filter(has_schools).map(one).collect())
}

/// The cities that have county schools.
async fn cities(tx: &mut Tx, facts: &Facts, year: i32) -> Result<Vec<Subject>> {
    let bureaus = registry::of_kind(tx, "city_bureau").await?;
    let has_schools = |bureau: &registry::OrgRow| {
        let cut = Slice { city: bureau.place.clone(), ..Slice::year(year) };
        facts.schools_of(&cut).next().is_some()
    };
    let one = |bureau: registry::OrgRow| Subject {
        name: bureau.place.clone(),
        city: bureau.place,
        county: String::new(),
        division: bureau.division,
        school: String::new(),
        parties: vec![bureau.id.clone()],
        id: bureau.id,
        figures: Vec::new(),
    };
    Ok(bureaus.into_iter().filter(has_schools).map(one).collect())
}

/// What is confirmed of an indicator. What a year-profile says counts only where every school of the cut has an accepted one:
/// a part is not the whole. What was recorded before the system was in use is not known, since nobody had to record it.
fn figure(programme: &Programme, facts: &Facts, of: &Indicator, cut: &Slice) -> Reported<i64> {
    let parts = parts(programme, of);
    let profile = |of: &&IndicatorOf| matches!(of, IndicatorOf::Profile { .. });
    let recorded = |of: &&IndicatorOf| {
        matches!(of, IndicatorOf::Entries { .. } | IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. })
    };
    let end = Period::year(cut.year).map(|year| year.to);
    let before_use = end.zip(programme.calendar.in_use_since).is_some_and(|(end, since)| end < since);
    if before_use && parts.iter().any(recorded) {
        return Reported::NotReported;
    }
    let reading = facts.reading(programme, of, cut);
    if parts.iter().any(profile) {
        let (_, confirmed, all) = indicators::told(of, facts, &reading, cut);
        if all == 0 || confirmed < all {
            return Reported::NotReported;
        }
    }
    reading.confirmed
}

/// From what an indicator is made; a share from both that it divides.
fn parts<'p>(programme: &'p Programme, of: &'p Indicator) -> Vec<&'p IndicatorOf> {
    match &of.of {
        IndicatorOf::Ratio { numerator, denominator } => {
            let both = [numerator, denominator].into_iter().filter_map(|id| programme.indicator(id));
            both.map(|part| &part.of).collect()
        }
        own => vec![own],
    }
}
