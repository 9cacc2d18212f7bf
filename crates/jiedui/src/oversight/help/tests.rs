use super::rules::{HELP, address_of};
use crate::both_engines;
use crate::network::registry;
use crate::testing::{Agent, Province};

async fn found(agent: &Agent, text: &str) -> Vec<String> {
    let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    agent.get(&format!("/search?q={text}")).await.attributes("main ul.plain a", "href")
}

#[test]
fn a_page_is_explained_by_what_explains_most_of_its_path() {
    for (path, address) in [
        ("/", "/help/desk"),
        ("/entries", "/help/entries"),
        ("/entries/0198a0ebc276607109af6dd90cfc017f", "/help/entries"),
        ("/entries/new/visit", "/help/record"),
        ("/matching/proposals/x", "/help/proposals"),
        ("/my/tokens", "/help/interface"),
        ("/entriesx", HELP),
        ("/help/entries", HELP),
    ] {
        assert_eq!(address_of(path), address, "{path}");
    }
}

both_engines! {
    async fn the_head_of_a_page_leads_to_its_help(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        for (page, help) in [("/entries", "/help/entries"), ("/entries/new/visit", "/help/record"), ("/help", HELP)] {
            assert_eq!(lead.get(page).await.attributes("a.help-link", "href"), [help], "{page}");
        }
        assert_eq!(world.stranger().get("/signin").await.attributes("a.help-link", "href"), [""; 0]);
        assert_eq!(lead.get("/help/nothing").await.status, 404);
    }

    async fn everybody_is_told_what_is_theirs_and_whom_to_ask(world: World, p: Province) {
        let told = "main .facts dt";
        let school = world.agent(&p.xingning, "county_school").await.get("/help/entries").await;
        let county = world.agent(&p.county, "county").await.get("/help/entries").await;
        let (answer, settle) = ("确认对方登记的工作".to_owned(), "核定久未答复的".to_owned());
        assert!(school.all(told).contains(&answer) && !school.all(told).contains(&settle));
        assert!(county.all(told).contains(&answer) && county.all(told).contains(&settle));
        let above = registry::names_above(&mut world.tx().await, &p.xingning).await.unwrap();
        assert!(above.len() > 1, "a bureau and the office: {above:?}");
        assert!(above.iter().all(|name| school.says(name)));
        let auditor = world.agent(&p.office, "auditor").await.get("/help/audit").await;
        assert!(auditor.all(told).contains(&"查一条记录".to_owned()));
        assert!(!auditor.all(told).contains(&"业务上的问题".to_owned()), "administrators ask nobody about work");
    }

    /// Who only looks is not told to act; who acts, is.
    async fn nobody_is_told_to_do_what_others_do(world: World, p: Province) {
        let leader = world.agent(&p.office, "leader").await;
        let county = world.agent(&p.county, "county").await;
        let school = world.agent(&p.xingning, "county_school").await;
        for (page, task, own) in [
            ("remarks", "答复与本单位有关的", &school),
            ("topics", "列入议程", &county),
            ("questions", "补报缺的表", &school),
            ("imports", "整份撤销", &school),
        ] {
            let page = format!("/help/{page}");
            assert!(own.get(&page).await.all("main .facts dt").contains(&task.to_owned()), "{page}");
            assert!(!leader.get(&page).await.all("main .facts dt").contains(&task.to_owned()), "{page}");
        }
    }

    async fn help_and_terms_are_found(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        assert!(found(&lead, "登记一件工作").await.contains(&"/help/record".to_owned()));
        assert!(found(&lead, "hejian").await.contains(&"/help/words".to_owned()), "by its sound");
        let leader = world.agent(&p.office, "leader").await;
        assert!(!found(&leader, "登记一件工作").await.contains(&"/help/record".to_owned()), "not theirs to do");
    }

    async fn nobody_practises_on_real_data(world: World, p: Province) {
        let page = world.agent(&p.lead, "lead").await.get("/practice").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.all("main .facts"), [""; 0]);
        assert!(!world.agent(&p.lead, "lead").await.get(HELP).await.attributes("main a", "href").contains(&"/practice".to_owned()));
        // Nor is the day moved there, by anybody.
        let today = world.clock().today();
        for (org, role) in [(&p.lead, "lead"), (&p.office, "province"), (&p.office, "sysadmin")] {
            let agent = world.agent(org, role).await;
            assert_eq!(agent.get("/practice").await.attributes("form[action='/practice/day']", "action"), [""; 0]);
            assert_eq!(agent.post("/practice/day", &[("stride", "day")]).await.status, 404, "{role}");
        }
        assert_eq!(world.clock().today(), today);
    }
}
