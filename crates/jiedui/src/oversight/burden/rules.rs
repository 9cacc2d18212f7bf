//! Pure: what was recorded times what it is declared to cost; what is asked twice; what may be asked until when.

use crate::network::registry::OrgRow;
use jiedui_kernel::{Date, MONTHS};
use jiedui_programme::{FormEntry, RegisterField};
use std::collections::BTreeMap;

/// What one organisation filled in of one form in twelve months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub org: String,
    /// Its place in the register.
    pub form: usize,
    /// How often in each month, the oldest first.
    pub times: [i64; MONTHS],
}

impl Filled {
    /// How often in one month, from 0, the oldest.
    pub fn in_month(&self, month: usize) -> i64 {
        self.times.get(month).copied().unwrap_or(0)
    }
}

/// Minutes by month, of some of what was filled in.
pub fn by_month<'a>(forms: &[FormEntry], filled: impl IntoIterator<Item = &'a Filled>) -> [i64; MONTHS] {
    let mut sums = [0; MONTHS];
    for one in filled {
        let Some(form) = forms.get(one.form) else { continue };
        for (sum, times) in sums.iter_mut().zip(one.times) {
            *sum += times * i64::from(form.minutes);
        }
    }
    sums
}

/// Times by form, in one month or in all twelve.
pub fn times_by_form(forms: &[FormEntry], filled: &[Filled], month: Option<usize>) -> Vec<i64> {
    let mut sums = vec![0; forms.len()];
    for one in filled {
        if let Some(sum) = sums.get_mut(one.form) {
            *sum += month.map_or_else(|| one.times.iter().sum::<i64>(), |month| one.in_month(month));
        }
    }
    sums
}

/// An organisation with what it filled in.
pub struct Unit<'a> {
    pub org: &'a OrgRow,
    pub minutes: [i64; MONTHS],
}

impl Unit<'_> {
    /// The month that cost most, the first of several, and how much.
    pub fn most(&self) -> (usize, i64) {
        self.minutes.iter().copied().enumerate().rev().max_by_key(|(_, sum)| *sum).unwrap_or_default()
    }
}

/// Those that filled anything in, in the order in which they are given.
pub fn by_unit<'a>(forms: &[FormEntry], filled: &[Filled], orgs: &'a [OrgRow]) -> Vec<Unit<'a>> {
    let mut of: BTreeMap<&str, Vec<&Filled>> = BTreeMap::new();
    for one in filled {
        of.entry(&one.org).or_default().push(one);
    }
    orgs.iter()
        .filter_map(|org| {
            let mine = of.get(org.id.as_str())?;
            Some(Unit { org, minutes: by_month(forms, mine.iter().copied()) })
        })
        .collect()
}

/// Where a unit was asked for more than the public ceiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    pub org: String,
    pub month: usize,
    pub minutes: i64,
    /// The form that cost most of it.
    pub most: usize,
}

/// Each unit and month above the ceiling, the newest month first.
pub fn over(forms: &[FormEntry], filled: &[Filled], units: &[Unit<'_>], ceiling: i64) -> Vec<Over> {
    let mut found = Vec::new();
    for month in (0..MONTHS).rev() {
        for unit in units {
            let minutes = unit.minutes.get(month).copied().unwrap_or(0);
            if minutes <= ceiling {
                continue;
            }
            let mine = filled.iter().filter(|one| one.org == unit.org.id && one.in_month(month) > 0);
            let cost = |one: &&Filled| {
                forms.get(one.form).map_or(0, |form| one.in_month(month) * i64::from(form.minutes))
            };
            let most = mine.max_by_key(cost).map_or(0, |one| one.form);
            found.push(Over { org: unit.org.id.clone(), month, minutes, most });
        }
    }
    found
}

/// A thing that several forms ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice {
    pub label: String,
    pub unit: &'static str,
    /// Places in the register, in its order.
    pub forms: Vec<usize>,
}

