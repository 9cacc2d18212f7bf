//! A pairing, or a county school, on one sheet: who, from needs to what came of them, the year, who is on site, what the school
//! lacks, and what waits for whom. Both sides of a pairing see the same; what of it a role may not read is left out.

mod school;
mod waits;
mod work;

use crate::network::agreements;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, OrgRow};
use crate::planning::projects::{self, ListRow};
use crate::planning::school_plans;
use chrono::Datelike as _;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use school::{MoneyLine, OutputLine};
use serde::Serialize;
use waits::WaitLine;
use work::{ChainLine, Presence};

#[derive(Serialize)]
struct GlanceView {
    who: Vec<(&'static str, Link)>,
    place: String,
    typical: String,
    level: String,
    /// Others are no county school of a pairing, and may well be helpers in several.
    is_county_school: bool,
    from: Option<String>,
    papers: Vec<PaperLine>,
    waits: Vec<WaitLine>,
    here: Vec<Presence>,
    next: Vec<Presence>,
    chain: Vec<ChainLine>,
    year: Option<PictureView>,
    /// More was done in the year than is drawn.
    cut_short: bool,
    work: String,
    attained: StateMark,
    gaps: Option<PictureView>,
    /// None where it is held against no standard.
    gaps_href: Option<String>,
    majors: Option<PictureView>,
    majors_href: String,
    outputs: Vec<OutputLine>,
    money: Vec<MoneyLine>,
}

/// A paper of the pairing, and how far it is.
#[derive(Serialize)]
struct PaperLine {
    name: &'static str,
    href: String,
    state: StateMark,
    day: Option<String>,
}

/// What the sheet is about.
struct Subject {
    school: OrgRow,
    pairing: Option<PairingRow>,
    /// Of this year and the next, the newest first.
    lists: Vec<ListRow>,
}

pub async fn pairing(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = pairings::find(&mut ctx.tx, &id).await?;
    let school = registry::find(&mut ctx.tx, &row.county_school).await?;
    let page = Page::new(format!("{}的结对一览", row.county_name), LEAD)
        .back(format!("/pairings/{}", row.id), "返回这组结对");
    sheet(ctx, school, Some(row), page).await
}

/// A school, with the pairing that runs there today.
pub async fn school(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let school = registry::find(&mut ctx.tx, &id).await?;
    if school.kind != "school" {
        return Err(Error::NotFound);
    }
    let today = ctx.today;
    let rows = pairings::in_scope(&mut ctx.tx).await?;
    let runs = |row: &PairingRow| {
        row.county_school == school.id && pairings::rules::runs(row.from_day, row.to_day, today)
    };
    let pairing = rows.into_iter().find(runs);
    let page = Page::new(format!("{}一览", school.name), LEAD)
        .back(format!("/registry/{}", school.id), "返回这所院校");
    sheet(ctx, school, pairing, page).await
}

const LEAD: &str =
    "一页看完：谁在帮、需求怎样落实、今年做了什么、现在谁在校、还差什么、什么在等谁；可以直接打印。";

async fn sheet(
    ctx: &mut RequestContext,
    school: OrgRow,
    pairing: Option<PairingRow>,
    page: Page,
) -> Result<Reply> {
    let lists = match &pairing {
        Some(row) => projects::lists_of(&mut ctx.tx, 0, &row.id).await?,
        None => Vec::new(),
    };
    let of = Subject { school, pairing, lists };
    let (chain, planned) = work::chain(ctx, &of).await?;
    let done = work::done(ctx, &of).await?;
    let coming = work::coming(ctx, &of).await?;
    let clocks = waits::clocks(ctx, &of).await?;
    let (attained, gaps) = school::gaps(ctx, &of.school).await?;
    let view = GlanceView {
        who: who(&of),
        place: of.school.place.clone(),
        typical: of.school.typical_class.clone(),
        level: of.school.level.clone(),
        is_county_school: of.school.county_school,
        from: of.pairing.as_ref().map(|row| row.from_day.to_string()),
        papers: papers(ctx, &of).await?,
        waits: waits::waits(ctx, &of, &clocks).await?,
        here: work::here(ctx, &done),
        next: work::next(ctx, &coming),
        year: work::year(ctx, &planned, &done, &coming),
        cut_short: done.len() >= work::MOST,
        work: match &of.pairing {
            Some(row) => format!("/entries?pairing={}", row.id),
            None => "/entries".to_owned(),
        },
        chain,
        attained,
        gaps,
        gaps_href: of.school.county_school.then(|| format!("/attainment/{}/gaps", of.school.id)),
        majors: school::majors(ctx, &of.school).await?,
        majors_href: format!("/majors/{}", of.school.id),
        outputs: school::outputs(ctx, &of.school).await?,
        money: school::money(ctx, &of.school).await?,
    };
    let page = page.clause("G1.1").clause("S1.4").clause("S4.1").kind("detail");
    Reply::view("oversight/dashboard/glance.html", page, &view)
}

fn who(of: &Subject) -> Vec<(&'static str, Link)> {
    let what = if of.school.county_school { "对口县级院校" } else { "院校" };
    let mut found = vec![(what, registry::link(&of.school.id, &of.school.name))];
    if let Some(row) = &of.pairing {
        found.push(("牵头院校", registry::link(&row.lead, &row.lead_name)));
        found.push(("配合院校", registry::link(&row.nearby, &row.nearby_name)));
    }
    found
}

/// The agreement, the plan, and the lists of this year and the next.
async fn papers(ctx: &mut RequestContext, of: &Subject) -> Result<Vec<PaperLine>> {
    let Some(row) = &of.pairing else { return Ok(Vec::new()) };
    let all = agreements::of_pairing(&mut ctx.tx, &row.id).await?;
    let last = agreements::rules::in_force(&all, ctx.today).or(all.first());
    let none = StateMark::new("none", "还没有", "–");
    let mut found = vec![PaperLine {
        name: "三方协议",
        href: format!("/pairings/{}/agreements", row.id),
        state: last.map_or(none, |one| agreements::rules::state(one, &all, ctx.today)),
        day: last.map(|one| one.signed_on.to_string()),
    }];
    let plans = school_plans::in_scope(&mut ctx.tx).await?;
    let plan = plans.iter().find(|plan| plan.pairing.as_ref() == Some(&row.id));
    found.push(PaperLine {
        name: "协作方案",
        href: plan.map_or_else(|| format!("/plans?pairing={}", row.id), |plan| format!("/plans/{}", plan.id)),
        state: school_plans::rules::state(plan),
        day: row.planned_on.map(|day| day.to_string()),
    });
    for (name, year) in [("今年的项目清单", ctx.today.year()), ("明年的项目清单", ctx.today.year() + 1)]
    {
        let list = of.lists.iter().find(|list| list.year == i64::from(year));
        found.push(PaperLine {
            name,
            href: list.map_or_else(|| "/lists".to_owned(), |list| format!("/lists/{}", list.id)),
            state: projects::rules::list_mark(list.map(|list| list.state)),
            day: list.and_then(|list| list.filed_on).map(|day| day.to_string()),
        });
    }
    Ok(found)
}
