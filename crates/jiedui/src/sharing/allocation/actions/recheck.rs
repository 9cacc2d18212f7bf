//! Published allocations, divided again by the running code.

use super::super::data;
use super::super::rules::parcel::{Given, Parcel};
use crate::shared::frozen;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, broken};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "allocation",
    name: "公布的倾斜分配",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

async fn again(tx: &mut Tx, id: &str, _: Running<'_>) -> Result<Again> {
    let (text, digest) = tx.one::<(String, String)>(&data::KEPT_TEXT, args![id]).await?;
    let parcel: Parcel = frozen::read(&text, format_args!("the allocation {id}"))?;
    let mut found: Vec<Otherwise> = broken(&text, &digest).into_iter().collect();
    found.extend(divided(&parcel));
    Ok(Again { title: parcel.title, href: format!("/allocations/{id}"), found })
}

/// Who gets another share of the same rule and the same bases.
fn divided(parcel: &Parcel) -> Vec<Otherwise> {
    let now = match parcel.asked.divide() {
        Ok(now) => now.given(),
        Err(errors) => {
            let why: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            return vec![Otherwise::new("按规则分配", "分得下", why.join("；"))];
        }
    };
    let name = |school: &str| parcel.asked.claim(school).map_or(school.to_owned(), |one| one.name.clone());
    let share = |of: Option<&Given>| of.map_or("没有".to_owned(), |one| one.given.to_string());
    let differing = now.iter().filter_map(|one| {
        let was = parcel.given.iter().find(|was| was.school == one.school);
        (was != Some(one)).then(|| Otherwise::new(name(&one.school), share(was), share(Some(one))))
    });
    let gone = parcel.given.iter().filter(|was| now.iter().all(|one| one.school != was.school));
    let gone = gone.map(|was| Otherwise::new(name(&was.school), share(Some(was)), share(None)));
    differing.chain(gone).collect()
}
