//! The one form component: fields of the programme drawn, read, kept and shown, for entries, outputs, applications and
//! whatever else the programme describes (decision "Forms"). Hand-made pages embed it with `c.generated`.

#[cfg(test)]
mod tests;

use crate::figure::Figure;
use crate::form::{FormValues, Reader, parse_date};
use crate::reply::{Choice, Field as Control};
/// A number as people type it, in its unit.
pub use jiedui_kernel::typed::number as number_of;
use jiedui_kernel::{Code, FieldError, Mistake, Reported, Unit};
use jiedui_programme::{Field, FieldKind, FieldValue, Only, Side};
use serde::Serialize;
use std::collections::BTreeMap;

/// Values by field id, as they are kept (JSON object): numbers in their unit, yuan in cents; texts, days, ids of options
/// and persons; `true`.
pub type Values = serde_json::Map<String, serde_json::Value>;

const LINE: usize = 200;
const LONG: usize = 2_000;
const ENTERPRISE_HELP: &str = "写单位全称；几家的用顿号隔开。";
const CHAIN_HELP: &str = "写本市这条链的名称，写过的从列表里选；说不清的可不填。";

/// A field with the component that draws it: `c.generated` knows them all.
#[derive(Debug, Serialize)]
pub struct Drawn {
    pub kind: &'static str,
    /// A heading where a new group begins, else "".
    pub group: String,
    /// One of several optional fields: a form may fold them away together.
    pub extra: bool,
    /// Where it is asked only for some answers to another field.
    pub when: Option<Condition>,
    #[serde(flatten)]
    pub field: Control,
}

/// When a field is asked. Without script all are shown, under these words; with it the others are hidden and not sent.
#[derive(Debug, Serialize)]
pub struct Condition {
    /// The choice on which it depends.
    pub field: String,
    /// The options for which it is asked, divided by spaces; `-` stands for none chosen.
    pub is: String,
    /// "" where the field before has the same condition.
    pub words: String,
    pub required: bool,
}

impl Drawn {
    pub fn new(kind: &'static str, field: Control) -> Self {
        Self { kind, group: String::new(), extra: false, when: None, field }
    }
}

/// What a form offers where a field asks for a person, an enterprise or a chain: a person is chosen, the others may be new.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offers<'a> {
    pub people: &'a [Choice],
    pub enterprises: &'a [Choice],
    pub chains: &'a [Choice],
}

/// Lays fields out as the programme says: in its order, with headings, units, help and widths. `given` is what was typed
/// or is known already.
pub fn draw(fields: &[Field], given: &FormValues, errors: &[FieldError], offers: Offers<'_>) -> Vec<Drawn> {
    let mut last = "";
    let mut before: Option<&Only> = None;
    fields
        .iter()
        .map(|field| {
            let group = if field.group == last { "" } else { field.group.as_str() };
            last = &field.group;
            let drawn = control(field, given.get(&field.id), offers);
            let when = condition(field, fields, before);
            before = field.when.as_ref();
            Drawn {
                kind: component(field.kind),
                group: group.to_owned(),
                extra: false,
                when,
                field: drawn.error(errors),
            }
        })
        .collect()
}

fn condition(field: &Field, fields: &[Field], before: Option<&Only>) -> Option<Condition> {
    let when = field.when.as_ref()?;
    let blank = when.blank.then_some("-");
    let is: Vec<&str> = when.is.iter().map(String::as_str).chain(blank).collect();
    Some(Condition {
        field: when.field.clone(),
        is: is.join(" "),
        words: field.condition(fields).filter(|_| before != Some(when)).unwrap_or_default(),
        required: field.required,
    })
}

/// Whether another field of the form depends on what is chosen in this one: it is not folded away.
pub fn decides(fields: &[Field], id: &str) -> bool {
    fields.iter().any(|field| field.when.as_ref().is_some_and(|when| when.field == id))
}

/// Without what the form does not ask for the options chosen in it: what was said of another kind is not kept.
pub fn kept(fields: &[Field], mut values: Values) -> Values {
    let chosen = |id: &str| values.get(id).and_then(serde_json::Value::as_str).unwrap_or_default();
    let gone: Vec<&Field> = fields.iter().filter(|field| !field.is_asked(fields, &chosen)).collect();
    for field in gone {
        values.remove(&field.id);
    }
    values
}

