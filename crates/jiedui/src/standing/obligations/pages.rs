//! The list of clocks, and one clock with the entries that move it.

use super::Clock;
use crate::evidence::ledger::{self, EntryLine};
use crate::network::registry;
use crate::shared::confirmation::State;
use jiedui_kernel::{Error, Known, Result, Unit};
use jiedui_programme::ClockState;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, PAGE_SIZE, Pager, StateMark};
use jiedui_web::reply::{Choice, Filter, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    sums: Vec<Sum>,
    rows: Vec<Clock>,
    pager: Pager,
}

/// How many clocks stand in one state; opens to those.
#[derive(Serialize)]
struct Sum {
    state: StateMark,
    figure: Figure,
}

pub const STATES: [(&str, ClockState); 6] = [
    ("missed", ClockState::Missed),
    ("at_risk", ClockState::AtRisk),
    ("waiting", ClockState::Awaiting),
    ("active", ClockState::Running),
    ("met", ClockState::Met),
    ("exempt", ClockState::Exempt),
];

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let query = ctx.query.clone();
    let programme = ctx.programme();
    let clocks = super::in_scope(&mut ctx.tx, &programme).await?;
    let get = |name: &str| query.get(name);
    let kept: Vec<Clock> = clocks
        .into_iter()
        .filter(|clock| match get("period") {
            "" => clock.current,
            "all" => true,
            id => clock.period == id,
        })
        .filter(|clock| get("obligation").is_empty() || clock.reading.obligation == get("obligation"))
        .filter(|clock| get("city").is_empty() || clock.city == get("city"))
        .filter(|clock| registry::fits_typical(get("typical"), !clock.typical_class.is_empty()))
        .filter(|clock| get("pairing").is_empty() || clock.pairing == get("pairing"))
        .filter(|clock| {
            get("q").is_empty()
                || clock.county_name.contains(get("q"))
                || clock.helper_name.contains(get("q"))
        })
        .collect();
    let sums = STATES.iter().filter_map(|(key, state)| sum(&kept, key, *state, &query)).collect();
    let mut rows: Vec<Clock> =
        kept.into_iter().filter(|clock| get("state").is_empty() || clock.state.key == get("state")).collect();
    rows.sort_by_key(|clock| {
        (rank(clock.reading.state), clock.reading.latest_start, clock.typical_class.is_empty())
    });
    let pager = Pager::new("/clocks", &query, rows.len() as i64, Unit::Items);
    let from = usize::try_from(pager.offset()).unwrap_or(0);
    let rows = rows.into_iter().skip(from).take(PAGE_SIZE as usize).collect();
    let view = ListView { filters: filters(ctx).await?, sums, rows, pager };
    let lead = "谁应在什么时限以前完成什么；对方确认后才算完成，已开展、待确认的不算逾期。";
    let page = Page::new("履职进度", lead).clause("S1.4").clause("S1.6").kind("list");
    Reply::view("standing/obligations/list.html", page, &view)
}

async fn filters(ctx: &mut RequestContext) -> Result<Vec<Filter>> {
    let query = ctx.query.clone();
    let programme = ctx.programme();
    let obligations = programme.obligations.iter().map(|o| Choice::new(&o.id, &o.name)).collect();
    let states = STATES.map(|(key, state)| Choice::new(key, super::state_mark(state).label)).to_vec();
    let mut periods = vec![Choice::new("all", "全部时期")];
    for every in [jiedui_programme::Every::CalendarYear, jiedui_programme::Every::Semester] {
        let found = jiedui_programme::periods(&programme, every, ctx.today);
        periods.extend(found.into_iter().rev().map(|period| Choice::new(period.id, period.name)));
    }
    // This list knows a city by its name.
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let cities = cities.into_iter().map(|city| Choice::new(&city.label, &city.label)).collect();
    let period = Filter::select("period", "时期", query.get("period"), periods).blank("当前时期");
    let mut filters = vec![
        Filter::select("obligation", "要求", query.get("obligation"), obligations),
        Filter::select("state", "状态", query.get("state"), states),
        period,
        Filter::select("city", "所在市", query.get("city"), cities),
        Filter::select("typical", "典型县", query.get("typical"), registry::typical_choices()),
        Filter::text("q", "学校名称", query.get("q")),
    ];
    if !query.get("pairing").is_empty() {
        filters.push(Filter::hidden("pairing", query.get("pairing")));
    }
    Ok(filters)
}

fn sum(clocks: &[Clock], key: &str, state: ClockState, query: &jiedui_web::form::FormValues) -> Option<Sum> {
    let count = clocks.iter().filter(|clock| clock.reading.state == state).count() as i64;
    let href = format!("/clocks?{}", query.with("state", key));
    let mark = super::state_mark(state);
    (count > 0)
        .then(|| Sum { figure: Figure::of(Known::Value(count), Unit::Items, href, mark.label), state: mark })
}

fn rank(state: ClockState) -> usize {
    STATES.iter().position(|(_, other)| *other == state).unwrap_or(STATES.len())
}

#[derive(Serialize)]
struct ShowView {
    clock: Clock,
    rows: Vec<EntryLine>,
    can_claim: bool,
    strip: Strip,
}

/// The period as a line from 0 to 100: where today stands, and the latest feasible day.
#[derive(Serialize)]
struct Strip {
    segments: Vec<Segment>,
    today: Option<i64>,
    latest: Option<i64>,
    label: String,
}

#[derive(Serialize)]
struct Segment {
    x: i64,
    w: i64,
    kind: &'static str,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (obligation, helper) = (ctx.param("obligation"), ctx.param("helper"));
    let (county, period) = (ctx.param("county"), ctx.param("period"));
    let clock = super::in_scope(&mut ctx.tx, &programme)
        .await?
        .into_iter()
        .find(|clock| {
            let reading = &clock.reading;
            reading.obligation == obligation
                && reading.helper == helper
                && reading.county_school == county
                && clock.period == period
        })
        .ok_or(Error::NotFound)?;
    let rows = ledger::rows_of(&mut ctx.tx, &clock.reading.entries).await?;
    let strip = strip(&clock, &rows, ctx.today);
    let view = ShowView {
        rows: rows.iter().map(|row| ledger::line(&programme, row)).collect(),
        can_claim: ctx.can("entry", "claim") && ctx.actor.org == helper && clock.running,
        strip,
        clock,
    };
    let title = format!("{}：{} → {}", view.clock.name, view.clock.helper_name, view.clock.county_name);
    let page = Page::new(title, view.clock.about.clone())
        .clause(view.clock.clause.clone())
        .back("/clocks", "履职进度")
        .kind("detail");
    Reply::view("standing/obligations/show.html", page, &view)
}

fn strip(clock: &Clock, rows: &[ledger::EntryRow], today: jiedui_kernel::Date) -> Strip {
    let period = clock.reading.period;
    let at = |day: jiedui_kernel::Date| ((day - period.from).num_days() * 100 / period.days()).clamp(0, 100);
    let segments = rows
        .iter()
        .filter_map(|row| {
            period.intersect(jiedui_kernel::Period::new(row.from_day, row.to_day)?).map(|part| (row, part))
        })
        .map(|(row, part)| Segment {
            x: at(part.from),
            w: (part.days() * 100 / period.days()).max(1),
            kind: if row.state == State::Confirmed { "confirmed" } else { "claimed" },
        })
        .collect();
    Strip {
        segments,
        today: period.contains(today).then(|| at(today)),
        latest: clock.reading.latest_start.map(at),
        label: format!("{}内已做的事、今天和最迟日期", clock.reading.period_name),
    }
}
