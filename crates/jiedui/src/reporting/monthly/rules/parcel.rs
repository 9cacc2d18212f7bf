//! The month of a school as it is accepted: figures with the rows behind them, duties, problems, restatements, and under
//! which rules all this was counted. It can be recomputed by itself, without the database, for ever.

use crate::shared::frozen::Stamp;
use jiedui_kernel::Date;
use jiedui_programme::{ProjectEnd, ProjectFact, ProjectState, project_state};
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

/// How a parcel is laid out today. The first ones, which say no number, hold neither projects nor targets nor the population.
pub const FORMAT: i64 = 2;

fn first_format() -> i64 {
    1
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    #[serde(default = "first_format")]
    pub format: i64,
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
    /// What the school says to that; "" for nothing.
    #[serde(default)]
    pub word: String,
    #[serde(default)]
    pub projects: Vec<ParcelProject>,
    #[serde(default)]
    pub targets: Vec<ParcelTarget>,
    /// Who counted; none in parcels of the first format.
    #[serde(default)]
    pub population: Option<ParcelPopulation>,
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

/// A project in force as it stood at the end of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelProject {
    pub id: String,
    pub pairing: String,
    pub title: String,
    pub clause: String,
    /// As the project keeps it.
    pub unit: String,
    pub quantity: i64,
    pub from: Date,
    pub to: Date,
    /// What was done until the end of the month, and what of it is confirmed.
    pub done: Amount,
    /// What is confirmed of what was done before the month.
    pub earlier: i64,
    pub ended: Option<ProjectEnd>,
    pub state: ProjectState,
}

impl ParcelProject {
    /// How it stood when the month was over: what was due on its last day is late by then.
    pub fn judged(&self, last: Date) -> ProjectState {
        let fact = ProjectFact {
            quantity: self.quantity,
            claimed: self.done.claimed,
            confirmed: self.done.confirmed,
            from: self.from,
            to: self.to,
            filed: true,
            ended: self.ended,
        };
        project_state(&fact, last.succ_opt().unwrap_or(last))
    }

    /// What the month added to what is confirmed.
    pub fn moved(&self) -> i64 {
        self.done.confirmed - self.earlier
    }

    /// The month brought what was still missing.
    pub fn is_finished_now(&self) -> bool {
        self.earlier < self.quantity && self.done.confirmed >= self.quantity
    }
}

/// A target of the plan to which the school adds something, and what it had added by the end of the month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelTarget {
    pub target: String,
    pub name: String,
    /// By the end of which year it is to be reached, and what the plan aims at; none where it gives no number.
    pub year: i32,
    pub wanted: Option<i64>,
    pub indicator: String,
    pub unit: String,
    /// What is confirmed of this school; of a share the share itself, and what is divided by what.
    pub confirmed: i64,
    pub share: Option<(i64, i64)>,
}

/// Who counted when the month was accepted: the county schools of whoever accepted it, as their number and the SHA-256 of
/// their ids in order, and the pairings of this school on some day of the month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelPopulation {
    pub schools: i64,
    pub digest: String,
    pub pairings: Vec<ParcelPairing>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelPairing {
    pub id: String,
    pub lead: String,
    pub nearby: String,
    pub from: Date,
    pub to: Option<Date>,
}

impl Parcel {
    /// The projects whose state does not follow from what is written beside it: title, what is said, what follows.
    pub fn misjudged(&self, last: Date) -> Vec<(&str, ProjectState, ProjectState)> {
        let judged = self.projects.iter().map(|one| (one.title.as_str(), one.state, one.judged(last)));
        judged.filter(|(_, said, follows)| said != follows).collect()
    }

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
        parcel.format = FORMAT;
        let (text, digest) = frozen::text(&parcel).unwrap();
        assert_eq!(serde_json::from_str::<Parcel>(&text).unwrap(), parcel);
        assert_eq!(frozen::digest(&text), digest);
    }

    /// What was accepted before parcels held projects and targets is read as it was written.
    #[test]
    fn a_parcel_of_the_first_format_is_still_read() {
        let mut text = serde_json::to_value(Parcel { month: 202_610, ..Parcel::default() }).unwrap();
        let fields = text.as_object_mut().unwrap();
        for added in ["format", "word", "projects", "targets", "population"] {
            assert!(fields.remove(added).is_some(), "{added}");
        }
        let read: Parcel = frozen::read(&text.to_string(), "a month").unwrap();
        assert_eq!((read.format, read.month), (1, 202_610));
        assert!(read.population.is_none() && read.word.is_empty());
        assert!(read.projects.is_empty() && read.targets.is_empty() && read.differing().is_empty());
    }

    #[test]
    fn a_project_is_late_once_the_month_of_its_last_day_is_over() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let mut project = ParcelProject {
            id: "p".to_owned(),
            pairing: "x".to_owned(),
            title: "甲".to_owned(),
            clause: "T4.1".to_owned(),
            unit: "items".to_owned(),
            quantity: 4,
            from: day("2026-03-01"),
            to: day("2026-10-31"),
            done: Amount { claimed: 3, confirmed: 2 },
            earlier: 1,
            ended: None,
            state: ProjectState::Late,
        };
        assert_eq!((project.judged(day("2026-10-31")), project.moved()), (ProjectState::Late, 1));
        assert_eq!(project.judged(day("2026-09-30")), ProjectState::Running);
        project.done = Amount { claimed: 4, confirmed: 4 };
        assert!(project.is_finished_now());
        let parcel = Parcel { projects: vec![project], ..Parcel::default() };
        let told = parcel.misjudged(day("2026-10-31"));
        assert_eq!(
            told,
            [("甲", ProjectState::Late, ProjectState::Finished)],
            "what it says does not follow"
        );
    }
}
