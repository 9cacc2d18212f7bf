//! Programs read by tokens what the holder sees on pages, and nothing else.

mod changes;
mod hooks;
mod writes;

use super::actions;
use super::api::fields::{Described, Kind, Part};
use super::api::writes::example;
use super::api::{offered, openapi, resources};
use super::rules::AT_ONCE;
use crate::both_engines;
use crate::demo::PASSWORD;
use crate::identity::accounts;
use crate::testing::wire::Served;
use crate::testing::{Agent, Demonstration, Province, compare};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Id};
use jiedui_web::head::Peer;
use jiedui_web::limits::{Limits, Places};
use jiedui_web::tokens::{self, Purpose};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;
use tower::ServiceExt as _;

/// A token of somebody, made on the page.
async fn token(agent: &Agent, days: &str) -> String {
    let made = agent.post("/my/tokens", &[("name", "统计报表"), ("days", days)]).await;
    assert_eq!(made.location, "/my/tokens", "{}", made.text());
    agent.get(&made.location).await.all("#made code.id").remove(0)
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

/// Asks as a program does; `head` names one more header.
async fn ask(router: &axum::Router, path: &str, token: &str, head: Option<(&str, &str)>) -> Answer {
    let mut request = Request::get(path).header("authorization", format!("Bearer {token}"));
    if let Some((name, value)) = head {
        request = request.header(name, value);
    }
    send(router, request.body(Body::empty()).unwrap()).await
}

async fn send(router: &axum::Router, request: Request<Body>) -> Answer {
    let answer = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Answer { status, headers, body }
}

async fn good(router: &axum::Router, path: &str, token: &str) -> Value {
    let answer = ask(router, path, token, None).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

/// The ids of all pages of a list, so many at a time; each once.
async fn walked(router: &axum::Router, path: &str, token: &str, limit: usize) -> BTreeSet<String> {
    let (mut found, mut after) = (BTreeSet::new(), String::new());
    loop {
        let page = good(router, &format!("{path}?limit={limit}{after}"), token).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        for item in items {
            let id = item["id"].as_str().unwrap().to_owned();
            assert!(found.insert(id.clone()), "{path}: {id} twice");
        }
        let Some(next) = page["next"].as_str() else { return found };
        assert_eq!(items.len(), limit, "{path}: a page before the last one is full");
        after = format!("&after={next}");
    }
}

const LISTS: [(&str, &str); 10] = [
    ("schools", "school"),
    ("people", "post"),
    ("pairings", "pairing"),
    ("needs", "need"),
    ("projects", "project"),
    ("entries", "entry"),
    ("outputs", "output"),
    ("profiles", "profile"),
    ("months", "month"),
    ("money", "money"),
];

both_engines! {
    /// No row of strangers, and every row that the office sees of one's own.
    async fn a_token_reads_what_its_holder_sees(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        let office = token(&world.agent(&p.office, "province").await, "30").await;
        let router = &world.router;
        let entries = walked(router, "/api/v1/entries", &lead, 1).await;
        assert!(entries.contains(&p.visit) && entries.contains(&p.former_visit) && !entries.contains(&p.strange_visit));
        let all = walked(router, "/api/v1/entries", &office, 2).await;
        assert!(all.contains(&p.strange_visit) && entries.is_subset(&all));
        let pairings = walked(router, "/api/v1/pairings", &lead, 50).await;
        assert_eq!(pairings, [p.running.clone(), p.ended.clone()].into());
        for (path, mine) in [("entries", &p.visit), ("pairings", &p.running), ("schools", &p.xingning)] {
            assert_eq!(good(router, &format!("/api/v1/{path}/{mine}"), &lead).await["id"], mine.as_str());
        }
        for (path, foreign) in [("entries", &p.strange_visit), ("pairings", &p.strange), ("schools", &p.nanxiong)] {
            let answer = ask(router, &format!("/api/v1/{path}/{foreign}"), &lead, None).await;
            assert_eq!((answer.status, &answer.body["code"]), (404, &Value::from("not_found")), "{path}");
        }
        let clocks = good(router, &format!("/api/v1/pairings/{}/clocks", p.running), &lead).await;
        let clocks = clocks["items"].as_array().unwrap();
        assert!(!clocks.is_empty() && clocks.iter().all(|clock| clock["pairing"] == p.running.as_str()));
        let moved = |clock: &&Value| clock["entries"].as_array().unwrap().contains(&Value::from(p.visit.as_str()));
        let moved = clocks.iter().find(moved).expect("a clock opens to the entries that move it");
        assert!(moved["helper"] == p.lead.as_str() && moved["claimed"].as_i64() >= Some(1), "{moved}");
        let foreign = format!("/api/v1/pairings/{}/clocks", p.strange);
        assert_eq!(ask(router, &foreign, &lead, None).await.status, 404);
    }

    /// Whole names of one's own people and of public posts; of others what the school's page shows.
    async fn people_have_the_names_that_the_holder_sees(world: World, p: Province) {
        let path = format!("/api/v1/schools/{}/people", p.lead);
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        for agent in [&lead, &school] {
            let token = token(agent, "30").await;
            let told = good(&world.router, &path, &token).await;
            let shown = agent.get_json(&format!("/registry/{}", p.lead)).await.json();
            let names = |rows: &Value| {
                let rows = rows.as_array().unwrap().iter();
                rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
            };
            assert!(!names(&told["items"]).is_empty());
            assert!(names(&told["items"]).is_subset(&names(&shown["people"])));
        }
        let lead = token(&lead, "30").await;
        let wrong = ask(&world.router, &format!("{path}?day=2026-11-31"), &lead, None).await;
        assert_eq!((wrong.status, &wrong.body["errors"][0]["code"]), (422, &Value::from(Code::NoDate.as_str())));
        let foreign = format!("/api/v1/schools/{}/people", p.nanxiong);
        assert_eq!(ask(&world.router, &foreign, &lead, None).await.status, 404);
    }

    async fn a_program_is_known_by_its_token_alone(world: World, p: Province) {
        let browser = world.agent(&p.lead, "lead").await;
        let path = "/api/v1/entries";
        let by_cookie = browser.get(path).await;
        assert_eq!(by_cookie.status, 401, "a browser that is signed in is nobody here");
        assert!(by_cookie.content_type.starts_with("application/problem+json"));
        assert_eq!(by_cookie.json()["code"], "no_token");
        let token = token(&browser, "30").await;
        let router = &world.router;
        assert_eq!(ask(router, path, &token, None).await.status, 200);
        assert_eq!(ask(router, path, &token[1..], None).await.status, 401);
        let wrong = Request::get("/entries").header("authorization", format!("Bearer {token}"));
        let page = router.clone().oneshot(wrong.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(page.status(), 303, "a token opens no page");
        let refused = ask(router, path, "", None).await;
        assert_eq!(refused.headers["www-authenticate"], "Bearer");
        let listed = browser.get("/my/tokens").await;
        assert!(!listed.text().contains(&token), "it is shown once");
    }

    async fn a_token_ends(world: World, p: Province) {
        let (browser, path) = (world.agent(&p.lead, "lead").await, "/api/v1/pairings");
        let (long, short) = (token(&browser, "365").await, token(&browser, "30").await);
        let router = &world.router;
        world.clock().advance(TimeDelta::days(30));
        assert_eq!(ask(router, path, &short, None).await.status, 401, "its time is over");
        assert_eq!(ask(router, path, &long, None).await.status, 200);
        let browser = world.agent(&p.lead, "lead").await;
        let rows = browser.get_json("/my/tokens").await.json()["rows"].clone();
        let open: Vec<&Value> = rows.as_array().unwrap().iter().filter(|row| row["open"] == true).collect();
        assert_eq!((rows.as_array().unwrap().len(), open.len()), (2, 1));
        let id = open[0]["id"].as_str().unwrap().to_owned();
        let stranger = world.agent(&p.nearby, "nearby").await;
        assert_eq!(stranger.post("/my/tokens/end", &[("token", &id)]).await.status, 409, "only one's own");
        assert_eq!(ask(router, path, &long, None).await.status, 200);
        assert_eq!(browser.post("/my/tokens/end", &[("token", &id)]).await.location, "/my/tokens");
        assert_eq!(ask(router, path, &long, None).await.status, 401, "ended by its holder");
        let again = browser.post("/my/tokens", &[("name", ""), ("days", "366")]).await;
        assert!(again.status == 422 && again.refuses(Code::Missing) && again.refuses(Code::OutOfRange));
    }

    async fn a_token_is_no_more_than_its_account(world: World, p: Province) {
        let (path, router) = ("/api/v1/pairings", &world.router);
        let token = token(&world.agent(&p.lead, "lead").await, "30").await;
        let holder = world.person(&p.lead, "lead").await;
        let account = accounts::Account { id: holder.account(), login: "lead" };
        let mut tx = world.tx().await;
        accounts::disable(&mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ask(router, path, &token, None).await.status, 401, "disabled");
        let mut tx = world.tx().await;
        let account = accounts::Account { id: holder.account(), login: "lead" };
        accounts::enable(&mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ask(router, path, &token, None).await.status, 200);
        for made in 1..AT_ONCE {
            let agent = world.agent(&p.lead, "lead").await;
            let page = agent.post("/my/tokens", &[("name", "另一个"), ("days", "30")]).await;
            assert_eq!(page.status, 303, "{made}");
        }
        let agent = world.agent(&p.lead, "lead").await;
        let more = agent.post("/my/tokens", &[("name", "太多"), ("days", "30")]).await;
        assert!(more.status == 422 && more.refuses(Code::TooMany));
    }

    /// Of two hundred that were ended the page shows a part; what is still open stands before them.
    async fn no_open_token_is_out_of_sight(world: World, p: Province) {
        let (browser, holder) = (world.agent(&p.lead, "lead").await, world.person(&p.lead, "lead").await);
        let place = (holder.account(), holder.org.as_str());
        let mut tx = world.tx().await;
        let ends_at = tx.now() + TimeDelta::days(300);
        let of = |name: &'static str| Purpose { name, ends_at, writes: false };
        let (hidden, _) = tokens::make(&mut tx, place, of("没人看见的")).await.unwrap();
        for _ in 0..200 {
            let (id, _) = tokens::make(&mut tx, place, of("已停用的")).await.unwrap();
            actions::end(&mut tx, holder.account(), &id).await.unwrap();
        }
        tx.commit().await.unwrap();
        let rows = browser.get_json("/my/tokens").await.json()["rows"].clone();
        assert_eq!(rows[0]["id"], hidden.as_str());
        assert!(rows.as_array().unwrap().len() < 200);
    }

    /// Wrong tokens keep neither right ones waiting, nor those who check papers from the same address.
    async fn wrong_tokens_wait_by_address(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        let request = |path: &str, token: &str| {
            let from = Peer(Some("203.0.113.9".parse().unwrap()));
            let asked = Request::get(path).extension(from).header("authorization", format!("Bearer {token}"));
            asked.body(Body::empty()).unwrap()
        };
        let (router, path) = (&world.router, "/api/v1/pairings");
        for _ in 0..world.app.limits.guesses {
            assert_eq!(send(router, request(path, "jdt_wrong")).await.status, 401);
        }
        let waits = send(router, request(path, "jdt_wrong")).await;
        assert_eq!((waits.status, &waits.body["code"]), (429, &Value::from("too_many_tries")));
        assert_eq!(send(router, request(path, &lead)).await.status, 200);
        assert_eq!(send(router, request("/check/AAAA-BBBB-CCCC-DDDD-EEEE", "jdt_wrong")).await.status, 200);
    }

    /// However many requests a program sends at once, pages find connections to the database.
    async fn programs_have_so_many_places(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        let (programs, drain_time) = (Places { all: 1, each: 0 }, Duration::from_millis(100));
        let limits = Limits { programs, drain_time, ..Limits::default() };
        let (server, nobody) = (Served::start(&world, limits).await, world.stranger());
        let head = format!("GET /api/v1/pairings HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer {lead}");
        let answer = server.send(&head, &nobody, "").await.rest().await;
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 10"), "{answer}");
        assert!(answer.contains("\"code\":\"busy\""), "{answer}");
        server.stop().await;
    }

    /// A program reads no page, also where it asks for what is not there.
    async fn a_program_that_lost_its_way_is_told_as_a_program(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        let lost = ask(&world.router, "/api/v1/pairing", &lead, None).await;
        assert_eq!((lost.status, &lost.body["code"]), (404, &Value::from("not_found")));
        assert!(lost.headers["content-type"].to_str().unwrap().starts_with("application/problem+json"));
        assert!(lost.headers["cache-control"] == "no-store");
        let asked = |method: &str, scheme: &str| {
            let asked = Request::builder().method(method).uri("/api/v1/pairings");
            asked.header("authorization", format!("{scheme} {lead}")).body(Body::empty()).unwrap()
        };
        for (method, scheme, status) in
            [("GET", "bearer", 200), ("HEAD", "BEARER", 200), ("GET", "Basic", 401), ("PUT", "Bearer", 405)]
        {
            let answer = send(&world.router, asked(method, scheme)).await;
            assert_eq!(answer.status, status, "{method} {scheme}");
            let kind = answer.headers["content-type"].to_str().unwrap();
            assert_eq!(status == 200, !kind.starts_with("application/problem+json"), "{method} {scheme}");
        }
        let nobody = Request::get("/api/v2/pairings").body(Body::empty()).unwrap();
        let lost = send(&world.router, nobody).await;
        assert_eq!((lost.status, &lost.body["code"]), (404, &Value::from("not_found")), "also without a token");
        let other = Request::delete("/api/v1/pairings").body(Body::empty()).unwrap();
        let other = send(&world.router, other).await;
        assert_eq!((other.status, &other.body["code"]), (405, &Value::from("method_not_allowed")));
        assert!(other.headers["allow"].to_str().unwrap().contains("GET"));
    }

    /// Whoever knew the old password may have made one.
    async fn who_changes_the_password_is_told_of_open_tokens(world: World, p: Province) {
        let browser = world.agent(&p.lead, "lead").await;
        token(&browser, "30").await;
        let new = "Mianbao-6-qiaotou";
        let fields = [("old", "Testing-2026-x"), ("password", new), ("again", new)];
        assert_eq!(browser.post("/my/password", &fields).await.location, "/my");
        assert!(browser.get("/my").await.says("接口密钥仍然可用"));
    }

    async fn what_is_wrong_is_told_by_parameter(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        for (query, field, code) in [
            ("entries?limit=0", "limit", Code::OutOfRange),
            ("entries?limit=201", "limit", Code::OutOfRange),
            ("entries?after=%25", "after", Code::Faulty),
            ("entries?after=", "after", Code::Missing),
            ("entries?stat=claimed", "stat", Code::NotListed),
            ("entries?limit=&limit=5", "limit", Code::Faulty),
            ("figures?year=2026&year=2025", "year", Code::Faulty),
            ("figures/visits?year=2025&month=2026-03", "year", Code::Contradiction),
            ("figures/visits?kind=visits", "kind", Code::NotFitting),
            ("figures/graduates-certified?month=2026-03", "month", Code::NotFitting),
            ("figures/visits?year=abc", "year", Code::OutOfRange),
            ("figures/visits?month=13", "month", Code::NoDate),
            ("figures/visits?month=2026-1-1", "month", Code::NoDate),
            ("figures/visits?reported_on=2100-01-01", "reported_on", Code::InFuture),
            ("figures/visits?school=nobody", "school", Code::NotListed),
        ] {
            let answer = ask(&world.router, &format!("/api/v1/{query}"), &lead, None).await;
            assert_eq!(answer.status, 422, "{query}");
            assert_eq!(answer.body["status"], 422);
            let errors = answer.body["errors"].as_array().unwrap();
            assert!(
                errors.iter().any(|one| one["field"] == field && one["code"] == code.as_str()),
                "{query}: {errors:?}"
            );
        }
        let foreign = format!("/api/v1/figures/senior-schools?pairing={}", p.running);
        assert_eq!(ask(&world.router, &foreign, &lead, None).await.status, 422, "it does not go by pairings");
        let part = format!("/api/v1/figures/visits?month=2026-11&kind=visit&pairing={}", p.running);
        assert!(good(&world.router, &part, &lead).await["claimed"].as_i64() >= Some(1));
        assert_eq!(ask(&world.router, "/api/v1/figures/nothing", &lead, None).await.status, 404);
        let auditor = token(&world.agent(&p.office, "auditor").await, "30").await;
        let refused = ask(&world.router, "/api/v1/entries", &auditor, None).await;
        assert_eq!((refused.status, &refused.body["code"]), (403, &Value::from("forbidden")));
    }

    /// The same is not sent twice, and what changed is sent.
    async fn an_answer_has_a_tag_of_its_content(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        let path = format!("/api/v1/entries/{}", p.visit);
        let first = ask(&world.router, &path, &lead, None).await;
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(first.body["state"], "claimed");
        let same = ask(&world.router, &path, &lead, Some(("if-none-match", &tag))).await;
        assert_eq!((same.status, same.body), (304, Value::Null));
        let school = world.agent(&p.xingning, "county_school").await;
        let version = first.body["version"].as_i64().unwrap();
        let row = format!("{}:{version}", p.visit);
        assert_eq!(school.post("/entries/confirm", &[("id", &row)]).await.status, 303);
        let changed = ask(&world.router, &path, &lead, Some(("if-none-match", &tag))).await;
        assert_eq!((changed.status, &changed.body["state"]), (200, &Value::from("confirmed")));
    }
}

/// Whether a value is what its field is said to be.
fn fits(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Id => value.as_str().is_some_and(|text| Id::parse(text).is_some()),
        Kind::Text => value.is_string(),
        Kind::Whole => value.is_i64(),
        Kind::Yes => value.is_boolean(),
        Kind::Day => value.as_str().is_some_and(|text| text.parse::<jiedui_kernel::Date>().is_ok()),
        Kind::Moment => value.as_str().is_some_and(|text| text.parse::<jiedui_kernel::Instant>().is_ok()),
        Kind::OneOf(words) => value.as_str().is_some_and(|text| words().contains(&text)),
        Kind::Values => value.is_object(),
        Kind::Ids => value.as_array().is_some_and(|all| all.iter().all(|one| fits(Kind::Id, one))),
        Kind::Each(parts) => value.as_array().is_some_and(|all| all.iter().all(|one| fit(parts, one))),
        Kind::Maybe(kind) => value.is_null() || fits(*kind, value),
    }
}

/// Whether an object has these fields and no others.
fn fit(parts: &[Part], value: &Value) -> bool {
    let Some(object) = value.as_object() else { return false };
    object.len() == parts.len()
        && parts.iter().all(|part| object.get(part.name).is_some_and(|value| fits(part.kind, value)))
}

fn described(name: &str) -> Described {
    resources().into_iter().find(|one| one.name == name).unwrap()
}

fn check_all(name: &str, items: &[Value]) {
    let of = described(name);
    assert!(!items.is_empty(), "the demonstration has no {name}");
    for item in items {
        let wrong: Vec<&str> = of
            .parts
            .iter()
            .filter(|part| !item.get(part.name).is_some_and(|value| fits(part.kind, value)))
            .map(|part| part.name)
            .collect();
        assert!(fit(&of.parts, item), "{name}: {wrong:?} in {item}");
    }
}

both_engines! {
    /// What is told is what is described, in everything that the demonstration has; and each list is walked whole.
    async fn everything_told_is_as_described(world: World, _made: Demonstration) {
        let mut browser = world.stranger();
        assert_eq!(browser.signs_in("sheng", PASSWORD).await.location, "/");
        let office = token(&browser.with_csrf().await, "30").await;
        let router = &world.router;
        for (path, name) in LISTS {
            let page = good(router, &format!("/api/v1/{path}?limit=200"), &office).await;
            check_all(name, page["items"].as_array().unwrap());
            if !["entries", "people", "money"].contains(&path) {
                let (few, many) = (walked(router, &format!("/api/v1/{path}"), &office, 37).await,
                    walked(router, &format!("/api/v1/{path}"), &office, 200).await);
                assert_eq!(few, many, "{path}");
            }
        }
        let pairings = good(router, "/api/v1/pairings?limit=1", &office).await;
        let pairing = pairings["items"][0]["id"].as_str().unwrap().to_owned();
        let clocks = good(router, &format!("/api/v1/pairings/{pairing}/clocks"), &office).await;
        check_all("clock", clocks["items"].as_array().unwrap());
        let lead = pairings["items"][0]["lead"].as_str().unwrap();
        let people = good(router, &format!("/api/v1/schools/{lead}/people"), &office).await;
        check_all("person", people["items"].as_array().unwrap());
        // What is a teacher's is told to the school that gave it.
        let mut college = world.stranger();
        assert_eq!(college.signs_in("qiantou", PASSWORD).await.location, "/");
        let college = token(&college.with_csrf().await, "30").await;
        let papers = good(router, "/api/v1/papers", &college).await;
        check_all("paper", papers["items"].as_array().unwrap());
        for (path, name) in [("figures?year=2026", "figure"), ("targets", "target")] {
            let told = good(router, &format!("/api/v1/{path}"), &office).await;
            check_all(name, told["items"].as_array().unwrap());
        }
        let figure = good(router, "/api/v1/figures/visits?year=2026", &office).await;
        check_all("figure", std::slice::from_ref(&figure));
        let rows = figure["schools"].as_array().unwrap();
        let sum = rows.iter().map(|row| row["confirmed"].as_i64().unwrap()).sum::<i64>();
        assert_eq!(figure["confirmed"].as_i64(), Some(sum), "a figure opens to its schools");
        let all = good(router, "/api/v1/figures?year=2026", &office).await;
        let listed = all["items"].as_array().unwrap().iter().find(|one| one["indicator"] == "visits").unwrap().clone();
        assert_eq!(listed["confirmed"], figure["confirmed"]);
    }
}

#[test]
fn the_description_is_what_is_served() {
    compare("docs/openapi.json", &openapi::text());
}

/// The addresses are one list; what they answer with is described, and nothing else is.
#[test]
fn what_is_offered_is_described() {
    let offered: BTreeSet<&str> = offered().iter().map(|one| one.resource).collect();
    let described: BTreeSet<&str> = resources().iter().map(|one| one.name).collect();
    assert_eq!(offered, described);
}

/// Whoever copies an example has nothing refused but what is not there.
#[test]
fn an_example_is_as_it_is_described() {
    for takes in offered().iter().filter_map(|one| one.takes) {
        let example = example(takes);
        let said = example.as_object().unwrap();
        for (name, value) in said {
            let part = takes.iter().find(|part| part.name == name).unwrap();
            assert!(fits(part.kind, value), "{name}: {value}");
        }
        let mut must = takes.iter().filter(|part| !matches!(part.kind, Kind::Maybe(_)));
        assert!(must.all(|part| said.contains_key(part.name)), "{example}");
    }
}

#[test]
fn a_value_of_another_kind_does_not_fit() {
    assert!(fits(Kind::Maybe(&Kind::Whole), &Value::Null) && !fits(Kind::Whole, &Value::Null));
    assert!(!fits(Kind::Day, &Value::from("24.11.2026")) && fits(Kind::Day, &Value::from("2026-11-24")));
    assert!(!fits(Kind::OneOf(|| vec!["a"]), &Value::from("b")));
}
