//! Bars: each value against its target, or against what a standard asks.

use crate::MOST_ROWS;
use crate::draw::Drawn;
use crate::mark::{Goal, Mark, number_said};
use crate::measure::{fit, scaled, width};
use crate::sheet::{Area, Ground, Key, Sheet, label, label_to};
use crate::svg::{Node, path, rect};
use crate::table::{Cell, Table};
use jiedui_kernel::{Reported, Unit};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    pub title: String,
    pub unit: Unit,
    /// Each bar is as long as its own goal allows, where bars measure unlike things; otherwise all share one scale.
    pub apart: bool,
    pub rows: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What is certain: the confirmed value, where there are two.
    pub mark: Mark,
    /// What was claimed, of which the mark is a part.
    pub claimed: Option<i64>,
    pub goal: Option<Goal>,
    /// The unit, where it is not that of the others.
    pub unit: Option<Unit>,
}

impl Bars {
    pub fn new(title: impl Into<String>, unit: Unit) -> Self {
        Self { title: title.into(), unit, apart: false, rows: Vec::new() }
    }

    /// For bars that measure unlike things.
    #[must_use]
    pub fn each_by_its_goal(mut self) -> Self {
        self.apart = true;
        self
    }

    #[must_use]
    pub fn bar(mut self, bar: Bar) -> Self {
        self.rows.push(bar);
        self
    }
}

impl Bar {
    pub fn new(label: impl Into<String>, value: Reported<i64>) -> Self {
        Self { mark: Mark::new(label, value), claimed: None, goal: None, unit: None }
    }

    pub fn of(label: impl Into<String>, value: i64) -> Self {
        Self::new(label, Reported::Value(value))
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.mark = self.mark.opens(href);
        self
    }

    #[must_use]
    pub fn claimed(mut self, value: i64) -> Self {
        self.claimed = Some(value);
        self
    }

    #[must_use]
    pub fn against(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    #[must_use]
    pub fn in_unit(mut self, unit: Unit) -> Self {
        self.unit = Some(unit);
        self
    }
}

/// Where label, bar and words stand.
const LABEL: i64 = 190;
const FROM: i64 = 200;
const LENGTH: i64 = 320;
const WORDS: i64 = 530;

impl Bars {
    fn unit_of(&self, bar: &Bar) -> Unit {
        bar.unit.unwrap_or(self.unit)
    }

    /// The value at the end of each bar's ground.
    fn whole(&self, bar: &Bar) -> i64 {
        let of = |bar: &Bar| {
            let goal = bar.goal.as_ref().map(|goal| goal.value);
            [bar.mark.number(), bar.claimed, goal].into_iter().flatten().max().unwrap_or(0)
        };
        if self.apart { of(bar) } else { self.rows.iter().map(of).max().unwrap_or(0) }
    }

    fn draw_row(&self, bar: &Bar, sheet: &mut Sheet) {
        let (unit, top) = (self.unit_of(bar), sheet.height);
        let height = sheet.by_size(44, 68);
        let (from, length) = sheet.by_size((FROM, LENGTH), (0, sheet.width));
        let y = top + sheet.by_size(12, 28);
        let whole = self.whole(bar);
        let area = Area::new(0, top, sheet.width, height);
        let mut node = sheet.mark(&bar.said(unit), bar.mark.address(), area);
        let words = fit(&bar.words(unit), sheet.by_size(sheet.width - WORDS, sheet.width));
        let room = sheet.by_size(LABEL, sheet.width - width(&words) - 12);
        let line = top + sheet.by_size(27, 19);
        node.push(label(0, line, &fit(&bar.mark.label, room)));
        node.push(rect(from, y, length, 18).class("pic-track"));
        if let Some(claimed) = bar.claimed {
            let drawn = scaled(claimed, whole, length);
            node.push(sheet.filled(Area::new(from, y, drawn, 18), Ground::Hatched));
        }
        if let Some(value) = bar.mark.number() {
            let drawn = scaled(value, whole, length);
            node.push(sheet.filled(Area::new(from, y, drawn, 18), Ground::Solid));
        }
        node.push(match (sheet.wide, &bar.goal) {
            (true, Some(_)) => label(WORDS, top + 19, &words),
            (true, None) => label(WORDS, line, &words),
            (false, _) => label_to(sheet.width, line, &words),
        });
        if let Some(goal) = &bar.goal {
            let x = from + scaled(goal.value, whole, length);
            node.push(path(format_args!("M{x} {}L{x} {}", y - 5, y + 23)).class("pic-goal"));
            let (x, y) = sheet.by_size((WORDS, top + 38), (0, top + 63));
            push_verdict(&mut node, (goal, bar.mark.number(), unit), (x, y), sheet.width - x);
        }
        sheet.push(node);
        sheet.height = top + height;
    }

