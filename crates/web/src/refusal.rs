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
}

/// What is known of a request that is refused: who sent it, and what was typed in its form.
#[derive(Debug, Default)]
pub struct Seen {
    pub signed_in: Option<SignedIn>,
    pub typed: Vec<String>,
    /// Why the session ended, where its holder is told.
    pub ended: Option<Ending>,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Busy => Self::Busy,
            other => Self::Error(other),
        }
    }
}
