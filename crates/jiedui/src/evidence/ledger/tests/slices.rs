//! A long table: written in slices, so that others write in between; whole or not at all all the same.

use crate::both_engines;
use crate::shared::jobs::Worker;
use crate::shared::jobs::rules::LEASE;
use crate::testing::{Agent, PageResponse, Province};
use std::ops::Range;
use std::time::Duration;

const ROWS: u32 = 120;

/// Classes of so many trainees, each another number of them.
fn table(rows: Range<u32>) -> String {
    let head = "开始日期,结束日期,参训人次（人次）,培训形式,学徒或技培生人数（人）\n".to_owned();
    rows.fold(head, |file, at| format!("{file}2026-10-01,2026-10-09,{},生态链学徒制,12\n", at + 12))
}

async fn look(school: &Agent, rows: Range<u32>) -> PageResponse {
    let file = table(rows);
    school.look("/entries/import", &[("activity", "social-training")], ("登记.csv", file.as_bytes())).await
}

async fn standing(agent: &Agent) -> i64 {
    let list = agent.get_json("/entries?activity=social-training&state=claimed").await.json();
    list["pager"]["total"]["raw"].as_i64().unwrap()
}

/// Waits until a part of the table is written.
async fn begun(agent: &Agent) {
    while standing(agent).await == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

both_engines! {
    async fn others_write_while_a_long_table_is_written(world: World, p: Province) {
        let (school, lead) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.lead, "lead").await);
        let job = school.accept(&look(&school, 0..ROWS).await).await.made();
        assert_eq!(standing(&school).await, 0, "nobody waits for it");
        assert!(school.get("/imports").await.says("正在写入"));
        let second = school.accept(&look(&school, 500..502).await).await;
        assert!(second.status == 409 && second.says("正在写入"), "{}", second.text());
        let (killed, other) = (Worker::new(&world.app), Worker::new(&world.app));
        let meanwhile = async {
            begun(&school).await;
            let said = [("pairing", p.running.as_str()), ("from", "2026-10-12"), ("quantity", "20"), ("with", "helper"), ("evaluated", "28")];
            lead.post("/entries/new/certification", &said).await.made();
        };
        tokio::select! {
            _ = killed.turn() => panic!("it kept the writer until it was through"),
            () = meanwhile => {}
        }
        let part = standing(&school).await;
        assert!(part > 0 && part < i64::from(ROWS), "{part}");
        // Its worker is gone; another goes on behind the last slice.
        world.clock().advance(LEASE);
        assert!(other.turn().await.unwrap());
        assert_eq!(standing(&school).await, i64::from(ROWS));
        assert!(school.get(&format!("/jobs/{job}")).await.says("已完成"));
        // The way back is as long.
        let undo = school.get("/imports").await.attributes("form[action^='/imports/']", "action").remove(0);
        assert!(school.post(&undo, &[]).await.location.starts_with("/jobs/"));
        assert!(other.turn().await.unwrap());
        assert_eq!(standing(&school).await, 0);
        assert!(school.get("/imports").await.says("已撤销"));
        assert!(jiedui_store::audit::faults(&mut world.tx().await).await.unwrap().is_empty());
    }

    /// A row that is refused half way takes the whole table back, and so does whoever cancels it.
    async fn a_long_table_is_written_whole_or_not_at_all(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let worker = Worker::new(&world.app);
        let preview = look(&school, 0..ROWS).await;
        let value = |name: &str| preview.attributes(&format!("form.form input[name={name}]"), "value").remove(0);
        let (pending, digest) = (value("pending"), value("digest"));
        let again = [("activity", "social-training"), ("pending", pending.as_str()), ("digest", digest.as_str()), ("page", "1")];
        // Somebody else writes all the while: who only looks waits for nobody.
        let held = world.tx().await;
        assert!(school.post("/entries/import", &again).await.says("确认写入"));
        drop(held);
        let job = school.accept(&preview).await.made();
        let meanwhile = async {
            begun(&school).await;
            let list = school.get_json("/entries?activity=social-training").await.json();
            let first = list["rows"][0]["href"].as_str().unwrap().to_owned();
            assert!(school.get(&first).await.says("正在写入"));
            let held = school.post(&format!("{first}/withdraw"), &[("version", "1")]).await;
            assert_eq!(held.status, 409, "it belongs to the table: {}", held.text());
            // What the last row says is claimed by itself.
            let last = (ROWS + 11).to_string();
            let said = [
                ("pairing", p.running.as_str()), ("from", "2026-10-01"), ("to", "2026-10-09"), ("quantity", last.as_str()),
                ("kind", "apprentice"), ("persons", "12"),
            ];
            school.post("/entries/new/social-training", &said).await.made();
        };
        let (turned, ()) = tokio::join!(worker.turn(), meanwhile);
        assert!(turned.unwrap());
        assert_eq!(standing(&school).await, 1, "what was claimed by itself");
        let told = school.get(&format!("/jobs/{job}")).await;
        assert!(told.says(&format!("第 {} 行", ROWS + 1)) && told.says("没有留下任何内容"), "{}", told.text());
        let job = school.accept(&look(&school, 500..530).await).await.made();
        assert_eq!(school.post(&format!("/jobs/{job}/cancel"), &[]).await.status, 303);
        assert!(worker.turn().await.unwrap());
        assert_eq!(standing(&school).await, 1);
        assert!(jiedui_store::audit::faults(&mut world.tx().await).await.unwrap().is_empty());
    }
    /// An answer and the way back of the whole table, at the same instant: one of the two is refused, and nothing is half done.
    async fn an_answer_and_the_way_back_of_its_table_do_not_pass_each_other(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let worker = Worker::new(&world.app);
        school.accept(&look(&school, 0..21).await).await.made();
        assert!(worker.turn().await.unwrap());
        let undo = school.get("/imports").await.attributes("form[action^='/imports/']", "action").remove(0);
        let waiting = bureau.get_json("/entries?waiting=me&activity=social-training").await.json();
        let answer = format!("{}/answer", waiting["rows"][0]["href"].as_str().unwrap());
        let verdict = [("verdict", "confirm"), ("version", "1")];
        let (undone, answered) = world.at_once(school.post(&undo, &[]), bureau.post(&answer, &verdict)).await;
        let goes_back = undone.location.starts_with("/jobs/");
        assert_ne!(goes_back, answered.status == 303, "{} {}", undone.text(), answered.text());
        assert_eq!(worker.turn().await.unwrap(), goes_back);
        assert_eq!(standing(&school).await, if goes_back { 0 } else { 20 });
        // The first lot of what is ticked stays confirmed, whatever becomes of the rest: nobody is told that nothing was written.
        school.accept(&look(&school, 100..121).await).await.made();
        assert!(worker.turn().await.unwrap());
        let (before, waiting) = (standing(&school).await, bureau.get_json("/entries?waiting=me&activity=social-training").await.json());
        let keys = waiting["rows"].as_array().unwrap().iter().take(20).map(|row| row["key"].as_str().unwrap().to_owned());
        let keys: Vec<String> = keys.chain([format!("{}:1", p.running)]).collect();
        let ticked: Vec<(&str, &str)> = keys.iter().map(|key| ("id", key.as_str())).collect();
        let told = bureau.post("/entries/confirm", &ticked).await;
        assert!(told.status == 500 && told.says("不确定是否写入"), "{}", told.text());
        assert_eq!(standing(&school).await, before - 20);
    }
}
