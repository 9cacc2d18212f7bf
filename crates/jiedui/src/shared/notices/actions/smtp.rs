//! Handing a letter to a mail server, step by step, so that it is known at which one it was refused.

use super::super::rules::letters::{FAULT, Outcome};
use jiedui_kernel::{Instant, caused};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error as SmtpError, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use std::time::Duration;

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the first byte on: `smtps://`.
    Tls,
    /// Asked for before anything is said: `smtp://`.
    StartTls,
    /// Not at all: `smtp+plain://`, for a server on the same machine.
    None,
}

/// The mail server of whoever runs the system.
#[derive(Clone)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub account: Option<(String, String)>,
    pub from: Mailbox,
    /// How long one letter may take.
    pub limit: Duration,
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the password.
        write!(to, "{}:{} {:?}", self.host, self.port, self.security)
    }
}

impl MailServer {
    /// How long a letter may take, where nothing else is said.
    pub const LIMIT: Duration = Duration::from_secs(30);

    /// From `smtp://user:password@host:port`; the password may stand in a file instead.
    pub fn read(address: &str, password: Option<String>, from: &str) -> Result<Self, String> {
        let wrong = || "邮件服务器写成 smtp://账号:密码@主机:端口（密码也可放在文件里）。".to_owned();
        let (scheme, rest) = address.split_once("://").ok_or_else(wrong)?;
        let (security, usual) = match scheme {
            "smtps" => (Security::Tls, SUBMISSIONS_PORT),
            "smtp" => (Security::StartTls, SUBMISSION_PORT),
            "smtp+plain" => (Security::None, SMTP_PORT),
            _ => return Err(wrong()),
        };
        let (account, place) = match rest.rsplit_once('@') {
            Some((account, place)) => (Some(account), place),
            None => (None, rest),
        };
        let place = place.trim_end_matches('/');
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
            None => (place, usual),
        };
        if host.is_empty() {
            return Err(wrong());
        }
        let account = account.map(|account| {
            let (name, given) = account.split_once(':').unwrap_or((account, ""));
            (plain(name), password.clone().unwrap_or_else(|| plain(given)))
        });
        let from =
            from.parse().map_err(|_| format!("发信地址“{from}”不对，应像 结对通 <name@example.com>。"))?;
        Ok(Self { host: host.to_owned(), port, security, account, from, limit: Self::LIMIT })
    }
}

/// What stands in an address with its signs written as `%40`.
fn plain(text: &str) -> String {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(text.replace('+', "%2B").as_bytes()).into_owned().collect();
    pairs.into_iter().next().map(|(name, _)| name).unwrap_or_default()
}

/// A letter as it is sent.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    /// Where it can be switched off.
    pub settings: String,
    pub at: Instant,
}

/// What came of it, and the words of the server for whoever runs the system.
pub type Sent = (Outcome, String);

fn fault(outcome: Outcome, words: &str) -> Sent {
    (outcome, words.chars().take(FAULT).collect())
}

/// Why it broke off at this stage, and what to do.
fn broken_off(stage: Stage) -> &'static str {
    match stage {
        Stage::Greeting => "连不上邮件服务器或登录不成，请核对 --smtp、密码文件和网络。",
        Stage::Recipient => "邮件服务器不收寄给这个地址的信，请核对地址。",
        Stage::Content => "邮件服务器没有收下这封信。",
    }
}

/// How far a conversation got: what is known of a letter when it breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Greeting,
    Recipient,
    /// The letter itself is under way: after this only the server knows whether it took it.
    Content,
}

fn judge(stage: Stage, cause: &SmtpError) -> Outcome {
    match stage {
        Stage::Recipient if cause.is_permanent() && is_about_the_address(&cause.to_string()) => {
            Outcome::NoSuchAddress
        }
        Stage::Recipient | Stage::Content if cause.is_permanent() => Outcome::Never,
        Stage::Content if !cause.is_transient() => Outcome::NoAnswer,
        // What is refused before is about the system, not the letter: it may be mended while the letter waits.
        _ => Outcome::NotNow,
    }
}

/// A server that sends nothing on for us (5.7.x) says so at the same place: no reason to give up the address.
fn is_about_the_address(words: &str) -> bool {
    !words.contains("5.7.")
}

