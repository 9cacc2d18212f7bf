//! The targets of the plan with their pace.

use super::super::Facts;
use super::super::Slice;
use super::super::is_state;
use super::super::{pair, told_figures};
use super::years::{self, Recorded, YearsView, outlook};
use crate::shared::contributions::Cell;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Reported, Unit};
use jiedui_programme::{
    Aim, Indicator, IndicatorOf, Months, Programme, Reading, RoleAt, Standing, Target, aim_words, influences,
    pace, standing,
};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// So many schools at most are named as those that decide.
const NAMED: usize = 6;

#[derive(Serialize)]
pub struct TargetLine {
    pub(super) name: String,
    pub(super) clause: String,
    /// The sentence of what is counted for it; "" where nothing is.
    #[serde(skip)]
    pub(super) counted: String,
    pub(super) year: i32,
    pub(super) aim: &'static str,
    pub(super) wanted: Figure,
    pub(super) wanted_high: Option<Figure>,
    pub(super) measured: Option<(Figure, Figure)>,
    single: bool,
    pub(super) state: StateMark,
    basis: String,
    /// When what it aims at changes, or did.
    changes: Vec<String>,
    /// The year of the figure by which it is judged.
    judged: Figure,
    /// How many schools told, and how many there are.
    told: Option<(Figure, Figure)>,
    pace: Option<PaceView>,
    years: Option<YearsView>,
    /// What the records say of an increase for which no number was issued.
    recorded: Option<Recorded>,
}

/// From now on, in full months, this one included.
#[derive(Serialize)]
struct PaceView {
    months: Figure,
    needed: Figure,
    last_year: Figure,
    forecast: Figure,
    /// Whether last year's months would be enough; `None` where nobody knows, and for "about".
    outlook: Option<StateMark>,
    schools: Vec<Decides>,
}

#[derive(Serialize)]
struct Decides {
    school: Link,
    unconfirmed: Figure,
    last_year: Figure,
}

/// Whether the caller sees the whole province: the targets are the province's.
pub fn sees_all(ctx: &RequestContext, programme: &Programme) -> bool {
    let at_province = |role: &String| {
        programme.access.roles.iter().any(|one| one.id == *role && one.at == RoleAt::Province)
    };
    ctx.actor.roles.iter().any(at_province)
}

/// `within` narrows it to a part of the province; its year and its months do not matter.
pub fn target_line(
    ctx: &RequestContext,
    programme: &Programme,
    target: &Target,
    (facts, within): (&Facts, &Slice),
) -> TargetLine {
    let target = &target.on(facts.today);
    let of = target.indicator.as_deref().and_then(|id| programme.indicator(id));
    let cut = within.in_year(target.year.min(facts.today.year()));
    let reading = of.map(|of| facts.reading(programme, of, &cut));
    let whole = sees_all(ctx, programme) && !within.is_narrowed();
    let figure = |value: Reported<i64>| {
        let label = format!("{}的目标", target.name);
        Figure::of(value, target.unit, format!("/clauses/{}", target.clause), label)
    };
    let known = reading.as_ref().map_or(Reported::NotReported, |reading| reading.confirmed);
    // What happens in a year is not reached before that year has come, however much another year brought.
    let ahead = target.year > facts.today.year() && of.is_some_and(|of| !stands(programme, of));
    let judged = standing(target.aim, known);
    let reached = judged == Standing::Reached && !ahead;
    let partial = !whole && matches!(judged, Standing::Reached | Standing::NotYet);
    TargetLine {
        name: target.name.clone(),
        clause: target.clause.clone(),
        counted: of.map(|of| of.clause.clone()).unwrap_or_default(),
        year: target.year,
        aim: match target.aim {
            Aim::AtLeast { .. } => "不少于",
            Aim::About { .. } => "约",
            Aim::Range { .. } => "区间",
            Aim::NotIssued => "",
            Aim::NoMeasure => "不设数量",
        },
        wanted: figure(target.aim.value()),
        wanted_high: match target.aim {
            Aim::Range { high, .. } => Some(figure(Reported::Value(high))),
            _ => None,
        },
        measured: of.zip(reading.as_ref()).map(|(of, reading)| pair(of, reading, &cut)),
        single: of.is_some_and(is_state),
        state: match judged {
            _ if partial => PARTIAL,
            Standing::Reached | Standing::NotYet if ahead => AHEAD,
            _ => standing_mark(judged, target.year < facts.today.year()),
        },
        judged: judged_value(target, reading.as_ref(), &cut, of),
        told: of.zip(reading.as_ref()).map(|(of, reading)| told_figures(of, facts, reading, &cut)),
        basis: target.basis.clone(),
        changes: aim_words(&target.changes, Some(target.unit)),
        pace: of.filter(|_| whole).and_then(|of| pace_view(of, target, facts, reached)),
        years: of.filter(|_| whole).and_then(|of| years::view(programme, of, target, facts, reached)),
        recorded: of.filter(|_| whole).and_then(|of| years::recorded(programme, of, target, facts)),
    }
}

