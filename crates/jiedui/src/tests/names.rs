//! Names of persons: in full for whom they concern, masked for everybody else, and in full after a press that leaves a
//! record (docs/decisions/0020-masked-names.md).

use super::tables::statements;
use crate::both_engines;
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::registry::{self, NewPost};
use crate::testing::{Agent, Province, World, claim, day};
use std::collections::BTreeSet;
use std::path::Path;

const NAME: &str = "主任甲";
const MASKED: &str = "主**";
/// Under which the same one was registered once more.
const TWICE: &str = "主任假";

/// A stay of somebody in the middle ranks, in whom the pairing's parties are concerned.
async fn stay(world: &World, p: &Province) -> String {
    claim(world, &p.lead, &p.running, "residency", NAME, "2026-09-10", Some("2026-10-25")).await
}

async fn said(agent: &Agent, path: &str) -> String {
    let (page, view) = (agent.get(path).await, agent.get_json(path).await);
    assert_eq!((page.status.as_u16(), view.status.as_u16()), (200, 200), "{path}");
    page.text() + &view.text()
}

async fn looked(auditor: &Agent, filter: &str) -> Vec<serde_json::Value> {
    let view = auditor.get_json(&format!("/audit/names?from=2024-01-01&{filter}")).await.json();
    view["rows"].as_array().unwrap().clone()
}

