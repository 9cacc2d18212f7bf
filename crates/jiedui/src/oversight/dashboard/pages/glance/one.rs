//! A pairing, or a county school, on one sheet. A school that helps others has the sheet of several.

use super::super::compare::{self, Compared};
use super::{Opens, PaperLine, Parts, Subject, several};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, OrgRow};
use crate::planning::school_plans;
use crate::standing::indicators::{Facts, Slice};
use crate::standing::standards;
use chrono::Datelike as _;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct GlanceView {
    who: Vec<(&'static str, Link)>,
    place: String,
    typical: String,
    level: String,
    from: Option<String>,
    papers: Vec<PaperLine>,
    work: String,
    attained: StateMark,
    gaps: Option<PictureView>,
    /// None where it is held against no standard.
    gaps_href: Option<String>,
    majors: Option<PictureView>,
    majors_href: String,
    /// This year beside the last, and beside the year before the pairing.
    compared: Option<Compared>,
    #[serde(flatten)]
    parts: Parts,
}

pub async fn pairing(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = pairings::find(&mut ctx.tx, &id).await?;
    let school = registry::find(&mut ctx.tx, &row.county_school).await?;
    let page = Page::new(format!("{}的结对一览", row.county_name), LEAD)
        .back(format!("/pairings/{}", row.id), "返回这组结对");
    sheet(ctx, school, Some(row), page).await
}

/// A county school, with the pairing that runs there today; another school with those that it helps.
pub async fn school(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let school = registry::find(&mut ctx.tx, &id).await?;
    if school.kind != "school" {
        return Err(Error::NotFound);
    }
    if !school.county_school {
        return several::helper(ctx, school).await;
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
    let of = Subject::read(ctx, school, pairing).await?;
    let all = std::slice::from_ref(&of);
    let plans = school_plans::in_scope(&mut ctx.tx).await?;
    let papers = super::papers(ctx, &of, &plans).await?;
    let opens = Opens::of_school(&of.school.id);
    let parts = super::parts(ctx, all, false, &opens).await?;
    let (attained, gaps) = super::school::gaps(ctx, &of.school).await?;
    let majors_href = format!("/majors/{}", of.school.id);
    let programme = ctx.programme();
    // A promotion that was granted counts from its day, also before the registry says so.
    let level = standards::level_today(&mut ctx.tx, &programme, &of.school).await?;
    let view = GlanceView {
        who: who(&of),
        place: of.school.place.clone(),
        typical: of.school.typical_class.clone(),
        level,
        from: of.pairing.as_ref().map(|row| row.from_day.to_string()),
        papers,
        work: match &of.pairing {
            Some(row) => format!("/entries?pairing={}", row.id),
            None => "/entries".to_owned(),
        },
        attained,
        gaps,
        gaps_href: of.school.county_school.then(|| format!("/attainment/{}/gaps", of.school.id)),
        majors: super::school::majors(ctx, all, &majors_href).await?,
        majors_href,
        compared: compared(ctx, &of).await?,
        parts,
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

/// The school with itself: last year, and the year before the pairing where that is another one.
async fn compared(ctx: &mut RequestContext, of: &Subject) -> Result<Option<Compared>> {
    if !ctx.can("indicator", "read") {
        return Ok(None);
    }
    let programme = ctx.programme();
    let facts = Facts::read(&mut ctx.tx, &programme).await?;
    let now = Slice { school: of.school.id.clone(), ..Slice::year(ctx.today.year()) };
    let last = now.year - 1;
    let mut others = vec![("", now.in_year(last))];
    let before = of.pairing.as_ref().map(|row| row.from_day.year() - 1);
    others.extend(before.filter(|year| *year < last).map(|year| ("结对前", now.in_year(year))));
    Ok(Some(compare::compared(&programme, &facts, &now, &others)))
}
