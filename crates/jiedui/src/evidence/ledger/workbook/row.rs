//! What a row of a table claims, read like what the form would have sent.

use super::super::actions::claim::NewEntry;
use super::super::actions::offers::Offer;
use super::super::pages::form as entry_form;
use super::sheet::{Names, YES};
use jiedui_documents::Record;
use jiedui_kernel::names::fold;
use jiedui_kernel::{Code, Error, Mistake, Result};
use jiedui_programme::parts::{Part, Takes, inputs};
use jiedui_programme::{Activity, FieldKind};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::form::{FormValues, Reader};

/// What a row claims, as the preview names it: its cells in the order of the form.
pub(super) fn described(activity: &Activity, names: &Names, record: &Record) -> String {
    let asked = inputs(activity).filter(|(part, input)| names.asks(*part, input));
    let cell = |name: &str| match (record.date(name), record.integer(name)) {
        (Some(day), _) => day.to_string(),
        (None, Some(number)) => number.to_string(),
        (None, None) => record.text(name).to_owned(),
    };
    let cells = asked.map(|(_, input)| cell(&input.name)).filter(|text| !text.is_empty());
    cells.collect::<Vec<_>>().join("，")
}

/// What a row claims: its cells become what the form would have sent, and are read like it.
pub(super) fn entry(activity: &Activity, names: &Names, record: &Record) -> Result<NewEntry> {
    let mut reader = Reader::default();
    let offered = names.of(Part::Pairing);
    let pairing = match offered {
        [only] => &only.id,
        _ => match offered.iter().find(|offer| fold(&offer.name) == fold(record.text("pairing"))) {
            Some(offer) => &offer.id,
            None => {
                let mistake = Code::NotListed.says("没有这组结对，请从代码表里选");
                return Err(Error::field("pairing", mistake));
            }
        },
    };
    let mut sent = Vec::new();
    for (part, input) in inputs(activity) {
        let here = |offer: &&Offer| offer.pairings.is_empty() || offer.pairings.contains(pairing);
        let text = record.text(&input.name);
        let mut id = |name: &str| {
            let found = names.of(part).iter().filter(here).filter(|offer| fold(&offer.name) == fold(name));
            only(found, name, part).map_err(|mistake| reader.fail(&input.name, mistake)).ok()
        };
        let values = match &input.takes {
            _ if part == Part::Pairing => vec![pairing.clone()],
            Takes::One | Takes::OnePerson => {
                Some(text).filter(|text| !text.is_empty()).and_then(id).into_iter().collect()
            }
            Takes::People => {
                let parts = text.split(['、', '，', ',', '；', ';', ' ']).map(str::trim);
                parts.filter(|name| !name.is_empty()).filter_map(&mut id).collect()
            }
            Takes::Day => record.date(&input.name).iter().map(ToString::to_string).collect(),
            Takes::Number(_) => vec![number(record, &input.name)],
            Takes::Yes => vec![yes(text)],
            Takes::Field(field) => vec![typed(field, record)],
        };
        sent.extend(values.into_iter().map(|value| (input.name.clone(), value)));
    }
    // A cell of another kind is a mistake in the table, not something to pass over.
    let chosen = |id: &str| sent.iter().find(|(name, _)| name == id).map_or("", |(_, value)| value.as_str());
    for field in activity.fields.iter().filter(|field| !chosen(&field.id).is_empty()) {
        if !field.is_asked(&activity.fields, &chosen) {
            let when = field.condition(&activity.fields).unwrap_or_default();
            reader.fail(&field.id, Code::NotFitting.says(format!("{when}，这一行不是；请清空这一格")));
        }
    }
    let sent = FormValues::made(sent.iter().map(|(name, value)| (name.as_str(), value.clone())));
    let read = entry_form::read(&sent, activity, &names.pairings).or_wrong()?;
    let (new, rest) = read.map_or_else(|errors| (None, errors), |new| (Some(new), Vec::new()));
    let mut errors = reader.errors;
    for error in rest {
        if errors.iter().all(|told| told.field != error.field) {
            errors.push(error);
        }
    }
    new.filter(|_| errors.is_empty()).ok_or(Error::Invalid(errors))
}

/// The one of that name; two of one name cannot be told apart here.
fn only<'a>(found: impl Iterator<Item = &'a Offer>, name: &str, part: Part) -> Result<String, Mistake> {
    let mut ids: Vec<&String> = found.map(|offer| &offer.id).collect();
    ids.dedup();
    match (ids.as_slice(), part) {
        ([only], _) => Ok((*only).clone()),
        ([], Part::Project) => Err(Code::NotListed.says("这所学校没有这个已备案、按同一单位计数的项目")),
        ([], _) => Err(Code::NotListed.says(format!("没有“{name}”在册，请核对姓名，或先登记任职"))),
        _ => Err(Code::Ambiguous.says(format!("有几个人都叫“{name}”，请在“登记工作”里单独登记"))),
    }
}

fn yes(text: &str) -> String {
    if text == YES { "yes".to_owned() } else { String::new() }
}

fn number(record: &Record, name: &str) -> String {
    record.integer(name).map_or_else(|| record.text(name).to_owned(), |number| number.to_string())
}

/// The cell of one of the activity's own fields as its form would have sent it.
fn typed(field: &jiedui_programme::Field, record: &Record) -> String {
    let text = record.text(&field.id);
    match field.kind {
        FieldKind::Date => record.date(&field.id).map(|day| day.to_string()).unwrap_or_default(),
        FieldKind::Yes => yes(text),
        FieldKind::Choice => {
            let option = field.options.iter().find(|option| option.name == text);
            option.map_or_else(|| text.to_owned(), |option| option.id.clone())
        }
        _ => number(record, &field.id),
    }
}
