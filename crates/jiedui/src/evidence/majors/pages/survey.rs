//! What is known of the majors visible to the caller, put together once, and the advice that follows.

use super::super::data::{self, DemandRow, OfferRow, OfferState, SupplyRow, YearRow};
use super::super::rules;
use crate::shared::small_numbers::is_few;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Reported, Result};
use jiedui_programme::{Advice, MajorFacts, MajorRules, MajorStanding, advice};
use jiedui_store::{Tx, args};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub struct Survey {
    pub offers: Vec<OfferRow>,
    years: HashMap<String, Vec<YearRow>>,
    /// By county and category, the newest first.
    demand: BTreeMap<(String, String), Vec<DemandRow>>,
    /// By county and category: each major there, with its graduates by year.
    supply: HashMap<(String, String), Vec<Supply>>,
    today: Date,
}

struct Supply {
    org: String,
    state: OfferState,
    from: Date,
    to: Option<Date>,
    graduates: BTreeMap<i64, Option<i64>>,
}

impl Supply {
    /// Whether its graduates of a year are part of the sum of its county.
    fn counts_in(&self, year: i64) -> bool {
        self.state != OfferState::Planned
            && i64::from(self.from.year()) <= year
            && self.to.is_none_or(|end| i64::from(end.year()) >= year)
    }
}

/// Everything visible to the caller; with a school's id, of that school alone.
pub async fn read(tx: &mut Tx, org: &str) -> Result<Survey> {
    let today = tx.today();
    let offers = tx.all::<OfferRow>(&data::OFFERS, args![org]).await?;
    let mut years: HashMap<String, Vec<YearRow>> = HashMap::new();
    for row in tx.all::<YearRow>(&data::YEARS, args![org]).await? {
        years.entry(row.school_major.clone()).or_default().push(row);
    }
    let mut demand: BTreeMap<(String, String), Vec<DemandRow>> = BTreeMap::new();
    for row in tx.all::<DemandRow>(&data::DEMAND, Vec::new()).await? {
        demand.entry((row.division.clone(), row.category.clone())).or_default().push(row);
    }
    let supply = gathered(tx.all::<SupplyRow>(&data::SUPPLY, Vec::new()).await?);
    Ok(Survey { offers, years, demand, supply, today })
}

/// One for each major, from one row for each of its years.
fn gathered(rows: Vec<SupplyRow>) -> HashMap<(String, String), Vec<Supply>> {
    let mut last = String::new();
    let mut all: HashMap<(String, String), Vec<Supply>> = HashMap::new();
    for row in rows {
        let list = all.entry((row.division, row.category)).or_default();
        if row.offer != last || list.is_empty() {
            let graduates = BTreeMap::new();
            let (org, state) = (row.org, row.state);
            list.push(Supply { org, state, from: row.from_day, to: row.to_day, graduates });
            last = row.offer;
        }
        if let (Some(one), Some(year)) = (list.last_mut(), row.year) {
            one.graduates.insert(year, row.graduates);
        }
    }
    all
}

fn known(value: Option<i64>) -> Reported<i64> {
    value.map_or(Reported::NotReported, Reported::Value)
}

/// What the industries of a county ask for, beside what its schools supply.
#[derive(Debug, Clone)]
pub struct Category {
    pub name: String,
    pub demand: Option<DemandRow>,
    /// Graduates in the year of the demand.
    pub graduates: Reported<i64>,
    pub graduated_in: i64,
    /// Majors that take pupils today, and those that are planned.
    pub offered: i64,
    pub planned: i64,
    /// Where nobody offers it.
    pub advice: Option<Advice>,
}

impl Survey {
    /// The years of a major, the newest first.
    pub fn years(&self, offer: &str) -> &[YearRow] {
        self.years.get(offer).map_or(&[], Vec::as_slice)
    }

    pub fn demand(&self, division: &str, category: &str) -> Option<&DemandRow> {
        self.demand.get(&(division.to_owned(), category.to_owned()))?.first()
    }

    /// Graduates of a category in a county in a year. Where one of its majors has not reported, the sum is not known.
    pub fn graduates(&self, division: &str, category: &str, year: i64) -> Reported<i64> {
        let none = Vec::new();
        let all = self.supply.get(&(division.to_owned(), category.to_owned())).unwrap_or(&none);
        let asked = all.iter().filter(|one| one.counts_in(year));
        known(asked.map(|one| one.graduates.get(&year).copied().flatten()).sum::<Option<i64>>())
    }

    /// Whether at one school of a county, other than the reader's own, only a few of a category graduated in a year: what the
    /// other schools tell, and the sum of all, would tell how many.
    pub fn has_few(
        &self,
        (division, category): (&str, &str),
        year: i64,
        (own, smallest): (&str, i64),
    ) -> bool {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        let all = self.supply.get(&(division.to_owned(), category.to_owned()));
        for one in all.into_iter().flatten().filter(|one| one.org != own && one.counts_in(year)) {
            let told = one.graduates.get(&year).copied().flatten().unwrap_or(0);
            let sum = sums.entry(one.org.as_str()).or_insert(0);
            *sum = sum.saturating_add(told);
        }
        sums.values().any(|sum| is_few(*sum, smallest))
    }

