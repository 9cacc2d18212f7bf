//! What the rows of one table say of each other before any of them is written: what the checks of a claim would find among
//! the entries if the rows before it were there.

use super::check::{self, Checked};
use super::new_entry::NewEntry;
use super::twins;
use chrono::Datelike as _;
use jiedui_kernel::{Code, FieldError, Period};
use jiedui_programme::{Activity, Frequency, Measure};
use serde_json::{Map, Value};

/// A row that would be claimed.
struct Claimed {
    pairing: String,
    county_school: String,
    period: Period,
    person: Option<String>,
    post: String,
    quantity: i64,
    fields: Map<String, Value>,
}

/// The rows of one table that would be claimed, all of one activity and one claimant.
#[derive(Default)]
pub struct InFile(Vec<Claimed>);

impl InFile {
    /// What is wrong with a row that passed every check beside those before it; one with which nothing is wrong is kept.
    pub fn take(&mut self, activity: &Activity, new: &NewEntry, checked: Checked) -> Option<FieldError> {
        let wrong = self.twice(activity, new, &checked);
        if wrong.is_none() {
            self.0.push(Claimed {
                pairing: new.pairing.id.clone(),
                county_school: new.pairing.county_school.clone(),
                period: checked.period,
                person: checked.person,
                post: checked.post,
                quantity: checked.quantity,
                fields: new.fields.clone(),
            });
        }
        wrong
    }

    fn twice(&self, activity: &Activity, new: &NewEntry, row: &Checked) -> Option<FieldError> {
        let meets = |one: &Claimed| one.period.from <= row.period.to && one.period.to >= row.period.from;
        let same_person = |one: &Claimed| row.person.is_some() && one.person == row.person;
        if check::takes_the_day(activity) && self.0.iter().any(|one| same_person(one) && meets(one)) {
            let words = "这个人在同一天已写在表里的另一行，同一天不能在两处，也不能算两件事；请核对日期。";
            return Some(FieldError::new("person", Code::Overlap.says(words)));
        }
        let here = |one: &&Claimed| one.pairing == new.pairing.id;
        if activity.measure == Measure::Once {
            let counts = |post: &str| check::counts(activity, post);
            let mut there = self.0.iter().filter(here).filter(|one| one.period.from == row.period.from);
            if there.any(|one| counts(&one.post) || !counts(&row.post)) {
                return Some(FieldError::new("from", check::once_a_day(row.period.from)));
            }
        }
        if new.again {
            return None;
        }
        let alike = |one: &Claimed| {
            one.period == row.period
                && one.quantity == row.quantity
                && one.person == row.person
                && one.fields == new.fields
        };
        if self.0.iter().filter(here).any(alike) {
            return Some(FieldError::new("again", twins::same_already()));
        }
        let year = row.period.to.year();
        let of_the_year =
            |one: &Claimed| one.county_school == new.pairing.county_school && one.period.to.year() == year;
        let yearly = activity.frequency == Frequency::Yearly;
        (yearly && self.0.iter().any(of_the_year))
            .then(|| FieldError::new("again", twins::once_a_year(year, &activity.name)))
    }
}
