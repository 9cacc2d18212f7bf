//! What may be done to a transfer, and what a table looks like on the other side.

pub mod partners;
pub mod schema;
pub mod words;

use super::data::{RunRow, RunState};
use crate::shared::lives;
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::Error;
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// Rows that are sent at a time.
pub const BATCH: usize = 200;

/// Begun, and then everything was answered, or it was given up: what was sent stays as it was sent.
pub const LIFE: Life<RunState> = {
    use RunState::{Done, GivenUp, UnderWay};
    Life {
        resource: "exchange_run",
        granted_as: "exchange",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Finish, "finish", &[UnderWay]).to(Done).right("transfer"),
            Rule::new(Role::Author, Action::Abandon, "give_up", &[UnderWay]).to(GivenUp).right("transfer"),
        ],
    }
};

pub const STEPS: [(&str, &str); 4] =
    [("begin", "开始送出"), ("take", "收下对方的数"), ("finish", "完成"), ("give_up", "放弃")];

impl RunState {
    pub fn label(self) -> &'static str {
        match self {
            Self::UnderWay => "正在送",
            Self::Done => "已完成",
            Self::GivenUp => "已放弃",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::UnderWay => StateMark::new("waiting", self.label(), "◐"),
            Self::Done => StateMark::new("done", self.label(), "●"),
            Self::GivenUp => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

/// For the drawing in docs/lives.md.
pub fn life() -> lives::Life {
    let drawing = review::Drawing {
        title: "Transfer 数据对接",
        about: "A table that the office (the author) has sent to an outside system, or takes in from there at once.",
        begins: RunState::UnderWay,
        label: RunState::label,
        words: &STEPS,
    };
    review::draw(&LIFE, &drawing)
}

impl Reviewed for RunRow {
    type State = RunState;
    const LIFE: &'static Life<RunState> = &LIFE;
    const CHANGED: &'static str = "这一次刚有了进展，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, RunState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        Standing::default().role(Role::Author, caller.actor.org == self.org)
    }

    fn refused(_action: Action, _why: Refusal) -> Error {
        Error::Forbidden("只有开始送的单位可以继续或放弃，已经结束的不能再改。".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, RunState::UnderWay);
    }
}
