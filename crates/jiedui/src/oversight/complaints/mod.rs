//! 投诉建议: what anybody who is signed in has to say about the forms and the system, on every page; answered by the
//! office within the programme's working days, and judged by its author (principle 7; S4.2).

mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_kernel::{Actor, Date, Error, Result, Scope};
use jiedui_programme::Programme;
use jiedui_store::{AuditRecord, Found, Tx, args, named, table};
use jiedui_web::context::RequestContext;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use data::{ComplaintRow, ComplaintState};
pub use rules::{form_choices, kind_name, state_mark};

const READ: Access = Access::Can("complaint", "read");
const CREATE: Access = Access::Can("complaint", "create");
const ANSWER: Access = Access::Can("complaint", "answer");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/complaints",
    routes,
    menu: &[entry(1030, "系统", "/complaints", "投诉建议", ("complaint", "read"))],
    tables: &[table!(scoped "complaint" of "id"), table!(scoped "complaint_word" of "complaint")],
    words: Words {
        actions: &[
            ("complaint.write", "提投诉建议"),
            ("complaint.answer", "答复投诉建议"),
            ("complaint.mark", "写明投诉建议引起的改动"),
            ("complaint.judge", "对答复表态"),
        ],
        resources: &[("complaint", "投诉建议")],
        rights: &[("create", "提出")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 60, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    #[cfg(test)]
    samples: Samples {
        rows: &[("complaint", Belongs::Author)],
        by_org: Some(|world, org| {
            Box::pin(async move { vec![("complaint", tests::example(world, org).await)] })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/complaints", READ, pages::list::list).about(Subject::None, "投诉建议"),
        route!(Get "/complaints/new", CREATE, pages::edit::new).about(Subject::None, "提投诉建议"),
        route!(Post "/complaints/new", CREATE, pages::edit::create).about(Subject::None, "提交投诉建议"),
        route!(Get "/complaints/{id}", READ, pages::show::show)
            .about(Subject::Row("complaint"), "投诉建议详情"),
        route!(Post "/complaints/{id}/answer", ANSWER, pages::show::answer)
            .about(Subject::Row("complaint"), "答复投诉建议"),
        route!(Post "/complaints/{id}/mark", ANSWER, pages::show::mark)
            .about(Subject::Row("complaint"), "写明投诉建议涉及的表单和改动"),
        route!(Post "/complaints/{id}/judge", CREATE, pages::show::judge)
            .about(Subject::Row("complaint"), "对答复表示满意或追问"),
    ]
}

const FASTER: &str = "这一条刚有了新的进展，您写的没有写入。请看过现在的内容再决定。";
const NOT_OPEN: &str = "这一条已经答复，没有再写入。";
const NOT_ANSWERED: &str = "这一条还没有答复，不用表态。";
const NOT_YOURS: &str = "只有提出的人能对答复表态。";

/// How far one sees: the office everything, others what their organisation said under its name and what they said
/// themselves. The administrators stand beside the office in the tree and see their own only.
#[derive(Debug, Clone)]
pub struct Reach {
    all: bool,
    org: String,
    account: String,
}

impl Reach {
    pub fn of(ctx: &RequestContext) -> Self {
        Self::new(&ctx.actor, ctx.can("complaint", "answer"))
    }

    pub fn new(actor: &Actor, answers: bool) -> Self {
        let apart = actor.scope == Scope::nothing();
        Self {
            all: answers,
            org: if apart { String::new() } else { actor.org.clone() },
            account: actor.account().to_owned(),
        }
    }
}

/// What somebody has to say.
#[derive(Debug, Clone, Default)]
pub struct NewComplaint {
    pub kind: String,
    pub words: String,
    /// Whether the office may see who says it.
    pub named: bool,
    /// The page on which it was written; "" where it was none of ours.
    pub page: String,
}

/// What the office says to it.
#[derive(Debug, Clone, Default)]
pub struct ComplaintAnswer {
    pub words: String,
    /// The form that it is about, as the register names it.
    pub form: String,
    pub changed: String,
}

/// How many wait for an answer, and how many of them longer than promised: for everybody to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    pub open: i64,
    pub late: i64,
    /// Those that say something is asked twice.
    pub duplicates: i64,
}

pub async fn counts(tx: &mut Tx) -> Result<Counts> {
    let today = tx.today();
    tx.one(&data::COUNTS, args![today]).await
}

/// What waits for the office, the most urgent first. Whether one may answer is for the caller to ask.
pub async fn to_answer(tx: &mut Tx) -> Result<Vec<ComplaintRow>> {
    tx.all(&data::OPEN, Vec::new()).await
}

/// One's own that were answered and wait for a word from oneself.
pub async fn to_judge(tx: &mut Tx) -> Result<Vec<ComplaintRow>> {
    let account = tx.actor().account().to_owned();
    tx.all(&data::TO_JUDGE, args![account]).await
}

pub async fn find(tx: &mut Tx, reach: &Reach, id: &str) -> Result<Found<ComplaintRow>> {
    named!(data::SHOW { all: reach.all, org: &reach.org, account: &reach.account, id }).find(tx).await
}

/// A new complaint of the caller, with every check; returns its id.
pub async fn write(tx: &mut Tx, programme: &Programme, new: &NewComplaint) -> Result<String> {
    Error::of(rules::check_new(new))?;
    let actor = std::sync::Arc::clone(tx.actor());
    let (id, today) = (tx.new_id(), tx.today());
    let org = new.named.then(|| actor.org.clone());
    let author = if new.named { actor.name() } else { "" };
    let page = rules::page_kept(&new.page, new.named);
    let due = due_on(programme, today);
    tx.write(&data::INSERT, args![&id, actor.account(), org, author, &new.kind, &page, today, due]).await?;
    say(tx, &id, "complain", new.named, &new.words).await?;
    // What was said stands in the row; the log says that it was said.
    let body = serde_json::json!({ "kind": new.kind, "named": new.named, "due": due });
    tx.audit(AuditRecord { action: "complaint.write", resource: "complaint", resource_id: &id }, &body)
        .await?;
    Ok(id)
}

/// The office's answer, with every check. After the second one nothing more can be asked.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<ComplaintRow>,
    version: i64,
    answer: &ComplaintAnswer,
) -> Result<()> {
    if row.state != ComplaintState::Open {
        return Err(Error::NotNow(NOT_OPEN.to_owned()));
    }
    Error::of(rules::check_answer(answer, programme))?;
    let today = tx.today();
    let values = args![&answer.form, &answer.changed, today];
    data::ANSWER.at(row, version, values).write(tx, FASTER).await?;
    say(tx, &row.id, "answer", true, &answer.words).await?;
    let body = serde_json::json!({
        "words": answer.words, "form": answer.form, "changed": answer.changed, "late": row.due_on < today,
    });
    tx.audit(AuditRecord { action: "complaint.answer", resource: "complaint", resource_id: &row.id }, &body)
        .await
}

/// What came of it later: the form it was about, and what was changed because of it.
pub async fn mark(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<ComplaintRow>,
    version: i64,
    (form, changed): (&str, &str),
) -> Result<()> {
    Error::of(rules::check_mark(form, changed, programme))?;
    data::MARK.at(row, version, args![form, changed]).write(tx, FASTER).await?;
    let before = serde_json::json!({ "form": row.form, "changed": row.changed });
    let body = serde_json::json!({ "before": before, "after": serde_json::json!({ "form": form, "changed": changed }) });
    tx.audit(AuditRecord { action: "complaint.mark", resource: "complaint", resource_id: &row.id }, &body)
        .await
}

/// The author's word on the answer: content, or not. Once one may ask again; the second answer ends it either way.
pub async fn judge(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<ComplaintRow>,
    version: i64,
    (content, words): (bool, &str),
) -> Result<()> {
    if row.mine == 0 {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    if row.state != ComplaintState::Answered {
        return Err(Error::NotNow(NOT_ANSWERED.to_owned()));
    }
    Error::of(rules::check_judgement(content, words))?;
    let again = !content && row.round == 1;
    let (today, verdict) = (tx.today(), if content { "yes" } else { "no" });
    let write = if again {
        data::REOPEN.at(row, version, args![due_on(programme, today)])
    } else {
        data::CLOSE.at(row, version, args![verdict])
    };
    write.write(tx, FASTER).await?;
    let kind = if content { "content" } else { "insist" };
    say(tx, &row.id, kind, row.org.is_some(), words).await?;
    let body = serde_json::json!({ "content": content, "again": again });
    tx.audit(AuditRecord { action: "complaint.judge", resource: "complaint", resource_id: &row.id }, &body)
        .await
}

/// The last day of the time in which the office has promised to answer.
fn due_on(programme: &Programme, today: Date) -> Date {
    programme.calendar.workdays.after(today, programme.burden.answer_workdays)
}

/// Keeps what was said; without a name where its author does not want one.
async fn say(tx: &mut Tx, complaint: &str, kind: &str, named: bool, words: &str) -> Result<()> {
    let actor = std::sync::Arc::clone(tx.actor());
    let (id, now) = (tx.new_id(), tx.now());
    let (name, org) = if named { (actor.name(), actor.org_name.as_str()) } else { ("", "") };
    tx.write(&data::SAY, args![id, complaint, now, kind, name, org, words]).await.map(drop)
}
