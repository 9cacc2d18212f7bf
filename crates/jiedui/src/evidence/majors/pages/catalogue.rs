//! The catalogue of majors as a file: an edition comes in whole or not at all. What nobody has held against the printed
//! catalogue is marked so, wherever it is shown.

use super::super::actions::{self, Done};
use super::super::data::{self, CatalogueRow, MajorRow};
use crate::shared::imports::{self, About, Report, Sent};
use jiedui_documents::{CellError, Column, Kind, Read, Record, Sheet, Workbook, template as empty};
use jiedui_kernel::names::fold;
use jiedui_kernel::{Code, Date, Error, FieldError, Reported, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::{AuditRecord, Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::figure::Figure;
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::work::Prepared;
use jiedui_web::workbook::SentWorkbook;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

const SHEET: &str = "专业目录";
const VERIFIED: &str = "已核实";
const UNVERIFIED: &str = "未核实";
const FASTER: &str = "这一版专业目录刚被同事改过，这份表格没有写入。请重新核对后再确认。";

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub made: i64,
    pub changed: i64,
    pub same: i64,
}

fn spec(programme: &Programme) -> Workbook {
    let choice = |name: &str| Kind::Choice(name.to_owned());
    let columns = vec![
        Column::new("code", "专业代码", Kind::Text).code().help("目录里的代码；没有把握就留空，不要编"),
        Column::new("name", "专业名称", Kind::Text).required().width(30.0),
        Column::new("category", "专业大类", choice("专业大类")).required(),
        Column::new("verified", "核实情况", choice("核实情况"))
            .required()
            .help("和正式目录逐条对过的才写已核实"),
        Column::new("source", "来源", Kind::Text).width(36.0).help("已核实的写明依据的文件"),
    ];
    let lists = BTreeMap::from([
        ("专业大类".to_owned(), programme.matching.categories.names.clone()),
        ("核实情况".to_owned(), vec![VERIFIED.to_owned(), UNVERIFIED.to_owned()]),
    ]);
    Workbook { sheets: vec![Sheet::new(SHEET, columns)], lists }
}

/// Reads a file and takes it in, in one go: for the demonstration and for tests.
pub async fn import(
    tx: &mut Tx,
    programme: &Programme,
    of: (&str, &str),
    (bytes, file_name): (&[u8], &str),
) -> Result<Result<Count, Vec<CellError>>> {
    let mut sent = SentWorkbook::read(&spec(programme), bytes, file_name);
    let rows = std::mem::replace(&mut sent.rows, Ok(Read::default()));
    let found = match rows {
        Ok(found) => found,
        Err(errors) => return Ok(Err(errors)),
    };
    let plan = Plan::of(Standing::read(tx, of.0).await?, of, &found);
    if !plan.report.errors.is_empty() {
        return Ok(Err(plan.report.faults()));
    }
    write(tx, of, &sent, &plan).await?;
    Ok(Ok(Count::of(&plan.report)))
}

impl Count {
    fn of(report: &Report) -> Self {
        let number = |outcome| report.count(outcome) as i64;
        let (made, changed) = (number(imports::Outcome::Made), number(imports::Outcome::Changed));
        Self { made, changed, same: report.unchanged() as i64 }
    }
}

/// What stands of an edition: all that a file is compared with.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    /// Its id, its source and when it was read, where it is there.
    edition: Option<(String, String, Date)>,
    majors: Vec<MajorRow>,
}

impl Standing {
    async fn read(tx: &mut Tx, edition: &str) -> Result<Self> {
        let edition = tx.maybe::<(String, String, Date)>(&data::CATALOGUE_NAMED, args![edition]).await?;
        let majors = match &edition {
            Some((id, ..)) => tx.all::<MajorRow>(&data::MAJORS_OF, args![id]).await?,
            None => Vec::new(),
        };
        Ok(Self { edition, majors })
    }