/// Fields with the same label and unit in several forms that are filled whether or not something happened. What is said
/// of an occasion (its day, its place, its participants) is another fact each time.
pub fn asked_twice(forms: &[FormEntry], today: Date) -> Vec<Twice> {
    let mut found: BTreeMap<(String, &'static str), Vec<usize>> = BTreeMap::new();
    for (at, form) in forms.iter().enumerate() {
        for field in form.fields.iter().filter(|field| field.asked_on(today) && states_a_fact(field)) {
            let label: String = field.label.chars().filter(|c| !c.is_whitespace()).collect();
            let unit = field.unit.map_or("", jiedui_kernel::Unit::label);
            let list = found.entry((label, unit)).or_default();
            if list.last() != Some(&at) {
                list.push(at);
            }
        }
    }
    let twice = found.into_iter().filter(|(_, forms)| forms.len() > 1);
    twice.map(|((label, unit), forms)| Twice { label, unit, forms }).collect()
}

/// Only numbers with a unit and texts can be the same fact twice; choosing a school, a day or a person points at
/// something, and asks for nothing again.
fn states_a_fact(field: &RegisterField) -> bool {
    use jiedui_programme::FieldKind::{LongText, Number, Text};
    matches!(field.kind, Number | Text | LongText)
}

/// Fields by the last day on which they are asked: how many of them, in the order of days.
pub fn sunsets(forms: &[FormEntry]) -> BTreeMap<Date, Vec<(usize, usize)>> {
    let mut found: BTreeMap<Date, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, form) in forms.iter().enumerate() {
        for (place, field) in form.fields.iter().enumerate() {
            found.entry(field.sunset).or_default().push((at, place));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_programme::FormKind;
    use jiedui_programme::{FieldKind, Frequency, Side};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn field(label: &str, kind: FieldKind, unit: Option<jiedui_kernel::Unit>, sunset: &str) -> RegisterField {
        RegisterField {
            id: label.to_owned(),
            label: label.to_owned(),
            unit,
            kind,
            required: true,
            purpose: "用".to_owned(),
            replaces: String::new(),
            sunset: day(sunset),
            options: Vec::new(),
            condition: String::new(),
        }
    }

    fn form(id: &str, minutes: u32, fields: Vec<RegisterField>) -> FormEntry {
        FormEntry {
            kind: FormKind::Activity,
            id: id.to_owned(),
            name: id.to_owned(),
            clauses: Vec::new(),
            filled_by: vec![Side::Lead],
            frequency: Frequency::PerOccasion,
            minutes,
            retired: None,
            fields,
        }
    }

    /// So often in one month.
    fn filled(org: &str, form: usize, month: usize, often: i64) -> Filled {
        let mut times = [0; MONTHS];
        times[month] = often;
        Filled { org: org.to_owned(), form, times }
    }

    #[test]
    fn minutes_are_times_by_what_a_form_is_declared_to_cost() {
        let forms = [form("a", 3, Vec::new()), form("b", 60, Vec::new())];
        let all = [filled("x", 0, 11, 4), filled("x", 1, 11, 1), filled("y", 0, 0, 2), filled("y", 9, 0, 5)];
        let sums = by_month(&forms, &all);
        assert_eq!((sums[0], sums[11], sums[5]), (6, 72, 0), "what is in no register costs nothing");
        assert_eq!(times_by_form(&forms, &all, None), [6, 1]);
        assert_eq!(times_by_form(&forms, &all, Some(11)), [4, 1]);
    }

    #[test]
    fn one_fact_in_two_forms_is_found_and_a_choice_in_two_is_none() {
        use jiedui_kernel::Unit;
        let persons = Some(Unit::Persons);
        let number = |label: &str, unit| field(label, FieldKind::Number, unit, "2027-12-31");
        let forms = [
            form(
                "a",
                1,
                vec![number("招生 数", persons), field("日期", FieldKind::Date, None, "2027-12-31")],
            ),
            form("b", 1, vec![number("招生数", persons), field("日期", FieldKind::Date, None, "2027-12-31")]),
            form("c", 1, vec![number("招生数", Some(Unit::PersonTimes))]),
            form("d", 1, vec![field("招生数", FieldKind::Number, persons, "2026-01-01")]),
        ];
        let found = asked_twice(&forms, day("2026-11-24"));
        assert_eq!(
            found,
            [Twice { label: "招生数".to_owned(), unit: "人", forms: vec![0, 1] }],
            "another unit is another fact, and what is no longer asked is not asked twice"
        );
        let days: Vec<(Date, usize)> =
            sunsets(&forms).into_iter().map(|(day, all)| (day, all.len())).collect();
        assert_eq!(days, [(day("2026-01-01"), 1), (day("2027-12-31"), 5)]);
    }
}
