//! One person with two accounts is one side, whatever it is about; who says so, and who cannot be one person.

use super::{BUREAU, both, decide, make, office, waiting};
use crate::both_engines;
use crate::identity::accounts;
use crate::testing::{Agent, Province, World};
use jiedui_kernel::Code;

const JOIN: &str = "/access/persons/join";

/// The login of the first account in a role.
async fn login_of(admin: &Agent, role: &str) -> String {
    let rows = admin.get_json(&format!("/accounts?role={role}")).await.json()["rows"].clone();
    rows[0]["login"].as_str().unwrap().to_owned()
}

/// The keys of what waits for somebody's answer, with the day and whether it is left to others.
async fn to_answer(agent: &Agent) -> Vec<(String, String, bool)> {
    let rows = agent.get_json("/entries?waiting=me").await.json()["rows"].clone();
    let line = |row: &serde_json::Value| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        (text("key"), text("from"), row["own_side"].as_bool().unwrap())
    };
    rows.as_array().unwrap().iter().map(line).collect()
}

/// A visit of 16 November that is claimed by the account of this agent.
async fn claim_one(world: &World, lead: &Agent) {
    let label = world.app.programme().activity("visit").unwrap().person.as_ref().unwrap().label.clone();
    let file = format!("日期,{label}\n2026-11-16,校长\n");
    let sent = lead.upload("/entries/import?activity=visit", "登记.csv", file.as_bytes()).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
}

