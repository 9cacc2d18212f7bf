//! Drafting, showing, freezing; objecting and answering. For the pages and the demonstration.

pub mod asked;
pub mod objections;
pub mod recheck;
pub mod weighing;

use super::data::{self, AssessmentRow, AssessmentState, SheetRow};
use super::rules::parcel::{Asked, Dependence, Parcel};
use crate::network::registry;
use crate::shared::frozen::{self, Stamp};
use crate::shared::notices::{self, Kind, News};
use crate::shared::objections::{ObjectionState, REASON, check_text};
use crate::shared::review::{self, Action, Loaded, Said};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::{AssessmentScheme, Programme};
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use weighing::Weighing;

/// By which scheme which year is assessed.
#[derive(Debug, Clone)]
pub struct NewAssessment {
    pub scheme: String,
    pub year: i32,
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<AssessmentRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<AssessmentRow>>> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// The whole as it was kept, for whoever sees the office that assesses; none for the assessed, and before it was shown.
pub async fn parcel_text(tx: &mut Tx, row: &AssessmentRow) -> Result<Option<String>> {
    let found = tx.maybe::<(String,)>(&data::PARCEL, args![&row.id]).await?;
    Ok(found.map(|(text,)| text).filter(|text| !text.is_empty()))
}

pub fn read(text: &str, id: &str) -> Result<Parcel> {
    frozen::read(text, format_args!("the assessment {id}"))
}

/// Whether the caller sees the office that assesses, and so everything.
pub async fn sees_all(tx: &mut Tx, row: &AssessmentRow) -> Result<bool> {
    Ok(tx.maybe::<(String,)>(&data::PARCEL, args![&row.id]).await?.is_some())
}

/// A sheet visible to the caller, with what it says.
pub async fn sheet(tx: &mut Tx, id: &str) -> Result<(Found<SheetRow>, Parcel)> {
    let row = tx.find::<SheetRow>(&data::SHEET, args![id]).await?;
    let parcel = frozen::read(&row.content, format_args!("the sheet {id}"))?;
    Ok((row, parcel))
}

/// The sheets of an assessment that the caller sees, in the official order, without what they say.
pub async fn sheets(tx: &mut Tx, assessment: &str) -> Result<Vec<SheetRow>> {
    tx.all(&data::SHEETS_OF, args![assessment]).await
}

/// Whether a sheet is the caller's own.
pub async fn is_own(tx: &mut Tx, sheet: &SheetRow) -> Result<bool> {
    let org = tx.actor().org.clone();
    Ok(tx.maybe::<(String,)>(&data::IS_PARTY, args![&sheet.id, org]).await?.is_some())
}

/// Only a year that is over and lay within the use of the system is assessed.
pub fn check_year(programme: &Programme, year: i32, today: Date) -> Option<FieldError> {
    let last = Date::from_ymd_opt(year, 12, 31);
    let used = |day: Date| programme.calendar.in_use_since.is_none_or(|since| day >= since);
    let mistake = match last {
        Some(_) if year >= today.year() => Code::InFuture.says("这一年还没有过完，请选已经过完的年份。"),
        Some(day) if used(day) => return None,
        _ => Code::OutOfRange.says("这一年在系统启用以前，只列数，不考核。请选启用以后的年份。"),
    };
    Some(FieldError::new("year", mistake))
}

/// The scheme of that id.
pub fn scheme_of<'p>(programme: &'p Programme, id: &str) -> Result<&'p AssessmentScheme> {
    programme.assessment(id).ok_or_else(|| {
        let words = "请从列出的考核办法里选一个。";
        Error::field("scheme", Code::NotListed.says(words))
    })
}

