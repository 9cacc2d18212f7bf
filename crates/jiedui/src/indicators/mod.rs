//! 指标与目标: defined once in the programme; every figure opens down to its rows (G1.1–G3.8; principles 4 and 5).

mod pages;

use crate::http::figure::Figure;
use crate::http::form::Pairs;
use crate::http::route::{Access, Route, Subject};
use crate::ledger;
use crate::obligations::pairing_facts;
use crate::pairings::{self, PairingRow};
use crate::registry;
use crate::route;
use jiedui_kernel::{Date, Known, Period, Result};
use jiedui_programme::{Fact, Indicator, IndicatorOf, Programme, Reading, indicator, pairing_indicator};
use jiedui_store::Tx;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/targets", Access::Can("indicator", "read"), pages::targets)
            .about(Subject::None, "目标与指标"),
        route!(Get "/indicators/{id}", Access::Can("indicator", "read"), pages::show)
            .about(Subject::Open, "打开一个指标"),
    ]
}

/// Which part of the province, and which year, a figure is about. It stands in the figure's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub year: i32,
    /// A city's name, or "".
    pub city: String,
    /// A county school's id, or "".
    pub school: String,
    /// "typical", "other" or "".
    pub typical: String,
}

impl Cut {
    pub fn year(year: i32) -> Self {
        Self { year, city: String::new(), school: String::new(), typical: String::new() }
    }

    /// The cut of an address; without a year the year of `today`.
    pub fn of(query: &Pairs, today: Date) -> Self {
        use chrono::Datelike as _;
        Self {
            year: query
                .get("year")
                .parse()
                .ok()
                .filter(|year| (2000..=2100).contains(year))
                .unwrap_or(today.year()),
            city: query.get("city").to_owned(),
            school: query.get("school").to_owned(),
            typical: query.get("typical").to_owned(),
        }
    }

    pub fn query(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.append_pair("year", &self.year.to_string());
        for (name, value) in [("city", &self.city), ("school", &self.school), ("typical", &self.typical)] {
            if !value.is_empty() {
                out.append_pair(name, value);
            }
        }
        out.finish()
    }

    pub fn holds(&self, row: &PairingRow) -> bool {
        (self.city.is_empty() || row.city == self.city)
            && (self.school.is_empty() || row.county_school == self.school)
            && registry::fits_typical(&self.typical, !row.typical_class.is_empty())
    }

    /// The day at which states (pairings) are looked at: the last day of the year, but not after today.
    pub fn as_of(&self, today: Date) -> Date {
        Period::year(self.year).map_or(today, |year| year.to.min(today))
    }
}

/// Indicators evaluated for a year, over everything in reach.
type Whole = HashMap<(String, i32), Option<Arc<Reading>>>;

/// What is needed to evaluate any indicator for any cut, read once. An indicator is evaluated once for a year; a cut
/// then takes its rows from that, so that a table over all cities costs one evaluation and not one each.
pub struct Facts {
    pub pairings: Vec<PairingRow>,
    pub entries: Vec<Fact>,
    pub today: Date,
    /// County school of each entry.
    school_of: HashMap<String, String>,
    whole: Mutex<Whole>,
}

impl Facts {
    pub async fn read(tx: &mut Tx) -> Result<Self> {
        let (pairings, entries) = (pairings::in_scope(tx).await?, ledger::facts(tx).await?);
        let school_of = entries.iter().map(|fact| (fact.id.clone(), fact.county_school.clone())).collect();
        Ok(Self { pairings, entries, today: tx.today(), school_of, whole: Mutex::default() })
    }

    pub fn reading(&self, programme: &Programme, of: &Indicator, cut: &Cut) -> Option<Reading> {
        match of.of {
            IndicatorOf::Entries { .. } => {
                let whole = self.whole(programme, of, cut.year)?;
                let held = self.pairings.iter().filter(|row| cut.holds(row));
                let schools: HashSet<&str> = held.map(|row| row.county_school.as_str()).collect();
                let inside =
                    |id: &str| self.school_of.get(id).is_some_and(|school| schools.contains(school.as_str()));
                let rows = whole.rows.iter().filter(|row| inside(&row.id)).cloned().collect();
                Some(Reading::of_rows(whole.unit, rows))
            }
            _ => {
                let rows: Vec<&PairingRow> = self.pairings.iter().filter(|row| cut.holds(row)).collect();
                pairing_indicator(of, &pairing_facts(rows), cut.as_of(self.today))
            }
        }
    }

    fn whole(&self, programme: &Programme, of: &Indicator, year: i32) -> Option<Arc<Reading>> {
        let mut kept = self.whole.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.entry((of.id.clone(), year))
            .or_insert_with(|| indicator(programme, of, &self.entries, Period::year(year)?).map(Arc::new))
            .clone()
    }
}

/// The two figures of an indicator for one cut: claimed and confirmed, both opening to the same rows.
pub fn figures(of: &Indicator, reading: Option<&Reading>, cut: &Cut) -> (Figure, Figure) {
    let href = |of: &Indicator| format!("/indicators/{}?{}", of.id, cut.query());
    let figure = |value: Option<Known<i64>>, which: &str| {
        let label = format!("{}（{which}）", of.name);
        match value.and_then(Known::value) {
            Some(value) => Figure::rows(value, of.unit, href(of), label),
            None => Figure::of(Known::NotReported, of.unit, href(of), label),
        }
    };
    (figure(reading.map(|r| r.claimed), "申报"), figure(reading.map(|r| r.confirmed), "确认"))
}
