//! The three administrators at work, on both engines.

use super::rules;
use super::rules::words;
use crate::both_engines;
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::registry;
use crate::testing::{Agent, PageResponse, World, programme};
use jiedui_kernel::Code;
use jiedui_store::audit;
use std::path::{Path, PathBuf};

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

/// A new account as the system administrator makes it: its id and its initial password.
async fn make(admin: &Agent, login: &str) -> (String, String) {
    let fields = [("login", login), ("name", "新人"), ("org", BUREAU), ("role", "county")];
    let page = admin.post("/accounts", &fields).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let [shown, password] = page.all("dl code.id").try_into().unwrap();
    assert_eq!(shown, login);
    let link = page.attributes(".form-acts a", "href").remove(0);
    (link.trim_start_matches("/accounts/").to_owned(), password)
}

both_engines! {
    async fn the_life_of_an_account(world: World) {
        let office = office(&world).await;
        let admin = world.agent(&office, "sysadmin").await;
        let (id, initial) = make(&admin, "xinren").await;

        let (browser, answer) = sign_in(&world, "xinren", &initial).await;
        assert_eq!(answer.location, "/my", "an initial password leads to its change");
        let browser = browser.with_csrf().await;
        assert!(browser.get("/my").await.says("初始密码"));
        let own = "Wo-de-kouling-1";
        let fields = [("old", initial.as_str()), ("password", own), ("again", own)];
        assert_eq!(browser.post("/my/password", &fields).await.status, 303);
        assert_eq!(sign_in(&world, "xinren", own).await.1.location, "/");

        for _ in 0..accounts::TRIES {
            assert_eq!(sign_in(&world, "xinren", "wrong").await.1.location, "/signin");
        }
        assert_eq!(sign_in(&world, "xinren", own).await.1.location, "/signin", "locked, even with the right one");
        let keeper = world.agent(&office, "secadmin").await;
        assert!(keeper.get("/access").await.all("code.id").contains(&"xinren".to_owned()));
        let unlock = format!("/access/unlock/{id}");
        assert_eq!(keeper.post(&unlock, &[]).await.status, 303);
        assert_eq!(keeper.post(&unlock, &[]).await.status, 409, "nothing is locked any more");
        let (browser, answer) = sign_in(&world, "xinren", own).await;
        assert_eq!(answer.location, "/");

        assert_eq!(browser.get("/").await.status, 200);
        assert_eq!(admin.post(&format!("/accounts/{id}/disable"), &[]).await.status, 303);
        assert!(browser.get("/").await.location.starts_with("/signin"), "its session has ended");
        assert_eq!(sign_in(&world, "xinren", own).await.1.location, "/signin");
        assert!(admin.get("/accounts?state=disabled").await.says("新人"));
        assert_eq!(admin.post(&format!("/accounts/{id}/enable"), &[]).await.status, 303);
        let reset = admin.post(&format!("/accounts/{id}/reset"), &[]).await;
        let fresh = reset.all("dl code.id").remove(1);
        assert_eq!(sign_in(&world, "xinren", own).await.1.location, "/signin");
        assert_eq!(sign_in(&world, "xinren", &fresh).await.1.location, "/my");
    }
}

both_engines! {
    async fn administrators_have_one_role_and_nobody_shuts_himself_out(world: World) {
        let office = office(&world).await;
        let admin = world.agent(&office, "sysadmin").await;
        let own = admin.get_json("/accounts?role=sysadmin").await.json()["rows"][0]["id"].as_str().unwrap().to_owned();
        let name = admin.get_json(&format!("/accounts/{own}")).await.json()["account"]["seats"][0]["org_name"]
            .as_str().unwrap().to_owned();
        let (id, _) = make(&admin, "xinren").await;
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
        let seats = || async { admin.get_json(&format!("/accounts/{id}")).await.json()["account"]["seats"].clone() };
        let both = seats().await;
        assert_eq!(both.as_array().unwrap().len(), 2);
        let first = both[0]["org"].as_str().unwrap().to_owned();
        let removed = admin.post(&format!("{role}/remove"), &[("org", &first), ("role", "county")]).await;
        assert_eq!(removed.status, 303);
        assert_eq!(seats().await.as_array().unwrap().len(), 1);

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
            login: "xinren", name: "新人", password, must_change: true, org: &office, role: "province",
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
    let session = |must_change| jiedui_web::session::Session {
        id: String::new(),
        csrf: String::new(),
        login: String::new(),
        must_change,
        seen_at: jiedui_kernel::Instant::UNIX_EPOCH,
    };
    let addresses = crate::site::site().addresses;
    for path in ["/", "/entries", "/my/seat", "/accounts"] {
        assert!(session(true).must_change_first(&addresses, path), "{path}");
        assert!(!session(false).must_change_first(&addresses, path), "{path}");
    }
    for path in ["/my", "/my/password", "/signout"] {
        assert!(!session(true).must_change_first(&addresses, path), "{path}");
    }
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
    assert_eq!(rules::keepers(&access), ["sysadmin"]);
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
