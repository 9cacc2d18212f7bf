//! Before a pairing ends: from which day, why, and on a day that is past what loses its basis.

use super::super::actions::{self, Ending};
use super::super::data::{Basis, PairingRow};
use jiedui_kernel::{Code, Date, Error, FieldError, Reported, Result, Unit};
use jiedui_store::Tx;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// What one pairing loses behind a day; each number opens.
#[derive(Debug, Serialize)]
pub struct BasisLine {
    school: Link,
    last: String,
    clocks: Figure,
    entries: Figure,
    outputs: Figure,
    announcements: Figure,
    agreements: Figure,
    plans: Figure,
    lists: Figure,
}

impl BasisLine {
    fn of(row: &PairingRow, to: Date, basis: &Basis) -> Self {
        let id = &row.id;
        let figure = |value: i64, unit: Unit, href: String, label: &str| {
            Figure::of(Reported::Value(value), unit, href, label)
        };
        let next = to.succ_opt().unwrap_or(to);
        Self {
            school: Link::new(format!("/pairings/{id}"), &row.county_name),
            last: to.to_string(),
            clocks: figure(basis.clocks, Unit::Items, format!("/clocks?pairing={id}"), "被缩短的履职时期"),
            entries: figure(
                basis.entries,
                Unit::Entries,
                format!("/entries?pairing={id}&since={next}"),
                "此后的台账",
            ),
            outputs: figure(basis.outputs, Unit::Items, "/outputs".to_owned(), "此后的建设成果"),
            announcements: figure(basis.announcements, Unit::Items, "/calendar".to_owned(), "此后的预告"),
            agreements: figure(
                basis.agreements,
                Unit::Items,
                format!("/pairings/{id}/agreements"),
                "有效期未满的协议",
            ),
            plans: figure(basis.plans, Unit::Items, format!("/plans?pairing={id}"), "协作方案"),
            lists: figure(basis.lists, Unit::Items, format!("/projects?pairing={id}"), "项目清单"),
        }
    }
}

/// What each of these pairings loses if it ends on the day.
pub async fn basis_lines(
    tx: &mut Tx,
    programme: &jiedui_programme::Programme,
    rows: &[PairingRow],
    to: Date,
) -> Result<Vec<BasisLine>> {
    let mut lines = Vec::new();
    for row in rows {
        let to = to.max(row.from_day.pred_opt().unwrap_or(row.from_day));
        let basis = actions::basis(tx, programme, row, to).await?;
        lines.push(BasisLine::of(row, to, &basis));
    }
    Ok(lines)
}

/// A day that is past is written down only by somebody who was shown what it takes away.
pub fn unseen(to: Date, today: Date, seen: &str) -> bool {
    to < today && seen != to.to_string()
}

pub const LOOK: &str = "这一天已经过去：下面列出将失去依据的内容，请看过再确认。";

#[derive(Serialize)]
struct FormView {
    id: String,
    version: i64,
    /// The day for which the lines below are shown, "" where none was asked for.
    seen: String,
    past: bool,
    fields: [Field; 2],
    basis: Vec<BasisLine>,
    errors: Vec<FieldError>,
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::super::find(&mut ctx.tx, &id).await?;
    runs_on(&row)?;
    page(ctx, &row, Vec::new()).await
}

fn runs_on(row: &PairingRow) -> Result<()> {
    match row.to_day {
        None => Ok(()),
        Some(_) => Err(Error::NotNow("这组结对已经终止，不用再终止。".to_owned())),
    }
}

async fn page(ctx: &mut RequestContext, row: &PairingRow, errors: Vec<FieldError>) -> Result<Reply> {
    let sent = if ctx.form.values.get("_csrf").is_empty() { &ctx.query } else { &ctx.form.values };
    let to = sent.date("to").filter(|to| *to >= row.from_day);
    let typed = if sent.get("to").is_empty() { ctx.today.to_string() } else { sent.get("to").to_owned() };
    let reason = sent.get("reason").to_owned();
    let programme = ctx.programme();
    let basis = match to {
        Some(to) => basis_lines(&mut ctx.tx, &programme, std::slice::from_ref(row), to).await?,
        None => Vec::new(),
    };
    let view = FormView {
        id: row.id.clone(),
        version: row.version,
        seen: to.map(|day| day.to_string()).unwrap_or_default(),
        past: to.is_some_and(|day| day < ctx.today),
        fields: [
            Field { min: row.from_day.to_string(), ..Field::new("to", "结束日期") }
                .help("今天或以后；这一天仍算在内，之后双方还可在九十天内补确认、更正。早于今天的，先列出将失去依据的内容。")
                .required()
                .value(typed)
                .error(&errors),
            Field::new("reason", "原因").required().value(reason).error(&errors),
        ],
        basis,
        errors: errors.clone(),
    };
    let page = Page::new(
        format!("终止{}的结对", row.county_name),
        "原有台账、协议和方案全部保留；十个工作日内可以撤销。",
    )
    .clause("G1.1")
    .back(format!("/pairings/{}", row.id), format!("{}的结对", row.county_name))
    .kind("form");
    Ok(Reply::view("network/pairings/ending.html", page, &view)?.refused(!errors.is_empty()))
}

/// Ends a pairing on a day; its history stays, and the former partners keep their ninety days.
pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::super::found(&mut ctx.tx, &id).await?;
    runs_on(&row)?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let to = read.date(&pairs, "to", "结束日期");
    let reason = read.required(&pairs, "reason", "原因").to_owned();
    read.text(&pairs, "reason", "原因", 200);
    if to.is_some_and(|to| to < row.from_day) {
        read.fail("to", Code::Reversed.says("结束日期早于结对开始的日期，请核对。"));
    } else if to.is_some_and(|to| unseen(to, ctx.today, pairs.get("seen"))) {
        read.fail("to", Code::InPast.says(LOOK));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &row, errors).await;
    }
    let version = ctx.form_version()?;
    let ending = Ending { to: to.ok_or(Error::NotFound)?, reason: &reason, scheme: "" };
    actions::end_on(&mut ctx.tx, &row, version, ending).await?;
    Ok(Reply::done(format!("/pairings/{}", row.id), Flash::done("已记下结束日期；原有台账全部保留。")))
}
