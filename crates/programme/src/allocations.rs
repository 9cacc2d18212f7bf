//! `allocations.toml`: how places, teams or money are divided where the plan promises a preference (T4.6, T5.6, T7.4,
//! T12.4, S4.4). The plan does not say how much; the rule does, so that everybody can check the result.

use jiedui_kernel::Unit;
use serde::{Deserialize, Serialize};

/// `[[allocation]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationRule {
    pub id: String,
    pub name: String,
    /// What is divided and why so, in words; shown beside the result.
    pub about: String,
    pub clauses: Vec<String>,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    /// Of what is divided. Floor and cap are in it, money in cents as everywhere.
    pub unit: Unit,
    pub among: Among,
    pub base: AllocationBase,
    /// Whoever is any of these.
    pub preferred: Vec<Preferred>,
    /// How much each unit of the base of a preferred school counts, in permille of that of another.
    pub weight: i64,
    #[serde(default)]
    pub floor: i64,
    pub cap: Option<i64>,
    #[serde(default)]
    pub method: AllocationMethod,
    /// So many working days a school has to object to what was published.
    pub appeal_workdays: u32,
}

/// Between whom is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// 对口县级院校.
    CountySchools,
    /// Every technical school of the registry, helpers and county schools alike.
    Schools,
    /// Cities that have county schools, each with what its county schools have together: for what is too scarce to be
    /// divided between schools.
    Cities,
}

/// In proportion to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AllocationBase {
    /// To each the same; to a city by the number of its county schools.
    Equal,
    /// A number of the newest accepted year-profile. Whoever has none yet has no base.
    Element { element: String },
    /// What the school has confirmed of an indicator in the year before.
    Indicator { indicator: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Preferred {
    /// 对口县级院校, where all schools take part.
    CountySchools,
    /// Schools of typical counties 典型县 (G0.3), and cities with one.
    TypicalCounties,
    /// Schools whose confirmed figure of the year before reaches a limit, and cities with one (S4.4).
    Results { indicator: String, at_least: i64 },
}

/// How fractions become whole; see the crate `jiedui-allocation` for what each promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllocationMethod {
    #[default]
    LargestRemainder,
    HighestAverages,
}

impl Among {
    pub fn label(self) -> &'static str {
        match self {
            Self::CountySchools => "对口县级院校",
            Self::Schools => "全部技工院校",
            Self::Cities => "有对口县级院校的市",
        }
    }

    /// One of them, counted: 3 所, 3 个市.
    pub fn counted(self) -> &'static str {
        if self == Self::Cities { "个市" } else { "所" }
    }

    /// How pages call one's own.
    pub fn own(self) -> &'static str {
        if self == Self::Cities { "本市" } else { "本校" }
    }
}

impl Preferred {
    pub fn label(&self, programme: &crate::Programme) -> String {
        match self {
            Self::CountySchools => "对口县级院校".to_owned(),
            Self::TypicalCounties => "典型县的院校".to_owned(),
            Self::Results { indicator, at_least } => match programme.indicator(indicator) {
                Some(of) => {
                    format!("上一年{}达到 {} {}的院校", of.name, of.unit.format(*at_least), of.unit.label())
                }
                None => indicator.clone(),
            },
        }
    }
}

impl AllocationMethod {
    pub const ALL: [Self; 2] = [Self::LargestRemainder, Self::HighestAverages];

    /// As it stands in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Self::LargestRemainder => "largest_remainder",
            Self::HighestAverages => "highest_averages",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::LargestRemainder => "最大余数法",
            Self::HighestAverages => "最大均数法",
        }
    }
}

impl crate::Programme {
    pub fn allocation(&self, id: &str) -> Option<&AllocationRule> {
        self.allocations.iter().find(|rule| rule.id == id)
    }
}
