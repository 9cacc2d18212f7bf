//! The server: accepts connections within the limits, watches them, and stops within its time.

use crate::App;
use crate::connection::{Answered, Open, Pulse, Watched};
use crate::gate::Pass;
use crate::head::Peer;
use crate::line::router;
use crate::response::{BUSY, busy, security_lines};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioTimer;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until, timeout};

/// How long to wait after the system gave no connection, for want of descriptors perhaps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// How long a refused client has to take its answer.
const REFUSAL_TIME: Duration = Duration::from_secs(1);
/// Refused clients that are answered at one time; the others are cut off.
const REFUSALS: usize = 64;

/// Serves until `stop`, then lets what is under way end, for a while.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: impl Future<Output = ()>) {
    // The routes are made ready once; each connection shares them.
    let router: Router = router(&app).with_state(());
    let (closing, closed) = watch::channel(false);
    let (mut tasks, mut refusals) = (JoinSet::new(), JoinSet::new());
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = tasks.join_next() => {}
            Some(_) = refusals.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let peer = counted(&app, peer);
                    match app.gates.connections.enter(peer) {
                        Some(place) => {
                            let one = Connection { app: Arc::clone(&app), router: router.clone(), peer, place };
                            tasks.spawn(one.serve(stream, closed.clone()));
                        }
                        None if refusals.len() < REFUSALS => drop(refusals.spawn(refuse(stream))),
                        None => {}
                    }
                }
                Err(cause) => {
                    tracing::warn!(%cause, "could not accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    closing.send_replace(true);
    let drained = timeout(app.limits.drain_time, async { while tasks.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(connections = tasks.len(), "closed while a request was under way");
    }
    tasks.shutdown().await;
}

/// The address under which a client is counted.
fn counted(app: &App, peer: SocketAddr) -> Option<IpAddr> {
    let address = peer.ip().to_canonical();
    (!(app.limits.spare_loopback && address.is_loopback())).then_some(address)
}

struct Connection {
    app: Arc<App>,
    router: Router,
    peer: Option<IpAddr>,
    place: Pass<IpAddr>,
}

impl Connection {
    async fn serve(self, stream: TcpStream, mut closing: watch::Receiver<bool>) {
        let Self { app, router, peer, place: _place } = self;
        // A page is written in one go; waiting for more to send only delays it.
        let _ = stream.set_nodelay(true);
        let pulse = Pulse::new();
        let stream = Watched::new(stream, Arc::clone(&pulse));
        let inner = TowerToHyperService::new(router);
        let service = service_fn(|request: Request<Incoming>| {
            let place = app.gates.open.enter(peer);
            let (busy_now, open) = (place.is_none(), Open::new(&pulse, place));
            let inner = inner.clone();
            let retry_after = app.limits.retry_after;
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(Peer(peer));
                let response = if busy_now { busy(retry_after) } else { inner.call(request).await? };
                Ok::<Response<Answered>, Infallible>(response.map(|body| Answered::new(body, open)))
            }
        });
        let mut http = http1::Builder::new();
        // Heads and idle times are watched below, because the two have different limits.
        http.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(app.limits.head_bytes);
        let mut connection = pin!(http.serve_connection(stream, service));
        let mut is_closing = false;
        loop {
            let (again, overdue) = pulse.look(&app.limits);
            if overdue {
                return;
            }
            tokio::select! {
                _ = connection.as_mut() => return,
                () = sleep_until(again) => {}
                _ = closing.wait_for(|closing| *closing), if !is_closing => {
                    is_closing = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Tells a client for whom there is no place that it should come again, without reading what it sends.
async fn refuse(stream: TcpStream) {
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Type: text/html; \
         charset=utf-8\r\n{}Content-Length: {}\r\n\r\n{BUSY}",
        security_lines(),
        BUSY.len()
    );
    let told = async {
        stream.writable().await?;
        stream.try_write(answer.as_bytes())?;
        // What the client sent has to be taken, or the answer is lost with the connection.
        let mut taken = [0; 4096];
        loop {
            stream.readable().await?;
            match stream.try_read(&mut taken) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(cause) if cause.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(cause) => return Err::<(), std::io::Error>(cause),
            }
        }
    };
    let _ = timeout(REFUSAL_TIME, told).await;
}
