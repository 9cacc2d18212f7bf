//! Pages of assessments, and what they show alike: the scheme in words.

pub mod list;
pub mod new;
pub mod objection;
pub mod sheet;
pub mod show;
mod table;

use super::rules::parcel::Asked;
use super::rules::words;
use jiedui_kernel::Unit;
use serde::Serialize;

/// The sentence that asks for it.
pub const CLAUSE: &str = "S4.3";

/// A year as pages show it.
#[derive(Serialize)]
pub struct YearView {
    value: String,
    text: String,
}

pub fn year(year: i32) -> YearView {
    YearView { value: year.to_string(), text: format!("{year}年度") }
}

/// The scheme in words.
#[derive(Serialize)]
pub struct SchemeView {
    name: String,
    about: String,
    our_reading: bool,
    assessed: &'static str,
    base: YearView,
    spread: String,
    objection: String,
    /// Each band, and from how many points on.
    bands: Vec<(String, String)>,
    /// Each indicator with its weight.
    weights: Vec<(String, String)>,
}

pub fn scheme(asked: &Asked) -> SchemeView {
    let of = &asked.scheme;
    let weighed = of.measured.iter().zip(&asked.yardsticks);
    SchemeView {
        name: of.name.clone(),
        about: of.about.clone(),
        our_reading: of.our_reading,
        assessed: of.assessed.label(),
        base: year(of.baseline(asked.year)),
        spread: format!("{}%", Unit::BasisPoints.format(of.spread * 10)),
        objection: format!("{} 个工作日", of.objection_workdays),
        bands: of
            .results
            .iter()
            .map(|band| (band.name.clone(), format!("{} 分起", words::points(of.total * band.from))))
            .collect(),
        weights: weighed.map(|(of, one)| (one.name.clone(), format!("{} 分", of.weight))).collect(),
    }
}
