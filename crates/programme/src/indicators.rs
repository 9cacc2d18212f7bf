//! `[[indicator]]`: what is counted, and from what.

use crate::fields::{Only, one_or_many};
use jiedui_kernel::Unit;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub id: String,
    pub clause: String,
    pub name: String,
    pub unit: Unit,
    pub of: IndicatorOf,
    /// What is counted, in words: shown when the figure is opened.
    pub definition: String,
    /// Raised when the definition changes.
    pub version: u32,
    /// The year by the end of which the plan wants it of every county school: a target without a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_by: Option<i32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum IndicatorOf {
    /// The sum of the quantities of the counting entries of the activities (or of one of their number fields), by the
    /// year of their last day; the days of a stay by the year in which they lie. Entries of two helpers at one school whose days overlap are kept apart: joint work is
    /// one entry with two providers.
    Entries {
        #[serde(deserialize_with = "one_or_many")]
        activity: Vec<String>,
        /// A number field that is summed instead of the quantity; its unit is the indicator's.
        field: Option<String>,
        /// Only those whose choice field has one of these options.
        only: Option<Only>,
        /// Only what the helpers gave, or what was done without them.
        given_by: Option<GivenBy>,
        /// Only those that answer these fields: the denominator of a share whose numerator is such a field.
        #[serde(default)]
        answered: Vec<String>,
    },
    /// How many different people of the county schools are named by counting entries, each once, from the beginning to
    /// the last day of the window.
    Covered {
        #[serde(deserialize_with = "one_or_many")]
        activity: Vec<String>,
    },
    /// Outputs that are in a counting stage on the last day of the window: how many, or what of their quantity. In 所 a
    /// school counts once, however many of them it has.
    Outputs {
        #[serde(deserialize_with = "one_or_many")]
        output: Vec<String>,
        #[serde(default)]
        sum: OutputSum,
        only: Option<Only>,
        /// Only while it is in one of these stages; any that counts where none is named.
        #[serde(default, deserialize_with = "one_or_many")]
        stage: Vec<String>,
        /// Only what names the project of which it is a part.
        #[serde(default)]
        of_project: bool,
    },
    /// An element of the year-profiles of the year, summed over the schools. Submitted is claimed, accepted confirmed.
    Profile { element: String },
    /// County schools that meet the standard of their own level by their newest accepted year-profile (达标); where a
    /// standard is named, that one.
    Attained { standard: Option<String> },
    /// County schools that have one of these levels in the registry.
    Level { any: Vec<String> },
    /// One indicator divided by another of the same unit, in 1/100 of a per cent.
    Ratio { numerator: String, denominator: String },
    /// County schools that have a running pairing on the day asked for.
    Paired,
    /// County schools whose running pairing has a signed agreement.
    Signed,
    /// County schools whose running pairing has an agreed collaboration plan.
    Planned,
}

/// Who gave what an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenBy {
    /// A helper, alone or with the other.
    Helpers,
    /// The county school itself, a bureau, the province.
    Others,
}

/// What is added up over outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputSum {
    /// Each counts one.
    #[default]
    Number,
    /// Its quantity.
    Quantity,
    /// What has come of it so far.
    Achieved,
}

impl IndicatorOf {
    /// Whether entries or outputs of this kind add to it.
    pub fn counts_kind(&self, kind: &str) -> bool {
        match self {
            Self::Entries { activity, .. } => activity.iter().any(|id| id == kind),
            Self::Outputs { output, .. } => output.iter().any(|id| id == kind),
            _ => false,
        }
    }
}
