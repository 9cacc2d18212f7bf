//! What is done to a year-profile, with every check: for the pages, the file import and the demonstration.

use super::data::{self, ChangeRow, ProfileRow, ValueRow};
use super::rules::{self, AllowedActions, Answer, Answers, Held, Sheet};
use crate::network::registry::{self, OrgRow};
use crate::shared::contributions::{self, Moved};
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::{Value, json};

pub const FASTER: &str =
    "这份基本情况刚被别人改动或答复过，您的操作没有写入。请重新打开页面，看过新内容再定。";
const NOT_NOW: &str = "这份基本情况现在不能这样处理：提交后要先收回或等退回才能改，接收后的改动走更正。";
const NOT_YOURS: &str = "基本情况由学校自己填报，由主管人社局接收。";
const NOTHING_CHANGED: &str = "更正里还没有改动任何一项。改好再提交；不用改了就点“放弃更正”。";
const NO_YEAR_BEFORE: &str = "上年没有已接收的基本情况，不能直接沿用，请逐项填报。";

/// A school's profile of one year, opened by the caller: with what is in force, what is being changed, and the
/// year before.
#[derive(Debug)]
pub struct Opened {
    pub org: OrgRow,
    pub year: i32,
    pub row: Option<ProfileRow>,
    /// In force; before the first acceptance, the draft.
    pub sheet: Sheet,
    pub changes: Vec<ChangeRow>,
    /// The newest accepted profile of an earlier year.
    pub before: Option<(i32, Sheet)>,
    pub may: AllowedActions,
}

impl Opened {
    /// What the open correction makes of it; what is in force where there is none.
    pub fn wanted(&self) -> Sheet {
        let mut sheet = self.sheet.clone();
        for change in self.open_changes() {
            let answer = Answer::of(&change.known, change.value);
            sheet.insert(change.element.clone(), Held { answer, source: rules::source_of(&change.source) });
        }
        sheet
    }

    pub fn open_changes(&self) -> impl Iterator<Item = &ChangeRow> {
        self.changes.iter().filter(|change| change.outcome.is_empty())
    }

    pub fn correcting(&self) -> bool {
        self.row.as_ref().is_some_and(|row| !row.correction.is_empty())
    }

    pub fn version(&self) -> i64 {
        self.row.as_ref().map_or(0, |row| row.version)
    }

    fn owned(&self, allowed: bool) -> Result<()> {
        match (allowed, self.may) {
            (true, _) => Ok(()),
            (
                false,
                AllowedActions { edit: false, recall: false, correct: false, abandon: false, answer: false },
            ) => Err(Error::Forbidden(NOT_YOURS.to_owned())),
            (false, _) => Err(Error::Conflict(NOT_NOW.to_owned())),
        }
    }

    fn existing(&self) -> Result<&ProfileRow> {
        self.row.as_ref().ok_or(Error::NotFound)
    }
}

/// The values of a profile that was found in scope.
pub async fn values_of(tx: &mut Tx, profile: &str) -> Result<Sheet> {
    let rows = tx.all::<ValueRow>(&data::VALUES_OF, args![profile]).await?;
    let held = |row: &ValueRow| Held {
        answer: Answer::of(&row.known, row.value),
        source: rules::source_of(&row.source),
    };
    Ok(rows.iter().map(|row| (row.element.clone(), held(row))).collect())
}

/// Opens the profile of a county school visible to the caller. A year that is not due yet is not there.
pub async fn open(tx: &mut Tx, programme: &Programme, school: &str, year: i32) -> Result<Opened> {
    let org = registry::find(tx, school).await?;
    let rows = tx.all::<ProfileRow>(&data::OF_SCHOOL, args![school]).await?;
    let told = org.county_school || !rows.is_empty();
    let due = rules::first_year(programme)..=rules::open_year(programme, tx.today());
    if org.kind != "school" || !told || !due.contains(&year) {
        return Err(Error::NotFound);
    }
    let row = rows.iter().find(|row| row.year == i64::from(year)).cloned();
    let older = rows.iter().rfind(|row| row.year < i64::from(year) && row.state == "accepted");
    let before = match older {
        Some(older) => Some((i32::try_from(older.year).unwrap_or(0), values_of(tx, &older.id).await?)),
        None => None,
    };
    let (sheet, changes) = match &row {
        Some(row) => (values_of(tx, &row.id).await?, tx.all(&data::CHANGES_OF, args![&row.id]).await?),
        None => (Sheet::new(), Vec::new()),
    };
    let bureau = org.parent.clone().unwrap_or_default();
    let may = rules::may(&tx.actor().org, &org.id, &bureau, row.as_ref());
    let may = AllowedActions { edit: may.edit && (row.is_some() || org.county_school), ..may };
    Ok(Opened { org, year, row, sheet, changes, before, may })
}

