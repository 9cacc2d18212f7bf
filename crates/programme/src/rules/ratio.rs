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

/// A share as it is shown: in 1/100 of a per cent, rounded half up. Judging uses the exact one. Differences that are shown
/// are those of what is shown (decision 0029).
pub fn rounded(top: i64, bottom: i64) -> Option<i64> {
    let (top, bottom) = (i128::from(top), i128::from(bottom));
    let value = (bottom > 0).then(|| (top * 20_000 + bottom).div_euclid(bottom * 2))?;
    i64::try_from(value).ok()
}

impl Reading {
    /// Claimed and confirmed as they are shown: a share rounded, everything else as it is.
    pub fn shown(&self) -> (Reported<i64>, Reported<i64>) {
        let [above, below] = self.parts.as_slice() else { return (self.claimed, self.confirmed) };
        let shown = |exact: Reported<i64>, top: Reported<i64>, bottom: Reported<i64>| {
            let share = top.value().zip(bottom.value()).and_then(|(top, bottom)| rounded(top, bottom));
            share.map_or(exact, Reported::Value)
        };
        (
            shown(self.claimed, above.claimed, below.claimed),
            shown(self.confirmed, above.confirmed, below.confirmed),
        )
    }
}

/// What an increase of a figure is counted in: a share grows by percentage points, not by per cent.
pub fn increase_label(unit: Unit) -> &'static str {
    if unit == Unit::BasisPoints { "百分点" } else { unit.label() }
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

    #[test]
    fn a_reading_shows_the_rounded_share_and_keeps_the_exact_one() {
        let part = |amount: i64| {
            let row = Row { id: "s".to_owned(), school: "s".to_owned(), claimed: amount, confirmed: amount };
            Reading::of_rows(Unit::Persons, vec![row])
        };
        let of = crate::model::IndicatorOf::Profile { element: "x".to_owned() };
        let above = Indicator {
            id: "x".to_owned(),
            clause: "G2.5".to_owned(),
            name: "x".to_owned(),
            unit: Unit::Persons,
            of,
            definition: "x".to_owned(),
            version: 1,
            all_by: None,
        };
        let found = ratio(Unit::BasisPoints, &above, &part(24), &part(29));
        assert_eq!(found.confirmed, Reported::Value(8275), "judged by this");
        assert_eq!(found.shown(), (Reported::Value(8276), Reported::Value(8276)));
        assert_eq!(part(24).shown().1, Reported::Value(24));
        assert_eq!((increase_label(Unit::BasisPoints), increase_label(Unit::Persons)), ("百分点", "人"));
    }
}
