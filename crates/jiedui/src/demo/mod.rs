//! The demonstration province: made from a fixed seed and the real divisions, relative to today, through the functions
//! that the pages use. Everything invented ends with （示例）.

mod allocations;
mod applying;
mod assessments;
mod attachments;
mod certificates;
mod clauses;
mod coming;
mod commendations;
mod complaints;
mod course;
mod deeds;
mod desk;
mod exchanges;
mod filing;
mod forms;
mod funding;
mod handovers;
mod history;
mod jobs;
mod lists;
mod majors;
mod maker;
mod meetings;
mod months;
mod multiply;
mod names;
mod offices;
mod outcomes;
mod outputs;
mod pairings;
mod papers;
mod people;
mod plan;
mod profiles;
mod questions;
mod real;
mod remarks;
mod resources;
mod rng;
mod schools;
mod spot_checks;
mod stages;
mod strategies;
mod studio;
#[cfg(test)]
mod tests;
mod themes;
mod trades;
mod training;
mod variety;
mod wants;
mod years;

use crate::identity::accounts;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::oversight::burden;
use crate::shared::notices;
use course::Course;
use history::{Present, stays_now, visits_now};
use jiedui_kernel::{Actor, Date, Error, Result};
use jiedui_store::{AuditRecord, settings};
use jiedui_web::App;
use lists::Lists;
use maker::{Maker, home_of};
use pairings::{Turn, turn_of};
use plan::Planner;
use schools::{HOME, Schools};
use std::sync::Arc;
use variety::Offices;

pub use crate::identity::accounts::demo::{ACCOUNTS, DemoAccount, PASSWORD};
pub use multiply::multiply;

/// Whether the data are a demonstration: its accounts are public, so it is never served beyond the machine.
pub async fn is_here(app: &App) -> Result<bool> {
    let mut tx = app.db.read(Arc::new(Actor::system("demo"))).await?;
    Ok(settings::read(&mut tx, MARK).await?.is_some())
}

/// Where the day on which it was made is noted.
const MARK: &str = "demo";

/// Said before anything is made: accounts with a public password, and a day that moves, must never come to what is real.
const REAL: &str = "这个数据目录（或数据库）里已经有正式的院校或账号，不能当作示例打开，什么也没有改。\
示例请另用一个目录：jiedui demo --data 另一个目录。";

/// Makes the demonstration where there is none yet; says whether it did.
///
/// # Errors
/// The data are somebody's own.
pub async fn ensure(app: &Arc<App>) -> Result<bool> {
    let mut tx = app.db.begin(Arc::new(Actor::system("demo"))).await?;
    if settings::read(&mut tx, MARK).await?.is_some() {
        return Ok(false);
    }
    if accounts::any(&mut tx).await? || !registry::schools(&mut tx).await?.is_empty() {
        return Err(Error::CannotStart(REAL.to_owned()));
    }
    let now = tx.now();
    let mut maker = Maker::new(tx, app.programme(), &app.files);
    make(&mut maker).await?;
    let mut tx = maker.tx;
    tx.set_now(now);
    tx.act_as(Arc::new(Actor::system("demo")));
    let today = tx.today();
    notices::read_before(&mut tx, now - chrono::TimeDelta::days(NEW_DAYS)).await?;
    settings::write(&mut tx, MARK, &today.to_string()).await?;
    tx.audit(AuditRecord { action: "demo.make", resource: "setting", resource_id: "demo" }, &today).await?;
    tx.commit().await?;
    spot_checks::look(app).await?;
    burden::keep(&app.db).await?;
    Ok(true)
}

/// What was told before is read, as it would be in an office that has worked for years.
const NEW_DAYS: i64 = 3;

fn day(month: u32, day: u32) -> Date {
    Date::from_ymd_opt(2024, month, day).unwrap_or_default()
}

