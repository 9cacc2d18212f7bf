//! What those who lead see in thirty seconds: how many targets are reached, which schools decide the others, what is late, and
//! what is to be raised. Everything comes from kept sums and clocks, each read once for the page.

use super::asked::Asked;
use super::places::{self, ClockSum, Places};
use super::tiles::{self, Ground, MapView, TileMeasure};
use super::topics::{self, TopicsView};
use super::trend::{self, TrendView};
use crate::network::registry::{self, Division};
use crate::oversight::boundaries;
use crate::planning::needs;
use crate::shared::contributions::month_of;
use crate::shared::settled::{self, Settled};
use crate::standing::indicators::{self, Facts, LeadingLine};
use crate::standing::obligations::Clock;
use jiedui_kernel::Result;
use jiedui_programme::{IndicatorOf, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::Around;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct LeadingView {
    #[serde(flatten)]
    around: Around,
    targets: Vec<LeadingLine>,
    /// How many targets stand in each state: the first thing to know.
    sums: Vec<(StateMark, Figure)>,
    topics: Option<TopicsView>,
    map: Option<MapView>,
    trend: Option<TrendView>,
    settled: Option<Settled>,
    /// None on a day that is over: how duties stood then is not kept.
    clocks: Option<Vec<ClockSum>>,
    places: Places,
    narrowed: bool,
    as_of: String,
    /// The same as a workbook.
    export: String,
    /// Whether the caller may let a screen show this.
    walls: bool,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let divisions = registry::divisions(&mut ctx.tx).await?;
    let (list, asked) = Asked::read(ctx, &programme, &divisions).await?;
    let (facts, records) = asked.known(ctx, &programme).await?;
    let now = asked.cut.asof.is_none();
    let whole = asked.of_year();
    let current: Vec<&Clock> = records.clocks.iter().filter(|clock| asked.owes(&programme, clock)).collect();
    let targets = targets(ctx, &programme, &facts, &asked);
    let view = LeadingView {
        around: list.around(),
        sums: indicators::target_sums(&targets, Some(&whole).filter(|_| now && asked.task.is_empty())),
        targets,
        topics: match now {
            true => topics::topics(ctx, &records, (&facts, &asked)).await?,
            false => None,
        },
        map: map(ctx, &programme, (&facts, &divisions, &current), &asked).await?,
        settled: settled_until(ctx, &asked).await?,
        trend: asked.trend.map(|of| trend::trend(&programme, of, &facts, &whole)),
        clocks: now.then(|| places::clock_sums(&programme, &current, &whole)),
        places: places::places(&programme, &facts, &asked.columns(&programme), (&current, &asked.cut))
            .with_shares(&programme, &facts, &asked.shares(&programme))
            .of_task(&asked.task),
        narrowed: whole.is_narrowed(),
        as_of: whole.as_of(facts.today).to_string(),
        export: format!("/overview/export?{}", ctx.query.with("page", "")),
        walls: ctx.can("wall", "make"),
    };
    let lead = "目标到了哪一步、差在哪些院校、什么要提请研究；点任何一个数，看到它的统计口径和逐条记录。";
    let page = Page::new("全局概览", lead).clause("G1.1").clause("S1.3").clause("S1.4").clause("S1.6");
    Reply::view("oversight/dashboard/overview.html", page.kind("overview"), &view)
}

/// The targets of the task, by the sentence that sets them or that of what is counted for them.
pub fn targets(
    ctx: &RequestContext,
    programme: &Programme,
    facts: &Facts,
    asked: &Asked<'_>,
) -> Vec<LeadingLine> {
    let mut lines = indicators::leading_lines(ctx, programme, facts, &asked.of_year());
    lines.retain(|line| line.clauses().iter().any(|clause| asked.fits(programme, clause)));
    lines
}

/// Up to which month the course of the year is accepted; what was reported on a former day changes no more.
async fn settled_until(ctx: &mut RequestContext, asked: &Asked<'_>) -> Result<Option<Settled>> {
    if asked.trend.is_none() || asked.cut.asof.is_some() {
        return Ok(None);
    }
    let last = month_of(asked.cut.asof.unwrap_or(ctx.today));
    settled::until(ctx, (i64::from(asked.cut.year) * 100 + 12).min(last)).await
}

/// None where the measure is not known of the day that is asked for.
async fn map(
    ctx: &mut RequestContext,
    programme: &Programme,
    (facts, divisions, clocks): (&Facts, &[Division], &[&Clock]),
    asked: &Asked<'_>,
) -> Result<Option<MapView>> {
    let is_of_now = matches!(asked.tiles, TileMeasure::Due | TileMeasure::Needs);
    let Some(map) = programme.map.as_ref().filter(|_| asked.cut.asof.is_none() || !is_of_now) else {
        return Ok(None);
    };
    let needs = match asked.tiles {
        TileMeasure::Needs => needs::unanswered(&mut ctx.tx).await?,
        _ => Vec::new(),
    };
    let boundary = boundaries::in_use(ctx).await?;
    let boundary = (*boundary).as_ref().filter(|one| one.covers(map, divisions));
    let (cut, needs) = (&asked.cut, needs.as_slice());
    let paired = paired(programme);
    let ground = Ground { map, boundary, divisions, facts, cut, clocks, needs, paired };
    Ok(Some(tiles::map(programme, &ground, asked.tiles)))
}

/// The indicator that counts paired schools.
pub fn paired(programme: &Programme) -> &str {
    let found = programme.indicators.iter().find(|of| matches!(of.of, IndicatorOf::Paired));
    found.map_or("", |of| of.id.as_str())
}
