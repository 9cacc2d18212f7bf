//! What is needed to read any indicator for any cut, read once for a page.

use super::super::Slice;
use crate::evidence::profiles;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, Population};
use crate::shared::contributions::{self, Cell, OrgLocation, Sum};
use crate::standing::obligations::pairing_facts;
use crate::standing::standards;
use jiedui_kernel::{Date, Period, Result};
use jiedui_programme::{
    Indicator, IndicatorOf, ProfileFact, Programme, Reading, Row, SchoolFact, World, counts_schools,
    distinct_schools, evaluate, pairing_indicator, ratio,
};
use jiedui_store::Tx;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Sums are kept by county school and year, so that a table over all cities costs one statement and not one each.
pub struct Facts {
    pub pairings: Vec<PairingRow>,
    /// Organisations in the order of names; the county schools of former pairings among them.
    pub places: Vec<OrgLocation>,
    pub today: Date,
    population: Population,
    by_school: HashMap<String, usize>,
    sums: HashMap<String, Vec<Sum>>,
    /// Of the indicators that are cut by more than place and year.
    cells: HashMap<String, Vec<Cell>>,
    profiles: Vec<ProfileFact>,
    /// The schools of which a year-profile was accepted, by its year.
    accepted: HashMap<i32, HashSet<String>>,
    confirmed_thresholds: Vec<String>,
}

impl Facts {
    /// For any indicator, by place and year.
    pub async fn read(tx: &mut Tx, programme: &Programme) -> Result<Self> {
        let all: Vec<&Indicator> = programme.indicators.iter().collect();
        let mut facts = Self::bare(tx, &all).await?;
        for sum in contributions::sums(tx, facts.today).await? {
            facts.sums.entry(sum.indicator.clone()).or_default().push(sum);
        }
        Ok(facts)
    }

    /// For some indicators, by everything that they can be cut by; where a day is named, as they were reported at its end.
    pub async fn about(
        tx: &mut Tx,
        programme: &Programme,
        asked: &[&Indicator],
        on: Option<Date>,
    ) -> Result<Self> {
        let with_parts = |of: &&Indicator| -> Vec<String> {
            match &of.of {
                IndicatorOf::Ratio { numerator, denominator } => {
                    vec![of.id.clone(), numerator.clone(), denominator.clone()]
                }
                _ => vec![of.id.clone()],
            }
        };
        let ids: BTreeSet<String> = asked.iter().flat_map(with_parts).collect();
        let needed: Vec<&Indicator> = ids.iter().filter_map(|id| programme.indicator(id)).collect();
        let mut facts = Self::bare(tx, &needed).await?;
        let kept: Vec<&str> =
            needed.into_iter().filter(|of| has_cells(of)).map(|of| of.id.as_str()).collect();
        let Some(day) = on else {
            facts.cells = contributions::cells_of(tx, &kept, facts.today).await?;
            return Ok(facts);
        };
        for id in kept {
            let cells = contributions::cells_reported(tx, id, facts.today, day).await?;
            facts.cells.insert(id.to_owned(), cells);
        }
        Ok(facts)
    }

    async fn bare(tx: &mut Tx, needed: &[&Indicator]) -> Result<Self> {
        let judged = needed.iter().any(|of| matches!(of.of, IndicatorOf::Attained { .. }));
        let (profiles, confirmed_thresholds) = if judged {
            (profiles::facts(tx).await?, standards::confirmed(tx).await?)
        } else {
            (Vec::new(), Vec::new())
        };
        let told = needed.iter().any(|of| matches!(of.of, IndicatorOf::Profile { .. }));
        let accepted = if told { profiles::accepted_by_year(tx).await? } else { HashMap::new() };
        let places = contributions::places(tx).await?;
        Ok(Self {
            pairings: pairings::in_scope(tx).await?,
            by_school: places.iter().enumerate().map(|(at, place)| (place.id.clone(), at)).collect(),
            places,
            today: tx.today(),
            population: registry::population(tx).await?,
            sums: HashMap::new(),
            cells: HashMap::new(),
            profiles,
            accepted,
            confirmed_thresholds,
        })
    }

