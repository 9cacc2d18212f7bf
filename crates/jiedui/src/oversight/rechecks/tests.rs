//! Decisions made again: nothing comes out otherwise by the code that took them, and where it counts otherwise, it is told for
//! which.

use super::actions::look;
use super::rules::Findings;
use crate::both_engines;
use crate::network::registry;
use crate::shared::background::Progress;
use crate::shared::jobs::Worker;
use crate::testing::{Demonstration, Province, World};
use jiedui_store::testing::tamper;

async fn looked(world: &World) -> Findings {
    let (mut tx, programme) = (world.tx().await, world.app.programme());
    look(&mut tx, &programme, &Progress::default()).await.unwrap()
}

both_engines! {
    /// As they were taken they come out again; what the code counts otherwise is told for the months and years that rest on it.
    async fn decisions_that_rest_on_a_fault_of_the_code_are_told(world: World, _made: Demonstration) {
        let found = looked(&world).await;
        assert_eq!(found.lines, [], "by the code that took them");
        for kind in [
            "month", "year", "pairing", "allocation", "assessment", "certificate", "filing", "application", "commendation",
            "answer",
        ] {
            let one = found.kinds.iter().find(|one| one.kind == kind).unwrap();
            assert!(one.number > 0, "the demonstration has a decision of the kind {kind}");
        }
        for text in tamper::COUNTED_OTHERWISE {
            assert!(tamper::run(&world.app.db, text).await.unwrap() > 0, "a row was changed");
        }
        let found = looked(&world).await;
        let of = |kind: &str| found.lines.iter().filter(|line| line.kind == kind).count();
        assert!(of("month") > 0, "{:?}", found.kinds);
        assert!(of("year") > 0, "{:?}", found.kinds);
        assert_eq!((of("pairing"), of("allocation"), of("certificate")), (0, 0, 0), "nothing else rests on it");
        assert_eq!((of("filing"), of("commendation")), (0, 0), "nor these");
        assert!(found.lines.iter().all(|line| line.what.was != line.what.becomes));
        let name = world.app.programme().indicator("social-training").unwrap().name.clone();
        assert!(found.lines.iter().all(|line| line.what.figure.contains(name.as_str())), "{:?}", found.lines);
        // What cannot be read is told, and keeps nobody from looking at the rest.
        assert_eq!(tamper::run(&world.app.db, tamper::CUT_SHORT).await.unwrap(), 1);
        let again = looked(&world).await;
        let cut: Vec<_> = again.lines.iter().filter(|line| line.what.figure == "存底").collect();
        assert_eq!(cut.iter().map(|line| line.kind.as_str()).collect::<Vec<_>>(), ["application"]);
        assert_eq!(again.totals().0, found.totals().0, "everything was looked at all the same");
    }
}

both_engines! {
    /// The office asks for it in the background and reads what was found; nobody else does.
    async fn the_office_asks_and_reads(world: World, _made: Demonstration) {
        let mut tx = world.tx().await;
        let office = registry::bureau(&mut tx, "province_office", "440000").await.unwrap().unwrap();
        drop(tx);
        let agent = world.agent(&office, "province").await;
        assert!(agent.get("/programme").await.attributes("a", "href").contains(&"/programme/recheck".to_owned()));
        assert!(agent.get("/programme/recheck").await.says("还没有复算过"));
        let job = agent.post("/programme/recheck", &[]).await.location;
        assert!(Worker::new(&world.app).turn().await.unwrap());
        let done = agent.get(&job).await;
        assert!(done.says("结果都与当时相同"), "{}", done.text());
        let page = agent.get("/programme/recheck").await;
        assert!(page.says("没有与当时不同的决定") && page.says("接收的月调度"), "{}", page.text());
    }

    /// Whoever has no right to it neither reads nor asks.
    async fn others_neither_read_nor_ask(world: World, p: Province) {
        for (org, role) in [(&p.lead, "lead"), (&p.city, "city"), (&p.office, "auditor"), (&p.office, "sysadmin")] {
            let agent = world.agent(org, role).await;
            assert_eq!(agent.get("/programme/recheck").await.status, 403, "{role}");
            assert_eq!(agent.post("/programme/recheck", &[]).await.status, 403, "{role}");
        }
    }
}
