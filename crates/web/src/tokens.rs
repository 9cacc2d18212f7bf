//! Tokens by which a program asks in somebody's place: shown once, kept as a digest, and each has an end. What they open is what
//! the account of their holder sees; they sign nobody in.

use crate::App;
use crate::data::{self, HolderRow};
use crate::figure::{Figure, when};
use crate::session::{digest, others, scope_of};
use jiedui_kernel::{Actor, ActorKind, Date, Instant, Reported, Result, Unit};
use jiedui_store::{ByToken, Tx, args};
use serde::Serialize;
use std::sync::Arc;

/// By what a token is known that somebody left where it does not belong.
const BEGINNING: &str = "jdt_";
/// So many of one account are listed.
const LISTED: i64 = 100;
/// So many rows of everybody's tokens: what some hundred of them read on the days of a week.
pub const MOST_READS: usize = 1_000;

/// A token as its holder sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OwnToken {
    pub id: String,
    pub name: String,
    /// Whether programs write by it what its holder may write.
    pub writes: bool,
    pub org_name: String,
    pub made_at: Instant,
    pub ends_at: Instant,
    pub ended_at: Option<Instant>,
}

impl OwnToken {
    pub fn is_open(&self, now: Instant) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }
}

/// For whom a program asks, and by what.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) actor: Arc<Actor>,
    pub(crate) token: ByToken,
    pub(crate) writes: bool,
}

/// Whom a program asks for; none where the token was never made, ended, or its account may not sign in as it is.
pub(crate) async fn holder(app: &App, tx: &mut Tx, token: &str) -> Result<Option<Asking>> {
    let now = tx.now();
    let rows = tx.all::<HolderRow>(&data::TOKEN, args![digest(token), now, false]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let roles: Vec<String> = rows.iter().map(|row| row.role.clone()).collect();
    if !first.enrolled && app.needs_second_factor(&roles) {
        return Ok(None);
    }
    // By the request of this line, and by the record of the token, one finds out later who read what.
    tracing::info!(target: "request", token = first.id.as_str(), "asked by a token");
    let others = others(tx, &first.account, first.holder.as_deref()).await?;
    let actor = Arc::new(Actor {
        kind: ActorKind::Person { account: first.account.clone(), others, name: first.name.clone() },
        org: first.org.clone(),
        org_name: first.org_name.clone(),
        scope: scope_of(app, &roles, &first.path),
        roles,
    });
    let token = ByToken { id: first.id.clone(), name: first.token_name.clone() };
    Ok(Some(Asking { actor, token, writes: first.writes }))
}

/// What a token is for, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Purpose<'a> {
    pub name: &'a str,
    pub ends_at: Instant,
    pub writes: bool,
}

/// Makes one of an account at an organisation, and returns it with its id: it is not to be had a second time. Whose it is, and that
/// it is recorded, is for the caller.
pub async fn make(tx: &mut Tx, (account, org): (&str, &str), of: Purpose<'_>) -> Result<(String, String)> {
    let (id, token, now) = (tx.new_id(), format!("{BEGINNING}{}", tx.random().token()), tx.now());
    let made = args![&id, digest(&token), account, org, of.name, now, of.ends_at, of.writes];
    tx.write(&data::MAKE_TOKEN, made).await?;
    Ok((id, token))
}

/// The tokens of an account: before all others those by which something opens, so that none of them is out of reach, then the
/// newest first.
pub async fn of_account(tx: &mut Tx, account: &str) -> Result<Vec<OwnToken>> {
    let now = tx.now();
    tx.all(&data::TOKENS_OF, args![account, LISTED, now, false]).await
}

/// How many of an account something opens by.
pub async fn open_ones(tx: &mut Tx, account: &str) -> Result<i64> {
    let now = tx.now();
    tx.number(&data::TOKENS_OPEN, args![account, now]).await
}

/// Ends all of an account, for whoever sets its password from scratch; says how many.
pub async fn end_all(tx: &mut Tx, account: &str) -> Result<u64> {
    let now = tx.now();
    tx.write(&data::END_TOKENS, args![account, now]).await
}

/// Its holder ends one before its time; says whether there was such a token.
pub async fn end(tx: &mut Tx, account: &str, id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(tx.write(&data::END_TOKEN, args![id, account, now]).await? > 0)
}

/// What was read by a token on a day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReadRow {
    /// Of the account of the token.
    pub login: String,
    /// Of the token.
    pub name: String,
    pub day: Date,
    pub reads: i64,
    pub last_at: Instant,
    /// The address of whoever asked last; "" where it is not known.
    pub last_from: String,
}

/// The same as pages show it to its holder and to the administrators.
#[derive(Debug, Serialize)]
pub struct ReadLine {
    login: String,
    name: String,
    day: String,
    reads: Figure,
    last: String,
    from: String,
}

impl ReadLine {
    /// `href` is the list in which it stands: what was read is not kept, only how often.
    pub fn of(row: ReadRow, href: &str) -> Self {
        Self {
            reads: Figure::of(Reported::Value(row.reads), Unit::Times, href, "当天读取"),
            login: row.login,
            name: row.name,
            day: row.day.to_string(),
            last: when(row.last_at),
            from: row.last_from,
        }
    }
}

/// What was read by the tokens of an account, the newest first.
pub async fn reads_of(tx: &mut Tx, account: &str) -> Result<Vec<ReadRow>> {
    tx.all(&data::READS_OF, args![account, LISTED]).await
}

/// What was read by anybody's tokens since a day, the newest first; of very many the newest.
pub async fn reads_since(tx: &mut Tx, day: Date) -> Result<Vec<ReadRow>> {
    tx.all(&data::READS_SINCE, args![day, MOST_READS as i64]).await
}

/// Reads of a day that are to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayReads {
    pub day: Date,
    pub reads: i64,
    pub last_at: Instant,
    /// The address of whoever asked last; "" where it is not known.
    pub from: String,
}

/// Adds reads of a day to what is noted of a token.
pub async fn note_reads(tx: &mut Tx, token: &str, of: &DayReads) -> Result<()> {
    let values = args![token, of.day, of.reads, of.last_at, &of.from];
    tx.write(&data::NOTE_READS, values).await.map(drop)
}
