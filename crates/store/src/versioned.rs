//! The one way to change a row that somebody else may have changed since it was read.

use crate::args::Arg;
use crate::found::{Found, Keyed};
use crate::statement::{Listed, Statement};
use crate::tx::Tx;
use jiedui_kernel::{Error, Result};
use std::fmt;
use std::marker::PhantomData;

/// What a version is written on: a row that was found in scope, or the id of one whose table knows no scope.
pub trait Target {
    fn id(&self) -> &str;
}

impl Target for str {
    fn id(&self) -> &str {
        self
    }
}

impl<R: Keyed> Target for Found<R> {
    fn id(&self) -> &str {
        self.key()
    }
}

/// A statement that changes one row at a version: what [`sql!`](crate::sql!) declares as `versioned`. It is none of the
/// statements that [`Tx::write`] takes, so that nobody forgets to ask whether the row was still at that version. Where it is
/// declared `versioned on` a row, it takes a [`Found`] one and nothing else, neither an id nor the row of another table.
///
/// ```
/// # struct Need { id: String }
/// # impl jiedui_store::Keyed for Need { fn key(&self) -> &str { &self.id } }
/// jiedui_store::sql! { MOVE: versioned on Need, "UPDATE need SET state = $3" }
/// fn moved(found: &jiedui_store::Found<Need>) -> jiedui_store::VersionedCall {
///     MOVE.at(found, 1, jiedui_store::args!["closed"])
/// }
/// ```
/// ```compile_fail
/// # struct Need { id: String }
/// # impl jiedui_store::Keyed for Need { fn key(&self) -> &str { &self.id } }
/// jiedui_store::sql! { MOVE: versioned on Need, "UPDATE need SET state = $3" }
/// fn moved(id: &str) -> jiedui_store::VersionedCall {
///     MOVE.at(id, 1, jiedui_store::args!["closed"])
/// }
/// ```
/// ```compile_fail
/// # struct Need { id: String }
/// # impl jiedui_store::Keyed for Need { fn key(&self) -> &str { &self.id } }
/// jiedui_store::sql! { LOCK: locked on Need, "need" }
/// async fn locked(tx: &mut jiedui_store::Tx, found: &jiedui_store::Found<Need>) {
///     let _ = tx.change(found, &LOCK, jiedui_store::args![1_i64]).await;
/// }
/// ```
pub struct Versioned<T: ?Sized> {
    statement: Statement,
    target: PhantomData<fn(&T)>,
}

impl<T: ?Sized> Versioned<T> {
    /// What [`sql!`](crate::sql!) makes.
    pub const fn of(statement: Statement) -> Self {
        Self { statement, target: PhantomData }
    }

    /// As one of all statements.
    pub const fn listed(&'static self) -> Listed {
        self.statement.listed()
    }

    pub const fn names(&self) -> &'static [&'static str] {
        self.statement.names
    }
}

impl<T: Target + ?Sized> Versioned<T> {
    /// For this row, read at this version; `values` from `$3` on.
    pub fn at(&'static self, row: &T, version: i64, values: Vec<Arg>) -> VersionedCall {
        let mut args = vec![Arg::from(row.id()), Arg::from(version)];
        args.extend(values);
        VersionedCall { statement: &self.statement, args }
    }

    /// What [`named!`](crate::named!) makes.
    pub fn call<const N: usize>(&'static self, order: [usize; N], given: [Arg; N]) -> VersionedValues<T> {
        VersionedValues { statement: self, values: crate::named::ordered(order, given) }
    }
}

impl<T: ?Sized> fmt::Debug for Versioned<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.statement.fmt(to)
    }
}

/// The same with its values, the version among them, and no row yet.
#[derive(Debug)]
pub struct VersionedValues<T: ?Sized + 'static> {
    statement: &'static Versioned<T>,
    values: Vec<Arg>,
}

impl<T: Target + ?Sized> VersionedValues<T> {
    /// For this row.
    pub fn on(self, row: &T) -> VersionedCall {
        let mut args = vec![Arg::from(row.id())];
        args.extend(self.values);
        VersionedCall { statement: &self.statement.statement, args }
    }
}

/// The same with its row and all values.
#[derive(Debug)]
pub struct VersionedCall {
    statement: &'static Statement,
    args: Vec<Arg>,
}

impl VersionedCall {
    /// Writes the row; where it is no longer at that version, nothing is written and `Conflict` says these words.
    pub async fn write(self, tx: &mut Tx, changed: &str) -> Result<()> {
        match tx.write(self.statement, self.args).await? {
            0 => Err(Error::Conflict(changed.to_owned())),
            _ => Ok(()),
        }
    }
}
