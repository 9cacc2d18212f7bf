//! What is done to a year-profile, with every check: for the pages, the file import and the demonstration.

use super::data::{self, ChangeRow, Outcome, ProfileRow, ProfileStage, ValueRow};
use super::rules::{self, Answers, ElementAnswer, NOT_NOW, Profile, ProfileValue, Sheet, Sure};
use crate::network::registry::{self, OrgRow};
use crate::shared::contributions::{self, Source};
use crate::shared::review::{self, Action, Caller, Next, Reviewed, Role, Said, Standing, Writable};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::{Arg, Found, Tx, Versioned, args, named};
use serde_json::{Value, json};
use std::sync::Arc;

const NOTHING_CHANGED: &str = "更正里还没有改动任何一项。改好再提交；不用改了就点“放弃更正”。";
const NO_YEAR_BEFORE: &str = "上年没有已接收的基本情况，不能直接沿用，请逐项填报。";

/// A school's profile of one year, opened by the caller: with what is in force, what is being changed, and the
/// year before.
#[derive(Debug)]
pub struct LoadedProfile {
    pub org: OrgRow,
    pub year: i32,
    pub row: Option<Found<ProfileRow>>,
    /// In force; before the first acceptance, the draft.
    pub sheet: Sheet,
    pub changes: Vec<ChangeRow>,
    /// The newest accepted profile of an earlier year.
    pub before: Option<(i32, Sheet)>,
    /// What the caller may do to it.
    pub review: review::Loaded<Profile>,
}

impl LoadedProfile {
    /// What the open correction makes of it; what is in force where there is none.
    pub fn wanted(&self) -> Sheet {
        let mut sheet = self.sheet.clone();
        for change in self.open_changes() {
            let answer = ElementAnswer::of(&change.known, change.value);
            sheet.insert(
                change.element.clone(),
                ProfileValue { answer, source: rules::source_of(&change.source) },
            );
        }
        sheet
    }

    pub fn open_changes(&self) -> impl Iterator<Item = &ChangeRow> {
        self.changes.iter().filter(|change| change.outcome == Outcome::Open)
    }

    pub fn correcting(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.state.correcting())
    }

    pub fn version(&self) -> i64 {
        self.row.as_ref().map_or(0, |row| row.version)
    }

    pub fn can(&self, action: Action) -> bool {
        self.review.can(action)
    }

    fn demand(&self, action: Action) -> Result<Next<ProfileStage>> {
        self.review.demand(action)
    }

    fn existing(&self) -> Result<&Found<ProfileRow>> {
        self.row.as_ref().ok_or(Error::NotFound)
    }

    fn begun(&self) -> Result<BegunProfile> {
        Ok(BegunProfile { profile: self.review.row.clone(), row: self.existing()?.clone() })
    }
}

/// A profile that has a row.
struct BegunProfile {
    profile: Profile,
    row: Found<ProfileRow>,
}

impl Writable for BegunProfile {
    type Of = Profile;
    type Row = ProfileRow;

    fn reviewed(&self) -> &Profile {
        &self.profile
    }

    fn found(&self) -> &Found<ProfileRow> {
        &self.row
    }
}

/// The values of a profile that was found in scope.
pub async fn values_of(tx: &mut Tx, profile: &str) -> Result<Sheet> {
    let rows = tx.all::<ValueRow>(&data::VALUES_OF, args![profile]).await?;
    let held = |row: &ValueRow| ProfileValue {
        answer: ElementAnswer::of(&row.known, row.value),
        source: rules::source_of(&row.source),
    };
    Ok(rows.iter().map(|row| (row.element.clone(), held(row))).collect())
}

