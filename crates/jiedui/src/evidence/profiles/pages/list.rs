//! The list of year-profiles: for a school its own years, for everybody else the schools visible to the caller in one year.

use crate::evidence::profiles::data::{self, ProfileRow};
use crate::evidence::profiles::rules::{self, Profile};
use crate::network::registry::{self, OrgRow, SchoolFilter, city_choices};
use crate::shared::review::{Action, Caller, Loaded, State as _};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{self, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use jiedui_web::sorting::{Key, Orders};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

#[derive(Serialize)]
struct ProfileLine {
    school: String,
    city: String,
    place: String,
    typical_class: String,
    level: String,
    year: i32,
    href: String,
    state: StateMark,
    submitted_on: Option<String>,
    accepted_on: Option<String>,
    /// "" where nothing is to be done by the caller.
    act: &'static str,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: listing::Listed<ProfileLine>,
    year: i32,
    stats: Vec<Stat>,
    can_import: bool,
    book: String,
}

#[derive(Serialize)]
struct Stat {
    name: &'static str,
    figure: Figure,
}

fn line(ctx: &RequestContext, org: &OrgRow, year: i32, row: Option<&ProfileRow>) -> ProfileLine {
    let profile = Profile {
        school: org.id.clone(),
        bureau: org.parent.clone().unwrap_or_default(),
        expected: org.county_school,
        row: row.cloned(),
    };
    let programme = ctx.programme();
    let caller = Caller { actor: &ctx.actor, programme: &programme, today: ctx.today };
    let may = Loaded::new(profile, Vec::new(), caller).offered(ctx);
    let base = format!("/profiles/{}/{year}", org.id);
    let (act, href) = match () {
        () if may.can(Action::Edit) => ("填报", format!("{base}/edit")),
        () if may.can(Action::Accept) => ("核对接收", base),
        () => ("查看", base),
    };
    let day = |day: jiedui_kernel::Date| day.to_string();
    ProfileLine {
        school: org.name.clone(),
        city: org.city.clone().unwrap_or_default(),
        place: org.place.clone(),
        typical_class: org.typical_class.clone(),
        level: org.level.clone(),
        year,
        href,
        state: rules::state(row),
        submitted_on: row.and_then(|row| row.submitted_on).map(day),
        accepted_on: row.and_then(|row| row.accepted_on).map(day),
        act,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    if ctx.can("profile", "edit") { own_list(ctx).await } else { wide_list(ctx).await }
}

/// The county schools of a year visible to the caller, in the order of names: those that were one on the day for which its
/// profiles speak, and those that handed one in.
pub async fn county_schools(ctx: &mut RequestContext, year: i32) -> Result<Vec<OrgRow>> {
    let day = rules::as_of(&ctx.programme(), year).min(ctx.today);
    let population = registry::population(&mut ctx.tx).await?;
    let told = ctx.tx.all::<ProfileRow>(&data::OF_YEAR, args![i64::from(year)]).await?;
    let told: HashSet<String> = told.into_iter().map(|row| row.org).collect();
    let schools = registry::schools(&mut ctx.tx).await?;
    Ok(schools.into_iter().filter(|org| population.holds(&org.id, day) || told.contains(&org.id)).collect())
}

/// Where the state of a profile stands among all that the list knows.
fn place(row: Option<&ProfileRow>) -> Option<i64> {
    let listed = rules::listed(row);
    rules::LISTED.iter().position(|(one, _)| *one == listed).map(|at| at as i64)
}

async fn wide_list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let cities = city_choices(&mut ctx.tx).await?;
    let years = rules::years(&programme, ctx.today);
    let years = years.iter().map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect();
    let states = rules::LISTED.map(|(listed, name)| (listed, listed.text(), name));
    let mut list = Listing::at("/profiles", Unit::Schools, &ctx.query);
    let year = list.year_or("最近一年", "年度", years);
    let year = year.unwrap_or_else(|| rules::open_year(&programme, ctx.today));
    let filter = SchoolFilter::read(&mut list, cities);
    let state = list.one_of("state", "状态", states);
    let schools = county_schools(ctx, year).await?;
    let rows = ctx.tx.all::<ProfileRow>(&data::OF_YEAR, args![i64::from(year)]).await?;
    let rows: HashMap<&str, &ProfileRow> = rows.iter().map(|row| (row.org.as_str(), row)).collect();
    let row = |org: &OrgRow| rows.get(org.id.as_str()).copied();
    // Before the first day that is due there is nothing to list.
    let due = year >= rules::first_year(&programme);
    let fitting: Vec<&OrgRow> = schools.iter().filter(|org| due && filter.fits(org)).collect();
    let stats = rules::LISTED.map(|(listed, name)| {
        let count = fitting.iter().filter(|org| rules::listed(row(org)) == listed).count();
        let href = format!("/profiles?{}", ctx.query.with("state", listed.text()));
        Stat { name, figure: Figure::of(Reported::Value(count as i64), Unit::Schools, href, name) }
    });
    let lines = fitting.into_iter().map(|org| (org, row(org)));
    let asked = lines.filter(|(_, row)| state.is_none_or(|state| state == rules::listed(*row))).collect();
    let orders = Orders {
        by: &[
            ("county_school", |(org, _): &(&OrgRow, Option<&ProfileRow>)| Some(org.sort_key.as_str().into())),
            ("place", |(org, _)| Some(org.division.as_str().into())),
            ("typical", |(org, _)| Key::unless_empty(&org.typical_class)),
            ("tier", |(org, _)| Key::unless_empty(&org.level)),
            ("state", |(_, row)| place(*row).map(Key::from)),
            ("submitted", |(_, row)| row.and_then(|row| row.submitted_on).map(Key::from)),
            ("accepted", |(_, row)| row.and_then(|row| row.accepted_on).map(Key::from)),
        ],
        unsorted: &["year", "acts"],
    };
    let view = ListView {
        list: list.arrange(asked, &orders).map(|(org, row)| line(ctx, org, year, row)),
        year,
        stats: stats.into(),
        can_import: ctx.can("profile", "import"),
        book: format!("/profiles/book?year={year}"),
    };
    let lead = "县级院校每年报一次，主管人社局接收后定稿；达标情况和招生、就业等指标都从这里算。";
    let page = Page::new("年度基本情况", lead).clause("T1.1").clause("G0.3").kind("list");
    Reply::view("evidence/profiles/list.html", page, &view)
}

#[derive(Serialize)]
struct OwnView {
    rows: Vec<ProfileLine>,
    book: String,
    can_import: bool,
    standing: String,
}

/// A school's own years, newest first.
async fn own_list(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, programme) = (ctx.actor.org.clone(), ctx.programme());
    let org = registry::find(&mut ctx.tx, &id).await?;
    let rows = ctx.tx.all::<ProfileRow>(&data::OF_SCHOOL, args![&id]).await?;
    let of = |year: i32| rows.iter().find(|row| row.year == i64::from(year));
    let years = rules::years(&programme, ctx.today);
    let years = years.into_iter().filter(|year| org.county_school || of(*year).is_some());
    let view = OwnView {
        rows: years.map(|year| line(ctx, &org, year, of(year))).collect(),
        book: format!("/profiles/book?year={}", rules::open_year(&programme, ctx.today)),
        can_import: ctx.can("profile", "import") && org.county_school,
        standing: format!("/attainment/{id}/gaps"),
    };
    let lead = "每年报一次，先带出上年的数；没有变化的一年，点一下就提交。";
    let page = Page::new("本校的年度基本情况", lead).clause("T1.1").kind("list");
    Reply::view("evidence/profiles/own.html", page, &view)
}
