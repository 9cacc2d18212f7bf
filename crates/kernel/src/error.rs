//! One error type for everything that a user can meet. Messages are Chinese, for the page; the place is named and
//! what to do is said. `Internal` carries text for the log only and is never shown.

use crate::mistake::{Code, Mistake};
use serde::Serialize;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with one input field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The name of the form field or column, "" where the whole form is meant.
    #[serde(rename = "name")]
    pub field: String,
    /// For programs and tests: it stays when the words are bettered.
    pub code: Code,
    #[serde(rename = "text")]
    pub message: String,
}

impl FieldError {
    /// `field` is "" where the whole form is meant.
    pub fn new(field: impl Into<String>, mistake: Mistake) -> Self {
        Self { field: field.into(), code: mistake.code, message: mistake.words }
    }

    /// The same mistake, told at another place.
    pub fn at(self, field: impl Into<String>) -> Self {
        Self { field: field.into(), ..self }
    }

    /// The same mistake, in words that fit another page.
    pub fn in_words(self, words: impl Into<String>) -> Self {
        Self { message: words.into(), ..self }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    #[error("not signed in")]
    SignedOut,
    /// The role has no such right at all. A row outside one's scope is `NotFound`, never this.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// There is no such thing visible to the caller.
    #[error("not found")]
    NotFound,
    /// A concurrent edit; nothing was written.
    #[error("conflict: {0}")]
    Conflict(String),
    /// It cannot be done as things stand: too late, too early, not in this state, or another step comes first. Nobody was
    /// quicker; nothing was written. Who has no right to it is told `Forbidden`.
    #[error("not now: {0}")]
    NotNow(String),
    /// What was asked for was there and is not told any more; the text says the way out.
    #[error("gone: {0}")]
    Gone(String),
    /// The input cannot be taken; nothing was written.
    #[error("invalid input: {}", .0.iter().map(|e| format!("{} {}: {}", e.field, e.code.as_str(), e.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// The request is larger than allowed.
    #[error("too large: {0}")]
    TooLarge(String),
    /// Too many tries.
    #[error("too many tries: {0}")]
    Locked(String),
    /// Too much of this is asked for at the moment; nothing was done.
    #[error("busy")]
    Busy,
    /// The database cannot be reached, is locked, or has no room; nothing was written. Needs no restart. The text is for
    /// the log.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The commit was sent and failed or was not answered: whether the action was written is unknown. Kept apart from
    /// all other errors, because a user who reads "not written" sends again, and the action counts twice. The text is
    /// for the log.
    #[error("unknown whether written: {0}")]
    OutcomeUnknown(String),
    /// The program refuses to start. The text is for the administrator who started it.
    #[error("{0}")]
    CannotStart(String),
    /// A fault of ours or of the machine; nothing was written.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    pub fn field(field: &str, mistake: Mistake) -> Self {
        Self::Invalid(vec![FieldError::new(field, mistake)])
    }

    /// `Invalid` with all of them; nothing where there is none.
    pub fn of(errors: Vec<FieldError>) -> Result<()> {
        if errors.is_empty() { Ok(()) } else { Err(Self::Invalid(errors)) }
    }

    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
}
