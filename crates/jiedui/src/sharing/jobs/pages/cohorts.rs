//! The graduates of a year behind the figures: by school and major category, as the schools told them with their majors; and
//! which school has told where they went.

use super::{graduates_told, major_choices, occupation_choices, year_choices};
use crate::evidence::majors;
use crate::network::registry::{city_choices, city_of};
use crate::sharing::jobs::actions::market::Supply;
use crate::sharing::jobs::actions::{self, cohorts, market, occupations};
use jiedui_kernel::{Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use jiedui_web::sorting::Orders;
use serde::Serialize;

#[derive(Serialize)]
struct SupplyLine {
    school: Link,
    place: String,
    major: String,
    graduates: Figure,
    told: StateMark,
}

#[derive(Serialize)]
struct CohortsView {
    #[serde(flatten)]
    list: Listed<SupplyLine>,
    can_trace: bool,
}

fn line(one: Supply, told: bool, year: i32, smallest: i64) -> SupplyLine {
    let mark = if told {
        StateMark::new("done", "已填去向", "●")
    } else {
        StateMark::new("pending", "还没有填去向", "○")
    };
    let href = format!("/majors/{}", one.school);
    SupplyLine {
        graduates: graduates_told((one.graduates, one.kept_back), smallest, &href),
        school: Link::new(format!("/employment/cohorts/{}?year={year}", one.school), one.name),
        place: one.place,
        major: one.major,
        told: mark,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let mut list = Listing::at("/employment/cohorts", Unit::Items, &ctx.query);
    let newest = majors::asked_year(ctx.today, &programme);
    let year = list.year_or("最近一年", "年度", year_choices(ctx)).unwrap_or(newest);
    let city = list.choice("city", "所在市", city_choices(&mut ctx.tx).await?);
    let county = list.choice("county", "所在县", actions::county_choices(&mut ctx.tx).await?);
    let major = list.choice("major", "专业大类", major_choices(&programme));
    // With one, a line is of those of its majors that lead there.
    let occupation = list.choice_or("不分", "occupation", "岗位类别", occupation_choices(rules));
    let told = cohorts::told_in(&mut ctx.tx, year).await?;
    let mut found = if occupation.is_empty() {
        market::supply(&mut ctx.tx, year).await?
    } else {
        let parts = occupations::parts(&mut ctx.tx, rules, year).await?;
        parts.into_iter().filter(|part| part.occupation == occupation).map(|part| part.supply).collect()
    };
    found.retain(|one| {
        (city.is_empty() || city_of(&one.division) == city)
            && (county.is_empty() || one.division == county)
            && (major.is_empty() || one.major == major)
    });
    found.sort_by(|one, other| (&one.division, &one.name).cmp(&(&other.division, &other.name)));
    let orders = Orders {
        by: &[
            ("school", |one: &Supply| Some(one.name.as_str().into())),
            ("place", |one| Some(one.division.as_str().into())),
            ("major", |one| Some(one.major.as_str().into())),
        ],
        unsorted: &["graduates", "told"],
    };
    let smallest = rules.smallest_cell;
    let of_school = |one: Supply| {
        let has = told.contains(&one.school);
        line(one, has, year, smallest)
    };
    let view = CohortsView {
        list: list.arrange(found, &orders).map(of_school),
        can_trace: ctx.can("employment", "trace"),
    };
    let lead = "毕业生人数取自各校专业年度数字，这里不再填；去了哪里由学校按专业大类填合计数。";
    let page = Page::new("毕业生", lead).clauses(&rules.clauses).back("/employment", "返回就业").kind("list");
    Reply::view("sharing/jobs/cohorts.html", page, &view)
}
