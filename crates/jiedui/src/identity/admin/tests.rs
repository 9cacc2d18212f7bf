//! The three administrators at work, on both engines.

use super::follow_split;
use super::rules::{self, words};
use crate::both_engines;
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::registry;
use crate::testing::{Agent, PageResponse, Province, World, actor, programme};
use jiedui_kernel::Code;
use jiedui_programme::Access;
use jiedui_store::audit;
use jiedui_web::tokens;
use std::path::{Path, PathBuf};

mod persons;

const BUREAU: &str = "兴宁市人力资源和社会保障局";

async fn office(world: &World) -> String {
    registry::bureau(&mut world.tx().await, "province_office", "440000").await.unwrap().unwrap()
}

async fn sign_in(world: &World, login: &str, password: &str) -> (Agent, PageResponse) {
    let mut browser = world.stranger();
    let page = browser.get("/signin").await;
    browser.csrf = page.attributes("input[name=_csrf]", "value").remove(0);
    let answer = browser.post("/signin", &[("login", login), ("password", password)]).await;
    (browser, answer)
}

const OWN: &str = "Wo-de-kouling-1";

/// The id of the one request that waits, with its version.
async fn waiting(keeper: &Agent) -> (String, String) {
    let rows = keeper.get_json("/accounts/requests?state=waiting").await.json()["rows"].clone();
    let [row] = rows.as_array().unwrap().as_slice() else { panic!("one request waits: {rows}") };
    (row["id"].as_str().unwrap().to_owned(), row["version"].to_string())
}

async fn decide(keeper: &Agent, act: &str) -> PageResponse {
    let (id, version) = waiting(keeper).await;
    keeper.post(&format!("/accounts/requests/{id}/{act}"), &[("version", &version), ("reason", "不对")]).await
}

/// Sets a password by a code, as its holder.
async fn open(world: &World, code: &str, password: &str) -> PageResponse {
    let mut browser = world.stranger();
    let page = browser.get(&format!("/welcome/{code}")).await;
    browser.csrf = page.attributes("input[name=_csrf]", "value").remove(0);
    browser.post(&format!("/welcome/{code}"), &[("password", password), ("again", password)]).await
}

/// A new account as both administrators make it: its id, and the code for its holder.
async fn make(admin: &Agent, keeper: &Agent, login: &str) -> (String, String) {
    let fields = [("login", login), ("name", "新人"), ("org", BUREAU), ("role", "county")];
    assert_eq!(admin.post("/accounts", &fields).await.location, "/accounts/requests");
    let page = decide(keeper, "approve").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let [shown, code] = page.all("dl code.id").try_into().unwrap();
    assert_eq!(shown, login);
    let rows = admin.get_json(&format!("/accounts?q={login}")).await.json()["rows"].clone();
    (rows[0]["id"].as_str().unwrap().to_owned(), code)
}

async fn both(world: &World) -> (Agent, Agent) {
    let office = office(world).await;
    (world.agent(&office, "sysadmin").await, world.agent(&office, "secadmin").await)
}

