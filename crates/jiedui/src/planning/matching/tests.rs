//! The studio through the browser: from facts to a proven pairing, argued with by hand, published, and seen by those it
//! concerns.

use super::actions::scenario::{self, NewScenario};
use super::body::Body;
use super::data;
use crate::both_engines;
use crate::network::pairings::{self, PairingRow};
use crate::shared::notices::tests::outgoing::reaching;
use crate::testing::{Agent, PageResponse, Province, World, pictured};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_matching::{Instance, Solution, verify};
use jiedui_store::{Tx, args};
use serde_json::Value;

mod hearing;
mod limits;
mod questions;
mod schools;

/// A proposed pair with the three schools of a pairing, in a round that is over and a scenario that was put away.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> String {
    let programme = crate::testing::programme();
    let (setting, answer) = scenario::pose(tx, &programme, "review", Body::default()).await.unwrap();
    let new = NewScenario { name: "样例", setting: &setting, answer: &answer, base: None };
    let id = scenario::create(tx, &new).await.unwrap();
    let (round, proposal, day) = (tx.new_id(), tx.new_id(), tx.today());
    tx.write(&data::INSERT_ROUND, args![&round, &id, 1_i64, day, day]).await.unwrap();
    let PairingRow { county_school, lead, nearby, .. } = pairing;
    tx.write(&data::INSERT_PROPOSAL, args![&proposal, &round, &id, county_school, lead, nearby])
        .await
        .unwrap();
    tx.write_one(&data::CLOSE_ROUND, args![&round, day]).await.unwrap();
    let opened = scenario::open(tx, &id).await.unwrap();
    scenario::discard(tx, &opened, opened.row.version).await.unwrap();
    proposal
}

struct Scene {
    p: Province,
    office: Agent,
}

async fn scene(world: &World, p: Province) -> Scene {
    Scene { office: world.agent(&p.office, "province").await, p }
}

