//! Taking jobs up and doing them. Any number of servers and workers may do so at once: each claims a job by a versioned
//! write, which one of them alone gets through, for as long as its lease lasts.

use super::{End, data, end, record, record_name};
use crate::shared::background::{JobKind, Made, Output, Progress, Task, Work, Working, Wrote};
use crate::shared::imports;
use crate::shared::jobs::data::JobRow;
use crate::shared::jobs::rules::{self, Action, ENDED, LEASE, MOST_ATTEMPTS};
use jiedui_kernel::{Actor, Error, Result};
use jiedui_store::{args, line};
use jiedui_web::{App, session};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::Instant;

/// How often it is looked whether something waits.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a worker says that it is at work, and how far.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// How often files whose time is over are looked for.
const FORGET_EVERY: Duration = Duration::from_secs(600);
/// Parts of a file that wait to be kept, at most.
const WAITING: usize = 2;

/// Somebody who works on jobs, one after the other.
pub struct Worker {
    app: Arc<App>,
    name: String,
}

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("jobs"))
}

impl Worker {
    pub fn new(app: &Arc<App>) -> Self {
        let name = format!("{}-{}", std::process::id(), &app.random.token()[..8]);
        Self { app: Arc::clone(app), name }
    }

    /// Works for as long as it is let.
    pub async fn run(self) {
        let mut forgotten: Option<Instant> = None;
        loop {
            match self.turn().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(cause) => tracing::warn!(%cause, "a job will be tried again"),
            }
            if forgotten.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
                forgotten = Some(Instant::now());
                if let Err(cause) = self.forget().await {
                    tracing::warn!(%cause, "old files of jobs are still there");
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Takes one job up and works on it until it has ended or waits again; false where nothing was due.
    pub async fn turn(&self) -> Result<bool> {
        let Some(job) = self.claim().await? else { return Ok(false) };
        if job.attempt > MOST_ATTEMPTS {
            let left = super::kind(&job.kind)?.work.left();
            let words = format!("处理多次中断，没有完成；{left}。请联系系统管理员。");
            self.end(&job, system(), Action::Fail, End { words, ..End::default() }).await?;
            return Ok(true);
        }
        let progress = Progress::default();
        let lost = self.keep_lease(&job, &progress);
        let done = tokio::select! {
            done = self.work(&job, &progress) => done,
            () = lost => {
                tracing::info!(job = job.id, "cancelled, or taken up by another worker");
                return Ok(true);
            }
        };
        match done {
            Ok(()) => Ok(true),
            Err(fault) => match self.failed(&job, &fault).await {
                // It is another's by now, who says what came of it.
                Err(Error::Conflict(_)) => Ok(true),
                other => other.map(|()| true),
            },
        }
    }

    /// The next job that is due and that nobody else got; it is this worker's for the length of a lease.
    pub(in super::super) async fn claim(&self) -> Result<Option<JobRow>> {
        let now = self.app.db.clock().now();
        let due = self.app.db.read(system()).await?.all::<JobRow>(&data::DUE, args![now]).await?;
        for job in due {
            let state = job.state.apply(Action::Claim)?;
            let mut tx = self.app.db.begin(system()).await?;
            let values = args![state.id(), &self.name, tx.now() + LEASE];
            let claimed = data::CLAIM.at(job.id.as_str(), job.version, values).write(&mut tx, ENDED).await;
            match claimed {
                Err(Error::Conflict(_)) => continue,
                other => other?,
            }
            let body = serde_json::json!({ "worker": self.name, "attempt": job.attempt + 1 });
            record(&mut tx, record_name(Action::Claim), &job.id, &body).await?;
            let job = tx.one::<JobRow>(&data::SHOW, args![&job.id]).await?;
            tx.commit().await?;
            return Ok(Some(job));
        }
        Ok(None)
    }

    /// Says again and again that it is being worked on, and how far it is; ends when it is this worker's no more.
    async fn keep_lease(&self, job: &JobRow, progress: &Progress) {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            match self.renew(job, progress).await {
                Ok(0) => return,
                Ok(_) => {}
                // The lease is longer than several of these.
                Err(cause) => tracing::warn!(%cause, job = job.id, "a lease was not renewed"),
            }
        }
    }

    async fn renew(&self, job: &JobRow, progress: &Progress) -> Result<u64> {
        let step = progress.now();
        let mut tx = self.app.db.begin(system()).await?;
        let until = tx.now() + LEASE;
        let values = args![&job.id, job.attempt, until, step.done, step.total, step.words];
        let found = tx.write(&data::RENEW, values).await?;
        tx.commit().await?;
        Ok(found)
    }

    async fn work(&self, job: &JobRow, progress: &Progress) -> Result<()> {
        let kind = super::kind(&job.kind)?;
        let actor = self.actor(job, kind).await?;
        let input = (job.input.clone(), self.input(job).await?);
        let task = Task {
            app: Arc::clone(&self.app),
            actor,
            args: job.args.clone(),
            input,
            progress: progress.clone(),
        };
        match kind.work {
            Work::Make(make) => self.make(job, &task, make).await,
            Work::Write(write) => {
                let Wrote { mut tx, words } = write(&task).await?;
                end(&mut tx, job, Action::Finish, End { words, ..End::default() }).await?;
                tx.commit().await
            }
            Work::Repair(work) | Work::Slices(work) => {
                let words = work(&task).await?;
                self.end(job, Arc::clone(&task.actor), Action::Finish, End { words, ..End::default() }).await
            }
        }
    }

    /// Whoever queued it, where the account still may.
    async fn actor(&self, job: &JobRow, kind: &JobKind) -> Result<Arc<Actor>> {
        let mut tx = self.app.db.read(system()).await?;
        let (resource, action) = kind.right;
        let actor = session::actor_at(&self.app, &mut tx, &job.account, &job.org).await?;
        let may = actor.filter(|actor| self.app.can(actor, resource, action));
        may.ok_or_else(|| Error::Forbidden(format!("{resource}.{action}")))
    }

    async fn input(&self, job: &JobRow) -> Result<Vec<u8>> {
        let mut tx = self.app.db.read(system()).await?;
        let mut bytes = Vec::new();
        for place in 0_i64.. {
            let Some((part,)) = tx.maybe::<(Vec<u8>,)>(&data::PART, args![&job.id, 0_i64, place]).await?
            else {
                break;
            };
            bytes.extend(part);
        }
        Ok(bytes)
    }

    /// Makes the file and keeps it as it comes; it can be taken down when the job has ended, and not before.
    async fn make(
        &self,
        job: &JobRow,
        task: &Task,
        make: for<'a> fn(&'a Task, Output) -> Working<'a, Made>,
    ) -> Result<()> {
        let (parts, coming) = channel(WAITING);
        let (made, bytes) = tokio::try_join!(make(task, Output::new(parts)), self.keep(job, coming))?;
        let end = End { words: made.words, file: made.file, bytes };
        self.end(job, Arc::clone(&task.actor), Action::Finish, end).await
    }

