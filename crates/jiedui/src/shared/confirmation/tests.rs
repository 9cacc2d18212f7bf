//! The life before it was one, as data, against what `apply` says; and what must hold whatever is done by whomever.

use super::{Action, Caller, Change, Confirmation, Refusal, Ruling, State, lives};
use jiedui_kernel::Error;
use jiedui_web::history::HistoryRow;
use proptest::prelude::*;

mod before;

/// What a history comes to: each step begins where the one before it ended. `Err` names the first that does not.
pub fn fold(steps: &[HistoryRow]) -> Result<Option<State>, String> {
    let mut at: Option<State> = None;
    for step in steps {
        let change: serde_json::Value = serde_json::from_str(&step.change).unwrap();
        let read =
            |side: &str| serde_json::from_value::<Option<State>>(change["state"][side].clone()).unwrap();
        if read("before") != at {
            return Err(format!("{} at {} begins at {:?}, not {at:?}", step.kind, step.at, read("before")));
        }
        at = read("after");
    }
    Ok(at)
}

fn kind(resource: &str, asked: bool) -> Confirmation {
    let entry = resource == "entry";
    Confirmation { state: State::Claimed, asked, divisible: entry, advances: !entry }
}

#[test]
fn who_may_do_what_is_as_it_was_before() {
    for line in before::ALLOWED.lines().filter(|line| !line.is_empty()) {
        let [what, state, seat, time, age, may] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let (resource, rest) = what.split_once(' ').unwrap();
        let now = Confirmation {
            state: State::try_from(state.to_owned()).unwrap(),
            advances: rest.contains("stages"),
            ..kind(resource, !rest.contains("unasked"))
        };
        let bureau = seat == "bureau";
        let caller = Caller {
            claimant: seat == "claimant",
            answerer: seat == "answerer" && now.asked,
            in_time: time == "running",
            oversees: bureau,
            adjudicates: bureau && age == "overdue",
            decider: false,
        };
        let allowed = serde_json::to_value(now.allowed(&caller)).unwrap();
        let mut found: Vec<&str> = allowed
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, yes)| **yes == serde_json::Value::Bool(true))
            .map(|(name, _)| name.as_str())
            .collect();
        let mut wanted: Vec<&str> = may.split(' ').filter(|name| !name.is_empty()).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{line}");
    }
}

fn everybody() -> Caller {
    Caller {
        claimant: true,
        answerer: true,
        in_time: true,
        oversees: true,
        adjudicates: true,
        decider: false,
    }
}

#[test]
fn where_each_action_leads_is_as_it_was_before() {
    let mut lines = 0;
    for line in before::NEXT.lines().filter(|line| !line.is_empty()) {
        let [what, action, ways] = line.split('|').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let action = Action::ALL.into_iter().find(|one| format!("{one:?}") == action).unwrap();
        let (resource, rest) = what.split_once(' ').unwrap();
        let states = State::ALL.into_iter().filter(|state| resource == "entry" || *state != State::Part);
        let states =
            states.filter(|state| rest == "asked" || *state != State::Claimed && *state != State::Disputed);
        for state in states {
            let now = Confirmation { state, ..kind(resource, rest == "asked") };
            let found = now.apply(action, &everybody()).ok().map(|(next, _)| next.state.text());
            let wanted = ways.split(' ').find_map(|way| way.strip_prefix(&format!("{}>", state.text())));
            assert_eq!(found, wanted, "{line}, from {}", state.text());
            lines += 1;
        }
    }
    assert!(lines > 80, "{lines}");
}

fn caller() -> impl Strategy<Value = Caller> {
    proptest::array::uniform6(any::<bool>()).prop_map(
        |[claimant, answerer, in_time, oversees, overdue, decider]| Caller {
            claimant,
            answerer,
            in_time,
            oversees,
            adjudicates: oversees && overdue,
            decider,
        },
    )
}

