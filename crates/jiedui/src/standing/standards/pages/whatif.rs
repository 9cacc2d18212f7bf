//! 试算: a few figures changed, to see what would be attained. Nothing is stored.

use super::gaps::{StandardView, hold, standards, stood};
use crate::evidence::profiles::rules::{read_value, typed};
use crate::network::registry;
use jiedui_kernel::{FieldError, Reported, Result};
use jiedui_programme::{Element, ElementKind, Programme, Standard, Values, attainment};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Field, Page, Reply};
use serde::Serialize;
use std::collections::BTreeSet;

/// An element with what was accepted.
#[derive(Serialize)]
struct Row {
    before: String,
    field: Field,
}

#[derive(Serialize)]
struct ShowView {
    school: Link,
    base: String,
    gaps: String,
    rows: Vec<Row>,
    /// Names of the elements that differ from what was accepted.
    changed: Vec<String>,
    errors: Vec<FieldError>,
    own: Option<StandardView>,
    next: Option<StandardView>,
}

/// The asked elements on which these standards depend, through figured ones too.
fn elements<'a>(programme: &'a Programme, standards: &[&Standard]) -> Vec<&'a Element> {
    let mut wanted: BTreeSet<&str> = programme
        .thresholds
        .iter()
        .filter(|threshold| standards.iter().any(|standard| standard.id == threshold.standard))
        .filter_map(|threshold| threshold.element.as_deref())
        .collect();
    // Figured elements may rest on figured ones: go on until nothing new turns up.
    loop {
        let parts = programme.elements.iter().filter(|element| wanted.contains(element.id.as_str()));
        let derived = parts.filter_map(|element| element.derived.as_ref());
        let more: BTreeSet<&str> =
            derived.flat_map(|of| of.of.iter().chain(&of.by)).map(String::as_str).collect();
        let before = wanted.len();
        wanted.extend(more);
        if wanted.len() == before {
            break;
        }
    }
    let number =
        |element: &&Element| element.kind == ElementKind::Number && wanted.contains(element.id.as_str());
    programme.asked_elements().filter(number).collect()
}

/// The form as it stands, and the values that it makes.
struct Tried {
    values: Values,
    rows: Vec<Row>,
    changed: Vec<String>,
    errors: Vec<FieldError>,
}

impl Tried {
    /// One element: what was typed, or what was accepted where nothing was sent; an emptied field is not known.
    fn take(&mut self, element: &Element, query: &FormValues) {
        let known = self.values.get(&element.id).copied().unwrap_or(Reported::NotReported);
        let given = match (query.get("try") == "yes", known) {
            (true, _) => query.get(&element.id).to_owned(),
            (false, Reported::Value(value)) => typed(element, value),
            (false, _) => String::new(),
        };
        let value = match (given.as_str(), known) {
            ("", Reported::Value(_)) => Reported::NotReported,
            ("", known) => known,
            (text, known) => match read_value(element, text) {
                Ok(value) => Reported::Value(value),
                Err(why) => {
                    self.errors.push(FieldError::new(element.id.clone(), why.of(&element.name)));
                    known
                }
            },
        };
        if value != known {
            self.changed.push(element.name.clone());
        }
        self.values.insert(element.id.clone(), value);
        let mut field = Field::new(&element.id, &element.name).required().value(given).error(&self.errors);
        field.unit = element.unit.label().to_owned();
        let before = match known {
            Reported::Value(value) => format!("{} {}", typed(element, value), element.unit.label()),
            other => other.label().unwrap_or_default().to_owned(),
        };
        self.rows.push(Row { before, field });
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let stood = stood(ctx).await?;
    let (own, next) = standards(&programme, &stood, ctx.today);
    let both: Vec<&Standard> = own.into_iter().chain(next).collect();
    let values = stood.values();
    let mut tried = Tried { values, rows: Vec::new(), changed: Vec::new(), errors: Vec::new() };
    for element in elements(&programme, &both) {
        tried.take(element, &ctx.query);
    }
    let school = stood.org.id.clone();
    let mut held = Vec::new();
    for standard in [own, next] {
        held.push(match standard {
            Some(standard) => {
                let found = attainment(&programme, standard, &tried.values, &stood.confirmed, ctx.today);
                Some(hold(ctx, &school, standard, &found).await?)
            }
            None => None,
        });
    }
    let next = held.pop().flatten();
    let view = ShowView {
        school: registry::link(&school, &stood.org.name),
        base: format!("/attainment/{school}/whatif"),
        gaps: format!("/attainment/{school}/gaps"),
        rows: tried.rows,
        changed: tried.changed,
        own: held.pop().flatten(),
        next,
        errors: tried.errors,
    };
    let page = Page::new(
        format!("试算：{}", stood.org.name),
        "改几个数，看会不会达标、离升格缺口多少；只是试算，什么也不保存。",
    )
    .clause("T2.3")
    .back(view.gaps.clone(), "达标情况")
    .kind("form");
    let bad = !view.errors.is_empty();
    Ok(Reply::view("standing/standards/whatif.html", page, &view)?.refused(bad))
}
