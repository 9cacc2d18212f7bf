//! Finished pages, kept until the next audited write. A page is a function of the data's revision, the session, the
//! address, the day and the programme; all five are in the key, so a kept page is never stale and never somebody else's. Pages of
//! earlier revisions are asked for by nobody and make room for others.

use axum::body::Bytes;
use jiedui_kernel::Date;
use quick_cache::sync::{Cache, DefaultLifecycle, PlaceholderGuard};
use quick_cache::{DefaultHashBuilder, Weighter};

/// Bytes of pages that are kept at most.
const LIMIT: u64 = 16 * 1024 * 1024;
/// A page has so many bytes, to begin with.
const USUAL: usize = 32 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub session: String,
    pub address: String,
    pub json: bool,
    /// The state of the data that the page shows.
    pub revision: i64,
    pub day: Date,
    /// The digest of the programme by which it was made.
    pub programme: String,
    /// What the head says is unread. Reading leaves no audit record, so the revision does not tell of it.
    pub unread: i64,
}

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<Key, Bytes> for Weight {
    fn weight(&self, key: &Key, page: &Bytes) -> u64 {
        (key.session.len() + key.address.len() + page.len()) as u64
    }
}

pub struct PageCache(Cache<Key, Bytes, Weight>);

/// One's turn to make a page; whoever asks for the same one meanwhile waits until it is kept, or this is dropped.
pub struct Turn<'a>(
    PlaceholderGuard<'a, Key, Bytes, Weight, DefaultHashBuilder, DefaultLifecycle<Key, Bytes>>,
);

impl Turn<'_> {
    pub fn keep(self, page: Bytes) {
        // It was given up where another page took the room.
        let _ = self.0.insert(page);
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self(Cache::with_weighter((LIMIT as usize) / USUAL, LIMIT, Weight))
    }
}

impl PageCache {
    /// The page, or the turn to make it.
    pub async fn page_or_turn(&self, key: &Key) -> Result<Bytes, Turn<'_>> {
        self.0.get_value_or_guard_async(key).await.map_err(Turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn key(revision: i64) -> Key {
        let day = "2026-11-24".parse().unwrap();
        let (session, address) = ("s".into(), "/overview".into());
        Key { session, address, json: false, revision, day, programme: "p".into(), unread: 0 }
    }

    async fn is_kept(page_cache: &PageCache, key: &Key) -> bool {
        page_cache.page_or_turn(key).await.is_ok()
    }

    #[tokio::test]
    async fn a_page_lives_until_the_next_write_or_the_next_day() {
        let page_cache = PageCache::default();
        page_cache.page_or_turn(&key(5)).await.err().unwrap().keep(Bytes::from_static(b"page"));
        assert!(is_kept(&page_cache, &key(5)).await);
        assert!(!is_kept(&page_cache, &key(6)).await);
        assert!(!is_kept(&page_cache, &Key { day: key(5).day.succ_opt().unwrap(), ..key(5) }).await);
        assert!(!is_kept(&page_cache, &Key { programme: "q".into(), ..key(5) }).await);
        assert!(!is_kept(&page_cache, &Key { session: "t".into(), ..key(5) }).await);
        page_cache.page_or_turn(&key(4)).await.err().unwrap().keep(Bytes::from_static(b"older"));
        let kept = page_cache.page_or_turn(&key(5)).await.ok().unwrap();
        assert_eq!(kept, "page", "a slow reader does not bring an old page back");
    }

    #[tokio::test]
    async fn others_wait_for_the_page_and_take_over_where_it_is_not_made() {
        let page_cache = PageCache::default();
        let one = page_cache.page_or_turn(&key(1)).await.err().unwrap();
        let key = key(1);
        let mut other = std::pin::pin!(page_cache.page_or_turn(&key));
        let waiting = tokio::time::timeout(Duration::from_millis(20), &mut other).await;
        assert!(waiting.is_err(), "the page is being made");
        drop(one);
        assert!(other.await.is_err(), "whoever waited makes it now");
    }

    #[tokio::test]
    async fn pages_of_before_make_room() {
        let page_cache = PageCache::default();
        let page = Bytes::from(vec![b'x'; 200_000]);
        for revision in 0..500 {
            if let Err(turn) = page_cache.page_or_turn(&key(revision)).await {
                turn.keep(page.clone());
            }
        }
        assert!(page_cache.0.weight() <= LIMIT, "{}", page_cache.0.weight());
        assert!(page_cache.0.len() > 20, "room is used: {} pages", page_cache.0.len());
    }
}
