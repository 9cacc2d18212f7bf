//! SQLite has one writer, and a commit that lasts waits for the disk. Actions that queue for the writer share a commit:
//! the first opens the transaction, each further one works in a savepoint of its own, under its own actor, and is undone
//! by itself where it fails. Who has done its work queues again; whoever is then the first commits for all, and all are
//! answered after that commit. Nobody waits for company: where no one queues, an action commits at once.
//!
//! What the disk refuses at a commit is refused to all who share it, because none of it was written.

use crate::fault;
use crate::lease::Lease;
use jiedui_kernel::{Error, Result};
use sqlx::{Sqlite, SqlitePool};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// How many actions share a commit at most. The first of them waits for the last.
const MOST: usize = 32;

#[derive(Clone)]
pub(crate) struct Writer {
    pool: SqlitePool,
    /// First come, first served. `None` between two transactions.
    shared: Arc<Mutex<Option<Batch>>>,
    patience: Duration,
    /// How many commits there were.
    commits: Arc<AtomicU64>,
}

/// A transaction and the actions in it that have done their work.
struct Batch {
    lease: Lease<Sqlite>,
    done: Vec<oneshot::Sender<Result<()>>>,
}

impl Batch {
    /// Commits, and answers all.
    async fn end(self, commits: &AtomicU64) {
        commits.fetch_add(1, Ordering::Relaxed);
        let outcome = self.lease.commit().await;
        for tell in self.done {
            let told = match &outcome {
                Ok(()) => Ok(()),
                Err(fault) => Err(same(fault)),
            };
            // Who does not wait any more has no use for the answer.
            drop(tell.send(told));
        }
    }
}

/// The same outcome, for each who shared it.
fn same(error: &Error) -> Error {
    match error {
        Error::Unavailable(text) => Error::Unavailable(text.clone()),
        Error::OutcomeUnknown(text) => Error::OutcomeUnknown(text.clone()),
        other => Error::internal(other),
    }
}

type Turn = OwnedMutexGuard<Option<Batch>>;

/// An action's place in the transaction: it has the connection to itself until it commits or is dropped.
pub(crate) struct Share {
    writer: Writer,
    /// `None` once it has been given on.
    turn: Option<Turn>,
    /// Shares its commit with nobody.
    alone: bool,
    /// Works in a savepoint, because others have done their work before it.
    joined: bool,
}

impl Writer {
    pub(crate) fn new(pool: SqlitePool, patience: Duration) -> Self {
        Self { pool, shared: Arc::default(), patience, commits: Arc::default() }
    }

    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Returns when whoever has done its work by now is answered: until then what was refused because of it is not certain.
    pub(crate) async fn commit_waiting(&self) -> Result<()> {
        if let Some(batch) = self.turn().await?.take() {
            let commits = Arc::clone(&self.commits);
            let ended = tokio::spawn(async move { batch.end(&commits).await });
            ended.await.map_err(Error::internal)?;
        }
        Ok(())
    }

    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// In the order in which they were asked for.
    async fn turn(&self) -> Result<Turn> {
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.shared).lock_owned()).await;
        turn.map_err(|_| Error::Unavailable("the writer is taken".to_owned()))
    }

    /// The next turn. With `alone` those who have done their work are answered before it begins, and nobody joins it:
    /// for work that takes long.
    pub(crate) async fn begin(&self, alone: bool) -> Result<Share> {
        let share = Share { writer: self.clone(), turn: Some(self.turn().await?), alone, joined: false };
        // A task of its own, so that a client that goes away leaves no statement without an answer behind, for which
        // the others would have to pay.
        tokio::spawn(share.open()).await.map_err(Error::internal)?
    }
}

impl Share {
    async fn open(mut self) -> Result<Self> {
        let Some(turn) = &mut self.turn else { return Err(given_on()) };
        if self.alone
            && let Some(batch) = turn.take()
        {
            batch.end(&self.writer.commits).await;
        }
        match turn.as_mut() {
            Some(batch) => {
                self.joined = true;
                batch.lease.control("SAVEPOINT action").await.map_err(fault::at_begin)?;
            }
            None => {
                let lease = Lease::begin(&self.writer.pool, "BEGIN IMMEDIATE").await?;
                **turn = Some(Batch { lease, done: Vec::new() });
            }
        }
        Ok(self)
    }

    pub(crate) fn lease(&mut self) -> Result<&mut Lease<Sqlite>> {
        let batch = self.turn.as_mut().and_then(|turn| turn.as_mut());
        batch.map(|batch| &mut batch.lease).ok_or_else(given_on)
    }

    /// Answers when what this action wrote is on the disk. A task of its own: others wait for this commit also where
    /// the client of this action went away.
    pub(crate) async fn commit(self) -> Result<()> {
        tokio::spawn(self.finish()).await.map_err(Error::internal)?
    }

    async fn finish(mut self) -> Result<()> {
        let joined = self.joined;
        let lease = self.lease()?;
        lease.may_commit()?;
        if joined {
            lease.control("RELEASE action").await.map_err(fault::at_begin)?;
        }
        let Some(mut turn) = self.turn.take() else { return Err(given_on()) };
        let Some(batch) = turn.as_mut() else { return Err(given_on()) };
        let (tell, mut told) = oneshot::channel();
        batch.done.push(tell);
        if !self.alone && batch.done.len() < MOST {
            drop(turn);
            // Somebody else may commit for this action while it queues.
            turn = tokio::select! {
                biased;
                outcome = &mut told => return outcome.unwrap_or_else(|_| Err(lost())),
                turn = Arc::clone(&self.writer.shared).lock_owned() => turn,
            };
        }
        if let Some(batch) = turn.take() {
            batch.end(&self.writer.commits).await;
        }
        drop(turn);
        told.await.unwrap_or_else(|_| Err(lost()))
    }
}

fn lost() -> Error {
    Error::OutcomeUnknown("the shared commit was given up".to_owned())
}

fn given_on() -> Error {
    Error::internal("the writer was given on")
}

impl Drop for Share {
    /// Undoes the action, and nothing but the action.
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else { return };
        match turn.as_ref() {
            Some(batch) if !batch.done.is_empty() => {
                let commits = Arc::clone(&self.writer.commits);
                drop(tokio::spawn(async move { undo(turn, &commits).await }));
            }
            // By dropping the lease: it rolls back, or closes the connection.
            _ => drop(turn.take()),
        }
    }
}

/// Undoes the last action of a transaction in which others have done their work. Where that fails, none of it is written.
async fn undo(mut turn: Turn, commits: &AtomicU64) {
    let Some(mut batch) = turn.take() else { return };
    if !batch.lease.undo("ROLLBACK TO action", "RELEASE action").await {
        for tell in batch.done {
            let fault = Error::Unavailable("the transaction was lost with an action that failed".to_owned());
            drop(tell.send(Err(fault)));
        }
    } else if batch.lease.is_worn() {
        // Nobody else is to meet what this action met on the connection.
        batch.end(commits).await;
    } else {
        *turn = Some(batch);
    }
}
