//! Pure decisions: who may put something beside what, how much, and until when it is taken back.

use super::data::AttachmentRow;
use crate::shared::confirmation::State;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::ResourceType;
use jiedui_web::history::{self, HistoryRow};
use serde_json::Value;

/// So many of one side beside one thing: what takes more is no paper, but a conversation.
pub const MOST: usize = 3;
/// A file is no larger.
pub const MOST_MEGABYTES: u32 = 10;
/// What is taken, by the ending of its name: papers, tables and pictures, and nothing that plays.
const TYPES: [&str; 5] = ["pdf", "jpg", "png", "docx", "xlsx"];

/// The kinds of steps in the history of the thing.
pub const ADDED: &str = "attach";
pub const TAKEN_BACK: &str = "detach";

/// That beside which something is put, found in scope by its mechanism.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// `entry` or `output`.
    pub resource: &'static str,
    pub id: &'a str,
    pub version: i64,
    pub state: State,
    /// Who claims it, and who answers where somebody does.
    pub sides: (&'a str, Option<&'a str>),
    /// What it is, in a few words.
    pub title: &'a str,
}

impl<'a> Matter<'a> {
    /// The side that stands against an organisation; none where it is no side.
    pub fn other(&self, org: &str) -> Option<&'a str> {
        let (claimant, answerer) = self.sides;
        match answerer {
            Some(answerer) if org == claimant => Some(answerer),
            Some(answerer) if org == answerer => Some(claimant),
            _ => None,
        }
    }

    /// Whether it waits for an answer or is disputed.
    fn is_open(&self) -> bool {
        self.state == State::Claimed || self.state.is_contested()
    }

    /// Whether an organisation may put something beside it now.
    pub fn takes_from(&self, org: &str) -> bool {
        self.is_open() && self.other(org).is_some()
    }

    /// The same, with the reason where not.
    ///
    /// # Errors
    /// Where it is neither side, or nothing is open any more.
    pub fn demand(&self, org: &str) -> Result<()> {
        if self.other(org).is_none() {
            return Err(Error::Forbidden("只有登记单位和确认单位可以在这里附材料。".to_owned()));
        }
        if !self.is_open() {
            let words = "这一条已经没有待答复的事，也没有异议，不用再附材料。";
            return Err(Error::NotNow(words.to_owned()));
        }
        Ok(())
    }
}

pub fn types() -> Vec<ResourceType> {
    let one = |id: &str| ResourceType { id: id.to_owned(), most_megabytes: MOST_MEGABYTES };
    TYPES.into_iter().map(one).collect()
}

/// Why a side cannot add another content to what stands there.
pub fn wrong(rows: &[AttachmentRow], org: &str, hash: &str) -> Vec<FieldError> {
    if rows.iter().any(|row| row.org == org && row.hash == hash) {
        let mistake = Code::Duplicate.says("本单位在这里已经附过这个文件，不用再附。");
        return vec![FieldError::new("file", mistake)];
    }
    full(rows, org)
}

/// Why a side cannot add anything more, whatever it is.
pub fn full(rows: &[AttachmentRow], org: &str) -> Vec<FieldError> {
    if rows.iter().filter(|row| row.org == org).count() < MOST {
        return Vec::new();
    }
    let words = format!("每个单位在一条记录下最多附 {MOST} 份，已经满了；可以先撤回一份。");
    vec![FieldError::new("file", Code::TooMany.says(words))]
}

/// Whether somebody else has acted on the thing since a material was put beside it; a reply and another material are no act.
pub fn was_answered(steps: &[HistoryRow], row: &AttachmentRow) -> bool {
    let is_its = |step: &HistoryRow| {
        let change: Value = serde_json::from_str(&step.change).unwrap_or_default();
        step.kind == ADDED && change.get("attachment").and_then(Value::as_str) == Some(row.id.as_str())
    };
    let Some(at) = steps.iter().position(is_its) else { return true };
    steps.iter().skip(at).any(|step| step.org != row.org && !history::is_beside(&step.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_kernel::Instant;

    fn at() -> Instant {
        "2026-11-24T02:00:00Z".parse().unwrap()
    }

    fn row(id: &str, org: &str) -> AttachmentRow {
        let [id, org, hash] = [id, org, id].map(str::to_owned);
        let [org_name, mime, name] = ["", "application/pdf", "样例.pdf"].map(str::to_owned);
        AttachmentRow { id, org, org_name, hash, size: 1, mime, name, added_at: at() }
    }

    fn step(kind: &str, org: &str, attachment: &str) -> HistoryRow {
        let [name, org_name, reason] = [const { String::new() }; 3];
        let change = serde_json::json!({ "attachment": attachment }).to_string();
        let (kind, org) = (kind.to_owned(), org.to_owned());
        HistoryRow { at: at(), name, org, org_name, kind, reason, revision: 1, change }
    }

    fn matter(state: State, answerer: Option<&'static str>) -> Matter<'static> {
        Matter { resource: "entry", id: "e", version: 1, state, sides: ("lead", answerer), title: "样例" }
    }

    #[test]
    fn both_sides_may_while_it_is_open_and_nobody_else_ever() {
        for state in State::ALL {
            let open = matches!(state, State::Claimed | State::Part | State::Disputed);
            for (org, side) in [("lead", true), ("school", true), ("county", false)] {
                let matter = matter(state, Some("school"));
                assert_eq!(matter.takes_from(org), open && side, "{state:?} {org}");
                assert_eq!(matter.demand(org).is_ok(), open && side, "{state:?} {org}");
            }
        }
        assert!(!matter(State::Claimed, None).takes_from("lead"), "nobody answers: nothing to settle");
    }

    #[test]
    fn each_side_has_a_few_and_none_twice() {
        let mut rows = vec![row("a", "lead"), row("b", "lead"), row("x", "school"), row("y", "school")];
        assert!(wrong(&rows, "lead", "c").is_empty());
        assert_eq!(wrong(&rows, "lead", "a")[0].code, Code::Duplicate);
        assert!(wrong(&rows, "lead", "x").is_empty(), "the other side may have the same paper");
        rows.push(row("c", "lead"));
        assert_eq!(wrong(&rows, "lead", "d")[0].code, Code::TooMany);
    }

    #[test]
    fn what_the_other_side_acted_upon_stays() {
        let mine = row("a", "lead");
        let mut steps =
            vec![step("claim", "lead", ""), step("dispute", "school", ""), step(ADDED, "lead", "a")];
        assert!(!was_answered(&steps, &mine), "what was done before does not count");
        steps.extend([step("reply", "school", ""), step(ADDED, "school", "b"), step("correct", "lead", "")]);
        assert!(!was_answered(&steps, &mine), "words, and what one does oneself, are no answer");
        steps.push(step("confirm", "school", ""));
        assert!(was_answered(&steps, &mine));
        assert!(was_answered(&steps, &row("unknown", "lead")));
    }
}
