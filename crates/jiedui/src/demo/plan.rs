//! Planning what happened: whom one may send, on which days, and what became of the claim.

use super::deeds::{Act, Deed, Mend, Part};
use super::people::{Member, Rosters};
use super::rng::{SeededRng, plus};
use crate::evidence::ledger::NewEntry;
use crate::evidence::ledger::rules::EntryAnswer;
use crate::network::pairings::PairingRow;
use crate::shared::confirmation::Ruling;
use jiedui_kernel::{Date, Period};
use jiedui_programme::{Calendar, Confirmer, Measure, Programme};
use jiedui_web::fields::Values;
use std::collections::{HashMap, HashSet};

const PART: [&str; 3] = [
    "最后几天已返回原单位，请按实际在校日期更正。",
    "与参训名单核对，人数少几位，先确认核对无误的部分。",
    "最后几天外出参赛，不在本校，请更正。",
];
const DISPUTE: [&str; 4] = [
    "本校没有查到这次安排，请核对学校和日期。",
    "这次活动由市里统一组织，不属于本组结对，请核对。",
    "日期与本校教学安排对不上，请更正后重新提交。",
    "与此前登记的一次内容相同，请核对是否重复。",
];
const SETTLED: [&str; 2] = [
    "已向双方核实，情况属实；县级院校经办人外出学习，未及时答复。",
    "已查看双方工作记录，事项属实，予以确认。",
];

pub struct Planner<'a> {
    pub rng: SeededRng,
    pub programme: &'a Programme,
    pub calendar: &'a Calendar,
    pub today: Date,
    pub rosters: &'a Rosters,
    pub deeds: Vec<Deed>,
    busy: HashMap<String, Vec<Period>>,
    visited: HashSet<(String, String, Date)>,
}

/// What a deed has beside its dates.
#[derive(Default)]
pub struct With {
    pub person: Option<String>,
    pub quantity: Option<i64>,
    pub helper: Option<String>,
    pub joint: bool,
    /// It only gets recorded: a visit by another leader moves no project.
    pub recorded_only: bool,
    /// A further field and what it says.
    pub field: Option<(&'static str, &'static str)>,
    /// Further fields by their ids.
    pub fields: Values,
    /// People of the county school who took part.
    pub roster: Vec<String>,
}

/// The working day so many working days before a day.
pub fn back(calendar: &Calendar, from: Date, workdays: u32) -> Date {
    let mut day = from;
    let mut left = workdays;
    while left > 0 {
        day = plus(day, -1);
        if calendar.workdays.is_workday(day) {
            left -= 1;
        }
    }
    day
}

impl<'a> Planner<'a> {
    pub fn new(programme: &'a Programme, rosters: &'a Rosters, today: Date) -> Self {
        Self {
            rng: SeededRng::new(3),
            programme,
            calendar: &programme.calendar,
            today,
            rosters,
            deeds: Vec::new(),
            busy: HashMap::new(),
            visited: HashSet::new(),
        }
    }

    /// Beside deeds that were planned before: whoever is away on those days is away here, too.
    pub fn beside(mut self, deeds: &[Deed]) -> Self {
        for deed in deeds {
            let days = deed.new.from.zip(deed.new.to).and_then(|(from, to)| Period::new(from, to));
            if let (Some(person), Some(days)) = (&deed.new.person, days) {
                self.busy.entry(person.clone()).or_default().push(days);
            }
        }
        self
    }

    /// The last day that has hours behind it.
    pub fn last(&self) -> Date {
        plus(self.today, -1)
    }

    /// The working day so many working days before today.
    pub fn back(&self, workdays: u32) -> Date {
        back(self.calendar, self.today, workdays)
    }

    /// The day itself where one works on it, or the next on which one does.
    pub fn workday(&self, day: Date) -> Date {
        if self.calendar.workdays.is_workday(day) { day } else { self.calendar.workdays.after(day, 1) }
    }

    /// The days on which something could be done and claimed under a pairing.
    pub fn window(&self, pairing: &PairingRow) -> Option<Period> {
        let end = pairing.to_day.map_or(plus(self.today, -2), |end| plus(end, -3).min(plus(self.today, -2)));
        Period::new(plus(pairing.from_day, 10), end)
    }

