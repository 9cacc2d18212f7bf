//! What a mechanism says of its things that the one search finds: by which words, and how one of them is shown. Who searches
//! is `shared/search`.

use jiedui_kernel::Result;
use jiedui_store::{Statement, Tx};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;

type Promise<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A kind of things that the search finds.
#[derive(Debug, Clone, Copy)]
pub struct Findable {
    /// Kinds of a lower place stand first on the page.
    pub place: u16,
    pub word: &'static str,
    /// The right that it takes to look for them.
    pub right: (&'static str, &'static str),
    pub by: FoundBy,
}

#[derive(Debug, Clone, Copy)]
pub enum FoundBy {
    /// Terms that are kept beside the rows.
    Terms(Indexed),
    /// The mechanism looks by itself, among few things or in an index of its own.
    Itself(for<'a> fn(&'a mut RequestContext, &'a str) -> Promise<'a, Result<Vec<Hit>>>),
}

/// Rows whose terms are kept. They follow each write of a row, by its id.
#[derive(Debug, Clone, Copy)]
pub struct Indexed {
    /// The table of the rows.
    pub table: &'static str,
    /// By what a row is found; none where it is there no more. Whoever may see it is asked by `show`.
    pub describe: for<'a> fn(&'a mut Tx, &'a str) -> Promise<'a, Result<Option<Described>>>,
    /// The next ids behind one ($1), in their order, and no more than so many ($2).
    pub after: &'static Statement,
    /// The row as it is shown, read in the caller's scope.
    pub show: for<'a> fn(&'a mut RequestContext, &'a str) -> Promise<'a, Result<Option<Hit>>>,
}

/// By what a row is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Found by every piece of it, and by its sound.
    pub title: String,
    /// The pairing or the organisation by which a search in a narrow scope passes over it; "" where it is for more than
    /// those. What is shown is read again in any case.
    pub pairing: String,
    pub org: String,
}

/// One thing that was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Hit {
    pub href: String,
    pub title: String,
    /// Whose it is, and what else tells it apart.
    pub about: String,
    /// A day; "" where it has none.
    pub on: String,
    /// Its short number; "" where nobody quotes it.
    pub number: String,
    pub state: Option<StateMark>,
}
