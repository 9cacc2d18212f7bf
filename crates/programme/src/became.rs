//! What a retired form is now. Forms that asked one fact came together in one: what was recorded in the old one is read as
//! the new one would say it, so that an indicator counts both alike.

use crate::facts::FieldValue;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[activity.became]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Became {
    /// The activity that asks for it now.
    pub into: String,
    /// What the old form says by being that form: options by the choice of the new one.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The number field of the new form that holds what was the quantity; its own quantity where left out.
    pub quantity: Option<String>,
}

/// The option that an entry has chosen in a field, "" for none; one of a retired form as the new one would say it.
pub fn chosen<'a>(
    became: Option<&'a Became>,
    fields: &'a BTreeMap<String, FieldValue>,
    field: &str,
) -> &'a str {
    match fields.get(field) {
        Some(FieldValue::Text(option)) => option,
        _ => became.and_then(|became| became.fields.get(field)).map_or("", String::as_str),
    }
}
