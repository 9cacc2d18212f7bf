//! What the numbers of one form have to do with each other: a part is not more than the whole, a day lies in its year, a
//! figure is not many times last year's. Impossible ones are refused, unlikely ones asked about once.

use crate::model::Programme;
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Mistake};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[[relation]]` of `profile.toml` and of `tasks/*.toml`. It says exactly one thing: `part` and `whole`, `in_year`, or
/// `last_year`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRelation {
    pub id: String,
    /// The activity whose fields it is about. The number of an activity itself is `quantity`.
    #[serde(default)]
    pub activity: String,
    /// The output whose fields it is about. Its own numbers are `quantity` and `achieved`. Without an activity and an
    /// output it is about the year-profile.
    #[serde(default)]
    pub output: String,
    /// These together are not more than `whole` together.
    #[serde(default)]
    pub part: Vec<String>,
    #[serde(default)]
    pub whole: Vec<String>,
    /// A day that lies in the year of the profile.
    pub in_year: Option<String>,
    /// Each number differs from last year's by at most so many per cent of it.
    pub last_year: Option<i64>,
    pub strength: Strength,
    /// What the person is told, as a sentence.
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// It cannot be.
    Refuse,
    /// It hardly ever is: whoever says so is asked once.
    Ask,
}

impl Programme {
    /// The relations between the fields of an activity that do not hold; those of the year-profile for "".
    pub fn broken_relations(
        &self,
        activity: &str,
        values: &BTreeMap<&str, i64>,
        before: &BTreeMap<&str, i64>,
        year: i32,
    ) -> Vec<Broken<'_>> {
        let own = self.relations.iter().filter(|one| one.activity == activity && one.output.is_empty());
        own.flat_map(|relation| relation.broken(values, before, year)).collect()
    }

    /// The relations between the numbers of an output that do not hold: its number fields, `quantity`, and `achieved`
    /// where one has been told.
    pub fn broken_relations_of_output(&self, output: &str, values: &BTreeMap<&str, i64>) -> Vec<Broken<'_>> {
        let own = self.relations.iter().filter(|one| !output.is_empty() && one.output == output);
        own.flat_map(|relation| relation.broken(values, &BTreeMap::new(), 0)).collect()
    }
}

/// A relation that does not hold, and the field at which to say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken<'a> {
    pub relation: &'a str,
    pub field: String,
    pub strength: Strength,
    pub words: &'a str,
    /// For a comparison: what it was and what it is.
    pub change: Option<(i64, i64)>,
}

impl Broken<'_> {
    /// What is wrong, for whoever typed the numbers: the code is the relation's id.
    pub fn mistake(&self) -> Mistake {
        Code::Relation(self.relation.to_owned()).says(self.words)
    }
}

/// A number that changes by less than this is not asked about, however small it was.
const SMALL: i64 = 10;

impl FieldRelation {
    /// Where it does not hold. A field without a number is no zero: what is unknown breaks nothing.
    pub fn broken<'a>(
        &'a self,
        values: &BTreeMap<&str, i64>,
        before: &BTreeMap<&str, i64>,
        year: i32,
    ) -> Vec<Broken<'a>> {
        let broken = |field: &str, change| Broken {
            relation: &self.id,
            field: field.to_owned(),
            strength: self.strength,
            words: &self.words,
            change,
        };
        let sum = |ids: &[String]| ids.iter().map(|id| values.get(id.as_str()).copied()).sum::<Option<i64>>();
        if let (Some(part), Some(whole)) = (sum(&self.part), sum(&self.whole))
            && let Some(first) = self.part.first()
        {
            return if part > whole { vec![broken(first, None)] } else { Vec::new() };
        }
        if let Some(field) = &self.in_year {
            let outside = values.get(field.as_str()).is_some_and(|day| day / 10_000 != i64::from(year));
            return if outside { vec![broken(field, None)] } else { Vec::new() };
        }
        let Some(percent) = self.last_year else { return Vec::new() };
        let far = |old: i64, new: i64| {
            let by = (new - old).abs();
            by >= SMALL && by.saturating_mul(100) > old.abs().saturating_mul(percent)
        };
        let pairs = values.iter().filter_map(|(id, new)| Some((*id, *before.get(id)?, *new)));
        pairs
            .filter(|(_, old, new)| far(*old, *new))
            .map(|(id, old, new)| broken(id, Some((old, new))))
            .collect()
    }
}

/// A day as a number of a form: 20261031.
pub fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(text: &str) -> FieldRelation {
        toml::from_str(text).unwrap()
    }

    fn fields(relation: &FieldRelation, values: &[(&str, i64)], before: &[(&str, i64)]) -> Vec<String> {
        let (values, before) = (values.iter().copied().collect(), before.iter().copied().collect());
        relation.broken(&values, &before, 2026).into_iter().map(|broken| broken.field).collect()
    }

    #[test]
    fn a_part_is_not_more_than_the_whole() {
        let some = relation("id='a'\npart=['x','y']\nwhole=['z']\nstrength='refuse'\nwords='w'");
        assert_eq!(fields(&some, &[("x", 3), ("y", 3), ("z", 5)], &[]), ["x"]);
        assert_eq!(fields(&some, &[("x", 3), ("y", 2), ("z", 5)], &[]), [""; 0]);
        assert_eq!(fields(&some, &[("x", 3), ("z", 1)], &[]), [""; 0], "what is unknown breaks nothing");
    }

    #[test]
    fn a_day_lies_in_its_year() {
        let some = relation("id='a'\nin_year='d'\nstrength='refuse'\nwords='w'");
        assert_eq!(fields(&some, &[("d", 20_270_831)], &[]), ["d"]);
        assert_eq!(fields(&some, &[("d", 20_261_231)], &[]), [""; 0]);
    }

    #[test]
    fn a_number_is_not_many_times_last_years() {
        let some = relation("id='a'\nlast_year=30\nstrength='ask'\nwords='w'");
        assert_eq!(
            fields(&some, &[("x", 14_370), ("y", 12)], &[("x", 1437), ("y", 6)]),
            ["x"],
            "six more are few"
        );
        assert_eq!(fields(&some, &[("x", 1_860)], &[("x", 1437)]), [""; 0]);
        assert_eq!(fields(&some, &[("x", 900)], &[("x", 1437)]), ["x"], "less is asked about too");
        assert_eq!(
            fields(&some, &[("x", 900)], &[]),
            [""; 0],
            "without a year before there is nothing to ask"
        );
    }
}
