//! How an `[[example]]` is written. What may be left out is filled in by `world`.

use crate::facts::{Earlier, FieldValue, ProfileState};
use crate::model::Post;
use crate::readings::{ClockState, Repeated};
use crate::rules::{Attained, ConditionState};
use crate::state::EntryState;
use jiedui_kernel::{Date, Period};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    pub about: String,
    pub activity: Option<String>,
    pub indicator: Option<String>,
    pub obligation: Option<String>,
    pub output: Option<String>,
    pub application: Option<String>,
    pub standard: Option<String>,
    pub duty: Option<String>,
    /// For a clock or a duty: the day it is read and the id of the period; for a clock also whose it is, and when the
    /// helper is paired.
    pub today: Option<Date>,
    pub period: Option<String>,
    pub helper: Option<String>,
    #[serde(default)]
    pub paired: Vec<Vec<Date>>,
    /// For an indicator: first and last day.
    pub window: Option<Vec<Date>>,
    /// For an output: the day on which it is looked at.
    pub on: Option<Date>,
    #[serde(default)]
    pub facts: Vec<WrittenFact>,
    #[serde(default)]
    pub pairings: Vec<WrittenPairing>,
    #[serde(default)]
    pub outputs: Vec<WrittenOutput>,
    #[serde(default)]
    pub profiles: Vec<WrittenProfile>,
    #[serde(default)]
    pub schools: Vec<WrittenSchool>,
    /// For an application: what is known of the school.
    pub school: Option<WrittenState>,
    /// For a standard: the year-profile that is held against it.
    #[serde(default)]
    pub profile: BTreeMap<String, WrittenValue>,
    /// For a standard: thresholds that the province has checked.
    #[serde(default)]
    pub confirmed_thresholds: Vec<String>,
    pub expect: Expect,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenFact {
    /// Where it differs from that of the example's subject.
    pub activity: Option<String>,
    /// One day, or the first and the last.
    pub days: Vec<Date>,
    pub state: Option<EntryState>,
    pub post: Option<Post>,
    pub quantity: Option<i64>,
    pub confirmed: Option<i64>,
    pub disputed: Option<Vec<Date>>,
    pub helpers: Option<Vec<String>>,
    /// In joint work: whom each helper named itself, by their posts.
    #[serde(default)]
    pub parts: BTreeMap<String, Post>,
    pub school: Option<String>,
    #[serde(default)]
    pub roster: Vec<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, FieldValue>,
    /// Enterprises that earlier entries named.
    #[serde(default)]
    pub repeated: Repeated,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenPairing {
    pub school: String,
    pub from: Date,
    pub to: Option<Date>,
    pub signed: Option<Date>,
    pub planned: Option<Date>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenOutput {
    /// Where it differs from that of the example's subject.
    pub output: Option<String>,
    /// Stages with the day on which each began.
    pub stages: Vec<(String, Date)>,
    pub state: Option<EntryState>,
    pub quantity: Option<i64>,
    #[serde(default)]
    pub achieved: i64,
    pub project: Option<String>,
    /// Days with what had come by then; without them `achieved` came with the first stage.
    #[serde(default)]
    pub receipts: Vec<(Date, i64)>,
    /// So many stages were confirmed before it went on.
    #[serde(default)]
    pub agreed: usize,
    pub school: Option<String>,
    /// Who recorded it.
    pub org: Option<String>,
    #[serde(default)]
    pub helpers: Vec<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, FieldValue>,
    /// Those of the same enterprise that were there before.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenProfile {
    pub school: Option<String>,
    pub year: i32,
    pub state: Option<ProfileState>,
    /// The day on which it got into its state; the last of its year where it is left out.
    pub on: Option<Date>,
    pub values: BTreeMap<String, WrittenValue>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenSchool {
    pub id: String,
    pub level: String,
    #[serde(default)]
    pub typical: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenState {
    #[serde(default)]
    pub level: String,
    #[serde(default)]
    pub typical: bool,
    #[serde(default)]
    pub profile: BTreeMap<String, WrittenValue>,
    /// Standings that do not follow from `profile`.
    #[serde(default)]
    pub attained: BTreeMap<String, bool>,
    #[serde(default)]
    pub outputs: BTreeMap<String, i64>,
    #[serde(default)]
    pub figures: BTreeMap<String, WrittenValue>,
}

/// A number, or why there is none.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(crate) enum WrittenValue {
    Number(i64),
    Absent(Absent),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Absent {
    /// 未填报.
    Unknown,
    /// 不适用.
    NotApplicable,
}

/// What is left out is not compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub state: Option<ClockState>,
    pub owed: Option<i64>,
    pub claimed: Option<i64>,
    pub confirmed: Option<i64>,
    pub latest_start: Option<Date>,
    pub workdays_left: Option<i64>,
    /// Number of entries, outputs, profiles or schools behind the figure.
    pub rows: Option<usize>,
    /// For an activity or an output: how many of the facts count.
    pub counted: Option<usize>,
    /// For an application: how each condition stands. Those that are left out are not compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conditions: BTreeMap<String, ConditionState>,
    /// For a standard.
    pub attainment: Option<Attained>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'a> {
    Activity(&'a str),
    Indicator(&'a str),
    Obligation(&'a str),
    Output(&'a str),
    Application(&'a str),
    Standard(&'a str),
    Duty(&'a str),
}

/// Where in the example, what is wrong, what to do.
type Fault = (String, &'static str, &'static str);

impl Written {
    /// What the example is about, where it is about one thing.
    pub fn subject(&self) -> Option<Subject<'_>> {
        let said = [
            self.activity.as_deref().map(Subject::Activity),
            self.indicator.as_deref().map(Subject::Indicator),
            self.obligation.as_deref().map(Subject::Obligation),
            self.output.as_deref().map(Subject::Output),
            self.application.as_deref().map(Subject::Application),
            self.standard.as_deref().map(Subject::Standard),
            self.duty.as_deref().map(Subject::Duty),
        ];
        let mut said = said.into_iter().flatten();
        said.next().filter(|_| said.next().is_none())
    }

    /// The first fault in how the example is written.
    pub fn shape(&self) -> Result<(), Fault> {
        self.needed()?;
        if self.expect == Expect::default() {
            return Err(("expect".to_owned(), "示例没有写预期", "至少写一项，例如 claimed = 1"));
        }
        self.spans()
    }

    /// What the subject cannot be read without.
    fn needed(&self) -> Result<(), Fault> {
        let missing = match self.subject() {
            None => {
                let help = "写 activity、indicator、obligation、output、application、standard、duty 之一";
                return Err((String::new(), "示例须且只须写明一个对象", help));
            }
            Some(Subject::Obligation(_)) if self.today.is_none() || self.period.is_none() => {
                ("obligation", "时钟示例缺少 today 或 period", "写明哪一天看、看哪一年或哪个学期")
            }
            Some(Subject::Duty(_)) if self.today.is_none() || self.period.is_none() => {
                let help = "写明哪一天看、看哪一段：2026、2026-Q3、2026-07 或 standing";
                ("duty", "职责示例缺少 today 或 period", help)
            }
            Some(Subject::Indicator(_)) if self.window.is_none() => {
                ("indicator", "指标示例缺少 window", "写明统计期的首日和末日")
            }
            Some(Subject::Output(_)) if self.on.is_none() => {
                ("output", "成果示例缺少 on", "写明哪一天看，例如 on = \"2026-06-30\"")
            }
            Some(Subject::Application(_)) if self.school.is_none() => (
                "application",
                "申报示例缺少 school",
                "写明学校的情况，例如 school = { level = \"技工学校\" }",
            ),
            Some(_) => return Ok(()),
        };
        Err((missing.0.to_owned(), missing.1, missing.2))
    }

    fn spans(&self) -> Result<(), Fault> {
        let fault = |path: String, message, help| Err((path, message, help));
        let spans = self.window.iter().map(|days| ("window".to_owned(), days));
        let paired = self.paired.iter().enumerate().filter(|(_, days)| days.len() != 1);
        let paired = paired.map(|(at, days)| (format!("paired.{at}"), days));
        for (path, days) in spans.chain(paired) {
            if days.len() != 2 || days[1] < days[0] {
                return fault(path, "起止日期写得不对", "写成 [首日, 末日]，首日不晚于末日");
            }
        }
        for (at, fact) in self.facts.iter().enumerate() {
            if span(&fact.days).is_none() {
                return fault(format!("facts.{at}.days"), "日期写得不对", "写一天，或 [首日, 末日]");
            }
            if fact.disputed.as_ref().is_some_and(|days| span(days).is_none()) {
                return fault(format!("facts.{at}.disputed"), "日期写得不对", "写一天，或 [首日, 末日]");
            }
        }
        for (at, output) in self.outputs.iter().enumerate() {
            let ordered = output.stages.windows(2).all(|pair| pair[0].1 <= pair[1].1);
            if output.stages.is_empty() || !ordered {
                let help = "至少写一个阶段，按先后写：[[\"preparing\", \"2026-01-10\"]]";
                return fault(format!("outputs.{at}.stages"), "阶段写得不对", help);
            }
        }
        Ok(())
    }
}

pub(crate) fn span(days: &[Date]) -> Option<Period> {
    match days {
        [day] => Some(Period::day(*day)),
        [from, to] => Period::new(*from, *to),
        _ => None,
    }
}
