//! Whether a target will be reached: what is needed each month from now, beside what the same months brought a year
//! before, and which schools' months make most of the difference. A forecast is arithmetic, not a promise: it repeats
//! last year's months.

use crate::model::IndicatorOf;
use crate::readings::Reading;
use crate::rules::ratio::rounded;
use chrono::Datelike;
use jiedui_kernel::{Date, Reported};
use std::collections::{BTreeMap, BTreeSet};

/// Amounts by month; a month is its year times twelve plus its place, so that months can be counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Months(BTreeMap<i64, i64>);

impl Months {
    pub fn add(&mut self, day: Date, amount: i64) {
        let sum = self.0.entry(at(day)).or_default();
        *sum = sum.saturating_add(amount);
    }

    /// From the first of `from` to the last of `to`, both included.
    fn sum(&self, from: i64, to: i64) -> i64 {
        if from > to {
            return 0;
        }
        self.0.range(from..=to).fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
    }
}

fn at(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// How an amount must move to reach what a target wants. All of it in full months: what this month has brought so far
/// is part of what it is to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Months left, this one included.
    pub months: i64,
    /// The figure at the end of last month.
    pub so_far: i64,
    /// What each of them must bring, rounded up; zero where it is reached.
    pub needed: i64,
    /// What the same months brought the year before, each month on average; not known where nobody kept records then.
    pub last_year: Reported<i64>,
    /// Where it ends if they bring the same again; never less than what stands already.
    pub forecast: Reported<i64>,
}

/// The pace of an indicator that grows month by month; `None` for one that does not, and where the target's year is
/// over. `begins` is the first day of which there are records.
pub fn pace(
    of: &IndicatorOf,
    wanted: i64,
    months: &Months,
    begins: Option<Date>,
    year: i32,
    today: Date,
) -> Option<Pace> {
    let horizon = Horizon::new(of, year, today)?;
    let so_far = months.sum(horizon.since, horizon.from - 1);
    let left = horizon.to - horizon.from + 1;
    let lacking = wanted.saturating_sub(so_far).max(0);
    let known = begins.is_some_and(|begins| at(begins) <= horizon.model(horizon.from));
    let before = horizon.before(months);
    // This month may have brought more by today than it did a year ago.
    let stands = months.sum(horizon.since, horizon.present.min(horizon.to));
    let forecast = so_far.saturating_add(before).max(stands);
    Some(Pace {
        months: left,
        so_far,
        needed: lacking.saturating_add(left - 1) / left,
        last_year: if known { Reported::Value(average(before, left)) } else { Reported::NotReported },
        forecast: if known { Reported::Value(forecast) } else { Reported::NotReported },
    })
}

/// Rounded half up, as everything that is shown.
fn average(sum: i64, months: i64) -> i64 {
    sum.saturating_mul(2).saturating_add(months).div_euclid(months.saturating_mul(2))
}

/// How what is told once a year must move: from the newest year that is known to that of the target. Shares are those that
/// are shown, so that what is needed is the difference that stands on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearlyPace {
    /// The newest year that is known, and its figure.
    pub year: i32,
    pub value: i64,
    pub years: i64,
    /// By how much it must grow each year, rounded up; zero where it is enough already.
    pub needed: i64,
    /// By how much it grew from the year before, among those who told both; not known where that year is not.
    pub last_year: Reported<i64>,
    /// Where it ends if it grows so again.
    pub forecast: Reported<i64>,
}

/// What is known of a year of a figure that is told once a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearKnown {
    /// As it is shown.
    pub value: i64,
    /// How many schools have not told: what they have is lacking in the sum.
    pub missing: i64,
}

/// What is confirmed of a year, and how many of the county schools of that year have not told. A share is taken over those
/// who answered and lacks nobody. `None` where nothing is known.
pub fn year_known<'a>(
    of: &IndicatorOf,
    reading: &Reading,
    schools: impl Iterator<Item = &'a str>,
) -> Option<YearKnown> {
    let value = reading.shown().1.value().filter(|value| *value > 0)?;
    let told: BTreeSet<&str> = told(reading).map(|(school, _)| school).collect();
    let missing = match of {
        IndicatorOf::Profile { .. } => schools.filter(|school| !told.contains(school)).count(),
        _ => 0,
    };
    Some(YearKnown { value, missing: i64::try_from(missing).unwrap_or(i64::MAX) })
}

