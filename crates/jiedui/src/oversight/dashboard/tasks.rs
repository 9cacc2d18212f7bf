//! The letter of the day, and the message to a group: made of the desk as it is at that hour, by nobody who is signed in.
//! Nothing is kept of a desk but what was told, so that it is told once.

use super::pages::desk;
use super::rules::{self, DeskLine};
use crate::evidence::ledger;
use crate::shared::notices::rules::{Choice, may_send};
use crate::shared::notices::{self, NewLetter, ReaderRow};
use crate::shared::tasks::Task;
use chrono::TimeDelta;
use jiedui_kernel::{Actor, Date, Instant, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::{App, received, session};
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked whether the hour has come.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// So many claims that wait for an answer are told one by one.
const CONFIRM: i64 = 25;
/// Where there was no letter before, what was told for so long: over a holiday.
const NEWS: TimeDelta = TimeDelta::days(10);

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("notices"))
}

/// Makes the letters of each day.
pub struct Digests {
    app: Arc<App>,
}

impl Digests {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    /// For as long as it is let: once on every working day, when its hour has come.
    pub async fn run(self) {
        let mut done: Option<Date> = None;
        loop {
            let today = self.app.db.clock().today();
            if done != Some(today) {
                match turn(&self.app).await {
                    Ok(Some(letters)) => {
                        done = Some(today);
                        tracing::info!(letters, "the letters of the day are queued");
                    }
                    Ok(None) => {}
                    Err(cause) => tracing::warn!(%cause, "the letters of the day will be made later"),
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// Queues what is to be told today; how many letters. None where it is not the hour. Whoever has one of today gets no other,
/// however often this is called and by however many servers.
pub async fn turn(app: &Arc<App>) -> Result<Option<usize>> {
    let (now, programme) = (app.db.clock().now(), app.programme());
    if !may_send(&programme.calendar.workdays, programme.notices, now) {
        return Ok(None);
    }
    let mut queued = 0;
    if app.outgoing.mail {
        let mut after = String::new();
        loop {
            let readers = notices::readers(&mut app.db.read(system()).await?, &after).await?;
            let Some(last) = readers.last() else { break };
            after.clone_from(&last.account);
            for seats in readers.chunk_by(|one, other| one.account == other.account) {
                queued += usize::from(letter(app, seats).await?);
            }
        }
    }
    let groups = notices::messengers(&mut app.db.read(system()).await?).await?;
    for group in groups {
        queued += usize::from(message(app, &group.account, &group.org).await?);
    }
    Ok(Some(queued))
}

/// The letter of one account, with what stands on its desk in each of its units.
async fn letter(app: &Arc<App>, seats: &[ReaderRow]) -> Result<bool> {
    let Some(account) = seats.first().map(|seat| seat.account.as_str()) else { return Ok(false) };
    let today = app.db.clock().today();
    let before = {
        let mut tx = app.db.read(system()).await?;
        if notices::has_letter(&mut tx, account, "digest", "").await? {
            return Ok(false);
        }
        notices::told_before(&mut tx, account, "digest", today, "").await?
    };
    let longest = app.db.clock().now() - NEWS;
    let since = before.as_ref().map_or(longest, |(_, made)| longest.max(*made));
    let before = before.map(|(told, _)| told).unwrap_or_default();
    let (mut lines, mut news) = (Vec::new(), Vec::new());
    for seat in seats {
        let Some(mut ctx) = at_desk(app, account, &seat.org).await? else { continue };
        let programme = ctx.programme();
        let choice = notices::choice(&mut ctx.tx, &programme, &ctx.actor).await?;
        let name = if seats.len() > 1 { format!("［{}］", seat.org_name) } else { String::new() };
        if choice.desk {
            lines.extend(desk(&mut ctx, &name).await?);
        }
        news.extend(told_news(&mut ctx, &choice, since, &name).await?);
    }
    let programme = app.programme();
    let told = rules::told(&lines, (&programme.calendar.workdays, programme.notices), today, &before);
    let mut parts = told.parts;
    if !news.is_empty() {
        parts.push(("消息".to_owned(), news));
    }
    if parts.is_empty() {
        return Ok(false);
    }
    let body = notices::digest_letter(&app.outgoing.address, &parts);
    let subject = subject(&parts);
    let new =
        NewLetter { account, org: None, kind: "digest", subject: &subject, body: &body, told: &told.told };
    queue(app, &new).await
}

/// The message to the group of a unit: the desk of whoever connected it.
async fn message(app: &Arc<App>, account: &str, org: &str) -> Result<bool> {
    let today = app.db.clock().today();
    let before = {
        let mut tx = app.db.read(system()).await?;
        if notices::has_letter(&mut tx, account, "group", org).await? {
            return Ok(false);
        }
        notices::told_before(&mut tx, account, "group", today, org).await?
    };
    let before = before.map(|(told, _)| told).unwrap_or_default();
    let Some(mut ctx) = at_desk(app, account, org).await? else { return Ok(false) };
    if !ctx.can("notice", "connect") {
        return Ok(false);
    }
    let lines = desk(&mut ctx, "").await?;
    let programme = app.programme();
    let told = rules::told(&lines, (&programme.calendar.workdays, programme.notices), today, &before);
    if told.parts.is_empty() {
        return Ok(false);
    }
    let subject = subject(&told.parts);
    let body = notices::digest_message(&app.outgoing.address, &subject, &told.parts);
    let new = NewLetter {
        account,
        org: Some(org),
        kind: "group",
        subject: &subject,
        body: &body,
        told: &told.told,
    };
    queue(app, &new).await
}

async fn queue(app: &App, new: &NewLetter<'_>) -> Result<bool> {
    let mut tx = app.db.begin(system()).await?;
    let queued = notices::queue(&mut tx, new).await?;
    tx.commit().await?;
    Ok(queued)
}

fn subject(parts: &[(String, Vec<String>)]) -> String {
    let of = |(title, lines): &(String, Vec<String>)| format!("{title} {} 项", lines.len());
    format!("结对通提要：{}", parts.iter().map(of).collect::<Vec<_>>().join("，"))
}

/// What the account would see at its desk, with the rights and the scope that it has now; none where it has none there.
async fn at_desk(app: &Arc<App>, account: &str, org: &str) -> Result<Option<RequestContext>> {
    let mut tx = app.db.read(system()).await?;
    let Some(actor) = session::actor_at(app, &mut tx, account, org).await? else { return Ok(None) };
    drop(tx);
    let tx = app.db.read(Arc::clone(&actor)).await?;
    received::unattended(app, actor, tx).map(Some)
}

/// The lines of a desk; before each the unit, for whoever acts in several.
async fn desk(ctx: &mut RequestContext, unit: &str) -> Result<Vec<DeskLine>> {
    let looks = desk::only_reads(ctx);
    let tasks = desk::tasks(ctx, looks).await?;
    let mut lines: Vec<DeskLine> = Vec::new();
    if ctx.can("entry", "answer") {
        let (org, programme) = (ctx.actor.org.clone(), ctx.programme());
        let (rows, _, _) = ledger::waiting(&mut ctx.tx, &org, CONFIRM).await?;
        lines.extend(rows.iter().map(|row| {
            let line = ledger::line(&mut ctx.names, &programme, row);
            let words = format!("{unit}待确认：{}，{}登记", line.activity, line.claimant_name);
            DeskLine { href: line.href, words, number: 1, due: None, is_late: false }
        }));
    }
    lines.extend(tasks.iter().map(|task| of_task(task, unit)));
    Ok(lines)
}

fn of_task(task: &Task, unit: &str) -> DeskLine {
    let said = if task.said.is_empty() { String::new() } else { format!("：{}", task.said) };
    let due = task.due.as_ref().map(|day| format!("（{day}前）")).unwrap_or_default();
    let number = task.need.as_ref().and_then(|need| need.raw).unwrap_or(1);
    DeskLine {
        href: task.href.clone(),
        words: format!("{unit}{}{said}{due}", task.title),
        number,
        due: task.due.as_ref().and_then(|day| day.parse().ok()),
        is_late: task.state.mark == "■",
    }
}

/// What was told in the system since the last letter, is wanted in it and was not read.
async fn told_news(
    ctx: &mut RequestContext,
    choice: &Choice,
    since: Instant,
    unit: &str,
) -> Result<Vec<String>> {
    let news = notices::news(ctx, since, &choice.mailed).await?;
    Ok(news.into_iter().map(|one| format!("{unit}{one}")).collect())
}
