//! The year-profile of a school (T1.1) and the standards it is held against.

use crate::fields::{Side, yes};
use jiedui_kernel::{Date, Unit};
use serde::{Deserialize, Serialize};

/// `[profile]` of `profile.toml`: the one form a school fills each year.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileForm {
    pub name: String,
    pub about: String,
    pub clauses: Vec<String>,
    pub filled_by: Vec<Side>,
    pub accepted_by: Side,
    /// The day of the year for which it speaks, as month and day: `10-31`.
    pub as_of: String,
    pub minutes: u32,
}

/// `[[element]]` of `profile.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    pub id: String,
    pub name: String,
    /// Heading in form and page.
    pub group: String,
    pub clause: String,
    /// Yuan and square metres per person are kept in hundredths, rates in 1/100 of a per cent; see `Unit`.
    pub unit: Unit,
    #[serde(default)]
    pub help: String,
    /// Why it is asked (burden register).
    pub purpose: String,
    #[serde(default)]
    pub replaces: String,
    pub sunset: Option<Date>,
    /// Figured from two others instead of being asked.
    pub derived: Option<Derived>,
    /// Comes from the national school system as a file; shown with that source.
    #[serde(default)]
    pub imported: bool,
    /// A text or a day instead of a number: employment has a cut-off day.
    #[serde(default)]
    pub kind: ElementKind,
    /// Of a year's cohort (graduates, who is employed, the cut-off day): asked each year, never carried over.
    #[serde(default)]
    pub of_year: bool,
    /// Asked of every school; false: only where it applies (不适用 is a value).
    #[serde(default = "yes")]
    pub asked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ElementKind {
    #[default]
    Number,
    Date,
}

/// `of` elements added up, divided by `by`. Only like units add up, but for the training scale 培养规模, which the
/// standards themselves define as persons and person-times together. A rate has the unit `basis_points`; an area for each person the unit
/// `square_metres_per_person`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    pub of: Vec<String>,
    pub by: Option<String>,
}

/// `[[standard]]` of `standards/*.toml`: what a school of a level must have.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    pub id: String,
    pub name: String,
    /// The level of the registry that it is about: 技工学校.
    pub level: String,
    /// Further levels that have no standard of their own and are held against this one.
    #[serde(default)]
    pub also: Vec<String>,
    /// Its place on the ladder; the next level is the next number (T2.3).
    pub rung: i64,
    pub from: Date,
    pub to: Option<Date>,
    pub source: String,
    pub clauses: Vec<String>,
}

/// `[[threshold]]` of `standards/*.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    pub id: String,
    pub standard: String,
    pub name: String,
    /// The element of the year-profile it is about; none where the profile has no such figure.
    pub element: Option<String>,
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
    /// In words, where it is no number.
    #[serde(default)]
    pub text: String,
    pub unit: Option<Unit>,
    pub status: Checked,
    /// Only these judge. What comes from memory or from elsewhere judges once an administrator has confirmed it.
    pub usable: bool,
    #[serde(default)]
    pub quote: String,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub jurisdiction: String,
    /// Days on which it is one of its standard; all of them where they are left out.
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// Where its limits lie from a later day on.
    #[serde(default, rename = "change")]
    pub changes: Vec<crate::changes::LimitChange>,
}

/// How sure we are of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// Compared with a text that names its source.
    Checked,
    /// From memory, unverified.
    Memory,
    /// Holds elsewhere; for comparison only.
    OtherPlace,
}
