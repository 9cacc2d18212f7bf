//! 指标与目标: defined once in the programme; every figure opens down to its rows (G1.1–G3.8; principles 4 and 5).

mod pages;

use crate::http::figure::Figure;
use crate::http::form::Pairs;
use crate::http::route::{Access, Route, Subject};
use crate::ledger;
use crate::obligations::pairing_facts;
use crate::pairings::{self, PairingRow};
use crate::route;
use jiedui_kernel::{Date, Known, Period, Result};
use jiedui_programme::{Fact, Indicator, IndicatorOf, Programme, Reading, indicator, pairing_indicator};
use jiedui_store::Tx;
use std::collections::HashSet;

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
            && match self.typical.as_str() {
                "typical" => !row.typical_class.is_empty(),
                "other" => row.typical_class.is_empty(),
                _ => true,
            }
    }

    /// The day at which states (pairings) are looked at: the last day of the year, but not after today.
    pub fn as_of(&self, today: Date) -> Date {
        Period::year(self.year).map_or(today, |year| year.to.min(today))
    }
}

/// What is needed to evaluate any indicator for any cut, read once.
pub struct Facts {
    pub pairings: Vec<PairingRow>,
    pub entries: Vec<Fact>,
    pub today: Date,
}

impl Facts {
    pub async fn read(tx: &mut Tx) -> Result<Self> {
        Ok(Self {
            pairings: pairings::in_scope(tx).await?,
            entries: ledger::facts(tx).await?,
            today: tx.today(),
        })
    }

    pub fn reading(&self, programme: &Programme, of: &Indicator, cut: &Cut) -> Option<Reading> {
        let rows: Vec<PairingRow> = self.pairings.iter().filter(|row| cut.holds(row)).cloned().collect();
        match of.of {
            IndicatorOf::Entries { .. } => {
                let schools: HashSet<&str> = rows.iter().map(|row| row.county_school.as_str()).collect();
                let facts: Vec<Fact> = self
                    .entries
                    .iter()
                    .filter(|fact| schools.contains(fact.county_school.as_str()))
                    .cloned()
                    .collect();
                indicator(programme, of, &facts, Period::year(cut.year)?)
            }
            IndicatorOf::Paired | IndicatorOf::Signed => {
                pairing_indicator(of, &pairing_facts(&rows), cut.as_of(self.today))
            }
        }
    }
}

/// The two figures of an indicator for one cut: claimed and confirmed, both opening to the same rows.
pub fn figures(of: &Indicator, reading: Option<&Reading>, cut: &Cut) -> (Figure, Figure) {
    let href = |of: &Indicator| format!("/indicators/{}?{}", of.id, cut.query());
    let figure = |value: Option<i64>, which: &str| {
        let label = format!("{}（{which}）", of.name);
        match value {
            Some(value) => Figure::rows(value, of.unit, href(of), label),
            None => Figure::of(Known::NotReported, of.unit, href(of), label),
        }
    };
    (figure(reading.map(|r| r.claimed), "申报"), figure(reading.map(|r| r.confirmed), "确认"))
}
