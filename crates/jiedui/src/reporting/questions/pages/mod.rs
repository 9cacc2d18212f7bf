//! Pages of questions, and what they show alike: an answer as a table, and what it lacks.

pub mod kept;
pub mod list;
pub mod new;
pub mod request;
pub mod show;

use super::actions::answer::{Answered, Lack};
use super::rules::Asked;
use super::rules::answer::{Answer, AnswerCell, AnswerChange, AnswerFigure, Said};
use crate::network::registry;
use crate::shared::settled::{self, Settled};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use serde::Serialize;

/// A table with a row for each part of the province and a column for each figure.
#[derive(Serialize)]
pub struct AnswerView {
    by: String,
    heads: Vec<String>,
    rows: Vec<UnitLine>,
    as_of: String,
}

#[derive(Serialize)]
struct UnitLine {
    name: String,
    cells: Vec<CellView>,
}

#[derive(Serialize)]
struct CellView {
    /// One number, where claimed and confirmed are the same.
    single: bool,
    claimed: Figure,
    confirmed: Figure,
}

fn table(answer: &Answer, figures: Vec<Vec<(Figure, Figure)>>) -> AnswerView {
    let cells = |pairs: Vec<(Figure, Figure)>| {
        let cell = |((claimed, confirmed), figure): ((Figure, Figure), &AnswerFigure)| CellView {
            single: figure.single,
            claimed,
            confirmed,
        };
        pairs.into_iter().zip(&answer.figures).map(cell).collect()
    };
    let rows = answer.units.iter().zip(figures);
    AnswerView {
        by: answer.by.clone(),
        heads: answer.figures.iter().map(|figure| figure.name.clone()).collect(),
        rows: rows.map(|(unit, pairs)| UnitLine { name: unit.name.clone(), cells: cells(pairs) }).collect(),
        as_of: answer.as_of.to_string(),
    }
}

/// What is said of the months that are asked for; nothing where a whole year is, nor where the answer is what was reported on a
/// day: that changes no more, whatever is accepted.
pub async fn settled_in(ctx: &mut RequestContext, asked: &Asked) -> Result<Option<Settled>> {
    match (asked.months, asked.as_of) {
        ((0, _), _) | (_, Some(_)) => Ok(None),
        ((first, last), None) => settled::until(ctx, last.max(first)).await,
    }
}

pub fn live(made: &Answered) -> AnswerView {
    table(&made.answer, made.figures.clone())
}

/// The numbers as they were kept; they open to the rows as they are now.
pub fn frozen(answer: &Answer, now: &Answered) -> AnswerView {
    let href = |unit: &str, indicator: &str| {
        let at = now.answer.figures.iter().position(|figure| figure.indicator == indicator);
        let row = now.answer.units.iter().position(|one| one.key == unit);
        let opened = row.zip(at).and_then(|(row, at)| now.figures.get(row)?.get(at));
        opened.map_or_else(|| format!("/indicators/{indicator}"), |(claimed, _)| claimed.href.clone())
    };
    let cell = |unit: &str, cell: &AnswerCell, figure: &AnswerFigure| {
        let to = href(unit, &figure.indicator);
        let one =
            |said: &Said, which: &str| said.figure(figure.unit, &to, format!("{}（{which}）", figure.name));
        (one(&cell.claimed, "登记"), one(&cell.confirmed, "确认"))
    };
    let figures = answer.units.iter().map(|unit| {
        let cells = unit.cells.iter().zip(&answer.figures);
        cells.map(|(one, figure)| cell(&unit.key, one, figure)).collect()
    });
    table(answer, figures.collect())
}

/// A school that the figures lack.
#[derive(Serialize)]
pub struct LackLine {
    school: Link,
    place: String,
    year: i32,
    profile: String,
    why: StateMark,
    /// Who asked for it, and until when.
    asked: Option<(String, String)>,
}

pub fn lack_line(lack: &Lack) -> LackLine {
    LackLine {
        school: registry::link(&lack.school, &lack.name),
        place: lack.place.clone(),
        year: lack.year,
        profile: format!("/profiles/{}/{}", lack.school, lack.year),
        why: lack.why.mark(),
        asked: lack.asked.as_ref().map(|(by, due)| (by.clone(), due.to_string())),
    }
}

/// So many changes are shown; whoever wants more compares the two answers.
const CHANGES: usize = 100;

/// A figure that is another now.
#[derive(Serialize)]
pub struct ChangeLine {
    unit: String,
    name: String,
    what: &'static str,
    was: Option<Figure>,
    is: Option<Figure>,
}

pub fn change_lines(was: &Answer, is: &Answer) -> Vec<ChangeLine> {
    let line = |change: AnswerChange| {
        let AnswerChange { unit, figure, what, was, is } = change;
        let href = format!("/indicators/{}", figure.indicator);
        let one = |said: Option<Said>, which: &str| said.map(|said| said.figure(figure.unit, &href, which));
        ChangeLine {
            unit, name: figure.name.clone(), what, was: one(was, "存下的"), is: one(is, "现在的")
        }
    };
    was.changes(is).into_iter().take(CHANGES).map(line).collect()
}
