//! Two years of visits and stays: what each helper did at each of its county schools (S1.4, S1.6).

use super::deeds::Act;
use super::plan::{Planner, With};
use super::rng::plus;
use crate::evidence::ledger::rules::EntryAnswer;
use crate::network::pairings::PairingRow;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Period};

const AGREED: [&str; 8] = [
    "共建工业机器人实训室，先确定设备清单。",
    "商定新学期骨干教师驻校人选。",
    "商定电子商务专业课程资源共享。",
    "推进新能源汽车检测与维修专业申报。",
    "商定联合开展学徒制培训。",
    "商定技能竞赛集训安排。",
    "商定实训基地分期改造方案。",
    "商定教师跟岗研修计划。",
];
const HEADS: [&str; 2] = ["head", "party_secretary"];
const RESIDENTS: [&str; 2] = ["middle_manager", "backbone_teacher"];

/// How a clock of the present period shall stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Present {
    Met,
    Awaiting,
    Idle,
    /// Residency: twenty days and some are done, the rest is not.
    Begun,
    /// As in the past.
    Usual,
}

const VISITS: [Present; 8] = [
    Present::Met,
    Present::Usual,
    Present::Idle,
    Present::Awaiting,
    Present::Usual,
    Present::Met,
    Present::Usual,
    Present::Usual,
];

/// The pattern of a helper's present clocks, by its place in the list of all relations.
pub fn visits_now(at: usize) -> Present {
    VISITS.get(at % VISITS.len()).copied().unwrap_or(Present::Usual)
}

pub fn stays_now(at: usize) -> Present {
    VISITS.get((at + 3) % VISITS.len()).copied().unwrap_or(Present::Usual)
}

