//! Whether an entry counts at all.

use crate::model::Programme;
use crate::readings::EntryFact;
use crate::state::EntryState;

/// Whether the entry counts towards obligations and indicators: it was not withdrawn, and the person had one of the
/// counting posts on that day. Decision "Visit" (S1.4): another leader's visit is recorded and does not count.
/// An entry that names nobody counts only where its activity asks for nobody.
pub fn counts(programme: &Programme, fact: &EntryFact) -> bool {
    let Some(activity) = programme.activity(&fact.activity) else { return false };
    fact.state != EntryState::Withdrawn
        && activity
            .person
            .as_ref()
            .is_none_or(|person| fact.post.is_some_and(|post| person.counting.contains(&post)))
}
