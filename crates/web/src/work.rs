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
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pieces of one kind of work at a time; each takes a core.
const AT_ONCE: usize = 2;
/// Pieces of hashing at a time where there are many cores; each takes 19 MB of memory besides its core.
const MOST_HASHING: usize = 8;
/// Questions to servers outside at a time.
const MOST_ASKING: usize = 16;
/// So many wait for a place to hash. Whoever comes then is refused at once: anybody may ask for it without signing in.
const HASHING_QUEUE: usize = 48;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Hashing,
    /// Of an uploaded file.
    Reading,
    Solving,
    /// Of a file to be sent.
    Making,
    /// A question to a server outside: it waits, and takes no core.
    Asking,
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

/// The answer where there was nothing to work on; else the request, which holds nothing of the database, and what was done.
type Worked<T> = ControlFlow<(RequestContext, Reply), (ReceivedRequest, T)>;

/// The first handler and the work that it asks for. What it wrote, where it may write, is committed before the work begins.
async fn work_first<T: Send + 'static>(
    mut ctx: RequestContext,
    prepare: for<'a> fn(&'a mut RequestContext) -> Preparing<'a, T>,
) -> Result<Worked<T>> {
    let (kind, job) = match prepare(&mut ctx).await? {
        Prepared::Answered(reply) => return Ok(ControlFlow::Break((ctx, reply))),
        Prepared::Work(kind, job) => (kind, job),
    };
    let app = Arc::clone(&ctx.app);
    let account = ctx.session.is_some().then(|| ctx.actor.account().to_owned());
    let request = if ctx.tx.may_write() { ctx.commit().await? } else { ctx.release() };
    let done = app.slow_work.run(kind, account, job).await?;
    Ok(ControlFlow::Continue((request, done)))
}

/// Reads, works, writes: the two handlers of a route with slow work, each with a transaction of its own. What was read
/// before the work may have changed since; the second handler asks again for what it relies on.
pub async fn in_steps<T: Send + 'static>(
    request: ReceivedRequest,
    prepare: for<'a> fn(&'a mut RequestContext) -> Preparing<'a, T>,
    finish: for<'a> fn(&'a mut RequestContext, T) -> HandlerFuture<'a>,
) -> Result<(RequestContext, Reply)> {
    let (request, done) = match work_first(request.read().await?, prepare).await? {
        ControlFlow::Break(answered) => return Ok(answered),
        ControlFlow::Continue(worked) => worked,
    };
    let mut ctx = request.begin_alone().await?;
    let reply = finish(&mut ctx, done).await?;
    Ok((ctx, reply))
}

/// The same for work whose second handler looks before it writes: it is given a transaction that only reads, so that nobody
/// waits for it, and asks for one that may write (`RequestContext::begin_writing`) when it knows what.
pub async fn in_looking_steps<T: Send + 'static>(
    request: ReceivedRequest,
    prepare: for<'a> fn(&'a mut RequestContext) -> Preparing<'a, T>,
    finish: for<'a> fn(&'a mut RequestContext, T) -> HandlerFuture<'a>,
) -> Result<(RequestContext, Reply)> {
    let (request, done) = match work_first(request.read().await?, prepare).await? {
        ControlFlow::Break(answered) => return Ok(answered),
        ControlFlow::Continue(worked) => worked,
    };
    let mut ctx = request.read().await?;
    let reply = finish(&mut ctx, done).await?;
    Ok((ctx, reply))
}

/// The same for secrets that anybody may guess: the first handler counts the try and its transaction commits before the work
/// begins, so that tries side by side are all counted. A place to work in is taken before, so that no try is counted which
/// nobody looks at.
pub async fn in_counted_steps<T: Send + 'static>(
    request: ReceivedRequest,
    count: for<'a> fn(&'a mut RequestContext) -> Preparing<'a, T>,
    finish: for<'a> fn(&'a mut RequestContext, T) -> HandlerFuture<'a>,
) -> Result<(RequestContext, Reply)> {
    let _queued = request.app.slow_work.queue()?;
    let (request, done) = match work_first(request.begin().await?, count).await? {
        ControlFlow::Break(answered) => return Ok(answered),
        ControlFlow::Continue(worked) => worked,
    };
    let mut ctx = request.begin_alone().await?;
    let reply = finish(&mut ctx, done).await?;
    Ok((ctx, reply))
}

/// Who works now.
#[derive(Debug)]
pub struct SlowWork {
    hashing: Arc<Semaphore>,
    /// Those who hash and those who wait for it.
    hashing_queue: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    solving: Arc<Semaphore>,
    making: Arc<Semaphore>,
    asking: Arc<Semaphore>,
    /// One piece of a kind at a time for each account.
    accounts: Mutex<HashMap<(Kind, String), Arc<Semaphore>>>,
}

impl Default for SlowWork {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(AT_ONCE, std::num::NonZero::get);
        let at_once = cores.clamp(1, MOST_HASHING);
        let places = |count: usize| Arc::new(Semaphore::new(count));
        let [reading, solving, making, asking] = [AT_ONCE, AT_ONCE, AT_ONCE, MOST_ASKING].map(places);
        let (hashing, hashing_queue) = (places(at_once), places(at_once + HASHING_QUEUE));
        let accounts = Mutex::default();
        Self { hashing, hashing_queue, reading, solving, making, asking, accounts }
    }
}

impl SlowWork {
    /// How many uploaded files are being read.
    pub fn reading(&self) -> usize {
        AT_ONCE - self.reading.available_permits()
    }

    /// A place among those who hash or wait for it; refused where none is free.
    fn queue(&self) -> Result<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.hashing_queue).try_acquire_owned();
        place.map_err(|_| Error::Busy)
    }

    fn of_kind(&self, kind: Kind) -> &Arc<Semaphore> {
        match kind {
            Kind::Hashing => &self.hashing,
            Kind::Reading => &self.reading,
            Kind::Solving => &self.solving,
            Kind::Making => &self.making,
            Kind::Asking => &self.asking,
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

    #[test]
    fn whoever_finds_the_queue_for_hashing_full_is_refused_at_once() {
        let work = SlowWork::default();
        let mut inside = Vec::new();
        while let Ok(place) = work.queue() {
            inside.push(place);
        }
        assert_eq!(inside.len(), HASHING_QUEUE + work.hashing.available_permits());
        assert!(work.hashing.available_permits() <= MOST_HASHING);
        assert!(matches!(work.queue(), Err(Error::Busy)));
        drop(inside.pop());
        assert!(work.queue().is_ok(), "a place that was left is free");
    }

    #[tokio::test]
    async fn a_few_work_at_a_time_and_one_of_each_account() {
        assert_eq!(most_at_once(|number| Some(number.to_string())).await, AT_ONCE);
        assert_eq!(most_at_once(|_| None).await, AT_ONCE);
        assert_eq!(most_at_once(|_| Some("one".to_owned())).await, 1);
    }
}
