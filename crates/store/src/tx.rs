//! A transaction that is opened for somebody.

use crate::args::Arg;
use crate::audit;
use crate::engine::Engine;
use crate::statement::{Kind, Statement};
use jiedui_kernel::{Actor, Date, Error, Instant, Random, Result};
use jiedui_proof::HashKind;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use std::sync::Arc;

/// A row type that both engines can fill: what `#[derive(sqlx::FromRow)]` gives.
pub trait Row:
    Send + Unpin + for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow>
{
}
impl<T> Row for T where
    T: Send + Unpin + for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow>
{
}

/// What the audit log keeps of one action, beside who did it and when.
#[derive(Debug, Clone)]
pub struct AuditRecord<'a> {
    /// What was done, as `thing.action`: `entry.claim`.
    pub action: &'a str,
    pub resource: &'a str,
    pub resource_id: &'a str,
}

pub struct Tx {
    pub(crate) engine: Engine,
    pub(crate) actor: Arc<Actor>,
    pub(crate) now: Instant,
    pub(crate) today: Date,
    pub(crate) random: Random,
    pub(crate) hash: HashKind,
    pub(crate) writable: bool,
    pub(crate) writes: u64,
    pub(crate) audit_records: u64,
}

impl Tx {
    pub fn actor(&self) -> &Arc<Actor> {
        &self.actor
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    pub fn today(&self) -> Date {
        self.today
    }

    /// A new time-ordered identifier.
    pub fn new_id(&self) -> String {
        self.random.id(self.now)
    }

    pub fn random(&self) -> &Random {
        &self.random
    }

    /// The same transaction under another actor: sign-in begins as the public and ends as a person.
    pub fn act_as(&mut self, actor: Arc<Actor>) {
        self.actor = actor;
    }

    /// The same transaction at another moment, for imports of history and for the demonstration: what follows is
    /// dated then, and what is allowed then is what was allowed on that day. Identifiers keep the order of time.
    pub fn set_now(&mut self, now: Instant) {
        self.now = now;
        self.today = jiedui_kernel::shanghai_date(now);
    }

    fn bind(&self, statement: &Statement, args: Vec<Arg>) -> Vec<Arg> {
        if statement.kind != Kind::Scoped {
            return args;
        }
        let scope = &self.actor.scope;
        let mut bound = vec![Arg::from(&scope.low), Arg::from(&scope.high), Arg::from(self.today)];
        bound.extend(args);
        bound
    }

    pub async fn all<T: Row>(&mut self, statement: &'static Statement, args: Vec<Arg>) -> Result<Vec<T>> {
        let args = self.bind(statement, args);
        self.engine.all(statement, args).await
    }

    /// The first row, or `NotFound`.
    pub async fn one<T: Row>(&mut self, statement: &'static Statement, args: Vec<Arg>) -> Result<T> {
        self.maybe(statement, args).await?.ok_or(Error::NotFound)
    }

    pub async fn maybe<T: Row>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Arg>,
    ) -> Result<Option<T>> {
        Ok(self.all(statement, args).await?.into_iter().next())
    }

    /// The single number that a statement yields; 0 where there is no row.
    pub async fn number(&mut self, statement: &'static Statement, args: Vec<Arg>) -> Result<i64> {
        Ok(self.maybe::<(i64,)>(statement, args).await?.map_or(0, |row| row.0))
    }

    /// Writes; at least one [`Tx::audit`] must follow before the commit. Returns the number of rows touched.
    pub async fn write(&mut self, statement: &'static Statement, args: Vec<Arg>) -> Result<u64> {
        if !self.writable {
            return Err(Error::internal(format_args!("{}: write in a read transaction", statement.name)));
        }
        let args = self.bind(statement, args);
        let rows = self.engine.execute(statement, args).await?;
        if !matches!(statement.kind, Kind::Housekeeping(_)) {
            self.writes += 1;
        }
        Ok(rows)
    }

    /// Writes exactly one row, or nothing at all was there to write: `NotFound`.
    pub async fn write_one(&mut self, statement: &'static Statement, args: Vec<Arg>) -> Result<()> {
        match self.write(statement, args).await? {
            0 => Err(Error::NotFound),
            _ => Ok(()),
        }
    }

    /// The audit leaf of what was just written, in the same transaction.
    pub async fn audit(&mut self, leaf: AuditRecord<'_>, body: &impl Serialize) -> Result<()> {
        audit::append(self, leaf, body).await?;
        self.audit_records += 1;
        Ok(())
    }

    /// Commits. A transaction that wrote and left no leaf is refused and rolled back.
    pub async fn commit(mut self) -> Result<()> {
        if self.writes > 0 && self.audit_records == 0 {
            return Err(Error::internal("a write without an audit leaf was refused"));
        }
        if self.audit_records > 0 {
            // Last of all, because on PostgreSQL this row is where writers queue.
            self.engine.execute(&audit::RAISE_REVISION, Vec::new()).await?;
        }
        self.engine.commit().await
    }

    pub async fn prepare(&mut self, statement: &'static Statement) -> Result<()> {
        self.engine.prepare(statement).await
    }

    /// The revision of the data that this transaction sees.
    pub async fn revision(&mut self) -> Result<i64> {
        self.number(&audit::REVISION, Vec::new()).await
    }
}