both_engines! {
    async fn a_name_is_whole_for_whom_it_concerns_and_masked_elsewhere(world: World, p: Province) {
        let entry = format!("/entries/{}", stay(&world, &p).await);
        let places = [entry.as_str(), "/entries", "/indicators/resident-days?year=2026"];
        for (org, role) in [(&p.lead, "lead"), (&p.nearby, "nearby"), (&p.xingning, "county_school")] {
            let agent = world.agent(org, role).await;
            for place in &places[..2] {
                let text = said(&agent, place).await;
                assert!(text.contains(NAME) && !text.contains(MASKED), "{role} at {place}");
                assert!(!text.contains("names-bar"), "{role} at {place}: nothing to ask for");
            }
        }
        for (org, role) in [(&p.office, "province"), (&p.city, "city"), (&p.county, "county")] {
            let agent = world.agent(org, role).await;
            for place in places {
                let text = said(&agent, place).await;
                assert!(!text.contains(NAME), "{role} at {place}");
            }
            let page = agent.get(&entry).await;
            assert!(page.says(MASKED) && page.says("显示全名"), "{role}");
        }
    }

    async fn public_posts_are_never_masked_and_others_are_for_a_partner(world: World, p: Province) {
        let names = async |org: &str, role: &str| {
            let view = world.agent(org, role).await.get_json(&format!("/registry/{}", p.lead)).await.json();
            let rows = view["people"].as_array().unwrap().clone();
            rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let whole = ["校长", "书记", "副校长", NAME, "骨干乙"];
        let masked = ["校长", "书记", "副校长", MASKED, "骨**"];
        assert_eq!(names(&p.lead, "lead").await, whole);
        assert_eq!(names(&p.xingning, "county_school").await, masked, "of a partner only what it claims is shown");
        assert_eq!(names(&p.office, "province").await, masked);
    }
}

both_engines! {
    async fn a_press_shows_the_names_once_and_leaves_a_record(world: World, p: Province) {
        let id = stay(&world, &p).await;
        let entry = format!("/entries/{id}");
        let (office, auditor) =
            (world.agent(&p.office, "province").await, world.agent(&p.office, "auditor").await);
        let shown = office.post("/names", &[("page", &entry)]).await;
        assert_eq!(shown.status, 200);
        assert!(shown.says(NAME) && !shown.says(MASKED) && shown.says("已留下记录"));
        assert!(office.get(&entry).await.says(MASKED), "for that answer alone");

        let county = world.agent(&p.county, "county").await;
        assert!(county.post("/names", &[("page", "/entries?since=2026-09-01")]).await.says(NAME));

        let person = looked(&auditor, &format!("about={NAME}")).await;
        assert_eq!(person.len(), 2);
        assert_eq!((&person[0]["title"], &person[1]["resource_id"]), (&"工作台账".into(), &id.as_str().into()));
        assert_eq!((&person[1]["person"], &person[1]["unit"]), (&MASKED.into(), &"广州技师学院甲".into()));
        assert_eq!(looked(&auditor, &format!("about={id}")).await.len(), 1, "by thing");
        assert_eq!(looked(&auditor, "about=广州技师学院甲").await.len(), 2, "by school");
        assert_eq!(looked(&auditor, "q=兴宁市").await.len(), 1, "by who looked");
        assert_eq!(looked(&auditor, "to=2026-11-23").await.len(), 0, "by day");
        let record = auditor.get(person[1]["record"].as_str().unwrap()).await;
        assert!(record.says("显示全名") && record.says("常驻帮扶") && record.says("所涉人员") && record.says(&id), "{}", record.text());
        let of_thing = auditor.get(&format!("/audit?about={id}")).await.attributes("tbody a", "href").remove(0);
        assert!(auditor.get(&of_thing).await.attributes("a", "href").iter().any(|href| href.starts_with("/audit/names?")));
    }

    async fn the_person_sees_who_looked(world: World, p: Province) {
        let entry = format!("/entries/{}", stay(&world, &p).await);
        world.agent(&p.city, "city").await.post("/names", &[("page", &entry)]).await;
        let random = &world.app.random;
        let password = &passwords::accept("Testing-2026-x", "jia", random).unwrap();
        let mut tx = world.tx().await;
        let new = NewAccount { login: "jia", name: NAME, password: Some(password), must_change: false, org: &p.lead, role: "lead" };
        let account = accounts::create(&mut tx, &new).await.unwrap();
        let who = accounts::Person { account: &account, login: "jia", name: NAME };
        let (token, csrf) = accounts::start_session(&mut tx, &who, &p.lead, "").await.unwrap();
        tx.commit().await.unwrap();
        let own = Agent::new(world.router.clone(), Some(token)).with_token(csrf);
        let seen = own.get("/my").await;
        assert!(seen.says("梅州市人力资源和社会保障局") && seen.says("常驻"), "{}", seen.text());
        assert!(!world.agent(&p.lead, "lead").await.get("/my").await.says("梅州市"), "only one's own name");
        let mut tx = world.tx().await;
        let from = day("2020-01-01");
        let new = NewPost { org: &p.lead, name: TWICE, post: "staff", title: "", from, to: None, demo: false };
        registry::ensure_post(&mut tx, &new).await.unwrap();
        let people = registry::people_at(&mut tx, &p.lead, from, from).await.unwrap();
        let id = |name: &str| people.iter().find(|at| at.name.whole() == name).unwrap().id.as_str();
        let two = (id(TWICE), id(NAME));
        assert!(registry::propose(&mut tx, &world.app.programme(), &p.lead, two, "登记了两次").await.unwrap());
        let new = NewAccount { login: "yi", name: TWICE, password: Some(password), must_change: false, org: &p.lead, role: "lead" };
        let account = accounts::create(&mut tx, &new).await.unwrap();
        let who = accounts::Person { account: &account, login: "yi", name: TWICE };
        let (token, csrf) = accounts::start_session(&mut tx, &who, &p.lead, "").await.unwrap();
        tx.commit().await.unwrap();
        let own = Agent::new(world.router.clone(), Some(token)).with_token(csrf);
        assert!(own.get("/my").await.says("梅州市"), "under the record that the own one leads to");
    }

    async fn who_may_not_see_a_page_sees_no_name_of_it(world: World, p: Province) {
        let entry = format!("/entries/{}", stay(&world, &p).await);
        let post = async |org: &str, role: &str, page: &str| {
            let answer = world.agent(org, role).await.post("/names", &[("page", page)]).await;
            assert!(!answer.text().contains(NAME), "{role} at {page}");
            answer.status.as_u16()
        };
        assert_eq!(post(&p.office, "secadmin", &entry).await, 403);
        assert_eq!(post(&p.office, "auditor", &entry).await, 403, "the right to names opens no page");
        assert_eq!(post(&p.nanxiong, "county_school", &entry).await, 404);
        assert_eq!(post(&p.office, "province", "/accounts").await, 403);
        assert_eq!(post(&p.office, "province", "//evil.example").await, 422);
        assert_eq!(post(&p.office, "province", "/import/export").await, 404, "a file is no page");
        assert_eq!(post(&p.office, "province", "/nothing").await, 404);
        let nothing = world.agent(&p.lead, "lead").await.post("/names", &[("page", &entry)]).await;
        assert_eq!((nothing.status.as_u16(), nothing.location), (303, entry), "nothing was masked");
        let auditor = world.agent(&p.office, "auditor").await;
        assert_eq!(looked(&auditor, "").await.len(), 0, "and none of it is a view");
    }
}

/// Statements that read a name to compare or to sort by it, and the check before an upgrade, which nobody reads on a page.
const COMPARING: [&str; 14] = [
    "PEOPLE_OF",
    "CERTIFICATES",
    "HOLDERS",
    "PERSON_AT_NAMED",
    "LEAVES count",
    "LEAVES",
    "NAME_VIEWS count",
    "NAME_VIEWS",
    "LOOKED_AT",
    "DOUBLES",
    "NOMINATION",
    "FOUND_PERSON",
    "NAMESAKES",
    "NAMES_AT",
];

/// What a statement takes of a person's name beside [`jiedui_store::person_name!`].
fn bare_names(text: &str) -> bool {
    let tables = ["FROM person ", "JOIN person "];
    let aliases = tables.iter().flat_map(|table| text.split(table).skip(1));
    let mut aliases = aliases.filter_map(|rest| rest.split_whitespace().next());
    aliases.any(|alias| {
        let name = format!("{alias}.name");
        text.replace(&format!("|| '/' || {name}"), "").contains(&name)
    })
}

#[test]
fn no_statement_hands_out_a_name_that_is_not_masked() {
    assert!(bare_names("pe.name, JOIN person pe"));
    let bare: BTreeSet<&str> = statements().filter(|one| bare_names(one.text)).map(|one| one.name).collect();
    let unknown: Vec<&&str> =
        bare.iter().filter(|name| !COMPARING.iter().any(|known| name.starts_with(known))).collect();
    assert_eq!(unknown, Vec::<&&str>::new(), "select it by person_name!");
}

/// Where a name is taken whole, whoever reads: to compare, to choose from, to go back into the registry, to be filed.
const WHOLE: [&str; 11] = [
    "demo/people.rs",
    "evidence/ledger/actions/offers.rs",
    "evidence/service_certificates/actions.rs",
    "network/import/workbook/export.rs",
    "network/import/workbook/people.rs",
    "network/registry/pages/people.rs",
    "planning/projects/pages/form.rs",
    "planning/projects/rules/changes.rs",
    "planning/projects/workbook/import.rs",
    "sharing/commendations/data.rs",
    "testing/province.rs",
];

#[test]
fn a_name_is_taken_whole_only_where_it_is_said() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let inside = entry.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if entry.is_dir() {
                folders.push(entry);
            } else if inside.ends_with(".rs") && !inside.contains("tests") {
                let text = std::fs::read_to_string(&entry).unwrap();
                found.extend(text.contains(".whole()").then_some(inside));
            }
        }
    }
    found.sort();
    assert_eq!(found, WHOLE);
}