fn step<'a>(row: &'a ProfileRow, kind: &'static str, reason: &'a str, change: Value) -> HistoryEntry<'a> {
    HistoryEntry { thing: "profile", id: &row.id, kind, reason, content: row.content, change }
}

/// The row, made where there is none yet; the version is the one to write against.
async fn row_of(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    version: i64,
) -> Result<(ProfileRow, i64)> {
    if let Some(row) = &opened.row {
        return Ok((row.clone(), version));
    }
    let id = tx.new_id();
    let as_of = rules::as_of(programme, opened.year);
    let year = i64::from(opened.year);
    if version != 0 || tx.write(&data::INSERT, args![&id, &opened.org.id, year, as_of]).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let rows = tx.all::<ProfileRow>(&data::OF_SCHOOL, args![&opened.org.id]).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    history::record(tx, &step(&row, "write", "", json!({ "school": row.org, "year": row.year }))).await?;
    Ok((row, 1))
}

/// Where an answer came from: what a file or the year before said, and was left so, keeps its source.
fn source(opened: &Opened, wanted: &Sheet, element: &str, answer: Answer) -> &'static str {
    if let Some(held) = wanted.get(element).filter(|held| held.answer == answer) {
        return held.source;
    }
    let before = opened.before.as_ref().and_then(|(_, sheet)| sheet.get(element));
    if before.is_some_and(|held| held.answer == answer) && !opened.correcting() { "carried" } else { "typed" }
}

fn told(held: Option<Held>) -> Value {
    held.map_or(Value::Null, |held| json!({ "known": held.answer.known(), "value": held.answer.value() }))
}

/// Saves answers as a draft, or into the open correction. What is left out stays as it is. Returns the id.
pub async fn save(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    version: i64,
    answers: &Answers,
) -> Result<String> {
    opened.owned(opened.may.edit)?;
    let wanted = opened.wanted();
    let sheet = answers.iter().map(|(element, answer)| {
        let source = source(opened, &wanted, element, *answer);
        (element.clone(), Held { answer: *answer, source })
    });
    let sheet: Sheet = sheet.filter(|(element, held)| wanted.get(element) != Some(held)).collect();
    put(tx, programme, opened, version, &sheet, "edit").await
}

/// Writes what differs, into the draft or the correction.
async fn put(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    version: i64,
    sheet: &Sheet,
    kind: &'static str,
) -> Result<String> {
    let (row, version) = row_of(tx, programme, opened, version).await?;
    if tx.write(&data::TOUCH, args![&row.id, version]).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let wanted = opened.wanted();
    let mut change = serde_json::Map::new();
    for (element, held) in sheet {
        let (value, known) = (held.answer.value(), held.answer.known());
        if row.correction.is_empty() {
            tx.write(&data::PUT_VALUE, args![&row.id, element, value, known, held.source]).await?;
        } else {
            let old = opened.sheet.get(element).map_or(Answer::Unknown, |held| held.answer);
            let values = args![
                &row.id,
                row.round,
                element,
                old.value(),
                old.known(),
                value,
                known,
                held.source,
                &row.reason
            ];
            tx.write(&data::PUT_CHANGE, values).await?;
        }
        let before = told(wanted.get(element).copied());
        change.insert(element.clone(), json!({ "before": before, "after": told(Some(*held)) }));
    }
    history::record(tx, &step(&row, kind, "", Value::Object(change))).await?;
    Ok(row.id)
}

/// Values from the file of the national school system or of a bureau, into a draft; who may is the caller's check.
pub async fn import(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    answers: &Answers,
) -> Result<String> {
    let open = opened.row.as_ref().is_none_or(|row| matches!(row.state.as_str(), "draft" | "returned"));
    if !open {
        return Err(Error::Conflict(NOT_NOW.to_owned()));
    }
    let held = |answer: &Answer| Held { answer: *answer, source: "imported" };
    let sheet = answers.iter().map(|(element, answer)| (element.clone(), held(answer))).collect();
    put(tx, programme, opened, opened.version(), &sheet, "import").await
}

/// Hands it in: every element must have an answer, 未知 and 不适用 among them.
pub async fn submit(tx: &mut Tx, programme: &Programme, school: &str, year: i32) -> Result<()> {
    let opened = open(tx, programme, school, year).await?;
    opened.owned(opened.may.edit)?;
    let row = opened.existing()?;
    let wanted = opened.wanted();
    Error::of(rules::missing(programme, |id| wanted.contains_key(id)))?;
    let today = tx.today();
    let done = if row.correction.is_empty() {
        tx.write(&data::SUBMIT, args![&row.id, row.version, today]).await?
    } else {
        let differs =
            |change: &ChangeRow| (&change.old_known, change.old_value) != (&change.known, change.value);
        if !opened.open_changes().any(differs) {
            return Err(Error::field("", NOTHING_CHANGED));
        }
        tx.write(&data::SET_CORRECTION, args![&row.id, row.version, "submitted", 1_i64]).await?
    };
    finish(tx, programme, &opened, done, "submit", "").await
}