/// Opens the profile of a county school visible to the caller. A year that is not due yet is not there.
pub async fn open(tx: &mut Tx, programme: &Programme, school: &str, year: i32) -> Result<LoadedProfile> {
    let org = registry::find(tx, school).await?;
    let rows = tx.find_all::<ProfileRow>(&data::OF_SCHOOL, args![school]).await?;
    let population = registry::population(tx).await?;
    let expected = rules::expects(programme, &population, (school, year), tx.today());
    let told = expected || !rows.is_empty();
    let due = rules::first_year(programme)..=rules::open_year(programme, tx.today());
    if org.kind != "school" || !told || !due.contains(&year) {
        return Err(Error::NotFound);
    }
    let row = rows.iter().find(|row| row.year == i64::from(year)).cloned();
    let older = rows.iter().rfind(|row| row.year < i64::from(year) && row.state.holds());
    let before = match older {
        Some(older) => Some((i32::try_from(older.year).unwrap_or(0), values_of(tx, &older.id).await?)),
        None => None,
    };
    let (sheet, changes) = match &row {
        Some(row) => (values_of(tx, &row.id).await?, tx.all(&data::CHANGES_OF, args![&row.id]).await?),
        None => (Sheet::new(), Vec::new()),
    };
    let profile = Profile {
        school: org.id.clone(),
        bureau: org.parent.clone().unwrap_or_default(),
        expected,
        row: row.clone().map(Found::into_row),
    };
    let (actor, today) = (Arc::clone(tx.actor()), tx.today());
    // Nobody agrees beside others here, so that what may be done does not depend on the history.
    let review = review::Loaded::new(profile, Vec::new(), Caller { actor: &actor, programme, today });
    Ok(LoadedProfile { org, year, row, sheet, changes, before, review })
}

/// The profile, made where there is none yet; the version is the one to write against.
async fn begun(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedProfile,
    version: i64,
) -> Result<(BegunProfile, i64)> {
    if let Ok(begun) = opened.begun() {
        return Ok((begun, version));
    }
    let id = tx.new_id();
    let as_of = rules::as_of(programme, opened.year);
    let year = i64::from(opened.year);
    if version != 0 || tx.write(&data::INSERT, args![&id, &opened.org.id, year, as_of]).await? == 0 {
        return Err(Error::Conflict(Profile::CHANGED.to_owned()));
    }
    let change = json!({ "school": opened.org.id, "year": year });
    review::begun::<Profile>(tx, &id, "write", change).await?;
    let rows = tx.find_all::<ProfileRow>(&data::OF_SCHOOL, args![&opened.org.id]).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    let profile = Profile { row: Some(row.clone().into_row()), ..opened.review.row.clone() };
    Ok((BegunProfile { profile, row }, 1))
}

/// Where an answer came from: what a file or the year before said, and was left so, keeps its source.
fn source(opened: &LoadedProfile, wanted: &Sheet, element: &str, answer: ElementAnswer) -> &'static str {
    if let Some(held) = wanted.get(element).filter(|held| held.answer == answer) {
        return held.source;
    }
    let before = opened.before.as_ref().and_then(|(_, sheet)| sheet.get(element));
    if before.is_some_and(|held| held.answer == answer) && !opened.correcting() { "carried" } else { "typed" }
}

fn describe(held: Option<ProfileValue>) -> Value {
    held.map_or(Value::Null, |held| json!({ "known": held.answer.known(), "value": held.answer.value() }))
}

/// Saves answers as a draft, or into the open correction. What is left out stays as it is. Returns the id.
pub async fn save(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedProfile,
    version: i64,
    answers: &Answers,
) -> Result<String> {
    let next = opened.demand(Action::Edit)?;
    let wanted = opened.wanted();
    let sheet = answers.iter().map(|(element, answer)| {
        let source = source(opened, &wanted, element, *answer);
        (element.clone(), ProfileValue { answer: *answer, source })
    });
    let sheet: Sheet = sheet.filter(|(element, held)| wanted.get(element) != Some(held)).collect();
    put(tx, programme, opened, version, &sheet, next).await
}

/// Writes what differs, into the draft or the correction.
async fn put(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedProfile,
    version: i64,
    sheet: &Sheet,
    next: Next<ProfileStage>,
) -> Result<String> {
    let (begun, version) = begun(tx, programme, opened, version).await?;
    let row = &begun.row;
    review::update(tx, &begun, next, version, (&data::MOVE, Vec::new())).await?;
    let wanted = opened.wanted();
    let mut change = serde_json::Map::new();
    for (element, held) in sheet {
        write_value(tx, opened, row, (element, held)).await?;
        let before = describe(wanted.get(element).copied());
        change.insert(element.clone(), json!({ "before": before, "after": describe(Some(*held)) }));
    }
    review::record(tx, &begun.profile, next, Said::change(Value::Object(change))).await?;
    Ok(row.id.clone())
}

