//! What the rules see of the world: plain values, read by the application within somebody's scope.

use crate::outputs::Output;
use crate::readings::{ClockReading, EntryFact};
use crate::rules::PairingFact;
use crate::state::EntryState;
use jiedui_kernel::{Date, Reported};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A value of a generated field, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// In the field's unit; yuan in cents.
    Number(i64),
    Yes(bool),
    /// A text, the id of an option or a person, or a day.
    Text(String),
}

/// What was arranged about clocks for one school or one duty, each with who said so and why.
#[derive(Debug, Clone, Default)]
pub struct Arrangements {
    pub semesters: Vec<SchoolSemester>,
    pub exemptions: Vec<Exemption>,
}

/// A county school's own days of a semester.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolSemester {
    pub county_school: String,
    /// The semester's id in the programme.
    pub semester: String,
    pub from: Date,
    pub to: Date,
    pub by: String,
    pub reason: String,
}

/// One clock on which nothing is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    pub obligation: String,
    pub helper: String,
    pub county_school: String,
    /// `2026`, or the id of the semester.
    pub period: String,
    pub by: String,
    pub reason: String,
}

impl Arrangements {
    pub(crate) fn semesters_of(&self, county_school: &str) -> Vec<&SchoolSemester> {
        self.semesters.iter().filter(|own| own.county_school == county_school).collect()
    }

    pub(crate) fn semester(&self, county_school: &str, semester: &str) -> Option<&SchoolSemester> {
        self.semesters.iter().find(|own| own.county_school == county_school && own.semester == semester)
    }

    pub(crate) fn exemption(&self, of: &ClockReading) -> Option<&Exemption> {
        self.exemptions.iter().find(|one| {
            one.obligation == of.obligation
                && one.helper == of.helper
                && one.county_school == of.county_school
                && one.period == of.period_id
        })
    }
}

/// An output as the rules see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OutputFact {
    pub id: String,
    pub output: String,
    /// Who recorded it.
    pub org: String,
    /// The county school it belongs to.
    pub county_school: Option<String>,
    /// Joint builders.
    pub helpers: Vec<String>,
    pub state: EntryState,
    pub quantity: i64,
    /// What has come of it so far (commitments).
    pub achieved: i64,
    /// The project of which it is a part.
    #[serde(default)]
    pub project: Option<String>,
    /// Stages with the day on which each began, in order; never empty.
    pub stages: Vec<(String, Date)>,
    /// How much had come of it in all, from each day on which that became more or less, in order. Where nobody said when,
    /// it is empty, and `achieved` came with the first stage.
    #[serde(default)]
    pub receipts: Vec<(Date, i64)>,
    /// So many of the first stages were confirmed before it went on. While what came after them waits for an answer, they
    /// stay confirmed.
    #[serde(default)]
    pub agreed: usize,
    pub fields: BTreeMap<String, FieldValue>,
    /// Of one that is called after an enterprise: those of its kind that stand and are called after the same one, and
    /// were recorded of an earlier day.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
}

/// An output that counts before another one of the same enterprise does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// So many of its first stages are confirmed.
    pub sure: usize,
    pub stages: Vec<(String, Date)>,
}

impl Earlier {
    pub(crate) fn sure_stages(&self) -> &[(String, Date)] {
        self.stages.get(..self.sure).unwrap_or(&self.stages)
    }
}

/// The stage that holds on a day, of stages in order.
pub(crate) fn stage_on(stages: &[(String, Date)], day: Date) -> Option<&str> {
    stages.iter().rev().find(|(_, from)| *from <= day).map(|(stage, _)| stage.as_str())
}

impl OutputFact {
    /// How many of its first stages are confirmed.
    fn sure(&self) -> usize {
        match self.state {
            EntryState::Confirmed => self.stages.len(),
            EntryState::Withdrawn => 0,
            _ => self.agreed.min(self.stages.len()),
        }
    }

    /// The stages that are confirmed, of all.
    pub fn sure_stages(&self) -> &[(String, Date)] {
        self.stages.get(..self.sure()).unwrap_or(&self.stages)
    }

    /// How much had come of it by the end of a day, as far as it is confirmed.
    pub fn sure_achieved_on(&self, day: Date) -> i64 {
        let lines = self.receipts.get(..self.sure()).unwrap_or(&self.receipts);
        match self.sure() {
            0 => 0,
            _ if self.receipts.is_empty() => self.achieved,
            _ => lines.iter().rev().find(|(from, _)| *from <= day).map_or(0, |(_, amount)| *amount),
        }
    }

    /// How much had come of it by the end of a day.
    pub fn achieved_on(&self, day: Date) -> i64 {
        if self.receipts.is_empty() {
            return self.achieved;
        }
        self.receipts.iter().rev().find(|(from, _)| *from <= day).map_or(0, |(_, amount)| *amount)
    }

    /// Whether it counts on a day, and that is confirmed.
    pub fn surely_counts(&self, kind: &Output, day: Date) -> bool {
        let counts = |stages: &[(String, Date)]| stage_on(stages, day).is_some_and(|at| kind.counts_in(at));
        counts(&self.stages) && counts(self.sure_stages())
    }

    /// The stage in which it was on a day.
    pub fn stage_on(&self, day: Date) -> Option<&str> {
        stage_on(&self.stages, day)
    }
}

/// A year-profile as the rules see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProfileFact {
    pub id: String,
    pub school: String,
    pub year: i32,
    pub state: ProfileState,
    /// The day on which it got into this state.
    pub on: Date,
    pub values: BTreeMap<String, Reported<i64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    Draft,
    /// Counts as claimed.
    Submitted,
    /// By the county bureau: counts as confirmed, and is frozen.
    Accepted,
}

/// A county school as the rules see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SchoolFact {
    pub id: String,
    pub level: String,
    /// Levels that it had before, each with the first day on which it was no longer so, the earliest first.
    #[serde(default)]
    pub levels_before: Vec<(Date, String)>,
    pub typical: bool,
}

impl SchoolFact {
    pub fn level_on(&self, day: Date) -> &str {
        let before = self.levels_before.iter().find(|(until, _)| day < *until);
        before.map_or(self.level.as_str(), |(_, level)| level)
    }
}

/// Days on which a person has a post at a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostSpan {
    pub school: String,
    pub from: Date,
    pub to: Option<Date>,
}

/// Spans in post by the id of the person.
pub type Posts = HashMap<String, Vec<PostSpan>>;

/// Everything that indicators are computed from.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub schools: Vec<SchoolFact>,
    pub pairings: Vec<PairingFact>,
    pub arrangements: Arrangements,
    pub entries: Vec<EntryFact>,
    /// When those whom entries name are in post, by person; whoever is not listed is taken to be in post throughout.
    pub posts: Posts,
    pub outputs: Vec<OutputFact>,
    pub profiles: Vec<ProfileFact>,
    /// Thresholds that an administrator has confirmed although the programme does not call them usable.
    pub confirmed_thresholds: Vec<String>,
}
