//! Whom somebody at an organisation asks.

use super::data;
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

/// The names of the offices above an organisation, the nearest first.
pub async fn names_above(tx: &mut Tx, org: &str) -> Result<Vec<String>> {
    let (path,) = tx.one::<(String,)>(&data::PATH, args![org]).await?;
    let mut names = Vec::new();
    for id in path.rsplit('/').filter(|id| !id.is_empty() && *id != org) {
        names.extend(tx.maybe::<(String,)>(&data::OFFICE, args![id]).await?.map(|(name,)| name));
    }
    Ok(names)
}