    /// Refuses to write where it was changed since it was read. The edition is taken first, so that nobody is
    /// while it is written.
    async fn still(&self, tx: &mut Tx, edition: &str) -> Result<()> {
        if let Some((id, ..)) = &self.edition {
            tx.write(&data::LOCK_CATALOGUE, args![id]).await?;
        }
        if Self::read(tx, edition).await? == *self {
            return Ok(());
        }
        Err(Error::Conflict(FASTER.to_owned()))
    }
}

/// What a file would do to an edition, found out without writing it, or everything that is wrong with the file.
struct Plan {
    report: Report,
    standing: Standing,
    /// They have no ids yet.
    made: Vec<MajorRow>,
    /// As it is, and as the file has it.
    changed: Vec<(MajorRow, MajorRow)>,
}

impl Plan {
    /// The same file again changes nothing; an edition that is there is brought up to date, and majors that the file
    /// leaves out stay, because schools may offer them.
    fn of(standing: Standing, (edition, source): (&str, &str), found: &Read) -> Self {
        let mut plan = Self { report: Report::of(found), standing, made: Vec::new(), changed: Vec::new() };
        let records: Vec<&Record> = found.sheet(SHEET).collect();
        if records.is_empty() {
            plan.report.errors.push(CellError::file("文件里只有标题，没有一行专业", "请填写后再上传"));
            return plan;
        }
        plan.report.errors.extend(check(&records));
        if !plan.report.errors.is_empty() {
            return plan;
        }
        if let Some((_, before, _)) = plan.standing.edition.as_ref().filter(|old| old.1 != source) {
            let why = format!("文件出处由“{before}”改为“{source}”");
            plan.report.tell(imports::Outcome::Changed, (SHEET, 0), edition, &why);
        }
        let old: HashMap<String, MajorRow> =
            plan.standing.majors.iter().map(|row| (fold(&row.name), row.clone())).collect();
        for (record, place) in records.into_iter().zip(1_i64..) {
            plan.row((record, place), old.get(&fold(record.text("name"))));
        }
        plan
    }

    fn row(&mut self, (record, place): (&Record, i64), old: Option<&MajorRow>) {
        let verified = record.text("verified") == VERIFIED;
        let [code, name, category, source] =
            ["code", "name", "category", "source"].map(|key| record.text(key).to_owned());
        let Some(row) = old else {
            self.report.made(record, &name);
            self.made.push(MajorRow { id: String::new(), code, name, category, verified, source, place });
            return;
        };
        // What the file has no column for stays as it is; a name is known however it is spaced.
        let kept = |key: &str, new: String, before: &str| {
            if record.has(key) { new } else { before.to_owned() }
        };
        let new = MajorRow {
            code: kept("code", code, &row.code),
            category,
            verified,
            source: kept("source", source, &row.source),
            place,
            ..row.clone()
        };
        if new == *row {
            self.report.same();
            return;
        }
        self.report.changed(record, &name, differences(row, &new), "");
        self.changed.push((row.clone(), new));
    }
}

fn differences(old: &MajorRow, new: &MajorRow) -> Vec<[String; 3]> {
    let words = |verified: bool| if verified { VERIFIED } else { UNVERIFIED }.to_owned();
    let said = |row: &MajorRow| {
        let place = row.place.to_string();
        [row.code.clone(), row.category.clone(), words(row.verified), row.source.clone(), place]
    };
    let labels = ["专业代码", "专业大类", "核实情况", "来源", "次序"];
    let pairs = labels.into_iter().zip(said(old)).zip(said(new));
    let differs = pairs.filter(|((_, before), after)| before != after);
    differs.map(|((label, before), after)| [label.to_owned(), before, after]).collect()
}

