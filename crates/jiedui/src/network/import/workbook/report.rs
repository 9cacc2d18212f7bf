//! What an import came to: problems with their places, or what was made and changed.

use super::spec;
use crate::shared::imports;
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

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Where there is one, nothing may be written.
    pub errors: Vec<CellError>,
    /// Worth a look, but no reason to refuse.
    pub warnings: Vec<CellError>,
    /// What only a person can say; a mistake where nobody is shown it first.
    pub questions: Vec<CellError>,
    /// What an existing record said before and says now, a line each.
    pub changes: Vec<String>,
    /// In the order of [`spec::SHEETS`].
    counts: [Count; 4],
    /// What became of each row that was not the same.
    rows: Vec<ReportedRow>,
    /// So many of the changes are among the rows.
    reported: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct ReportedRow {
    outcome: imports::Outcome,
    sheet: String,
    row: u32,
    what: String,
    /// What an existing record said before and says now.
    why: String,
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

    /// A near name is not the same name: whoever sees the preview says which it is.
    pub fn question(&mut self, record: &Record, key: &str, reason: String, help: &str) {
        self.questions.push(record.error(key, reason, help));
    }

    /// What became of a row, after the changes that it made were told.
    pub fn count(&mut self, record: &Record, outcome: Outcome) {
        let Some(at) = spec::SHEETS.iter().position(|(_, name)| *name == record.sheet) else { return };
        let why = self.changes.get(self.reported..).unwrap_or_default().join("；");
        self.reported = self.changes.len();
        match outcome {
            Outcome::Made => self.counts[at].made += 1,
            Outcome::Changed => self.counts[at].changed += 1,
            Outcome::Same => self.counts[at].same += 1,
        }
        // A row of history is new, and changes what it is about.
        let outcome = match outcome {
            Outcome::Made if why.is_empty() => imports::Outcome::Made,
            Outcome::Made | Outcome::Changed => imports::Outcome::Changed,
            Outcome::Same => return,
        };
        self.rows.push(ReportedRow {
            outcome,
            sheet: record.sheet.clone(),
            row: record.row,
            what: named(record),
            why,
        });
    }

    /// What a preview shows of it, beside what the reading remarked.
    pub fn show(&self, shown: &mut imports::Report) {
        for row in &self.rows {
            shown.tell(row.outcome, (&row.sheet, row.row), &row.what, &row.why);
        }
        for _ in 0..self.counts.iter().map(|count| count.same).sum::<u32>() {
            shown.same();
        }
        let remarks = [(imports::Outcome::Asked, &self.questions), (imports::Outcome::Noted, &self.warnings)];
        for (outcome, errors) in remarks {
            // What is meant as a whole the reading has told already.
            for error in errors.iter().filter(|error| error.row > 0) {
                let why = format!("{}：{}，{}", error.column, error.reason, error.help);
                shown.tell(outcome, (&error.sheet, error.row), &error.value, &why);
            }
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

/// What a row is about, by its names.
fn named(record: &Record) -> String {
    let keys = ["school", "county_school", "name", "lead", "nearby", "kind", "new_name"];
    let names: Vec<&str> = keys.iter().map(|key| record.text(key)).filter(|name| !name.is_empty()).collect();
    names.join(" ")
}
