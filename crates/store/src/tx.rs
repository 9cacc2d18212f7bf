//! A transaction that is opened for somebody.

use crate::args::Arg;
use crate::audit::{self, Pending, Touched, WrittenRow};
use crate::catalog::Catalog;
use crate::db::Answers;
use crate::derived::Unsettled;
use crate::engine::Engine;
use crate::flush::Flusher;
use crate::statement::{Kind, Statement};
use jiedui_kernel::{Actor, Date, Error, Instant, Random, Result};
use jiedui_proof::HashKind;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

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

/// The token by which a program acts in somebody's place: what is written by it says so for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ByToken {
    pub id: String,
    pub name: String,
}

pub struct Tx {
    pub(crate) engine: Engine,
    pub(crate) actor: Arc<Actor>,
    /// Where it is no person who acts for the actor, but a program.
    pub(crate) by_token: Option<ByToken>,
    pub(crate) now: Instant,
    pub(crate) today: Date,
    pub(crate) random: Random,
    pub(crate) hash: HashKind,
    pub(crate) writable: bool,
    pub(crate) at_replica: bool,
    pub(crate) catalog: Arc<Catalog>,
    /// Where a commit is made to last after it was answered.
    pub(crate) flush: Option<Arc<Flusher>>,
    pub(crate) answers: Arc<Answers>,
    pub(crate) writes: u64,
    /// The rows written since the last audit record.
    pub(crate) touched: Vec<Touched>,
    /// The audit records of this transaction; they are written when it commits, in the order of commits.
    pub(crate) records: Vec<Pending>,
    /// Derived values that have changed; they are written when it commits.
    pub(crate) unsettled: Unsettled,
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

    /// Whether it may write. One that only reads takes no rows either: what it finds is asked again where it is written.
    pub fn may_write(&self) -> bool {
        self.writable
    }

    /// Whether it reads from a replica, which may give up in the middle what the server would have answered.
    pub fn is_at_replica(&self) -> bool {
        self.at_replica
    }

    pub fn random(&self) -> &Random {
        &self.random
    }

    /// The same transaction under another actor: sign-in begins as the public and ends as a person.
    pub fn act_as(&mut self, actor: Arc<Actor>) {
        self.actor = actor;
    }

    /// What is written from here on is written by a program, which has this token of the actor.
    pub fn act_by(&mut self, token: ByToken) {
        self.by_token = Some(token);
    }

    pub fn by_token(&self) -> Option<&ByToken> {
        self.by_token.as_ref()
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
        let rows = self.engine.all(statement, args).await?;
        self.answers.statements.fetch_add(1, Ordering::Relaxed);
        self.answers.rows.fetch_add(rows.len() as u64, Ordering::Relaxed);
        Ok(rows)
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
        self.answers.writes.fetch_add(1, Ordering::Relaxed);
        let args = self.bind(statement, args);
        if matches!(statement.kind, Kind::Housekeeping(_)) {
            return self.engine.execute(statement, args).await;
        }
        self.writes += 1;
        let shape = statement.writes().first().and_then(|table| self.catalog.shape(table)).map(Arc::clone);
        let Some(shape) = shape else {
            return self.engine.execute(statement, args).await;
        };
        let rows = self.engine.recorded(statement, args, &shape, self.hash).await?;
        let count = rows.len() as u64;
        for row in rows {
            self.tell_followers(shape.table.name, &row.key)?;
            self.touched.push(Touched::new(statement, &shape, row, self.hash)?);
        }
        Ok(count)
    }

    /// Takes a row until the transaction ends. It changes nothing, so the audit log has nothing to keep of it.
    pub async fn lock(&mut self, statement: &'static Statement, args: Vec<Arg>) -> Result<()> {
        if !self.writable || !statement.only_locks() {
            return Err(Error::internal(format_args!("{}: no lock, or not here", statement.name)));
        }
        self.answers.writes.fetch_add(1, Ordering::Relaxed);
        let args = self.bind(statement, args);
        match self.engine.execute(statement, args).await? {
            0 => Err(Error::NotFound),
            _ => Ok(()),
        }
    }

    /// Writes exactly one row, or nothing at all was there to write: `NotFound`.
    pub async fn write_one(&mut self, statement: &'static Statement, args: Vec<Arg>) -> Result<()> {
        match self.write(statement, args).await? {
            0 => Err(Error::NotFound),
            _ => Ok(()),
        }
    }

    /// The audit record of what was just written, in the same transaction. It binds the rows written since the one before.
    pub async fn audit(&mut self, record: AuditRecord<'_>, body: &impl Serialize) -> Result<()> {
        let pending = Pending::new(self, record, body)?;
        self.records.push(pending);
        Ok(())
    }

    /// Whether something was done that leaves an audit record.
    pub fn has_records(&self) -> bool {
        !self.records.is_empty()
    }

    /// The rows of logged tables that it wrote so far, each once, by table and key.
    pub fn written(&self) -> Vec<WrittenRow> {
        audit::written(&self.records, &self.touched)
    }

    /// The revision in which a row that this transaction wrote was last written before it; 0 where the log knows of none. It
    /// tells, on an engine where others write at the same time, whether one of them did so since a revision that was read.
    pub async fn last_revision(&mut self, row: &WrittenRow) -> Result<i64> {
        audit::last_revision(self, row).await
    }

    /// Commits; what was written lasts when this returns. A transaction that wrote and left no audit record is refused and rolled back.
    pub async fn commit(mut self) -> Result<()> {
        if self.writes > 0 && self.records.is_empty() {
            return Err(Error::internal("a write without an audit record was refused"));
        }
        self.settle().await?;
        audit::write_records(&mut self).await?;
        self.engine.commit().await?;
        match self.flush {
            Some(flush) => flush.make_durable().await,
            None => Ok(()),
        }
    }

    pub async fn prepare(&mut self, statement: &'static Statement) -> Result<()> {
        self.engine.prepare(statement).await
    }

    /// The revision of the data that this transaction sees.
    pub async fn revision(&mut self) -> Result<i64> {
        audit::revision(self).await
    }
}
