//! Where a correction lands (docs/decisions/0028-the-month.md). A month that the province accepted stays as it was. What
//! its figures are now, against what was last said of them, is restated in the next month that is accepted; and months of a
//! school are closed in their order; so every change stands in exactly one month.

use super::parcel::{Amount, Parcel, Restated};
use std::collections::BTreeMap;

/// By month and indicator.
pub type Amounts = BTreeMap<(i64, String), Amount>;

/// What was last said of each figure of the accepted months, the oldest parcel first.
pub fn last_said(closed: &[Parcel]) -> Amounts {
    let mut said = Amounts::new();
    for parcel in closed {
        for figure in &parcel.figures {
            said.insert((parcel.month, figure.indicator.clone()), figure.month);
        }
        for one in &parcel.restated {
            said.insert((one.month, one.indicator.clone()), one.is);
        }
    }
    said
}

/// What the next month has to restate, given what stands now. A figure that the programme no longer tells by the month has
/// not become nothing: it stays as it was last said.
pub fn restate(closed: &[Parcel], now: &Amounts, told: impl Fn(&str) -> bool) -> Vec<Restated> {
    let said = last_said(closed);
    let months: Vec<i64> = closed.iter().map(|parcel| parcel.month).collect();
    let keys = said.keys().chain(now.keys().filter(|(month, _)| months.contains(month)));
    let mut keys: Vec<&(i64, String)> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let one = |key: &(i64, String)| {
        let was = said.get(key).copied().unwrap_or_default();
        let is = now.get(key).copied().unwrap_or_default();
        (was != is).then(|| Restated { month: key.0, indicator: key.1.clone(), was, is })
    };
    keys.into_iter().filter(|key| told(&key.1)).filter_map(one).collect()
}

