//! What is done before a year is put away and before the next one begins, counted in the caller's part of the province. Each step
//! is read where it is done; nothing is ticked off by hand.

use super::super::rules::{self, Part, SEMESTERS, Step};
use crate::evidence::{ledger, profiles};
use crate::network::pairings::PairingRow;
use crate::network::pairings::rules::runs;
use crate::network::{agreements, pairings, registry};
use crate::planning::projects::{self, ListState};
use crate::reporting::{followups, monthly};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result, Unit};
use jiedui_programme::{Aim, Programme};
use jiedui_store::Tx;
use jiedui_web::figure::Link;
use std::collections::HashSet;

/// So many of what is left are named; the page of each has all.
const NAMED: usize = 12;

pub async fn steps(tx: &mut Tx, programme: &Programme, year: i32) -> Result<Vec<Step>> {
    let all = pairings::in_scope(tx).await?;
    Ok(vec![
        claims(tx, year).await?,
        months(tx, programme, year).await?,
        reported(tx, programme, year).await?,
        lists(tx, &all, year, Part::Closing).await?,
        followed(tx, year).await?,
        lists(tx, &all, year + 1, Part::Next).await?,
        agreed(tx, &all, year + 1).await?,
        semesters(programme, year + 1),
        holidays(programme, year + 1),
        targets(programme, year + 1),
    ])
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn first(rest: impl IntoIterator<Item = Link>) -> Vec<Link> {
    rest.into_iter().take(NAMED).collect()
}

/// What was done in the year and waits for an answer.
async fn claims(tx: &mut Tx, year: i32) -> Result<Step> {
    let days = rules::days(year);
    let left = ledger::waiting_within(tx, days).await?;
    Ok(Step {
        part: Part::Closing,
        name: "答复这一年的登记".to_owned(),
        who: "县级院校，或登记里写明的答复单位",
        left,
        of: left,
        unit: Unit::Entries,
        href: format!("/entries?state=claimed&since={}&until={}", days.from, days.to),
        rest: Vec::new(),
    })
}

/// A school in a month is one thing that the province accepts.
async fn months(tx: &mut Tx, programme: &Programme, year: i32) -> Result<Step> {
    let (of, left, last) = monthly::of_year(tx, programme, year).await?;
    Ok(Step {
        part: Part::Closing,
        name: "各月月调度由省办接收".to_owned(),
        who: "县局、市局、省办依次接收",
        left,
        of,
        unit: Unit::Items,
        href: last.map_or_else(|| "/months".to_owned(), |month| format!("/months/{month}")),
        rest: Vec::new(),
    })
}

async fn reported(tx: &mut Tx, programme: &Programme, year: i32) -> Result<Step> {
    let day = profiles::rules::as_of(programme, year).min(tx.today());
    let schools = registry::county_schools(tx, day).await?;
    let accepted = profiles::accepted(tx, year).await?;
    let rest: Vec<_> = schools.iter().filter(|school| !accepted.contains(&school.id)).collect();
    let link =
        |school: &&registry::OrgRow| Link::new(format!("/profiles/{}/{year}", school.id), &school.name);
    Ok(Step {
        part: Part::Closing,
        name: "年度基本情况已接收".to_owned(),
        who: "学校提交，主管人社局接收",
        left: count(rest.len()),
        of: count(schools.len()),
        unit: Unit::Schools,
        href: format!("/profiles?year={year}"),
        rest: first(rest.iter().map(link)),
    })
}

/// The pairings that run on the last day of a year, or on the first of the next one, and those without a filed list.
async fn lists(tx: &mut Tx, all: &[PairingRow], year: i32, part: Part) -> Result<Step> {
    let days = rules::days(year);
    let day = if part == Part::Closing { days.to.min(tx.today()) } else { days.from.max(tx.today()) };
    let running: Vec<_> = all.iter().filter(|row| runs(row.from_day, row.to_day, day)).collect();
    let lists = projects::lists_of(tx, i64::from(year), "").await?;
    let filed: HashSet<&str> = lists
        .iter()
        .filter(|list| matches!(list.state, ListState::Filed | ListState::Amending))
        .map(|list| list.pairing.as_str())
        .collect();
    let rest: Vec<_> = running.iter().filter(|row| !filed.contains(row.id.as_str())).collect();
    Ok(Step {
        part,
        name: format!("{year}年协作项目清单已备案"),
        who: "牵头院校拟，三方同意，省办备案",
        left: count(rest.len()),
        of: count(running.len()),
        unit: Unit::Pairings,
        href: format!("/lists?year={year}"),
        rest: first(rest.iter().map(|row| Link::new(format!("/pairings/{}", row.id), &row.county_name))),
    })
}

/// What somebody was to see to before the year ended.
async fn followed(tx: &mut Tx, year: i32) -> Result<Step> {
    let rows = followups::running_until(tx, rules::days(year).to).await?;
    let link = |row: &followups::FollowupRow| {
        Link::new(format!("/followups/{}", row.id), format!("{}：{}", row.owner_name, row.text))
    };
    Ok(Step {
        part: Part::Closing,
        name: "年内到期的督办事项已办结".to_owned(),
        who: "责任单位报办结，交办单位确认",
        left: count(rows.len()),
        of: count(rows.len()),
        unit: Unit::Items,
        href: "/followups?state=running".to_owned(),
        rest: first(rows.iter().map(link)),
    })
}

/// Agreements whose term is over before the next year is.
async fn agreed(tx: &mut Tx, all: &[PairingRow], year: i32) -> Result<Step> {
    let rows = agreements::expiring(tx, rules::days(year).to).await?;
    let today = tx.today();
    let link = |row: &agreements::AgreementRow| {
        let ends = row.to_day.map(|day: Date| day.to_string()).unwrap_or_default();
        Link::new(format!("/agreements/{}", row.id), format!("{} {ends}", row.county_name))
    };
    Ok(Step {
        part: Part::Next,
        name: format!("{year}年底前到期的协议已续签"),
        who: "协作三方",
        left: count(rows.len()),
        of: count(all.iter().filter(|row| runs(row.from_day, row.to_day, today)).count()),
        unit: Unit::Pairings,
        href: "/readiness".to_owned(),
        rest: first(rows.iter().map(link)),
    })
}

/// Stays are owed by semester: without its dates nobody knows until when.
fn semesters(programme: &Programme, year: i32) -> Step {
    let begin = programme.calendar.semesters.iter().filter(|one| one.from.year() == year).count();
    Step {
        part: Part::Next,
        name: format!("{year}年开学的学期已写明起止"),
        who: "省办，在方案里写",
        left: (SEMESTERS - count(begin)).max(0),
        of: SEMESTERS,
        unit: Unit::Items,
        href: "/programme".to_owned(),
        rest: Vec::new(),
    }
}

/// Days within which something is done are working days: the State Council publishes those of a year the autumn before.
fn holidays(programme: &Programme, year: i32) -> Step {
    let known = programme.calendar.workdays.holidays.iter().any(|day| day.year() == year);
    Step {
        part: Part::Next,
        name: format!("{year}年放假和调休安排已写明"),
        who: "省办，在方案里写",
        left: i64::from(!known),
        of: 1,
        unit: Unit::Items,
        href: "/programme".to_owned(),
        rest: Vec::new(),
    }
}

fn targets(programme: &Programme, year: i32) -> Step {
    let ahead = || programme.targets.iter().filter(|target| target.year >= year && target.aim.measured());
    let rest = ahead().filter(|target| target.aim == Aim::NotIssued);
    Step {
        part: Part::Next,
        name: "以后各年的目标已下达".to_owned(),
        who: "省办，在方案里写",
        left: count(rest.clone().count()),
        of: count(ahead().count()),
        unit: Unit::Items,
        href: "/targets".to_owned(),
        rest: first(rest.map(|target| Link::new("/targets", &target.name))),
    }
}
