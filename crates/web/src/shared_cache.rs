//! Values for everybody, kept as long as nothing was written: indexes that many pages read. Like a kept page they are
//! never stale, because they go by the revision of the data; unlike a page they belong to no session, so nothing of them
//! may reach a reader but through a statement that carries the scope.

use crate::context::RequestContext;
use jiedui_kernel::{Error, Result};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The revision and the programme at which a value was made, and the value.
type Cached = ((i64, String), Arc<dyn Any + Send + Sync>);

/// One value under each name; of names there are few.
#[derive(Default)]
pub struct SharedCache {
    cached: Mutex<HashMap<String, Cached>>,
}

impl SharedCache {
    /// The value under this name at the revision that the transaction sees. `make` reads it from scratch where something
    /// was written since; one makes it, others wait for it.
    pub async fn get_or_build<T: Any + Send + Sync>(
        ctx: &mut RequestContext,
        name: &str,
        make: impl AsyncFnOnce(&mut RequestContext) -> Result<T>,
    ) -> Result<Arc<T>> {
        let app = Arc::clone(&ctx.app);
        let revision = (ctx.tx.revision().await?, ctx.programme().digest.clone());
        let mut cached = app.shared_cache.cached.lock().await;
        if let Some((at, value)) = cached.get(name)
            && *at == revision
        {
            return Arc::clone(value).downcast().map_err(|_| Error::internal("two kinds under one name"));
        }
        let value = Arc::new(make(ctx).await?);
        // A reader of an older state must not push out what newer readers share.
        if cached.get(name).is_none_or(|((at, _), _)| *at <= revision.0) {
            let shared: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(&value);
            cached.insert(name.to_owned(), (revision, shared));
        }
        Ok(value)
    }
}