/// One answer, into the draft or the correction.
async fn write_value(
    tx: &mut Tx,
    opened: &LoadedProfile,
    row: &Found<ProfileRow>,
    (element, held): (&String, &ProfileValue),
) -> Result<()> {
    let (value, known) = (held.answer.value(), held.answer.known());
    if !row.state.correcting() {
        return tx.change(row, &data::PUT_VALUE, args![element, value, known, held.source]).await.map(drop);
    }
    let old = opened.sheet.get(element).map_or(ElementAnswer::Unknown, |held| held.answer);
    named!(data::PUT_CHANGE {
        round: row.round,
        element,
        old_value: old.value(),
        old_known: old.known(),
        value,
        known,
        source: held.source,
        reason: &row.reason,
    })
    .write(tx, row)
    .await
    .map(drop)
}

/// What stands in the draft or the open correction for an element; none where nothing does yet.
pub fn written(opened: &LoadedProfile, element: &str) -> Option<ProfileValue> {
    if !opened.correcting() {
        return opened.sheet.get(element).copied();
    }
    let change = opened.open_changes().find(|change| change.element == element)?;
    let answer = ElementAnswer::of(&change.known, change.value);
    Some(ProfileValue { answer, source: rules::source_of(&change.source) })
}

/// Writes what stood there before a file was taken in; what did not stand there goes.
pub async fn put_back(
    tx: &mut Tx,
    opened: &LoadedProfile,
    before: &[(String, Option<ProfileValue>)],
    own: bool,
) -> Result<()> {
    let next = if own { opened.demand(Action::Edit)? } else { importing(opened)? };
    let begun = opened.begun()?;
    let row = &begun.row;
    review::update(tx, &begun, next, opened.version(), (&data::MOVE, Vec::new())).await?;
    let wanted = opened.wanted();
    let mut change = serde_json::Map::new();
    for (element, held) in before {
        match held {
            Some(held) => write_value(tx, opened, row, (element, held)).await?,
            None if row.state.correcting() => {
                tx.change(row, &data::DROP_CHANGE, args![row.round, element]).await?;
            }
            None => {
                tx.change(row, &data::DROP_VALUE, args![element]).await?;
            }
        }
        let was = describe(wanted.get(element).copied());
        change.insert(element.clone(), json!({ "before": was, "after": describe(*held) }));
    }
    let said = Said { reason: "撤销从表格导入", change: Value::Object(change) };
    review::record(tx, &begun.profile, next, said).await
}

fn importing(opened: &LoadedProfile) -> Result<Next<ProfileStage>> {
    let importer = Standing::default().role(Role::Importer, true);
    let state = opened.review.row.head().state;
    Profile::LIFE.apply(state, Action::Import, &importer).map_err(|_| Error::NotNow(NOT_NOW.to_owned()))
}

/// Values from the file of the national school system or of a bureau, into a draft; who may is the caller's check.
pub async fn import(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedProfile,
    answers: &Answers,
) -> Result<String> {
    let next = importing(opened)?;
    let held = |answer: &ElementAnswer| ProfileValue { answer: *answer, source: "imported" };
    let sheet = answers.iter().map(|(element, answer)| (element.clone(), held(answer))).collect();
    put(tx, programme, opened, opened.version(), &sheet, next).await
}

/// Hands it in: every element must have an answer, 未知 and 不适用 among them; what cannot be is refused, and what hardly
/// ever is has to be confirmed.
pub async fn submit(
    tx: &mut Tx,
    programme: &Programme,
    school: &str,
    year: i32,
    sure: Sure<'_>,
) -> Result<()> {
    let opened = open(tx, programme, school, year).await?;
    let next = opened.demand(Action::Submit)?;
    let row = opened.existing()?;
    let wanted = opened.wanted();
    let mut errors = rules::missing(programme, |id| wanted.contains_key(id));
    errors.extend(rules::impossible(programme, &wanted, year));
    let before = opened.before.as_ref().map(|(_, sheet)| sheet);
    let open = rules::questions(programme, &wanted, before, year, sure);
    errors.extend(
        open.into_iter().map(|question| FieldError::new(rules::SURE, Code::Unlikely.says(question.text))),
    );
    Error::of(errors)?;
    let write: (&'static Versioned<Found<ProfileRow>>, Vec<Arg>) = if row.state.correcting() {
        let differs =
            |change: &ChangeRow| (&change.old_known, change.old_value) != (&change.known, change.value);
        if !opened.open_changes().any(differs) {
            return Err(Error::field("", Code::Unchanged.says(NOTHING_CHANGED)));
        }
        (&data::SUBMIT_CORRECTION, Vec::new())
    } else {
        (&data::SUBMIT, args![tx.today()])
    };
    carry_out(tx, &opened, next, row.version, write, "").await?;
    refresh(tx, programme, &opened).await
}

