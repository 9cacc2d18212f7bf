//! Supply and demand: the graduates of a year beside the posts that are open, by county and major category.

use super::super::data::{self, OpenRow};
use crate::evidence::majors::{self, OfferRow, YearRow};
use crate::network::registry;
use crate::shared::small_numbers::is_few;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Reported, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// So many years back can be looked at.
pub const BACK: i32 = 3;

/// The graduates of one major category at one school in a year, as the school told them with its majors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supply {
    pub school: String,
    pub name: String,
    pub division: String,
    pub place: String,
    pub major: String,
    pub graduates: Graduates,
    /// Enough to be told, and not told: a few others would follow from it.
    pub kept_back: bool,
}

impl Supply {
    /// Of the school and the category of a major, with nobody yet.
    pub(super) fn of(offer: OfferRow) -> Self {
        Self {
            school: offer.org,
            name: offer.school,
            division: offer.division,
            place: offer.place,
            major: offer.category,
            graduates: Graduates::default(),
            kept_back: false,
        }
    }
}

/// What is known of graduates, and whether the caller may see a few as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Graduates {
    told: i64,
    /// Majors of which the number is told, and of which it is not.
    known: i64,
    missing: i64,
    /// Of a school that is not of the caller's own part.
    pub elsewhere: bool,
}

impl Graduates {
    pub(super) fn of(told: Option<i64>, elsewhere: bool) -> Self {
        let known = i64::from(told.is_some());
        Self { told: told.unwrap_or(0), known, missing: 1 - known, elsewhere }
    }

    pub fn add(&mut self, other: Self) {
        self.told = self.told.saturating_add(other.told);
        self.known += other.known;
        self.missing += other.missing;
        self.elsewhere |= other.elsewhere;
    }

    /// Of a county in which the caller sees no school, nothing can be said.
    pub fn number(self) -> Reported<i64> {
        match (self.known, self.missing) {
            (0, 0) => Reported::NotApplicable,
            (0, _) => Reported::NotReported,
            _ => Reported::Value(self.told),
        }
    }

    /// Whether there are more than those that were told.
    pub fn is_part(self) -> bool {
        self.known > 0 && self.missing > 0
    }

    /// Whether there are some, and so few that the caller may not see how many.
    pub fn is_few(self, smallest: i64) -> bool {
        self.elsewhere && is_few(self.told, smallest)
    }
}

/// One county and one major category; "" where graduates of any fit.
#[derive(Debug, Clone)]
pub struct MarketLine {
    pub division: String,
    pub place: String,
    pub major: String,
    pub graduates: Graduates,
    /// Enough to be told, and not told: a few at one of its schools would follow from what the others told.
    pub kept_back: bool,
    /// Persons whom open posts look for.
    pub persons: i64,
    /// How many the county's bureau says that its industry wants in a year (T5.2).
    pub wanted: Reported<i64>,
}

impl MarketLine {
    /// Posts for which there are no graduates, and graduates for whom there are no posts; neither where one is not known.
    pub fn gaps(&self, smallest: i64) -> (Reported<i64>, Reported<i64>) {
        if self.major.is_empty() {
            return (Reported::NotApplicable, Reported::NotApplicable);
        }
        if self.kept_back {
            return (Reported::Pending, Reported::Pending);
        }
        gaps(self.graduates, self.persons, smallest)
    }
}

/// Persons whom posts look for and who are not there, and graduates whom no post looks for.
pub fn gaps(graduates: Graduates, persons: i64, smallest: i64) -> (Reported<i64>, Reported<i64>) {
    match graduates.number() {
        // What was kept back would follow.
        Reported::Value(_) if graduates.is_few(smallest) => (Reported::Pending, Reported::Pending),
        Reported::Value(told) => {
            let more = persons.saturating_sub(told);
            (Reported::Value(more.max(0)), Reported::Value(more.saturating_neg().max(0)))
        }
        unknown => (unknown, unknown),
    }
}

/// The day of a year on which its posts are looked at: today, or its last day.
pub fn day_of(year: i32, today: Date) -> Date {
    if year >= today.year() { today } else { Date::from_ymd_opt(year, 12, 31).unwrap_or(today) }
}

/// A major with who graduated, and with all that its school told of the year.
pub(super) type Taught = (OfferRow, Graduates, Option<YearRow>);

