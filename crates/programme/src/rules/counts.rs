//! Whether an entry counts at all, and for whom.

use crate::model::{Activity, PersonOf, Post, Programme};
use crate::readings::EntryFact;
use crate::state::EntryState;

/// Whether the entry counts towards indicators: it was not withdrawn, and a person that it names had one of the counting
/// posts on that day. Decision "Visit" (S1.4): another leader's visit is recorded and does not count. An entry that names
/// nobody counts only where its activity asks for nobody.
pub fn counts(programme: &Programme, fact: &EntryFact) -> bool {
    let Some(activity) = programme.activity(&fact.activity) else { return false };
    let named = std::iter::once(fact.post).chain(fact.parts.iter().map(|part| part.post));
    fact.state != EntryState::Withdrawn
        && (activity.person.is_none() || named.flatten().any(|post| fits(activity, post)))
}

/// Whether the entry counts for a helper's clock. Decision "Joint work": a helper's clock moves only by its own people,
/// and by nothing of which it has not said itself that it took part.
pub fn counts_for(programme: &Programme, fact: &EntryFact, helper: &str) -> bool {
    let Some(activity) = programme.activity(&fact.activity) else { return false };
    if fact.state == EntryState::Withdrawn || !fact.helpers.iter().any(|one| one == helper) {
        return false;
    }
    if fact.helpers.len() == 1 {
        return counts(programme, fact);
    }
    let own = fact.parts.iter().find(|part| part.helper == helper);
    match &activity.person {
        Some(rule) if rule.of == PersonOf::Helper => {
            own.and_then(|part| part.post).is_some_and(|post| fits(activity, post))
        }
        Some(_) => own.is_some() && counts(programme, fact),
        None => own.is_some(),
    }
}

fn fits(activity: &Activity, post: Post) -> bool {
    activity.person.as_ref().is_some_and(|rule| rule.counting.contains(&post))
}
