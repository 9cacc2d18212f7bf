//! The real server on a socket, and clients that send what they like as slowly as they like.

use super::{Agent, World, programme};
use crate::site;
use jiedui_kernel::Random;
use jiedui_web::App;
use jiedui_web::limits::Limits;
use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Far above what any answer takes, far below the thirty seconds for which a request waits for a connection to the
/// database.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// What must happen soon, however busy the machine is.
pub async fn soon<T>(what: &str, wanted: impl Future<Output = T>) -> T {
    timeout(PATIENCE, wanted).await.unwrap_or_else(|_| panic!("{what}: not within {PATIENCE:?}"))
}

/// Waits until something holds.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    soon(what, async {
        while !holds() {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

pub struct Served {
    pub app: Arc<App>,
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Served {
    /// A server over the data of this world, under these limits.
    pub async fn start(world: &World, limits: Limits) -> Self {
        let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
        let app = Arc::new(app.with_limits(limits));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let asked = async {
            let _ = stopped.await;
        };
        let serving = jiedui_web::serve(Arc::clone(&app), listener, asked);
        Self { app, address, stop, running: tokio::spawn(serving) }
    }

    pub async fn stop(self) {
        let _ = self.stop.send(());
        soon("the server stops", self.running).await.unwrap();
    }

    pub async fn connect(&self) -> Wire {
        Wire(soon("a connection", TcpStream::connect(self.address)).await.unwrap())
    }

    /// Sends a head and what there is of a body.
    pub async fn send(&self, head: &str, agent: &Agent, body: &str) -> Wire {
        let wire = self.connect().await;
        let cookies = agent.cookies();
        wire.send(&format!("{head}\r\nHost: {}\r\nCookie: {cookies}\r\n\r\n{body}", self.address)).await;
        wire
    }

    /// Announces a body and sends one byte of it.
    pub async fn stall(&self, path: &str, kind: &str, agent: &Agent) -> Wire {
        let head = format!("POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: 1000");
        self.send(&head, agent, "a").await
    }

    pub async fn get(&self, path: &str, agent: &Agent) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nConnection: close");
        self.send(&head, agent, "").await.rest().await
    }

    pub async fn post(&self, path: &str, agent: &Agent, fields: &[(&str, &str)]) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("_csrf", &agent.csrf);
        body.extend_pairs(fields);
        let (body, kind) = (body.finish(), "application/x-www-form-urlencoded");
        let head = format!(
            "POST {path} HTTP/1.1\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}",
            body.len()
        );
        self.send(&head, agent, &body).await.rest().await
    }
}

/// One connection.
pub struct Wire(TcpStream);

impl Wire {
    pub async fn send(&self, text: &str) {
        let mut bytes = text.as_bytes();
        while !bytes.is_empty() {
            soon("room to send", self.0.writable()).await.unwrap();
            match self.0.try_write(bytes) {
                Ok(sent) => bytes = &bytes[sent..],
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
                Err(cause) => panic!("{cause}"),
            }
        }
    }

    /// All that comes until the server closes the connection.
    pub async fn rest(&self) -> String {
        let (mut all, mut piece) = (Vec::new(), [0; 4096]);
        loop {
            soon("the end of a connection", self.0.readable()).await.unwrap();
            match self.0.try_read(&mut piece) {
                Ok(0) => break,
                Ok(length) => all.extend_from_slice(&piece[..length]),
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
        String::from_utf8_lossy(&all).into_owned()
    }

    /// Whether nothing came so far.
    pub fn is_silent(&self) -> bool {
        self.0.try_read(&mut [0; 1]).is_err_and(|cause| cause.kind() == ErrorKind::WouldBlock)
    }
}
