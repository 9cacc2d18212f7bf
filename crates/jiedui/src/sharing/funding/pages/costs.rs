//! What a pupil costs in a county, a city and the province, beside what came of it (S2.1): of the schools of which both the money
//! and the pupils are known, and of how many how many these are. In the order of places, never of numbers.

use super::{Query, school_link, source_name, year_choices};
use crate::evidence::profiles;
use crate::shared::contributions::OrgLocation;
use crate::sharing::funding::actions;
use crate::sharing::funding::rules::cost::{CostSum, SchoolCost};
use crate::standing::indicators::{self, Facts, Slice};
use chrono::Datelike as _;
use jiedui_kernel::{Actor, Reported, Result, Unit};
use jiedui_programme::{Indicator, ProfileState, Programme, with_derived};
use jiedui_store::Tx;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::listing::{Around, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

const ADDRESS: &str = "/funding/costs";

#[derive(Serialize)]
struct CostsView {
    #[serde(flatten)]
    around: Around,
    columns: Vec<[String; 3]>,
    rows: Vec<CostLine>,
    total: CostLine,
    year: String,
    sources: String,
    element: String,
    /// What stands beside it, in words; "" where the programme names nothing.
    beside: String,
    our_reading: bool,
}

/// A part of the province, a school, or all of it.
#[derive(Serialize)]
struct CostLine {
    part: Link,
    told: Figure,
    schools: Figure,
    paid: Figure,
    pupils: Figure,
    each: Figure,
    beside: Vec<Cell>,
}

/// A figure of what came of it, under the key of its column.
#[derive(Serialize)]
struct Cell {
    key: String,
    figure: Figure,
}

/// What a row is, from the widest to the narrowest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    City,
    County,
    School,
}

impl Level {
    /// What the caller sees whole: first what is shown unless another is asked for.
    fn offered(caller: &Actor) -> (Self, &'static [Self]) {
        if caller.has_role("county_school") {
            (Self::School, &[])
        } else if caller.has_role("county") {
            (Self::County, &[Self::School])
        } else {
            (Self::City, &[Self::County, Self::School])
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::County => "county",
            Self::School => "school",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::City => "市",
            Self::County => "县（市、区）",
            Self::School => "院校",
        }
    }

    /// The id and the name of the one in which a school stands, or its own.
    fn of(self, place: &OrgLocation) -> (&str, &str) {
        match self {
            Self::City => (place.city_code.as_str(), place.city.as_str()),
            Self::County => (place.county_code.as_str(), place.county.as_str()),
            Self::School => (place.id.as_str(), place.name.as_str()),
        }
    }

    /// What indicators are asked for there.
    fn slice(self, place: &OrgLocation, year: i32) -> Slice {
        let whole = Slice::year(year);
        match self {
            Self::City => Slice { city: place.city.clone(), ..whole },
            Self::County => Slice { county: place.county_code.clone(), ..whole },
            Self::School => Slice { school: place.id.clone(), ..whole },
        }
    }
}

/// One row: where it stands, and its schools together.
struct Part<'f> {
    place: &'f OrgLocation,
    sum: CostSum,
}

/// What each row is made of beside its own.
struct Shown<'s> {
    programme: &'s Programme,
    facts: &'s Facts,
    beside: &'s [&'s Indicator],
    /// The year, the city and the county that were asked for.
    query: &'s Query,
    year: i32,
    /// What no row reaches beyond: of a city where one of its counties was asked for, that county is told.
    within: Level,
    /// Whether rows lead to the schools behind them.
    opens: bool,
}

/// The newest year of which a profile was accepted, as the page of a school takes it; last year where there is none.
async fn newest(tx: &mut Tx) -> Result<i32> {
    let now = tx.today().year();
    let known = profiles::accepted_by_year(tx).await?;
    Ok(known.into_keys().filter(|year| *year <= now).max().unwrap_or(now - 1))
}

