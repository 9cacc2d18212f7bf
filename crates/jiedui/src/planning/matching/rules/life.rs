//! The life of a scenario. `shared/review` does not fit: there parties accept the whole of what one drafted, and it holds
//! once all have; here each of a hundred parties sees its own pair alone, says something that decides nothing, and the
//! round ends by its day. So the states are few and the table is small.

use super::super::data::ScenarioState;
use crate::shared::lives::{Life, Move, Name};
use jiedui_kernel::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Change,
    /// Opens a comment round.
    Consult,
    /// Closes it.
    Close,
    Publish,
    TakeBack,
    Drop,
}

impl Action {
    const ALL: [Self; 6] =
        [Self::Change, Self::Consult, Self::Close, Self::Publish, Self::TakeBack, Self::Drop];

    fn name(self) -> Name {
        let (id, label) = match self {
            Self::Change => ("weights", "调整"),
            Self::Consult => ("consult", "征求意见"),
            Self::Close => ("close", "结束征求意见"),
            Self::Publish => ("publish", "公布"),
            Self::TakeBack => ("take_back", "撤销公布"),
            Self::Drop => ("drop", "归档"),
        };
        Name { id, label }
    }

    fn when(self) -> &'static str {
        match self {
            Self::Change | Self::Drop => "",
            Self::Consult => "there is a proven pairing",
            Self::Close => "its last day is past, or all parties have spoken, or with a reason",
            Self::Publish => "there is a proven pairing, and a round was held on it, or with a reason",
            Self::TakeBack => "within ten working days, and nothing rests on it",
        }
    }
}

/// Why an action is not for this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is being commented on.
    Consulting,
    NotConsulting,
    NotPublished,
    /// It is published, or was.
    Settled,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let words = match refusal {
            Refusal::Consulting => "这个方案正在征求意见，先结束征求意见才能调整或公布。",
            Refusal::NotConsulting => "这个方案现在没有在征求意见。",
            Refusal::NotPublished => "这个方案没有公布，或者公布已经撤销，不用再撤销。",
            Refusal::Settled => "这个方案已经公布，不能再改；要调整请以它为底另建一个方案。",
        };
        Self::NotNow(words.to_owned())
    }
}

impl ScenarioState {
    /// The only way on.
    pub fn apply(self, action: Action) -> Result<Self, Refusal> {
        match (self, action) {
            (Self::Draft, Action::Change) => Ok(Self::Draft),
            (Self::Draft, Action::Consult) => Ok(Self::Consulting),
            (Self::Consulting, Action::Close) => Ok(Self::Draft),
            (Self::Draft, Action::Publish) => Ok(Self::Published),
            (Self::Draft, Action::Drop) => Ok(Self::Dropped),
            (Self::Published, Action::TakeBack) => Ok(Self::TakenBack),
            (_, Action::TakeBack) => Err(Refusal::NotPublished),
            (_, Action::Close) => Err(Refusal::NotConsulting),
            (Self::Consulting, _) => Err(Refusal::Consulting),
            _ => Err(Refusal::Settled),
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Consulting => "征求意见",
            Self::Published => "已公布",
            Self::TakenBack => "公布已撤销",
            Self::Dropped => "已归档",
        }
    }

    fn name(self) -> Name {
        Name { id: crate::shared::review::State::text(self), label: self.label() }
    }
}

/// Its drawing.
pub fn life() -> Life {
    let states = <ScenarioState as crate::shared::review::State>::ALL;
    let make = Name { id: "make", label: "新建" };
    let begin =
        Move { from: None, action: make, when: "".into(), who: "province", to: ScenarioState::Draft.name() };
    let mut moves = vec![begin];
    for state in states {
        for action in Action::ALL {
            if let Ok(next) = state.apply(action) {
                moves.push(Move {
                    from: Some(state.name()),
                    action: action.name(),
                    when: action.when().into(),
                    who: "province",
                    to: next.name(),
                });
            }
        }
    }
    Life {
        resource: "matching_scenario",
        title: "结对测算 · matching scenario",
        about: "`planning/matching`. A published scenario is never changed; undoing its publication is an act of its own.",
        moves,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_commented_on_is_not_changed_meanwhile() {
        use ScenarioState::{Consulting, Draft, Dropped, Published, TakenBack};
        for action in [Action::Change, Action::Publish, Action::Drop, Action::Consult] {
            assert_eq!(Consulting.apply(action), Err(Refusal::Consulting));
            for state in [Published, TakenBack, Dropped] {
                assert_eq!(state.apply(action), Err(Refusal::Settled));
            }
        }
        assert_eq!(Draft.apply(Action::Consult).and_then(|state| state.apply(Action::Close)), Ok(Draft));
        assert_eq!(Published.apply(Action::TakeBack), Ok(TakenBack));
        assert_eq!(TakenBack.apply(Action::TakeBack), Err(Refusal::NotPublished));
    }
}
