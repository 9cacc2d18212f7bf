//! What the page of a school says: who would have to move for it, what comes nearest, and what full marks are.

use super::{Scene, objective, pair, scene};
use crate::both_engines;
use crate::testing::{Province, World};
use serde_json::Value;

impl Scene {
    async fn school(&self, scenario: &str, county: &str) -> Value {
        self.seen(&format!("{scenario}/schools/{county}")).await
    }

    async fn leads(&self, world: &World, scenario: &str, county: &str, lead: &str) {
        let fields = [("side", "lead"), ("kind", "override"), ("partner", lead), ("reason", "试点")];
        let choose = format!("schools/{county}/choose");
        assert_eq!(self.post(world, scenario, &choose, &fields).await.status, 303);
    }
}

fn raw(figure: &Value) -> i64 {
    figure["raw"].as_i64().unwrap()
}

/// Losses of the alternatives of a school as the office sees them, by side and partner; the least first.
fn losses(school: &Value) -> Vec<(i64, String, String)> {
    let mut all = Vec::new();
    for side in school["others"].as_array().unwrap() {
        for row in side["rows"].as_array().unwrap().iter().filter(|row| !row["loss"].is_null()) {
            let partner = row["partner"]["label"].as_str().unwrap().to_owned();
            all.push((raw(&row["loss"]), side["side"].as_str().unwrap().to_owned(), partner));
        }
    }
    all.sort();
    all
}

both_engines! {
    /// A school that lost its lead to another one: its page says who would have to give it back, and what that costs.
    async fn who_would_have_to_move_is_named(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let lead = s.p.lead.clone();
        let limit = [("side", "lead"), ("partner", lead.as_str()), ("min", "1"), ("max", "1"), ("reason", "来函")];
        assert_eq!(s.post(&world, &scenario, "partners", &limit).await.status, 303);
        s.leads(&world, &scenario, &s.p.xingning, &s.p.other_lead).await;
        let now = s.seen(&scenario).await;
        let others = [s.p.zijin.clone(), s.p.nanxiong.clone()];
        let holder = others.iter().find(|county| pair(&now, county).0 == lead).unwrap();
        let page = s.school(&scenario, &s.p.xingning).await;
        let rows = page["yielding"].as_array().unwrap();
        let kept = |row: &&Value| row["partner"]["href"].as_str().unwrap().ends_with(&lead);
        let row = rows.iter().find(kept).unwrap_or_else(|| panic!("{page}"));
        let moved = row["moves"].as_array().unwrap();
        let mine = |one: &&Value| one["school"]["href"].as_str().unwrap().ends_with(holder.as_str());
        let mine = moved.iter().find(mine).unwrap_or_else(|| panic!("the one that has it: {row}"));
        assert!(mine["before"][0]["href"].as_str().unwrap().ends_with(&lead), "{mine}");
        assert!(mine["after"][0]["href"].as_str().unwrap().ends_with(&s.p.other_lead), "{mine}");
        assert!(s.office.get(&format!("{scenario}/schools/{}", s.p.xingning)).await.says("让给谁"));
        // Decided so, it comes out as it was told.
        s.leads(&world, &scenario, &s.p.xingning, &lead).await;
        let then = s.seen(&scenario).await;
        assert_eq!(objective(&now) - objective(&then), raw(&row["loss"]));
        assert_eq!(pair(&then, holder).0, s.p.other_lead);
    }

    /// A county school sees at most two alternatives, those that lack least, without what they lack.
    async fn a_county_school_sees_the_two_nearest_alternatives(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let known = losses(&s.school(&scenario, &s.p.xingning).await);
        s.begins(&world, &scenario).await;
        let at = s.proposal(&scenario, &s.p.xingning).await;
        let school = world.agent(&s.p.xingning, "county_school").await;
        let page = school.get_json(&at).await.json();
        let near = page["near"].as_array().unwrap();
        assert_eq!(near.len(), known.len().min(2), "{page}");
        assert!(!near.is_empty(), "there are two lead colleges");
        let mut shown = Vec::new();
        for one in near {
            assert!(one.get("loss").is_none(), "no price: {one}");
            assert!((0..=raw(&one["full"])).contains(&raw(&one["score"])), "{one}");
            let of = |row: &&(i64, String, String)| one["side"] == row.1.as_str() && one["partner"]["label"] == row.2.as_str();
            shown.push(known.iter().find(of).unwrap().0);
        }
        shown.sort_unstable();
        let least: Vec<i64> = known.iter().map(|row| row.0).take(2).collect();
        assert_eq!(shown, least);
        assert!(school.get(&at).await.says("最接近的其他选择"));
    }

    /// Beside each score stands what it could be at most.
    async fn full_marks_stand_beside_scores(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let studio = s.seen(&scenario).await;
        let head = &studio["head"];
        assert_eq!(raw(&head["full"]), 3 * raw(&head["full_pair"]), "three schools take part");
        assert!(raw(&head["objective"]) <= raw(&head["full"]));
        assert!(s.office.get(&scenario).await.says("满分"));
        let page = s.school(&scenario, &s.p.xingning).await;
        let why = &page["why"];
        assert_eq!(why["full"].as_i64().unwrap(), raw(&head["full_pair"]));
        let sides = why["sides"].as_array().unwrap();
        let sum: i64 = sides.iter().map(|side| raw(&side["sum"])).sum();
        assert_eq!(sum + raw(&why["cover"]), raw(&why["sum"]), "the parts add up");
        for side in sides {
            assert!(raw(&side["sum"]) <= side["full"].as_i64().unwrap(), "{side}");
            let full: i64 = side["bars"].as_array().unwrap().iter().map(|bar| bar["full"].as_i64().unwrap()).sum();
            assert_eq!(full, side["full"].as_i64().unwrap(), "full marks are those of the parts");
        }
        let curve = s.seen(&format!("{scenario}/changes")).await;
        assert_eq!(raw(&curve["full"]), raw(&head["full"]));
    }
}
