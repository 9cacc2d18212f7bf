//! What is asked, and what cannot be answered.

use std::collections::BTreeSet;

/// All of something: shares of a weight and bounds of bands are in permille of it.
pub const FULL: i64 = 1_000;
/// With these every sum of products stays within 63 bits.
pub const MAX_WEIGHT: i64 = 1_000_000;
pub const MAX_INDICATORS: usize = 1_000;
pub const MAX_UNITS: usize = 10_000;
/// Ten trillion yuan in cents.
pub const MAX_VALUE: i64 = 1_000_000_000_000_000;

/// How one indicator gives a share of its weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    pub measure: Measure,
    pub direction: Direction,
    /// From what gain on which share: both rise. Below the first there is none; above the last no more.
    pub steps: Vec<Step>,
    /// A value that is good enough by itself, whatever the baseline: who stands at the top has no way up.
    pub full_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// How much more, in the unit of the indicator.
    Change,
    /// How much more, in permille of the baseline.
    Growth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    More,
    Less,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub from: i64,
    /// In permille of the weight.
    pub share: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighted {
    pub id: String,
    pub weight: i64,
    pub scale: Scale,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    pub indicators: Vec<Weighted>,
    /// From how many permille of all points on each band begins; the first from 0.
    pub bands: Vec<i64>,
    /// By how many permille each weight might as well be more or less.
    pub spread: i64,
}

/// What is known of one indicator at one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub value: Option<i64>,
    pub baseline: Option<i64>,
}

/// One that is assessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: String,
    /// Its place in the official order, compared as text. It orders what is shown and decides nothing.
    pub division: String,
    /// In the order of the scheme's indicators.
    pub given: Vec<Given>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is nothing to assess by")]
    NoIndicators,
    #[error("{0} indicators are too many: {MAX_INDICATORS} at most")]
    TooManyIndicators(usize),
    #[error("{0} is named twice")]
    NamedTwice(String),
    #[error("{id} weighs {weight}: from 1 to {MAX_WEIGHT}")]
    Weight { id: String, weight: i64 },
    #[error("{0} has no step that gives anything")]
    NoSteps(String),
    #[error("the steps of {0} do not rise, or leave 1 to {FULL}")]
    Steps(String),
    #[error("the bands do not rise from 0 to {FULL}")]
    Bands,
    #[error("a spread of {0} permille: from 0 to 999")]
    Spread(i64),
    #[error("there is nobody to assess")]
    NoUnits,
    #[error("{0} units are too many: {MAX_UNITS} at most")]
    TooManyUnits(usize),
    #[error("{id} has {given} values and not {needed}")]
    Count { id: String, given: usize, needed: usize },
    #[error("{id} has the value {value}, beyond {MAX_VALUE}")]
    Value { id: String, value: i64 },
}

/// Everything that is wrong at once.
pub(crate) fn refusals(scheme: &Scheme, units: &[Unit]) -> Vec<Refusal> {
    let mut wrong = of_scheme(scheme);
    if units.is_empty() {
        wrong.push(Refusal::NoUnits);
    }
    if units.len() > MAX_UNITS {
        wrong.push(Refusal::TooManyUnits(units.len()));
    }
    wrong.extend(twice(units.iter().map(|unit| &unit.id)));
    for unit in units {
        let (given, needed) = (unit.given.len(), scheme.indicators.len());
        if given != needed {
            wrong.push(Refusal::Count { id: unit.id.clone(), given, needed });
        }
        let numbers = unit.given.iter().flat_map(|given| [given.value, given.baseline]).flatten();
        let beyond = numbers.filter(|value| !(-MAX_VALUE..=MAX_VALUE).contains(value));
        wrong.extend(beyond.map(|value| Refusal::Value { id: unit.id.clone(), value }));
    }
    wrong
}

fn of_scheme(scheme: &Scheme) -> Vec<Refusal> {
    let mut wrong = Vec::new();
    if scheme.indicators.is_empty() {
        wrong.push(Refusal::NoIndicators);
    }
    if scheme.indicators.len() > MAX_INDICATORS {
        wrong.push(Refusal::TooManyIndicators(scheme.indicators.len()));
    }
    wrong.extend(twice(scheme.indicators.iter().map(|one| &one.id)));
    for Weighted { id, weight, scale } in &scheme.indicators {
        if !(1..=MAX_WEIGHT).contains(weight) {
            wrong.push(Refusal::Weight { id: id.clone(), weight: *weight });
        }
        let rise = scale.steps.is_sorted_by(|one, next| one.from < next.from && one.share < next.share);
        let within =
            |step: &Step| (1..=FULL).contains(&step.share) && (-MAX_VALUE..=MAX_VALUE).contains(&step.from);
        if scale.steps.is_empty() {
            wrong.push(Refusal::NoSteps(id.clone()));
        } else if !rise || !scale.steps.iter().all(within) {
            wrong.push(Refusal::Steps(id.clone()));
        }
    }
    let first = scheme.bands.first() == Some(&0);
    let last = scheme.bands.last().is_some_and(|last| *last <= FULL);
    if !first || !last || !scheme.bands.is_sorted_by(|one, next| one < next) {
        wrong.push(Refusal::Bands);
    }
    if !(0..FULL).contains(&scheme.spread) {
        wrong.push(Refusal::Spread(scheme.spread));
    }
    wrong
}

fn twice<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<Refusal> {
    let mut met = BTreeSet::new();
    let again: BTreeSet<&String> = ids.filter(|id| !met.insert(*id)).collect();
    again.into_iter().map(|id| Refusal::NamedTwice(id.clone())).collect()
}
