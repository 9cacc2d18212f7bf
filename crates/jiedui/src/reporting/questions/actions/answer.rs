//! Answering from the kept sums, and what the answer lacks.

use super::super::data::{self, QuestionRow, RequestRow};
use super::super::rules::answer::{Answer, AnswerCell, AnswerFigure, AnswerLack, AnswerUnit, Said};
use super::super::rules::{self, Asked, Why};
use crate::evidence::profiles;
use crate::network::registry;
use crate::shared::contributions::OrgLocation;
use crate::shared::frozen::Stamp;
use crate::shared::review::State as _;
use crate::standing::indicators::{Facts, Slice, is_state, pair};
use jiedui_kernel::{Date, Reported, Result};
use jiedui_programme::{Indicator, IndicatorOf, ProfileFact, Programme, Reading};
use jiedui_store::{Tx, args};
use jiedui_web::figure::Figure;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The office that asks.
#[derive(Debug, Clone)]
pub struct Host {
    pub id: String,
    pub name: String,
    pub kind: String,
}

impl Host {
    pub fn of(row: &QuestionRow) -> Self {
        Self { id: row.host.clone(), name: row.host_name.clone(), kind: row.host_kind.clone() }
    }

    pub async fn own(tx: &mut Tx) -> Result<Self> {
        let id = tx.actor().org.clone();
        let row = registry::find(tx, &id).await?;
        Ok(Self { id, name: row.name, kind: row.kind })
    }
}

/// A school that the figures lack.
#[derive(Debug, Clone)]
pub struct Lack {
    pub school: String,
    pub name: String,
    pub place: String,
    pub year: i32,
    pub why: Why,
    /// By whom and until when it was asked for that already.
    pub asked: Option<(String, Date)>,
}

impl Lack {
    /// Whether it may be asked: it can do something about it, and nobody waits for it yet.
    pub fn may_be_asked(&self) -> bool {
        self.why.is_with_school() && self.asked.is_none()
    }
}

/// An answer as it stands.
pub struct Answered {
    pub answer: Answer,
    /// The same as figures that open, unit by unit: claimed and confirmed.
    pub figures: Vec<Vec<(Figure, Figure)>>,
    pub lacks: Vec<Lack>,
    /// Whether the figures take anything from the profiles of schools.
    pub needs_profiles: bool,
}

/// Answers in the caller's scope, for the part of the province that is the host's own.
pub async fn make(tx: &mut Tx, programme: &Programme, asked: &Asked, host: &Host) -> Result<Answered> {
    let (figures, today) = (asked.indicators(programme), tx.today());
    let on = asked.as_of.filter(|day| *day < today);
    let facts = Facts::about(tx, programme, &figures, on).await?;
    let whole = asked.slice(rules::area(facts.place(&host.id), &host.kind));
    let readings: Vec<Reading> = figures.iter().map(|of| facts.reading(programme, of, &whole)).collect();
    let mut units = Vec::new();
    let mut opened = Vec::new();
    for (key, name, slice) in divided(&facts, asked, &whole, &readings) {
        let pairs = figures.iter().map(|of| pair(of, &facts.reading(programme, of, &slice), &slice));
        let pairs: Vec<_> =
            pairs.map(|(claimed, confirmed)| (then(claimed, on), then(confirmed, on))).collect();
        units.push(AnswerUnit { key, name, cells: pairs.iter().map(cell).collect() });
        opened.push(pairs);
    }
    let lacks = missing(tx, programme, &figures, &facts, &whole).await?;
    let answer = Answer {
        title: asked.title.clone(),
        host: host.id.clone(),
        host_name: host.name.clone(),
        period: asked.period(),
        by: asked.split.unit().to_owned(),
        as_of: on.unwrap_or(today),
        figures: figures.iter().map(|of| described(of)).collect(),
        units,
        missing: lacks.iter().map(kept).collect(),
        stamp: Stamp::now(tx, programme).await?,
    };
    let needs_profiles = !rules::needs_of(programme, &figures).is_nothing();
    Ok(Answered { answer, figures: opened, lacks, needs_profiles })
}

/// What was reported on a day opens to what is known of that day, and not to the rows of now.
fn then(figure: Figure, on: Option<Date>) -> Figure {
    let Some(day) = on else { return figure };
    Figure { rows: false, href: format!("{}&asof={day}", figure.href), ..figure }
}

fn cell((claimed, confirmed): &(Figure, Figure)) -> AnswerCell {
    let said = |figure: &Figure| Said {
        value: figure.raw.map_or_else(|| unknown(figure.word), Reported::Value),
        shown: figure.value.clone(),
    };
    AnswerCell { claimed: said(claimed), confirmed: said(confirmed) }
}