impl Planner<'_> {
    pub fn visits(&mut self, pairing: &PairingRow, helper: &str, now: Present) {
        let Some(window) = self.window(pairing) else { return };
        for year in window.from.year()..=window.to.year() {
            let Some(days) = Period::year(year).and_then(|year| year.intersect(window)) else { continue };
            if year == self.today.year() && now != Present::Usual {
                self.visits_of_now(pairing, helper, days, now);
                continue;
            }
            let roll = self.rng.below(100);
            let slots: &[(u32, u32)] = match roll {
                0..=61 => &[(55, 172), (246, 338)],
                62..=69 => &[(20, 110), (120, 180), (250, 340)],
                70..=79 => &[(60, 175)],
                80..=89 => &[(250, 345)],
                _ => &[],
            };
            for (from, to) in slots {
                let day = Date::from_yo_opt(year, *from)
                    .zip(Date::from_yo_opt(year, *to))
                    .and_then(|(from, to)| Period::new(from, to))
                    .map(|slot| self.workday(self.rng.day(slot)));
                if let Some(day) = day.filter(|day| days.contains(*day))
                    && self.visit(pairing, helper, day, &HEADS)
                {
                    self.fate();
                }
            }
            if slots.len() < 2 && self.rng.chance(45) {
                let day = self.workday(self.rng.day(days));
                if days.contains(day) && self.visit(pairing, helper, day, &["deputy_head"]) {
                    self.fate();
                }
            }
        }
    }

    /// Two visits this year where there is time for them; the second not answered yet where it shall wait.
    fn visits_of_now(&mut self, pairing: &PairingRow, helper: &str, days: Period, now: Present) {
        if matches!(now, Present::Idle | Present::Begun) {
            return;
        }
        let late = if now == Present::Awaiting { self.back(5) } else { self.back(14) };
        let early = Period::new(plus(days.from, 4), plus(late, -3)).map(|period| self.rng.day(period));
        let Some(early) = early.map(|day| self.workday(day)).filter(|day| *day < late) else { return };
        for day in [early, late] {
            if days.contains(day) && self.visit(pairing, helper, day, &HEADS) {
                if now == Present::Met || day == early {
                    self.agree();
                } else {
                    self.unanswered(2);
                }
            }
        }
    }

    /// The last claim was made so many working days ago, and nobody has answered it.
    pub fn unanswered(&mut self, workdays: u32) {
        let day = self.back(workdays);
        if let Some(deed) = self.deeds.last_mut() {
            deed.claimed = deed.new.to.map_or(day, |to| to.max(day));
        }
    }

    /// Plans one visit; says whether there was one.
    pub fn visit(&mut self, pairing: &PairingRow, helper: &str, day: Date, posts: &[&str]) -> bool {
        if !self.first_visit(pairing, helper, day) {
            return false;
        }
        let Some(member) = self.send(helper, posts, Period::day(day), false) else { return false };
        let field = self.rng.chance(55).then(|| ("agreed", self.rng.word(&AGREED)));
        let joint = helper == pairing.lead && self.rng.chance(6);
        let recorded_only = member.post == "deputy_head";
        let with = With { person: Some(member.id), field, joint, recorded_only, ..With::default() };
        self.claim(pairing, "visit", helper, Period::day(day), with).is_some()
    }

    pub fn stays(&mut self, pairing: &PairingRow, helper: &str, now: Present) {
        let Some(window) = self.window(pairing) else { return };
        for semester in &self.calendar.semesters {
            let Some(whole) = Period::new(semester.from, semester.to) else { continue };
            let Some(days) = whole.intersect(window) else { continue };
            if whole.contains(self.today) && now != Present::Usual {
                self.stays_of_now(pairing, helper, days, now);
                continue;
            }
            let long = self.rng.between(31, 38);
            let (short, half) = (self.rng.between(10, 24), self.rng.between(16, 20));
            match self.rng.below(100) {
                0..=45 => self.stay_within(pairing, helper, whole, days, long),
                46..=69 => {
                    let middle = plus(whole.from, whole.days() / 2);
                    let halves = [Period::new(whole.from, plus(middle, -4)), Period::new(middle, whole.to)];
                    for part in halves.into_iter().flatten() {
                        self.stay_within(pairing, helper, part, days, half);
                    }
                }
                70..=87 => self.stay_within(pairing, helper, whole, days, short),
                _ => {}
            }
        }
    }

    /// A stay of so many days somewhere in a part of the semester, as far as it is over by now.
    fn stay_within(&mut self, pairing: &PairingRow, helper: &str, part: Period, days: Period, length: i64) {
        let room = part.days() - length - 4;
        let from = self.workday(plus(part.from, 2 + self.rng.between(0, room.max(0))));
        let planned = Period::new(from, plus(from, length - 1)).and_then(|stay| stay.intersect(days));
        // A stay cut short by today is claimed as far as it went, where that is worth a line.
        let stay = planned.filter(|stay| stay.days() == length || (stay.days() >= 10 && self.rng.chance(60)));
        if let Some(stay) = stay
            && self.stay(pairing, helper, stay)
        {
            self.fate();
        }
    }

    /// Plans one stay; says whether there was somebody to send.
    pub fn stay(&mut self, pairing: &PairingRow, helper: &str, stay: Period) -> bool {
        let Some(member) = self.send(helper, &RESIDENTS, stay, true) else { return false };
        let with = With { person: Some(member.id), ..With::default() };
        self.claim(pairing, "residency", helper, stay, with).is_some()
    }

    fn stays_of_now(&mut self, pairing: &PairingRow, helper: &str, days: Period, now: Present) {
        let (end, length) = match now {
            Present::Met => (plus(self.today, -16), 30 + self.rng.between(0, 4)),
            Present::Awaiting => (plus(self.today, -6), 30 + self.rng.between(0, 3)),
            Present::Begun => (plus(self.today, -6), 22),
            Present::Idle | Present::Usual => return,
        };
        let stay =
            Period::new(plus(end, 1 - length), end).filter(|stay| days.intersect(*stay) == Some(*stay));
        // Too early in the semester for as much: what there was time for.
        let stay =
            stay.or_else(|| Period::new(plus(days.from, 1), plus(self.today, -4)).filter(|s| s.days() >= 8));
        let Some(stay) = stay.and_then(|stay| stay.intersect(days)) else { return };
        if self.stay(pairing, helper, stay) {
            match now {
                Present::Awaiting => self.unanswered(3),
                _ => self.agree(),
            }
        }
    }

    /// The other side disputes the last claim so many working days ago, and it stands like that.
    pub fn disputed(&mut self, workdays: u32, verdict: EntryAnswer, reason: &'static str) {
        let day = self.back(workdays);
        if let Some(deed) = self.deeds.last_mut() {
            deed.steps = vec![(day.max(plus(deed.claimed, 1)), Act::Answer(verdict, reason))];
        }
    }
}
