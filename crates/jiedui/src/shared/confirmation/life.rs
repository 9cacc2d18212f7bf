//! The lives of what is claimed and confirmed, for the drawing: found by asking `apply` for everything, from the first
//! state on.

use super::caller::Caller;
use super::state::{Action, Change, Confirmation, Effect, Ruling, State, mark};
use crate::shared::lives::{Life, Move, Name};

const SEATS: [(&str, Caller); 4] = {
    let nobody = Caller {
        claimant: false,
        answerer: false,
        in_time: true,
        oversees: false,
        adjudicates: false,
        decider: false,
    };
    [
        ("claimant", Caller { claimant: true, ..nobody }),
        ("answerer", Caller { answerer: true, ..nobody }),
        ("bureau above", Caller { oversees: true, adjudicates: true, ..nobody }),
        ("decider", Caller { decider: true, ..nobody }),
    ]
};

fn name(state: State) -> Name {
    Name { id: state.text(), label: mark(state).label }
}

fn when(action: Action) -> &'static str {
    match action {
        Action::Correct(Change::Counting) | Action::Advance(Change::Counting) => "what is counted changed",
        Action::Correct(Change::Words) | Action::Advance(Change::Words) => "nothing that is counted changed",
        Action::Adjudicate(Ruling::Confirm) => "unanswered for too long; confirmed",
        Action::Adjudicate(Ruling::Dispute) => "unanswered for too long; not confirmed",
        _ => "",
    }
}

fn arrow(effect: Effect, who: &'static str) -> Move {
    let kind = effect.action.kind();
    Move {
        from: effect.from.map(name),
        action: Name { id: kind.text, label: kind.label },
        when: when(effect.action).into(),
        who,
        to: name(effect.to),
    }
}

/// Every move that is possible from the claim on.
fn moves(kind: Confirmation, seats: &[(&'static str, Caller)]) -> Vec<Move> {
    let (first, begun) = Confirmation::begin(kind.asked);
    let mut moves = vec![arrow(begun, "claimant")];
    let mut reached = vec![first.state];
    let mut at = 0;
    while let Some(state) = reached.get(at).copied() {
        at += 1;
        for action in Action::ALL {
            for (who, caller) in seats {
                let Ok((next, effect)) = Confirmation { state, ..kind }.apply(action, caller) else {
                    continue;
                };
                moves.push(arrow(effect, who));
                if !reached.contains(&next.state) {
                    reached.push(next.state);
                }
            }
        }
    }
    moves
}

/// Entries, outputs that somebody confirms, and records that stand by themselves.
pub fn lives() -> Vec<Life> {
    let kind = |asked: bool, divisible: bool, advances: bool| Confirmation {
        state: State::Claimed,
        asked,
        divisible,
        advances,
    };
    let [claimant, answerer, bureau, decider] = SEATS;
    vec![
        Life {
            resource: "entry",
            title: "Entry 台账",
            about: "One side claims, the other confirms; a part can be confirmed where days or numbers are counted.",
            moves: moves(kind(true, true, false), &[claimant, answerer, bureau]),
        },
        Life {
            resource: "output",
            title: "Output 建设成果, where another side confirms",
            about: "Confirmed as a whole; it goes through stages meanwhile.",
            moves: moves(kind(true, false, true), &[claimant, answerer, bureau]),
        },
        Life {
            resource: "output",
            title: "Output that nobody has to confirm",
            about: "A record of one's own, or what a granted application became: then also the one who decided \
                    withdraws it, by taking the decision back.",
            moves: moves(kind(false, false, true), &[claimant, decider]),
        },
    ]
}
