//! `commendations.toml`: whom the province commends each year (S3.4): which classes there are, who nominates for each and at
//! most how many, which work may be a reason, what must hold, and how long each step takes.

use crate::fields::Side;
use serde::{Deserialize, Serialize};

/// `[commendations]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommendationRules {
    pub clauses: Vec<String>,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    /// What is commended and how, in words; shown on its page.
    pub about: String,
    /// The record that a decided commendation becomes, of which the notice is made; none where the programme has no such
    /// record.
    pub output: Option<String>,
    /// So many working days nominations are taken after a year's round was opened.
    pub nominate_workdays: u32,
    /// So many working days the list is shown before it is decided.
    pub notice_workdays: u32,
    /// So many working days whoever answers an objection has.
    pub reply_workdays: u32,
    /// What [`Requirement::Undisputed`] means.
    pub disputes: DisputeLimit,
    /// In the order of lists and of the paper.
    pub classes: Vec<CommendationClass>,
}

/// Which disputes stand in the way of a commendation. To dispute is a right of the other side and no fault of anybody: only
/// what was left unsettled for long counts, and only where it is more than a little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeLimit {
    /// Only a dispute that has been open for more working days than these counts.
    pub open_workdays: u32,
    /// So many of them stand in nobody's way.
    pub spared: u32,
    /// Nor do so many per cent of what was recorded in the year.
    pub spared_percent: u32,
}

impl DisputeLimit {
    /// Whether `open` that were left unsettled, of `all` that were recorded, stand in nobody's way.
    pub fn spares(&self, open: i64, all: i64) -> bool {
        let percent = all.saturating_mul(i64::from(self.spared_percent));
        open <= i64::from(self.spared) || open.saturating_mul(100) <= percent
    }
}

/// For whom a commendation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommendationClass {
    pub id: String,
    pub name: String,
    pub commended: Commended,
    pub nominated_by: Vec<Side>,
    /// Whether somebody may nominate itself, or one of its own people.
    #[serde(default)]
    pub itself: bool,
    /// How many of this class one nominator names in a year, at most.
    pub most: i64,
    /// The activities of the ledger whose confirmed entries may be a reason.
    pub reasons: Vec<String>,
    pub requires: Vec<Requirement>,
    /// What the record says that it is, of the choice by which the notice parts its names; none where there is no record.
    pub option: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commended {
    /// 牵头院校.
    Lead,
    /// 配合院校.
    Nearby,
    /// 对口县级院校.
    CountySchool,
    /// Somebody at one of the three.
    Person,
}

/// What must hold of whoever is nominated, told from what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// The school was paired in that year.
    Paired,
    /// The person had a post at the unit in that year.
    InOffice,
    /// Of what was recorded of it in that year no more was left in dispute than [`DisputeLimit`] spares.
    Undisputed,
    /// The entries that were named as reasons still stand confirmed.
    ReasonsStand,
}

/// What is recorded of a nomination, as far as requirements are read from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NominationFacts {
    /// Pairings of the school in that year, and posts of the person at the unit.
    pub pairings: i64,
    pub posts: i64,
    /// How much of the work of that year was left in dispute, and how much there is.
    pub disputed: i64,
    pub recorded: i64,
    /// Entries that were named as reasons, and those of them that stand confirmed.
    pub reasons: i64,
    pub standing: i64,
}

impl Commended {
    pub fn is_person(self) -> bool {
        self == Self::Person
    }
}

impl Requirement {
    /// Whether it holds by what is recorded.
    pub fn holds(self, facts: &NominationFacts, limit: DisputeLimit) -> bool {
        match self {
            Self::Paired => facts.pairings > 0,
            Self::InOffice => facts.posts > 0,
            Self::Undisputed => limit.spares(facts.disputed, facts.recorded),
            Self::ReasonsStand => facts.standing == facts.reasons,
        }
    }

    /// As pages say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Paired => "当年在结对中",
            Self::InOffice => "当年在这个单位任职",
            Self::Undisputed => "当年台账里逾期未了结的异议在限度以内",
            Self::ReasonsStand => "作为理由的台账仍是已确认",
        }
    }
}

impl CommendationRules {
    /// Nobody waits longer for any of the steps.
    pub const MOST_WORKDAYS: u32 = 60;
    /// A list that is longer is no choice.
    pub const MOST_NAMED: i64 = 20;

    pub fn class(&self, id: &str) -> Option<&CommendationClass> {
        self.classes.iter().find(|class| class.id == id)
    }
}
