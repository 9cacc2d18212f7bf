//! What may be done to a movement of money, by whom; how it moves the sums; and how it is called.

pub mod account;
pub mod book;
pub mod cost;

use super::data::{MoveKind, MoveRow, MoveState};
use crate::shared::lives;
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_funding::{Amount, Stage};
use jiedui_kernel::{Error, FieldError, Mistake};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// The longest text of what it was for, of a document's number and of a reason, in characters.
pub const WORDS: usize = 60;
pub const NUMBER: usize = 40;
pub const REASON: u32 = 500;

/// Recorded by one of the two, the school or the bureau above it, and answered by the other.
pub const LIFE: Life<MoveState> = {
    use MoveState::{Confirmed, Disputed, Recorded, Withdrawn};
    Life {
        resource: "fund_move",
        granted_as: "fund",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Withdraw, "withdraw", &[Recorded, Disputed])
                .to(Withdrawn)
                .right("record"),
            Rule::new(Role::Decider, Action::Accept, "confirm", &[Recorded, Disputed])
                .to(Confirmed)
                .right("answer"),
            Rule::new(Role::Decider, Action::Return, "dispute", &[Recorded, Confirmed])
                .to(Disputed)
                .right("answer"),
        ],
    }
};

pub const STEPS: [(&str, &str); 4] =
    [("record", "登记"), ("confirm", "确认"), ("dispute", "提出异议"), ("withdraw", "撤回")];

impl MoveState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Recorded => "待确认",
            Self::Confirmed => "已确认",
            Self::Disputed => "有异议",
            Self::Withdrawn => "已撤回",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Recorded => StateMark::new("claimed", self.label(), "○"),
            Self::Confirmed => StateMark::new("confirmed", self.label(), "●"),
            Self::Disputed => StateMark::new("disputed", self.label(), "◆"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }

    /// What of its amount is said, and what of that is confirmed.
    pub fn counts(self, cents: i64) -> Amount {
        match self {
            Self::Recorded | Self::Disputed => Amount::new(cents, 0),
            Self::Confirmed => Amount::sure(cents),
            Self::Withdrawn => Amount::default(),
        }
    }
}

impl MoveKind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Arrived => "到位",
            Self::Paid => "支出",
            Self::Returned => "退回",
            Self::InKind => "实物",
        }
    }

    /// Whether it brings something, money or a thing.
    pub fn brings(self) -> bool {
        matches!(self, Self::Arrived | Self::InKind)
    }
}

/// The way of a money, as pages show it.
pub fn stage_mark(stage: Stage) -> StateMark {
    match stage {
        Stage::Idea => StateMark::new("pending", "计划中", "○"),
        Stage::Applied => StateMark::new("pending", "已申报", "○"),
        Stage::Approved => StateMark::new("pending", "已批复", "◐"),
        Stage::Arrived => StateMark::new("pending", "已到位", "◐"),
        Stage::Spent => StateMark::new("pending", "支出中", "◐"),
        Stage::Closed => StateMark::new("done", "已结清", "●"),
    }
}

/// For the drawings in docs/lives.md.
pub fn lives() -> Vec<lives::Life> {
    let drawing = review::Drawing {
        title: "Movement of money 经费收支",
        about: "Recorded by the school or the bureau above it (the author), answered by the other of the two.",
        begins: MoveState::Recorded,
        label: MoveState::label,
        words: &STEPS,
    };
    vec![review::draw(&LIFE, &drawing)]
}

impl Reviewed for MoveRow {
    type State = MoveState;
    const LIFE: &'static Life<MoveState> = &LIFE;
    const CHANGED: &'static str = "这一笔刚被处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, MoveState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        Standing::default()
            .role(Role::Author, *org == self.org)
            .role(Role::Decider, *org == self.answerer && *org != self.org)
    }

    fn title(&self) -> String {
        self.words.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Withdraw => "只有登记的单位可以撤回，对方确认以后不能撤回；有错的，请对方先提出异议。",
            _ => "只有对方单位可以确认或提出异议，撤回了的不能再答复。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// What a reason lacks.
pub fn check_reason(text: &str) -> Vec<FieldError> {
    let (length, most) = (text.chars().count(), REASON as usize);
    let mistake = match length {
        0 => Mistake::missing("哪里不对"),
        _ if length > most => Mistake::too_long("哪里不对", most, length),
        _ => return Vec::new(),
    };
    vec![FieldError::new("reason", mistake)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review::tests::is_sound;
    use jiedui_kernel::Code;

    #[test]
    fn the_life_is_sound() {
        is_sound(&LIFE, MoveState::Recorded);
    }

    #[test]
    fn what_is_withdrawn_counts_nowhere_and_what_is_disputed_is_not_confirmed() {
        assert_eq!(MoveState::Disputed.counts(5), Amount::new(5, 0));
        assert_eq!(MoveState::Confirmed.counts(5), Amount::sure(5));
        assert_eq!(MoveState::Withdrawn.counts(5), Amount::default());
    }

    #[test]
    fn a_reason_is_neither_missing_nor_too_long() {
        let code = |text: &str| check_reason(text).pop().map(|error| error.code);
        assert_eq!(code(""), Some(Code::Missing));
        assert_eq!(code(&"字".repeat(501)), Some(Code::TooLong));
        assert_eq!(code("发票是两万元"), None);
    }
}