    /// Takes up what else some indicators can be cut by, each once however often it is named.
    pub async fn open(&mut self, tx: &mut Tx, asked: &[&Indicator]) -> Result<()> {
        let ids: BTreeSet<&str> = asked.iter().map(|of| of.id.as_str()).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        let cells = contributions::cells_of(tx, &ids, self.today).await?;
        self.cells.extend(cells);
        Ok(())
    }

    pub fn place(&self, school: &str) -> Option<&OrgLocation> {
        self.by_school.get(school).and_then(|at| self.places.get(*at))
    }

    /// Whether what a school told of a year was accepted. Nothing is a number too, so a sum does not tell.
    pub fn is_accepted(&self, school: &str, year: i32) -> bool {
        self.accepted.get(&year).is_some_and(|schools| schools.contains(school))
    }

    pub fn cells(&self, of: &Indicator) -> &[Cell] {
        self.cells.get(&of.id).map_or(&[], Vec::as_slice)
    }

    pub fn holds(&self, cut: &Slice, school: &str) -> bool {
        self.place(school).is_some_and(|place| cut.holds(place))
    }

    /// The pairings of a cut.
    pub fn pairings_of<'a>(&'a self, cut: &'a Slice) -> impl Iterator<Item = &'a PairingRow> {
        self.pairings.iter().filter(|row| {
            self.holds(cut, &row.county_school) && (cut.pairing.is_empty() || row.id == cut.pairing)
        })
    }

    /// The county schools of a cut on the day at which it looks, in the order of names.
    pub fn schools_of<'a>(&'a self, cut: &'a Slice) -> impl Iterator<Item = &'a OrgLocation> {
        let day = cut.as_of(self.today);
        self.places.iter().filter(move |place| self.population.holds(&place.id, day) && cut.holds(place))
    }

    /// Whether a place is a county school, or was one.
    pub fn knows_school(&self, place: &OrgLocation) -> bool {
        self.population.knows(&place.id)
    }

    /// The indicator for a cut: a row for each school.
    pub fn reading(&self, programme: &Programme, of: &Indicator, cut: &Slice) -> Reading {
        let unknown = || Reading::unknown(of.unit);
        match &of.of {
            IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned => {
                let day = cut.as_of(self.today);
                let counted = |row: &&PairingRow| self.population.holds(&row.county_school, day);
                let facts = pairing_facts(self.pairings_of(cut).filter(counted));
                pairing_indicator(of, &facts, cut.as_of(self.today)).unwrap_or_else(unknown)
            }
            IndicatorOf::Attained { .. } | IndicatorOf::Level { .. } => {
                let window = Period::day(cut.as_of(self.today));
                evaluate(programme, of, &self.world(cut), window)
            }
            IndicatorOf::Ratio { numerator, denominator } => {
                match (programme.indicator(numerator), programme.indicator(denominator)) {
                    (Some(above), Some(below)) if !is_ratio(above) && !is_ratio(below) => {
                        let (over, under) =
                            (self.reading(programme, above, cut), self.reading(programme, below, cut));
                        ratio(of.unit, above, &over, &under)
                    }
                    _ => unknown(),
                }
            }
            _ => match self.cells.get(&of.id) {
                Some(cells) => self.of_cells(of, cells, cut),
                None => self.of_sums(of, cut),
            },
        }
    }

    /// A reading from the sums of an indicator as they were kept, or were reported.
    pub fn of_cells(&self, of: &Indicator, cells: &[Cell], cut: &Slice) -> Reading {
        if let Some(months) = cut.months().filter(|_| counts_schools(of)) {
            return self.joined_in_months(of, cells, cut, months);
        }
        let inside = |cell: &&Cell| {
            let when = match cut.months() {
                None => in_years(of, cell.month / 100, cut),
                Some((first, last)) => (first..=last).contains(&cell.month),
            };
            when && (cut.pairing.is_empty() || cell.pairing.as_deref() == Some(cut.pairing.as_str()))
                && (cut.kind.is_empty() || cell.kind == cut.kind)
        };
        let found = cells.iter().filter(inside).map(|cell| (&cell.school, cell.claimed, cell.confirmed));
        self.by_schools(of, found, cut)
    }

