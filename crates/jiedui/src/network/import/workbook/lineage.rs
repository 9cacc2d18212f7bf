//! Sheet 沿革: renamed, merged, moved. What the registry already has counts as unchanged; a change that happened before
//! the school came into the registry is kept as its history.

use super::book::Book;
use super::plan::{Act, Left};
use super::report::Outcome;
use super::schools::NAME_LIMIT;
use super::spec::{CLOSE, END, GO_ON, GO_OVER, fold, tidy};
use crate::network::pairings::{self, PairingTerms};
use crate::network::registry::{LineageRow, OrgRow, lineage_name};
use crate::shared::left_open::{Foreseen, LeftBy, LeftCourse, LeftThing};
use crate::shared::mechanism;
use jiedui_documents::Record;
use jiedui_kernel::{Date, Result};

/// How a renaming is kept: this word, the old name, and what else was said.
const FORMER: &str = "原名：";
const NOTE_LIMIT: usize = 200;

/// The old name and the remark of a renaming, out of how it is kept.
pub fn former(note: &str) -> (&str, &str) {
    note.strip_prefix(FORMER).unwrap_or(note).split_once('；').unwrap_or_else(|| {
        let name = note.strip_prefix(FORMER).unwrap_or(note);
        (name, "")
    })
}

fn keep(old: &str, note: &str) -> String {
    if note.is_empty() { format!("{FORMER}{old}") } else { format!("{FORMER}{old}；{note}") }
}

/// The rows in the order in which things happened.
fn by_day<'r>(records: &[&'r Record]) -> Vec<&'r Record> {
    let mut sorted = records.to_vec();
    sorted.sort_by_key(|record| (record.date("day"), record.row));
    sorted
}

/// Renames what the registry has under an old name, before sheet 院校 brings the new one and makes it a second time.
/// Returns the rows that are done.
pub async fn rename_known(book: &mut Book<'_>, records: &[&Record]) -> Result<Vec<u32>> {
    let mut done = Vec::new();
    for record in by_day(records) {
        let (old, new) = (record.text("school"), record.text("new_name"));
        // What is wrong with a row is told with the others.
        let wanted = record.text("kind") == "更名"
            && !new.is_empty()
            && record.text("other").is_empty()
            && record.text("pairings").is_empty()
            && record.text("left").is_empty()
            && too_long(record).is_none()
            && book.live(new).is_none();
        if let (true, Some(org), Some(day)) = (wanted, book.live(old).cloned(), record.date("day")) {
            rename(book, record, &org, day).await?;
            done.push(record.row);
        }
    }
    book.plan.names = std::mem::take(&mut book.plan.acts);
    Ok(done)
}

pub async fn apply(book: &mut Book<'_>, records: &[&Record], done: &[u32]) -> Result<()> {
    for record in by_day(records) {
        let Some(day) = record.date("day") else { continue };
        if done.contains(&record.row) || !fits(book, record) {
            continue;
        }
        match record.text("kind") {
            "更名" => renamed(book, record, day).await?,
            "并入" => merged(book, record, day).await?,
            "停办" => closed(book, record, day).await?,
            _ => moved(book, record, day).await?,
        }
    }
    Ok(())
}

fn fits(book: &mut Book<'_>, record: &Record) -> bool {
    let before = book.report.errors.len();
    let kind = record.text("kind");
    for (key, only, what) in [("new_name", "更名", "新校名"), ("other", "并入", "并入学校")] {
        match (record.text(key).is_empty(), kind == only) {
            // Into a school that is not in the registry (of the education authorities, say): the remark names it.
            (true, true) if key == "other" && !record.text("note").is_empty() => {}
            (true, true) => {
                book.report.fail(
                    record,
                    "kind",
                    format!("没有填写“{what}”"),
                    format!("{only}必须填写{what}"),
                );
            }
            (false, false) => {
                let help = format!("只有“{only}”才填这一格，请清空或改正“沿革”");
                book.report.fail(record, key, format!("与“{kind}”不符"), help);
            }
            _ => {}
        }
    }
    if kind == "更名" && !record.text("pairings").is_empty() {
        book.report.fail(record, "pairings", "与“更名”不符", "更名不影响结对，请清空这一格");
    }
    left_fits(book, record, kind);
    if let Some((key, limit)) = too_long(record) {
        book.report.fail(record, key, format!("超过 {limit} 个字"), "请缩短");
    }
    book.report.errors.len() == before
}

