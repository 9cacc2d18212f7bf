//! Telling, reading, urging and choosing; letters and messages in files of their own.

pub mod address;
pub mod messenger;
pub mod send;
pub mod smtp;

use super::data::{self, NoticeRow};
use super::rules::{self, Choice, Kind};
use crate::shared::mechanism;
use crate::shared::waits::{Waiting, Waits};
use jiedui_kernel::{Actor, Code, Date, Error, Instant, Mistake, Result, shanghai_date};
use jiedui_programme::Programme;
use jiedui_store::{AuditRecord, Tx, args, named};
use jiedui_web::App;
use jiedui_web::context::RequestContext;
use jiedui_web::history::{self, HistoryEntry, HistoryRow};
use std::sync::Arc;

/// How what is told of an urging begins. What is asked for the first time is of the same kind, and stands on the desk anyway.
const URGED: &str = "催办：";

/// The kind under which the history of a thing keeps that somebody was urged.
pub const URGE: &str = "urge";

/// Something that concerns a unit beside the one that did it.
#[derive(Debug, Clone, Copy)]
pub struct News<'a> {
    pub kind: Kind,
    pub resource: &'a str,
    pub id: &'a str,
    /// What was done, behind the name of the unit that did it: 确认了一条台账：集体备课.
    pub words: &'a str,
    /// What was said with it.
    pub said: &'a str,
    /// What is done together is told once; "" otherwise.
    pub batch: &'a str,
}

/// Tells a unit what the caller just did, in the same transaction. Nobody is told what the own unit did.
pub async fn tell(tx: &mut Tx, org: &str, news: News<'_>) -> Result<()> {
    let by = tx.actor().org.clone();
    if org.is_empty() || org == by {
        return Ok(());
    }
    write(tx, (Some(org), None), news).await
}

/// Tells one account something that is nobody else's; `about` says on which page its holder sees to it.
pub async fn tell_account(tx: &mut Tx, account: &str, about: &str, words: &str) -> Result<()> {
    let news = News { kind: Kind::Account, resource: about, id: account, words, said: "", batch: "" };
    write(tx, (None, Some(account)), news).await
}

/// Tells one account of its own unit what came of something that it did itself. Nobody is told what he did himself.
pub async fn tell_person(tx: &mut Tx, account: &str, news: News<'_>) -> Result<()> {
    if account.is_empty() || account == tx.actor().account() {
        return Ok(());
    }
    write(tx, (None, Some(account)), news).await
}

async fn write(tx: &mut Tx, (org, account): (Option<&str>, Option<&str>), news: News<'_>) -> Result<()> {
    let (id, at, by_org) = (tx.new_id(), tx.now(), tx.actor().org_name.clone());
    named!(data::TELL {
        id,
        org: org.map(str::to_owned),
        account: account.map(str::to_owned),
        kind: news.kind.id(),
        resource: news.resource,
        resource_id: news.id,
        by_org,
        words: news.words,
        said: news.said,
        batch: news.batch,
        at,
    })
    .write(tx)
    .await
    .map(drop)
}

/// The unit whose news the caller is told: none for administrators, who see no business.
pub fn unit<'a>(app: &App, actor: &'a Actor) -> &'a str {
    if app.can(actor, "notice", "read") { &actor.org } else { "" }
}

/// How much the caller has not read, up to a hundred.
pub async fn unread(app: &App, actor: &Actor, tx: &mut Tx) -> Result<i64> {
    if actor.account().is_empty() {
        return Ok(0);
    }
    let usual = Choice::usual(rules::is_quiet(&app.programme(), actor)).texts();
    let (since, [muted, _]) = (tx.now() - rules::NEWS, usual);
    tx.number(&data::UNREAD, args![actor.account(), unit(app, actor), since, muted]).await
}

/// What the account of an actor chose, or what goes for its roles.
pub async fn choice(tx: &mut Tx, programme: &Programme, actor: &Actor) -> Result<Choice> {
    let chosen = tx.maybe::<(String, String)>(&data::CHOICE, args![actor.account()]).await?;
    let usual = || Choice::usual(rules::is_quiet(programme, actor));
    Ok(chosen.map_or_else(usual, |(muted, letters)| Choice::read(&muted, &letters)))
}

pub async fn choose(tx: &mut Tx, choice: &Choice) -> Result<()> {
    let account = tx.actor().account().to_owned();
    let [muted, letters] = choice.texts();
    tx.write(&data::CHOOSE, args![&account, &muted, &letters]).await?;
    let body = serde_json::json!({ "muted": muted, "letters": letters });
    let record = AuditRecord { action: "account.notices", resource: "account", resource_id: &account };
    tx.audit(record, &body).await
}

/// One that the caller was told; it is read from then on.
pub async fn open(ctx: &mut RequestContext, id: &str) -> Result<NoticeRow> {
    let (account, org) = (ctx.actor.account().to_owned(), unit(&ctx.app, &ctx.actor).to_owned());
    let row = ctx.tx.one::<NoticeRow>(&data::SHOW, args![id, &account, &org]).await?;
    ctx.tx.write(&data::MARK, args![account, id, org]).await?;
    Ok(row)
}

