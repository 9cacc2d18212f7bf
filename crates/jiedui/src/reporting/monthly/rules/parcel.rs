//! The month of a school as it is accepted: figures with the rows behind them, duties, problems, restatements, and under
//! which rules all this was counted. It can be recomputed by itself, without the database, for ever.

use crate::shared::frozen::Stamp;
use jiedui_kernel::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Claimed and confirmed, in the unit of the indicator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    pub claimed: i64,
    pub confirmed: i64,
}

impl Amount {
    pub fn plus(self, other: Self) -> Self {
        Self { claimed: self.claimed + other.claimed, confirmed: self.confirmed + other.confirmed }
    }
}

/// A figure of an accepted month that is another now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restated {
    pub month: i64,
    pub indicator: String,
    pub was: Amount,
    pub is: Amount,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// 202611.
    pub month: i64,
    pub school: ParcelSchool,
    #[serde(flatten)]
    pub stamp: Stamp,
    pub problems: String,
    pub figures: Vec<ParcelFigure>,
    pub rows: Vec<ParcelRow>,
    pub clocks: Vec<ParcelClock>,
    pub restated: Vec<Restated>,
    /// What was unusual about the entries, in words.
    pub unusual: Vec<String>,
}

/// The school in the registry's words, and its helpers on the last day of the month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelSchool {
    pub id: String,
    pub name: String,
    pub level: String,
    pub place: String,
    pub pairing: String,
    pub lead: String,
    pub nearby: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelFigure {
    pub indicator: String,
    pub name: String,
    pub unit: String,
    pub month: Amount,
    /// From January to this month.
    pub year: Amount,
}

/// What one record adds to one figure of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelRow {
    pub indicator: String,
    pub resource: String,
    pub day: Date,
    pub claimed: i64,
    pub confirmed: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelClock {
    pub name: String,
    pub helper: String,
    pub period: String,
    pub owed: String,
    pub confirmed: String,
    /// In the words of the page.
    pub standing: String,
    /// Its address.
    #[serde(default)]
    pub href: String,
}

impl Parcel {
    /// The figures that moved in the month itself.
    pub fn moved(&self) -> impl Iterator<Item = &ParcelFigure> {
        self.figures.iter().filter(|figure| figure.month != Amount::default())
    }

    /// The indicators whose figure is not the sum of its rows; none where the parcel holds together.
    pub fn differing(&self) -> Vec<String> {
        let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
        for row in &self.rows {
            let sum = sums.entry(&row.indicator).or_default();
            *sum = sum.plus(Amount { claimed: row.claimed, confirmed: row.confirmed });
        }
        let mut off: Vec<String> = Vec::new();
        for figure in &self.figures {
            if sums.remove(figure.indicator.as_str()).unwrap_or_default() != figure.month {
                off.push(figure.name.clone());
            }
        }
        off.extend(
            sums.into_iter().filter(|(_, sum)| *sum != Amount::default()).map(|(id, _)| id.to_owned()),
        );
        off
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::frozen;

    #[test]
    fn a_figure_is_the_sum_of_its_rows() {
        let row = |claimed| ParcelRow {
            indicator: "a".to_owned(),
            resource: "r".to_owned(),
            day: "2026-10-03".parse().unwrap(),
            claimed,
            confirmed: 0,
        };
        let figure = ParcelFigure {
            indicator: "a".to_owned(),
            name: "甲".to_owned(),
            month: Amount { claimed: 5, confirmed: 0 },
            ..ParcelFigure::default()
        };
        let mut parcel = Parcel { figures: vec![figure], rows: vec![row(2), row(3)], ..Parcel::default() };
        assert!(parcel.differing().is_empty());
        parcel.rows.pop();
        assert_eq!(parcel.differing(), ["甲"]);
        let (text, digest) = frozen::text(&parcel).unwrap();
        assert_eq!(serde_json::from_str::<Parcel>(&text).unwrap(), parcel);
        assert_eq!(frozen::digest(&text), digest);
    }
}
