//! Supply and demand by county and occupation: what posts look for, beside the graduates of the majors that lead to it. Which
//! majors those are the programme says.

use super::super::data::{self, OpenOccupationRow};
use super::market::{self, Graduates, Supply, Taught};
use crate::evidence::majors::{self, YearRow};
use crate::shared::small_numbers::hanging;
use jiedui_kernel::{Date, Reported, Result};
use jiedui_programme::JobRules;
use jiedui_store::{Tx, args};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The graduates of one school and category whose majors lead to one occupation.
#[derive(Debug, Clone)]
pub struct Part {
    /// "" where the programme knows the category no more.
    pub occupation: String,
    pub supply: Supply,
    /// It has a major of which the caller is not told how many graduated: a few, or what would tell them.
    untold: bool,
}

/// One county and one occupation.
#[derive(Debug, Clone)]
pub struct OccupationLine {
    pub division: String,
    pub place: String,
    pub occupation: String,
    pub graduates: Graduates,
    /// Enough to be told, and not told: a few others would follow from it.
    pub kept_back: bool,
    pub posts: i64,
    /// Whom these posts look for.
    pub persons: i64,
}

impl OccupationLine {
    /// As [`market::gaps`].
    pub fn gaps(&self, smallest: i64) -> (Reported<i64>, Reported<i64>) {
        if self.kept_back {
            return (Reported::Pending, Reported::Pending);
        }
        market::gaps(self.graduates, self.persons, smallest)
    }
}

/// What the schools visible to the caller told of a year, by school, category and occupation.
pub async fn parts(tx: &mut Tx, rules: &JobRules, year: i32) -> Result<Vec<Part>> {
    let mut found: BTreeMap<(String, String, String), Part> = BTreeMap::new();
    let taught = market::taught(tx, year).await?;
    let untold = untold(&taught, rules.smallest_cell);
    for (offer, graduates, _) in taught {
        let hides = untold.contains(&offer.id);
        let occupation = rules.leads_to(&offer.name, &offer.category).map_or("", |one| one.id.as_str());
        let key = (offer.org.clone(), offer.category.clone(), occupation.to_owned());
        let new = || Part { occupation: occupation.to_owned(), supply: Supply::of(offer), untold: false };
        let part = found.entry(key).or_insert_with(new);
        part.supply.graduates.add(graduates);
        part.untold |= hides;
    }
    let mut parts: Vec<Part> = found.into_values().collect();
    keep_back(&mut parts, rules.smallest_cell);
    Ok(parts)
}

/// The majors of schools of elsewhere whose graduates their pages do not tell. What an occupation sums up there would tell them,
/// since the other majors are told by themselves.
fn untold(taught: &[Taught], smallest: i64) -> HashSet<String> {
    let mut tables: BTreeMap<(&str, &str), Vec<&YearRow>> = BTreeMap::new();
    for (offer, graduates, row) in taught {
        if let (true, Some(row)) = (graduates.elsewhere, row) {
            tables.entry((offer.org.as_str(), offer.category.as_str())).or_default().push(row);
        }
    }
    let hidden = tables.values().flat_map(|rows| majors::untold(rows, smallest));
    hidden.map(str::to_owned).collect()
}

/// The sums by category stand beside those by occupation, and the majors beside both: what would follow is kept back.
fn keep_back(parts: &mut [Part], smallest: i64) {
    let cell = |part: &Part| {
        let supply = &part.supply;
        let some = supply.graduates.elsewhere && supply.graduates.number().value().unwrap_or(0) > 0;
        let county = supply.division.clone();
        some.then(|| {
            let few = part.untold || supply.graduates.is_few(smallest);
            ((county.clone(), part.occupation.clone()), (county, supply.major.clone()), few)
        })
    };
    let cells: Vec<_> = parts.iter().filter_map(cell).collect();
    let cells: Vec<_> = cells.iter().map(|(one, other, few)| (one, other, *few)).collect();
    let kept: BTreeSet<(String, String)> = hanging(&cells).into_iter().cloned().collect();
    for part in parts.iter_mut().filter(|part| part.supply.graduates.elsewhere) {
        part.supply.kept_back = kept.contains(&(part.supply.division.clone(), part.occupation.clone()));
    }
}

/// Both together, by county and in the programme's order of occupations.
pub async fn lines(tx: &mut Tx, rules: &JobRules, (year, day): (i32, Date)) -> Result<Vec<OccupationLine>> {
    let parts = parts(tx, rules, year).await?;
    let open = tx.all::<OpenOccupationRow>(&data::OPEN_OCCUPATIONS, args![day]).await?;
    let counties = market::counties(tx).await?;
    let order: Vec<&str> = rules.occupations.iter().map(|one| one.id.as_str()).collect();
    Ok(together((parts, open), &counties, &order))
}

