//! The description of a workbook: its sheets, their columns and the code lists that columns choose from.

use crate::cell::{shown_width, squeeze};
use crate::error::Error;
use crate::read::HEADING_ROWS;
use crate::write::{CODES_SHEET, HELP_SHEET};
use std::collections::{BTreeMap, BTreeSet};

/// Sheets and code lists of one kind of file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
    /// Name of a list → its values in the order in which they are offered.
    pub lists: BTreeMap<String, Vec<String>>,
}

/// One sheet: a heading row and rows of data, and for an official form the lines around them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Shown on the tab: at most 31 characters, none of `[ ] : * ? / \`.
    pub name: String,
    pub columns: Vec<Column>,
    /// Lines above the headings: the title, then facts such as “填报单位：… 年度：…”. At most 9.
    pub above: Vec<String>,
    /// Lines under the table, such as “注：…” or “填报人：      审核人：”. What stands before the first “：” tells such a
    /// line from a row of data when the sheet is read, so that the rest may be filled in.
    pub below: Vec<String>,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name in code; unique in its sheet.
    pub key: String,
    /// The heading that users see; unique in its sheet, spaces and full-width forms disregarded.
    pub heading: String,
    /// Whether the column must be there and every row must have a value.
    pub required: bool,
    /// A sentence for the one who fills it in; may be "".
    pub help: String,
    pub kind: Kind,
    /// Width in characters of the default font, a Chinese one counting two.
    pub width: f64,
    /// Whether Excel hides the column: for what we must know again and nobody fills in, such as a number of ours.
    pub hidden: bool,
    /// Whether it holds codes or numbers of things, whose zeros in front count: a cell that Excel takes for a number is
    /// refused, because the zeros are gone then.
    pub code: bool,
    /// What the numbers of the column count, such as “人次”; "" where that is not said. It may stand behind a number.
    pub unit: String,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A calendar day.
    Date,
    /// A whole number.
    Integer,
    /// A value of the code list with this name.
    Choice(String),
}

impl Column {
    /// An optional column of a width that fits its kind and heading.
    pub fn new(key: &str, heading: &str, kind: Kind) -> Self {
        let least: f64 = match kind {
            Kind::Date => 12.0,
            Kind::Integer => 10.0,
            Kind::Text | Kind::Choice(_) => 16.0,
        };
        Self {
            key: key.to_owned(),
            heading: heading.to_owned(),
            required: false,
            help: String::new(),
            kind,
            width: least.max(shown_width(heading) + 2.0),
            hidden: false,
            code: false,
            unit: String::new(),
        }
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn help(mut self, help: &str) -> Self {
        self.help = help.to_owned();
        self
    }

    /// Marks a text column as one of codes.
    pub fn code(mut self) -> Self {
        self.code = true;
        self
    }

    /// Says what the numbers of the column count.
    pub fn unit(mut self, unit: &str) -> Self {
        self.unit = unit.to_owned();
        self
    }

    /// Sets the width, in characters of the default font.
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }

    /// Hides the column in Excel; it is written and read as any other.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
}

impl Sheet {
    pub fn new(name: &str, columns: Vec<Column>) -> Self {
        Self { name: name.to_owned(), columns, above: Vec::new(), below: Vec::new() }
    }

