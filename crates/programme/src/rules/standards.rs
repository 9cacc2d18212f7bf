//! Attainment (T1.1, T2.3): a year-profile held against a dated standard, threshold by threshold.
//!
//! Decision "Attainment": only thresholds that judge decide. 未达标 where one of them fails, 暂不能判定 where none fails
//! and one is not known, 达标 otherwise. What comes from memory is shown beside them and decides nothing until the
//! province has checked it.

use crate::model::Programme;
use crate::profile::{Checked, Derived, Standard, Threshold};
use jiedui_kernel::{Date, Reported, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub type Values = BTreeMap<String, Reported<i64>>;

/// Elements computed from figured elements: so deep, and not in a circle for ever.
const DEPTH: u8 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attained {
    /// 达标.
    Met,
    /// 未达标.
    NotMet,
    /// 暂不能判定.
    Unknown,
}

/// How a school stands to one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meets {
    Met,
    NotMet,
    /// It judges, and the figure is not known.
    Unknown,
    /// For comparison only.
    NotJudged,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThresholdReading {
    pub threshold: String,
    pub judges: bool,
    pub value: Reported<i64>,
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
    pub state: Meets,
    /// How much is lacking (or too much), in the unit of the threshold; also where it does not judge.
    pub gap: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attainment {
    pub state: Attained,
    pub items: Vec<ThresholdReading>,
}

impl Attainment {
    /// The readings that made the state what it is: those that fail, or those that are not known.
    pub fn because(&self) -> impl Iterator<Item = &ThresholdReading> {
        let why = match self.state {
            Attained::Met => None,
            Attained::NotMet => Some(Meets::NotMet),
            Attained::Unknown => Some(Meets::Unknown),
        };
        self.items.iter().filter(move |item| Some(item.state) == why)
    }
}

/// A figure before it is rounded: `over / under`, in the unit of its element.
#[derive(Debug, Clone, Copy)]
struct Exact {
    over: i128,
    under: i128,
}

impl Exact {
    fn whole(value: i64) -> Self {
        Self { over: i128::from(value), under: 1 }
    }

    /// Rounded half up, as it is shown; judging uses the exact one.
    fn shown(self) -> i64 {
        i64::try_from((self.over * 2 + self.under).div_euclid(self.under * 2)).unwrap_or(i64::MAX)
    }

    fn reaches(self, least: i64) -> bool {
        self.over >= i128::from(least) * self.under
    }

    fn keeps_to(self, most: i64) -> bool {
        self.over <= i128::from(most) * self.under
    }

    /// Whether it lies between two limits, either of which may be absent.
    fn fits(self, at_least: Option<i64>, at_most: Option<i64>) -> bool {
        at_least.is_none_or(|least| self.reaches(least)) && at_most.is_none_or(|most| self.keeps_to(most))
    }
}

/// Takes what is not a value over to another type.
fn absent<T, U>(known: &Reported<T>) -> Reported<U> {
    match known {
        Reported::NotApplicable => Reported::NotApplicable,
        Reported::NotIssued => Reported::NotIssued,
        Reported::Pending => Reported::Pending,
        Reported::Value(_) | Reported::NotReported => Reported::NotReported,
    }
}

fn exact(programme: &Programme, id: &str, values: &Values, depth: u8) -> Reported<Exact> {
    let Some(element) = programme.element(id) else { return Reported::NotReported };
    let Some(derived) = &element.derived else {
        return match values.get(id) {
            Some(Reported::Value(value)) => Reported::Value(Exact::whole(*value)),
            Some(other) => absent(other),
            None => Reported::NotReported,
        };
    };
    if depth == 0 {
        return Reported::NotReported;
    }
    let of = match sum(programme, derived, values, depth - 1) {
        Reported::Value(of) => of,
        other => return other,
    };
    let Some(by) = &derived.by else { return Reported::Value(of) };
    match exact(programme, by, values, depth - 1) {
        // Nothing to divide by: nobody knows what comes out.
        Reported::Value(by) if by.over <= 0 => Reported::NotReported,
        Reported::Value(by) => {
            let scale = i128::from(scale(programme, element.unit, derived));
            Reported::Value(Exact { over: of.over * by.under * scale, under: of.under * by.over })
        }
        other => other,
    }
}

/// What a quotient is multiplied by, so that it stands in the unit of its element.
fn scale(programme: &Programme, unit: Unit, derived: &Derived) -> i64 {
    let part = |unit: Unit| if unit.in_hundredths() { 100 } else { 1 };
    let unit_of = |id: &String| programme.element(id).map_or(1, |element| part(element.unit));
    let of = derived.of.first().map_or(1, unit_of);
    let by = derived.by.as_ref().map_or(1, unit_of);
    match unit {
        // A share of like things, in 1/100 of a per cent.
        Unit::BasisPoints => 10_000,
        unit => (part(unit) * by / of).max(1),
    }
}

/// Parts that do not apply add nothing; a part that is not known leaves the sum unknown.
fn sum(programme: &Programme, derived: &Derived, values: &Values, depth: u8) -> Reported<Exact> {
    let mut total: Option<Exact> = None;
    for id in &derived.of {
        match exact(programme, id, values, depth) {
            Reported::Value(part) => {
                let so_far = total.unwrap_or(Exact::whole(0));
                let over = so_far.over * part.under + part.over * so_far.under;
                total = Some(Exact { over, under: so_far.under * part.under });
            }
            Reported::NotApplicable => {}
            other => return absent(&other),
        }
    }
    match total {
        Some(total) => Reported::Value(total),
        None if derived.of.is_empty() => Reported::NotReported,
        None => Reported::NotApplicable,
    }
}

/// Whether a figure lies between two limits, judged before it is rounded; `None` where it is not known.
pub(super) fn fits(
    programme: &Programme,
    id: &str,
    values: &Values,
    (at_least, at_most): (Option<i64>, Option<i64>),
) -> Option<bool> {
    exact(programme, id, values, DEPTH).value().map(|value| value.fits(at_least, at_most))
}

/// The values with everything that is computed from others; what was typed for a figured element is not heard.
pub fn with_derived(programme: &Programme, values: &Values) -> Values {
    let mut all = values.clone();
    for element in programme.elements.iter().filter(|element| element.derived.is_some()) {
        let value = match exact(programme, &element.id, values, DEPTH) {
            Reported::Value(value) => Reported::Value(value.shown()),
            other => absent(&other),
        };
        all.insert(element.id.clone(), value);
    }
    all
}

/// Holds the values of a year-profile against a standard. `confirmed` are the thresholds that the province has checked
/// although the programme does not call them usable. The limits are those in force `on` that day.
pub fn attainment(
    programme: &Programme,
    standard: &Standard,
    values: &Values,
    confirmed: &[String],
    on: Date,
) -> Attainment {
    let mine = programme.thresholds.iter().filter(|threshold| threshold.standard == standard.id);
    let items: Vec<ThresholdReading> = mine
        .filter(|threshold| threshold.is_in_force_on(on))
        .map(|threshold| read(programme, threshold, values, confirmed, on))
        .collect();
    let any = |state: Meets| items.iter().any(|item| item.state == state);
    let judged = items.iter().any(|item| item.judges);
    let state = match () {
        () if any(Meets::NotMet) => Attained::NotMet,
        // A standard of which nothing may judge decides nothing.
        () if any(Meets::Unknown) || !judged => Attained::Unknown,
        () => Attained::Met,
    };
    Attainment { state, items }
}

fn read(
    programme: &Programme,
    threshold: &Threshold,
    values: &Values,
    confirmed: &[String],
    on: Date,
) -> ThresholdReading {
    let (at_least, at_most) = threshold.limits_on(on);
    let judges = threshold.usable || confirmed.contains(&threshold.id);
    let found =
        threshold.element.as_ref().map_or(Reported::NotReported, |id| exact(programme, id, values, DEPTH));
    let limited = at_least.is_some() || at_most.is_some();
    let fits = |value: &Exact| value.fits(at_least, at_most);
    let state = match &found {
        _ if !judges => Meets::NotJudged,
        Reported::Value(value) if limited && fits(value) => Meets::Met,
        Reported::Value(_) if limited => Meets::NotMet,
        _ => Meets::Unknown,
    };
    let gap = match &found {
        Reported::Value(value) if limited && !fits(value) => {
            let short = at_least.filter(|least| !value.reaches(*least));
            let over = at_most.filter(|most| !value.keeps_to(*most));
            let lacking = short.map(|least| least.saturating_sub(value.shown()));
            let gap = lacking.or_else(|| over.map(|most| value.shown().saturating_sub(most)));
            // What falls short by less than can be shown still falls short.
            gap.map(|gap| gap.max(1))
        }
        _ => None,
    };
    ThresholdReading {
        threshold: threshold.id.clone(),
        judges,
        value: match found {
            Reported::Value(value) => Reported::Value(value.shown()),
            other => absent(&other),
        },
        at_least,
        at_most,
        state,
        gap,
    }
}

impl Threshold {
    /// Whether the province may let it judge once it has checked the source: it is a number about a figure of the
    /// profile, and it is meant for here.
    pub fn may_be_confirmed(&self) -> bool {
        let limited = self.at_least.is_some() || self.at_most.is_some();
        !self.usable && self.status == Checked::Memory && limited && self.element.is_some()
    }
}

impl Standard {
    /// Whether schools of this level are held against it.
    pub fn is_for(&self, level: &str) -> bool {
        self.level == level || self.also.iter().any(|also| also == level)
    }
}

impl Programme {
    /// The standard for a school of this level on a day: the first in the programme that is in force then and has a
    /// threshold that may ever judge.
    pub fn standard_of(&self, level: &str, on: Date) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.is_for(level) && self.judges_on(standard, on))
    }

    /// What a school of this standard grows into next (T2.3).
    pub fn next_standard(&self, standard: &Standard, on: Date) -> Option<&Standard> {
        let above =
            self.standards.iter().filter(|other| other.rung > standard.rung && self.judges_on(other, on));
        // Of equals the first stays: that is the order of the programme.
        above.min_by_key(|other| other.rung)
    }

    fn judges_on(&self, standard: &Standard, on: Date) -> bool {
        let in_force = standard.from <= on && standard.to.is_none_or(|to| on <= to);
        let mut own = self.thresholds.iter().filter(|threshold| threshold.standard == standard.id);
        in_force && own.any(|threshold| threshold.usable || threshold.may_be_confirmed())
    }

    pub fn threshold(&self, id: &str) -> Option<&Threshold> {
        self.thresholds.iter().find(|threshold| threshold.id == id)
    }

    /// The elements that a school is asked for: what is figured is not asked.
    pub fn asked_elements(&self) -> impl Iterator<Item = &crate::profile::Element> {
        self.elements.iter().filter(|element| element.derived.is_none())
    }
}
