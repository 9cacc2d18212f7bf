//! `allocations.toml`: how places, teams or money are divided where the plan promises a preference (T4.6, T5.6, T7.4,
//! T12.4, S4.4). The plan does not say how much; the rule does, so that everybody can check the result.

use jiedui_allocation::{Claimant, EVEN, Method, Rule, allocate};
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
    /// Where what was given is taken up; none where nobody records it.
    pub taken_up: Option<TakenUp>,
    /// What was published keeps the rule without them.
    #[serde(default, rename = "example", skip_serializing)]
    pub examples: Vec<AllocationExample>,
}

/// Where what was given is recorded anyway, so that nobody types in how much of it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TakenUp {
    /// An indicator that counts entries or outputs in the same unit: what it grew by in the year.
    Indicator(String),
    /// An indicator that counts entries in another unit: each of them is one. An entry of a contest is a team, however many
    /// persons it names.
    EachOf(String),
    /// A source of `funding.toml`: each share is money that was approved of it.
    Source(String),
    /// A class of `commendations.toml`: each place is one that whoever was given it may nominate (S4.4). Who is commended is
    /// still for others to say.
    Honours(String),
}

/// `[[allocation.example]]`: who takes part, and what each gets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationExample {
    pub about: String,
    pub total: i64,
    /// In the official order, by which ties go.
    pub claims: Vec<ExampleClaim>,
    /// In the order of `claims`.
    pub expect: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleClaim {
    /// What counts of it; 0 where it told nothing.
    #[serde(default)]
    pub base: i64,
    #[serde(default)]
    pub preferred: bool,
}

/// Between whom is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// 对口县级院校.
    CountySchools,
    /// Every technical school of the registry, helpers and county schools alike.
    Schools,
    /// Counties that have county schools, each with what its county schools have together (S4.4).
    Counties,
    /// Cities that have county schools, each with what its county schools have together: for what is too scarce to be
    /// divided between schools.
    Cities,
}

/// In proportion to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AllocationBase {
    /// To each the same; to a county or a city by the number of its county schools.
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
    /// Schools of typical counties 典型县 (G0.3), and counties and cities with one.
    TypicalCounties,
    /// Schools whose confirmed figure of the year before reaches a limit, and counties and cities with one (S4.4).
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

impl TakenUp {
    /// The indicator that counts what takes it up.
    pub fn indicator(&self) -> Option<&str> {
        match self {
            Self::Indicator(id) | Self::EachOf(id) => Some(id),
            Self::Source(_) | Self::Honours(_) => None,
        }
    }
}

impl AllocationRule {
    /// Floor, cap and rounding, as the crate that divides takes them.
    pub fn bounds(&self, method: AllocationMethod) -> Rule {
        let method = match method {
            AllocationMethod::LargestRemainder => Method::LargestRemainder,
            AllocationMethod::HighestAverages => Method::HighestAverages,
        };
        Rule { floor: self.floor, cap: self.cap, method }
    }

    /// How much a unit of the base counts, in permille.
    pub fn weight_of(&self, preferred: bool) -> i64 {
        if preferred { self.weight } else { EVEN }
    }

    /// The source of which its shares are money; none where it divides no money that is followed.
    pub fn source(&self) -> Option<&str> {
        match &self.taken_up {
            Some(TakenUp::Source(source)) => Some(source),
            _ => None,
        }
    }

    /// The class of commendations of which its shares are places; none where it divides something else.
    pub fn honours(&self) -> Option<&str> {
        match &self.taken_up {
            Some(TakenUp::Honours(class)) => Some(class),
            _ => None,
        }
    }

    /// What each of an example gets, in their order; none where the total cannot be divided so.
    pub fn worked(&self, example: &AllocationExample) -> Option<Vec<i64>> {
        let claimant = |(at, claim): (usize, &ExampleClaim)| Claimant {
            // In the order of the example, however many there are.
            id: format!("{at:06}"),
            division: String::new(),
            base: claim.base,
            weight: self.weight_of(claim.preferred),
        };
        let claimants: Vec<Claimant> = example.claims.iter().enumerate().map(claimant).collect();
        let found = allocate(example.total, &claimants, &self.bounds(self.method)).ok()?;
        Some(found.shares.iter().map(|share| share.given).collect())
    }
}

impl Among {
    pub fn label(self) -> &'static str {
        match self {
            Self::CountySchools => "对口县级院校",
            Self::Schools => "全部技工院校",
            Self::Counties => "有对口县级院校的县（市、区）",
            Self::Cities => "有对口县级院校的市",
        }
    }

    /// Whether bureaus take part, each for its county schools together.
    pub fn sums_schools(self) -> bool {
        matches!(self, Self::Counties | Self::Cities)
    }

    /// One of them, counted: 3 所, 3 个市.
    pub fn counted(self) -> &'static str {
        match self {
            Self::CountySchools | Self::Schools => "所",
            Self::Counties => "个县",
            Self::Cities => "个市",
        }
    }

    /// What one of them is.
    pub fn who(self) -> &'static str {
        match self {
            Self::CountySchools | Self::Schools => "学校",
            Self::Counties => "县（市、区）",
            Self::Cities => "市",
        }
    }

    /// How pages call one's own.
    pub fn own(self) -> &'static str {
        match self {
            Self::CountySchools | Self::Schools => "本校",
            Self::Counties => "本县",
            Self::Cities => "本市",
        }
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

    /// The rule that divides the places of a class of commendations.
    pub fn places_for(&self, class: &str) -> Option<&AllocationRule> {
        self.allocations.iter().find(|rule| rule.honours() == Some(class))
    }
}
