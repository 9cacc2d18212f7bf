//! What a retired form is now. Forms that asked one fact came together in one: what was recorded in the old one is read as
//! the new one would say it, so that an indicator counts both alike.

use crate::facts::{FieldValue, OutputFact};
use crate::fields::Only;
use crate::model::{Became, Programme};
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

/// Whether a filter takes what was recorded; of a retired form as the new one would say it.
pub(crate) fn fits(
    only: Option<&Only>,
    became: Option<&Became>,
    fields: &BTreeMap<String, FieldValue>,
) -> bool {
    only.is_none_or(|only| only.takes(chosen(became, fields, &only.field)))
}

/// Whether the quantity of a retired form stands in this field of the new one.
pub(crate) fn holds(became: Option<&Became>, field: &str) -> bool {
    became.is_some_and(|became| became.quantity.as_deref() == Some(field))
}

impl Programme {
    /// What a form of outputs has become, where it is retired.
    pub(crate) fn output_became(&self, output: &str) -> Option<&Became> {
        self.output(output)?.became.as_ref()
    }

    /// Whether an output is of a form, or was recorded in one that became it, and passes the filter.
    pub fn is_output_of(&self, fact: &OutputFact, output: &str, only: Option<&Only>) -> bool {
        let became = self.output_became(&fact.output);
        let same = fact.output == output || became.is_some_and(|became| became.into == output);
        same && fits(only, became, &fact.fields)
    }

    /// The forms in which outputs of a form were recorded before they came into it.
    pub fn became_output<'a>(&'a self, output: &'a str) -> impl Iterator<Item = &'a crate::outputs::Output> {
        let into = move |one: &&crate::outputs::Output| {
            one.became.as_ref().is_some_and(|became| became.into == output)
        };
        self.outputs.iter().filter(into)
    }
}
