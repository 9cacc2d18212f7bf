//! Preparing a version, rehearsing it, and taking one up.

mod follow;
mod prepare;
mod rehearse;
mod take_up;

pub use follow::{chosen, follow};
pub use prepare::{activate, drop_version, prepare};
pub use rehearse::{REHEARSE, effects};
pub use take_up::{choose, files_of, held_against, in_use, take_up};

use super::data::{self, VersionRow};
use super::rules::State;
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

/// The version that somebody prepares; there is one at most.
pub async fn prepared(tx: &mut Tx) -> Result<Option<VersionRow>> {
    tx.maybe(&data::IN_STATE, args![State::Prepared]).await
}

/// The version in use, where it is on record.
pub async fn active(tx: &mut Tx) -> Result<Option<VersionRow>> {
    tx.maybe(&data::IN_STATE, args![State::Active]).await
}