/// The reason by its word.
fn unknown(word: Option<&'static str>) -> Reported<i64> {
    let reasons = [Reported::NotIssued, Reported::NotApplicable, Reported::Pending];
    reasons.into_iter().find(|reason| reason.label() == word).unwrap_or(Reported::NotReported)
}

fn described(of: &Indicator) -> AnswerFigure {
    AnswerFigure {
        indicator: of.id.clone(),
        name: of.name.clone(),
        unit: of.unit,
        definition: of.definition.clone(),
        version: of.version,
        single: is_state(of),
        adds: !matches!(of.of, IndicatorOf::Ratio { .. }),
    }
}

fn kept(lack: &Lack) -> AnswerLack {
    AnswerLack {
        school: lack.school.clone(),
        name: lack.name.clone(),
        place: lack.place.clone(),
        year: lack.year,
        why: lack.why.text().to_owned(),
    }
}

/// The units of the answer, in the order of divisions and names, the whole last: key, name and slice.
fn divided(
    facts: &Facts,
    asked: &Asked,
    whole: &Slice,
    readings: &[Reading],
) -> Vec<(String, String, Slice)> {
    let counted: BTreeSet<&str> = readings.iter().flat_map(reading_schools).collect();
    let belongs = |place: &&OrgLocation| {
        whole.holds(place) && (facts.knows_school(place) || counted.contains(place.id.as_str()))
    };
    let places: Vec<&OrgLocation> = facts.places.iter().filter(belongs).collect();
    let mut units = Vec::new();
    match asked.split {
        data::Split::Whole => {}
        data::Split::City => {
            let cities: BTreeMap<&str, &str> =
                places.iter().map(|place| (place.city_code.as_str(), place.city.as_str())).collect();
            let one = |name: &&str| {
                let slice = Slice { city: (*name).to_owned(), ..whole.clone() };
                ((*name).to_owned(), (*name).to_owned(), slice)
            };
            units.extend(cities.values().map(one));
        }
        data::Split::County => {
            let counties: BTreeMap<&str, &str> =
                places.iter().map(|place| (place.county_code.as_str(), place.county.as_str())).collect();
            let one = |(code, name): (&&str, &&str)| {
                // A county lies in its city.
                let slice = Slice { county: (*code).to_owned(), city: String::new(), ..whole.clone() };
                ((*code).to_owned(), (*name).to_owned(), slice)
            };
            units.extend(counties.iter().map(one));
        }
        data::Split::School => {
            let part = Slice { city: String::new(), county: String::new(), ..whole.clone() };
            let one = |place: &&OrgLocation| {
                let slice = Slice { school: place.id.clone(), ..part.clone() };
                (place.id.clone(), place.name.clone(), slice)
            };
            units.extend(places.iter().map(one));
        }
    }
    units.push((String::new(), "合计".to_owned(), whole.clone()));
    units
}

/// The schools that have a row, also where a share divides two readings.
fn reading_schools(reading: &Reading) -> impl Iterator<Item = &str> {
    let all = std::iter::once(reading).chain(&reading.parts);
    all.flat_map(|one| one.rows.iter().map(|row| row.school.as_str()))
}

/// The schools whose profile of the year the figures lack, in the order of names.
async fn missing(
    tx: &mut Tx,
    programme: &Programme,
    figures: &[&Indicator],
    facts: &Facts,
    whole: &Slice,
) -> Result<Vec<Lack>> {
    let needs = rules::needs_of(programme, figures);
    if needs.is_nothing() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let year = rules::profile_year(programme, whole.year, today);
    let profiles = profiles::facts_of_year(tx, year).await?;
    let of_school: HashMap<&str, &ProfileFact> =
        profiles.iter().map(|fact| (fact.school.as_str(), fact)).collect();
    let running = tx.all::<RequestRow>(&data::RUNNING, args![i64::from(year)]).await?;
    let population = registry::population(tx).await?;
    let expected = |place: &&OrgLocation| {
        let school = (place.id.as_str(), year);
        whole.holds(place) && profiles::rules::expects(programme, &population, school, today)
    };
    let lack = |place: &OrgLocation| {
        let why = rules::lacks(programme, &needs, of_school.get(place.id.as_str()).copied())?;
        let asked = running.iter().find(|row| row.school == place.id);
        Some(Lack {
            school: place.id.clone(),
            name: place.name.clone(),
            place: place.county.clone(),
            year,
            why,
            asked: asked.filter(|_| why.is_with_school()).map(|row| (row.host_name.clone(), row.due)),
        })
    };
    Ok(facts.places.iter().filter(expected).filter_map(lack).collect())
}
