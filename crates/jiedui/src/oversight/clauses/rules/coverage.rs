//! What carries each sentence of the plan, asked of every mechanism. The pages of the sentences and the table in
//! docs/sentences.md are made from this; tests keep it true.

use crate::shared::carriers::{Carrier, Section};
use crate::shared::mechanism;
use jiedui_programme::Programme;

/// Everything that carries a sentence, things of the programme first.
pub fn carriers(programme: &Programme, clause: &str) -> Vec<Carrier> {
    let mut section = Section::new(programme, clause);
    for one in mechanism::all() {
        (one.carriers)(&mut section);
    }
    section.found.sort_by_key(|one| one.kind.place);
    section.found
}

/// Whether something measures or holds a sentence; a target alone says it once more and no more.
pub fn is_built(programme: &Programme, clause: &str) -> bool {
    carriers(programme, clause).iter().any(|one| one.holds)
}
