//! Whether the database takes writes: found out by writing; and how its connections stand.

use crate::args;
use crate::db::{Db, Pools};
use crate::sql;
use jiedui_kernel::{Actor, Error, Instant, Result};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The caller wants an answer soon; a database that needs longer for one row is not ready.
const LIMIT: Duration = Duration::from_secs(3);
/// At most one write in this many seconds, however many ask: the writer belongs to those who work.
const APART_SECONDS: i64 = 1;

sql! { BEAT: housekeeping("says that the database takes writes; nobody did anything"),
"UPDATE health SET at = $1 WHERE id = 1" }

/// The last try.
#[derive(Default)]
pub(crate) struct Health {
    last: Mutex<Option<Try>>,
}

#[derive(Clone)]
struct Try {
    begun: Instant,
    /// `None` until it has ended; the text is the fault.
    outcome: watch::Receiver<Option<Result<(), String>>>,
}

impl Try {
    fn holds_at(&self, now: Instant) -> bool {
        // A clock that was set back makes a new try, not one that holds for days.
        (0..APART_SECONDS).contains(&(now - self.begun).num_seconds()) || self.outcome.borrow().is_none()
    }
}

impl Db {
    /// Writes a row and reports within three seconds whether that succeeded. Callers during that try, or within a second
    /// of it, get the same answer.
    pub async fn check_writable(&self) -> Result<()> {
        let mut outcome = self.last_try().outcome;
        match outcome.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Err(fault))) => Err(Error::Unavailable(fault.clone())),
            Ok(_) => Ok(()),
            Err(_) => Err(Error::Unavailable("the try was given up".to_owned())),
        }
    }

    /// The connections of each pool, and how many of them nobody uses now.
    pub fn connections(&self) -> Vec<(&'static str, u32, usize)> {
        match self.pools() {
            Pools::Sqlite { read, write } => vec![
                ("read", read.size(), read.num_idle()),
                ("write", write.pool().size(), write.pool().num_idle()),
            ],
            Pools::Postgres { pool, .. } => vec![("all", pool.size(), pool.num_idle())],
        }
    }

    fn last_try(&self) -> Try {
        let now = self.clock().now();
        let mut last = self.health().last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(known) if known.holds_at(now) => known.clone(),
            _ => {
                let (tell, outcome) = watch::channel(None);
                let db = self.clone();
                // A task of its own, so that it runs to its end when the caller disconnects.
                tokio::spawn(async move { tell.send(Some(beat(&db).await)) });
                let new = Try { begun: now, outcome };
                *last = Some(new.clone());
                new
            }
        }
    }
}

async fn beat(db: &Db) -> Result<(), String> {
    let write = async {
        let mut tx = db.begin(Arc::new(Actor::system("health"))).await?;
        let now = tx.now();
        tx.write_one(&BEAT, args![now]).await?;
        tx.commit().await
    };
    match tokio::time::timeout(LIMIT, write).await {
        Ok(written) => written.map_err(|fault| fault.to_string()),
        Err(_) => Err(format!("no answer within {} s", LIMIT.as_secs())),
    }
    .inspect_err(|fault| tracing::error!(fault, "not ready: the database takes no writes"))
}
