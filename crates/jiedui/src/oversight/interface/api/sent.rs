//! What a program sent, as the form of a reader would have sent it: one reading and one set of checks for both.

use super::fields::{Kind, Part};
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result, Unit};
use jiedui_programme::parts::inputs;
use jiedui_programme::{Activity, Field, FieldKind};
use jiedui_web::form::FormValues;
use serde_json::{Map, Value};

/// The field in which the activity's own fields stand.
pub const OWN: &str = "fields";
/// Fields of which the form has another name: ours, and its own.
const RENAMED: [(&str, &str); 2] = [("from_day", "from"), ("to_day", "to")];

fn name_in_form(name: &str) -> &str {
    RENAMED.iter().find(|(ours, _)| *ours == name).map_or(name, |(_, own)| *own)
}

/// What is sent at an address, read for an activity where it is about one.
pub struct Sent<'a> {
    pub of: &'a [Part],
    pub body: &'a Map<String, Value>,
}

impl Sent<'_> {
    /// A field that must be there before the rest can be read.
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// As the form would have sent it. A field that is not read is refused by its name, or somebody would take it for written.
    pub fn as_form(&self, activity: Option<&Activity>) -> Result<FormValues> {
        let (mut pairs, mut errors) = (Vec::new(), Vec::new());
        for (name, value) in self.body.iter().filter(|(_, value)| !value.is_null()) {
            match self.of.iter().find(|part| part.name == name) {
                None => errors.push(FieldError::new(name, unknown())),
                Some(_) if activity.is_some_and(|activity| !asks(activity, name)) => {
                    errors.push(FieldError::new(name, unknown()));
                }
                Some(part) if part.name == OWN => own(activity, value, &mut pairs, &mut errors),
                Some(part) => match texts(part, value, activity.map(|activity| activity.unit)) {
                    Some(texts) => {
                        let name = name_in_form(name);
                        pairs.extend(texts.into_iter().map(|text| (name.to_owned(), text)));
                    }
                    None => errors.push(FieldError::new(name, of_another_kind(part.kind))),
                },
            }
        }
        let missing = self.of.iter().filter(|part| !matches!(part.kind, Kind::Maybe(_)));
        let missing = missing.filter(|part| self.body.get(part.name).is_none_or(Value::is_null));
        errors.extend(missing.map(|part| FieldError::new(part.name, Mistake::missing(part.about))));
        Error::of(errors)?;
        FormValues::sent(pairs).map_err(|error| in_our_names(error, activity))
    }
}

fn unknown() -> Mistake {
    Code::NotListed.says("这里没有这一栏，请对照接口说明。")
}

fn of_another_kind(kind: Kind) -> Mistake {
    Code::Faulty.says(format!("写法不对，应当是{}。", kind.label()))
}

/// Whether the form of an activity asks this; what is no part of an entry is not the form's to know.
fn asks(activity: &Activity, name: &str) -> bool {
    const PARTS: [&str; 10] = [
        "helper", "person", "from_day", "to_day", "in_term", "quantity", "project", "roster", "joint",
        "again",
    ];
    let own = name_in_form(name);
    !PARTS.contains(&name) || inputs(activity).any(|(_, input)| input.name == own)
}

/// A value in the words of the form; a number is written in its unit there.
fn texts(part: &Part, value: &Value, unit: Option<Unit>) -> Option<Vec<String>> {
    let kind = if let Kind::Maybe(kind) = part.kind { *kind } else { part.kind };
    match kind {
        Kind::Id | Kind::Text | Kind::Day | Kind::OneOf(_) => Some(vec![value.as_str()?.to_owned()]),
        Kind::Whole => {
            let number = value.as_i64()?;
            Some(vec![unit.map_or_else(|| number.to_string(), |unit| unit.format(number))])
        }
        Kind::Yes => Some(if value.as_bool()? { vec!["yes".to_owned()] } else { Vec::new() }),
        Kind::Ids => value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        Kind::Moment | Kind::Values | Kind::Each(_) | Kind::Maybe(_) => None,
    }
}

