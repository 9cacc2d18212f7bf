//! What of a school's graduates the caller sees. The school and the bureaus above it see everything; to others a few are not
//! shown, nor what would tell them, as under 就业.

use super::super::data::YearRow;
use super::survey::Survey;
use crate::shared::small_numbers::{self, Shown, is_few};
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::Programme;
use jiedui_web::figure::Figure;
use std::collections::BTreeMap;

const WORDS: [&str; 4] = ["招生", "毕业", "就业", "对口就业"];

/// Who looks at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    School,
    /// A bureau above it, which sees its whole county.
    Above,
    Elsewhere,
}

#[derive(Default)]
pub struct Seen {
    /// Fewer persons than this are few; none where nothing is hidden.
    smallest: Option<i64>,
    /// Of a reader from elsewhere: graduates, employed, employed in their field, by major and year.
    rows: BTreeMap<(String, i64), [Shown; 3]>,
    elsewhere: bool,
    /// The county of the school, and the organisation of the reader, which knows its own numbers.
    division: String,
    own: String,
}

impl Seen {
    /// `survey`: of one school, in this county; `own`: the organisation of the reader.
    pub fn of(survey: &Survey, programme: &Programme, (reader, own): (Reader, &str), division: &str) -> Self {
        let smallest = programme.jobs.as_ref().map(|rules| rules.smallest_cell);
        let Some(smallest) = smallest.filter(|_| reader != Reader::Above) else { return Self::default() };
        let elsewhere = reader == Reader::Elsewhere;
        let mut tables: BTreeMap<(&str, i64), Vec<&YearRow>> = BTreeMap::new();
        for offer in survey.offers.iter().filter(|_| elsewhere) {
            for row in survey.years(&offer.id) {
                tables.entry((offer.category.as_str(), row.year)).or_default().push(row);
            }
        }
        let rows = tables.into_values().flat_map(|rows| table(&rows, smallest)).collect();
        let (division, own) = (division.to_owned(), own.to_owned());
        Self { smallest: Some(smallest), rows, elsewhere, division, own }
    }

    fn row(&self, row: &YearRow) -> Option<&[Shown; 3]> {
        self.rows.get(&(row.school_major.clone(), row.year))
    }

    /// Whether something of a year of a major is not shown.
    pub fn hides(&self, row: &YearRow) -> bool {
        self.row(row).is_some_and(|shown| shown.iter().any(|one| !matches!(one, Shown::Persons(_))))
    }

    /// Whether something of what is shown of the school is not.
    pub fn hides_any(&self) -> bool {
        self.rows.values().flatten().any(|one| !matches!(one, Shown::Persons(_)))
    }

    /// Who was enrolled, graduated, is employed, and in what was learned.
    pub fn figures(&self, row: Option<&YearRow>, unknown: Reported<i64>, href: &str) -> Vec<Figure> {
        let told = row.map_or([None; 4], |row| [row.enrolled, row.graduates, row.employed, row.in_field]);
        // Enrolment is no part of the graduates.
        let shown = row.and_then(|row| self.row(row)).map(|[all, work, field]| [all, work, field].map(Some));
        let [all, work, field] = shown.unwrap_or([None; 3]);
        let figure = |((label, value), shown): ((&str, Option<i64>), Option<&Shown>)| match (value, shown) {
            (Some(_), Some(shown)) => small_numbers::figure(*shown, self.smallest.unwrap_or(0), href, label),
            _ => Figure::of(value.map_or(unknown, Reported::Value), Unit::Persons, href, label),
        };
        WORDS.into_iter().zip(told).zip([None, all, work, field]).map(figure).collect()
    }

    /// What is not shown of the graduates of a county: a few, or a sum by which a few at one of its schools would follow.
    pub fn county(
        &self,
        survey: &Survey,
        (category, year): (&str, i64),
        sum: Reported<i64>,
    ) -> Option<Shown> {
        let (smallest, sum) = (self.smallest?, sum.value()?);
        let one_has_few = survey.has_few((&self.division, category), year, (&self.own, smallest));
        let few = self.elsewhere && is_few(sum, smallest);
        match (few, one_has_few) {
            (true, _) => Some(Shown::Few),
            (false, true) => Some(Shown::KeptBack),
            (false, false) => None,
        }
    }