/// The answers that are not for any of these sides: others may choose them.
pub fn not_offered(fields: &[Field], values: &Values, sides: &[Side]) -> Vec<FieldError> {
    let wrong = fields.iter().filter_map(|field| {
        let said = values.get(&field.id)?.as_str()?;
        let option = field.options.iter().find(|option| option.id == said)?;
        let fine = option.by.is_empty() || option.by.iter().any(|side| sides.contains(side));
        let who: Vec<&str> = option.by.iter().map(|side| side.label()).collect();
        let mistake =
            || Code::NotListed.says(format!("“{}”由{}登记，请选别的一项。", option.name, who.join("、")));
        (!fine).then(|| FieldError::new(&field.id, mistake()))
    });
    wrong.collect()
}

/// Whether a form asks for an enterprise.
pub fn name_enterprises(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.kind == FieldKind::Enterprise)
}

/// Whether a form asks for a chain.
pub fn name_chains(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.kind == FieldKind::Chain)
}

fn component(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Enterprise | FieldKind::Chain => "text",
        FieldKind::LongText => "textarea",
        FieldKind::Number => "number",
        FieldKind::Date => "date",
        FieldKind::Choice | FieldKind::Person => "select",
        FieldKind::Yes => "checks",
    }
}

fn control(field: &Field, value: &str, offers: Offers<'_>) -> Control {
    let help = match field.kind {
        FieldKind::Enterprise if field.help.is_empty() => ENTERPRISE_HELP,
        FieldKind::Chain if field.help.is_empty() => CHAIN_HELP,
        _ => &field.help,
    };
    let mut drawn = Control::new(&field.id, &field.label).help(help);
    drawn.required = field.required && field.when.is_none();
    drawn.conditional = field.required && field.when.is_some();
    drawn.unit = field.unit.map_or("", Unit::label).to_owned();
    drawn.width = match (field.width.as_str(), field.kind) {
        ("short", _) => "short",
        ("long", _) => "long",
        ("medium", _) => "medium",
        (_, FieldKind::Number | FieldKind::Date) => "short",
        (_, FieldKind::LongText) => "long",
        _ => "medium",
    };
    drawn.maxlength = match field.kind {
        FieldKind::Text | FieldKind::Enterprise | FieldKind::Chain => Some(LINE as u32),
        FieldKind::LongText => Some(LONG as u32),
        _ => None,
    };
    let blank = Choice::new("", if field.required { "请选择" } else { "不填" });
    match field.kind {
        FieldKind::Choice => {
            let options = field.options.iter().map(|option| Choice::new(&option.id, &option.name));
            drawn.options = std::iter::once(blank).chain(options).collect();
        }
        FieldKind::Person => {
            drawn.options = std::iter::once(blank).chain(offers.people.iter().cloned()).collect();
        }
        FieldKind::Enterprise => drawn.options = offers.enterprises.to_vec(),
        FieldKind::Chain => drawn.options = offers.chains.to_vec(),
        FieldKind::Yes => drawn.options = vec![Choice::new("yes", "是")],
        _ => {}
    }
    drawn.value(value)
}

/// Reads what was sent. Every mistake is reported at its field; what is not asked for the options chosen is passed over.
pub fn read(fields: &[Field], pairs: &FormValues, reader: &mut Reader) -> Values {
    let mut values = Values::new();
    let chosen = |id: &str| pairs.get(id);
    for field in fields.iter().filter(|field| field.is_asked(fields, &chosen)) {
        let text = pairs.get(&field.id);
        if text.is_empty() {
            if field.required {
                reader.fail(&field.id, Mistake::missing(&field.label));
            }
            continue;
        }
        match value_of(field, text) {
            Ok(value) => {
                values.insert(field.id.clone(), value);
            }
            Err(mistake) => reader.fail(&field.id, mistake),
        }
    }
    values
}

fn value_of(field: &Field, text: &str) -> Result<serde_json::Value, Mistake> {
    // A soft break of a word processor in what is one line.
    let line = text.replace('\n', " ");
    let text = if field.kind == FieldKind::LongText { text } else { line.as_str() };
    let too_long = |limit: usize| {
        let found = text.chars().count();
        (found > limit).then(|| Mistake::too_long(&field.label, limit, found))
    };
    match field.kind {
        FieldKind::Text | FieldKind::Enterprise | FieldKind::Chain => {
            too_long(LINE).map_or_else(|| Ok(text.into()), Err)
        }
        FieldKind::LongText => too_long(LONG).map_or_else(|| Ok(text.into()), Err),
        FieldKind::Number => number_of(field.unit.unwrap_or(Unit::Items), text)
            .map(serde_json::Value::from)
            .map_err(|why| why.of(&field.label)),
        FieldKind::Date => {
            parse_date(text).map(|day| day.to_string().into()).ok_or_else(|| Mistake::no_date(text))
        }
        FieldKind::Choice if field.options.iter().any(|option| option.id == text) => Ok(text.into()),
        FieldKind::Choice => Err(Mistake::not_offered(&field.label, text)),
        FieldKind::Person => Ok(text.into()),
        FieldKind::Yes => Ok(true.into()),
    }
}

