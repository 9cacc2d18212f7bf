//! One transfer: how far it is, what was not taken and why, and of what came how it differs from ours.

use super::{means, rows};
use crate::shared::jobs;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::exchange::actions::{self, receipt, table};
use crate::sharing::exchange::data::{RefusalRow, RunRow, RunState, ValueRow};
use crate::sharing::exchange::rules::STEPS;
use jiedui_exchange::{Answer, Value, answer};
use jiedui_kernel::{Code, Error, FieldError, Reported, Result, Unit};
use jiedui_programme::{Exchange, Programme, Way};
use jiedui_store::{Found, Tx};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::{CSV, JSON};
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;
use std::collections::HashMap;

/// Differences that one page shows; more of them say that the columns do not fit.
const SHOWN: usize = 300;

#[derive(Serialize)]
struct RefusalLine {
    line: i64,
    known_by: String,
    field: String,
    words: String,
    /// Whether it did not leave here.
    here: bool,
}

#[derive(Serialize)]
struct DifferenceLine {
    school: Link,
    what: String,
    ours: Figure,
    theirs: Figure,
    /// None where one of the two is not known.
    difference: Option<Figure>,
}

#[derive(Serialize)]
struct Compared {
    lines: Vec<DifferenceLine>,
    more: bool,
    same: Figure,
    different: Figure,
}

#[derive(Serialize)]
struct RunView {
    href: String,
    exchange: Link,
    state: StateMark,
    incoming: bool,
    by_file: bool,
    by: String,
    means: &'static str,
    began_on: String,
    ended_on: Option<String>,
    total: Figure,
    accepted: Figure,
    refused: Figure,
    digest: String,
    refusals: Vec<RefusalLine>,
    compared: Option<Compared>,
    #[serde(flatten)]
    review: ReviewView,
    file_error: String,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<RunRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, opened) = (ctx.programme(), opened(ctx).await?);
    let row = &opened.row;
    let href = format!("/exchange-runs/{}", row.id);
    // One of an exchange that the programme has no longer still tells what became of it.
    let exchange = programme.exchange(&row.exchange);
    let compared = match exchange.filter(|_| row.incoming) {
        Some(one) => Some(compared(&mut ctx.tx, &programme, one, row).await?),
        None => None,
    };
    let refusals = actions::refusals(&mut ctx.tx, row).await?;
    let name = exchange.map_or_else(|| row.exchange.clone(), |one| one.name.clone());
    let of_file = errors.iter().find(|error| error.field == "file");
    let view = RunView {
        exchange: Link::new(format!("/exchanges/{}", row.exchange), name.clone()),
        state: row.state.mark(),
        incoming: row.incoming,
        by_file: row.by_file,
        by: row.org_name.clone(),
        means: means(row.by_file),
        began_on: row.began_on.to_string(),
        ended_on: row.ended_on.map(|day| day.to_string()),
        total: rows(row.total, &href, "一共"),
        accepted: rows(row.accepted, &href, "收下"),
        refused: rows(row.refused, &href, "没有收下"),
        digest: row.digest.clone(),
        refusals: refusals.into_iter().map(line).collect(),
        compared,
        review: opened.view(ctx, &STEPS),
        file_error: of_file.map(|error| error.message.clone()).unwrap_or_default(),
        errors: errors.clone(),
        href,
    };
    let lead = match (row.incoming, row.state) {
        (true, _) => "对方的数放在本系统的数旁边。要改哪一边，由学校核对以后在那一边改；这里什么也不改。",
        (false, RunState::UnderWay) if row.by_file => {
            "文件由人交给对方，等对方的答复。收到以后在这里上传；一直没有答复的，放弃后再交。"
        }
        (false, RunState::UnderWay) => {
            "一批一批地送，每批等对方答复。送到一半停下来的，可以接着送，已经送到的不会再送。"
        }
        (false, _) => "送出的内容、对方收下多少、没有收下哪些。",
    };
    let page =
        Page::new(name, lead).back(format!("/exchanges/{}", row.exchange), "返回这项对接").kind("detail");
    Ok(Reply::view("sharing/exchange/run.html", page, &view)?.refused(!errors.is_empty()))
}

fn line(row: RefusalRow) -> RefusalLine {
    let RefusalRow { place, line, known_by, field, words } = row;
    RefusalLine { line, known_by, field, words, here: place == 0 }
}

