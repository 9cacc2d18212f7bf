//! Posts and graduates of the demonstration: county bureaus offer posts of invented enterprises to their school, most of them
//! confirmed; one waits at HOME, one is over; schools say where last year's graduates went, as their year-profile has it.

use super::maker::{Maker, at_home};
use super::rng::{SeededRng, plus};
use crate::evidence::majors::{self, OfferRow};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::sharing::jobs::{self, NewVacancy, Sheet};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Error, Period, Result};
use jiedui_programme::{CountedAs, JobRules};
use std::sync::Arc;

/// Name, occupation, major category, how many, monthly pay from and to in cents.
const POSTS: [(&str, &str, &str, i64, i64, i64); 4] = [
    ("数控操作工（示例）", "making", "机械类", 20, 450_000, 650_000),
    ("汽车维修工（示例）", "transport", "交通类", 8, 400_000, 600_000),
    ("设备维护员（示例）", "making", "电工电子类", 12, 480_000, 700_000),
    ("仓储管理员（示例）", "trade", "", 15, 380_000, 500_000),
];
/// So many days ago a post was recorded, and for so many days it is open.
const RECORDED_AGO: i64 = 20;
const OPEN_DAYS: i64 = 120;
/// One that is over: recorded so long ago, for so many days.
const OVER_AGO: i64 = 90;
const OVER_DAYS: i64 = 30;

pub async fn offer(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let Some(rules) = &programme.jobs else { return Ok(()) };
    at_home("jobs", (rows, &code), async |home| offered(maker, rules, (rows, home), &code).await).await
}

async fn offered(
    maker: &mut Maker,
    rules: &JobRules,
    (rows, home): (&[PairingRow], Option<&PairingRow>),
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    let rng = SeededRng::new(54);
    for (at, row) in rows.iter().filter(|row| row.to_day.is_none()).enumerate() {
        let home = home.is_some_and(|home| home.county_school == row.county_school);
        if home || rng.chance(35) {
            posts(maker, (&row.county_school, code(row)), (at, home)).await?;
        }
        if home || rng.chance(60) {
            cohort(maker, rules, &row.county_school).await?;
        }
    }
    Ok(())
}

/// A post names so many majors of its category at most.
const NAMED: usize = 2;

/// A county school with its majors, its county, and what the county is called.
#[derive(Clone, Copy)]
struct Home<'a> {
    school: &'a str,
    county: &'a str,
    place: &'a str,
    majors: &'a [OfferRow],
}

fn new(maker: &Maker, home: Home<'_>, at: usize, (ago, days): (i64, i64)) -> NewVacancy {
    let (title, occupation, major, number, low, high) = POSTS[at % POSTS.len()];
    let from: Date = plus(maker.today, -ago);
    let fitting = home.majors.iter().filter(|offer| offer.category == major).take(NAMED);
    NewVacancy {
        school: home.school.to_owned(),
        enterprise: format!("{}机电有限公司（示例）", home.place),
        title: title.to_owned(),
        occupation: occupation.to_owned(),
        major: major.to_owned(),
        majors: fitting.map(|offer| offer.name.clone()).collect(),
        county: home.county.to_owned(),
        number,
        pay: (Some(low), Some(high)),
        days: Period::new(from, plus(from, days)),
    }
}

/// Two posts of the bureau for its school, and one that it offers to all.
async fn posts(maker: &mut Maker, (school, county): (&str, &str), (at, home): (usize, bool)) -> Result<()> {
    maker.act_as_office(plus(maker.today, -OVER_AGO));
    let row = registry::find(&mut maker.tx, school).await?;
    let Some(bureau) = row.parent else { return Ok(()) };
    let offers = majors::offers(&mut maker.tx, school).await?;
    let of = Home { school, county, place: &row.place, majors: &offers };
    let over = new(maker, of, at, (OVER_AGO, OVER_DAYS));
    one(maker, (&bureau, &over), OVER_AGO, true).await?;
    let open = new(maker, of, at + 1, (RECORDED_AGO, OPEN_DAYS));
    one(maker, (&bureau, &open), RECORDED_AGO, true).await?;
    let newest = new(maker, of, at + 2, (RECORDED_AGO - 1, OPEN_DAYS));
    one(maker, (&bureau, &newest), RECORDED_AGO - 1, !home).await?;
    let all = NewVacancy { school: String::new(), ..new(maker, of, 3, (RECORDED_AGO, OPEN_DAYS)) };
    one(maker, (&bureau, &all), RECORDED_AGO, false).await
}

async fn one(maker: &mut Maker, (bureau, new): (&str, &NewVacancy), ago: i64, confirmed: bool) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let by = maker.actor(bureau).await?;
    maker.act(&by, plus(maker.today, -ago));
    let id = match jobs::record(&mut maker.tx, &programme, new).await {
        Ok(id) if confirmed => id,
        // A bureau whose school is no county school on that day offers it nothing.
        Ok(_) | Err(Error::Invalid(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    let by = maker.actor(&new.school).await?;
    maker.act(&by, plus(maker.today, 1 - ago));
    let opened = jobs::opened(&mut maker.tx, &programme, &id).await?;
    jobs::confirm(&mut maker.tx, &opened, opened.row.version).await
}

/// How many are counted so by the year-profile; those that are employed with study less those without, and so on.
fn counted(rules: &JobRules, told: impl Fn(&str) -> Option<i64>) -> Option<[(CountedAs, i64); 3]> {
    let (all, employed) = (told(&rules.graduates)?, told(&rules.employed)?);
    let with_study = match &rules.employed_with_study {
        Some(element) => told(element)?,
        None => employed,
    };
    Some([
        (CountedAs::Employed, employed),
        (CountedAs::Studying, with_study - employed),
        (CountedAs::Neither, all - with_study),
    ])
}

/// Where the graduates of last year went: spread over the categories and destinations, so that the sums agree.
async fn cohort(maker: &mut Maker, rules: &JobRules, school: &str) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let (last, year) = (maker.last(), maker.today.year() - 1);
    let by = maker.actor(school).await?;
    maker.act(&by, last);
    let told = jobs::profile(&mut maker.tx, school, year).await?;
    let categories = jobs::categories(&mut maker.tx, &programme, school, (year, &Sheet::default())).await?;
    let Some(sums) = counted(rules, |element| told.get(element).copied()) else { return Ok(()) };
    if categories.is_empty() {
        return Ok(());
    }
    let mut sheet = Sheet::default();
    for (kind, persons) in sums {
        let to: Vec<&str> = rules
            .destinations
            .iter()
            .filter(|one| one.counted_as == kind)
            .map(|one| one.id.as_str())
            .collect();
        let places: Vec<(&str, &str)> =
            categories.iter().flat_map(|major| to.iter().map(|one| (major.as_str(), *one))).collect();
        let Ok(many) = i64::try_from(places.len()) else { continue };
        for (number, (major, destination)) in (0..).zip(places) {
            let more = i64::from(number < persons % many.max(1));
            sheet.put(major, destination, persons / many.max(1) + more);
        }
    }
    match jobs::save(&mut maker.tx, &programme, (year, 0), &sheet).await {
        // A school whose profile says otherwise has told nothing yet.
        Ok(()) | Err(Error::Invalid(_)) => Ok(()),
        Err(other) => Err(other),
    }
}
