//! Many entries of one activity from a workbook (principle 1: what stands in a table already is not typed again). Each
//! row is claimed as the form would claim it; what is wrong is reported at its cell, and one mistake keeps everything out.

use super::super::actions;
use super::super::actions::claim::{self, NewEntry};
use super::super::actions::correct;
use super::super::actions::in_file::InFile;
use super::super::pages::form as entry_form;
use super::super::{EntryRow, rows_of, rules};
use super::sheet::{Names, names, spec};
use super::{row, slices};
use crate::network::registry;
use crate::shared::confirmation;
use crate::shared::imports::{self, About, Report, Sent};
use crate::shared::jobs;
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_documents::{CellError, Read, Record, Workbook, template as empty};
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result};
use jiedui_programme::{Activity, Programme, Retires as _};
use jiedui_store::{AuditRecord, Tx};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;

/// More rows than this in one file are a table of somebody else's.
const MOST_ROWS: usize = 500;

async fn named(ctx: &mut RequestContext, activity: &Activity) -> Result<Names> {
    let programme = ctx.programme();
    names(&mut ctx.tx, &programme, activity).await
}

/// The workbook of an activity as the caller fills it in; for who cannot claim it, as anybody would.
pub async fn description(ctx: &mut RequestContext, activity: &Activity) -> Result<Workbook> {
    let mine = claim::pairings_for(&mut ctx.tx, activity).await?;
    if mine.is_empty() || !activity.is_offered_on(ctx.today) {
        return Ok(spec(activity, &Names::of_anybody()));
    }
    Ok(spec(activity, &named(ctx, activity).await?))
}

#[derive(Serialize)]
struct View {
    activity: Field,
    templates: Vec<(String, String)>,
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

/// The activities that the caller can claim.
async fn offered(ctx: &mut RequestContext) -> Result<Vec<Activity>> {
    let (mut found, today) = (Vec::new(), ctx.today);
    for activity in ctx.programme().activities.iter().filter(|one| one.is_offered_on(today)) {
        if !claim::pairings_for(&mut ctx.tx, activity).await?.is_empty() {
            found.push(activity.clone());
        }
    }
    Ok(found)
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new(), &[]).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>, problems: &[CellError]) -> Result<Reply> {
    let activities = offered(ctx).await?;
    let asked = if ctx.form.values.get("activity").is_empty() { &ctx.query } else { &ctx.form.values };
    let choice = |activity: &Activity| Choice::new(&activity.id, &activity.name);
    let options = std::iter::once(Choice::new("", "请选择")).chain(activities.iter().map(choice)).collect();
    let field = Field::new("activity", "登记哪一类").required().options(options);
    let file_error = errors.iter().find(|error| error.field == "file");
    let template = |one: &Activity| (format!("/entries/import/{}/template", one.id), one.name.clone());
    let view = View {
        activity: field.value(asked.get("activity")).error(&errors),
        templates: activities.iter().map(template).collect(),
        file_error: file_error.map_or_else(String::new, |error| error.message.clone()),
        problems: Problems::of(problems),
        errors: errors.clone(),
    };
    let bad = !errors.is_empty() || !problems.is_empty();
    let page = Page::new("从表格登记", "已经有现成表格的，一次登记许多条；全部无误才会写入。")
        .back("/entries/new", "登记工作")
        .kind("form");
    Ok(Reply::view("evidence/ledger/import.html", page, &view)?.refused(bad))
}

pub async fn template(ctx: &mut RequestContext) -> Result<Reply> {
    let activity = entry_form::activity(ctx, &ctx.param("activity"))?;
    let names = named(ctx, &activity).await?;
    let name = format!("{}登记表.xlsx", activity.name);
    Ok(Reply::made(name, XLSX, move || empty(&spec(&activity, &names)).map_err(Error::internal)))
}

fn at(field: &str, mistake: Mistake) -> Vec<FieldError> {
    vec![FieldError::new(field, mistake)]
}

