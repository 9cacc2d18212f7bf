//! Supply and demand by county and occupation: the posts that are open, and the graduates of the majors that lead to them. In the
//! order of places, never of numbers.

use super::{address, gap, graduates_told, occupation_choices, occupation_word, persons, year_choices};
use crate::evidence::majors;
use crate::network::registry::{city_choices, city_of};
use crate::sharing::jobs::actions;
use crate::sharing::jobs::actions::market::day_of;
use crate::sharing::jobs::actions::occupations::{self, OccupationLine};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::JobRules;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use jiedui_web::sorting::Orders;
use serde::Serialize;

const ADDRESS: &str = "/employment/occupations";

#[derive(Serialize)]
struct LineView {
    place: String,
    occupation: String,
    graduates: Figure,
    posts: Figure,
    persons: Figure,
    more_posts: Figure,
    more_graduates: Figure,
}

#[derive(Serialize)]
struct OccupationsView {
    #[serde(flatten)]
    list: Listed<LineView>,
    groups: Vec<Group>,
    our_reading: bool,
    smallest: Figure,
}

/// An occupation with what leads to it.
#[derive(Serialize)]
struct Group {
    name: String,
    majors: String,
}

fn groups(rules: &JobRules) -> Vec<Group> {
    let group = |one: &jiedui_programme::Occupation| {
        let all: Vec<&str> = one.categories.iter().chain(&one.majors).map(String::as_str).collect();
        Group { name: one.name.clone(), majors: all.join("、") }
    };
    rules.occupations.iter().map(group).collect()
}

fn view(rules: &JobRules, year: i32, asked: &str, line: OccupationLine) -> LineView {
    let (smallest, county) = (rules.smallest_cell, line.division.as_str());
    let of = [("county", county), ("occupation", line.occupation.as_str())];
    let year = year.to_string();
    // An address says a year only where another than the newest is asked for.
    let posts = address("/employment/posts", &[of[0], of[1], ("year", asked)]);
    let supply = address("/employment/cohorts", &[of[0], of[1], ("year", &year)]);
    let (more_posts, more_graduates) = line.gaps(smallest);
    LineView {
        graduates: graduates_told((line.graduates, line.kept_back), smallest, &supply),
        posts: Figure::of(Reported::Value(line.posts), Unit::Items, &posts, "岗位"),
        persons: persons(Reported::Value(line.persons), &posts, "岗位招的人数"),
        more_posts: gap(more_posts, &posts, "没有对口毕业生的岗位"),
        more_graduates: gap(more_graduates, &supply, "没有对口岗位的毕业生"),
        occupation: if line.occupation.is_empty() {
            "没有归类的".to_owned()
        } else {
            occupation_word(rules, &line.occupation)
        },
        place: line.place,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let rules = actions::rules_of(&programme)?;
    let mut list = Listing::at(ADDRESS, Unit::Items, &ctx.query);
    let asked = list.year_or("最近一年", "年度", year_choices(ctx));
    let year = asked.unwrap_or_else(|| majors::asked_year(today, &programme));
    let city = list.choice("city", "所在市", city_choices(&mut ctx.tx).await?);
    let county = list.choice("county", "所在县", actions::county_choices(&mut ctx.tx).await?);
    let occupation = list.choice("occupation", "岗位类别", occupation_choices(rules));
    // Posts are those of today, unless another year is asked for.
    let day = asked.map_or(today, |year| day_of(year, today));
    let mut lines = occupations::lines(&mut ctx.tx, rules, (year, day)).await?;
    lines.retain(|line| {
        (city.is_empty() || city_of(&line.division) == city)
            && (county.is_empty() || line.division == county)
            && (occupation.is_empty() || line.occupation == occupation)
    });
    let orders = Orders {
        by: &[
            ("place", |line: &OccupationLine| Some(line.division.as_str().into())),
            ("occupation", |line| Some(line.occupation.as_str().into())),
        ],
        unsorted: &["graduates", "posts", "persons", "more_posts", "more_graduates"],
    };
    let asked = asked.map(|year| year.to_string()).unwrap_or_default();
    let view = OccupationsView {
        list: list.arrange(lines, &orders).map(|line| view(rules, year, &asked, line)),
        groups: groups(rules),
        our_reading: rules.our_reading,
        smallest: persons(Reported::Value(rules.smallest_cell), ADDRESS, "少于多少人不单列"),
    };
    let lead = "岗位和能做这类工作的专业的毕业生，按县、按岗位类别放在一起看。每个数都能点开；不排名次。";
    let page =
        Page::new("岗位类别供需", lead).clauses(&rules.clauses).back("/employment", "返回就业").kind("list");
    Reply::view("sharing/jobs/occupations.html", page, &view)
}
