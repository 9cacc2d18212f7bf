//! The list as a workbook, with what the address filters by.

use super::super::data::{self, EntryRow, Filters};
use super::super::pages::list::{self, Asked};
use crate::network::registry::post_name;
use crate::shared::background::{JobKind, Made, Output, Task, Work};
use crate::shared::confirmation;
use crate::shared::jobs;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Actor, Date, Error, Result, Unit};
use jiedui_programme::{Activity, Programme};
use jiedui_store::{Tx, named};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::fields;
use jiedui_web::figure::when;
use jiedui_web::form::{FIRST_DAY, LAST_DAY};
use jiedui_web::names::Names;
use jiedui_web::reply::Reply;
use jiedui_web::workbook::WorkbookStream;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// So many rows are made into a workbook while one waits.
const AT_ONCE: i64 = 5_000;
/// Rows read at once.
const PAGE: i64 = 2_000;
/// Behind every id.
const LAST_ID: &str = "\u{10ffff}";

/// The rows of an export, a page at a time, each from where the one before it ended: what stands before a page is not read
/// again for it.
pub struct Rows {
    filters: Filters,
    /// Whose names are written in full is decided for whoever takes the file out.
    names: Names,
    after: Option<(Date, String)>,
    ended: bool,
}

impl Rows {
    pub fn new(filters: Filters, actor: &Actor, programme: &Programme) -> Self {
        Self { filters, names: Names::of(actor, programme), after: None, ended: false }
    }

    /// The next page; none where there is no further one.
    pub async fn next(&mut self, tx: &mut Tx, programme: &Programme) -> Result<Option<Vec<Vec<Value>>>> {
        if self.ended {
            return Ok(None);
        }
        let of = &self.filters;
        let first = (of.until, LAST_ID.to_owned());
        let (until, id) = self.after.as_ref().unwrap_or(&first);
        let rows = named!(data::EXPORTED {
            activities: &of.activities,
            state: of.state(),
            pairing: &of.pairing,
            q: &of.q,
            since: of.since,
            until: *until,
            claimant: &of.claimant,
            answerer: &of.answerer,
            settles: of.settles,
            cutoff: of.cutoff,
            typical: &of.typical,
            day: *until,
            id,
            most: PAGE,
        })
        .all::<EntryRow>(tx)
        .await?;
        self.ended = (rows.len() as i64) < PAGE;
        let Some(last) = rows.last() else { return Ok(None) };
        self.after = Some((last.to_day, last.id.clone()));
        Ok(Some(rows.iter().map(|row| cells(programme, &mut self.names, row)).collect()))
    }
}

/// The whole ledger visible to the caller, written as it is read. Gives the number of rows.
pub async fn write_all(tx: &mut Tx, programme: &Programme, to: impl Write + Send + 'static) -> Result<usize> {
    let (settles, cutoff) = confirmation::cutoff(None);
    let all = Filters {
        activities: String::new(),
        state: None,
        pairing: String::new(),
        q: String::new(),
        since: FIRST_DAY,
        until: LAST_DAY,
        claimant: String::new(),
        answerer: String::new(),
        settles,
        cutoff,
        typical: String::new(),
    };
    let mut rows = Rows::new(all, &Arc::clone(tx.actor()), programme);
    let (stream, mut written) = (WorkbookStream::begin(book(), to), 0);
    while let Some(page) = rows.next(tx, programme).await? {
        written += page.len();
        stream.rows(page).await?;
    }
    stream.finish().await?;
    Ok(written)
}

/// What is too long to be made while one waits.
pub const EXPORT: JobKind = JobKind {
    id: "entry.export",
    name: "导出工作台账",
    right: ("entry", "read"),
    work: Work::Make(|task, output| Box::pin(make(task, output))),
};

async fn make(task: &Task, output: Output) -> Result<Made> {
    let filters: Filters = serde_json::from_str(&task.args).map_err(Error::internal)?;
    // One state throughout: what is written meanwhile is not in it, and waits for nothing.
    let mut tx = task.app.db.read(Arc::clone(&task.actor)).await?;
    let number = list::wide(&filters).count(&mut tx).await?;
    task.progress.begin("正在读取", Some(number));
    let (programme, file) = (task.app.programme(), file_name(tx.today()));
    let mut rows = Rows::new(filters, &task.actor, &programme);
    let (stream, mut written) = (output.workbook(book()), 0);
    while let Some(page) = rows.next(&mut tx, &programme).await? {
        let read = page.len();
        stream.rows(page).await?;
        task.progress.add(read);
        written += read;
    }
    drop(tx);
    stream.finish().await?;
    Ok(Made { file, words: format!("共 {written} 条台账。") })
}