/// By how much a figure grew between two years, among the schools that told both: one more report is no growth.
pub fn yearly_growth(of: &IndicatorOf, before: &Reading, after: &Reading) -> Option<i64> {
    match (of, before.parts.as_slice(), after.parts.as_slice()) {
        (IndicatorOf::Profile { .. }, ..) => {
            let known: BTreeMap<&str, i64> = told(before).collect();
            let both = told(after).filter_map(|(school, now)| Some(now.saturating_sub(*known.get(school)?)));
            both.reduce(i64::saturating_add)
        }
        (IndicatorOf::Ratio { .. }, [_, below], [_, under]) => {
            let early: BTreeSet<&str> = told(below).map(|(school, _)| school).collect();
            let both: BTreeSet<&str> =
                told(under).map(|(school, _)| school).filter(|school| early.contains(school)).collect();
            let share = |reading: &Reading| {
                let sum = |part: &Reading| {
                    let rows = part.rows.iter().filter(|row| both.contains(row.school.as_str()));
                    rows.fold(0_i64, |sum, row| sum.saturating_add(row.confirmed))
                };
                rounded(sum(reading.parts.first()?), sum(reading.parts.last()?))
            };
            Some(share(after)?.saturating_sub(share(before)?))
        }
        _ => Some(after.shown().1.value()?.saturating_sub(before.shown().1.value()?)),
    }
}

/// The schools behind a reading whose figure is confirmed, nought included.
fn told(reading: &Reading) -> impl Iterator<Item = (&str, i64)> {
    let confirmed = reading.rows.iter().filter(|row| row.confirmed > 0 || row.claimed == 0);
    confirmed.map(|row| (row.school.as_str(), row.confirmed))
}

/// Where a figure of whole years stands on its way to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearlyCourse {
    /// From the newest year that all schools told: the sum of some is not held against the target of all. `None` where
    /// there is no such year.
    pub pace: Option<YearlyPace>,
    /// A newer year that only some told, and how many schools did not: 2026年尚有 17 所未报.
    pub missing: Option<(i32, i64)>,
}

/// The course of a figure of whole years; `grew` is [`yearly_growth`] between two of them. `None` where nothing is known
/// before the target's year, or that year is over.
pub fn yearly_course(
    known: &BTreeMap<i32, YearKnown>,
    grew: impl Fn(i32, i32) -> Option<i64>,
    wanted: i64,
    year: i32,
    today: Date,
) -> Option<YearlyCourse> {
    if year < today.year() {
        return None;
    }
    let (last, newest) = known.range(..year).next_back()?;
    let all = known.iter().filter(|(_, one)| one.missing == 0).map(|(year, one)| (*year, one.value));
    Some(YearlyCourse {
        pace: yearly_pace(&all.collect(), grew, wanted, year, today),
        missing: (newest.missing > 0).then_some((*last, newest.missing)),
    })
}

/// The pace of a figure of whole years that all told; [`yearly_course`] asks whether they did. `known` are years with the figure of each; `grew` is what it grew by between two
/// years, among those who told both. `None` where nothing is known before the target's year, or that year is over.
pub fn yearly_pace(
    known: &BTreeMap<i32, i64>,
    grew: impl Fn(i32, i32) -> Option<i64>,
    wanted: i64,
    year: i32,
    today: Date,
) -> Option<YearlyPace> {
    let (last, value) = known.range(..year).next_back().map(|(year, value)| (*year, *value))?;
    if year < today.year() {
        return None;
    }
    let years = i64::from(year - last);
    let lacking = wanted.saturating_sub(value).max(0);
    let growth = known.contains_key(&(last - 1)).then(|| grew(last - 1, last)).flatten();
    let reported = |value: Option<i64>| value.map_or(Reported::NotReported, Reported::Value);
    Some(YearlyPace {
        year: last,
        value,
        years,
        needed: lacking.saturating_add(years - 1) / years,
        last_year: reported(growth),
        forecast: reported(growth.map(|growth| value.saturating_add(growth.saturating_mul(years)).max(0))),
    })
}

/// The months that are left, and those after which they are forecast.
struct Horizon {
    /// From here on amounts count towards the target.
    since: i64,
    from: i64,
    to: i64,
    present: i64,
}

