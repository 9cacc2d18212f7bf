//! Year-profiles as a workbook: out with what is known, back in by the school itself or, for what comes from the
//! national school system, by an office. What is wrong is reported at its cell, and one mistake keeps everything out.

use super::actions::{self, LoadedProfile};
use super::pages::list::county_schools;
use super::rules::{self, Answers, ElementAnswer, Sheet as ProfileSheet};
use crate::network::registry::{self, OrgRow};
use crate::shared::imports::{self, About, Report, Sent};
use crate::shared::review::Action;
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_documents::{CellError, Column, Kind, Read, Record, Sheet, Value, Workbook, write};
use jiedui_kernel::names::fold;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::{Element, ElementKind, Programme};
use jiedui_store::AuditRecord;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const SHEET: &str = "年度基本情况";

/// The way back from one file.
pub const FROM_TABLE: ImportKind = ImportKind {
    id: "profile",
    name: "年度基本情况",
    right: ("profile", "import"),
    take_back: |ctx, done| Box::pin(take_back(ctx, done)),
};

/// What a file did to one profile.
#[derive(Serialize, Deserialize)]
struct Step {
    school: String,
    year: i32,
    /// As the file left it: whatever was done since has built on it.
    version: i64,
    before: Vec<WrittenBefore>,
}

/// What stood for an element: how it was known, the value, the source. None where nothing did.
#[derive(Serialize, Deserialize)]
struct WrittenBefore {
    element: String,
    held: Option<(String, Option<i64>, String)>,
}

impl WrittenBefore {
    fn of(opened: &LoadedProfile, element: &str) -> Self {
        let held = actions::written(opened, element);
        let parts = |held: rules::ProfileValue| {
            (held.answer.known().to_owned(), held.answer.value(), held.source.to_owned())
        };
        Self { element: element.to_owned(), held: held.map(parts) }
    }

    fn read(self) -> (String, Option<rules::ProfileValue>) {
        let held = self.held.map(|(known, value, source)| rules::ProfileValue {
            answer: ElementAnswer::of(&known, value),
            source: rules::source_of(&source),
        });
        (self.element, held)
    }
}

/// Puts back what stood in the drafts before a file, while nobody wrote in one of them since.
async fn take_back(ctx: &mut RequestContext, done: &str) -> Result<TakenBack> {
    let steps: Vec<Step> = serde_json::from_str(done).map_err(Error::internal)?;
    let (programme, own) = (ctx.programme(), own(ctx));
    let (mut open, mut built) = (Vec::new(), Vec::new());
    for step in steps {
        let opened = actions::open(&mut ctx.tx, &programme, &step.school, step.year).await?;
        // Signed in for another unit, one may read the school and not write there.
        if !ctx.actor.scope.covers(&opened.org.path) {
            return Err(Error::NotFound);
        }
        if opened.version() == step.version {
            open.push((opened, step));
        } else {
            let name = &opened.org.name;
            built.push(format!("{name} {}年度（导入以后又改过或提交了）", step.year));
        }
    }
    if !built.is_empty() {
        return Ok(TakenBack::Built(built));
    }
    let number = open.len();
    for (opened, step) in open {
        let before: Vec<_> = step.before.into_iter().map(WrittenBefore::read).collect();
        actions::put_back(&mut ctx.tx, &opened, &before, own).await?;
    }
    Ok(TakenBack::Done(number))
}

/// Whether the caller tells of its own school alone; an office brings what the national system has.
fn own(ctx: &RequestContext) -> bool {
    ctx.can("profile", "edit")
}

fn columns(programme: &Programme, own: bool) -> Vec<&Element> {
    programme.asked_elements().filter(|element| own || element.imported).collect()
}

fn heading(element: &Element) -> String {
    format!("{}（{}）", element.name, rules::unit_word(element))
}

fn spec(programme: &Programme, own: bool, title: &str) -> Workbook {
    let mut all = vec![
        Column::new("school", "学校名称", Kind::Text).required().width(36.0).help("全称，与院校库一致"),
        Column::new("year", "年度", Kind::Integer).required().help("哪一年的情况，如 2026"),
    ];
    for element in columns(programme, own) {
        let help = match element.kind {
            ElementKind::Number => "填数；不知道写“未知”，没有这回事写“不适用”；留空表示不改",
            ElementKind::Date => "写成 2026-08-31；不知道写“未知”，没有这回事写“不适用”",
        };
        all.push(Column::new(&element.id, &heading(element), Kind::Text).help(help));
    }
    let sheet = Sheet::new(SHEET, all).above([title]);
    Workbook { sheets: vec![sheet], lists: BTreeMap::new() }
}

