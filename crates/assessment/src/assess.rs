//! Points and bands by the weights of the scheme.

use crate::mark::{Mark, mark};
use crate::scheme::{FULL, Refusal, Scheme, Unit, refusals};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    pub id: String,
    /// In the order of the scheme's indicators.
    pub marks: Vec<Mark>,
    /// The least that can come of it, in thousandths of a point of weight, and the most; one number where nothing is missing.
    pub least: i64,
    pub most: i64,
    /// The band in which both lie.
    pub band: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// By division, then id: never by points.
    pub units: Vec<Assessed>,
    /// All points that can be had, in thousandths.
    pub total: i64,
}

impl Assessed {
    /// Whether everything is known of it.
    pub fn is_whole(&self) -> bool {
        self.least == self.most
    }

    /// The shares with what is missing in one place or the other: what is missing counts nothing, or everything.
    pub(crate) fn shares(&self, missing: i64) -> impl Iterator<Item = i64> + '_ {
        self.marks.iter().map(move |mark| mark.share.unwrap_or(missing))
    }
}

/// # Errors
/// Everything in the scheme or the numbers that has no answer.
pub fn assess(scheme: &Scheme, units: &[Unit]) -> Result<Assessment, Vec<Refusal>> {
    let wrong = refusals(scheme, units);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let weights: Vec<i64> = scheme.indicators.iter().map(|one| one.weight).collect();
    let total = weights.iter().sum::<i64>() * FULL;
    let mut sorted: Vec<&Unit> = units.iter().collect();
    sorted.sort_unstable_by_key(|unit| (&unit.division, &unit.id));
    let one = |unit: &&Unit| {
        let marks =
            scheme.indicators.iter().zip(&unit.given).map(|(of, given)| mark(&of.scale, *given)).collect();
        let mut assessed = Assessed { id: unit.id.clone(), marks, least: 0, most: 0, band: None };
        let sum =
            |missing: i64| assessed.shares(missing).zip(&weights).map(|(share, weight)| share * weight).sum();
        (assessed.least, assessed.most) = (sum(0), sum(FULL));
        let (lowest, highest) =
            (band(&scheme.bands, assessed.least, total), band(&scheme.bands, assessed.most, total));
        assessed.band = (lowest == highest).then_some(lowest);
        assessed
    };
    Ok(Assessment { units: sorted.iter().map(one).collect(), total })
}

/// The last band whose bound is reached; the first begins at nothing.
pub(crate) fn band(bands: &[i64], points: i64, total: i64) -> usize {
    let reached =
        |from: &&i64| i128::from(points) * i128::from(FULL) >= i128::from(**from) * i128::from(total);
    bands.iter().take_while(reached).count().saturating_sub(1)
}
