//! What one file did, taken back as a whole. A mechanism that takes files in names its imports in the manifest, and says how
//! what one did is taken back and what was built on it since; `shared/imports` keeps what each file did, and asks.

use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use std::future::Future;
use std::pin::Pin;

pub type Taking<'a> = Pin<Box<dyn Future<Output = Result<TakenBack>> + Send + 'a>>;

/// An import, as the manifest of its mechanism names it.
#[derive(Debug, Clone, Copy)]
pub struct ImportKind {
    pub id: &'static str,
    /// What pages call it.
    pub name: &'static str,
    /// The right that it takes, to take in and to take back.
    pub right: (&'static str, &'static str),
    /// Takes back what one file did, out of what was kept of it.
    pub take_back: for<'a> fn(&'a mut RequestContext, &'a str) -> Taking<'a>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenBack {
    /// So many rows are as they were.
    Done(usize),
    /// It is many rows: this job takes them back, in slices, and nobody touches them meanwhile.
    ByJob(String),
    /// Nothing was, for these: each by its name and what was built on it.
    Built(Vec<String>),
}
