//! 异议: whoever something was published about says within its time what is wrong with it, once; whoever published it answers
//! with words. What was published stays as it is. A mechanism has the row and the table; the life, the marks, the words of
//! a text that may not be missing, and the two fields of an answer are here.

use crate::shared::review::{Action, Caller, Life, Role, Rule, Standing, text_enum};
use jiedui_kernel::{Code, FieldError};
use jiedui_web::figure::StateMark;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field};

text_enum! {
    pub enum ObjectionState {
        Raised = "raised",
        Upheld = "upheld",
        Dismissed = "dismissed",
        TakenBack = "taken_back",
    }
}

/// The longest objection, and the longest answer, in characters.
pub const REASON: u32 = 500;

pub const STEPS: [(&str, &str); 4] =
    [("raise", "提出异议"), ("take_back", "收回异议"), ("uphold", "认可异议"), ("dismiss", "不认可异议")];

const RULES: &[Rule<ObjectionState>] = {
    use ObjectionState::{Dismissed, Raised, TakenBack, Upheld};
    &[
        Rule::new(Role::Author, Action::Withdraw, "take_back", &[Raised]).to(TakenBack).right("appeal"),
        Rule::new(Role::Decider, Action::Accept, "uphold", &[Raised]).to(Upheld).right("answer"),
        Rule::new(Role::Decider, Action::Refuse, "dismiss", &[Raised]).to(Dismissed).right("answer"),
    ]
};

/// Raised by one that it concerns, answered once by whoever published it. The rights are those of what was published.
pub const fn life(resource: &'static str, granted_as: &'static str) -> Life<ObjectionState> {
    Life { resource, granted_as, proposes: &[], rules: RULES }
}

/// What the caller is to an objection of one organisation to what another published.
pub fn standing(caller: Caller<'_>, by: &str, issuer: &str) -> Standing {
    let org = caller.actor.org.as_str();
    Standing::default().role(Role::Author, org == by).role(Role::Decider, org == issuer && org != by)
}

impl ObjectionState {
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

/// The two fields of an answer: whether the objection is right, which `help` says what follows from, and the words.
pub fn answer_fields(given: &FormValues, errors: &[FieldError], help: &str) -> (Field, Field) {
    let verdicts = vec![Choice::new("uphold", "认可"), Choice::new("dismiss", "不认可")];
    let verdict = Field::new("verdict", "是否认可").required().options(verdicts).value(given.get("verdict"));
    let words = Field::new("answer", "答复").required().value(given.get("answer")).error(errors);
    (verdict.help(help).error(errors), Field { maxlength: Some(REASON), ..words })
}

/// What an answer says.
///
/// # Errors
/// That neither was chosen, at its field.
pub fn verdict(given: &FormValues) -> Result<Action, FieldError> {
    match given.get("verdict") {
        "uphold" => Ok(Action::Accept),
        "dismiss" => Ok(Action::Refuse),
        _ => Err(FieldError::new("verdict", Code::Missing.says("请选择认可还是不认可。"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review;

    #[test]
    fn the_life_is_sound() {
        const LIFE: Life<ObjectionState> = life("sample", "sample");
        review::tests::is_sound(&LIFE, ObjectionState::Raised);
    }

    #[test]
    fn what_is_written_is_neither_missing_nor_too_long() {
        let code = |text: &str| check_text("reason", "哪里不对", text, 3).map(|error| error.code);
        assert_eq!(code(""), Some(Code::Missing));
        assert_eq!(code("四个字了"), Some(Code::TooLong));
        assert_eq!(code("三个字"), None);
    }
}