/// What came beside what is ours today.
async fn compared(
    tx: &mut Tx,
    programme: &Programme,
    exchange: &Exchange,
    run: &Found<RunRow>,
) -> Result<Compared> {
    let came = actions::values(tx, run).await?;
    let mut ours: HashMap<(String, String), i64> = HashMap::new();
    for (school, row) in table::drawn(tx, programme, exchange).await? {
        for (column, value) in exchange.columns.iter().zip(row) {
            if let Some(Value::Number(number)) = value {
                ours.insert((school.id.clone(), column.field.clone()), number);
            }
        }
    }
    let found = |row: &ValueRow| ours.get(&(row.school.clone(), row.field.clone())).copied();
    let (same, different): (Vec<&ValueRow>, Vec<&ValueRow>) =
        came.iter().partition(|row| found(row) == Some(row.value));
    let lines = different.iter().take(SHOWN).map(|row| difference(programme, exchange, row, found(row)));
    let href = format!("/exchange-runs/{}", run.id);
    let count = |list: &[&ValueRow], label: &str| {
        Figure::of(Reported::Value(list.len() as i64), Unit::Items, &href, label)
    };
    Ok(Compared {
        lines: lines.collect(),
        more: different.len() > SHOWN,
        same: count(&same, "一致的数"),
        different: count(&different, "不一致的数"),
    })
}

fn difference(
    programme: &Programme,
    exchange: &Exchange,
    row: &ValueRow,
    ours: Option<i64>,
) -> DifferenceLine {
    let column = exchange.columns.iter().find(|column| column.field == row.field);
    let unit = column.and_then(|column| column.unit(programme)).unwrap_or(Unit::Items);
    let href = format!("/registry/{}", row.school);
    let figure = |value: Reported<i64>, label: &str| Figure::of(value, unit, &href, label);
    DifferenceLine {
        school: Link::new(&href, &row.school_name),
        what: column.map_or_else(|| row.field.clone(), |column| column.name.clone()),
        ours: figure(ours.map_or(Reported::NotReported, Reported::Value), "本系统的数"),
        theirs: figure(Reported::Value(row.value), "对方的数"),
        difference: ours
            .and_then(|ours| row.value.checked_sub(ours))
            .map(|change| figure(Reported::Value(change), "对方比本系统多")),
    }
}

pub async fn send_on(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened) = (ctx.programme(), opened(ctx).await?);
    opened.demand(Action::Finish)?;
    let one = actions::exchange(&programme, &opened.row.exchange, Way::Out)?;
    match actions::send_on(&mut ctx.tx, one, &opened).await.or_wrong()? {
        Ok(job) => Ok(jobs::queued(&job)),
        Err(errors) => page(ctx, errors).await,
    }
}

/// What was handed over, as it was.
pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let run = actions::find(&mut ctx.tx, &id).await?;
    let handed = receipt::handed(&mut ctx.tx, &run).await?;
    let one = actions::exchange(&programme, &run.exchange, Way::Out)?;
    let mime = if one.form.ending() == "csv" { CSV } else { JSON };
    let name = format!("{}-{}.{}", one.name, run.began_on, one.form.ending());
    let bytes = handed.content.into_bytes();
    Ok(Reply::made(name, mime, move || Ok(bytes)))
}

/// None where the file does not account for every row.
pub type AnswerRead = Option<Answer>;

/// The file with the answer of the other side to what was handed over.
pub async fn receive(ctx: &mut RequestContext) -> Result<Prepared<AnswerRead>> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Finish)?;
    let handed = receipt::handed(&mut ctx.tx, &opened.row).await?;
    let Some(file) = ctx.form.file.take() else {
        let words = "还没有选择文件。请选择对方答复的文件后再上传。";
        let missing = FieldError::new("file", Code::Missing.says(words));
        return Ok(Prepared::Answered(page(ctx, vec![missing]).await?));
    };
    let rows = usize::try_from(handed.total).unwrap_or(0);
    Ok(Prepared::work(Kind::Reading, move || Ok(answer(&file.bytes, rows).ok())))
}

pub async fn take(ctx: &mut RequestContext, read: AnswerRead) -> Result<Reply> {
    let Some(answer) = read else {
        let words =
            "不是约定格式的答复，或者收下和没有收下的加起来不是交出的行数；什么也没有登记。请与对方核对。";
        return page(ctx, vec![FieldError::new("file", Code::WrongFile.says(words))]).await;
    };
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    receipt::answered(&mut ctx.tx, &programme, &opened, (version, answer)).await?;
    let words = "已登记对方的答复。没有收下的列在下面。";
    Ok(Reply::done(format!("/exchange-runs/{}", opened.row.id), Flash::done(words)))
}

pub async fn give_up(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    if opened.row.state != RunState::UnderWay {
        return Err(Error::NotNow("这一次已经结束，没有再改。".to_owned()));
    }
    actions::give_up(&mut ctx.tx, &opened, version).await?;
    let words = "已放弃。对方已经收下的不会收回；再送时从头开始。";
    Ok(Reply::done(format!("/exchange-runs/{}", opened.row.id), Flash::done(words)))
}