both_engines! {
    async fn the_life_of_an_account(world: World) {
        let (admin, keeper) = both(&world).await;
        let (id, code) = make(&admin, &keeper, "xinren").await;
        assert!(admin.get(&format!("/accounts/{id}")).await.says("本人还没有设"));
        assert_eq!(sign_in(&world, "xinren", "").await.1.location, "/signin", "no password opens it yet");
        let weak = open(&world, &code, "duan").await;
        assert!(weak.status == 422 && weak.refuses(Code::TooShort));
        let typed = code.to_lowercase().replace('-', "");
        assert_eq!(open(&world, &typed, OWN).await.location, "/signin");
        let again = world.stranger().get(&format!("/welcome/{code}")).await;
        assert!(again.says("打不开"), "a code opens once");
        assert_eq!(sign_in(&world, "xinren", OWN).await.1.location, "/");

        for _ in 0..accounts::FREE_TRIES {
            assert_eq!(sign_in(&world, "xinren", "wrong").await.1.location, "/signin");
        }
        assert_eq!(sign_in(&world, "xinren", OWN).await.1.location, "/signin", "delayed, even with the right one");
        assert!(keeper.get("/access").await.all("code.id").contains(&"xinren".to_owned()));
        let unlock = format!("/access/unlock/{id}");
        assert_eq!(keeper.post(&unlock, &[]).await.status, 303);
        assert_eq!(keeper.post(&unlock, &[]).await.status, 409, "nobody has to wait any more");
        let (browser, answer) = sign_in(&world, "xinren", OWN).await;
        assert_eq!(answer.location, "/");

        assert_eq!(browser.get("/").await.status, 200);
        assert_eq!(admin.post(&format!("/accounts/{id}/disable"), &[]).await.status, 303);
        assert!(browser.get("/").await.location.starts_with("/signin"), "its session has ended");
        assert_eq!(sign_in(&world, "xinren", OWN).await.1.location, "/signin");
        assert!(admin.get("/accounts?state=disabled").await.says("新人"));
        assert_eq!(admin.post(&format!("/accounts/{id}/enable"), &[]).await.status, 303);
        assert_eq!(sign_in(&world, "xinren", OWN).await.1.location, "/");
    }

    /// In the browser in which the holder set the password by a code, nobody can be quicker at the first sign-in.
    async fn strangers_do_not_keep_a_new_holder_out(world: World) {
        let (admin, keeper) = both(&world).await;
        let (_, code) = make(&admin, &keeper, "xinren").await;
        let mut browser = world.stranger();
        let page = browser.get(&format!("/welcome/{code}")).await;
        browser.csrf = page.attributes("input[name=_csrf]", "value").remove(0);
        let set = browser.post(&format!("/welcome/{code}"), &[("password", OWN), ("again", OWN)]).await;
        assert_eq!(set.location, "/signin");
        for _ in 0..accounts::FREE_TRIES {
            assert_eq!(sign_in(&world, "xinren", "wrong").await.1.location, "/signin");
        }
        assert_eq!(sign_in(&world, "xinren", OWN).await.1.location, "/signin", "elsewhere one waits");
        assert!(browser.get("/signin").await.says("密码已设好"));
        assert_eq!(browser.signs_in("xinren", OWN).await.location, "/");
    }

    /// Neither administrator can do alone what takes both, and the holder is told.
    async fn a_password_is_reset_by_two_and_told_to_its_holder(world: World) {
        let (admin, keeper) = both(&world).await;
        let (id, code) = make(&admin, &keeper, "xinren").await;
        open(&world, &code, OWN).await;
        let (holder, _) = sign_in(&world, "xinren", OWN).await;
        let holder = holder.with_csrf().await;
        let reset = format!("/accounts/{id}/reset");
        assert_eq!(keeper.post(&reset, &[]).await.status, 403, "whoever decides cannot ask");
        assert_eq!(admin.post(&reset, &[]).await.location, "/accounts/requests");
        assert_eq!(decide(&admin, "approve").await.status, 403, "whoever asks cannot decide");
        assert_eq!(admin.post(&reset, &[]).await.location, format!("/accounts/{id}"), "once is enough");
        let page = decide(&keeper, "approve").await;
        let first = page.all("dl code.id").remove(1);
        assert_eq!(holder.get("/").await.status, 200, "the old password and its sessions hold until then");
        assert!(holder.get("/").await.says("您的密码被申请重置"));
        let (request, version) = {
            let rows = keeper.get_json("/accounts/requests?state=approved").await.json()["rows"].clone();
            (rows[0]["id"].as_str().unwrap().to_owned(), rows[0]["version"].to_string())
        };
        let page = keeper.post(&format!("/accounts/requests/{request}/link"), &[("version", &version)]).await;
        let second = page.all("dl code.id").remove(1);
        assert!(world.stranger().get(&format!("/welcome/{first}")).await.says("打不开"), "the new code replaces the old");
        assert_eq!(holder.post("/my/reset", &[("own", "no")]).await.status, 303);
        assert!(world.stranger().get(&format!("/welcome/{second}")).await.says("打不开"), "not wanted, so it opens no more");
        assert!(keeper.get("/").await.says("有人否认重置密码"));
        assert!(keeper.get("/accounts/requests").await.says("本人否认的重置"));
        assert!(!holder.get("/").await.says("您的密码被申请重置"), "asked once");
    }

    /// Whoever knew the password before keeps nothing that opens by it.
    async fn a_reset_ends_what_programs_ask_by(world: World) {
        let (admin, keeper) = both(&world).await;
        let (id, code) = make(&admin, &keeper, "xinren").await;
        open(&world, &code, OWN).await;
        let holder = sign_in(&world, "xinren", OWN).await.0.with_csrf().await;
        holder.post("/my/tokens", &[("name", "报表"), ("days", "30")]).await;
        admin.post(&format!("/accounts/{id}/reset"), &[]).await;
        let code = decide(&keeper, "approve").await.all("dl code.id").remove(1);
        assert_eq!(tokens::open_ones(&mut world.tx().await, &id).await.unwrap(), 1);
        assert_eq!(open(&world, &code, "Wo-de-kouling-2").await.status, 303);
        assert_eq!(tokens::open_ones(&mut world.tx().await, &id).await.unwrap(), 0);
    }

    /// A code ends where the holder sets a password otherwise; a denial stays to be seen, whatever is asked for later.
    async fn codes_end_and_denials_stay(world: World) {
        let (admin, keeper) = both(&world).await;
        let (id, code) = make(&admin, &keeper, "xinren").await;
        open(&world, &code, OWN).await;
        let holder = sign_in(&world, "xinren", OWN).await.0.with_csrf().await;
        let reset = format!("/accounts/{id}/reset");
        admin.post(&reset, &[]).await;
        let code = decide(&keeper, "approve").await.all("dl code.id").remove(1);
        let next = "Wo-de-kouling-2";
        let fields = [("old", OWN), ("password", next), ("again", next)];
        assert_eq!(holder.post("/my/password", &fields).await.status, 303);
        assert_eq!(world.stranger().get(&format!("/welcome/{code}")).await.all(".signin-form input[type=password]").len(), 0);
        let rows = keeper.get_json("/accounts/requests?state=approved").await.json()["rows"].clone();
        assert!(rows.as_array().unwrap().iter().all(|row| row["link"] == false), "no code can be had for it any more");
        assert_eq!(holder.post("/my/reset", &[("own", "maybe")]).await.status, 422);
        assert_eq!(holder.post("/my/reset", &[("own", "no")]).await.status, 303);
        admin.post(&reset, &[]).await;
        decide(&keeper, "approve").await;
        let denied = keeper.get_json("/accounts/requests").await.json()["denied"].clone();
        assert_eq!(denied.as_array().unwrap().len(), 1, "another code does not take it back");
        assert_eq!(admin.post(&format!("/accounts/{id}/disable"), &[]).await.status, 303);
        let before = keeper.get_json("/accounts/requests?state=waiting").await.json()["rows"].clone();
        admin.post(&reset, &[]).await;
        let after = keeper.get_json("/accounts/requests?state=waiting").await.json()["rows"].clone();
        assert_eq!(before, after, "nothing is asked for a disabled account");
    }

    async fn what_is_returned_or_withdrawn_makes_nothing(world: World) {
        let (admin, keeper) = both(&world).await;
        let fields = [("login", "xinren"), ("name", "新人"), ("org", BUREAU), ("role", "county")];
        for act in ["return", "withdraw"] {
            assert_eq!(admin.post("/accounts", &fields).await.location, "/accounts/requests");
            let twice = admin.post("/accounts", &fields).await;
            assert!(twice.refuses(Code::Duplicate), "the login waits already");
            let by = if act == "return" { &keeper } else { &admin };
            assert_eq!(decide(by, act).await.status, 303);
        }
        assert!(admin.get("/accounts/requests?state=returned").await.says("不对"));
        assert_eq!(admin.get_json("/accounts?q=xinren").await.json()["rows"].as_array().unwrap().len(), 0);
    }

    /// Many at once: what can be done is done, what cannot is returned with its reason.
    async fn all_that_wait_are_approved_with_one_press(world: World) {
        let (admin, keeper) = both(&world).await;
        for login in ["jia01", "yi02", "bing03"] {
            let fields = [("login", login), ("name", "新人"), ("org", BUREAU), ("role", "county")];
            assert_eq!(admin.post("/accounts", &fields).await.status, 303);
        }
        let mut tx = world.tx().await;
        let bureau = registry::bureau(&mut tx, "county_bureau", "441481").await.unwrap().unwrap();
        let new = NewAccount { login: "yi02", name: "别人", password: None, must_change: false, org: &bureau, role: "county" };
        accounts::create(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        let page = keeper.post("/accounts/requests/approve", &[]).await;
        assert_eq!(page.status, 200);
        let shown = page.all("dl code.id");
        assert_eq!(shown.len(), 4, "two slips: {shown:?}");
        assert!(page.says("yi02"), "what was not done is told");
        for pair in shown.chunks(2) {
            assert_eq!(open(&world, &pair[1], OWN).await.location, "/signin");
            assert_eq!(sign_in(&world, &pair[0], OWN).await.1.location, "/");
        }
    }

    /// Many units with one file: all of it or nothing, each fault at its cell; what is not filled in is left out.
    async fn accounts_are_asked_for_with_one_file(world: World) {
        let (admin, keeper) = both(&world).await;
        let template = admin.get("/accounts/import/template").await;
        assert_eq!(template.status, 200);
        let grid = jiedui_documents::read_grids(&template.bytes, &["账号申请"]).unwrap().remove(0);
        assert!(format!("{grid:?}").contains(BUREAU), "units without an account stand in it already");
        let head = "单位全称,角色,姓名,账号\n";
        let rows = [format!("{BUREAU},县局,新人,xinren01"), format!("{BUREAU},市局,新人,xinren02"), "没有这个单位,县局,新人,xinren03".to_owned()];
        let file = format!("{head}{}\n", rows.join("\n"));
        let refused = admin.upload("/accounts/import", "账号申请.csv", file.as_bytes()).await;
        assert_eq!(refused.status, 422);
        assert!(refused.says("只能设在") && refused.says("没有这个单位"), "both faults at once: {}", refused.text());
        assert!(keeper.get_json("/accounts/requests").await.json()["rows"].as_array().unwrap().is_empty(), "nothing of it");
        let file = format!("{head}{}\n{BUREAU},县局,,\n", rows[0]);
        let taken = admin.upload("/accounts/import", "账号申请.csv", file.as_bytes()).await;
        assert_eq!(taken.location, "/accounts/requests");
        let (_, version) = waiting(&keeper).await;
        assert_eq!(version, "1");
        let again = admin.upload("/accounts/import", "账号申请.csv", file.as_bytes()).await;
        assert_eq!(again.status, 422, "what waits is not asked for twice");
    }

    /// What one file asked for is withdrawn as a whole, while nothing of it was decided.
    async fn what_a_file_asked_for_is_taken_back(world: World) {
        let (admin, keeper) = both(&world).await;
        let file = format!("单位全称,角色,姓名,账号\n{BUREAU},县局,新人,xinren01\n");
        let ask = async || {
            let taken = admin.upload("/accounts/import", "账号申请.csv", file.as_bytes()).await;
            assert_eq!(taken.location, "/accounts/requests", "{}", taken.text());
            admin.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0)
        };
        let first = ask().await;
        assert_eq!(keeper.post(&first, &[]).await.status, 404, "without the right");
        assert_eq!(admin.post(&first, &[]).await.location, "/imports");
        assert_eq!(admin.post(&first, &[]).await.status, 409, "once");
        let second = ask().await;
        assert_eq!(decide(&keeper, "return").await.location, "/accounts/requests");
        let refused = admin.post(&second, &[]).await;
        assert!(refused.status == 409 && refused.says("xinren01"), "{}", refused.text());
    }

    /// Whoever belongs to two units says at sign-in for which one.
    async fn the_unit_is_chosen_at_sign_in(world: World) {
        let (admin, keeper) = both(&world).await;
        let (id, code) = make(&admin, &keeper, "xinren").await;
        open(&world, &code, OWN).await;
        let second = "梅县区人力资源和社会保障局";
        admin.post(&format!("/accounts/{id}/role"), &[("org", second), ("role", "county")]).await;
        assert_eq!(decide(&keeper, "approve").await.location, "/accounts/requests");
        let (browser, answer) = sign_in(&world, "xinren", OWN).await;
        assert_eq!(answer.location, "/my/seat");
        let browser = browser.with_csrf().await;
        let page = browser.get("/my/seat").await;
        assert!(page.says(BUREAU) && page.says(second));
        let seats = browser.get_json("/my/seat").await.json()["seats"].clone();
        let other = seats.as_array().unwrap().iter().find(|seat| seat["org_name"] == second).unwrap();
        let chosen = browser.post("/my/seat", &[("org", other["org"].as_str().unwrap()), ("next", "/my")]).await;
        assert_eq!(chosen.location, "/my");
        let now = browser.get_json("/my/seat").await.json()["seats"].clone();
        assert!(now.as_array().unwrap().iter().any(|seat| seat["org_name"] == second && seat["current"] == true));
    }
}

