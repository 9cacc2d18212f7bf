//! Who agreed to what, read from the history: an answer holds for the revision it was given to
//! (docs/decisions/0009-consent-by-content.md).

use super::state::Action;
use jiedui_kernel::{Code, Error, Mistake, Result};
use jiedui_web::figure::{StateMark, when};
use jiedui_web::form::FormValues;
use jiedui_web::history::HistoryRow;
use serde::Serialize;

/// The kinds under which the history keeps an answer.
pub const AGREE: &str = "agree";
pub const SEND_BACK: &str = "send_back";

/// A party whose consent is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentParty {
    /// 牵头院校, 配合院校, 对口县级院校, 主管人社局.
    pub label: &'static str,
    pub org: String,
    pub name: String,
}

impl ConsentParty {
    /// The three parties of a pairing, in the order in which they are named: lead, nearby and county school, each by
    /// its id and name.
    pub fn three(lead: (&str, &str), nearby: (&str, &str), county: (&str, &str)) -> Vec<Self> {
        [("牵头院校", lead), ("配合院校", nearby), ("对口县级院校", county)]
            .map(|(label, (org, name))| Self { label, org: org.to_owned(), name: name.to_owned() })
            .to_vec()
    }
}

/// How a party stands to the present revision.
#[derive(Debug, Clone, Serialize)]
pub struct Consent {
    pub label: &'static str,
    pub org: String,
    pub name: String,
    pub state: StateMark,
    pub when: String,
    /// Its word, where it sent the thing back.
    pub reason: String,
    pub agreed: bool,
    pub answered: bool,
}

/// Where each party stands. The one who wrote it agreed by handing it in: `proposes` are the kinds of those steps.
pub fn consents(
    parties: &[ConsentParty],
    history: &[HistoryRow],
    revision: i64,
    proposes: &[&str],
) -> Vec<Consent> {
    let last = |org: &str| {
        let mine = |step: &&HistoryRow| {
            let kind = step.kind.as_str();
            step.org == org
                && step.revision == revision
                && (proposes.contains(&kind) || kind == AGREE || kind == SEND_BACK)
        };
        history.iter().rev().find(mine)
    };
    let of = |party: &ConsentParty| {
        let step = last(&party.org);
        let agreed = step.is_some_and(|step| step.kind != SEND_BACK);
        let state = match step {
            None => StateMark::new("pending", "待答复", "○"),
            Some(_) if agreed => StateMark::new("done", "已同意", "●"),
            Some(_) => StateMark::new("disputed", "已退回", "◆"),
        };
        Consent {
            label: party.label,
            org: party.org.clone(),
            name: party.name.clone(),
            state,
            when: step.map(|step| when(step.at)).unwrap_or_default(),
            reason: step.map(|step| step.reason.clone()).unwrap_or_default(),
            agreed,
            answered: step.is_some(),
        }
    };
    parties.iter().map(of).collect()
}

/// Whether all have agreed. Where nobody is asked, nothing is settled by that.
pub fn all_agreed(consents: &[Consent]) -> bool {
    !consents.is_empty() && consents.iter().all(|consent| consent.agreed)
}

/// Whether this organisation is one of the parties and has not agreed.
pub fn awaited(consents: &[Consent], org: &str) -> bool {
    !org.is_empty() && consents.iter().any(|one| one.org == org && !one.agreed)
}

/// What was said by those who sent it back: name and words.
pub fn objections(consents: &[Consent]) -> Vec<(String, String)> {
    let open = consents.iter().filter(|one| !one.agreed && !one.reason.is_empty());
    open.map(|one| (one.name.clone(), one.reason.clone())).collect()
}

/// What one party answers to a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub action: Action,
    pub revision: i64,
    pub reason: String,
}

impl Answer {
    /// As [`super::answer`] takes it.
    pub fn parts(&self) -> (Action, i64, &str) {
        (self.action, self.revision, &self.reason)
    }

    /// What the page says of it next: `settled` where it was the last one wanting, else agreed, else returned.
    pub fn said<'a>(&self, all_agreed: bool, [settled, agreed, returned]: [&'a str; 3]) -> &'a str {
        match self.action {
            _ if all_agreed => settled,
            Action::Agree => agreed,
            _ => returned,
        }
    }
}

/// What an answer says: agreed, or returned with a word.
pub fn read_answer(pairs: &FormValues) -> Result<(Action, String)> {
    let reason = pairs.get("reason").to_owned();
    let fail = |mistake: Mistake| Err(Error::field("reason", mistake));
    if reason.chars().count() > 500 {
        return fail(Code::TooLong.says("意见最多写五百个字，请写得短些。"));
    }
    match pairs.get("verdict") {
        AGREE => Ok((Action::Agree, reason)),
        SEND_BACK if reason.is_empty() => fail(Code::Missing.says("退回要写明哪里需要改，对方才好处理。")),
        SEND_BACK => Ok((Action::Return, reason)),
        _ => fail(Code::Missing.says("请选择同意还是退回。")),
    }
}