/// The first of these months before one that is not closed. While there is any the month cannot be: it would restate what the
/// earlier one, closed after it and knowing nothing of it, would restate once more.
pub fn first_open(months: &[i64], closed: &[i64], before: i64) -> Option<i64> {
    months.iter().copied().filter(|month| *month < before && !closed.contains(month)).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::monthly::rules::{self, parcel::ParcelFigure};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// A parcel of a month as the figures stand.
    fn close(month: i64, closed: &[Parcel], now: &Amounts) -> Parcel {
        let figures = now.iter().filter(|((of, _), _)| *of == month).map(|((_, indicator), amount)| {
            ParcelFigure { indicator: indicator.clone(), month: *amount, ..ParcelFigure::default() }
        });
        Parcel {
            month,
            figures: figures.collect(),
            restated: restate(closed, now, |_| true),
            ..Parcel::default()
        }
    }

    fn amount(number: i64) -> Amount {
        Amount { claimed: number, confirmed: number }
    }

    #[test]
    fn what_is_as_it_was_said_is_not_restated() {
        let now = Amounts::from([((202_609, "a".to_owned()), amount(3))]);
        let september = close(202_609, &[], &now);
        assert!(restate(std::slice::from_ref(&september), &now, |_| true).is_empty());
        let later =
            Amounts::from([((202_609, "a".to_owned()), amount(5)), ((202_610, "a".to_owned()), amount(1))]);
        let told = restate(std::slice::from_ref(&september), &later, |_| true);
        assert_eq!(told.len(), 1, "October is not accepted, and tells its own figure");
        assert_eq!((told[0].was, told[0].is), (amount(3), amount(5)));
        let october = close(202_610, std::slice::from_ref(&september), &later);
        assert!(restate(&[september, october], &later, |_| true).is_empty(), "once");
    }

    #[test]
    fn what_the_programme_no_longer_tells_is_not_restated_as_nothing() {
        let now =
            Amounts::from([((202_609, "a".to_owned()), amount(3)), ((202_609, "b".to_owned()), amount(2))]);
        let september = [close(202_609, &[], &now)];
        let later = Amounts::from([((202_609, "b".to_owned()), amount(1))]);
        let told = restate(&september, &later, |indicator| indicator == "b");
        assert_eq!(told.iter().map(|one| one.indicator.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(
            restate(&september, &later, |_| true).len(),
            2,
            "one that is told and has no record left is"
        );
    }

    const LAST_OF_PLAN: i64 = 202_712;

    /// The months of a dispatch that goes on after the plan: they end with nothing but the programme's word.
    static BEYOND: LazyLock<Vec<i64>> = LazyLock::new(|| {
        let mut programme = crate::programme_files::shipped::programme();
        programme.calendar.months_since = "2027-09-01".parse().ok();
        let mut months = rules::months(&programme, "2028-03-15".parse().unwrap(), usize::MAX);
        months.reverse();
        months
    });

    /// The figures of a school: what all its pairings did, whichever holds now.
    fn stands(work: &BTreeMap<(i64, bool), i64>) -> Amounts {
        let mut now = Amounts::new();
        for ((month, _), number) in work {
            now.entry((*month, "a".to_owned())).or_default().claimed += number;
        }
        now
    }

    /// So often a month is tried before the rest is closed.
    const TRIES: usize = 12;

    proptest! {
        /// Corrections of any month at any time, months tried in any order: each correction is told once, in the end what all
        /// months say, with what they restate, is what stands, and no parcel was changed.
        #[test]
        fn no_correction_is_without_a_place(
            changes in prop::collection::vec((0..TRIES, 0..4_i64, 0..3_u8, -9..10_i64), 0..60),
            tries in prop::collection::vec(0..4_i64, TRIES),
        ) {
            let months: Vec<i64> = (202_601..=202_605).collect();
            let (mut now, mut said) = (Amounts::new(), Amounts::new());
            let mut closed: Vec<Parcel> = Vec::new();
            let tried = tries.iter().map(|month| 202_601_i64 + month).chain(months.iter().copied());
            for (at, month) in tried.enumerate() {
                for (_, of, indicator, by) in changes.iter().filter(|change| change.0 == at) {
                    let key = (202_601 + of, indicator.to_string());
                    now.entry(key).or_default().claimed += by;
                }
                let done: Vec<i64> = closed.iter().map(|parcel| parcel.month).collect();
                if done.contains(&month) || first_open(&months, &done, month).is_some() {
                    continue;
                }
                let kept = closed.clone();
                let before: Vec<Parcel> = closed.iter().filter(|parcel| parcel.month < month).cloned().collect();
                let parcel = close(month, &before, &now);
                for one in &parcel.restated {
                    let last = said.insert((one.month, one.indicator.clone()), one.is);
                    prop_assert_eq!(last.unwrap_or_default(), one.was, "what was told already is not told again");
                }
                for figure in &parcel.figures {
                    let last = said.insert((month, figure.indicator.clone()), figure.month);
                    prop_assert_eq!(last, None, "a month tells its own figures first");
                }
                closed.push(parcel);
                prop_assert_eq!(&kept[..], &closed[..kept.len()], "what is accepted stays as it was");
            }
            prop_assert_eq!(closed.len(), months.len(), "each gets its turn");
            prop_assert_eq!(last_said(&closed), said.clone());
            for (key, amount) in now.iter().filter(|(_, amount)| **amount != Amount::default()) {
                prop_assert_eq!(said.get(key), Some(amount));
            }
            for (key, amount) in said.iter().filter(|(_, amount)| **amount != Amount::default()) {
                prop_assert_eq!(now.get(key), Some(amount));
            }
        }

        /// A pairing ends in the midst of it, and the last month of the plan comes and goes: what is corrected of the former
        /// partners' months, and of the last month, is told in a later month of the school; and what comes after the last one
        /// that was accepted waits for the next.
        #[test]
        fn the_end_of_a_pairing_and_of_the_plan_leaves_no_correction_without_a_place(
            ended in 0..6_usize,
            changes in prop::collection::vec((0..8_usize, 0..6_usize, any::<bool>(), -9..10_i64), 0..60),
        ) {
            let months = &*BEYOND;
            prop_assert!(months.contains(&LAST_OF_PLAN) && months.last() > Some(&LAST_OF_PLAN));
            // What each pairing did in each month, as the records say it now; the earlier one has nothing after its end.
            let mut work: BTreeMap<(i64, bool), i64> = BTreeMap::new();
            let mut closed: Vec<Parcel> = Vec::new();
            for at in 0..8_usize {
                for (_, of, earlier, by) in changes.iter().filter(|change| change.0 == at) {
                    *work.entry((months[*of], *earlier && *of <= ended)).or_default() += by;
                }
                // After the last of them nothing is accepted any more, and corrections go on.
                let Some(month) = months.get(at) else { continue };
                let kept = closed.clone();
                closed.push(close(*month, &kept, &stands(&work)));
                prop_assert_eq!(&kept[..], &closed[..kept.len()], "what is accepted stays as it was");
            }
            let (said, now) = (last_said(&closed), stands(&work));
            let open = restate(&closed, &now, |_| true);
            for (key, amount) in &now {
                let waiting = open.iter().find(|one| (one.month, &one.indicator) == (key.0, &key.1));
                let told = waiting.map_or_else(|| said.get(key).copied().unwrap_or_default(), |one| one.is);
                prop_assert_eq!(told, *amount, "{:?} has no place", key);
            }
            let next = close(202_803, &closed, &now);
            closed.push(next);
            prop_assert!(restate(&closed, &now, |_| true).is_empty(), "the next month takes what was left");
        }
    }
}
