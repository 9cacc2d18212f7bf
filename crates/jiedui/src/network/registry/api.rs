//! What programs read of people: posts, in the order of their ids.

use super::data::{self, HeldPost};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

/// The next posts behind an id at organisations visible to the caller, and no more than so many.
pub async fn posts_after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<HeldPost>> {
    if tx.actor().scope.is_narrow() {
        tx.all(&data::POSTS_OF_FEW, args![after, most]).await
    } else {
        tx.all(&data::POSTS_AFTER, args![after, most]).await
    }
}

/// A post at an organisation visible to the caller.
pub async fn held_post(tx: &mut Tx, id: &str) -> Result<HeldPost> {
    tx.one(&data::HELD_POST, args![id]).await
}

/// The posts of a person at organisations visible to the caller.
pub async fn posts_of_person(tx: &mut Tx, person: &str) -> Result<Vec<HeldPost>> {
    tx.all(&data::POSTS_OF_PERSON, args![person]).await
}
