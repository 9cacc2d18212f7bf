//! Many entries of one activity from a workbook (principle 1: what stands in a table already is not typed again). Each
//! row is claimed as the form would claim it; what is wrong is reported at its cell, and one mistake keeps everything out.

use super::super::actions::claim::{self, NewEntry};
use super::super::actions::correct;
use super::super::actions::offers::{self, Offer};
use super::super::pages::form as entry_form;
use super::super::{EntryRow, rows_of, rules};
use crate::network::pairings::PairingRow;
use crate::shared::confirmation;
use crate::shared::imports::{self, About, Report, Sent};
use crate::shared::retired;
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_documents::{CellError, Column, Kind, Record, Sheet, Workbook, template as empty};
use jiedui_kernel::names::fold;
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result, Unit};
use jiedui_programme::parts::{Input, PARTS, Part, Takes, inputs};
use jiedui_programme::{Activity, FieldKind, Retires as _};
use jiedui_store::AuditRecord;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;
use std::collections::BTreeMap;

/// More rows than this in one file are a table of somebody else's.
const MOST_ROWS: usize = 500;
const YES: &str = "是";

/// What names stand for in the workbook of one activity.
struct Names {
    pairings: Vec<PairingRow>,
    offers: Vec<(Part, Vec<Offer>)>,
    /// Nobody in particular fills it in: every column is there, and what is chosen from one's own is written as text.
    anybody: bool,
}

impl Names {
    fn of(&self, part: Part) -> &[Offer] {
        self.offers.iter().find(|(of, _)| *of == part).map_or(&[][..], |(_, offers)| offers)
    }

    /// Whether the workbook has a column for it: what is the same in each row, or cannot be chosen, is left out.
    fn asks(&self, part: Part, input: &Input) -> bool {
        match part {
            _ if self.anybody => true,
            Part::Pairing => self.pairings.len() > 1,
            Part::Project => input.required || !self.of(part).is_empty(),
            _ => true,
        }
    }
}

fn sheet_name(activity: &Activity) -> String {
    let fine = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    activity.name.chars().filter(fine).take(31).collect()
}

async fn names(ctx: &mut RequestContext, activity: &Activity) -> Result<Names> {
    retired::refuse(activity, ctx.today)?;
    let pairings = claim::pairings_for(&mut ctx.tx, activity).await?;
    if pairings.is_empty() {
        return Err(Error::Forbidden(format!("本单位现在没有可以登记“{}”的结对。", activity.name)));
    }
    let (mut offers, programme) = (Vec::new(), ctx.programme());
    for part in PARTS.into_iter().filter(|part| !part.inputs(activity).is_empty()) {
        offers.push((part, offers::offers(&mut ctx.tx, part, (&programme, activity), &pairings, "").await?));
    }
    Ok(Names { pairings, offers, anybody: false })
}

/// The workbook of an activity as the caller fills it in; for who cannot claim it, as anybody would.
pub async fn description(ctx: &mut RequestContext, activity: &Activity) -> Result<Workbook> {
    let mine = claim::pairings_for(&mut ctx.tx, activity).await?;
    if mine.is_empty() || !activity.is_offered_on(ctx.today) {
        return Ok(spec(activity, &Names { pairings: Vec::new(), offers: Vec::new(), anybody: true }));
    }
    Ok(spec(activity, &names(ctx, activity).await?))
}

fn spec(activity: &Activity, names: &Names) -> Workbook {
    let asked = || inputs(activity).filter(|(part, input)| names.asks(*part, input));
    let mut lists = BTreeMap::from([(YES.to_owned(), vec![YES.to_owned()])]);
    for (part, input) in asked() {
        match input.takes {
            Takes::One if !names.anybody => {
                lists.insert(input.label, names.of(part).iter().map(|offer| offer.name.clone()).collect());
            }
            Takes::Field(field) if field.kind == FieldKind::Choice => {
                lists.insert(input.label, field.options.iter().map(|option| option.name.clone()).collect());
            }
            _ => {}
        }
    }
    let columns = asked().map(|(part, input)| column(activity, names, (part, &input))).collect();
    Workbook { sheets: vec![Sheet::new(&sheet_name(activity), columns)], lists }
}

