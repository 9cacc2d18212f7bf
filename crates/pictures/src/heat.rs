//! Rows by columns, each value written on a ground that grows denser with it.

use crate::draw::Drawn;
use crate::mark::{Mark, number_said};
use crate::measure::{fit, scaled, width};
use crate::sheet::{Area, Sheet, label, label_around};
use crate::svg::rect;
use crate::table::{Cell, Table};
use crate::{MOST_COLUMNS, MOST_ROWS};
use jiedui_kernel::Unit;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heat {
    pub title: String,
    pub unit: Unit,
    pub columns: Vec<String>,
    pub rows: Vec<HeatRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatRow {
    pub label: String,
    pub href: Option<String>,
    /// One for each column.
    pub cells: Vec<Mark>,
}

impl Heat {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        columns: impl IntoIterator<Item = S>,
    ) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, columns, rows: Vec::new() }
    }

    #[must_use]
    pub fn row(mut self, row: HeatRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl HeatRow {
    pub fn new(label: impl Into<String>, cells: Vec<Mark>) -> Self {
        Self { label: label.into(), href: None, cells }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// The grounds, from nothing to the most; numbers stand on all of them.
const LEVELS: [&str; 5] = ["pic-level-0", "pic-level-1", "pic-level-2", "pic-level-3", "pic-level-4"];
const MOST_CELLS: usize = 2400;
const LABEL: i64 = 150;
const CELL: i64 = 32;
const HEAD: i64 = 26;

/// Nothing is the first level, and the most the last.
fn level(value: i64, most: i64) -> &'static str {
    let last = LEVELS.len() - 1;
    if value <= 0 {
        return LEVELS[0];
    }
    let of = usize::try_from(scaled(value, most, 4)).unwrap_or(0);
    LEVELS[of.clamp(1, last)]
}

impl HeatRow {
    fn said(&self, heat: &Heat) -> String {
        let cells = heat.columns.iter().zip(&self.cells);
        let said: Vec<String> =
            cells.map(|(column, cell)| format!("{column}{}", cell.said(heat.unit))).collect();
        format!("{}：{}", self.label, said.join("，"))
    }
}

impl Heat {
    /// Wide tables have fewer rows: a page is sent with all cells, twice.
    fn most_rows(&self) -> usize {
        (MOST_CELLS / self.columns.len().clamp(1, MOST_COLUMNS)).min(MOST_ROWS)
    }

    fn draw_head(&self, (from, breadth): (i64, i64), sheet: &mut Sheet) {
        let mut free = 0;
        for (at, column) in self.columns.iter().take(MOST_COLUMNS).enumerate() {
            let x = from + breadth * i64::try_from(at).unwrap_or(0) + breadth / 2;
            let name = fit(column, sheet.width / 2);
            let half = width(&name) / 2;
            if x - half >= free {
                sheet.push(label_around(x, 18, &name, sheet).class("figure pic-tick"));
                free = x + half + 6;
            }
        }
        sheet.height = HEAD;
    }

    fn draw_row(&self, row: &HeatRow, (from, breadth, most): (i64, i64, i64), sheet: &mut Sheet) {
        let top = sheet.height;
        let y = top + sheet.by_size(0, 24);
        let area = sheet.by_size(Area::new(0, top, LABEL, CELL), Area::new(0, top, sheet.width, 24));
        let said = format!("{}，{}", row.label, self.title);
        let mut node = sheet.mark(&said, row.href.as_deref(), area);
        let line = top + sheet.by_size(21, 18);
        node.push(label(0, line, &fit(&row.label, area.width)));
        sheet.push(node);
        let mut x = from;
        for (cell, column) in row.cells.iter().take(MOST_COLUMNS).zip(&self.columns) {
            let said = format!("{}，{column}：{}", row.label, cell.said(self.unit));
            let area = Area::new(x, y, breadth, CELL);
            let mut node = sheet.mark(&said, cell.address(), area);
            let ground = rect(x, y, breadth, CELL);
            let printed = match cell.number() {
                Some(value) => {
                    node.push(ground.class(level(value, most)));
                    self.unit.shown(value).0
                }
                None => {
                    node.push(ground.class("pic-empty"));
                    "—".to_owned()
                }
            };
            if width(&printed) <= breadth {
                node.push(label(x + breadth / 2, y + 21, &printed).attr("text-anchor", "middle"));
            }
            sheet.push(node);
            x += breadth;
        }
        sheet.height = y + CELL + sheet.by_size(0, 6);
    }
}

impl Drawn for Heat {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (if self.columns.is_empty() { 0 } else { self.rows.len() }, self.most_rows())
    }

    fn clauses(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.said(self)).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        let most = cells.filter_map(Mark::number).max().unwrap_or(0);
        let from = sheet.by_size(LABEL + 10, 0);
        let count = i64::try_from(self.columns.len().clamp(1, MOST_COLUMNS)).unwrap_or(1);
        let breadth = ((sheet.width - from) / count).min(120);
        self.draw_head((from, breadth), sheet);
        for row in self.rows.iter().take(self.most_rows()) {
            self.draw_row(row, (from, breadth, most), sheet);
        }
        let word = number_said(most, self.unit);
        sheet.note(&format!("底色越深数值越大，最大{word}；—为没有数据"));
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["名称"]);
        table.headings.extend(self.columns.iter().cloned());
        for row in &self.rows {
            let cell = |at: usize| {
                row.cells.get(at).map_or_else(|| Cell::number("", None), |cell| Cell::value(cell, self.unit))
            };
            let name = Cell::link(&row.label, row.href.as_ref());
            table.rows.push(std::iter::once(name).chain((0..self.columns.len()).map(cell)).collect());
        }
        table
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        let mut all = Vec::new();
        for row in &self.rows {
            all.push(&row.href);
            all.extend(row.cells.iter().map(|cell| &cell.href));
        }
        all
    }

    fn fullest(&self) -> usize {
        self.columns.len()
    }

    fn outside(&self) -> Option<String> {
        let most = self.columns.len().min(MOST_COLUMNS);
        self.rows.iter().find(|row| row.cells.len() > most).map(|row| row.label.clone())
    }
}
