//! One school: what it lacks against its own standard, and what is missing to the next level (T2.3).

use super::super::rules::{self, Item};
use crate::evidence::profiles;
use crate::network::registry::{self, OrgRow};
use jiedui_kernel::{Error, Result, Unit};
use jiedui_pictures::{Bar, Bars, Goal, Picture};
use jiedui_programme::{
    Attainment, ProfileFact, Programme, SchoolFact, Standard, ThresholdReading, Values, attainment,
    standard_for,
};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// A school held against one standard.
#[derive(Serialize)]
pub struct StandardView {
    pub standard: Link,
    pub level: String,
    pub source: String,
    pub state: StateMark,
    pub because: Vec<String>,
    /// What decides, as bars.
    pub bars: Option<PictureView>,
    pub items: Vec<Item>,
}

#[derive(Serialize)]
struct ShowView {
    school: Link,
    place: String,
    typical_class: String,
    level: String,
    /// The newest accepted profile: where it is, and its day.
    profile: Option<Link>,
    as_of: Option<String>,
    own: Option<StandardView>,
    next: Option<StandardView>,
    whatif: String,
    plan: String,
    /// Whether the caller may carry the gaps into its plan.
    may_plan: bool,
    /// Whether there is a gap to carry.
    lacking: bool,
    can_tell: String,
}

/// A county school with its newest accepted values.
pub struct Stood {
    pub org: OrgRow,
    pub fact: Option<ProfileFact>,
    judged: SchoolFact,
    pub confirmed: Vec<String>,
}

impl Stood {
    pub fn values(&self) -> Values {
        self.fact.as_ref().map(|fact| fact.values.clone()).unwrap_or_default()
    }
}

pub async fn stood(ctx: &mut RequestContext) -> Result<Stood> {
    let id = ctx.param("id");
    let org = registry::find(&mut ctx.tx, &id).await?;
    let fact = profiles::accepted_of(&mut ctx.tx, &id).await?;
    if org.kind != "school" || !(org.county_school || fact.is_some()) {
        return Err(Error::NotFound);
    }
    let population = registry::population(&mut ctx.tx).await?;
    let judged = super::super::judged(&org, &population);
    Ok(Stood { org, fact, judged, confirmed: super::super::confirmed(&mut ctx.tx).await? })
}

/// The school's own standard, by the level that it had when it reported, and the one of the next level, as they are in
/// force today.
pub fn standards<'a>(
    programme: &'a Programme,
    stood: &Stood,
    today: jiedui_kernel::Date,
) -> (Option<&'a Standard>, Option<&'a Standard>) {
    let own = standard_for(programme, &stood.judged, stood.fact.as_ref(), today);
    (own, own.and_then(|own| programme.next_standard(own, today)))
}

pub async fn hold(
    ctx: &mut RequestContext,
    school: &str,
    standard: &Standard,
    found: &Attainment,
) -> Result<StandardView> {
    let (programme, checks) = (ctx.programme(), super::super::checks(&mut ctx.tx).await?);
    Ok(StandardView {
        standard: Link::new(rules::standard_href(&standard.id), standard.name.clone()),
        level: standard.level.clone(),
        source: standard.source.clone(),
        state: rules::state(Some(found)),
        because: rules::because(&programme, found),
        bars: bars(&programme, school, &standard.id, found),
        items: rules::items(&programme, school, found, &checks),
    })
}

/// What decides and is a number, as it is against what is asked; each by its own scale, since they measure unlike things.
fn bars(programme: &Programme, school: &str, standard: &str, found: &Attainment) -> Option<PictureView> {
    let bar = |reading: &ThresholdReading| {
        let threshold = programme.threshold(&reading.threshold)?;
        let element = threshold.element.as_ref()?;
        let least = reading.at_least.map(|value| Goal::at_least("应有", value));
        let goal = least.or_else(|| reading.at_most.map(|value| Goal::at_most("应有", value)))?;
        let bar = Bar::new(&threshold.name, reading.value).in_unit(rules::unit(programme, threshold));
        Some(bar.opens(format!("/profiles/{school}/elements/{element}")).against(goal))
    };
    let judged = found.items.iter().filter(|reading| reading.judges);
    let bars = Bars::new("现有与应有", Unit::Items).each_by_its_goal();
    let bars = judged.filter_map(bar).fold(bars, Bars::bar);
    let id = format!("standard-{standard}");
    (!bars.rows.is_empty()).then(|| PictureView::new(&id, &Picture::Bars(bars)))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let stood = stood(ctx).await?;
    let (own, next) = standards(&programme, &stood, ctx.today);
    let values = stood.values();
    let mut sides = Vec::new();
    let mut lacking = false;
    for standard in [own, next] {
        sides.push(match standard {
            Some(standard) => {
                let found = attainment(&programme, standard, &values, &stood.confirmed, ctx.today);
                let short = found.items.iter().any(|item| item.judges && item.gap.is_some());
                lacking |= short && sides.is_empty();
                Some(hold(ctx, &stood.org.id, standard, &found).await?)
            }
            None => None,
        });
    }
    let next = sides.pop().flatten();
    let org = &stood.org;
    let view = ShowView {
        school: registry::link(&org.id, &org.name),
        place: org.place.clone(),
        typical_class: org.typical_class.clone(),
        level: org.level.clone(),
        profile: stood
            .fact
            .as_ref()
            .map(|fact| Link::new(format!("/profiles/{}/{}", org.id, fact.year), format!("{}年", fact.year))),
        as_of: stood.fact.as_ref().map(|fact| profiles::rules::as_of(&programme, fact.year).to_string()),
        own: sides.pop().flatten(),
        next,
        whatif: format!("/attainment/{}/whatif", org.id),
        plan: format!("/attainment/{}/plan", org.id),
        may_plan: ctx.can("school_plan", "draft") && ctx.actor.org == org.id,
        lacking,
        can_tell: if ctx.actor.org == org.id && ctx.can("profile", "edit") {
            "/profiles".to_owned()
        } else {
            String::new()
        },
    };
    let lead = "逐项对照：现有多少、应有多少、缺口多少，依据哪里；升到上一层次还缺什么也列在下面。";
    let page = Page::new(format!("{}的达标情况", org.name), lead)
        .clause("T1.1")
        .clause("T2.3")
        .back("/attainment", "达标情况")
        .kind("detail");
    Reply::view("standing/standards/gaps.html", page, &view)
}
