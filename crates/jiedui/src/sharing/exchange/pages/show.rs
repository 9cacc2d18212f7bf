//! One exchange: what stands in its files, the file of today, and having it sent, fetched or uploaded.

use super::RunLine;
use crate::shared::jobs::{self, NewJob};
use crate::sharing::exchange::actions::{self, Came, Outcome, fetch as fetching, send as sending};
use crate::sharing::exchange::rules::schema::{kind_words, schema};
use crate::sharing::exchange::rules::words;
use jiedui_documents::CellError;
use jiedui_exchange::{Fault, MAX_BYTES};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::{Exchange, Programme, Way};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::{CSV, JSON};
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;

#[derive(Serialize)]
struct ColumnLine {
    field: String,
    name: String,
    ours: String,
    kind: String,
    key: bool,
    /// Our words and theirs.
    codes: Vec<(String, String)>,
}

#[derive(Serialize)]
struct ShowView {
    href: String,
    system: String,
    about: String,
    way: &'static str,
    form: &'static str,
    among: &'static str,
    source: String,
    our_reading: bool,
    incoming: bool,
    /// Whether there is an address to send to or fetch from.
    connected: bool,
    can_transfer: bool,
    columns: Vec<ColumnLine>,
    runs: Vec<RunLine>,
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

/// What is wrong with what was asked for.
#[derive(Default)]
struct Refused {
    errors: Vec<FieldError>,
    problems: Vec<CellError>,
}

impl Refused {
    fn of(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// The faults of a file: one of the file as a whole belongs to the field.
    fn file(faults: &[Fault]) -> Self {
        let told: Vec<CellError> = faults.iter().map(words::told).collect();
        match told.as_slice() {
            [one] if one.sheet.is_empty() => {
                let mistake = one.code.clone().says(format!("{one}。"));
                Self::of(vec![FieldError::new("file", mistake)])
            }
            _ => Self { problems: told, ..Self::default() },
        }
    }
}

fn named<'p>(programme: &'p Programme, ctx: &RequestContext) -> Result<&'p Exchange> {
    programme.exchange(&ctx.param("exchange")).ok_or(Error::NotFound)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Refused::default()).await
}

async fn page(ctx: &mut RequestContext, refused: Refused) -> Result<Reply> {
    let programme = ctx.programme();
    let one = named(&programme, ctx)?;
    let runs = actions::runs(&mut ctx.tx, &one.id).await?;
    let failed = !refused.errors.is_empty() || !refused.problems.is_empty();
    let column = |column: &jiedui_programme::ExchangeColumn| ColumnLine {
        field: column.field.clone(),
        name: column.name.clone(),
        ours: column.ours(&programme),
        kind: kind_words(&programme, column),
        key: column.key,
        codes: column.codes.iter().map(|code| (code.ours.clone(), code.theirs.clone())).collect(),
    };
    let of_file = refused.errors.iter().find(|error| error.field == "file");
    let view = ShowView {
        href: format!("/exchanges/{}", one.id),
        system: one.system.clone(),
        about: one.about.clone(),
        way: one.way.label(),
        form: one.form.label(),
        among: one.among.label(),
        source: one.source.clone(),
        our_reading: one.our_reading,
        incoming: one.way == Way::In,
        connected: ctx.app.outgoing.partners.contains_key(&one.id),
        can_transfer: ctx.can("exchange", "transfer"),
        columns: one.columns.iter().map(column).collect(),
        runs: runs.iter().map(|row| RunLine::of(row)).collect(),
        file_error: of_file.map(|error| error.message.clone()).unwrap_or_default(),
        errors: refused.errors.clone(),
        problems: Problems::of(&refused.problems),
    };
    let page = Page::new(one.name.clone(), one.about.clone())
        .clauses(&one.clauses)
        .back("/exchanges", "数据对接")
        .kind("detail");
    Ok(Reply::view("sharing/exchange/show.html", page, &view)?.refused(failed))
}

