//! A small province in which every relation of the scope rules occurs once.
//!
//! ```text
//! P1  xingning (梅州)  lead + nearby          running
//! P2  zijin    (河源)  lead + heyuan_nearby   ended long ago: `lead` is a former partner
//! P2b zijin    (河源)  other_lead + heyuan_nearby   running
//! P3  nanxiong (韶关)  other_lead + shaoguan_nearby running: strangers to everybody at P1
//! ```

use super::World;
use super::samples::Rows;
use crate::evidence::ledger::{self, NewEntry};
use crate::network::pairings::{self, NewPairing};
use crate::network::registry::{self, NewOrg, NewPost};
use jiedui_kernel::{Actor, ActorKind, Date, Scope};
use jiedui_programme::Side;
use jiedui_store::Tx;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What hangs on one pairing, as tests of single mechanisms name it.
#[derive(Default, Serialize, Deserialize)]
pub struct Papers {
    pub need: String,
    pub capacity: String,
    pub agreement: String,
    pub plan: String,
    pub list: String,
    pub project: String,
    pub output: String,
}

#[derive(Serialize, Deserialize)]
pub struct Province {
    /// Of the running, the ended and the strangers' pairing.
    pub papers: [Papers; 3],
    pub office: String,
    pub city: String,
    pub county: String,
    pub xingning: String,
    pub zijin: String,
    pub nanxiong: String,
    pub lead: String,
    pub other_lead: String,
    pub nearby: String,
    pub running: String,
    pub ended: String,
    pub strange: String,
    /// Claimed, unanswered visits on the three pairings.
    pub visit: String,
    pub former_visit: String,
    pub strange_visit: String,
    /// What mechanisms made for the tests that ask every route.
    pub rows: Rows,
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

async fn school(tx: &mut Tx, name: &str, kind: &str, division: &str, level: &str) -> String {
    let parent = registry::bureau(tx, kind, division).await.unwrap();
    let new = NewOrg {
        kind: "school",
        name: name.to_owned(),
        division: division.to_owned(),
        parent,
        level: level.to_owned(),
        ownership: "公办".to_owned(),
        ..NewOrg::default()
    };
    let id = registry::insert(tx, &new).await.unwrap();
    let post = |name: &'static str, post: &'static str| (name, post);
    for (name, post) in [
        post("校长", "head"),
        post("书记", "party_secretary"),
        post("副校长", "deputy_head"),
        post("主任甲", "middle_manager"),
        post("骨干乙", "backbone_teacher"),
    ] {
        let new = NewPost { org: &id, name, post, title: "", from: day("2020-01-01"), to: None, demo: false };
        registry::ensure_post(tx, &new).await.unwrap();
    }
    id
}

async fn pair(tx: &mut Tx, three: [&str; 3], from: &str, to: Option<&str>) -> String {
    let [county, lead, nearby] = three.map(str::to_owned);
    let new = NewPairing {
        county_school: county.clone(),
        lead,
        nearby,
        agreed_on: Some(day(from)),
        from: day(from),
        to: to.map(day),
        source: "测试".to_owned(),
        ..NewPairing::default()
    };
    pairings::ensure(tx, &new, None).await.unwrap();
    let rows = pairings::in_scope(tx).await.unwrap();
    rows.iter().find(|row| row.county_school == county && row.from_day == day(from)).unwrap().id.clone()
}

async fn flag(tx: &mut Tx, flag: &'static str, orgs: &[&String]) {
    for org in orgs {
        registry::ensure_flag(tx, org, flag, day("2020-01-01"), None, "测试").await.unwrap();
    }
}

impl Province {
    /// Builds it in a world; the clock is moved to the past while former things happen.
    pub async fn build(world: &World) -> Self {
        let mut tx = world.tx().await;
        let office = registry::bureau(&mut tx, "province_office", "440000").await.unwrap().unwrap();
        let city = registry::bureau(&mut tx, "city_bureau", "441400").await.unwrap().unwrap();
        let county = registry::bureau(&mut tx, "county_bureau", "441481").await.unwrap().unwrap();
        let xingning = school(&mut tx, "兴宁甲校", "county_bureau", "441481", "技工学校").await;
        let zijin = school(&mut tx, "紫金乙校", "county_bureau", "441621", "技工学校").await;
        let nanxiong = school(&mut tx, "南雄丙校", "county_bureau", "440282", "技工学校").await;
        let lead = school(&mut tx, "广州技师学院甲", "city_bureau", "440100", "技师学院").await;
        let other_lead = school(&mut tx, "深圳技师学院乙", "city_bureau", "440300", "技师学院").await;
        let nearby = school(&mut tx, "梅州技师学院", "city_bureau", "441400", "技师学院").await;
        let heyuan_nearby = school(&mut tx, "河源技师学院", "city_bureau", "441600", "技师学院").await;
        let shaoguan_nearby = school(&mut tx, "韶关技师学院", "city_bureau", "440200", "技师学院").await;
        flag(&mut tx, "county_school", &[&xingning, &zijin, &nanxiong]).await;
        flag(&mut tx, "high_level", &[&lead, &other_lead]).await;
        let running = pair(&mut tx, [&xingning, &lead, &nearby], "2024-07-26", None).await;
        let ended = pair(&mut tx, [&zijin, &lead, &heyuan_nearby], "2024-07-26", None).await;
        let strange = pair(&mut tx, [&nanxiong, &other_lead, &shaoguan_nearby], "2024-07-26", None).await;
        tx.audit(
            jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" },
            &(),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let visit = claim(world, &lead, &running, "visit", "校长", "2026-11-10", None).await;
        let former_visit = claim(world, &lead, &ended, "visit", "校长", "2026-05-12", None).await;
        let strange_visit = claim(world, &other_lead, &strange, "visit", "校长", "2026-11-10", None).await;
        let mut tx = world.tx().await;
        pair(&mut tx, [&zijin, &lead, &heyuan_nearby], "2024-07-26", Some("2026-06-30")).await;
        pair(&mut tx, [&zijin, &other_lead, &heyuan_nearby], "2026-07-01", None).await;
        tx.commit().await.unwrap();
        let mut rows = Rows::default();
        let mut papers = <[Papers; 3]>::default();
        for (of, id) in papers.iter_mut().zip([&running, &ended, &strange]) {
            *of = lay_out(world, id, &mut rows).await;
        }
        for org in [&office, &city, &county, &xingning, &zijin, &nanxiong, &lead, &nearby] {
            rows.write(world, org).await;
        }
        Self {
            rows,
            papers,
            office,
            city,
            county,
            xingning,
            zijin,
            nanxiong,
            lead,
            other_lead,
            nearby,
            running,
            ended,
            strange,
            visit,
            former_visit,
            strange_visit,
        }
    }
}

impl Province {
    /// The county school of one of the three pairings.
    pub fn school_of(&self, pairing: &str) -> Option<&str> {
        self.of(pairing, [&self.xingning, &self.zijin, &self.nanxiong])
    }

