//! What may be done to an allocation and to an objection, by whom and until when.

pub mod parcel;
pub mod words;

use super::data::{AllocationRow, AllocationState, AppealRow};
use crate::shared::lives;
use crate::shared::objections::{self, ObjectionState};
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Date, Error};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// The longest title, in characters.
pub const TITLE: u32 = 40;

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
pub const APPEAL_LIFE: Life<ObjectionState> = objections::life("allocation_appeal", "allocation");

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
        begins: ObjectionState::Raised,
        label: ObjectionState::label,
        words: &objections::STEPS,
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
    type State = ObjectionState;
    const LIFE: &'static Life<ObjectionState> = &APPEAL_LIFE;
    const CHANGED: &'static str = "这条异议刚被处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, ObjectionState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        objections::standing(caller, &self.school, &self.issuer)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, AllocationState::Draft);
    }
}
