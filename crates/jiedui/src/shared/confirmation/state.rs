//! States, actions, and the one function that leads from one state to the next.

use super::caller::Caller;
use jiedui_kernel::Error;
pub use jiedui_programme::EntryState as State;
use jiedui_web::figure::StateMark;
use serde::Serialize;

/// A state as pages show it.
pub const fn mark(state: State) -> StateMark {
    match state {
        State::Claimed => StateMark::new("claimed", "待确认", "○"),
        State::Confirmed => StateMark::new("confirmed", "已确认", "●"),
        State::Part => StateMark::new("part", "部分确认", "◐"),
        State::Disputed => StateMark::new("disputed", "有异议", "◆"),
        State::Withdrawn => StateMark::new("withdrawn", "已撤回", "–"),
    }
}

/// The states by which a list can be filtered, with their names; `parts` where a part can be confirmed.
pub fn choices(parts: bool) -> impl Iterator<Item = (State, &'static str, &'static str)> {
    let states = State::ALL.into_iter().filter(move |state| parts || *state != State::Part);
    states.map(|state| (state, state.text(), mark(state).label))
}

/// Whether a change touches what is counted: then the other side is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    Counting,
    Words,
}

impl Change {
    pub fn counting(counts: bool) -> Self {
        if counts { Self::Counting } else { Self::Words }
    }
}

/// The two things that an adjudication can say, and the two answers where a part cannot be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ruling {
    Confirm,
    Dispute,
}

/// What can be done to something that one side claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Claim,
    Confirm,
    Part,
    Dispute,
    TakeBack,
    Adjudicate(Ruling),
    Correct(Change),
    Accept,
    /// Its next stage, where it has stages.
    Advance(Change),
    Withdraw,
}

impl Action {
    pub const ALL: [Self; 13] = [
        Self::Claim,
        Self::Confirm,
        Self::Part,
        Self::Dispute,
        Self::TakeBack,
        Self::Adjudicate(Ruling::Confirm),
        Self::Adjudicate(Ruling::Dispute),
        Self::Correct(Change::Counting),
        Self::Correct(Change::Words),
        Self::Accept,
        Self::Advance(Change::Counting),
        Self::Advance(Change::Words),
        Self::Withdraw,
    ];
}

/// Why an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    NotClaimant,
    NotAnswerer,
    /// Not this bureau's to adjudicate, or not yet.
    NotToAdjudicate,
    /// The pairing ended too long ago.
    TooLate,
    /// It waits for no answer: it was answered, or withdrawn.
    NotWaiting,
    /// There is no answer that could be taken back.
    NotAnswered,
    /// Nothing was confirmed in part.
    NothingToAccept,
    /// The other side confirmed it, and takes that back first.
    ConfirmedByOther,
    Withdrawn,
    NoFurtherStage,
    /// It is confirmed as a whole or not at all.
    NotDivisible,
    /// It was claimed already.
    AlreadyClaimed,
}

/// What is said where somebody else wrote first.
pub const CHANGED: &str = "这一条刚被别人处理过，您的操作没有写入。请看过现在的内容再决定。";

impl Refusal {
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotClaimant => "not_claimant",
            Self::NotAnswerer => "not_answerer",
            Self::NotToAdjudicate => "not_to_adjudicate",
            Self::TooLate => "too_late",
            Self::NotWaiting => "not_waiting",
            Self::NotAnswered => "not_answered",
            Self::NothingToAccept => "nothing_to_accept",
            Self::ConfirmedByOther => "confirmed_by_other",
            Self::Withdrawn => "withdrawn",
            Self::NoFurtherStage => "no_further_stage",
            Self::NotDivisible => "not_divisible",
            Self::AlreadyClaimed => "already_claimed",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::NotClaimant => "这一条由登记它的单位维护，本单位只能查看。",
            Self::NotAnswerer => "这一条不由本单位确认。",
            Self::NotToAdjudicate => "这一条还没有到可以由上级核定的时候，或者不在本级范围内。",
            Self::TooLate => "结对结束已超过九十天，这一条只能查看。",
            Self::NotWaiting => "这一条已经答复过了，或者已经撤回。如要改变，请先撤销原来的答复。",
            Self::NotAnswered => "这一条现在没有可以撤销的答复。",
            Self::NothingToAccept => "对方没有部分确认，没有可以接受的意见。",
            Self::ConfirmedByOther => "对方已经确认。要撤回，请先请对方撤销确认。",
            Self::Withdrawn => "这一条已经撤回，只能查看。",
            Self::NoFurtherStage => "这一项已在最后的阶段，没有后面的阶段可以登记。",
            Self::NotDivisible => "这一项不能部分确认。",
            Self::AlreadyClaimed => "这一条已经登记过了。",
        }
    }

    /// Whether it is about the state, so that somebody else's action may be the reason.
    const fn is_of_state(self) -> bool {
        !matches!(self, Self::NotClaimant | Self::NotAnswerer | Self::NotToAdjudicate | Self::TooLate)
    }

    /// The refusal of somebody who saw version `seen` of what now has version `now`: where the state moved in between,
    /// that is the reason worth knowing.
    pub fn against(self, seen: i64, now: i64) -> Error {
        if self.is_of_state() && seen != now { Error::Conflict(CHANGED.to_owned()) } else { self.into() }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotWaiting => Self::NotNow(refusal.words().to_owned()),
            _ => Self::Forbidden(refusal.words().to_owned()),
        }
    }
}

