//! What an import does, row by row: the preview shows it before it stays, and the history keeps the sums of it.

use jiedui_documents::{CellError, Column, Kind, Read, Record, Sheet, Value, Workbook};
use jiedui_kernel::{Error, Result, hex};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// What becomes of a row, in the order in which a preview lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is taken in, but only after somebody looked at it.
    Asked,
    LeftOut,
    Changed,
    Made,
    /// Worth knowing, and nothing to decide.
    Noted,
}

impl Outcome {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Asked => "请核对",
            Self::LeftOut => "不写入",
            Self::Changed => "修改",
            Self::Made => "新增",
            Self::Noted => "说明",
        }
    }
}

/// One thing that the preview tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    pub outcome: Outcome,
    pub sheet: String,
    /// From 1 as in Excel; 0 where the whole sheet is meant.
    pub row: u32,
    /// What it is about, by its name.
    pub what: String,
    pub why: String,
    /// Label, before, after.
    pub changes: Vec<[String; 3]>,
}

/// What an import does. Where it has errors, nothing of it may stay.
#[derive(Debug, Default)]
pub struct Report {
    pub errors: Vec<CellError>,
    rows: Vec<ReportRow>,
    same: usize,
    /// Only drafts are changed, which somebody looks at before they count.
    drafts: bool,
}

impl Report {
    /// Begins with what the reading of the file remarked, and with what was wrong there: what the caller finds comes beside
    /// it, in one round.
    pub fn of(read: &Read) -> Self {
        let mut report = Self::failed(read.errors.clone());
        for note in &read.notes {
            let outcome = if note.kind.matters() { Outcome::Asked } else { Outcome::Noted };
            report.tell(outcome, (&note.sheet, note.row), "", &note.text);
        }
        for sheet in &read.ignored {
            report.tell(Outcome::Noted, (sheet, 0), "", "不是模板中的表，没有读取");
        }
        report
    }

