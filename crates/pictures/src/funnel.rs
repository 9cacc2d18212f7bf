//! How many remain from step to step: enrolled, graduates, employed.

use crate::MOST_COLUMNS;
use crate::draw::Drawn;
use crate::mark::Mark;
use crate::measure::{fit, scaled, share, width};
use crate::sheet::{Area, Ground, Sheet, label, label_to};
use crate::svg::path;
use crate::table::{Cell, Table};
use jiedui_kernel::Unit;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funnel {
    pub title: String,
    pub unit: Unit,
    pub steps: Vec<FunnelStep>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelStep {
    pub mark: Mark,
    /// Whether it is a part of the step before, so that a share can be written; enrolment of this year and graduates of
    /// this year are not.
    pub of_the_above: bool,
}

impl Funnel {
    pub fn new(title: impl Into<String>, unit: Unit) -> Self {
        Self { title: title.into(), unit, steps: Vec::new() }
    }

    /// A step that is part of the one above it.
    #[must_use]
    pub fn step(mut self, mark: Mark) -> Self {
        let of_the_above = !self.steps.is_empty();
        self.steps.push(FunnelStep { mark, of_the_above });
        self
    }

    /// A step that is no part of the one above it: no share is written.
    #[must_use]
    pub fn other_step(mut self, mark: Mark) -> Self {
        self.steps.push(FunnelStep { mark, of_the_above: false });
        self
    }
}

/// Where label, bar and words stand.
const LABEL: i64 = 140;
const FROM: i64 = 150;
const LENGTH: i64 = 340;
const WORDS: i64 = 500;
const BAR: i64 = 26;

impl Funnel {
    /// What a step is of the one above it, where it is a part of that.
    fn share(&self, at: usize) -> Option<String> {
        let step = self.steps.get(at).filter(|step| step.of_the_above)?;
        let above = self.steps.get(at.checked_sub(1)?)?.mark.number()?;
        share(step.mark.number()?, above)
    }

    fn share_said(&self, at: usize) -> Option<String> {
        self.share(at).map(|share| format!("占上一项{share}"))
    }

    fn step_said(&self, at: usize, step: &FunnelStep) -> String {
        let value = step.mark.said(self.unit);
        match self.share_said(at) {
            Some(share) => format!("{}：{value}，{share}", step.mark.label),
            None => format!("{}：{value}", step.mark.label),
        }
    }

    /// Where the bar of a step begins and how long it is: in the middle, so that it narrows from both sides.
    fn bar(&self, step: &FunnelStep, most: i64, sheet: &Sheet) -> (i64, i64) {
        let (from, length) = sheet.by_size((FROM, LENGTH), (0, sheet.width));
        let drawn = scaled(step.mark.number().unwrap_or(0), most, length);
        (from + (length - drawn) / 2, drawn)
    }
}

impl Drawn for Funnel {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (self.steps.len(), MOST_COLUMNS)
    }

    fn clauses(&self) -> Vec<String> {
        self.steps.iter().enumerate().map(|(at, step)| self.step_said(at, step)).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        let most = self.steps.iter().filter_map(|step| step.mark.number()).max().unwrap_or(0);
        let mut above: Option<(i64, i64, i64)> = None;
        for (at, step) in self.steps.iter().take(MOST_COLUMNS).enumerate() {
            let (top, height) = (sheet.height, sheet.by_size(50, 72));
            let area = Area::new(0, top, sheet.width, height);
            let mut node = sheet.mark(&self.step_said(at, step), step.mark.address(), area);
            let (x, length) = self.bar(step, most, sheet);
            let y = top + sheet.by_size(12, 34);
            if let Some((left, right, bottom)) = above.filter(|_| step.of_the_above) {
                let end = x + length;
                let shape = path(format_args!("M{left} {bottom}L{right} {bottom}L{end} {y}L{x} {y}Z"));
                node.push(shape.class("pic-track"));
            }
            node.push(sheet.filled(Area::new(x, y, length, BAR), Ground::Solid));
            let words = step.mark.said(self.unit);
            let share = self.share_said(at).unwrap_or_default();
            if sheet.wide {
                let room = sheet.width - WORDS;
                node.push(label(0, y + 18, &fit(&step.mark.label, LABEL)));
                node.push(label(WORDS, y + 8, &fit(&words, room)).class("pic-strong"));
                node.push(label(WORDS, y + 28, &fit(&share, room)).class("pic-soft"));
            } else {
                let words = if share.is_empty() { words } else { format!("{words}，{share}") };
                let words = fit(&words, sheet.width);
                let room = sheet.width - width(&words) - 12;
                node.push(label(0, top + 22, &fit(&step.mark.label, room)));
                node.push(label_to(sheet.width, top + 22, &words));
            }
            sheet.push(node);
            above = Some((x, x + length, y + BAR));
            sheet.height = top + height;
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["名称", "数值", "占上一项"]);
        for (at, step) in self.steps.iter().enumerate() {
            let share = self.share(at).unwrap_or_default();
            table.rows.push(vec![
                Cell::link(&step.mark.label, step.mark.href.as_ref()),
                Cell::value(&step.mark, self.unit),
                Cell::number(share, step.mark.href.as_ref()),
            ]);
        }
        table.without_empty_columns()
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        self.steps.iter().map(|step| &step.mark.href).collect()
    }
}
