//! Drawn when a month is over, looked at by a second person, never by whoever confirmed it; told to the province alone.

use super::actions;
use super::data::{self, CheckRow, DrawRow};
use super::rules;
use crate::both_engines;
use crate::evidence::ledger;
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::pairings::PairingRow;
use crate::shared::frozen;
use crate::testing::{
    Agent, Demonstration, FIRST_DRAWN, FORGE, PageResponse, Province, SAMPLE, SAMPLE_DRAW, World, claim,
};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Date};
use jiedui_programme::SpotChecks;
use jiedui_store::{Tx, args, audit};
use std::sync::Arc;

/// Before any month of the programme, so that it is in nobody's way.
pub const SAMPLE_MONTH: &str = "202401";

/// One that lapsed long ago, on the first entry of a pairing.
pub async fn sample(tx: &mut Tx, pairing: &PairingRow) -> String {
    let (id, now) = (tx.new_id(), tx.now());
    tx.write(&SAMPLE_DRAW, args![SAMPLE_MONTH, now]).await.unwrap();
    let due: Date = "2024-02-20".parse().unwrap();
    let values = args![&id, SAMPLE_MONTH, &pairing.county_school, due, &pairing.id];
    tx.write(&SAMPLE, values).await.unwrap();
    id
}

async fn confirm(world: &World, agent: &Agent, entry: &str) {
    world.clock().advance(TimeDelta::seconds(1));
    let version = ledger::find(&mut world.tx().await, entry).await.unwrap().version.to_string();
    let sent = agent
        .post(&format!("/entries/{entry}/answer"), &[("version", &version), ("verdict", "confirm")])
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
}

async fn state_of(world: &World, entry: &str) -> &'static str {
    ledger::find(&mut world.tx().await, entry).await.unwrap().state.text()
}

/// A second account of the county school.
async fn second(world: &World, p: &Province) -> Agent {
    let login = "t-second";
    let mut tx = world.tx().await;
    let password = &passwords::accept("Testing-2026-x", login, tx.random()).unwrap();
    let new = NewAccount {
        login,
        name: "第二人",
        password: Some(password),
        must_change: false,
        org: &p.xingning,
        role: "county_school",
    };
    let account = accounts::create(&mut tx, &new).await.unwrap();
    let person = accounts::Person { account: &account, login, name: "第二人" };
    let (token, csrf) = accounts::start_session(&mut tx, &person, &p.xingning, "").await.unwrap();
    tx.commit().await.unwrap();
    Agent::new(world.router.clone(), Some(token)).with_token(csrf)
}

/// Everything confirmed in November is drawn at the beginning of December: ids of the checks by their entries.
async fn drawn(world: &World) -> Vec<CheckRow> {
    let december: Date = "2026-12-01".parse().unwrap();
    world.clock().advance(december.signed_duration_since(world.clock().today()));
    while audit::sequence(&world.app.db).await.unwrap() > 0 {}
    let mut programme = world.app.programme().as_ref().clone();
    let from = "2026-11-01".parse().unwrap();
    programme.spot_checks =
        Some(SpotChecks { share_permille: 1000, most_per_unit: 5, look_workdays: 20, from });
    let found = actions::turn(&world.app.db, &programme).await.unwrap();
    assert_eq!(actions::turn(&world.app.db, &programme).await.unwrap(), 0, "a month is drawn once");
    let rows = actions::waiting(&mut world.tx().await).await.unwrap();
    assert_eq!(rows.len(), found);
    rows
}

async fn look(world: &World, agent: &Agent, check: &str, fields: &[(&str, &str)]) -> PageResponse {
    world.clock().advance(TimeDelta::seconds(1));
    let version = actions::find(&mut world.tx().await, check).await.unwrap().version.to_string();
    let fields = [&[("version", version.as_str())], fields].concat();
    agent.post(&format!("/spot-checks/{check}/look"), &fields).await
}

const HOLD: [(&str, &str); 1] = [("verdict", "hold")];