/// Keeps that a year is to be assessed, in the name of the caller's organisation; returns its id. The figures are those of
/// the day on which it is shown.
pub async fn draft(tx: &mut Tx, programme: &Programme, new: &NewAssessment) -> Result<String> {
    let scheme = scheme_of(programme, &new.scheme)?;
    Error::of(check_year(programme, new.year, tx.today()).into_iter().collect())?;
    let (issuer, today) = (tx.actor().org.clone(), tx.today());
    // Two at once would both find none.
    registry::lock(tx, &issuer).await?;
    let year = i64::from(new.year);
    let earlier = args![&issuer, &new.scheme, year, AssessmentState::Withdrawn];
    if tx.find_maybe::<AssessmentRow>(&data::OF_YEAR, earlier).await?.is_some() {
        let words = "这一年按这个办法已经有一次考核，请打开那一次；要重来的，先放弃或撤回它。";
        return Err(Error::field("year", Code::Duplicate.says(words)));
    }
    asked::asked(tx, programme, scheme, new.year).await?.outturns().map_err(Error::Invalid)?;
    let id = tx.new_id();
    named!(data::INSERT {
        id: &id,
        issuer: &issuer,
        scheme: &new.scheme,
        year,
        title: &scheme.name,
        drafted_on: today,
    })
    .write(tx)
    .await?;
    let change = json!({ "scheme": new.scheme, "year": new.year });
    review::begun::<AssessmentRow>(tx, &id, "draft", change).await?;
    Ok(id)
}

/// What a draft would show today.
pub async fn asked_of(tx: &mut Tx, programme: &Programme, row: &AssessmentRow) -> Result<Asked> {
    let Some(scheme) = programme.assessment(&row.scheme) else {
        let words = "方案里已经没有这个考核办法，不能再按它考核。请放弃这一次，按现行办法重新拟定。";
        return Err(Error::NotNow(words.to_owned()));
    };
    asked::asked(tx, programme, scheme, i32::try_from(row.year).unwrap_or_default()).await
}

/// What stands for figures, scheme and what depends on the weights, as somebody looked at them.
pub fn seen(asked: &Asked) -> Result<String> {
    Ok(frozen::text(asked)?.1)
}

/// Shows each of the assessed its sheet. `looked_at` is of the page that said what depends on the weights: where the figures
/// are others by now, that is said once more first.
pub async fn present(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<AssessmentRow>>,
    version: i64,
    looked_at: &str,
) -> Result<()> {
    opened.demand(Action::Submit)?;
    let asked = asked_of(tx, programme, &opened.row).await?;
    let now = seen(&asked)?;
    if looked_at != now {
        let words = "各校的数刚有变化，结果取决于权重的情况也变了。请看过本页现在的结果再送核对。";
        return Err(Error::field("", Code::Changed.says(words)));
    }
    let Weighing::Made(dependences) = weighing::of(tx, &opened.row, &now).await? else {
        let words = "结果取决于权重的有哪些还没有算好。请等后台算完，看过再送核对。";
        return Err(Error::field("", Code::NotFitting.says(words)));
    };
    put(tx, programme, opened, version, (asked, dependences)).await
}

/// Writes what is shown.
pub(super) async fn put(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<AssessmentRow>>,
    version: i64,
    (asked, dependences): (Asked, Vec<Dependence>),
) -> Result<()> {
    let next = opened.demand(Action::Submit)?;
    let row = &opened.row;
    let outturns = asked.outturns().map_err(Error::Invalid)?;
    let today = tx.today();
    let until = programme.calendar.workdays.after(today, asked.scheme.objection_workdays);
    let kept = Parcel {
        stamp: Stamp::now(tx, programme).await?,
        issuer: row.issuer_name.clone(),
        title: row.title.clone(),
        presented_on: today,
        object_until: until,
        frozen_on: None,
        asked,
        outturns,
        dependences,
    };
    let (text, digest) = frozen::text(&kept)?;
    let change =
        json!({ "digest": digest, "scheme": row.scheme, "year": row.year, "rules": kept.stamp.rules });
    let columns = args![today, until, text, digest];
    review::carry_out(tx, row, next, version, (&data::PRESENT, columns), Said::change(change)).await?;
    for (subject, sheet) in kept.sheets() {
        let (content, digest) = frozen::text(&sheet)?;
        let id = tx.new_id();
        let columns = args![&id, &subject.id, &subject.name, &subject.division, content, digest];
        tx.change(row, &data::PUT_SHEET, columns).await?;
        let words = format!("请核对{}：每一分从哪来、再得分需要什么，{until} 前可以提出异议", row.title);
        let parties: BTreeSet<&String> = subject.parties.iter().filter(|org| !org.is_empty()).collect();
        for org in parties {
            tx.change(row, &data::PUT_PARTY, args![&id, org]).await?;
            tell(tx, org, ("assessment_sheet", &id), (&words, "")).await?;
        }
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    org: &str,
    (resource, id): (&str, &str),
    (words, said): (&str, &str),
) -> Result<()> {
    notices::tell(tx, org, News { kind: Kind::Decided, resource, id, words, said, batch: "" }).await
}

/// Tells everybody whose sheet it is.
async fn tell_all(tx: &mut Tx, row: &AssessmentRow, words: &str, said: &str) -> Result<()> {
    for (sheet, org) in tx.all::<(String, String)>(&data::PARTIES, args![&row.id]).await? {
        tell(tx, &org, ("assessment_sheet", &sheet), (words, said)).await?;
    }
    Ok(())
}

/// Gives up a draft.
pub async fn discard(tx: &mut Tx, opened: &Loaded<Found<AssessmentRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Abandon)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), Said::default()).await
}

