//! Shares: one reading divided by another, over those who answered both.

use crate::model::{Indicator, IndicatorOf};
use crate::readings::{Reading, Row};
use jiedui_kernel::{Reported, Unit};
use std::collections::BTreeMap;

/// One reading divided by another, in 1/100 of a per cent, rounded down so that nothing is reached by rounding. Only
/// schools whose denominator is known are in it, and where the numerator comes from year-profiles too, only those that
/// know both: what nobody reported is not nought. The parts are those of these schools alone, so that whoever divides
/// them gets the ratio. Without a denominator the ratio is not known.
pub fn ratio(unit: Unit, numerator: &Indicator, above: &Reading, below: &Reading) -> Reading {
    let by_profile = matches!(numerator.of, IndicatorOf::Profile { .. });
    let (above_rows, below_rows) = (by_school(above), by_school(below));
    let (mut over, mut under) = (Vec::new(), Vec::new());
    for (school, (claimed, confirmed)) in below_rows {
        let found = above_rows.get(school).copied();
        if found.is_none() && by_profile {
            continue;
        }
        let top = found.unwrap_or_default();
        // What is claimed and what is confirmed are two questions: a school may have answered the one alone.
        let of = |below: i64, above: i64| if below > 0 { (below, above) } else { (0, 0) };
        let ((claimed, top_claimed), (confirmed, top_confirmed)) = (of(claimed, top.0), of(confirmed, top.1));
        if claimed == 0 && confirmed == 0 {
            continue;
        }
        let row =
            |claimed, confirmed| Row { id: school.to_owned(), school: school.to_owned(), claimed, confirmed };
        over.push(row(top_claimed, top_confirmed));
        under.push(row(claimed, confirmed));
    }
    let parts = vec![Reading::of_rows(above.unit, over), Reading::of_rows(below.unit, under)];
    let share = |pick: fn(&Reading) -> Reported<i64>| {
        let (top, bottom) = (pick(&parts[0]).value().unwrap_or(0), pick(&parts[1]).value().unwrap_or(0));
        let value = (bottom > 0).then(|| i128::from(top) * 10_000 / i128::from(bottom));
        value.map_or(Reported::NotReported, |value| Reported::Value(i64::try_from(value).unwrap_or(i64::MAX)))
    };
    let (claimed, confirmed) = (share(|part| part.claimed), share(|part| part.confirmed));
    Reading { unit, claimed, confirmed, rows: Vec::new(), parts }
}

/// A share as it is shown: in 1/100 of a per cent, rounded half up. Judging uses the exact one.
pub fn rounded(top: i64, bottom: i64) -> Option<i64> {
    let (top, bottom) = (i128::from(top), i128::from(bottom));
    let value = (bottom > 0).then(|| (top * 20_000 + bottom).div_euclid(bottom * 2))?;
    i64::try_from(value).ok()
}

fn by_school(reading: &Reading) -> BTreeMap<&str, (i64, i64)> {
    let mut found: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in &reading.rows {
        let sum = found.entry(&row.school).or_default();
        *sum = (sum.0.saturating_add(row.claimed), sum.1.saturating_add(row.confirmed));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_shown_rounded_half_up() {
        assert_eq!(rounded(237, 1678), Some(1412));
        assert_eq!(rounded(958_258, 1_000_000), Some(9583));
        assert_eq!(rounded(1, 8000), Some(1), "0.0125 per cent");
        assert_eq!(rounded(3, 40_000), Some(1), "half of a hundredth goes up");
        assert_eq!(rounded(2, 3), Some(6667));
        assert_eq!(rounded(2, 0), None);
    }
}