/// An input as a column.
fn column(activity: &Activity, names: &Names, (part, input): (Part, &Input)) -> Column {
    let with_unit = |unit: Unit| format!("{}（{}）", input.label, unit.label());
    let (heading, kind) = match &input.takes {
        Takes::Day => (input.label.clone(), Kind::Date),
        Takes::Number(unit) => (with_unit(*unit), number_kind(*unit)),
        Takes::One if !names.anybody => (input.label.clone(), Kind::Choice(input.label.clone())),
        Takes::One | Takes::OnePerson | Takes::People => (input.label.clone(), Kind::Text),
        Takes::Yes => (input.label.clone(), Kind::Choice(YES.to_owned())),
        Takes::Field(field) => (field.unit.map_or(input.label.clone(), with_unit), kind_of(field)),
    };
    let column = Column::new(&input.name, &heading, kind).help(&help(activity, part, input));
    // So that "12人次" is read where what is counted are 人次, and nowhere else.
    let unit = match &input.takes {
        Takes::Number(unit) => Some(*unit),
        Takes::Field(field) => field.unit,
        _ => None,
    };
    let column = match unit {
        Some(unit) => column.unit(unit.label()),
        None => column,
    };
    let column = match input.takes {
        Takes::One | Takes::People => column.width(28.0),
        _ => column,
    };
    if input.required { column.required() } else { column }
}

fn help(activity: &Activity, part: Part, input: &Input) -> String {
    if let Takes::Field(field) = &input.takes
        && let Some(when) = field.condition(&activity.fields)
    {
        return format!("{when}，其余留空。{}", field.help);
    }
    let help = match (part, &input.takes) {
        (_, Takes::Field(field)) => &field.help,
        (Part::Time, _) if input.name == "to" => "这一天也算在内",
        (Part::Person, _) => "本单位在册人员的姓名；没有的先登记任职",
        (Part::Roster, _) => "学校在册人员的姓名，用顿号隔开，可不填",
        (Part::Joint, _) => "合办只登记一条；对方写明自己的人才计入对方",
        (Part::Again, _) => "与已登记的一条或表里的另一行完全相同、但确实是另一次时，填“是”；其余留空",
        _ => "",
    };
    help.to_owned()
}

/// Numbers with decimals are read as text, because a column holds whole ones.
fn number_kind(unit: Unit) -> Kind {
    if unit.in_hundredths() { Kind::Text } else { Kind::Integer }
}

fn kind_of(field: &jiedui_programme::Field) -> Kind {
    match field.kind {
        FieldKind::Number => number_kind(field.unit.unwrap_or(Unit::Items)),
        FieldKind::Date => Kind::Date,
        FieldKind::Choice => Kind::Choice(field.label.clone()),
        FieldKind::Yes => Kind::Choice(YES.to_owned()),
        _ => Kind::Text,
    }
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
    let names = names(ctx, &activity).await?;
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
    let names = names(ctx, &activity).await?;
    Ok(imports::prepare(spec(&activity, &names), received))
}