/// How something claimed stands to its confirmation, and what kind of thing it is in this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Confirmation {
    pub state: State,
    /// Somebody is to answer; a pure record stands by itself.
    pub asked: bool,
    /// A part of it can be confirmed.
    pub divisible: bool,
    /// It has a stage after the present one.
    pub advances: bool,
}

/// What an action did, for the history and for the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    pub action: Action,
    /// `None` for a claim.
    pub from: Option<State>,
    pub to: State,
    /// The other side is asked again: the time to answer begins today.
    pub asks_again: bool,
}

impl Confirmation {
    /// Something newly claimed: it waits for the other side, or stands at once where nobody is asked.
    pub fn begin(asked: bool) -> (Self, Effect) {
        let state = if asked { State::Claimed } else { State::Confirmed };
        let effect = Effect { action: Action::Claim, from: None, to: state, asks_again: asked };
        (Self { state, asked, divisible: false, advances: false }, effect)
    }

    /// The only way from one state to another.
    pub fn apply(self, action: Action, caller: &Caller) -> Result<(Self, Effect), Refusal> {
        self.admits(action, caller)?;
        let to = self.leads_to(action)?;
        let asks_again = to == State::Claimed
            && match action {
                Action::Correct(Change::Counting) => true,
                Action::Advance(_) => self.state != State::Claimed,
                _ => false,
            };
        let effect = Effect { action, from: Some(self.state), to, asks_again };
        Ok((Self { state: to, ..self }, effect))
    }

    /// Whose action it is, and until when.
    fn admits(self, action: Action, caller: &Caller) -> Result<(), Refusal> {
        let in_time = |own: bool, refusal: Refusal| match (own, caller.in_time) {
            (false, _) => Err(refusal),
            (true, false) => Err(Refusal::TooLate),
            (true, true) => Ok(()),
        };
        match action {
            Action::Claim => Err(Refusal::AlreadyClaimed),
            Action::Confirm | Action::Part | Action::Dispute | Action::TakeBack => {
                in_time(caller.answerer && self.asked, Refusal::NotAnswerer)
            }
            Action::Adjudicate(_) if caller.adjudicates => Ok(()),
            Action::Adjudicate(_) => Err(Refusal::NotToAdjudicate),
            Action::Withdraw if caller.decider => Ok(()),
            Action::Correct(_) | Action::Accept | Action::Advance(_) | Action::Withdraw => {
                in_time(caller.claimant, Refusal::NotClaimant)?;
                let confirmed = self.asked && self.state == State::Confirmed && action == Action::Withdraw;
                if confirmed { Err(Refusal::ConfirmedByOther) } else { Ok(()) }
            }
        }
    }

    /// Where it leads from here, whoever does it.
    fn leads_to(self, action: Action) -> Result<State, Refusal> {
        let again = |change: Change| match change {
            Change::Counting if self.asked => State::Claimed,
            _ => self.state,
        };
        match (self.state, action) {
            (_, Action::Claim) => Err(Refusal::AlreadyClaimed),
            (State::Claimed, Action::Part) if !self.divisible => Err(Refusal::NotDivisible),
            (State::Claimed, Action::Confirm | Action::Adjudicate(Ruling::Confirm)) => Ok(State::Confirmed),
            (State::Claimed, Action::Dispute | Action::Adjudicate(Ruling::Dispute)) => Ok(State::Disputed),
            (State::Claimed, Action::Part) => Ok(State::Part),
            (_, Action::Confirm | Action::Dispute | Action::Part) => Err(Refusal::NotWaiting),
            (_, Action::Adjudicate(_)) => Err(Refusal::NotToAdjudicate),
            (State::Confirmed | State::Part | State::Disputed, Action::TakeBack) => Ok(State::Claimed),
            (_, Action::TakeBack) => Err(Refusal::NotAnswered),
            (State::Withdrawn, _) => Err(Refusal::Withdrawn),
            (State::Part, Action::Accept) => Ok(State::Confirmed),
            (_, Action::Accept) => Err(Refusal::NothingToAccept),
            (_, Action::Correct(change)) => Ok(again(change)),
            (_, Action::Advance(_)) if !self.advances => Err(Refusal::NoFurtherStage),
            // A dispute is answered by a correction, not by going on.
            (State::Disputed, Action::Advance(_)) => Ok(State::Disputed),
            (_, Action::Advance(change)) => Ok(again(change)),
            (_, Action::Withdraw) => Ok(State::Withdrawn),
        }
    }

    /// What the caller may do now: what [`Self::apply`] allows.
    pub fn allowed(self, caller: &Caller) -> AllowedActions {
        let can = |action: Action| self.apply(action, caller).is_ok();
        AllowedActions {
            answer: can(Action::Confirm),
            take_back: can(Action::TakeBack),
            adjudicate: can(Action::Adjudicate(Ruling::Confirm)),
            correct: can(Action::Correct(Change::Words)),
            accept: can(Action::Accept),
            stage: can(Action::Advance(Change::Words)),
            withdraw: can(Action::Withdraw),
        }
    }
}

/// What the caller may do, as pages ask it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AllowedActions {
    pub answer: bool,
    pub take_back: bool,
    pub adjudicate: bool,
    pub correct: bool,
    pub accept: bool,
    pub stage: bool,
    pub withdraw: bool,
}
