//! Signing in as strangers and holders meet it, on both engines.

mod data;
mod outside;

use super::rules::totp::shown;
use super::{Account, FREE_TRIES, NewAccount, STEPS, create, disable, passwords, remove_role};
use crate::both_engines;
use crate::site;
use crate::testing::wire::Served;
use crate::testing::{Agent, Province, World, programme};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{SET_COOKIE, STRICT_TRANSPORT_SECURITY};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Random};
use jiedui_store::args;
use jiedui_store::testing::answered;
use jiedui_web::App;
use jiedui_web::cookies::Cookie;
use jiedui_web::limits::Limits;
use jiedui_web::session::AT_ONCE;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;

const OWN: &str = "Luzi-9-dengta";
const WRONG: &str = "Xiangei-4-heliu";
const WRONG_WORDS: &str = "账号或密码不对";

async fn account(world: &World, p: &Province, login: &str) -> String {
    let mut tx = world.tx().await;
    let password = &passwords::accept(OWN, login, &world.app.random).unwrap();
    let (org, role) = (&p.xingning, "county_school");
    let new = NewAccount { login, name: "新人", password: Some(password), must_change: false, org, role };
    let id = create(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Where somebody is led who tries once in a browser of their own.
async fn once(world: &World, login: &str, password: &str) -> String {
    world.stranger().signs_in(login, password).await.location
}

/// Somebody who signed in in this browser before, and is signed out.
async fn holder(world: &World, login: &str) -> Agent {
    let mut browser = world.stranger();
    assert_eq!(browser.signs_in(login, OWN).await.location, "/");
    let browser = browser.with_csrf().await;
    assert_eq!(browser.post("/signout", &[]).await.location, "/signin");
    assert!(browser.has_cookie(Cookie::Browser) && !browser.has_cookie(Cookie::Session));
    browser
}

both_engines! {
    async fn strangers_delay_each_other_and_not_the_holder(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let mut own = holder(&world, "xinren").await;
        for _ in 0..3 * FREE_TRIES {
            assert_eq!(once(&world, "xinren", WRONG).await, "/signin");
        }
        assert_eq!(once(&world, "xinren", OWN).await, "/signin", "a stranger waits, also with the right password");
        assert_eq!(own.signs_in("xinren", OWN).await.location, "/", "the browser of the holder does not");
        world.clock().advance(STEPS[0]);
        assert_eq!(once(&world, "xinren", OWN).await, "/", "nothing is shut for good");
    }

    /// What was tried while the clock went ahead keeps nobody waiting until then.
    async fn a_clock_that_is_set_back_keeps_nobody_waiting(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        world.clock().advance(TimeDelta::days(10));
        for _ in 0..FREE_TRIES {
            once(&world, "xinren", WRONG).await;
        }
        assert_eq!(once(&world, "xinren", OWN).await, "/signin");
        world.clock().advance(TimeDelta::days(-10));
        assert_eq!(once(&world, "xinren", OWN).await, "/");
    }

    /// A stolen cookie of a browser buys no more tries than strangers have.
    async fn a_known_browser_waits_by_its_own_tries(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let mut own = holder(&world, "xinren").await;
        for _ in 0..FREE_TRIES {
            own.signs_in("xinren", WRONG).await;
        }
        assert_eq!(own.signs_in("xinren", OWN).await.location, "/signin");
        assert_eq!(once(&world, "xinren", OWN).await, "/", "and does not delay others");
        for wait in STEPS {
            world.clock().advance(wait - TimeDelta::seconds(1));
            assert_eq!(own.signs_in("xinren", OWN).await.location, "/signin", "{wait} is not over");
            world.clock().advance(TimeDelta::seconds(1));
            own.signs_in("xinren", WRONG).await;
        }
        world.clock().advance(TimeDelta::minutes(15));
        assert_eq!(own.signs_in("xinren", OWN).await.location, "/", "the wait has an end");
    }

    /// As many tries at once as there may be: no more are looked at than one after the other would be.
    async fn tries_side_by_side_are_all_counted(world: World, p: Province) {
        let id = account(&world, &p, "xinren").await;
        let answers = side_by_side(&world, 4 * FREE_TRIES, "xinren").await;
        assert!(answers.iter().all(|location| location == "/signin"));
        assert_eq!(refusals(&world, &id).await, FREE_TRIES, "the others were not looked at");
        assert_eq!(once(&world, "xinren", OWN).await, "/signin");
    }

    /// Missing, wrong, disabled and delayed are told in one sentence, after the same time.
    async fn a_refusal_tells_nothing(world: World, p: Province) {
        let gone = account(&world, &p, "tingyong").await;
        account(&world, &p, "xinren").await;
        let mut tx = world.tx().await;
        disable(&mut tx, Account { id: &gone, login: "tingyong" }).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..=FREE_TRIES {
            once(&world, "xinren", WRONG).await;
        }
        let mut sentences = BTreeSet::new();
        for (login, password) in [("meiyou", OWN), ("tingyong", OWN), ("xinren", OWN), ("xinren", WRONG)] {
            let mut browser = world.stranger();
            assert_eq!(browser.signs_in(login, password).await.location, "/signin");
            sentences.extend(browser.get("/signin").await.all(".flash p"));
        }
        assert_eq!(sentences.len(), 1, "{sentences:?}");
        let limits = Limits { refusal_time: Duration::from_millis(700), drain_time: Duration::from_millis(100), ..Limits::default() };
        let server = Served::start(&world, limits).await;
        for login in ["meiyou", "tingyong", "xinren"] {
            let mut browser = world.stranger();
            let page = browser.get("/signin").await;
            browser.csrf = page.attributes("main input[name=_csrf]", "value").remove(0);
            let started = tokio::time::Instant::now();
            let answer = server.post("/signin", &browser, &[("login", login), ("password", WRONG)]).await;
            assert!(answer.starts_with("HTTP/1.1 303 ") && started.elapsed() >= Duration::from_millis(700), "{login}");
        }
        server.stop().await;
    }

    async fn an_address_that_tries_many_accounts_waits(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let limits = Limits {
            spare_loopback: false,
            refusal_time: Duration::ZERO,
            drain_time: Duration::from_millis(100),
            ..Limits::default()
        };
        let server = Served::start(&world, limits).await;
        let mut browser = world.stranger();
        let page = browser.get("/signin").await;
        browser.csrf = page.attributes("main input[name=_csrf]", "value").remove(0);
        for number in 0..40 {
            let login = format!("shishi{number}");
            server.post("/signin", &browser, &[("login", &login), ("password", WRONG)]).await;
        }
        let own = server.post("/signin", &browser, &[("login", "xinren"), ("password", OWN)]).await;
        assert!(!own.contains("jiedui="), "the address waits: {own}");
        server.stop().await;
        assert_eq!(once(&world, "xinren", OWN).await, "/", "another one does not");
    }

    async fn the_password_in_use_is_no_oracle_within_a_session(world: World, p: Province) {
        let id = account(&world, &p, "xinren").await;
        let mut browser = world.stranger();
        browser.signs_in("xinren", OWN).await;
        let browser = browser.with_csrf().await;
        let change = |old: &'static str| {
            let (browser, new) = (&browser, "Mianbao-6-qiaotou");
            async move { browser.post("/my/password", &[("old", old), ("password", new), ("again", new)]).await }
        };
        for _ in 0..FREE_TRIES {
            assert!(change(WRONG).await.refuses(Code::NoMatch));
        }
        assert!(change(OWN).await.refuses(Code::NoMatch), "also the right one waits");
        let recorded = world.tx().await.number(&data::WRONG_PASSWORDS, args![&id]).await.unwrap();
        assert_eq!(recorded, FREE_TRIES, "each that was looked at stands in the log");
        world.clock().advance(STEPS[0]);
        assert_eq!(change(OWN).await.location, "/my");
        let weak = browser.post("/my/password", &[("old", OWN), ("password", "Xingning-2026-x"), ("again", "Xingning-2026-x")]).await;
        assert!(weak.status == 422 && weak.refuses(Code::Weak), "the unit's name");
    }
}

/// So many strangers who try at the same time; where each is led.
async fn side_by_side(world: &World, number: i64, login: &'static str) -> Vec<String> {
    let desk = tokio::task::LocalSet::new();
    let all = async {
        let tries = (0..number).map(|number| {
            let mut browser = world.stranger();
            let password = format!("{WRONG}{number}");
            tokio::task::spawn_local(async move { browser.signs_in(login, &password).await.location })
        });
        let running: Vec<_> = tries.collect();
        let mut led = Vec::new();
        for one in running {
            led.push(one.await.unwrap());
        }
        led
    };
    desk.run_until(all).await
}

/// How often the log says that a sign-in was refused.
async fn refusals(world: &World, account: &str) -> i64 {
    let mut tx = world.tx().await;
    tx.number(&data::REFUSALS, args![account]).await.unwrap()
}

both_engines! {
    async fn sessions_are_seen_and_ended_by_their_holder(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let mut open = Vec::new();
        for _ in 0..=AT_ONCE {
            let mut browser = world.stranger();
            assert_eq!(browser.signs_in("xinren", OWN).await.location, "/");
            open.push(browser.with_csrf().await);
            world.clock().advance(TimeDelta::seconds(1));
        }
        let oldest = open.remove(0);
        assert!(oldest.get("/").await.location.starts_with("/signin"), "one more ends the one unused for longest");
        assert!(oldest.get("/signin").await.says("最多同时在三处登录"), "with a word");
        assert!(!oldest.get("/signin").await.says("最多同时在三处登录"), "said once");
        let [first, second, third]: [Agent; 3] = open.try_into().unwrap_or_else(|_| panic!("three are left"));
        let rows = third.get_json("/my/sessions").await.json()["rows"].clone();
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows.iter().filter(|row| row["here"] == true).count(), 1);
        let id_of = |of: serde_json::Value| {
            let own = of["rows"].as_array().unwrap().iter().find(|row| row["here"] == true).unwrap().clone();
            own["id"].as_str().unwrap().to_owned()
        };
        let chosen = id_of(first.get_json("/my/sessions").await.json());
        assert_eq!(third.post("/my/sessions/end", &[("session", &chosen)]).await.location, "/my/sessions");
        assert!(first.get("/").await.location.starts_with("/signin"));
        assert!(first.get("/signin").await.says("由您本人结束"));
        assert_eq!(second.get("/").await.status, 200, "that one alone");
        assert_eq!(third.post("/my/sessions/end", &[("session", "others")]).await.location, "/my/sessions");
        assert!(second.get("/").await.location.starts_with("/signin"));
        assert_eq!(third.post("/my/sessions/end", &[("session", "others")]).await.status, 409, "nothing is left");
        assert_eq!(third.get("/my/sessions").await.status, 200);
        let stranger = world.agent(&p.lead, "lead").await;
        let foreign = id_of(third.get_json("/my/sessions").await.json());
        assert_eq!(stranger.post("/my/sessions/end", &[("session", &foreign)]).await.status, 409, "only one's own");
        assert_eq!(third.get("/").await.status, 200);
    }

    /// Somebody at the desk since the morning stays there when the telephone is one too many.
    async fn one_more_session_ends_the_one_that_is_not_used(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let mut open = Vec::new();
        for _ in 0..AT_ONCE {
            let mut browser = world.stranger();
            browser.signs_in("xinren", OWN).await;
            open.push(browser);
            world.clock().advance(TimeDelta::seconds(1));
        }
        world.clock().advance(TimeDelta::minutes(2));
        for used in [&open[0], &open[2]] {
            assert_eq!(used.get("/").await.status, 200);
        }
        let mut telephone = world.stranger();
        assert_eq!(telephone.signs_in("xinren", OWN).await.location, "/");
        let stay = [open[0].get("/").await, open[2].get("/").await, telephone.get("/").await];
        assert!(stay.iter().all(|page| page.status == 200), "in use");
        assert!(open[1].get("/").await.location.starts_with("/signin"), "closed without signing out");
    }

    async fn behind_tls_cookies_are_of_this_host_alone(world: World) {
        let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
        let router = jiedui_web::router(&Arc::new(app.behind_tls(true)));
        let request = Request::builder().uri("/signin").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let cookie = response.headers().get(SET_COOKIE).unwrap().to_str().unwrap();
        assert!(cookie.starts_with("__Host-jiedui_visitor=") && cookie.ends_with("; Secure"), "{cookie}");
        assert!(response.headers().contains_key(STRICT_TRANSPORT_SECURITY));
    }

    async fn signing_out_clears_what_the_browser_kept(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let server = Served::start(&world, Limits { drain_time: Duration::from_millis(100), ..Limits::default() }).await;
        let answer = server.post("/signout", &lead, &[]).await;
        assert!(answer.contains("clear-site-data: \"cache\", \"storage\""), "{answer}");
        server.stop().await;
    }
}

