//! Indicators as pages show them: every cut adds up, corrections stay visible, and the wiring leaves nothing out.

use crate::both_engines;
use crate::evidence::ledger::{self, rules::EntryAnswer};
use crate::network::pairings;
use crate::standing::indicators;
use crate::testing::{Agent, Province, World, actor, claim, day};
use chrono::TimeDelta;
use jiedui_kernel::{Period, Reported};
use jiedui_store::testing::answered;
use serde_json::Value;
use std::collections::BTreeSet;

async fn json(agent: &Agent, address: &str) -> Value {
    let answer = agent.get_json(address).await;
    assert_eq!(answer.status, 200, "{address}");
    answer.json()
}

fn raw(figure: &Value) -> i64 {
    figure["raw"].as_i64().unwrap()
}

fn total(rows: &Value, column: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| raw(&row[column])).sum()
}

async fn is_whole(world: &World) {
    let mut tx = world.tx().await;
    let found = super::verify(&mut tx, &world.app.programme()).await.unwrap();
    assert_eq!(found, [], "the kept figures are what the facts give");
}

both_engines! {
    /// Everything that can be done to an entry leaves the kept figures whole.
    async fn whatever_is_done_to_an_entry_moves_its_figures(world: World, p: Province) {
        let programme = world.app.programme();
        is_whole(&world).await;
        let stay = claim(&world, &p.lead, &p.running, "residency", "主任甲", "2026-10-01", Some("2026-10-15")).await;
        is_whole(&world).await;
        let act = async |org: &str, role: &str, verdict: EntryAnswer| {
            let mut tx = world.tx().await;
            let entry = ledger::find(&mut tx, &stay).await.unwrap();
            let actor = actor(&mut tx, org, role).await;
            tx.act_as(actor);
            ledger::respond(&mut tx, &programme, &entry, entry.version, &verdict, "核对").await.unwrap();
            tx.commit().await.unwrap();
            is_whole(&world).await;
        };
        let hole = Period::new(day("2026-10-04"), day("2026-10-06")).unwrap();
        act(&p.xingning, "county_school", EntryAnswer::Except(hole)).await;
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.post(&format!("/entries/{stay}/accept"), &[("version", "2")]).await.status, 303);
        is_whole(&world).await;
        let days = async || {
            let view = json(&lead, "/indicators/resident-days?year=2026").await;
            (raw(&view["claimed"]), raw(&view["confirmed"]))
        };
        assert_eq!(days().await, (12, 12));
        let school = world.agent(&p.xingning, "county_school").await;
        let confirm = school.post("/entries/confirm", &[("id", &format!("{}:1", p.visit))]).await;
        assert_eq!(confirm.status, 303);
        is_whole(&world).await;
        let second = claim(&world, &p.lead, &p.running, "visit", "书记", "2026-10-20", None).await;
        is_whole(&world).await;
        let gone = lead.post(&format!("/entries/{second}/withdraw"), &[("version", "1")]).await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        is_whole(&world).await;
        let province = world.agent(&p.office, "province").await;
        assert_eq!(raw(&json(&province, "/indicators/visits?year=2026").await["claimed"]), 3);
    }

    /// However a figure is cut, the parts add up to it, and each part opens to the same number.
    async fn every_cut_adds_up(world: World, p: Province) {
        claim(&world, &p.lead, &p.running, "visit", "书记", "2026-10-20", None).await;
        let province = world.agent(&p.office, "province").await;
        let address = "/indicators/visits?year=2026";
        let view = json(&province, address).await;
        assert_eq!(raw(&view["claimed"]), 4);
        for by in ["place", "pairing", "kind", "typical"] {
            let cut = json(&province, &format!("{address}&by={by}")).await;
            assert_eq!(total(&cut["parts"], "claimed"), 4, "{by}");
            for part in cut["parts"].as_array().unwrap() {
                let opened = json(&province, part["claimed"]["href"].as_str().unwrap()).await;
                assert_eq!(raw(&opened["claimed"]), raw(&part["claimed"]), "{by} {}", part["name"]);
                assert_eq!(total(&opened["rows"], "claimed"), raw(&part["claimed"]), "{by}: its rows");
            }
        }
        assert_eq!(total(&view["months"], "claimed"), 4);
        let october = view["months"].as_array().unwrap().iter().find(|month| month["value"] == "2026-10").unwrap();
        assert_eq!(raw(&october["claimed"]), 1);
        let opened = json(&province, october["claimed"]["href"].as_str().unwrap()).await;
        assert_eq!((opened["rows"].as_array().unwrap().len(), raw(&opened["claimed"])), (1, 1));
        assert_eq!(opened["rows"][0]["from"], "2026-10-20");
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(raw(&json(&school, address).await["claimed"]), 2, "a school sees its own");
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(raw(&json(&lead, address).await["claimed"]), 3, "a former partner keeps what it did there");
    }

    /// A correction stands beside what was reported, with the thing, old and new, and why.
    async fn what_was_reported_stands_beside_what_is_known_now(world: World, p: Province) {
        world.clock().advance(TimeDelta::days(3));
        let school = world.agent(&p.xingning, "county_school").await;
        let confirm = [("verdict", "confirm"), ("version", "1")];
        assert_eq!(school.post(&format!("/entries/{}/answer", p.visit), &confirm).await.status, 303);
        let province = world.agent(&p.office, "province").await;
        let view = json(&province, "/indicators/visits?year=2026&asof=2026-11-25").await;
        let then = &view["reported"]["then"];
        assert_eq!((raw(&then["claimed"]), raw(&then["confirmed"])), (3, 0));
        assert_eq!((raw(&view["claimed"]), raw(&view["confirmed"])), (3, 1));
        let changes = then["changes"]["rows"].as_array().unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!((raw(&changes[0]["confirmed"][0]), raw(&changes[0]["confirmed"][1])), (0, 1));
        assert_eq!(changes[0]["why"], "得到确认");
        assert_eq!(changes[0]["made_on"], "2026-11-27");
        assert_eq!(changes[0]["href"].as_str().unwrap(), format!("/entries/{}", p.visit));
        let today = json(&province, "/indicators/visits?year=2026&asof=2026-11-27").await;
        assert_eq!(today["reported"]["then"]["changes"]["rows"].as_array().unwrap().len(), 0);
        let wrong = province.get("/indicators/visits?year=2026&asof=2027-01-01").await;
        assert!(wrong.says("不晚于今天"), "tomorrow nothing was reported");
        let elsewhere = world.agent(&p.nanxiong, "county_school").await;
        let seen = json(&elsewhere, "/indicators/visits?year=2026&asof=2026-11-25").await;
        assert_eq!(seen["reported"]["then"]["changes"]["rows"].as_array().unwrap().len(), 0, "others' changes are not told");
        assert_eq!(raw(&seen["reported"]["then"]["claimed"]), 1);
    }

    /// A target that is words and no number opens what carries its sentence.
    async fn a_target_without_a_number_leads_somewhere(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let page = office.get("/targets").await;
        for clause in ["G2.1", "G3.1"] {
            let href = format!("/clauses/{clause}");
            let opened = page.attributes(&format!("td a[href='{href}']:not(.clause)"), "href");
            assert_eq!(opened, [href.as_str()], "{clause}");
            assert!(office.get(&href).await.says("系统里的落实"), "{clause}");
        }
    }

    /// Province-wide targets are judged, and forecast, only where the whole province is seen.
    async fn a_target_is_judged_where_the_whole_is_seen(world: World, p: Province) {
        let line = async |org: &str, role: &str| {
            let view = json(&world.agent(org, role).await, "/targets").await;
            let lines = view["targets"].as_array().unwrap().clone();
            lines.into_iter().find(|line| line["clause"] == "G3.8").unwrap()
        };
        let whole = line(&p.office, "province").await;
        assert_eq!(whole["state"]["label"], "目标年度未到", "what other years bring does not reach it");
        assert!(raw(&whole["pace"]["needed"]) > 0);
        assert_eq!(whole["pace"]["last_year"]["word"], "没有上年的记录");
        let part = line(&p.city, "city").await;
        assert_eq!(part["state"]["key"], "none");
        assert!(part["pace"].is_null());
    }

    /// A database from before, or another text of the programme: the figures are brought in line once, and told.
    async fn another_programme_brings_the_figures_in_line(world: World, _p: Province) {
        assert_eq!(indicators::ensure(&world.app.db, &world.app.programme()).await.unwrap(), 0, "nothing differs");
        let mut other = (*world.app.programme()).clone();
        other.indicators.retain(|of| of.id != "visits");
        "another".clone_into(&mut other.digest);
        assert_eq!(indicators::ensure(&world.app.db, &other).await.unwrap(), 3, "the three visits count no more");
        assert_eq!(indicators::ensure(&world.app.db, &other).await.unwrap(), 0, "once");
        assert_eq!(indicators::ensure(&world.app.db, &world.app.programme()).await.unwrap(), 3, "and back");
        is_whole(&world).await;
        let mut tx = world.tx().await;
        let said = crate::shared::contributions::cells_reported(&mut tx, "visits", day("2026-12-31"), day("2026-11-24")).await.unwrap();
        assert_eq!(said.iter().map(|cell| cell.claimed).sum::<i64>(), 3, "taken back and said again, line by line");
    }

    /// What others ask of one school: what is confirmed within the window.
    async fn the_figures_of_one_school(world: World, p: Province) {
        let programme = world.app.programme();
        let school = world.agent(&p.xingning, "county_school").await;
        let confirm = [("verdict", "confirm"), ("version", "1")];
        assert_eq!(school.post(&format!("/entries/{}/answer", p.visit), &confirm).await.status, 303);
        let mut tx = world.tx().await;
        let mut visits = async |school: &str, from: &str| {
            let window = Period::new(day(from), day("2026-11-24")).unwrap();
            indicators::school_figures(&mut tx, &programme, school, window).await.unwrap().get("visits").copied()
        };
        assert_eq!(visits(&p.xingning, "2025-11-25").await, Some(Reported::Value(1)));
        assert_eq!(visits(&p.xingning, "2026-11-11").await, Some(Reported::Value(0)));
        assert_eq!(visits(&p.nanxiong, "2025-11-25").await, Some(Reported::Value(0)), "claimed is not confirmed");
        assert!(pairings::in_scope(&mut tx).await.unwrap().len() > 2);
    }
}

