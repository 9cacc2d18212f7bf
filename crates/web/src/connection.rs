//! One connection: what it is doing, and when it has to be let go.

use crate::gate::Pass;
use crate::limits::Limits;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tokio::time::Instant;

#[derive(Debug, Clone, Copy)]
enum Doing {
    /// Nothing, since then: no request is under way.
    Idle(Instant),
    /// A head is under way since then. A new connection owes its first head from the beginning.
    Head(Instant),
    /// A request is being answered; the line has its own limits.
    Answering,
}

/// What a connection is doing, noted by its stream and its requests, read by the task that watches it.
#[derive(Debug)]
pub struct Pulse(Mutex<State>);

#[derive(Debug)]
struct State {
    doing: Doing,
    /// Since when the client takes nothing of what is ready for it.
    stalled: Option<Instant>,
}

impl Pulse {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { doing: Doing::Head(Instant::now()), stalled: None })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When to look again, and whether the connection is overdue now.
    pub fn look(&self, limits: &Limits) -> (Instant, bool) {
        let now = Instant::now();
        let state = self.state();
        let due = match state.doing {
            Doing::Idle(since) => Some(since + limits.idle_time),
            Doing::Head(since) => Some(since + limits.head_time),
            Doing::Answering => None,
        };
        let stalled = state.stalled.map(|since| since + limits.stall_time);
        let due = [due, stalled].into_iter().flatten().min();
        // What is idle or answered now may begin a head at any moment, which is due sooner.
        let again = now + limits.head_time / 2;
        (due.map_or(again, |due| due.min(again)), due.is_some_and(|due| due <= now))
    }

    fn read(&self) {
        let mut state = self.state();
        if matches!(state.doing, Doing::Idle(_)) {
            state.doing = Doing::Head(Instant::now());
        }
    }

    fn wrote(&self, done: bool) {
        let mut state = self.state();
        state.stalled = if done { None } else { state.stalled.or_else(|| Some(Instant::now())) };
    }
}

/// An open request: ends when its answer was handed over to the connection, or was given up.
pub struct Open {
    pulse: Arc<Pulse>,
    _place: Option<Pass<IpAddr>>,
}

impl Open {
    pub fn new(pulse: &Arc<Pulse>, place: Option<Pass<IpAddr>>) -> Self {
        pulse.state().doing = Doing::Answering;
        Self { pulse: Arc::clone(pulse), _place: place }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.pulse.state().doing = Doing::Idle(Instant::now());
    }
}

/// The body of an answer, and the open request that ends with it.
pub struct Answered {
    body: Body,
    _open: Open,
}

impl Answered {
    pub fn new(body: Body, open: Open) -> Self {
        Self { body, _open: open }
    }
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The stream of a connection, which notes what comes and goes.
pub struct Watched {
    stream: TokioIo<TcpStream>,
    pulse: Arc<Pulse>,
}

impl Watched {
    pub fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { stream: TokioIo::new(stream), pulse }
    }

    fn noted<T>(&self, poll: Poll<T>) -> Poll<T> {
        self.pulse.wrote(poll.is_ready());
        poll
    }
}

impl Read for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if poll.is_ready() {
            self.pulse.read();
        }
        poll
    }
}

impl Write for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.noted(poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.noted(poll)
    }
}
