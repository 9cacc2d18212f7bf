//! Which token was read by on which day, how often, and from where last: one row for a token and a day, so that reading leaves
//! a trail that stays small. It is counted here and written down beside the answer and not before it: the first at once, what
//! follows within a minute once a minute, and what is left before the server ends. Who read all there is within a minute and
//! never comes again is counted too.

use crate::App;
use crate::tokens::{DayReads, note_reads};
use jiedui_kernel::{Actor, Date, Instant, Result};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const APART_SECONDS: i64 = 60;
/// How often it is looked for what waits.
pub const LOOK_EVERY: Duration = Duration::from_secs(60);
/// So many tokens are remembered at a time.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Count {
    day: Date,
    reads: i64,
    last_at: Instant,
    from: Option<IpAddr>,
    written_at: Option<Instant>,
}

impl Count {
    /// What is to be written down; none where all was.
    fn take(&mut self) -> Option<DayReads> {
        let reads = std::mem::take(&mut self.reads);
        let from = self.from.map(|from| from.to_string()).unwrap_or_default();
        (reads > 0).then_some(DayReads { day: self.day, reads, last_at: self.last_at, from })
    }
}

/// Reads that are not written down yet, by token.
#[derive(Debug, Default)]
pub struct Reads(Mutex<HashMap<String, Count>>);

impl Reads {
    fn held(&self) -> MutexGuard<'_, HashMap<String, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one; gives what is to be written down now, by day.
    fn count(&self, token: &str, (day, now): (Date, Instant), from: Option<IpAddr>) -> Vec<DayReads> {
        let mut counts = self.held();
        if counts.len() >= REMEMBERED {
            counts.retain(|_, one| one.reads > 0);
        }
        let mut due = Vec::new();
        let new = Count { day, reads: 0, last_at: now, from, written_at: None };
        let held = counts.entry(token.to_owned()).or_insert(new);
        if held.day != day {
            due.extend(held.take());
            *held = new;
        }
        held.reads += 1;
        (held.last_at, held.from) = (now, from);
        let waits = held.written_at.is_some_and(|at| (0..APART_SECONDS).contains(&(now - at).num_seconds()));
        if !waits {
            due.extend(held.take());
            held.written_at = Some(now);
        }
        due
    }

    /// Gives all that waits, in the order of tokens: two servers that write down the same ones wait for each other in one way.
    fn waiting(&self) -> Vec<(String, DayReads)> {
        let mut counts = self.held();
        let waiting = counts.iter_mut().filter_map(|(token, one)| Some((token.clone(), one.take()?)));
        let mut waiting: Vec<(String, DayReads)> = waiting.collect();
        waiting.sort_by(|one, other| one.0.cmp(&other.0));
        waiting
    }

    /// What could not be written down waits on.
    fn put_back(&self, due: &[(String, DayReads)]) {
        let mut counts = self.held();
        for (token, one) in due {
            if let Some(held) = counts.get_mut(token).filter(|held| held.day == one.day) {
                held.reads += one.reads;
            }
        }
    }
}

/// Notes that a program read by a token. Nobody waits for it.
pub(crate) fn note(app: &Arc<App>, token: &str, from: Option<IpAddr>) {
    let (day, now) = (app.db.clock().today(), app.db.clock().now());
    let due = app.reads.count(token, (day, now), from);
    if due.is_empty() {
        return;
    }
    let due: Vec<(String, DayReads)> = due.into_iter().map(|one| (token.to_owned(), one)).collect();
    let app = Arc::clone(app);
    tokio::spawn(async move { put_down(&app, &due).await });
}

/// Writes down what waits: now and then, and before the server ends.
pub async fn write_waiting(app: &App) {
    let waiting = app.reads.waiting();
    if !waiting.is_empty() {
        put_down(app, &waiting).await;
    }
}

async fn put_down(app: &App, due: &[(String, DayReads)]) {
    if let Err(cause) = write(app, due).await {
        tracing::warn!(%cause, "what programs read will be noted later");
        app.reads.put_back(due);
    }
}

async fn write(app: &App, due: &[(String, DayReads)]) -> Result<()> {
    let mut tx = app.db.begin(Arc::new(Actor::system("reads"))).await?;
    for (token, reads) in due {
        note_reads(&mut tx, token, reads).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn every_read_is_written_down_once() {
        let (reads, began) = (Reads::default(), Instant::UNIX_EPOCH);
        let at = |seconds| began + TimeDelta::seconds(seconds);
        let day = |number| Date::from_ymd_opt(2026, 11, number).unwrap();
        let from: Option<IpAddr> = Some("203.0.113.9".parse().unwrap());
        let some = |number, reads, seconds| DayReads {
            day: day(number),
            reads,
            last_at: at(seconds),
            from: "203.0.113.9".to_owned(),
        };
        assert_eq!(reads.count("a", (day(24), at(0)), from), [some(24, 1, 0)]);
        assert_eq!(reads.count("a", (day(24), at(10)), from), []);
        assert_eq!(reads.count("b", (day(24), at(10)), from), [some(24, 1, 10)]);
        assert_eq!(reads.count("a", (day(24), at(60)), from), [some(24, 2, 60)]);
        assert_eq!(reads.count("a", (day(24), at(61)), from), []);
        // Of the day before is told when and from where it was read then.
        assert_eq!(
            reads.count("a", (day(25), at(62)), None),
            [some(24, 1, 61), DayReads { from: String::new(), ..some(25, 1, 62) },]
        );
        assert_eq!(reads.count("a", (day(25), at(63)), from), []);
        assert_eq!(reads.count("b", (day(24), at(64)), from), []);
        let waiting = [("a".to_owned(), some(25, 1, 63)), ("b".to_owned(), some(24, 1, 64))];
        assert_eq!(reads.waiting(), waiting, "nobody has to come again for it");
        assert_eq!(reads.waiting(), []);
        reads.put_back(&waiting[..1]);
        assert_eq!(reads.waiting(), waiting[..1]);
    }
}
