//! A body that has to keep up: whoever announces one and does not send it is let go.

use crate::limits::Limits;
use crate::refusal::Refusal;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use jiedui_kernel::Result;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// Fails when the body is late: not whole within its time, or slower on average than the least speed.
pub struct Paced {
    body: Body,
    pace: Pace,
    alarm: Pin<Box<Sleep>>,
    late: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Copy)]
struct Pace {
    started: Instant,
    received: u64,
    most: Duration,
    slow_after: Duration,
    least_speed: u32,
}

impl Pace {
    /// Until when the bytes that came so far are enough.
    fn due(&self) -> Instant {
        let earned = Duration::from_secs_f64(self.received as f64 / f64::from(self.least_speed.max(1)));
        self.started + self.most.min(self.slow_after.saturating_add(earned))
    }
}

/// Tells whether reading failed because the body was late.
pub struct Late(Arc<AtomicBool>);

impl Late {
    pub fn or<T>(self, read: Result<T>) -> Result<T, Refusal> {
        if self.0.load(Ordering::Relaxed) { Err(Refusal::TooSlow) } else { read.map_err(Refusal::from) }
    }
}

impl Paced {
    pub fn wrap(body: Body, limits: &Limits, most: Duration) -> (Body, Late) {
        let (slow_after, least_speed) = (limits.slow_after, limits.least_speed);
        let pace = Pace { started: Instant::now(), received: 0, most, slow_after, least_speed };
        let late = Arc::new(AtomicBool::new(false));
        let alarm = Box::pin(sleep_until(pace.due()));
        (Body::new(Self { body, pace, alarm, late: Arc::clone(&late) }), Late(late))
    }

    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        while self.alarm.as_mut().poll(cx).is_ready() {
            let due = self.pace.due();
            if due <= Instant::now() {
                self.late.store(true, Ordering::Relaxed);
                return true;
            }
            self.alarm.as_mut().reset(due);
        }
        false
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.is_late(cx) {
            return Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(
                std::io::ErrorKind::TimedOut,
            )))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            self.pace.received += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_earn_time_up_to_the_most() {
        let pace = Pace {
            started: Instant::now(),
            received: 0,
            most: Duration::from_secs(30),
            slow_after: Duration::from_secs(10),
            least_speed: 1000,
        };
        let due = |received| (Pace { received, ..pace }).due() - pace.started;
        assert_eq!(due(0), Duration::from_secs(10));
        assert_eq!(due(5_000), Duration::from_secs(15));
        assert_eq!(due(50_000_000), Duration::from_secs(30));
    }
}
