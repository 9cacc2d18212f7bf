//! What of a month is pointed out, in words for the parties: to look at again, and no accusation. Whole numbers only; from
//! where on something is unusual stands in the programme.

use super::days;
use super::restated::Amounts;
use crate::reporting::monthly::data::SignRow;
use crate::shared::contributions::month_title;
use chrono::TimeDelta;
use jiedui_kernel::shanghai_date;
use jiedui_programme::{Indicator, Unusual};
use std::collections::HashMap;

/// A text so short, as it is kept, is like others by nature.
const SHORT: usize = 40;
/// So many figures at most are pointed out.
const FIGURES: usize = 5;

/// How the entries of a month came about.
pub fn entries(rows: &[SignRow], month: i64, of: Unusual) -> Vec<String> {
    let few = usize::try_from(of.few).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let at_once = |row: &&SignRow| {
        let hasty = TimeDelta::seconds(i64::from(of.at_once_seconds));
        row.answered_at.is_some_and(|at| at - row.claimed_at < hasty)
    };
    let count = rows.iter().filter(at_once).count();
    if count >= few {
        found.push(format!("有 {count} 条登记后 {} 秒内就确认", of.at_once_seconds));
    }
    if let Some(days) = days(month) {
        let since = days.to - TimeDelta::days(i64::from(of.last_days));
        let late = rows.iter().filter(|row| shanghai_date(row.claimed_at) > since).count();
        if late >= few && late * 2 > rows.len() {
            found.push(format!("有 {late} 条在月末 {} 天或月后才登记，超过半数", of.last_days));
        }
    }
    let mut texts: HashMap<(&str, &str), usize> = HashMap::new();
    for row in rows.iter().filter(|row| row.fields.len() > SHORT) {
        *texts.entry((&row.activity, &row.fields)).or_default() += 1;
    }
    let alike: usize = texts.into_values().filter(|count| *count >= few).sum();
    if alike > 0 {
        found.push(format!("有 {alike} 条填写的内容完全相同"));
    }
    found
}

/// The first month that is looked at beside this one.
pub fn first_before(month: i64, of: Unusual) -> i64 {
    (0..of.own_months).fold(month, |month, _| super::before(month))
}

/// What was claimed in the month, held against the school's own months before: far from what is usual there, or a jump from
/// the last one. Nobody else's figures come into it.
pub fn figures<'p>(
    indicators: impl Iterator<Item = &'p Indicator>,
    amounts: &Amounts,
    month: i64,
    of: Unusual,
) -> Vec<String> {
    let claimed =
        |month: i64, id: &str| amounts.get(&(month, id.to_owned())).map_or(0, |amount| amount.claimed);
    let first = first_before(month, of);
    let one = |indicator: &Indicator| {
        let id = indicator.id.as_str();
        let (now, last) = (claimed(month, id), claimed(super::before(month), id));
        let mut before: Vec<i64> = amounts
            .range((first, String::new())..(month, String::new()))
            .filter(|((_, of), amount)| of == id && amount.claimed > 0)
            .map(|(_, amount)| amount.claimed)
            .collect();
        before.sort_unstable();
        let enough = before.len() >= usize::try_from(of.own_least.max(1)).unwrap_or(usize::MAX);
        let usual = before.get(before.len() / 2).copied().filter(|_| enough);
        let shown = |value: i64| {
            let (value, unit) = indicator.unit.shown(value);
            format!("{value}{unit}")
        };
        let more = |than: i64, times: u32| {
            now > than.saturating_mul(i64::from(times)) && now - than >= i64::from(of.few)
        };
        if let Some(usual) = usual.filter(|usual| more(*usual, of.own_times)) {
            return Some(format!("{}登记 {}，本校以前各月多为 {}", indicator.name, shown(now), shown(usual)));
        }
        (last > 0 && more(last, of.jump_times)).then(|| {
            let title = month_title(super::before(month));
            format!("{}登记 {}，{title}是 {}", indicator.name, shown(now), shown(last))
        })
    };
    indicators.filter_map(one).take(FIGURES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::monthly::rules::parcel::Amount;

    fn entry(at: &str, answered: &str) -> SignRow {
        SignRow {
            id: at.to_owned(),
            activity: "a".to_owned(),
            to_day: "2026-10-20".parse().unwrap(),
            claimed_at: at.parse().unwrap(),
            answered_at: answered.parse().ok(),
            fields: "{}".to_owned(),
        }
    }

    #[test]
    fn a_pattern_is_told_from_three_entries_on() {
        let told = |rows: &[SignRow]| entries(rows, 202_610, Unusual::default());
        let hasty = entry("2026-10-20T02:00:00Z", "2026-10-20T02:00:10Z");
        let slow = entry("2026-10-20T02:00:00Z", "2026-10-21T02:00:10Z");
        assert!(told(&[hasty.clone(), hasty.clone(), slow.clone()]).is_empty());
        assert_eq!(told(&[hasty.clone(), hasty.clone(), hasty.clone()]).len(), 1);
        let stricter = Unusual { few: 2, ..Unusual::default() };
        assert_eq!(
            entries(&[hasty.clone(), hasty], 202_610, stricter).len(),
            1,
            "the programme says from where on"
        );
        let late = entry("2026-11-01T02:00:00Z", "");
        assert_eq!(told(&[late.clone(), late.clone(), late, slow]).len(), 1);
    }

    /// What is told of the last of these months, which follow one another from February on.
    fn told(claimed: &[i64], of: Unusual) -> Vec<String> {
        let programme = crate::programme_files::shipped::programme();
        let visits = programme.indicator("visits").unwrap();
        let (mut amounts, mut month) = (Amounts::new(), 202_601);
        for value in claimed {
            month += 1;
            let amount = Amount { claimed: *value, confirmed: 0 };
            amounts.insert((month, visits.id.clone()), amount);
        }
        figures([visits].into_iter(), &amounts, month, of)
    }

    #[test]
    fn a_figure_is_held_against_the_own_months() {
        let of = Unusual::default();
        assert!(told(&[4, 3, 5, 12], of).is_empty(), "thrice as much is not more than thrice as much");
        let far = told(&[4, 3, 5, 13], of);
        assert_eq!(far.len(), 1);
        assert!(far[0].contains("本校以前各月多为 4"), "{far:?}");
        assert!(told(&[0, 0, 4, 13], of).is_empty(), "one month is no history");
        let twice = Unusual { own_times: 2, ..of };
        assert!(told(&[1, 1, 1, 3], twice).is_empty(), "of so few nothing is told");
    }

    #[test]
    fn a_jump_is_told_where_there_is_no_history_yet() {
        let of = Unusual::default();
        assert_eq!(told(&[2, 11], of).len(), 1);
        assert!(told(&[2, 10], of).is_empty());
        assert!(told(&[0, 30], of).is_empty(), "it begins");
        let long = Unusual { own_months: 1, own_least: 1, own_times: 9, ..of };
        assert_eq!(told(&[30, 2, 11], long).len(), 1, "the month before is the only one looked at");
    }

    #[test]
    fn the_own_months_go_back_over_the_turn_of_the_year() {
        assert_eq!(first_before(202_602, Unusual { own_months: 3, ..Unusual::default() }), 202_511);
    }
}