    async fn keep(&self, job: &JobRow, mut coming: Receiver<Vec<u8>>) -> Result<i64> {
        let (mut place, mut size) = (0_i64, 0);
        while let Some(bytes) = coming.recv().await {
            size += bytes.len() as i64;
            // Each by itself: nobody waits long for the place of the one writer.
            let mut tx = self.app.db.begin(system()).await?;
            let part = line!(data::PARTS { job: &job.id, attempt: job.attempt, place, bytes });
            tx.add_rows(&data::PARTS, vec![part]).await?;
            tx.commit().await?;
            place += 1;
        }
        Ok(size)
    }

    async fn end(&self, job: &JobRow, actor: Arc<Actor>, action: Action, how: End) -> Result<()> {
        let mut tx = self.app.db.begin(actor).await?;
        end(&mut tx, job, action, how).await?;
        tx.commit().await
    }

    /// Tries again later where that may help, and otherwise says why nothing came of it.
    async fn failed(&self, job: &JobRow, fault: &Error) -> Result<()> {
        tracing::warn!(job = job.id, kind = job.kind, attempt = job.attempt, %fault, "a job failed");
        let words = rules::describe(fault, super::kind(&job.kind)?.work.left());
        if !rules::may_pass(fault) || job.attempt >= MOST_ATTEMPTS {
            return self.end(job, system(), Action::Fail, End { words, ..End::default() }).await;
        }
        let mut tx = self.app.db.begin(system()).await?;
        let due = tx.now() + rules::back_off(job.attempt);
        let state = job.state.apply(Action::Retry)?;
        let values = args![state.id(), due, &words];
        data::RETRY.at(job.id.as_str(), job.version, values).write(&mut tx, ENDED).await?;
        let body = serde_json::json!({ "reason": words, "attempt": job.attempt });
        record(&mut tx, record_name(Action::Retry), &job.id, &body).await?;
        tx.commit().await
    }

    /// Files whose time is over, and those that were looked at and left.
    pub async fn forget(&self) -> Result<()> {
        let mut tx = self.app.db.begin(system()).await?;
        let now = tx.now();
        tx.write(&data::FORGET, args![now]).await?;
        imports::forget_late(&mut tx).await?;
        tx.commit().await
    }
}