    /// The unanswered visit on one of the three pairings.
    pub fn visit_on(&self, pairing: &str) -> Option<&str> {
        self.of(pairing, [&self.visit, &self.former_visit, &self.strange_visit])
    }

    fn of<'a>(&self, pairing: &str, three: [&'a String; 3]) -> Option<&'a str> {
        let at = [&self.running, &self.ended, &self.strange].into_iter().position(|id| id == pairing)?;
        three.get(at).map(|found| found.as_str())
    }

    /// Whoever acts: an organisation and a role there.
    pub fn seats(&self) -> [(&str, &'static str); 9] {
        [
            (&self.office, "province"),
            (&self.city, "city"),
            (&self.county, "county"),
            (&self.lead, "lead"),
            (&self.nearby, "nearby"),
            (&self.xingning, "county_school"),
            (&self.office, "sysadmin"),
            (&self.office, "secadmin"),
            (&self.office, "auditor"),
        ]
    }

    /// The organisation that acts for a side, and its role.
    pub fn seat(&self, side: Side) -> (String, &'static str) {
        let org = match side {
            Side::Province => &self.office,
            Side::City => &self.city,
            Side::County => &self.county,
            Side::Lead => &self.lead,
            Side::Nearby => &self.nearby,
            Side::CountySchool => &self.xingning,
        };
        (org.clone(), side.role())
    }
}

/// One who acts for a school, with the scope that a session there would have.
pub async fn actor(tx: &mut Tx, org: &str, role: &str) -> Arc<Actor> {
    let row = registry::find(tx, org).await.unwrap();
    Arc::new(Actor {
        kind: ActorKind::Person {
            account: format!("test-{org}"),
            others: Vec::new(),
            name: "测试".to_owned(),
        },
        org: org.to_owned(),
        org_name: row.name,
        roles: vec![role.to_owned()],
        scope: Scope::subtree(&row.path),
    })
}

/// One of each kind of paper on a pairing.
async fn lay_out(world: &World, pairing: &str, rows: &mut Rows) -> Papers {
    let mut tx = world.tx().await;
    let row = pairings::find(&mut tx, pairing).await.unwrap();
    rows.lay_out(&mut tx, &row).await;
    tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Papers {
        need: rows.on("need", pairing),
        capacity: rows.on("capacity", pairing),
        agreement: rows.on("agreement", pairing),
        plan: rows.on("school_plan", pairing),
        list: rows.on("project_list", pairing),
        project: rows.on("project", pairing),
        output: rows.on("output", pairing),
    }
}

/// Claims an entry for a school; returns its id. `to` makes it a stay.
pub async fn claim(
    world: &World,
    org: &str,
    pairing: &str,
    activity: &str,
    person: &str,
    from: &str,
    to: Option<&str>,
) -> String {
    let mut tx = world.tx().await;
    let people = registry::people_at(&mut tx, org, day(from), day(from)).await.unwrap();
    let actor = actor(&mut tx, org, "lead").await;
    let pairing = pairings::find(&mut tx, pairing).await.unwrap();
    tx.act_as(actor);
    let new = NewEntry {
        from: Some(day(from)),
        to: to.map(day),
        person: people.iter().find(|at| at.name.whole() == person).map(|at| at.id.clone()),
        ..NewEntry::on(pairing)
    };
    let programme = world.app.programme();
    let activity = programme.activity(activity).unwrap();
    let id = ledger::claim(&mut tx, &programme, activity, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}