/// Takes over last year's values as this year's, in one act, and hands them in where nothing is of one year alone. What a
/// file brought this year stays; what is of a year's cohort has to be told. Says whether it was handed in.
pub async fn repeat(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedProfile,
    version: i64,
) -> Result<bool> {
    let next = opened.demand(Action::Repeat)?;
    let Some((_, before)) = &opened.before else {
        return Err(Error::NotNow(NO_YEAR_BEFORE.to_owned()));
    };
    let mut sheet = Sheet::new();
    for element in programme.asked_elements().filter(|element| !element.of_year) {
        let kept = opened.sheet.get(&element.id).is_some_and(|held| held.source == "imported");
        if let Some(held) = before.get(&element.id).filter(|_| !kept) {
            sheet.insert(element.id.clone(), ProfileValue { source: "carried", ..*held });
        }
    }
    put(tx, programme, opened, version, &sheet, next).await?;
    let now = open(tx, programme, &opened.org.id, opened.year).await?;
    if !rules::missing(programme, |id| now.sheet.contains_key(id)).is_empty() {
        return Ok(false);
    }
    submit(tx, programme, &opened.org.id, opened.year, Sure::Always).await.map(|()| true)
}

/// Takes back what was handed in and not answered yet.
pub async fn recall(tx: &mut Tx, programme: &Programme, opened: &LoadedProfile, version: i64) -> Result<()> {
    let next = opened.demand(Action::Recall)?;
    carry_out(tx, opened, next, version, (&data::MOVE, Vec::new()), "").await?;
    refresh(tx, programme, opened).await
}

/// The bureau's answer: accepting freezes it, returning sends it back with a word.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedProfile,
    version: i64,
    (action, reason): (Action, &str),
) -> Result<()> {
    let next = opened.demand(action)?;
    let row = opened.existing()?;
    let today = tx.today();
    if action != Action::Accept {
        carry_out(tx, opened, next, version, (&data::MOVE, Vec::new()), reason).await?;
        return refresh(tx, programme, opened).await;
    }
    carry_out(tx, opened, next, version, (&data::ACCEPT, args![today]), reason).await?;
    if row.state.correcting() {
        for change in opened.open_changes() {
            let values = args![&change.element, change.value, &change.known, &change.source];
            tx.change(row, &data::PUT_VALUE, values).await?;
        }
        tx.change(row, &data::CLOSE_CHANGES, args![row.round, Outcome::Accepted, today]).await?;
    }
    refresh(tx, programme, opened).await
}

/// Begins a correction of what was accepted, with its reason.
pub async fn correct(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedProfile,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Reopen)?;
    Error::of(rules::check_reason(reason))?;
    carry_out(tx, opened, next, version, (&data::BEGIN_CORRECTION, args![reason]), reason).await?;
    refresh(tx, programme, opened).await
}

/// Gives the open correction up; what was accepted goes on holding.
pub async fn abandon(tx: &mut Tx, programme: &Programme, opened: &LoadedProfile, version: i64) -> Result<()> {
    let next = opened.demand(Action::Abandon)?;
    let row = opened.existing()?;
    carry_out(tx, opened, next, version, (&data::MOVE, Vec::new()), "").await?;
    let today = tx.today();
    tx.change(row, &data::CLOSE_CHANGES, args![row.round, Outcome::Abandoned, today]).await?;
    refresh(tx, programme, opened).await
}

/// The action with what the log says of it: how it stands from now on.
async fn carry_out(
    tx: &mut Tx,
    opened: &LoadedProfile,
    next: Next<ProfileStage>,
    version: i64,
    write: (&'static Versioned<Found<ProfileRow>>, Vec<Arg>),
    reason: &str,
) -> Result<()> {
    let begun = opened.begun()?;
    let (state, correction) = next.to().columns();
    let round = begun.row.round + i64::from(next.action() == Action::Reopen);
    let change = json!({ "state": state, "correction": correction, "round": round });
    review::carry_out(tx, &begun, next, version, write, Said { reason, change }).await
}

/// What it adds to the indicators, as it is now.
async fn refresh(tx: &mut Tx, programme: &Programme, opened: &LoadedProfile) -> Result<()> {
    let now = open(tx, programme, &opened.org.id, opened.year).await?;
    let row = now.existing()?;
    let values = now.sheet.iter().map(|(id, held)| (id.clone(), held.answer.fact())).collect();
    contributions::refresh(tx, programme, Source::Profile(&super::fact(row, values))).await
}
