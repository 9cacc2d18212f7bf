//! Review, the behaviour of everything that one party drafts and others accept: submitted, returned with remarks,
//! accepted level by level, opened again. A mechanism gives its life as a table (`state`), its row and the words in
//! which it refuses; what may be done, the history, the audit record and the answer to a concurrent edit are here, once.

mod consent;
mod data;
mod drawing;
mod state;
#[cfg(test)]
pub mod tests;

use crate::shared::mechanism;
use crate::shared::notices::{self, Kind, News};
use jiedui_kernel::{Actor, Date, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::{Arg, Found, Keyed, OnFound, Tx, Versioned, VersionedValues, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::history::{self, HistoryEntry, HistoryRow, TimelineItem};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

pub use consent::{Answer, Consent, ConsentParty, all_agreed, awaited, consents, objections, read_answer};
pub(crate) use data::sent_back;
pub use drawing::{Drawing, draw};
pub(crate) use state::text_enum;
pub use state::{
    Action, Allowed, Condition, Effect, Life, Next, NotOne, Refusal, Role, Rule, Standing, State,
};

/// What the shared paths need of a row.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a, S> {
    pub id: &'a str,
    pub state: S,
    /// Of the row: whoever writes against an older one is told of a concurrent edit.
    pub version: i64,
    /// Of what it says: an answer holds for one revision.
    pub revision: i64,
}

/// Who asks, and under which rules and on which day.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    pub actor: &'a Actor,
    pub programme: &'a Programme,
    pub today: Date,
}

/// A row under review.
pub trait Reviewed: Clone + Send + Sync + 'static {
    type State: State;
    const LIFE: &'static Life<Self::State>;
    /// The revision of a new row.
    const FIRST: i64 = 1;
    /// What is said where somebody else wrote first.
    const CHANGED: &'static str;

    fn head(&self) -> Head<'_, Self::State>;

    /// Those who agree before it is settled, the author among them; empty where one alone accepts.
    fn parties(&self, _programme: &Programme) -> Vec<ConsentParty> {
        Vec::new()
    }

    /// What the caller is to it, and what holds for it now.
    fn standing(&self, caller: Caller<'_>, consents: &[Consent], history: &[HistoryRow]) -> Standing;

    fn refused(action: Action, why: Refusal) -> Error;

    /// What stands behind the list of its kind in the address of its page.
    fn place(&self) -> String {
        self.head().id.to_owned()
    }

    /// What it is, for whoever is told of it elsewhere; "" where its kind says enough.
    fn title(&self) -> String {
        String::new()
    }

    /// How the row keeps a state: the parameters from `$3` on of every statement that moves it.
    fn columns(state: Self::State) -> Vec<Arg> {
        args![state.text()]
    }
}

/// What a row says holds for it however it was read.
impl<R: Reviewed> Reviewed for Found<R> {
    type State = R::State;
    const LIFE: &'static Life<R::State> = R::LIFE;
    const FIRST: i64 = R::FIRST;
    const CHANGED: &'static str = R::CHANGED;

    fn head(&self) -> Head<'_, R::State> {
        R::head(self)
    }

    fn parties(&self, programme: &Programme) -> Vec<ConsentParty> {
        R::parties(self, programme)
    }

    fn standing(&self, caller: Caller<'_>, consents: &[Consent], history: &[HistoryRow]) -> Standing {
        R::standing(self, caller, consents, history)
    }

    fn refused(action: Action, why: Refusal) -> Error {
        R::refused(action, why)
    }

    fn title(&self) -> String {
        R::title(self)
    }

    fn place(&self) -> String {
        R::place(self)
    }

    fn columns(state: R::State) -> Vec<Arg> {
        R::columns(state)
    }
}

/// What is under review, with the row that was found in scope, on which it is written.
pub trait Writable: Sync {
    type Of: Reviewed;
    type Row: Keyed + Sync + 'static;

    fn reviewed(&self) -> &Self::Of;

    fn found(&self) -> &Found<Self::Row>;
}

impl<R: Reviewed + Keyed> Writable for Found<R> {
    type Of = R;
    type Row = R;

    fn reviewed(&self) -> &R {
        self
    }

    fn found(&self) -> &Self {
        self
    }
}

type StateOf<W> = <<W as Writable>::Of as Reviewed>::State;

/// A row that several parties answer beside each other.
pub trait Answered: Reviewed + Keyed {
    /// The row once more, visible to the caller.
    fn find<'t>(tx: &'t mut Tx, id: &'t str) -> impl Future<Output = Result<Found<Self>>> + Send + 't;

    /// Takes the row for an answer: `$1` id, `$2` revision, `$3` state.
    fn hold() -> &'static OnFound<Self>;
}

/// A row with its history, and what the caller may do to it.
#[derive(Debug, Clone)]
pub struct Loaded<R> {
    pub row: R,
    pub history: Vec<HistoryRow>,
    pub consents: Vec<Consent>,
    standing: Standing,
}

