//! Decisions that were taken and are kept (`shared/frozen`), held against what the running code makes of them. A fault of the
//! code is found like a change of the programme: by what comes out otherwise, and for which decision. Each mechanism that
//! keeps decisions names them in its manifest; `oversight/rechecks` asks them all.

use crate::shared::frozen;
use jiedui_kernel::{Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::future::Future;
use std::ops::RangeInclusive;
use std::pin::Pin;

pub type Looking<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// So many decisions are looked for at a time; each is read by itself.
pub const AT_A_TIME: i64 = 50;

/// A kind of decision, as the manifest of its mechanism names it.
#[derive(Debug, Clone, Copy)]
pub struct KeptKind {
    pub id: &'static str,
    /// What pages call it.
    pub name: &'static str,
    /// The ids behind one, in their order, at most [`AT_A_TIME`]; none where it was the last. All there are: the system asks.
    pub after: for<'a> fn(&'a mut Tx, &'a str) -> Looking<'a, Vec<(String,)>>,
    /// What of one comes out otherwise.
    pub again: for<'a> fn(&'a mut Tx, &'a str, Running<'a>) -> Looking<'a, Again>,
}

/// By what a decision is made again.
#[derive(Debug, Clone, Copy)]
pub struct Running<'a> {
    pub programme: &'a Programme,
    pub shifts: &'a Shifts,
}

/// One decision, made again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Again {
    pub title: String,
    pub href: String,
    pub found: Vec<Otherwise>,
}

/// What of a decision comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// The figure, or the part of what was kept.
    pub figure: String,
    pub was: String,
    pub becomes: String,
}

impl Otherwise {
    pub fn new(figure: impl Into<String>, was: impl Display, becomes: impl Display) -> Self {
        Self { figure: figure.into(), was: was.to_string(), becomes: becomes.to_string() }
    }
}

/// What was kept and is not what its digest says.
pub fn broken(text: &str, digest: &str) -> Option<Otherwise> {
    let begins = |digest: &str| digest.chars().take(12).collect::<String>();
    let now = frozen::digest(text);
    (now != digest).then(|| Otherwise::new("存底的校验值", begins(digest), begins(&now)))
}

/// Claimed and confirmed, as a page prints them.
pub fn amounts(unit: Unit, (claimed, confirmed): (i64, i64)) -> String {
    format!("登记 {}、确认 {}", unit.format(claimed), unit.format(confirmed))
}

/// By how much the running code counts the facts otherwise than the figures that are kept: sums by indicator, month and
/// school. They are as few as these are, however many things differ. What changed because a fact did is none of them: the
/// kept figures follow facts at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shifts(BTreeMap<String, Sums>);

/// Of one indicator, by month and school: claimed and confirmed.
type Sums = BTreeMap<(i64, String), (i64, i64)>;

impl Shifts {
    /// One row of a school and month: claimed and confirmed as they are kept, and as they are counted.
    pub fn add(
        &mut self,
        indicator: &str,
        (month, school): (i64, &str),
        (kept, found): ((i64, i64), (i64, i64)),
    ) {
        let of = self.0.entry(indicator.to_owned()).or_default();
        let sum = of.entry((month, school.to_owned())).or_default();
        *sum = (sum.0 + found.0 - kept.0, sum.1 + found.1 - kept.1);
    }

    /// At one school, or at all, in these months (202601 to 202612); none where it is nothing.
    pub fn of(
        &self,
        indicator: &str,
        school: Option<&str>,
        months: RangeInclusive<i64>,
    ) -> Option<(i64, i64)> {
        let known = self.0.get(indicator)?.iter();
        let here = known
            .filter(|((month, of), _)| months.contains(month) && school.is_none_or(|school| school == of));
        let sum = here.fold((0, 0), |sum, (_, by)| (sum.0 + by.0, sum.1 + by.1));
        (sum != (0, 0)).then_some(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_code_counts_otherwise_is_summed_by_school_and_month() {
        let mut shifts = Shifts::default();
        shifts.add("visits", (202_603, "a"), ((5, 5), (7, 5)));
        shifts.add("visits", (202_603, "a"), ((0, 0), (1, 1)));
        shifts.add("visits", (202_604, "b"), ((2, 2), (0, 0)));
        assert_eq!(shifts.of("visits", Some("a"), 202_603..=202_603), Some((3, 1)));
        assert_eq!(shifts.of("visits", Some("a"), 202_604..=202_612), None);
        assert_eq!(shifts.of("visits", None, 202_601..=202_612), Some((1, -1)));
        assert_eq!(shifts.of("paired", None, 202_601..=202_612), None);
        shifts.add("visits", (202_603, "a"), ((3, 1), (0, 0)));
        assert_eq!(shifts.of("visits", Some("a"), 202_603..=202_603), None, "nothing in all is nothing");
    }

    #[test]
    fn a_text_that_was_changed_is_told() {
        assert_eq!(broken("x", &frozen::digest("x")), None);
        assert!(broken("y", &frozen::digest("x")).is_some());
    }
}
