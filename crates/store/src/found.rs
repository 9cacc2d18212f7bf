//! What a write on a scoped table hangs on: a row that the caller was shown to reach. A handler is given an id by an
//! address; whether its row is the caller's to change, only a statement that is bounded by scope can say. So such a
//! statement alone makes a [`Found`], and a write declared `on` a row takes nothing else: `$1` is the id of what was found
//! (docs/decisions/0017-found-before-written.md).

use crate::args::Arg;
use crate::named::Call;
use crate::statement::{Listed, Statement};
use crate::tx::{Row, Tx};
use jiedui_kernel::Result;
use serde::{Serialize, Serializer};
use std::marker::PhantomData;
use std::ops::Deref;

/// A row with the id that the statements which are written `on` it take as `$1`.
pub trait Keyed {
    fn key(&self) -> &str;
}

/// A row that a statement bounded by scope yielded. It can be read like the row, and not be made in any other way.
///
/// ```compile_fail
/// # struct Need { id: String }
/// let need = jiedui_store::Found { row: Need { id: "somebody else's".to_owned() } };
/// ```
#[derive(Debug, Clone)]
pub struct Found<R> {
    row: R,
}

impl<R> Found<R> {
    pub(crate) fn new(row: R) -> Self {
        Self { row }
    }

    /// The row alone, for reading.
    pub fn into_row(self) -> R {
        self.row
    }
}

impl<R> Deref for Found<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

impl<R> AsRef<R> for Found<R> {
    fn as_ref(&self) -> &R {
        &self.row
    }
}

impl<R: Serialize> Serialize for Found<R> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        self.row.serialize(to)
    }
}

/// A statement that is declared `scoped` or `own`: its rows are those that the caller may see.
#[derive(Debug)]
pub struct Bounded(Statement);

/// A write that is declared `on` a row of type `R`: it changes that row, or what hangs on it.
#[derive(Debug)]
pub struct OnFound<R>(Statement, PhantomData<fn() -> R>);

impl Bounded {
    pub const fn of(statement: Statement) -> Self {
        Self(statement)
    }

    /// As one of all statements.
    pub const fn listed(&'static self) -> Listed {
        self.0.listed()
    }

    pub const fn names(&self) -> &'static [&'static str] {
        self.0.names
    }

    pub fn call<const N: usize>(&'static self, order: [usize; N], given: [Arg; N]) -> BoundedCall {
        BoundedCall(self.0.call(order, given))
    }
}

/// A bounded statement with its values in order, made by [`named!`](crate::named!).
#[derive(Debug)]
pub struct BoundedCall(Call);

impl BoundedCall {
    pub async fn all<T: Row>(self, tx: &mut Tx) -> Result<Vec<T>> {
        self.0.all(tx).await
    }

    /// The first row, or `NotFound`.
    pub async fn find<T: Row>(self, tx: &mut Tx) -> Result<Found<T>> {
        self.0.one(tx).await.map(Found::new)
    }

    pub async fn find_all<T: Row>(self, tx: &mut Tx) -> Result<Vec<Found<T>>> {
        Ok(self.0.all(tx).await?.into_iter().map(Found::new).collect())
    }
}

impl Deref for Bounded {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        &self.0
    }
}

impl<R> OnFound<R> {
    pub const fn of(statement: Statement) -> Self {
        Self(statement, PhantomData)
    }

    /// As one of all statements.
    pub const fn listed(&'static self) -> Listed {
        self.0.listed()
    }

    pub const fn names(&self) -> &'static [&'static str] {
        self.0.names
    }

    pub fn call<const N: usize>(&'static self, order: [usize; N], given: [Arg; N]) -> Change<R> {
        Change { statement: self, args: crate::named::ordered(order, given) }
    }
}

/// A write on a found row with its values in order, made by [`named!`](crate::named!).
pub struct Change<R: 'static> {
    statement: &'static OnFound<R>,
    args: Vec<Arg>,
}

impl<R: Keyed> Change<R> {
    /// The number of rows touched.
    pub async fn write(self, tx: &mut Tx, found: &Found<R>) -> Result<u64> {
        tx.change(found, self.statement, self.args).await
    }
}

impl Tx {
    /// The first row, or `NotFound`: what is out of scope is like what does not exist.
    pub async fn find<R: Row>(&mut self, statement: &'static Bounded, args: Vec<Arg>) -> Result<Found<R>> {
        self.one(&statement.0, args).await.map(Found::new)
    }

    pub async fn find_maybe<R: Row>(
        &mut self,
        statement: &'static Bounded,
        args: Vec<Arg>,
    ) -> Result<Option<Found<R>>> {
        Ok(self.maybe(&statement.0, args).await?.map(Found::new))
    }

    pub async fn find_all<R: Row>(
        &mut self,
        statement: &'static Bounded,
        args: Vec<Arg>,
    ) -> Result<Vec<Found<R>>> {
        Ok(self.all(&statement.0, args).await?.into_iter().map(Found::new).collect())
    }

    /// Writes on a found row: its id is `$1`, the values come behind it. Returns the number of rows touched.
    pub async fn change<R: Keyed>(
        &mut self,
        found: &Found<R>,
        statement: &'static OnFound<R>,
        args: Vec<Arg>,
    ) -> Result<u64> {
        let mut values = vec![Arg::from(found.key())];
        values.extend(args);
        self.write(&statement.0, values).await
    }

    /// The same for exactly one row, or there was nothing to write: `NotFound`.
    pub async fn change_one<R: Keyed>(
        &mut self,
        found: &Found<R>,
        statement: &'static OnFound<R>,
        args: Vec<Arg>,
    ) -> Result<()> {
        match self.change(found, statement, args).await? {
            0 => Err(jiedui_kernel::Error::NotFound),
            _ => Ok(()),
        }
    }
}
