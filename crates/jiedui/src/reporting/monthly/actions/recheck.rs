//! Accepted months, held against the running code.

use super::super::rules::parcel::{Amount, Parcel};
use super::super::{data, rules};
use crate::planning::projects::rules::project_mark;
use crate::shared::frozen;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, amounts, broken};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "month",
    name: "接收的月调度",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let (text, digest) = tx.one::<(String, String)>(&data::KEPT_TEXT, args![id]).await?;
    let parcel: Parcel = frozen::read(&text, format_args!("the month {id}"))?;
    let mut found: Vec<Otherwise> = broken(&text, &digest).into_iter().collect();
    let torn = parcel.differing();
    found.extend(torn.into_iter().map(|name| Otherwise::new(name, "合计与明细相符", "合计与明细不符")));
    let last = rules::days(parcel.month).map(|days| days.to).unwrap_or_default();
    found.extend(parcel.misjudged(last).into_iter().map(|(title, said, follows)| {
        Otherwise::new(title, project_mark(said).label, project_mark(follows).label)
    }));
    found.extend(counted(&parcel, running));
    let title = format!("{} {}", crate::shared::contributions::month_title(parcel.month), parcel.school.name);
    Ok(Again { title, href: format!("/months/{}/schools/{}", parcel.month, parcel.school.id), found })
}

/// The figures of the month, and from January to it, that the running code counts otherwise.
pub fn counted(parcel: &Parcel, running: Running<'_>) -> Vec<Otherwise> {
    let (month, january) = (parcel.month, parcel.month / 100 * 100 + 1);
    let mut found = Vec::new();
    for of in &running.programme.indicators {
        let said = parcel.figures.iter().find(|figure| figure.indicator == of.id);
        let said = said.map(|figure| (figure.month, figure.year)).unwrap_or_default();
        for (what, was, months) in [("本月", said.0, month..=month), ("本年累计", said.1, january..=month)]
        {
            let by = running.shifts.of(&of.id, Some(&parcel.school.id), months);
            let Some(by) = by else { continue };
            let Amount { claimed, confirmed } = was;
            let becomes = amounts(of.unit, (claimed + by.0, confirmed + by.1));
            let figure = format!("{}（{what}）", of.name);
            found.push(Otherwise::new(figure, amounts(of.unit, (claimed, confirmed)), becomes));
        }
    }
    found
}