/// The file of today, for whoever carries it over; for what comes in, the file as we expect it, with our numbers.
pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let one = named(&programme, ctx)?;
    let (bytes, _) = actions::file(&mut ctx.tx, &programme, one).await?;
    let mime = if one.form.ending() == "csv" { CSV } else { JSON };
    let name = format!("{}-{}.{}", one.name, ctx.today, one.form.ending());
    Ok(Reply::made(name, mime, move || Ok(bytes)))
}

fn same(id: &str, words: &str) -> Reply {
    Reply::done(format!("/exchange-runs/{id}"), Flash::done(words))
}

pub async fn send(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("exchange"));
    let one = actions::exchange(&programme, &id, Way::Out)?;
    let begun = match sending::partner(&ctx.app, one) {
        Ok(_) => actions::begin(&mut ctx.tx, &programme, one, false).await,
        Err(missing) => Err(missing),
    };
    match begun.or_wrong()? {
        Ok(Outcome::New(id)) => Ok(same(&id, "已开始送，本页显示送到哪里、对方没有收下哪些。")),
        Ok(Outcome::Same(id)) => Ok(same(&id, "内容与上次送的完全相同，没有再送。")),
        Err(errors) => page(ctx, Refused::of(errors)).await,
    }
}

/// The file of today is carried over by somebody; what went is kept, and waits for the answer of the other side.
pub async fn hand_over(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("exchange"));
    let one = actions::exchange(&programme, &id, Way::Out)?;
    match actions::begin(&mut ctx.tx, &programme, one, true).await.or_wrong()? {
        Ok(Outcome::New(id)) => Ok(same(&id, "已登记。请下载本页的文件交给对方，收到答复以后在本页上传。")),
        Ok(Outcome::Same(id)) => Ok(same(&id, "内容与上次送的完全相同，没有再登记。")),
        Err(errors) => page(ctx, Refused::of(errors)).await,
    }
}

pub async fn fetch(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("exchange"));
    let one = actions::exchange(&programme, &id, Way::In)?;
    let title = format!("{}：{}", fetching::FETCH.name, one.name);
    let new = NewJob { kind: fetching::FETCH.id, title: &title, args: one.id.clone(), input: None };
    let queued = match sending::partner(&ctx.app, one) {
        Ok(_) => jobs::queue(&mut ctx.tx, &new).await,
        Err(missing) => Err(missing),
    };
    match queued.or_wrong()? {
        Ok(job) => Ok(jobs::queued(&job)),
        Err(errors) => page(ctx, Refused::of(errors)).await,
    }
}

/// A file that was read whole, or everything that is wrong with it.
pub type Sent = std::result::Result<Came, Vec<Fault>>;

pub async fn receive(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let (programme, id) = (ctx.programme(), ctx.param("exchange"));
    let one = actions::exchange(&programme, &id, Way::In)?;
    let refuse = |mistake| Refused::of(vec![FieldError::new("file", mistake)]);
    let Some(file) = ctx.form.file.take() else {
        let mistake = Code::Missing.says("还没有选择文件。请选择对方导出的文件后再上传。");
        return Ok(Prepared::Answered(page(ctx, refuse(mistake)).await?));
    };
    if file.bytes.len() > MAX_BYTES {
        let words = format!("文件超过 {} MB，请让对方分开导出后再上传。", MAX_BYTES >> 20);
        return Ok(Prepared::Answered(page(ctx, refuse(Code::TooLarge.says(words))).await?));
    }
    let schema = schema(&programme, one)?;
    Ok(Prepared::work(Kind::Reading, move || Ok(fetching::came(&schema, &file.bytes, true))))
}

pub async fn take(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("exchange"));
    let one = actions::exchange(&programme, &id, Way::In)?;
    let came = match sent {
        Ok(came) => came,
        Err(faults) => return page(ctx, Refused::file(&faults)).await,
    };
    Ok(match actions::take_in(&mut ctx.tx, &programme, one, &came).await? {
        Outcome::New(id) => same(&id, "已收下，放在本系统的数旁边供核对，没有改动本系统的数。"),
        Outcome::Same(id) => same(&id, "这份文件与上次收下的完全相同，没有再写。"),
    })
}