both_engines! {
    async fn administrators_have_one_role_and_nobody_shuts_himself_out(world: World) {
        let office = office(&world).await;
        let (admin, keeper) = both(&world).await;
        let own = admin.get_json("/accounts?role=sysadmin").await.json()["rows"][0]["id"].as_str().unwrap().to_owned();
        let name = admin.get_json(&format!("/accounts/{own}")).await.json()["account"]["seats"][0]["org_name"]
            .as_str().unwrap().to_owned();
        let (id, _) = make(&admin, &keeper, "xinren").await;
        let role = format!("/accounts/{id}/role");
        let refused = admin.post(&role, &[("org", &name), ("role", "auditor")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.refuses(Code::NotFitting), "no business role beside an administrator's");
        let refused = admin.post(&format!("/accounts/{own}/role"), &[("org", BUREAU), ("role", "county")]).await;
        assert!(refused.refuses(Code::NotFitting), "and none the other way round");
        let refused = admin.post(&role, &[("org", BUREAU), ("role", "city")]).await;
        assert!(refused.refuses(Code::NotFitting), "a role fits its kind of unit: {}", refused.text());
        let refused = admin.post(&role, &[("org", "兴宁市"), ("role", "county")]).await;
        assert!(refused.says(BUREAU), "a name that is not there brings those like it");

        let second = "梅县区人力资源和社会保障局";
        assert_eq!(admin.post(&role, &[("org", second), ("role", "county")]).await.status, 303);
        assert_eq!(decide(&keeper, "approve").await.status, 303);
        let seats = || async { admin.get_json(&format!("/accounts/{id}")).await.json()["account"]["seats"].clone() };
        let both = seats().await;
        assert_eq!(both.as_array().unwrap().len(), 2);
        let first = both[0]["org"].as_str().unwrap().to_owned();
        let removed = admin.post(&format!("{role}/remove"), &[("org", &first), ("role", "county")]).await;
        assert_eq!(removed.status, 303);
        assert_eq!(seats().await.as_array().unwrap().len(), 1);

        let other = admin.get_json("/accounts?role=secadmin").await.json()["rows"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(admin.post(&format!("/accounts/{other}/disable"), &[]).await.status, 303);
        let disabled = admin.get_json("/accounts?state=disabled").await.json()["rows"].clone();
        assert!(disabled.as_array().unwrap().is_empty(), "somebody must be left who decides");
        for act in ["disable", "reset", "role/remove"] {
            let path = format!("/accounts/{own}/{act}");
            assert_eq!(admin.post(&path, &[("org", &office), ("role", "sysadmin")]).await.status, 303);
        }
        assert_eq!(admin.get("/accounts").await.status, 200, "nothing of that was done to oneself");
    }
}

both_engines! {
    async fn the_log_shows_what_was_done_and_what_was_done_to_it(world: World) {
        let office = office(&world).await;
        let mut tx = world.tx().await;
        let password = &passwords::accept("Testing-2026-x", "xinren", &world.app.random).unwrap();
        let new = NewAccount {
            login: "xinren", name: "新人", password: Some(password), must_change: true, org: &office, role: "province",
        };
        let account = accounts::create(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        let auditor = world.agent(&office, "auditor").await;
        let list = "/audit?action=account.create&q=test&from=2026-11-24&to=2026-11-24";
        let rows = auditor.get_json(list).await.json()["rows"].clone();
        let made = rows.as_array().unwrap().iter().find(|row| row["resource_id"] == account.as_str()).unwrap();
        assert_eq!(made["action_name"], "新建账号");
        let none = auditor.get("/audit?from=2026-11-25").await;
        assert!(none.says("没有符合条件的记录"));
        assert!(auditor.get("/audit?from=2026-11-25&to=2026-11-24").await.says("“终止日期”早于“起始日期”"));

        let id = made["id"].as_str().unwrap();
        let leaf = format!("/audit/{id}");
        assert!(auditor.get(&leaf).await.says("还待固化"));
        while audit::sequence(&world.app.db).await.unwrap() > 0 {}
        assert!(auditor.get(&format!("{leaf}?at=1")).await.says("证明成立"));
        let page = auditor.get("/audit/verify?at=1").await;
        assert!(page.says("完整"), "{}", page.text());

        let mut tx = world.tx().await;
        crate::testing::tamper(&mut tx, id, "{\"login\":\"bieren\"}").await;
        tx.commit().await.unwrap();
        assert!(auditor.get(&format!("{leaf}?at=2")).await.says("证明不成立"));
        let page = auditor.get("/audit/verify?at=2").await;
        assert!(page.says("有不一致") && page.says(id), "{}", page.text());
    }
}

#[test]
fn an_initial_password_is_good_for_nothing_but_its_change() {
    let session = |must_change, must_enrol| jiedui_web::session::Session {
        id: String::new(),
        csrf: String::new(),
        login: String::new(),
        must_change,
        must_enrol,
        has_views: false,
        seen_at: jiedui_kernel::Instant::UNIX_EPOCH,
    };
    let addresses = crate::site::site().addresses;
    for path in ["/", "/entries", "/my/seat", "/accounts"] {
        assert_eq!(session(true, true).comes_first(&addresses, path), Some("/my"), "{path}");
        assert_eq!(session(false, true).comes_first(&addresses, path), Some("/my/second-factor"), "{path}");
        assert_eq!(session(false, false).comes_first(&addresses, path), None, "{path}");
    }
    for path in ["/my", "/my/password", "/signout"] {
        assert_eq!(session(true, false).comes_first(&addresses, path), None, "{path}");
    }
    for path in ["/my/second-factor", "/my/second-factor/start", "/my/second-factor/confirm", "/signout"] {
        assert_eq!(session(false, true).comes_first(&addresses, path), None, "{path}");
    }
}

/// The roles that may manage accounts.
fn keepers(access: &Access) -> Vec<String> {
    let grants =
        access.grants.iter().filter(|g| g.resource == "account" && g.actions.iter().any(|a| a == "manage"));
    grants.flat_map(|grant| grant.roles.iter().cloned()).collect()
}

#[test]
fn every_right_of_the_programme_has_its_words_and_somebody_keeps_the_accounts() {
    let access = programme().access;
    for grant in &access.grants {
        assert_ne!(words::resource_name(&grant.resource), "", "{}", grant.resource);
        for action in &grant.actions {
            assert_ne!(words::right_name(action), "", "{action}");
        }
    }
    assert_eq!(keepers(&access), ["sysadmin"]);
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match path.is_dir() {
            true if !matches!(name.as_str(), "testing" | "tests") => sources(&path, out),
            false if name.ends_with(".rs") && name != "tests.rs" => out.push(path),
            _ => {}
        }
    }
}

/// The texts in quotation marks of a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

#[test]
fn every_action_in_the_sources_has_a_chinese_name() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines() {
            let mut actions: Vec<String> = Vec::new();
            if line.contains("AuditRecord {") || line.contains("let action =") {
                let dotted = |text: &&str| text.contains('.') && !text.contains([' ', '{', '/']);
                actions.extend(quoted(line).filter(dotted).map(str::to_owned));
            }
            for action in actions {
                found += 1;
                assert_ne!(words::action_name(&action), "", "{action} in {} has no name", file.display());
            }
        }
    }
    for life in crate::shared::confirmation::lives() {
        for action in life.actions() {
            let action = format!("{}.{action}", life.resource);
            assert_ne!(words::action_name(&action), "", "{action} has no name");
        }
    }
    assert!(found > 25, "only {found} actions: the sources were not read");
}

