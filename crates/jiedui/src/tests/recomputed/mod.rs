//! Every indicator, clock, attainment and target a second time, slowly and from the rows alone, beside what the application
//! says: on the demonstration, and on a thousand random worlds.

mod count;
mod data;
mod judge;
mod random;

use crate::both_engines;
use crate::standing::{indicators, obligations};
use crate::testing::{Demonstration, World, programme};
use chrono::Datelike as _;
use count::{Asked, figure};
use data::Raw;
use jiedui_kernel::{Date, Period};
use jiedui_programme::{Aim, Programme, Standing, clocks, evaluate, standing};

/// Whether a confirmed figure reaches what a target wants, said a second time.
fn reaches(aim: Aim, confirmed: Option<i64>) -> Standing {
    match (aim, confirmed) {
        (Aim::NotIssued, _) => Standing::NotIssued,
        (Aim::NoMeasure, _) | (Aim::About { .. }, Some(_)) => Standing::NoVerdict,
        (_, None) => Standing::NotReported,
        (Aim::AtLeast { value: least } | Aim::Range { low: least, .. }, Some(found)) if found >= least => {
            Standing::Reached
        }
        _ => Standing::NotYet,
    }
}

/// What is shown on the pages and what is counted here, of all indicators and years: where they differ.
async fn shown(world: &World, programme: &Programme, raw: &Raw) -> Vec<String> {
    let mut tx = world.tx().await;
    let today = tx.today();
    let facts = indicators::Facts::read(&mut tx, programme).await.unwrap();
    let mut found = Vec::new();
    for year in 2024..=today.year() {
        let asked = Asked { programme, raw, year, today };
        let cut = indicators::Slice::year(year);
        for of in &programme.indicators {
            let reading = facts.reading(programme, of, &cut);
            let (said, counted) = ((reading.claimed.value(), reading.confirmed.value()), figure(&asked, of));
            if said != counted {
                found.push(format!("{} {year}: shown {said:?}, counted {counted:?}", of.id));
            }
            for target in programme.targets.iter().filter(|one| one.indicator.as_ref() == Some(&of.id)) {
                let (said, again) = (standing(target.aim, reading.confirmed), reaches(target.aim, counted.1));
                if said != again {
                    found.push(format!("{} {year}: {said:?}, again {again:?}", target.id));
                }
            }
        }
    }
    found
}

/// The clocks of a set of readings, beside those counted here.
fn differing(
    said: impl Iterator<Item = jiedui_programme::ClockReading>,
    counted: &judge::Clocks,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = 0;
    for one in said {
        seen += 1;
        let key = (one.obligation.clone(), one.helper.clone(), one.county_school.clone(), one.period.from);
        let here = (one.owed, one.claimed, one.confirmed);
        if counted.get(&key) != Some(&here) {
            found.push(format!("{key:?}: said {here:?}, counted {:?}", counted.get(&key)));
        }
    }
    if seen != counted.len() {
        found.push(format!("{seen} clocks said, {} counted", counted.len()));
    }
    found
}

both_engines! {
    /// The demonstration: every indicator and target of every year, and every clock of every period.
    async fn the_demonstration_says_what_its_rows_say(world: World, _made: Demonstration) {
        agrees(&world).await;
    }
}

/// Every indicator and target of every year, and every clock of every period, of a world that is the demonstration.
pub(super) async fn agrees(world: &World) {
    let programme = world.app.programme();
    let mut tx = world.tx().await;
    let raw = data::read(&mut tx).await;
    let much = raw.entries.len() > 1000 && raw.outputs.len() > 100 && raw.profiles.len() > 50;
    assert!(much, "there is something to count");
    let clocks = obligations::in_scope(&mut tx, &programme).await.unwrap();
    let again = judge::clocks(&programme, &raw, tx.today());
    drop(tx);
    assert_eq!(differing(clocks.into_iter().map(|clock| clock.reading), &again), Vec::<String>::new());
    assert_eq!(shown(world, &programme, &raw).await, Vec::<String>::new());
}

fn random_worlds(seed: u64) {
    let programme = programme();
    let today: Date = "2026-11-28".parse().unwrap();
    let mut dice = random::SeededRng(seed);
    let mut told = 0;
    for world in 0..250 {
        let raw = random::world(&programme, &mut dice);
        let year = 2024 + world % 3;
        let asked = Asked { programme: &programme, raw: &raw, year, today };
        let facts = random::facts(&raw, asked.on());
        let window = Period::new(Date::from_ymd_opt(year, 1, 1).unwrap(), asked.on()).unwrap();
        for of in &programme.indicators {
            let reading = evaluate(&programme, of, &facts, window);
            let counted = figure(&asked, of);
            let said = (reading.claimed.value(), reading.confirmed.value());
            assert_eq!(said, counted, "world {world} of {seed}, {} {year}: {raw:#?}", of.id);
            told += i64::from(counted.0.is_some_and(|amount| amount != 0));
            for target in programme.targets.iter().filter(|one| one.indicator.as_ref() == Some(&of.id)) {
                assert_eq!(
                    standing(target.aim, reading.confirmed),
                    reaches(target.aim, counted.1),
                    "{}",
                    target.id
                );
            }
        }
        let said = clocks(
            &programme,
            &random::pairings(&raw),
            &random::entries(&raw),
            &jiedui_programme::Arrangements::default(),
            today,
        );
        let again = judge::clocks(&programme, &raw, today);
        assert_eq!(
            differing(said.into_iter(), &again),
            Vec::<String>::new(),
            "world {world} of {seed}: {raw:#?}"
        );
    }
    assert!(told > 2000, "the worlds amount to something: {told}");
}

#[test]
fn random_worlds_count_the_same_twice_first() {
    random_worlds(1);
}

#[test]
fn random_worlds_count_the_same_twice_second() {
    random_worlds(20_260_701);
}

#[test]
fn random_worlds_count_the_same_twice_third() {
    random_worlds(42);
}

#[test]
fn random_worlds_count_the_same_twice_fourth() {
    random_worlds(7_777_777);
}