/// Writes what was found out; with the address at which that is taken back, where anything was to be written.
async fn write(
    tx: &mut Tx,
    (edition, source): (&str, &str),
    sent: &SentWorkbook,
    plan: &Plan,
) -> Result<Option<String>> {
    let mut done = edition_row(tx, (edition, source), plan.standing.edition.as_ref()).await?;
    for row in &plan.made {
        let row = MajorRow { id: tx.new_id(), ..row.clone() };
        let MajorRow { id, code, name, category, verified, source, place } = &row;
        let values = args![id, &done.catalogue, *place, code, name, category, *verified, source];
        tx.write(&data::INSERT_MAJOR, values).await?;
        done.made.push(row);
    }
    for (_, new) in &plan.changed {
        let values = args![&new.id, new.place, &new.code, &new.category, new.verified, &new.source];
        tx.write_one(&data::UPDATE_MAJOR, values).await?;
    }
    done.changed.clone_from(&plan.changed);
    let undo = if plan.report.writes() {
        Some(imports::keep_done(tx, &actions::IMPORT, (sent, &plan.report), &done).await?)
    } else {
        None
    };
    let count = Count::of(&plan.report);
    let body = serde_json::json!({ "edition": edition, "source": source, "file": sent.name, "count": count });
    let leaf = AuditRecord { action: "major.import", resource: "major", resource_id: &done.catalogue };
    tx.audit(leaf, &body).await?;
    Ok(undo)
}

/// Everything that the description of the columns cannot say.
fn check(records: &[&Record]) -> Vec<CellError> {
    let mut errors = Vec::new();
    let (mut names, mut codes): (HashMap<String, u32>, HashMap<&str, u32>) = (HashMap::new(), HashMap::new());
    for record in records {
        let (name, code) = (record.text("name"), record.text("code"));
        if name.chars().count() > 40 {
            errors.push(record.error("name", "专业名称超过 40 个字", "请核对是否填错了列"));
        }
        if let Some(first) = names.insert(fold(name), record.row) {
            errors.push(record.error("name", format!("和第 {first} 行同名"), "同一专业只写一行"));
        }
        if !code.is_empty() {
            let fine = (2..=8).contains(&code.len()) && code.chars().all(|c| c.is_ascii_digit());
            if !fine {
                errors.push(record.error("code", "不像专业代码", "代码是两位到八位数字；没有把握就留空"));
            } else if let Some(first) = codes.insert(code, record.row) {
                errors.push(record.error(
                    "code",
                    format!("和第 {first} 行的代码相同"),
                    "请核对其中哪一个错了",
                ));
            }
        }
        if record.text("verified") == VERIFIED && record.text("source").is_empty() {
            errors.push(record.error("verified", "写了已核实，但没有来源", "请在来源列写明依据的文件"));
        }
    }
    errors
}

async fn edition_row(
    tx: &mut Tx,
    (edition, source): (&str, &str),
    old: Option<&(String, String, Date)>,
) -> Result<Done> {
    let today = tx.today();
    let source_now = source.to_owned();
    if let Some((id, before, read_on)) = old {
        tx.write_one(&data::UPDATE_CATALOGUE, args![id, source, today]).await?;
        let before = Some((before.clone(), *read_on));
        return Ok(Done { catalogue: id.clone(), source: source_now, before, ..Done::default() });
    }
    let id = tx.new_id();
    tx.write(&data::INSERT_CATALOGUE, args![&id, edition, source, today]).await?;
    Ok(Done { catalogue: id, source: source_now, ..Done::default() })
}

#[derive(Serialize)]
struct View {
    editions: Vec<Edition>,
    edition: Field,
    source: Field,
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

#[derive(Serialize)]
struct Edition {
    row: CatalogueRow,
    majors: Figure,
    verified: Figure,
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new(), "", &[]).await
}

