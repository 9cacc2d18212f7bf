//! Days of pairings through the browser: ending with a look at what hangs on it, undoing, and schools that change.

use super::data::USED;
use crate::both_engines;
use crate::network::pairings::{self, PairingRow};
use crate::testing::{Agent, PageResponse, Province, World, actor};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_store::testing::references::{asked, references};

async fn row(world: &World, id: &str) -> PairingRow {
    pairings::find(&mut world.tx().await, id).await.unwrap()
}

async fn end(world: &World, office: &Agent, id: &str, to: &str, seen: &str) -> PageResponse {
    let version = row(world, id).await.version.to_string();
    let fields = [("to", to), ("reason", "布局调整"), ("seen", seen), ("version", version.as_str())];
    office.post(&format!("/pairings/{id}/end"), &fields).await
}

async fn resume(world: &World, office: &Agent, id: &str) -> PageResponse {
    let version = row(world, id).await.version.to_string();
    let fields = [("reason", "填错了日期"), ("version", version.as_str())];
    office.post(&format!("/pairings/{id}/resume"), &fields).await
}

both_engines! {
    async fn a_day_that_is_past_is_written_after_a_look_at_what_it_takes_away(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let refused = end(&world, &office, &p.running, "2026-01-31", "").await;
        assert!(refused.refuses(Code::InPast), "{}", refused.text());
        assert!(refused.says("将失去依据"));
        assert_eq!(row(&world, &p.running).await.to_day, None);
        assert!(end(&world, &office, &p.running, "2026-01-31", "2026-02-28").await.refuses(Code::InPast), "another day");
        let done = end(&world, &office, &p.running, "2026-01-31", "2026-01-31").await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(row(&world, &p.running).await.to_day.unwrap().to_string(), "2026-01-31");
        assert_eq!(end(&world, &office, &p.running, "2026-12-31", "").await.status, 409, "it has ended");
    }

    async fn an_ending_is_undone_within_ten_working_days(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let at = format!("/pairings/{}", p.running);
        assert_eq!(resume(&world, &office, &p.running).await.status, 409, "nothing ended it");
        let today = world.tx().await.today().to_string();
        assert_eq!(end(&world, &office, &p.running, &today, "").await.status, 303);
        let page = office.get(&at).await;
        assert!(page.says("撤销终止") && page.says("布局调整"));
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(!school.get(&at).await.says("可以撤销这次终止"));
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(resume(&world, &office, &p.running).await.status, 303);
        assert_eq!(row(&world, &p.running).await.to_day, None);
        assert_eq!(end(&world, &office, &p.running, &today, "").await.status, 303);
        world.clock().advance(TimeDelta::days(30));
        let office = world.agent(&p.office, "province").await;
        assert_eq!(resume(&world, &office, &p.running).await.status, 409, "it is too long ago");
    }

    async fn what_became_of_a_school_asks_about_its_pairings(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let at = format!("/registry/{}/lineage", p.xingning);
        let answer = format!("pairing-{}", p.running);
        let fields = |kind, choice| [("kind", kind), ("day", "2026-12-01"), ("other", ""), ("note", "省厅批复"), (answer.as_str(), choice)];
        assert!(office.get(&at).await.says("正在执行的结对怎么办"));
        assert!(office.post(&at, &fields("moved", "")).await.refuses(Code::Missing));
        assert!(office.post(&at, &fields("closed", "keep")).await.refuses(Code::Contradiction));
        assert_eq!(office.post(&at, &fields("moved", "keep")).await.status, 303);
        assert_eq!(row(&world, &p.running).await.to_day, None);
        // What it leaves open is asked about too; nobody is there to take it over.
        assert!(office.get(&at).await.says("需求“3 名数控教师跟岗”"));
        let closed = |left| [&fields("closed", "end")[..], &[("left", left)]].concat();
        assert!(office.post(&at, &closed("")).await.refuses(Code::Missing));
        assert!(office.post(&at, &closed("go_over")).await.refuses(Code::Contradiction));
        assert_eq!(office.post(&at, &closed("close")).await.status, 303);
        let ended = row(&world, &p.running).await;
        assert_eq!(ended.to_day.unwrap().to_string(), "2026-11-30");
        assert!(ended.end_reason.contains("停办"));
        assert_eq!(resume(&world, &office, &p.running).await.status, 409, "the school is no more");
    }

    /// Entries that an earlier end leaves behind are listed for those who see the pairing.
    async fn what_lies_outside_of_a_pairing_is_listed(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        assert!(office.get("/pairings/outside").await.says("没有落在结对起止之外"));
        let preview = end(&world, &office, &p.running, "2026-01-31", "").await;
        assert!(preview.refuses(Code::InPast));
        assert_eq!(end(&world, &office, &p.running, "2026-01-31", "2026-01-31").await.status, 303);
        let page = office.get("/pairings/outside").await;
        assert!(page.attributes("tbody a", "href").contains(&format!("/entries/{}", p.visit)), "{}", page.text());
        assert!(office.get("/pairings").await.says("不在结对起止之内"));
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert!(stranger.get("/pairings/outside").await.all("tbody tr").is_empty());
    }

    /// Whoever sees few pairings reads them in the order of their ids, the ended one too, and no others.
    async fn pairings_of_few_are_read_from_page_to_page(world: World, p: Province) {
        let mut tx = world.tx().await;
        let lead = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(lead);
        assert!(tx.actor().scope.is_narrow());
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let page = pairings::after(&mut tx, &after, 1).await.unwrap();
            let Some(row) = page.first() else { break };
            after = row.id.clone();
            read.push(row.id.clone());
        }
        let mut own = vec![p.running.clone(), p.ended.clone()];
        own.sort_unstable();
        assert_eq!(read, own);
    }
}

both_engines! {
    /// Figures hang on entries and outputs; everything else that names a pairing is asked for before it goes.
    async fn what_refers_to_a_pairing_is_asked_for(world: World) {
        let (asked, there) = (asked(USED.text), references(&world.app.db, "pairing").await.unwrap());
        assert!(there.len() > 8, "{there:?}");
        for (child, column) in there {
            let hangs = ["figure_row", "figure_change"].contains(&child.as_str());
            let message = format!("{child}.{column}: name it in pairings/data.rs");
            assert!(hangs || asked.contains(&(child, column)), "{message}");
        }
    }
}
