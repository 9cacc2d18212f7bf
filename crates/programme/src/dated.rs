//! Rules that change under way. What a duty asks, what a target aims at and where a threshold lies may change from a day
//! on, by a text that is named; a period is judged by what is in force on its last day, so that a change never rewrites a
//! period that is over (decision "Dated rules").

use crate::changes::{LeastChange, in_force};
use crate::fields::FieldOption;
use crate::model::{Activity, Aim, Obligation, Target};
use crate::outputs::{Application, Duty, Output};
use crate::profile::Threshold;
use jiedui_kernel::{Date, Period};

/// Something that is recorded until it is retired: an id is never taken away, since what was recorded rests on it
/// (decision "Programme on running data").
pub trait Retires {
    fn name(&self) -> &str;
    fn retired(&self) -> Option<Date>;

    /// Whether one may still be begun, made or chosen on a day.
    fn is_offered_on(&self, day: Date) -> bool {
        self.retired().is_none_or(|from| day < from)
    }
}

macro_rules! retires {
    ($($kind:ty),*) => {$(
        impl Retires for $kind {
            fn name(&self) -> &str {
                &self.name
            }

            fn retired(&self) -> Option<Date> {
                self.retired
            }
        }
    )*};
}
retires!(Activity, Output, Application, FieldOption);

/// Whether a rule with these ends holds on a day.
fn holds(from: Option<Date>, to: Option<Date>, on: Date) -> bool {
    from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
}

macro_rules! owed {
    ($($rule:ty),*) => {$(
        impl $rule {
            /// Whether it is owed in a period that ends on this day.
            pub fn is_owed_on(&self, last: Date) -> bool {
                holds(self.from, self.to, last)
            }

            /// How much, or how often, is owed in a whole period that ends on this day.
            pub fn at_least_on(&self, last: Date) -> i64 {
                in_force(&self.changes, last).map_or(self.at_least, |change| change.at_least)
            }

            pub fn about_on(&self, last: Date) -> &str {
                about_on(&self.about, &self.changes, last)
            }
        }
    )*};
}
owed!(Obligation, Duty);

/// The words of the last change up to a day that has any.
fn about_on<'a>(first: &'a str, changes: &'a [LeastChange], on: Date) -> &'a str {
    let mut said: Vec<(Date, &str)> = changes
        .iter()
        .filter(|change| change.from <= on)
        .filter_map(|change| Some((change.from, change.about.as_deref()?)))
        .collect();
    said.sort_unstable();
    said.last().map_or(first, |(_, about)| about)
}

impl Target {
    /// What it aims at, seen on a day: once its year is over, what was in force on the last day of that year.
    pub fn aim_on(&self, day: Date) -> Aim {
        in_force(&self.changes, self.seen_on(day)).map_or(self.aim, |change| change.aim)
    }

    /// What its figure counts, in words.
    pub fn basis_on(&self, day: Date) -> &str {
        let on = self.seen_on(day);
        let said = self.changes.iter().filter(|change| change.from <= on && change.basis.is_some());
        let last = said.max_by_key(|change| change.from).and_then(|change| change.basis.as_deref());
        last.unwrap_or(&self.basis)
    }

    /// The target as it is seen on a day.
    pub fn on(&self, day: Date) -> Target {
        Target { aim: self.aim_on(day), basis: self.basis_on(day).to_owned(), ..self.clone() }
    }

    fn seen_on(&self, day: Date) -> Date {
        Period::year(self.year).map_or(day, |year| day.min(year.to))
    }
}

impl Threshold {
    /// Whether it is one of its standard on a day.
    pub fn is_in_force_on(&self, day: Date) -> bool {
        holds(self.from, self.to, day)
    }

    /// The least and the most that it lets pass on a day.
    pub fn limits_on(&self, day: Date) -> (Option<i64>, Option<i64>) {
        in_force(&self.changes, day)
            .map_or((self.at_least, self.at_most), |change| (change.at_least, change.at_most))
    }
}
