//! `assessments.toml`: by what county schools, pairings, counties or cities are assessed (S4.3). The plan gives no yardstick; the scheme
//! does, from each one's own baseline, so that everybody can compute the result again.

use jiedui_kernel::Unit;
use serde::{Deserialize, Serialize};

/// `[[assessment]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentScheme {
    pub id: String,
    pub name: String,
    /// What is assessed and why so, in words; shown beside the result.
    pub about: String,
    pub clauses: Vec<String>,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    pub assessed: Assessed,
    /// What the weights add up to, said once more so that a slip shows.
    pub total: i64,
    /// The year from which is counted; the year before the one that is assessed where none is named.
    pub base_year: Option<i32>,
    /// By how many permille each weight might as well be more or less: what depends on that is said before anything is shown.
    pub spread: i64,
    /// So many working days the assessed have to object.
    pub objection_workdays: u32,
    pub measured: Vec<Measured>,
    /// Rising; the first from 0.
    pub results: Vec<ResultBand>,
}

/// One yardstick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub indicator: String,
    pub weight: i64,
    pub measure: GainMeasure,
    #[serde(default)]
    pub direction: GainDirection,
    pub steps: Vec<GainStep>,
    /// A value that is good enough by itself, whatever the baseline.
    pub full_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GainStep {
    /// From what gain on: in the unit of the indicator, or in permille of the baseline.
    pub from: i64,
    /// In permille of the weight.
    pub share: i64,
}

/// A result in words; no number stands for a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultBand {
    pub id: String,
    pub name: String,
    /// In permille of all points.
    pub from: i64,
}

/// Who is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assessed {
    /// 对口县级院校, each by itself.
    CountySchools,
    /// A county school with its two helpers: what came of their work at the county school.
    Pairings,
    /// The county schools of a county together.
    Counties,
    /// The county schools of a city together.
    Cities,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GainMeasure {
    /// How much more than the baseline.
    Difference,
    /// How much more, in permille of the baseline.
    Growth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GainDirection {
    #[default]
    More,
    Less,
}

impl Assessed {
    pub fn label(self) -> &'static str {
        match self {
            Self::CountySchools => "对口县级院校",
            Self::Pairings => "结对",
            Self::Counties => "县（市、区）",
            Self::Cities => "地级以上市",
        }
    }
}

impl AssessmentScheme {
    /// The year from which `year` is counted.
    pub fn baseline(&self, year: i32) -> i32 {
        self.base_year.unwrap_or(year - 1)
    }
}

/// Units in which work is counted and not what came of it: no unit of a yardstick.
pub fn counts_activity(unit: Unit) -> bool {
    matches!(
        unit,
        Unit::Times
            | Unit::Days
            | Unit::Hours
            | Unit::PersonDays
            | Unit::Terms
            | Unit::Entries
            | Unit::Points
    )
}

impl crate::Programme {
    pub fn assessment(&self, id: &str) -> Option<&AssessmentScheme> {
        self.assessments.iter().find(|scheme| scheme.id == id)
    }
}
