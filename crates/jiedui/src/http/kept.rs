//! Values for everybody, kept as long as nothing was written: indexes that many pages read. Like a kept page they are
//! never stale, because they go by the revision of the data; unlike a page they belong to no session, so nothing of them
//! may reach a reader but through a statement that carries the scope.

use crate::http::cx::Cx;
use jiedui_kernel::{Error, Result};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

type Held = (i64, Arc<dyn Any + Send + Sync>);

/// One value under each name.
#[derive(Default)]
pub struct Shelf {
    held: Mutex<HashMap<&'static str, Held>>,
}

/// The value under this name at the revision that the transaction sees. `make` reads it anew where something was
/// written since; one makes it, others wait for it.
pub async fn kept<T: Any + Send + Sync>(
    cx: &mut Cx,
    name: &'static str,
    make: impl AsyncFnOnce(&mut Cx) -> Result<T>,
) -> Result<Arc<T>> {
    let app = Arc::clone(&cx.app);
    let revision = cx.tx.revision().await?;
    let mut held = app.shelf.held.lock().await;
    if let Some((at, value)) = held.get(name)
        && *at == revision
    {
        return Arc::clone(value).downcast().map_err(|_| Error::internal("two kinds under one name"));
    }
    let value = Arc::new(make(cx).await?);
    // A reader of an older state must not push out what newer readers share.
    if held.get(name).is_none_or(|(at, _)| *at < revision) {
        let shared: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(&value);
        held.insert(name, (revision, shared));
    }
    Ok(value)
}
