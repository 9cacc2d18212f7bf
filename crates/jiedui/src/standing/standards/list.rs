//! How the county schools visible to the caller stand to the standards of their levels.

use super::rules;
use crate::evidence::profiles;
use crate::network::registry::{self, OrgRow, city_choices, typical_choices};
use jiedui_kernel::{Known, Result, Unit};
use jiedui_programme::{Attainment, Programme, Standard, Values, attainment};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, PAGE_SIZE, Pager, StateMark};
use jiedui_web::reply::{Choice, Filter, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct Line {
    school: Link,
    city: String,
    place: String,
    typical_class: String,
    level: String,
    standard: Option<Link>,
    /// The year of the newest accepted profile.
    year: Option<i32>,
    profile: String,
    state: StateMark,
    because: Vec<String>,
    lacking: Option<Figure>,
}

#[derive(Serialize)]
struct Stat {
    name: &'static str,
    figure: Figure,
    state: StateMark,
}

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    stats: Vec<Stat>,
    rows: Vec<Line>,
    pager: Pager,
}

/// A school with what was found about it.
struct Found<'a> {
    org: &'a OrgRow,
    standard: Option<&'a Standard>,
    attainment: Option<Attainment>,
    year: Option<i32>,
}

fn line(programme: &Programme, found: &Found<'_>) -> Line {
    let org = found.org;
    let href = format!("/attainment/{}/gaps", org.id);
    let lacking = found.attainment.as_ref().map(|attainment| {
        let count = attainment.items.iter().filter(|item| item.judges && item.gap.is_some()).count();
        Figure::of(Known::Value(count as i64), Unit::Items, &href, "没有达到的标准要求")
    });
    Line {
        school: Link::new(href, org.name.clone()),
        city: org.city.clone().unwrap_or_default(),
        place: org.place.clone(),
        typical_class: org.typical_class.clone(),
        level: org.level.clone(),
        standard: found.standard.map(|of| Link::new(rules::standard_href(&of.id), of.name.clone())),
        year: found.year,
        profile: found.year.map(|year| format!("/profiles/{}/{year}", org.id)).unwrap_or_default(),
        state: rules::state(found.attainment.as_ref()),
        because: found.attainment.as_ref().map(|of| rules::because(programme, of)).unwrap_or_default(),
        lacking,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (query, programme, today) = (ctx.query.clone(), ctx.programme(), ctx.today);
    let schools = registry::schools(&mut ctx.tx).await?;
    let facts = profiles::facts(&mut ctx.tx).await?;
    let newest = profiles::newest_accepted(&facts);
    let confirmed = super::confirmed(&mut ctx.tx).await?;
    let nothing = Values::new();
    let county = |org: &&OrgRow| org.county_school && org.ended_on.is_none() && profiles::fits(&query, org);
    let found: Vec<Found<'_>> = schools
        .iter()
        .filter(county)
        .map(|org| {
            let fact = newest.get(org.id.as_str());
            let standard = programme.standard_of(&org.level, today);
            let values = fact.map_or(&nothing, |fact| &fact.values);
            let attainment = standard.map(|standard| attainment(&programme, standard, values, &confirmed));
            Found { org, standard, attainment, year: fact.map(|fact| fact.year) }
        })
        .collect();
    let key = |found: &Found<'_>| rules::state_key(found.attainment.as_ref());
    let stats = rules::STATES.map(|(id, name)| {
        let of: Vec<&Found<'_>> = found.iter().filter(|one| key(one) == id).collect();
        let href = format!("/attainment?{}", query.with("state", id));
        let figure = Figure::of(Known::Value(of.len() as i64), Unit::Schools, href, name);
        let state = of
            .first()
            .map_or(StateMark::new("none", name, "–"), |one| rules::state(one.attainment.as_ref()));
        Stat { name, figure, state }
    });
    // Nobody needs to read that no school is without a standard.
    let stats =
        stats.into_iter().filter(|stat| stat.name != rules::STATES[3].1 || stat.figure.raw != Some(0));
    let stats = stats.collect();
    let state = query.get("state");
    let fitting: Vec<&Found<'_>> = found.iter().filter(|one| state.is_empty() || key(one) == state).collect();
    let pager = Pager::new("/attainment", &query, fitting.len() as i64, Unit::Schools);
    let skip = usize::try_from(pager.offset()).unwrap_or(0);
    let rows = fitting.into_iter().skip(skip).take(PAGE_SIZE as usize).map(|one| line(&programme, one));
    let states = rules::STATES.map(|(id, name)| Choice::new(id, name)).to_vec();
    let view = ListView {
        rows: rows.collect(),
        stats,
        pager,
        filters: vec![
            Filter::text("q", "学校名称", query.get("q")),
            Filter::select("city", "所在市", query.get("city"), city_choices(&mut ctx.tx).await?),
            Filter::select("typical", "典型县", query.get("typical"), typical_choices()),
            Filter::select("state", "结果", state, states),
        ],
    };
    let lead = "每所县级院校按本层次的设置标准，用最近一年已接收的基本情况判定；缺数的写明缺哪一项。";
    let page = Page::new("达标情况", lead).clause("T1.1").clause("G2.2").clause("G0.3").kind("overview");
    Reply::view("standing/standards/attainment.html", page, &view)
}
