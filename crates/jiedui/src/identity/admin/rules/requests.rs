//! The life of a request: the system administrator asks for an account, a role or another password; the security
//! administrator decides; neither can do both.

use crate::shared::lives::{self, Move, Name};
use jiedui_kernel::Error;
use jiedui_web::figure::StateMark;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Create,
    Role,
    Reset,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Create, Self::Role, Self::Reset];

    pub fn id(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Role => "role",
            Self::Reset => "reset",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Create => "新建账号",
            Self::Role => "增加角色",
            Self::Reset => "重置密码",
        }
    }

    /// Whether its holder gets a link to set a password.
    pub fn makes_link(self) -> bool {
        self != Self::Role
    }
}

impl TryFrom<String> for Kind {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|kind| kind.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("account_request.kind is “{text}”")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    Approved,
    Returned,
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Approved, Self::Returned, Self::Withdrawn];

    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待批准",
            Self::Approved => "已批准",
            Self::Returned => "已退回",
            Self::Withdrawn => "已撤回",
        }
    }

    pub fn mark(self) -> StateMark {
        let (key, mark) = match self {
            Self::Waiting => ("waiting", "○"),
            Self::Approved => ("done", "●"),
            Self::Returned => ("disputed", "◆"),
            Self::Withdrawn => ("none", "–"),
        };
        StateMark::new(key, self.label(), mark)
    }

    /// The only way on. `own` is for whoever asked, and for whom it is about.
    pub fn apply(self, action: Action, own: bool) -> Result<Self, Refusal> {
        match (self, action, own) {
            (Self::Waiting, Action::Approve | Action::Return, true) => Err(Refusal::Own),
            (Self::Waiting, Action::Approve, false) => Ok(Self::Approved),
            (Self::Waiting, Action::Return, false) => Ok(Self::Returned),
            (Self::Waiting, Action::Withdraw, _) => Ok(Self::Withdrawn),
            _ => Err(Refusal::Decided),
        }
    }
}

impl TryFrom<String> for State {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|state| state.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("account_request.state is “{text}”")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Approve,
    Return,
    Withdraw,
}

impl Action {
    pub const ALL: [Self; 3] = [Self::Approve, Self::Return, Self::Withdraw];

    pub fn id(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Withdraw => "withdraw",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Approve => "批准",
            Self::Return => "退回",
            Self::Withdraw => "撤回",
        }
    }

    fn who(self) -> &'static str {
        match self {
            Self::Approve | Self::Return => "security administrator",
            Self::Withdraw => "system administrator",
        }
    }
}

/// Why an action is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Own,
    Decided,
}

/// What is said where somebody else was quicker.
pub const DECIDED: &str = "这项申请刚刚已经处理过，没有再改。请看现在的状态。";

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Conflict(match refusal {
            Refusal::Own => "自己提出的、有关自己账号的申请要由别人批准，没有改动。".to_owned(),
            Refusal::Decided => DECIDED.to_owned(),
        })
    }
}

/// For the drawing.
pub fn life() -> lives::Life {
    let name = |state: State| Name { id: state.id(), label: state.label() };
    let asked = Move {
        from: None,
        action: Name { id: "ask", label: "提出" },
        when: "".into(),
        who: "system administrator",
        to: name(State::Waiting),
    };
    let moves = State::ALL.into_iter().flat_map(|from| {
        Action::ALL.into_iter().filter_map(move |action| {
            let to = from.apply(action, false).ok()?;
            let action_name = Name { id: action.id(), label: action.label() };
            let when = if action == Action::Withdraw { "" } else { "asked by somebody else" };
            let (from_name, to_name) = (Some(name(from)), name(to));
            Some(Move {
                from: from_name,
                action: action_name,
                when: when.into(),
                who: action.who(),
                to: to_name,
            })
        })
    });
    lives::Life {
        resource: "account_request",
        title: "Account request 账号申请",
        about: "An account, a role or another password: one administrator asks, another decides (`identity/admin`).",
        moves: std::iter::once(asked).chain(moves).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_decides_about_what_he_asked_for_and_nothing_is_decided_twice() {
        for action in [Action::Approve, Action::Return] {
            assert_eq!(State::Waiting.apply(action, true), Err(Refusal::Own));
            for state in [State::Approved, State::Returned, State::Withdrawn] {
                assert_eq!(state.apply(action, false), Err(Refusal::Decided));
            }
        }
        assert_eq!(State::Waiting.apply(Action::Approve, false), Ok(State::Approved));
        assert_eq!(State::Waiting.apply(Action::Withdraw, true), Ok(State::Withdrawn));
    }
}
