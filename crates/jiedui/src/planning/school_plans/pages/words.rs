//! Cells of a plan's rows as pages show them: an id becomes a name, a number a figure.

use crate::planning::needs::NeedRow;
use crate::planning::school_plans::body::{self, Column, Holds, LEVELS, PARTIES, UNITS};
use crate::planning::school_plans::data::PlanRow;
use crate::shared::papers::kept_day_words;
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::Programme;
use jiedui_web::figure::Figure;
use serde::Serialize;
use std::collections::HashMap;

/// One cell. Exactly one of the values is there, or none where nothing was written.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    label: &'static str,
    figure: Option<serde_json::Value>,
    date: Option<String>,
    clause: Option<Clause>,
    /// A word of ours.
    word: &'static str,
    /// What a person wrote.
    said: String,
}

impl Cell {
    /// What it says, on paper.
    pub fn text(&self) -> String {
        let figure = self.figure.as_ref().map(|figure| {
            let part = |name: &str| figure.get(name).and_then(|part| part.as_str()).unwrap_or_default();
            format!("{}{}", part("value"), part("unit"))
        });
        let clause = self.clause.as_ref().map(|clause| clause.title.clone());
        let date = self.date.as_deref().map(kept_day_words);
        let plain = if self.word.is_empty() { self.said.clone() } else { self.word.to_owned() };
        figure.or(date).or(clause).unwrap_or(plain)
    }

    /// A text that a person wrote, without a heading.
    pub fn said(text: String) -> Self {
        Self { said: text, ..Self::default() }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Clause {
    id: String,
    title: String,
}

/// What turns ids into names, for one plan.
pub struct Words<'a> {
    programme: &'a Programme,
    needs: HashMap<&'a str, &'a NeedRow>,
    here: String,
}

impl<'a> Words<'a> {
    pub fn new(programme: &'a Programme, row: &PlanRow, needs: &'a [NeedRow]) -> Self {
        let needs = needs.iter().map(|need| (need.id.as_str(), need)).collect();
        Self { programme, needs, here: format!("/plans/{}", row.id) }
    }

    /// The cells of a row, in the order of its columns.
    pub fn cells(&self, columns: &'static [Column], row: &[String]) -> Vec<Cell> {
        let unit_at = columns.iter().position(|column| column.holds == Holds::Unit);
        let indicator_at = columns.iter().position(|column| column.holds == Holds::Indicator);
        let at = |place: Option<usize>| place.and_then(|at| row.get(at)).map_or("", String::as_str);
        let shown = columns.iter().zip(row).filter(|(column, _)| column.holds != Holds::Unit);
        shown.map(|(column, text)| self.cell(column, text, at(indicator_at), at(unit_at))).collect()
    }

    fn cell(&self, column: &'static Column, text: &str, indicator: &str, unit: &str) -> Cell {
        let empty = Cell { label: column.label, ..Cell::default() };
        if text.is_empty() {
            return empty;
        }
        let figure = |value: &str, unit: &'static str, href: String| {
            let figure = Figure {
                value: Some(value.to_owned()),
                unit,
                raw: None,
                ..Figure::of(Reported::NotReported, Unit::Items, href, column.label)
            };
            Cell { figure: serde_json::to_value(figure).ok(), ..empty.clone() }
        };
        match column.holds {
            Holds::Text(_) => Cell { said: text.to_owned(), ..empty },
            Holds::Day => Cell { date: Some(text.to_owned()), ..empty },
            Holds::Whole => {
                let of = self.programme.indicator(indicator);
                let href = of.map_or_else(|| self.here.clone(), |of| format!("/indicators/{}", of.id));
                figure(text, of.map_or("", |of| of.unit.label()), href)
            }
            Holds::Hundredths => figure(text, body::name_in(&UNITS, unit), self.here.clone()),
            Holds::Money => figure(text, "万元", self.here.clone()),
            Holds::Indicator => {
                let name = self.programme.indicator(text).map(|of| of.name.clone());
                Cell { said: name.unwrap_or_else(|| text.to_owned()), ..empty }
            }
            Holds::Clause => {
                let of = self.programme.clauses.iter().find(|clause| clause.id == text);
                let title = of.map(|clause| clause.title.clone()).unwrap_or_default();
                Cell { clause: Some(Clause { id: text.to_owned(), title }), ..empty }
            }
            Holds::Need => match self.needs.get(text) {
                Some(need) => Cell { said: need.title.clone(), ..empty },
                None => Cell { word: "需求不在可查看的范围内", ..empty },
            },
            Holds::ConsentParty => Cell { word: body::name_in(&PARTIES, text), ..empty },
            Holds::Level => Cell { word: body::name_in(&LEVELS, text), ..empty },
            Holds::Unit => Cell { word: body::name_in(&UNITS, text), ..empty },
        }
    }
}

/// The headings over such rows.
pub fn headings(columns: &'static [Column]) -> Vec<&'static str> {
    columns.iter().filter(|column| column.holds != Holds::Unit).map(|column| column.label).collect()
}
