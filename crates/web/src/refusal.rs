//! Why a request gets no answer of its handler: an error of the application, or a limit of the line.

use crate::head::SignedIn;
use crate::session::Ending;
use jiedui_kernel::Error;

#[derive(Debug)]
pub enum Refusal {
    Error(Error),
    /// The body did not come in time.
    TooSlow,
    /// No place is free.
    Busy,
    /// The answer was not ready in time; nothing was written.
    Overdue,
    /// The address is not asked in this way.
    OtherMethod,
    /// A program left out, or got wrong, what it has to say with a change.
    Unsaid(Unsaid),
}

/// What a program has to say with a change beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsaid {
    /// The content is none that programs send.
    NotJson,
    NoKey,
    /// The key came with other content before.
    OtherContent,
    NoVersion,
    /// The row has another version by now.
    OtherVersion,
}

impl Unsaid {
    /// For programs: it stays when the words are bettered.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::NoKey => "no_key",
            Self::OtherContent => "other_content",
            Self::NoVersion => "no_version",
            Self::OtherVersion => "other_version",
        }
    }

    /// Status, title and words.
    pub fn told(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::NotJson => (415, "内容的格式不对", "请求的内容要是 application/json。没有写入。"),
            Self::NoKey => (
                400,
                "缺少 Idempotency-Key",
                "写入要带请求头 Idempotency-Key：一次写入一个，重发时不变，由字母、数字和符号组成，最长 100 个字符。没有写入。",
            ),
            Self::OtherContent => (
                422,
                "Idempotency-Key 用过了",
                "这个 Idempotency-Key 已经用于另一次内容不同的写入。这一次没有写入；新的写入请换一个。",
            ),
            Self::NoVersion => (
                428,
                "缺少 If-Match",
                "改动已有的一条要带请求头 If-Match：读到它时的 ETag，或者 version。没有写入。",
            ),
            Self::OtherVersion => (
                412,
                "已经有了改动",
                "这一条在您读取以后有了改动，没有写入。请重新读取，看过现在的内容再决定。",
            ),
        }
    }
}

/// What is known of a request that is refused: who sent it, and what was typed in its form.
#[derive(Debug, Default)]
pub struct Seen {
    pub signed_in: Option<SignedIn>,
    pub typed: Vec<String>,
    /// Why the session ended, where its holder is told.
    pub ended: Option<Ending>,
    /// Whether a replica was read.
    pub at_replica: bool,
}

impl Seen {
    /// Whether the server may answer what was refused: a replica that goes away, or must follow, gives up its reading.
    pub fn is_replicas_fault(&self, refusal: &Refusal) -> bool {
        let gave_up = matches!(refusal, Refusal::Error(Error::Unavailable(_) | Error::Conflict(_)));
        self.at_replica && gave_up
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Busy => Self::Busy,
            other => Self::Error(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_replica_gave_up_is_asked_at_the_server() {
        let at = |at_replica| Seen { at_replica, ..Seen::default() };
        // Its connection ended; a statement was cancelled because the replica had to follow.
        for fault in [Error::Unavailable(String::new()), Error::Conflict(String::new())] {
            let refusal = Refusal::from(fault);
            assert!(at(true).is_replicas_fault(&refusal));
            assert!(!at(false).is_replicas_fault(&refusal), "{refusal:?} of the server stands");
        }
        assert!(!at(true).is_replicas_fault(&Refusal::from(Error::NotFound)));
    }
}
