//! The month of a school: made up as it stands, written on, accepted level by level.

pub mod recheck;

use super::data::{self, AboveRow, MonthRow, MonthState, SignRow};
use super::rules::parcel::{
    Amount, FORMAT, Parcel, ParcelClock, ParcelFigure, ParcelProject, ParcelRow, ParcelSchool,
};
use super::rules::restated::{self, Amounts};
use super::rules::{told, unusual};
use super::{of_school, rules};
use crate::network::pairings::rules::runs;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, OrgRow, Population};
use crate::planning::projects;
use crate::shared::contributions;
use crate::shared::frozen::{self, Stamp};
use crate::shared::review::{self, Action, Caller, Loaded, Said};
use crate::standing::indicators::{self, Slice};
use crate::standing::obligations;
use crate::standing::remarks::{self, NewRemark};
use jiedui_kernel::{Code, Date, Error, Period, Result};
use jiedui_programme::{IndicatorOf, Programme};
use jiedui_store::{Found, Tx, args};
use jiedui_web::figure::Figure;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// The month of an address, where it is dispatched.
pub fn month_of(text: &str, programme: &Programme, today: Date) -> Result<i64> {
    let month = text.parse().map_err(|_| Error::NotFound)?;
    let all = rules::months(programme, today, usize::MAX);
    if all.contains(&month) { Ok(month) } else { Err(Error::NotFound) }
}

/// The row of a school's month, made where there is none. The school was found in scope.
async fn ensure(tx: &mut Tx, month: i64, school: &OrgRow) -> Result<Found<MonthRow>> {
    if let Some(row) = of_school(tx, month, &school.id).await? {
        return Ok(row);
    }
    let id = tx.new_id();
    if tx.write(&data::INSERT, args![&id, month, &school.id]).await? > 0 {
        let change = json!({ "month": month, "school": school.id });
        review::begun::<MonthRow>(tx, &id, "begin", change).await?;
    }
    of_school(tx, month, &school.id).await?.ok_or(Error::NotFound)
}

/// The row with its history, and what the caller may do to it.
pub async fn open(
    tx: &mut Tx,
    programme: &Programme,
    month: i64,
    school: &OrgRow,
) -> Result<Loaded<Found<MonthRow>>> {
    let row = ensure(tx, month, school).await?;
    review::open(tx, programme, row).await
}

/// What the school writes of its troubles.
pub async fn write_problems(
    tx: &mut Tx,
    opened: &Loaded<Found<MonthRow>>,
    version: i64,
    text: &str,
) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    rules::check_problems(text)?;
    let said = Said::change(json!({ "before": opened.row.problems, "after": text }));
    review::carry_out(tx, &opened.row, next, version, (&data::EDIT, args![text]), said).await
}

/// A word of the school to what is pointed out about its month.
pub async fn write_word(
    tx: &mut Tx,
    opened: &Loaded<Found<MonthRow>>,
    version: i64,
    text: &str,
) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    let said = Said::change(json!({ "word": { "before": opened.row.word, "after": text } }));
    review::carry_out(tx, &opened.row, next, version, (&data::WORD, args![text]), said).await
}

/// The schools among these that have an earlier month which the province has not accepted, each with the first such month.
pub async fn left_before(
    tx: &mut Tx,
    programme: &Programme,
    month: i64,
    schools: &[&OrgRow],
) -> Result<Vec<(String, i64)>> {
    let mut earlier = rules::months(programme, tx.today(), usize::MAX);
    earlier.retain(|one| *one < month);
    if earlier.is_empty() || schools.is_empty() {
        return Ok(Vec::new());
    }
    let only = if let [one] = schools { one.id.as_str() } else { "" };
    let closed = tx.all::<(String, i64)>(&data::CLOSED_MONTHS, args![month, only]).await?;
    let population = registry::population(tx).await?;
    let one = |school: &OrgRow| {
        // A month in which it was no county school has no report.
        let counted =
            |month: &i64| rules::days(*month).is_some_and(|days| population.holds(&school.id, days.to));
        let of: Vec<i64> = earlier.iter().copied().filter(counted).collect();
        let done = closed.iter().filter(|(id, _)| *id == school.id).map(|(_, month)| *month);
        let first = restated::first_open(&of, &done.collect::<Vec<_>>(), month)?;
        Some((school.name.clone(), first))
    };
    Ok(schools.iter().copied().filter_map(one).collect())
}