/// A number as people type it, from one on where `least` is one; what is wrong is told at the field.
pub fn read_number(
    reader: &mut Reader,
    field: &str,
    what: &str,
    unit: Unit,
    text: &str,
    least: i64,
) -> Option<i64> {
    let most = most(unit);
    match number_of(unit, text) {
        _ if text.is_empty() => reader.fail(field, Mistake::missing(what)),
        Ok(number) if (least..=most).contains(&number) => return Some(number),
        Ok(number) if number < least => {
            reader.fail(field, Code::OutOfRange.says(format!("{what}应大于零。")))
        }
        Ok(_) => reader.fail(
            field,
            Code::OutOfRange.says(format!(
                "{what}最多 {}{}，请核对是否多打了几位。",
                unit.format(most),
                unit.label()
            )),
        ),
        Err(why) => reader.fail(field, why.of(what)),
    }
    None
}

/// The most that one occasion can be of a unit: a typo beyond it. Money goes to a thousand million yuan.
pub fn most(unit: Unit) -> i64 {
    if unit == Unit::Yuan { 100_000_000_000 } else { 100_000 }
}

/// The values as the form would have sent them: for corrections and drafts.
pub fn typed(fields: &[Field], values: &Values) -> Vec<(String, String)> {
    let text = |field: &Field| {
        let value = values.get(&field.id)?;
        Some(match (field.kind, value) {
            (FieldKind::Number, serde_json::Value::Number(number)) => {
                field.unit.unwrap_or(Unit::Items).format(number.as_i64()?)
            }
            (FieldKind::Yes, _) => "yes".to_owned(),
            (_, value) => value.as_str()?.to_owned(),
        })
    };
    fields.iter().filter_map(|field| Some((field.id.clone(), text(field)?))).collect()
}

/// One value on a detail page. Exactly one of the values is there; nothing where nothing was said.
#[derive(Debug, Default, Serialize)]
pub struct Shown {
    pub label: String,
    pub figure: Option<Figure>,
    pub date: Option<String>,
    /// A word of ours.
    pub word: String,
    /// What a person wrote.
    pub said: String,
}

/// The values for a detail page; `href` is where its figures open, `people` names persons by id.
pub fn shown(fields: &[Field], values: &Values, href: &str, people: &BTreeMap<String, String>) -> Vec<Shown> {
    let one = |field: &Field| {
        let value = values.get(&field.id)?;
        let empty = Shown { label: field.label.clone(), ..Shown::default() };
        let text = value.as_str().unwrap_or_default();
        Some(match field.kind {
            FieldKind::Number => {
                let unit = field.unit.unwrap_or(Unit::Items);
                let figure = Figure::of(Reported::Value(value.as_i64()?), unit, href, field.label.clone());
                Shown { figure: Some(figure), ..empty }
            }
            FieldKind::Date => Shown { date: Some(text.to_owned()), ..empty },
            FieldKind::Yes => Shown { word: "是".to_owned(), ..empty },
            FieldKind::Choice => {
                let option = field.options.iter().find(|option| option.id == text);
                Shown { word: option.map_or_else(|| text.to_owned(), |option| option.name.clone()), ..empty }
            }
            FieldKind::Person => Shown { said: people.get(text).cloned().unwrap_or_default(), ..empty },
            FieldKind::Text | FieldKind::LongText | FieldKind::Enterprise | FieldKind::Chain => {
                Shown { said: text.to_owned(), ..empty }
            }
        })
    };
    fields.iter().filter_map(one).collect()
}

/// The stored JSON of a row's fields; what cannot be read is empty.
pub fn parse(json: &str) -> Values {
    serde_json::from_str(json).unwrap_or_default()
}

/// As the rules see them.
pub fn facts(values: &Values) -> BTreeMap<String, FieldValue> {
    let fact = |value: &serde_json::Value| match value {
        serde_json::Value::Number(number) => number.as_i64().map(FieldValue::Number),
        serde_json::Value::Bool(yes) => Some(FieldValue::Yes(*yes)),
        serde_json::Value::String(text) => Some(FieldValue::Text(text.clone())),
        _ => None,
    };
    values.iter().filter_map(|(id, value)| Some((id.clone(), fact(value)?))).collect()
}
