//! An outside system for tests: a server of its own on this machine that answers as it is told, well or badly.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How it answers one question.
#[derive(Debug, Clone)]
pub enum Says {
    /// Takes every row, and each batch once, whatever is sent how often.
    Yes,
    /// Takes the batch and says nothing, so that it is sent again.
    TakesAndFallsSilent,
    /// Refuses the first row.
    NotTheFirst,
    Status(u16),
    /// Breaks off in the middle of its answer.
    Half,
    Garbage,
    /// The same answer twice, one behind the other.
    Twice,
    /// An answer without an end.
    Endless,
    /// Says that a gigabyte comes, and lets it come.
    Gigabyte,
    /// Says that the answer is elsewhere.
    Elsewhere,
    /// This table.
    Table(String),
}

/// A question as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub head: String,
    pub body: String,
}

impl Asked {
    pub fn key(&self) -> String {
        header(&self.head, "idempotency-key")
    }
}

fn header(head: &str, name: &str) -> String {
    let found =
        head.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| key.to_lowercase() == name);
    found.map(|(_, value)| value.to_owned()).unwrap_or_default()
}

#[derive(Default)]
struct Memory {
    /// What is answered next, the last of them for ever.
    says: Vec<Says>,
    asked: Vec<Asked>,
    /// Batches that were taken, and how many rows they have together.
    taken: BTreeSet<String>,
    rows: usize,
    /// Bytes that somebody took of an answer without an end.
    poured: usize,
}

/// The server.
pub struct Partner {
    pub address: SocketAddr,
    memory: Arc<Mutex<Memory>>,
}

impl Partner {
    pub async fn start(says: &[Says]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let memory = Arc::new(Mutex::new(Memory { says: says.to_vec(), ..Memory::default() }));
        let own = Arc::clone(&memory);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answer(stream, Arc::clone(&own)));
            }
        });
        Self { address, memory }
    }

    pub fn says(&self, says: &[Says]) {
        self.memory.lock().unwrap().says = says.to_vec();
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.memory.lock().unwrap().asked.clone()
    }

    /// How many rows it has, each counted once.
    pub fn rows(&self) -> usize {
        self.memory.lock().unwrap().rows
    }

    pub fn poured(&self) -> usize {
        self.memory.lock().unwrap().poured
    }
}

/// Reads one question to its end.
async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let (mut bytes, mut part) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let got = stream.read(&mut part).await.ok()?;
        bytes.extend_from_slice(&part[..got]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length: usize = header(head, "content-length").parse().unwrap_or(0);
            if body.len() >= length {
                return Some(Asked { head: head.to_owned(), body: body.to_owned() });
            }
        }
        if got == 0 {
            return None;
        }
    }
}

/// Rows of a batch in CSV or JSON.
fn rows_in(body: &str) -> usize {
    match serde_json::from_str::<Vec<serde_json::Value>>(body) {
        Ok(rows) => rows.len(),
        Err(_) => body.lines().count().saturating_sub(1),
    }
}

async fn answer(mut stream: TcpStream, memory: Arc<Mutex<Memory>>) {
    let Some(asked) = read(&mut stream).await else { return };
    let rows = rows_in(&asked.body);
    let says = {
        let mut memory = memory.lock().unwrap();
        let says = if memory.says.len() > 1 { memory.says.remove(0) } else { memory.says[0].clone() };
        let takes = matches!(says, Says::Yes | Says::TakesAndFallsSilent | Says::Twice);
        if takes && memory.taken.insert(asked.key()) {
            memory.rows += rows;
        }
        memory.asked.push(asked);
        says
    };
    let whole = |status: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    };
    let yes = format!("{{\"accepted\":{rows}}}");
    let text = match says {
        Says::Yes => whole("200 OK", &yes),
        Says::TakesAndFallsSilent => return tokio::time::sleep(Duration::from_secs(600)).await,
        Says::NotTheFirst => {
            let refused = r#"[{"line":1,"field":"bys","words":"与学籍不符"}]"#;
            whole("200 OK", &format!("{{\"accepted\":{},\"refused\":{refused}}}", rows.saturating_sub(1)))
        }
        Says::Status(status) => whole(&format!("{status} Status"), "no"),
        Says::Half => format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{yes}"),
        Says::Garbage => whole("200 OK", "\u{0}<html>welcome</html>"),
        Says::Twice => whole("200 OK", &yes).repeat(2),
        Says::Endless => return pour(stream, "HTTP/1.1 200 OK\r\n\r\n", &memory).await,
        Says::Gigabyte => {
            return pour(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", &memory).await;
        }
        Says::Elsewhere => {
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_owned()
        }
        Says::Table(table) => whole("200 OK", &table),
    };
    // Whoever asked may have left already.
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Sends until nobody takes any more, a gigabyte at most.
async fn pour(mut stream: TcpStream, head: &str, memory: &Arc<Mutex<Memory>>) {
    let part = vec![b'x'; 64 * 1024];
    let _ = stream.write_all(head.as_bytes()).await;
    for _ in 0..16 * 1024 {
        if stream.write_all(&part).await.is_err() {
            return;
        }
        memory.lock().unwrap().poured += part.len();
    }
}