/// Accepts what the month says now, and keeps it. The province accepts the months of a school in their order: so a correction
/// stands in one of them.
pub async fn accept(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<MonthRow>>,
    version: i64,
    school: &OrgRow,
) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    let row = &opened.row;
    if next.to() == MonthState::Closed {
        let left = left_before(tx, programme, row.month, &[school]).await?;
        if let Some((_, earlier)) = left.first() {
            return Err(Error::NotNow(rules::earlier_first(*earlier)));
        }
    }
    let population = registry::population(tx).await?;
    let parcel = make(tx, programme, (row.month, school), row.said(), &population).await?;
    let kept = frozen::text(&parcel)?;
    let said = Said::change(json!({ "level": next.to(), "digest": kept.1, "log": parcel.stamp.log_root }));
    let columns = args![kept.0, kept.1];
    review::carry_out(tx, row, next, version, (&data::ACCEPT, columns), said).await
}

/// The school asks whoever has it now to give it back: what was accepted is locked for it, and only they open it.
pub async fn ask_back(
    tx: &mut Tx,
    opened: &Loaded<Found<MonthRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Comment)?;
    if reason.is_empty() {
        let words = "请写明要补充什么，由正等着接收的上级决定退不退回。";
        return Err(Error::field("asked", Code::Missing.says(words)));
    }
    let columns = args![reason];
    review::carry_out(tx, &opened.row, next, version, (&data::ASK, columns), Said::reason(reason)).await
}

/// Sends it back to the school, with words about a figure or the whole. What is said about a figure is found at the figure.
pub async fn send_back(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<MonthRow>>,
    version: i64,
    (about, reason): (&str, &str),
) -> Result<()> {
    let next = opened.demand(Action::Return)?;
    let said = Said { reason, change: json!({ "about": about }) };
    let row = &opened.row;
    review::carry_out(tx, row, next, version, (&data::RETURN, Vec::new()), said).await?;
    let Some(of) = programme.indicator(about) else { return Ok(()) };
    let year = i32::try_from(row.month / 100).unwrap_or_default();
    let cut = Slice { school: row.school.clone(), month: row.month, ..Slice::year(year) };
    let school = registry::find(tx, &row.school).await?;
    let (query, label) = (cut.query(), indicators::label(&of.name, &school.name, &cut));
    let new = NewRemark { indicator: about, cut: &query, label: &label, about: &row.school, text: reason };
    remarks::write(tx, &new).await.map(|_| ())
}

/// The month as the records say it now, among the county schools of this population.
pub async fn make(
    tx: &mut Tx,
    programme: &Programme,
    (month, school): (i64, &OrgRow),
    (problems, word): (&str, &str),
    population: &Population,
) -> Result<Parcel> {
    let days = rules::days(month).ok_or(Error::NotFound)?;
    let closed = closed_before(tx, month, &school.id).await?;
    let of = programme.calendar.unusual;
    let first = closed.first().map_or(month, |parcel| parcel.month).min(month / 100 * 100 + 1);
    let first = first.min(unusual::first_before(month, of));
    let amounts = amounts(tx, programme, &school.id, (first, month)).await?;
    let rows = contributions::rows_within(tx, &school.id, days).await?;
    let pairings = pairings::of_county_school(tx, &school.id).await?;
    let paired = pairings.iter().rev().find(|row| runs(row.from_day, row.to_day, days.to));
    let signs = tx.all::<SignRow>(&data::SIGNS, args![&school.id, days.from, days.to]).await?;
    let figures = figures(programme, month, &amounts);
    let mut pointed_out = unusual::entries(&signs, month, of);
    let monthly = programme.indicators.iter().filter(|one| is_monthly(programme, &one.id));
    pointed_out.extend(unusual::figures(monthly, &amounts, month, of));
    let held = indicators::school_by_month(tx, programme, &school.id, month).await?;
    Ok(Parcel {
        format: FORMAT,
        month,
        school: school_of(school, paired),
        stamp: Stamp::now(tx, programme).await?,
        problems: problems.to_owned(),
        rows: rows.into_iter().filter(|row| is_monthly(programme, &row.indicator)).map(part).collect(),
        figures,
        clocks: clocks(tx, programme, &pairings, days.to).await?,
        restated: restated::restate(&closed, &amounts, |indicator| is_monthly(programme, indicator)),
        unusual: pointed_out,
        word: word.to_owned(),
        projects: projects_of(tx, &school.id, days).await?,
        targets: told::targets(programme, days.to, &held, &told::school_fact(school, population)),
        population: Some(told::population(&population.counted(days.to), &pairings, days)),
    })
}

