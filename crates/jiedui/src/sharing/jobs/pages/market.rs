//! Supply and demand by county and major category: the graduates of a year and the posts that are open, and what of the one
//! finds nothing of the other. In the order of places, never of numbers.

use super::served::{self, ServedView};
use super::{ANY, address, gap, graduates_told, major_choices, major_word, persons, year_choices};
use crate::evidence::majors;
use crate::network::registry::{city_choices, city_of};
use crate::shared::choices::task_of;
use crate::sharing::jobs::actions::market::{MarketLine, day_of};
use crate::sharing::jobs::actions::{self, market};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::{JobRules, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use jiedui_web::sorting::Orders;
use serde::Serialize;

#[derive(Serialize)]
struct LineView {
    place: String,
    major: String,
    graduates: Figure,
    wanted: Figure,
    posts: Figure,
    more_posts: Figure,
    more_graduates: Figure,
}

#[derive(Serialize)]
struct MarketView {
    #[serde(flatten)]
    list: Listed<LineView>,
    about: String,
    our_reading: bool,
    smallest: Figure,
    /// Services on campus and incubators, by county.
    served: Option<ServedView>,
    /// What of the same task is recorded elsewhere.
    beside: Vec<Link>,
    has_system: bool,
    can_record: bool,
    can_trace: bool,
}

fn view(rules: &JobRules, year: i32, asked: &str, line: MarketLine) -> LineView {
    let smallest = rules.smallest_cell;
    let major = if line.major.is_empty() { ANY } else { &line.major };
    // An address says a year only where another than the newest is asked for.
    let posts =
        address("/employment/posts", &[("county", &line.division), ("major", major), ("year", asked)]);
    let year = year.to_string();
    let supply = address(
        "/employment/cohorts",
        &[("county", &line.division), ("major", &line.major), ("year", &year)],
    );
    let majors = address("/majors", &[("city", &city_of(&line.division))]);
    let (more_posts, more_graduates) = line.gaps(smallest);
    LineView {
        graduates: graduates_told((line.graduates, line.kept_back), smallest, &supply),
        wanted: persons(line.wanted, &majors, "产业一年用工"),
        posts: persons(Reported::Value(line.persons), &posts, "岗位招的人数"),
        more_posts: gap(more_posts, &posts, "没有对口毕业生的岗位"),
        more_graduates: gap(more_graduates, &supply, "没有对口岗位的毕业生"),
        place: line.place,
        major: major_word(&line.major).to_owned(),
    }
}

/// What else of the same tasks is counted stands where it is recorded.
fn beside(programme: &Programme, rules: &JobRules) -> Vec<Link> {
    let tasks = rules.clauses.iter().map(|clause| task_of(clause)).filter(|task| !task.is_empty());
    let tasks: Vec<&str> = tasks.collect();
    let ours = programme.indicators.iter().filter(|one| tasks.contains(&task_of(&one.clause)));
    ours.map(|one| Link::new(format!("/indicators/{}", one.id), one.name.as_str())).collect()
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let rules = actions::rules_of(&programme)?;
    let mut list = Listing::at("/employment", Unit::Items, &ctx.query);
    let asked = list.year_or("最近一年", "年度", year_choices(ctx));
    let year = asked.unwrap_or_else(|| majors::asked_year(today, &programme));
    let city = list.choice("city", "所在市", city_choices(&mut ctx.tx).await?);
    let county = list.choice("county", "所在县", actions::county_choices(&mut ctx.tx).await?);
    let any = Choice::new(ANY, super::ANY_MAJOR);
    let major = list.choice("major", "专业大类", [major_choices(&programme), vec![any]].concat());
    // Posts are those of today, unless another year is asked for.
    let day = asked.map_or(today, |year| day_of(year, today));
    let lines = market::lines(&mut ctx.tx, &programme, (year, day)).await?;
    let fits = |line: &MarketLine| {
        (city.is_empty() || city_of(&line.division) == city)
            && (county.is_empty() || line.division == county)
            && (major.is_empty() || line.major == major || (major == ANY && line.major.is_empty()))
    };
    let orders = Orders {
        by: &[
            ("place", |line: &MarketLine| Some(line.division.as_str().into())),
            ("major", |line| Some(line.major.as_str().into())),
        ],
        unsorted: &["graduates", "wanted", "posts", "more_posts", "more_graduates"],
    };
    let asked = asked.map(|year| year.to_string()).unwrap_or_default();
    let served = served::view(ctx, rules, (year, &city, &county)).await?;
    let fitting = lines.into_iter().filter(fits).collect();
    let view = MarketView {
        list: list.arrange(fitting, &orders).map(|line| view(rules, year, &asked, line)),
        about: rules.about.clone(),
        our_reading: rules.our_reading,
        smallest: persons(Reported::Value(rules.smallest_cell), "/employment", "少于多少人不单列"),
        served,
        beside: if ctx.can("indicator", "read") { beside(&programme, rules) } else { Vec::new() },
        has_system: rules.system.is_some(),
        can_record: ctx.can("employment", "record"),
        can_trace: ctx.can("employment", "trace"),
    };
    let lead = "岗位和毕业生按县、按专业大类放在一起，看哪里缺人、哪里缺岗位。每个数都能点开；不排名次。";
    let page = Page::new("就业", lead).clauses(&rules.clauses).kind("list");
    Reply::view("sharing/jobs/market.html", page, &view)
}
