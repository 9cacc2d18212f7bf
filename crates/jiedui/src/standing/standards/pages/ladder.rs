//! The ladder of the county schools: how many stand on each level, year by year, and which (G3.1). Levels are dated in the
//! registry: a change counts from the day on which it was noted, and earlier years stay as they were.

use super::super::{NO_LEVEL, level_on, raised, rung};
use crate::network::registry::{self, OrgRow, SchoolFilter, city_choices};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Reported, Result, Unit};
use jiedui_programme::LEVELS;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::listing::{Around, Listing};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    around: Around,
    /// Key, heading and class of each column.
    columns: Vec<[String; 3]>,
    rungs: Vec<Rung>,
    /// Of the cell that was opened.
    opened: Option<NamedRung>,
}

#[derive(Serialize)]
struct Rung {
    level: &'static str,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    /// Of its column.
    key: String,
    figure: Figure,
    /// Its part of the county schools of that year, in hundredths.
    share: i64,
}

#[derive(Serialize)]
struct NamedRung {
    level: &'static str,
    year: i32,
    schools: Vec<SchoolLine>,
}

#[derive(Serialize)]
struct SchoolLine {
    school: Link,
    city: String,
    place: String,
    typical_class: String,
}

/// A county school as it stood at the end of a year.
struct Stood<'a> {
    org: &'a OrgRow,
    level: &'static str,
}

/// The last day of a year, but not after today.
fn last_day(year: i32, today: Date) -> Date {
    Date::from_ymd_opt(year, 12, 31).unwrap_or(today).min(today)
}

/// The column of a year.
fn key(year: i32) -> String {
    format!("y{year}")
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let cities = city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/ladder", Unit::Schools, &ctx.query);
    let fitting = SchoolFilter::read(&mut list, cities);
    let first = programme.calendar.semesters.iter().map(|semester| semester.from.year()).min();
    let years: Vec<i32> = (first.unwrap_or(today.year()).min(today.year())..=today.year()).collect();
    let level = list.word("level", |word| rung(word) == word);
    let year = list.word("year", |word| years.iter().any(|year| year.to_string() == word));
    let population = registry::population(&mut ctx.tx).await?;
    let schools = registry::schools(&mut ctx.tx).await?;
    let raised = raised(&mut ctx.tx, &programme).await?;
    let at = |year: i32| -> Vec<Stood<'_>> {
        let day = last_day(year, today);
        let there = schools.iter().filter(|org| population.holds(&org.id, day) && fitting.fits(org));
        there.map(|org| Stood { org, level: level_on(org, &population, &raised, day) }).collect()
    };
    let by_year: Vec<Vec<Stood<'_>>> = years.iter().map(|year| at(*year)).collect();
    let count =
        |stood: &[Stood<'_>], level: &str| stood.iter().filter(|one| one.level == level).count() as i64;
    let cell = |level: &'static str, year: i32, stood: &[Stood<'_>]| {
        let (number, all) = (count(stood, level), stood.len() as i64);
        let query = ctx.query.with("level", level);
        let href = format!("/ladder?{query}&year={year}#names");
        let label = format!("{year}年{level}");
        Cell {
            key: key(year),
            figure: Figure::of(Reported::Value(number), Unit::Schools, href, label),
            share: if all > 0 { number * 100 / all } else { 0 },
        }
    };
    let known = LEVELS.into_iter().rev().chain([NO_LEVEL]);
    let rungs = known
        .filter(|level| *level != NO_LEVEL || by_year.iter().any(|stood| count(stood, level) > 0))
        .map(|level| {
            let cells = years.iter().zip(&by_year).map(|(year, stood)| cell(level, *year, stood));
            Rung { level, cells: cells.collect() }
        })
        .collect();
    let opened = years.iter().zip(&by_year).find(|(one, _)| one.to_string() == year && !level.is_empty());
    let opened = opened.map(|(year, stood)| {
        let here = stood.iter().filter(|one| one.level == level);
        NamedRung { level: rung(&level), year: *year, schools: here.map(|one| line(one.org)).collect() }
    });
    let column = |year: &i32| [key(*year), format!("{year}年"), "num".to_owned()];
    let tier = ["tier".to_owned(), "层次".to_owned(), String::new()];
    let columns = std::iter::once(tier).chain(years.iter().map(column)).collect();
    let view = View { around: list.around(), columns, rungs, opened };
    let lead = "每年年末（本年为今天）对口县级院校各在哪一层次。层次变动从登记之日起算，批准升格的从批准之日起算，以前的年份不改；点数字看是哪些学校。";
    let page = Page::new("梯次结构", lead).clause("G3.1").clause("T2.3").clause("G0.3").kind("overview");
    Reply::view("standing/standards/ladder.html", page, &view)
}

fn line(org: &OrgRow) -> SchoolLine {
    SchoolLine {
        school: Link::new(format!("/attainment/{}/gaps", org.id), org.name.clone()),
        city: org.city.clone().unwrap_or_default(),
        place: org.place.clone(),
        typical_class: org.typical_class.clone(),
    }
}
