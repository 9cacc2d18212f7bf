//! A programme rehearsed on facts that come a part at a time: the same statuses as where all of them are there at once
//! ([`statuses`](crate::statuses)), and never the whole ledger in memory.
//!
//! Of an entry two things are asked. Clocks look at those of one helper at one county school. Figures add up what each entry
//! adds, so what is kept of them is one sum for each indicator, school and set of windows that are looked at; of the people whom
//! entries name, where each was named first. Duties, attainment and the rest see no entries.

use crate::facts::World;
use crate::fields::Side;
use crate::model::{Indicator, Programme};
use crate::readings::EntryFact;
use crate::replay::{
    StatusChange, Statuses, add_attainment, add_clocks, add_duties, add_eligibility, add_targets,
    changed_statuses, looked_back_to, target_window, twelve_months,
};
use crate::rules::{
    Contribution, PERSON, PairingFact, SchoolState, clock_frames, contributions, contributions_of_entries,
    covered_people, evaluate_added, span,
};
use jiedui_kernel::{Date, Period};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// Indicator, school, and in which of the windows the day lies.
type SumKey = (String, String, Vec<bool>);

/// Where a person was named first, and where first by an entry that is confirmed: what
/// [`covered_people`] makes of all the entries that name somebody, it makes of these two.
#[derive(Default)]
struct FirstNamed {
    claimed: Option<Contribution>,
    confirmed: Option<Contribution>,
}

/// What one programme says of everybody, while the entries come in.
pub struct Rehearsal<'a> {
    programme: &'a Programme,
    indicators: HashMap<&'a str, &'a Indicator>,
    few: &'a World,
    today: Date,
    found: Statuses,
    schools: HashMap<&'a str, SchoolState>,
    /// The days over which figures are looked at.
    windows: Vec<Period>,
    sums: BTreeMap<SumKey, Contribution>,
    people: BTreeMap<(String, String), FirstNamed>,
}

impl<'a> Rehearsal<'a> {
    /// Begins with everything but the entries; `bodies` are as in [`statuses`](crate::statuses).
    pub fn of(programme: &'a Programme, few: &'a World, bodies: &[(Side, String)], today: Date) -> Self {
        let mut found = Statuses::new();
        add_duties(&mut found, programme, few, bodies, today);
        let schools = add_attainment(&mut found, programme, few, today);
        let mut windows: Vec<Period> = twelve_months(today).into_iter().collect();
        windows.extend(programme.targets.iter().filter_map(|target| target_window(target, today)));
        windows.sort_unstable();
        windows.dedup();
        Self {
            programme,
            indicators: programme.indicators.iter().map(|one| (one.id.as_str(), one)).collect(),
            few,
            today,
            found,
            schools,
            windows,
            sums: BTreeMap::new(),
            people: BTreeMap::new(),
        }
    }

    /// The days on which entries move the clocks that are looked at; none where there is no such clock.
    pub fn clock_days(&self) -> Option<Period> {
        let since = looked_back_to(self.today);
        let frames = clock_frames(self.programme, &self.few.pairings, &self.few.arrangements, self.today);
        let periods = frames.iter().map(|frame| frame.period.period).filter(|period| period.to >= since);
        periods.reduce(|all, one| Period::new(all.from.min(one.from), all.to.max(one.to)).unwrap_or(all))
    }

    /// Takes the entries of one helper at one county school by which clocks move: all of those days, of all activities that
    /// are owed, in one call. Each two of the pairings once, also where there is no entry.
    pub fn add_work(&mut self, (helper, county_school): (&str, &str), entries: &[EntryFact]) {
        let of = |pairing: &&PairingFact| pairing.helper == helper && pairing.county_school == county_school;
        let pairings: Vec<PairingFact> = self.few.pairings.iter().filter(of).cloned().collect();
        let facts = (pairings.as_slice(), entries, &self.few.arrangements);
        add_clocks(&mut self.found, self.programme, facts, self.today);
    }

    /// Takes entries for what they add to figures: all that there are, each once, in whatever parts.
    pub fn add_entries(&mut self, entries: &[EntryFact]) {
        for one in contributions_of_entries(self.programme, entries) {
            if one.kind == PERSON {
                self.name(one);
            } else {
                self.add(one);
            }
        }
    }

    fn add(&mut self, one: Contribution) {
        let Some(indicator) = self.indicators.get(one.indicator.as_str()) else { return };
        let lies_in =
            |window: &Period| span(&indicator.of, *window).is_some_and(|span| span.contains(one.day));
        let within: Vec<bool> = self.windows.iter().map(lies_in).collect();
        if !within.contains(&true) {
            return;
        }
        match self.sums.entry((one.indicator.clone(), one.school.clone(), within)) {
            Entry::Vacant(place) => {
                // A row of the school instead of one for each entry: nothing of an entry but its amounts is looked at.
                let resource = one.school.clone();
                place.insert(Contribution { resource, ..one });
            }
            Entry::Occupied(mut held) => {
                let held = held.get_mut();
                held.claimed = held.claimed.saturating_add(one.claimed);
                held.confirmed = held.confirmed.saturating_add(one.confirmed);
            }
        }
    }

    fn name(&mut self, one: Contribution) {
        if one.claimed <= 0 {
            return;
        }
        let held = self.people.entry((one.indicator.clone(), one.resource.clone())).or_default();
        let sooner = |known: &Contribution| (one.day, &one.school) < (known.day, &known.school);
        if one.confirmed > 0 && held.confirmed.as_ref().is_none_or(sooner) {
            held.confirmed = Some(one.clone());
        }
        if held.claimed.as_ref().is_none_or(sooner) {
            held.claimed = Some(one);
        }
    }

    /// Everything that the programme says, when all entries are in.
    pub fn statuses(self) -> Statuses {
        let Self { programme, few, today, mut found, schools, sums, people, .. } = self;
        let mut added: Vec<Contribution> = sums.into_values().collect();
        added.extend(contributions(programme, few));
        let named = people.into_values().flat_map(|named| named.claimed.into_iter().chain(named.confirmed));
        added.extend(covered_people(named.collect(), &few.posts));
        add_eligibility(&mut found, programme, (few, &added), schools, today);
        add_targets(&mut found, programme, today, |of, window| {
            evaluate_added(programme, of, (few, &added), window).confirmed
        });
        found
    }

    /// What differs from this programme to another that was given the same facts, in the order of sentences.
    pub fn against(self, new: Rehearsal<'_>) -> Vec<StatusChange> {
        let (old, other) = (self.programme, new.programme);
        changed_statuses((old, &self.statuses()), (other, &new.statuses()))
    }
}
