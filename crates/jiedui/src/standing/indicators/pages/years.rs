//! The pace of a target whose figure is told once a year. The sum of some schools is not held against the target of all.

use super::super::{Facts, Slice, pair};
use chrono::Datelike as _;
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::{
    Aim, Indicator, IndicatorOf, Programme, Reading, Target, YearKnown, YearlyPace, increase_label,
    year_known, yearly_course, yearly_growth,
};
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;
use std::collections::BTreeMap;

/// From the newest year that all schools told to the year of the target.
#[derive(Serialize)]
pub(super) struct YearsView {
    pace: Option<YearsPace>,
    missing: Option<Missing>,
}

#[derive(Serialize)]
struct YearsPace {
    /// From which year on.
    from: i32,
    years: Figure,
    needed: Figure,
    last_year: Figure,
    forecast: Figure,
    outlook: Option<StateMark>,
}

/// By how much a figure grew over the year before the target's, as far as recorded, where no number was issued. The year to begin
/// with was not issued either, so that it judges nothing (G2.2).
#[derive(Serialize)]
pub(super) struct Recorded {
    from: i32,
    to: i32,
    before: Figure,
    after: Figure,
    increase: Figure,
}

/// A newer year that only some told.
#[derive(Serialize)]
struct Missing {
    year: i32,
    schools: Figure,
}

pub(super) fn view(
    programme: &Programme,
    of: &Indicator,
    target: &Target,
    facts: &Facts,
    reached: bool,
) -> Option<YearsView> {
    if !matches!(
        of.of,
        IndicatorOf::Profile { .. } | IndicatorOf::Ratio { .. } | IndicatorOf::Attained { .. }
    ) {
        return None;
    }
    let wanted = target.aim.value().value()?;
    let first = facts.pairings.iter().map(|row| row.from_day.year()).min()?;
    let readings: BTreeMap<i32, Reading> = (first..=facts.today.year())
        .map(|year| (year, facts.reading(programme, of, &Slice::year(year))))
        .collect();
    let known: BTreeMap<i32, YearKnown> = readings
        .iter()
        .filter_map(|(year, reading)| {
            let cut = Slice::year(*year);
            let schools = facts.schools_of(&cut).map(|place| place.id.as_str());
            Some((*year, year_known(&of.of, reading, schools)?))
        })
        .collect();
    let grew = |from: i32, to: i32| yearly_growth(&of.of, readings.get(&from)?, readings.get(&to)?);
    let course = yearly_course(&known, grew, wanted, target.year, facts.today)?;
    let missing = course.missing.map(|(year, schools)| {
        let href = format!("/indicators/{}?{}", of.id, Slice::year(year).query());
        Missing {
            year,
            schools: Figure::of(Reported::Value(schools), Unit::Schools, &href, "还没有确认数的院校"),
        }
    });
    let pace = course.pace.map(|found| pace_view(of, target, &found, reached));
    Some(YearsView { pace, missing })
}

/// None where a number was issued, and where one of the two years is not known.
pub(super) fn recorded(
    programme: &Programme,
    of: &Indicator,
    target: &Target,
    facts: &Facts,
) -> Option<Recorded> {
    if !matches!(target.aim, Aim::NotIssued) {
        return None;
    }
    let to = target.year.min(facts.today.year());
    let (early, late) = (Slice::year(to - 1), Slice::year(to));
    let before = facts.reading(programme, of, &early);
    let after = facts.reading(programme, of, &late);
    let grew = yearly_growth(&of.of, &before, &after)?;
    let told = |reading: &Reading, cut: &Slice| Figure { rows: false, ..pair(of, reading, cut).1 };
    let href = format!("/indicators/{}?{}", of.id, late.query());
    let increase = Figure::of(Reported::Value(grew), of.unit, href, "按记录比上一年增减");
    Some(Recorded {
        from: to - 1,
        to,
        before: told(&before, &early),
        after: told(&after, &late),
        increase: Figure { unit: increase_label(of.unit), ..increase },
    })
}

/// Whether last year's course would be enough; "about" has neither pass nor fail, and what is reached is not in doubt.
pub(super) fn outlook(aim: Aim, forecast: Reported<i64>, reached: bool) -> Option<StateMark> {
    match (aim, aim.value(), forecast) {
        _ if reached => None,
        (Aim::About { .. }, ..) => None,
        (_, Reported::Value(wanted), Reported::Value(value)) if value >= wanted => {
            Some(StateMark::new("reached", "按上年进度预计可以达到", "●"))
        }
        (_, Reported::Value(_), Reported::Value(_)) => {
            Some(StateMark::new("risk", "按上年进度预计难以完成", "▲"))
        }
        _ => None,
    }
}

fn pace_view(of: &Indicator, target: &Target, found: &YearlyPace, reached: bool) -> YearsPace {
    let href = format!("/indicators/{}?{}", of.id, Slice::year(found.year).query());
    let figure = |value: Reported<i64>, label: &str| {
        let made = Figure::of(value, of.unit, &href, label);
        Figure { word: made.word.map(|_| "没有上年的记录"), ..made }
    };
    let increase = |value, label: &str| Figure { unit: increase_label(of.unit), ..figure(value, label) };
    let years = Figure { unit: "年", ..figure(Reported::Value(found.years), "到目标年度还有几年") };
    YearsPace {
        from: found.year,
        years: Figure { value: Some(found.years.to_string()), ..years },
        needed: increase(Reported::Value(found.needed), "每年需要增加"),
        last_year: increase(found.last_year, "上一年增加"),
        forecast: figure(found.forecast, "按上一年的增加预计到目标年度"),
        outlook: outlook(target.aim, found.forecast, reached),
    }
}
