//! What changes from one programme to another, in words an official reads: sentence of the plan, what, before, after.
//! And what may not change on a running system (decision "Programme on a running system").
//!
//! Everything that a programme says is compared, not a list of what seemed likely: `parts` lays a programme out as
//! tables, `words` says them in Chinese, and what stands in neither is told by its key.

mod breaks;
mod parts;
mod past;
mod relation_words;
mod table;
mod told;
mod words;

pub use breaks::breaks;
pub use table::table;
pub use told::{aim_words, least_words, limit_words};

use crate::model::Programme;
use parts::parts;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use toml::{Table, Value};
use words::Words;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Sentence of the plan that it stands under; "" for what belongs to the programme as a whole.
    pub clause: String,
    pub what: String,
    pub before: String,
    pub after: String,
}

pub(crate) const NONE: &str = "没有";
/// Longer lists are told by what comes and goes.
const SHORT_LIST: usize = 8;

/// Every change in what the programme says, in the order of the sentences; what belongs to none comes first. Notes,
/// layout and examples are not compared.
pub fn diff(old: &Programme, new: &Programme) -> Vec<Change> {
    let mut pen = Pen { words: Words { old, new }, clause: String::new(), changes: Vec::new() };
    let (before, after) = (parts(old), parts(new));
    for part in &after {
        pen.clause.clone_from(&part.clause);
        match before.iter().find(|other| other.is(part)) {
            None => pen.push(part.title(), NONE, &format!("新增{}", part.gist())),
            Some(other) => pen.tables(&part.title(), part.kind, &other.table, &part.table),
        }
    }
    for part in before.iter().filter(|part| !after.iter().any(|other| other.is(part))) {
        pen.clause.clone_from(&part.clause);
        pen.push(part.title(), "有", "取消");
    }
    in_order(old, new, pen.changes)
}

/// By the new programme's sentences, then by the old one's.
fn in_order(old: &Programme, new: &Programme, mut changes: Vec<Change>) -> Vec<Change> {
    let place = |change: &Change| {
        let known = new.clauses.iter().chain(&old.clauses).position(|clause| clause.id == change.clause);
        if change.clause.is_empty() { 0 } else { known.map_or(usize::MAX, |at| at + 1) }
    };
    changes.sort_by_key(place);
    changes
}

struct Pen<'p> {
    words: Words<'p>,
    clause: String,
    changes: Vec<Change>,
}

impl Pen<'_> {
    fn push(&mut self, what: impl Into<String>, before: &str, after: &str) {
        let said = |text: &str| if text.is_empty() { NONE.to_owned() } else { text.to_owned() };
        self.changes.push(Change {
            clause: self.clause.clone(),
            what: what.into(),
            before: said(before),
            after: said(after),
        });
    }

    /// Two tables key by key. `of` is what they are, which decides how a key is called.
    fn tables(&mut self, title: &str, of: &str, old: &Table, new: &Table) {
        let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
        keys.sort_by_key(|key| (words::place(key), key.as_str()));
        keys.dedup();
        for key in
            keys.into_iter().filter(|key| key.as_str() != "example" && (key.as_str() != "id" || of == "方案"))
        {
            let (before, after) = (old.get(key), new.get(key));
            if before != after {
                let label = words::label(of, key, new);
                self.values(&join(title, &label), key, (before, old), (after, new));
            }
        }
    }

    fn values(
        &mut self,
        what: &str,
        key: &str,
        (before, old): (Option<&Value>, &Table),
        (after, new): (Option<&Value>, &Table),
    ) {
        let told = |words: &Words<'_>, value: Option<&Value>, table: &Table, now: bool| {
            value.and_then(|value| words.whole(key, value, table, now))
        };
        let whole = (told(&self.words, before, old, false), told(&self.words, after, new, true));
        match (before, after) {
            _ if whole.0.is_some() || whole.1.is_some() => {
                self.push(what, &whole.0.unwrap_or_default(), &whole.1.unwrap_or_default());
            }
            (Some(Value::Table(before)), Some(Value::Table(after))) => self.tables(what, key, before, after),
            (Some(Value::Array(before)), Some(Value::Array(after))) if keyed(before) && keyed(after) => {
                self.lists(what, key, before, after);
            }
            (Some(Value::Array(before)), Some(Value::Array(after)))
                if before.len().max(after.len()) > SHORT_LIST =>
            {
                let text = |from: &[Value], other: &[Value], table: &Table, now: bool| {
                    let only: Vec<Value> =
                        from.iter().filter(|value| !other.contains(value)).cloned().collect();
                    self.words.value(key, &Value::Array(only), table, now)
                };
                let (gone, come) = (text(before, after, old, false), text(after, before, new, true));
                match (gone.is_empty(), come.is_empty()) {
                    (true, true) => self.push(what, "原来的顺序", "另一种顺序"),
                    _ => self.push(what, &gone, &come),
                }
            }
            _ => {
                let text = |value: Option<&Value>, table: &Table, now: bool| {
                    value.map_or_else(String::new, |value| self.words.value(key, value, table, now))
                };
                let (before, after) = (text(before, old, false), text(after, new, true));
                self.push(what, &before, &after);
            }
        }
    }

    /// Fields, stages, options, conditions … by their ids.
    fn lists(&mut self, what: &str, key: &str, old: &[Value], new: &[Value]) {
        let named = |value: &Table| join(what, &format!("“{}”", parts::name(value)));
        let (before, after) = (by_id(old), by_id(new));
        for (id, table) in &after {
            match before.iter().find(|(other, _)| other == id) {
                None => self.push(named(table), NONE, &format!("新增{}", parts::gist(table))),
                Some((_, other)) => self.tables(&named(table), key, other, table),
            }
        }
        let gone: Vec<_> =
            before.iter().filter(|(id, _)| !after.iter().any(|(other, _)| other == id)).collect();
        for (_, table) in &gone {
            self.push(named(table), "有", "取消");
        }
        let common = |list: &[(&str, &Table)], other: &[(&str, &Table)]| {
            let known: BTreeSet<&str> = other.iter().map(|(id, _)| *id).collect();
            list.iter()
                .filter(|(id, _)| known.contains(id))
                .map(|(id, _)| (*id).to_owned())
                .collect::<Vec<_>>()
        };
        if common(&before, &after) != common(&after, &before) {
            let names = |list: &[(&str, &Table)]| {
                list.iter().map(|(_, table)| parts::name(table)).collect::<Vec<_>>().join("、")
            };
            self.push(join(what, "先后"), &names(&before), &names(&after));
        }
    }
}

fn join(title: &str, label: &str) -> String {
    match (title.is_empty(), label.starts_with('“')) {
        (true, _) => label.to_owned(),
        (false, true) => format!("{title}{label}"),
        (false, false) => format!("{title}：{label}"),
    }
}

fn keyed(list: &[Value]) -> bool {
    list.iter().all(|value| value.get("id").is_some_and(Value::is_str))
}

fn by_id(list: &[Value]) -> Vec<(&str, &Table)> {
    list.iter().filter_map(|value| Some((value.get("id")?.as_str()?, value.as_table()?))).collect()
}