/// The majors that the schools visible to the caller had in a year.
pub(super) async fn taught(tx: &mut Tx, year: i32) -> Result<Vec<Taught>> {
    let scope = tx.actor().scope.clone();
    let schools = registry::schools(tx).await?;
    let own: HashMap<String, bool> =
        schools.into_iter().map(|school| (school.id, scope.covers(&school.path))).collect();
    let years = majors::years(tx, "").await?;
    let of_year = years.into_iter().filter(|row| row.year == i64::from(year));
    let mut told: HashMap<String, YearRow> = of_year.map(|row| (row.school_major.clone(), row)).collect();
    let offers = majors::offers(tx, "").await?.into_iter();
    let had = offers.filter(|offer| majors::rules::asked_for(offer, year)).map(|offer| {
        let row = told.remove(&offer.id);
        let elsewhere = !own.get(&offer.org).copied().unwrap_or(false);
        (offer, Graduates::of(row.as_ref().and_then(|row| row.graduates), elsewhere), row)
    });
    Ok(had.collect())
}

/// What the schools visible to the caller told of a year, by school and major category.
pub async fn supply(tx: &mut Tx, year: i32) -> Result<Vec<Supply>> {
    let mut found: BTreeMap<(String, String), Supply> = BTreeMap::new();
    for (offer, graduates, _) in taught(tx, year).await? {
        let key = (offer.org.clone(), offer.category.clone());
        found.entry(key).or_insert_with(|| Supply::of(offer)).graduates.add(graduates);
    }
    Ok(found.into_values().collect())
}

/// Both together, by county and in the programme's order of categories; what fits any stands last.
pub async fn lines(tx: &mut Tx, programme: &Programme, (year, day): (i32, Date)) -> Result<Vec<MarketLine>> {
    let supply = supply(tx, year).await?;
    let small =
        programme.jobs.as_ref().map_or_else(BTreeSet::new, |rules| few_of(&supply, rules.smallest_cell));
    let open = tx.all::<OpenRow>(&data::OPEN, args![day]).await?;
    let counties = counties(tx).await?;
    let mut lines = together((supply, open), &counties, &programme.matching.categories.names);
    let demand = majors::demand(tx).await?;
    let mut wanted: HashMap<(&str, &str), i64> = HashMap::new();
    // The newest stands first.
    for row in demand.iter().filter(|row| row.year <= i64::from(year)) {
        wanted.entry((row.division.as_str(), row.category.as_str())).or_insert(row.posts);
    }
    for line in lines.iter_mut().filter(|line| !line.major.is_empty()) {
        let told = wanted.get(&(line.division.as_str(), line.major.as_str())).copied();
        line.wanted = told.map_or(Reported::NotReported, Reported::Value);
        line.kept_back = small.contains(&(line.division.clone(), line.major.clone()));
    }
    Ok(lines)
}

/// The counties and categories in which a school of elsewhere has a few: each school stands by itself behind the sum.
fn few_of(supply: &[Supply], smallest: i64) -> BTreeSet<(String, String)> {
    let few = supply.iter().filter(|one| one.graduates.is_few(smallest));
    few.map(|one| (one.division.clone(), one.major.clone())).collect()
}

/// Those of which the caller sees the schools: where no school teaches it, nobody graduates.
pub(super) async fn counties(tx: &mut Tx) -> Result<HashSet<String>> {
    let today = tx.today();
    let schools = registry::county_schools(tx, today).await?;
    Ok(schools.into_iter().map(|school| school.division).collect())
}

