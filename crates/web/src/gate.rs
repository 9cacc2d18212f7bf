//! Counted places. Whoever finds them taken is refused at once.

use crate::limits::{Limits, Places};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many in all, and so many under one key. Those without a key count in all only.
#[derive(Debug)]
pub struct Gate<K: Eq + Hash> {
    places: Places,
    inside: Mutex<Inside<K>>,
}

#[derive(Debug)]
struct Inside<K> {
    all: usize,
    each: HashMap<K, usize>,
}

impl<K: Eq + Hash + Clone> Gate<K> {
    pub fn new(places: Places) -> Arc<Self> {
        Arc::new(Self { places, inside: Mutex::new(Inside { all: 0, each: HashMap::new() }) })
    }

    /// A place until the pass is dropped; `None` where there is none.
    pub fn enter(self: &Arc<Self>, key: Option<K>) -> Option<Pass<K>> {
        let mut inside = self.lock();
        let mine = key.as_ref().and_then(|key| inside.each.get(key)).copied().unwrap_or_default();
        if inside.all >= self.places.all || mine >= self.places.each {
            return None;
        }
        inside.all += 1;
        if let Some(key) = &key {
            inside.each.insert(key.clone(), mine + 1);
        }
        Some(Pass { gate: Arc::clone(self), key })
    }
}

impl<K: Eq + Hash> Gate<K> {
    /// How many are inside.
    pub fn taken(&self) -> usize {
        self.lock().all
    }

    fn lock(&self) -> MutexGuard<'_, Inside<K>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A taken place.
#[derive(Debug)]
pub struct Pass<K: Eq + Hash> {
    gate: Arc<Gate<K>>,
    key: Option<K>,
}

impl<K: Eq + Hash> Drop for Pass<K> {
    fn drop(&mut self) {
        let mut inside = self.gate.lock();
        inside.all -= 1;
        let Some(key) = &self.key else { return };
        match inside.each.get_mut(key) {
            Some(mine) if *mine > 1 => *mine -= 1,
            _ => drop(inside.each.remove(key)),
        }
    }
}

/// The gates of a server.
#[derive(Debug)]
pub struct Gates {
    pub connections: Arc<Gate<IpAddr>>,
    pub open: Arc<Gate<IpAddr>>,
    pub receiving: Arc<Gate<IpAddr>>,
    /// By account.
    pub uploads: Arc<Gate<String>>,
    /// By account.
    pub programs: Arc<Gate<String>>,
}

impl Gates {
    pub fn new(limits: &Limits) -> Self {
        Self {
            connections: Gate::new(limits.connections),
            open: Gate::new(limits.open),
            receiving: Gate::new(limits.receiving),
            uploads: Gate::new(limits.uploads),
            programs: Gate::new(limits.programs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_all_and_by_key() {
        let gate = Gate::new(Places { all: 3, each: 2 });
        let first = gate.enter(Some("a"));
        let second = gate.enter(Some("a"));
        assert!(first.is_some() && second.is_some());
        assert!(gate.enter(Some("a")).is_none(), "no third one under one key");
        let third = gate.enter(None);
        assert!(third.is_some(), "without a key only the whole counts");
        assert!(gate.enter(Some("b")).is_none(), "no fourth one at all");
        drop(first);
        assert!(gate.enter(Some("a")).is_some(), "a place that was left is free");
        drop((second, third));
        assert!(gate.lock().each.is_empty(), "keys of those who left are forgotten");
    }
}
