//! Frozen assessments: their points made again by the running code, and whether the figures they were made from are still
//! counted as they were.

use super::super::data;
use super::super::rules::parcel::{Outturn, Parcel, Subject};
use super::super::rules::words;
use crate::shared::frozen;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, broken};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "assessment",
    name: "定稿的考核",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let (text, digest) = tx.one::<(String, String)>(&data::KEPT_TEXT, args![id]).await?;
    let parcel: Parcel = frozen::read(&text, format_args!("the assessment {id}"))?;
    let mut found: Vec<Otherwise> = broken(&text, &digest).into_iter().collect();
    found.extend(assessed(&parcel));
    found.extend(counted(&parcel, running));
    Ok(Again { title: parcel.title, href: format!("/assessments/{id}"), found })
}

fn points(of: &Outturn) -> String {
    let least = words::points(of.least);
    if of.least == of.most { least } else { format!("{least}–{}", words::points(of.most)) }
}

/// Who gets other points or another band of the same scheme and the same figures.
fn assessed(parcel: &Parcel) -> Vec<Otherwise> {
    let Ok(now) = parcel.asked.outturns() else {
        return vec![Otherwise::new("按办法计分", "算得出", "算不出")];
    };
    let name = |id: &str| parcel.asked.subject(id).map_or(id.to_owned(), |one| one.name.clone());
    let pairs = parcel.outturns.iter().map(|was| (was, now.iter().find(|one| one.subject == was.subject)));
    let told = |of: &Outturn| {
        let band = parcel.asked.scheme.results.iter().find(|one| Some(&one.id) == of.band.as_ref());
        format!("{} {}", points(of), band.map_or("", |band| band.name.as_str())).trim_end().to_owned()
    };
    pairs
        .filter(|(was, one)| *one != Some(*was))
        .map(|(was, one)| Otherwise::new(name(&was.subject), told(was), one.map_or("没有".to_owned(), told)))
        .collect()
}

/// The figures of schools, of the year that was assessed and of that from which was counted, that are counted otherwise.
/// What they become is told where they are counted; here is told who was assessed by them.
fn counted(parcel: &Parcel, running: Running<'_>) -> Vec<Otherwise> {
    let asked = &parcel.asked;
    let years = [asked.year, asked.scheme.baseline(asked.year)];
    let moved = |subject: &Subject, indicator: &str| {
        !subject.school.is_empty()
            && years.iter().any(|year| {
                let months = i64::from(*year) * 100 + 1..=i64::from(*year) * 100 + 12;
                running.shifts.of(indicator, Some(&subject.school), months).is_some()
            })
    };
    let mut found = Vec::new();
    for (measured, yardstick) in asked.scheme.measured.iter().zip(&asked.yardsticks) {
        for subject in asked.subjects.iter().filter(|subject| moved(subject, &measured.indicator)) {
            let figure = format!("{}：{}", subject.name, yardstick.name);
            found.push(Otherwise::new(figure, "按当时的统计", "依据的数变了，要重新计算"));
        }
    }
    found
}
