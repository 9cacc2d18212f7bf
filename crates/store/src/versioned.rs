//! The one way to change a row that somebody else may have changed since it was read.

use crate::args::Arg;
use crate::statement::{Listed, Statement};
use crate::tx::Tx;
use jiedui_kernel::{Error, Result};

/// A statement that changes one row at a version: what [`sql!`](crate::sql!) declares as `versioned`. It is none of the
/// statements that [`Tx::write`] takes, so that nobody forgets to ask whether the row was still at that version.
#[derive(Debug)]
pub struct Versioned {
    statement: Statement,
    pub names: &'static [&'static str],
}

impl Versioned {
    /// What [`sql!`](crate::sql!) makes.
    pub const fn new(statement: Statement) -> Self {
        let names = statement.names;
        Self { statement, names }
    }

    /// As one of all statements.
    pub const fn listed(&'static self) -> Listed {
        Listed(&self.statement)
    }

    /// For the row of this id, read at this version; `values` from `$3` on.
    pub fn at(&'static self, id: &str, version: i64, values: Vec<Arg>) -> VersionedCall {
        let mut args = vec![Arg::from(id), Arg::from(version)];
        args.extend(values);
        VersionedCall { statement: self, args }
    }
}

/// The same with its values.
#[derive(Debug)]
pub struct VersionedCall {
    statement: &'static Versioned,
    args: Vec<Arg>,
}

impl VersionedCall {
    pub(crate) fn new(statement: &'static Versioned, args: Vec<Arg>) -> Self {
        Self { statement, args }
    }

    /// Writes the row; where it is no longer at that version, nothing is written and `Conflict` says these words.
    pub async fn write(self, tx: &mut Tx, changed: &str) -> Result<()> {
        match tx.write(&self.statement.statement, self.args).await? {
            0 => Err(Error::Conflict(changed.to_owned())),
            _ => Ok(()),
        }
    }
}
