//! Of how many schools how many told; and of a share what is divided, and by which schools.

use super::super::Facts;
use super::super::Slice;
use super::super::{is_state, told};
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::{Indicator, IndicatorOf, Programme, Reading};
use jiedui_web::figure::{Figure, Link};
use serde::Serialize;
use std::collections::BTreeMap;

/// A figure is only as whole as what is told.
#[derive(Serialize)]
pub struct Coverage {
    /// What those who told have done: 已填报这个数的, 两项都填报的, 有记录的.
    what: &'static str,
    claimed: Figure,
    confirmed: Figure,
    all: Figure,
    /// States of schools have one number.
    single: bool,
}

#[derive(Serialize)]
pub struct Divided {
    label: &'static str,
    name: String,
    claimed: Figure,
    confirmed: Figure,
}

/// One school in a share.
#[derive(Serialize)]
pub struct ShareLine {
    school: Link,
    city: String,
    above: (Figure, Figure),
    below: (Figure, Figure),
}

pub fn coverage(of: &Indicator, facts: &Facts, reading: &Reading, cut: &Slice) -> Coverage {
    let (claimed, confirmed, all) = told(of, facts, reading, cut);
    let (what, href) = match &of.of {
        IndicatorOf::Profile { .. } => ("已填报这个数的", format!("/profiles?year={}", cut.year)),
        IndicatorOf::Ratio { .. } => ("分子、分母都有数的", format!("/indicators/{}?{}", of.id, cut.query())),
        _ if is_state(of) => ("计入的", format!("/indicators/{}?{}", of.id, cut.query())),
        _ => ("有记录的", format!("/indicators/{}?{}", of.id, cut.query())),
    };
    let figure =
        |count: i64, label: &str| Figure::of(Reported::Value(count), Unit::Schools, &href, label.to_owned());
    Coverage {
        what,
        claimed: figure(claimed, "有登记数的院校"),
        confirmed: figure(confirmed, "有确认数的院校"),
        all: figure(all, "范围内的县级院校"),
        single: is_state(of),
    }
}

/// The parts of a share, over the schools that told both; they open to these schools on the same page.
pub fn divided(programme: &Programme, of: &Indicator, reading: &Reading, cut: &Slice) -> Vec<Divided> {
    let IndicatorOf::Ratio { numerator, denominator } = &of.of else { return Vec::new() };
    let found = [("分子", numerator), ("分母", denominator)].into_iter().zip(&reading.parts);
    let here = format!("/indicators/{}?{}#schools", of.id, cut.query());
    found
        .filter_map(|((label, id), part)| {
            let of = programme.indicator(id)?;
            let figure = |value: Reported<i64>, which: &str| {
                Figure::of(value, of.unit, &here, format!("{}（{which}）", of.name))
            };
            let (claimed, confirmed) = (figure(part.claimed, "登记"), figure(part.confirmed, "确认"));
            Some(Divided { label, name: of.name.clone(), claimed, confirmed })
        })
        .collect()
}

/// The schools of which the parts of a share are made, each with its own figures.
pub fn lines(
    programme: &Programme,
    of: &Indicator,
    facts: &Facts,
    reading: &Reading,
    cut: &Slice,
) -> Vec<ShareLine> {
    let IndicatorOf::Ratio { numerator, denominator } = &of.of else { return Vec::new() };
    let ([over, under], Some(above), Some(below)) =
        (reading.parts.as_slice(), programme.indicator(numerator), programme.indicator(denominator))
    else {
        return Vec::new();
    };
    let tops: BTreeMap<&str, (i64, i64)> =
        over.rows.iter().map(|row| (row.school.as_str(), (row.claimed, row.confirmed))).collect();
    let pair = |of: &Indicator, school: &str, (claimed, confirmed): (i64, i64)| {
        let inner = Slice { school: school.to_owned(), ..cut.clone() };
        let href = format!("/indicators/{}?{}", of.id, inner.query());
        let figure = |value: i64, which: &str| {
            Figure::of(Reported::Value(value), of.unit, &href, format!("{}（{which}）", of.name))
        };
        (figure(claimed, "登记"), figure(confirmed, "确认"))
    };
    let line = |row: &jiedui_programme::Row| {
        let place = facts.place(&row.school)?;
        let inner = Slice { school: row.school.clone(), ..cut.clone() };
        let top = tops.get(row.school.as_str()).copied().unwrap_or_default();
        Some(ShareLine {
            school: Link::new(format!("/indicators/{}?{}", of.id, inner.query()), place.name.clone()),
            city: place.city.clone(),
            above: pair(above, &row.school, top),
            below: pair(below, &row.school, (row.claimed, row.confirmed)),
        })
    };
    under.rows.iter().filter_map(line).collect()
}
