//! `majors.toml`: from what figures on the majors of a school is advised (T5.2). It is advice with its reasons, never a
//! score and never a rank; the school decides.

use crate::problem::Problem;
use jiedui_kernel::Reported;
use serde::{Deserialize, Serialize};

/// `[majors]`. Rates are in 1/100 of a per cent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MajorRules {
    pub clauses: Vec<String>,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    /// How the advice comes about, in words; shown beside it.
    pub about: String,
    /// Employed out of graduates: from here on nothing is wanting.
    pub employment_good: i64,
    /// Below this it is a reason to close.
    pub employment_poor: i64,
    /// Employed in the field out of employed: below this the contents are to be adjusted.
    pub in_field_poor: i64,
    /// More graduates of a category in the county than this part of its posts are too many.
    pub graduates_per_posts: i64,
    /// Enrolment that fell by this part or more within a year.
    pub enrolment_fall: i64,
    /// So many posts a year are a reason to open what nobody in the county offers.
    pub posts_to_open: i64,
    #[serde(default, rename = "example", skip_serializing)]
    pub examples: Vec<MajorExample>,
}

/// How a major stands in its county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MajorStanding {
    /// 开设.
    Offered,
    /// 拟设.
    Planned,
    /// Nobody in the county offers its category.
    Missing,
}

/// What is known of a major, or of a category that nobody offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MajorFacts {
    pub standing: MajorStanding,
    /// Of the newest year that was reported, and of the year before.
    #[serde(default = "unreported")]
    pub enrolled: Reported<i64>,
    #[serde(default = "unreported")]
    pub enrolled_before: Reported<i64>,
    #[serde(default = "unreported")]
    pub graduates: Reported<i64>,
    #[serde(default = "unreported")]
    pub employed: Reported<i64>,
    #[serde(default = "unreported")]
    pub in_field: Reported<i64>,
    /// Posts a year that the county's industries offer in its category.
    #[serde(default = "unreported")]
    pub posts: Reported<i64>,
    /// Graduates of the category at the county's schools in that year.
    #[serde(default = "unreported")]
    pub category_graduates: Reported<i64>,
}

fn unreported() -> Reported<i64> {
    Reported::NotReported
}

/// What is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MajorAdvice {
    Open,
    Keep,
    Adjust,
    Close,
    /// A figure is missing on which it depends.
    Unknown,
}

impl MajorAdvice {
    pub const ALL: [Self; 5] = [Self::Open, Self::Keep, Self::Adjust, Self::Close, Self::Unknown];

    /// As it stands in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Keep => "keep",
            Self::Adjust => "adjust",
            Self::Close => "close",
            Self::Unknown => "unknown",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "建议开设",
            Self::Keep => "建议保持",
            Self::Adjust => "建议调整",
            Self::Close => "建议停招",
            Self::Unknown => "暂不能判定",
        }
    }
}

/// `[[majors.example]]`: facts in, advice out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MajorExample {
    pub about: String,
    pub facts: MajorFacts,
    pub expect: MajorAdvice,
    /// Where it says what it expects.
    #[serde(skip)]
    pub(crate) place: Option<Problem>,
}