    /// Sets the lines above the headings, the title first.
    pub fn above(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.above = lines.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the lines under the table.
    pub fn below(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.below = lines.into_iter().map(Into::into).collect();
        self
    }

    /// Whether it is laid out as an official form and not as a plain list.
    pub(crate) fn is_form(&self) -> bool {
        !(self.above.is_empty() && self.below.is_empty())
    }

    /// The column with this heading, spaces and full-width forms disregarded.
    pub(crate) fn by_heading(&self, heading: &str) -> Option<usize> {
        let wanted = squeeze(heading);
        self.columns.iter().position(|column| squeeze(&column.heading) == wanted)
    }

    /// How many of its headings are among these, which are squeezed.
    pub(crate) fn shared(&self, headings: &BTreeSet<String>) -> usize {
        self.columns.iter().filter(|column| headings.contains(&squeeze(&column.heading))).count()
    }

    /// Whether every required heading is among these, which are squeezed.
    pub(crate) fn is_complete(&self, headings: &BTreeSet<String>) -> bool {
        self.columns.iter().all(|column| !column.required || headings.contains(&squeeze(&column.heading)))
    }

    /// Whether these, which are squeezed, are meant to be its headings: two thirds of the required ones are there, or
    /// of all where none is required. Not all of them, so that a heading that was lost is told by its name.
    pub(crate) fn is_headed_by(&self, headings: &BTreeSet<String>) -> bool {
        let free = self.columns.iter().all(|column| !column.required);
        let wanted = self.columns.iter().filter(|column| free || column.required);
        let found = wanted.clone().filter(|column| headings.contains(&squeeze(&column.heading)));
        found.count() * 3 >= wanted.count() * 2
    }

    /// Whether this text is one of the lines under the table, however it was filled in behind its first “：”.
    pub(crate) fn is_line_below(&self, text: &str) -> bool {
        let text = squeeze(text);
        self.below.iter().any(|line| match squeeze(line).split_once(':') {
            // With the colon, so that “注” does not swallow a row of data about “注册会计师”.
            Some((head, _)) => text.strip_prefix(head).is_some_and(|rest| rest.starts_with(':')),
            None => text == squeeze(line),
        })
    }

    /// What is wrong with the lines around the table; `None` where nothing is.
    fn check_lines(&self) -> Option<String> {
        if self.above.len() >= HEADING_ROWS {
            return Some(format!("sheet {}: {} lines above are too many", self.name, self.above.len()));
        }
        // Such a line would be taken for the heading row, or every row for such a line.
        let headed = |line: &&String| self.is_headed_by(&BTreeSet::from([squeeze(line)]));
        if let Some(line) = self.above.iter().find(headed) {
            return Some(format!("sheet {}: line {line} above reads like its headings", self.name));
        }
        let nameless = |line: &&String| matches!(squeeze(line).chars().next(), None | Some(':'));
        let line = self.above.iter().chain(&self.below).find(nameless)?;
        Some(format!("sheet {}: line “{line}” does not begin with words", self.name))
    }
}

impl Workbook {
    /// Says what is wrong with the description: names that collide, a list that is missing, a sheet without columns.
    pub fn check(&self) -> Result<(), Error> {
        let fault = |text: String| Err(Error::Spec(text));
        let mut names: BTreeSet<String> = [CODES_SHEET, HELP_SHEET].map(squeeze).into();
        if self.sheets.is_empty() {
            return fault("no sheet".to_owned());
        }
        for sheet in &self.sheets {
            if !names.insert(squeeze(&sheet.name)) {
                return fault(format!("two sheets are called {}", sheet.name));
            }
            if sheet.columns.is_empty() || sheet.columns.len() > 200 {
                return fault(format!("sheet {} has {} columns", sheet.name, sheet.columns.len()));
            }
            if let Some(cause) = sheet.check_lines() {
                return fault(cause);
            }
            let (mut keys, mut headings) = (BTreeSet::new(), BTreeSet::new());
            for column in &sheet.columns {
                if !keys.insert(&column.key) {
                    return fault(format!("sheet {} has two columns {}", sheet.name, column.key));
                }
                let heading = squeeze(&column.heading);
                if heading.is_empty() || !headings.insert(heading) {
                    return fault(format!(
                        "sheet {}: heading {} is empty or there twice",
                        sheet.name, column.heading
                    ));
                }
                if column.code && !matches!(column.kind, Kind::Text) {
                    return fault(format!("sheet {}: {} is a code and no text", sheet.name, column.key));
                }
                if let Kind::Choice(list) = &column.kind
                    && !self.lists.contains_key(list)
                {
                    return fault(format!("sheet {}: there is no code list {list}", sheet.name));
                }
            }
        }
        Ok(())
    }
}