both_engines! {
    /// What was claimed under one account is not confirmed under another one of the same person, by itself or among others: it is
    /// left out by name, and nothing of it is written.
    async fn two_accounts_of_one_person_are_one_side(world: World, p: Province) {
        let (admin, keeper) = both(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        claim_one(&world, &lead).await;
        let before = to_answer(&school).await;
        assert!(before.len() > 1 && before.iter().all(|(.., own)| !own));
        let (one, other) = (login_of(&admin, "lead").await, login_of(&admin, "county_school").await);
        assert_eq!(keeper.post(JOIN, &[("one", &one), ("other", &other)]).await.location, "/access/persons");
        assert_eq!(keeper.post(JOIN, &[("one", &other), ("other", &one)]).await.status, 409, "said already");

        let page = school.get_json("/entries?waiting=me").await.json();
        assert_eq!(page["own_sides"]["raw"], 1);
        let (own, others): (Vec<_>, Vec<_>) = to_answer(&school).await.into_iter().partition(|(.., own)| *own);
        assert_eq!(own.iter().map(|(_, day, _)| day.as_str()).collect::<Vec<_>>(), ["2026-11-16"]);
        let boxes = school.get("/entries?waiting=me").await.attributes("input[name=id]", "value");
        assert!(boxes.len() == others.len() && !boxes.contains(&own[0].0), "what is left to others is not ticked");
        let picked: Vec<(&str, &str)> = own.iter().chain(&others).map(|(key, ..)| ("id", key.as_str())).collect();
        assert_eq!(school.post("/entries/confirm", &picked).await.status, 303);
        let left = to_answer(&school).await;
        assert_eq!(left, own, "the others are confirmed, its version is as it was");
        let id = own[0].0.split(':').next().unwrap();
        let alone = [("verdict", "confirm"), ("version", "1")];
        assert_eq!(school.post(&format!("/entries/{id}/answer"), &alone).await.status, 409);

        let joined = keeper.get_json("/access/persons").await.json()["joined"].clone();
        let account = joined.as_array().unwrap()[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(keeper.post(&format!("/access/persons/{account}/part"), &[]).await.status, 303);
        assert_eq!(school.post(&format!("/entries/{id}/answer"), &alone).await.status, 303, "two persons after all");
        assert!(to_answer(&school).await.is_empty());
    }

    /// What was confirmed together before somebody said whose accounts these are is not taken back on the other side either:
    /// nothing of it changes without a step.
    async fn what_was_confirmed_before_is_not_taken_back_on_the_other_side(world: World, p: Province) {
        let (admin, keeper) = both(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let known = to_answer(&school).await;
        claim_one(&world, &lead).await;
        let new = to_answer(&school).await.into_iter().find(|line| !known.contains(line)).unwrap();
        assert_eq!(school.post("/entries/confirm", &[("id", &new.0)]).await.status, 303);
        let page = school.get("/entries?waiting=me").await;
        let undo = page.attributes("form[action^='/entries/undo/']", "action").remove(0);
        let (one, other) = (login_of(&admin, "lead").await, login_of(&admin, "county_school").await);
        assert_eq!(keeper.post(JOIN, &[("one", &one), ("other", &other)]).await.status, 303);
        assert_eq!(school.post(&undo, &[]).await.status, 303);
        assert!(school.get("/entries?waiting=me").await.says("没有撤销任何一条"));
        assert_eq!(to_answer(&school).await, known, "it stays confirmed");
    }

    /// Nobody prepares under one account and releases under another, and no administrator watches himself.
    async fn what_two_must_do_is_not_one_persons(world: World, p: Province) {
        let (admin, keeper) = both(&world).await;
        for role in ["province", "reviewer"] {
            world.agent(&p.office, role).await;
        }
        for roles in [["province", "reviewer"], ["reviewer", "province"], ["sysadmin", "secadmin"]] {
            let (one, other) = (login_of(&admin, roles[0]).await, login_of(&admin, roles[1]).await);
            let refused = keeper.post(JOIN, &[("one", &one), ("other", &other)]).await;
            assert!(refused.status == 422 && refused.refuses(Code::NotFitting), "{roles:?}");
        }
        let one = login_of(&admin, "province").await;
        let refused = keeper.post(JOIN, &[("one", &one), ("other", "mei-you")]).await;
        assert!(refused.refuses(Code::NotListed));
        assert!(keeper.post(JOIN, &[("one", &one)]).await.refuses(Code::Missing));
        assert_eq!(admin.post(JOIN, &[("one", &one), ("other", &one)]).await.status, 403, "who makes accounts says nothing of this");
        // An account that is said to be the 经办's is not given the other role either.
        let lead = world.person(&p.lead, "lead").await;
        let other = login_of(&admin, "lead").await;
        assert_eq!(keeper.post(JOIN, &[("one", &one), ("other", &other)]).await.status, 303);
        let office = admin.get_json("/accounts?role=province").await.json()["rows"][0]["seats"][0]["org_name"].clone();
        let fields = [("org", office.as_str().unwrap()), ("role", "reviewer")];
        let asked = admin.post(&format!("/accounts/{}/role", lead.account()), &fields).await;
        assert_eq!(asked.location, "/accounts/requests");
        assert_eq!(decide(&keeper, "approve").await.status, 409);
    }

    /// A role is given while the account is joined to one of the other role: whichever comes second is refused.
    async fn a_role_and_a_join_at_once_are_not_both_done(world: World, p: Province) {
        let (admin, keeper) = both(&world).await;
        world.agent(&p.office, "province").await;
        let lead = world.person(&p.lead, "lead").await;
        let (one, other) = (login_of(&admin, "province").await, login_of(&admin, "lead").await);
        let name = admin.get_json("/accounts?role=province").await.json()["rows"][0]["seats"][0]["org_name"].clone();
        let fields = [("org", name.as_str().unwrap()), ("role", "reviewer")];
        admin.post(&format!("/accounts/{}/role", lead.account()), &fields).await;
        let second = world.agent(&office(&world).await, "secadmin").await;
        let (id, version) = waiting(&keeper).await;
        let (approve, version) = (format!("/accounts/requests/{id}/approve"), [("version", version.as_str())]);
        let logins = [("one", one.as_str()), ("other", other.as_str())];
        let (given, joined) = world.at_once(keeper.post(&approve, &version), second.post(JOIN, &logins)).await;
        let refused = [given.status.as_u16() == 409, joined.status.as_u16() == 422];
        assert_eq!(refused.iter().filter(|refused| **refused).count(), 1, "{} {}", given.status, joined.status);
    }

    /// Whoever asked under another account does not decide: all that wait are approved without it, and the page says which it is.
    async fn what_is_ones_own_is_not_approved_with_the_rest(world: World) {
        let (admin, keeper) = both(&world).await;
        let fields = |login| [("login", login), ("name", "新人"), ("org", BUREAU), ("role", "county")];
        assert_eq!(admin.post("/accounts", &fields("xinren")).await.location, "/accounts/requests");
        assert_eq!(keeper.get_json("/accounts/requests").await.json()["own"], serde_json::json!([]));
        let logins = [login_of(&admin, "sysadmin").await, login_of(&admin, "secadmin").await];
        let mut tx = world.tx().await;
        let one = accounts::id_of(&mut tx, &logins[0]).await.unwrap().unwrap();
        let other = accounts::id_of(&mut tx, &logins[1]).await.unwrap().unwrap();
        accounts::persons::join(&mut tx, &one, &other).await.unwrap();
        tx.commit().await.unwrap();
        let page = keeper.get_json("/accounts/requests").await.json();
        assert_eq!(page["own"], serde_json::json!(["新人（xinren）"]));
        assert_eq!((page["own_count"]["raw"].as_i64(), page["waiting"].as_i64()), (Some(1), Some(0)));
        assert_eq!(decide(&keeper, "approve").await.status, 409);
        let page = keeper.post("/accounts/requests/approve", &[]).await;
        assert!(page.says("xinren") && page.all("dl code.id").is_empty(), "{}", page.text());
        for own in [&one, &other] {
            let freed = keeper.post(&format!("/access/persons/{own}/part"), &[]).await;
            assert_eq!(freed.status, 409, "nobody frees himself to be on both sides");
        }
        waiting(&keeper).await;
    }

    /// Two accounts of one name are shown until somebody says that they are one person's.
    async fn namesakes_are_shown(world: World) {
        let (admin, keeper) = both(&world).await;
        for login in ["xinren", "xinren2"] {
            make(&admin, &keeper, login).await;
        }
        let namesakes = async || keeper.get_json("/access/persons").await.json()["namesakes"].clone();
        let shown: Vec<String> = namesakes().await.as_array().unwrap().iter()
            .map(|line| line["login"].as_str().unwrap().to_owned()).collect();
        assert_eq!(shown, ["xinren", "xinren2"]);
        assert_eq!(keeper.post(JOIN, &[("one", "xinren"), ("other", "xinren2")]).await.status, 303);
        assert!(namesakes().await.as_array().unwrap().is_empty());
        let fields = [("login", "xinren3"), ("name", "新人"), ("org", BUREAU), ("role", "county")];
        admin.post("/accounts", &fields).await;
        assert!(keeper.get("/accounts/requests").await.says("同名"), "told where it is decided");
    }
}
