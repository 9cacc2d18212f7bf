//! The order of a list: as the address names it, and as links that the heading of a table carries.

use crate::form::FormValues;
use jiedui_kernel::Date;
use jiedui_store::Sort;
use serde::Serialize;
use std::collections::BTreeMap;

/// The name of the order in an address: `sort=day`, downwards `sort=-day`.
pub const SORT: &str = "sort";

/// The name of what the reader left out in an address: `hide=person.typical`.
pub const HIDE: &str = "hide";

/// What stands between the columns that are left out.
pub const BETWEEN: &str = ".";

/// What `columns` draws: for each column by which the list can be sorted, where that leads.
#[derive(Debug, Clone, Serialize)]
pub struct Sorting {
    columns: BTreeMap<&'static str, Links>,
    /// Columns that are left without a link on purpose.
    unsorted: &'static [&'static str],
    /// Back to the usual order.
    usual: String,
    /// Where each column is left out, or shown again.
    toggles: BTreeMap<&'static str, Toggle>,
    /// Back to all columns.
    whole: String,
}

#[derive(Debug, Clone, Serialize)]
struct Toggle {
    href: String,
    hidden: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Links {
    up: String,
    down: String,
    /// What the heading does: up, then down, then the usual order again.
    next: String,
    /// `ascending`, `descending`, or "" where the list is sorted otherwise.
    now: &'static str,
}

impl Sorting {
    pub fn new(
        address: &str,
        query: &FormValues,
        sort: Option<Sort>,
        keys: impl Iterator<Item = &'static str>,
        unsorted: &'static [&'static str],
        hidden: &[&'static str],
    ) -> Self {
        let keys: Vec<&'static str> = keys.collect();
        let leaving_out = |left: &[&str]| format!("{address}?{}", query.with(HIDE, &left.join(BETWEEN)));
        let toggle = |key: &'static str| {
            let is_hidden = hidden.contains(&key);
            let mut left: Vec<&str> = hidden.iter().copied().filter(|one| *one != key).collect();
            left.extend((!is_hidden).then_some(key));
            (key, Toggle { href: leaving_out(&left), hidden: is_hidden })
        };
        let to = |value: &str| format!("{address}?{}", query.with(SORT, value));
        let links = |key: &'static str| {
            let (up, down) = (to(key), to(&format!("-{key}")));
            let (now, next) = match sort.filter(|sort| sort.key == key) {
                None => ("", up.clone()),
                Some(Sort { down: false, .. }) => ("ascending", down.clone()),
                Some(Sort { down: true, .. }) => ("descending", to("")),
            };
            (key, Links { up, down, next, now })
        };
        Self {
            columns: keys.iter().copied().map(links).collect(),
            unsorted,
            usual: to(""),
            toggles: keys.iter().chain(unsorted).copied().map(toggle).collect(),
            whole: leaving_out(&[]),
        }
    }
}

/// What a row is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Number(i64),
    Day(Date),
    Text(String),
}

impl From<i64> for Key {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<Date> for Key {
    fn from(value: Date) -> Self {
        Self::Day(value)
    }
}

impl From<&str> for Key {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl Key {
    pub fn unless_empty(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::from(text))
    }
}

/// The value of a row in a column; none comes last in both directions.
pub type KeyOf<T> = fn(&T) -> Option<Key>;

/// The orders of rows that do not come from one statement.
#[derive(Debug)]
pub struct Orders<'a, T> {
    pub by: &'a [(&'static str, KeyOf<T>)],
    pub unsorted: &'static [&'static str],
}

impl<T> Orders<'_, T> {
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.by.iter().map(|(key, _)| *key)
    }

    /// Rows alike in the column keep their usual order; downwards is upwards turned round.
    pub fn sorted(&self, rows: Vec<T>, sort: Sort) -> Vec<T> {
        let Some((_, key)) = self.by.iter().find(|(key, _)| *key == sort.key) else { return rows };
        let (mut with, mut without): (Vec<T>, Vec<T>) = rows.into_iter().partition(|row| key(row).is_some());
        with.sort_by_cached_key(key);
        if sort.down {
            with.reverse();
            without.reverse();
        }
        with.append(&mut without);
        with
    }
}