/// Only a school that is no more leaves something open, and only one that was merged into a school of the registry has
/// somebody to take it over.
fn left_fits(book: &mut Book<'_>, record: &Record, kind: &str) {
    let left = record.text("left");
    if !left.is_empty() && !["并入", "停办"].contains(&kind) {
        book.report.fail(record, "left", format!("与“{kind}”不符"), "学校还在，需求和项目照旧，请清空这一格");
    } else if left == GO_OVER && record.text("other").is_empty() {
        let help = format!("没有并入库内的学校，请填“{CLOSE}”");
        book.report.fail(record, "left", "没有接收的学校", help);
    }
}

/// A cell that says more than is kept, and how much that is.
fn too_long(record: &Record) -> Option<(&'static str, usize)> {
    let limits = [("new_name", NAME_LIMIT), ("note", NOTE_LIMIT)];
    limits.into_iter().find(|(key, limit)| record.text(key).chars().count() > *limit)
}

async fn rename(book: &mut Book<'_>, record: &Record, org: &OrgRow, day: Date) -> Result<()> {
    let new = tidy(record.text("new_name"));
    book.note(&org.id, ("renamed", None), day, &keep(&org.name, record.text("note"))).await?;
    book.plan.acts.push(Act::Name { org: org.id.clone(), name: new.clone() });
    book.report.changes.push(format!("{} 更名为 {new}", org.name));
    book.take(&org.name);
    book.put(OrgRow { name: new, ..org.clone() });
    book.report.count(record, Outcome::Made);
    Ok(())
}

async fn renamed(book: &mut Book<'_>, record: &Record, day: Date) -> Result<()> {
    let (old, new) = (record.text("school").to_owned(), record.text("new_name").to_owned());
    if book.is_spoiled(&old) || book.is_spoiled(&new) {
        return Ok(());
    }
    match (book.live(&old).cloned(), book.known(&new).cloned()) {
        (Some(org), None) => rename(book, record, &org, day).await,
        (Some(_), Some(_)) => {
            let help = "如是两校合并请选“并入”；如是同一所学校，请只保留其中一个名称";
            book.report.fail(record, "new_name", "与原校名同时在册", help);
            Ok(())
        }
        (None, Some(org)) => {
            let is_it =
                |line: &&LineageRow| line.kind == "renamed" && fold(former(&line.note).0) == fold(&old);
            let known = book.lineage(&org.id).await?.iter().find(is_it).map(|line| line.day);
            match known {
                Some(known) => known_on(book, record, known, day),
                None => {
                    let note = keep(&tidy(&old), record.text("note"));
                    book.note(&org.id, ("renamed", None), day, &note).await?;
                    book.report.count(record, Outcome::Made);
                }
            }
            Ok(())
        }
        (None, None) => {
            book.unknown(record, "school");
            Ok(())
        }
    }
}

/// A line that the registry has: unchanged, or on another day, which is an error because lineage is not rewritten.
fn known_on(book: &mut Book<'_>, record: &Record, known: Date, day: Date) {
    if known == day {
        book.report.count(record, Outcome::Same);
    } else {
        let reason = format!("与库中已登记的日期（{known}）不同");
        book.report.fail(record, "day", reason, "请改成一致；库中有误请联系系统管理员");
    }
}

/// Merged into a school outside the registry; the remark says which.
async fn merged_outside(book: &mut Book<'_>, record: &Record, day: Date) -> Result<()> {
    let name = record.text("school").to_owned();
    if let Some(org) = book.ended(&name).cloned() {
        let outside = |line: &&LineageRow| line.kind == "merged" && line.other.is_none();
        let known = book.lineage(&org.id).await?.iter().find(outside).map(|line| line.day);
        if let Some(known) = known {
            known_on(book, record, known, day);
            return Ok(());
        }
    }
    let Some(org) = book.party(record, "school") else { return Ok(()) };
    book.note(&org.id, ("merged", None), day, record.text("note")).await?;
    book.plan.acts.push(Act::Close { org: org.id.clone(), day });
    end_pairings(book, record, &org, day).await?;
    settle_left(book, record, &org, (None, day)).await?;
    book.report.changes.push(format!("{} 自 {day} 并入库外院校", org.name));
    book.take(&org.name);
    book.put(OrgRow { ended_on: Some(day), ..org });
    book.report.count(record, Outcome::Made);
    Ok(())
}

/// What a row says of the pairings that run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Unsaid,
    End,
    GoOn,
}

impl Wish {
    fn of(record: &Record) -> Self {
        match record.text("pairings") {
            END => Self::End,
            GO_ON => Self::GoOn,
            _ => Self::Unsaid,
        }
    }
}

