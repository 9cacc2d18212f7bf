//! The list of year-profiles: for a school its own years, for everybody else the schools within reach in one year.

use super::data::{self, ProfileRow};
use super::rules;
use crate::http::cx::Cx;
use crate::http::figure::{Figure, PAGE_SIZE, Pager, StateMark};
use crate::http::form::Pairs;
use crate::http::reply::{Choice, Filter, Page, Reply};
use crate::registry::{self, OrgRow, city_choices, fits_typical, typical_choices};
use jiedui_kernel::{Known, Result, Unit};
use jiedui_store::args;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct Line {
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
    /// "" where nothing is to be done by the one who looks.
    act: &'static str,
}

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    year: i32,
    stats: Vec<Stat>,
    rows: Vec<Line>,
    pager: Pager,
    can_import: bool,
    book: String,
}

#[derive(Serialize)]
struct Stat {
    name: &'static str,
    figure: Figure,
}

fn line(cx: &Cx, org: &OrgRow, year: i32, row: Option<&ProfileRow>) -> Line {
    let bureau = org.parent.as_deref().unwrap_or_default();
    let may = rules::may(&cx.who.org, &org.id, bureau, row);
    let base = format!("/profiles/{}/{year}", org.id);
    let (act, href) = match () {
        () if may.edit && cx.can("profile", "edit") => ("填报", format!("{base}/edit")),
        () if may.answer && cx.can("profile", "accept") => ("核对接收", base),
        () => ("查看", base),
    };
    let day = |day: jiedui_kernel::Date| day.to_string();
    Line {
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

pub async fn list(cx: &mut Cx) -> Result<Reply> {
    if cx.can("profile", "edit") { own_list(cx).await } else { wide_list(cx).await }
}

/// County schools within reach, in the order of names.
pub async fn county_schools(cx: &mut Cx) -> Result<Vec<OrgRow>> {
    let schools = registry::schools(&mut cx.tx).await?;
    Ok(schools.into_iter().filter(|org| org.county_school && org.ended_on.is_none()).collect())
}

/// Whether a school fits the filters that all lists of county schools have.
pub fn fits(query: &Pairs, org: &OrgRow) -> bool {
    let get = |name: &str| query.get(name);
    org.name.contains(get("q"))
        && (get("city").is_empty() || city_of(&org.division) == get("city"))
        && fits_typical(get("typical"), !org.typical_class.is_empty())
}

/// The city of a division: its first four digits.
fn city_of(division: &str) -> String {
    format!("{}00", division.get(..4).unwrap_or_default())
}

fn year_of(cx: &Cx) -> i32 {
    let programme = cx.programme();
    let years = rules::years(&programme, cx.today);
    let asked = cx.query.get("year").parse().ok().filter(|year| years.contains(year));
    asked.unwrap_or_else(|| rules::open_year(&programme, cx.today))
}

async fn wide_list(cx: &mut Cx) -> Result<Reply> {
    let (query, programme) = (cx.query.clone(), cx.programme());
    let year = year_of(cx);
    let schools = county_schools(cx).await?;
    let rows = cx.tx.all::<ProfileRow>(&data::OF_YEAR, args![i64::from(year)]).await?;
    let rows: HashMap<&str, &ProfileRow> = rows.iter().map(|row| (row.org.as_str(), row)).collect();
    let row = |org: &OrgRow| rows.get(org.id.as_str()).copied();
    // Before the first day that is due there is nothing to list.
    let due = year >= rules::first_year(&programme);
    let fitting: Vec<&OrgRow> = schools.iter().filter(|org| due && fits(&query, org)).collect();
    let stats = rules::STATES.map(|(key, name)| {
        let count = fitting.iter().filter(|org| rules::state_key(row(org)) == key).count();
        let href = format!("/profiles?{}", query.with("state", key));
        Stat { name, figure: Figure::of(Known::Value(count as i64), Unit::Schools, href, name) }
    });
    let state = query.get("state");
    let lines: Vec<&OrgRow> =
        fitting.into_iter().filter(|org| state.is_empty() || rules::state_key(row(org)) == state).collect();
    let pager = Pager::new("/profiles", &query, lines.len() as i64, Unit::Schools);
    let skip = usize::try_from(pager.offset()).unwrap_or(0);
    let shown = lines.into_iter().skip(skip).take(PAGE_SIZE as usize);
    let years = rules::years(&programme, cx.today);
    let years = years.iter().map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect();
    let cities = city_choices(&mut cx.tx).await?;
    let view = ListView {
        rows: shown.map(|org| line(cx, org, year, row(org))).collect(),
        filters: vec![
            Filter::text("q", "学校名称", query.get("q")),
            Filter::select("year", "年度", &year.to_string(), years).blank("最近一年"),
            Filter::select("city", "所在市", query.get("city"), cities),
            Filter::select("typical", "典型县", query.get("typical"), typical_choices()),
            Filter::select(
                "state",
                "状态",
                state,
                rules::STATES.map(|(id, name)| Choice::new(id, name)).to_vec(),
            ),
        ],
        year,
        stats: stats.into(),
        pager,
        can_import: cx.can("profile", "import"),
        book: format!("/profiles/book?year={year}"),
    };
    let lead = "县级院校每年报一次，主管人社局接收后定稿；达标情况和招生、就业等指标都从这里算。";
    let page = Page::new("年度基本情况", lead).clause("T1.1").clause("G0.3").kind("list");
    Reply::view("profiles/list.html", page, &view)
}

#[derive(Serialize)]
struct OwnView {
    rows: Vec<Line>,
    book: String,
    can_import: bool,
    standing: String,
}

/// A school's own years, newest first.
async fn own_list(cx: &mut Cx) -> Result<Reply> {
    let (id, programme) = (cx.who.org.clone(), cx.programme());
    let org = registry::find(&mut cx.tx, &id).await?;
    let rows = cx.tx.all::<ProfileRow>(&data::OF_SCHOOL, args![&id]).await?;
    let of = |year: i32| rows.iter().find(|row| row.year == i64::from(year));
    let years = rules::years(&programme, cx.today);
    let years = years.into_iter().filter(|year| org.county_school || of(*year).is_some());
    let view = OwnView {
        rows: years.map(|year| line(cx, &org, year, of(year))).collect(),
        book: format!("/profiles/book?year={}", rules::open_year(&programme, cx.today)),
        can_import: cx.can("profile", "import") && org.county_school,
        standing: format!("/attainment/{id}/gaps"),
    };
    let lead = "每年报一次，先带出上年的数；没有变化的一年，点一下就提交。";
    let page = Page::new("本校的年度基本情况", lead).clause("T1.1").kind("list");
    Reply::view("profiles/own.html", page, &view)
}
