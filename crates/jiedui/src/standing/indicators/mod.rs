//! 指标与目标: defined once in the programme; every figure opens down to its rows (G1.1–G3.8; principles 4 and 5).
//!
//! | to find | look in |
//! |---|---|
//! | which part of the province a figure is about | `cut` |
//! | any indicator for any cut | `facts` |
//! | one indicator opened, cut down in several ways | `show`, `parts` |
//! | what was reported on a day, and what changed since | `reported` |
//! | targets, pace, and the list of all indicators | `targets` |
//! | the kept figures against everything counted from scratch | `verify` |
//! | them brought in line in the background | `repair` |

mod actions;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, ProgrammeItem, Section};
use crate::shared::contributions::{self, SchoolSum};
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_kernel::{Period, Reported, Result, Unit};
use jiedui_programme::{
    Indicator, IndicatorOf, Programme, Reading, Row, counts_schools, distinct_schools, ratio, rounded,
};
use jiedui_store::Tx;
use jiedui_web::figure::Figure;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::{HashMap, HashSet};

pub use actions::repair::REPAIR;
pub use actions::verify::{DOING, ensure, few, kept_faults, measure, moved, rebuild, shifts, verify};
pub use pages::leading::{LeadingLine, leading_lines, measured, target_sums};
pub use pages::remarks::label;
pub use pages::targets::{sees_all, target_mark};
pub use rules::facts::Facts;
pub use rules::slice::{Slice, chinese_month, month_text};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/standing/indicators",
    routes,
    jobs: &[REPAIR],
    menu: &[entry(810, "指标", "/targets", "目标与指标", ("indicator", "read"))],
    words: Words {
        actions: &[("figure.rebuild", "重建指标数")],
        resources: &[("indicator", "指标")],
        ..Words::NONE
    },
    carriers,
    ..Mechanism::EMPTY
};

static INDICATOR: Kind = Kind {
    place: 70,
    word: "指标",
    folder: "standing/indicators",
    test: ("tests/walk.rs", "every_indicator_and_target_opens"),
};
static TARGET: Kind = Kind {
    place: 110,
    word: "目标",
    folder: "standing/indicators",
    test: ("tests/walk.rs", "every_indicator_and_target_opens"),
};

fn carriers(section: &mut Section<'_>) {
    let indicators = &section.programme.indicators;
    section.items(&INDICATOR, ("indicator", indicators), |one| {
        (std::slice::from_ref(&one.clause), &one.id, &one.name, format!("/indicators/{}", one.id))
    });
    for one in &section.programme.targets {
        let before = section.found.len();
        let item = ProgrammeItem { section: "target", id: &one.id, name: &one.name };
        section.item(&TARGET, std::slice::from_ref(&one.clause), item, "/targets".to_owned());
        for made in section.found.iter_mut().skip(before) {
            made.holds = one.indicator.is_some() || !one.aim.measured();
        }
    }
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/targets", Access::Can("indicator", "read"), pages::list::targets)
            .about(Subject::None, "目标与指标"),
        route!(Get "/indicators/{id}", Access::Can("indicator", "read"), pages::show::show)
            .about(Subject::Open, "打开一个指标"),
        route!(Post "/indicators/{id}/remark", Access::Can("remark", "write"), pages::say::write)
            .about(Subject::Open, "对一个数提意见"),
    ]
}

/// Whether an indicator counts schools by how they stand, so that claimed and confirmed are one number.
pub fn is_state(of: &Indicator) -> bool {
    matches!(
        of.of,
        IndicatorOf::Paired
            | IndicatorOf::Signed
            | IndicatorOf::Planned
            | IndicatorOf::Attained { .. }
            | IndicatorOf::Level { .. }
    )
}

/// Whether something holds of an indicator, or of both that a share divides.
fn of_both(programme: &Programme, of: &Indicator, holds: fn(&IndicatorOf) -> bool) -> bool {
    match &of.of {
        IndicatorOf::Ratio { numerator, denominator } => {
            let parts = [numerator, denominator].map(|id| programme.indicator(id));
            parts.iter().all(|part| part.is_some_and(|part| holds(&part.of)))
        }
        other => holds(other),
    }
}

/// Whether it is known what of it was reported on an earlier day: each change is kept. What follows from dated facts is
/// known as it is now.
pub fn is_kept(programme: &Programme, of: &Indicator) -> bool {
    of_both(programme, of, |of| {
        matches!(
            of,
            IndicatorOf::Entries { .. }
                | IndicatorOf::Covered { .. }
                | IndicatorOf::Outputs { .. }
                | IndicatorOf::Profile { .. }
        )
    })
}

