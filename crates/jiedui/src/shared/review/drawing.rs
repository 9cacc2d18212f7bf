//! The table of a life as `docs/lives.md` draws it.

use super::state::{Condition, Life, Role, Rule, State};
use crate::shared::lives::{self, Move, Name};

/// A life with its names: what it is called, where it begins, how its states and steps are called on screen.
pub struct Drawing<'a, S: 'static> {
    pub title: &'static str,
    pub about: &'static str,
    pub begins: S,
    pub label: fn(S) -> &'static str,
    pub words: &'a [(&'static str, &'static str)],
}

pub fn draw<S: State>(life: &Life<S>, drawing: &Drawing<'_, S>) -> lives::Life {
    let state = |state: S| Name { id: state.text(), label: (drawing.label)(state) };
    let word = |kind: &str| drawing.words.iter().find(|(id, _)| *id == kind).map_or("", |(_, name)| name);
    // The first word is that of the step by which it begins.
    let (id, label) = drawing.words.first().copied().unwrap_or(("begin", ""));
    let begin = Name { id, label };
    let mut moves = vec![Move {
        from: None,
        action: begin,
        when: "".into(),
        who: role(Role::Author),
        to: state(drawing.begins),
    }];
    for from in S::ALL {
        for rule in life.rules.iter().filter(|rule| rule.from.contains(from)) {
            moves.push(Move {
                from: Some(state(*from)),
                action: Name { id: rule.action.name(), label: word(rule.kind) },
                when: when(rule).into(),
                who: role(rule.by),
                to: state(rule.to.unwrap_or(*from)),
            });
        }
    }
    lives::Life { resource: life.resource, title: drawing.title, about: drawing.about, moves }
}

fn when<S>(rule: &Rule<S>) -> String {
    let mut words: Vec<&str> = rule.when.iter().map(|one| condition(*one)).collect();
    if rule.renews {
        words.push("answers given so far no longer hold");
    }
    words.join("; ")
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Author => "author",
        Role::ConsentParty => "party that is asked",
        Role::Recommender => "recommender",
        Role::Superior => "superior",
        Role::Commentator => "commentator",
        Role::Decider => "decider",
        Role::Importer => "importer",
        Role::System => "follows by itself",
    }
}

fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Running => "the pairing runs",
        Condition::InTime => "the pairing runs or ended recently",
        Condition::Awaited => "it has not agreed to this revision",
        Condition::AllAgreed => "all have agreed to this revision",
        Condition::SentBack => "a party sent it back",
        Condition::Latest => "there is no later edition",
        Condition::First => "never filed before",
        Condition::Again => "filed before",
        Condition::Unheard => "not commented yet",
        Condition::Heard => "commented, or the time for it is over",
        Condition::Recommended => "somebody recommends it",
        Condition::Direct => "nobody recommends it",
        Condition::Expected => "expected of this school, or begun",
        Condition::Over => "its time is over",
    }
}