impl Scene {
    /// A scenario of this kind, as the form makes it; its address.
    async fn begin(&self, kind: &str) -> String {
        let fields = [("name", "年度复核（测试）"), ("kind", kind), ("base", "")];
        let made = self.office.post("/matching/new", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        made.location
    }

    async fn seen(&self, path: &str) -> Value {
        let page = self.office.get_json(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.json()
    }

    async fn post(&self, world: &World, scenario: &str, act: &str, fields: &[(&str, &str)]) -> PageResponse {
        world.clock().advance(TimeDelta::seconds(1));
        let version = self.seen(scenario).await["version"].to_string();
        let fields = [&[("version", version.as_str())], fields].concat();
        self.office.post(&format!("{scenario}/{act}"), &fields).await
    }
}

/// The steps of publishing.
impl Scene {
    fn choose(&self) -> String {
        format!("schools/{}/choose", self.p.xingning)
    }

    /// The pair that was published after another lead college was chosen by hand.
    async fn publishes_with(&self, world: &World, scenario: &str, lead: &str) -> (String, String) {
        let fields = [("side", "lead"), ("kind", "override"), ("partner", lead), ("reason", "试点")];
        assert_eq!(self.post(world, scenario, &self.choose(), &fields).await.status, 303);
        let wanted = pair(&self.seen(scenario).await, &self.p.xingning);
        assert_eq!(self.office.get(&format!("{scenario}/publish")).await.status, 200);
        let done =
            self.post(world, scenario, "publish", &[("starts", "2026-12-01"), ("reason", "试点先行")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        wanted
    }

    async fn pairings_are(&self, world: &World, wanted: &(String, String)) {
        let rows = pairings::in_scope(&mut world.tx().await).await.unwrap();
        let mine: Vec<_> = rows.iter().filter(|row| row.county_school == self.p.xingning).collect();
        assert!(mine.iter().any(|row| row.from_day.to_string() == "2026-12-01"
            && (row.lead.clone(), row.nearby.clone()) == *wanted
            && row.to_day.is_none()));
        let old = mine.iter().find(|row| row.id == self.p.running).unwrap();
        assert_eq!(old.to_day.unwrap().to_string(), "2026-11-30");
    }

    async fn is_settled(&self, world: &World, scenario: &str) {
        let (choose, lead) = (self.choose(), self.p.lead.as_str());
        for (act, fields) in [
            (choose.as_str(), vec![("side", "lead"), ("kind", "forbid"), ("partner", lead), ("reason", "x")]),
            ("publish", vec![("starts", "2026-12-05")]),
            ("drop", vec![]),
        ] {
            assert_eq!(self.post(world, scenario, act, &fields).await.status, 409, "{act}: it is settled");
        }
    }

    /// Everybody whom it concerns sees why, and the files; others see nothing.
    async fn those_concerned_see_why(&self, world: &World, scenario: &str, lead: &str) {
        let school = world.agent(&self.p.xingning, "county_school").await;
        let result = format!("/matching/results/{}", self.p.xingning);
        let page = school.get(&result).await;
        assert!(page.status == 200 && page.says("为什么这样结对") && page.says("试点"));
        let instance =
            Instance::read(&school.get(&format!("{result}/files/instance.json")).await.bytes).unwrap();
        let solution = school.get(&format!("{result}/files/result.json")).await;
        verify(&instance, &Solution::read(&solution.bytes).unwrap()).unwrap();
        assert_eq!(school.get(&format!("/matching/results/{}", self.p.nanxiong)).await.status, 404);
        assert_eq!(school.get(scenario).await.status, 403);
        let county = world.agent(&self.p.county, "county").await;
        assert_eq!(county.get("/matching/results").await.all("tbody tr").len(), 1);
        let helper = world.agent(lead, "lead").await;
        assert!(helper.get(&format!("/matching/results/{lead}")).await.says("兴宁甲校"));
        let compared = self.seen(&format!("{scenario}/compare")).await;
        assert!(!compared["rows"].as_array().unwrap().is_empty());
    }
}

fn objective(studio: &Value) -> i64 {
    studio["head"]["objective"]["raw"].as_i64().unwrap()
}

fn state(studio: &Value) -> &str {
    studio["head"]["status"]["key"].as_str().unwrap()
}

/// Lead and nearby school of a county school, by the ends of their links.
fn pair(studio: &Value, county: &str) -> (String, String) {
    let lines = studio["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["id"] == county).unwrap();
    let org = |side: &str| line[side]["href"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    (org("lead"), org("nearby"))
}

both_engines! {
    /// The best with none, one, two … changes: it never falls, it ends in the best of all, and it names who changes.
    async fn what_changes_gain_is_told_step_by_step(world: World, p: Province) {
        let scene = scene(&world, p).await;
        let id = scene.begin("review").await;
        let curve = scene.seen(&format!("{id}/changes")).await;
        let best = scene.seen(&id).await;
        let rows = curve["rows"].as_array().unwrap();
        let totals: Vec<i64> = rows.iter().filter_map(|row| row["total"]["raw"].as_i64()).collect();
        assert!(!totals.is_empty() && totals.windows(2).all(|two| two[0] < two[1]), "{curve}");
        assert_eq!(totals.last().copied(), best["head"]["objective"]["raw"].as_i64(), "{best}");
        for row in rows.iter().filter(|row| !row["total"].is_null()) {
            let changes = row["changes"]["raw"].as_u64().unwrap() as usize;
            assert!(row["who"].as_array().unwrap().len() <= changes, "{row}");
            assert_eq!(row["proven"], true);
        }
        // Where each change must bring more than any can, nothing changes that can stay.
        let dear = scene.seen(&format!("{id}/changes?least=1000000")).await;
        let last = dear["rows"].as_array().unwrap().last().unwrap().clone();
        let first = rows.iter().find(|row| !row["total"].is_null()).unwrap();
        assert_eq!(last["who"], first["who"], "{dear}");
    }
}

both_engines! {
    async fn a_scenario_is_solved_proven_and_can_be_checked_by_anybody(world: World, p: Province) {
        let s = scene(&world, p).await;
        assert!(s.office.get("/matching").await.says("还没有结对测算"));
        let scenario = s.begin("review").await;
        let studio = s.seen(&scenario).await;
        assert_eq!(state(&studio), "done", "{studio}");
        assert_eq!(studio["lines"].as_array().unwrap().len(), 3);
        let values = studio["lines"].as_array().unwrap().iter();
        let sum: i64 = values.map(|line| line["value"]["raw"].as_i64().unwrap()).sum();
        assert_eq!(sum, objective(&studio), "the rows add up to the sum");
        let files = [s.office.get(&format!("{scenario}/files/instance.json")).await, s.office.get(&format!("{scenario}/files/result.json")).await];
        let instance = Instance::read(&files[0].bytes).unwrap();
        verify(&instance, &Solution::read(&files[1].bytes).unwrap()).unwrap();
        for (file, begin) in
            [("annex.xlsx", "PK"), ("annex.docx", "PK"), ("annex.pdf", "%PDF-"), ("certificate.xlsx", "PK"), ("instance.xlsx", "PK")]
        {
            let made = s.office.get(&format!("{scenario}/files/{file}")).await;
            assert!(made.status == 200 && made.bytes.starts_with(begin.as_bytes()), "{file}");
        }
        assert_eq!(s.office.get(&format!("{scenario}/files/other")).await.status, 404);
        assert!(s.office.get("/matching").await.says("已证明最优"));
        let page = s.office.get(&scenario).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.all("tbody tr[id]").len(), 3);
    }

    async fn weights_show_their_effect_before_they_are_saved_with_a_reason(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let before = s.seen(&scenario).await;
        let first = before["sliders"][0]["name"].as_str().unwrap().to_owned();
        let shown = s.seen(&format!("{scenario}?{first}=200")).await;
        assert_eq!(shown["preview"], true);
        assert_eq!(shown["version"], before["version"], "looking changes nothing");
        assert_eq!(s.seen(&scenario).await["preview"], false);
        let bare = s.post(&world, &scenario, "weights", &[(&first, "200")]).await;
        assert_eq!(bare.status, 422, "a weight of one's own needs a reason");
        assert!(bare.refuses(Code::Missing));
        let saved = s.post(&world, &scenario, "weights", &[(&first, "200"), ("reason", "县里产业以机械为主")]).await;
        assert_eq!(saved.status, 303);
        let after = s.seen(&scenario).await;
        assert_eq!(objective(&after), objective(&shown));
        assert_eq!(after["differs"][0]["reason"], "县里产业以机械为主");
        assert_eq!(s.post(&world, &scenario, "weights", &[(&first, "999"), ("reason", "x")]).await.status, 422);
    }

    async fn a_choice_by_hand_is_kept_with_its_loss(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let before = s.seen(&scenario).await;
        let (lead, _) = pair(&before, &s.p.xingning);
        let other = if lead == s.p.lead { &s.p.other_lead } else { &s.p.lead };
        let choose = format!("schools/{}/choose", s.p.xingning);
        let fields = [("side", "lead"), ("kind", "override"), ("partner", other.as_str())];
        assert_eq!(s.post(&world, &scenario, &choose, &fields).await.status, 422, "a reason is asked for");
        let fields = [fields.as_slice(), &[("reason", "两校已有合作基础")]].concat();
        assert_eq!(s.post(&world, &scenario, &choose, &fields).await.status, 303);
        let after = s.seen(&scenario).await;
        assert_eq!(&pair(&after, &s.p.xingning).0, other);
        let loss = after["hand"][0]["loss"]["raw"].as_i64().unwrap();
        assert_eq!(loss, objective(&before) - objective(&after));
        assert!(loss >= 0);
        let school = s.seen(&format!("{scenario}/schools/{}", s.p.xingning)).await;
        let row = &school["others"][0]["rows"][0]["loss"]["raw"];
        assert!(row.as_i64().unwrap_or(0) <= 0, "what would do better than the choice by hand shows as such");
        let lift = format!("schools/{}/lift", s.p.xingning);
        let lifted = s.post(&world, &scenario, &lift, &[("side", "lead"), ("partner", other)]).await;
        assert_eq!(lifted.status, 303);
        assert_eq!(objective(&s.seen(&scenario).await), objective(&before));
        // Forbidding what was best costs what the next best lacks.
        let fields = [("side", "lead"), ("kind", "forbid"), ("partner", lead.as_str()), ("reason", "本年度不宜")];
        assert_eq!(s.post(&world, &scenario, &choose, &fields).await.status, 303);
        let after = s.seen(&scenario).await;
        assert_eq!(after["hand"][0]["loss"]["raw"], loss);
        assert_ne!(pair(&after, &s.p.xingning).0, lead);
    }

    async fn places_decide_and_what_cannot_be_is_explained(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let partners = s.seen(&format!("{scenario}/partners")).await;
        assert_eq!(partners["sides"].as_array().unwrap().len(), 2);
        let limit = |partner: &str, max: &str| {
            vec![("side", "lead".to_owned()), ("partner", partner.to_owned()), ("min", "0".to_owned()),
                 ("max", max.to_owned()), ("reason", "学校来函说明".to_owned())]
        };
        for (partner, max, well) in [(&s.p.lead, "1", true), (&s.p.other_lead, "1", false)] {
            let fields = limit(partner, max);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(s.post(&world, &scenario, "partners", &fields).await.status, 303);
            let studio = s.seen(&scenario).await;
            assert_eq!(studio["trouble"].is_null(), well, "{studio}");
        }
        let page = s.office.get(&scenario).await;
        assert_eq!(page.status, 200);
        assert!(page.says("还差 1 个"), "two places for three county schools");
        assert_eq!(s.office.get(&format!("{scenario}/partners")).await.status, 200);
        let refused = s.post(&world, &scenario, "publish", &[("starts", "2026-12-01")]).await;
        assert_eq!(refused.status, 409);
    }

    async fn publishing_makes_the_pairings_and_freezes_the_scenario(world: World, p: Province) {
        let world = reaching(world);
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let annex = format!("{scenario}/files/annex.docx");
        assert!(!pictured(&s.office.get(&annex).await.bytes), "a draft is for nobody to look up");
        let (lead, _) = pair(&s.seen(&scenario).await, &s.p.xingning);
        let other = if lead == s.p.lead { s.p.other_lead.clone() } else { s.p.lead.clone() };
        let wanted = s.publishes_with(&world, &scenario, &other).await;
        assert!(pictured(&s.office.get(&annex).await.bytes), "the code of the published annex opens it");
        s.pairings_are(&world, &wanted).await;
        s.is_settled(&world, &scenario).await;
        s.those_concerned_see_why(&world, &scenario, &other).await;
    }

    async fn who_was_faster_is_told_and_drafts_can_be_put_away(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("first").await;
        let studio = s.seen(&scenario).await;
        let kept = studio["lines"].as_array().unwrap().iter().all(|line| line["becomes"]["label"] == "不变");
        assert!(kept, "all are paired, and a first pairing keeps them");
        let stance = format!("{scenario}/schools/{}/stance", s.p.zijin);
        let fields = [("stance", "out"), ("stance-reason", "今年迁址"), ("version", "1")];
        assert_eq!(s.office.post(&stance, &fields).await.status, 303);
        assert_eq!(s.office.post(&stance, &fields).await.status, 409, "the version is old");
        assert_eq!(s.seen(&scenario).await["lines"].as_array().unwrap().len(), 2);
        assert_eq!(s.post(&world, &scenario, "refresh", &[]).await.status, 303);
        assert_eq!(s.post(&world, &scenario, "drop", &[]).await.status, 303);
        assert_eq!(s.office.get(&scenario).await.status, 404);
    }

    async fn a_wish_counts_once_the_facts_are_read_anew(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let wish = [("org", s.p.xingning.as_str()), ("other", s.p.lead.as_str()), ("wish", "2"), ("reason", "来函")];
        assert_eq!(s.office.post("/matching/wishes", &wish).await.status, 303);
        assert_eq!(s.seen(&scenario).await["stale"], true);
        assert_eq!(s.post(&world, &scenario, "refresh", &[]).await.status, 303);
        assert_eq!(s.seen(&scenario).await["stale"], false);
        let both_counties = [("org", s.p.xingning.as_str()), ("other", s.p.zijin.as_str()), ("wish", "1"), ("reason", "x")];
        assert_eq!(s.office.post("/matching/wishes", &both_counties).await.status, 422);
        let page = s.office.get("/matching/wishes").await;
        assert!(page.says("很希望"));
    }
}

both_engines! {
    /// Who is matched is asked for the day: a school that was merged is neither a county school nor a helper from that day on.
    async fn a_merged_school_is_matched_no_more(world: World, p: Province) {
        let mut tx = world.tx().await;
        let before = crate::planning::matching::rules::facts::read(&mut tx, &crate::testing::programme()).await.unwrap();
        assert!(before.county(&p.xingning).is_some());
        let tomorrow = tx.today().succ_opt().unwrap();
        for (id, day) in [(&p.xingning, tx.today()), (&p.nanxiong, tomorrow)] {
            let school = crate::network::registry::found(&mut tx, id).await.unwrap();
            crate::network::registry::close(&mut tx, &school, day).await.unwrap();
        }
        let facts = crate::planning::matching::rules::facts::read(&mut tx, &crate::testing::programme()).await.unwrap();
        assert!(facts.county(&p.xingning).is_none() && facts.partner(&p.xingning).is_none());
        assert!(facts.county(&p.nanxiong).is_some(), "it is there until tomorrow");
    }
}
