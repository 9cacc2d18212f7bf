//! One measure by month beside last year, with the straight path to the target of the year where there is one.

use super::super::drawn;
use crate::standing::indicators::{Facts, Slice, pair};
use chrono::Datelike as _;
use jiedui_kernel::{Reported, Unit};
use jiedui_pictures::{Look, Mark, Picture, Series, Trend};
use jiedui_programme::{Indicator, IndicatorOf, Programme, Target};
use jiedui_web::figure::Figure;
use jiedui_web::picture::PictureView;
use serde::Serialize;

const MONTHS: usize = 12;

#[derive(Serialize)]
pub struct TrendView {
    name: String,
    clause: String,
    now: Figure,
    before: Figure,
    years: (i32, i32),
    picture: PictureView,
}

/// What can be shown by month: what is done, and adds up.
pub fn measures(programme: &Programme) -> impl Iterator<Item = &Indicator> {
    let adds = |of: &&Indicator| matches!(of.of, IndicatorOf::Entries { .. }) && of.unit != Unit::Schools;
    programme.indicators.iter().filter(adds)
}

/// Of a measure whose cells the facts have.
pub fn picture(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Trend {
    let last = cut.in_year(cut.year - 1);
    let until = if cut.year == facts.today.year() { facts.today.month() as usize } else { MONTHS };
    let mut picture = Trend::by_month(of.name.clone(), of.unit)
        .series(series(of, facts, cut, Look::Main, until))
        .series(series(of, facts, &last, Look::Before, MONTHS));
    if let Some(target) = goal(programme, of, facts, cut) {
        picture = picture.series(Series::path_to("达到本年目标的进度", target, MONTHS));
    }
    picture
}

/// The same with what it came to.
pub fn trend(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> TrendView {
    let last = cut.in_year(cut.year - 1);
    let figure = |cut: &Slice| pair(of, &facts.reading(programme, of, cut), cut).1;
    TrendView {
        name: of.name.clone(),
        clause: of.clause.clone(),
        now: figure(cut),
        before: figure(&last),
        years: (cut.year, last.year),
        picture: drawn("trend", &Picture::Trend(picture(programme, of, facts, cut))),
    }
}

/// What is confirmed in each month, from nothing at the beginning of the year: a course can be held against a target.
fn series(of: &Indicator, facts: &Facts, cut: &Slice, look: Look, until: usize) -> Series {
    let mut months = [0_i64; MONTHS];
    for cell in facts.cells(of).iter().filter(|cell| cell.month / 100 == i64::from(cut.year)) {
        let at = usize::try_from(cell.month % 100 - 1).ok().and_then(|at| months.get_mut(at));
        if let Some(sum) = at.filter(|_| facts.holds(cut, &cell.school)) {
            *sum = sum.saturating_add(cell.confirmed);
        }
    }
    let mut so_far = 0_i64;
    let points = months.into_iter().take(until).enumerate().map(|(at, sum)| {
        so_far = so_far.saturating_add(sum);
        let month = i64::from(cut.year) * 100 + 1;
        let until = month + i64::try_from(at).unwrap_or(0);
        let opened = Slice { month, until: if at == 0 { 0 } else { until }, ..cut.clone() };
        let label = format!("{}年{}月底", cut.year, at + 1);
        Mark::new(label, Reported::Value(so_far)).opens(format!("/indicators/{}?{}", of.id, opened.query()))
    });
    Series::new(format!("{}年", cut.year), look, points.collect())
}

/// The target of just this year, which is the whole province's.
fn goal(programme: &Programme, of: &Indicator, facts: &Facts, cut: &Slice) -> Option<i64> {
    let mut all = programme.targets.iter();
    let own = |target: &&Target| target.indicator.as_deref() == Some(of.id.as_str());
    let target = all.find(|target| target.year == cut.year && own(target))?;
    let wanted = target.aim_on(facts.today).value().value()?;
    (!cut.is_narrowed()).then_some(wanted)
}