async fn projects_of(tx: &mut Tx, school: &str, days: Period) -> Result<Vec<ParcelProject>> {
    let rows = projects::in_month(tx, school, days).await?;
    Ok(rows.into_iter().filter_map(|row| told::project(row, days)).collect())
}

fn part(row: contributions::PartRow) -> ParcelRow {
    let contributions::PartRow { indicator, resource, day, claimed, confirmed } = row;
    ParcelRow { indicator, resource, day, claimed, confirmed }
}

fn school_of(school: &OrgRow, pairing: Option<&PairingRow>) -> ParcelSchool {
    let (pairing, lead, nearby) = pairing.map_or_else(Default::default, |row| {
        (row.id.clone(), row.lead_name.clone(), row.nearby_name.clone())
    });
    ParcelSchool {
        id: school.id.clone(),
        name: school.name.clone(),
        level: school.level.clone(),
        place: school.place.clone(),
        pairing,
        lead,
        nearby,
    }
}

/// The parcels that were closed at a school before a month, the oldest first.
async fn closed_before(tx: &mut Tx, month: i64, school: &str) -> Result<Vec<Parcel>> {
    let rows = tx.all::<MonthRow>(&data::CLOSED_BEFORE, args![school, month]).await?;
    rows.iter().filter_map(|row| parcel_of(row).transpose()).collect()
}

/// What was accepted last, where something was.
pub fn parcel_of(row: &MonthRow) -> Result<Option<Parcel>> {
    let of = format_args!("the month {} of {}", row.month, row.school);
    if row.accepted() { frozen::read(&row.parcel, of).map(Some) } else { Ok(None) }
}

/// Whether a figure is told by the month: what is done or built, counted as it comes. How schools stand, shares and
/// people who are counted once are figures of a day or a year.
fn is_monthly(programme: &Programme, indicator: &str) -> bool {
    programme.indicator(indicator).is_some_and(|one| matches!(one.of, IndicatorOf::Entries { .. }))
}

async fn amounts(tx: &mut Tx, programme: &Programme, school: &str, months: (i64, i64)) -> Result<Amounts> {
    let sums = contributions::months_of(tx, school, months).await?;
    let monthly = sums.into_iter().filter(|sum| is_monthly(programme, &sum.indicator));
    Ok(monthly
        .map(|sum| ((sum.month, sum.indicator), Amount { claimed: sum.claimed, confirmed: sum.confirmed }))
        .collect())
}

/// The figures that moved in the month or earlier in its year, in the programme's order.
fn figures(programme: &Programme, month: i64, amounts: &Amounts) -> Vec<ParcelFigure> {
    let january = month / 100 * 100 + 1;
    let one = |of: &jiedui_programme::Indicator| {
        let amount = amounts.get(&(month, of.id.clone())).copied().unwrap_or_default();
        let year = amounts
            .iter()
            .filter(|((at, id), _)| *id == of.id && *at >= january && *at <= month)
            .fold(Amount::default(), |sum, (_, amount)| sum.plus(*amount));
        (year != Amount::default()).then(|| ParcelFigure {
            indicator: of.id.clone(),
            name: of.name.clone(),
            unit: of.unit.label().to_owned(),
            month: amount,
            year,
        })
    };
    programme.indicators.iter().filter_map(one).collect()
}

