//! Kept answers, held against the running code: the parts of each must add up, and what the figures behind it are
//! counted as by this code is told for each part of the province that it named.

use super::super::data::{self, AnswerRow, QuestionRow, Split};
use super::super::rules::answer::{Answer, AnswerCell, AnswerFigure};
use super::super::rules::{self, Asked};
use super::{find, text_of};
use crate::shared::contributions::{self, OrgLocation, month_of};
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, amounts, broken};
use crate::standing::indicators::Slice;
use jiedui_kernel::{Period, Result};
use jiedui_programme::{Indicator, IndicatorOf, span};
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "answer",
    name: "存下的临时要数",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

/// All answers that were kept to one question: each is read by itself.
async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let row = find(tx, id).await?;
    let places = contributions::places(tx).await?;
    let mut found = Vec::new();
    for number in 1..=row.answers {
        let kept: AnswerRow = tx.one(&data::ANSWER, args![id, number]).await?;
        let answer = text_of(&kept)?;
        found.extend(broken(&kept.text, &kept.digest));
        let whole = answer.adds_up();
        found.extend((!whole).then(|| Otherwise::new("各部分之和", "与合计相符", "与合计不符")));
        found.extend(counted(&row, &answer, &places, running));
    }
    Ok(Again { title: row.title.clone(), href: format!("/questions/{id}"), found })
}

/// The figures of an answer, part by part, that the running code counts otherwise.
pub fn counted(
    row: &QuestionRow,
    answer: &Answer,
    places: &[OrgLocation],
    running: Running<'_>,
) -> Vec<Otherwise> {
    let asked = Asked::of(row);
    let host = places.iter().find(|place| place.id == row.host);
    let own = rules::area(host, &row.host_kind);
    let mut found = Vec::new();
    for unit in &answer.units {
        let part = area_of(&own, asked.split, &unit.key);
        // What came after the day of the answer is none of it.
        let window = asked.slice(part.clone()).window();
        let window = window.and_then(|window| Period::new(window.from, window.to.min(answer.as_of)));
        let Some(window) = window else { continue };
        for (figure, cell) in answer.figures.iter().zip(&unit.cells) {
            let Some(of) = running.programme.indicator(&figure.indicator) else { continue };
            let called = format!("{}：{}（{}）", unit.name, figure.name, answer.as_of);
            match &of.of {
                IndicatorOf::Ratio { numerator, denominator } => {
                    found.extend(shared(called, [numerator, denominator], (&part, window), places, running));
                }
                _ => {
                    if let Some(by) = moved(of, (&part, window), places, running) {
                        found.push(told(called, figure, cell, by));
                    }
                }
            }
        }
    }
    found
}

/// The part of the province that a unit of the answer is.
fn area_of(own: &Slice, split: Split, key: &str) -> Slice {
    if key.is_empty() {
        return own.clone();
    }
    let key = key.to_owned();
    match split {
        Split::Whole => own.clone(),
        Split::City => Slice { city: key, ..own.clone() },
        Split::County => Slice { county: key, city: String::new(), ..own.clone() },
        Split::School => Slice { school: key, city: String::new(), county: String::new(), ..own.clone() },
    }
}

/// By how much an indicator is counted otherwise in a part of the province; none where it is not.
fn moved(
    of: &Indicator,
    (part, window): (&Slice, Period),
    places: &[OrgLocation],
    running: Running<'_>,
) -> Option<(i64, i64)> {
    let days = span(&of.of, window)?;
    let months = month_of(days.from)..=month_of(days.to);
    if !part.is_narrowed() {
        return running.shifts.of(&of.id, None, months);
    }
    let here = places.iter().filter(|place| part.holds(place));
    let each = here.filter_map(|place| running.shifts.of(&of.id, Some(&place.id), months.clone()));
    let sum = each.fold((0, 0), |sum, by| (sum.0 + by.0, sum.1 + by.1));
    (sum != (0, 0)).then_some(sum)
}

fn told(called: String, figure: &AnswerFigure, cell: &AnswerCell, by: (i64, i64)) -> Otherwise {
    let was = (cell.claimed.value.value().unwrap_or(0), cell.confirmed.value.value().unwrap_or(0));
    let words = |both: (i64, i64)| match figure.single {
        true => figure.unit.format(both.1),
        false => amounts(figure.unit, both),
    };
    Otherwise::new(called, words(was), words((was.0 + by.0, was.1 + by.1)))
}

/// A share is no sum: what it is made of is named, and has to be divided again.
fn shared(
    called: String,
    parts: [&String; 2],
    at: (&Slice, Period),
    places: &[OrgLocation],
    running: Running<'_>,
) -> Option<Otherwise> {
    let known = parts.into_iter().filter_map(|id| running.programme.indicator(id));
    let names: Vec<&str> =
        known.filter(|of| moved(of, at, places, running).is_some()).map(|of| of.name.as_str()).collect();
    let called = format!("{called}，依据{}", names.join("、"));
    (!names.is_empty()).then(|| Otherwise::new(called, "按当时的统计", "依据的数变了，要重新计算"))
}
