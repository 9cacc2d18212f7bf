//! An axis of days: where a day lies, and the months and years written over it.

use crate::measure::{scaled, width};
use crate::sheet::{Sheet, label};
use crate::svg::path;
use chrono::Datelike as _;
use jiedui_kernel::Date;

/// From the first to the last day, both included, over a length of the sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axis {
    pub from: Date,
    pub to: Date,
    pub x: i64,
    pub length: i64,
}

/// A month is written every so many months, the first of these that leaves room for the words.
const STEPS: [i32; 6] = [1, 2, 3, 6, 12, 120];
const ROOM: i64 = 34;

impl Axis {
    fn days(&self) -> i64 {
        (self.to - self.from).num_days().max(0) + 1
    }

    /// Where a day begins; days before and after lie at the ends.
    pub(crate) fn begins(&self, day: Date) -> i64 {
        self.x + scaled((day - self.from).num_days(), self.days(), self.length)
    }

    /// Where a day ends.
    fn ends(&self, day: Date) -> i64 {
        self.x + scaled((day - self.from).num_days() + 1, self.days(), self.length)
    }

    pub(crate) fn middle(&self, day: Date) -> i64 {
        (self.begins(day) + self.ends(day)) / 2
    }

    pub(crate) fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// Where a span lies, and its length: at least what can be seen. None where no day of it is drawn.
    pub(crate) fn span(&self, from: Date, to: Date) -> Option<(i64, i64)> {
        if from > to || to < self.from || from > self.to {
            return None;
        }
        let (begins, ends) = (self.begins(from), self.ends(to));
        let length = (ends - begins).max(2).min(self.length);
        Some((begins.min(self.x + self.length - length), length))
    }

    /// Writes months, and years where they begin, in two lines from `y`, and draws a stroke down to `bottom` for each
    /// month written. `years` are left out where terms stand above.
    pub(crate) fn write(&self, sheet: &mut Sheet, (y, bottom): (i64, i64), years: bool) {
        let (mut ends, mut written) = ((i64::MIN, i64::MIN), None);
        for (year, month) in self.months() {
            let Some(first) = Date::from_ymd_opt(year, month, 1) else { continue };
            let x = self.begins(first.max(self.from));
            let months = if years { y + 22 } else { y };
            sheet.push(path(format_args!("M{x} {}L{x} {bottom}", months + 6)).class("pic-grid"));
            let mut say = |text: String, y: i64, end: &mut i64| {
                let needs = width(&text);
                if x >= *end && x + needs <= self.x + self.length {
                    sheet.push(label(x, y, &text).class("figure pic-tick"));
                    *end = x + needs + 6;
                }
            };
            if years && written != Some(year) {
                say(format!("{year}年"), y, &mut ends.0);
                written = Some(year);
            }
            say(format!("{month}月"), months, &mut ends.1);
        }
    }

    /// The months that are written: the first, and then one in every step that leaves room.
    fn months(&self) -> Vec<(i32, u32)> {
        let number = |day: Date| day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0);
        let (first, last) = (number(self.from), number(self.to));
        let count = i64::from(last.saturating_sub(first).max(0)) + 1;
        let roomy = |step: &&i32| self.length * i64::from(**step) >= ROOM * count;
        let step = STEPS.iter().find(roomy).copied().unwrap_or(1200);
        // At most a hundred strokes, whatever days are asked for.
        (first..=last)
            .filter(|month| month.rem_euclid(step) == first.rem_euclid(step))
            .take(100)
            .filter_map(|month| Some((month.div_euclid(12), u32::try_from(month.rem_euclid(12)).ok()? + 1)))
            .collect()
    }
}