/// Sets up a second step; its secret, and the recovery codes.
async fn enrol(world: &World, browser: &Agent) -> (String, Vec<String>) {
    assert_eq!(browser.post("/my/second-factor/start", &[]).await.location, "/my/second-factor");
    let page = browser.get("/my/second-factor").await;
    assert!(page.attributes("main img", "src")[0].starts_with("data:image/svg+xml,"));
    let secret = page.all("main code.id").remove(0).replace(' ', "");
    let wrong = browser.post("/my/second-factor/confirm", &[("code", "12 34")]).await;
    assert_eq!(wrong.location, "/my/second-factor");
    let code = shown(&secret, world.clock().now());
    let done = browser.post("/my/second-factor/confirm", &[("code", &code)]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let codes = done.all("#codes code.id");
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

both_engines! {
    async fn the_second_step_is_asked_for_and_no_code_is_taken_twice(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let mut first = world.stranger();
        first.signs_in("xinren", OWN).await;
        let (secret, codes) = enrol(&world, &first.with_csrf().await).await;
        let mut browser = world.stranger();
        assert_eq!(browser.signs_in("xinren", OWN).await.location, "/signin/code");
        assert!(browser.get("/").await.location.starts_with("/signin"), "the password alone opens nothing");
        let used = shown(&secret, world.clock().now());
        assert_eq!(browser.post("/signin/code", &[("code", &used)]).await.location, "/signin/code", "taken at enrolment");
        world.clock().advance(TimeDelta::seconds(60));
        let code = shown(&secret, world.clock().now());
        assert_eq!(browser.post("/signin/code", &[("code", &code)]).await.location, "/");
        assert_eq!(browser.get("/").await.status, 200);
        let mut other = world.stranger();
        other.signs_in("xinren", OWN).await;
        assert_eq!(other.post("/signin/code", &[("code", &code)]).await.location, "/signin/code", "once");
        let typed = codes[0].to_lowercase();
        assert_eq!(other.post("/signin/code", &[("code", &typed)]).await.location, "/", "a recovery code");
        let mut third = world.stranger();
        third.signs_in("xinren", OWN).await;
        assert_eq!(third.post("/signin/code", &[("code", &typed)]).await.location, "/signin/code", "once");
        let left = third.get("/signin/code").await;
        assert!(left.says(WRONG_WORDS));
        world.clock().advance(TimeDelta::minutes(6));
        assert_eq!(third.post("/signin/code", &[("code", &codes[1])]).await.location, "/signin", "the password again");
    }

    /// A right code of somebody who has no role any more: told, used up, and recorded.
    async fn whoever_has_no_role_is_told_so_behind_the_second_step(world: World, p: Province) {
        let id = account(&world, &p, "xinren").await;
        let mut first = world.stranger();
        first.signs_in("xinren", OWN).await;
        let (_, codes) = enrol(&world, &first.with_csrf().await).await;
        let mut tx = world.tx().await;
        remove_role(&mut tx, Account { id: &id, login: "xinren" }, &p.xingning, "county_school").await.unwrap();
        tx.commit().await.unwrap();
        let mut browser = world.stranger();
        assert_eq!(browser.signs_in("xinren", OWN).await.location, "/signin/code");
        let answer = browser.post("/signin/code", &[("code", &codes[0])]).await;
        assert_eq!(answer.location, "/signin", "{}", answer.text());
        assert!(browser.get("/signin").await.says("还没有分配单位和角色"));
        assert_eq!(refusals(&world, &id).await, 1);
    }

    /// Whoever knows the password gets no more tries at the second step than at the first.
    async fn guesses_at_the_second_step_are_counted_with_those_of_the_password(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let mut first = world.stranger();
        first.signs_in("xinren", OWN).await;
        let (_, codes) = enrol(&world, &first.with_csrf().await).await;
        let mut thief = world.stranger();
        assert_eq!(thief.signs_in("xinren", OWN).await.location, "/signin/code");
        for _ in 1..FREE_TRIES {
            thief.post("/signin/code", &[("code", "not-a-code")]).await;
        }
        assert_eq!(thief.post("/signin/code", &[("code", &codes[0])]).await.location, "/signin/code", "has to wait");
        assert_eq!(once(&world, "xinren", OWN).await, "/signin", "and so has the password");
    }

    async fn the_holder_renews_codes_and_turns_it_off_with_a_code(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let mut browser = world.stranger();
        browser.signs_in("xinren", OWN).await;
        let browser = browser.with_csrf().await;
        let (secret, codes) = enrol(&world, &browser).await;
        assert_eq!(browser.post("/my/second-factor/start", &[]).await.status, 409, "what is in use is not replaced");
        assert_eq!(browser.post("/my/second-factor/off", &[("code", "x")]).await.location, "/my/second-factor");
        assert!(browser.get("/my/second-factor").await.says("已启用"));
        world.clock().advance(TimeDelta::seconds(60));
        let code = shown(&secret, world.clock().now());
        let renewed = browser.post("/my/second-factor/codes", &[("renew", &code)]).await.all("#codes code.id");
        assert!(renewed.len() == 10 && renewed.iter().all(|code| !codes.contains(code)));
        let with_old = browser.post("/my/second-factor/off", &[("code", &codes[0])]).await;
        assert!(with_old.location == "/my/second-factor" && browser.get("/my").await.says("已启用"));
        browser.post("/my/second-factor/off", &[("code", &renewed[0])]).await;
        assert!(browser.get("/my/second-factor").await.says("没有启用"));
        assert_eq!(once(&world, "xinren", OWN).await, "/", "the password is enough");
    }

    /// A role that needs it opens nothing else before; and it cannot be turned off.
    async fn a_role_that_needs_it_sets_it_up_first(world: World, p: Province) {
        let admin = world.agent(&p.office, "sysadmin").await;
        assert_eq!(admin.get("/accounts").await.status, 200, "not asked for unless the server is told to");
        world.app.ask_second_factor(true);
        assert_eq!(admin.get("/accounts").await.location, "/my/second-factor");
        assert_eq!(world.agent(&p.lead, "lead").await.get("/").await.status, 200, "not of other roles");
        let reviewer = world.agent(&p.office, "reviewer").await;
        assert_eq!(reviewer.get("/").await.location, "/my/second-factor", "who releases is not an easier one to be than who prepares");
        let (_, codes) = enrol(&world, &admin).await;
        assert_eq!(admin.get("/accounts").await.status, 200);
        assert_eq!(admin.post("/my/second-factor/off", &[("code", &codes[0])]).await.status, 403);
    }
}

both_engines! {
    /// What somebody asked of a list stands at its top under a name, for its holder alone, renamed and deleted by the holder,
    /// and no more than so many.
    async fn what_is_asked_of_a_list_is_saved_under_a_name(world: World, p: Province) {
        let (lead, nearby) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        let saved = async |agent: &Agent| agent.get("/entries").await.all("nav[aria-label='存下的条件'] a");
        let save = async |name: &str| {
            let fields = [("list", "/entries"), ("query", "activity=visit&page=2"), ("view_name", name)];
            lead.post("/my/views", &fields).await
        };
        assert!(lead.get("/entries?activity=visit&page=2").await.says("存下现在的条件"));
        assert!(!lead.get("/entries").await.says("存下现在的条件"), "nothing was asked");
        assert_eq!(save("示例甲组").await.location, "/entries?activity=visit");
        assert_eq!(saved(&lead).await, ["示例甲组", "改名、删除"]);
        assert_eq!(saved(&nearby).await, Vec::<String>::new());
        assert!(!lead.get("/entries?activity=visit").await.says("存下现在的条件"), "it is saved");
        save("示例甲组").await;
        let ids = async |agent: &Agent| {
            let views = agent.get_json("/my/views").await.json();
            let views = views["views"].as_array().unwrap().clone();
            views.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&lead).await.len(), 1, "a name is taken once");
        let id = ids(&lead).await.remove(0);
        let rename = [("view", id.as_str()), ("view_name", "示例乙组")];
        assert_eq!(nearby.post("/my/views/rename", &rename).await.status, 404);
        assert_eq!(lead.post("/my/views/rename", &rename).await.status, 303);
        assert_eq!(saved(&lead).await[0], "示例乙组");
        for number in 0..jiedui_web::views::MOST {
            save(&format!("示例{number}")).await;
        }
        assert_eq!(ids(&lead).await.len(), 20);
        assert_eq!(lead.post("/my/views/drop", &[("view", &id)]).await.status, 303);
        assert_eq!(ids(&lead).await.len(), 19);
        for elsewhere in ["//example.org", "/entries/x?like=y", "/entries/x#y"] {
            let fields = [("list", elsewhere), ("query", "q=1"), ("view_name", "示例")];
            assert!(lead.post("/my/views", &fields).await.refuses(Code::Incomplete), "{elsewhere}");
        }
    }
}

both_engines! {
    /// A list asks what its reader has saved only where something is.
    async fn a_list_asks_for_nothing_saved_where_nothing_is(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        // Another address each time: a page that is kept costs nothing. Of two the first fills what is kept for many pages.
        let statements = async |turns: [u32; 2]| {
            let mut asked = 0;
            for turn in turns {
                let before = answered(&world.app.db).0;
                assert_eq!(lead.get(&format!("/entries?x={turn}")).await.status, 200);
                asked = answered(&world.app.db).0 - before;
            }
            asked
        };
        let nothing = statements([1, 2]).await;
        let fields = [("list", "/entries"), ("query", "activity=visit"), ("view_name", "示例甲组")];
        assert_eq!(lead.post("/my/views", &fields).await.status, 303);
        assert_eq!(statements([3, 4]).await, nothing + 1);
        let views = lead.get_json("/my/views").await.json();
        let id = views["views"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(lead.post("/my/views/drop", &[("view", &id)]).await.status, 303);
        assert_eq!(statements([5, 6]).await, nothing);
    }
}
