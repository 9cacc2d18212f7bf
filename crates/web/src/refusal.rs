//! Why a request gets no answer of its handler: an error of the application, or a limit of the line.

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

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
