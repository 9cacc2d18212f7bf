//! Certificates that hold: what stands on one is copied from the ledger and counted by nothing, so that only the text can be
//! another.

use super::super::data;
use super::super::rules::Parcel;
use crate::shared::frozen;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, broken};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "certificate",
    name: "协作经历证明",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, _| Box::pin(again(tx, id)),
};

async fn again(tx: &mut Tx, id: &str) -> Result<Again> {
    let (text, digest) = tx.one::<(String, String)>(&data::KEPT_TEXT, args![id]).await?;
    let parcel: Parcel = frozen::read(&text, format_args!("the certificate {id}"))?;
    let title = format!("{} {}", parcel.org, parcel.number);
    let found = broken(&text, &digest).into_iter().collect();
    Ok(Again { title, href: format!("/certificates/{id}"), found })
}
