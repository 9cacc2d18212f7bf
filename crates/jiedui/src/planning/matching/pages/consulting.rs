//! The comment round as the office sees it: until when, who has spoken, and what they said.

use super::super::actions::consult;
use super::super::actions::scenario::{self as actions, LoadedScenario};
use super::super::data::{self, RoundRow, SpokenRow};
use super::super::rules::life::Action;
use super::views::{at, schools};
use crate::network::registry;
use jiedui_kernel::{Error, FieldError, Reported, Result, Unit};
use jiedui_programme::earliest_deadline;
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    id: String,
    version: i64,
    /// A round may be opened.
    can_open: bool,
    can_close: bool,
    closes_on: Field,
    reason: Field,
    round: Option<Round>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Round {
    opened_on: String,
    closes_on: String,
    closed_on: Option<String>,
    /// The scenario was changed after it.
    outdated: bool,
    pairs: Figure,
    asked: Figure,
    said: Figure,
    differ: Figure,
    rows: Vec<RemarkLine>,
}

#[derive(Serialize)]
struct RemarkLine {
    proposal: Link,
    org: Link,
    party: &'static str,
    state: StateMark,
    text: String,
}

fn line(row: &SpokenRow) -> RemarkLine {
    RemarkLine {
        proposal: Link::new(format!("/matching/proposals/{}", row.proposal), &row.county_name),
        org: registry::link(&row.org, &row.org_name),
        party: match row.party.as_str() {
            "lead" => "牵头院校",
            "nearby" => "配合院校",
            _ => "对口县级院校",
        },
        state: opinion(row.agrees),
        text: row.text.clone(),
    }
}

pub fn opinion(agrees: Option<bool>) -> StateMark {
    match agrees {
        Some(true) => StateMark::new("done", "同意", "●"),
        Some(false) => StateMark::new("disputed", "有不同意见", "◆"),
        None => StateMark::new("pending", "还没有提", "○"),
    }
}

async fn round(ctx: &mut RequestContext, opened: &LoadedScenario, round: &RoundRow) -> Result<Round> {
    let rows = ctx.tx.all::<SpokenRow>(&data::SPOKEN, args![&round.id]).await?;
    let here = format!("{}/consult#remarks", at(&opened.row.id));
    let count =
        |number: usize, label: &str| Figure::of(Reported::Value(number as i64), Unit::Entries, &here, label);
    Ok(Round {
        opened_on: round.opened_on.to_string(),
        closes_on: round.closes_on.to_string(),
        closed_on: round.closed_on.map(|day| day.to_string()),
        outdated: round.revision != opened.row.revision,
        pairs: schools(rows.len() as i64 / 3, &here, "征求意见的县级院校"),
        asked: count(rows.len(), "应提意见"),
        said: count(rows.iter().filter(|row| row.agrees.is_some()).count(), "已提意见"),
        differ: count(rows.iter().filter(|row| row.agrees == Some(false)).count(), "有不同意见"),
        rows: rows.iter().map(line).collect(),
    })
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    page(ctx, &opened, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, opened: &LoadedScenario, errors: Vec<FieldError>) -> Result<Reply> {
    let last = consult::last_round(&mut ctx.tx, &opened.row.id).await?;
    let round = match last {
        Some(last) => Some(round(ctx, opened, &last).await?),
        None => None,
    };
    let earliest = earliest_deadline(&ctx.programme(), ctx.today).to_string();
    let form = &ctx.form.values;
    let typed = form.get("closes_on");
    let (may, state) = (ctx.can("matching", "edit"), opened.row.state);
    let view = ShowView {
        id: opened.row.id.clone(),
        version: opened.row.version,
        can_open: may && state.apply(Action::Consult).is_ok() && opened.answer.objective().is_some(),
        can_close: may && state.apply(Action::Close).is_ok(),
        closes_on: Field { min: earliest.clone(), ..Field::new("closes_on", "意见截止日期") }
            .help("这一天仍可以提和改；截止后由省办结束征求意见。")
            .required()
            .value(if typed.is_empty() { earliest } else { typed.to_owned() })
            .error(&errors),
        reason: Field::new("reason", "理由")
            .help("提前结束的写明为什么。")
            .value(form.get("reason"))
            .error(&errors),
        round,
        errors: errors.clone(),
    };
    let lead = "每一对的三所院校只看到与自己有关的一对和理由，各提一次意见，截止前可以改；意见供省办参考，不作表决。";
    let page = Page::new("征求意见", lead)
        .clause("G1.1")
        .back(at(&opened.row.id), opened.row.name.clone())
        .kind("detail");
    Ok(Reply::view("planning/matching/consulting.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn open(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let day = read.date(&pairs, "closes_on", "意见截止日期");
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &opened, errors).await;
    }
    let (version, programme, day) = (ctx.form_version()?, ctx.programme(), day.ok_or(Error::NotFound)?);
    match consult::consult(&mut ctx.tx, &programme, &opened, version, day).await.or_wrong()? {
        Ok(()) => {
            let said = "已开始征求意见：各方的待办事项里有这一对。";
            Ok(Reply::done(format!("{}/consult", at(&id)), Flash::done(said)))
        }
        Err(errors) => page(ctx, &opened, errors).await,
    }
}

pub async fn close(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.text(&pairs, "reason", "理由", 200).to_owned();
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &opened, errors).await;
    }
    let version = ctx.form_version()?;
    match consult::close(&mut ctx.tx, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => {
            let said = "已结束征求意见；没有再改动就可以公布，改动后可以再征求一次。";
            Ok(Reply::done(format!("{}/consult", at(&id)), Flash::done(said)))
        }
        Err(errors) => page(ctx, &opened, errors).await,
    }
}
