//! What a target aims at, and what a changed rule asks from a day on. Which of it is in force is said in `dated`.

use jiedui_kernel::{Date, Reported};
use serde::{Deserialize, Serialize};

/// What a target asks. `About` has neither pass nor fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Aim {
    AtLeast {
        value: i64,
    },
    About {
        value: i64,
    },
    Range {
        low: i64,
        high: i64,
    },
    NotIssued,
    /// The plan gives no measure for it: shown in words, never judged.
    NoMeasure,
}

/// The value of a target where it is one number.
impl Aim {
    /// Whether the plan gives a measure, issued or not.
    pub fn measured(self) -> bool {
        self != Self::NoMeasure
    }

    pub fn value(self) -> Reported<i64> {
        match self {
            Self::AtLeast { value } | Self::About { value } => Reported::Value(value),
            Self::Range { low, .. } => Reported::Value(low),
            Self::NotIssued => Reported::NotIssued,
            Self::NoMeasure => Reported::NotApplicable,
        }
    }
}

/// `[[obligation.change]]`, `[[duty.change]]`: how much is owed from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeastChange {
    pub from: Date,
    pub at_least: i64,
    /// What is asked, in words, from then on; as before where it is left out.
    pub about: Option<String>,
    /// The text by which it was changed.
    pub source: String,
}

/// `[[target.change]]`: what is aimed at from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AimChange {
    pub from: Date,
    pub aim: Aim,
    /// What the figure counts, in words, from then on; as before where it is left out.
    pub basis: Option<String>,
    pub source: String,
}

/// `[[threshold.change]]`: where the limits lie from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitChange {
    pub from: Date,
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
    pub source: String,
}

/// A value that holds from a day on, until the next one of its list.
pub trait Dated {
    fn from(&self) -> Date;
    fn source(&self) -> &str;
}

macro_rules! dated {
    ($($change:ty),*) => {$(
        impl Dated for $change {
            fn from(&self) -> Date {
                self.from
            }

            fn source(&self) -> &str {
                &self.source
            }
        }
    )*};
}
dated!(LeastChange, AimChange, LimitChange);

/// The change that is in force on a day; none before the first.
pub fn in_force<C: Dated>(changes: &[C], on: Date) -> Option<&C> {
    changes.iter().filter(|change| change.from() <= on).max_by_key(|change| change.from())
}

/// The first change that is still to come.
pub fn coming<C: Dated>(changes: &[C], after: Date) -> Option<&C> {
    changes.iter().filter(|change| change.from() > after).min_by_key(|change| change.from())
}
