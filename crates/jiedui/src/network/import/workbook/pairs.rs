//! Sheet 结对: three schools from a day. The rules are those of `pairings`; here they are told at the cells they concern.

use super::book::Book;
use super::report::Outcome;
use super::spec::fold;
use crate::network::pairings::rules::{self, Facts};
use crate::network::pairings::{self, NewPairing, PairingTerms};
use jiedui_documents::{CellError, Record};
use jiedui_kernel::{Date, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use std::collections::HashMap;

const TEXT_LIMIT: usize = 200;

/// The three schools and the first day → row, and what it says beside that.
type Said = HashMap<([String; 3], Date), (u32, Option<Date>, Option<Date>)>;

pub async fn apply(book: &mut Book<'_>, records: &[&Record]) -> Result<()> {
    let mut said = Said::new();
    // Earlier ones first, so that a school's old pairing has its end before the next one is looked at.
    let mut sorted = records.to_vec();
    sorted.sort_by_key(|record| (record.date("from"), record.row));
    for record in sorted {
        let parties =
            ["county_school", "lead", "nearby"].map(|key| book.party(record, key).map(|org| org.id));
        let Some(from) = record.date("from") else { continue };
        let [Some(county), Some(lead), Some(nearby)] = parties else {
            itself(book, record, from);
            continue;
        };
        let mine = (record.row, record.date("agreed_on"), record.date("to"));
        let key = ([county.clone(), lead.clone(), nearby.clone()], from);
        let first = *said.entry(key).or_insert(mine);
        if (first.1, first.2) != (mine.1, mine.2) {
            let column = if first.2 == mine.2 { "agreed_on" } else { "to" };
            let reason = format!("与第 {} 行同一组结对不一致", first.0);
            book.report.fail(record, column, reason, "请核对后只保留一行");
            continue;
        }
        let long = ["source", "reason"].into_iter().find(|key| record.text(key).chars().count() > TEXT_LIMIT);
        if let Some(key) = long {
            book.report.fail(record, key, format!("超过 {TEXT_LIMIT} 个字"), "请缩成一句话");
            continue;
        }
        if !record.text("reopen").is_empty() && mine.2.is_some() {
            let help = "取消结束日期的，结束日期这一格要留空";
            book.report.fail(record, "reopen", "与“结束日期”不能同时填写", help);
            continue;
        }
        let new = NewPairing {
            county_school: county,
            lead,
            nearby,
            agreed_on: mine.1,
            from,
            to: mine.2,
            source: record.text("source").to_owned(),
            reason: record.text("reason").to_owned(),
        };
        pairing(book, record, new).await?;
    }
    Ok(())
}

/// What is wrong with a row whatever its schools are: they are not known, or their own rows are wrong.
fn itself(book: &mut Book<'_>, record: &Record, from: Date) {
    let new = NewPairing {
        county_school: fold(record.text("county_school")),
        lead: fold(record.text("lead")),
        nearby: fold(record.text("nearby")),
        from,
        to: record.date("to"),
        ..NewPairing::default()
    };
    let facts = Facts { is_county_school: true, lead_is_high_level: true, ..Facts::default() };
    let errors = rules::check(&new, &facts);
    book.report.errors.extend(errors.iter().map(|error| at_cell(record, error)));
}

async fn pairing(book: &mut Book<'_>, record: &Record, new: NewPairing) -> Result<()> {
    let mine = book.pairings().await?.iter().filter(|old| old.county_school == new.county_school);
    let mine: Vec<PairingTerms> = mine.cloned().collect();
    let twin =
        mine.iter().find(|old| old.lead == new.lead && old.nearby == new.nearby && old.from == new.from);
    let new = match twin {
        // An empty cell leaves what there is: a table from before the end does not open an ended pairing again. Whoever
        // wants that says so in a cell of its own.
        Some(old) => NewPairing {
            agreed_on: new.agreed_on.or(old.agreed_on),
            to: if record.text("reopen").is_empty() { new.to.or(old.to) } else { None },
            source: if new.source.is_empty() { old.source.clone() } else { new.source },
            ..new
        },
        None => new,
    };
    let marks = Facts {
        is_county_school: book.has_flag(&new.county_school, "county_school", new.from).await?,
        lead_is_high_level: book.has_flag(&new.lead, "high_level", new.from).await?,
        nearby_is_county_school: book.has_flag(&new.nearby, "county_school", new.from).await?,
        others: Vec::new(),
    };
    match pairings::judge(book.tx, &new, (&mine, marks), book.in_use_since).await.or_wrong()? {
        Ok(found) => {
            let outcome = match found.outcome {
                pairings::Outcome::Made => Outcome::Made,
                pairings::Outcome::Changed => Outcome::Changed,
                pairings::Outcome::Same => Outcome::Same,
            };
            if let (Outcome::Changed, Some(old)) = (outcome, twin) {
                let told = changed(book.name(&new.county_school), old, &new);
                book.report.changes.push(told);
            }
            book.keep(found);
            book.report.count(record, outcome);
        }
        Err(errors) => {
            // Whoever takes an end back left its cell empty.
            let taken_back = !record.text("reopen").is_empty();
            let place = |error: &FieldError| match error.field.as_str() {
                "to" if taken_back => error.clone().at("reopen"),
                _ => error.clone(),
            };
            book.report.errors.extend(errors.iter().map(|error| at_cell(record, &place(error))));
        }
    }
    Ok(())
}

fn changed(school: &str, old: &PairingTerms, new: &NewPairing) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "未填".to_owned(), |day| day.to_string());
    let mut what = Vec::new();
    for (name, before, now) in [("协议签订日期", old.agreed_on, new.agreed_on), ("结束日期", old.to, new.to)]
    {
        if before != now {
            what.push(format!("{name}由 {} 改为 {}", day(before), day(now)));
        }
    }
    if old.source != new.source {
        what.push("来源已改".to_owned());
    }
    format!("{school}的结对（{}起）：{}", old.from, what.join("，"))
}

/// A broken rule at the cell that it concerns. The fields of `pairings` and the keys of this sheet are the same words.
pub fn at_cell(record: &Record, error: &FieldError) -> CellError {
    let message = error.message.trim_end_matches('。');
    let (reason, help) = ["，请", "；请"]
        .iter()
        .find_map(|mark| message.split_once(mark))
        .map_or((message, String::new()), |(reason, rest)| (reason, format!("请{rest}")));
    record.error(&error.field, reason, help).coded(&error.code)
}
