//! The rows of a sheet, streamed: a sheet is never laid out as a rectangle, because two cells in opposite corners of it
//! would fill the memory. Places that are left out, in rows or cells, follow from those before.

use super::MAX_CHARS;
use super::book::{Book, Style};
use super::collect::Flow;
use super::guard::{Outcome, Stop};
use super::merges::place;
use super::raw::{Raw, RawRow};
use super::xml::{Xml, attribute, is_set, sign, with_signs};
use crate::cell::parse_moment;
use quick_xml::events::{BytesStart, Event};

/// Bytes of one text that are kept: more than [`MAX_CHARS`] characters, to see that it is too long.
const MOST: usize = MAX_CHARS * 8;

/// Who takes the rows of a sheet.
pub(super) trait Taker {
    /// Columns that are hidden, from 0; told before the rows.
    fn hidden_columns(&mut self, _first: u32, _last: u32) {}

    /// A row with at least one cell; rows come in order.
    fn row(&mut self, row: RawRow) -> Outcome<Flow>;
}

/// Adds to a text as long as it is not too long in any case.
pub(super) fn push(text: &mut String, more: &str) {
    let room = MOST.saturating_sub(text.len());
    text.push_str(&more[..more.floor_char_boundary(room)]);
}

/// What a cell says it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Number,
    Shared,
    Inline,
    Text,
    Truth,
    Error,
    Day,
}

/// The beginning of a cell.
struct Head {
    at: Option<(u32, u32)>,
    holds: Holds,
    style: usize,
}

/// What the next tag means.
enum Step {
    Data,
    Columns(u32, u32),
    Row(Option<u32>, bool),
    Cell(Head, bool),
    RowEnds,
    Ends,
    Other,
}

pub(super) struct Rows<'b> {
    book: &'b Book<'b>,
    inside: bool,
    /// The row in hand, from 0, and the one that follows where its number is left out.
    row: u32,
    next: u32,
    /// The column that follows where it is left out.
    column: u32,
    hidden: bool,
    cells: Vec<(u32, Raw)>,
    /// The last row that was handed over.
    last: Option<u32>,
    value: String,
    inline: String,
}

impl<'b> Rows<'b> {
    pub(super) fn new(book: &'b Book<'b>) -> Self {
        Self {
            book,
            inside: false,
            row: 0,
            next: 0,
            column: 0,
            hidden: false,
            cells: Vec::new(),
            last: None,
            value: String::new(),
            inline: String::new(),
        }
    }

    pub(super) fn read(mut self, xml: &mut Xml<'_>, taker: &mut dyn Taker) -> Outcome<()> {
        loop {
            let step = self.step(xml)?;
            let flow = match step {
                Step::Data => {
                    self.inside = true;
                    Flow::Go
                }
                Step::Columns(first, last) => {
                    taker.hidden_columns(first, last);
                    Flow::Go
                }
                Step::Row(number, hidden) => {
                    let flow = self.flush(taker)?;
                    self.book.count_cell()?;
                    self.row = number.unwrap_or(self.next);
                    self.next = self.row.saturating_add(1);
                    (self.column, self.hidden) = (0, hidden);
                    flow
                }
                Step::Cell(head, open) => self.cell(xml, head, open, taker)?,
                Step::RowEnds => self.flush(taker)?,
                Step::Ends => return self.flush(taker).map(|_| ()),
                Step::Other => Flow::Go,
            };
            if flow == Flow::Stop {
                return Ok(());
            }
        }
    }

    fn step(&self, xml: &mut Xml<'_>) -> Outcome<Step> {
        Ok(match xml.event()? {
            Event::Start(tag) => match tag.local_name().into_inner() {
                "sheetData" => Step::Data,
                "row" if self.inside => row_of(&tag)?,
                "c" if self.inside => Step::Cell(head_of(&tag)?, true),
                "col" if !self.inside => columns_of(&tag),
                _ => Step::Other,
            },
            Event::Empty(tag) => match tag.local_name().into_inner() {
                "sheetData" => Step::Ends,
                "row" if self.inside => row_of(&tag)?,
                "c" if self.inside => Step::Cell(head_of(&tag)?, false),
                "col" if !self.inside => columns_of(&tag),
                _ => Step::Other,
            },
            Event::End(tag) => match tag.local_name().into_inner() {
                "row" if self.inside => Step::RowEnds,
                "sheetData" => Step::Ends,
                _ => Step::Other,
            },
            // Without its end, nobody knows what is missing.
            Event::Eof => return Err(Stop::Damaged),
            _ => Step::Other,
        })
    }

    fn cell(&mut self, xml: &mut Xml<'_>, head: Head, open: bool, taker: &mut dyn Taker) -> Outcome<Flow> {
        self.book.count_cell()?;
        let (row, column) = head.at.unwrap_or((self.row, self.column));
        self.column = column.saturating_add(1);
        let raw = if open { self.raw(xml, &head)? } else { None };
        let Some(raw) = raw else { return Ok(Flow::Go) };
        // The limits of the format.
        if row >= 1 << 20 || column >= 1 << 14 {
            return Err(Stop::Damaged);
        }
        let flow = if row == self.row { Flow::Go } else { self.flush(taker)? };
        (self.row, self.next) = (row, row.saturating_add(1));
        self.cells.push((column, raw));
        if self.cells.len() > 1 << 14 { Err(Stop::Damaged) } else { Ok(flow) }
    }