    /// Somebody with one of these posts who is at the school and nowhere else in these days; kept busy from now on.
    pub fn send(&mut self, org: &str, posts: &[&str], stay: Period, alone: bool) -> Option<Member> {
        let roster = self.rosters.get(org)?;
        let free: Vec<&Member> = roster
            .iter()
            .filter(|member| posts.contains(&member.post) && member.in_office(stay.from))
            .filter(|member| {
                let taken = self.busy.get(&member.id).map(Vec::as_slice).unwrap_or_default();
                !alone || taken.iter().all(|other| other.intersect(stay).is_none())
            })
            .collect();
        let member = (*self.rng.pick(&free)?).clone();
        if alone {
            self.busy.entry(member.id.clone()).or_default().push(stay);
        }
        Some(member)
    }

    /// Whether this helper has not yet been there on that day; it has been from now on.
    pub fn first_visit(&mut self, pairing: &PairingRow, org: &str, day: Date) -> bool {
        self.visited.insert((pairing.id.clone(), org.to_owned(), day))
    }

    /// Plans a claim some days after the last day; the answer is for the caller to add.
    pub fn claim(
        &mut self,
        pairing: &PairingRow,
        activity: &str,
        claimant: &str,
        days: Period,
        with: With,
    ) -> Option<&mut Deed> {
        let wait = u32::try_from(self.rng.between(1, 4)).unwrap_or(1);
        let latest = pairing.to_day.map_or(self.last(), |end| end.min(self.last()));
        let claimed = self.calendar.workdays.after(days.to, wait).min(latest);
        self.claim_on(pairing, activity, claimant, days, with, claimed)
    }

    pub fn claim_on(
        &mut self,
        pairing: &PairingRow,
        activity: &str,
        claimant: &str,
        days: Period,
        with: With,
        claimed: Date,
    ) -> Option<&mut Deed> {
        if claimed < days.to || days.from < pairing.from_day {
            return None;
        }
        let (activity, with) = self.as_of(activity, claimed, with);
        let mut fields = with.fields;
        if let Some((name, text)) = with.field {
            fields.insert(name.to_owned(), serde_json::Value::String(text.to_owned()));
        }
        let new = NewEntry {
            helper: with.helper,
            again: true,
            in_term: true,
            joint: with.joint,
            from: Some(days.from),
            to: Some(days.to),
            person: with.person,
            quantity: with.quantity,
            roster: with.roster,
            fields,
            ..NewEntry::on(pairing.clone())
        };
        let part = if with.recorded_only { Part::No } else { Part::Any };
        let measure = self.programme.activity(&activity).map_or(Measure::Entered, |of| of.measure);
        let deed =
            Deed { activity, measure, claimant: claimant.to_owned(), new, claimed, steps: Vec::new(), part };
        self.deeds.push(deed);
        self.deeds.last_mut()
    }

    /// The form in which it is said on a day: one that was retired by then is said in the one that asks for it now.
    fn as_of(&self, id: &str, day: Date, mut with: With) -> (String, With) {
        let old = self.programme.activity(id).filter(|of| of.retired.is_some_and(|last| last <= day));
        let now = old.and_then(|of| of.became.as_ref());
        let Some((now, into)) = now.and_then(|now| Some((now, self.programme.activity(&now.into)?))) else {
            return (id.to_owned(), with);
        };
        with.fields.retain(|id, _| into.fields.iter().any(|field| field.id == *id));
        for (field, option) in &now.fields {
            with.fields.insert(field.clone(), option.as_str().into());
        }
        if let (Some(field), Some(quantity)) = (&now.quantity, with.quantity) {
            with.fields.insert(field.clone(), quantity.into());
        }
        (into.id.clone(), with)
    }

    fn wait(&self, from: Date, least: i64, most: i64) -> Date {
        let days = u32::try_from(self.rng.between(least, most)).unwrap_or(1);
        self.calendar.workdays.after(from, days)
    }

    /// The other side agrees, some working days later; where that day is still to come, it has not answered yet.
    pub fn agree(&mut self) {
        let Some(claimed) = self.deeds.last().map(|deed| deed.claimed) else { return };
        let day = self.wait(claimed, 1, 8);
        let latest = self.last();
        if let Some(deed) = self.deeds.last_mut().filter(|_| day <= latest) {
            deed.steps.push((day, Act::Answer(EntryAnswer::Confirm, "")));
        }
    }

