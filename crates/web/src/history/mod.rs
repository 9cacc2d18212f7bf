//! What was done to an agreement, a plan, a project list or a need, in order; and, read from it, who agreed to what.
//! One party writes, the others agree or send it back with a word; an answer holds for the content it was given to
//! (principle 2; decisions.md "Agreement", "Filing").

mod data;

use crate::figure::{StateMark, when};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::{AuditRecord, Table, Tx, args, named};
use serde::Serialize;
use std::sync::Arc;

pub use data::HistoryRow;

/// What is kept of histories.
pub const TABLES: &[Table] = &[Table::scoped("step")];

/// Something done by the caller, about a thing that was found in scope.
#[derive(Debug)]
pub struct HistoryEntry<'a> {
    /// `entry`, `output`, `agreement`, `school_plan`, `project_list`, `project`, `need`, `capacity`, `application`: also the
    /// first half of the leaf's action.
    pub thing: &'static str,
    pub id: &'a str,
    pub kind: &'static str,
    pub reason: &'a str,
    /// The content it is about.
    pub content: i64,
    pub change: serde_json::Value,
}

/// Writes a step, and its leaf in the log.
pub async fn record(tx: &mut Tx, step: &HistoryEntry<'_>) -> Result<()> {
    record_in_batch(tx, step, "").await
}

/// The same for one of several that were done together, so that they can be taken back together.
pub async fn record_in_batch(tx: &mut Tx, step: &HistoryEntry<'_>, batch: &str) -> Result<()> {
    let actor = Arc::clone(tx.actor());
    let (id, now) = (tx.new_id(), tx.now());
    named!(data::INSERT {
        id,
        thing: step.thing,
        thing_id: step.id,
        at: now,
        account: actor.account(),
        name: actor.name(),
        org: &actor.org,
        org_name: &actor.org_name,
        kind: step.kind,
        reason: step.reason,
        content: step.content,
        change: step.change.to_string(),
        batch,
    })
    .write(tx)
    .await?;
    let body = serde_json::json!({ "reason": step.reason, "content": step.content, "change": step.change });
    let action = format!("{}.{}", step.thing, step.kind);
    tx.audit(AuditRecord { action: &action, thing: step.thing, thing_id: step.id }, &body).await
}

/// The steps of a thing that was found in scope, oldest first.
pub async fn of(tx: &mut Tx, id: &str) -> Result<Vec<HistoryRow>> {
    tx.all(&data::OF, args![id]).await
}

/// How often each organisation visible to the caller did what, by month: organisation, thing, kind, month, times.
pub async fn recorded(
    tx: &mut Tx,
    months: &jiedui_kernel::Months,
) -> Result<Vec<(String, String, String, i64, i64)>> {
    tx.all(&data::RECORDED, months.starts().into_iter().map(Into::into).collect()).await
}

/// Who saved a thing last, shown after a concurrent edit.
#[derive(Debug, Clone, Serialize)]
pub struct Saved {
    who: String,
    org: String,
    when: String,
}

/// The last step that changed what the thing says; a need that was moved up or down says what it said.
pub async fn saved_last(tx: &mut Tx, id: &str) -> Result<Option<Saved>> {
    let last = of(tx, id).await?.into_iter().rfind(|step| step.kind != "move");
    Ok(last.map(|step| Saved { who: step.name, org: step.org_name, when: when(step.at) }))
}

/// One line of a thing's history, as `components.html` shows it.
#[derive(Debug, Serialize)]
pub struct TimelineItem {
    what: &'static str,
    who: String,
    org: String,
    when: String,
    note: String,
}

