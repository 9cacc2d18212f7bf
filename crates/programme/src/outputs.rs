//! Lasting things and dated records (建设成果 and what else the plan wants written down once), applications 申报, and
//! duties that a record fulfils.

use crate::fields::{Field, Frequency, Only, Side, one_or_many, yes};
use crate::model::{Became, Confirmer, Post};
use jiedui_kernel::{Date, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[[output]]`: a kind of thing that lasts: built, promised, or set up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub id: String,
    pub name: String,
    /// What the button says: 登记工作室.
    pub action: String,
    /// One sentence: what this is and what counts.
    pub about: String,
    pub clauses: Vec<String>,
    pub kind: OutputKind,
    /// Who records it.
    pub recorded_by: Vec<Side>,
    /// Of these, who records it of itself and not of a county school.
    #[serde(default)]
    pub own: Vec<Side>,
    /// It belongs to a county school, which is then named (a county school's own is its own).
    #[serde(default = "yes")]
    pub of_school: bool,
    /// Who says that it is so; a pure record has nobody.
    pub confirmed_by: Option<Confirmer>,
    /// A helper may be named as joint builder.
    #[serde(default)]
    pub joint: bool,
    /// Further tasks whose projects it moves; those of its own sentences always.
    #[serde(default)]
    pub serves: Vec<String>,
    pub unit: Unit,
    /// Its name is that of an enterprise, and is kept as the enterprise is registered.
    #[serde(default)]
    pub names_enterprise: bool,
    /// A quantity field; without one each counts one.
    #[serde(default)]
    pub quantity_label: String,
    /// How much of the quantity has come so far is asked when its stage changes (commitments).
    #[serde(default)]
    pub achieved_label: String,
    /// In the order in which it goes through them; it begins in the first.
    #[serde(rename = "stage")]
    pub stages: Vec<Stage>,
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// Somebody holds it: one at a time, and only while in a fitting post.
    #[serde(default)]
    pub holder: Option<Holder>,
    pub minutes: u32,
    #[serde(default)]
    pub frequency: Frequency,
    /// False where the plan uses a word that nobody has defined yet; shown wherever the thing is.
    #[serde(default = "yes")]
    pub definition_issued: bool,
    /// From this day on none begins; those that are there go on, and count as before.
    pub retired: Option<Date>,
    /// A retired one: which asks for it now, and how.
    pub became: Option<Became>,
    /// What the school decides of a major by it.
    pub major: Option<MajorDecision>,
    /// A school that has one stands on this level, whatever was noted of it before (T2.3).
    pub raises_to: Option<String>,
    /// A policy: certificates of collaboration work say this of the work that counts by it (`practice_by`) and was done
    /// while one was in force (T4.7).
    #[serde(default)]
    pub on_certificates: String,
    /// A paper that lists what was recorded of it in a year (S3.4).
    pub notice: Option<Notice>,
}

/// `[output.notice]`: what a year's records become on one paper. `{year}` in its words stands for the year.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub title: String,
    pub opening: String,
    /// The choice by which the records are parted; what has another answer is not on the paper.
    pub by: String,
    /// In the order of the paper.
    #[serde(rename = "group")]
    pub groups: Vec<NoticeGroup>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeGroup {
    pub option: String,
    pub heading: String,
}

impl Output {
    /// The stages in which one counts, between commas, as statements look for one among them: `,built,kept,`.
    pub fn counting_stages(&self) -> String {
        let stages = self.stages.iter().filter(|stage| stage.counts).map(|stage| format!("{},", stage.id));
        format!(",{}", stages.collect::<String>())
    }

    /// Whether what is in this stage counts.
    pub fn counts_in(&self, stage: &str) -> bool {
        self.stages.iter().any(|one| one.counts && one.id == stage)
    }

    /// Whether one can be part of a project: what is built at a school.
    pub fn joins_projects(&self) -> bool {
        self.of_school && self.kind == OutputKind::Built
    }
}

/// `[output.major]`: it is called after a major of the school, and once it is confirmed the school's list of majors says
/// the same (T5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MajorDecision {
    /// The choice that says what is decided.
    pub change: String,
    /// Its options by which the major is open from that day on, and by which it takes nobody any more.
    #[serde(deserialize_with = "one_or_many")]
    pub opens: Vec<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub stops: Vec<String>,
    /// The choice that names the category of a major that the catalogue does not have, by the names of its options.
    pub category: String,
}

/// Who holds an output that one person holds at a time (S1.5: the leader in charge).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The field that names the person.
    pub field: String,
    /// One of these posts must be held on each day on which it counts.
    pub posts: Vec<Post>,
}

impl Holder {
    /// Whether one may hold it in this post, as the registry writes it.
    pub fn fits(&self, post: &str) -> bool {
        let written = |one: &Post| match one {
            Post::Head => "head",
            Post::PartySecretary => "party_secretary",
            Post::DeputyHead => "deputy_head",
            Post::MiddleManager => "middle_manager",
            Post::BackboneTeacher => "backbone_teacher",
            Post::Teacher => "teacher",
            Post::Staff => "staff",
        };
        self.posts.iter().any(|one| written(one) == post)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputKind {
    /// 建设成果.
    Built,
    /// 投入承诺: promised, and what came of it.
    Commitment,
    /// 组织与工作记录: dated, never scored.
    Record,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub id: String,
    pub name: String,
    /// Whether it counts while it is here.
    #[serde(default)]
    pub counts: bool,
    /// Nothing comes after it.
    #[serde(default)]
    pub ends: bool,
    /// Reaching it is confirmed by the other side, although it counted before.
    #[serde(default)]
    pub confirmed: bool,
}

/// `[[application]]`: recommended, applied for, decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    pub id: String,
    pub name: String,
    pub action: String,
    pub about: String,
    pub clauses: Vec<String>,
    pub applicant: Vec<Side>,
    pub recommended_by: Option<Side>,
    /// Who records the decision; `decided_outside` names the authority where it is another.
    pub decided_by: Side,
    #[serde(default)]
    pub decided_outside: String,
    /// A granted one becomes this output.
    pub result: Option<String>,
    /// What the output says of itself by coming from this application: options by its choices.
    #[serde(default)]
    pub result_is: BTreeMap<String, String>,
    /// The plan asks for a preference 适当倾斜: whether one was given is said with the decision.
    #[serde(default)]
    pub preference: bool,
    /// True where the office must still confirm our reading of the conditions; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    #[serde(default, rename = "condition")]
    pub conditions: Vec<Condition>,
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    pub minutes: u32,
    #[serde(default)]
    pub frequency: Frequency,
    /// From this day on none is made; those that are under way go on.
    pub retired: Option<Date>,
}

/// One condition of an application: met, not met, or not known, with the reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub id: String,
    /// In words: 当地投入有承诺并已开始落实.
    pub text: String,
    pub holds: Holds,
}

/// What a condition is read from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Holds {
    /// The newest accepted year-profile.
    Profile { element: String, at_least: Option<i64>, at_most: Option<i64> },
    /// Its standing against a standard: 达标.
    Attained { standard: String },
    /// 未达标.
    NotAttained { standard: String },
    /// How many outputs of a kind it has, confirmed and in a stage that counts.
    Outputs { output: String, at_least: i64, only: Option<Only> },
    /// Its confirmed figure in the last twelve months.
    Indicator { indicator: String, at_least: i64 },
    /// Its level in the registry, e.g. 技工学校.
    Level { any: Vec<String> },
    /// It stands in a typical county (G0.3).
    Typical,
    /// A person says so, with a reason; never judged by the machine.
    Stated,
}

/// Under what name outputs that pass a filter are counted for conditions: `evidence`, `evidence:with=helper`.
pub fn counted_as(output: &str, only: Option<&Only>) -> String {
    let Some(only) = only else { return output.to_owned() };
    let blank = only.blank.then_some("");
    let options: Vec<&str> = only.is.iter().map(String::as_str).chain(blank).collect();
    format!("{output}:{}={}", only.field, options.join("|"))
}

/// `[[duty]]`: what an organisation owes that a dated record fulfils (S1.2, S1.3, S1.5). Held or not, never scored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    pub id: String,
    pub clause: String,
    pub name: String,
    pub about: String,
    #[serde(default)]
    pub our_reading: bool,
    /// The record that fulfils it.
    pub output: String,
    /// Only a record that answers these fields does.
    #[serde(default)]
    pub answered: Vec<String>,
    /// Only a record that has chosen one of these.
    pub only: Option<Only>,
    pub owed_by: Vec<Side>,
    pub every: DutyEvery,
    pub at_least: i64,
    /// Periods that end before this day, or after the other, are owed nothing.
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// How much is owed from a later day on.
    #[serde(default, rename = "change")]
    pub changes: Vec<crate::changes::LeastChange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyEvery {
    /// One must stand at any time.
    Standing,
    Month,
    Quarter,
    CalendarYear,
}
