//! What each thing adds to each indicator, kept as it changes: figures without folding everything again, and what was
//! reported on a day.

use jiedui_kernel::Result;
use jiedui_programme::{Fact, OutputFact, ProfileFact, Programme};
use jiedui_store::Tx;

/// A thing as it stands after a change.
pub enum Moved<'a> {
    Entry(&'a Fact),
    Output(&'a OutputFact),
    Profile(&'a ProfileFact),
}

/// To be called by whoever changed a thing, in the same transaction, after the change.
pub async fn moved(_tx: &mut Tx, _programme: &Programme, _thing: Moved<'_>) -> Result<()> {
    Ok(())
}