/// The sheet as the caller fills it in; who does not sees what a school fills in.
pub fn description(ctx: &RequestContext) -> Workbook {
    let whole = own(ctx) || !ctx.can("profile", "import");
    spec(&ctx.programme(), whole, SHEET)
}

fn describe(element: &Element, sheet: &ProfileSheet) -> Value {
    match sheet.get(&element.id).map(|held| held.answer) {
        Some(ElementAnswer::Value(value)) => rules::typed(element, value).into(),
        Some(ElementAnswer::Unknown) => "未知".into(),
        Some(ElementAnswer::NotApplicable) => "不适用".into(),
        None => Value::Empty,
    }
}

fn year_of(ctx: &RequestContext) -> i32 {
    let programme = ctx.programme();
    let years = rules::years(&programme, ctx.today);
    let asked = ctx.query.year("year").filter(|year| years.contains(year));
    asked.unwrap_or_else(|| rules::open_year(&programme, ctx.today))
}

/// One row for each school visible to the caller: what was handed in, for the school itself its draft and last year's values.
pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, year, own) = (ctx.programme(), year_of(ctx), own(ctx));
    // The form that an office fills asks only for what it may bring; otherwise everything goes out.
    let whole = own || ctx.query.get("for") != "import";
    let schools = schools(ctx, own, year).await?;
    let mut rows = Vec::new();
    let due = year >= rules::first_year(&programme);
    for org in schools.iter().filter(|_| due) {
        let opened = actions::open(&mut ctx.tx, &programme, &org.id, year).await?;
        if !opened.review.row.expected && opened.row.is_none() {
            continue;
        }
        let in_hand = opened.row.as_ref().is_some_and(|row| row.state.in_hand());
        let mut sheet = match &opened.before {
            Some((_, before)) if own && !in_hand => before.clone(),
            _ => ProfileSheet::new(),
        };
        if own {
            sheet.extend(opened.wanted());
        } else if in_hand {
            sheet.extend(opened.sheet);
        }
        let mut row: Vec<Value> = vec![org.name.clone().into(), i64::from(year).into()];
        row.extend(columns(&programme, whole).into_iter().map(|element| describe(element, &sheet)));
        rows.push(row);
    }
    let spec = spec(&programme, whole, &format!("{year}年度基本情况"));
    let make = move || write(&spec, [rows]).map_err(Error::internal);
    Ok(Reply::made(format!("{year}年度基本情况.xlsx"), XLSX, make))
}

async fn schools(ctx: &mut RequestContext, own: bool, year: i32) -> Result<Vec<OrgRow>> {
    if !own {
        return county_schools(ctx, year).await;
    }
    let id = ctx.actor.org.clone();
    Ok(vec![registry::find(&mut ctx.tx, &id).await?])
}

#[derive(Serialize)]
struct ImportView {
    own: bool,
    book: String,
    /// What an office may bring: names of elements.
    elements: Vec<String>,
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, "", &[])
}

fn page(ctx: &RequestContext, file_error: &str, problems: &[CellError]) -> Result<Reply> {
    let (programme, own) = (ctx.programme(), own(ctx));
    let failed = !file_error.is_empty() || !problems.is_empty();
    let errors = match file_error {
        "" => Vec::new(),
        words => vec![FieldError::new("file", Code::Faulty.says(words))],
    };
    let book = format!("/profiles/book?year={}", rules::open_year(&programme, ctx.today));
    let view = ImportView {
        own,
        book: if own { book } else { format!("{book}&for=import") },
        elements: columns(&programme, own).into_iter().map(|element| element.name.clone()).collect(),
        errors,
        file_error: file_error.to_owned(),
        problems: Problems::of(problems),
    };
    let lead = if own {
        "在表格里填好本校的数再传回来；导入后是草稿，核对后提交。"
    } else {
        "把全国技工院校信息管理系统里已有的数带进来，学校不用再填一遍；导入后是草稿，由学校核对提交。"
    };
    let page = Page::new("从表格导入年度基本情况", lead)
        .clause("T1.1")
        .back("/profiles", "年度基本情况")
        .kind("form");
    Ok(Reply::view("evidence/profiles/import.html", page, &view)?.refused(failed))
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let Some(received) = imports::receive(ctx).await? else {
        let page = page(ctx, "还没有选择文件。请选择填好的表格后再点“检查并导入”。", &[])?;
        return Ok(Prepared::Answered(page));
    };
    Ok(imports::prepare(spec(&ctx.programme(), own(ctx), SHEET), received))
}

