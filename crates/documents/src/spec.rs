//! The description of a workbook: its sheets, their columns and the code lists that columns choose from.

use crate::cell::squeeze;
use crate::error::Error;
use crate::write::{CODES_SHEET, HELP_SHEET};
use std::collections::{BTreeMap, BTreeSet};

/// Sheets and code lists of one kind of file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
    /// Name of a list → its values in the order in which they are offered.
    pub lists: BTreeMap<String, Vec<String>>,
}

/// One sheet: a heading row and rows of data.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Shown on the tab: at most 31 characters, none of `[ ] : * ? / \`.
    pub name: String,
    pub columns: Vec<Column>,
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
        let heading_width: f64 = heading.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum();
        Self {
            key: key.to_owned(),
            heading: heading.to_owned(),
            required: false,
            help: String::new(),
            kind,
            width: least.max(heading_width + 2.0),
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

    /// Sets the width, in characters of the default font.
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }
}

impl Sheet {
    pub fn new(name: &str, columns: Vec<Column>) -> Self {
        Self { name: name.to_owned(), columns }
    }

    /// The column with this heading, spaces and full-width forms disregarded.
    pub(crate) fn by_heading(&self, heading: &str) -> Option<usize> {
        let wanted = squeeze(heading);
        self.columns.iter().position(|column| squeeze(&column.heading) == wanted)
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
