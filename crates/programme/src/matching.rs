//! `matching.toml`: what makes a pairing a good one (G0.1, G0.3, G1.1), as components with weights. The rules that follow
//! are in `rules/matching.rs`; the optimiser sees only the integers they give.
//!
//! The yardstick is the cover of needs: its weight is fixed at 100, and it lies between 0 and 10,000 like every
//! component. That a lead college is of high level is eligibility, not a score.

use crate::model::Programme;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// School levels, lowest first (人社部发〔2012〕8号 and the provincial grades beside it).
pub const LEVELS: [&str; 5] =
    ["技工学校", "省重点技工学校", "国家级重点技工学校", "高级技工学校", "技师学院"];

/// What a component yields at most.
pub const FULL_POINTS: i64 = 10_000;
/// 100 weighs as much as the cover of needs.
pub const WEIGHTS: RangeInclusive<i64> = 0..=200;
/// How much the one side wishes for the other; 0 is no word, not indifference.
pub const WISHES: RangeInclusive<i64> = -2..=2;
/// What an instance of the optimiser can hold.
pub(crate) const MOST_NEEDS: usize = 64;

/// `[matching]` and the `[[component]]`s of `matching.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchingRules {
    pub clauses: Vec<String>,
    /// Whether a lead college must come from another city.
    #[serde(default)]
    pub lead_other_city: bool,
    /// Beyond this no school is nearby; 0 is no limit. A school of the same city is always near enough.
    #[serde(default)]
    pub nearby_reach_km: i64,
    /// How many county schools a partner takes that declared no number.
    pub places: Places,
    pub needs: NeedRules,
    pub cover: CoverRules,
    pub categories: Categories,
    /// The classes of need among county schools (G0.1). They narrow lists and stand beside pairs; they weigh nothing.
    #[serde(default, rename = "class", skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<NeedClass>,
    #[serde(default, skip_deserializing)]
    pub components: Vec<Component>,
}

/// `[[matching.class]]`: county schools that fall short of at least so many requirements of the standard of their level.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedClass {
    pub id: String,
    pub name: String,
    pub at_least: i64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    pub lead: i64,
    pub nearby: i64,
}

/// How the ranking of a county school becomes weights that sum to 100.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedRules {
    /// Sentences whose id begins so are the categories of needs.
    pub prefix: String,
    /// Shares of the first, second … need; the last one holds for all that follow.
    pub shares: Vec<i64>,
}

/// How far a declared capacity covers a need, in per cent.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverRules {
    pub same_sentence: i64,
    /// Another sentence of the same task: T4.2 for T4.4.
    pub same_task: i64,
}

/// The major categories 专业大类: the common words for majors of schools and industries of counties. They compare, they
/// never judge.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Categories {
    /// Whether somebody has held the names against the catalogue in force.
    pub verified: bool,
    /// Where the names come from; shown where they are offered.
    pub note: String,
    pub names: Vec<String>,
}

/// The two places at a county school that a partner can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerRole {
    Lead,
    Nearby,
}

/// One thing that speaks for a pair.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub id: String,
    pub name: String,
    pub side: PartnerRole,
    /// In [`WEIGHTS`]; a scenario may weigh otherwise.
    pub weight: i64,
    pub clause: String,
    /// One plain sentence how the points come about; shown on screen.
    pub about: String,
    pub formula: Formula,
    #[serde(default, rename = "example")]
    pub examples: Vec<PointsExample>,
}

/// How the facts become points. The list is closed, and nothing in it reads photos, meetings, documents or logins.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Formula {
    /// Points of the partner's level; a level that is left out has none.
    Levels {
        points: BTreeMap<String, i64>,
    },
    /// Share of the county's industries that are among the partner's major categories.
    Industry,
    /// So many points for each sentence under which the partner declared a capacity. Sentences, not rows: to write one
    /// strength down twice shall gain nothing.
    Strength {
        each: i64,
    },
    /// As `strength` where the county is a typical one (G0.3), nothing elsewhere.
    Typical {
        each: i64,
    },
    /// As `strength`, in proportion to how many thresholds of its standard the county school lacks, up to `full`; half of it
    /// where that is not known.
    Gap {
        each: i64,
        full: i64,
    },
    /// As `strength`, in proportion to how many students the county school has, up to `full`; half of it where that is not
    /// known.
    Size {
        each: i64,
        full: i64,
    },
    /// Full up to `near_km`, nothing from `far_km` on, a straight line between; half where a place is not known.
    Distance {
        near_km: i64,
        far_km: i64,
    },
    SameCity,
    /// Full with the partner one has, so that a change must be worth its trouble; `ended` with a former one.
    Together {
        ended: i64,
    },
    /// The wishes of both sides; no word from either is the middle.
    Preference,
    /// Share of the partner's places that is still free.
    Balance,
}

/// `[[component.example]]`: the facts that matter, and what must come out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsExample {
    pub about: String,
    #[serde(default)]
    pub county: CountyFacts,
    #[serde(default)]
    pub partner: PartnerFacts,
    #[serde(default)]
    pub pair: PairFacts,
    pub points: i64,
}

/// A point on the globe, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coordinates {
    pub lon: f64,
    pub lat: f64,
}

/// What is known of a county school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CountyFacts {
    pub id: String,
    /// Division code of its city.
    pub city: String,
    pub place: Option<Coordinates>,
    /// Whether its county is a typical one.
    pub typical: bool,
    /// Major categories that its county's industries belong to.
    pub industries: Vec<String>,
    /// Open needs: sentence and rank, 1 the most wanted.
    pub needs: Vec<(String, i64)>,
    /// How many thresholds of the standard of its level it lacks, by its newest accepted year-profile.
    pub lacks: Option<i64>,
    /// How many students it has, by the same.
    pub students: Option<i64>,
}

/// What is known of a school that may help.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PartnerFacts {
    pub id: String,
    pub city: String,
    pub place: Option<Coordinates>,
    pub level: String,
    /// The dated flags, on the day asked for.
    pub high_level: bool,
    pub county_school: bool,
    /// Its major categories.
    pub majors: Vec<String>,
    /// Sentences under which it declared a capacity that holds on the day asked for.
    pub capacities: Vec<String>,
    /// How many county schools it declared to take.
    pub places: Option<i64>,
    /// How many it helps on this side that are not up for a new choice.
    pub running: i64,
}

/// What is known of the two together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PairFacts {
    pub together: Together,
    /// In [`WISHES`].
    pub wish_of_county: i64,
    pub wish_of_partner: i64,
}

/// Earlier working relations on this side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Together {
    #[default]
    Never,
    Ended,
    Running,
}

/// One line of the breakdown of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreLine {
    pub component: String,
    /// 0..=[`FULL_POINTS`].
    pub points: i64,
    pub weight: i64,
    /// What it adds to the score: weight × points ÷ 100, rounded.
    pub contribution: i64,
}

impl Programme {
    /// The sentences that needs and capacities are told apart by, in the plan's order.
    pub fn need_sentences(&self) -> Vec<&str> {
        let ids = self.clauses.iter().map(|clause| clause.id.as_str());
        ids.filter(|id| id.starts_with(&self.matching.needs.prefix)).collect()
    }
}

impl MatchingRules {
    /// The class of a county school that falls short of so many requirements; none where that is not known.
    pub fn class_of(&self, short: Option<i64>) -> Option<&NeedClass> {
        let short = short?;
        self.classes.iter().filter(|class| class.at_least <= short).max_by_key(|class| class.at_least)
    }

    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    pub fn of_side(&self, side: PartnerRole) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(move |component| component.side == side)
    }
}