    /// The year of which a major is judged: its newest, or this one.
    pub fn year_of(&self, offer: &OfferRow) -> i64 {
        self.years(&offer.id).first().map_or_else(|| i64::from(self.today.year()), |row| row.year)
    }

    pub fn facts(&self, offer: &OfferRow) -> MajorFacts {
        let years = self.years(&offer.id);
        let newest = years.first();
        let year = self.year_of(offer);
        let before = years.iter().find(|row| row.year == year - 1);
        let begun = i64::from(offer.from_day.year()) >= year;
        let of = |pick: fn(&YearRow) -> Option<i64>| known(newest.and_then(pick));
        MajorFacts {
            standing: if offer.state == OfferState::Planned {
                MajorStanding::Planned
            } else {
                MajorStanding::Offered
            },
            enrolled: of(|row| row.enrolled),
            enrolled_before: match before {
                Some(row) => known(row.enrolled),
                None if begun => Reported::NotApplicable,
                None => Reported::NotReported,
            },
            graduates: of(|row| row.graduates),
            employed: of(|row| row.employed),
            in_field: of(|row| row.in_field),
            posts: known(self.demand(&offer.division, &offer.category).map(|row| row.posts)),
            category_graduates: self.graduates(&offer.division, &offer.category, year),
        }
    }

    /// Nothing is advised on what takes no pupils any more.
    pub fn advice(&self, rules: &MajorRules, offer: &OfferRow) -> Option<Advice> {
        (offer.state != OfferState::Stopped).then(|| advice(rules, &self.facts(offer)))
    }

    /// The categories of a county that are asked for or offered, in the order of their names in the programme.
    pub fn categories(&self, rules: Option<&MajorRules>, division: &str, order: &[String]) -> Vec<Category> {
        let here = |(place, category): &(String, String)| (place == division).then(|| category.clone());
        let names: BTreeSet<String> = self.demand.keys().chain(self.supply.keys()).filter_map(here).collect();
        let mut found: Vec<Category> =
            names.into_iter().map(|name| self.category(rules, division, name)).collect();
        found.sort_by_key(|one| order.iter().position(|name| *name == one.name).unwrap_or(order.len()));
        found
    }

    fn category(&self, rules: Option<&MajorRules>, division: &str, name: String) -> Category {
        let demand = self.demand(division, &name).cloned();
        let none = Vec::new();
        let all = self.supply.get(&(division.to_owned(), name.clone())).unwrap_or(&none);
        let runs = |one: &&Supply| rules::is_offered(one.state, one.from, one.to, self.today);
        let offered = all.iter().filter(runs).count() as i64;
        let planned = all.iter().filter(|one| one.state == OfferState::Planned).count() as i64;
        let year = demand.as_ref().map_or_else(|| i64::from(self.today.year()), |row| row.year);
        let facts = || MajorFacts {
            standing: MajorStanding::Missing,
            enrolled: Reported::NotApplicable,
            enrolled_before: Reported::NotApplicable,
            graduates: Reported::NotApplicable,
            employed: Reported::NotApplicable,
            in_field: Reported::NotApplicable,
            posts: known(demand.as_ref().map(|row| row.posts)),
            category_graduates: Reported::NotApplicable,
        };
        let missing = offered + planned == 0 && demand.is_some();
        Category {
            advice: rules.filter(|_| missing).map(|rules| advice(rules, &facts())),
            graduates: if all.is_empty() {
                Reported::NotApplicable
            } else {
                self.graduates(division, &name, year)
            },
            graduated_in: year,
            name,
            demand,
            offered,
            planned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(org: &str, offer: &str, graduates: i64) -> SupplyRow {
        SupplyRow {
            org: org.to_owned(),
            division: "1".to_owned(),
            category: "机械类".to_owned(),
            state: OfferState::Open,
            from_day: Date::default(),
            to_day: None,
            year: Some(2026),
            graduates: Some(graduates),
            offer: offer.to_owned(),
        }
    }

    #[test]
    fn a_few_at_one_school_are_seen_behind_a_large_sum() {
        let rows = vec![row("a", "1", 40), row("b", "2", 2), row("b", "3", 1), row("c", "4", 50)];
        let (offers, years, demand) = (Vec::new(), HashMap::new(), BTreeMap::new());
        let survey = Survey { offers, years, demand, supply: gathered(rows), today: Date::default() };
        let few = |own: &str, smallest: i64| survey.has_few(("1", "机械类"), 2026, (own, smallest));
        assert_eq!(survey.graduates("1", "机械类", 2026), Reported::Value(93));
        assert!(few("a", 5) && few("", 5), "without the forty and the fifty, three are left");
        assert!(!few("b", 5), "the school knows its own");
        assert!(!few("a", 3) && !survey.has_few(("1", "机械类"), 2025, ("a", 5)));
    }
}