/// Whether it grows month by month, so that one may ask for some months of a year.
pub fn has_months(programme: &Programme, of: &Indicator) -> bool {
    of_both(programme, of, |of| {
        matches!(of, IndicatorOf::Entries { .. } | IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. })
    })
}

/// Whether all that it counts stands on pairings, so that one may ask for one of them.
pub fn has_pairings(programme: &Programme, of: &Indicator) -> bool {
    of_both(programme, of, |of| {
        matches!(
            of,
            IndicatorOf::Entries { .. } | IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned
        )
    })
}

/// The two figures of an indicator for one cut: claimed and confirmed, both opening to the same rows.
pub fn pair(of: &Indicator, reading: &Reading, cut: &Slice) -> (Figure, Figure) {
    let figure = |pick: fn(&Reading) -> Reported<i64>, which: &str| {
        let href = format!("/indicators/{}?{}", of.id, cut.query());
        let label = format!("{}（{which}）", of.name);
        match (pick(reading), reading.parts.as_slice()) {
            (Reported::Value(value), []) => Figure::rows(value, of.unit, href, label),
            // A ratio opens to the two figures that it divides. Its exact value judges, the rounded one is shown.
            (exact, [above, below]) => {
                let parts = pick(above).value().zip(pick(below).value());
                let shown = parts.and_then(|(above, below)| rounded(above, below));
                let value = shown.map(|shown| of.unit.format(shown));
                Figure { value, ..Figure::of(exact, of.unit, href, label) }
            }
            (other, _) => Figure::of(other, of.unit, href, label),
        }
    };
    (figure(|one| one.claimed, "登记"), figure(|one| one.confirmed, "确认"))
}

/// Of how many county schools of the cut how many told what the figure is made of: claimed, confirmed, and all. Of a share
/// those that told both parts. Whoever told that there are none told it.
pub fn told(of: &Indicator, facts: &Facts, reading: &Reading, cut: &Slice) -> (i64, i64, i64) {
    let rows = reading.parts.last().map_or(&reading.rows, |below| &below.rows);
    let counted: HashSet<&str> = facts.schools_of(cut).map(|place| place.id.as_str()).collect();
    let count = |pick: &dyn Fn(&Row) -> bool| {
        let schools = rows.iter().filter(|row| pick(row)).map(|row| row.school.as_str());
        let found: HashSet<&str> = schools.filter(|school| counted.contains(school)).collect();
        i64::try_from(found.len()).unwrap_or(i64::MAX)
    };
    let all = i64::try_from(counted.len()).unwrap_or(i64::MAX);
    let ratio = !reading.parts.is_empty();
    let profile = matches!(of.of, IndicatorOf::Profile { .. });
    let claimed = count(&|row: &Row| !ratio || row.claimed > 0);
    let sure = |row: &Row| row.confirmed > 0 || (profile && facts.is_accepted(&row.school, cut.year));
    (claimed, count(&sure), all)
}

/// The county schools of the cut that told a confirmed figure of it, nothing being one.
fn tells<'f>(of: &Indicator, facts: &'f Facts, reading: &'f Reading, cut: &'f Slice) -> HashSet<&'f str> {
    let rows = reading.parts.last().map_or(&reading.rows, |below| &below.rows);
    let profile = matches!(of.of, IndicatorOf::Profile { .. });
    let told: HashSet<&str> =
        rows.iter().filter(|row| row.confirmed > 0).map(|row| row.school.as_str()).collect();
    let is_told = |id: &str| told.contains(id) || (profile && facts.is_accepted(id, cut.year));
    facts.schools_of(cut).map(|place| place.id.as_str()).filter(|id| is_told(id)).collect()
}

/// How many schools have a confirmed figure, and how many county schools the cut has: what stands beside a figure that is
/// made of theirs.
pub fn told_figures(of: &Indicator, facts: &Facts, reading: &Reading, cut: &Slice) -> (Figure, Figure) {
    let (_, confirmed, all) = told(of, facts, reading, cut);
    let href = format!("/indicators/{}?{}", of.id, cut.query());
    let figure = |count, label: &str| Figure::of(Reported::Value(count), Unit::Schools, &href, label);
    (figure(confirmed, "有确认数的院校"), figure(all, "范围内的县级院校"))
}

