//! What a scenario says beyond its pairs: which weight would part each, and that at most so many schools change.

use super::{Scene, objective, pair, scene};
use crate::both_engines;
use crate::planning::matching::workbook::read_instance_book;
use crate::shared::jobs::Worker;
use crate::testing::Province;
use jiedui_documents::read_grids;
use jiedui_kernel::Code;
use jiedui_matching::{Instance, Solution, verify};
use serde_json::Value;

impl Scene {
    /// The address of the scenario with another weight, as the sliders have it.
    async fn at_weight(&self, scenario: &str, part: &Value, weight: i64) -> String {
        let studio = self.seen(scenario).await;
        let sliders = studio["sliders"].as_array().unwrap().clone();
        let mine = |slider: &&Value| slider["label"] == part["weight"] && slider["side"] == part["side"];
        let name = sliders.iter().find(mine).unwrap()["name"].as_str().unwrap().to_owned();
        format!("{scenario}?{name}={weight}")
    }

    /// The question and the answer as everybody can have them, proven.
    async fn proven(&self, scenario: &str) -> (Instance, Solution) {
        let question = self.office.get(&format!("{scenario}/files/instance.json")).await.bytes;
        let answer = self.office.get(&format!("{scenario}/files/result.json")).await.bytes;
        let (question, answer) = (Instance::read(&question).unwrap(), Solution::read(&answer).unwrap());
        verify(&question, &answer).unwrap();
        (question, answer)
    }

