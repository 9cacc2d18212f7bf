//! Sheet 人员: a person of a school by name, with a post from a day. An empty cell leaves what the registry has.

use super::book::Book;
use super::plan::Post;
use super::report::Outcome;
use super::spec::{fold, tidy};
use crate::network::registry::{self, OrgRow, PersonAt, post_id};
use jiedui_documents::Record;
use jiedui_kernel::{Date, Result};
use jiedui_store::PersonName;
use std::collections::HashMap;

const LIMIT: usize = 40;

/// School, folded name, post, first day → row, and what it says beside that.
type Said = HashMap<(String, String, &'static str, Date), (u32, String, Option<Date>)>;

pub async fn apply(book: &mut Book<'_>, records: &[&Record]) -> Result<()> {
    let mut people: HashMap<String, Vec<PersonAt>> = HashMap::new();
    let mut said = Said::new();
    for record in records.iter().copied() {
        let (org, from) = (book.party(record, "school"), checked(book, record));
        let (Some(org), Some(from)) = (org, from) else { continue };
        let Some(post) = post_id(record.text("post")) else { continue };
        let key = (org.id.clone(), fold(record.text("name")), post, from);
        let mine = (record.row, record.text("title").to_owned(), record.date("to"));
        let first = said.entry(key).or_insert_with(|| mine.clone());
        if (&first.1, first.2) != (&mine.1, mine.2) {
            let column = if first.2 == mine.2 { "title" } else { "to" };
            let reason = format!("与第 {} 行同一人的同一任职不一致", first.0);
            book.report.fail(record, column, reason, "请核对后只保留一行");
            continue;
        }
        if !people.contains_key(&org.id) && !book.is_made(&org.id) {
            people.insert(org.id.clone(), registry::people(book.tx, &org.id).await?);
        }
        let known = people.entry(org.id.clone()).or_default();
        let outcome = person(book, record, &org, (post, from), known);
        book.report.count(record, outcome);
    }
    Ok(())
}

/// The first day, where nothing is wrong with the row itself.
fn checked(book: &mut Book<'_>, record: &Record) -> Option<Date> {
    let before = book.report.errors.len();
    for (key, what) in [("name", "姓名"), ("title", "职务全称")] {
        if record.text(key).chars().count() > LIMIT {
            book.report.fail(record, key, format!("{what}超过 {LIMIT} 个字"), "请核对是否填错了列");
        }
    }
    if record.text("name").contains('*') {
        let help = "这是隐去后的姓名，请填全名，或从“院校库”重新导出";
        book.report.fail(record, "name", "姓名里有“*”", help);
    }
    let from = record.date("from")?;
    if record.date("to").is_some_and(|to| to < from) {
        book.report.fail(record, "to", "早于任职起", "请核对两个日期是否写反");
    }
    (book.report.errors.len() == before).then_some(from)
}

fn person(
    book: &mut Book<'_>,
    record: &Record,
    org: &OrgRow,
    (post, from): (&'static str, Date),
    known: &mut Vec<PersonAt>,
) -> Outcome {
    let folded = fold(record.text("name"));
    // The name as the registry has it, where only its spaces differ.
    let name =
        known.iter().find(|one| fold(one.name.whole()) == folded).map(|one| one.name.whole().to_owned());
    let name = name.unwrap_or_else(|| tidy(record.text("name")));
    let old =
        known.iter().position(|one| one.name.whole() == name && one.post == post && one.from_day == from);
    let before = old.map(|at| &known[at]);
    let title = match (record.text("title"), before) {
        ("", Some(old)) => old.title.clone(),
        (title, _) => title.to_owned(),
    };
    let to = record.date("to").or(before.and_then(|old| old.to_day));
    if before.is_some_and(|old| old.title == title && old.to_day == to) {
        return Outcome::Same;
    }
    book.plan.posts.push(Post {
        org: org.id.clone(),
        name: name.clone(),
        post,
        title: title.clone(),
        from,
        to,
        demo: org.demo,
    });
    let name = PersonName::new("", post, name);
    let now = PersonAt { id: String::new(), name, post: post.to_owned(), title, from_day: from, to_day: to };
    match old {
        Some(at) => {
            let what = record.text("post");
            book.report.changes.push(format!(
                "{}：{}（{what}）的任职止或职务全称更新",
                org.name,
                now.name.whole()
            ));
            known[at] = now;
            Outcome::Changed
        }
        None => {
            known.push(now);
            Outcome::Made
        }
    }
}