impl Horizon {
    fn new(of: &IndicatorOf, year: i32, today: Date) -> Option<Self> {
        let january = i64::from(year) * 12;
        let present = at(today);
        let (since, from) = match of {
            IndicatorOf::Entries { .. } => (january, present.max(january)),
            IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. } => (i64::MIN, present),
            _ => return None,
        };
        let to = january + 11;
        (from <= to).then_some(Self { since, from, to, present })
    }

    /// The latest same month of the calendar that lies wholly behind us.
    fn model(&self, month: i64) -> i64 {
        let years = (month - self.present).div_euclid(12) + 1;
        month - 12 * years.max(0)
    }

    /// What the model months brought.
    fn before(&self, months: &Months) -> i64 {
        (self.from..=self.to)
            .map(|month| self.model(month))
            .fold(0, |sum: i64, month| sum.saturating_add(months.sum(month, month)))
    }
}

/// A school whose months make much of the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Influence {
    pub school: String,
    /// Claimed and not confirmed yet.
    pub unconfirmed: i64,
    /// What the months that are left brought it the year before.
    pub last_year: i64,
}

/// The fewest schools that together hold at least half of what can still come, judged by what each of them has waiting
/// for an answer and did in the same months last year; at most `most` of them. They come back in the order in which
/// they were given: this says where to look, and ranks nobody.
pub fn influences(
    of: &IndicatorOf,
    schools: &[(String, Months, i64)],
    year: i32,
    today: Date,
    most: usize,
) -> Vec<Influence> {
    let Some(horizon) = Horizon::new(of, year, today) else { return Vec::new() };
    let weigh = |(school, months, unconfirmed): &(String, Months, i64)| Influence {
        school: school.clone(),
        unconfirmed: (*unconfirmed).max(0),
        last_year: horizon.before(months).max(0),
    };
    let all: Vec<Influence> = schools.iter().map(weigh).collect();
    let weight = |one: &Influence| one.unconfirmed.saturating_add(one.last_year);
    let total = all.iter().fold(0_i64, |sum, one| sum.saturating_add(weight(one)));
    let mut order: Vec<usize> = (0..all.len()).filter(|at| weight(&all[*at]) > 0).collect();
    order.sort_by_key(|at| std::cmp::Reverse(weight(&all[*at])));
    let mut held = 0_i64;
    let mut chosen: Vec<usize> = order
        .into_iter()
        .take(most)
        .take_while(|at| {
            let before = held;
            held = held.saturating_add(weight(&all[*at]));
            before < total.saturating_add(1) / 2
        })
        .collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|at| all[at].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readings::Row;
    use jiedui_kernel::Unit;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn flow() -> IndicatorOf {
        IndicatorOf::Entries {
            activity: vec!["x".to_owned()],
            field: None,
            only: None,
            given_by: None,
            answered: Vec::new(),
        }
    }

    fn stock() -> IndicatorOf {
        IndicatorOf::Covered { activity: vec!["x".to_owned()] }
    }

    fn months(amounts: &[(&str, i64)]) -> Months {
        let mut found = Months::default();
        for (text, amount) in amounts {
            found.add(day(text), *amount);
        }
        found
    }

    #[test]
    fn a_yearly_amount_starts_anew_and_is_held_against_the_same_months() {
        let found =
            months(&[("2025-03-01", 500), ("2025-11-30", 30), ("2025-12-01", 50), ("2026-10-01", 60)]);
        let pace = pace(&flow(), 100, &found, Some(day("2025-01-01")), 2026, day("2026-11-24")).unwrap();
        assert_eq!((pace.months, pace.so_far, pace.needed), (2, 60, 20));
        assert_eq!((pace.last_year, pace.forecast), (Reported::Value(40), Reported::Value(140)));
    }

    #[test]
    fn a_later_year_begins_at_nought_and_repeats_the_last_twelve_months() {
        let found = months(&[("2025-12-01", 7), ("2026-10-01", 60), ("2026-11-01", 1000)]);
        let pace = pace(&flow(), 240, &found, Some(day("2025-11-01")), 2027, day("2026-11-24")).unwrap();
        assert_eq!((pace.months, pace.so_far, pace.needed), (12, 0, 20));
        assert_eq!(pace.forecast, Reported::Value(67), "this month is not over and stands for nothing yet");
    }

    #[test]
    fn what_stands_goes_on_from_what_there_is() {
        let found = months(&[("2024-09-01", 10), ("2025-12-01", 3), ("2026-02-01", -1)]);
        let pace = pace(&stock(), 38, &found, Some(day("2024-09-01")), 2027, day("2026-11-24")).unwrap();
        assert_eq!((pace.months, pace.so_far, pace.needed), (14, 12, 2));
        // The one lost in February would be lost again, the three of December come twice.
        assert_eq!(pace.forecast, Reported::Value(12 + 3 - 1 + 3));
    }

    #[test]
    fn without_records_of_last_year_there_is_no_forecast_and_what_is_over_has_no_pace() {
        let found = months(&[("2026-10-01", 60)]);
        let young = pace(&flow(), 100, &found, Some(day("2026-10-01")), 2026, day("2026-11-24")).unwrap();
        assert_eq!((young.last_year, young.forecast), (Reported::NotReported, Reported::NotReported));
        assert!(pace(&flow(), 100, &found, None, 2025, day("2026-01-01")).is_none());
        assert!(pace(&IndicatorOf::Paired, 100, &found, None, 2026, day("2026-01-01")).is_none());
        let done = pace(&flow(), 50, &found, None, 2026, day("2026-12-31")).unwrap();
        assert_eq!((done.months, done.needed), (1, 0));
    }

    #[test]
    fn a_forecast_is_never_below_what_stands() {
        // Two came this month, and a year ago the rest of the year brought none.
        let found = months(&[("2024-09-01", 1), ("2026-11-05", 2)]);
        let now = pace(&stock(), 3, &found, Some(day("2024-09-01")), 2027, day("2026-11-28")).unwrap();
        assert_eq!((now.so_far, now.forecast), (1, Reported::Value(3)));
        let found = months(&[("2025-02-01", -2), ("2026-01-01", 4), ("2025-01-01", 3)]);
        let lost = pace(&stock(), 3, &found, Some(day("2024-09-01")), 2027, day("2026-11-28")).unwrap();
        assert_eq!(lost.forecast, Reported::Value(9), "what was lost two years ago is not lost again");
        let found = months(&[("2024-01-01", 5), ("2026-02-01", -2)]);
        let lost = pace(&stock(), 3, &found, Some(day("2024-01-01")), 2027, day("2026-11-28")).unwrap();
        assert_eq!(lost.forecast, Reported::Value(3), "what stands is not forecast away");
        let flow =
            pace(&flow(), 1, &months(&[("2026-11-05", 7)]), Some(day("2024-01-01")), 2026, day("2026-11-28"));
        assert_eq!(flow.unwrap().forecast, Reported::Value(7));
    }

    #[test]
    fn what_is_told_once_a_year_has_a_pace_of_years() {
        let known = BTreeMap::from([(2024, 100), (2025, 110), (2026, 130)]);
        let grew = |from: i32, to: i32| Some(known.get(&to)? - known.get(&from)?);
        let found = yearly_pace(&known, grew, 145, 2028, day("2026-11-28")).unwrap();
        assert_eq!((found.year, found.value, found.years, found.needed), (2026, 130, 2, 8));
        assert_eq!((found.last_year, found.forecast), (Reported::Value(20), Reported::Value(170)));
        let young = BTreeMap::from([(2026, 9600)]);
        let found = yearly_pace(&young, |_, _| None, 9500, 2027, day("2026-11-28")).unwrap();
        assert_eq!((found.needed, found.forecast), (0, Reported::NotReported));
        assert!(yearly_pace(&known, grew, 1, 2025, day("2026-11-28")).is_none(), "that year is over");
        assert!(yearly_pace(&BTreeMap::new(), grew, 1, 2027, day("2026-11-28")).is_none());
    }

    fn profile() -> IndicatorOf {
        IndicatorOf::Profile { element: "students".to_owned() }
    }

    fn told_by(amounts: &[(&str, i64, i64)]) -> Reading {
        let row = |(school, claimed, confirmed): &(&str, i64, i64)| Row {
            id: (*school).to_owned(),
            school: (*school).to_owned(),
            claimed: *claimed,
            confirmed: *confirmed,
        };
        Reading::of_rows(Unit::Persons, amounts.iter().map(row).collect())
    }

    #[test]
    fn the_sum_of_some_schools_is_not_held_against_the_target_of_all() {
        let schools = ["a", "b", "c"];
        let of = |reading: &Reading| year_known(&profile(), reading, schools.into_iter()).unwrap();
        let all = told_by(&[("a", 100, 100), ("b", 200, 200), ("c", 0, 0)]);
        let some = told_by(&[("a", 110, 110), ("b", 300, 0)]);
        assert_eq!(of(&all), YearKnown { value: 300, missing: 0 }, "nought is told too");
        assert_eq!(
            of(&some),
            YearKnown { value: 110, missing: 2 },
            "what waits for acceptance is not told yet"
        );
        let readings = BTreeMap::from([(2025, &all), (2026, &some)]);
        let grew = |from: i32, to: i32| yearly_growth(&profile(), readings.get(&from)?, readings.get(&to)?);
        assert_eq!(grew(2025, 2026), Some(10), "of the one that told both");
        let known = BTreeMap::from([(2025, of(&all)), (2026, of(&some))]);
        let today = day("2026-11-28");
        let found = yearly_course(&known, grew, 340, 2027, today).unwrap();
        let pace = found.pace.unwrap();
        assert_eq!((pace.year, pace.value, pace.years, pace.needed), (2025, 300, 2, 20));
        assert_eq!(pace.forecast, Reported::NotReported, "2024 is not known");
        assert_eq!(found.missing, Some((2026, 2)));
        let only = BTreeMap::from([(2026, of(&some))]);
        let found = yearly_course(&only, grew, 340, 2027, today).unwrap();
        assert_eq!((found.pace, found.missing), (None, Some((2026, 2))), "no year is whole");
        let whole = BTreeMap::from([(2026, of(&all))]);
        assert_eq!(yearly_course(&whole, grew, 340, 2027, today).unwrap().missing, None);
        assert!(yearly_course(&whole, grew, 340, 2025, today).is_none(), "that year is over");
        assert_eq!(yearly_growth(&profile(), &told_by(&[("a", 1, 1)]), &told_by(&[("b", 1, 1)])), None);
    }

    #[test]
    fn what_is_shown_of_a_share_adds_up_on_the_page() {
        let share = |above: &[(&str, i64, i64)], below: &[(&str, i64, i64)]| Reading {
            unit: Unit::BasisPoints,
            claimed: Reported::Value(0),
            // The exact one, cut.
            confirmed: Reported::Value(9681),
            rows: Vec::new(),
            parts: vec![told_by(above), told_by(below)],
        };
        let of = IndicatorOf::Ratio { numerator: "x".to_owned(), denominator: "y".to_owned() };
        let now = share(&[("a", 790, 790), ("b", 791, 791)], &[("a", 800, 800), ("b", 833, 833)]);
        let before = share(&[("a", 780, 780)], &[("a", 800, 800)]);
        let known = year_known(&of, &now, ["a", "b", "c"].into_iter()).unwrap();
        assert_eq!(known, YearKnown { value: 9682, missing: 0 }, "a share lacks nobody");
        assert_eq!(yearly_growth(&of, &before, &now), Some(9875 - 9750), "of the one that told both");
        let known = BTreeMap::from([(2025, YearKnown { value: 9750, missing: 0 }), (2026, known)]);
        let found = yearly_course(&known, |_, _| Some(125), 9800, 2027, day("2026-11-28")).unwrap();
        let pace = found.pace.unwrap();
        assert_eq!((pace.value, pace.needed), (9682, 118), "98 less 96.82 is 1.18");
        assert_eq!(pace.forecast, Reported::Value(9682 + 125));
    }

    #[test]
    fn an_average_is_rounded_half_up() {
        assert_eq!([average(5, 2), average(7, 3), average(8, 3), average(-5, 2)], [3, 2, 3, -2]);
    }

    #[test]
    fn the_schools_that_make_half_of_it_come_in_their_own_order() {
        let school = |name: &str, amount: i64, waiting: i64| {
            (name.to_owned(), months(&[("2025-12-01", amount), ("2026-03-01", 999)]), waiting)
        };
        let all =
            [school("a", 10, 0), school("b", 1, 1), school("c", 20, 5), school("d", 3, 0), school("e", 0, 0)];
        let found = influences(&flow(), &all, 2026, day("2026-11-24"), 5);
        let names: Vec<&str> = found.iter().map(|one| one.school.as_str()).collect();
        assert_eq!(names, ["c"], "25 of 40");
        let all = [all[0].clone(), all[1].clone(), all[3].clone(), school("c", 9, 0)];
        let found = influences(&flow(), &all, 2026, day("2026-11-24"), 5);
        let names: Vec<&str> = found.iter().map(|one| one.school.as_str()).collect();
        assert_eq!(names, ["a", "c"], "10 of 24 is not half of it");
        assert!(influences(&flow(), &[school("e", 0, 0)], 2026, day("2026-11-24"), 5).is_empty());
    }
}