/// Hands in last year's values as this year's, in one act. What a file brought this year stays.
pub async fn same(tx: &mut Tx, programme: &Programme, opened: &Opened, version: i64) -> Result<()> {
    opened.owned(opened.may.edit && !opened.correcting())?;
    let Some((_, before)) = &opened.before else {
        return Err(Error::Conflict(NO_YEAR_BEFORE.to_owned()));
    };
    let mut sheet = Sheet::new();
    for element in programme.asked_elements() {
        let kept = opened.sheet.get(&element.id).is_some_and(|held| held.source == "imported");
        if let Some(held) = before.get(&element.id).filter(|_| !kept) {
            sheet.insert(element.id.clone(), Held { source: "carried", ..*held });
        }
    }
    put(tx, programme, opened, version, &sheet, "same").await?;
    submit(tx, programme, &opened.org.id, opened.year).await
}

/// Takes back what was handed in and not answered yet.
pub async fn recall(tx: &mut Tx, programme: &Programme, opened: &Opened, version: i64) -> Result<()> {
    opened.owned(opened.may.recall)?;
    let row = opened.existing()?;
    let done = if row.correction.is_empty() {
        tx.write(&data::SET_STATE, args![&row.id, version, "draft"]).await?
    } else {
        tx.write(&data::SET_CORRECTION, args![&row.id, version, "draft", 0_i64]).await?
    };
    finish(tx, programme, opened, done, "recall", "").await
}

/// The bureau's answer: `agree` accepts and freezes, anything else sends it back with a word.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    version: i64,
    verdict: &str,
    reason: &str,
) -> Result<()> {
    opened.owned(opened.may.answer)?;
    let row = opened.existing()?;
    let today = tx.today();
    if verdict == "agree" {
        let done = tx.write(&data::ACCEPT, args![&row.id, version, today]).await?;
        if done > 0 && !row.correction.is_empty() {
            for change in opened.open_changes() {
                let values = args![&row.id, &change.element, change.value, &change.known, &change.source];
                tx.write(&data::PUT_VALUE, values).await?;
            }
            tx.write(&data::SETTLE_CHANGES, args![&row.id, row.round, "accepted", today]).await?;
        }
        return finish(tx, programme, opened, done, "accept", reason).await;
    }
    let done = if row.correction.is_empty() {
        tx.write(&data::SET_STATE, args![&row.id, version, "returned"]).await?
    } else {
        tx.write(&data::SET_CORRECTION, args![&row.id, version, "returned", 0_i64]).await?
    };
    finish(tx, programme, opened, done, "send_back", reason).await
}

/// Begins a correction of what was accepted, with its reason.
pub async fn correct(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    version: i64,
    reason: &str,
) -> Result<()> {
    opened.owned(opened.may.correct)?;
    Error::of(rules::check_reason(reason))?;
    let row = opened.existing()?;
    let done = tx.write(&data::BEGIN_CORRECTION, args![&row.id, version, reason]).await?;
    finish(tx, programme, opened, done, "correct", reason).await
}

/// Gives the open correction up; what was accepted goes on holding.
pub async fn abandon(tx: &mut Tx, programme: &Programme, opened: &Opened, version: i64) -> Result<()> {
    opened.owned(opened.may.abandon)?;
    let row = opened.existing()?;
    let today = tx.today();
    let done = tx.write(&data::SET_CORRECTION, args![&row.id, version, "", 0_i64]).await?;
    tx.write(&data::SETTLE_CHANGES, args![&row.id, row.round, "abandoned", today]).await?;
    finish(tx, programme, opened, done, "abandon", "").await
}

/// The step of what was just written, and what it does to the figures.
async fn finish(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    written: u64,
    kind: &'static str,
    reason: &str,
) -> Result<()> {
    if written == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let now = open(tx, programme, &opened.org.id, opened.year).await?;
    let row = now.existing()?;
    let change = json!({ "state": row.state, "correction": row.correction, "round": row.round });
    history::record(tx, &step(row, kind, reason, change)).await?;
    let values = now.sheet.iter().map(|(id, held)| (id.clone(), held.answer.fact())).collect();
    contributions::moved(tx, programme, Moved::Profile(&super::fact(row, values))).await
}