/// What the plan wants of every county school by the end of a year, as it stands today: a school whose pairing ended is
/// missing again. Judged wherever it is seen, since it is asked of each school.
pub(super) fn line_of_all(
    programme: &Programme,
    (of, year): (&Indicator, i32),
    (facts, within): (&Facts, &Slice),
) -> TargetLine {
    let cut = within.in_year(facts.today.year());
    let reading = facts.reading(programme, of, &cut);
    let all = i64::try_from(facts.schools_of(&cut).count()).unwrap_or(i64::MAX);
    let href = format!("/indicators/{}?{}", of.id, cut.query());
    let measured = pair(of, &reading, &cut);
    let judged = standing(Aim::AtLeast { value: all }, reading.confirmed);
    TargetLine {
        name: of.name.clone(),
        clause: of.clause.clone(),
        counted: of.clause.clone(),
        year,
        aim: "全部",
        wanted: Figure::of(Reported::Value(all), Unit::Schools, &href, "范围内的县级院校"),
        wanted_high: None,
        judged: Figure { rows: false, ..measured.1.clone() },
        measured: Some(measured),
        single: is_state(of),
        state: if all == 0 { NOBODY } else { standing_mark(judged, year < facts.today.year()) },
        told: None,
        basis: String::new(),
        changes: Vec::new(),
        pace: None,
        years: None,
        recorded: None,
    }
}

const PARTIAL: StateMark = StateMark::new("none", "全省目标，这里只有本范围的数", "–");

const NOBODY: StateMark = StateMark::new("none", "没有县级院校", "–");

const AHEAD: StateMark = StateMark::new("active", "目标年度未到", "◐");

/// What stands goes on standing; what happens belongs to its year.
fn stands(programme: &Programme, of: &Indicator) -> bool {
    match &of.of {
        IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. } => true,
        IndicatorOf::Ratio { numerator, .. } => {
            programme.indicator(numerator).is_some_and(|part| matches!(part.of, IndicatorOf::Covered { .. }))
        }
        _ => is_state(of),
    }
}

/// How targets that are counted can stand.
pub(super) fn states() -> Vec<StateMark> {
    use Standing::{NoVerdict, NotIssued, NotReported, NotYet, Reached};
    let past = [Reached, NotYet].map(|one| standing_mark(one, true));
    let open = [Reached, NotYet, NoVerdict, NotIssued, NotReported].map(|one| standing_mark(one, false));
    past.into_iter().chain(open).chain([AHEAD, PARTIAL, NOBODY]).collect()
}

/// A target whose last day is past is decided.
fn standing_mark(standing: Standing, past: bool) -> StateMark {
    match standing {
        Standing::Reached if past => StateMark::new("reached", "已达成", "●"),
        Standing::NotYet if past => StateMark::new("late", "未达成", "■"),
        Standing::Reached => StateMark::new("reached", "已达到", "●"),
        Standing::NotYet => StateMark::new("active", "还未达到", "◐"),
        Standing::NoVerdict => StateMark::new("none", "不作达成判定", "–"),
        Standing::NotIssued => StateMark::new("not_issued", "未下达", "–"),
        Standing::NotReported => StateMark::new("unknown", "还没有数据", "?"),
    }
}

