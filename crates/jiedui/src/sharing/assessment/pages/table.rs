//! All of the assessed as a table in the official order, never by points: for the office that assesses.

use super::{SchemeView, scheme};
use crate::sharing::assessment::actions::asked::slice;
use crate::sharing::assessment::data::SheetRow;
use crate::sharing::assessment::rules::parcel::{Asked, Dependence, Outturn, Subject, Yardstick};
use crate::sharing::assessment::rules::words;
use jiedui_kernel::Reported;
use jiedui_web::figure::Figure;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
pub struct TableView {
    columns: Vec<[String; 3]>,
    rows: Vec<SubjectLine>,
    /// What depends on the weights, in one sentence; none before it was computed.
    summary: Option<String>,
    scheme: SchemeView,
}

#[derive(Serialize)]
struct SubjectLine {
    name: String,
    place: String,
    /// Its sheet; "" before it has one.
    href: String,
    band: String,
    points: String,
    /// Between which bands other weights put it.
    range: String,
    depends: bool,
    /// How many others it may stand before or behind by other weights.
    open: String,
    cells: Vec<Cell>,
}

/// What an indicator was, and what it gave.
#[derive(Serialize)]
struct Cell {
    key: String,
    figure: Figure,
    points: String,
}

fn key(at: usize) -> String {
    format!("m{at}")
}

/// `sheets` is empty while it is only tried; `dependences` are none before they were computed.
pub fn table(
    asked: &Asked,
    (outturns, dependences): (&[Outturn], Option<&[Dependence]>),
    sheets: &[SheetRow],
) -> TableView {
    let column = |key: &str, heading: &str, look: &str| [key.to_owned(), heading.to_owned(), look.to_owned()];
    let mut columns = vec![
        column("subject", asked.scheme.assessed.label(), ""),
        column("band", "等次", ""),
        column("points", "得分", "num"),
    ];
    if dependences.is_some() {
        columns.push(column("range", "换权重时的等次和高低", ""));
    }
    let measured = asked.yardsticks.iter().enumerate();
    columns.extend(measured.map(|(at, one)| column(&key(at), &one.name, "num")));
    let sheets: HashMap<&str, &str> =
        sheets.iter().map(|sheet| (sheet.unit.as_str(), sheet.id.as_str())).collect();
    let line = |(at, outturn): (usize, &Outturn)| {
        let dependence = dependences.and_then(|all| all.get(at));
        let subject = asked.subject(&outturn.subject)?;
        let sheet = sheets.get(subject.id.as_str());
        Some(SubjectLine {
            name: subject.name.clone(),
            place: place(subject),
            href: sheet.map_or_else(String::new, |id| format!("/assessment-sheets/{id}")),
            band: words::band(asked, outturn),
            points: words::total(outturn),
            range: dependence.map(|of| words::range(asked, of)).unwrap_or_default(),
            depends: dependence.is_some_and(Dependence::depends),
            open: dependence.map(open).unwrap_or_default(),
            cells: cells(asked, subject),
        })
    };
    TableView {
        columns,
        rows: outturns.iter().enumerate().filter_map(line).collect(),
        summary: dependences.map(|all| words::summary(asked, all)),
        scheme: scheme(asked),
    }
}

/// Where it lies; nothing where its name says so.
fn place(of: &Subject) -> String {
    if of.school.is_empty() { String::new() } else { format!("{}{}", of.city, of.county) }
}

fn open(of: &Dependence) -> String {
    match (of.open, of.span) {
        (_, None) => "数不全，不比".to_owned(),
        (0, _) => "不变".to_owned(),
        (open, _) => format!("和 {open} 家的高低取决于权重"),
    }
}

fn cells(asked: &Asked, subject: &Subject) -> Vec<Cell> {
    let marks = subject.marks(&asked.scheme);
    let measured = asked.scheme.measured.iter().zip(&asked.yardsticks);
    let query = slice(subject, asked.year).query();
    let mut cells = Vec::with_capacity(marks.len());
    for ((of, yardstick), (figures, mark)) in measured.zip(subject.figures.iter().zip(&marks)) {
        cells.push(Cell {
            key: key(cells.len()),
            figure: figure(figures.value, yardstick, (&of.indicator, &query)),
            points: words::given(of, mark),
        });
    }
    cells
}

/// A figure that opens where its rows stand.
pub fn figure(value: Reported<i64>, yardstick: &Yardstick, (indicator, query): (&str, &str)) -> Figure {
    let unit = yardstick.unit;
    Figure::of(value, unit, format!("/indicators/{indicator}?{query}"), yardstick.name.clone())
}
