//! What an import came to: problems with their places, or what was made and changed.

use super::spec;
use jiedui_documents::{CellError, Record};
use serde::Serialize;

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Made,
    Changed,
    Same,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub made: u32,
    pub changed: u32,
    pub same: u32,
}

impl Count {
    fn any(self) -> bool {
        self.made + self.changed + self.same > 0
    }
}

#[derive(Debug, Default)]
pub struct Report {
    /// Where there is one, nothing may be kept: the caller drops the transaction.
    pub errors: Vec<CellError>,
    /// Worth a look, but no reason to refuse.
    pub warnings: Vec<CellError>,
    /// What an existing record said before and says now, a line each.
    pub changes: Vec<String>,
    /// In the order of [`spec::SHEETS`].
    counts: [Count; 4],
}

impl Report {
    pub fn failed(errors: Vec<CellError>) -> Self {
        Self { errors, ..Self::default() }
    }

    pub fn fail(&mut self, record: &Record, key: &str, reason: impl Into<String>, help: impl Into<String>) {
        self.errors.push(record.error(key, reason, help));
    }

    pub fn warn(&mut self, record: &Record, key: &str, reason: impl Into<String>, help: impl Into<String>) {
        self.warnings.push(record.error(key, reason, help));
    }

    pub fn count(&mut self, sheet: &str, outcome: Outcome) {
        let Some(at) = spec::SHEETS.iter().position(|(_, name)| *name == sheet) else { return };
        match outcome {
            Outcome::Made => self.counts[at].made += 1,
            Outcome::Changed => self.counts[at].changed += 1,
            Outcome::Same => self.counts[at].same += 1,
        }
    }

    /// The counts of a sheet; zeros where the file does not have it.
    pub fn of(&self, sheet: &str) -> Count {
        self.counts().find(|(name, _)| *name == sheet).map(|(_, count)| count).unwrap_or_default()
    }

    /// The sheets that had rows, with their counts.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, Count)> + '_ {
        spec::SHEETS.iter().map(|(_, name)| *name).zip(self.counts).filter(|(_, count)| count.any())
    }

    pub fn wrote(&self) -> bool {
        self.counts.iter().any(|count| count.made + count.changed > 0)
    }

    /// One line for the command line.
    pub fn summary(&self) -> String {
        let sheets: Vec<String> = self
            .counts()
            .map(|(name, c)| format!("{name}：新增 {}，更新 {}，未变 {}", c.made, c.changed, c.same))
            .collect();
        let end = if self.wrote() { "已导入" } else { "与库中一致，没有重复写入" };
        format!("{end}。{}。提醒 {} 处。", sheets.join("；"), self.warnings.len())
    }
}
