//! What lies when: a row for each project or party, spans and days on a true axis of time.

use crate::axis::Axis;
use crate::draw::{Drawn, day_said};
use crate::measure::fit;
use crate::sheet::{Area, Key, Sheet, label};
use crate::spans::{BAND, draw_moments, draw_spans, draw_today, keys};
use crate::svg::path;
use crate::table::{Cell, Table};
use crate::{MOST_COLUMNS, MOST_ROWS};
use jiedui_kernel::Date;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    pub title: String,
    /// The first and the last day drawn.
    pub from: Date,
    pub to: Date,
    pub today: Option<Date>,
    pub rows: Vec<TimelineRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineRow {
    /// A heading is written where it differs from the row before.
    pub group: Option<String>,
    pub label: String,
    pub href: Option<String>,
    /// Beside the label: 已确认 13 / 90人次. Quantities are written, never drawn on the axis of time.
    pub note: Option<String>,
    pub spans: Vec<Span>,
    pub moments: Vec<Moment>,
}

/// From the first to the last day, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    pub to: Date,
    pub kind: SpanKind,
    pub label: String,
    pub href: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanKind {
    /// 计划: an outline.
    Planned,
    /// 已登记待确认: hatched.
    Claimed,
    /// 已确认: solid.
    Confirmed,
    /// 已逾期: crossed.
    Late,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub day: Date,
    pub kind: MomentKind,
    pub label: String,
    pub href: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MomentKind {
    /// 已完成: a disc.
    Done,
    /// 已登记待确认: a ring.
    Claimed,
    /// 已预告: a square.
    Coming,
    /// 期限: a diamond.
    Due,
}

impl Timeline {
    pub fn new(title: impl Into<String>, from: Date, to: Date) -> Self {
        Self { title: title.into(), from, to, today: None, rows: Vec::new() }
    }

    /// The days of one year.
    pub fn of_year(title: impl Into<String>, year: i32) -> Option<Self> {
        let from = Date::from_ymd_opt(year, 1, 1)?;
        Some(Self::new(title, from, Date::from_ymd_opt(year, 12, 31)?))
    }

    #[must_use]
    pub fn today(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }

    #[must_use]
    pub fn row(mut self, row: TimelineRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl TimelineRow {
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            group: None,
            label: label.into(),
            href: None,
            note: None,
            spans: Vec::new(),
            moments: Vec::new(),
        }
    }

    #[must_use]
    pub fn in_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    #[must_use]
    pub fn moment(mut self, moment: Moment) -> Self {
        self.moments.push(moment);
        self
    }
}

impl Span {
    pub fn new(kind: SpanKind, (from, to): (Date, Date), label: impl Into<String>) -> Self {
        Self { from, to, kind, label: label.into(), href: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

impl Moment {
    pub fn new(kind: MomentKind, day: Date, label: impl Into<String>) -> Self {
        Self { day, kind, label: label.into(), href: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// Where the axis begins beside the labels, and the room that they have.
const FROM: i64 = 220;
const LABEL: i64 = 210;
/// The two lines in which years and months are written.
const HEAD: i64 = 48;

impl TimelineRow {
    fn said(&self) -> String {
        let mut parts = vec![self.label.clone()];
        parts.extend(self.note.clone());
        parts.extend(self.spans.iter().map(Span::said));
        parts.extend(self.moments.iter().map(Moment::said));
        parts.join("，")
    }

    /// Nothing of the row opens by itself: the whole row does.
    fn is_one(&self) -> bool {
        let of_spans = self.spans.iter().all(|span| span.href.is_none());
        of_spans && self.moments.iter().all(|moment| moment.href.is_none())
    }

    fn height(&self, sheet: &Sheet) -> i64 {
        let lines = if self.note.is_some() { 2 } else { 1 };
        sheet.by_size(12 + 20 * lines, 20 * lines + BAND + 10).max(30)
    }
}

impl Timeline {
    fn axis(&self, sheet: &Sheet) -> Axis {
        let (x, length) = sheet.by_size((FROM, sheet.width - FROM), (0, sheet.width));
        Axis { from: self.from, to: self.to.max(self.from), x, length }
    }

    fn shown(&self) -> impl Iterator<Item = &TimelineRow> {
        self.rows.iter().take(MOST_ROWS)
    }

    fn draw_row(&self, row: &TimelineRow, axis: &Axis, sheet: &mut Sheet) {
        let (top, height) = (sheet.height, row.height(sheet));
        sheet.height += height;
        let lines = height - BAND - 8;
        let area = match (row.is_one(), sheet.wide) {
            (true, _) => Area::new(0, top, sheet.width, height),
            (false, true) => Area::new(0, top, LABEL, height),
            (false, false) => Area::new(0, top, sheet.width, lines.max(24)),
        };
        let mut node = sheet.mark(&row.said(), row.href.as_deref(), area);
        let room = sheet.by_size(LABEL, sheet.width);
        node.push(label(0, top + 18, &fit(&row.label, room)));
        if let Some(note) = &row.note {
            node.push(label(0, top + 38, &fit(note, room)).class("pic-soft"));
        }
        sheet.push(node);
        let y = sheet.by_size(top + (height - BAND) / 2, top + height - BAND - 4);
        let spans: Vec<&Span> = row.spans.iter().take(MOST_COLUMNS).collect();
        let moments: Vec<&Moment> = row.moments.iter().take(MOST_COLUMNS).collect();
        draw_spans(&spans, axis, y, sheet);
        draw_moments(&moments, axis, y, sheet);
        let below = top + height;
        sheet.push(path(format_args!("M0 {below}L{} {below}", sheet.width)).class("pic-grid"));
    }

    /// The height of all rows and headings, which the strokes of the months run through.
    fn rows_height(&self, sheet: &Sheet) -> i64 {
        let mut height = 0;
        let mut group: Option<&str> = None;
        for row in self.shown() {
            if row.group.is_some() && row.group.as_deref() != group {
                height += GROUP;
            }
            group = row.group.as_deref();
            height += row.height(sheet);
        }
        height
    }
}

/// The height of a heading.
const GROUP: i64 = 32;

impl Drawn for Timeline {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (self.rows.len(), MOST_ROWS)
    }

    fn clauses(&self) -> Vec<String> {
        self.rows.iter().map(TimelineRow::said).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        let axis = self.axis(sheet);
        let bottom = HEAD + self.rows_height(sheet);
        axis.write(sheet, (16, bottom), true);
        draw_today(self.today, &axis, (HEAD - 4, bottom), sheet);
        sheet.height = HEAD;
        let mut group: Option<&str> = None;
        for row in self.shown() {
            if row.group.is_some() && row.group.as_deref() != group {
                let text = row.group.as_deref().unwrap_or_default();
                let y = sheet.height + 22;
                sheet.push(label(0, y, &fit(text, sheet.width)).class("figure pic-strong"));
                sheet.height += GROUP;
            }
            group = row.group.as_deref();
            self.draw_row(row, &axis, sheet);
        }
        let spans = self.shown().flat_map(|row| &row.spans);
        let mut keys = keys(spans, self.shown().flat_map(|row| &row.moments));
        if let Some(today) = self.today.filter(|today| axis.holds(*today)) {
            keys.push((Key::Stroke("pic-today"), format!("今天，{}", day_said(today))));
        }
        sheet.legend(&keys);
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["分组", "名称", "说明", "内容", "从", "到", "情况"]);
        for row in &self.rows {
            let mut push = |label: &str, days: [String; 2], word: &str, href: Option<&String>| {
                let [from, to] = days;
                table.rows.push(vec![
                    Cell::text(row.group.clone().unwrap_or_default()),
                    Cell::link(&row.label, row.href.as_ref()),
                    Cell::link(row.note.clone().unwrap_or_default(), row.href.as_ref()),
                    Cell::link(label, href),
                    Cell::text(from),
                    Cell::text(to),
                    Cell::text(word),
                ]);
            };
            for span in &row.spans {
                let days = [day_said(span.from), day_said(span.to)];
                push(&span.label, days, span.kind.word(), span.href.as_ref());
            }
            for moment in &row.moments {
                let days = [day_said(moment.day), String::new()];
                push(&moment.label, days, moment.kind.word(), moment.href.as_ref());
            }
            if row.spans.is_empty() && row.moments.is_empty() {
                push("", [String::new(), String::new()], "", None);
            }
        }
        table.without_empty_columns()
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        let mut all = Vec::new();
        for row in &self.rows {
            all.push(&row.href);
            all.extend(row.spans.iter().map(|span| &span.href));
            all.extend(row.moments.iter().map(|moment| &moment.href));
        }
        all
    }

    fn fullest(&self) -> usize {
        self.shown().map(|row| row.spans.len().max(row.moments.len())).max().unwrap_or(0)
    }

    fn outside(&self) -> Option<String> {
        let within = |day: Date| self.from <= day && day <= self.to;
        let span = |span: &Span| span.from <= span.to && span.from <= self.to && self.from <= span.to;
        let fits = |row: &TimelineRow| {
            let count = row.spans.len().max(row.moments.len()) <= MOST_COLUMNS;
            count && row.spans.iter().all(span) && row.moments.iter().all(|moment| within(moment.day))
        };
        self.rows.iter().find(|row| !fits(row)).map(|row| row.label.clone())
    }
}
