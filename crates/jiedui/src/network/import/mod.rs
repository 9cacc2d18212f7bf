//! Import of the school registry and the pairing table from a workbook or CSV, and their export in the same layout
//! (G1.1). A file comes in whole or not at all; the same file a second time changes nothing; and it is taken back as a whole while
//! nothing was built on it.
//!
//! What a file comes to is found out on a transaction that only reads (`check`): rows are held against what stands and what
//! the rows before them will have made. It is written in one step (`write`), and checked once more only where somebody
//! wrote in between.

mod actions;
mod pages;
#[cfg(test)]
mod tests;
mod workbook;

use crate::network::registry;
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_documents::{CellError, MAX_ERRORS, Read, Record};
use jiedui_kernel::{Actor, Date, Result};
use jiedui_store::{AuditRecord, Db, Tx};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use jiedui_web::workbook::SentWorkbook;
use std::collections::HashSet;
use std::sync::Arc;
use workbook::book::Book;
use workbook::plan::Plan;

pub use workbook::report::{Count, Report};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/network/import",
    routes,
    menu: &[entry(1040, "系统", "/import", "导入名录与结对", ("registry", "import"))],
    words: Words {
        actions: &[("registry.import", "导入院校名录"), ("pairing.import", "导入结对表")],
        resources: &[("import", "导入的文件")],
        rights: &[("import", "导入")],
        jobs: &[("import", "命令行：导入")],
    },
    jobs: &[pages::IMPORT, pages::LOOK],
    imports: &[actions::IMPORT],
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/import", Access::Can("registry", "import"), pages::form)
            .about(Subject::None, "导入名录与结对"),
        route!(Post "/import", Access::Can("registry", "import"), looking pages::read => pages::submit)
            .about(Subject::None, "检查并导入名录与结对")
            .uploads(),
        route!(Get "/import/template", Access::Can("registry", "import"), pages::template)
            .about(Subject::None, "下载导入模板"),
        route!(Get "/import/template/{id}", Access::Can("registry", "import"), pages::csv_template)
            .about(Subject::Open, "下载一张表的模板"),
        route!(Get "/import/export", Access::Can("registry", "import"), pages::export)
            .about(Subject::None, "导出名录与结对"),
    ]
}

/// Reads a file for whoever is shown no preview, by the divisions as they are.
pub async fn read(tx: &mut Tx, (bytes, file_name): (&[u8], &str)) -> Result<SentWorkbook> {
    let description = workbook::spec::workbook(&registry::divisions(tx).await?);
    Ok(SentWorkbook::read(&description, bytes, file_name))
}

/// Reads a file and takes it in, in a transaction that is there and writes. Where the report has errors, nothing was written.
pub async fn import(
    tx: &mut Tx,
    in_use_since: Option<Date>,
    (bytes, file_name): (&[u8], &str),
) -> Result<Report> {
    let mut sent = read(tx, (bytes, file_name)).await?;
    let rows = std::mem::replace(&mut sent.rows, Ok(Read::default()));
    registry::lock_all(tx).await?;
    let checked = check(tx, in_use_since, &rows).await?.plainly();
    if checked.report.errors.is_empty() {
        write(tx, &checked, &sent).await?;
    }
    Ok(checked.report)
}