pub async fn import(ctx: &mut RequestContext, mut sent: Sent) -> Result<Reply> {
    if let Some(reply) = imports::cancelled(ctx, &sent, "/profiles").await? {
        return Ok(reply);
    }
    let found = match sent.rows() {
        Ok(found) => found,
        Err(errors) => return refused(ctx, &errors),
    };
    let mut report = Report::of_drafts(&found);
    let planned = looked_at(ctx, &found, &mut report).await?;
    if !report.errors.is_empty() {
        return refused(ctx, &report.faults());
    }
    let about = About { back: ("/profiles".to_owned(), "年度基本情况"), carried: Vec::new() };
    if let Some(preview) = imports::look(ctx, &sent, &report, &about).await? {
        return Ok(preview);
    }
    // From here on it may write.
    let steps = take_in(ctx, &planned).await?;
    let done = report.count(imports::Outcome::Made) + report.count(imports::Outcome::Changed);
    let text = match (done, own(ctx)) {
        (0, _) => "表里没有可以导入的数，或者和系统里的一致。".to_owned(),
        (_, true) => "已导入为草稿。请打开核对，没有问题再提交。".to_owned(),
        (done, false) => format!("已导入 {done} 所学校的数，作为草稿由学校核对提交。"),
    };
    let mut flash = Flash::done(text);
    if report.writes() {
        let undo = imports::keep_done(&mut ctx.tx, &FROM_TABLE, (sent.book(), &report), &steps).await?;
        flash = flash.undo(undo, "撤销这次导入");
        let file =
            AuditRecord { action: "profile.take_in", resource: "import", resource_id: &sent.book().sha256 };
        ctx.tx.audit(file, &sent.record(&report)).await?;
    }
    Ok(Reply::done("/profiles", flash))
}

/// What the file would do to each profile; nothing is written.
async fn looked_at(
    ctx: &mut RequestContext,
    found: &Read,
    report: &mut Report,
) -> Result<Vec<(LoadedProfile, Answers)>> {
    let mut planned = Vec::new();
    let (programme, own) = (ctx.programme(), own(ctx));
    // Partners' schools are read, not filled in.
    let year = year_of(ctx);
    let mut schools = schools(ctx, own, year).await?;
    schools.retain(|org| ctx.actor.scope.covers(&org.path));
    let mut seen = BTreeSet::new();
    for record in found.sheet(SHEET) {
        let (opened, answers) = match one(ctx, &programme, &schools, record, own).await? {
            Ok(read) => read,
            Err(told) => {
                report.errors.extend(told);
                continue;
            }
        };
        if !seen.insert((opened.org.id.clone(), opened.year)) {
            let reason = "这所学校的这一年在表里出现了两次";
            report.errors.push(record.error("school", reason, "请只留一行"));
            continue;
        }
        report.errors.extend(impossible(&programme, &opened, &answers, record));
        let changes = changes(&programme, own, &opened, &answers);
        if changes.is_empty() {
            report.same();
        }
        if changes.is_empty() || !report.errors.is_empty() {
            continue;
        }
        report.changed(record, &format!("{} {}年度", opened.org.name, opened.year), changes, "");
        planned.push((opened, answers));
    }
    Ok(planned)
}

/// Writes what was looked at, as long as nobody wrote in one of the profiles since; what it did to each.
async fn take_in(ctx: &mut RequestContext, planned: &[(LoadedProfile, Answers)]) -> Result<Vec<Step>> {
    let (programme, own) = (ctx.programme(), own(ctx));
    let mut done = Vec::new();
    for (seen, answers) in planned {
        let opened = actions::open(&mut ctx.tx, &programme, &seen.org.id, seen.year).await?;
        if opened.version() != seen.version() {
            let words =
                format!("{} {}年度刚被别人改过，没有写入。请重新上传。", opened.org.name, opened.year);
            return Err(Error::Conflict(words));
        }
        if own {
            actions::save(&mut ctx.tx, &programme, &opened, opened.version(), answers).await?;
        } else {
            actions::import(&mut ctx.tx, &programme, &opened, answers).await?;
        }
        let before = answers.keys().map(|element| WrittenBefore::of(&opened, element)).collect();
        let (school, year) = (opened.org.id.clone(), opened.year);
        let version = actions::open(&mut ctx.tx, &programme, &school, year).await?.version();
        done.push(Step { school, year, version, before });
    }
    Ok(done)
}

