//! Slow work between reading and writing: hashing a password, reading a workbook, solving a pairing. It runs away from
//! the threads that serve requests, a few at a time, and **without a transaction**: a route that has such work is two
//! handlers, and between them the request holds nothing of the database.

use crate::context::RequestContext;
use crate::received::ReceivedRequest;
use crate::reply::Reply;
use crate::route::HandlerFuture;
use jiedui_kernel::{Error, Result};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pieces of one kind of work at a time; each takes a core, and hashing 19 MB of memory.
const AT_ONCE: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Hashing,
    /// Of an uploaded file.
    Reading,
    Solving,
    /// Of a file to be sent.
    Making,
}

pub(crate) type Job<T> = Box<dyn FnOnce() -> Result<T> + Send>;

/// What the first handler of a route with slow work comes to.
pub enum Prepared<T> {
    /// There is nothing to work on: the answer, such as the page again with what is wrong.
    Answered(Reply),
    Work(Kind, Job<T>),
}

impl<T> Prepared<T> {
    /// The job borrows nothing, so it cannot keep the transaction of the handler that made it.
    pub fn work(kind: Kind, job: impl FnOnce() -> Result<T> + Send + 'static) -> Self {
        Self::Work(kind, Box::new(job))
    }
}

type Preparing<'a, T> = Pin<Box<dyn Future<Output = Result<Prepared<T>>> + Send + 'a>>;

/// Reads, works, writes: the two handlers of a route with slow work, each with a transaction of its own. What was read
/// before the work may have changed since; the second handler asks again for what it relies on.
pub async fn in_steps<T: Send + 'static>(
    request: ReceivedRequest,
    prepare: for<'a> fn(&'a mut RequestContext) -> Preparing<'a, T>,
    finish: for<'a> fn(&'a mut RequestContext, T) -> HandlerFuture<'a>,
) -> Result<(RequestContext, Reply)> {
    let mut ctx = request.read().await?;
    let (kind, job) = match prepare(&mut ctx).await? {
        Prepared::Answered(reply) => return Ok((ctx, reply)),
        Prepared::Work(kind, job) => (kind, job),
    };
    let app = Arc::clone(&ctx.app);
    let account = ctx.session.is_some().then(|| ctx.actor.account().to_owned());
    let request = ctx.release();
    let done = app.slow_work.run(kind, account, job).await?;
    let mut ctx = request.begin_alone().await?;
    let reply = finish(&mut ctx, done).await?;
    Ok((ctx, reply))
}

/// Who works now.
#[derive(Debug)]
pub struct SlowWork {
    hashing: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    solving: Arc<Semaphore>,
    making: Arc<Semaphore>,
    /// One piece of a kind at a time for each account.
    accounts: Mutex<HashMap<(Kind, String), Arc<Semaphore>>>,
}

impl Default for SlowWork {
    fn default() -> Self {
        let places = || Arc::new(Semaphore::new(AT_ONCE));
        let [hashing, reading, solving, making] = [places(), places(), places(), places()];
        Self { hashing, reading, solving, making, accounts: Mutex::default() }
    }
}

impl SlowWork {
    /// How many pieces of a kind are being worked on.
    pub fn under_way(&self, kind: Kind) -> usize {
        AT_ONCE - self.of_kind(kind).available_permits()
    }

    fn of_kind(&self, kind: Kind) -> &Arc<Semaphore> {
        match kind {
            Kind::Hashing => &self.hashing,
            Kind::Reading => &self.reading,
            Kind::Solving => &self.solving,
            Kind::Making => &self.making,
        }
    }

    pub(crate) async fn run<T: Send + 'static>(
        &self,
        kind: Kind,
        account: Option<String>,
        job: Job<T>,
    ) -> Result<T> {
        let own = match account {
            Some(account) => Some(turn(self.of_account(kind, account)).await?),
            None => None,
        };
        let place = turn(Arc::clone(self.of_kind(kind))).await?;
        let work = move || {
            // The places are given back when the work ends, also where nobody waits for it any more.
            let _held = (own, place);
            job()
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }

    fn of_account(&self, kind: Kind, account: String) -> Arc<Semaphore> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(accounts.entry((kind, account)).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }
}

async fn turn(places: Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    places.acquire_owned().await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    async fn most_at_once(account: fn(usize) -> Option<String>) -> usize {
        let work = Arc::new(SlowWork::default());
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..6 {
            let (work, now, most) = (Arc::clone(&work), Arc::clone(&now), Arc::clone(&most));
            let job = move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(20));
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            };
            tasks.spawn(async move { work.run(Kind::Reading, account(number), Box::new(job)).await });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap().unwrap();
        }
        most.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn a_few_work_at_a_time_and_one_of_each_account() {
        assert_eq!(most_at_once(|number| Some(number.to_string())).await, AT_ONCE);
        assert_eq!(most_at_once(|_| None).await, AT_ONCE);
        assert_eq!(most_at_once(|_| Some("one".to_owned())).await, 1);
    }
}