/// What is confirmed of each indicator at one school in a window: what happened within it, what stands on its last day,
/// what the year-profile of its last year says. Indicators that are states of schools or pairings are left out.
pub async fn school_figures(
    tx: &mut Tx,
    programme: &Programme,
    school: &str,
    window: Period,
) -> Result<HashMap<String, Reported<i64>>> {
    let sums = contributions::of_school(tx, school, window).await?;
    let sums = SchoolSums::of(&sums);
    let figure = |of: &Indicator| Some((of.id.clone(), sums.confirmed(programme, of, school)?));
    Ok(programme.indicators.iter().filter_map(figure).collect())
}

/// The same by the end of a month, from January on, by the kept sums of months and years: however much a school has
/// done, the things behind them are not read.
pub async fn school_by_month(
    tx: &mut Tx,
    programme: &Programme,
    school: &str,
    month: i64,
) -> Result<HashMap<String, Reported<i64>>> {
    let mut sums: HashMap<String, SchoolSum> = HashMap::new();
    for part in contributions::until_month(tx, school, month).await? {
        let sum = sums.entry(part.indicator.clone()).or_insert_with(|| SchoolSum {
            school: school.to_owned(),
            indicator: part.indicator.clone(),
            within: 0,
            until: 0,
            of_year: 0,
            reported: 0,
        });
        sum.until += part.confirmed;
        if part.month > 0 {
            sum.within += part.confirmed;
            sum.of_year += part.confirmed;
            sum.reported += 1;
        }
    }
    let sums: Vec<SchoolSum> = sums.into_values().collect();
    let sums = SchoolSums::of(&sums);
    let figure = |of: &Indicator| Some((of.id.clone(), sums.confirmed(programme, of, school)?));
    Ok(programme.indicators.iter().filter_map(figure).collect())
}

/// The same of one indicator, at each of these schools: asked once for all of them.
pub async fn schools_figures(
    tx: &mut Tx,
    programme: &Programme,
    of: &Indicator,
    (schools, window): (&[&str], Period),
) -> Result<HashMap<String, Reported<i64>>> {
    let parts = match &of.of {
        IndicatorOf::Ratio { numerator, denominator } => (numerator.as_str(), denominator.as_str()),
        _ => (of.id.as_str(), of.id.as_str()),
    };
    let sums = contributions::of_schools(tx, parts, window).await?;
    let sums = SchoolSums::of(&sums);
    let figure = |school: &&str| Some(((*school).to_owned(), sums.confirmed(programme, of, school)?));
    Ok(schools.iter().filter_map(figure).collect())
}

/// Sums of schools, by school and indicator.
struct SchoolSums<'s>(HashMap<(&'s str, &'s str), &'s SchoolSum>);

impl<'s> SchoolSums<'s> {
    fn of(sums: &'s [SchoolSum]) -> Self {
        Self(sums.iter().map(|sum| ((sum.school.as_str(), sum.indicator.as_str()), sum)).collect())
    }

    fn reading(&self, of: &Indicator, school: &str) -> Option<Reading> {
        let sum = self.0.get(&(school, of.id.as_str()));
        let value = match of.of {
            IndicatorOf::Entries { .. } => sum.map_or(0, |sum| sum.within),
            IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. } => sum.map_or(0, |sum| sum.until),
            IndicatorOf::Profile { .. } => sum.filter(|sum| sum.reported > 0)?.of_year,
            _ => return None,
        };
        let row = Row { id: school.to_owned(), school: school.to_owned(), claimed: value, confirmed: value };
        let reading = Reading::of_rows(of.unit, vec![row]);
        Some(if counts_schools(of) { distinct_schools(&reading) } else { reading })
    }

    /// None of an indicator that is a state of schools or pairings.
    fn confirmed(&self, programme: &Programme, of: &Indicator, school: &str) -> Option<Reported<i64>> {
        match &of.of {
            IndicatorOf::Ratio { numerator, denominator } => {
                let (above, below) = (programme.indicator(numerator)?, programme.indicator(denominator)?);
                let over = self.reading(above, school).unwrap_or_else(|| Reading::unknown(above.unit));
                let under = self.reading(below, school).unwrap_or_else(|| Reading::unknown(below.unit));
                Some(ratio(of.unit, above, &over, &under).confirmed)
            }
            _ if is_state(of) => None,
            _ => {
                let reading = self.reading(of, school);
                Some(reading.map_or(Reported::NotReported, |reading| reading.confirmed))
            }
        }
    }
}
