//! What may be urged: things of a mechanism that wait for another party. Whether one may urge, how often, and who is told
//! is `shared/notices`.

use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use std::future::Future;
use std::pin::Pin;

/// A thing that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The unit that it waits for.
    pub on: String,
    /// The other side of it, beside whoever stands above that unit.
    pub others: Vec<String>,
    /// What it is, in a few words.
    pub title: String,
    pub revision: i64,
}

pub type Found<'a> = Pin<Box<dyn Future<Output = Result<Option<Waiting>>> + Send + 'a>>;

/// Of one kind of thing, as the manifest of its mechanism names it.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    pub resource: &'static str,
    /// What the thing with this id waits for; none where it waits for nobody. The caller has to see it.
    pub find: for<'a> fn(&'a mut RequestContext, &'a str) -> Found<'a>,
}