/// What the row says otherwise than what is known already, by the headings of the sheet.
fn changes(programme: &Programme, own: bool, opened: &LoadedProfile, answers: &Answers) -> Vec<[String; 3]> {
    let before = opened.wanted();
    let after = told(&before, answers);
    let all = spec(programme, own, SHEET).sheets.swap_remove(0);
    let cells = |sheet: &ProfileSheet| {
        let unnamed = [Value::Empty, Value::Empty].into_iter();
        let said = columns(programme, own).into_iter().map(|element| describe(element, sheet));
        unnamed.chain(said).collect::<Vec<Value>>()
    };
    imports::differences(&all, (&cells(&before), &cells(&after)), &[])
}

/// What is known once the row is taken in.
fn told(before: &ProfileSheet, answers: &Answers) -> ProfileSheet {
    let mut sheet = before.clone();
    for (id, answer) in answers {
        sheet.insert(id.clone(), rules::ProfileValue { answer: *answer, source: "imported" });
    }
    sheet
}

/// What the row says that cannot be, beside what is known already, each at its cell.
fn impossible(
    programme: &Programme,
    opened: &LoadedProfile,
    answers: &Answers,
    record: &Record,
) -> Vec<CellError> {
    let sheet = told(&opened.wanted(), answers);
    let errors = rules::impossible(programme, &sheet, opened.year);
    let help = "请核对这一行的几个数";
    errors.iter().map(|error| record.error(&error.field, &error.message, help).coded(&error.code)).collect()
}

fn refused(ctx: &RequestContext, errors: &[CellError]) -> Result<Reply> {
    match errors {
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        [one] if one.sheet.is_empty() => page(ctx, &format!("{one}。"), &[]),
        errors => page(ctx, "", errors),
    }
}

type RowOutcome = std::result::Result<(LoadedProfile, Answers), Vec<CellError>>;

/// One row: the profile that it is about, and what it says.
async fn one(
    ctx: &mut RequestContext,
    programme: &Programme,
    schools: &[OrgRow],
    record: &Record,
    own: bool,
) -> Result<RowOutcome> {
    let fail = |key: &str, reason: &str, help: &str| Ok(Err(vec![record.error(key, reason, help)]));
    let Some(org) = schools.iter().find(|org| fold(&org.name) == fold(record.text("school"))) else {
        let help = if own {
            "只能导入本校的数，请写本校全称"
        } else {
            "请写全称；更名的写现在的名称"
        };
        return fail("school", "不是本单位能填的对口县级院校", help);
    };
    let year = record.integer("year").and_then(|year| i32::try_from(year).ok()).unwrap_or(0);
    let opened = match actions::open(&mut ctx.tx, programme, &org.id, year).await {
        Ok(opened) => opened,
        Err(Error::NotFound) => return fail("year", "不在可以填报的年度里", "请写已经到了填报日的年度"),
        Err(other) => return Err(other),
    };
    let draft = opened.row.as_ref().is_none_or(|row| row.state.drafted());
    if !(if own { opened.can(Action::Edit) } else { draft }) {
        let help = "待接收的先由学校收回，已接收的由学校更正";
        return fail("year", "这一年已经提交或接收，不再从表格改", help);
    }
    let (mut answers, mut errors) = (Answers::new(), Vec::new());
    for element in columns(programme, own) {
        let answer = match record.text(&element.id) {
            "" => continue,
            "未知" => ElementAnswer::Unknown,
            "不适用" => ElementAnswer::NotApplicable,
            text => match rules::read_value(element, text) {
                Ok(value) => ElementAnswer::Value(value),
                Err(why) => {
                    let why = why.words.trim_end_matches('。');
                    errors.push(record.error(&element.id, why, "没有数就写“未知”或“不适用”"));
                    continue;
                }
            },
        };
        answers.insert(element.id.clone(), answer);
    }
    Ok(if errors.is_empty() { Ok((opened, answers)) } else { Err(errors) })
}
