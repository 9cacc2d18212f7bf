//! Finished pages, kept until the next audited write. A page is a function of the data's revision, the session, the
//! address and the day; all four are in the key, so a kept page is never stale and never somebody else's.

use axum::body::Bytes;
use jiedui_kernel::Date;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::OwnedMutexGuard;

/// More bytes than this, and the memo starts over.
const LIMIT: usize = 8 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub session: String,
    pub address: String,
    pub json: bool,
}

#[derive(Debug, Default)]
pub struct PageCache {
    inner: Mutex<CachedPage>,
    /// A page that is being made: others who ask for the same one wait for it instead of making it too.
    making: Mutex<HashMap<Key, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Debug, Default)]
struct CachedPage {
    revision: i64,
    day: Option<Date>,
    bytes: usize,
    pages: HashMap<Key, Bytes>,
}

impl PageCache {
    pub fn get(&self, key: &Key, revision: i64, day: Date) -> Option<Bytes> {
        let kept = self.lock();
        (kept.revision == revision && kept.day == Some(day)).then(|| kept.pages.get(key).cloned())?
    }

    pub fn put(&self, key: Key, revision: i64, day: Date, page: Bytes) {
        let mut kept = self.lock();
        if kept.revision > revision {
            return;
        }
        if kept.revision != revision || kept.day != Some(day) || kept.bytes + page.len() > LIMIT {
            *kept = CachedPage { revision, day: Some(day), ..CachedPage::default() };
        }
        kept.bytes += page.len();
        kept.pages.insert(key, page);
    }

    /// One's turn to make a page; whoever gets it looks into the memo once more first.
    pub async fn turn(&self, key: &Key) -> OwnedMutexGuard<()> {
        let lock = {
            let mut making = self.making.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            making.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(making.entry(key.clone()).or_default())
        };
        lock.lock_owned().await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, CachedPage> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_lives_until_the_next_write_or_the_next_day() {
        let page_cache = PageCache::default();
        let key = Key { session: "s".into(), address: "/overview".into(), json: false };
        let day: Date = "2026-11-24".parse().unwrap();
        page_cache.put(key.clone(), 5, day, Bytes::from_static(b"page"));
        assert!(page_cache.get(&key, 5, day).is_some());
        assert!(page_cache.get(&key, 6, day).is_none());
        assert!(page_cache.get(&key, 5, day.succ_opt().unwrap()).is_none());
        assert!(page_cache.get(&Key { session: "t".into(), ..key.clone() }, 5, day).is_none());
        page_cache.put(key.clone(), 4, day, Bytes::from_static(b"older"));
        assert_eq!(
            page_cache.get(&key, 5, day).unwrap(),
            "page",
            "a slow reader does not bring an old page back"
        );
    }
}
