//! What the answers of a profile have to do with each other: the impossible is refused, the unlikely asked about once.

use super::Sheet;
use jiedui_kernel::FieldError;
use jiedui_programme::{Broken, Programme, Strength};
use std::collections::BTreeMap;

/// The form's field with what the school has said it is sure of.
pub const SURE: &str = "sure";

/// What whoever hands in has answered to the questions about unlikely figures.
#[derive(Debug, Clone, Copy)]
pub enum Sure<'a> {
    /// The keys of the questions that were answered with yes.
    Of(&'a [String]),
    /// Everything: of figures that are made, not told.
    Always,
}

impl Sure<'_> {
    fn is(self, key: &str) -> bool {
        match self {
            Self::Of(keys) => keys.iter().any(|one| one == key),
            Self::Always => true,
        }
    }
}

/// A question about an unlikely figure. Its key names the figure: another figure is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub key: String,
    pub text: String,
}

fn values(sheet: &Sheet) -> BTreeMap<&str, i64> {
    sheet.iter().filter_map(|(id, held)| Some((id.as_str(), held.answer.value()?))).collect()
}

fn broken<'a>(programme: &'a Programme, sheet: &Sheet, before: Option<&Sheet>, year: i32) -> Vec<Broken<'a>> {
    let before = before.map(values).unwrap_or_default();
    programme.broken_relations("", &values(sheet), &before, year)
}

/// What cannot be, each at its field.
pub fn impossible(programme: &Programme, sheet: &Sheet, year: i32) -> Vec<FieldError> {
    let refused = broken(programme, sheet, None, year);
    let refused = refused.iter().filter(|one| one.strength == Strength::Refuse);
    refused.map(|one| FieldError::new(one.field.clone(), one.mistake())).collect()
}

/// What hardly ever is, and was not answered with yes.
pub fn questions(
    programme: &Programme,
    sheet: &Sheet,
    before: Option<&Sheet>,
    year: i32,
    sure: Sure<'_>,
) -> Vec<Question> {
    let asked = broken(programme, sheet, before, year);
    let asked = asked.into_iter().filter(|one| one.strength == Strength::Ask);
    asked.map(|one| question(programme, &one)).filter(|question| !sure.is(&question.key)).collect()
}

fn question(programme: &Programme, one: &Broken<'_>) -> Question {
    let element = programme.element(&one.field);
    let name = element.map_or(one.field.as_str(), |element| element.name.as_str());
    let shown =
        |value: i64| element.map_or_else(|| value.to_string(), |element| super::typed(element, value));
    let (key, change) = match one.change {
        Some((old, new)) => (new.to_string(), format!("上年 {}，本年 {}。", shown(old), shown(new))),
        None => (String::new(), String::new()),
    };
    Question {
        key: format!("{}:{}:{key}", one.relation, one.field),
        text: format!("{name}{}{change}", one.words),
    }
}