pub async fn read_all(ctx: &mut RequestContext) -> Result<u64> {
    let (account, org) = (ctx.actor.account().to_owned(), unit(&ctx.app, &ctx.actor).to_owned());
    let since = ctx.now - rules::NEWS;
    ctx.tx.write(&data::MARK_ALL, args![account, since, org]).await
}

/// As if everybody had read what was told before a moment: a demonstration begins with what is new.
pub async fn read_before(tx: &mut Tx, before: Instant) -> Result<()> {
    tx.write(&data::MARK_OLD, args![before]).await.map(drop)
}

/// What of this kind may be urged at all.
pub fn waits(resource: &str) -> Option<&'static Waits> {
    mechanism::all().flat_map(|one| one.waits).find(|waits| waits.resource == resource)
}

/// How the caller stands to something that waits for another.
#[derive(Debug, Clone)]
pub struct Urging {
    pub waiting: Waiting,
    /// When the caller's unit urged last.
    pub last: Option<Date>,
    /// The first day on which it may urge again; none where it may now.
    pub from: Option<Date>,
    /// Whether somebody urged today already: the one that it waits for was told.
    told: bool,
}

/// Whether the caller may urge the one that a thing waits for: none where it waits for nobody, or the caller is neither
/// the other side nor above. Whether it may be now, the answer says.
pub async fn urging(ctx: &mut RequestContext, waits: &Waits, id: &str) -> Result<Option<Urging>> {
    let Some(waiting) = (waits.find)(ctx, id).await? else { return Ok(None) };
    if !ctx.can("notice", "urge") || waiting.on == ctx.actor.org {
        return Ok(None);
    }
    if !waiting.others.contains(&ctx.actor.org) {
        let path = ctx.tx.maybe::<(String, String)>(&data::ORG, args![&waiting.on]).await?;
        if path.is_none_or(|(path, _)| !ctx.actor.scope.covers(&path)) {
            return Ok(None);
        }
    }
    let steps = history::of(&mut ctx.tx, id).await?;
    let urges: Vec<_> = steps.iter().filter(|step| step.kind == URGE).collect();
    // Several may wait for the same: one who urged does not speak for the others.
    let own = urges.iter().rfind(|step| step.org == ctx.actor.org);
    let last = own.map(|step| shanghai_date(step.at));
    let today = |step: &&&HistoryRow| shanghai_date(step.at) == ctx.today;
    let told = urges.iter().filter(today).any(|step| urged_on(step) == waiting.on);
    let programme = ctx.programme();
    let from = rules::urge_from(&programme.calendar.workdays, programme.notices, last);
    Ok(Some(Urging { waiting, last, from: from.filter(|day| *day > ctx.today), told }))
}

/// Whom a step urged.
fn urged_on(step: &HistoryRow) -> String {
    let change: serde_json::Value = serde_json::from_str(&step.change).unwrap_or_default();
    change.get("on").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// Urges the one that a thing waits for, with one line.
pub async fn urge(ctx: &mut RequestContext, waits: &'static Waits, id: &str, line: &str) -> Result<()> {
    let urging = urging(ctx, waits, id).await?;
    let Some(Urging { waiting, from, told, .. }) = urging else {
        let words = "这件事现在不用催办：它没有在等对方，或者您不是上级，也不是事情的另一方。";
        return Err(Error::Forbidden(words.to_owned()));
    };
    if let Some(from) = from {
        let words = format!("本单位不久前已经催办过，{from} 起可以再次催办；对方的工作台上一直看得到。");
        return Err(Error::NotNow(words));
    }
    let length = line.chars().count();
    if length > rules::LINE as usize {
        return Err(Error::field("line", Mistake::too_long("催办的话", rules::LINE as usize, length)));
    }
    if line.contains(['\n', '\r']) {
        return Err(Error::field("line", Code::Characters.says("催办只写一行。")));
    }
    let change = serde_json::json!({ "on": waiting.on });
    let step = HistoryEntry {
        resource: waits.resource,
        id,
        kind: URGE,
        reason: line,
        revision: waiting.revision,
        change,
    };
    history::record(&mut ctx.tx, &step).await?;
    // However many urge: one message a day for a thing. All of them stand in its history.
    if told {
        return Ok(());
    }
    let words = format!("{URGED}{}", waiting.title);
    let news = News { kind: Kind::Urged, resource: waits.resource, id, words: &words, said: line, batch: "" };
    tell(&mut ctx.tx, &waiting.on, news).await
}

/// What the caller's unit was urged about and what still waits for it, the newest first, each thing once.
pub async fn urged(ctx: &mut RequestContext) -> Result<Vec<NoticeRow>> {
    let (actor, since) = (Arc::clone(&ctx.actor), ctx.now - rules::URGED);
    let unit = unit(&ctx.app, &actor).to_owned();
    let rows = ctx.tx.all::<NoticeRow>(&data::URGED, args![&unit, actor.account(), since]).await?;
    let mut found: Vec<NoticeRow> = Vec::new();
    for row in rows {
        if !row.words.starts_with(URGED) || found.iter().any(|one| one.resource_id == row.resource_id) {
            continue;
        }
        let Some(waits) = waits(&row.resource) else { continue };
        match (waits.find)(ctx, &row.resource_id).await {
            Ok(Some(waiting)) if waiting.on == unit => found.push(row),
            Ok(_) | Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}
