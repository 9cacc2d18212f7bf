//! The words of the plan are loaded for one version of the programme, brought up to date by the next file, and removed.

use super::data::{self, TextRow};
use super::workbook;
use crate::shared::imports::Report;
use jiedui_documents::{CellError, Read};
use jiedui_kernel::names::fold;
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{AuditRecord, Tx, args};
use jiedui_web::workbook::SentWorkbook;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

const GONE: &str = "这一版没有原文可以移除，可能刚才已经移除。";

/// The words of one sentence: those of the programme in use, else the newest that were loaded.
pub async fn text_of(tx: &mut Tx, programme: &Programme, clause: &str) -> Result<Option<TextRow>> {
    let (id, version) = (&programme.meta.id, &programme.meta.version);
    let mut rows = tx.all::<TextRow>(&data::TEXTS_OF_CLAUSE, args![id, clause]).await?;
    let at = rows.iter().position(|row| row.edition == *version).unwrap_or(0);
    Ok((at < rows.len()).then(|| rows.swap_remove(at)))
}

/// The versions of the programme for which words were loaded.
pub async fn editions(tx: &mut Tx, programme: &Programme) -> Result<Vec<String>> {
    let rows = tx.all::<(String,)>(&data::EDITIONS, args![&programme.meta.id]).await?;
    Ok(rows.into_iter().map(|(edition,)| edition).collect())
}

/// Takes a file in, or tells everything that is wrong with it. Sentences that it leaves out keep their words.
pub async fn take_in(tx: &mut Tx, programme: &Programme, found: &Read) -> Result<Report> {
    let mut report = Report::of(found);
    if found.records.is_empty() && report.errors.is_empty() {
        report.errors.push(CellError::file("文件里只有标题，没有一行原文", "请填写后再上传"));
    }
    let (id, edition) = (&programme.meta.id, &programme.meta.version);
    let old = tx.all::<(String, String)>(&data::TEXTS_OF_EDITION, args![id, edition]).await?;
    let old: BTreeMap<String, String> = old.into_iter().collect();
    let known: HashMap<String, &str> =
        programme.clauses.iter().map(|one| (fold(&one.id), one.id.as_str())).collect();
    let (by, now) = (tx.actor().name().to_owned(), tx.now());
    let mut met: HashMap<&str, u32> = HashMap::new();
    for record in &found.records {
        let text = record.text("text");
        let Some(clause) = known.get(&fold(record.text("clause"))).copied() else {
            let help = "编号见“行动方案条目”页；不是条目的行请删除";
            report.errors.push(record.error("clause", "方案里没有这个编号", help));
            continue;
        };
        if let Some(first) = met.insert(clause, record.row) {
            let reason = format!("和第 {first} 行的编号相同");
            report.errors.push(record.error("clause", reason, "一个条目只写一行"));
            continue;
        }
        match old.get(clause) {
            Some(before) if before == text => report.same(),
            Some(before) => {
                let change = ["原文", before.as_str(), text].map(str::to_owned);
                report.changed(record, clause, vec![change], "");
                tx.write_one(&data::CHANGE_TEXT, args![id, clause, edition, text, &by, now]).await?;
            }
            None => {
                report.made(record, clause);
                tx.write(&data::ADD_TEXT, args![id, clause, edition, text, &by, now]).await?;
            }
        }
    }
    Ok(report)
}

/// The leaf of a file that was taken in: what it was, never what it says.
pub async fn leave_leaf(tx: &mut Tx, programme: &Programme, file: &serde_json::Value) -> Result<()> {
    let edition = edition_id(programme, &programme.meta.version);
    let leaf = AuditRecord { action: "clause_text.load", resource: "clause_text", resource_id: &edition };
    tx.audit(leaf, file).await
}

/// Reads a file and takes it in, in one go: for the command line and the demonstration.
pub async fn load(tx: &mut Tx, programme: &Programme, (bytes, name): (&[u8], &str)) -> Result<Report> {
    let sent = SentWorkbook::read(&workbook::description(), bytes, name);
    let report = match &sent.rows {
        Ok(found) => take_in(tx, programme, found).await?,
        Err(errors) => Report::failed(errors.clone()),
    };
    if report.errors.is_empty() && report.writes() {
        let file =
            json!({ "file": sent.name, "sha256": sent.sha256, "bytes": sent.size, "rows": report.sums() });
        leave_leaf(tx, programme, &file).await?;
    }
    Ok(report)
}

/// Removes the words that were loaded for a version; how many.
pub async fn remove(tx: &mut Tx, programme: &Programme, edition: &str) -> Result<u64> {
    let removed = tx.write(&data::REMOVE_TEXTS, args![&programme.meta.id, edition]).await?;
    if removed == 0 {
        return Err(Error::Conflict(GONE.to_owned()));
    }
    let id = edition_id(programme, edition);
    let leaf = AuditRecord { action: "clause_text.remove", resource: "clause_text", resource_id: &id };
    tx.audit(leaf, &json!({ "texts": removed })).await?;
    Ok(removed)
}

fn edition_id(programme: &Programme, edition: &str) -> String {
    format!("{} {edition}", programme.meta.id)
}