both_engines! {
    /// A figure says of how many schools how many told it, wherever it stands: on the overview and in the list of all.
    async fn a_figure_says_of_how_many_how_many_told(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let raw = |pair: &serde_json::Value| (pair[0]["raw"].as_i64().unwrap(), pair[1]["raw"].as_i64().unwrap());
        let overview = office.get_json("/overview").await.json();
        let measured: Vec<_> = overview["targets"].as_array().unwrap().iter().filter(|line| !line["told"].is_null()).collect();
        assert!(measured.len() > 5 && measured.iter().all(|line| raw(&line["told"]).1 == 3));
        assert!(office.get("/overview").await.says("有确认数的"));
        // The number of targets in a state opens those.
        for sum in overview["sums"].as_array().unwrap() {
            let listed = office.get_json(sum[1]["href"].as_str().unwrap()).await.json();
            let listed = listed["targets"].as_array().unwrap();
            assert_eq!(Some(listed.len() as i64), sum[1]["raw"].as_i64());
            assert!(listed.iter().all(|line| line["state"]["label"] == sum[0]["label"]));
        }
        let list = office.get_json("/targets").await.json();
        let lines = list["groups"].as_array().unwrap().iter().flat_map(|group| group["indicators"].as_array().unwrap());
        let told: Vec<_> = lines.map(|line| raw(&line["told"])).collect();
        assert!(told.iter().all(|(told, all)| told <= all && *all == 3) && told.iter().any(|(told, _)| *told == 0));
    }
}

both_engines! {
    /// What two targets go by is read once, and all of it by one statement.
    async fn what_targets_go_by_is_read_once(world: World, _p: Province) {
        let (programme, mut tx) = (world.app.programme(), world.tx().await);
        let asked = indicators::pages::list::counted(&programme);
        let distinct: BTreeSet<&str> = asked.iter().map(|of| of.id.as_str()).collect();
        assert!(distinct.len() < asked.len() && distinct.len() <= 12, "{distinct:?}");
        let mut facts = indicators::Facts::read(&mut tx, &programme).await.unwrap();
        let before = answered(&world.app.db).0;
        facts.open(&mut tx, &asked).await.unwrap();
        assert_eq!(answered(&world.app.db).0 - before, 1);
        let known = indicators::Facts::about(&mut tx, &programme, &asked, None).await.unwrap();
        for of in asked {
            assert_eq!(facts.cells(of).len(), known.cells(of).len(), "{}", of.id);
        }
    }
}
