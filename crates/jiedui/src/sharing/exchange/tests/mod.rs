//! Tables go out once and come in whole, whatever the other side does: through the browser, the jobs and a server that
//! answers late, fails, sends garbage and sends without end.

mod partner;

use super::actions::{self, Came};
use super::data::{self, RunRow};
use super::rules::schema::schema;
use crate::both_engines;
use crate::evidence::profiles::{Stage, describe};
use crate::shared::jobs::Worker;
use crate::shared::jobs::rules::back_off;
use crate::shared::review;
use crate::site;
use crate::testing::{Agent, PageResponse, Province, World, actor, programme};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Random};
use jiedui_programme::Way;
use jiedui_store::named;
use jiedui_web::{App, Outgoing};
use partner::{Partner, Says};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const OUT: &str = "recruitment";
const IN: &str = "school-system";
const HEADINGS: &str = "xxmc,xxcc,zxs,bys,zrjs,sbzz_wy";

/// One that an organisation began: for the tests that ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let (today, id) = (tx.today(), tx.new_id());
    // Each has a number of its own, as if it were the only one of its exchange.
    let exchange = format!("sample-{id}");
    named!(data::INSERT {
        id: &id,
        exchange: &exchange,
        org,
        incoming: false,
        by_file: false,
        number: 1_i64,
        digest: "0",
        total: 0_i64,
        refused: 0_i64,
        began_on: today,
    })
    .write(&mut tx)
    .await
    .unwrap();
    review::begun::<RunRow>(&mut tx, &id, "begin", json!({ "sample": true })).await.unwrap();
    tx.commit().await.unwrap();
    vec![("exchange_run", id)]
}

/// The same world, which knows where the other side is.
fn connected(mut world: World, partner: &Partner) -> World {
    let other = jiedui_web::Partner {
        address: format!("http://{}/exchange", partner.address),
        secret: "only-for-tests".to_owned(),
        inside: true,
        patience: Duration::from_millis(700),
    };
    let partners: BTreeMap<String, jiedui_web::Partner> =
        [OUT, IN].map(|id| (id.to_owned(), other.clone())).into();
    let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
    world.app = Arc::new(app.with_outgoing(Outgoing { partners, ..Outgoing::default() }));
    world.router = jiedui_web::router(&world.app);
    world
}

/// Works until nothing is due; as often as a job may be tried, with its waits.
async fn work_off(world: &World) {
    let worker = Worker::new(&world.app);
    for attempt in 1..=4 {
        while worker.turn().await.unwrap() {}
        world.clock().advance(back_off(attempt) + TimeDelta::seconds(1));
    }
}

async fn turn(world: &World) {
    while Worker::new(&world.app).turn().await.unwrap() {}
}

async fn send(office: &Agent) -> String {
    let begun = office.post(&format!("/exchanges/{OUT}/send"), &[]).await;
    assert_eq!(begun.status, 303, "{:?}", begun.all(".errors li"));
    begun.location
}

async fn act(agent: &Agent, page: &str, act: &str) -> PageResponse {
    let version = agent.get_json(page).await.json()["version"].to_string();
    agent.post(&format!("{page}/{act}"), &[("version", version.as_str())]).await
}

async fn state(agent: &Agent, run: &str) -> String {
    agent.get_json(run).await.json()["state"]["label"].as_str().unwrap().to_owned()
}

async fn upload(office: &Agent, text: &str) -> PageResponse {
    office.upload(&format!("/exchanges/{IN}/upload"), "对方.csv", text.as_bytes()).await
}

