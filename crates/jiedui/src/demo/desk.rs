//! What the desks of the demonstration's accounts show: claims that wait, claims that nobody answered in time,
//! disputes. Planned before the usual history, so that the people meant are free.

use super::deeds::Deed;
use super::plan::Planner;
use super::rng::plus;
use crate::evidence::ledger::rules::EntryAnswer;
use crate::network::pairings::PairingRow;
use jiedui_kernel::Period;

/// A claim that is older than so many working days stands on the county bureau's desk; twice as many, on the city's.
const FOR_COUNTY: u32 = 19;
const FOR_CITY: u32 = 34;

impl Planner<'_> {
    /// A short training that ended so many working days ago and was claimed two working days later; unanswered.
    fn waiting_training(&mut self, pairing: &PairingRow, helper: &str, workdays: u32) -> bool {
        let (from, to) = (self.back(workdays + 3), self.back(workdays + 2));
        let done = Period::new(from, to).is_some_and(|span| self.training(pairing, helper, span, false));
        if done {
            self.unanswered(workdays);
        }
        done
    }

    fn waiting_visit(&mut self, pairing: &PairingRow, helper: &str, workdays: u32, posts: &[&str]) {
        let day = self.back(workdays + 2);
        if self.visit(pairing, helper, day, posts) {
            self.unanswered(workdays);
        }
    }

    /// A stay from so many to so many calendar days ago, claimed so many working days ago.
    fn waiting_stay(&mut self, pairing: &PairingRow, helper: &str, (from, to): (i64, i64), workdays: u32) {
        let stay = Period::new(plus(self.today, -from), plus(self.today, -to));
        if stay.is_some_and(|stay| self.stay(pairing, helper, stay)) {
            self.unanswered(workdays);
        }
    }

    /// The pairing of `xianji`, with `qiantou` and `peihe`: a full desk at all three, and work for `xian`.
    pub fn home(&mut self, pairing: &PairingRow) {
        let (lead, nearby) = (pairing.lead.clone(), pairing.nearby.clone());
        self.waiting_visit(pairing, &lead, 4, &["head"]);
        self.waiting_visit(pairing, &lead, 12, &["deputy_head"]);
        self.waiting_visit(pairing, &nearby, 3, &["party_secretary"]);
        self.waiting_visit(pairing, &nearby, 9, &["deputy_head"]);
        self.waiting_stay(pairing, &lead, (34, 20), 11);
        self.waiting_stay(pairing, &lead, (18, 9), 4);
        self.waiting_stay(pairing, &nearby, (32, 17), 9);
        self.waiting_stay(pairing, &nearby, (14, 5), 2);
        for workdays in [3, 7] {
            self.waiting_training(pairing, &lead, workdays);
            self.waiting_training(pairing, &nearby, workdays + 2);
        }
        self.waiting_training(pairing, &lead, FOR_COUNTY);
        self.waiting_training(pairing, &nearby, FOR_COUNTY + 2);
        self.contested(pairing, &lead, (-76, -52), 16);
        self.contested(pairing, &nearby, (-82, -60), 18);
        self.own(pairing, &lead, &nearby);
    }

    /// A training that the county school disputes, and a stay of which it confirms all but the last days.
    fn contested(&mut self, pairing: &PairingRow, helper: &str, (from, to): (i64, i64), workdays: u32) {
        if self.waiting_training(pairing, helper, workdays) {
            let reason = "当天到训教师名单与本校记录不一致，请核对人次后更正。";
            self.disputed(workdays - 3, EntryAnswer::Dispute, reason);
        }
        let Some(stay) = Period::new(plus(self.today, from), plus(self.today, to)) else { return };
        if !self.stay(pairing, helper, stay) {
            return;
        }
        let Some(hole) = Period::new(plus(stay.to, -3), stay.to) else { return };
        let claimed = self.calendar.workdays.after(stay.to, 2);
        if let Some(deed) = self.deeds.last_mut() {
            deed.claimed = claimed;
        }
        let answered = self.calendar.workdays.after(claimed, 4);
        let reason = "最后四天已返回原单位，请按实际在校日期更正。";
        if let Some(deed) = self.deeds.last_mut() {
            deed.steps = vec![(answered, super::deeds::Act::Answer(EntryAnswer::Except(hole), reason))];
        }
    }

    /// What the county school itself claims: shadowing for both helpers, social training for the county bureau.
    fn own(&mut self, pairing: &PairingRow, lead: &str, nearby: &str) {
        for (helper, from, to, workdays) in [(lead, 20, 9, 5), (lead, 44, 33, 9), (nearby, 16, 6, 3)] {
            let span = Period::new(plus(self.today, -from), plus(self.today, -to));
            if span.is_some_and(|span| self.shadowing(pairing, helper, span)) {
                self.unanswered(workdays);
            }
        }
        for (from, to, workdays) in [(18, 12, 6), (10, 6, 2)] {
            let span = Period::new(plus(self.today, -from), plus(self.today, -to));
            if span.is_some_and(|span| self.social_training(pairing, span)) {
                self.unanswered(workdays);
            }
        }
    }

    /// A claim that waits for the county bureau, or, older, for the city's as well.
    pub fn overdue(&mut self, pairing: &PairingRow, for_city: bool) {
        let helper = if for_city { pairing.lead.clone() } else { pairing.nearby.clone() };
        self.waiting_training(pairing, &helper, if for_city { FOR_CITY + 2 } else { FOR_COUNTY + 1 });
    }

    /// Everything planned, in the order of the claims.
    pub fn finish(mut self) -> Vec<Deed> {
        self.deeds.sort_by_key(|deed| deed.claimed);
        self.deeds
    }
}
