//! The words under which pages tell what the log and `access.toml` keep by their short names: each mechanism names its own.

use crate::shared::mechanism::{self, Word, Words};

/// Everything that leaves an audit record. A test reads the sources and fails on an action without a name.
pub fn actions() -> impl Iterator<Item = &'static Word> {
    mechanism::all().flat_map(|one| one.words.actions)
}

fn named(id: &str, of: fn(&Words) -> &'static [Word]) -> &'static str {
    let words = mechanism::all().flat_map(|one| of(&one.words));
    words.into_iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

/// The Chinese name of an action in the log, "" where it has none.
pub fn action_name(id: &str) -> &'static str {
    named(id, |words| words.actions)
}

/// Who acts where nobody is signed in: jobs by their short names, as `Actor::system` has them.
pub fn job_name(id: &str) -> &'static str {
    named(id, |words| words.jobs)
}

pub fn resource_name(id: &str) -> &'static str {
    named(id, |words| words.resources)
}

pub fn right_name(id: &str) -> &'static str {
    named(id, |words| words.rights)
}