/// Takes back what was shown, with the reason, and tells all of the assessed.
pub async fn withdraw(
    tx: &mut Tx,
    opened: &Loaded<Found<AssessmentRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    Error::of(check_text("reason", "为什么撤回", reason, REASON).into_iter().collect())?;
    let row = &opened.row;
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), Said::reason(reason)).await?;
    tell_all(tx, row, &format!("撤回了{}", row.title), reason).await
}

/// What waits for being frozen by the caller's organisation.
pub async fn to_freeze(tx: &mut Tx) -> Result<Vec<AssessmentRow>> {
    let org = tx.actor().org.clone();
    tx.all(&data::TO_FREEZE, args![org, AssessmentState::Presented, ObjectionState::Raised]).await
}

/// Freezes the results for ever. Where an objection was right, the figures of that one are read once more; all others stay as
/// they were shown.
pub async fn freeze(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<AssessmentRow>>,
    version: i64,
) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    let row = &opened.row;
    let raised = objections::of(tx, &row.id).await?;
    if raised.iter().any(|one| one.state == ObjectionState::Raised) {
        let words = "还有异议没有答复，请先答复再定稿。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let text = parcel_text(tx, row).await?.ok_or(Error::NotFound)?;
    let mut kept = read(&text, &row.id)?;
    let upheld = raised.iter().filter(|one| one.state == ObjectionState::Upheld);
    let upheld: BTreeSet<String> = upheld.map(|one| one.unit.clone()).collect();
    if !upheld.is_empty() {
        let now = asked::asked(tx, programme, &kept.asked.scheme, kept.asked.year).await?;
        let now: BTreeMap<_, _> = now.subjects.into_iter().map(|one| (one.id.clone(), one)).collect();
        for subject in kept.asked.subjects.iter_mut().filter(|one| upheld.contains(&one.id)) {
            if let Some(read) = now.get(&subject.id) {
                subject.figures.clone_from(&read.figures);
            }
        }
        // Once, and seldom: whoever freezes waits some tenths of a second.
        (kept.outturns, kept.dependences) = kept.asked.compute().map_err(Error::Invalid)?;
    }
    let today = tx.today();
    kept.stamp = Stamp::now(tx, programme).await?;
    kept.frozen_on = Some(today);
    let (text, digest) = frozen::text(&kept)?;
    let change = json!({ "digest": digest, "root": kept.stamp.log_root, "again": upheld });
    let columns = args![today, text, digest];
    review::carry_out(tx, row, next, version, (&data::FREEZE, columns), Said::change(change)).await?;
    for (subject, sheet) in kept.sheets() {
        let (content, digest) = frozen::text(&sheet)?;
        tx.change(row, &data::RENEW_SHEET, args![&subject.id, content, digest]).await?;
    }
    tell_all(tx, row, &format!("{}已经定稿", row.title), "").await
}
