//! What a retired form is now. Forms that asked one fact came together in one: what was recorded in the old one is read as
//! the new one would say it, so that an indicator counts both alike.

use crate::facts::FieldValue;
use crate::model::Became;
use std::collections::BTreeMap;

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