/// Takes a file in where nobody is shown a preview: what would be asked about there is a mistake here. Nobody waits while it is
/// looked at; what was written is the caller's to commit. None where something is wrong: then nothing was written.
pub async fn take_in(
    db: &Db,
    actor: &Arc<Actor>,
    in_use_since: Option<Date>,
    mut sent: SentWorkbook,
) -> Result<(Report, Option<Tx>)> {
    let rows = std::mem::replace(&mut sent.rows, Ok(Read::default()));
    let mut tx = db.read(Arc::clone(actor)).await?;
    let seen = check(&mut tx, in_use_since, &rows).await?.plainly();
    drop(tx);
    if !seen.report.errors.is_empty() {
        return Ok((seen.report, None));
    }
    let mut tx = db.begin_alone(Arc::clone(actor)).await?;
    let again = check_again(&mut tx, in_use_since, &rows, &seen).await?;
    let checked = again.map_or(seen, Checked::plainly);
    if !checked.report.errors.is_empty() {
        return Ok((checked.report, None));
    }
    let before = actions::before(&mut tx, &rows, checked.revision).await?;
    write(&mut tx, &checked, &sent).await?;
    // On the command line nobody has a list of imports in which it could be taken back.
    if !tx.actor().account().is_empty() {
        actions::keep(&mut tx, before, (&sent, &checked.report)).await?;
    }
    Ok((checked.report, Some(tx)))
}

/// What a file comes to: what is told of it, and what is written where that is accepted.
struct Checked {
    report: Report,
    plan: Plan,
    /// The data that it was held against.
    revision: i64,
}

impl Checked {
    /// For callers that show no preview.
    fn plainly(mut self) -> Self {
        self.report.errors.append(&mut self.report.questions);
        self.report.errors.sort_by_key(place);
        self
    }
}

/// Finds out what a file comes to; nothing is written. Days before `in_use_since` are the first load.
async fn check(
    tx: &mut Tx,
    in_use_since: Option<Date>,
    rows: &Result<Read, Vec<CellError>>,
) -> Result<Checked> {
    let revision = tx.revision().await?;
    let failed = |errors| Ok(Checked { report: Report::failed(errors), plan: Plan::default(), revision });
    let divisions = registry::divisions(tx).await?;
    let read = match rows {
        Ok(read) => read,
        Err(errors) => {
            let mut errors = errors.clone();
            errors.iter_mut().for_each(|error| workbook::spec::suggest_place(error, &divisions));
            return failed(errors);
        }
    };
    if read.records.is_empty() {
        let error = CellError::file("文件里只有标题，没有一行数据", "请填写后再上传");
        return failed([read.errors.as_slice(), &[error]].concat());
    }
    // What is wrong in single cells is told beside what is wrong between rows, in one round.
    let mut unread = read.errors.clone();
    unread.iter_mut().for_each(|error| workbook::spec::suggest_place(error, &divisions));
    let mut book = Book::open(tx, divisions, read, in_use_since).await?;
    apply(&mut book, read).await?;
    let (mut report, plan) = (book.report, book.plan);
    report.errors.append(&mut unread);
    // Rows were taken in the order of what they build on; people mend them in the order of the file.
    report.errors.sort_by_key(place);
    report.warnings.sort_by_key(place);
    Ok(Checked { report, plan, revision })
}

/// The same where it is about to be written, and nobody else changes the registry from here on. None where nobody wrote since:
/// then it is what it was.
async fn check_again(
    tx: &mut Tx,
    in_use_since: Option<Date>,
    rows: &Result<Read, Vec<CellError>>,
    seen: &Checked,
) -> Result<Option<Checked>> {
    registry::lock_all(tx).await?;
    if tx.revision().await? == seen.revision {
        return Ok(None);
    }
    check(tx, in_use_since, rows).await.map(Some)
}

/// Writes what a file comes to, all of it, with its leaves.
async fn write(tx: &mut Tx, checked: &Checked, sent: &SentWorkbook) -> Result<()> {
    checked.plan.write(tx).await?;
    leave_leaves(tx, &checked.report, sent).await
}

/// What a row is about: the county school of a pairing, else the school.
fn subject(record: &Record) -> String {
    let of = |key: &str| workbook::spec::fold(record.text(key));
    Some(of("county_school")).filter(|name| !name.is_empty()).unwrap_or_else(|| of("school"))
}