/// `counties`: those of which the caller sees the schools.
fn together(
    (parts, open): (Vec<Part>, Vec<OpenOccupationRow>),
    counties: &HashSet<String>,
    order: &[&str],
) -> Vec<OccupationLine> {
    let place = |id: &str| order.iter().position(|one| *one == id).unwrap_or(order.len());
    let mut found: BTreeMap<(String, usize, String), OccupationLine> = BTreeMap::new();
    let new = |division: &str, name: &str, occupation: &str| OccupationLine {
        division: division.to_owned(),
        place: name.to_owned(),
        occupation: occupation.to_owned(),
        graduates: Graduates::default(),
        kept_back: false,
        posts: 0,
        persons: 0,
    };
    for Part { occupation, supply, .. } in parts {
        let key = (supply.division.clone(), place(&occupation), occupation.clone());
        let line = found.entry(key).or_insert_with(|| new(&supply.division, &supply.place, &occupation));
        line.graduates.add(supply.graduates);
        line.kept_back |= supply.kept_back;
    }
    for row in open {
        let key = (row.division.clone(), place(&row.occupation), row.occupation.clone());
        let line = found.entry(key).or_insert_with(|| new(&row.division, &row.place, &row.occupation));
        line.posts = line.posts.saturating_add(row.posts);
        line.persons = line.persons.saturating_add(row.persons);
    }
    // Where no school teaches it, nobody graduates.
    let nobody = |line: &&mut OccupationLine| {
        line.graduates == Graduates::default() && counties.contains(&line.division)
    };
    for line in found.values_mut().filter(nobody) {
        line.graduates = Graduates::of(Some(0), false);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(occupation: &str, major: &str, told: i64, elsewhere: bool) -> Part {
        let supply = Supply {
            school: "s".to_owned(),
            name: "甲校".to_owned(),
            division: "1".to_owned(),
            place: "兴宁市".to_owned(),
            major: major.to_owned(),
            graduates: Graduates::of(Some(told), elsewhere),
            kept_back: false,
        };
        Part { occupation: occupation.to_owned(), supply, untold: false }
    }

    fn open(occupation: &str, posts: i64, persons: i64) -> OpenOccupationRow {
        let (division, place, occupation) = ("1".to_owned(), "兴宁市".to_owned(), occupation.to_owned());
        OpenOccupationRow { division, place, occupation, posts, persons }
    }

    /// An occupation, its graduates, its posts, and the two gaps.
    type Seen = (String, Reported<i64>, i64, Reported<i64>, Reported<i64>);

    fn seen(mut parts: Vec<Part>, posts: Vec<OpenOccupationRow>) -> Vec<Seen> {
        keep_back(&mut parts, 5);
        let line = |line: OccupationLine| {
            let (posts, graduates) = line.gaps(5);
            (line.occupation.clone(), line.graduates.number(), line.posts, posts, graduates)
        };
        let counties = HashSet::from(["1".to_owned()]);
        together((parts, posts), &counties, &["making", "trade"]).into_iter().map(line).collect()
    }

    #[test]
    fn majors_of_several_categories_stand_beside_the_posts_of_one_occupation() {
        use Reported::Value;
        let parts = vec![part("making", "机械类", 30, false), part("making", "轻工类", 3, false)];
        let found = seen(parts, vec![open("trade", 1, 4), open("making", 2, 50)]);
        assert_eq!(
            found,
            [
                ("making".to_owned(), Value(33), 2, Value(17), Value(0)),
                ("trade".to_owned(), Value(0), 1, Value(4), Value(0)),
            ]
        );
    }

    #[test]
    fn a_few_do_not_follow_from_the_category_beside_the_occupation() {
        let parts = |elsewhere: bool| {
            vec![
                part("transport", "交通类", 40, elsewhere),
                part("trade", "交通类", 3, elsewhere),
                part("trade", "财经商贸类", 20, elsewhere),
                part("making", "机械类", 30, elsewhere),
            ]
        };
        let kept = |elsewhere: bool| {
            let mut parts = parts(elsewhere);
            keep_back(&mut parts, 5);
            parts.iter().map(|part| part.supply.kept_back).collect::<Vec<_>>()
        };
        assert_eq!(kept(true), [true, true, true, false]);
        assert_eq!(kept(false), [false; 4], "of the caller's own part everything is seen");
        // Three of the eleven learned another trade, whose page hides them: eight stand there beside them.
        let mut large = vec![part("trade", "交通类", 11, true), part("transport", "交通类", 15, true)];
        keep_back(&mut large, 5);
        assert!(large.iter().all(|part| !part.supply.kept_back));
        large[0].untold = true;
        keep_back(&mut large, 5);
        assert!(
            large.iter().all(|part| part.supply.kept_back),
            "the one by itself, the other by their category"
        );
        let found = seen(parts(true), Vec::new());
        assert!(found.iter().all(|line| (line.3 == Reported::Pending) == (line.0 != "making")), "{found:?}");
    }
}
