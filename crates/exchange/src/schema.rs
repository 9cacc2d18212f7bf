//! What a table looks like on the other side.

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RFC 4180 in UTF-8, with a heading.
    Csv,
    /// One list of objects.
    Json,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A whole number in our unit, which the other side writes with the point moved so many places to the left.
    Number {
        shift: u32,
    },
    /// One of these, each as we call it and as they do.
    Code(Vec<(String, String)>),
}

/// One column, under the name that the other side has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub field: String,
    pub kind: Kind,
    /// Whether rows are known again by it; then no row is without it.
    pub key: bool,
}

/// What stands in one place: text as we call it, or a number in our unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Text(String),
    Number(i64),
}

/// One place for each column; none where it is not known, which is never nothing or zero.
pub type Row = Vec<Option<Value>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    pub form: Form,
    pub columns: Vec<Column>,
}

impl Schema {
    /// By what a row is known again; none where a part of it is missing.
    pub fn key(&self, row: &Row) -> Option<Vec<Value>> {
        let keys = self.columns.iter().zip(row).filter(|(column, _)| column.key);
        keys.map(|(_, value)| value.clone()).collect()
    }

    /// The same for people: its parts with a space between them.
    pub fn key_words(&self, row: &Row) -> String {
        let keys = self.columns.iter().zip(row).filter(|(column, _)| column.key);
        let words = keys.filter_map(|(_, value)| value.as_ref()).map(|value| match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
        });
        words.collect::<Vec<_>>().join(" ")
    }
}
