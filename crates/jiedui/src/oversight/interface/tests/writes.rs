//! Programs write by tokens what their holders may write on pages, and each change once.

use super::{good, token};
use crate::both_engines;
use crate::testing::{Agent, KEPT_ANSWERS, PageResponse, Province, World};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_store::args;
use serde_json::{Value, json};
use tower::ServiceExt as _;

const ENTRIES: &str = "/api/v1/entries";

/// A token by which programs also write, made on the page.
async fn writing(agent: &Agent) -> String {
    let fields = [("name", "填报系统"), ("days", "30"), ("reach", "write")];
    let made = agent.post("/my/tokens", &fields).await;
    assert_eq!(made.location, "/my/tokens", "{}", made.text());
    agent.get(&made.location).await.all("#made code.id").remove(0)
}

fn training(p: &Province, quantity: i64) -> Value {
    json!({
        "activity": "teacher-training", "pairing": p.running, "from_day": "2026-11-02", "to_day": "2026-11-06",
        "quantity": quantity,
    })
}

/// The entry that a change answers with.
fn changed(answer: &PageResponse, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    answer.json()
}

fn refused(answer: &PageResponse, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.content_type.starts_with("application/problem+json"));
    assert_eq!(answer.json()["code"], code);
}

/// Where the answer says that something is wrong, and of which kind.
fn mistakes(answer: &PageResponse) -> Vec<(String, String)> {
    refused(answer, 422, "invalid");
    let body = answer.json();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let errors = body["errors"].as_array().unwrap();
    errors.iter().map(|one| (text(one, "field"), text(one, "code"))).collect()
}

fn at(entry: &Value, act: &str) -> String {
    format!("{ENTRIES}/{}/{act}", entry["id"].as_str().unwrap())
}

async fn trainings(world: &World) -> usize {
    let mut tx = world.tx().await;
    let facts = crate::evidence::ledger::facts(&mut tx).await.unwrap();
    facts.iter().filter(|fact| fact.activity == "teacher-training").count()
}

