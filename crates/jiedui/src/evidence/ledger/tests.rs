//! Many entries from one table: whole or not at all.

use crate::both_engines;
use crate::testing::{Agent, Province};

async fn count(agent: &Agent) -> i64 {
    agent.get_json("/entries?activity=visit").await.json()["pager"]["total"]["raw"].as_i64().unwrap()
}

both_engines! {
    /// Every row is checked as the form would check it, against the rows before it too; one mistake keeps all out.
    async fn entries_come_in_whole_or_not_at_all(world: World, p: Province) {
        let programme = world.app.programme();
        let label = programme.activity("visit").unwrap().person.as_ref().unwrap().label.clone();
        let lead = world.agent(&p.lead, "lead").await;
        let send = async |rows: &str| {
            let file = format!("日期,{label}\n{rows}");
            lead.upload("/entries/import?activity=visit", "登记.csv", file.as_bytes()).await
        };
        let before = count(&lead).await;
        let told = send("2026-11-16,校长\n2026-12-30,校长\n2026-11-18,没有这人\n2026-11-16,书记\n").await;
        assert_eq!(told.status, 422);
        let rows = told.all(".problems td[data-label=行]");
        assert_eq!(rows, ["3", "4", "5"], "the future, a stranger, and the same day twice: {}", told.text());
        assert!(told.says("还没有发生") && told.says("没有“没有这人”在册") && told.says("已登记过一次"));
        assert_eq!(count(&lead).await, before, "nothing is half done");
        let done = send("2026-11-16,校长\n2026-11-17,书记\n").await;
        assert_eq!((done.status.as_u16(), done.location.as_str()), (303, "/entries?activity=visit"), "{}", done.text());
        assert_eq!(count(&lead).await, before + 2);
        let school = world.agent(&p.xingning, "county_school").await;
        let waiting = school.get_json("/entries?waiting=me").await.json()["pager"]["total"]["raw"].as_i64().unwrap();
        assert!(waiting >= 3, "each waits for the school's answer: {waiting}");
        let again = send("2026-11-16,校长\n").await;
        assert!(again.status == 422 && again.says("已登记过一次"));
        assert_eq!(send("").await.attributes(".errors a", "href"), ["#f-file"]);
        let nothing = lead.upload("/entries/import?activity=no-such", "a.csv", b"x").await;
        assert_eq!(nothing.attributes(".errors a", "href"), ["#f-activity"]);
    }
}

both_engines! {
    /// What the template offers is what this claimant can choose from, and it reads back.
    async fn the_template_is_the_claimants_own(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let page = lead.get("/entries/import").await;
        let links = page.attributes(".links a", "href");
        assert!(links.contains(&"/entries/import/visit/template".to_owned()));
        for link in &links {
            let book = lead.get(link).await;
            assert!(book.status == 200 && book.bytes.starts_with(b"PK"), "{link}");
        }
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(!school.get("/entries/import").await.attributes(".links a", "href").contains(&links[0]) || links.len() > 1);
        assert_eq!(school.get("/entries/import/visit/template").await.status, 403, "a county school claims no visit");
        assert_eq!(world.agent(&p.office, "sysadmin").await.get("/entries/import").await.status, 403);
    }
}