pub async fn submit(ctx: &mut RequestContext, mut sent: Sent) -> Result<Reply> {
    let activity = asked(ctx).ok_or(Error::NotFound)?;
    if let Some(reply) = imports::cancelled(ctx, &sent, "/entries/import").await? {
        return Ok(reply);
    }
    let names = names(ctx, &activity).await?;
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
    let (mut report, batch) = (Report::of(&found), ctx.tx.new_id());
    for record in &found.records {
        one(ctx, (&activity, &names), (record, &batch), &mut report).await?;
    }
    if !report.errors.is_empty() {
        return page(ctx, Vec::new(), &report.faults()).await;
    }
    let carried = vec![("activity", activity.id.clone())];
    let about = About { back: ("/entries/import".to_owned(), "从表格登记"), carried };
    if let Some(preview) = imports::look(ctx, &sent, &report, &about).await? {
        return Ok(preview);
    }
    let file = AuditRecord { action: "entry.import", resource: "import", resource_id: &sent.book().sha256 };
    let number = found.records.len();
    let done = (&batch, i64::try_from(number).unwrap_or(0));
    let undo = imports::keep_done(&mut ctx.tx, &FROM_TABLE, (sent.book(), &report), &done).await?;
    ctx.tx.audit(file, &sent.record(&report)).await?;
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

/// Claims one row, or tells what is wrong with it. Rows before it are claimed already, so that a double in the file is seen.
async fn one(
    ctx: &mut RequestContext,
    (activity, names): (&Activity, &Names),
    (record, batch): (&Record, &str),
    report: &mut Report,
) -> Result<()> {
    let told = |error: &FieldError| {
        record.error(&error.field, error.message.trim_end_matches('。'), "").coded(&error.code)
    };
    let new = match entry(activity, names, record).or_wrong()? {
        Ok(new) => new,
        Err(errors) => {
            report.errors.extend(errors.iter().map(told));
            return Ok(());
        }
    };
    let programme = ctx.programme();
    match claim::claim_in_batch(&mut ctx.tx, &programme, activity, &new, batch).await.or_wrong()? {
        Ok(_) => report.made(record, &described(activity, names, record)),
        Err(errors) => report.errors.extend(errors.iter().map(told)),
    }
    Ok(())
}

/// What a row claims, as the preview names it: its cells in the order of the form.
fn described(activity: &Activity, names: &Names, record: &Record) -> String {
    let asked = inputs(activity).filter(|(part, input)| names.asks(*part, input));
    let cell = |name: &str| match (record.date(name), record.integer(name)) {
        (Some(day), _) => day.to_string(),
        (None, Some(number)) => number.to_string(),
        (None, None) => record.text(name).to_owned(),
    };
    let cells = asked.map(|(_, input)| cell(&input.name)).filter(|text| !text.is_empty());
    cells.collect::<Vec<_>>().join("，")
}

/// What a row claims: its cells become what the form would have sent, and are read like it.
fn entry(activity: &Activity, names: &Names, record: &Record) -> Result<NewEntry> {
    let mut reader = Reader::default();
    let offered = names.of(Part::Pairing);
    let pairing = match offered {
        [only] => &only.id,
        _ => match offered.iter().find(|offer| fold(&offer.name) == fold(record.text("pairing"))) {
            Some(offer) => &offer.id,
            None => {
                let mistake = Code::NotListed.says("没有这组结对，请从代码表里选");
                return Err(Error::field("pairing", mistake));
            }
        },
    };
    let mut sent = Vec::new();
    for (part, input) in inputs(activity) {
        let here = |offer: &&Offer| offer.pairing.is_empty() || offer.pairing == *pairing;
        let text = record.text(&input.name);
        let mut id = |name: &str| {
            let found = names.of(part).iter().filter(here).filter(|offer| fold(&offer.name) == fold(name));
            only(found, name, part).map_err(|mistake| reader.fail(&input.name, mistake)).ok()
        };
        let values = match &input.takes {
            _ if part == Part::Pairing => vec![pairing.clone()],
            Takes::One | Takes::OnePerson => {
                Some(text).filter(|text| !text.is_empty()).and_then(id).into_iter().collect()
            }
            Takes::People => {
                let parts = text.split(['、', '，', ',', '；', ';', ' ']).map(str::trim);
                parts.filter(|name| !name.is_empty()).filter_map(&mut id).collect()
            }
            Takes::Day => record.date(&input.name).iter().map(ToString::to_string).collect(),
            Takes::Number(_) => vec![number(record, &input.name)],
            Takes::Yes => vec![yes(text)],
            Takes::Field(field) => vec![typed(field, record)],
        };
        sent.extend(values.into_iter().map(|value| (input.name.clone(), value)));
    }
    // A cell of another kind is a mistake in the table, not something to pass over.
    let chosen = |id: &str| sent.iter().find(|(name, _)| name == id).map_or("", |(_, value)| value.as_str());
    for field in activity.fields.iter().filter(|field| !chosen(&field.id).is_empty()) {
        if !field.is_asked(&activity.fields, &chosen) {
            let when = field.condition(&activity.fields).unwrap_or_default();
            reader.fail(&field.id, Code::NotFitting.says(format!("{when}，这一行不是；请清空这一格")));
        }
    }
    let sent = FormValues::made(sent.iter().map(|(name, value)| (name.as_str(), value.clone())));
    let read = entry_form::read(&sent, activity, &names.pairings).or_wrong()?;
    let (new, rest) = read.map_or_else(|errors| (None, errors), |new| (Some(new), Vec::new()));
    let mut errors = reader.errors;
    for error in rest {
        if errors.iter().all(|told| told.field != error.field) {
            errors.push(error);
        }
    }
    new.filter(|_| errors.is_empty()).ok_or(Error::Invalid(errors))
}

/// The one of that name; two of one name cannot be told apart here.
fn only<'a>(found: impl Iterator<Item = &'a Offer>, name: &str, part: Part) -> Result<String, Mistake> {
    let mut ids: Vec<&String> = found.map(|offer| &offer.id).collect();
    ids.dedup();
    match (ids.as_slice(), part) {
        ([only], _) => Ok((*only).clone()),
        ([], Part::Project) => Err(Code::NotListed.says("这所学校没有这个已备案、按同一单位计数的项目")),
        ([], _) => Err(Code::NotListed.says(format!("没有“{name}”在册，请核对姓名，或先登记任职"))),
        _ => Err(Code::Ambiguous.says(format!("有几个人都叫“{name}”，请在“登记工作”里单独登记"))),
    }
}

fn yes(text: &str) -> String {
    if text == YES { "yes".to_owned() } else { String::new() }
}

fn number(record: &Record, name: &str) -> String {
    record.integer(name).map_or_else(|| record.text(name).to_owned(), |number| number.to_string())
}

/// The cell of one of the activity's own fields as its form would have sent it.
fn typed(field: &jiedui_programme::Field, record: &Record) -> String {
    let text = record.text(&field.id);
    match field.kind {
        FieldKind::Date => record.date(&field.id).map(|day| day.to_string()).unwrap_or_default(),
        FieldKind::Yes => yes(text),
        FieldKind::Choice => {
            let option = field.options.iter().find(|option| option.name == text);
            option.map_or_else(|| text.to_owned(), |option| option.id.clone())
        }
        _ => number(record, &field.id),
    }
}
