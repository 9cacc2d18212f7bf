//! What became of what a form asked for. A page that can show the form again takes what is wrong; everything else is
//! told by the request line, in one place for all pages.

use jiedui_kernel::{Error, FieldError, Result};

/// Why a page is shown again with what was typed: nothing was written.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong with what was typed; nothing where somebody else wrote first.
    pub errors: Vec<FieldError>,
    pub status: u16,
    /// What is said where somebody else wrote first.
    pub said: String,
}

impl Refused {
    /// The page as it is first shown.
    pub fn nothing() -> Self {
        Self { errors: Vec::new(), status: 200, said: String::new() }
    }

    /// What was typed cannot be taken.
    pub fn wrong(errors: Vec<FieldError>) -> Self {
        Self { errors, status: 422, said: String::new() }
    }

    /// Somebody else wrote first.
    pub fn changed(said: String) -> Self {
        Self { errors: Vec::new(), status: 409, said }
    }

    /// Whether somebody else wrote first.
    pub fn by_other(&self) -> bool {
        self.status == 409
    }
}

/// An act that a form asked for, done or not.
pub trait Attempt<T> {
    /// Done, or what is wrong with what was typed.
    fn or_wrong(self) -> Result<Result<T, Vec<FieldError>>>;

    /// Done, or refused in either way that a page with a version shows.
    fn or_refused(self) -> Result<Result<T, Refused>>;
}

impl<T> Attempt<T> for Result<T> {
    fn or_wrong(self) -> Result<Result<T, Vec<FieldError>>> {
        match self {
            Ok(done) => Ok(Ok(done)),
            Err(Error::Invalid(errors)) => Ok(Err(errors)),
            Err(other) => Err(other),
        }
    }

    fn or_refused(self) -> Result<Result<T, Refused>> {
        match self {
            Err(Error::Conflict(said)) => Ok(Err(Refused::changed(said))),
            other => Ok(other.or_wrong()?.map_err(Refused::wrong)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_kernel::Mistake;

    fn refused(error: Error) -> Result<Result<(), Refused>> {
        Err(error).or_refused()
    }

    #[test]
    fn a_page_takes_what_it_can_show_and_nothing_else() {
        let wrong = refused(Error::field("day", Mistake::reversed())).unwrap().unwrap_err();
        assert_eq!((wrong.status, wrong.errors.len(), wrong.by_other()), (422, 1, false));
        let changed = refused(Error::Conflict(String::new())).unwrap().unwrap_err();
        assert_eq!((changed.status, changed.errors.len(), changed.by_other()), (409, 0, true));
        assert!(matches!(refused(Error::NotFound), Err(Error::NotFound)));
        assert!(matches!(refused(Error::NotNow(String::new())), Err(Error::NotNow(_))), "nobody else wrote");
        let conflict: Result<()> = Err(Error::Conflict(String::new()));
        assert!(matches!(conflict.or_wrong(), Err(Error::Conflict(_))), "not every page shows it");
    }
}
