//! `exchange.toml`: tables that go to, or come from, outside systems which the plan names (T1.1, T5.5, T9.2, T12.1). Their
//! interfaces are not published, so the names, units and codes of the other side stand in the programme, where they are
//! set right without a new version of the program. Addresses and secrets belong to the installation and never stand here.

use jiedui_kernel::Unit;
use serde::{Deserialize, Serialize};

/// `[[exchange]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub id: String,
    pub name: String,
    /// What the outside system is called.
    pub system: String,
    /// What goes over and what it is good for, in words.
    pub about: String,
    pub clauses: Vec<String>,
    /// True where the office must still agree the format with the other side; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    /// From where the format is known.
    pub source: String,
    pub way: Way,
    pub form: ExchangeForm,
    pub among: ExchangeAmong,
    pub columns: Vec<ExchangeColumn>,
}

/// Where a table goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// From here to there.
    Out,
    /// From there to here, to be looked at beside what we have; nothing of ours is changed by it.
    In,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeForm {
    Csv,
    Json,
}

/// One row for each of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeAmong {
    /// 对口县级院校.
    CountySchools,
    /// Every technical school of the registry.
    Schools,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeColumn {
    /// As the other side calls it.
    pub field: String,
    /// What it is, for people.
    pub name: String,
    pub of: ExchangeOf,
    /// Whether a school is known again by it.
    #[serde(default)]
    pub key: bool,
    /// One of theirs is so many of our unit, a power of ten: 10000 where they count in 万元.
    #[serde(default = "one")]
    pub per: i64,
    /// Our words and theirs, where they have codes.
    #[serde(default)]
    pub codes: Vec<ExchangeCode>,
}

fn one() -> i64 {
    1
}

/// What of ours stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeOf {
    /// What the registry says of the school.
    School(SchoolField),
    /// A number of the newest accepted year-profile.
    Element(String),
    /// What is confirmed of an indicator in the year before.
    Indicator(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchoolField {
    Name,
    CreditCode,
    Division,
    Location,
    Level,
    Ownership,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeCode {
    pub ours: String,
    pub theirs: String,
}

impl Way {
    pub fn label(self) -> &'static str {
        match self {
            Self::Out => "送给对方",
            Self::In => "收对方的",
        }
    }
}

impl ExchangeForm {
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV（UTF-8）",
            Self::Json => "JSON",
        }
    }

    /// How names of such files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

impl ExchangeAmong {
    pub fn label(self) -> &'static str {
        match self {
            Self::CountySchools => "对口县级院校",
            Self::Schools => "全部技工院校",
        }
    }
}

impl SchoolField {
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "学校全称",
            Self::CreditCode => "统一社会信用代码",
            Self::Division => "行政区划代码",
            Self::Location => "所在地",
            Self::Level => "学校层次",
            Self::Ownership => "办学性质",
        }
    }
}

impl ExchangeColumn {
    /// The unit in which we keep it; none where it is a text.
    pub fn unit(&self, programme: &crate::Programme) -> Option<Unit> {
        match &self.of {
            ExchangeOf::School(_) => None,
            ExchangeOf::Element(id) => programme.element(id).map(|of| of.unit),
            ExchangeOf::Indicator(id) => programme.indicator(id).map(|of| of.unit),
        }
    }

    /// By how many places the other side moves the point of what we keep; none where `per` is no power of ten.
    pub fn shift(&self, unit: Unit) -> Option<u32> {
        let places =
            self.per.checked_ilog10().filter(|places| 10_i64.checked_pow(*places) == Some(self.per))?;
        Some(places + if unit.in_hundredths() { 2 } else { 0 })
    }

    /// What of ours stands there, in words.
    pub fn ours(&self, programme: &crate::Programme) -> String {
        let found = match &self.of {
            ExchangeOf::School(fact) => return fact.label().to_owned(),
            ExchangeOf::Element(id) => programme.element(id).map(|of| of.name.clone()),
            ExchangeOf::Indicator(id) => programme.indicator(id).map(|of| of.name.clone()),
        };
        found.unwrap_or_default()
    }
}

impl crate::Programme {
    pub fn exchange(&self, id: &str) -> Option<&Exchange> {
        self.exchanges.iter().find(|one| one.id == id)
    }
}
