//! An entry as the rules see it, and what the rules make of facts: clocks, figures, how a figure stands to a target.

use crate::facts::FieldValue;
use crate::model::Post;
use crate::state::EntryState;
use jiedui_kernel::{Date, Period, Reported, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An entry as the rules see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EntryFact {
    /// Entry id.
    pub id: String,
    pub activity: String,
    /// Helper organisations that provided it (one or two).
    pub helpers: Vec<String>,
    pub county_school: String,
    pub period: Period,
    pub state: EntryState,
    /// Quantity claimed, in the activity's unit.
    pub claimed: i64,
    /// Quantity confirmed; 0 while unanswered.
    pub confirmed: i64,
    /// For stays: the days within `period` that the confirmer disputes.
    pub disputed_days: Option<Period>,
    /// The person's post on that day.
    pub post: Option<Post>,
    /// Where several helpers provided it: those that said themselves that they took part, each with its own person's post.
    pub parts: Vec<HelperPart>,
    /// People named by its roster.
    pub roster: Vec<String>,
    /// Values of the activity's own fields.
    pub fields: BTreeMap<String, FieldValue>,
    /// Of the enterprises that it names those that another one named before.
    #[serde(default)]
    pub repeated: Repeated,
}

/// How many enterprises an earlier entry of the same activity names: one that stands, and one that is confirmed. An
/// enterprise counts once, where it was named first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Repeated {
    pub claimed: i64,
    pub confirmed: i64,
}

/// One helper's part in joint work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelperPart {
    pub helper: String,
    /// Of the person it named; none where nobody is asked for.
    pub post: Option<Post>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// 已达成: confirmed work reaches what is owed.
    Met,
    /// 待确认: claimed work reaches it, the other side has not answered all of it.
    Awaiting,
    /// 进行中.
    Running,
    /// 有风险: the latest feasible date is near.
    AtRisk,
    /// 已逾期: it can no longer be reached, or the period is over.
    Missed,
    /// 不适用: a part-period that is exempt or too short, or an exemption somebody gave.
    Exempt,
    /// 启用前，不计: the period was over before the system was used.
    BeforeUse,
    /// 学期未定: nobody has said when the semester begins and ends.
    Undated,
}

impl ClockState {
    /// Whether anything is owed: what does not apply, was before, or is not dated yet is neither met nor missed.
    pub fn is_judged(self) -> bool {
        !matches!(self, Self::Exempt | Self::BeforeUse | Self::Undated)
    }
}

/// Why a clock is not that of a whole period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum ClockNote {
    /// The pairing began in the period.
    Began {
        day: Date,
    },
    /// It ended in the period.
    Ended {
        day: Date,
    },
    BeforeUse {
        since: Date,
    },
    /// From this day on no semester is dated.
    Undated {
        from: Date,
    },
    /// The county school's own days of the semester.
    OwnSemester {
        by: String,
        reason: String,
    },
    Exempted {
        by: String,
        reason: String,
    },
}

/// One clock: what one helper owes one county school in one period.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClockReading {
    pub obligation: String,
    pub helper: String,
    pub county_school: String,
    /// The calendar year or the semester.
    pub period: Period,
    /// `2026`, or the id of the semester.
    pub period_id: String,
    /// e.g. 2026年 or 2025–2026学年第二学期.
    pub period_name: String,
    pub state: ClockState,
    pub owed: i64,
    /// Work claimed and neither disputed nor withdrawn (what is confirmed included).
    pub claimed: i64,
    pub confirmed: i64,
    /// The last day on which the next piece must begin so that all can still be done; `None` when nothing is left to
    /// do or when it is too late.
    pub latest_start: Option<Date>,
    /// Working days from today to `latest_start`.
    pub workdays_left: Option<i64>,
    /// Ids of the entries that count here, claimed or confirmed.
    pub entries: Vec<String>,
    pub notes: Vec<ClockNote>,
}

/// One row behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: String,
    /// The county school whose row it is.
    pub school: String,
    pub claimed: i64,
    pub confirmed: i64,
}

/// An evaluated indicator. The rows add up to the totals, always; a ratio has none, but the readings it divides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub unit: Unit,
    pub claimed: Reported<i64>,
    pub confirmed: Reported<i64>,
    pub rows: Vec<Row>,
    /// Of a ratio: numerator and denominator.
    pub parts: Vec<Reading>,
}

/// How a figure stands to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Reached,
    NotYet,
    /// `about` targets: no pass or fail.
    NoVerdict,
    NotIssued,
    /// Nothing measures it yet.
    NotReported,
}
