//! The clocks of S1.4 and S1.6, and of whatever else is owed at least so often in a period.

use crate::facts::Arrangements;
use crate::model::{Activity, Measure, Obligation, PartPeriod, Programme};
use crate::readings::{ClockNote, ClockReading, ClockState, EntryFact};
use crate::rules::counts::counts_for;
use crate::rules::periods::{NamedPeriod, periods, periods_at};
use crate::rules::relation::{PairingFact, Relation, relations};
use crate::rules::work::{reachable, work};
use jiedui_kernel::{Date, Period};
use std::collections::HashMap;

/// What the entries of a helper at a county school come to on one clock. It follows from them, the programme and the days
/// on which the two are paired, and not from today: so it can be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockWork {
    /// Work claimed and neither disputed nor withdrawn (what is confirmed included).
    pub claimed: i64,
    pub confirmed: i64,
    /// The last day on which one may begin and still reach what is owed; `None` where it is reached.
    pub latest_start: Option<Date>,
    /// Ids of the entries that count here.
    pub entries: Vec<String>,
}

/// A clock without its work: who owes what to whom, in which period, and on which days of it the two are paired.
#[derive(Debug, Clone)]
pub struct ClockFrame<'a> {
    pub obligation: &'a Obligation,
    pub helper: String,
    pub county_school: String,
    pub period: NamedPeriod,
    activity: &'a Activity,
    windows: Vec<Period>,
}

/// All clocks that have begun by `today`: of every obligation, every helper with its county schools, every period in
/// which they are paired. Order: obligation, helper, county school, period. The work grows with the number of facts,
/// not with facts times relations.
pub fn clocks(
    programme: &Programme,
    pairings: &[PairingFact],
    facts: &[EntryFact],
    arrangements: &Arrangements,
    today: Date,
) -> Vec<ClockReading> {
    let mut index: HashMap<(&str, &str, &str), Vec<&EntryFact>> = HashMap::new();
    for fact in facts {
        for (at, helper) in fact.helpers.iter().enumerate() {
            if !fact.helpers[..at].contains(helper) {
                let key = (fact.activity.as_str(), helper.as_str(), fact.county_school.as_str());
                index.entry(key).or_default().push(fact);
            }
        }
    }
    let reading = |frame: ClockFrame<'_>| {
        let key = (frame.activity.id.as_str(), frame.helper.as_str(), frame.county_school.as_str());
        let own = index.get(&key).map(Vec::as_slice).unwrap_or_default();
        frame.reading(programme, frame.work(programme, own), arrangements, today)
    };
    clock_frames(programme, pairings, arrangements, today).into_iter().map(reading).collect()
}

/// The same clocks without their work.
pub fn clock_frames<'a>(
    programme: &'a Programme,
    pairings: &[PairingFact],
    arrangements: &Arrangements,
    today: Date,
) -> Vec<ClockFrame<'a>> {
    let mut frames = Vec::new();
    for obligation in &programme.obligations {
        let usual = periods(programme, obligation.every, today);
        for relation in relations(pairings, &obligation.owed_by) {
            let dated = arrangements.semesters_of(&relation.county_school);
            let moved = (!dated.is_empty()).then(|| periods_at(programme, obligation.every, &dated, today));
            let read = moved.as_ref().unwrap_or(&usual).iter();
            frames.extend(
                read.filter_map(|period| ClockFrame::of(programme, obligation, &relation, period, today)),
            );
        }
    }
    frames
}

/// One clock: what the helper owes the county school in the period. `None` where they are not paired in it, or not
/// yet. Entries of others are passed over, and so is what another helper's people did.
///
/// - Done is what is confirmed; work that is claimed and unanswered is waiting and never missed, also afterwards.
/// - The days of the clock are those of the period on which the two are paired. Days between two pairings are none: what
///   is done then does not count, and no date to begin by lies there.
/// - Where the pairing began after the first day of the period, or ended before its last, the programme says what is owed.
/// - A period that was over before the system was used is shown and not judged; one that nobody has dated says so.
pub fn clock(
    programme: &Programme,
    obligation: &Obligation,
    relation: &Relation,
    facts: &[&EntryFact],
    period: &NamedPeriod,
    today: Date,
) -> Option<ClockReading> {
    let frame = ClockFrame::of(programme, obligation, relation, period, today)?;
    Some(frame.reading(programme, frame.work(programme, facts), &Arrangements::default(), today))
}

