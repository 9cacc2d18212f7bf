//! Mail servers and office messengers for tests: one that follows the protocol, and such as hang, refuse or forget to answer.

use mailin::{Action, Handler, Response, Session, SessionBuilder, response};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A letter as a server took it.
#[derive(Debug, Clone, Default)]
pub struct Received {
    pub to: Vec<String>,
    pub text: String,
}

impl Received {
    /// The body in words: it comes in base64.
    pub fn body(&self) -> String {
        let (_, body) = self.text.split_once("\r\n\r\n").unwrap();
        let plain: String = body.split_whitespace().collect();
        String::from_utf8(decoded(&plain)).unwrap().replace("\r\n", "\n")
    }
}

fn decoded(text: &str) -> Vec<u8> {
    let signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u32> = text
        .bytes()
        .filter_map(|sign| signs.iter().position(|other| *other == sign))
        .map(|at| u32::try_from(at).unwrap())
        .collect();
    let whole = |part: &[u32]| {
        let number = part.iter().fold(0, |sum, bits| (sum << 6) | bits) << (6 * (4 - part.len()));
        number.to_be_bytes()[1..part.len()].to_vec()
    };
    bits.chunks(4).flat_map(whole).collect()
}

/// What a mail server says to a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    Yes,
    NoSuchAddress,
    Later,
    /// 5.7.1: it sends nothing on for us.
    NotForYou,
}

#[derive(Clone)]
struct Postbox {
    says: Arc<Mutex<Says>>,
    got: Arc<Mutex<Vec<Received>>>,
    now: Received,
}

impl Handler for Postbox {
    fn rcpt(&mut self, to: &str) -> Response {
        match *self.says.lock().unwrap() {
            Says::Yes => {
                self.now.to.push(to.to_owned());
                response::OK
            }
            Says::NoSuchAddress => response::NO_MAILBOX,
            Says::Later => Response::custom(450, "4.2.1 try later".to_owned()),
            Says::NotForYou => Response::custom(554, "5.7.1 relay access denied".to_owned()),
        }
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.now.text.push_str(&String::from_utf8_lossy(bytes));
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.got.lock().unwrap().push(std::mem::take(&mut self.now));
        response::OK
    }
}

/// A mail server that takes letters.
pub struct MailHost {
    pub address: SocketAddr,
    postbox: Postbox,
}

impl MailHost {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let postbox =
            Postbox { says: Arc::new(Mutex::new(Says::Yes)), got: Arc::default(), now: Received::default() };
        let handler = postbox.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let session = SessionBuilder::new("mail.example.com")
                    .build(IpAddr::V4(Ipv4Addr::LOCALHOST), handler.clone());
                tokio::spawn(talk(stream, session));
            }
        });
        Self { address, postbox }
    }

    pub fn says(&self, what: Says) {
        *self.postbox.says.lock().unwrap() = what;
    }

    pub fn got(&self) -> Vec<Received> {
        self.postbox.got.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, mut session: Session<Postbox>) {
    let mut stream = BufReader::new(stream);
    stream.write_all(&session.greeting().buffer().unwrap()).await.unwrap();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let answer = session.process(&line);
        if !matches!(answer.action, Action::NoReply) {
            stream.write_all(&answer.buffer().unwrap()).await.unwrap();
        }
        if matches!(answer.action, Action::Close) {
            return;
        }
    }
}

/// A server that answers each line with the next of these, and from there on nothing; how often it was asked to begin.
pub async fn falls_silent(answers: &'static [&'static str]) -> (SocketAddr, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(0)));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            *count.lock().unwrap() += 1;
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                for answer in answers {
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    let mut line = Vec::new();
                    if stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
                tokio::time::sleep(Duration::from_secs(600)).await;
            });
        }
    });
    (address, asked)
}

/// An office messenger that takes one message after the other and answers each in the same way; what it was told.
pub async fn messenger(answer: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, told) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let kept = Arc::clone(&told);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 64 * 1024];
            let mut request = String::new();
            // The head says how long the body is; both are small.
            while !is_whole(&request) {
                let read = stream.read(&mut bytes).await.unwrap();
                request.push_str(&String::from_utf8_lossy(&bytes[..read]));
                if read == 0 {
                    break;
                }
            }
            kept.lock().unwrap().push(request);
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (address, told)
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}