/// The activity's own fields.
fn own(
    activity: Option<&Activity>,
    value: &Value,
    pairs: &mut Vec<(String, String)>,
    errors: &mut Vec<FieldError>,
) {
    let (Some(values), Some(activity)) = (value.as_object(), activity) else {
        errors.push(FieldError::new(OWN, of_another_kind(Kind::Values)));
        return;
    };
    let chosen = |id: &str| values.get(id).and_then(Value::as_str).unwrap_or_default();
    for (id, value) in values.iter().filter(|(_, value)| !value.is_null()) {
        let at = || format!("{OWN}.{id}");
        let Some(field) = activity.fields.iter().find(|field| field.id == *id) else {
            errors.push(FieldError::new(at(), unknown()));
            continue;
        };
        match own_text(field, value) {
            // The form would not ask it, and what it says would be left out.
            Some(text) if !text.trim().is_empty() && !field.is_asked(&activity.fields, &chosen) => {
                let words = "按所选的内容不问这一栏。请去掉它，或者改选。";
                errors.push(FieldError::new(at(), Code::NotFitting.says(words)));
            }
            Some(text) => pairs.push((id.clone(), text)),
            None => errors.push(FieldError::new(at(), of_another_kind(own_kind(field)))),
        }
    }
}

fn own_text(field: &Field, value: &Value) -> Option<String> {
    match field.kind {
        FieldKind::Number => Some(field.unit.unwrap_or(Unit::Items).format(value.as_i64()?)),
        FieldKind::Yes => Some(if value.as_bool()? { "yes" } else { "" }.to_owned()),
        _ => value.as_str().map(str::to_owned),
    }
}

fn own_kind(field: &Field) -> Kind {
    match field.kind {
        FieldKind::Number => Kind::Whole,
        FieldKind::Yes => Kind::Yes,
        FieldKind::Date => Kind::Day,
        _ => Kind::Text,
    }
}

/// What the form found wrong, at the fields as programs know them.
pub fn in_our_names(error: Error, activity: Option<&Activity>) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let is_own = |name: &str| activity.is_some_and(|one| one.fields.iter().any(|field| field.id == name));
    let renamed = |error: FieldError| {
        let name = error.field.clone();
        match RENAMED.iter().find(|(_, own)| *own == name) {
            Some((ours, _)) => error.at(*ours),
            None if is_own(&name) => error.at(format!("{OWN}.{name}")),
            None => error,
        }
    };
    Error::Invalid(errors.into_iter().map(renamed).collect())
}

#[cfg(test)]
mod tests {
    use super::super::writes::{ANSWER, CLAIM};
    use super::*;
    use crate::programme_files::shipped;
    use serde_json::json;

    fn codes(of: &[Part], body: &Value, activity: &str) -> Vec<(String, Code)> {
        let programme = shipped::programme();
        let body = body.as_object().unwrap();
        let read = Sent { of, body }.as_form(programme.activity(activity));
        let Err(Error::Invalid(errors)) = read else { return Vec::new() };
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn what_is_not_read_is_refused_by_its_name() {
        let whole = json!({ "activity": "visit", "pairing": "p", "from_day": "2026-11-20", "person": "a" });
        assert_eq!(codes(CLAIM, &whole, "visit"), []);
        let wrong = json!({ "activity": "visit", "from_day": 20, "quantity": 3, "school": "x", "fields": { "no-such": "y" } });
        let mut found = codes(CLAIM, &wrong, "visit");
        found.sort_by(|one, other| one.0.cmp(&other.0));
        let found: Vec<(&str, Code)> = found.iter().map(|(at, code)| (at.as_str(), code.clone())).collect();
        assert_eq!(
            found,
            [
                ("fields.no-such", Code::NotListed),
                ("from_day", Code::Faulty),
                ("pairing", Code::Missing),
                ("quantity", Code::NotListed),
                ("school", Code::NotListed),
            ]
        );
        let posting = |kind: &str| {
            let own = json!({ "kind": kind, "event": "数控车" });
            let whole = json!({ "activity": "helper-posting", "pairing": "p", "from_day": "2026-11-20", "fields": own });
            codes(CLAIM, &whole, "helper-posting")
        };
        assert_eq!(posting("coaching"), []);
        assert_eq!(
            posting("exchange"),
            [("fields.event".to_owned(), Code::NotFitting)],
            "another kind is not asked for it"
        );
        assert_eq!(codes(ANSWER, &json!({ "verdict": 1 }), "visit"), [("verdict".to_owned(), Code::Faulty)]);
    }

    #[test]
    fn a_mistake_is_told_at_the_field_that_was_sent() {
        let error = Error::Invalid(vec![FieldError::new("to", Mistake::reversed())]);
        let Error::Invalid(told) = in_our_names(error, None) else { panic!("another error") };
        assert_eq!(told[0].field, "to_day");
    }
}