    /// Of a file that could not be read.
    pub fn failed(errors: Vec<CellError>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// What is changed are drafts: they are shown where somebody looks, and need no second look where nobody does.
    pub fn of_drafts(read: &Read) -> Self {
        Self { drafts: true, ..Self::of(read) }
    }

    pub fn tell(&mut self, outcome: Outcome, (sheet, row): (&str, u32), what: &str, why: &str) {
        let [sheet, what, why] = [sheet, what, why].map(str::to_owned);
        self.rows.push(ReportRow { outcome, sheet, row, what, why, changes: Vec::new() });
    }

    fn about(&mut self, outcome: Outcome, record: &Record, what: &str, why: &str) {
        self.tell(outcome, (&record.sheet, record.row), what, why);
    }

    pub fn made(&mut self, record: &Record, what: &str) {
        self.about(Outcome::Made, record, what, "");
    }

    /// What it says now and before, each field by its label; `why` where the row was not recognised beyond doubt.
    pub fn changed(&mut self, record: &Record, what: &str, changes: Vec<[String; 3]>, why: &str) {
        self.about(Outcome::Changed, record, what, why);
        if let Some(last) = self.rows.last_mut() {
            last.changes = changes;
        }
    }

    pub fn same(&mut self) {
        self.same += 1;
    }

    pub fn left_out(&mut self, record: &Record, what: &str, why: &str) {
        self.about(Outcome::LeftOut, record, what, why);
    }

    /// Something that a person has to look at before the file is taken in.
    pub fn ask(&mut self, record: &Record, what: &str, why: &str) {
        self.about(Outcome::Asked, record, what, why);
    }

    /// Everything that is wrong, in the order of the file.
    pub fn faults(&self) -> Vec<CellError> {
        let mut sheets: Vec<&str> = Vec::new();
        for error in &self.errors {
            if !sheets.contains(&error.sheet.as_str()) {
                sheets.push(&error.sheet);
            }
        }
        let sheet = |error: &CellError| sheets.iter().position(|name| *name == error.sheet);
        let mut faults = self.errors.clone();
        faults.sort_by_key(|one| (sheet(one), one.row, one.letter.len(), one.letter.clone()));
        faults
    }

    pub fn count(&self, outcome: Outcome) -> usize {
        self.rows.iter().filter(|row| row.outcome == outcome).count()
    }

    pub fn unchanged(&self) -> usize {
        self.same
    }

    /// Whether anything is written.
    pub fn writes(&self) -> bool {
        self.count(Outcome::Made) + self.count(Outcome::Changed) > 0
    }

    /// Whether it can be taken in without a look: it only adds, and there is nothing to ask about.
    /// What is left out is told where it is done.
    pub fn is_certain(&self) -> bool {
        self.count(Outcome::Asked) == 0 && (self.drafts || self.count(Outcome::Changed) == 0)
    }

    /// What is told, in the order of the preview.
    pub fn rows(&self) -> Vec<&ReportRow> {
        let mut rows: Vec<&ReportRow> = self.rows.iter().collect();
        rows.sort_by_key(|row| row.outcome);
        rows
    }

    /// The same as rows of [`book`], for a file that is too large to be looked at while one waits.
    pub fn lines(&self) -> Vec<Vec<Value>> {
        let line = |one: &ReportRow| {
            let changes = one.changes.iter().map(|[label, old, new]| format!("{label}：{old} → {new}"));
            let why = std::iter::once(one.why.clone()).filter(|why| !why.is_empty()).chain(changes);
            let why = why.collect::<Vec<_>>().join("；");
            let row = if one.row == 0 { Value::Empty } else { Value::Integer(i64::from(one.row)) };
            let [label, sheet, what, why] =
                [one.outcome.label(), &one.sheet, &one.what, &why].map(Value::from);
            vec![label, sheet, row, what, why]
        };
        self.rows().into_iter().map(line).collect()
    }

    /// By which a later report is told from this one.
    pub fn digest(&self) -> Result<String> {
        let told = serde_json::to_vec(&(&self.rows, self.same)).map_err(Error::internal)?;
        Ok(hex(Sha256::digest(told)))
    }

    /// What the log keeps of it.
    pub fn sums(&self) -> serde_json::Value {
        json!({
            "made": self.count(Outcome::Made),
            "changed": self.count(Outcome::Changed),
            "same": self.same,
            "left_out": self.count(Outcome::LeftOut),
        })
    }

    /// In one sentence.
    pub fn summary(&self) -> String {
        if !self.writes() {
            return "表格和系统里的一致，没有要改的。".to_owned();
        }
        let left_out = match self.count(Outcome::LeftOut) {
            0 => String::new(),
            number => format!("，{number} 处没有写入"),
        };
        format!(
            "已导入：新增 {} 项，修改 {} 项，相同 {} 项{left_out}。",
            self.count(Outcome::Made),
            self.count(Outcome::Changed),
            self.same
        )
    }
}

/// A preview as a workbook.
pub fn book() -> Workbook {
    let text = |key: &str, heading: &str| Column::new(key, heading, Kind::Text);
    let columns = vec![
        text("outcome", "处理"),
        text("sheet", "表"),
        Column::new("row", "行", Kind::Integer),
        text("what", "内容").width(40.0),
        text("why", "说明").width(60.0),
    ];
    Workbook { sheets: vec![Sheet::new("导入预览", columns)], ..Workbook::default() }
}

/// What differs between two rows of one sheet, by the headings of its columns; `aside` names columns that say nothing.
pub fn differences(sheet: &Sheet, (before, after): (&[Value], &[Value]), aside: &[&str]) -> Vec<[String; 3]> {
    let pairs = sheet.columns.iter().zip(before).zip(after);
    pairs
        .filter(|((column, old), new)| !aside.contains(&column.key.as_str()) && old != new)
        .map(|((column, old), new)| [column.heading.clone(), shown(old), shown(new)])
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
    }
}
