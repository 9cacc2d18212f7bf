//! Whatever breaks a rule over the data is told, and where nothing does nothing is.

use super::actions::{broken_of, run as check, until_next};
use super::rules::{Broken, Invariant};
use crate::both_engines;
use crate::identity::accounts;
use crate::network::registry;
use crate::shared::jobs::Worker;
use crate::testing::{Demonstration, Province, World, actor};
use jiedui_kernel::{Actor, Error};
use jiedui_store::testing::tamper;
use jiedui_web::history::{self, HistoryEntry};
use std::sync::Arc;
use std::time::Duration;

async fn told(world: &World, invariant: Invariant) -> Vec<Broken> {
    let mut tx = world.tx().await;
    broken_of(&mut tx, &world.app.programme(), invariant).await.unwrap()
}

async fn office(world: &World) -> String {
    registry::bureau(&mut world.tx().await, "province_office", "440000").await.unwrap().unwrap()
}

both_engines! {
    async fn each_broken_rule_is_told(world: World, _made: Demonstration) {
        for (name, text) in tamper::BREAKS {
            let invariant: Invariant = serde_json::from_value(name.into()).unwrap();
            assert_eq!(told(&world, invariant).await, [], "{name} holds so far");
            assert!(tamper::run(&world.app.db, text).await.unwrap() > 0, "{name}: a row was changed");
            assert_ne!(told(&world, invariant).await, [], "{name} is told");
        }
        assert_eq!(told(&world, Invariant::Log).await.len(), 1, "the log says so too");
    }

    /// A sum or a clock that somebody changed stands beside the figures, although all rows are what they were.
    async fn what_is_kept_above_the_rows_is_compared_too(world: World, _made: Demonstration) {
        assert_eq!(told(&world, Invariant::Sums).await, []);
        for (table, text) in tamper::KEPT_CHANGES {
            assert!(tamper::run(&world.app.db, text).await.unwrap() > 0, "{table}: a row was changed");
            let found = told(&world, Invariant::Sums).await;
            assert!(found.iter().any(|one| one.text.starts_with(table)), "{found:?}");
        }
    }

    /// A job puts right what is kept above the rows, and a second one finds nothing more to do.
    async fn what_is_kept_is_put_right_in_the_background(world: World, _made: Demonstration) {
        for (name, text) in tamper::KEPT_CHANGES {
            assert!(tamper::run(&world.app.db, text).await.unwrap() > 0, "{name}: a row was changed");
        }
        assert!(!told(&world, Invariant::Sums).await.is_empty());
        let admin = world.agent(&office(&world).await, "sysadmin").await;
        let done = async |path: &str| {
            let job = admin.post(path, &[]).await.location;
            assert!(Worker::new(&world.app).turn().await.unwrap());
            admin.get(&job).await
        };
        assert!(done("/system/check").await.says("处不一致"), "the night need not be waited for");
        let page = done("/system/repair").await;
        assert!(page.says("合计1处") && page.says("履职进度1处"), "{}", page.text());
        assert_eq!(told(&world, Invariant::Sums).await, []);
        let page = done("/system/repair").await;
        assert!(page.says("明细0处、合计0处、履职进度0处"), "{}", page.text());
        assert!(done("/system/check").await.says("全部一致"));
    }

    /// Figures are not made of rows that are not what the log says, and only the system administrator has them made.
    async fn what_differs_from_the_log_is_not_counted(world: World, p: Province) {
        let (_, text) = tamper::BREAKS.into_iter().find(|(name, _)| *name == "parties").unwrap();
        assert!(tamper::run(&world.app.db, text).await.unwrap() > 0);
        for role in ["auditor", "secadmin", "province"] {
            assert_eq!(world.agent(&p.office, role).await.post("/system/repair", &[]).await.status, 403, "{role}");
        }
        let admin = world.agent(&p.office, "sysadmin").await;
        let job = admin.post("/system/repair", &[]).await.location;
        assert!(Worker::new(&world.app).turn().await.unwrap());
        let page = admin.get(&job).await;
        assert!(page.says("未完成") && page.says("审计"), "{}", page.text());
    }

    /// Whoever acted for one side cannot act for the other, although the account has a role on both.
    async fn one_person_is_on_one_side(world: World, p: Province) {
        let mut tx = world.tx().await;
        let lead = actor(&mut tx, &p.lead, "lead").await;
        let school = actor(&mut tx, &p.xingning, "county_school").await;
        let same = Arc::new(Actor { kind: lead.kind.clone(), ..(*school).clone() });
        let step = |kind| HistoryEntry {
            resource: "entry", id: &p.visit, kind, reason: "", revision: 1, change: serde_json::json!({}),
        };
        tx.act_as(lead);
        history::record(&mut tx, &step("correct")).await.unwrap();
        tx.act_as(same);
        let refused = history::record(&mut tx, &step("confirm")).await;
        assert!(matches!(refused, Err(Error::NotNow(_))), "{refused:?}");
        tx.act_as(school);
        history::record(&mut tx, &step("confirm")).await.unwrap();
    }

    /// Two accounts of different names acted for both sides: that it was one person is told once somebody says so.
    async fn accounts_that_turn_out_to_be_one_persons_are_told(world: World, p: Province) {
        let lead = world.person(&p.lead, "lead").await;
        let school = world.person(&p.xingning, "county_school").await;
        let mut tx = world.tx().await;
        for (actor, kind) in [(&lead, "correct"), (&school, "confirm")] {
            tx.act_as(Arc::clone(actor));
            let change = serde_json::json!({});
            let step = HistoryEntry { resource: "entry", id: &p.visit, kind, reason: "", revision: 1, change };
            history::record(&mut tx, &step).await.unwrap();
        }
        tx.commit().await.unwrap();
        // Everybody has one name in this world: what is told of names is passed over.
        let surely = async || {
            let found = told(&world, Invariant::Sides).await;
            found.into_iter().filter(|one| one.text.contains("同一个人")).collect::<Vec<Broken>>()
        };
        assert_eq!(surely().await, []);
        let mut tx = world.tx().await;
        accounts::persons::join(&mut tx, lead.account(), school.account()).await.unwrap();
        tx.commit().await.unwrap();
        let found = surely().await;
        assert!(found.len() == 1 && found[0].text.starts_with(&p.visit), "{found:?}");
    }

    /// The administrator sees what is wrong and when it was found, and nobody else does.
    async fn the_administrator_reads_what_was_found(world: World, p: Province) {
        let admin = world.agent(&p.office, "sysadmin").await;
        assert!(admin.get("/system").await.says("还没有检查过"));
        check(&world.app.db, &world.app.programme(), (0, &world.app.files)).await.unwrap();
        assert!(admin.get("/system").await.all("td[data-label=结果]").iter().any(|state| state.contains("一致")));
        world.clock().advance(chrono::TimeDelta::hours(24));
        let (_, text) = tamper::BREAKS[0];
        tamper::run(&world.app.db, text).await.unwrap();
        check(&world.app.db, &world.app.programme(), (0, &world.app.files)).await.unwrap();
        // A session does not last so long.
        let page = world.agent(&p.office, "sysadmin").await.get("/system").await;
        assert!(page.says("登记的三方与可见范围的三方不同") && page.says("以前的检查"), "{}", page.text());
        assert!(page.says("2026-11-25"));
        for (org, role) in [(&p.office, "province"), (&p.lead, "lead"), (&p.office, "auditor")] {
            assert_eq!(world.agent(org, role).await.get("/system").await.status, 403, "{role}");
        }
    }
}

#[test]
fn the_next_check_is_in_the_night() {
    let at = |text: &str| text.parse().unwrap();
    // 01:00 and 04:00 in Shanghai.
    assert_eq!(until_next(at("2026-11-24T17:00:00Z")), Duration::from_secs(2 * 3600));
    assert_eq!(until_next(at("2026-11-24T20:00:00Z")), Duration::from_secs(23 * 3600));
}