both_engines! {
    /// One press of a second person; not of the one who confirmed it, not twice, and not of anybody else.
    async fn a_second_person_looks_and_nobody_else(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        confirm(&world, &school, &p.visit).await;
        let rows = drawn(&world).await;
        assert_eq!((rows.len(), rows[0].entry.as_str(), rows[0].unit.as_str()), (1, p.visit.as_str(), p.xingning.as_str()));
        let check = rows[0].id.clone();
        let page = format!("/spot-checks/{check}");
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(school.get(&page).await.says("没经手的另一个人"));
        let refused = look(&world, &school, &check, &HOLD).await;
        assert!(refused.status == 403 && refused.says("没经手的另一个人"));
        let second = second(&world, &p).await;
        let refused = look(&world, &school, &check, &HOLD).await;
        assert!(refused.status == 403 && refused.says("另一个人"), "{}", refused.text());
        assert!(!school.get("/?all=yes").await.attributes("a", "href").contains(&page));
        assert!(second.get("/?all=yes").await.attributes("a", "href").contains(&page), "it stands on the other's desk");
        assert_eq!(second.get_json("/spot-checks?waiting=me").await.json()["rows"].as_array().unwrap().len(), 1);
        for (org, role) in [(&p.lead, "lead"), (&p.nearby, "nearby"), (&p.county, "county"), (&p.city, "city")] {
            let agent = world.agent(org, role).await;
            assert_eq!(agent.get(&page).await.status, 200, "{role} sees it");
            assert_eq!(look(&world, &agent, &check, &HOLD).await.status, 403, "{role} does not look");
            assert_eq!(agent.get_json("/spot-checks?month=202611").await.json()["rows"].as_array().unwrap().len(), 0);
        }
        let stranger = world.agent(&p.other_lead, "lead").await;
        assert_eq!(stranger.get(&page).await.status, 404);
        assert_eq!(look(&world, &stranger, &check, &HOLD).await.status, 404);
        assert!(second.get(&page).await.text().contains("广州技师学院甲"), "the entry stands on it");
        assert_eq!(look(&world, &second, &check, &HOLD).await.status, 303);
        assert_eq!(second.get_json(&page).await.json()["state"]["key"], "done");
        assert_eq!(look(&world, &second, &check, &HOLD).await.status, 409, "once");
        assert_eq!(state_of(&world, &p.visit).await, "confirmed");
    }

    /// A sentence takes the answer back and disputes the entry, as the ledger does, and both sides are told.
    async fn what_differs_is_corrected_through_the_ledger(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        confirm(&world, &school, &p.visit).await;
        let check = drawn(&world).await[0].id.clone();
        let second = second(&world, &p).await;
        let empty = look(&world, &second, &check, &[("verdict", "differ")]).await;
        assert!(empty.status == 422 && empty.refuses(Code::Missing));
        let long = "长".repeat(501);
        let long = look(&world, &second, &check, &[("verdict", "differ"), ("reason", &long)]).await;
        assert!(long.status == 422 && long.refuses(Code::TooLong));
        assert_eq!(state_of(&world, &p.visit).await, "confirmed", "nothing was written");
        let differ = [("verdict", "differ"), ("reason", "那天来的是副校长")];
        assert_eq!(look(&world, &second, &check, &differ).await.status, 303);
        assert_eq!(state_of(&world, &p.visit).await, "disputed");
        let lead = world.agent(&p.lead, "lead").await;
        assert!(lead.get(&format!("/entries/{}", p.visit)).await.text().contains("那天来的是副校长"));
        assert!(lead.get("/notices").await.text().contains("那天来的是副校长"));
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(school.get("/notices").await.text().contains("那天来的是副校长"), "so is who confirmed it");
        assert_eq!(look(&world, &second, &check, &HOLD).await.status, 409);
        assert_eq!(lead.get_json(&format!("/spot-checks/{check}")).await.json()["state"]["key"], "disputed");
    }

    /// Where the unit has one account the bureau above may look; what it finds to differ is the unit's to mend.
    async fn a_bureau_looks_where_the_unit_has_one_account(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        confirm(&world, &school, &p.visit).await;
        let check = drawn(&world).await[0].id.clone();
        let page = format!("/spot-checks/{check}");
        let county = world.agent(&p.county, "county").await;
        assert!(county.get("/?all=yes").await.attributes("a", "href").contains(&page));
        let city = world.agent(&p.city, "city").await;
        assert_eq!(look(&world, &city, &check, &HOLD).await.status, 403, "the next above alone");
        let differ = [("verdict", "differ"), ("reason", "与照会的日期不同")];
        assert_eq!(look(&world, &county, &check, &differ).await.status, 303);
        assert_eq!(state_of(&world, &p.visit).await, "confirmed", "the answer is the unit's own");
        let entry = format!("/entries/{}", p.visit);
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(school.get("/?all=yes").await.attributes("a", "href").contains(&entry), "it waits there");
        for (org, role) in [(&p.xingning, "county_school"), (&p.lead, "lead")] {
            assert!(world.agent(org, role).await.get("/notices").await.text().contains("与照会的日期不同"), "{role}");
        }
        let version = ledger::find(&mut world.tx().await, &p.visit).await.unwrap().version.to_string();
        school.post(&format!("{entry}/answer"), &[("version", &version), ("verdict", "take_back")]).await;
        assert!(!school.get("/?all=yes").await.text().contains("与照会的日期不同"), "until the unit did something");
    }

    /// What nobody looked at lapses with its reason, and what was changed meanwhile needs no look.
    async fn what_nobody_looks_at_lapses_and_is_nobodys_fault(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let other = claim(&world, &p.lead, &p.running, "visit", "书记", "2026-11-12", None).await;
        for entry in [&p.visit, &other] {
            confirm(&world, &school, entry).await;
        }
        let rows = drawn(&world).await;
        assert_eq!(rows.len(), 2);
        let of = |entry: &str| rows.iter().find(|row| row.entry == entry).unwrap().id.clone();
        let (late, changed) = (of(&p.visit), of(&other));
        let school = world.agent(&p.xingning, "county_school").await;
        let version = ledger::find(&mut world.tx().await, &other).await.unwrap().version.to_string();
        school.post(&format!("/entries/{other}/answer"), &[("version", &version), ("verdict", "take_back")]).await;
        let second = second(&world, &p).await;
        assert_eq!(look(&world, &second, &changed, &HOLD).await.status, 409);
        world.clock().advance(TimeDelta::days(40));
        assert!(actions::turn(&world.app.db, &world.app.programme()).await.unwrap() >= 2);
        let why = async |id: &str| actions::find(&mut world.tx().await, id).await.unwrap().why.clone();
        assert_eq!((why(&late).await.as_str(), why(&changed).await.as_str()), ("late", "changed"));
        let school = world.agent(&p.xingning, "county_school").await;
        let page = school.get(&format!("/spot-checks/{late}")).await;
        assert!(page.says("未复看") && page.says("不算谁的过失"));
        assert_eq!(look(&world, &school, &late, &HOLD).await.status, 409);
    }

    /// How a month came out: the province, its leaders and reviewers; each number opens its rows, and no share elsewhere.
    async fn the_share_is_told_to_the_province_alone(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let other = claim(&world, &p.lead, &p.running, "visit", "书记", "2026-11-12", None).await;
        for entry in [&p.visit, &other] {
            confirm(&world, &school, entry).await;
        }
        let rows = drawn(&world).await;
        let second = second(&world, &p).await;
        look(&world, &second, &rows[0].id, &HOLD).await;
        look(&world, &second, &rows[1].id, &[("verdict", "differ"), ("reason", "不是这一天")]).await;
        let month = "/spot-checks/months/202611";
        for role in ["province", "reviewer", "leader"] {
            let agent = world.agent(&p.office, role).await;
            let view = agent.get_json(month).await.json();
            let number = |name: &str| view[name]["raw"].as_i64().unwrap();
            let all = ["drawn", "looked", "held", "differs", "lapsed", "waiting", "candidates"].map(number);
            assert_eq!(all, [2, 2, 1, 1, 0, 0, 2], "{role}");
            assert_eq!(number("share"), 5_000);
            for name in ["drawn", "looked", "held", "differs"] {
                let list = agent.get_json(view[name]["href"].as_str().unwrap()).await.json();
                assert_eq!(list["rows"].as_array().unwrap().len() as i64, number(name), "{name} opens its rows");
            }
            let text = agent.get(month).await.text();
            assert!(!text.contains("兴宁甲校"), "nothing is told of a unit");
        }
        for (org, role) in [
            (&p.city, "city"),
            (&p.county, "county"),
            (&p.lead, "lead"),
            (&p.nearby, "nearby"),
            (&p.xingning, "county_school"),
        ] {
            let agent = world.agent(org, role).await;
            assert_eq!(agent.get(month).await.status, 403, "{role}");
            assert_eq!(agent.get(&format!("{month}/candidates")).await.status, 403, "{role}");
            let list = agent.get("/spot-checks").await;
            assert!(!list.says("各月情况") && !list.says("%"), "{role}");
        }
        let office = world.agent(&p.office, "province").await;
        let kept = office.get(&format!("{month}/candidates")).await.text();
        assert_eq!(frozen::digest(&kept), office.get_json(month).await.json()["digest"]);
    }

    /// Anybody draws again what was drawn, whatever became of the entries since; what was forged is named.
    async fn a_draw_comes_out_the_same_for_ever(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        confirm(&world, &school, &p.visit).await;
        drawn(&world).await;
        let draw = world.tx().await.one::<DrawRow>(&data::DRAW, args!["202611"]).await.unwrap();
        assert!(draw.log_size > 0 && draw.log_root.len() == 64 && draw.number == 1);
        assert_eq!(draw.seed, rules::seed("202611", &draw.log_root));
        let differs = async |draw: &DrawRow| actions::differs(&mut world.tx().await, draw).await.unwrap();
        assert_eq!(differs(&draw).await, None);
        let school = world.agent(&p.xingning, "county_school").await;
        let version = ledger::find(&mut world.tx().await, &p.visit).await.unwrap().version.to_string();
        school.post(&format!("/entries/{}/answer", p.visit), &[("version", &version), ("verdict", "take_back")]).await;
        assert_eq!(differs(&draw).await, None, "taken back since, and drawn the same");
        let fewer = DrawRow { candidates: String::new(), number: 0, digest: frozen::digest(""), ..draw.clone() };
        assert_eq!(differs(&fewer).await, Some("候选名单与办理记录得出的不一致"), "nobody is left out");
        let cut = DrawRow { candidates: String::new(), ..draw.clone() };
        assert_eq!(differs(&cut).await, Some("保存的候选名单与它的校验值或条数不一致"));
        let root = "0".repeat(64);
        let other = DrawRow { seed: rules::seed("202611", &root), log_root: root, ..draw.clone() };
        assert_eq!(differs(&other).await, Some("日志在那一条数上的总校验值与记下的不一致"));
        let chosen = DrawRow { seed: "1".repeat(64), ..draw.clone() };
        assert_eq!(differs(&chosen).await, Some("随机种子不是由月份和总校验值得出的"));
        let none = DrawRow { share_permille: 0, ..draw };
        assert_eq!(differs(&none).await, Some("抽中的与重新抽取的不一致"));
    }

    /// The whole of a province, and the first month that was forged.
    async fn every_draw_of_the_demonstration_is_verified(world: World, _made: Demonstration) {
        let months = actions::verify(&mut world.tx().await).await.unwrap();
        assert!(months.unwrap() >= 2);
        let mut tx = world.tx().await;
        let (forged,) = tx.one::<(String,)>(&FIRST_DRAWN, Vec::new()).await.unwrap();
        tx.write(&FORGE, args![&forged]).await.unwrap();
        let found = actions::verify(&mut tx).await.unwrap().unwrap_err();
        assert_eq!((found.month.as_str(), found.words), (forged.as_str(), "抽中的与重新抽取的不一致"));
    }

    /// Without `[spot_check]` there is none.
    async fn a_programme_without_spot_checks_draws_nothing(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        confirm(&world, &school, &p.visit).await;
        world.clock().advance(TimeDelta::days(20));
        let programme = jiedui_programme::Programme { spot_checks: None, ..Arc::unwrap_or_clone(world.app.programme()) };
        assert_eq!(actions::turn(&world.app.db, &programme).await.unwrap(), 0);
    }
}
