//! Nothing is counted twice because it was sent twice, and what only looks leaves its record.

use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World};

async fn train(agent: &Agent, p: &Province, number: &str, quantity: &str) -> PageResponse {
    let fields = [
        ("_once", number),
        ("pairing", p.running.as_str()),
        ("from", "2026-11-02"),
        ("to", "2026-11-06"),
        ("quantity", quantity),
    ];
    agent.post("/entries/new/teacher-training", &fields).await
}

async fn trainings(world: &World) -> usize {
    let mut tx = world.tx().await;
    let facts = crate::evidence::ledger::facts(&mut tx).await.unwrap();
    facts.iter().filter(|fact| fact.activity == "teacher-training").count()
}

both_engines! {
    async fn a_form_sent_again_leads_to_the_first_one(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let form = lead.get("/entries/new/teacher-training").await;
        let number = form.attributes("main form[action^='/entries/new'] input[name=_once]", "value")[0].clone();
        assert!(number.len() > 20, "a number that nobody guesses");
        let first = train(&lead, &p, &number, "12").await;
        assert_eq!(first.status, 303, "{:?}", first.all(".errors li"));
        let again = train(&lead, &p, &number, "12").await;
        assert_eq!((again.status.as_u16(), &again.location), (303, &first.location));
        assert!(lead.get(&again.location).await.says("没有重复写入"));
        assert_eq!(trainings(&world).await, 1);
        assert_eq!(train(&lead, &p, &number, "13").await.status, 303, "gone back to enter the next one");
        assert_eq!(trainings(&world).await, 2);
        let nearby = world.agent(&p.nearby, "nearby").await;
        train(&nearby, &p, &number, "14").await;
        assert_eq!(trainings(&world).await, 3, "a number is that of one account");
    }

    async fn a_form_sent_at_the_same_moment_is_done_once(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let (one, two, three) = tokio::join!(
            train(&lead, &p, "number-of-the-page", "12"),
            train(&lead, &p, "number-of-the-page", "12"),
            train(&lead, &p, "number-of-the-page", "12"),
        );
        assert_eq!([one.status.as_u16(), two.status.as_u16(), three.status.as_u16()], [303; 3]);
        assert!(one.location == two.location && two.location == three.location);
        assert_eq!(trainings(&world).await, 1);
    }

    async fn what_was_refused_wrote_nothing_and_may_be_sent_again(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(train(&lead, &p, "n", "-1").await.status, 422);
        assert_eq!(train(&lead, &p, "n", "-1").await.status, 422, "told again what is wrong");
    }

    async fn a_file_taken_out_and_a_door_that_stayed_shut_leave_records(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let auditor = world.agent(&p.office, "auditor").await;
        assert_eq!(office.get("/entries/import/teacher-training/template").await.status, 403);
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.get("/entries/import/teacher-training/template").await.status, 200);
        for _ in 0..3 {
            assert_eq!(lead.get("/accounts").await.status, 403);
        }
        let records = async |action: &str| auditor.get(&format!("/audit?action={action}")).await.all("tbody tr").len();
        assert_eq!(records("file.export").await, 1);
        assert_eq!(records("access.refuse").await, 2, "the same one is told once a minute");
        let found = auditor.get("/audit?about=%2Faccounts").await;
        assert!(found.says("访问被拒绝"), "{}", found.text());
    }
}

both_engines! {
    async fn the_same_thing_is_asked_about_and_claimed_again_where_it_is_meant(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(train(&lead, &p, "", "12").await.status, 303);
        let asked = train(&lead, &p, "", "12").await;
        assert_eq!(asked.status, 422);
        assert_eq!(asked.attributes(".errors a", "href"), ["#f-again"]);
        assert_eq!(asked.attributes("input[name=again]", "value"), ["yes"]);
        assert_eq!(trainings(&world).await, 1);
        let fields = [
            ("pairing", p.running.as_str()),
            ("from", "2026-11-02"),
            ("to", "2026-11-06"),
            ("quantity", "12"),
            ("again", "yes"),
        ];
        assert_eq!(lead.post("/entries/new/teacher-training", &fields).await.status, 303);
        assert_eq!(trainings(&world).await, 2, "there can be two alike");
    }
}