/// A pairing by its three schools.
fn pairing(book: &Book<'_>, row: &PairingTerms) -> String {
    let [county, lead, nearby] = [&row.county_school, &row.lead, &row.nearby].map(|id| book.name(id));
    format!("{county}的结对（牵头 {lead}，配合 {nearby}）")
}

/// A school that is no more owes and is owed nothing: what still runs of it, on whichever side, ends with it.
async fn end_pairings(book: &mut Book<'_>, record: &Record, org: &OrgRow, day: Date) -> Result<()> {
    let goes_on = Wish::of(record) == Wish::GoOn;
    if goes_on && !book.running(&org.id, day).await?.is_empty() {
        let reason = format!("{}后不能继续结对", record.text("kind"));
        book.report.fail(record, "pairings", reason, format!("请填“{END}”"));
        return Ok(());
    }
    end_running(book, record, org, day).await
}

/// Ends what runs of a school. What ends, and what loses its basis by that, is told; where the row does not say that it shall,
/// it is asked.
async fn end_running(book: &mut Book<'_>, record: &Record, org: &OrgRow, day: Date) -> Result<()> {
    let kind = record.text("kind");
    let reason = format!("{}自 {day} {kind}", org.name);
    for row in book.end_pairings(&org.id, day, &reason).await? {
        let hanging = match pairings::hanging(book.tx, &row.id, day.pred_opt().unwrap_or(day)).await? {
            hanging if hanging.is_empty() => hanging,
            hanging => format!("，此后的{hanging}将失去依据"),
        };
        let what = format!("{}随{kind}终止", pairing(book, &row));
        let told = format!("{what}，履职进度算到前一日{hanging}");
        book.report.changes.push(what);
        if Wish::of(record) == Wish::Unsaid {
            let help = "请在“正在执行的结对”一栏填“终止”；不填而确认写入的，也随之终止";
            book.report.question(record, "school", told, help);
        } else {
            book.report.warn(record, "school", told, "请核对；需要时给接收它的学校另立结对");
        }
    }
    Ok(())
}

/// What a school leaves open that is no more, and whether that can go over to its successor as that will stand by then.
async fn open_at(
    book: &mut Book<'_>,
    org: &OrgRow,
    (successor, day): (Option<&OrgRow>, Date),
) -> Result<Vec<LeftThing>> {
    let foreseen = match successor {
        Some(other) => {
            let today = book.tx.today();
            let is_county_school = book.has_flag(&other.id, "county_school", today).await?;
            let rows = book.running(&other.id, day).await?;
            let is_paired = rows.iter().any(|row| row.county_school == other.id);
            Some(Foreseen { is_county_school, is_paired })
        }
        None => None,
    };
    let successor = successor.map(|other| other.id.as_str());
    let (school, course) = (org.id.as_str(), LeftCourse::Open);
    mechanism::left_open(book.tx, LeftBy { school, successor, foreseen, day, reason: "", course }).await
}

/// What else a school that is no more leaves open goes over to the one that it was merged into, or is closed. It is told;
/// where the row does not say which, it is asked.
async fn settle_left(
    book: &mut Book<'_>,
    record: &Record,
    org: &OrgRow,
    (successor, day): (Option<&OrgRow>, Date),
) -> Result<()> {
    let said = record.text("left");
    let course = if said == GO_OVER { LeftCourse::GoesOver } else { LeftCourse::Closes };
    let reason = format!("{}自 {day} {}", org.name, record.text("kind"));
    let items = open_at(book, org, (successor, day)).await?;
    if book.took_over(&org.id) {
        // What came from there is not here yet, so nobody could be told what becomes of it.
        let help = "请分成两份表，先后导入";
        book.report.fail(record, "left", "本表前面刚有别校的需求或项目转入这所学校", help);
    }
    if !items.is_empty() {
        let successor = successor.map(|other| other.id.clone());
        let left = Left { org: org.id.clone(), successor, day, reason, course };
        book.plan.acts.push(Act::SettleLeft(left));
    }
    for item in items {
        let goes_over = course == LeftCourse::GoesOver && item.asked;
        if let (true, Some(other)) = (goes_over, successor) {
            book.hand_over(&other.id);
        }
        if let Some(why) = item.stays.filter(|_| goes_over) {
            let help = format!("请填“{CLOSE}”，或者先补齐再导入");
            book.report.fail(record, "left", format!("{}不能转入：{why}", item.what), help);
            continue;
        }
        let told = match (goes_over, item.asked) {
            (true, _) => format!("{}转入{}", item.what, record.text("other")),
            (false, true) => format!("{}随{}办结", item.what, record.text("kind")),
            (false, false) => format!("{}随{}停止", item.what, record.text("kind")),
        };
        book.report.changes.push(told.clone());
        if item.asked && said.is_empty() {
            let help = "请在“未完的需求和项目”一栏填“转入”或“办结”；不填而确认写入的，一并办结";
            book.report.question(record, "school", told, help);
        } else {
            book.report.warn(record, "school", told, "请核对");
        }
    }
    Ok(())
}