impl<'a> ClockFrame<'a> {
    fn of(
        programme: &'a Programme,
        obligation: &'a Obligation,
        relation: &Relation,
        period: &NamedPeriod,
        today: Date,
    ) -> Option<Self> {
        if !obligation.is_owed_on(period.period.to) {
            return None;
        }
        let windows: Vec<Period> =
            relation.terms.iter().filter_map(|term| term.within(period.period)).collect();
        let begun = windows.iter().any(|window| window.from <= today);
        begun.then_some(Self {
            obligation,
            helper: relation.helper.clone(),
            county_school: relation.county_school.clone(),
            period: period.clone(),
            activity: programme.activity(&obligation.activity)?,
            windows,
        })
    }

    /// The activity whose entries move it.
    pub fn activity(&self) -> &'a Activity {
        self.activity
    }

    /// Everything besides entries by which its work is computed, as a text: kept work holds where this is the same.
    pub fn basis(&self, programme: &Programme) -> String {
        let days = self.windows.iter().map(|window| format!(" {}/{}", window.from, window.to));
        format!("{}{}", programme.digest, days.collect::<String>())
    }

    /// What entries come to on it.
    pub fn work(&self, programme: &Programme, facts: &[&EntryFact]) -> ClockWork {
        let own: Vec<&EntryFact> = facts
            .iter()
            .copied()
            .filter(|fact| {
                fact.activity == self.activity.id
                    && fact.county_school == self.county_school
                    && counts_for(programme, fact, &self.helper)
            })
            .collect();
        let done = work(self.activity.measure, &own, &self.windows);
        let days = usable(&self.windows);
        let latest_start = self
            .owed(&days)
            .filter(|owed| done.standing < *owed)
            .and_then(|owed| latest_start(self.activity.measure, &own, &self.windows, &days, owed));
        ClockWork { claimed: done.standing, confirmed: done.confirmed, latest_start, entries: done.entries }
    }

    /// How it stands today, with what somebody who may do so has said of it.
    pub fn reading(
        &self,
        programme: &Programme,
        done: ClockWork,
        arrangements: &Arrangements,
        today: Date,
    ) -> ClockReading {
        let days = usable(&self.windows);
        let owed = self.owed(&days);
        let notes = self.notes(programme);
        let judged = !notes.iter().any(|note| matches!(note, ClockNote::BeforeUse { .. }));
        let latest_start = done.latest_start.filter(|day| judged && *day >= today);
        let workdays_left = latest_start.map(|day| programme.calendar.workdays.between(today, day));
        let hurry = workdays_left.map(|left| {
            left <= i64::from(programme.calendar.at_risk_workdays)
                || presses(programme, owed.unwrap_or(0), done.claimed, &days, today)
        });
        let reading = ClockReading {
            obligation: self.obligation.id.clone(),
            helper: self.helper.clone(),
            county_school: self.county_school.clone(),
            period: self.period.period,
            period_id: self.period.id.clone(),
            period_name: self.period.name.clone(),
            state: match (self.period.dated, judged) {
                (false, _) => ClockState::Undated,
                (true, false) => ClockState::BeforeUse,
                (true, true) => state(owed, &done, hurry),
            },
            owed: owed.unwrap_or(0),
            claimed: done.claimed,
            confirmed: done.confirmed,
            latest_start,
            workdays_left,
            entries: done.entries,
            notes,
        };
        arranged(reading, arrangements)
    }

    /// The first and the last of its days.
    fn ends(&self) -> (Date, Date) {
        let whole = self.period.period;
        let begin = self.windows.iter().map(|window| window.from).min().unwrap_or(whole.from);
        (begin, self.windows.iter().map(|window| window.to).max().unwrap_or(whole.to))
    }

    fn owed(&self, days: &[Date]) -> Option<i64> {
        owed(self.obligation, self.activity.measure, &self.period, self.ends(), days)
    }

    fn notes(&self, programme: &Programme) -> Vec<ClockNote> {
        notes(programme, &self.period, self.ends())
    }
}