/// The file, where it is made while one waits; a page that offers to make it in the background, where it is not.
pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let Asked { list, call, filters, .. } = list::asked(ctx).await?;
    list.for_export(&call)?;
    let (number, more) = call.number(&mut ctx.tx).await?;
    if number > AT_ONCE {
        return jobs::too_large(&EXPORT, "/entries", &ctx.query, (number, more));
    }
    let programme = ctx.programme();
    let (mut rows, mut lines) = (Rows::new(filters, &ctx.actor, &programme), Vec::new());
    while let Some(page) = rows.next(&mut ctx.tx, &programme).await? {
        lines.extend(page);
    }
    let make = move || write(&book(), [lines]).map_err(Error::internal);
    Ok(Reply::made(file_name(ctx.today), XLSX, make))
}

/// Makes it in the background.
pub async fn queue(ctx: &mut RequestContext) -> Result<Reply> {
    let Asked { list, call, filters, .. } = list::asked(ctx).await?;
    list.for_export(&call)?;
    jobs::queue_export(&mut ctx.tx, &EXPORT, &filters).await
}

fn file_name(today: Date) -> String {
    format!("工作台账{today}.xlsx")
}

fn book() -> Workbook {
    let text = |key: &str, heading: &str, width: f64| Column::new(key, heading, Kind::Text).width(width);
    let columns = vec![
        Column::new("from", "开始日期", Kind::Date),
        Column::new("to", "结束日期", Kind::Date),
        text("activity", "事项", 24.0),
        text("county", "对口县级院校", 30.0),
        text("typical", "典型县", 10.0),
        text("claimant", "登记单位", 30.0),
        text("person", "人员", 12.0),
        text("post", "职务", 14.0),
        text("claimed", "登记数", 10.0),
        text("confirmed", "确认数", 10.0),
        text("unit", "单位", 8.0),
        text("state", "状态", 16.0),
        text("answerer", "答复单位", 30.0),
        text("answered_by", "答复人", 12.0),
        text("claimed_at", "登记时间", 22.0),
        text("answered_at", "答复时间", 22.0),
        text("project", "属于哪个项目", 26.0),
        text("fields", "填报内容", 40.0),
        text("id", "编号", 38.0),
    ];
    Workbook { sheets: vec![Sheet::new("工作台账", columns)], ..Workbook::default() }
}

fn cells(programme: &Programme, names: &mut Names, row: &EntryRow) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Empty } else { text.into() };
    let activity = programme.activity(&row.activity);
    let unit = activity.map_or(Unit::Items, |activity| activity.unit);
    vec![
        row.from_day.into(),
        row.to_day.into(),
        text(activity.map_or(row.activity.as_str(), |activity| &activity.name)),
        text(&row.county_name),
        text(&row.typical_class),
        text(&row.claimant_name),
        text(&names.shown_if_any(row.person_name.as_ref(), &row.concerned())),
        text(post_name(&row.post)),
        number(unit, row.quantity),
        number(unit, row.confirmed),
        text(unit.label()),
        text(confirmation::mark(row.state).label),
        text(&row.answerer_name),
        text(&row.answered_by),
        when(row.claimed_at).into(),
        row.answered_at.map(when).into(),
        row.project_title.clone().into(),
        activity.map_or(Value::Empty, |activity| text(&filled_in(activity, &row.fields))),
        text(&row.id),
    ]
}

/// A number as a number, where it is a whole one.
fn number(unit: Unit, value: i64) -> Value {
    if unit.in_hundredths() { unit.format(value).into() } else { value.into() }
}

/// The activity's own fields in one cell, each with its label: a list is of many activities.
fn filled_in(activity: &Activity, kept: &str) -> String {
    let nobody = BTreeMap::new();
    let shown = fields::shown(&activity.fields, &fields::parse(kept), "", &nobody);
    let texts = shown.iter().map(|one| {
        let number = one.figure.as_ref().and_then(|figure| figure.value.as_deref());
        let value =
            number.or(one.date.as_deref()).unwrap_or(if one.word.is_empty() { &one.said } else { &one.word });
        format!("{}：{value}", one.label)
    });
    texts.collect::<Vec<_>>().join("；")
}
