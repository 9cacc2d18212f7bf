//! A list that comes back from a table.

use super::{begun, players};
use crate::both_engines;
use crate::network::registry;
use crate::testing::Province;

both_engines! {
    /// A column that the file does not have leaves its values alone; what changes is shown before it is written.
    async fn a_table_without_the_money_leaves_the_money(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let import = format!("{list}/import");
        let source = format!("{}（万元）", world.app.programme().projects.sources[0].name);
        let head = "项目名称,回应的需求,年底成果,数量,单位,责任单位,开始日期,结束日期";
        let row = |number: u32| format!("新项目,特色亮点,一门课程,{number},个,广州技师学院甲,2027-03-01,2027-06-01");
        let rich = format!("{head},{source}\n{},7.5\n", row(2));
        assert_eq!(play.lead.upload(&import, "清单.csv", rich.as_bytes()).await.status, 303);
        let money = async || {
            let id = play.lead.get_json(&list).await.json()["rows"][0]["id"].as_str().unwrap().to_owned();
            let project = crate::planning::projects::find(&mut world.tx().await, &id).await.unwrap();
            (project.quantity, project.budget_sum)
        };
        assert_eq!(money().await, (2, 7_500_000));
        let poor = format!("{head}\n{}\n", row(3));
        // A program that only sends it is told that it was not written.
        assert_eq!(play.lead.upload(&import, "清单.csv", poor.as_bytes()).await.status, 202);
        let preview = play.lead.look(&import, &[], ("清单.csv", poor.as_bytes())).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        assert_eq!(preview.attributes("tr[data-outcome]", "data-outcome"), ["changed"]);
        assert_eq!(preview.all("ul.changes li"), ["数量：2 → 3"]);
        assert_eq!(money().await, (2, 7_500_000), "nothing is written before it is accepted");
        assert_eq!(play.lead.accept(&preview).await.status, 303);
        assert_eq!(money().await, (3, 7_500_000));
        play.lead.accept(&preview).await;
        assert_eq!(money().await, (3, 7_500_000), "the same word again does nothing");
        // One file waits for each account and page: a later one takes the place of the earlier.
        let more = format!("{head}\n{}\n", row(4));
        let stale = play.lead.look(&import, &[], ("清单.csv", rich.as_bytes())).await;
        let later = play.lead.look(&import, &[], ("清单.csv", more.as_bytes())).await;
        assert_eq!(play.lead.accept(&stale).await.status, 409);
        assert_eq!(play.lead.accept(&later).await.status, 303);
        assert_eq!(money().await, (4, 7_500_000));
    }

    /// A row that was copied in Excel, with the hidden number of the one it was copied from.
    async fn a_copied_row_is_a_new_project(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let import = format!("{list}/import");
        let head = "项目名称,回应的需求,年底成果,数量,单位,责任单位,开始日期,结束日期,项目标识,版本";
        let row = |title: &str, id: &str| format!("{title},特色亮点,一门课程,2,个,广州技师学院甲,2027-03-01,2027-06-01,{id},1");
        let first = format!("{head}\n{}\n", row("原来的项目", ""));
        assert_eq!(play.lead.upload(&import, "清单.csv", first.as_bytes()).await.status, 303);
        let id = play.lead.get_json(&list).await.json()["rows"][0]["id"].as_str().unwrap().to_owned();
        let copied = format!("{head}\n{}\n{}\n", row("抄来的项目", &id), row("原来的项目", &id));
        let preview = play.lead.look(&import, &[], ("清单.csv", copied.as_bytes())).await;
        assert_eq!(preview.attributes("tr[data-outcome]", "data-outcome"), ["asked", "made"], "{}", preview.text());
        assert_eq!(play.lead.accept(&preview).await.status, 303);
        let titles: Vec<String> = play.lead.get_json(&list).await.json()["rows"].as_array().unwrap().iter()
            .map(|row| row["title"].as_str().unwrap().to_owned()).collect();
        assert_eq!(titles, ["原来的项目", "抄来的项目"]);
    }

    /// Who answers for a project may have left since: the list goes out with the name, and comes back with it.
    async fn a_list_comes_back_with_one_who_left(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let import = format!("{list}/import");
        let post = async |to: Option<&str>| {
            let mut tx = world.tx().await;
            let new = registry::NewPost {
                org: &p.lead, name: "离任者", post: "deputy_head", title: "", from: "2024-01-01".parse().unwrap(),
                to: to.map(|day| day.parse().unwrap()), demo: false,
            };
            registry::ensure_post(&mut tx, &new).await.unwrap();
            let arranged = jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" };
            tx.audit(arranged, &()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let head = "项目名称,回应的需求,年底成果,数量,单位,责任单位,责任人,开始日期,结束日期";
        let file = |number: u32| format!("{head}\n新项目,特色亮点,一门课程,{number},个,广州技师学院甲,离任者,2027-03-01,2027-06-01\n");
        post(None).await;
        assert_eq!(play.lead.upload(&import, "清单.csv", file(2).as_bytes()).await.status, 303);
        post(Some("2024-02-01")).await;
        let preview = play.lead.look(&import, &[], ("清单.csv", file(3).as_bytes())).await;
        assert_eq!(preview.all("ul.changes li"), ["数量：2 → 3"], "{}", preview.text());
        // Another who is not there is a mistake as before.
        let other = file(3).replace("离任者", "无此人");
        let refused = play.lead.look(&import, &[], ("清单.csv", other.as_bytes())).await;
        assert!(refused.says("没有这个人在册"), "{}", refused.text());
    }

    /// An import is taken back as a whole, while nothing was changed since.
    async fn an_import_is_taken_back_as_a_whole(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let import = format!("{list}/import");
        let head = "项目名称,回应的需求,年底成果,数量,单位,责任单位,开始日期,结束日期";
        let row = |title: &str, number: u32| format!("{title},特色亮点,一门课程,{number},个,广州技师学院甲,2027-03-01,2027-06-01\n");
        let send = async |rows: String| {
            let preview = play.lead.look(&import, &[], ("清单.csv", format!("{head}\n{rows}").as_bytes())).await;
            assert_eq!(play.lead.accept(&preview).await.status, 303, "{}", preview.text());
        };
        let held = async || {
            let rows = play.lead.get_json(&list).await.json()["rows"].as_array().unwrap().clone();
            rows.iter().map(|row| (row["title"].as_str().unwrap().to_owned(), row["quantity"]["raw"].as_i64().unwrap())).collect::<Vec<_>>()
        };
        send(row("原有", 2)).await;
        world.clock().advance(chrono::TimeDelta::minutes(1));
        send(format!("{}{}", row("原有", 5), row("新的", 1))).await;
        assert_eq!(held().await, [("原有".to_owned(), 5), ("新的".to_owned(), 1)]);
        let files = play.lead.get("/imports").await.attributes("td form[action$='/undo']", "action");
        let [newer, older] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!(play.lead.post(older, &[]).await.status, 409, "something was changed since");
        assert_eq!(play.lead.post(newer, &[]).await.location, "/imports");
        assert_eq!(held().await.first(), Some(&("原有".to_owned(), 2)));
        assert_eq!(play.lead.post(newer, &[]).await.status, 409, "once");
        // The first file once more: it is another import, and the one before it is not taken for it.
        for rows in [row("原有", 6), row("原有", 2)] {
            world.clock().advance(chrono::TimeDelta::minutes(1));
            send(rows).await;
        }
        assert_eq!(play.lead.post(older, &[]).await.status, 409, "the same file, and not the same import");
        assert_eq!(held().await.first(), Some(&("原有".to_owned(), 2)));
        let last = play.lead.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0);
        assert_eq!(play.lead.post(&last, &[]).await.location, "/imports");
        assert_eq!(held().await.first(), Some(&("原有".to_owned(), 6)));
    }
}
