//! The list of clocks, and one clock with the entries that move it.

use super::Clock;
use crate::evidence::ledger::{self, EntryLine};
use crate::network::registry;
use crate::shared::confirmation::State;
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_programme::ClockState;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use jiedui_web::sorting::{Key, Orders};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<Clock>,
    sums: Vec<Sum>,
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
    let programme = ctx.programme();
    let (list, asked) = asked(ctx).await?;
    let mut kept = super::in_scope(&mut ctx.tx, &programme).await?;
    kept.retain(|clock| asked.fits(clock));
    let sums = STATES.iter().filter_map(|(key, state)| sum(&kept, key, *state, &ctx.query)).collect();
    kept.retain(|clock| asked.state.is_none_or(|state| state == clock.reading.state));
    kept.sort_by_key(|clock| {
        (rank(clock.reading.state), clock.reading.latest_start, clock.typical_class.is_empty())
    });
    let orders = Orders {
        by: &[
            ("county_school", |clock: &Clock| Some(clock.county_key.as_str().into())),
            ("helper", |clock| Some(clock.helper_key.as_str().into())),
            ("obligation", |clock| Some(clock.clause.as_str().into())),
            ("period", |clock| Some(clock.reading.period.to.into())),
            ("owed", |clock| Some(clock.reading.owed.into())),
            ("claimed", |clock| Some(clock.reading.claimed.into())),
            ("confirmed", |clock| Some(clock.reading.confirmed.into())),
            ("latest", |clock| clock.reading.latest_start.map(Key::from)),
            ("state", |clock| Some((rank(clock.reading.state) as i64).into())),
        ],
        unsorted: &[],
    };
    let view = ListView { list: list.arrange(kept, &orders), sums };
    let lead = "谁应在什么时限以前完成什么；对方确认后才算完成，已开展、待确认的不算逾期。";
    let page = Page::new("履职进度", lead).clause("S1.4").clause("S1.6").kind("list");
    Reply::view("standing/obligations/list.html", page, &view)
}

/// What the address asks for.
struct Asked {
    obligation: String,
    state: Option<ClockState>,
    period: String,
    /// The name of a city: as this list knows it.
    city: String,
    typical: String,
    q: String,
    pairing: String,
}

impl Asked {
    /// But for the state, of which the sums above the list tell the parts.
    fn fits(&self, clock: &Clock) -> bool {
        let in_period = match self.period.as_str() {
            "" => clock.current,
            "all" => true,
            id => clock.period == id,
        };
        in_period
            && (self.obligation.is_empty() || clock.reading.obligation == self.obligation)
            && (self.city.is_empty() || clock.city == self.city)
            && registry::fits_typical(&self.typical, !clock.typical_class.is_empty())
            && (self.pairing.is_empty() || clock.pairing == self.pairing)
            && (clock.county_name.contains(&self.q) || clock.helper_name.contains(&self.q))
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<(Listing, Asked)> {
    let programme = ctx.programme();
    let obligations = programme.obligations.iter().map(|o| Choice::new(&o.id, &o.name)).collect();
    let states = STATES.map(|(key, state)| (state, key, super::state_mark(state).label));
    let mut periods = vec![Choice::new("all", "全部时期")];
    for every in [jiedui_programme::Every::CalendarYear, jiedui_programme::Every::Semester] {
        let found = jiedui_programme::periods(&programme, every, ctx.today);
        periods.extend(found.into_iter().rev().map(|period| Choice::new(period.id, period.name)));
    }
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let cities = cities.into_iter().map(|city| Choice::new(&city.label, &city.label)).collect();
    let mut list = Listing::at("/clocks", Unit::Items, &ctx.query);
    let asked = Asked {
        obligation: list.choice("obligation", "要求", obligations),
        state: list.one_of("state", "状态", states),
        period: list.choice_or("当前时期", "period", "时期", periods),
        city: list.choice("city", "所在市", cities),
        typical: list.choice("typical", "典型县", registry::typical_choices()),
        q: list.text("q", "学校名称"),
        pairing: list.id("pairing"),
    };
    Ok((list, asked))
}

fn sum(clocks: &[Clock], key: &str, state: ClockState, query: &jiedui_web::form::FormValues) -> Option<Sum> {
    let count = clocks.iter().filter(|clock| clock.reading.state == state).count() as i64;
    let href = format!("/clocks?{}", query.with("state", key));
    let mark = super::state_mark(state);
    (count > 0).then(|| Sum {
        figure: Figure::of(Reported::Value(count), Unit::Items, href, mark.label),
        state: mark,
    })
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