/// The duties whose period holds the last day of the month.
async fn clocks(
    tx: &mut Tx,
    programme: &Programme,
    pairings: &[PairingRow],
    last: Date,
) -> Result<Vec<ParcelClock>> {
    let all = obligations::of_pairings(tx, programme, pairings).await?;
    let told = all.into_iter().filter(|clock| clock.reading.period.contains(last));
    Ok(told
        .map(|clock| ParcelClock {
            name: clock.name,
            helper: clock.helper_name,
            period: clock.period,
            owed: shown(&clock.owed),
            confirmed: shown(&clock.confirmed),
            standing: clock.state.label.to_owned(),
            href: clock.href,
        })
        .collect())
}

fn shown(figure: &Figure) -> String {
    figure.value.as_ref().map_or_else(|| "—".to_owned(), |value| format!("{value}{}", figure.unit))
}

/// A county school in a month, and its row: a blank one where nobody wrote down anything.
#[derive(Debug, Clone)]
pub struct SchoolMonth {
    pub school: OrgRow,
    pub row: MonthRow,
}

/// Which schools there are, whenever they counted, and which bureaus stand above them.
struct Schools {
    all: Vec<OrgRow>,
    population: Population,
    above: HashMap<String, AboveRow>,
}

impl Schools {
    async fn read(tx: &mut Tx) -> Result<Self> {
        let above = tx.all::<AboveRow>(&data::ABOVE, args![""]).await?;
        Ok(Self {
            all: registry::schools(tx).await?,
            population: registry::population(tx).await?,
            above: above.into_iter().map(|row| (row.school.clone(), row)).collect(),
        })
    }

    /// The county schools of a month, in the order of names.
    fn of(&self, month: i64, rows: Vec<MonthRow>) -> Vec<SchoolMonth> {
        let Some(days) = rules::days(month) else { return Vec::new() };
        let mut rows: HashMap<String, MonthRow> =
            rows.into_iter().map(|row| (row.school.clone(), row)).collect();
        let counted = self.all.iter().filter(|school| self.population.holds(&school.id, days.to));
        let one = |school: &OrgRow| {
            let above = || self.above.get(&school.id).cloned().unwrap_or_default();
            let row = rows.remove(&school.id).unwrap_or_else(|| MonthRow::blank(month, above()));
            SchoolMonth { school: school.clone(), row }
        };
        counted.map(one).collect()
    }
}

/// The county schools of a month visible to the caller, in the order of names.
pub async fn schools(tx: &mut Tx, month: i64) -> Result<Vec<SchoolMonth>> {
    let rows = tx.all::<MonthRow>(&data::OF_MONTH, args![month]).await?;
    Ok(Schools::read(tx).await?.of(month, rows))
}

/// The schools whose month somebody else must accept, because the same person worked on it for another organisation: ids.
pub async fn own_side(tx: &mut Tx, month: i64) -> Result<Vec<String>> {
    let actor = Arc::clone(tx.actor());
    if actor.account().is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.all::<(String,)>(&data::OWN_SIDE, args![month, &actor.org, actor.account()]).await?;
    Ok(rows.into_iter().map(|(school,)| school).collect())
}

/// How far the reports of a month are.
pub struct Progress {
    pub month: i64,
    /// How many schools have it.
    pub schools: i64,
    reports: Vec<(MonthState, i64)>,
}

impl Progress {
    /// How many reports stand in one of these states.
    pub fn reached(&self, states: &[MonthState]) -> i64 {
        self.reports.iter().filter(|(state, _)| states.contains(state)).map(|(_, number)| number).sum()
    }
}