/// The activity of the form, or of the address that a page of the activity leads to.
fn asked(ctx: &RequestContext) -> Option<Activity> {
    let [sent, known] = [&ctx.form.values, &ctx.query].map(|pairs| pairs.get("activity"));
    ctx.programme().activity(if sent.is_empty() { known } else { sent }).cloned()
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let Some(activity) = asked(ctx) else {
        return Ok(Prepared::Answered(
            page(ctx, at("activity", Code::Missing.says("请选择登记哪一类。")), &[]).await?,
        ));
    };
    let Some(received) = imports::receive(ctx).await? else {
        let errors = at("file", Code::Missing.says("还没有选择文件。请选择填好的表格后再点“检查并登记”。"));
        return Ok(Prepared::Answered(page(ctx, errors, &[]).await?));
    };
    let names = named(ctx, &activity).await?;
    Ok(imports::prepare(spec(&activity, &names), received))
}

pub async fn submit(ctx: &mut RequestContext, mut sent: Sent) -> Result<Reply> {
    let activity = asked(ctx).ok_or(Error::NotFound)?;
    if let Some(reply) = imports::cancelled(ctx, &sent, "/entries/import").await? {
        return Ok(reply);
    }
    let names = named(ctx, &activity).await?;
    let found = match sent.rows() {
        Ok(found) => found,
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        Err(errors) => match errors.as_slice() {
            [one] if one.sheet.is_empty() => {
                return page(ctx, at("file", Code::Faulty.says(format!("{one}。"))), &[]).await;
            }
            errors => return page(ctx, Vec::new(), errors).await,
        },
    };
    if let Err(mistake) = right_number(found.records.len()) {
        return page(ctx, at("file", mistake), &[]).await;
    }
    let (mut report, rows) = looked_at(ctx, (&activity, &names), &found).await?;
    if !report.errors.is_empty() {
        return page(ctx, Vec::new(), &report.faults()).await;
    }
    let carried = vec![("activity", activity.id.clone())];
    let about = About { back: ("/entries/import".to_owned(), "从表格登记"), carried };
    if let Some(preview) = imports::look(ctx, &sent, &report, &about).await? {
        return Ok(preview);
    }
    // From here on it may write; two tables of one organisation come one after the other.
    let org = ctx.actor.org.clone();
    registry::lock(&mut ctx.tx, &org).await?;
    let subject = format!("{org} {}", activity.id);
    imports::refuse_second(&mut ctx.tx, &FROM_TABLE, &subject).await?;
    if rows.len() > imports::AT_ONCE {
        let queued =
            slices::queue(ctx, (&FROM_TABLE, &activity, &subject), (&sent, &report), rows.len()).await;
        return match queued.or_wrong()? {
            Ok(job) => Ok(jobs::queued(&job)),
            Err(errors) => {
                let errors = errors.into_iter().map(|error| error.at("file")).collect();
                page(ctx, errors, &[]).await
            }
        };
    }
    at_once(ctx, &activity, (&sent, &mut report), (&found, &rows)).await
}

/// Claims few rows in the transaction of the request.
async fn at_once(
    ctx: &mut RequestContext,
    activity: &Activity,
    (sent, report): (&Sent, &mut Report),
    (found, rows): (&Read, &[NewEntry]),
) -> Result<Reply> {
    let (programme, batch) = (ctx.programme(), ctx.tx.new_id());
    for (record, new) in found.records.iter().zip(rows) {
        let claimed = claim::claim_in_batch(&mut ctx.tx, &programme, activity, new, &batch).await;
        if let Err(errors) = claimed.or_wrong()? {
            // Somebody was quicker since it was looked at.
            report.errors.extend(errors.iter().map(|error| told(record, error)));
        }
    }
    if !report.errors.is_empty() {
        return page(ctx, Vec::new(), &report.faults()).await;
    }
    let file = AuditRecord { action: "entry.import", resource: "import", resource_id: &sent.book().sha256 };
    let number = rows.len();
    let done = (&batch, i64::try_from(number).unwrap_or(0));
    let undo = imports::keep_done(&mut ctx.tx, &FROM_TABLE, (sent.book(), &*report), &done).await?;
    ctx.tx.audit(file, &sent.record(report)).await?;
    let text = format!("已登记 {number} 条“{}”，现计入登记数；等对方确认后计入确认数。", activity.name);
    let flash = Flash::done(text).undo(undo, "撤销这次登记");
    Ok(Reply::done(format!("/entries?activity={}", activity.id), flash))
}

