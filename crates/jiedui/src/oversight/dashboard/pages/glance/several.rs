//! A county, a city, or a helper with the schools that it helps, on one sheet: the schools in the order of names, then what is
//! told of all of them together.

use super::super::compare::{self, Compared};
use super::{Opens, PaperLine, Parts, Subject, school};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, OrgRow};
use crate::planning::school_plans;
use crate::standing::indicators::{Facts, Slice};
use chrono::Datelike as _;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// More schools than any city or helper has; what is beyond stands in the registry.
const SCHOOLS: usize = 16;
/// Papers of a pairing, as `super::papers` tells them.
const PAPERS: usize = 4;

#[derive(Serialize)]
struct SeveralView {
    who: Vec<(&'static str, Link)>,
    parent: Option<String>,
    place: String,
    typical: String,
    title: &'static str,
    /// What is said where there is no school.
    none: &'static str,
    schools: Vec<SchoolLine>,
    /// Where all of them stand, where here are the first alone.
    rest: Option<String>,
    gaps: Option<PictureView>,
    majors: Option<PictureView>,
    compared: Option<Compared>,
    #[serde(flatten)]
    parts: Parts,
}

#[derive(Serialize)]
struct SchoolLine {
    id: String,
    school: Link,
    typical: String,
    helpers: Vec<(&'static str, Link)>,
    papers: Vec<Option<PaperLine>>,
    attained: Option<StateMark>,
}

/// What the sheet is about, before its schools are read.
struct About {
    who: Vec<(&'static str, Link)>,
    org: OrgRow,
    title: &'static str,
    none: &'static str,
    /// Of an area: what narrows figures to it.
    cut: Option<Slice>,
    opens: Opens,
    /// Where all of its schools stand.
    all: String,
}

const LEAD: &str = "一页看完：有哪些学校、谁在帮、需求怎样落实、今年做了什么、现在谁在校、还差什么、什么在等谁；可以直接打印。";

/// The county or the city of a bureau, with its county schools.
pub async fn area(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = registry::find(&mut ctx.tx, &id).await?;
    let mut cut = Slice::year(ctx.today.year());
    let mut opens = Opens { outputs: String::new(), money: "/funding".to_owned(), wider: true };
    let mut all = "/registry?flag=county_school".to_owned();
    let of_city = match org.kind.as_str() {
        "city_bureau" => {
            cut.city.clone_from(&org.place);
            opens = Opens {
                outputs: format!("&city={}", org.division),
                money: format!("/funding?city={}", org.division),
                wider: false,
            };
            all = format!("{all}&city={}", org.division);
            true
        }
        "county_bureau" => {
            cut.county.clone_from(&org.division);
            false
        }
        _ => return Err(Error::NotFound),
    };
    let is_here = |school: &OrgRow| match of_city {
        true => registry::city_of(&school.division) == org.division,
        false => school.division == org.division,
    };
    let today = ctx.today;
    let mut schools = registry::county_schools(&mut ctx.tx, today).await?;
    schools.retain(is_here);
    let mut rows = pairings::in_scope(&mut ctx.tx).await?;
    rows.retain(|row| pairings::rules::runs(row.from_day, row.to_day, today));
    let pairing_of = |school: OrgRow| {
        let pairing = rows.iter().find(|row| row.county_school == school.id).cloned();
        (school, pairing)
    };
    let found = schools.into_iter().map(pairing_of).collect();
    let who = vec![(registry::rules::kind_name(&org.kind), registry::link(&org.id, &org.name))];
    let page =
        Page::new(format!("{}一览", org.place), LEAD).back(format!("/registry/{}", org.id), "返回这个机构");
    let (title, none) = ("对口县级院校", "现在没有对口县级院校。");
    let about = About { who, org, title, none, cut: Some(cut), opens, all };
    sheet(ctx, about, found, page).await
}

/// A school that is no county school, with those that it helps today.
pub async fn helper(ctx: &mut RequestContext, org: OrgRow) -> Result<Reply> {
    let today = ctx.today;
    let mut rows = pairings::in_scope(&mut ctx.tx).await?;
    rows.retain(|row| {
        (row.lead == org.id || row.nearby == org.id) && pairings::rules::runs(row.from_day, row.to_day, today)
    });
    // One more than is told tells that there are more.
    rows.truncate(SCHOOLS + 1);
    let mut found = Vec::new();
    for row in rows {
        let school = registry::find(&mut ctx.tx, &row.county_school).await?;
        found.push((school, Some(row)));
    }
    let who = vec![("协作院校", registry::link(&org.id, &org.name))];
    let page =
        Page::new(format!("{}一览", org.name), LEAD).back(format!("/registry/{}", org.id), "返回这所院校");
    let about = About {
        who,
        org,
        title: "所帮的县级院校",
        none: "现在没有作为牵头院校或配合院校的结对。",
        cut: None,
        opens: Opens { outputs: String::new(), money: "/funding".to_owned(), wider: true },
        all: "/pairings".to_owned(),
    };
    sheet(ctx, about, found, page).await
}

async fn sheet(
    ctx: &mut RequestContext,
    about: About,
    mut found: Vec<(OrgRow, Option<PairingRow>)>,
    page: Page,
) -> Result<Reply> {
    let rest = (found.len() > SCHOOLS).then_some(about.all);
    found.truncate(SCHOOLS);
    let opens = match found.as_slice() {
        [(school, _)] => Opens::of_school(&school.id),
        _ => Opens { wider: about.opens.wider || rest.is_some(), ..about.opens },
    };
    let mut all = Vec::new();
    for (school, pairing) in found {
        all.push(Subject::read(ctx, school, pairing).await?);
    }
    let parts = super::parts(ctx, &all, true, &opens).await?;
    let (states, gaps) = school::standing(ctx, &all).await?;
    let plans = school_plans::in_scope(&mut ctx.tx).await?;
    let mut schools = Vec::new();
    for (of, attained) in all.iter().zip(states) {
        let papers = super::papers(ctx, of, &plans).await?;
        schools.push(line(of, papers, attained));
    }
    let view = SeveralView {
        who: about.who,
        parent: about.org.parent_name.clone(),
        place: match &about.org.city {
            Some(city) if about.org.kind != "city_bureau" => format!("{city} {}", about.org.place),
            _ => about.org.place.clone(),
        },
        typical: about.org.typical_class.clone(),
        title: about.title,
        none: about.none,
        schools,
        rest,
        gaps,
        majors: school::majors(ctx, &all, "/majors").await?,
        compared: compared(ctx, about.cut).await?,
        parts,
    };
    let page = page.clause("G1.1").clause("S1.4").clause("S4.1").kind("detail");
    Reply::view("oversight/dashboard/several.html", page, &view)
}

fn line(of: &Subject, papers: Vec<PaperLine>, attained: Option<StateMark>) -> SchoolLine {
    let mut papers: Vec<Option<PaperLine>> = papers.into_iter().map(Some).collect();
    papers.resize_with(PAPERS, || None);
    let helpers = of.pairing.as_ref().map(|row| {
        vec![
            ("牵头院校", registry::link(&row.lead, &row.lead_name)),
            ("配合院校", registry::link(&row.nearby, &row.nearby_name)),
        ]
    });
    SchoolLine {
        id: of.school.id.clone(),
        school: Link::new(format!("/schools/{}/glance", of.school.id), of.school.name.clone()),
        typical: of.school.typical_class.clone(),
        helpers: helpers.unwrap_or_default(),
        papers,
        attained,
    }
}

/// An area with itself, a year ago.
async fn compared(ctx: &mut RequestContext, cut: Option<Slice>) -> Result<Option<Compared>> {
    let Some(now) = cut.filter(|_| ctx.can("indicator", "read")) else { return Ok(None) };
    let programme = ctx.programme();
    let facts = Facts::read(&mut ctx.tx, &programme).await?;
    let last = now.in_year(now.year - 1);
    Ok(Some(compare::compared(&programme, &facts, &now, &[("", last)])))
}