both_engines! {
    /// What one prepares another releases as soon as somebody holds that role, until it is switched off for a reason; and
    /// nobody is both.
    async fn one_prepares_and_another_releases(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let mut tx = world.tx().await;
        let (clerk, other) = (actor(&mut tx, &p.office, "province").await, actor(&mut tx, &p.office, "reviewer").await);
        drop(tx);
        let can = |role: &str| {
            let actor = if role == "province" { &clerk } else { &other };
            world.app.can(actor, "project", "file")
        };
        follow_split(&world.app).await.unwrap();
        assert!(can("province"), "nobody holds the other role");
        let reviewer = world.agent(&p.office, "reviewer").await;
        follow_split(&world.app).await.unwrap();
        assert!(!can("province") && can("reviewer"));
        assert_eq!(office.get("/overview").await.status, 200);
        assert_eq!(reviewer.get("/overview").await.status, 200);
        let security = world.agent(&p.office, "secadmin").await;
        assert!(security.post("/access/split", &[("reason", " ")]).await.refuses(Code::Missing));
        assert_eq!(office.post("/access/split", &[("reason", "一人办理")]).await.status, 403, "not those whom it binds");
        assert_eq!(security.post("/access/split", &[("reason", "一人办理")]).await.status, 303);
        follow_split(&world.app).await.unwrap();
        assert!(can("province"));
        assert!(security.get("/access").await.text().contains("一人办理"));
        assert_eq!(security.post("/access/split", &[("on", "yes")]).await.status, 303);
        follow_split(&world.app).await.unwrap();
        assert!(!can("province"));
        let access = &world.app.programme().access;
        let reviewer = access.roles.iter().find(|role| role.id == "reviewer").unwrap();
        assert!(rules::excluded(access, &["province".to_owned()], reviewer).is_some());
        assert!(rules::excluded(access, &["leader".to_owned()], reviewer).is_none());
    }
}
