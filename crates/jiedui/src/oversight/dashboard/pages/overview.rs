//! The overview: few figures, the clocks by city, one table. Every figure opens.

use crate::standing::indicators::{Facts, Slice, is_state, pair, told_figures};
use crate::standing::obligations::{self, Clock};
use chrono::Datelike as _;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::{Aim, ClockState, Indicator, IndicatorOf, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

/// Three rows of three: the pairings, and what the targets ask for.
const SHOWN: usize = 9;
/// Columns of the table by place.
const COLUMNS: usize = 3;

#[derive(Serialize)]
struct View {
    stats: Vec<Stat>,
    clocks: Vec<ClockSum>,
    headings: Vec<String>,
    places: Vec<AreaRow>,
    place_title: &'static str,
    as_of: String,
}

#[derive(Serialize)]
struct Stat {
    name: String,
    figure: Option<Figure>,
    claimed: Option<Figure>,
    confirmed: Option<Figure>,
    target: Option<NextTarget>,
    /// How many schools told, and how many there are.
    told: (Figure, Figure),
    as_of: String,
}

/// The next target of an indicator.
#[derive(Serialize)]
struct NextTarget {
    year: i32,
    figure: Figure,
    /// The upper end of a range.
    high: Option<Figure>,
}

/// How the clocks of one obligation stand in the current period.
#[derive(Serialize)]
struct ClockSum {
    name: String,
    clause: String,
    states: Vec<(StateMark, Figure)>,
    /// Shares of met, waiting, open, late in per cent, for the bar.
    met: i64,
    done: i64,
}

/// A city, or a county school where there is one city only.
#[derive(Serialize)]
struct AreaRow {
    name: String,
    typical: String,
    paired: Figure,
    cells: Vec<(Figure, Figure)>,
    missed: Figure,
    at_risk: Figure,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let facts = Facts::read(&mut ctx.tx, &programme).await?;
    let clocks = obligations::of_pairings(&mut ctx.tx, &programme, &facts.pairings).await?;
    let current: Vec<&Clock> = clocks.iter().filter(|clock| clock.current).collect();
    let cut = Slice::year(ctx.today.year());
    let mut shown: Vec<&Indicator> =
        programme.indicators.iter().filter(|of| matches!(of.of, IndicatorOf::Entries { .. })).collect();
    shown.sort_by_key(|of| !aimed(&programme, of));
    shown.truncate(COLUMNS);
    let one_city = facts.pairings.windows(2).all(|pair| pair[0].city == pair[1].city);
    let view = View {
        stats: foremost(&programme)
            .into_iter()
            .map(|of| stat(&programme, &facts, of, &cut, ctx.today))
            .collect(),
        clocks: programme
            .obligations
            .iter()
            .filter_map(|o| clock_sum(&o.id, &o.name, &o.clause, &current))
            .collect(),
        headings: shown.iter().map(|of| of.name.clone()).collect(),
        places: places(&programme, &facts, &shown, &current, &cut, one_city),
        place_title: if one_city { "分院校" } else { "分市" },
        as_of: ctx.today.to_string(),
    };
    let lead = "本年度的结对、履职和主要指标；点任何一个数，看到它的统计口径和逐条记录。";
    let page = Page::new("全局概览", lead).clause("G1.1").clause("S1.4").clause("S1.6").kind("overview");
    Reply::view("oversight/dashboard/overview.html", page, &view)
}

/// Whether a target that is not over yet goes by this indicator.
fn aimed(programme: &Programme, of: &Indicator) -> bool {
    programme.targets.iter().any(|target| target.indicator.as_deref() == Some(of.id.as_str()))
}

/// Few figures: the pairings, what a target asks for, and where that leaves room the obligations' work. The rest stands
/// on the page of all indicators.
fn foremost(programme: &Programme) -> Vec<&Indicator> {
    let paired =
        |of: &Indicator| matches!(of.of, IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned);
    let owed = |of: &Indicator| {
        let ours = |activity: &String| programme.obligations.iter().any(|duty| duty.activity == *activity);
        matches!(&of.of, IndicatorOf::Entries { activity, .. } if activity.iter().any(ours))
    };
    let mut all: Vec<&Indicator> =
        programme.indicators.iter().filter(|of| paired(of) || aimed(programme, of) || owed(of)).collect();
    all.sort_by_key(|of| match () {
        () if paired(of) => 0,
        () if aimed(programme, of) => 1,
        () => 2,
    });
    all.truncate(SHOWN);
    all
}

fn stat(
    programme: &Programme,
    facts: &Facts,
    of: &Indicator,
    cut: &Slice,
    today: jiedui_kernel::Date,
) -> Stat {
    let reading = facts.reading(programme, of, cut);
    let (claimed, confirmed) = pair(of, &reading, cut);
    let single = is_state(of);
    let target = programme
        .targets
        .iter()
        .filter(|target| target.indicator.as_deref() == Some(of.id.as_str()) && target.year >= today.year())
        .min_by_key(|target| target.year)
        .map(|target| {
            let label = format!("{}（到{}年）", target.name, target.year);
            let href = format!("/clauses/{}", target.clause);
            let figure = |value| Figure::of(value, target.unit, href.clone(), label.clone());
            let aim = target.aim_on(today);
            let high = match aim {
                Aim::Range { high, .. } => Some(figure(Reported::Value(high))),
                _ => None,
            };
            NextTarget { year: target.year, figure: figure(aim.value()), high }
        });
    Stat {
        name: of.name.clone(),
        figure: single.then(|| confirmed.clone().big()),
        claimed: (!single).then(|| claimed.big()),
        confirmed: (!single).then(|| confirmed.big()),
        target,
        told: told_figures(of, facts, &reading, cut),
        as_of: cut.as_of(today).to_string(),
    }
}

fn count(clocks: &[&Clock], state: ClockState) -> i64 {
    clocks.iter().filter(|clock| clock.reading.state == state).count() as i64
}

fn clock_sum(id: &str, name: &str, clause: &str, clocks: &[&Clock]) -> Option<ClockSum> {
    let mine: Vec<&Clock> = clocks.iter().filter(|clock| clock.reading.obligation == id).copied().collect();
    let owed = mine.iter().filter(|clock| clock.reading.state.is_judged()).count() as i64;
    let (met, waiting) = (count(&mine, ClockState::Met), count(&mine, ClockState::Awaiting));
    let states = obligations::STATES
        .iter()
        .map(|(key, state)| (key, obligations::state_mark(*state), count(&mine, *state)))
        .filter(|(_, _, number)| *number > 0)
        .map(|(key, mark, number)| {
            let href = format!("/clocks?obligation={id}&state={key}");
            (mark, Figure::of(Reported::Value(number), Unit::Items, href, format!("{name}：{}", mark.label)))
        })
        .collect();
    (!mine.is_empty()).then(|| ClockSum {
        name: name.to_owned(),
        clause: clause.to_owned(),
        states,
        met: met * 100 / owed.max(1),
        done: (met + waiting) * 100 / owed.max(1),
    })
}

fn places(
    programme: &Programme,
    facts: &Facts,
    shown: &[&Indicator],
    clocks: &[&Clock],
    cut: &Slice,
    by_school: bool,
) -> Vec<AreaRow> {
    let mut found: BTreeMap<(String, String), (Slice, String)> = BTreeMap::new();
    for row in &facts.pairings {
        let mut inner = cut.clone();
        let name = if by_school {
            inner.school.clone_from(&row.county_school);
            row.county_name.clone()
        } else {
            inner.city.clone_from(&row.city);
            row.city.clone()
        };
        let typical = if by_school { row.typical_class.clone() } else { String::new() };
        found.entry((row.city_code.clone(), name)).or_insert((inner, typical));
    }
    found
        .into_iter()
        .map(|((_, name), (inner, typical))| place(programme, facts, shown, clocks, name, typical, &inner))
        .collect()
}

fn place(
    programme: &Programme,
    facts: &Facts,
    shown: &[&Indicator],
    clocks: &[&Clock],
    name: String,
    typical: String,
    cut: &Slice,
) -> AreaRow {
    let mine: Vec<&Clock> = clocks
        .iter()
        .filter(|clock| {
            if cut.school.is_empty() {
                clock.city == cut.city
            } else {
                clock.reading.county_school == cut.school
            }
        })
        .copied()
        .collect();
    let clock_figure = |key: &str, state: ClockState| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", key).append_pair(if cut.school.is_empty() { "city" } else { "q" }, &name);
        let label = format!("{name}：{}的履职进度", obligations::state_mark(state).label);
        Figure::of(
            Reported::Value(count(&mine, state)),
            Unit::Items,
            format!("/clocks?{}", query.finish()),
            label,
        )
    };
    let (missed, at_risk) =
        (clock_figure("missed", ClockState::Missed), clock_figure("at_risk", ClockState::AtRisk));
    let paired = programme.indicators.iter().find(|one| matches!(one.of, IndicatorOf::Paired));
    let paired = paired.map(|of| pair(of, &facts.reading(programme, of, cut), cut).1);
    AreaRow {
        paired: paired
            .unwrap_or_else(|| Figure::of(Reported::NotReported, Unit::Schools, "/pairings", "已结对")),
        cells: shown.iter().map(|of| pair(of, &facts.reading(programme, of, cut), cut)).collect(),
        missed,
        at_risk,
        name,
        typical,
    }
}