/// The rows of a sheet that can be judged: none about something of which another row could not be read.
fn rows<'r>(read: &'r Read, sheet: &str) -> Vec<&'r Record> {
    let unread: HashSet<String> = unread(read, sheet).map(subject).collect();
    let of = read.records.iter().filter(|record| record.sheet == sheet);
    of.filter(|record| !unread.contains(&subject(record))).collect()
}

fn unread<'r>(read: &'r Read, sheet: &str) -> impl Iterator<Item = &'r Record> {
    read.faulty.iter().filter(move |record| record.sheet == sheet)
}

/// Nobody is blamed for naming a school whose own row could not be read. False where it is not even known which school
/// that is: then the rows that may name it are looked at when it is.
fn spoil(book: &mut Book<'_>, read: &Read) -> bool {
    // What comes after so many mistakes was not read at all.
    let mut named = read.errors.len() <= MAX_ERRORS;
    for sheet in [workbook::spec::SCHOOLS, workbook::spec::LINEAGE_SHEET] {
        // Nor was a sheet without its headings, and nobody knows whom it names.
        let here = |record: &Record| record.sheet == sheet;
        let unseen = !read.records.iter().chain(&read.faulty).any(here);
        named &= !(unseen && read.errors.iter().any(|error| error.sheet == sheet));
        for record in unread(read, sheet) {
            named &= !record.text("school").is_empty();
            for key in ["school", "new_name"] {
                book.spoil(&workbook::spec::fold(record.text(key)));
            }
        }
    }
    named
}

async fn apply(book: &mut Book<'_>, read: &Read) -> Result<()> {
    for name in &read.ignored {
        book.report.warnings.push(CellError::sheet(name, "不是模板中的表", "没有导入"));
    }
    let named = spoil(book, read);
    let lineage_rows = rows(read, workbook::spec::LINEAGE_SHEET);
    let done = workbook::lineage::rename_known(book, &lineage_rows).await?;
    workbook::schools::apply(book, &rows(read, workbook::spec::SCHOOLS)).await?;
    if !named {
        return Ok(());
    }
    workbook::lineage::apply(book, &lineage_rows, &done).await?;
    workbook::people::apply(book, &rows(read, workbook::spec::PEOPLE)).await?;
    workbook::pairs::apply(book, &rows(read, workbook::spec::PAIRINGS)).await
}

fn place(error: &CellError) -> (usize, u32, usize, String) {
    let sheet = workbook::spec::SHEETS
        .iter()
        .position(|(_, name)| *name == error.sheet)
        .unwrap_or(workbook::spec::SHEETS.len());
    (sheet, error.row, error.letter.len(), error.letter.clone())
}

/// One leaf for the registry and one for the pairings, a file that changed nothing included: it was looked at.
async fn leave_leaves(tx: &mut Tx, report: &Report, sent: &SentWorkbook) -> Result<()> {
    let sha256 = &sent.sha256;
    let has = |sheet: &str| report.counts().any(|(name, _)| name == sheet);
    let body = |sheets: &[&str]| {
        let counts: serde_json::Map<String, serde_json::Value> = report
            .counts()
            .filter(|(name, _)| sheets.contains(name))
            .map(|(name, count)| (name.to_owned(), serde_json::json!(count)))
            .collect();
        serde_json::json!({
            "file": sent.name, "sha256": sha256, "bytes": sent.size, "counts": counts, "changes": report.changes,
        })
    };
    let registry = [workbook::spec::SCHOOLS, workbook::spec::PEOPLE, workbook::spec::LINEAGE_SHEET];
    if registry.iter().any(|sheet| has(sheet)) {
        let leaf = AuditRecord { action: "registry.import", resource: "import", resource_id: sha256 };
        tx.audit(leaf, &body(&registry)).await?;
    }
    if has(workbook::spec::PAIRINGS) {
        let leaf = AuditRecord { action: "pairing.import", resource: "import", resource_id: sha256 };
        tx.audit(leaf, &body(&[workbook::spec::PAIRINGS])).await?;
    }
    Ok(())
}
