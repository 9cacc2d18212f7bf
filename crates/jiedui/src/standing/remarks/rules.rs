//! Who answers a remark and who is done with it.

use super::data::{RemarkRow, RemarkState};
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Code, Error, Result};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// Whom it is about answers; who said it is done with it, with or without an answer.
pub const LIFE: Life<RemarkState> = {
    use RemarkState::{Answered, Closed, Open};
    Life {
        resource: "remark",
        granted_as: "remark",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Submit, "reply", &[Open]).to(Answered),
            Rule::new(Role::Decider, Action::Accept, "close", &[Open, Answered]).to(Closed),
            Rule::new(Role::Decider, Action::Return, "ask", &[Answered]).to(Open),
        ],
    }
};

pub const STEPS: [(&str, &str); 4] =
    [("write", "提意见"), ("reply", "答复"), ("close", "了结"), ("ask", "再问一次")];

impl RemarkState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "待答复",
            Self::Answered => "已答复",
            Self::Closed => "已了结",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Open => StateMark::new("pending", self.label(), "○"),
            Self::Answered => StateMark::new("active", self.label(), "◐"),
            Self::Closed => StateMark::new("done", self.label(), "●"),
        }
    }
}

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Remark at a figure 对数字的意见",
            about: "Whom the figure belongs to (the author) answers; who said it (the decider) is done with it.",
            begins: RemarkState::Open,
            label: RemarkState::label,
            words: &STEPS,
        },
    )
}

impl Reviewed for RemarkRow {
    type State = RemarkState;
    const LIFE: &'static Life<RemarkState> = &LIFE;
    const CHANGED: &'static str = "这条意见刚被对方或同事处理过，您的操作没有写入。请看过现在的内容再定。";

    fn head(&self) -> Head<'_, RemarkState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        Standing::default()
            .role(Role::Author, *org == self.about && self.about != self.author)
            .role(Role::Decider, *org == self.author)
    }

    fn title(&self) -> String {
        self.label.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Submit => "只有这个数所属的单位答复，答复过的等提意见的单位了结。",
            _ => "只有提意见的单位可以了结，或在答复以后再问。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// The longest remark or answer, in characters.
pub const WORDS: u32 = 300;

pub fn check(name: &'static str, text: &str) -> Result<()> {
    let code = match text.chars().count() {
        0 => Code::Missing.says("请写明意见。"),
        n if n > WORDS as usize => Code::TooLong.says("最多写三百个字，请写得短些。"),
        _ => return Ok(()),
    };
    Err(Error::field(name, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, RemarkState::Open);
    }

    #[test]
    fn a_remark_says_something_and_not_too_much() {
        assert!(check("text", "请核对").is_ok());
        assert!(check("text", "").is_err() && check("text", &"字".repeat(301)).is_err());
    }
}