/// `counties`: those of which the caller sees the schools.
fn together(
    (supply, open): (Vec<Supply>, Vec<OpenRow>),
    counties: &HashSet<String>,
    order: &[String],
) -> Vec<MarketLine> {
    let place = |major: &str| match order.iter().position(|one| one == major) {
        Some(place) => place,
        None if major.is_empty() => order.len() + 1,
        None => order.len(),
    };
    let mut found: BTreeMap<(String, usize, String), MarketLine> = BTreeMap::new();
    let mut at =
        |division: String, name: String, major: String, graduates: Option<Graduates>, persons: i64| {
            let key = (division.clone(), place(&major), major.clone());
            // Where no school teaches it, nobody graduates.
            let nobody = Graduates { known: i64::from(counties.contains(&division)), ..Graduates::default() };
            let wanted = Reported::NotApplicable;
            let new = MarketLine {
                division,
                place: name,
                major,
                graduates: nobody,
                kept_back: false,
                persons: 0,
                wanted,
            };
            let line = found.entry(key).or_insert(new);
            match graduates {
                // Where some are told, the number is theirs alone.
                Some(told) if line.graduates == nobody => line.graduates = told,
                Some(told) => line.graduates.add(told),
                None => {}
            }
            line.persons = line.persons.saturating_add(persons);
        };
    for one in supply {
        at(one.division, one.place, one.major, Some(one.graduates), 0);
    }
    for row in open {
        at(row.division, row.place, row.major, None, row.persons);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supply(division: &str, major: &str, told: Option<i64>, elsewhere: bool) -> Supply {
        Supply {
            school: "s".to_owned(),
            name: "甲校".to_owned(),
            division: division.to_owned(),
            place: "兴宁市".to_owned(),
            major: major.to_owned(),
            graduates: Graduates::of(told, elsewhere),
            kept_back: false,
        }
    }

    fn open(division: &str, major: &str, persons: i64) -> OpenRow {
        let (division, place, major) = (division.to_owned(), "兴宁市".to_owned(), major.to_owned());
        OpenRow { division, place, major, persons }
    }

    /// A category, its graduates, its posts, and the two gaps.
    type Seen = (String, Reported<i64>, i64, Reported<i64>, Reported<i64>);

    fn told(supply: Vec<Supply>, posts: Vec<OpenRow>) -> Vec<Seen> {
        let order = ["机械类", "信息类"].map(str::to_owned);
        let line = |line: MarketLine| {
            let (posts, graduates) = line.gaps(5);
            (line.major, line.graduates.number(), line.persons, posts, graduates)
        };
        let counties = HashSet::from(["1".to_owned()]);
        together((supply, posts), &counties, &order).into_iter().map(line).collect()
    }

    #[test]
    fn what_fits_stands_in_one_line() {
        use Reported::{NotApplicable, Value};
        let found = told(
            vec![supply("1", "机械类", Some(30), false), supply("1", "机械类", Some(10), false)],
            vec![open("1", "机械类", 25), open("1", "信息类", 5), open("1", "", 7)],
        );
        let text = str::to_owned;
        assert_eq!(
            found,
            [
                (text("机械类"), Value(40), 25, Value(0), Value(15)),
                (text("信息类"), Value(0), 5, Value(5), Value(0)),
                (text(""), Value(0), 7, NotApplicable, NotApplicable),
            ]
        );
        let elsewhere = told(Vec::new(), vec![open("2", "机械类", 25)]);
        assert_eq!(
            (elsewhere[0].1, elsewhere[0].3),
            (NotApplicable, NotApplicable),
            "no school is seen there"
        );
    }

    #[test]
    fn what_nobody_told_is_not_nobody() {
        let found = told(vec![supply("1", "机械类", None, false)], vec![open("1", "机械类", 25)]);
        assert_eq!((found[0].1, found[0].3), (Reported::NotReported, Reported::NotReported));
        let mut some = Graduates::of(Some(3), false);
        some.add(Graduates::of(None, false));
        assert!(some.is_part() && some.number() == Reported::Value(3));
    }

    #[test]
    fn a_few_at_one_school_do_not_follow_from_the_sum_of_its_county() {
        let two = |few: bool| [supply("1", "机械类", Some(40), true), supply("1", "机械类", Some(3), few)];
        let small = few_of(&two(true), 5);
        assert!(small.contains(&("1".to_owned(), "机械类".to_owned())) && small.len() == 1);
        assert!(few_of(&two(false), 5).is_empty(), "of the caller's own part everything is seen");
        let counties = HashSet::from(["1".to_owned()]);
        let mut line = together((two(true).to_vec(), Vec::new()), &counties, &[]).remove(0);
        line.kept_back = true;
        assert_eq!(line.gaps(5), (Reported::Pending, Reported::Pending));
    }

    #[test]
    fn a_few_of_elsewhere_do_not_follow_from_a_gap() {
        let found = told(vec![supply("1", "机械类", Some(3), true)], vec![open("1", "机械类", 25)]);
        assert_eq!(found[0].3, Reported::Pending);
        assert!(!Graduates::of(Some(3), false).is_few(5) && !Graduates::of(Some(0), true).is_few(5));
    }
}