    fn keys(&self) -> Vec<(Key, String)> {
        let mut keys = Vec::new();
        if self.rows.iter().any(|bar| bar.claimed.is_some()) {
            keys.push((Key::Area(Ground::Solid), "已确认".to_owned()));
            keys.push((Key::Area(Ground::Hatched), "已登记待确认".to_owned()));
        }
        let goals: BTreeSet<&str> =
            self.rows.iter().filter_map(|bar| bar.goal.as_ref()).map(|goal| goal.label.as_str()).collect();
        let named: Vec<&str> = goals.into_iter().take(3).collect();
        if !named.is_empty() {
            keys.push((Key::Stroke("pic-goal"), named.join("、")));
        }
        keys
    }
}

/// Reached or not, by a sign and in words.
fn push_verdict(
    node: &mut Node,
    (goal, value, unit): (&Goal, Option<i64>, Unit),
    (x, y): (i64, i64),
    room: i64,
) {
    let Some(value) = value else { return };
    let sign = if goal.is_met(value) {
        path(format_args!("M{x} {}L{} {}L{} {}", y - 5, x + 4, y - 1, x + 11, y - 10)).class("pic-met")
    } else {
        let (right, top) = (x + 11, y - 11);
        path(format_args!("M{x} {}L{right} {}L{} {top}Z", y - 1, y - 1, x + 5)).class("pic-missed")
    };
    node.push(sign);
    let words = fit(&goal.verdict(value, unit), room - 18);
    node.push(label(x + 18, y, &words).class("pic-soft"));
}

impl Bar {
    /// 1437人 / 1600人.
    fn words(&self, unit: Unit) -> String {
        let value = self.mark.said(unit);
        match &self.goal {
            Some(goal) => format!("{value} / {}", number_said(goal.value, unit)),
            None => value,
        }
    }

    fn said(&self, unit: Unit) -> String {
        let mut said = format!("{}：{}", self.mark.label, self.mark.said(unit));
        if let Some(claimed) = self.claimed {
            said.push_str(&format!("，登记{}", number_said(claimed, unit)));
        }
        if let Some(goal) = &self.goal {
            said.push_str(&format!("，{}{}", goal.label, number_said(goal.value, unit)));
            if let Some(value) = self.mark.number() {
                said.push_str(&format!("，{}", goal.verdict(value, unit)));
            }
        }
        said
    }
}

impl Drawn for Bars {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (self.rows.len(), MOST_ROWS)
    }

    fn clauses(&self) -> Vec<String> {
        self.rows.iter().map(|bar| bar.said(self.unit_of(bar))).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        for bar in self.rows.iter().take(MOST_ROWS) {
            self.draw_row(bar, sheet);
        }
        sheet.legend(&self.keys());
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["名称", "数值", "登记", "目标或标准", "结果"]);
        for bar in &self.rows {
            let unit = self.unit_of(bar);
            let number = |value: i64| number_said(value, unit);
            let goal = bar.goal.as_ref();
            let verdict = goal.zip(bar.mark.number()).map(|(goal, value)| goal.verdict(value, unit));
            table.rows.push(vec![
                Cell::link(&bar.mark.label, bar.mark.href.as_ref()),
                Cell::value(&bar.mark, unit),
                Cell::number(bar.claimed.map(number).unwrap_or_default(), bar.mark.href.as_ref()),
                Cell::number(goal.map(|goal| number(goal.value)).unwrap_or_default(), None),
                Cell::number(verdict.unwrap_or_default(), bar.mark.href.as_ref()),
            ]);
        }
        table.without_empty_columns()
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        self.rows.iter().map(|bar| &bar.mark.href).collect()
    }
}
