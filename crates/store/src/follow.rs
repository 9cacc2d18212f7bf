//! Who is told of the rows that a transaction writes: what is kept of them elsewhere follows when it commits.

use crate::tx::Tx;
use jiedui_kernel::Result;

/// Told of each row that the audit log keeps when it is written, by its table and its key.
#[derive(Debug)]
pub struct Follower(pub fn(&mut Tx, &'static str, &str) -> Result<()>);

inventory::collect!(Follower);

impl Tx {
    pub(crate) fn tell_followers(&mut self, table: &'static str, key: &str) -> Result<()> {
        inventory::iter::<Follower>.into_iter().try_for_each(|follower| (follower.0)(self, table, key))
    }
}