    pub fn county_figure(
        &self,
        shown: Option<Shown>,
        sum: Reported<i64>,
        (href, label): (&str, &str),
    ) -> Figure {
        match shown {
            Some(shown) => small_numbers::figure(shown, self.smallest.unwrap_or(0), href, label),
            None => Figure::of(sum, Unit::Persons, href, label),
        }
    }
}

/// Everybody who graduated, once: employed in their field, employed otherwise, and all others.
fn parts(row: &YearRow) -> Vec<i64> {
    let field = row.in_field.unwrap_or(0);
    let work = row.employed.unwrap_or(field);
    let all = row.graduates.unwrap_or(work);
    vec![field, work.saturating_sub(field).max(0), all.saturating_sub(work).max(0)]
}

/// The majors of one category in one year as others see them.
fn table(rows: &[&YearRow], smallest: i64) -> Vec<((String, i64), [Shown; 3])> {
    let cells: Vec<Vec<i64>> = rows.iter().map(|row| parts(row)).collect();
    let shown = small_numbers::shown(&cells, smallest);
    let one = |(row, shown): (&&YearRow, Vec<Shown>)| {
        let open = |at: usize| matches!(shown.get(at), Some(Shown::Persons(_)));
        let at = |at: usize| shown.get(at).copied().unwrap_or(Shown::KeptBack);
        let work = row.employed.unwrap_or(0);
        // The employed are the sum of two, or all without the third.
        let employed = if (open(0) && open(1)) || (open(2) && open(3)) {
            Shown::Persons(work)
        } else if is_few(work, smallest) {
            Shown::Few
        } else {
            Shown::KeptBack
        };
        ((row.school_major.clone(), row.year), [at(3), employed, at(0)])
    };
    rows.iter().zip(shown).map(one).collect()
}

/// Of the majors of one category at one school in one year those of which others are not told how many graduated.
pub fn untold<'a>(rows: &[&'a YearRow], smallest: i64) -> Vec<&'a str> {
    let shown = table(rows, smallest);
    let hidden = rows.iter().zip(shown).filter(|(_, (_, [all, ..]))| !matches!(all, Shown::Persons(_)));
    hidden.map(|(row, _)| row.school_major.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(major: &str, [graduates, employed, in_field]: [i64; 3]) -> YearRow {
        YearRow {
            id: String::new(),
            school_major: major.to_owned(),
            year: 2026,
            enrolled: None,
            graduates: Some(graduates),
            employed: Some(employed),
            in_field: Some(in_field),
            version: 1,
        }
    }

    fn seen(rows: &[YearRow]) -> Vec<[Shown; 3]> {
        let rows: Vec<&YearRow> = rows.iter().collect();
        table(&rows, 5).into_iter().map(|(_, shown)| shown).collect()
    }

    #[test]
    fn majors_whose_graduates_are_not_told_are_named() {
        let rows = [("a", 3), ("b", 8), ("c", 6), ("d", 9)].map(|(major, all)| row(major, [all, all, all]));
        let rows: Vec<&YearRow> = rows.iter().collect();
        assert_eq!(
            untold(&rows, 5),
            ["a", "c"],
            "a few, and the one by which they would follow from the sum"
        );
    }

    #[test]
    fn large_numbers_are_shown_and_a_few_are_not_to_be_had() {
        use Shown::{Few, KeptBack, Persons};
        assert_eq!(seen(&[row("a", [40, 25, 20])]), [[Persons(40), Persons(25), Persons(20)]]);
        let few = seen(&[row("a", [3, 3, 0]), row("b", [40, 30, 20])]);
        assert_eq!(few[0], [Few, Few, Persons(0)]);
        assert_eq!(few[1][0], KeptBack, "their category stands elsewhere with its sum");
        // Two without work would follow from the other two numbers.
        let idle = seen(&[row("a", [40, 38, 20])]);
        assert_eq!(idle[0][0], Persons(40));
        assert_eq!(idle[0][1], KeptBack);
    }
}
