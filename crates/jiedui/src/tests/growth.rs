//! What a page costs does not grow with the ledger: statements, rows, bytes of the page, and bytes allocated while it is
//! made, for the pages that are asked for most, with some entries and with five times as many. A gate that no quick machine opens; how statements find their rows is looked
//! at in `plans.rs`, and times are measured by `bench/ledger.sh`.

use super::crawl::sign_in;
use crate::both_engines;
use crate::demo;
use crate::testing::{Agent, Demonstration, World};
use jiedui_store::testing::answered;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;

/// Counts what is allocated.
#[global_allocator]
static ALLOCATED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const FEW: i64 = 4_000;
const MANY: i64 = 20_000;

/// The same page may have some more rows: what waits in the last weeks, sums of months in which a school had nothing
/// before. With five times the entries that is less than half as many again, and ends where every month has something.
const MORE_PERCENT: u64 = 40;
const MORE: u64 = 40;

const ASKED: [&str; 10] = [
    "/",
    "/overview",
    "/clocks",
    "/entries",
    "/entries?page=100",
    "/entries?q=%E6%8A%80%E5%B8%88",
    "/search?q=%E6%95%B0%E6%8E%A7",
    "/search?q=sz",
    "/targets",
    "/burden",
];
/// Asked as the province alone: with few entries the school has no row of it.
const INDICATOR: &str = "/indicators/visits?year=2026";
/// What a helper opens every day.
const OF_A_HELPER: [&str; 4] = ["/", "/overview", "/clocks", "/entries"];
/// A page may ask one statement more where something is there that was not, or one in a hundred: the sheet of a helper asks
/// as many for each of its schools as that of one.
const MORE_STATEMENTS: u64 = 1;
const OF_STATEMENTS: u64 = 100;
const MORE_BYTES: u64 = 8_192;
const MORE_ALLOCATED: u64 = 196_608;

/// What one page took.
#[derive(Debug, Clone, Copy)]
struct Cost {
    statements: u64,
    rows: u64,
    bytes: u64,
    allocated: u64,
}

async fn cost(world: &World, agent: &Agent, address: &str, turn: u64) -> Cost {
    // Another address each time: a page that is kept costs nothing.
    let mark = if address.contains('?') { '&' } else { '?' };
    let (before, held) = (answered(&world.app.db), ALLOCATED.stats().bytes_allocated);
    let page = agent.get(&format!("{address}{mark}x={turn}")).await;
    assert_eq!(page.status, 200, "{address}");
    let after = answered(&world.app.db);
    let allocated = (ALLOCATED.stats().bytes_allocated - held) as u64;
    Cost {
        statements: after.0 - before.0,
        rows: after.1 - before.1,
        bytes: page.bytes.len() as u64,
        allocated,
    }
}

/// The pages, and a school's own page and sheet, as somebody.
async fn addresses(login: &str, agent: &Agent) -> Vec<String> {
    if login == "qiantou" {
        return Vec::from(OF_A_HELPER.map(str::to_owned));
    }
    let schools = agent.get("/registry").await.attributes("main a[href^='/registry/0']", "href");
    let first: Vec<String> = schools.into_iter().take(1).collect();
    let sheet = first.iter().map(|school| format!("{}/glance", school.replace("/registry/", "/schools/")));
    let asked = ASKED.iter().map(|&address| address.to_owned());
    let mut all: Vec<String> = asked.chain(first.iter().cloned()).chain(sheet).collect();
    if login == "sheng" {
        let of_school = first.iter().filter_map(|school| school.strip_prefix("/registry/"));
        all.extend(of_school.map(|school| format!("{INDICATOR}&school={school}")));
        all.push(INDICATOR.to_owned());
    }
    all
}

both_engines! {
    async fn pages_cost_the_same_with_five_times_the_ledger(world: World, _made: Demonstration) {
        demo::multiply(&world.app, FEW, |_, _| {}).await.unwrap();
        let mut costs = Vec::new();
        let mut agents = Vec::new();
        for login in ["sheng", "qiantou", "xianji"] {
            agents.push((login, sign_in(&world, login).await));
        }
        for (login, agent) in &agents {
            for address in addresses(login, agent).await {
                // The first time some things are read that are kept afterwards.
                cost(&world, agent, &address, 0).await;
                costs.push((*login, agent, address.clone(), cost(&world, agent, &address, 1).await));
            }
        }
        demo::multiply(&world.app, MANY, |_, _| {}).await.unwrap();
        let mut grown = Vec::new();
        for (login, agent, address, few) in costs {
            cost(&world, agent, &address, 2).await;
            let many = cost(&world, agent, &address, 3).await;
            println!("{login} {address}: {few:?}, then {many:?}");
            let more = |few: u64, many: u64, spare: u64| many > few + few * MORE_PERCENT / 100 + spare;
            let grows = many.statements > few.statements + MORE_STATEMENTS.max(few.statements / OF_STATEMENTS)
                || more(few.rows, many.rows, MORE)
                || more(few.bytes, many.bytes, MORE_BYTES)
                || more(few.allocated, many.allocated, MORE_ALLOCATED);
            if grows {
                grown.push(format!("{login} {address}: {few:?} with {FEW} entries, {many:?} with {MANY}"));
            }
        }
        assert!(grown.is_empty(), "{grown:#?}");
    }
}