/// The way back from one table.
pub const FROM_TABLE: ImportKind = ImportKind {
    id: "entry",
    name: "工作台账",
    right: ("entry", "claim"),
    take_back: |ctx, done| Box::pin(take_back(ctx, done)),
};

/// Withdraws what one table claimed, while nothing has happened to it.
async fn take_back(ctx: &mut RequestContext, done: &str) -> Result<TakenBack> {
    let (batch, rows): (String, i64) = serde_json::from_str(done).map_err(Error::internal)?;
    let programme = ctx.programme();
    if let Some(course) = imports::course_of(&mut ctx.tx, &batch).await? {
        for entry in confirmation::actions_of_batch(&mut ctx.tx, "entry", &batch).await? {
            actions::hold(&mut ctx.tx, &entry).await?;
        }
        // Whoever was answering one of them has done so by now.
        let standing = confirmation::actions_of_batch(&mut ctx.tx, "entry", &batch).await?.len();
        // Of what is half written nobody touched anything.
        if !course.is_under_way() && usize::try_from(rows) != Ok(standing) {
            return built(ctx, &batch, "这些台账都已经答复、更正或撤回".to_owned()).await;
        }
        return Ok(TakenBack::ByJob(slices::queue_back(ctx, &batch).await?));
    }
    match correct::withdraw_batch(&mut ctx.tx, &programme, (&batch, rows)).await {
        Ok(number) => Ok(TakenBack::Done(number)),
        Err(Error::Conflict(words) | Error::NotNow(words)) => built(ctx, &batch, words).await,
        Err(Error::NotFound) => built(ctx, &batch, "这些台账都已经答复、更正或撤回".to_owned()).await,
        Err(other) => Err(other),
    }
}

/// The entries that something was done to since, each with how it stands; `words` where the caller sees none of them.
async fn built(ctx: &mut RequestContext, batch: &str, words: String) -> Result<TakenBack> {
    let programme = ctx.programme();
    let ids = confirmation::touched_of_batch(&mut ctx.tx, "entry", batch).await?;
    let rows = rows_of(&mut ctx.tx, &ids).await?;
    let told = |row: &EntryRow| {
        let state = confirmation::mark(row.state).label;
        format!("{}，{}：{state}", rules::title(&programme, row), row.from_day)
    };
    let named: Vec<String> = rows.iter().map(told).collect();
    Ok(TakenBack::Built(if named.is_empty() { vec![words] } else { named }))
}

fn right_number(rows: usize) -> Result<(), Mistake> {
    match rows {
        0 => Err(Code::Missing.says("文件里只有标题，没有一行数据。请填写后再上传。")),
        rows if rows > MOST_ROWS => {
            let words = format!("一次最多登记 {MOST_ROWS} 条，这份有 {rows} 条，请分开上传。");
            Err(Code::TooMany.says(words))
        }
        _ => Ok(()),
    }
}

/// What would become of each row, asked while nothing is written: rows before it would be claimed already, so that a double in
/// the file is seen.
async fn looked_at(
    ctx: &mut RequestContext,
    of: (&Activity, &Names),
    found: &Read,
) -> Result<(Report, Vec<NewEntry>)> {
    let (mut report, mut before, mut rows) = (Report::of(found), InFile::default(), Vec::new());
    let programme = ctx.programme();
    for record in &found.records {
        match tried(&mut ctx.tx, &programme, of, (record, &mut before)).await.or_wrong()? {
            Ok(new) => {
                report.made(record, &row::described(of.0, of.1, record));
                rows.push(new);
            }
            Err(errors) => report.errors.extend(errors.iter().map(|error| told(record, error))),
        }
    }
    Ok((report, rows))
}

async fn tried(
    tx: &mut Tx,
    programme: &Programme,
    (activity, names): (&Activity, &Names),
    (record, before): (&Record, &mut InFile),
) -> Result<NewEntry> {
    let new = row::entry(activity, names, record)?;
    let checked = claim::tried(tx, programme, activity, &new).await?;
    match before.take(activity, &new, checked) {
        None => Ok(new),
        Some(wrong) => Err(Error::Invalid(vec![wrong])),
    }
}

fn told(record: &Record, error: &FieldError) -> CellError {
    record.error(&error.field, error.message.trim_end_matches('。'), "").coded(&error.code)
}
