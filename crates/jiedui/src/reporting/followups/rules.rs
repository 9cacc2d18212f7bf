//! Who does what to a tracked item, and what may be asked of whom.

use super::data::{FollowupRow, FollowupState};
use crate::shared::review::{
    self, Action, Caller, Condition, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use chrono::Months;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake};
use jiedui_programme::Programme;
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// Its owner says that it is done, and who asked for it agrees: neither closes it alone.
pub const LIFE: Life<FollowupState> = {
    use Action::{Accept, Comment, Edit, Recall, Return, Submit, Withdraw};
    use FollowupState::{Closed, Dropped, Open, Reported};
    use Role::{Author, Decider};
    Life {
        resource: "followup",
        granted_as: "followup",
        proposes: &[],
        rules: &[
            Rule::new(Author, Comment, "note", &[Open]).right("report"),
            Rule::new(Author, Submit, "report", &[Open]).to(Reported).right("report"),
            Rule::new(Author, Recall, "recall", &[Reported]).to(Open).right("report"),
            Rule::new(Decider, Accept, "close", &[Reported]).to(Closed).right("assign"),
            Rule::new(Decider, Return, "send_back", &[Reported]).to(Open).right("assign"),
            Rule::new(Decider, Edit, "defer", &[Open]).right("assign"),
            Rule::new(Decider, Withdraw, "drop", &[Open]).to(Dropped).right("assign"),
        ],
    }
};

pub const STEPS: [(&str, &str); 8] = [
    ("assign", "交办"),
    ("note", "写明进展"),
    ("report", "报办结"),
    ("recall", "收回报办结"),
    ("close", "确认办结"),
    ("send_back", "退回继续办理"),
    ("defer", "改期"),
    ("drop", "撤销"),
];

impl FollowupState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "办理中",
            Self::Reported => "已报办结，待确认",
            Self::Closed => "已办结",
            Self::Dropped => "已撤销",
        }
    }
}

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Tracked item 督办事项",
            about: "What was decided or asked for is open until its owner (the author) says that it is done and who asked for it \
                    (the decider) agrees.",
            begins: FollowupState::Open,
            label: FollowupState::label,
            words: &STEPS,
        },
    )
}

impl Reviewed for FollowupRow {
    type State = FollowupState;
    const LIFE: &'static Life<FollowupState> = &LIFE;
    const CHANGED: &'static str = "这件事项刚被对方或同事办理过，您的操作没有写入。请看过现在的内容再定。";

    fn head(&self) -> Head<'_, FollowupState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        Standing::default()
            .role(Role::Author, *org == self.owner)
            .role(Role::Decider, *org == self.host)
            .holds(Condition::Over, self.is_over())
    }

    fn title(&self) -> String {
        self.text.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Comment | Action::Submit | Action::Recall => {
                "进展和办结由责任单位写明；已报办结的要先收回。"
            }
            Action::Accept | Action::Return => "要等责任单位报办结以后，由交办的单位确认或退回。",
            _ => "只有交办的单位可以改期或撤销，而且要在责任单位报办结之前。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// How it stands on a day.
pub fn mark(row: &FollowupRow, today: Date) -> StateMark {
    match row.state {
        FollowupState::Open if row.due < today => StateMark::new("late", "已过期限", "■"),
        FollowupState::Open => StateMark::new("active", row.state.label(), "◐"),
        FollowupState::Reported => StateMark::new("pending", row.state.label(), "○"),
        // Of what a unit asked of itself nobody else said that it is done: lists and papers say so too.
        FollowupState::Closed if row.is_own() => StateMark::new("done", "已办结（自行确认）", "●"),
        FollowupState::Closed => StateMark::new("done", row.state.label(), "●"),
        FollowupState::Dropped => StateMark::new("none", row.state.label(), "–"),
    }
}

/// The longest line, in characters: what takes more is more than one thing.
pub const TEXT: u32 = 200;
/// The longest report or reason.
pub const WORDS: u32 = 500;

/// The first day by which something may be asked for that is said on this day (principle 8).
pub fn earliest(programme: &Programme, said: Date) -> Date {
    programme.calendar.workdays.after(said, programme.calendar.minimum_notice_workdays)
}

/// Nothing is asked for further ahead than a year: what lies beyond is no errand, and a day that never comes hides one.
pub fn latest(said: Date) -> Date {
    said.checked_add_months(Months::new(12)).unwrap_or(said)
}

/// The day that is offered where nobody said another.
pub fn usual(programme: &Programme, said: Date) -> Date {
    programme.calendar.workdays.after(said, programme.calendar.followup_workdays)
}

/// What is wrong with a line and its day.
pub fn check(programme: &Programme, said: Date, text: &str, due: Option<Date>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let length = text.chars().count();
    if length == 0 {
        errors.push(FieldError::new("text", Code::Missing.says("请用一行写明要办什么。")));
    } else if length > TEXT as usize {
        errors.push(FieldError::new("text", Mistake::too_long("要办什么", TEXT as usize, length)));
    }
    errors.extend(check_due(programme, said, due).err());
    errors
}

pub fn check_due(programme: &Programme, said: Date, due: Option<Date>) -> Result<(), FieldError> {
    let (first, days) = (earliest(programme, said), programme.calendar.minimum_notice_workdays);
    let mistake = match due {
        None => Code::Missing.says("请选择办结期限。"),
        Some(day) if day < first => {
            Code::OutOfRange.says(format!("至少要给责任单位 {days} 个工作日，办结期限最早是 {first}。"))
        }
        Some(day) if day > latest(said) => {
            Code::OutOfRange.says(format!("办结期限最晚是 {}；更远的事情到时再交办。", latest(said)))
        }
        Some(_) => return Ok(()),
    };
    Err(FieldError::new("due", mistake))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, FollowupState::Open);
    }

    #[test]
    fn nobody_is_asked_before_the_minimum_notice() {
        let programme = review::tests::programme();
        let said: Date = "2026-11-24".parse().unwrap();
        let first = earliest(programme, said);
        assert!(check(programme, said, "办", Some(first)).is_empty());
        assert_eq!(check(programme, said, "办", first.pred_opt())[0].code, Code::OutOfRange);
        assert!(usual(programme, said) >= first);
        assert_eq!(check(programme, said, "", None).len(), 2);
    }
}
