//! Small multiples: a panel for each school or city, all on one scale, so that they are compared at a glance.

use crate::draw::Drawn;
use crate::mark::{number_said, said};
use crate::measure::{fit, scaled};
use crate::sheet::{Area, Ground, Sheet, label, label_to};
use crate::svg::path;
use crate::table::{Cell, Table};
use crate::{MOST_COLUMNS, MOST_ROWS};
use jiedui_kernel::{Reported, Unit};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multiples {
    pub title: String,
    pub unit: Unit,
    /// What the columns of every panel are: 2024年, 2025年, 2026年, or months.
    pub ticks: Vec<String>,
    pub panels: Vec<Panel>,
}

/// One panel is one link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    pub label: String,
    pub href: Option<String>,
    /// One for each tick; fewer where the rest is not known yet.
    pub values: Vec<Reported<i64>>,
}

impl Multiples {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        ticks: impl IntoIterator<Item = S>,
    ) -> Self {
        let ticks = ticks.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, ticks, panels: Vec::new() }
    }

    #[must_use]
    pub fn panel(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }
}

impl Panel {
    pub fn new(label: impl Into<String>, values: Vec<Reported<i64>>) -> Self {
        Self { label: label.into(), href: None, values }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A panel: its name, the last value, the columns, the first and the last step.
const HEIGHT: i64 = 122;
const COLUMNS: i64 = 44;
const BETWEEN: i64 = 16;

impl Panel {
    /// The last of so many values that is known, and its step.
    fn last(&self, steps: usize) -> Option<(usize, i64)> {
        let values = self.values.iter().take(steps).enumerate();
        values.rev().find_map(|(at, value)| value.value().map(|number| (at, number)))
    }

    fn address(&self) -> Option<&str> {
        self.href.as_deref()
    }
}

impl Multiples {
    fn panel_said(&self, panel: &Panel) -> String {
        let values = self.ticks.iter().zip(&panel.values);
        let said: Vec<String> =
            values.map(|(tick, value)| format!("{tick}{}", said(*value, self.unit))).collect();
        format!("{}：{}", panel.label, said.join("，"))
    }

    fn draw_panel(&self, panel: &Panel, (area, most): (Area, i64), sheet: &mut Sheet) {
        let mut node = sheet.mark(&self.panel_said(panel), panel.address(), area);
        let Area { x, y, width: room, .. } = area;
        node.push(label(x, y + 18, &fit(&panel.label, room)).class("pic-strong"));
        let last = panel.last(self.ticks.len()).map_or_else(
            || "没有数据".to_owned(),
            |(at, number)| format!("{} {}", self.ticks[at], number_said(number, self.unit)),
        );
        node.push(label(x, y + 38, &fit(&last, room)).class("pic-soft"));
        let count = i64::try_from(self.ticks.len().clamp(1, MOST_COLUMNS)).unwrap_or(1);
        let (step, bottom) = (room / count, y + 48 + COLUMNS);
        let breadth = (step - 3).max(1);
        let newest = panel.last(MOST_COLUMNS).map(|(at, _)| at);
        let mut left = x;
        for (at, value) in panel.values.iter().take(self.ticks.len().min(MOST_COLUMNS)).enumerate() {
            if let Some(number) = value.value() {
                let high = scaled(number, most, COLUMNS).max(1);
                let ground = if newest == Some(at) { Ground::Solid } else { Ground::Hatched };
                node.push(sheet.filled(Area::new(left, bottom - high, breadth, high), ground));
            }
            left += step;
        }
        node.push(path(format_args!("M{x} {bottom}L{} {bottom}", x + room)).class("pic-grid"));
        if let (Some(first), Some(end)) = (self.ticks.first(), self.ticks.last()) {
            node.push(label(x, bottom + 18, &fit(first, room / 2)).class("pic-tick"));
            if self.ticks.len() > 1 {
                node.push(label_to(x + room, bottom + 18, &fit(end, room / 2)).class("pic-tick"));
            }
        }
        sheet.push(node);
    }
}

impl Drawn for Multiples {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (self.panels.len(), MOST_ROWS)
    }

    fn clauses(&self) -> Vec<String> {
        self.panels.iter().map(|panel| self.panel_said(panel)).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        let values = self.panels.iter().flat_map(|panel| &panel.values);
        let most = values.filter_map(|value| value.value()).max().unwrap_or(0);
        let across = sheet.by_size(4, 2);
        let room = (sheet.width - BETWEEN * (across - 1)) / across;
        let (mut x, mut y) = (0, 0);
        for panel in self.panels.iter().take(MOST_ROWS) {
            if x + room > sheet.width {
                (x, y) = (0, y + HEIGHT + BETWEEN);
            }
            self.draw_panel(panel, (Area::new(x, y, room, HEIGHT), most), sheet);
            x += room + BETWEEN;
        }
        sheet.height = y + HEIGHT;
        sheet.note(&format!("各格同一比例，最高{}", number_said(most, self.unit)));
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["名称"]);
        table.headings.extend(self.ticks.iter().cloned());
        for panel in &self.panels {
            let value = |at: usize| panel.values.get(at).map(|value| said(*value, self.unit));
            let cell = |at: usize| Cell::number(value(at).unwrap_or_default(), panel.href.as_ref());
            let name = Cell::link(&panel.label, panel.href.as_ref());
            table.rows.push(std::iter::once(name).chain((0..self.ticks.len()).map(cell)).collect());
        }
        table
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        self.panels.iter().map(|panel| &panel.href).collect()
    }

    fn fullest(&self) -> usize {
        self.ticks.len()
    }

    fn outside(&self) -> Option<String> {
        let most = self.ticks.len().min(MOST_COLUMNS);
        self.panels.iter().find(|panel| panel.values.len() > most).map(|panel| panel.label.clone())
    }
}