async fn merged(book: &mut Book<'_>, record: &Record, day: Date) -> Result<()> {
    let name = record.text("school").to_owned();
    if record.text("other").is_empty() {
        return merged_outside(book, record, day).await;
    }
    let Some(other) = book.party(record, "other") else { return Ok(()) };
    if let Some(org) = book.ended(&name).cloned() {
        let into = |line: &&LineageRow| line.kind == "merged" && line.other.as_ref() == Some(&other.id);
        let known = book.lineage(&org.id).await?.iter().find(into).map(|line| line.day);
        if let Some(known) = known {
            known_on(book, record, known, day);
            return Ok(());
        }
    }
    let Some(org) = book.party(record, "school") else { return Ok(()) };
    if org.id == other.id {
        book.report.fail(record, "other", "与学校名称是同一所", "请填写并入后的学校");
    } else if let Some(ended) = org.ended_on {
        let reason = format!("在库中已于 {ended} 并入他校");
        book.report.fail(record, "school", reason, "请核对“并入学校”是否与库中一致");
    } else if other.ended_on.is_some_and(|ended| ended <= day) {
        book.report.fail(record, "other", "那一天已经并入他校", "请填写当时仍在册的学校");
    } else {
        book.note(&org.id, ("merged", Some(&other.id)), day, record.text("note")).await?;
        book.plan.acts.push(Act::Close { org: org.id.clone(), day });
        end_pairings(book, record, &org, day).await?;
        settle_left(book, record, &org, (Some(&other), day)).await?;
        book.report.changes.push(format!("{} 自 {day} 并入 {}", org.name, other.name));
        book.take(&org.name);
        book.put(OrgRow { ended_on: Some(day), ..org });
        book.report.count(record, Outcome::Made);
    }
    Ok(())
}

async fn closed(book: &mut Book<'_>, record: &Record, day: Date) -> Result<()> {
    if let Some(org) = book.ended(record.text("school")).cloned() {
        let closed = |line: &&LineageRow| line.kind == "closed";
        let known = book.lineage(&org.id).await?.iter().find(closed).map(|line| line.day);
        if let Some(known) = known {
            known_on(book, record, known, day);
            return Ok(());
        }
    }
    let Some(org) = book.party(record, "school") else { return Ok(()) };
    book.note(&org.id, ("closed", None), day, record.text("note")).await?;
    book.plan.acts.push(Act::Close { org: org.id.clone(), day });
    end_pairings(book, record, &org, day).await?;
    settle_left(book, record, &org, (None, day)).await?;
    book.report.changes.push(format!("{} 自 {day} 停办", org.name));
    book.take(&org.name);
    book.put(OrgRow { ended_on: Some(day), ..org });
    book.report.count(record, Outcome::Made);
    Ok(())
}

async fn moved(book: &mut Book<'_>, record: &Record, day: Date) -> Result<()> {
    let Some(org) = book.party(record, "school") else { return Ok(()) };
    if book.lineage(&org.id).await?.iter().any(|line| line.kind == "moved" && line.day == day) {
        book.report.count(record, Outcome::Same);
        return Ok(());
    }
    let note = match record.text("note") {
        "" => lineage_name("moved"),
        note => note,
    };
    book.note(&org.id, ("moved", None), day, note).await?;
    match Wish::of(record) {
        Wish::End => end_running(book, record, &org, day).await?,
        Wish::GoOn => {}
        Wish::Unsaid => {
            let running = book.running(&org.id, day).await?;
            // What began since was made with the school as it is now.
            for row in running.iter().filter(|row| row.from < day) {
                let help = "请在“正在执行的结对”一栏填“继续”或“终止”；不填而确认写入的，照旧继续";
                let told = format!("{}还在执行", pairing(book, row));
                book.report.question(record, "school", told, help);
            }
        }
    }
    book.report.count(record, Outcome::Made);
    Ok(())
}