pub async fn open<R: Reviewed>(tx: &mut Tx, programme: &Programme, row: R) -> Result<Loaded<R>> {
    let history = history::of(tx, row.head().id).await?;
    let (actor, today) = (Arc::clone(tx.actor()), tx.today());
    Ok(Loaded::new(row, history, Caller { actor: &actor, programme, today }))
}

impl<R: Reviewed> Loaded<R> {
    pub fn new(row: R, history: Vec<HistoryRow>, caller: Caller<'_>) -> Self {
        let consents =
            consents(&row.parties(caller.programme), &history, row.head().revision, R::LIFE.proposes);
        let standing = row.standing(caller, &consents, &history);
        Self { row, history, consents, standing }
    }

    pub fn allowed(&self) -> Allowed {
        R::LIFE.allowed(self.row.head().state, &self.standing)
    }

    pub fn can(&self, action: Action) -> bool {
        self.allowed().can(action)
    }

    /// What the caller may do and its role has the right to.
    pub fn offered(&self, ctx: &RequestContext) -> Allowed {
        let can = |right: &str| ctx.can(R::LIFE.granted_as, right);
        R::LIFE.offered(self.row.head().state, &self.standing, can)
    }

    /// The action, where it is allowed; else why not, in the mechanism's words.
    pub fn demand(&self, action: Action) -> Result<Next<R::State>> {
        let head = self.row.head();
        R::LIFE.apply(head.state, action, &self.standing).map_err(|why| R::refused(action, why))
    }

    /// As pages show it; `words` gives each kind of step its name.
    pub fn view(&self, ctx: &RequestContext, words: &[(&str, &'static str)]) -> ReviewView {
        let head = self.row.head();
        ReviewView {
            version: head.version,
            revision: head.revision,
            may: self.offered(ctx),
            objections: objections(&self.consents),
            consents: self.consents.clone(),
            history: history::timeline(&self.history, words),
        }
    }
}

/// What a page shows of a review: `parts.html` draws it.
#[derive(Debug, Serialize)]
pub struct ReviewView {
    pub version: i64,
    pub revision: i64,
    pub may: Allowed,
    pub consents: Vec<Consent>,
    /// What was said by those who sent it back: name and words.
    pub objections: Vec<(String, String)>,
    pub history: Vec<TimelineItem>,
}

/// What is said with an action, and what the log keeps of it.
#[derive(Debug, Default)]
pub struct Said<'a> {
    pub reason: &'a str,
    pub change: Value,
}

impl<'a> Said<'a> {
    pub fn reason(reason: &'a str) -> Self {
        Self { reason, change: Value::Null }
    }