    /// A pair that is said to go at a weight is not there when the scenario is looked at with it.
    async fn goes_as_told(&self, scenario: &str, row: &Value) {
        let county = row["school"]["href"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let part = &row["firm"]["part"];
        let to = part["to"].as_i64().unwrap();
        let now = pair(&self.seen(scenario).await, &county);
        let there = self.seen(&self.at_weight(scenario, part, to).await).await;
        assert_ne!(pair(&there, &county), now, "{part}");
        let school = self.seen(&format!("{scenario}/schools/{county}")).await;
        assert_eq!(&school["firm"]["part"], part);
    }
}

both_engines! {
    async fn which_weight_would_part_each_pair_is_made_in_the_background_and_kept(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let at = format!("{scenario}/stability");
        let page = s.seen(&at).await;
        assert!(page["made"] == false && page["job"].is_null() && page["begins"] == true, "{page}");
        let queued = s.office.post(&at, &[]).await;
        assert_eq!(queued.status, 303, "{}", queued.text());
        assert_eq!(s.seen(&at).await["job"], queued.location.as_str());
        while Worker::new(&world.app).turn().await.unwrap() {}
        let page = s.seen(&at).await;
        let (rows, staying) = (page["rows"].as_array().unwrap(), page["staying"].as_array().unwrap());
        assert!(page["made"] == true && page["open"].as_array().unwrap().is_empty(), "{page}");
        assert_eq!(rows.len() + staying.len(), 3);
        for row in rows {
            s.goes_as_told(&scenario, row).await;
        }
        let proof = s.office.get(&format!("{scenario}/files/certificate.xlsx")).await.bytes;
        assert_eq!(read_grids(&proof, &["权重改多少会变"]).unwrap().len(), 1);
        // What was made is of what the scenario said then.
        let stance = format!("schools/{}/stance", s.p.zijin);
        let out = [("stance", "out"), ("stance-reason", "今年迁址")];
        assert_eq!(s.post(&world, &scenario, &stance, &out).await.status, 303);
        assert_eq!(s.seen(&at).await["made"], false);
        let leaves = s.office.post(&at, &[]).await;
        let back = [("stance", "review"), ("stance-reason", "不迁了")];
        assert_eq!(s.post(&world, &scenario, &stance, &back).await.status, 303);
        while Worker::new(&world.app).turn().await.unwrap() {}
        assert!(s.office.get(&leaves.location).await.says("提交以后这次测算改过"));
        assert_eq!(s.seen(&at).await["made"], false, "it is not told of what the scenario says now");
    }

    async fn at_most_so_many_changes_is_a_rule_of_a_scenario(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let best = objective(&s.seen(&scenario).await);
        let curve = s.seen(&format!("{scenario}/changes")).await;
        let rows = curve["rows"].as_array().unwrap().clone();
        let first = rows.iter().find(|row| !row["total"].is_null()).unwrap();
        let (most, total) = (first["changes"]["raw"].to_string(), first["total"]["raw"].as_i64().unwrap());
        let bare = s.post(&world, &scenario, "changes", &[("most", &most), ("reason", "")]).await;
        assert!(bare.status == 422 && bare.refuses(Code::Missing), "it is published with its reason");
        let fields = [("most", most.as_str()), ("reason", "先稳住现有结对")];
        assert_eq!(s.post(&world, &scenario, "changes", &fields).await.status, 303);
        assert!(s.post(&world, &scenario, "changes", &fields).await.refuses(Code::Unchanged));
        let studio = s.seen(&scenario).await;
        assert_eq!(objective(&studio), total, "the same as the curve says");
        assert_eq!(studio["most_changes"]["loss"]["raw"].as_i64(), Some(best - total));
        assert!(s.office.get(&scenario).await.says("先稳住现有结对"));
        let (question, answer) = s.proven(&scenario).await;
        assert_eq!(question.at_most_changes.map(|most| most.to_string()), Some(most));
        assert!(question.changed(&answer.assignment).len() as i64 <= question.at_most_changes.unwrap());
        let book = s.office.get(&format!("{scenario}/files/instance.xlsx")).await.bytes;
        assert_eq!(read_instance_book(&book).unwrap().sha256(), question.sha256(), "it comes back whole");
        let proof = s.office.get(&format!("{scenario}/files/certificate.xlsx")).await.bytes;
        assert_eq!(read_grids(&proof, &["更换价格"]).unwrap().len(), 1);
        // The curve is not bound by it, and lifted it is gone.
        assert_eq!(s.seen(&format!("{scenario}/changes")).await["rows"], curve["rows"]);
        assert_eq!(s.post(&world, &scenario, "changes", &[("most", ""), ("reason", "")]).await.status, 303);
        let studio = s.seen(&scenario).await;
        assert!(objective(&studio) == best && studio["most_changes"].is_null());
    }

    /// What each change has to gain is part of the question, of its proof and of what is published.
    async fn a_least_gain_for_each_change_is_a_rule_of_a_scenario(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let best = objective(&s.seen(&scenario).await);
        let curve = s.seen(&format!("{scenario}/changes")).await;
        let first = curve["rows"].as_array().unwrap().iter().find(|row| !row["total"].is_null()).unwrap().clone();
        let (fewest, total) = (first["changes"]["raw"].as_i64().unwrap(), first["total"]["raw"].as_i64().unwrap());
        let bare = s.post(&world, &scenario, "changes", &[("gain", "1000000"), ("reason", "")]).await;
        assert!(bare.status == 422 && bare.refuses(Code::Missing), "it is published with its reason");
        let none = s.post(&world, &scenario, "changes", &[("gain", "0"), ("reason", "x")]).await;
        assert!(none.refuses(Code::OutOfRange), "nothing is asked by leaving it empty");
        // More than anything can gain: whoever can stays.
        let fields = [("gain", "1000000"), ("reason", "没有大的好处不换")];
        assert_eq!(s.post(&world, &scenario, "changes", &fields).await.status, 303);
        assert!(s.post(&world, &scenario, "changes", &fields).await.refuses(Code::Unchanged));
        let studio = s.seen(&scenario).await;
        assert_eq!(objective(&studio), total - 1_000_000 * fewest, "net of what changes cost");
        assert_eq!(studio["most_changes"]["gain"]["raw"], 1_000_000);
        assert_eq!(studio["most_changes"]["gain_loss"]["raw"].as_i64(), Some(best - total));
        assert!(studio["most_changes"]["most"].is_null());
        assert!(s.office.get(&scenario).await.says("没有大的好处不换"));
        let (question, answer) = s.proven(&scenario).await;
        assert_eq!((question.least_gain, question.at_most_changes), (Some(1_000_000), None));
        assert_eq!(question.changed(&answer.assignment).len() as i64, fewest);
        let book = s.office.get(&format!("{scenario}/files/instance.xlsx")).await.bytes;
        assert_eq!(read_instance_book(&book).unwrap().sha256(), question.sha256(), "it comes back whole");
        let proof = s.office.get(&format!("{scenario}/files/certificate.xlsx")).await.bytes;
        assert_eq!(read_grids(&proof, &["更换价格"]).unwrap().len(), 1);
        let changes = s.seen(&format!("{scenario}/changes")).await;
        assert_eq!(changes["least"]["value"], "1000000", "the curve is that of the rule");
        // Beside a limit, and lifted.
        let both = [("most", "3"), ("gain", "1"), ("reason", "先稳住")];
        assert_eq!(s.post(&world, &scenario, "changes", &both).await.status, 303);
        let (question, _) = s.proven(&scenario).await;
        assert_eq!((question.least_gain, question.at_most_changes), (Some(1), Some(3)));
        let lifted = [("most", ""), ("gain", ""), ("reason", "")];
        assert_eq!(s.post(&world, &scenario, "changes", &lifted).await.status, 303);
        let studio = s.seen(&scenario).await;
        assert!(objective(&studio) == best && studio["most_changes"].is_null());
    }

    async fn where_too_few_may_change_it_is_said_who_cannot_stay(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let fields = [("most", "0"), ("reason", "今年一所也不换")];
        assert_eq!(s.post(&world, &scenario, "changes", &fields).await.status, 303);
        let lead = s.seen(&format!("{scenario}/schools/{}", s.p.xingning)).await["present"][0]["href"].clone();
        let lead = lead.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let limit = [("side", "lead"), ("partner", lead.as_str()), ("min", "0"), ("max", "0"), ("reason", "来函")];
        assert_eq!(s.post(&world, &scenario, "partners", &limit).await.status, 303);
        let studio = s.seen(&scenario).await;
        assert_eq!(studio["trouble"]["changes"]["raw"], 0, "{studio}");
        assert!(!studio["trouble"]["schools"].as_array().unwrap().is_empty());
        let page = s.office.get(&scenario).await;
        assert!(page.says("放宽或取消更换的所数") && !page.says("公布…"));
        let refused = s.post(&world, &scenario, "publish", &[("starts", "2026-12-01")]).await;
        assert_eq!(refused.status, 409);
        let asked = s.office.post(&format!("{scenario}/stability"), &[]).await;
        assert!(asked.refuses(Code::NotFitting), "there is no pair to speak of");
    }
}
