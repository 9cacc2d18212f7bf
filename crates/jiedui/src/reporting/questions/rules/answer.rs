//! An answer as it is kept: what it says can be read by itself for ever, and be held against a later one.

use super::Why;
use crate::shared::frozen::Stamp;
use crate::shared::papers;
use jiedui_kernel::{Date, Reported, Unit};
use jiedui_web::figure::Figure;
use serde::{Deserialize, Serialize};

/// A number, or the word in its place, and how it was shown: a share is rounded where it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub value: Reported<i64>,
    pub shown: Option<String>,
}

impl Said {
    /// The figure as a page shows it, opening where the caller says.
    pub fn figure(&self, unit: Unit, href: &str, label: impl Into<String>) -> Figure {
        Figure { value: self.shown.clone(), ..Figure::of(self.value, unit, href, label) }
    }

    /// As a paper has it.
    pub fn words(&self, unit: Unit) -> String {
        papers::figure(&self.figure(unit, "", ""))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFigure {
    pub indicator: String,
    pub name: String,
    pub unit: Unit,
    pub definition: String,
    pub version: u32,
    /// A state of schools: claimed and confirmed are one number.
    pub single: bool,
    /// Whether the parts add up to the whole.
    pub adds: bool,
}

/// What one figure is in one part of the province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerCell {
    pub claimed: Said,
    pub confirmed: Said,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerUnit {
    /// A city's name, a county's division, a school's id; "" for the whole, which stands last.
    pub key: String,
    pub name: String,
    /// In the order of the figures.
    pub cells: Vec<AnswerCell>,
}

/// A school that the figures lack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLack {
    pub school: String,
    pub name: String,
    pub place: String,
    pub year: i32,
    pub why: String,
}

impl AnswerLack {
    pub fn words(&self) -> &'static str {
        Why::of(&self.why).map_or("", |why| why.mark().label)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub title: String,
    pub host: String,
    pub host_name: String,
    pub period: String,
    /// What the first column is called.
    pub by: String,
    /// The day of which the figures are.
    pub as_of: Date,
    pub figures: Vec<AnswerFigure>,
    pub units: Vec<AnswerUnit>,
    pub missing: Vec<AnswerLack>,
    pub stamp: Stamp,
}

/// A figure that is another now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerChange {
    pub unit: String,
    pub figure: AnswerFigure,
    /// 登记 or 确认; "" where they are one number.
    pub what: &'static str,
    pub was: Option<Said>,
    pub is: Option<Said>,
}

impl Answer {
    /// Whether it says the same of the same day, whenever each was made.
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self { stamp: other.stamp.clone(), ..self.clone() } == *other
    }

    /// Whether the parts of each figure add up to the whole: what can be held against itself without the database.
    pub fn adds_up(&self) -> bool {
        let Some((whole, parts)) = self.units.split_last() else { return false };
        let amount = |said: &Said| said.value.value().unwrap_or(0);
        let holds = |at: usize, pick: fn(&AnswerCell) -> &Said| {
            let of = |unit: &AnswerUnit| unit.cells.get(at).map_or(0, |cell| amount(pick(cell)));
            parts.is_empty() || parts.iter().map(of).sum::<i64>() == of(whole)
        };
        let figures = self.figures.iter().enumerate().filter(|(_, figure)| figure.adds);
        self.units.iter().all(|unit| unit.cells.len() == self.figures.len()) && { figures }
            .all(|(at, _)| holds(at, |cell| &cell.claimed) && holds(at, |cell| &cell.confirmed))
    }

    fn cell(&self, unit: &str, indicator: &str) -> Option<&AnswerCell> {
        let at = self.figures.iter().position(|figure| figure.indicator == indicator)?;
        self.units.iter().find(|one| one.key == unit)?.cells.get(at)
    }

    /// What of this is another in a later answer, unit by unit; a unit that only one of the two has counts too.
    pub fn changes(&self, later: &Self) -> Vec<AnswerChange> {
        let gone = self.units.iter().filter(|unit| later.units.iter().all(|other| other.key != unit.key));
        let units = gone.chain(&later.units);
        let mut found = Vec::new();
        for unit in units {
            for figure in &self.figures {
                let (was, is) =
                    (self.cell(&unit.key, &figure.indicator), later.cell(&unit.key, &figure.indicator));
                let mut note = |what, pick: fn(&AnswerCell) -> &Said| {
                    let (was, is) = (was.map(pick).cloned(), is.map(pick).cloned());
                    if was != is {
                        let figure = figure.clone();
                        found.push(AnswerChange { unit: unit.name.clone(), figure, what, was, is });
                    }
                };
                if !figure.single {
                    note("登记", |cell| &cell.claimed);
                }
                note(if figure.single { "" } else { "确认" }, |cell| &cell.confirmed);
            }
        }
        found
    }
}
