//! Asking, keeping an answer, and asking those who lack something: for the pages and the demonstration.

pub mod answer;
pub mod recheck;

use super::data::{self, AnswerRow, QuestionRow, RequestRow};
use super::rules::answer::Answer;
use super::rules::{self, Asked, RequestState};
use crate::evidence::profiles;
use crate::shared::frozen;
use crate::shared::notices::{self, Kind, News};
use answer::{Answered, Host};
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::{Value, json};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

const CHANGED: &str = "这一次要数刚被同事处理过，您的操作没有写入。请看过现在的内容再定。";
const NOT_YOURS: &str = "只有提出的单位可以存答案、请学校补报或撤销。";

/// One that the caller sees.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<QuestionRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// Whether it is the caller's own.
pub fn is_own(tx: &Tx, row: &QuestionRow) -> bool {
    tx.actor().org == row.host
}

fn demand_own(tx: &Tx, row: &QuestionRow) -> Result<()> {
    if is_own(tx, row) { Ok(()) } else { Err(Error::Forbidden(NOT_YOURS.to_owned())) }
}

async fn step(tx: &mut Tx, id: &str, kind: &'static str, change: Value) -> Result<()> {
    let entry = HistoryEntry { resource: "question", id, kind, reason: "", revision: 1, change };
    history::record(tx, &entry).await
}

/// The answer as it stands for the caller's own part of the province; nothing is kept.
pub async fn answer_now(tx: &mut Tx, programme: &Programme, asked: &Asked) -> Result<Answer> {
    let host = Host::own(tx).await?;
    Ok(answer::make(tx, programme, asked, &host).await?.answer)
}

/// Keeps a question with its first answer, in the name of the caller; returns its id.
pub async fn save(tx: &mut Tx, programme: &Programme, asked: &Asked) -> Result<String> {
    let (today, host) = (tx.today(), Host::own(tx).await?);
    let mut errors = rules::check(programme, asked, &host.kind, today);
    errors.extend(rules::check_title(&asked.title));
    Error::of(errors)?;
    let names: Vec<&str> = asked.indicators(programme).iter().map(|of| of.name.as_str()).collect();
    let id = tx.new_id();
    named!(data::INSERT {
        id: &id,
        host: &host.id,
        title: &asked.title,
        figures: asked.kept_figures(),
        names: names.join("、"),
        year: i64::from(asked.year),
        first_month: asked.months.0,
        last_month: asked.months.1,
        split: asked.split,
        as_of: asked.as_of,
        asked_on: today,
    })
    .write(tx)
    .await?;
    let row = find(tx, &id).await?;
    let made = answer::make(tx, programme, asked, &host).await?;
    let digest = put(tx, &row, 1, &made.answer).await?;
    let change = json!({
        "title": asked.title, "figures": asked.figures, "year": asked.year, "months": asked.months, "split": asked.split,
        "as_of": asked.as_of, "digest": digest, "log": made.answer.stamp.log_root,
    });
    step(tx, &id, "save", change).await?;
    Ok(id)
}

/// Writes an answer behind those that are kept; returns its digest.
async fn put(tx: &mut Tx, row: &Found<QuestionRow>, version: i64, answer: &Answer) -> Result<String> {
    let (number, now) = (row.answers + 1, tx.now());
    data::KEEP.at(row, version, args![number]).write(tx, CHANGED).await?;
    let (text, digest) = frozen::text(answer)?;
    tx.change(row, &data::PUT_ANSWER, args![number, answer.as_of, now, text, &digest]).await?;
    Ok(digest)
}

/// The answer as it stands, to a question that was found.
pub async fn answered(tx: &mut Tx, programme: &Programme, row: &QuestionRow) -> Result<Answered> {
    answer::make(tx, programme, &Asked::of(row), &Host::of(row)).await
}

/// Keeps the answer as it stands; says whether it did: the same is not kept twice for a day.
pub async fn keep(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<QuestionRow>,
    version: i64,
) -> Result<bool> {
    demand_own(tx, row)?;
    let made = answered(tx, programme, row).await?;
    let last = kept(tx, row).await?.into_iter().next();
    if let Some(last) = last
        && text_of(&last)?.says_the_same(&made.answer)
    {
        return Ok(false);
    }
    let digest = put(tx, row, version, &made.answer).await?;
    let change = json!({ "as_of": made.answer.as_of, "digest": digest, "log": made.answer.stamp.log_root });
    step(tx, &row.id, "keep", change).await?;
    Ok(true)
}

/// The kept answers of a question that was found, the newest first.
pub async fn kept(tx: &mut Tx, row: &QuestionRow) -> Result<Vec<AnswerRow>> {
    tx.all(&data::ANSWERS_OF, args![&row.id]).await
}

/// One of them, by its number as an address has it.
pub async fn kept_at(tx: &mut Tx, row: &QuestionRow, number: &str) -> Result<AnswerRow> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    tx.one(&data::ANSWER, args![&row.id, number]).await
}

pub fn text_of(row: &AnswerRow) -> Result<Answer> {
    frozen::read(&row.text, format_args!("kept answer {}", row.number))
}

