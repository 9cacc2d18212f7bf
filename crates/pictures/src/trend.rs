//! A curve over months or any other steps, with last year beside it and the path to the target.

use crate::MOST_COLUMNS;
use crate::draw::Drawn;
use crate::mark::{Mark, number_said};
use crate::measure::{between, fit, round_up, width};
use crate::sheet::{Area, Key, Sheet, disc, label, label_around, square};
use crate::svg::path;
use crate::table::{Cell, Table};
use jiedui_kernel::{Reported, Unit};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    pub title: String,
    pub unit: Unit,
    /// What the steps are, as a heading of the table: 月份.
    pub steps: String,
    /// What stands below: 1月 … 12月.
    pub ticks: Vec<String>,
    /// Where the axis begins; nothing, unless the values lie far from it.
    pub floor: i64,
    pub series: Vec<Series>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// 2026年, 2025年, 达到目标的进度.
    pub name: String,
    pub look: Look,
    /// One for each tick; fewer where the year is not over. What is not a value leaves a gap.
    pub points: Vec<Mark>,
}

/// How a curve is drawn, so that they are told apart without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Solid, with a round mark at each value: what it is about.
    Main,
    /// Dashed, with squares: last year, or what it is compared with.
    Before,
    /// Dotted, without marks: the path to the target, or what is only claimed.
    Path,
}

impl Trend {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        (steps, ticks): (&str, impl IntoIterator<Item = S>),
    ) -> Self {
        let ticks = ticks.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, steps: steps.to_owned(), ticks, floor: 0, series: Vec::new() }
    }

    /// By the twelve months of a year.
    pub fn by_month(title: impl Into<String>, unit: Unit) -> Self {
        Self::new(title, unit, ("月份", (1..=12).map(|month| format!("{month}月"))))
    }

    /// The axis begins here, which is written at it.
    #[must_use]
    pub fn begins_at(mut self, floor: i64) -> Self {
        self.floor = floor;
        self
    }

    #[must_use]
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// The same for whoever can open nothing of it.
    #[must_use]
    pub fn without_links(mut self) -> Self {
        let points = self.series.iter_mut().flat_map(|series| &mut series.points);
        points.for_each(|point| point.href = None);
        self
    }
}

impl Series {
    pub fn new(name: impl Into<String>, look: Look, points: Vec<Mark>) -> Self {
        Self { name: name.into(), look, points }
    }

    /// The straight path from nothing to the target at the last of `steps`.
    pub fn path_to(name: impl Into<String>, target: i64, steps: usize) -> Self {
        let of = i128::try_from(steps.max(1)).unwrap_or(1);
        let at = |step: usize| {
            let part = i128::from(target) * i128::try_from(step).unwrap_or(0) / of;
            Mark::new("", Reported::Value(i64::try_from(part).unwrap_or(target)))
        };
        Self::new(name, Look::Path, (1..=steps).map(at).collect())
    }
}

/// The height of the plot, and what stands above and below it.
const PLOT: i64 = 160;
const ABOVE: i64 = 40;
const BELOW: i64 = 24;

/// Where values lie on the sheet.
struct Plot {
    step: i64,
    top: i64,
    ends: (i64, i64),
}

impl Plot {
    fn x(&self, at: usize) -> i64 {
        let at = i64::try_from(at).unwrap_or(0);
        self.step * at + self.step / 2
    }

    fn y(&self, value: i64) -> i64 {
        self.top + PLOT - between(value, self.ends, PLOT)
    }
}

impl Trend {
    fn plot(&self, sheet: &Sheet) -> Plot {
        let values = self.series.iter().flat_map(|series| &series.points).filter_map(Mark::number);
        let (floor, most) = (self.floor, values.max().unwrap_or(0));
        let span = round_up(most.saturating_sub(floor).max(1));
        let count = i64::try_from(self.ticks.len().clamp(1, MOST_COLUMNS)).unwrap_or(1);
        Plot {
            step: sheet.width / count,
            top: sheet.height + ABOVE,
            ends: (floor, floor.saturating_add(span)),
        }
    }

    fn draw_ground(&self, plot: &Plot, sheet: &mut Sheet) {
        let (top, bottom) = (plot.top, plot.top + PLOT);
        for (y, value) in [(top, plot.ends.1), (bottom, plot.ends.0)] {
            sheet.push(path(format_args!("M0 {y}L{} {y}", sheet.width)).class("pic-grid"));
            if y == top || value != 0 {
                let said = fit(&number_said(value, self.unit), sheet.width);
                let above = if y == top { y - 24 } else { y - 4 };
                sheet.push(label(0, above, &said).class("figure pic-tick"));
            }
        }
        let mut free = 0;
        for (at, tick) in self.ticks.iter().take(MOST_COLUMNS).enumerate() {
            let tick = fit(tick, sheet.width);
            let x = plot.x(at);
            if x - width(&tick) / 2 >= free {
                sheet.push(label_around(x, bottom + 18, &tick, sheet).class("figure pic-tick"));
                free = x + width(&tick) / 2 + 8;
            }
        }
        sheet.height = bottom + BELOW;
    }

