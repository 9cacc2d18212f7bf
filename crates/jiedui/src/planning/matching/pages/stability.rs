//! How firmly each pair stands: which weight, moved by itself, would part it first, from what to what, and who would come
//! instead. Long to make, so it is made in the background and kept until the scenario changes.

use super::super::actions::scenario::{self as actions, Kept, LoadedScenario};
use super::super::actions::stability::begin;
use super::super::rules::setting::{Setting, side_name};
use super::super::rules::stability::{Firm, Firmness, Goes};
use super::views::{at, at_school, org_link, schools};
use crate::shared::jobs;
use jiedui_kernel::{FieldError, Result, Unit};
use jiedui_matching::Side;
use jiedui_pictures::{Look, Mark, Picture, Series, Trend};
use jiedui_programme::PartnerRole;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    id: String,
    version: i64,
    made: bool,
    /// The job that is at it.
    job: Option<String>,
    /// Whether the reader can have it made.
    begins: bool,
    /// Nothing can be said before there is a proven answer.
    proven: bool,
    counts: [Figure; 2],
    /// How many part as weights move farther.
    picture: Option<PictureView>,
    rows: Vec<Row>,
    staying: Vec<Link>,
    /// Weights that were not followed to their end.
    open: Vec<String>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Row {
    school: Link,
    pair: [Link; 2],
    firm: FirmLine,
}

/// What would part a pair, in words and links; nothing where no weight by itself does.
#[derive(Debug, Serialize)]
pub struct FirmLine {
    part: Option<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    side: &'static str,
    weight: String,
    from: i64,
    to: i64,
    rises: bool,
    /// Who comes instead, of those that change.
    instead: Vec<(&'static str, Link)>,
}

/// What a component is called, and on which side it is.
pub fn called(setting: &Setting, component: &str) -> (&'static str, String) {
    let known = setting.rules.rules.component(component);
    let side = known.map_or("", |one| match one.side {
        PartnerRole::Lead => side_name(Side::Lead),
        PartnerRole::Nearby => side_name(Side::Nearby),
    });
    (side, known.map_or_else(|| component.to_owned(), |one| one.name.clone()))
}

impl FirmLine {
    /// What is kept of one county school; none where nothing was made.
    pub fn of(opened: &LoadedScenario, county: &str) -> Option<Self> {
        let Firm { goes, .. } = opened.firmness.made()?.of(county)?;
        Some(Self { part: goes.as_ref().map(|goes| Self::part(opened, county, goes)) })
    }

    fn part(opened: &LoadedScenario, county: &str, goes: &Goes) -> Part {
        let facts = &opened.setting.facts;
        let (side, weight) = called(&opened.setting, &goes.component);
        let now = opened.answer.pair(county);
        let comes = [
            ("牵头", &goes.lead, now.map(|pair| &pair.lead)),
            ("配合", &goes.nearby, now.map(|pair| &pair.nearby)),
        ];
        let comes = comes.into_iter().filter(|(_, new, old)| Some(*new) != *old);
        let instead = comes.map(|(word, new, _)| (word, org_link(facts, new))).collect();
        Part { side, weight, from: goes.from, to: goes.to, rises: goes.to > goes.from, instead }
    }
}

fn row(opened: &LoadedScenario, county: &str, goes: &Goes) -> Row {
    let facts = &opened.setting.facts;
    let pair = opened.answer.pair(county);
    let org = |id: Option<&String>| id.map_or_else(|| Link::new("", "—"), |id| org_link(facts, id));
    Row {
        school: Link::new(at_school(&opened.row.id, county), facts.name(county)),
        pair: [org(pair.map(|pair| &pair.lead)), org(pair.map(|pair| &pair.nearby))],
        firm: FirmLine { part: Some(FirmLine::part(opened, county, goes)) },
    }
}

/// How far one weight is moved, from a little to as far as it goes.
const FAR: [i64; 10] = [1, 5, 10, 20, 30, 50, 75, 100, 150, 200];

/// How many county schools would have another pair, where one weight is moved so far at most; none where none would.
fn picture(going: &[(&str, &Goes)], href: &str) -> Option<PictureView> {
    if going.is_empty() {
        return None;
    }
    let within = |far: i64| going.iter().filter(|(_, goes)| goes.far() <= far).count() as i64;
    let point = |far: i64| Mark::of("", within(far)).opens(href);
    let trend =
        Trend::new("会变的县级院校", Unit::Schools, ("一项权重最多改动", FAR.map(|far| far.to_string())))
            .series(Series::new("会变的县级院校", Look::Main, FAR.into_iter().map(point).collect()));
    Some(PictureView::new("stability", &Picture::Trend(trend)))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    page(ctx, &opened, Vec::new())
}

fn page(ctx: &RequestContext, opened: &LoadedScenario, errors: Vec<FieldError>) -> Result<Reply> {
    let made = opened.firmness.made();
    let going = made.map_or_else(Vec::new, Firmness::going);
    let rows: Vec<Row> = going.iter().map(|(county, goes)| row(opened, county, goes)).collect();
    let facts = &opened.setting.facts;
    let mut staying: Vec<Link> = made.map_or_else(Vec::new, |made| {
        made.staying().map(|id| Link::new(at_school(&opened.row.id, id), facts.name(id))).collect()
    });
    staying.sort_by(|a, b| a.label.cmp(&b.label));
    let here = format!("{}/stability", at(&opened.row.id));
    let weight = |component: &String| {
        let (side, name) = called(&opened.setting, component);
        format!("{side}：{name}")
    };
    let view = ShowView {
        id: opened.row.id.clone(),
        version: opened.row.version,
        made: made.is_some(),
        job: if let Kept::Asked(job) = &opened.firmness { Some(format!("/jobs/{job}")) } else { None },
        begins: made.is_none() && ctx.can("matching", "edit"),
        proven: opened.answer.status() == "optimal",
        counts: [
            schools(rows.len() as i64, format!("{here}#goes"), "只改一项权重就会变的县级院校"),
            schools(staying.len() as i64, format!("{here}#stays"), "只改一项权重怎么改都不变的县级院校"),
        ],
        picture: picture(&going, &format!("{here}#goes")),
        rows,
        staying,
        open: made.map_or_else(Vec::new, |made| made.open.iter().map(weight).collect()),
        errors: errors.clone(),
    };
    let lead = "一次只改一项权重、别的不动：离现在的权重最近的改动是哪一项、改到多少，换成谁。";
    let page = Page::new("权重改多少，结对会变", lead)
        .clause("G0.1")
        .back(at(&opened.row.id), opened.row.name.clone())
        .kind("detail");
    Ok(Reply::view("planning/matching/stability.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn ask(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    match begin(&mut ctx.tx, &opened).await.or_wrong()? {
        Ok(job) => Ok(jobs::queued(&job)),
        Err(errors) => page(ctx, &opened, errors),
    }
}