/// Asks exactly those schools for what they lack; returns how many.
pub async fn ask(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<QuestionRow>,
    version: i64,
    due: Option<Date>,
) -> Result<usize> {
    demand_own(tx, row)?;
    let today = tx.today();
    if let Some(day) = rules::asked_until(row, today) {
        let words = format!("已经请缺数的学校在 {day} 前补报；过了这天还缺的再请，或先撤销。");
        return Err(Error::NotNow(words));
    }
    Error::of(rules::check_due(programme, today, due).into_iter().collect())?;
    let made = answered(tx, programme, row).await?;
    let asked: Vec<_> = made.lacks.iter().filter(|lack| lack.may_be_asked()).collect();
    if asked.is_empty() {
        let words = "没有要请的学校：都已经报了，或者已经有上级请它补报、期限还没有到。";
        return Err(Error::NotNow(words.to_owned()));
    }
    data::ASK_UNTIL.at(row, version, args![due]).write(tx, CHANGED).await?;
    for lack in &asked {
        let id = tx.new_id();
        let values = args![&id, &lack.school, i64::from(lack.year), due, today];
        tx.change(row, &data::PUT_REQUEST, values).await?;
        let until = due.map(|day| day.to_string()).unwrap_or_default();
        let words = format!("请补报{}年度基本情况，{until} 前在已有的表里填好提交", lack.year);
        tell(tx, &lack.school, (Kind::Urged, &id), (&words, &row.title)).await?;
    }
    let schools: Vec<&str> = asked.iter().map(|lack| lack.school.as_str()).collect();
    step(tx, &row.id, "ask", json!({ "due": due, "schools": schools })).await?;
    Ok(schools.len())
}

async fn tell(
    tx: &mut Tx,
    school: &str,
    (kind, id): (Kind, &str),
    (words, said): (&str, &str),
) -> Result<()> {
    let news = News { kind, resource: "request", id, words, said, batch: "" };
    notices::tell(tx, school, news).await
}

/// Takes back what is still asked for; those who were asked and have not reported are told.
pub async fn cancel(tx: &mut Tx, row: &Found<QuestionRow>, version: i64) -> Result<usize> {
    demand_own(tx, row)?;
    let all = requests(tx, row).await?;
    let owed: Vec<_> = all.iter().filter(|(_, state)| state.is_owed()).map(|(row, _)| row).collect();
    if owed.is_empty() {
        return Err(Error::NotNow("没有要撤销的：请过的学校都已经报了，或已经撤销。".to_owned()));
    }
    let today = tx.today();
    data::ASK_UNTIL.at(row, version, args![None::<Date>]).write(tx, CHANGED).await?;
    for request in &owed {
        tx.change(request, &data::CANCEL, args![today]).await?;
        let words = format!("不用为这次要数补报{}年度基本情况了", request.year);
        tell(tx, &request.school, (Kind::Decided, &request.id), (&words, &row.title)).await?;
    }
    let schools: Vec<&str> = owed.iter().map(|request| request.school.as_str()).collect();
    step(tx, &row.id, "cancel", json!({ "schools": schools })).await?;
    Ok(schools.len())
}

/// Whom a question asked, and how each stands now.
pub async fn requests(tx: &mut Tx, row: &QuestionRow) -> Result<Vec<(Found<RequestRow>, RequestState)>> {
    let rows = tx.find_all::<RequestRow>(&data::REQUESTS_OF, args![&row.id]).await?;
    standing(tx, rows).await
}

/// What a school was asked for and still owes, the nearest day first.
pub async fn owed(tx: &mut Tx, school: &str) -> Result<Vec<(Found<RequestRow>, RequestState)>> {
    let rows = tx.find_all::<RequestRow>(&data::OWED, args![school]).await?;
    let mut all = standing(tx, rows).await?;
    all.retain(|(_, state)| state.is_owed());
    Ok(all)
}

/// One that the caller sees, and how it stands.
pub async fn request(tx: &mut Tx, id: &str) -> Result<(Found<RequestRow>, RequestState)> {
    let row = tx.find::<RequestRow>(&data::REQUEST, args![id]).await?;
    let found = standing(tx, vec![row]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

async fn standing(
    tx: &mut Tx,
    rows: Vec<Found<RequestRow>>,
) -> Result<Vec<(Found<RequestRow>, RequestState)>> {
    let today = tx.today();
    let mut told: HashMap<i32, HashSet<String>> = HashMap::new();
    let mut found = Vec::new();
    for row in rows {
        let year = row.year();
        if let Entry::Vacant(place) = told.entry(year) {
            place.insert(profiles::in_hand(tx, year).await?);
        }
        let in_hand = told.get(&year).is_some_and(|schools| schools.contains(&row.school));
        let state = RequestState::of(&row, in_hand, today);
        found.push((row, state));
    }
    Ok(found)
}

/// Questions visible to the caller that have some of these figures, those with most of them first.
pub async fn earlier(tx: &mut Tx, figures: &[String]) -> Result<Vec<(QuestionRow, Option<AnswerRow>)>> {
    let mut found: Vec<(usize, QuestionRow)> = Vec::new();
    for figure in figures {
        for row in tx.all::<QuestionRow>(&data::WITH_FIGURE, args![format!("%,{figure},%")]).await? {
            match found.iter_mut().find(|(_, other)| other.id == row.id) {
                Some((times, _)) => *times += 1,
                None => found.push((1, row)),
            }
        }
    }
    found.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| other.asked_on.cmp(&one.asked_on)));
    let mut all = Vec::new();
    for (_, row) in found.into_iter().take(EARLIER) {
        let last = tx.maybe(&data::ANSWER, args![&row.id, row.answers]).await?;
        all.push((row, last));
    }
    Ok(all)
}

/// So many earlier questions are shown before a new one is kept.
const EARLIER: usize = 5;