    fn draw_series(&self, series: &Series, plot: &Plot, sheet: &mut Sheet) {
        let class = series.look.class();
        let points = || series.points.iter().take(self.ticks.len().min(MOST_COLUMNS)).enumerate();
        let mut curve = String::new();
        let mut pen_is_down = false;
        for (at, point) in points() {
            let Some(value) = point.number() else {
                pen_is_down = false;
                continue;
            };
            let pen = if pen_is_down { 'L' } else { 'M' };
            curve.push_str(&format!("{pen}{} {}", plot.x(at), plot.y(value)));
            pen_is_down = true;
        }
        if !curve.is_empty() {
            sheet.push(path(curve).class(class));
        }
        let mut free = 0;
        for (at, point) in points().filter(|_| series.look != Look::Path) {
            let Some(value) = point.number() else { continue };
            let (x, y) = (plot.x(at), plot.y(value));
            let said = format!("{}，{}：{}", series.name, self.ticks[at], point.said(self.unit));
            let area = Area::around((x, y), sheet);
            let mut mark = sheet.mark_where_free(&said, point.address(), area);
            mark.push(match series.look {
                Look::Before => square(x, y).class("pic-empty"),
                Look::Main | Look::Path => disc(x, y).class("pic-solid"),
            });
            let printed = self.unit.shown(value).0;
            let half = width(&printed) / 2;
            if series.look == Look::Main && x - half >= free && x - half >= 0 && x + half <= sheet.width {
                mark.push(label_around(x, y - 10, &printed, sheet).class("pic-over"));
                free = x + half + 6;
            }
            sheet.push(mark);
        }
    }

    /// The name of a series and its last value.
    fn key(&self, series: &Series) -> (Key, String) {
        let mut points = series.points.iter().take(self.ticks.len()).enumerate();
        let text = match points.rfind(|(_, point)| point.number().is_some()) {
            Some((at, point)) => {
                format!("{}（{} {}）", series.name, self.ticks[at], point.said(self.unit))
            }
            None => format!("{}（没有数据）", series.name),
        };
        (Key::Stroke(series.look.class()), text)
    }
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Main => "pic-main",
            Self::Before => "pic-before",
            Self::Path => "pic-path",
        }
    }
}

impl Drawn for Trend {
    fn title(&self) -> &str {
        &self.title
    }

    /// A curve without a value is nothing, however many steps it has.
    fn size(&self) -> (usize, usize) {
        let told = self.series.iter().flat_map(|series| &series.points).any(|point| point.number().is_some());
        (if told { self.ticks.len() } else { 0 }, MOST_COLUMNS)
    }

    fn clauses(&self) -> Vec<String> {
        let told = |series: &Series| {
            let points = series.points.iter().zip(&self.ticks).filter(|(point, _)| point.number().is_some());
            let said: Vec<String> =
                points.map(|(point, tick)| format!("{tick}{}", point.said(self.unit))).collect();
            (!said.is_empty()).then(|| format!("{}：{}", series.name, said.join("，")))
        };
        self.series.iter().filter(|series| series.look != Look::Path).filter_map(told).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        let plot = self.plot(sheet);
        self.draw_ground(&plot, sheet);
        // What it is about comes first: where two links would meet, it has its own.
        let (main, others): (Vec<_>, Vec<_>) =
            self.series.iter().partition(|series| series.look == Look::Main);
        for series in main.iter().chain(&others) {
            self.draw_series(series, &plot, sheet);
        }
        let keys: Vec<_> = self.series.iter().map(|series| self.key(series)).collect();
        sheet.legend(&keys);
    }

    fn table(&self) -> Table {
        let mut table = Table::new([self.steps.as_str()]);
        table.headings.extend(self.series.iter().map(|series| series.name.clone()));
        for (at, tick) in self.ticks.iter().enumerate() {
            let value = |series: &Series| {
                let point = series.points.get(at);
                point.map_or_else(|| Cell::number("", None), |point| Cell::value(point, self.unit))
            };
            let cells = std::iter::once(Cell::text(tick)).chain(self.series.iter().map(value));
            table.rows.push(cells.collect());
        }
        table
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        self.series.iter().flat_map(|series| &series.points).map(|point| &point.href).collect()
    }

    fn outside(&self) -> Option<String> {
        let long = self.series.iter().find(|series| series.points.len() > self.ticks.len());
        long.map(|series| series.name.clone())
    }
}
