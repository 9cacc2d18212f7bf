use crate::both_engines;
use crate::network::registry;
use crate::shared::search;
use crate::shared::terms;
use crate::testing::{Agent, Demonstration, Province};

/// Where the search leads, by the address of each thing.
async fn found(agent: &Agent, text: &str) -> Vec<String> {
    let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let page = agent.get(&format!("/search?q={text}")).await;
    assert_eq!(page.status, 200);
    page.attributes("main ul.plain a", "href")
}

/// A visit in which this was agreed; returns its address.
async fn visit(lead: &Agent, pairing: &str, agreed: &str) -> String {
    let form = lead.get("/entries/new/visit").await;
    let person = form.attributes("select[name=person] option", "value")[1].clone();
    let fields = [("pairing", pairing), ("person", &person), ("from", "2026-11-13"), ("agreed", agreed)];
    let made = lead.post("/entries/new/visit", &fields).await;
    assert_eq!(made.status, 303);
    made.location
}

both_engines! {
    async fn what_one_may_see_is_found_by_words_sound_and_number(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let entry = visit(&lead, &p.running, "共建数控车床实训室").await;
        let number = terms::short(entry.trim_start_matches("/entries/"));
        let small = number.to_lowercase();
        let texts = ["数控车床", "实训室 共建", "shukong", "skcc", number.as_str(), small.as_str()];
        for text in texts {
            assert!(found(&lead, text).await.contains(&entry), "{text}");
        }
        for text in ["数控铣床", "kongshu", "zzzz", "没有这样的", "%", "_"] {
            assert!(!found(&lead, text).await.contains(&entry), "{text}");
        }
        assert!(lead.get(&entry).await.says(&number), "the number is there to be quoted");
        for (org, role) in [(&p.xingning, "county_school"), (&p.office, "province"), (&p.county, "county")] {
            assert!(found(&world.agent(org, role).await, "数控车床").await.contains(&entry), "{role}");
        }
        let others = world.agent(&p.nanxiong, "county_school").await;
        for text in texts {
            assert!(!found(&others, text).await.contains(&entry), "not theirs: {text}");
        }
        let auditor = world.agent(&p.office, "auditor").await;
        assert_eq!(found(&auditor, &number).await, [""; 0], "administrators see no work");
    }

    /// A title that was copied whole has more pairs of signs than a search counts.
    async fn a_long_text_finds_what_it_was_copied_from(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let text = "共建数控车床实训室联合开发工学一体化课程并组织教师下企业实践和学生顶岗";
        let entry = visit(&lead, &p.running, text).await;
        assert!(found(&lead, text).await.contains(&entry));
        assert!(!found(&lead, &text.replace("数控车床", "汽车钣金")).await.contains(&entry));
    }

    async fn schools_pages_and_sentences_are_found(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let school = format!("/registry/{}", p.xingning);
        for text in ["兴宁甲", "xingning", "xnj"] {
            assert!(found(&lead, text).await.contains(&school), "{text}");
        }
        assert!(found(&lead, "gongzuotaizhang").await.contains(&"/entries".to_owned()), "a page of the menu");
        assert!(found(&lead, "s1.4").await.contains(&"/clauses/S1.4".to_owned()));
        assert!(world.stranger().get("/search?q=x").await.location.starts_with("/signin"));
    }

    /// Else the answer would tell whose a masked name is.
    async fn nobody_is_found_by_a_name_that_is_masked(world: World, p: Province) {
        let own = format!("/registry/{}", p.lead);
        let lead = world.agent(&p.lead, "lead").await;
        assert!(found(&lead, "主任甲").await.contains(&own) && found(&lead, "zhurenjia").await.contains(&own));
        let office = world.agent(&p.office, "province").await;
        assert_eq!(found(&office, "主任甲").await, [""; 0]);
        assert!(!found(&office, "副校长").await.is_empty(), "a public post");
    }

    /// Who left a post is found still, and not as if the post were held today.
    async fn a_post_of_the_past_is_told_as_such(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let posts = registry::people(&mut world.tx().await, &p.xingning).await.unwrap();
        let teacher = posts.iter().find(|at| at.post == "backbone_teacher").unwrap();
        let name: String = form_urlencoded::byte_serialize(teacher.name.whole().as_bytes()).collect();
        let asked = format!("/search?q={name}");
        assert!(school.get(&asked).await.says("兴宁甲校") && !school.get(&asked).await.says("已离任"));
        let end = [("row", teacher.id.as_str()), ("day", "2026-10-31"), ("sure", "yes")];
        assert_eq!(school.post(&format!("/registry/{}/people/end", p.xingning), &end).await.status, 303);
        assert!(school.get(&asked).await.says("已离任"));
    }

    /// A correction is found by what it says now, and no more by what it said.
    async fn the_index_follows_the_rows(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let entry = visit(&lead, &p.running, "共建数控车床实训室").await;
        let form = lead.get(&format!("{entry}/correct")).await;
        let person = form.attributes("select[name=person] option", "value")[1].clone();
        let fields = [("pairing", p.running.as_str()), ("person", &person), ("from", "2026-11-13"),
            ("agreed", "改为共建焊接实训室"), ("version", "1")];
        assert_eq!(lead.post(&format!("{entry}/correct"), &fields).await.status, 303);
        assert!(found(&lead, "焊接").await.contains(&entry));
        assert!(!found(&lead, "车床").await.contains(&entry));
        let mut tx = world.tx().await;
        assert_eq!(search::verify(&mut tx).await.unwrap(), [""; 0]);
        assert!(search::rebuild(&mut tx).await.unwrap() > 0);
        assert_eq!(search::verify(&mut tx).await.unwrap(), [""; 0]);
        tx.commit().await.unwrap();
        assert!(found(&lead, "焊接").await.contains(&entry));
    }
}

both_engines! {
    /// By whichever way a row came: forms, imports, decisions.
    async fn the_whole_demonstration_is_in_the_index(world: World, _made: Demonstration) {
        assert_eq!(search::verify(&mut world.tx().await).await.unwrap(), [""; 0]);
    }

    /// A start takes the rows of before in, once.
    async fn a_start_takes_the_rows_of_before(world: World, _made: Demonstration) {
        search::take_up(&world.app.db).await.unwrap();
        search::take_up(&world.app.db).await.unwrap();
        assert_eq!(search::verify(&mut world.tx().await).await.unwrap(), [""; 0]);
    }
}