    /// What became of the last claim: mostly agreement.
    pub fn fate(&mut self) {
        let roll = self.rng.below(100);
        let Some(claimed) = self.deeds.last().map(|deed| deed.claimed) else { return };
        let latest = self.last();
        let day = self.wait(claimed, 1, 9);
        let long_ago = plus(claimed, 110) < self.today;
        let steps = match roll {
            84..=88 => self.part(day, long_ago),
            89..=91 => self.dispute(day, long_ago),
            92..=93 => self.own_slip(claimed),
            94..=96 => self.forgotten(claimed),
            97 => vec![(day, Act::Withdraw)],
            _ => vec![(day, Act::Answer(EntryAnswer::Confirm, ""))],
        };
        if let Some(deed) = self.deeds.last_mut() {
            deed.steps = steps.into_iter().take_while(|(day, _)| *day <= latest).collect();
        }
    }

    /// How the last claim could be made smaller: for days, the last of them; for a number, a few of it.
    fn smaller(&self) -> Option<(Mend, EntryAnswer)> {
        let deed = self.deeds.last()?;
        // A pairing that ended takes no corrections from then on.
        if deed.new.pairing.to_day.is_some() {
            return None;
        }
        let (from, to) = (deed.new.from?, deed.new.to?);
        if let Some(quantity) = deed.new.quantity.filter(|quantity| *quantity >= 8) {
            let kept = quantity - self.rng.between(2, 4);
            return Some((Mend::Quantity(kept), EntryAnswer::Only(kept)));
        }
        let stay = deed.new.person.is_some() && (to - from).num_days() >= 9;
        let last = plus(to, -self.rng.between(2, 5));
        let hole = Period::new(plus(last, 1), to).filter(|_| stay)?;
        Some((Mend::Until(last), EntryAnswer::Except(hole)))
    }

    fn part(&self, day: Date, long_ago: bool) -> Vec<(Date, Act)> {
        let Some((mend, verdict)) = self.smaller() else {
            return vec![(day, Act::Answer(EntryAnswer::Confirm, ""))];
        };
        let reason = match verdict {
            EntryAnswer::Only(_) => PART[1],
            _ => self.rng.word(&[PART[0], PART[2]]),
        };
        let mut steps = vec![(day, Act::Answer(verdict, reason))];
        if long_ago || self.rng.chance(25) {
            steps.extend(self.mend(day, mend));
        }
        steps
    }

    fn dispute(&self, day: Date, long_ago: bool) -> Vec<(Date, Act)> {
        let mut steps = vec![(day, Act::Answer(EntryAnswer::Dispute, self.rng.word(&DISPUTE)))];
        if long_ago && self.rng.chance(85) {
            match self.smaller() {
                Some((mend, _)) => steps.extend(self.mend(day, mend)),
                None => steps.push((self.wait(day, 2, 6), Act::Withdraw)),
            }
        }
        steps
    }

    fn mend(&self, day: Date, mend: Mend) -> Vec<(Date, Act)> {
        let corrected = self.wait(day, 2, 7);
        vec![
            (corrected, Act::Correct(mend)),
            (self.wait(corrected, 1, 6), Act::Answer(EntryAnswer::Confirm, "")),
        ]
    }

    /// The claimant notices a slip before anybody answered.
    fn own_slip(&self, claimed: Date) -> Vec<(Date, Act)> {
        let Some((mend, _)) = self.smaller() else {
            return vec![(self.wait(claimed, 1, 5), Act::Answer(EntryAnswer::Confirm, ""))];
        };
        let corrected = self.wait(claimed, 1, 2);
        vec![
            (corrected, Act::Correct(mend)),
            (self.wait(corrected, 1, 6), Act::Answer(EntryAnswer::Confirm, "")),
        ]
    }

    /// Nobody answers in time, and the county bureau adjudicates it. What the bureau itself has to answer is not forgotten.
    fn forgotten(&self, claimed: Date) -> Vec<(Date, Act)> {
        let own = self.deeds.last().is_none_or(|deed| {
            let of = self.programme.activity(&deed.activity);
            let own = deed.claimant == deed.new.pairing.county_school;
            let by = of.map(|of| of.confirmer(|field| deed.new.fields.get(field)?.as_str()));
            by.is_none_or(|by| by == Confirmer::CountyBureau)
                || own && by == Some(Confirmer::Receiver)
                || deed.claimant == deed.new.pairing.county_bureau
        });
        let over = self.deeds.last().is_none_or(|deed| deed.new.pairing.to_day.is_some());
        if own || over || plus(claimed, 45) > self.today {
            return vec![(self.wait(claimed, 3, 9), Act::Answer(EntryAnswer::Confirm, ""))];
        }
        vec![(self.wait(claimed, 18, 26), Act::Adjudicate(Ruling::Confirm, self.rng.word(&SETTLED)))]
    }
}