/// How a target of the province stands by what was known in a year: what happens within a year is not judged before it.
pub fn target_mark(programme: &Programme, target: &Target, year: i32, known: Reported<i64>) -> StateMark {
    let of = target.indicator.as_deref().and_then(|id| programme.indicator(id));
    let ahead = target.year > year && of.is_some_and(|of| !stands(programme, of));
    match standing(target.aim, known) {
        Standing::Reached | Standing::NotYet if ahead => AHEAD,
        judged => standing_mark(judged, target.year < year),
    }
}

fn day_of(month: i64) -> Option<Date> {
    Date::from_ymd_opt(i32::try_from(month / 100).ok()?, u32::try_from(month % 100).ok()?, 1)
}

/// The figure by which it is judged: what is confirmed.
fn judged_value(target: &Target, reading: Option<&Reading>, cut: &Slice, of: Option<&Indicator>) -> Figure {
    let href = of.map_or_else(
        || format!("/clauses/{}", target.clause),
        |of| format!("/indicators/{}?{}", of.id, cut.query()),
    );
    match of.zip(reading) {
        Some((of, reading)) => Figure { href, rows: false, ..pair(of, reading, cut).1 },
        None => Figure::of(Reported::NotReported, target.unit, href, "判定所用的数"),
    }
}

/// The schools that a figure of schools counts by now.
fn by_counted(cells: &[Cell]) -> BTreeSet<&str> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for cell in cells {
        *sums.entry(&cell.school).or_default() += cell.confirmed;
    }
    sums.into_iter().filter(|(_, sum)| *sum > 0).map(|(school, _)| school).collect()
}

fn pace_view(of: &Indicator, target: &Target, facts: &Facts, reached: bool) -> Option<PaceView> {
    let wanted = target.aim.value().value()?;
    let cells = facts.cells(of);
    let mut all = Months::default();
    let mut by_school: BTreeMap<&str, (Months, i64)> = BTreeMap::new();
    let cut = Slice::year(target.year.min(facts.today.year()));
    for cell in cells {
        let day = day_of(cell.month)?;
        all.add(day, cell.confirmed);
        let (months, waiting) = by_school.entry(&cell.school).or_default();
        months.add(day, cell.confirmed);
        if super::super::rules::facts::in_years(of, cell.month / 100, &cut) {
            *waiting += cell.claimed - cell.confirmed;
        }
    }
    let begins = cells.iter().filter_map(|cell| day_of(cell.month)).min();
    let found = pace(&of.of, wanted, &all, begins, target.year, facts.today)?;
    let href = format!("/indicators/{}?{}", of.id, cut.query());
    let figure = |value: Reported<i64>, unit: Unit, label: &str| {
        let made = Figure::of(value, unit, &href, label);
        Figure { word: made.word.map(|_| "没有上年的记录"), ..made }
    };
    // A school that is counted cannot be counted once more.
    let counted: BTreeSet<&str> = match of.unit {
        Unit::Schools => by_counted(cells),
        _ => BTreeSet::new(),
    };
    let schools: Vec<(String, Months, i64)> = facts
        .places
        .iter()
        .filter(|place| !counted.contains(place.id.as_str()))
        .filter_map(|place| {
            let (months, waiting) = by_school.remove(place.id.as_str())?;
            Some((place.id.clone(), months, waiting))
        })
        .collect();
    let decides = influences(&of.of, &schools, target.year, facts.today, NAMED);
    let decides = decides.into_iter().filter_map(|one| {
        let place = facts.place(&one.school)?;
        let inner = Slice { school: one.school.clone(), ..cut.clone() };
        let href = format!("/indicators/{}?{}", of.id, inner.query());
        let figure = |value, label: &str| Figure::of(Reported::Value(value), of.unit, &href, label);
        Some(Decides {
            unconfirmed: figure(one.unconfirmed, "已登记未确认"),
            last_year: figure(one.last_year, "上年同月份"),
            school: Link::new(&href, place.name.clone()),
        })
    });
    let months = Figure {
        unit: "个月",
        ..figure(Reported::Value(found.months), Unit::Items, "剩余月份，含本月")
    };
    Some(PaceView {
        months,
        needed: figure(Reported::Value(found.needed), of.unit, "从本月起每月需要"),
        last_year: figure(found.last_year, of.unit, "上年同月份平均每月"),
        forecast: figure(found.forecast, of.unit, "按上年进度预计到期末"),
        outlook: outlook(target.aim, found.forecast, reached),
        schools: decides.collect(),
    })
}