/// The same of several months, in their order.
pub async fn progress(tx: &mut Tx, months: &[i64]) -> Result<Vec<Progress>> {
    let first = months.iter().min().copied().unwrap_or_default();
    let (schools, population) = (registry::schools(tx).await?, registry::population(tx).await?);
    let counts = tx.all::<data::CountRow>(&data::COUNTS, args![first]).await?;
    let one = |month: &i64| {
        let last = rules::days(*month).map(|days| days.to).unwrap_or_default();
        let counted = schools.iter().filter(|school| population.holds(&school.id, last)).count();
        let reports = counts.iter().filter(|row| row.month == *month);
        Progress {
            month: *month,
            schools: i64::try_from(counted).unwrap_or(i64::MAX),
            reports: reports.map(|row| (row.state, row.number)).collect(),
        }
    };
    Ok(months.iter().map(one).collect())
}

/// The last month that, like all before it, the province accepted from every school of the caller; 0 where none is, as where
/// the caller has no school: of somebody else's it does not know.
pub async fn settled_until(tx: &mut Tx, programme: &Programme) -> Result<i64> {
    let mut months = rules::months(programme, tx.today(), usize::MAX);
    months.reverse();
    let all = progress(tx, &months).await?;
    if all.iter().all(|one| one.schools == 0) {
        return Ok(0);
    }
    let settled = all.iter().take_while(|one| one.reached(&[MonthState::Closed]) >= one.schools);
    Ok(settled.last().map_or(0, |one| one.month))
}

/// The months of a year that are over, a school in a month being one: how many there are, how many the province has not
/// accepted, and the last month with any such.
pub async fn of_year(tx: &mut Tx, programme: &Programme, year: i32) -> Result<(i64, i64, Option<i64>)> {
    let all = rules::months(programme, tx.today(), usize::MAX);
    let months: Vec<i64> = all.into_iter().filter(|month| month / 100 == i64::from(year)).collect();
    let (mut of, mut left, mut last) = (0, 0, None);
    for one in progress(tx, &months).await? {
        let open = (one.schools - one.reached(&[MonthState::Closed])).max(0);
        of += one.schools;
        left += open;
        last = last.or((open > 0).then_some(one.month));
    }
    Ok((of, left, last))
}

/// The row of a school's month as it is, or a blank one; nothing is written.
pub async fn look(tx: &mut Tx, month: i64, school: &str) -> Result<MonthRow> {
    if let Some(row) = of_school(tx, month, school).await? {
        return Ok(row.into_row());
    }
    let above = tx.maybe::<AboveRow>(&data::ABOVE, args![school]).await?;
    above.map(|above| MonthRow::blank(month, above)).ok_or(Error::NotFound)
}

/// A month that waits for the caller: the level that it accepts for, how many schools, and how many of them ask for
/// theirs to be given back.
pub struct Waiting {
    pub month: i64,
    pub level: MonthState,
    pub schools: usize,
    pub asked: usize,
}

/// The months that wait for the caller.
pub async fn waiting(tx: &mut Tx, programme: &Programme) -> Result<Vec<Waiting>> {
    let (actor, today) = (Arc::clone(tx.actor()), tx.today());
    let caller = Caller { actor: &actor, programme, today };
    let schools = Schools::read(tx).await?;
    let mut found = Vec::new();
    for month in rules::months(programme, today, rules::LOOK_BACK) {
        let rows = tx.all::<MonthRow>(&data::STATES_OF, args![month]).await?;
        let all = schools.of(month, rows);
        let waits = |one: &SchoolMonth| Some((rules::accepts(&one.row, caller)?, !one.row.asked.is_empty()));
        let levels: Vec<(MonthState, bool)> = all.iter().filter_map(waits).collect();
        let asked = levels.iter().filter(|(_, asked)| *asked).count();
        let first = levels.first().map(|(level, _)| *level);
        found.extend(first.map(|level| Waiting { month, level, schools: levels.len() - asked, asked }));
    }
    Ok(found)
}
