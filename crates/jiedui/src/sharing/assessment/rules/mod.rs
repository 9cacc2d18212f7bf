//! What may be done to an assessment and to an objection against it, by whom and until when.

pub mod parcel;
pub mod words;

use super::data::{AssessmentRow, AssessmentState, ObjectionRow, SheetRow};
use crate::shared::lives;
use crate::shared::objections::{self, ObjectionState};
use crate::shared::review::{
    self, Action, Caller, Condition, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Date, Error};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// Drafted, shown to the assessed, frozen when their time is over: what is frozen never changes.
pub const LIFE: Life<AssessmentState> = {
    use AssessmentState::{Draft, Frozen, Presented, Withdrawn};
    Life {
        resource: "assessment",
        granted_as: "assessment",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Submit, "present", &[Draft]).to(Presented).right("present"),
            Rule::new(Role::Author, Action::Abandon, "discard", &[Draft]).to(Withdrawn).right("draft"),
            Rule::new(Role::Author, Action::Withdraw, "withdraw", &[Presented])
                .to(Withdrawn)
                .right("present"),
            Rule::new(Role::Decider, Action::Accept, "freeze", &[Presented])
                .to(Frozen)
                .when(&[Condition::Over])
                .right("freeze"),
        ],
    }
};

pub const STEPS: [(&str, &str); 5] = [
    ("draft", "拟定"),
    ("present", "送被考核单位核对"),
    ("discard", "放弃"),
    ("withdraw", "撤回"),
    ("freeze", "定稿"),
];

/// Raised by one of the assessed, answered by somebody who takes a second look.
pub const OBJECTION_LIFE: Life<ObjectionState> = objections::life("assessment_objection", "assessment");

impl AssessmentState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "拟定",
            Self::Presented => "核对中",
            Self::Frozen => "已定稿",
            Self::Withdrawn => "已撤回",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Draft => StateMark::new("pending", self.label(), "○"),
            Self::Presented => StateMark::new("open", self.label(), "◐"),
            Self::Frozen => StateMark::new("done", self.label(), "●"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

/// For the drawings in docs/lives.md.
pub fn lives() -> Vec<lives::Life> {
    let assessment = review::Drawing {
        title: "Assessment 考核",
        about: "Drafted by the office (the author) with what depends on the weights, shown to each of the assessed, frozen by the \
                office (the decider) when the time to object is over and every objection has been answered.",
        begins: AssessmentState::Draft,
        label: AssessmentState::label,
        words: &STEPS,
    };
    let objection = review::Drawing {
        title: "Objection to an assessment 对考核的异议",
        about: "Raised by one of the assessed (the author) in time, answered after a second look.",
        begins: ObjectionState::Raised,
        label: ObjectionState::label,
        words: &objections::STEPS,
    };
    vec![review::draw(&LIFE, &assessment), review::draw(&OBJECTION_LIFE, &objection)]
}

impl Reviewed for AssessmentRow {
    type State = AssessmentState;
    const LIFE: &'static Life<AssessmentState> = &LIFE;
    const CHANGED: &'static str = "这次考核刚被同事处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, AssessmentState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let own = caller.actor.org == self.issuer;
        let over = self.object_until.is_some_and(|day| caller.today > day);
        Standing::default().role(Role::Author, own).role(Role::Decider, own).holds(Condition::Over, over)
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Submit => "只有拟定的单位可以送核对，送过或放弃了的不能再送。",
            Action::Abandon => "只有拟定的单位可以放弃，已经送核对的请撤回。",
            Action::Accept => "异议期限过了才能定稿，定稿以后不再改动。",
            _ => "只有拟定的单位可以撤回，定稿以后不能撤回。",
        };
        Error::Forbidden(words.to_owned())
    }
}

impl Reviewed for ObjectionRow {
    type State = ObjectionState;
    const LIFE: &'static Life<ObjectionState> = &OBJECTION_LIFE;
    const CHANGED: &'static str = "这条异议刚被处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, ObjectionState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        objections::standing(caller, &self.org, &self.issuer)
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Withdraw => "只有提出异议的单位可以收回，答复以后不能再收回。",
            _ => "只有考核的单位可以答复异议，每条答复一次。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// Whether one of the assessed may object today.
pub fn is_open(row: &SheetRow, today: Date) -> bool {
    row.state == AssessmentState::Presented && row.object_until.is_some_and(|day| today <= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, AssessmentState::Draft);
    }
}