/// Status and code of a request with these headers.
async fn raw(world: &World, path: &str, headers: &[(&str, &str)], body: String) -> (u16, String) {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = world.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

both_engines! {
    /// Claimed by one side's program, confirmed by the other's, counted in the figure; and the history names the tokens.
    async fn what_one_program_claims_another_confirms(world: World, p: Province) {
        let lead = writing(&world.agent(&p.lead, "lead").await).await;
        let people = world.agent(&p.xingning, "county_school").await;
        let school = writing(&people).await;
        let program = world.stranger();
        let figure = async || {
            let told = good(&world.router, "/api/v1/figures/trained-teachers?year=2026", &lead).await;
            let number = |name: &str| told[name].as_i64().unwrap_or_default();
            (number("claimed"), number("confirmed"))
        };
        let (claimed, confirmed) = figure().await;
        let made = program.post_by(ENTRIES, (&lead, "claim", None), &training(&p, 12)).await;
        let entry = changed(&made, 201);
        assert_eq!(made.location, format!("{ENTRIES}/{}", entry["id"].as_str().unwrap()));
        assert_eq!((entry["quantity"].as_i64(), entry["version"].as_i64()), (Some(12), Some(1)));
        assert_eq!((&entry["state"], &entry["claimant"]), (&json!("claimed"), &json!(p.lead)));
        assert_eq!(figure().await, (claimed + 12, confirmed));
        let (path, verdict) = (at(&entry, "answer"), json!({ "verdict": "confirm" }));
        refused(&program.post_by(&path, (&lead, "own", Some(1)), &verdict).await, 403, "forbidden");
        let answer = changed(&program.post_by(&path, (&school, "answer", Some(1)), &verdict).await, 200);
        assert_eq!((&answer["state"], &answer["confirmed"]), (&json!("confirmed"), &json!(12)));
        assert_eq!(answer, good(&world.router, &made.location, &lead).await);
        assert_eq!(figure().await, (claimed + 12, confirmed + 12));
        let page = people.get(&format!("/entries/{}", entry["id"].as_str().unwrap())).await;
        assert!(page.says("由程序用接口密钥“填报系统”"), "the history says by what it was done");
    }

    async fn the_same_key_is_done_once(world: World, p: Province) {
        let lead = writing(&world.agent(&p.lead, "lead").await).await;
        let program = world.stranger();
        let claim = async |key: &str, quantity: i64| {
            program.post_by(ENTRIES, (&lead, key, None), &training(&p, quantity)).await
        };
        let first = claim("one", 12).await;
        let again = claim("one", 12).await;
        assert_eq!(changed(&first, 201), changed(&again, 201));
        assert_eq!(first.location, again.location);
        refused(&claim("one", 13).await, 422, "other_content");
        assert_eq!(trainings(&world).await, 1);
        assert_eq!(mistakes(&claim("two", 12).await)[0].0, "again", "another key is another claim, and there is one like it");
        changed(&claim("two", 13).await, 201);
        let (one, two) = tokio::join!(claim("three", 14), claim("three", 14));
        assert_eq!(changed(&one, 201), changed(&two, 201), "at the same moment too");
        assert_eq!(trainings(&world).await, 3);
        let nearby = writing(&world.agent(&p.nearby, "nearby").await).await;
        changed(&program.post_by(ENTRIES, (&nearby, "one", None), &training(&p, 15)).await, 201);
        assert_eq!(trainings(&world).await, 4, "a key is that of one token");
    }

    /// Also where no program writes any more: somebody signs in each day.
    async fn a_key_holds_for_a_week_and_its_answer_stays_no_longer(world: World, p: Province) {
        let lead = writing(&world.agent(&p.lead, "lead").await).await;
        let program = world.stranger();
        changed(&program.post_by(ENTRIES, (&lead, "one", None), &training(&p, 12)).await, 201);
        world.clock().advance(TimeDelta::days(6));
        refused(&program.post_by(ENTRIES, (&lead, "one", None), &training(&p, 13)).await, 422, "other_content");
        world.clock().advance(TimeDelta::days(2));
        changed(&program.post_by(ENTRIES, (&lead, "one", None), &training(&p, 13)).await, 201);
        let kept = async || {
            let mut tx = world.tx().await;
            let now = tx.now();
            tx.number(&KEPT_ANSWERS, args![now]).await.unwrap()
        };
        assert_eq!(kept().await, 1);
        world.clock().advance(TimeDelta::days(8));
        world.agent(&p.xingning, "county_school").await;
        assert_eq!(kept().await, 0);
    }

    /// A number beside a whole confirmation is not left out: its sender would take the answer for a part.
    async fn an_answer_says_no_more_than_its_verdict_takes(world: World, p: Province) {
        let lead = writing(&world.agent(&p.lead, "lead").await).await;
        let school = writing(&world.agent(&p.xingning, "county_school").await).await;
        let program = world.stranger();
        let made = program.post_by(ENTRIES, (&lead, "1", None), &training(&p, 12)).await;
        let path = at(&changed(&made, 201), "answer");
        for (body, field) in [
            (json!({ "verdict": "confirm", "confirmed": 10 }), "confirmed"),
            (json!({ "verdict": "dispute", "reason": "日期不对", "disputed_from": "2026-11-02" }), "disputed_from"),
            (json!({ "verdict": "part", "confirmed": 10, "reason": "少两人", "disputed_to": "2026-11-03" }), "disputed_to"),
            (json!({ "verdict": "take_back", "reason": "看错了" }), "reason"),
        ] {
            let told = mistakes(&program.post_by(&path, (&school, "k", Some(1)), &body).await);
            assert_eq!(told, [(field.to_owned(), Code::NotFitting.as_str().to_owned())], "{body}");
        }
        assert_eq!(good(&world.router, &made.location, &lead).await["state"], "claimed");
    }

    async fn a_change_says_what_was_seen(world: World, p: Province) {
        let school = writing(&world.agent(&p.xingning, "county_school").await).await;
        let program = world.stranger();
        let (path, verdict) = (format!("{ENTRIES}/{}/answer", p.visit), json!({ "verdict": "confirm" }));
        refused(&program.post_by(&path, (&school, "a", None), &verdict).await, 428, "no_version");
        refused(&program.post_by(&path, (&school, "a", Some(7)), &verdict).await, 412, "other_version");
        changed(&program.post_by(&path, (&school, "a", Some(1)), &verdict).await, 200);
        changed(&program.post_by(&path, (&school, "a", Some(1)), &verdict).await, 200);
        let late = json!({ "verdict": "dispute", "reason": "日期不对" });
        refused(&program.post_by(&path, (&school, "b", Some(1)), &late).await, 412, "other_version");
        let back = program.post_by(&path, (&school, "c", Some(2)), &json!({ "verdict": "take_back" })).await;
        assert_eq!(changed(&back, 200)["state"], "claimed");
        let foreign = format!("{ENTRIES}/{}/answer", p.strange_visit);
        refused(&program.post_by(&foreign, (&school, "d", Some(1)), &verdict).await, 404, "not_found");
    }

    async fn a_program_writes_only_where_it_may(world: World, p: Province) {
        let browser = world.agent(&p.lead, "lead").await;
        let (reading, writes) = (token(&browser, "30").await, writing(&browser).await);
        let program = world.stranger();
        refused(&program.post_by(ENTRIES, (&reading, "k", None), &training(&p, 12)).await, 403, "forbidden");
        let office = writing(&world.agent(&p.office, "auditor").await).await;
        refused(&program.post_by(ENTRIES, (&office, "k", None), &training(&p, 12)).await, 403, "forbidden");
        let strange = json!({ "activity": "teacher-training", "pairing": p.strange, "from_day": "2026-11-02", "to_day": "2026-11-06", "quantity": 12 });
        let answer = program.post_by(ENTRIES, (&writes, "k", None), &strange).await;
        assert_eq!(mistakes(&answer), [("pairing".to_owned(), Code::NotListed.as_str().to_owned())]);
        let bearer = format!("Bearer {writes}");
        let (by, json) = (("authorization", bearer.as_str()), ("content-type", "application/json"));
        let (key, whole) = (("idempotency-key", "k"), training(&p, 12).to_string());
        for (headers, body, told) in [
            (vec![json, key], whole.clone(), (401, "no_token")),
            (vec![by, json], whole.clone(), (400, "no_key")),
            (vec![by, key], whole.clone(), (415, "not_json")),
            (vec![by, key, json], "[1]".to_owned(), (422, "invalid")),
            (vec![by, key, json], format!("{{\"activity\":\"{}\"}}", "长".repeat(100_000)), (413, "too_large")),
        ] {
            let (status, code) = raw(&world, ENTRIES, &headers, body).await;
            assert_eq!((status, code.as_str()), told, "{headers:?}");
        }
        assert_eq!(trainings(&world).await, 0, "nothing of it was written");
    }

    /// What was done and what was refused: whoever reads the log knows which token to end.
    async fn the_log_names_the_token(world: World, p: Province) {
        let browser = world.agent(&p.lead, "lead").await;
        let (reading, writes) = (token(&browser, "30").await, writing(&browser).await);
        let program = world.stranger();
        refused(&program.post_by(ENTRIES, (&reading, "k", None), &training(&p, 12)).await, 403, "forbidden");
        let entry = changed(&program.post_by(ENTRIES, (&writes, "k", None), &training(&p, 12)).await, 201);
        let auditor = world.agent(&p.office, "auditor").await;
        let (door, entry) = ("%2Fapi%2Fv1%2Fentries", entry["id"].as_str().unwrap());
        for (about, action, name) in [(door, "access.refuse", "统计报表"), (entry, "entry.claim", "填报系统")] {
            let list = auditor.get_json(&format!("/audit?about={about}&action={action}")).await.json();
            let leaf = list["rows"][0]["id"].as_str().unwrap_or_else(|| panic!("{action}: {list}"));
            let page = auditor.get(&format!("/audit/{leaf}")).await;
            assert!(page.says("所用接口密钥") && page.says(name), "{action}: {}", page.text());
        }
    }

    /// What a form would refuse is refused at the field that was sent.
    async fn what_is_wrong_is_told_by_field(world: World, p: Province) {
        let lead = writing(&world.agent(&p.lead, "lead").await).await;
        let program = world.stranger();
        for (name, value, field, code) in [
            ("quantity", json!("12"), "quantity", Code::Faulty),
            ("quantity", json!(0), "quantity", Code::OutOfRange),
            ("to_day", json!("2026-12-24"), "to_day", Code::InFuture),
            ("from_day", json!("2026-11-31"), "from_day", Code::NoDate),
            ("to_day", json!("2026-11-01"), "to_day", Code::Reversed),
            ("activity", json!("nothing"), "activity", Code::NotListed),
            ("activity", json!(null), "activity", Code::Missing),
            ("score", json!(1), "score", Code::NotListed),
            ("fields", json!({ "nothing": "x" }), "fields.nothing", Code::NotListed),
            ("fields", json!({ "teachers": "nothing" }), "fields.teachers", Code::NotListed),
        ] {
            let mut body = training(&p, 12);
            body[name] = value;
            let answer = program.post_by(ENTRIES, (&lead, "k", None), &body).await;
            let told = mistakes(&answer);
            assert!(told.contains(&(field.to_owned(), code.as_str().to_owned())), "{body}: {told:?}");
        }
        assert_eq!(trainings(&world).await, 0);
    }

    /// Who went there is named by the id that the interface tells.
    async fn a_visit_names_a_person_of_the_claimant(world: World, p: Province) {
        let lead = writing(&world.agent(&p.lead, "lead").await).await;
        let program = world.stranger();
        let people = good(&world.router, &format!("/api/v1/schools/{}/people", p.lead), &lead).await;
        let head = people["items"].as_array().unwrap().iter().find(|one| one["post"] == "head").unwrap().clone();
        let visit = json!({ "activity": "visit", "pairing": p.running, "from_day": "2026-11-12", "person": head["id"] });
        let mut two_days = visit.clone();
        two_days["to_day"] = json!("2026-11-13");
        let answer = program.post_by(ENTRIES, (&lead, "k", None), &two_days).await;
        assert_eq!(mistakes(&answer), [("to_day".to_owned(), Code::NotListed.as_str().to_owned())]);
        let entry = changed(&program.post_by(ENTRIES, (&lead, "k", None), &visit).await, 201);
        assert_eq!((&entry["person"], &entry["post"]), (&head["id"], &json!("head")));
    }

    async fn what_was_claimed_is_corrected_accepted_and_withdrawn(world: World, p: Province) {
        let lead = writing(&world.agent(&p.lead, "lead").await).await;
        let school = writing(&world.agent(&p.xingning, "county_school").await).await;
        let program = world.stranger();
        let entry = changed(&program.post_by(ENTRIES, (&lead, "1", None), &training(&p, 12)).await, 201);
        let part = json!({ "verdict": "part", "confirmed": 10 });
        let answer = program.post_by(&at(&entry, "answer"), (&school, "1", Some(1)), &part).await;
        assert_eq!(mistakes(&answer), [("reason".to_owned(), Code::Missing.as_str().to_owned())]);
        let part = json!({ "verdict": "part", "confirmed": 10, "reason": "两人没有到" });
        let answer = changed(&program.post_by(&at(&entry, "answer"), (&school, "1", Some(1)), &part).await, 200);
        assert_eq!((&answer["state"], &answer["confirmed"]), (&json!("part"), &json!(10)));
        let long = json!({
            "from_day": "2026-11-02", "to_day": "2026-11-06", "quantity": 10, "reply": "改".repeat(201),
        });
        let answer = program.post_by(&at(&entry, "correct"), (&lead, "2", Some(2)), &long).await;
        assert_eq!(mistakes(&answer), [("reply".to_owned(), Code::TooLong.as_str().to_owned())]);
        let accepted = program.post_by(&at(&entry, "accept"), (&lead, "2", Some(2)), &json!({})).await;
        assert_eq!(changed(&accepted, 200)["quantity"], 10);
        let other = changed(&program.post_by(ENTRIES, (&lead, "3", None), &training(&p, 20)).await, 201);
        let right = json!({ "from_day": "2026-11-02", "to_day": "2026-11-05", "quantity": 21 });
        let foreign = program.post_by(&at(&other, "correct"), (&school, "2", Some(1)), &right).await;
        refused(&foreign, 403, "forbidden");
        let corrected = changed(&program.post_by(&at(&other, "correct"), (&lead, "4", Some(1)), &right).await, 200);
        assert_eq!((&corrected["to_day"], &corrected["quantity"]), (&json!("2026-11-05"), &json!(21)));
        let more = program.post_by(&at(&other, "withdraw"), (&lead, "5", Some(2)), &json!({ "reason": "x" })).await;
        assert_eq!(mistakes(&more)[0].0, "reason");
        let gone = program.post_by(&at(&other, "withdraw"), (&lead, "5", Some(2)), &json!({})).await;
        assert_eq!(changed(&gone, 200)["state"], "withdrawn");
        let third = changed(&program.post_by(ENTRIES, (&lead, "6", None), &training(&p, 30)).await, 201);
        let bearer = format!("Bearer {lead}");
        let head = [("authorization", bearer.as_str()), ("idempotency-key", "7"), ("if-match", "1")];
        let told = raw(&world, &at(&third, "withdraw"), &head, String::new()).await;
        assert_eq!(told.0, 200, "what has nothing to say needs no body: {}", told.1);
    }
}
