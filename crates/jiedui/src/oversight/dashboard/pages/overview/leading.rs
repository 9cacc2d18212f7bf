//! What those who lead see in thirty seconds: how many targets are reached, which schools decide the others, what is late, and
//! what is to be raised. Everything comes from kept sums and clocks, each read once for the page.

use super::columns;
use super::places::{self, ClockSum, Places};
use super::tiles::{self, Ground, MapView, TileMeasure};
use super::topics::{self, TopicsView};
use super::trend::{self, TrendView};
use crate::network::registry;
use crate::planning::needs;
use crate::reporting::meetings::Records;
use crate::shared::contributions::month_of;
use crate::shared::settled::{self, Settled};
use crate::standing::indicators::{self, Facts, LeadingLine, Slice};
use crate::standing::obligations::{self, Clock};
use chrono::Datelike as _;
use jiedui_kernel::{Result, Unit};
use jiedui_programme::{Indicator, IndicatorOf, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{Around, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
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
    clocks: Vec<ClockSum>,
    places: Places,
    narrowed: bool,
    as_of: String,
}

/// What the address asks for.
struct Asked<'p> {
    cut: Slice,
    trend: Option<&'p Indicator>,
    tiles: TileMeasure,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let divisions = registry::divisions(&mut ctx.tx).await?;
    let (list, asked) = asked(ctx, &programme, &divisions).await?;
    let shown = columns(&programme);
    let mut needed = indicators::measured(&programme);
    needed.extend(shown.iter().copied().chain(asked.trend));
    let attained = programme.indicators.iter().find(|of| matches!(of.of, IndicatorOf::Attained { .. }));
    needed.extend(attained.filter(|_| asked.tiles == TileMeasure::Attained));
    let facts = Facts::about(&mut ctx.tx, &programme, &needed, None).await?;
    let clocks = obligations::of_pairings(&mut ctx.tx, &programme, &facts.pairings).await?;
    let records = Records { pairings: facts.pairings.clone(), clocks };
    let cut = &asked.cut;
    let fits = |clock: &&Clock| {
        clock.current
            && (cut.city.is_empty() || clock.city == cut.city)
            && registry::fits_typical(&cut.typical, !clock.typical_class.is_empty())
    };
    let current: Vec<&Clock> = records.clocks.iter().filter(fits).collect();
    let map = match &programme.map {
        Some(map) => {
            let needs = match asked.tiles {
                TileMeasure::Needs => needs::unanswered(&mut ctx.tx).await?,
                _ => Vec::new(),
            };
            let ground = Ground {
                map,
                divisions: &divisions,
                facts: &facts,
                cut,
                clocks: &current,
                needs: &needs,
                paired: paired(&programme),
            };
            Some(tiles::map(&programme, &ground, asked.tiles))
        }
        None => None,
    };
    let targets = indicators::leading_lines(ctx, &programme, &facts, cut);
    let settled = match asked.trend {
        Some(_) => settled::until(ctx, (i64::from(cut.year) * 100 + 12).min(month_of(ctx.today))).await?,
        None => None,
    };
    let view = LeadingView {
        settled,
        around: list.around(),
        sums: indicators::target_sums(&targets),
        targets,
        topics: topics::topics(ctx, &records, (&facts, cut)).await?,
        map,
        trend: asked.trend.map(|of| trend::trend(&programme, of, &facts, cut)),
        clocks: places::clock_sums(&programme, &current, cut),
        places: places::places(&programme, &facts, &shown, (&current, cut)),
        narrowed: cut.is_narrowed(),
        as_of: cut.as_of(ctx.today).to_string(),
    };
    let lead = "目标到了哪一步、差在哪些院校、什么要提请研究；点任何一个数，看到它的统计口径和逐条记录。";
    let page = Page::new("全局概览", lead).clause("G1.1").clause("S1.3").clause("S1.4").clause("S1.6");
    Reply::view("oversight/dashboard/overview.html", page.kind("overview"), &view)
}

/// The indicator that counts paired schools.
fn paired(programme: &Programme) -> &str {
    let found = programme.indicators.iter().find(|of| matches!(of.of, IndicatorOf::Paired));
    found.map_or("", |of| of.id.as_str())
}

async fn asked<'p>(
    ctx: &mut RequestContext,
    programme: &'p Programme,
    divisions: &[registry::Division],
) -> Result<(Listing, Asked<'p>)> {
    let cities = registry::city_choices_among(&mut ctx.tx, divisions).await?;
    let cities = cities.into_iter().map(|city| Choice::new(&city.label, &city.label)).collect();
    let now = ctx.today.year();
    let years = (2024..=now).rev().map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect();
    let all: Vec<&Indicator> = trend::measures(programme).collect();
    let measures = all.iter().map(|of| Choice::new(&of.id, &of.name)).collect();
    let mut list = Listing::at("/overview", Unit::Schools, &ctx.query);
    let mut cut = Slice::year(list.year_or("本年度", "年度", years).unwrap_or(now));
    cut.city = list.choice("city", "所在市", cities);
    cut.typical = list.choice("typical", "典型县", registry::typical_choices());
    let usual = columns(programme).first().copied();
    let chosen = list.choice_or("目标所要的", "trend", "逐月走势", measures);
    let trend = all.iter().find(|of| of.id == chosen).copied().or(usual);
    let tiles = list.one_of_or("已结对", "tiles", "示意图", TileMeasure::ALL.into_iter().skip(1));
    Ok((list, Asked { cut, trend, tiles: tiles.unwrap_or(TileMeasure::Paired) }))
}