    pub fn change(change: Value) -> Self {
        Self { reason: "", change }
    }
}

/// How a row is written: by a statement that takes `$1` id, `$2` version, from `$3` on the state, then its own columns;
/// or, where these are many, by a call that names them all.
#[derive(Debug)]
pub enum Write<R: 'static> {
    Placed(&'static Versioned<Found<R>>, Vec<Arg>),
    Named(VersionedValues<Found<R>>),
}

impl<R> From<(&'static Versioned<Found<R>>, Vec<Arg>)> for Write<R> {
    fn from((statement, columns): (&'static Versioned<Found<R>>, Vec<Arg>)) -> Self {
        Self::Placed(statement, columns)
    }
}

impl<R> From<VersionedValues<Found<R>>> for Write<R> {
    fn from(values: VersionedValues<Found<R>>) -> Self {
        Self::Named(values)
    }
}

fn changed<R: Reviewed>() -> Error {
    Error::Conflict(R::CHANGED.to_owned())
}

/// Writes an action that `apply` allowed: the row against its version, the history and the audit record.
pub async fn carry_out<W: Writable>(
    tx: &mut Tx,
    row: &W,
    next: Next<StateOf<W>>,
    version: i64,
    write: impl Into<Write<W::Row>>,
    said: Said<'_>,
) -> Result<()> {
    update(tx, row, next, version, write).await?;
    record(tx, row.reviewed(), next, said).await
}

/// The first half of `carry_out`, for an action of which only the rest of its writes shows what the log must say.
pub async fn update<W: Writable>(
    tx: &mut Tx,
    row: &W,
    next: Next<StateOf<W>>,
    version: i64,
    write: impl Into<Write<W::Row>>,
) -> Result<()> {
    let found = row.found();
    let call = match write.into() {
        Write::Placed(statement, columns) => {
            statement.at(found, version, [W::Of::columns(next.to()), columns].concat())
        }
        Write::Named(values) => values.on(found),
    };
    call.write(tx, W::Of::CHANGED).await
}

/// The second half: the step in the history, and its audit record.
pub async fn record<R: Reviewed>(tx: &mut Tx, row: &R, next: Next<R::State>, said: Said<'_>) -> Result<()> {
    if next.kind().is_empty() {
        return Ok(());
    }
    let head = row.head();
    let entry = HistoryEntry {
        resource: R::LIFE.resource,
        id: head.id,
        kind: next.kind(),
        reason: said.reason,
        revision: next.revision(head.revision),
        change: said.change,
    };
    let reason = entry.reason;
    history::record(tx, &entry).await?;
    tell(tx, row, next.action(), reason).await
}

/// Tells whoever handed it in that it came back, or what was decided. That it waits for somebody, the desk says.
async fn tell<R: Reviewed>(tx: &mut Tx, row: &R, action: Action, reason: &str) -> Result<()> {
    let (kind, verb) = match action {
        Action::Return => (Kind::Returned, "退回了"),
        Action::Reopen => (Kind::Returned, "重新打开了"),
        Action::Accept => (Kind::Decided, "通过了"),
        Action::Refuse => (Kind::Decided, "没有通过"),
        _ => return Ok(()),
    };
    let id = row.head().id;
    let by_author =
        |kind: &str| R::LIFE.rules.iter().any(|rule| rule.by == Role::Author && rule.kind == kind);
    let steps = history::of(tx, id).await?;
    let Some(handed_in) = steps.iter().rfind(|step| by_author(&step.kind) && !step.org.is_empty()) else {
        return Ok(());
    };
    let resource = R::LIFE.resource;
    let named = mechanism::all().flat_map(|one| one.words.resources).find(|(word, _)| *word == resource);
    let title = match row.title() {
        title if title.is_empty() => title,
        title => format!("：{title}"),
    };
    let words = format!("{verb}{}{title}", named.map_or("", |(_, name)| name));
    let news = News { kind, resource, id: &row.place(), words: &words, said: reason, batch: "" };
    notices::tell(tx, &handed_in.org, news).await
}

/// The first step of a new row, whose statement the mechanism has just run.
pub async fn begun<R: Reviewed>(tx: &mut Tx, id: &str, kind: &'static str, change: Value) -> Result<()> {
    let entry = HistoryEntry { resource: R::LIFE.resource, id, kind, reason: "", revision: R::FIRST, change };
    history::record(tx, &entry).await
}

/// What the form on the page of this row answers; or what is wrong with it.
pub fn answer_of<R: Answered>(
    ctx: &RequestContext,
    opened: &Loaded<Found<R>>,
) -> Result<Result<Answer, Vec<FieldError>>> {
    opened.demand(Action::Agree)?;
    Ok(match read_answer(&ctx.form.values).or_wrong()? {
        Ok((action, reason)) => Ok(Answer { action, revision: ctx.form_version()?, reason }),
        Err(errors) => Err(errors),
    })
}

/// The answer of one party to a revision. It takes the row without asking for its version, because the parties answer
/// side by side; what it answers to may not have changed meanwhile. Where it moves the row, `moves` is the statement.
/// Gives the row as it is now, and what follows by itself where all have agreed.
pub async fn answer<R: Answered>(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<R>>,
    (action, revision, reason): (Action, i64, &str),
    moves: &'static Versioned<Found<R>>,
) -> Result<(Found<R>, Option<Next<R::State>>)> {
    opened.demand(action)?;
    let head = opened.row.head();
    if tx.change(&opened.row, R::hold(), args![revision, head.state.text()]).await? == 0 {
        return Err(changed::<R>());
    }
    // Read again under the lock: a colleague in the same organisation may have answered meanwhile.
    let row = R::find(tx, head.id).await?;
    let now = open(tx, programme, row).await?;
    let next = now.demand(action).map_err(|_| changed::<R>())?;
    if next.moves() {
        let version = now.row.head().version;
        carry_out(tx, &now.row, next, version, (moves, Vec::new()), Said::reason(reason)).await?;
    } else {
        record(tx, &now.row, next, Said::reason(reason)).await?;
    }
    let finish = finish(tx, programme, &now.row, next.to()).await?;
    Ok((now.row, finish))
}

/// What follows by itself in this state, where every party has agreed to what the row says.
pub async fn finish<R: Reviewed>(
    tx: &mut Tx,
    programme: &Programme,
    row: &R,
    state: R::State,
) -> Result<Option<Next<R::State>>> {
    let history = history::of(tx, row.head().id).await?;
    let parties = row.parties(programme);
    let agreed = all_agreed(&consents(&parties, &history, row.head().revision, R::LIFE.proposes));
    let standing = Standing::default().role(Role::System, true).holds(Condition::AllAgreed, agreed);
    Ok(R::LIFE.apply(state, Action::Finish, &standing).ok())
}

/// What replaces a settled row by a later one, for the statement that does it.
pub fn replaced<R: Reviewed>(state: R::State) -> Option<Next<R::State>> {
    let standing = Standing::default().role(Role::System, true);
    R::LIFE.apply(state, Action::Replace, &standing).ok()
}
