//! What came of the projects: what was built under them (个), which were closed, and which needs were met by that.

use super::deeds::{Act as Said, Deed, Part};
use super::lists::{Fate, List, Lists};
use super::rng::plus;
use super::stages::Act;
use crate::evidence::ledger::NewEntry;
use crate::evidence::ledger::rules::EntryAnswer;
use crate::network::pairings::PairingRow;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Period};

const RESULTS: [(&str, &str); 5] = [
    ("teacher-training", "教师按计划轮训完，听课评课两轮，课堂用上了新的工作页。"),
    ("shadowing", "跟岗教师按期返校，各上一堂汇报课，带回的资料已经共享。"),
    ("residency", "驻校教师带出两个班，本校教师已能接手。"),
    ("social-training", "培训班全部结业，学员回访满意，部分学员已经就业或开店。"),
    ("project-outcome", "已经建成并投入教学，县级院校验收合格。"),
];
const WORDS: [(&str, &str); 5] = [
    ("yes", "确实管用，教师自己能接着做了。"),
    ("yes", "解决了多年的难题，下一步想自己办一期。"),
    ("yes", "安排贴合学校实际，学生也受益。"),
    ("partly", "方向对，但人次不够，还有一半教师没有轮到。"),
    ("no", "内容和我们的设备对不上，回来用不起来。"),
];

impl Lists<'_> {
    /// Adds the closings to a list that was filed.
    pub(super) fn finish(&mut self, list: &mut List, row: &PairingRow) {
        if list.filed().is_none() {
            return;
        }
        let present = list.year == self.today.year();
        let latest = row.to_day.unwrap_or(Date::MAX).min(plus(self.today, -1));
        let mut acts = Vec::new();
        for (slot, project) in list.projects.iter().enumerate() {
            let chance = if present { 40 } else { 78 };
            if project.fate != Fate::Finish || !self.rng.chance(chance) {
                continue;
            }
            let new_year = Date::from_yo_opt(list.year + 1, 7).unwrap_or(self.today);
            let close = if present {
                plus(self.today, -self.rng.between(4, 16))
            } else {
                plus(new_year, self.rng.between(0, 13))
            };
            let close = self.programme.calendar.workdays.after(close, 1);
            let known = RESULTS.iter().find(|(activity, _)| *activity == project.activity);
            let result =
                known.map_or("已按约定完成，商定事项逐条落实。", |(_, result)| *result);
            if close > latest || (present && close < project.fields.from) {
                continue;
            }
            acts.push((close, Act::Close(slot, result)));
            let met = self
                .programme
                .calendar
                .workdays
                .after(close, u32::try_from(self.rng.between(1, 9)).unwrap_or(1));
            if let (Some(want), true) = (project.want, met <= latest && self.rng.chance(62)) {
                let (helped, word) = self.rng.pick(&WORDS).copied().unwrap_or(WORDS[0]);
                acts.push((met, Act::Met(slot, helped, word)));
                self.met.insert(want);
            }
        }
        list.acts.extend(acts);
    }

    /// What was built under the filed projects that count in 个.
    pub fn built(&self, home: &str) -> Vec<Deed> {
        let mut deeds = Vec::new();
        for (at, list) in self.lists.iter().enumerate() {
            let (Some(row), Some(filed)) = (self.rows.get(list.row), list.filed()) else { continue };
            for (slot, project) in list.projects.iter().enumerate() {
                if project.activity != "project-outcome" {
                    continue;
                }
                let waits = project.fate == Fate::Awaiting && row.county_school != home;
                let quantity = match project.fate {
                    Fate::Finish | Fate::Awaiting => project.fields.quantity,
                    Fate::Short | Fate::Late => project.fields.quantity - 1,
                };
                let first = plus(project.fields.from.max(filed), 30);
                let end = plus(self.today, -12).min(project.fields.to).min(row.to_day.unwrap_or(Date::MAX));
                let day = Period::new(first, plus(end, -12)).map(|term| self.rng.day(term));
                let day = if waits { Some(plus(self.today, -12)) } else { day };
                let Some(day) = day.filter(|day| quantity > 0 && *day > filed && day.year() == list.year)
                else {
                    continue;
                };
                deeds.extend(self.outcome(row, (at, slot), &project.fields.title, (day, quantity), waits));
            }
        }
        deeds
    }

    fn outcome(
        &self,
        row: &PairingRow,
        (list, slot): (usize, usize),
        title: &str,
        (day, quantity): (Date, i64),
        waits: bool,
    ) -> Option<Deed> {
        let workdays = &self.programme.calendar.workdays;
        let day = workdays.after(day, 1);
        let claimed = workdays.after(day, u32::try_from(self.rng.between(1, 3)).unwrap_or(1));
        if claimed > row.to_day.unwrap_or(Date::MAX).min(plus(self.today, -1)) {
            return None;
        }
        let answered = workdays.after(claimed, u32::try_from(self.rng.between(1, 6)).unwrap_or(1));
        let claimant = if self.rng.chance(78) { &row.lead } else { &row.nearby };
        let mut fields = serde_json::Map::new();
        fields.insert("what".to_owned(), serde_json::Value::String(title.to_owned()));
        let new = NewEntry {
            again: true,
            from: Some(day),
            to: Some(day),
            quantity: Some(quantity),
            fields,
            ..NewEntry::on(row.clone())
        };
        let steps = if waits || answered >= self.today {
            Vec::new()
        } else {
            vec![(answered, Said::Answer(EntryAnswer::Confirm, ""))]
        };
        let part = Part::Of { list, slot };
        let activity = "project-outcome".to_owned();
        let measure = jiedui_programme::Measure::Entered;
        Some(Deed { activity, measure, claimant: claimant.clone(), new, claimed, steps, part })
    }
}
