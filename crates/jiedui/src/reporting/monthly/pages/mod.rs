//! Pages of the monthly dispatch.

pub mod bulletin;
pub mod list;
pub mod month;
pub mod school;
pub mod told;

use super::rules;
use super::rules::parcel::{Amount, Parcel, ParcelFigure, Restated};
use crate::standing::indicators::Slice;
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::Programme;
use jiedui_web::figure::Figure;
use serde::Serialize;

/// A figure of a month, each part opening to its rows.
#[derive(Debug, Clone, Serialize)]
pub struct FigureLine {
    pub indicator: String,
    pub name: String,
    pub claimed: Figure,
    pub confirmed: Figure,
    pub year_confirmed: Figure,
    /// Confirmed in the month as it was accepted last, where that is another.
    pub accepted: Option<Figure>,
}

/// Where a figure opens to its rows: those of a month, of its year where `whole`, in this part of the province.
fn rows_of(indicator: &str, month: i64, cut: &Slice, whole: bool) -> String {
    let year = i32::try_from(month / 100).unwrap_or_default();
    let slice = Slice { year, month: if whole { 0 } else { month }, ..cut.clone() };
    format!("/indicators/{indicator}?{}", slice.query())
}

pub fn unit_of(programme: &Programme, indicator: &str) -> Unit {
    programme.indicator(indicator).map_or(Unit::Items, |one| one.unit)
}

pub fn figure_line(programme: &Programme, month: i64, figure: &ParcelFigure, cut: &Slice) -> FigureLine {
    let unit = unit_of(programme, &figure.indicator);
    let rows = rows_of(&figure.indicator, month, cut, false);
    let of_year = rows_of(&figure.indicator, month, cut, true);
    let one = |value, href: &str, label: &str| {
        Figure::of(Reported::Value(value), unit, href, label).in_column(unit)
    };
    FigureLine {
        indicator: figure.indicator.clone(),
        name: figure.name.clone(),
        claimed: one(figure.month.claimed, &rows, "本月登记"),
        confirmed: one(figure.month.confirmed, &rows, "本月确认"),
        year_confirmed: one(figure.year.confirmed, &of_year, "本年累计确认"),
        accepted: None,
    }
}

/// A figure of an accepted month that is another now.
#[derive(Debug, Clone, Serialize)]
pub struct RestatedLine {
    pub month: String,
    pub name: String,
    pub was: Figure,
    pub is: Figure,
}

pub fn restated_lines(programme: &Programme, all: &[Restated], cut: &Slice) -> Vec<RestatedLine> {
    let line = |one: &Restated| {
        let of = programme.indicator(&one.indicator);
        let unit = unit_of(programme, &one.indicator);
        let rows = rows_of(&one.indicator, one.month, cut, false);
        let figure = |amount: Amount, label: &str| {
            Figure::of(Reported::Value(amount.confirmed), unit, &rows, label).in_column(unit)
        };
        RestatedLine {
            month: rules::title(one.month),
            name: of.map_or_else(|| one.indicator.clone(), |of| of.name.clone()),
            was: figure(one.was, "原确认"),
            is: figure(one.is, "现确认"),
        }
    };
    // What moved in the claims alone is no figure that anybody reported upwards.
    all.iter().filter(|one| one.was.confirmed != one.is.confirmed).map(line).collect()
}

/// The sums of several parcels, in the programme's order.
pub fn total(programme: &Programme, parcels: &[Parcel]) -> Vec<ParcelFigure> {
    let mut found = Vec::new();
    for of in &programme.indicators {
        let figures = parcels.iter().flat_map(|parcel| &parcel.figures).filter(|one| one.indicator == of.id);
        let sum = figures.fold(None::<ParcelFigure>, |sum, one| match sum {
            None => Some(one.clone()),
            Some(sum) => {
                Some(ParcelFigure { month: sum.month.plus(one.month), year: sum.year.plus(one.year), ..sum })
            }
        });
        found.extend(sum);
    }
    found
}