/// The county schools of a year, place by place.
async fn schools<'f>(
    tx: &mut Tx,
    programme: &Programme,
    facts: &'f Facts,
    whole: &'f Slice,
) -> Result<Vec<(&'f OrgLocation, SchoolCost)>> {
    let rules = &actions::rules_of(programme)?.cost_per_pupil;
    let paid = actions::paid_for_pupils(tx, rules, whole.year).await?;
    let mut pupils: HashMap<String, Reported<i64>> = HashMap::new();
    for fact in profiles::facts_of_year(tx, whole.year).await? {
        let told = with_derived(programme, &fact.values).get(&rules.element).copied();
        if let Some(number) = told.filter(|_| fact.state == ProfileState::Accepted) {
            pupils.insert(fact.school, number);
        }
    }
    let of = |place: &OrgLocation| SchoolCost {
        paid: paid.get(&place.id).copied().unwrap_or(0),
        pupils: pupils.get(&place.id).copied().unwrap_or(Reported::NotReported),
    };
    let mut found: Vec<_> = facts.schools_of(whole).map(|place| (place, of(place))).collect();
    found.sort_by(|one, other| one.0.county_code.cmp(&other.0.county_code));
    Ok(found)
}

fn choices(schools: &[(&OrgLocation, SchoolCost)], level: Level) -> Vec<Choice> {
    let places: BTreeMap<&str, &str> = schools.iter().map(|(place, _)| level.of(place)).collect();
    places.into_iter().map(|(code, name)| Choice::new(code, name)).collect()
}

/// Schools of one part stand beside each other.
fn parts<'f>(schools: &[(&'f OrgLocation, SchoolCost)], level: Level) -> Vec<Part<'f>> {
    let mut found: Vec<Part<'f>> = Vec::new();
    for &(place, cost) in schools {
        match found.last_mut() {
            Some(part) if level.of(part.place).0 == level.of(place).0 => part.sum.add(cost),
            _ => {
                let mut part = Part { place, sum: CostSum::default() };
                part.sum.add(cost);
                found.push(part);
            }
        }
    }
    found
}

fn columns(level: Level, beside: &[&Indicator]) -> Vec<[String; 3]> {
    let fixed = [
        ["part", level.label(), ""],
        ["told", "两项都有的学校", "num"],
        ["paid", "支出", "num"],
        ["pupils", "人数", "num"],
        ["each", "每人", "num"],
    ];
    let more = beside.iter().enumerate().map(|(at, of)| [key(at), of.name.clone(), "num".to_owned()]);
    fixed.into_iter().map(|one| one.map(str::to_owned)).chain(more).collect()
}

fn key(at: usize) -> String {
    format!("i{at}")
}