both_engines! {
    /// T12.1: the same data give the same file, and it goes over once: what was sent already is not sent again.
    async fn what_goes_out_goes_once(world: World, p: Province) {
        let partner = Partner::start(&[Says::Yes]).await;
        let world = connected(world, &partner);
        let office = world.agent(&p.office, "province").await;
        let path = format!("/exchanges/{OUT}/file");
        let (one, other) = (office.get(&path).await, office.get(&path).await);
        assert_eq!(one.bytes, other.bytes);
        assert!(one.text().starts_with("dwmc,xzqh,") && one.text().contains("兴宁甲校"));
        let run = send(&office).await;
        turn(&world).await;
        assert_eq!(state(&office, &run).await, "已完成");
        assert_eq!(partner.rows(), 3, "the county schools");
        let asked = partner.asked().remove(0);
        assert!(asked.head.starts_with("POST /exchange HTTP/1.1"), "{}", asked.head);
        assert!(asked.head.to_lowercase().contains("authorization: bearer only-for-tests"));
        assert_eq!(asked.body.as_bytes(), one.bytes);
        assert_eq!(send(&office).await, run, "the same content: nothing is done, and the page says so");
        turn(&world).await;
        assert_eq!(partner.asked().len(), 1);
        let leader = world.agent(&p.office, "leader").await;
        assert!(leader.get(&run).await.says("已完成"));
        assert_eq!(leader.post(&format!("/exchanges/{OUT}/send"), &[]).await.status, 403);
        assert_eq!(world.agent(&p.xingning, "county_school").await.get("/exchanges").await.status, 403);
        let admin = world.agent(&p.office, "sysadmin").await;
        let systems = admin.get("/exchange-systems").await;
        assert!(systems.says("127.0.0.1") && !systems.text().contains("only-for-tests"));
        assert_eq!(admin.get(&run).await.status, 403, "whether it works, and nothing of what it says");
    }

    /// The answer to a batch is lost: it is sent again under the same key, and the other side has each row once.
    async fn what_may_have_been_taken_is_sent_under_the_same_key(world: World, p: Province) {
        let partner = Partner::start(&[Says::TakesAndFallsSilent, Says::Yes]).await;
        let world = connected(world, &partner);
        let office = world.agent(&p.office, "province").await;
        let run = send(&office).await;
        turn(&world).await;
        assert_eq!(state(&office, &run).await, "正在送");
        assert_eq!(office.post(&format!("/exchanges/{OUT}/send"), &[]).await.status, 409, "one at a time");
        world.clock().advance(back_off(1) + TimeDelta::seconds(1));
        turn(&world).await;
        let office = world.agent(&p.office, "province").await;
        assert_eq!(state(&office, &run).await, "已完成");
        let asked = partner.asked();
        assert_eq!((asked.len(), partner.rows()), (2, 3));
        assert!(asked[0].key() == asked[1].key() && asked[0].body == asked[1].body && !asked[0].key().is_empty());
    }

    /// Whatever the other side answers, nothing counts as taken that it did not say it took; in the end the office sends on.
    async fn bad_answers_take_nothing(world: World, p: Province) {
        let partner = Partner::start(&[Says::Garbage]).await;
        let world = connected(world, &partner);
        let office = world.agent(&p.office, "province").await;
        let run = send(&office).await;
        for says in [Says::Garbage, Says::Half, Says::Status(500), Says::Status(429), Says::Elsewhere, Says::Status(400)] {
            partner.says(std::slice::from_ref(&says));
            work_off(&world).await;
            let office = world.agent(&p.office, "province").await;
            let shown = office.get_json(&run).await.json();
            assert_eq!((shown["state"]["label"].as_str(), shown["accepted"]["raw"].as_i64()), (Some("正在送"), Some(0)), "{says:?}");
            assert_eq!(act(&office, &run, "send").await.status, 303, "{says:?}");
        }
        partner.says(&[Says::Twice]);
        work_off(&world).await;
        let office = world.agent(&p.office, "province").await;
        assert_eq!((state(&office, &run).await.as_str(), partner.rows()), ("已完成", 3));
        assert_eq!(act(&office, &run, "give-up").await.status, 409);
    }

    /// An answer of a gigabyte, said or not: read up to the limit and no further.
    async fn an_answer_without_an_end_is_left(world: World, p: Province) {
        let partner = Partner::start(&[Says::Endless]).await;
        let world = connected(world, &partner);
        for says in [Says::Endless, Says::Gigabyte] {
            partner.says(std::slice::from_ref(&says));
            let office = world.agent(&p.office, "province").await;
            let job = office.post(&format!("/exchanges/{IN}/fetch"), &[]).await.location;
            work_off(&world).await;
            let office = world.agent(&p.office, "province").await;
            assert!(office.get(&job).await.says("太长或中途断开"), "{says:?}");
        }
        assert!(partner.poured() < 256 * 1024 * 1024, "{}", partner.poured());
        let shown = world.agent(&p.office, "province").await.get_json(&format!("/exchanges/{IN}")).await.json();
        assert_eq!(shown["runs"].as_array().map(Vec::len), Some(0));
    }

    /// Rows that the other side refuses are named with their schools.
    async fn refusals_are_named(world: World, p: Province) {
        let partner = Partner::start(&[Says::NotTheFirst]).await;
        let world = connected(world, &partner);
        let office = world.agent(&p.office, "province").await;
        let run = send(&office).await;
        turn(&world).await;
        let shown = office.get_json(&run).await.json();
        assert_eq!((shown["accepted"]["raw"].as_i64(), shown["refused"]["raw"].as_i64()), (Some(2), Some(1)));
        let refusal = &shown["refusals"][0];
        assert_eq!((refusal["words"].as_str(), refusal["here"].as_bool()), (Some("与学籍不符"), Some(false)));
        assert!(refusal["known_by"].as_str().unwrap().ends_with("校"), "{refusal}");
    }

    /// Without an address a file goes over by hand: what went is kept, waits for the answer, and every row of it is accounted for.
    async fn what_is_carried_over_is_answered_by_a_file(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let (today, over) = (format!("/exchanges/{OUT}/file"), format!("/exchanges/{OUT}/hand-over"));
        let bytes = office.get(&today).await.bytes;
        let begun = office.post(&over, &[]).await;
        assert_eq!(begun.status, 303, "{:?}", begun.all(".errors li"));
        let run = begun.location;
        assert_eq!(office.get(&format!("{run}/file")).await.bytes, bytes, "what went is kept as it was");
        let twice = office.post(&over, &[]).await;
        assert!(twice.status == 409 && twice.says("上传对方的答复"), "one at a time: {}", twice.text());
        assert_eq!(act(&office, &run, "send").await.status, 409, "it does not go by line");
        let answer = async |text: &str| {
            let version = office.get_json(&run).await.json()["version"].to_string();
            let fields = [("version", version.as_str())];
            office.upload_with(&format!("{run}/answer"), &fields, ("答复.json", text.as_bytes())).await
        };
        for wrong in ["{}", r#"{"accepted": 2}"#, r#"{"accepted": 2, "refused": [{"line": 9}]}"#] {
            assert!(answer(wrong).await.refuses(Code::WrongFile), "{wrong}");
        }
        assert_eq!(state(&office, &run).await, "正在送", "nothing of a wrong answer is kept");
        let told = answer(r#"{"accepted": 2, "refused": [{"line": 1, "field": "bys", "words": "与学籍不符"}]}"#).await;
        assert_eq!(told.status, 303, "{:?}", told.all(".errors li"));
        let shown = office.get_json(&run).await.json();
        assert_eq!((shown["accepted"]["raw"].as_i64(), shown["refused"]["raw"].as_i64()), (Some(2), Some(1)));
        let refusal = &shown["refusals"][0];
        assert_eq!((refusal["words"].as_str(), refusal["field"].as_str()), (Some("与学籍不符"), Some("bys")));
        assert!(refusal["known_by"].as_str().unwrap().ends_with("校"), "{refusal}");
        assert_eq!(state(&office, &run).await, "已完成");
        assert_eq!(office.post(&over, &[]).await.location, run, "the same content does not go twice");
    }

    /// T1.1: what the other side says stands beside ours with the difference, and ours stays what it was.
    async fn what_comes_stands_beside_what_is_ours(world: World, p: Province) {
        describe(&world, &p, 2025, Stage::Accepted, &[("students", "400"), ("equipment_value", "12000000")]).await;
        let office = world.agent(&p.office, "province").await;
        let before = office.get(&format!("/exchanges/{IN}/file")).await.text();
        let text = format!("{HEADINGS}\r\n兴宁甲校,1,412,,,1200\r\n没有这所学校,1,5,,,\r\n");
        let taken = upload(&office, &text).await;
        assert_eq!(taken.status, 303, "{}", taken.text());
        let shown = office.get_json(&taken.location).await.json();
        let line = &shown["compared"]["lines"][0];
        assert_eq!(
            (line["ours"]["raw"].as_i64(), line["theirs"]["raw"].as_i64(), line["difference"]["raw"].as_i64()),
            (Some(400), Some(412), Some(12))
        );
        assert_eq!(shown["compared"]["same"]["raw"].as_i64(), Some(1), "1200 ten thousands of yuan are ours in cents");
        assert_eq!(shown["refusals"][0]["known_by"].as_str(), Some("没有这所学校"));
        assert_eq!(office.get(&format!("/exchanges/{IN}/file")).await.text(), before, "nothing of ours changed");
        assert_eq!(upload(&office, &text).await.location, taken.location, "the same file: nothing is done");
        assert!(office.get(&taken.location).await.says("对方"));
    }

    /// Everything that is wrong with a file is told at once, and nothing of it is kept.
    async fn a_wrong_file_is_refused_whole(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let wrong = upload(&office, &format!("{HEADINGS}\n兴宁甲校,9,x,1,1,1\n兴宁甲校,1,1,1\n紫金乙校,1,1,1,1,1\n")).await;
        assert_eq!(wrong.status, 422);
        for code in [Code::NotListed, Code::NoNumber, Code::Faulty] {
            assert!(wrong.refuses(code.clone()), "{code:?}: {}", wrong.text());
        }
        assert!(office.upload(&format!("/exchanges/{IN}/upload"), "大.csv", &vec![b'x'; 2 << 20]).await.refuses(Code::TooLarge));
        assert!(upload(&office, "").await.status == 422);
        assert!(upload(&office, "a,b\n1,2\n").await.refuses(Code::NotListed));
        let unset = office.post(&format!("/exchanges/{OUT}/send"), &[]).await;
        assert!(unset.status == 422 && unset.refuses(Code::Missing), "no address is set");
        let shown = office.get_json(&format!("/exchanges/{IN}")).await.json();
        assert_eq!(shown["runs"].as_array().map(Vec::len), Some(0), "nothing is half taken");
    }

    /// By line as by file; a fault in the middle of a table takes nothing of it.
    async fn a_table_is_fetched_whole(world: World, p: Province) {
        let good = format!("{HEADINGS}\n兴宁甲校,1,412,1,1,1\n");
        let partner = Partner::start(&[Says::Table(format!("{good}紫金乙校,1,许多,1,1,1\n"))]).await;
        let world = connected(world, &partner);
        let office = world.agent(&p.office, "province").await;
        let job = office.post(&format!("/exchanges/{IN}/fetch"), &[]).await.location;
        turn(&world).await;
        let told = office.get(&job).await;
        assert!(told.says("一行也没有收下") && told.says("不是数"), "{}", told.text());
        partner.says(&[Says::Table(good)]);
        for words in ["已收下", "与上次收下的相同"] {
            let job = office.post(&format!("/exchanges/{IN}/fetch"), &[]).await.location;
            turn(&world).await;
            assert!(office.get(&job).await.says(words), "{words}");
        }
        let shown = office.get_json(&format!("/exchanges/{IN}")).await.json();
        assert_eq!(shown["runs"].as_array().map(Vec::len), Some(1));
        assert!(partner.asked()[0].head.starts_with("GET /exchange"));
    }

    /// A, B, A again: the third is a transfer of its own, because the other side has B.
    async fn what_goes_back_to_an_earlier_content_goes_again(world: World, p: Province) {
        let programme = world.app.programme();
        let exchange = actions::exchange(&programme, IN, Way::In).unwrap();
        let schema = schema(&programme, exchange).unwrap();
        let mut tx = world.tx().await;
        let author = actor(&mut tx, &p.office, "province").await;
        tx.act_as(author);
        let mut seen = Vec::new();
        for students in [1, 2, 1, 1] {
            let text = format!("{HEADINGS}\n兴宁甲校,1,{students},1,1,1\n");
            let came: Came = crate::sharing::exchange::came(&schema, text.as_bytes(), true).unwrap();
            seen.push(crate::sharing::exchange::take_in(&mut tx, &programme, exchange, &came).await.unwrap());
        }
        assert!(seen.iter().take(3).all(|one| matches!(one, crate::sharing::exchange::Outcome::New(_))), "{seen:?}");
        assert!(matches!(seen[3], crate::sharing::exchange::Outcome::Same(_)));
        tx.commit().await.unwrap();
    }
}
