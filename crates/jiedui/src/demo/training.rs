//! Two years of trainings, shadowing and social training (T4.2, T4.4, T9.2).

use super::plan::{Planner, With};
use super::rng::SeededRng;
use crate::network::pairings::PairingRow;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Period};
use jiedui_web::fields::Values;

const TOPICS: [&str; 10] = [
    "工学一体化课程设计",
    "数控加工实训教学法",
    "新能源汽车检测与维修",
    "电子商务直播运营",
    "班主任工作能力提升",
    "信息化教学能力提升",
    "工业机器人操作与编程",
    "技能竞赛指导方法",
    "专业教学标准解读",
    "康养照护实训教学",
];
const PLACES: [&str; 6] =
    ["数控加工实训指导", "汽车维修实训指导", "教务管理", "电子商务专业教学", "学生管理", "烹饪专业教学"];
const OCCUPATIONS: [&str; 8] =
    ["养老护理员", "电工", "中式烹调师", "家政服务员", "农村电商直播员", "焊工", "汽车维修工", "茶艺师"];
const SHADOWS: [&str; 3] = ["middle_manager", "backbone_teacher", "teacher"];

impl Planner<'_> {
    /// A working day of one of the two terms of a year, on which something of so many days can begin.
    fn day_in(&self, year: i32) -> Option<Date> {
        let (from, to) = if self.rng.chance(55) { (8, 184) } else { (246, 352) };
        let slot = Period::new(Date::from_yo_opt(year, from)?, Date::from_yo_opt(year, to)?)?;
        Some(self.workday(self.rng.day(slot)))
    }

    fn span(&self, pairing: &PairingRow, year: i32, low: i64, high: i64) -> Option<Period> {
        let window = self.window(pairing)?;
        let from = self.day_in(year)?;
        let span = Period::new(from, super::rng::plus(from, self.rng.between(low, high) - 1))?;
        (window.intersect(span) == Some(span)).then_some(span)
    }

    pub fn trainings(&mut self, pairing: &PairingRow, helper: &str) {
        for year in pairing.from_day.year()..=self.today.year() {
            for _ in 0..self.rng.between(1, 3) {
                if let Some(span) = self.span(pairing, year, 1, 4) {
                    let joint = helper == pairing.lead && self.rng.chance(12);
                    if self.training(pairing, helper, span, joint) {
                        self.fate();
                    }
                }
            }
        }
    }

    pub fn training(&mut self, pairing: &PairingRow, helper: &str, span: Period, joint: bool) -> bool {
        let quantity = self.rng.between(8, 36);
        let with = With {
            quantity: Some(quantity),
            joint,
            roster: self.trained(pairing, span, quantity),
            field: self.rng.chance(80).then(|| ("topic", self.rng.word(&TOPICS))),
            fields: self.tiers(pairing, span),
            ..With::default()
        };
        self.claim(pairing, "teacher-training", helper, span, with).is_some()
    }

    /// By which tier of teachers and which kind, mostly; on dice of their own.
    fn tiers(&self, pairing: &PairingRow, span: Period) -> Values {
        let day = span.from.to_string();
        let fields =
            self.programme.activity("teacher-training").map(|of| of.fields.as_slice()).unwrap_or_default();
        let asked = fields.iter().filter(|field| ["teachers", "category"].contains(&field.id.as_str()));
        let said = asked.filter_map(|field| {
            let rng = SeededRng::about(12, &[&pairing.county_name, &day, &field.id]);
            let option = rng.pick(&field.options).filter(|_| rng.chance(85))?;
            Some((field.id.clone(), option.id.as_str().into()))
        });
        said.collect()
    }

    /// A third of the school's teachers, another third each day of the year: those whom a training names.
    fn trained(&self, pairing: &PairingRow, span: Period, most: i64) -> Vec<String> {
        let Some(roster) = self.rosters.get(&pairing.county_school) else { return Vec::new() };
        let teaches = |post: &str| SHADOWS[1..].contains(&post);
        let turn = span.from.ordinal() as usize;
        roster
            .iter()
            .filter(|member| teaches(member.post) && member.in_office(span.from))
            .enumerate()
            .filter(|(at, _)| (at + turn).is_multiple_of(3))
            .map(|(_, member)| member.id.clone())
            .take(usize::try_from(most).unwrap_or(0))
            .collect()
    }

    pub fn shadowings(&mut self, pairing: &PairingRow) {
        for year in pairing.from_day.year()..=self.today.year() {
            for _ in 0..self.rng.between(1, 3) {
                let helper = if self.rng.chance(60) { &pairing.lead } else { &pairing.nearby };
                if let Some(span) = self.span(pairing, year, 5, 26)
                    && self.shadowing(pairing, helper, span)
                {
                    self.fate();
                }
            }
        }
    }

    /// Plans one teacher's time at a helper; says whether there was somebody to send.
    pub fn shadowing(&mut self, pairing: &PairingRow, helper: &str, span: Period) -> bool {
        let school = pairing.county_school.clone();
        let Some(member) = self.send(&school, &SHADOWS, span, true) else { return false };
        let with = With {
            person: Some(member.id),
            helper: Some(helper.to_owned()),
            field: self.rng.chance(70).then(|| ("post", self.rng.word(&PLACES))),
            ..With::default()
        };
        self.claim(pairing, "shadowing", &school, span, with).is_some()
    }

    pub fn social_trainings(&mut self, pairing: &PairingRow) {
        for year in pairing.from_day.year()..=self.today.year() {
            for _ in 0..self.rng.between(1, 2) {
                if let Some(span) = self.span(pairing, year, 3, 14)
                    && self.social_training(pairing, span)
                {
                    self.fate();
                }
            }
        }
    }

    pub fn social_training(&mut self, pairing: &PairingRow, span: Period) -> bool {
        let with = With {
            quantity: Some(self.rng.between(10, 34)),
            field: self.rng.chance(85).then(|| ("occupation", self.rng.word(&OCCUPATIONS))),
            ..With::default()
        };
        let school = pairing.county_school.clone();
        self.claim(pairing, "social-training", &school, span, with).is_some()
    }
}