    /// Hands over the row in hand. Rows that go back are refused: no program writes them, and taking them would mean
    /// holding the whole sheet.
    fn flush(&mut self, taker: &mut dyn Taker) -> Outcome<Flow> {
        if self.cells.is_empty() {
            return Ok(Flow::Go);
        }
        let mut cells = std::mem::take(&mut self.cells);
        if !cells.is_sorted_by_key(|(column, _)| *column) {
            cells.sort_by_key(|(column, _)| *column);
        }
        let twice = cells.windows(2).any(|pair| pair[0].0 == pair[1].0);
        if twice || self.last.is_some_and(|last| self.row <= last) {
            return Err(Stop::Damaged);
        }
        self.last = Some(self.row);
        taker.row(RawRow { number: self.row + 1, cells, hidden: self.hidden, ..RawRow::default() })
    }

    /// What stands in a cell that is begun; `None` where it is empty.
    fn raw(&mut self, xml: &mut Xml<'_>, head: &Head) -> Outcome<Option<Raw>> {
        #[derive(Clone, Copy, PartialEq)]
        enum Within {
            Value,
            Inline,
            Nothing,
        }
        let (mut place, mut phonetic) = (Within::Nothing, false);
        let (mut value, mut inline, mut formula) = (false, false, false);
        self.value.clear();
        self.inline.clear();
        loop {
            match xml.event()? {
                Event::Start(tag) => match tag.local_name().into_inner() {
                    "v" => (place, value) = (Within::Value, true),
                    "is" => inline = true,
                    "t" if inline && !phonetic => place = Within::Inline,
                    "rPh" => phonetic = true,
                    "f" => formula = true,
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().into_inner() {
                    "v" => value = true,
                    "is" => inline = true,
                    "f" => formula = true,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().into_inner() {
                    "c" => break,
                    "v" | "t" => place = Within::Nothing,
                    "rPh" => phonetic = false,
                    _ => {}
                },
                Event::Text(text) if place == Within::Value => push(&mut self.value, &text),
                Event::Text(text) if place == Within::Inline => push(&mut self.inline, &text),
                Event::CData(text) if place == Within::Value => push(&mut self.value, &text),
                Event::CData(text) if place == Within::Inline => push(&mut self.inline, &text),
                Event::GeneralRef(reference) if place != Within::Nothing => {
                    let into = if place == Within::Value { &mut self.value } else { &mut self.inline };
                    push(into, sign(&reference)?.encode_utf8(&mut [0; 4]));
                }
                Event::Eof => return Err(Stop::Damaged),
                _ => {}
            }
        }
        if inline {
            return Ok(Some(Raw::text(&with_signs(&self.inline))));
        }
        if !value {
            return Ok(formula.then_some(Raw::Uncomputed));
        }
        self.meant(head, formula)
    }

    /// What the value of a cell means.
    fn meant(&self, head: &Head, formula: bool) -> Outcome<Option<Raw>> {
        let plain = self.value.trim();
        Ok(Some(match head.holds {
            // A formula that ends in an empty text is an empty cell, not one that was never computed.
            Holds::Text | Holds::Inline => Raw::text(&with_signs(&self.value)),
            Holds::Error => Raw::error(plain),
            _ if plain.is_empty() => return Ok(formula.then_some(Raw::Uncomputed)),
            Holds::Shared => self.book.text(plain.parse::<usize>().map_err(|_| Stop::Damaged)?)?,
            Holds::Truth => Raw::text(if matches!(plain, "1" | "true") { "TRUE" } else { "FALSE" }),
            Holds::Day => match parse_moment(plain) {
                Some((date, minutes)) => Raw::At(date, minutes),
                None => Raw::text(plain),
            },
            Holds::Number => match plain.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => match self.book.style(head.style)? {
                    Style::Number => Raw::Number(number),
                    Style::Share => Raw::Share(number),
                    Style::Scaled => Raw::Scaled(number),
                    Style::Moment => Raw::Moment(number),
                },
                None => Raw::text(plain),
            },
        }))
    }
}

fn row_of(tag: &BytesStart<'_>) -> Outcome<Step> {
    let number = match attribute(tag, "r") {
        Some(number) => {
            Some(number.trim().parse::<u32>().ok().and_then(|row| row.checked_sub(1)).ok_or(Stop::Damaged)?)
        }
        None => None,
    };
    let flat = attribute(tag, "ht").is_some_and(|height| height.parse::<f64>() == Ok(0.0));
    Ok(Step::Row(number, is_set(tag, "hidden") || flat))
}

fn head_of(tag: &BytesStart<'_>) -> Outcome<Head> {
    let at = match attribute(tag, "r") {
        Some(name) => Some(place(name.trim()).ok_or(Stop::Damaged)?),
        None => None,
    };
    let holds = match attribute(tag, "t").as_deref() {
        Some("s") => Holds::Shared,
        Some("inlineStr") => Holds::Inline,
        Some("str") => Holds::Text,
        Some("b") => Holds::Truth,
        Some("e") => Holds::Error,
        Some("d") => Holds::Day,
        _ => Holds::Number,
    };
    let style = attribute(tag, "s").and_then(|style| style.trim().parse().ok()).unwrap_or(0);
    Ok(Head { at, holds, style })
}

fn columns_of(tag: &BytesStart<'_>) -> Step {
    let number = |name: &str| attribute(tag, name)?.trim().parse::<u32>().ok()?.checked_sub(1);
    let flat = attribute(tag, "width").is_some_and(|width| width.parse::<f64>() == Ok(0.0));
    match (number("min"), number("max")) {
        (Some(first), Some(last)) if is_set(tag, "hidden") || flat => Step::Columns(first, last),
        _ => Step::Other,
    }
}