proptest! {
    /// Any sequence of actions by any callers: no panic, what is refused changes nothing, what is allowed is what pages
    /// offer, and the history leads without a gap to the state.
    #[test]
    fn any_sequence_of_actions_leads_where_its_history_says(
        asked in any::<bool>(),
        divisible in any::<bool>(),
        advances in any::<bool>(),
        steps in proptest::collection::vec((0..Action::ALL.len(), caller()), 0..60),
    ) {
        let (begun, first) = Confirmation::begin(asked);
        let mut now = Confirmation { divisible, advances, ..begun };
        let mut history = vec![first];
        for (action, caller) in steps {
            let action = Action::ALL[action];
            let offered = now.allowed(&caller);
            match now.apply(action, &caller) {
                Ok((next, effect)) => {
                    prop_assert_eq!((effect.from, effect.to), (Some(now.state), next.state));
                    prop_assert!(!effect.asks_again || next.state == State::Claimed);
                    prop_assert!(now.state != State::Withdrawn, "nothing comes back: {:?}", action);
                    prop_assert!(next.state != State::Part || divisible);
                    prop_assert!(asked || next.state == State::Confirmed || next.state == State::Withdrawn);
                    let shown = match action {
                        Action::Claim => false,
                        Action::Confirm | Action::Part | Action::Dispute => offered.answer,
                        Action::TakeBack => offered.take_back,
                        Action::Adjudicate(_) => offered.adjudicate,
                        Action::Correct(_) => offered.correct,
                        Action::Accept => offered.accept,
                        Action::Advance(_) => offered.stage,
                        Action::Withdraw => offered.withdraw,
                    };
                    prop_assert!(shown, "{:?} was possible and not offered", action);
                    history.push(effect);
                    now = next;
                }
                Err(refusal) => prop_assert!(!refusal.code().is_empty()),
            }
        }
        for pair in history.windows(2) {
            prop_assert_eq!(Some(pair[0].to), pair[1].from);
        }
        prop_assert_eq!(history.last().map(|last| last.to), Some(now.state));
    }
}

#[test]
fn a_refusal_has_a_code_and_words_and_tells_a_concurrent_edit_apart() {
    let known = [
        Refusal::NotClaimant,
        Refusal::NotAnswerer,
        Refusal::NotToAdjudicate,
        Refusal::TooLate,
        Refusal::NotWaiting,
        Refusal::NotAnswered,
        Refusal::NothingToAccept,
        Refusal::ConfirmedByOther,
        Refusal::Withdrawn,
        Refusal::NoFurtherStage,
        Refusal::NotDivisible,
        Refusal::AlreadyClaimed,
    ];
    let codes: std::collections::BTreeSet<&str> = known.iter().map(|one| one.code()).collect();
    assert_eq!(codes.len(), known.len());
    assert!(known.iter().all(|one| one.words().ends_with('。')));
    assert!(
        matches!(Refusal::NotWaiting.against(2, 2), Error::NotNow(text) if text == Refusal::NotWaiting.words())
    );
    assert!(
        matches!(Refusal::Withdrawn.against(2, 3), Error::Conflict(text) if text != Refusal::Withdrawn.words())
    );
    assert!(matches!(Refusal::NotAnswerer.against(2, 3), Error::Forbidden(_)), "whose it is does not change");
}

#[test]
fn a_former_partner_is_told_that_it_is_too_late_and_a_stranger_that_it_is_not_his() {
    let waiting = kind("entry", true);
    let late = Caller { answerer: true, ..Caller::default() };
    assert_eq!(waiting.apply(Action::Confirm, &late).unwrap_err(), Refusal::TooLate);
    assert_eq!(waiting.apply(Action::Confirm, &Caller::default()).unwrap_err(), Refusal::NotAnswerer);
    assert_eq!(waiting.apply(Action::Withdraw, &Caller::default()).unwrap_err(), Refusal::NotClaimant);
    let early = Caller { oversees: true, ..Caller::default() };
    let ruling = Action::Adjudicate(Ruling::Confirm);
    assert_eq!(waiting.apply(ruling, &early).unwrap_err(), Refusal::NotToAdjudicate);
    let (_, effect) = waiting.apply(Action::Correct(Change::Counting), &everybody()).unwrap();
    assert!(effect.asks_again, "the time to answer begins again");
}

#[test]
fn every_life_comes_to_all_of_its_states() {
    let reached = |at: usize| {
        let states: std::collections::BTreeSet<&str> =
            lives()[at].moves.iter().map(|one| one.to.id).collect();
        states.len()
    };
    assert_eq!([reached(0), reached(1), reached(2)], [5, 4, 2]);
}

#[test]
fn no_statement_spells_a_state_out() {
    let files = [
        include_str!("../../evidence/ledger/data/mod.rs"),
        include_str!("../../evidence/ledger/data/lists.rs"),
        include_str!("../../evidence/outputs/data.rs"),
        include_str!("../../planning/projects/data.rs"),
    ];
    for text in files {
        for state in State::ALL {
            assert!(!text.contains(&format!(".state = '{}'", state.text())), "{}", state.text());
            assert!(!text.contains(&format!("state <> '{}'", state.text())), "{}", state.text());
        }
    }
}
