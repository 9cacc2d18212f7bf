//! A look for viruses: what is handed in is streamed to a scanner that speaks the protocol of clamd (`INSTREAM`), before
//! anything of it is kept. What it finds is refused and leaves a record; where it does not answer, clearly and in time,
//! nothing is let in.

use crate::App;
use crate::received::ReceivedRequest;
use crate::refusal::Refusal;
use crate::trail;
use jiedui_kernel::{Code, Error};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How long one look may take, the wait for a free place included: well within the time that a request has.
const PATIENCE: Duration = Duration::from_secs(20);
/// Looks at a time; a scanner that is asked for more of them lets them wait itself.
const AT_ONCE: usize = 4;
/// A file is sent in parts of this size.
const PART_BYTES: usize = 64 * 1024;
/// An answer is one short line; more than this is none.
const MOST_ANSWER: usize = 1024;

/// Where the scanner listens.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Address {
    Tcp(String),
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

/// What a scanner said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    Clean,
    /// The name of what it found.
    Found(String),
}

/// The scanner, as whoever runs the server named it.
#[derive(Debug, Clone)]
pub struct Scanner {
    address: Address,
    patience: Duration,
    turns: Arc<Semaphore>,
}

impl Scanner {
    /// `HOST:PORT`, or the path of a socket, with `unix:` before it or without.
    ///
    /// # Errors
    /// Where it is neither, in words for whoever starts the server.
    pub fn at(text: &str) -> Result<Self, String> {
        let address = address(text.trim()).ok_or_else(|| {
            format!("--scan 写的“{text}”看不懂：请写 主机:端口，或者套接字的完整路径，例如 unix:/run/clamav/clamd.ctl。")
        })?;
        Ok(Self { address, patience: PATIENCE, turns: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The same, waiting so long for an answer.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What it says of a content.
    pub(crate) async fn look(&self, bytes: &[u8]) -> io::Result<Finding> {
        let look = async {
            let _turn = self.turns.acquire().await.map_err(io::Error::other)?;
            match &self.address {
                Address::Tcp(address) => ask(TcpStream::connect(address.as_str()).await?, bytes).await,
                #[cfg(unix)]
                Address::Unix(path) => ask(tokio::net::UnixStream::connect(path).await?, bytes).await,
            }
        };
        timeout(self.patience, look).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

fn address(text: &str) -> Option<Address> {
    #[cfg(unix)]
    {
        let path = text.strip_prefix("unix:").unwrap_or(text);
        if path.starts_with('/') {
            return Some(Address::Unix(path.into()));
        }
    }
    let (host, port) = text.rsplit_once(':')?;
    let is_there = !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok_and(|port| port > 0);
    is_there.then(|| Address::Tcp(text.to_owned()))
}

/// Sends a content and reads the answer.
async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> io::Result<Finding> {
    stream.write_all(b"zINSTREAM\0").await?;
    for part in bytes.chunks(PART_BYTES) {
        let length = u32::try_from(part.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(part).await?;
    }
    // A part of no length ends it.
    stream.write_all(&0_u32.to_be_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    let mut part = [0_u8; 256];
    while !answer.contains(&0) && answer.len() <= MOST_ANSWER {
        let read = stream.read(&mut part).await?;
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&part[..read]);
    }
    understood(&answer).ok_or_else(|| {
        let text: String = String::from_utf8_lossy(&answer).chars().take(80).collect();
        io::Error::other(format!("no answer of a scanner: {text:?}"))
    })
}

/// What an answer means; none where it is not whole or not one of the two that decide.
fn understood(answer: &[u8]) -> Option<Finding> {
    let line = answer.strip_suffix(b"\0")?;
    let said = std::str::from_utf8(line).ok()?.strip_prefix("stream: ")?;
    if said == "OK" {
        return Some(Finding::Clean);
    }
    let name = said.strip_suffix(" FOUND")?.trim();
    (!name.is_empty()).then(|| Finding::Found(name.to_owned()))
}

/// Whether the file of a request may be read at all. No database is held while the scanner works.
pub(crate) async fn pass(app: &App, request: &ReceivedRequest) -> Result<(), Refusal> {
    let (Some(scanner), Some(file)) = (&app.scanner, &request.form.file) else { return Ok(()) };
    if file.bytes.is_empty() {
        return Ok(());
    }
    let virus = match scanner.look(&file.bytes).await {
        Ok(Finding::Clean) => return Ok(()),
        Ok(Finding::Found(virus)) => virus,
        Err(cause) => {
            tracing::error!(%cause, "the scanner for viruses did not answer; a file was refused");
            return Err(Error::NotNow("暂时不能检查文件，请稍后再传。".to_owned()).into());
        }
    };
    tracing::warn!(%virus, "a file was refused by the scanner for viruses");
    if let Some(caller) = &request.signed_in {
        trail::infected(app, &caller.actor, &request.parts.path, (file, &virus)).await?;
    }
    let words = "这个文件没有通过病毒检查，没有收下。请先在自己的电脑上杀毒，再换一份干净的文件；不清楚的请告知系统管理员。";
    Err(Error::field("file", Code::WrongFile.says(words)).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// How a scanner of the tests behaves when the whole file is there.
    #[derive(Debug, Clone, Copy)]
    enum Answers {
        With(&'static [u8]),
        Never,
        /// Closes as soon as it has read the command.
        Early,
    }

    /// Reads what is sent as clamd does: parts behind their length, until one of no length.
    async fn read_stream(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
        let mut whole = Vec::new();
        loop {
            let length = stream.read_u32().await? as usize;
            if length == 0 {
                return Ok(whole);
            }
            let from = whole.len();
            whole.resize(from + length, 0);
            stream.read_exact(&mut whole[from..]).await?;
        }
    }

    async fn serve(mut stream: TcpStream, answers: Answers, expected: Vec<u8>) -> io::Result<()> {
        let mut command = [0; 10];
        stream.read_exact(&mut command).await?;
        assert_eq!(&command, b"zINSTREAM\0");
        match answers {
            Answers::Early => Ok(()),
            Answers::With(answer) => {
                assert_eq!(read_stream(&mut stream).await?, expected, "the whole file came");
                stream.write_all(answer).await
            }
            Answers::Never => {
                read_stream(&mut stream).await?;
                // Holds the connection until the caller gives up.
                stream.read_u8().await.map(drop)
            }
        }
    }

    async fn said(answers: Answers, bytes: Vec<u8>) -> io::Result<Finding> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scanner = Scanner::at(&listener.local_addr().unwrap().to_string()).unwrap();
        let scanner = scanner.patient(Duration::from_secs(1));
        let expected = bytes.clone();
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            serve(stream, answers, expected).await
        });
        let said = scanner.look(&bytes).await;
        if matches!(answers, Answers::With(_)) {
            server.await.unwrap().unwrap();
        }
        said
    }

    #[tokio::test]
    async fn a_scanner_says_clean_or_what_it_found() {
        // More than one part, and not a whole number of them.
        let large = vec![7; PART_BYTES * 2 + 5];
        assert_eq!(said(Answers::With(b"stream: OK\0"), large).await.unwrap(), Finding::Clean);
        let found = said(Answers::With(b"stream: Eicar-Test-Signature FOUND\0"), b"x".to_vec()).await;
        assert_eq!(found.unwrap(), Finding::Found("Eicar-Test-Signature".to_owned()));
    }

    #[tokio::test]
    async fn whatever_is_no_clear_answer_is_none() {
        assert!(understood(b"stream: OK\0stream: OK\0").is_none());
        let garbage: [&'static [u8]; 6] = [
            b"",
            b"stream: OK",
            b"OK\0",
            b"stream:  FOUND\0",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"\xff\xfe\0",
        ];
        for answer in garbage {
            assert!(said(Answers::With(answer), b"x".to_vec()).await.is_err(), "{answer:?}");
        }
        assert!(said(Answers::Early, vec![1; PART_BYTES * 40]).await.is_err(), "closed early");
        let late = said(Answers::Never, b"x".to_vec()).await.unwrap_err();
        assert_eq!(late.kind(), io::ErrorKind::TimedOut);
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(Scanner::at(&nobody.to_string()).unwrap().look(b"x").await.is_err(), "nobody listens");
    }

    #[test]
    fn an_address_is_a_host_with_a_port_or_a_socket() {
        for fine in
            ["127.0.0.1:3310", "clamd.local:3310", "[::1]:3310", "unix:/run/clamd.ctl", "/run/clamd.ctl"]
        {
            assert!(address(fine).is_some(), "{fine}");
        }
        for wrong in
            ["", "clamd", "clamd:", ":3310", "clamd:0", "clamd:99999", "unix:clamd.ctl", "run/clamd:1"]
        {
            assert!(Scanner::at(wrong).is_err(), "{wrong}");
        }
    }
}
