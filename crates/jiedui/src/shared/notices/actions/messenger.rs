//! The robot of a unit's group: connected by somebody of the unit, and told what stands on that desk. One request to an
//! address that somebody typed, so the server is careful where it goes: to addresses of the internet alone, whatever the
//! name stands for at this moment, and wherever the answer points to, nowhere else.

use super::super::data::{self, MessengerRow};
use super::super::rules::address::{Reachable, Shape};
use super::super::rules::letters::{FAULT, Outcome};
use super::smtp::Sent;
use axum::body::Bytes;
use axum::http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use jiedui_kernel::{Code, Error, Result};
use jiedui_store::{AuditRecord, Tx, args};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Bytes of an answer that are read.
const ANSWER: usize = 16 * 1024;

pub async fn of(tx: &mut Tx, org: &str) -> Result<Option<MessengerRow>> {
    tx.maybe(&data::MESSENGER, args![org]).await
}

pub async fn all(tx: &mut Tx) -> Result<Vec<MessengerRow>> {
    tx.all(&data::MESSENGERS, Vec::new()).await
}

/// Connects the group of the caller's unit.
pub async fn connect(tx: &mut Tx, reachable: Reachable, shape: &str, typed: &str) -> Result<()> {
    let unknown = || Error::field("shape", Code::NotListed.says("请选择是哪一种办公软件。"));
    let shape = Shape::of(shape).ok_or_else(unknown)?;
    let address = reachable.address(typed)?;
    let (org, account) = (tx.actor().org.clone(), tx.actor().account().to_owned());
    tx.write(&data::SET_MESSENGER, args![&org, &account, shape.id(), address]).await?;
    record(tx, "notice.connect", &org, &serde_json::json!({ "shape": shape.id() })).await
}

pub async fn disconnect(tx: &mut Tx) -> Result<()> {
    let org = tx.actor().org.clone();
    if of(tx, &org).await?.is_none() {
        return Ok(());
    }
    tx.write_one(&data::REMOVE_MESSENGER, args![&org]).await?;
    record(tx, "notice.disconnect", &org, &serde_json::json!({})).await
}

async fn record(tx: &mut Tx, action: &str, org: &str, body: &serde_json::Value) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "messenger", resource_id: org }, body).await
}

/// Whom the server believes: what the machine believes, so that whoever runs it can add an authority of its own.
pub fn trusted() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // One that cannot be read is none; the others stand.
        let _ = roots.add(certificate);
    }
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

/// Tells a group one text, within a time.
pub async fn send(
    (reachable, trusted): (Reachable, &Arc<ClientConfig>),
    row: &MessengerRow,
    text: &str,
    limit: Duration,
) -> Sent {
    let mut asked = false;
    let done = tokio::time::timeout(limit, talk((reachable, trusted), row, text, &mut asked)).await;
    let late = || Err(io::Error::from(io::ErrorKind::TimedOut));
    let (outcome, words) = match done.unwrap_or_else(|_| late()) {
        Ok(answer) => answer,
        // It may have been told already.
        Err(cause) if asked => (Outcome::NoAnswer, cause.to_string()),
        Err(cause) => (Outcome::NotNow, cause.to_string()),
    };
    (outcome, words.chars().take(FAULT).collect())
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection to what the name stands for now, where that is allowed.
async fn reach(
    (reachable, trusted): (Reachable, &Arc<ClientConfig>),
    uri: &Uri,
) -> io::Result<Box<dyn Stream>> {
    let host = uri.host().unwrap_or_default();
    let secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let plain = host.trim_matches(['[', ']']);
    let places = tokio::net::lookup_host((plain, port)).await?;
    let allowed = places.into_iter().find(|place| reachable.allows(place.ip()));
    let place =
        allowed.ok_or_else(|| io::Error::other("the name stands for no address that may be reached"))?;
    let stream = TcpStream::connect(place).await?;
    if !secure {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(plain.to_owned()).map_err(io::Error::other)?;
    Ok(Box::new(TlsConnector::from(Arc::clone(trusted)).connect(name, stream).await?))
}

async fn talk(
    how: (Reachable, &Arc<ClientConfig>),
    row: &MessengerRow,
    text: &str,
    asked: &mut bool,
) -> io::Result<Sent> {
    // Asked again: what is allowed may have changed since it was typed.
    let Ok(address) = how.0.address(&row.address) else {
        return Ok((Outcome::Never, "the address may not be reached".to_owned()));
    };
    let uri: Uri = address.parse().map_err(io::Error::other)?;
    let stream = reach(how, &uri).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let under_way = tokio::spawn(connection);
    let body = Full::new(Bytes::from(row.shape.message(text).to_string()));
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
    let request = Request::post(path)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .body(body)
        .map_err(io::Error::other)?;
    *asked = true;
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    let status = answer.status();
    let read = Limited::new(answer.into_body(), ANSWER).collect().await;
    under_way.abort();
    let bytes = read.map(|body| body.to_bytes()).unwrap_or_default();
    Ok(judge(row.shape, status, &bytes))
}

fn judge(shape: Shape, status: StatusCode, answer: &[u8]) -> Sent {
    let words = || format!("{status} {}", String::from_utf8_lossy(answer));
    match status {
        StatusCode::OK if shape.took(answer) => (Outcome::Taken, String::new()),
        StatusCode::TOO_MANY_REQUESTS => (Outcome::NotNow, words()),
        status if status.is_server_error() => (Outcome::NotNow, words()),
        // Also where it points elsewhere: nobody typed that address.
        _ => (Outcome::Never, words()),
    }
}
