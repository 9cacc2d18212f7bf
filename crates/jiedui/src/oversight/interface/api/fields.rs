//! The fields of a resource, written once: the answer, its schema and the reference page are made from the same list, so
//! that none of them can lack what another has.

use jiedui_kernel::{Date, Instant, Unit};
use jiedui_programme::Programme;
use serde_json::{Map, Value, json};

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Id,
    Text,
    Whole,
    Yes,
    Day,
    Moment,
    /// One of these words.
    OneOf(fn() -> Vec<&'static str>),
    /// What was filled in, by the ids of the programme's fields.
    Values,
    Ids,
    /// Several of this shape.
    Each(&'static [Part]),
    /// This, or nothing.
    Maybe(&'static Kind),
}

/// A field, or a parameter, as it is described.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub name: &'static str,
    pub kind: Kind,
    pub about: &'static str,
}

/// A field with how it is read from what it belongs to.
pub struct Field<Row> {
    pub part: Part,
    pub read: fn(&Row, &Programme) -> Value,
}

/// What is told of a kind of thing.
pub struct Resource<Row: 'static> {
    pub name: &'static str,
    pub about: &'static str,
    pub fields: &'static [Field<Row>],
}

/// A resource without its rows.
#[derive(Debug)]
pub struct Described {
    pub name: &'static str,
    pub about: &'static str,
    pub parts: Vec<Part>,
}

impl<Row: 'static> Resource<Row> {
    pub fn tell(&self, row: &Row, programme: &Programme) -> Value {
        let told = self.fields.iter().map(|field| {
            let value = (field.read)(row, programme);
            (field.part.name.to_owned(), value)
        });
        Value::Object(told.collect::<Map<_, _>>())
    }

    pub fn described(&self) -> Described {
        let parts = self.fields.iter().map(|field| field.part).collect();
        Described { name: self.name, about: self.about, parts }
    }
}

/// `told! { EntryRow; "id": Kind::Id, "编号", |row, _| row.id.as_str(); … }`: the fields of a resource.
macro_rules! told {
    ($row:ty; $($name:literal: $kind:expr, $about:literal, |$one:ident, $programme:pat_param| $value:expr;)+) => {
        &[$({
            fn read($one: &$row, $programme: &jiedui_programme::Programme) -> serde_json::Value {
                serde_json::Value::from($value)
            }
            $crate::oversight::interface::api::fields::Field {
                part: $crate::oversight::interface::api::fields::Part { name: $name, kind: $kind, about: $about },
                read,
            }
        }),+]
    };
}
pub(super) use told;

impl Kind {
    /// In words, for the reference page.
    pub fn label(self) -> String {
        match self {
            Self::Id => "编号".to_owned(),
            Self::Text => "文字".to_owned(),
            Self::Whole => "整数".to_owned(),
            Self::Yes => "是或否".to_owned(),
            Self::Day => "日期".to_owned(),
            Self::Moment => "时间".to_owned(),
            Self::OneOf(_) => "其中之一".to_owned(),
            Self::Values => "表单内容".to_owned(),
            Self::Ids => "若干编号".to_owned(),
            Self::Each(parts) => {
                let names: Vec<&str> = parts.iter().map(|part| part.about).collect();
                format!("若干条，每条有{}", names.join("、"))
            }
            Self::Maybe(kind) => format!("{}，可以没有", kind.label()),
        }
    }

    /// The words of which it is one; none of another kind.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::OneOf(words) => words(),
            Self::Maybe(kind) => kind.words(),
            Self::Each(parts) => parts.iter().map(|part| part.name).collect(),
            _ => Vec::new(),
        }
    }

    /// As JSON Schema.
    pub fn schema(self) -> Value {
        match self {
            Self::Id => json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,80}$" }),
            Self::Text => json!({ "type": "string" }),
            Self::Whole => json!({ "type": "integer" }),
            Self::Yes => json!({ "type": "boolean" }),
            Self::Day => json!({ "type": "string", "format": "date" }),
            Self::Moment => json!({ "type": "string", "format": "date-time" }),
            Self::OneOf(words) => json!({ "type": "string", "enum": words() }),
            Self::Values => json!({ "type": "object" }),
            Self::Ids => json!({ "type": "array", "items": Self::Id.schema() }),
            Self::Each(parts) => json!({ "type": "array", "items": object(parts) }),
            Self::Maybe(kind) => json!({ "oneOf": [kind.schema(), { "type": "null" }] }),
        }
    }
}

/// The schema of an object with these fields, all of which are there.
pub fn object(parts: &[Part]) -> Value {
    let mut properties = Map::new();
    for part in parts {
        let mut schema = part.kind.schema();
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), part.about.into());
        }
        properties.insert(part.name.to_owned(), schema);
    }
    let required: Vec<&str> = parts.iter().map(|part| part.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A text that says nothing where it is empty.
pub fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

pub fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

pub fn moment(at: Instant) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// The name of a unit, as the programme has it.
pub fn unit_name(unit: Unit) -> Value {
    serde_json::to_value(unit).unwrap_or_default()
}

/// By what a number of this unit is divided to be one of the unit.
pub fn scale(unit: Unit) -> i64 {
    if unit.in_hundredths() { 100 } else { 1 }
}