/// A clock with what somebody who may do so has said of it.
fn arranged(mut reading: ClockReading, arrangements: &Arrangements) -> ClockReading {
    if let Some(own) = arrangements.semester(&reading.county_school, &reading.period_id) {
        reading.notes.push(ClockNote::OwnSemester { by: own.by.clone(), reason: own.reason.clone() });
    }
    if let Some(exemption) = arrangements.exemption(&reading) {
        reading.state = ClockState::Exempt;
        (reading.latest_start, reading.workdays_left) = (None, None);
        let (by, reason) = (exemption.by.clone(), exemption.reason.clone());
        reading.notes.push(ClockNote::Exempted { by, reason });
    }
    reading
}

/// The days of the windows, each once, the earliest first.
fn usable(windows: &[Period]) -> Vec<Date> {
    let mut days: Vec<Date> = windows
        .iter()
        .flat_map(|window| window.from.iter_days().take_while(|day| *day <= window.to))
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Why what is owed, or whether it is judged, is not what the programme says of a whole period.
fn notes(programme: &Programme, period: &NamedPeriod, (begin, end): (Date, Date)) -> Vec<ClockNote> {
    if !period.dated {
        return vec![ClockNote::Undated { from: period.period.from }];
    }
    let since = programme.calendar.in_use_since.filter(|since| period.period.to < *since);
    let before = since.map(|since| ClockNote::BeforeUse { since });
    let began = (begin > period.period.from).then_some(ClockNote::Began { day: begin });
    let ended = (end < period.period.to).then_some(ClockNote::Ended { day: end });
    before.into_iter().chain(began).chain(ended).collect()
}

/// What is owed; `None` where nothing is: an exempt part, or one too short for a single piece. A prorated part is rounded
/// down, and no more is ever owed than can be done in the days there are.
fn owed(
    obligation: &Obligation,
    measure: Measure,
    period: &NamedPeriod,
    (begin, end): (Date, Date),
    days: &[Date],
) -> Option<i64> {
    let whole = period.period;
    let (late, early) = (begin > whole.from, end < whole.to);
    let (first, last) = (obligation.first_part, obligation.last_part);
    let exempt = (late && first == PartPeriod::Exempt) || (early && last == PartPeriod::Exempt);
    if exempt || !period.dated {
        return None;
    }
    let from = if late && first == PartPeriod::Prorated { begin } else { whole.from };
    let to = if early && last == PartPeriod::Prorated { end } else { whole.to };
    let share = (to - from).num_days() + 1;
    let owed = obligation.at_least_on(whole.to).saturating_mul(share) / whole.days();
    let most = match measure {
        Measure::Entered => i64::MAX,
        Measure::Once | Measure::Days => i64::try_from(days.len()).unwrap_or(i64::MAX),
    };
    Some(owed.min(most)).filter(|owed| *owed > 0)
}

/// The last day on which one may still begin: whoever works on every usable day from then on reaches what is owed. An
/// entered quantity can be done on the last day.
fn latest_start(
    measure: Measure,
    own: &[&EntryFact],
    windows: &[Period],
    days: &[Date],
    owed: i64,
) -> Option<Date> {
    if measure == Measure::Entered {
        return days.last().copied();
    }
    let enough = |day: &Date| reachable(measure, own, windows, *day) >= owed;
    // The later one begins, the less can be done.
    let possible = days.partition_point(enough);
    days.get(possible.checked_sub(1)?).copied()
}

/// Whether what is left would have to be done several times as fast as the whole period asks for.
fn presses(programme: &Programme, owed: i64, standing: i64, days: &[Date], today: Date) -> bool {
    let count = |days: usize| i64::try_from(days).unwrap_or(i64::MAX);
    let left = count(days.iter().filter(|day| **day >= today).count());
    let speed = i64::from(programme.calendar.at_risk_speed);
    let rest = owed.saturating_sub(standing);
    rest.saturating_mul(count(days.len())) >= speed.saturating_mul(owed).saturating_mul(left)
}

/// `hurry` tells whether the rest is pressing; `None` where it can no longer be done.
fn state(owed: Option<i64>, done: &ClockWork, hurry: Option<bool>) -> ClockState {
    match (owed, hurry) {
        (None, _) => ClockState::Exempt,
        (Some(owed), _) if done.confirmed >= owed => ClockState::Met,
        (Some(owed), _) if done.claimed >= owed => ClockState::Awaiting,
        (_, Some(true)) => ClockState::AtRisk,
        (_, Some(false)) => ClockState::Running,
        (_, None) => ClockState::Missed,
    }
}
