//! What may be done to an allocation and to an objection, by whom and until when.

pub mod parcel;
pub mod words;

use super::data::{AllocationRow, AllocationState, AppealRow, AppealState};
use crate::shared::lives;
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Code, Date, Error, FieldError};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// The longest title, and the longest reason, in characters.
pub const TITLE: u32 = 40;
pub const REASON: u32 = 500;

/// Drafted by the issuer, published once, and taken back where it was wrong: what was published is never changed.
pub const LIFE: Life<AllocationState> = {
    use AllocationState::{Draft, Published, Withdrawn};
    Life {
        resource: "allocation",
        granted_as: "allocation",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Submit, "publish", &[Draft]).to(Published).right("publish"),
            Rule::new(Role::Author, Action::Abandon, "discard", &[Draft]).to(Withdrawn).right("draft"),
            Rule::new(Role::Author, Action::Withdraw, "withdraw", &[Published])
                .to(Withdrawn)
                .right("publish"),
        ],
    }
};

pub const STEPS: [(&str, &str); 4] =
    [("draft", "拟定"), ("publish", "公布"), ("discard", "放弃"), ("withdraw", "撤回")];

/// Raised by a school, answered by the issuer with words.
pub const APPEAL_LIFE: Life<AppealState> = {
    use AppealState::{Dismissed, Raised, TakenBack, Upheld};
    Life {
        resource: "allocation_appeal",
        granted_as: "allocation",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Withdraw, "take_back", &[Raised]).to(TakenBack).right("appeal"),
            Rule::new(Role::Decider, Action::Accept, "uphold", &[Raised]).to(Upheld).right("answer"),
            Rule::new(Role::Decider, Action::Refuse, "dismiss", &[Raised]).to(Dismissed).right("answer"),
        ],
    }
};

pub const APPEAL_STEPS: [(&str, &str); 4] =
    [("raise", "提出异议"), ("take_back", "收回异议"), ("uphold", "认可异议"), ("dismiss", "不认可异议")];

impl AllocationState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "拟定",
            Self::Published => "已公布",
            Self::Withdrawn => "已撤回",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Draft => StateMark::new("pending", self.label(), "○"),
            Self::Published => StateMark::new("done", self.label(), "●"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

impl AppealState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Raised => "待答复",
            Self::Upheld => "已认可",
            Self::Dismissed => "未认可",
            Self::TakenBack => "已收回",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Raised => StateMark::new("pending", self.label(), "○"),
            Self::Upheld => StateMark::new("done", self.label(), "●"),
            Self::Dismissed => StateMark::new("disputed", self.label(), "◆"),
            Self::TakenBack => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

/// For the drawings in docs/lives.md.
pub fn lives() -> Vec<lives::Life> {
    let allocation = review::Drawing {
        title: "Allocation 倾斜分配",
        about: "Drafted by the office that divides (the author), published with its rule, taken back where it was wrong.",
        begins: AllocationState::Draft,
        label: AllocationState::label,
        words: &STEPS,
    };
    let appeal = review::Drawing {
        title: "Objection to an allocation 对分配的异议",
        about: "Raised by a school (the author) before the day named in the publication, answered by the issuer.",
        begins: AppealState::Raised,
        label: AppealState::label,
        words: &APPEAL_STEPS,
    };
    vec![review::draw(&LIFE, &allocation), review::draw(&APPEAL_LIFE, &appeal)]
}

impl Reviewed for AllocationRow {
    type State = AllocationState;
    const LIFE: &'static Life<AllocationState> = &LIFE;
    const CHANGED: &'static str = "这次分配刚被同事处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, AllocationState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        Standing::default().role(Role::Author, caller.actor.org == self.issuer)
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Submit => "只有拟定的单位可以公布，公布过或放弃了的不能再公布。",
            Action::Abandon => "只有拟定的单位可以放弃，已经公布的请撤回。",
            _ => "只有公布的单位可以撤回，撤回以后可以重新拟定一次。",
        };
        Error::Forbidden(words.to_owned())
    }
}

impl Reviewed for AppealRow {
    type State = AppealState;
    const LIFE: &'static Life<AppealState> = &APPEAL_LIFE;
    const CHANGED: &'static str = "这条异议刚被处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, AppealState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        Standing::default()
            .role(Role::Author, *org == self.school)
            .role(Role::Decider, *org == self.issuer && *org != self.school)
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Withdraw => "只有提出异议的学校可以收回，答复以后不能再收回。",
            _ => "只有公布分配的单位可以答复异议，每条答复一次。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// Whether a school with a share may object today.
pub fn is_open(row: &AllocationRow, today: Date) -> bool {
    row.state == AllocationState::Published && row.appeal_until.is_some_and(|day| today <= day)
}

/// What people write may not be missing, nor longer than it can be read.
pub fn check_text(field: &str, what: &str, text: &str, most: u32) -> Option<FieldError> {
    let length = text.chars().count();
    let mistake = if text.is_empty() {
        Code::Missing.says(format!("请填写{what}。"))
    } else if length > most as usize {
        Code::TooLong.says(format!("{what}最多 {most} 个字，现有 {length} 个字，请写得短些。"))
    } else {
        return None;
    };
    Some(FieldError::new(field, mistake))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lives_are_sound() {
        review::tests::is_sound(&LIFE, AllocationState::Draft);
        review::tests::is_sound(&APPEAL_LIFE, AppealState::Raised);
    }

    #[test]
    fn what_is_written_is_neither_missing_nor_too_long() {
        let code = |text: &str| check_text("reason", "哪里不对", text, 3).map(|error| error.code);
        assert_eq!(code(""), Some(Code::Missing));
        assert_eq!(code("四个字了"), Some(Code::TooLong));
        assert_eq!(code("三个字"), None);
    }
}
