//! `forms.toml`: forms that follow a course of work of their own instead of being generated, registered all the same
//! (principle 7).

use crate::fields::{Field, Frequency, Side};
use jiedui_kernel::Unit;
use serde::{Deserialize, Serialize};

/// `[[form]]` of `forms.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandForm {
    pub id: String,
    pub kind: FormKind,
    pub name: String,
    pub clauses: Vec<String>,
    pub filled_by: Vec<Side>,
    pub frequency: Frequency,
    pub minutes: u32,
    /// Options that come from the registry, the sentences or the years are not written here, and a number whose unit is
    /// chosen beside it has none.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
}

/// One `[[known]]` of `known.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownElement {
    /// The standard term: `school.students`.
    pub id: String,
    pub name: String,
    /// Other wordings; for a choice, what it would offer.
    #[serde(default)]
    pub words: Vec<String>,
    /// Of a number.
    pub unit: Option<Unit>,
    /// Where it is: `registry`, `profile`, `clock`, `ledger`, or the id of the one form that asks it.
    pub held: String,
    /// Which element of the year-profile it is.
    pub profile: Option<String>,
}

/// What a registered form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    Activity,
    Output,
    Application,
    Profile,
    Need,
    Capacity,
    Agreement,
    Plan,
    Project,
    Other,
}

impl FormKind {
    /// Those that the mechanisms of the application need; each is registered at least once.
    pub const BY_HAND: [Self; 5] = [Self::Need, Self::Capacity, Self::Agreement, Self::Plan, Self::Project];

    /// As it stands in addresses and in `forms.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Output => "output",
            Self::Application => "application",
            Self::Profile => "profile",
            Self::Need => "need",
            Self::Capacity => "capacity",
            Self::Agreement => "agreement",
            Self::Plan => "plan",
            Self::Project => "project",
            Self::Other => "other",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Activity => "台账登记",
            Self::Output => "成果与记录",
            Self::Application => "申报",
            Self::Profile => "年度基本情况",
            Self::Need => "需求",
            Self::Capacity => "帮扶能力",
            Self::Agreement => "协议",
            Self::Plan => "学校方案",
            Self::Project => "项目清单",
            Self::Other => "其他",
        }
    }
}