async fn make(maker: &mut Maker) -> Result<()> {
    offices::open_first(maker, day(6, 3)).await?;
    real::register(maker, day(6, 5)).await?;
    let schools = schools::found(maker, day(6, 11)).await?;
    trades::set(maker, &schools, day(6, 13)).await?;
    offices::open_rest(maker, &schools, day(6, 18)).await?;
    let rosters = people::employ(maker, &schools, day(7, 2)).await?;
    let rows = pairings::pair(maker, &schools).await?;
    let wants = wants::ask(maker, &schools).await?;
    wants::offer(maker, &schools, &rows).await?;
    profiles::make(maker, &schools).await?;
    majors::make(maker, &schools).await?;
    let code = |row: &PairingRow| county_of(&schools, row);
    papers::sign(maker, &rows, code).await?;
    strategies::write(maker, &rows, &wants, code).await?;
    let programme = Arc::clone(&maker.programme);
    let mut deeds = planned(Planner::new(&programme, &rosters, maker.today), &schools, &rows);
    let beside = Planner::new(&programme, &rosters, maker.today).beside(&deeds);
    deeds.extend(varied(beside, &rows, &Offices::of(maker, &rows).await?, code));
    let mut lists = Lists::new(&programme, &rosters, &rows, &wants, (&deeds, maker.today));
    lists.plan(code);
    let home = schools.county.iter().find(|school| school.division == HOME).map_or("", |home| &home.id);
    deeds.extend(lists.built(home));
    Course::new(&rows, &wants, lists.lists, deeds).run(maker).await?;
    outputs::build(maker, &rows).await?;
    handovers::hand_over(maker, &rows).await?;
    applying::apply(maker, &rows).await?;
    complaints::say(maker, &schools).await?;
    studio::ponder(maker).await?;
    coming::announce(maker, &rows, code).await?;
    months::dispatch(maker).await?;
    meetings::meet(maker, &schools).await?;
    remarks::say(maker, &rows, code).await?;
    attachments::attach(maker, &rows, code).await?;
    certificates::give(maker, &rows, code).await?;
    questions::ask(maker).await?;
    allocations::divide(maker, &rows, code).await?;
    assessments::assess(maker, &rows, code).await?;
    funding::spend(maker, &rows, code).await?;
    resources::stock(maker, &rows, code).await?;
    jobs::offer(maker, &rows, code).await?;
    exchanges::compare(maker).await?;
    commendations::commend(maker, &rows, &rosters, code).await?;
    clauses::load(maker).await?;
    offices::let_read(maker).await?;
    years::close(maker).await?;
    people::register_twice(maker, &schools, &rosters).await?;
    offices::save_view(maker).await
}

/// The division code of a pairing's county school.
fn county_of(schools: &Schools, row: &PairingRow) -> &'static str {
    let school = schools.county.iter().find(|school| school.id == row.county_school);
    school.map_or("", |school| school.division)
}

/// Everything that was done: first what the desks need, then two years as they usually are.
fn planned(mut planner: Planner<'_>, schools: &Schools, rows: &[PairingRow]) -> Vec<deeds::Deed> {
    let code = |row: &PairingRow| county_of(schools, row);
    for row in rows {
        match code(row) {
            HOME => planner.home(row),
            // In the city of `shi`: for its desk. Elsewhere: for the other bureaus.
            "441424" | "440883" => planner.overdue(row, true),
            "441403" | "441881" | "445381" => planner.overdue(row, false),
            _ => {}
        }
    }
    for (at, row) in rows.iter().enumerate() {
        let turn = turn_of(code(row));
        for (side, helper) in [&row.lead, &row.nearby].into_iter().enumerate() {
            let (visits, stays) = present(code(row), turn, row, (at, side));
            planner.visits(row, helper, visits);
            planner.stays(row, helper, stays);
            planner.trainings(row, helper);
        }
        planner.shadowings(row);
        planner.social_trainings(row);
    }
    planner.finish()
}

/// A little of everything else, on dice of its own. Whoever shares a party with HOME has had its answers.
fn varied<'a>(
    mut planner: Planner<'_>,
    rows: &[PairingRow],
    offices: &Offices,
    code: impl Fn(&PairingRow) -> &'a str,
) -> Vec<deeds::Deed> {
    planner.rng = rng::SeededRng::new(11);
    let home = home_of(rows, code);
    let near = |row: &PairingRow| {
        home.is_some_and(|home| {
            row.lead == home.lead || row.nearby == home.nearby || row.city_code == home.city_code
        })
    };
    for row in rows {
        planner.varieties(row, offices, near(row));
    }
    planner.deeds
}

/// How the two present clocks of a helper shall stand; `side` is 0 for the lead college.
fn present(
    code: &str,
    turn: Option<Turn>,
    row: &PairingRow,
    (at, side): (usize, usize),
) -> (Present, Present) {
    match turn {
        _ if code == HOME => (Present::Idle, Present::Idle),
        // The desk of HOME's lead college shows twelve things: papers and HOME's clock shall be among them.
        _ if side == 0 && ["441324", "441424", "441403"].contains(&code) => {
            (Present::Awaiting, Present::Usual)
        }
        Some(Turn::Ending { days_ahead: 24 }) => (Present::Idle, Present::Begun),
        Some(Turn::Ending { .. }) if side == 0 => (Present::Idle, Present::Begun),
        Some(Turn::Ending { .. }) => (Present::Met, Present::Idle),
        _ if row.to_day.is_some() => (Present::Usual, Present::Usual),
        _ => (visits_now(at * 2 + side), stays_now(at * 2 + side)),
    }
}