async fn page(
    ctx: &mut RequestContext,
    mut errors: Vec<FieldError>,
    file_error: &str,
    problems: &[CellError],
) -> Result<Reply> {
    if !file_error.is_empty() {
        errors.push(FieldError::new("file", Code::Faulty.says(file_error)));
    }
    let rows = ctx.tx.all::<CatalogueRow>(&data::CATALOGUES, Vec::new()).await?;
    let given = &ctx.form.values;
    let field = |name: &str, label: &str| {
        let field = Field::new(name, label).required().value(given.get(name)).error(&errors);
        Field { maxlength: Some(80), ..field }
    };
    let figure =
        |value: i64, label: &str| Figure::of(Reported::Value(value), Unit::Items, "/majors/catalogue", label);
    let edition = |row: CatalogueRow| Edition {
        majors: figure(row.majors, "这一版的专业"),
        verified: figure(row.verified, "其中已核实的"),
        row,
    };
    let view = View {
        editions: rows.into_iter().map(edition).collect(),
        edition: field("edition", "版本名称").help("目录的名称和年份；名称相同就更新那一版。"),
        source: field("source", "文件出处").help("文号或网址；没有正式文件就照实写。"),
        file_error: file_error.to_owned(),
        problems: Problems::of(problems),
        errors: errors.clone(),
    };
    let bad = !errors.is_empty() || !problems.is_empty();
    let page = Page::new("专业目录", "按版本导入专业目录，学校登记专业时从最新一版里选。")
        .clause("T5.2")
        .back("/majors", "专业布局")
        .kind("form");
    Ok(Reply::view("evidence/majors/catalogue.html", page, &view)?.refused(bad))
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let pairs = ctx.form.values.clone();
    let mut reader = jiedui_web::form::Reader::default();
    for (name, what) in [("edition", "版本名称"), ("source", "文件出处")] {
        reader.required(&pairs, name, what);
        reader.text(&pairs, name, what, 80);
    }
    let Some(received) = imports::receive(ctx).await? else {
        let missing = "还没有选择文件。请选择填好的表格后再点“检查并导入”。";
        return Ok(Prepared::Answered(page(ctx, reader.errors, missing, &[]).await?));
    };
    if !reader.errors.is_empty() {
        return Ok(Prepared::Answered(page(ctx, reader.errors, "", &[]).await?));
    }
    Ok(imports::prepare(spec(&ctx.programme()), received))
}

pub async fn submit(ctx: &mut RequestContext, mut sent: Sent) -> Result<Reply> {
    if let Some(reply) = imports::cancelled(ctx, &sent, "/majors/catalogue").await? {
        return Ok(reply);
    }
    let found = match sent.rows() {
        Ok(found) => found,
        Err(errors) => return refused(ctx, &errors).await,
    };
    let pairs = ctx.form.values.clone();
    let of = (pairs.get("edition"), pairs.get("source"));
    let plan = Plan::of(Standing::read(&mut ctx.tx, of.0).await?, of, &found);
    if !plan.report.errors.is_empty() {
        return refused(ctx, &plan.report.faults()).await;
    }
    let carried = vec![("edition", of.0.to_owned()), ("source", of.1.to_owned())];
    let about = About { back: ("/majors/catalogue".to_owned(), "专业目录"), carried };
    if let Some(preview) = imports::look(ctx, &sent, &plan.report, &about).await? {
        return Ok(preview);
    }
    // From here on it may write.
    plan.standing.still(&mut ctx.tx, of.0).await?;
    let undo = write(&mut ctx.tx, of, sent.book(), &plan).await?;
    let count = Count::of(&plan.report);
    let text = format!(
        "已导入“{}”：新增 {} 个，更新 {} 个，未变 {} 个。学校从现在起可以从这一版里选。",
        of.0, count.made, count.changed, count.same
    );
    let flash = match undo {
        Some(undo) => Flash::done(text).undo(undo, "撤销这次导入"),
        None => Flash::done(text),
    };
    Ok(Reply::done("/majors/catalogue", flash))
}

async fn refused(ctx: &mut RequestContext, errors: &[CellError]) -> Result<Reply> {
    match errors {
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        [one] if one.sheet.is_empty() => page(ctx, Vec::new(), &format!("{one}。"), &[]).await,
        errors => page(ctx, Vec::new(), "", errors).await,
    }
}

pub async fn template(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let make = move || empty(&spec(&programme)).map_err(Error::internal);
    Ok(Reply::made("专业目录导入模板.xlsx", XLSX, make))
}
