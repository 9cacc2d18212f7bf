//! The list of clocks.

use super::super::{self as obligations, Clock};
use crate::network::registry;
use jiedui_kernel::{Reported, Result, Unit};
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

pub const STATES: [(&str, ClockState); 8] = [
    ("missed", ClockState::Missed),
    ("at_risk", ClockState::AtRisk),
    ("waiting", ClockState::Awaiting),
    ("active", ClockState::Running),
    ("met", ClockState::Met),
    ("exempt", ClockState::Exempt),
    ("undated", ClockState::Undated),
    ("before", ClockState::BeforeUse),
];

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (list, asked) = asked(ctx).await?;
    let mut kept = obligations::in_scope(&mut ctx.tx, &programme).await?;
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
    /// A task's id, or "".
    task: String,
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
        let task = clock.clause.split('.').next();
        in_period
            && (self.task.is_empty() || task == Some(self.task.as_str()))
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
    let states = STATES.map(|(key, state)| (state, key, obligations::state_mark(state).label));
    let mut periods = vec![Choice::new("all", "全部时期")];
    for every in [jiedui_programme::Every::CalendarYear, jiedui_programme::Every::Semester] {
        let found = jiedui_programme::periods(&programme, every, ctx.today);
        periods.extend(found.into_iter().rev().map(|period| Choice::new(period.id, period.name)));
    }
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let cities = cities.into_iter().map(|city| Choice::new(&city.label, &city.label)).collect();
    let mut list = Listing::at("/clocks", Unit::Items, &ctx.query);
    let tasks = programme.tasks.iter().filter(|task| !task.id.starts_with('G'));
    let tasks = tasks.map(|task| Choice::new(&task.id, &task.name)).collect();
    let asked = Asked {
        task: list.choice("task", "任务", tasks),
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
    let mark = obligations::state_mark(state);
    (count > 0).then(|| Sum {
        figure: Figure::of(Reported::Value(count), Unit::Items, href, mark.label),
        state: mark,
    })
}

fn rank(state: ClockState) -> usize {
    STATES.iter().position(|(_, other)| *other == state).unwrap_or(STATES.len())
}