/// Hands a letter over, within the time that it may take.
pub async fn send(server: &MailServer, letter: &Letter) -> Sent {
    let mut stage = Stage::Greeting;
    let conversation = converse(server, letter, &mut stage);
    match tokio::time::timeout(server.limit, conversation).await {
        Ok(Ok(())) => (Outcome::Taken, String::new()),
        Ok(Err(Broken::Server(cause))) => fault(judge(stage, &cause), &caused(broken_off(stage), cause)),
        Ok(Err(Broken::Here(words))) => {
            fault(Outcome::Never, &caused("这封信写不成，请核对收件和发件的地址。", words))
        }
        Err(_) if stage == Stage::Content => {
            fault(Outcome::NoAnswer, "邮件服务器没有按时答复，信可能已经发出。")
        }
        Err(_) => fault(Outcome::NotNow, "邮件服务器没有按时答复，稍后再发。"),
    }
}

enum Broken {
    Server(SmtpError),
    /// The letter cannot be written.
    Here(String),
}

impl From<SmtpError> for Broken {
    fn from(cause: SmtpError) -> Self {
        Self::Server(cause)
    }
}

fn here(cause: impl std::fmt::Display) -> Broken {
    Broken::Here(cause.to_string())
}

async fn converse(server: &MailServer, letter: &Letter, stage: &mut Stage) -> Result<(), Broken> {
    let message = written(server, letter)?;
    let to = letter.to.parse().map_err(here)?;
    let name = ClientId::Domain(server.from.email.domain().to_owned());
    let tls = || TlsParameters::new_rustls(server.host.clone());
    let implicit = if server.security == Security::Tls { Some(tls()?) } else { None };
    let place = (server.host.as_str(), server.port);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(place, Some(server.limit), &name, implicit, None).await?;
    if server.security == Security::StartTls {
        connection.starttls(tls()?, &name).await?;
    }
    if let Some((account, password)) = &server.account {
        let credentials = Credentials::new(account.clone(), password.clone());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
    }
    connection.command(Mail::new(Some(server.from.email.clone()), Vec::new())).await?;
    *stage = Stage::Recipient;
    connection.command(Rcpt::new(to, Vec::new())).await?;
    *stage = Stage::Greeting;
    connection.command(Data).await?;
    *stage = Stage::Content;
    connection.message(&message).await?;
    // It was taken; how the server says good-bye is its own business.
    let _ = connection.quit().await;
    Ok(())
}

fn written(server: &MailServer, letter: &Letter) -> Result<Vec<u8>, Broken> {
    let to = Mailbox::new(None, letter.to.parse().map_err(here)?);
    let unsubscribe = HeaderName::new_from_ascii_str("List-Unsubscribe");
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let message = Message::builder()
        .from(server.from.clone())
        .to(to)
        .subject(letter.subject.clone())
        .date(letter.at.into())
        // The same letter has the same name, whichever server sees it twice.
        .message_id(Some(format!("<{}@{}>", letter.id, server.from.email.domain())))
        .raw_header(HeaderValue::new(unsubscribe, format!("<{}>", letter.settings)))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.clone())
        .map_err(here)?;
    Ok(message.formatted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_read_from_one_line() {
        let from = "结对通 <office@example.com>";
        let read = |address: &str| MailServer::read(address, None, from);
        let server = read("smtp://office%40example.com:a%3Ab+c@mail.example.com:2525").unwrap();
        assert_eq!(
            (server.host.as_str(), server.port, server.security),
            ("mail.example.com", 2525, Security::StartTls)
        );
        assert_eq!(server.account, Some(("office@example.com".to_owned(), "a:b+c".to_owned())));
        assert_eq!(read("smtps://mail.example.com").unwrap().port, 465);
        assert_eq!(read("smtp+plain://127.0.0.1").unwrap().security, Security::None);
        let kept = MailServer::read("smtp://u@h", Some("secret".to_owned()), from).unwrap();
        assert_eq!(kept.account, Some(("u".to_owned(), "secret".to_owned())));
        assert!(!format!("{kept:?}").contains("secret"));
        for bad in ["", "mail.example.com", "http://h", "smtp://", "smtp://h:x"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(MailServer::read("smtp://h", None, "nobody").is_err());
    }
}