/// The history as a page shows it, newest first; `words` gives each kind its name.
pub fn timeline(steps: &[HistoryRow], words: &[(&str, &'static str)]) -> Vec<TimelineItem> {
    let name = |kind: &str| words.iter().find(|(id, _)| *id == kind).map_or("处理", |(_, name)| *name);
    let line = |step: &HistoryRow| TimelineItem {
        what: name(&step.kind),
        who: step.name.clone(),
        org: step.org_name.clone(),
        when: when(step.at),
        note: step.reason.clone(),
    };
    steps.iter().rev().map(line).collect()
}

/// A party whose consent is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// 牵头院校, 配合院校, 对口县级院校, 主管人社局.
    pub label: &'static str,
    pub org: String,
    pub name: String,
}

impl Party {
    /// The three parties of a pairing, in the order in which they are named: lead, nearby and county school, each by
    /// its id and name.
    pub fn three(lead: (&str, &str), nearby: (&str, &str), county: (&str, &str)) -> Vec<Self> {
        [("牵头院校", lead), ("配合院校", nearby), ("对口县级院校", county)]
            .map(|(label, (org, name))| Self { label, org: org.to_owned(), name: name.to_owned() })
            .to_vec()
    }
}

/// How a party stands to the present content.
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

/// Where each party stands. The one who wrote it agreed by handing it in: `proposes` is the kind of that step.
pub fn consents(parties: &[Party], steps: &[HistoryRow], content: i64, proposes: &str) -> Vec<Consent> {
    let last = |org: &str| {
        let mine = |step: &&HistoryRow| {
            step.org == org
                && step.content == content
                && (step.kind == proposes || step.kind == "agree" || step.kind == "send_back")
        };
        steps.iter().rev().find(mine)
    };
    let of = |party: &Party| {
        let step = last(&party.org);
        let agreed = step.is_some_and(|step| step.kind != "send_back");
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

/// Whether all have agreed.
pub fn all_agreed(consents: &[Consent]) -> bool {
    consents.iter().all(|consent| consent.agreed)
}

/// What an answer says: `verdict` is `agree` or `send_back`, the latter with a word.
pub fn read_answer(pairs: &crate::form::FormValues) -> Result<(&'static str, String)> {
    let reason = pairs.get("reason").to_owned();
    let fail = |message: &str| {
        Err(Error::Invalid(vec![FieldError { field: "reason".to_owned(), message: message.to_owned() }]))
    };
    if reason.chars().count() > 500 {
        return fail("意见最多写五百个字，请写得短些。");
    }
    match pairs.get("verdict") {
        "agree" => Ok(("agree", reason)),
        "send_back" if reason.is_empty() => fail("退回要写明哪里需要改，对方才好处理。"),
        "send_back" => Ok(("send_back", reason)),
        _ => fail("请选择同意还是退回。"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(org: &str, kind: &str, content: i64) -> HistoryRow {
        HistoryRow {
            at: jiedui_kernel::Instant::default(),
            name: "某人".to_owned(),
            org: org.to_owned(),
            org_name: org.to_owned(),
            kind: kind.to_owned(),
            reason: String::new(),
            content,
            change: String::new(),
        }
    }

    fn parties() -> Vec<Party> {
        let party = |org: &str| Party { label: "一方", org: org.to_owned(), name: org.to_owned() };
        vec![party("lead"), party("nearby"), party("school")]
    }

    #[test]
    fn an_answer_holds_for_the_content_it_was_given_to() {
        let mut steps =
            vec![step("lead", "submit", 1), step("nearby", "agree", 1), step("school", "agree", 1)];
        assert!(all_agreed(&consents(&parties(), &steps, 1, "submit")));
        steps.push(step("lead", "submit", 2));
        let now = consents(&parties(), &steps, 2, "submit");
        assert_eq!(now.iter().map(|one| one.agreed).collect::<Vec<_>>(), [true, false, false]);
        assert!(!now[1].answered);
    }

    #[test]
    fn the_last_word_counts() {
        let steps = vec![
            step("lead", "submit", 1),
            step("nearby", "send_back", 1),
            step("nearby", "agree", 1),
            step("school", "agree", 1),
            step("school", "send_back", 1),
        ];
        let now = consents(&parties(), &steps, 1, "submit");
        assert_eq!(now.iter().map(|one| one.agreed).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(now[2].state.key, "disputed");
    }
}