impl Shown<'_> {
    /// The schools behind a part, or all that were asked for.
    fn behind(&self, part: Option<(Level, &str)>) -> String {
        let query = match part {
            Some((level @ (Level::City | Level::County), code)) => self.query.with(level.id(), code),
            _ => self.query.clone(),
        };
        let query = if self.opens { query.with("by", Level::School.id()) } else { query };
        query.at(ADDRESS, &["year", "by", "city", "county"])
    }

    fn line(&self, part: Link, opens: [&str; 2], (sum, slice): (CostSum, &Slice)) -> CostLine {
        let [paid, pupils] = opens;
        let count = |number: i64, label: &str| {
            Figure::of(Reported::Value(number), Unit::Schools, part.href.as_str(), label)
        };
        let beside = self.beside.iter().enumerate().map(|(at, of)| {
            let reading = self.facts.reading(self.programme, of, slice);
            Cell { key: key(at), figure: indicators::pair(of, &reading, slice).1 }
        });
        CostLine {
            told: count(sum.told, "支出和人数都有的学校"),
            schools: count(sum.schools, "范围内的县级院校"),
            paid: Figure::of(sum.paid(), Unit::Yuan, paid, "这些学校的支出（确认）"),
            pupils: Figure::of(sum.pupils(), Unit::Persons, pupils, "这些学校的人数"),
            each: Figure::of(sum.each(), Unit::Yuan, paid, "培养成本"),
            beside: beside.collect(),
            part,
        }
    }

    fn row(&self, level: Level, part: &Part<'_>, element: &str) -> CostLine {
        let (code, name) = level.of(part.place);
        let slice = level.max(self.within).slice(part.place, self.year);
        let of = (part.sum, &slice);
        if level == Level::School {
            let moves = Query::default().with("school", code).with("year", &self.year.to_string());
            let pupils = format!("/profiles/{code}/elements/{element}");
            return self.line(school_link(code, name), [&moves.moves("paid"), &pupils], of);
        }
        let behind = self.behind(Some((level, code)));
        self.line(Link::new(behind.as_str(), name), [&behind, &behind], of)
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let all = actions::rules_of(&programme)?;
    let rules = &all.cost_per_pupil;
    let mut list = Listing::at(ADDRESS, Unit::Items, &ctx.query);
    let year = match list.year_or("最近一年", "年度", year_choices(ctx)) {
        Some(year) => year,
        None => newest(&mut ctx.tx).await?,
    };
    let (first, others) = Level::offered(&ctx.actor);
    let others = others.iter().map(|level| (*level, level.id(), level.label()));
    let level = list.one_of_or(first.label(), "by", "分开看", others).unwrap_or(first);
    let may = ctx.can("indicator", "read");
    let beside = rules.beside.iter().filter(|_| may).filter_map(|id| programme.indicator(id));
    let beside: Vec<&Indicator> = beside.collect();
    let facts = Facts::about(&mut ctx.tx, &programme, &beside, None).await?;
    let whole = Slice::year(year);
    let mut schools = schools(&mut ctx.tx, &programme, &facts, &whole).await?;
    let city = list.choice("city", "所在市", choices(&schools, Level::City));
    let county = list.choice("county", "所在县", choices(&schools, Level::County));
    schools.retain(|(place, _)| {
        (city.is_empty() || place.city_code == city) && (county.is_empty() || place.county_code == county)
    });
    let query = Query::default().with("year", &year.to_string()).with("city", &city).with("county", &county);
    let opens = first != Level::School;
    let within = if county.is_empty() { Level::City } else { Level::County };
    let shown =
        Shown { programme: &programme, facts: &facts, beside: &beside, query: &query, year, within, opens };
    let mut sum = CostSum::default();
    schools.iter().for_each(|(_, cost)| sum.add(*cost));
    let narrowed = match schools.first() {
        Some((place, _)) if !(city.is_empty() && county.is_empty()) => within.slice(place, year),
        _ => whole.clone(),
    };
    let everything = shown.behind(None);
    let view = CostsView {
        around: list.around(),
        columns: columns(level, &beside),
        rows: parts(&schools, level).iter().map(|part| shown.row(level, part, &rules.element)).collect(),
        total: shown.line(
            Link::new(everything.as_str(), "合计"),
            [&everything, &everything],
            (sum, &narrowed),
        ),
        year: year.to_string(),
        sources: rules.sources.iter().map(|id| source_name(all, id)).collect::<Vec<_>>().join("、"),
        element: programme.element(&rules.element).map_or_else(String::new, |one| one.name.clone()),
        beside: beside.iter().map(|of| of.name.as_str()).collect::<Vec<_>>().join("、"),
        our_reading: all.our_reading,
    };
    let lead =
        "每名学生一年的支出，按市、按县和全部范围合计，旁边是同一范围的培养质量。按区划排列，不排名次。";
    let page = Page::new("培养成本", lead).clauses(&all.clauses).back("/funding", "返回经费").kind("list");
    Reply::view("sharing/funding/costs.html", page, &view)
}
