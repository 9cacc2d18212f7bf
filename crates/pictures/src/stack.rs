//! Stacked bars: what a whole is made of. Parts are told apart by hatches, in the order of the legend.

use crate::draw::Drawn;
use crate::mark::{Mark, number_said};
use crate::measure::{fit, scaled, width};
use crate::sheet::{Area, Ground, Key, Sheet, label, label_to};
use crate::svg::rect;
use crate::table::{Cell, Table};
use crate::{MOST_COLUMNS, MOST_ROWS};
use jiedui_kernel::Unit;

/// So many parts have a hatch of their own; those beyond take the last one.
const PARTS: usize = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    pub title: String,
    pub unit: Unit,
    /// The names of the parts: 确认, 待确认; 省级, 市级, 自筹.
    pub parts: Vec<String>,
    pub rows: Vec<StackRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackRow {
    pub label: String,
    pub href: Option<String>,
    /// One for each part, in its order.
    pub values: Vec<Mark>,
}

impl Stack {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        parts: impl IntoIterator<Item = S>,
    ) -> Self {
        let parts = parts.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, parts, rows: Vec::new() }
    }

    #[must_use]
    pub fn row(mut self, row: StackRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl StackRow {
    /// Values in the order of the parts; the labels of the marks are those of the parts.
    pub fn new(label: impl Into<String>, values: Vec<Mark>) -> Self {
        Self { label: label.into(), href: None, values }
    }

    /// Where the whole row opens.
    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

const GROUNDS: [Ground; PARTS] =
    [Ground::Solid, Ground::Hatched, Ground::Dotted, Ground::Empty, Ground::Crossed, Ground::Upright];

/// Where label, bar and sum stand.
const LABEL: i64 = 190;
const FROM: i64 = 200;
const LENGTH: i64 = 370;

fn ground(part: usize) -> Ground {
    GROUNDS[part.min(PARTS - 1)]
}

impl StackRow {
    /// The sum of what is known; none where nothing is.
    fn sum(&self) -> Option<i64> {
        self.values.iter().filter_map(Mark::number).reduce(i64::saturating_add)
    }

    fn sum_said(&self, unit: Unit) -> String {
        self.sum().map_or_else(|| "没有数据".to_owned(), |sum| number_said(sum, unit))
    }

    fn address(&self) -> Option<&str> {
        self.href.as_deref()
    }
}

impl Stack {
    fn part<'a>(&'a self, at: usize, value: &'a Mark) -> &'a str {
        self.parts.get(at).unwrap_or(&value.label)
    }

    /// 省级 120万元，市级 30万元.
    fn parts_said(&self, row: &StackRow) -> String {
        let said = |(at, value): (usize, &Mark)| {
            let part = self.part(at, value);
            format!("{part} {}", value.said(self.unit))
        };
        row.values.iter().enumerate().map(said).collect::<Vec<_>>().join("，")
    }

    fn draw_row(&self, row: &StackRow, whole: i64, sheet: &mut Sheet) {
        let (top, height) = (sheet.height, sheet.by_size(56, 74));
        let (from, length) = sheet.by_size((FROM, LENGTH), (0, sheet.width));
        let y = top + sheet.by_size(6, 26);
        let sum = row.sum_said(self.unit);
        let said = format!("{}：合计{sum}，{}", row.label, self.parts_said(row));
        let room = sheet.by_size(LABEL, sheet.width - width(&sum) - 12);
        // The name opens the whole row, and each part its own rows.
        let area = Area::new(0, top, sheet.by_size(LABEL, sheet.width), sheet.by_size(height, 25));
        let mut node = sheet.mark(&said, row.address(), area);
        let line = top + sheet.by_size(23, 19);
        node.push(label(0, line, &fit(&row.label, room)));
        let sum_room = sheet.by_size(sheet.width - FROM - LENGTH - 8, sheet.width);
        sheet.push(node);
        sheet.push(label_to(sheet.width, line, &fit(&sum, sum_room)).class("figure"));
        sheet.push(rect(from, y, length, 24).class("pic-track"));
        let mut x = from;
        for (at, value) in row.values.iter().take(MOST_COLUMNS).enumerate() {
            let end = (x + scaled(value.number().unwrap_or(0), whole, length)).min(from + length);
            let said = format!("{}，{}：{}", row.label, self.part(at, value), value.said(self.unit));
            let area = Area::new(x, y, end - x, 24);
            let mut part = sheet.mark(&said, value.address(), area);
            part.push(sheet.filled(area, ground(at)));
            sheet.push(part);
            x = end;
        }
        let parts = fit(&self.parts_said(row), sheet.width - from);
        sheet.push(label(from, y + 40, &parts).class("figure pic-soft"));
        sheet.height = top + height;
    }
}

impl Drawn for Stack {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (self.rows.len(), MOST_ROWS)
    }

    fn clauses(&self) -> Vec<String> {
        let said = |row: &StackRow| {
            format!("{}：合计{}，{}", row.label, row.sum_said(self.unit), self.parts_said(row))
        };
        self.rows.iter().map(said).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        // What is below nothing is drawn as nothing, so that the rest keeps its length.
        let above = |row: &StackRow| {
            row.values
                .iter()
                .filter_map(Mark::number)
                .fold(0_i64, |sum, value| sum.saturating_add(value.max(0)))
        };
        let whole = self.rows.iter().map(above).max().unwrap_or(0);
        for row in self.rows.iter().take(MOST_ROWS) {
            self.draw_row(row, whole, sheet);
        }
        let keys: Vec<(Key, String)> = self
            .parts
            .iter()
            .take(PARTS)
            .enumerate()
            .map(|(at, part)| (Key::Area(ground(at)), part.clone()))
            .collect();
        sheet.legend(&keys);
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["名称", "合计"]);
        table.headings.extend(self.parts.iter().cloned());
        for row in &self.rows {
            let mut cells = vec![
                Cell::link(&row.label, row.href.as_ref()),
                Cell::number(row.sum_said(self.unit), row.href.as_ref()),
            ];
            let value = |at: usize| row.values.get(at).map(|value| Cell::value(value, self.unit));
            cells.extend((0..self.parts.len()).map(|at| value(at).unwrap_or_else(|| Cell::number("", None))));
            table.rows.push(cells);
        }
        table
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        let mut all = Vec::new();
        for row in &self.rows {
            all.push(&row.href);
            all.extend(row.values.iter().map(|value| &value.href));
        }
        all
    }

    fn fullest(&self) -> usize {
        self.parts.len()
    }

    fn outside(&self) -> Option<String> {
        let long = self.rows.iter().find(|row| row.values.len() > self.parts.len().min(MOST_COLUMNS));
        long.map(|row| row.label.clone())
    }
}
