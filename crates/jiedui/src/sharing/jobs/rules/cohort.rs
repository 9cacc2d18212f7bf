//! The table of a cohort: by major category and destination, checked against the year-profile.

use super::super::data::CellRow;
use jiedui_kernel::{Code, FieldError};
use jiedui_programme::{CountedAs, JobRules, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// More graduates of one category to one destination are a typing error.
pub const MOST: i64 = 20_000;

/// How many of one major category went to one destination. Nobody is no cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet(BTreeMap<(String, String), i64>);

impl Sheet {
    pub fn of(rows: &[CellRow]) -> Self {
        let cell = |row: &CellRow| ((row.major.clone(), row.destination.clone()), row.persons);
        Self(rows.iter().map(cell).collect())
    }

    pub fn put(&mut self, major: &str, destination: &str, persons: i64) {
        if persons > 0 {
            self.0.insert((major.to_owned(), destination.to_owned()), persons);
        }
    }

    pub fn cells(&self) -> impl Iterator<Item = (&str, &str, i64)> {
        self.0.iter().map(|((major, destination), persons)| (major.as_str(), destination.as_str(), *persons))
    }

    pub fn cell(&self, major: &str, destination: &str) -> i64 {
        self.0.get(&(major.to_owned(), destination.to_owned())).copied().unwrap_or(0)
    }

    pub fn majors(&self) -> BTreeSet<&str> {
        self.cells().map(|(major, _, _)| major).collect()
    }

    /// Everybody who went where it is counted as one of these. Where the programme knows a destination no more, they went
    /// somewhere, and count with all.
    pub fn sum(&self, rules: &JobRules, counted: &[CountedAs]) -> i64 {
        let fits = |destination: &str| {
            let kind = rules.destination(destination).map_or(CountedAs::Neither, |one| one.counted_as);
            counted.contains(&kind)
        };
        let persons =
            self.cells().filter(|(_, destination, _)| fits(destination)).map(|(_, _, persons)| persons);
        persons.fold(0, i64::saturating_add)
    }
}

/// The name of an input.
pub fn input(major: &str, destination: &str) -> String {
    format!("{destination}-{major}")
}

/// The place on the form at which a sum is shown.
pub fn sum_input(element: &str) -> String {
    format!("sum-{element}")
}

/// One sum of a cohort beside what the year-profile says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub element: String,
    pub name: String,
    pub sum: i64,
    /// None where the year-profile does not say.
    pub told: Option<i64>,
}

impl Compared {
    pub fn agrees(&self) -> bool {
        self.told.is_none_or(|told| told == self.sum)
    }
}

pub fn compare(
    programme: &Programme,
    rules: &JobRules,
    sheet: &Sheet,
    told: impl Fn(&str) -> Option<i64>,
) -> Vec<Compared> {
    let one = |element: &str, counted: &[CountedAs]| Compared {
        element: element.to_owned(),
        name: programme.element(element).map_or_else(|| element.to_owned(), |of| of.name.clone()),
        sum: sheet.sum(rules, counted),
        told: told(element),
    };
    rules.sums().into_iter().map(|(element, counted)| one(element, counted)).collect()
}

/// Where a sum and the year-profile differ, with both numbers.
pub fn check(compared: &[Compared]) -> Vec<FieldError> {
    let wrong = compared.iter().filter(|one| !one.agrees());
    wrong
        .map(|one| {
            let (name, sum, told) = (&one.name, one.sum, one.told.unwrap_or_default());
            let words = format!(
                "{name}：各去向相加是 {sum} 人，年度基本情况里是 {told} 人。请核对各格；是年度基本情况有误的，先在那里更正。"
            );
            FieldError::new(sum_input(&one.element), Code::NoMatch.says(words))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review;

    fn sheet(cells: &[(&str, &str, i64)]) -> Sheet {
        let mut sheet = Sheet::default();
        for (major, destination, persons) in cells {
            sheet.put(major, destination, *persons);
        }
        sheet
    }

    #[test]
    fn sums_are_held_against_the_year_profile_and_both_numbers_are_said() {
        let programme = review::tests::programme();
        let rules = programme.jobs.as_ref().unwrap();
        let sheet = sheet(&[
            ("机械类", "county", 20),
            ("机械类", "study", 6),
            ("信息类", "none", 4),
            ("信息类", "army", 0),
        ]);
        let told = |element: &str| match element {
            "graduates" => Some(30),
            "employed_without_study" => Some(20),
            "employed_with_study" => Some(25),
            _ => None,
        };
        let compared = compare(programme, rules, &sheet, told);
        let sums: Vec<i64> = compared.iter().map(|one| one.sum).collect();
        assert_eq!(sums, [30, 20, 26]);
        let errors = check(&compared);
        assert_eq!(errors.len(), 1);
        assert_eq!((errors[0].field.as_str(), &errors[0].code), ("sum-employed_with_study", &Code::NoMatch));
        assert!(errors[0].message.contains("26") && errors[0].message.contains("25"));
        assert_eq!(sheet.majors().into_iter().collect::<Vec<_>>(), ["信息类", "机械类"]);
        assert_eq!((sheet.cell("信息类", "army"), sheet.cells().count()), (0, 3));
    }

    #[test]
    fn what_the_year_profile_does_not_say_is_not_compared() {
        let programme = review::tests::programme();
        let rules = programme.jobs.as_ref().unwrap();
        let compared = compare(programme, rules, &sheet(&[("机械类", "county", 20)]), |_| None);
        assert!(check(&compared).is_empty() && compared.iter().all(Compared::agrees));
    }
}
