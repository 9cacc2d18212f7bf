//! What all pictures share: a value with its name and where it opens, and what it is measured against.

use jiedui_kernel::{Reported, Unit};

/// One value of a picture. With an address it is drawn as a link that opens its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub label: String,
    pub value: Reported<i64>,
    pub href: Option<String>,
}

impl Mark {
    pub fn new(label: impl Into<String>, value: Reported<i64>) -> Self {
        Self { label: label.into(), value, href: None }
    }

    /// A value that was told.
    pub fn of(label: impl Into<String>, value: i64) -> Self {
        Self::new(label, Reported::Value(value))
    }

    /// Where its rows stand: a path on this site. Anything else is drawn without a link, and `check` names it.
    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    pub(crate) fn address(&self) -> Option<&str> {
        self.href.as_deref().filter(|href| is_local(href))
    }

    pub(crate) fn number(&self) -> Option<i64> {
        self.value.value()
    }

    /// The value as it is printed, or the word that stands in its place.
    pub(crate) fn said(&self, unit: Unit) -> String {
        said(self.value, unit)
    }
}

pub(crate) fn said(value: Reported<i64>, unit: Unit) -> String {
    match value {
        Reported::Value(number) => number_said(number, unit),
        unknown => unknown.label().unwrap_or_default().to_owned(),
    }
}

pub(crate) fn number_said(number: i64, unit: Unit) -> String {
    let (text, word) = unit.shown(number);
    format!("{text}{word}")
}

/// What a value is measured against: a target, or what a standard asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// 2027年目标, 标准要求.
    pub label: String,
    pub value: i64,
    /// Reached where the value is no more than this, as a ratio of pupils to teachers.
    pub at_most: bool,
}

impl Goal {
    pub fn at_least(label: impl Into<String>, value: i64) -> Self {
        Self { label: label.into(), value, at_most: false }
    }

    pub fn at_most(label: impl Into<String>, value: i64) -> Self {
        Self { label: label.into(), value, at_most: true }
    }

    pub(crate) fn is_met(&self, value: i64) -> bool {
        if self.at_most { value <= self.value } else { value >= self.value }
    }

    /// 已达到, or how much is missing.
    pub(crate) fn verdict(&self, value: i64, unit: Unit) -> String {
        if self.is_met(value) {
            return "已达到".to_owned();
        }
        let word = if self.at_most { "超出" } else { "差" };
        format!("{word}{}", number_said(self.value.saturating_sub(value).saturating_abs(), unit))
    }
}

/// A path on this site that a browser cannot read as an address elsewhere.
pub(crate) fn is_local(href: &str) -> bool {
    let bytes = href.as_bytes();
    let here = bytes.first() == Some(&b'/') && bytes.get(1) != Some(&b'/');
    here && bytes.iter().all(|byte| matches!(byte, 0x21..=0x7e) && *byte != b'\\')
}

/// Addresses that are no path on this site.
pub(crate) fn astray<'a>(hrefs: impl Iterator<Item = &'a Option<String>>) -> Option<String> {
    hrefs.flatten().find(|href| !is_local(href)).cloned()
}
