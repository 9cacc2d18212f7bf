//! What publishing a scenario does to the pairings: which begin, which end, which stay.

use super::super::rules::facts::Facts;
use crate::network::pairings::PairingRow;
use jiedui_kernel::{Code, Date, FieldError};
use jiedui_matching::{Assigned, Solution};

#[derive(Debug, Default)]
pub struct Course {
    pub begins: Vec<Assigned>,
    /// On the day before the first day of the new ones.
    pub ends: Vec<PairingRow>,
    pub stays: Vec<Assigned>,
    /// Pairings that begin on or after that day already: the office must settle these first.
    pub ahead: Vec<PairingRow>,
}

impl Course {
    pub fn of(solution: &Solution, pairings: &[PairingRow], starts: Date) -> Self {
        let mut course = Self::default();
        for pair in &solution.assignment {
            let reaches = |row: &&PairingRow| {
                row.county_school == pair.county_school && row.to_day.is_none_or(|end| end >= starts)
            };
            let same = |row: &&PairingRow| row.lead == pair.lead && row.nearby == pair.nearby;
            if pairings.iter().filter(reaches).any(|row| same(&row)) {
                course.stays.push(pair.clone());
                continue;
            }
            let (ahead, running): (Vec<&PairingRow>, Vec<&PairingRow>) =
                pairings.iter().filter(reaches).partition(|row| row.from_day >= starts);
            course.ahead.extend(ahead.into_iter().cloned());
            course.ends.extend(running.into_iter().cloned());
            course.begins.push(pair.clone());
        }
        course
    }

    /// Why it cannot be carried out.
    pub fn hindrances(&self, facts: &Facts) -> Vec<FieldError> {
        let one = |row: &PairingRow| {
            FieldError::new(
                "",
                Code::Overlap.says(format!(
                    "{}已有一组从 {} 开始的结对，请先终止它，或把开始日期改到它之前。",
                    facts.name(&row.county_school),
                    row.from_day
                )),
            )
        };
        self.ahead.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_matching::Status;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn row(county: &str, lead: &str, from: &str, to: Option<&str>) -> PairingRow {
        PairingRow {
            id: format!("{county}-{from}"),
            county_school: county.to_owned(),
            county_name: String::new(),
            county_bureau: String::new(),
            county_path: String::new(),
            place: String::new(),
            city_code: String::new(),
            city: String::new(),
            typical_class: String::new(),
            lead: lead.to_owned(),
            lead_name: String::new(),
            nearby: "n".to_owned(),
            nearby_name: String::new(),
            agreed_on: None,
            planned_on: None,
            from_day: day(from),
            to_day: to.map(day),
            end_reason: String::new(),
            source: String::new(),
            version: 1,
            county_key: String::new(),
            lead_key: String::new(),
            nearby_key: String::new(),
        }
    }

    fn solution(pairs: &[(&str, &str)]) -> Solution {
        let pair = |(county, lead): &(&str, &str)| Assigned {
            county_school: (*county).to_owned(),
            lead: (*lead).to_owned(),
            nearby: "n".to_owned(),
        };
        Solution {
            format: String::new(),
            instance_sha256: String::new(),
            status: Status::Optimal,
            objective: Some(0),
            bound: Some(0),
            assignment: pairs.iter().map(pair).collect(),
            certificate: jiedui_matching::Certificate::default(),
            infeasible_because: None,
            ties: Vec::new(),
        }
    }

    #[test]
    fn what_stays_is_left_alone_and_what_changes_ends_the_day_before() {
        let rows = [
            row("a", "x", "2024-07-26", None),
            row("b", "x", "2024-07-26", None),
            row("c", "x", "2024-07-26", Some("2026-01-31")),
        ];
        let wanted = solution(&[("a", "x"), ("b", "y"), ("c", "x"), ("d", "y")]);
        let course = Course::of(&wanted, &rows, day("2026-12-01"));
        let schools = |pairs: &[Assigned]| -> Vec<String> {
            pairs.iter().map(|pair| pair.county_school.clone()).collect()
        };
        assert_eq!(schools(&course.stays), ["a"]);
        assert_eq!(schools(&course.begins), ["b", "c", "d"], "an ended pairing does not stay");
        assert_eq!(course.ends.iter().map(|row| row.county_school.as_str()).collect::<Vec<_>>(), ["b"]);
        assert!(course.ahead.is_empty());
    }

    #[test]
    fn a_pairing_that_begins_later_stands_in_the_way() {
        let rows = [row("a", "x", "2027-01-01", None)];
        let course = Course::of(&solution(&[("a", "y")]), &rows, day("2026-12-01"));
        assert_eq!(course.ahead.len(), 1);
        assert_eq!(course.hindrances(&Facts::default()).len(), 1);
        let course = Course::of(&solution(&[("a", "x")]), &rows, day("2026-12-01"));
        assert!(course.ahead.is_empty() && course.begins.is_empty(), "what is to begin anyway stays");
    }
}
