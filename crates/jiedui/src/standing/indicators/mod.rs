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

mod actions;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, ProgrammeItem, Section};
use crate::shared::contributions;
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_kernel::{Period, Reported, Result, Unit};
use jiedui_programme::{Indicator, IndicatorOf, Programme, Reading, Row, ratio};
use jiedui_store::Tx;
use jiedui_web::figure::Figure;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::HashMap;

pub use actions::verify::{ensure, measure, must_agree_with_log, rebuild, verify, world};
pub use rules::facts::Facts;
pub use rules::slice::Slice;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/standing/indicators",
    routes,
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
        route!(Get "/targets", Access::Can("indicator", "read"), pages::targets::targets)
            .about(Subject::None, "目标与指标"),
        route!(Get "/indicators/{id}", Access::Can("indicator", "read"), pages::show::show)
            .about(Subject::Open, "打开一个指标"),
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

/// The two figures of an indicator for one cut: claimed and confirmed, both opening to the same rows.
pub fn pair(of: &Indicator, reading: &Reading, cut: &Slice) -> (Figure, Figure) {
    let figure = |value: Reported<i64>, which: &str| {
        let href = format!("/indicators/{}?{}", of.id, cut.query());
        let label = format!("{}（{which}）", of.name);
        match value {
            Reported::Value(value) if reading.parts.is_empty() => Figure::rows(value, of.unit, href, label),
            // A ratio opens to the two figures that it divides.
            other => Figure::of(other, of.unit, href, label),
        }
    };
    (figure(reading.claimed, "登记"), figure(reading.confirmed, "确认"))
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
    let sums: HashMap<&str, &contributions::SchoolSum> =
        sums.iter().map(|sum| (sum.indicator.as_str(), sum)).collect();
    let reading = |of: &Indicator| {
        let sum = sums.get(of.id.as_str());
        let value = match of.of {
            IndicatorOf::Entries { .. } => sum.map_or(0, |sum| sum.within),
            IndicatorOf::Covered { .. } | IndicatorOf::Outputs { .. } => sum.map_or(0, |sum| sum.until),
            IndicatorOf::Profile { .. } => sum.filter(|sum| sum.reported > 0)?.of_year,
            _ => return None,
        };
        let row = Row { id: school.to_owned(), school: school.to_owned(), claimed: value, confirmed: value };
        Some(Reading::of_rows(of.unit, vec![row]))
    };
    let value = |of: &Indicator| match &of.of {
        IndicatorOf::Ratio { numerator, denominator } => {
            let (above, below) = (programme.indicator(numerator)?, programme.indicator(denominator)?);
            let unknown = |unit: Unit| Reading::unknown(unit);
            let over = reading(above).unwrap_or_else(|| unknown(above.unit));
            let under = reading(below).unwrap_or_else(|| unknown(below.unit));
            Some(ratio(of.unit, above, &over, &under).confirmed)
        }
        _ if is_state(of) => None,
        _ => Some(reading(of).map_or(Reported::NotReported, |reading| reading.confirmed)),
    };
    Ok(programme.indicators.iter().filter_map(|of| Some((of.id.clone(), value(of)?))).collect())
}
