//! Questions to servers outside: one request, one answer, by hyper over TLS. The server is careful where it goes: to
//! addresses of the internet alone, whatever a name stands for at this moment, unless whoever runs it says otherwise; and
//! wherever an answer points to, nowhere else. Of an answer no more is read than fits, within a time.

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Which addresses may be reached.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reachable {
    /// Also inside the network of the server, and without encryption: said by whoever runs it.
    pub inside: bool,
}

impl Reachable {
    /// Whether one may connect there: asked of what a name stands for each time, because names change.
    pub fn allows(self, ip: IpAddr) -> bool {
        self.inside || is_public(ip)
    }

    /// Whether an address may be spoken to in this way at all.
    pub fn takes_scheme(self, uri: &Uri) -> bool {
        let scheme = uri.scheme_str().unwrap_or_default();
        scheme == "https" || (self.inside && scheme == "http")
    }
}

/// Where one may go, and whom one believes.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    pub reachable: Reachable,
    pub trusted: &'a Arc<ClientConfig>,
}

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    pub method: Method,
    pub address: &'a str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// How much of an answer is read, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct AnswerLimit {
    pub bytes: usize,
    pub time: Duration,
}

#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    /// None where it was larger than what is read, or broke off.
    pub body: Option<Bytes>,
}

/// There was no answer.
#[derive(Debug)]
pub struct Unanswered {
    /// Whether the question may have arrived.
    pub asked: bool,
    /// For the log.
    pub words: String,
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

/// Asks once. No database may be held meanwhile.
pub async fn ask(way: Way<'_>, question: Question<'_>, limit: AnswerLimit) -> Result<Answered, Unanswered> {
    let mut asked = false;
    let done = tokio::time::timeout(limit.time, talk(way, question, limit.bytes, &mut asked)).await;
    let late = || Err(io::Error::from(io::ErrorKind::TimedOut));
    done.unwrap_or_else(|_| late()).map_err(|cause| Unanswered { asked, words: cause.to_string() })
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection to what the name stands for now, where that is allowed.
async fn reach(way: Way<'_>, uri: &Uri) -> io::Result<Box<dyn Stream>> {
    let host = uri.host().unwrap_or_default();
    let secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let plain = host.trim_matches(['[', ']']);
    let places = tokio::net::lookup_host((plain, port)).await?;
    let allowed = places.into_iter().find(|place| way.reachable.allows(place.ip()));
    let place =
        allowed.ok_or_else(|| io::Error::other("the name stands for no address that may be reached"))?;
    let stream = TcpStream::connect(place).await?;
    if !secure {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(plain.to_owned()).map_err(io::Error::other)?;
    Ok(Box::new(TlsConnector::from(Arc::clone(way.trusted)).connect(name, stream).await?))
}

async fn talk(way: Way<'_>, question: Question<'_>, most: usize, asked: &mut bool) -> io::Result<Answered> {
    let uri: Uri = question.address.parse().map_err(io::Error::other)?;
    if !way.reachable.takes_scheme(&uri) {
        return Err(io::Error::other("the address may not be reached in this way"));
    }
    let stream = reach(way, &uri).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let under_way = tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
    let head = Request::builder().method(question.method).uri(path).header(header::HOST, host);
    let head = question.headers.into_iter().fold(head, |head, (name, value)| head.header(name, value));
    let request = head.body(Full::new(Bytes::from(question.body))).map_err(io::Error::other)?;
    *asked = true;
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    let status = answer.status();
    let read = Limited::new(answer.into_body(), most).collect().await;
    under_way.abort();
    Ok(Answered { status, body: read.ok().map(|body| body.to_bytes()) })
}

/// Whether a name can be one of the internet: of more than one part, and under none of the ends kept for local use (RFC 6761,
/// RFC 6762, RFC 8375 and the reservation of `.internal`).
pub fn is_of_the_internet(name: &str) -> bool {
    const LOCAL: [&str; 7] = ["localhost", "local", "internal", "lan", "home", "arpa", "invalid"];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name.rsplit_once('.').is_some_and(|(_, end)| !LOCAL.contains(&end))
}

/// Whether an address is one of the internet at large, and none of the server, its network or its provider.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let tested = a == 198 && (b == 18 || b == 19);
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_multicast()
                || a == 0
                || a >= 240
                || (a == 192 && b == 0)
                || shared
                || tested)
        }
        IpAddr::V6(ip) => match ip.to_ipv4() {
            Some(inner) => is_public(IpAddr::V4(inner)),
            // 2000::/3 is what is given out; within it 6to4, Teredo and the documentation lead elsewhere.
            None => {
                let [a, b, ..] = ip.segments();
                (0x2000..0x4000).contains(&a)
                    && a != 0x2002
                    && (a, b) != (0x2001, 0)
                    && (a, b) != (0x2001, 0xdb8)
            }
        },
    }
}
