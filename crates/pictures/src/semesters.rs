//! Stays: a row for each party and term, with the days on site on the days of the term, and their number against what is
//! asked.

use crate::axis::Axis;
use crate::draw::{Drawn, day_said};
use crate::mark::{Goal, number_said, said};
use crate::measure::{fit, width};
use crate::sheet::{Area, Key, Sheet, label, label_to};
use crate::spans::{BAND, draw_spans, draw_today, keys};
use crate::svg::{path, rect};
use crate::table::{Cell, Table};
use crate::timeline::Span;
use crate::{MOST_COLUMNS, MOST_ROWS};
use jiedui_kernel::{Date, Reported, Unit};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Semesters {
    pub title: String,
    /// The terms drawn beside one another, in their order.
    pub terms: Vec<Term>,
    pub today: Option<Date>,
    pub rows: Vec<StayRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// 2026年秋季学期.
    pub label: String,
    pub from: Date,
    pub to: Date,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayRow {
    pub label: String,
    pub href: Option<String>,
    pub spans: Vec<Span>,
    /// Confirmed days, and what is asked of them.
    pub days: Reported<i64>,
    pub goal: Option<Goal>,
    /// The latest day on which one can begin and still have the days.
    pub latest: Option<Date>,
}

impl Semesters {
    pub fn new(title: impl Into<String>, terms: Vec<Term>) -> Self {
        Self { title: title.into(), terms, today: None, rows: Vec::new() }
    }

    #[must_use]
    pub fn today(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }

    #[must_use]
    pub fn row(mut self, row: StayRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl Term {
    pub fn new(label: impl Into<String>, from: Date, to: Date) -> Self {
        Self { label: label.into(), from, to }
    }
}

impl StayRow {
    pub fn new(label: impl Into<String>, days: Reported<i64>) -> Self {
        Self { label: label.into(), href: None, spans: Vec::new(), days, goal: None, latest: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    #[must_use]
    pub fn against(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    #[must_use]
    pub fn begins_by(mut self, day: Date) -> Self {
        self.latest = Some(day);
        self
    }
}

/// More terms than this leave no room for their days.
const MOST_TERMS: usize = 4;
/// Where label, terms and days stand.
const LABEL: i64 = 160;
const FROM: i64 = 170;
const LENGTH: i64 = 420;
const WORDS: i64 = 600;
const HEAD: i64 = 48;
const GAP: i64 = 12;

impl StayRow {
    /// 19天 / 45天.
    fn words(&self) -> String {
        let days = said(self.days, Unit::Days);
        match &self.goal {
            Some(goal) => format!("{days} / {}", number_said(goal.value, Unit::Days)),
            None => days,
        }
    }

    fn verdict(&self) -> Option<String> {
        Some(self.goal.as_ref()?.verdict(self.days.value()?, Unit::Days))
    }

    fn said(&self) -> String {
        let mut parts = vec![format!("{}：{}", self.label, said(self.days, Unit::Days))];
        let goal = self.goal.as_ref();
        parts.extend(goal.map(|goal| format!("{}{}", goal.label, number_said(goal.value, Unit::Days))));
        parts.extend(self.verdict());
        parts.extend(self.latest.map(|day| format!("最迟{}开始", day_said(day))));
        parts.extend(self.spans.iter().map(Span::said));
        parts.join("，")
    }

    fn is_one(&self) -> bool {
        self.spans.iter().all(|span| span.href.is_none())
    }
}

impl Semesters {
    fn axes(&self, sheet: &Sheet) -> Vec<Axis> {
        let (from, length) = sheet.by_size((FROM, LENGTH), (0, sheet.width));
        let count = i64::try_from(self.terms.len().clamp(1, MOST_TERMS)).unwrap_or(1);
        let each = (length - GAP * (count - 1)) / count;
        let mut x = from;
        let mut axes = Vec::new();
        for term in self.terms.iter().take(MOST_TERMS) {
            axes.push(Axis { from: term.from, to: term.to.max(term.from), x, length: each });
            x += each + GAP;
        }
        axes
    }

    fn draw_head(&self, axes: &[Axis], bottom: i64, sheet: &mut Sheet) {
        for (term, axis) in self.terms.iter().zip(axes) {
            let name = fit(&term.label, axis.length);
            sheet.push(label(axis.x, 16, &name).class("figure pic-strong"));
            axis.write(sheet, (38, bottom), false);
            draw_today(self.today, axis, (HEAD - 4, bottom), sheet);
        }
    }

    fn draw_row(&self, row: &StayRow, axes: &[Axis], sheet: &mut Sheet) {
        let (top, height) = (sheet.height, sheet.by_size(46, 76));
        sheet.height += height;
        let area = match (row.is_one(), sheet.wide) {
            (true, _) => Area::new(0, top, sheet.width, height),
            (false, true) => Area::new(0, top, LABEL, height),
            (false, false) => Area::new(0, top, sheet.width, 44),
        };
        let mut node = sheet.mark(&row.said(), row.href.as_deref(), area);
        let words = fit(&row.words(), sheet.by_size(sheet.width - WORDS, sheet.width));
        let room = sheet.by_size(LABEL, sheet.width - width(&words) - 12);
        node.push(label(0, top + 20, &fit(&row.label, room)));
        sheet.push(node);
        let (words_node, x, room) = if sheet.wide {
            (label(WORDS, top + 20, &words), WORDS, sheet.width - WORDS)
        } else {
            (label_to(sheet.width, top + 20, &words), 0, sheet.width)
        };
        sheet.push(words_node.class("figure"));
        if let Some(verdict) = row.verdict() {
            let met = row.goal.as_ref().zip(row.days.value()).is_some_and(|(goal, days)| goal.is_met(days));
            let class = if met { "figure pic-soft" } else { "figure pic-strong" };
            sheet.push(label(x, top + 40, &fit(&verdict, room)).class(class));
        }
        let y = top + sheet.by_size(10, 46);
        let spans: Vec<&Span> = row.spans.iter().take(MOST_COLUMNS).collect();
        for axis in axes {
            sheet.push(rect(axis.x, y + 7, axis.length, BAND - 14).class("pic-track"));
            draw_spans(&spans, axis, y, sheet);
            if let Some(day) = row.latest.filter(|day| axis.holds(*day)) {
                let x = axis.begins(day);
                sheet.push(path(format_args!("M{x} {y}L{x} {}", y + BAND)).class("pic-goal"));
            }
        }
    }
}

impl Drawn for Semesters {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (if self.terms.is_empty() { 0 } else { self.rows.len() }, MOST_ROWS)
    }

    fn clauses(&self) -> Vec<String> {
        self.rows.iter().map(StayRow::said).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        let axes = self.axes(sheet);
        let rows = || self.rows.iter().take(MOST_ROWS);
        let bottom = HEAD + sheet.by_size(46, 76) * i64::try_from(rows().count()).unwrap_or(0);
        self.draw_head(&axes, bottom, sheet);
        sheet.height = HEAD;
        for row in rows() {
            self.draw_row(row, &axes, sheet);
        }
        let mut keys = keys(rows().flat_map(|row| &row.spans), std::iter::empty());
        if rows().any(|row| row.latest.is_some()) {
            keys.push((Key::Stroke("pic-goal"), "最迟开始".to_owned()));
        }
        if let Some(today) = self.today.filter(|today| axes.iter().any(|axis| axis.holds(*today))) {
            keys.push((Key::Stroke("pic-today"), format!("今天，{}", day_said(today))));
        }
        sheet.legend(&keys);
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["名称", "天数", "应驻", "结果", "最迟开始", "常驻", "情况"]);
        for row in &self.rows {
            let goal = row.goal.as_ref().map(|goal| number_said(goal.value, Unit::Days));
            let of_row = || {
                vec![
                    Cell::link(&row.label, row.href.as_ref()),
                    Cell::number(said(row.days, Unit::Days), row.href.as_ref()),
                    Cell::number(goal.clone().unwrap_or_default(), None),
                    Cell::number(row.verdict().unwrap_or_default(), row.href.as_ref()),
                    Cell::text(row.latest.map(day_said).unwrap_or_default()),
                ]
            };
            for span in &row.spans {
                let days = format!("{}至{}", day_said(span.from), day_said(span.to));
                let of_span = [Cell::link(days, span.href.as_ref()), Cell::text(span.kind.word())];
                table.rows.push(of_row().into_iter().chain(of_span).collect());
            }
            if row.spans.is_empty() {
                table.rows.push(of_row().into_iter().chain([Cell::text(""), Cell::text("")]).collect());
            }
        }
        table.without_empty_columns()
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        let mut all = Vec::new();
        for row in &self.rows {
            all.push(&row.href);
            all.extend(row.spans.iter().map(|span| &span.href));
        }
        all
    }

    fn fullest(&self) -> usize {
        self.rows.iter().take(MOST_ROWS).map(|row| row.spans.len()).max().unwrap_or(0)
    }

    fn outside(&self) -> Option<String> {
        if self.terms.len() > MOST_TERMS {
            return Some(self.title.clone());
        }
        let in_term = |span: &Span| {
            span.from <= span.to && self.terms.iter().any(|term| span.from <= term.to && term.from <= span.to)
        };
        let fits = |row: &StayRow| row.spans.len() <= MOST_COLUMNS && row.spans.iter().all(in_term);
        self.rows.iter().find(|row| !fits(row)).map(|row| row.label.clone())
    }
}