    /// The schools that came to count in these months: those at their end that did not count before them.
    fn joined_in_months(
        &self,
        of: &Indicator,
        cells: &[Cell],
        cut: &Slice,
        (first, last): (i64, i64),
    ) -> Reading {
        let until = |last: i64| {
            let kind = |cell: &&Cell| cut.kind.is_empty() || cell.kind == cut.kind;
            let found = cells.iter().filter(|cell| cell.month <= last).filter(kind);
            self.by_schools(of, found.map(|cell| (&cell.school, cell.claimed, cell.confirmed)), cut)
        };
        let (before, after) = (until(first - 1), until(last));
        let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
        for (reading, sign) in [(&after, 1), (&before, -1)] {
            for row in &reading.rows {
                let held = rows.entry(&row.school).or_insert_with(|| Row {
                    claimed: 0,
                    confirmed: 0,
                    ..row.clone()
                });
                held.claimed += sign * row.claimed;
                held.confirmed += sign * row.confirmed;
            }
        }
        let moved = rows.into_values().filter(|row| row.claimed != 0 || row.confirmed != 0);
        Reading::of_rows(of.unit, moved.collect())
    }

    fn of_sums(&self, of: &Indicator, cut: &Slice) -> Reading {
        let sums = self.sums.get(&of.id).into_iter().flatten().filter(|sum| in_years(of, sum.year, cut));
        self.by_schools(of, sums.map(|sum| (&sum.school, sum.claimed, sum.confirmed)), cut)
    }

    fn by_schools<'a>(
        &self,
        of: &Indicator,
        found: impl Iterator<Item = (&'a String, i64, i64)>,
        cut: &Slice,
    ) -> Reading {
        let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
        for (school, claimed, confirmed) in found.filter(|(school, _, _)| self.holds(cut, school)) {
            let row = rows.entry(school).or_insert_with(|| Row {
                id: school.clone(),
                school: school.clone(),
                claimed: 0,
                confirmed: 0,
            });
            row.claimed = row.claimed.saturating_add(claimed);
            row.confirmed = row.confirmed.saturating_add(confirmed);
        }
        let reported = matches!(of.of, IndicatorOf::Profile { .. });
        if reported && rows.is_empty() {
            return Reading::unknown(of.unit);
        }
        // What stood and no longer stands, or is not yet in a stage that counts, is no row; nought of an entry is one.
        if matches!(of.of, IndicatorOf::Outputs { .. } | IndicatorOf::Covered { .. }) {
            rows.retain(|_, row| row.claimed != 0 || row.confirmed != 0);
        }
        let reading = Reading::of_rows(of.unit, rows.into_values().collect());
        if counts_schools(of) { distinct_schools(&reading) } else { reading }
    }

    fn world(&self, cut: &Slice) -> World {
        let school = |place: &OrgLocation| SchoolFact {
            id: place.id.clone(),
            level: place.level.clone(),
            levels_before: self.population.levels_before(&place.id),
            typical: !place.typical_class.is_empty(),
        };
        World {
            schools: self.schools_of(cut).map(school).collect(),
            profiles: self.profiles.iter().filter(|fact| self.holds(cut, &fact.school)).cloned().collect(),
            confirmed_thresholds: self.confirmed_thresholds.clone(),
            ..World::default()
        }
    }
}

/// Whether something is kept of it: the rest follows from other indicators, or from how schools stand.
fn has_cells(of: &Indicator) -> bool {
    matches!(
        of.of,
        IndicatorOf::Entries { .. }
            | IndicatorOf::Covered { .. }
            | IndicatorOf::Outputs { .. }
            | IndicatorOf::Profile { .. }
    )
}

fn is_ratio(of: &Indicator) -> bool {
    matches!(of.of, IndicatorOf::Ratio { .. })
}

/// Whether a year's sum belongs to a figure of the cut's year: what stands is summed up from the beginning.
pub fn in_years(of: &Indicator, year: i64, cut: &Slice) -> bool {
    match of.of {
        IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. } => year <= i64::from(cut.year),
        _ => year == i64::from(cut.year),
    }
}
