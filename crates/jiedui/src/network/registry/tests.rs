//! Where divisions lie, and the major categories that the office sets.

use super::CategoryKind;
use super::Division;
use super::OrgRow;
use super::categories_on;
use super::data::{HeldPost, LIST, ORG_USED, PERSON_USED, PLACE_DIVISION, POSTS_AFTER};
use super::divisions;
use super::found_province;
use super::{NewPost, PersonAt, ensure_post, people, post, posts_after};
use crate::both_engines;
use crate::evidence::ledger::{self, NewEntry};
use crate::network::pairings;
use crate::shared::contributions::cells;
use crate::standing::indicators;
use crate::testing::BEGIN_FLAG;
use crate::testing::{Agent, PageResponse, Province, TODAY, World, actor, claim, day};
use jiedui_kernel::Code;
use jiedui_store::testing::references::{asked, references};
use jiedui_store::{AuditRecord, Sort, args, values};
use std::collections::BTreeMap;

async fn on(world: &World, kind: CategoryKind, when: &str) -> BTreeMap<String, Vec<String>> {
    let mut tx = world.tx().await;
    categories_on(&mut tx, kind, day(when)).await.unwrap()
}

fn lies(list: &[Division], code: &str) -> Option<(f64, f64)> {
    let found = list.iter().find(|division| division.code == code).unwrap();
    found.lon.zip(found.lat)
}

both_engines! {
    /// A county lies where the data say, a city in the middle of its counties; a city without counties nowhere.
    async fn divisions_have_places(world: World) {
        let mut tx = world.tx().await;
        let all = divisions(&mut tx).await.unwrap();
        assert_eq!(lies(&all, "441481"), Some((115.748, 24.26)));
        assert_eq!(lies(&all, "441400"), Some((116.1, 24.289)));
        // A city without counties has a place of its own.
        assert_eq!((lies(&all, "441900"), lies(&all, "440000")), (Some((113.752, 23.021)), None));
        let cities = all.iter().filter(|division| division.level == "city");
        assert!(cities.map(|city| lies(&all, &city.code)).all(|place| place.is_some()));
        let counties = all.iter().filter(|division| division.level == "county");
        assert!(counties.map(|county| lies(&all, &county.code)).all(|place| place.is_some()));
    }

    /// A province founded before places were known learns them once; nothing else is touched.
    async fn an_older_province_learns_its_places(world: World) {
        let mut tx = world.tx().await;
        let known = divisions(&mut tx).await.unwrap();
        tx.write_one(&PLACE_DIVISION, jiedui_store::args!["441481", None::<f64>, None::<f64>])
            .await
            .unwrap();
        assert_eq!(lies(&divisions(&mut tx).await.unwrap(), "441481"), None);
        found_province(&mut tx, &known, "").await.unwrap();
        assert_eq!(lies(&divisions(&mut tx).await.unwrap(), "441481"), Some((115.748, 24.26)));
        tx.commit().await.unwrap();
        let mut tx = world.tx().await;
        found_province(&mut tx, &known, "").await.unwrap();
        assert_eq!(divisions(&mut tx).await.unwrap().len(), known.len());
        tx.commit().await.unwrap();
    }

    /// Categories hold from a day; taking one away ends it and keeps what was.
    async fn categories_hold_from_a_day(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let path = format!("/registry/{}/category", p.xingning);
        let form = office.get(&format!("/registry/{}/edit", p.xingning)).await;
        assert!(form.says("设定当地产业") && form.says("农业类") && form.says("尚未与现行技工院校专业目录核对"));
        let set = [
            ("category", "农业类"),
            ("category", "轻工类"),
            ("category_day", "2026-03-01"),
            ("category_source", "县局来文"),
        ];
        assert_eq!(office.post(&path, &set).await.status, 303);
        let page = office.get(&format!("/registry/{}", p.xingning)).await;
        assert!(page.says("当地产业") && page.says("轻工类") && page.says("县局来文"));
        let later = [("category", "农业类"), ("category_day", "2026-09-01"), ("category_source", "县局来文")];
        assert_eq!(office.post(&path, &later).await.status, 303);
        let industries = |when| on(&world, CategoryKind::Industry, when);
        assert_eq!(industries("2026-02-28").await.get(&p.xingning), None);
        assert_eq!(industries("2026-08-31").await[&p.xingning], ["农业类", "轻工类"]);
        assert_eq!(industries("2026-09-01").await[&p.xingning], ["农业类"]);
        assert!(on(&world, CategoryKind::Major, TODAY).await.is_empty());
        // Set by mistake, and set right on the same day: the mistake never held.
        let wrong = [("category", "其他"), ("category_day", TODAY), ("category_source", "误")];
        assert_eq!(office.post(&path, &wrong).await.status, 303);
        let right = [("category", "农业类"), ("category_day", TODAY), ("category_source", "更正")];
        assert_eq!(office.post(&path, &right).await.status, 303);
        assert_eq!(industries(TODAY).await[&p.xingning], ["农业类"]);
        assert_eq!(industries("2026-11-23").await[&p.xingning], ["农业类"]);
    }

    /// What cannot be set is reported at its field, with what was ticked still ticked; nothing is written.
    async fn categories_that_cannot_be_set(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let path = format!("/registry/{}/category", p.lead);
        assert!(office.get(&format!("/registry/{}/edit", p.lead)).await.says("设定专业大类"));
        let at = |category, day| [("category", category), ("category_day", day), ("category_source", "简章")];
        assert_eq!(office.post(&path, &at("机械类", "2026-05-01")).await.status, 303);
        let early = office.post(&path, &at("信息类", "2026-04-30")).await;
        assert_eq!(early.status, 422);
        assert!(early.refuses(Code::Reversed));
        assert_eq!(early.attributes("input[name=category][checked]", "value"), ["信息类"]);
        assert!(office.post(&path, &at("信息类", "2026-11-25")).await.refuses(Code::InFuture));
        assert!(office.post(&path, &at("魔法类", "2026-06-01")).await.refuses(Code::NotListed));
        assert_eq!(office.post(&path, &[("category", "信息类")]).await.status, 422);
        assert_eq!(on(&world, CategoryKind::Major, TODAY).await[&p.lead], ["机械类"]);
        // Beyond the partners of a county school nobody's categories are in reach.
        assert_eq!(office.post("/registry/nobody/category", &at("机械类", "2026-06-01")).await.status, 404);
        assert_eq!(office.post(&format!("/registry/{}/category", p.county), &at("机械类", "2026-06-01")).await.status, 404);
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.post(&path, &at("信息类", "2026-06-01")).await.status, 403);
        assert!(school.get(&format!("/registry/{}", p.lead)).await.says("机械类"));
    }
}

both_engines! {
    /// What an export takes in pieces is what the list shows, in the order asked for, and no more than the limit.
    async fn a_list_is_handed_out_in_chunks(world: World) {
        Province::build(&world).await;
        let mut tx = world.tx().await;
        let call = || values!(LIST { q: "", level: "", city: "", kind: "", flag: "", typical: "" });
        let sort = Some(Sort { key: "name", down: true });
        let whole: Vec<OrgRow> = call().rows(&mut tx, sort, 1_000, 0).await.unwrap();
        let count = whole.len() as i64;
        assert!(count > 5 && count == call().count(&mut tx).await.unwrap());
        for (chunk, most, wanted) in [(2, 1_000, count), (count, 1_000, count), (2, 3, 3)] {
            let (mut taken, mut largest) = (Vec::new(), 0);
            let take = |rows: Vec<OrgRow>| {
                largest = largest.max(rows.len() as i64);
                taken.extend(rows.into_iter().map(|row| row.id));
            };
            assert_eq!(call().in_chunks(&mut tx, sort, [chunk, most], take).await.unwrap(), wanted);
            assert!(largest <= chunk);
            assert!(taken.iter().eq(whole.iter().take(wanted as usize).map(|row| &row.id)));
        }
    }
}

/// A county school that was merged into another on a day, and one that became a county school later.
async fn on_a_day(world: &World, p: &Province) {
    let mut tx = world.tx().await;
    let merged = super::found(&mut tx, &p.xingning).await.unwrap();
    super::close(&mut tx, &merged, day("2026-11-01")).await.unwrap();
    let office = jiedui_store::args![&p.zijin, "county_school", day("2026-09-01")];
    tx.write(&BEGIN_FLAG, office).await.unwrap();
    tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

both_engines! {
    /// What is asked of county schools is asked of those that are one on the day: a merged school fills in no form more, and
    /// stands in the years in which it was one; of a school flagged later nothing is missing before.
    async fn who_counts_is_asked_for_a_day(world: World, p: Province) {
        on_a_day(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let merged = world.agent(&p.xingning, "county_school").await;
        let later = world.agent(&p.zijin, "county_school").await;
        let listed = async |year: &str| {
            let list = office.get_json(&format!("/profiles?year={year}")).await.json();
            let rows = list["rows"].as_array().unwrap().clone();
            let has = |id: &str| rows.iter().any(|row| row["href"].as_str().unwrap().contains(id));
            (has(&p.xingning), has(&p.zijin))
        };
        assert_eq!(listed("2025").await, (true, false), "in the years in which it was one, and not before");
        assert_eq!(listed("2026").await, (true, true), "on 2026-10-31 both were");
        assert_eq!(later.get(&format!("/profiles/{}/2025", p.zijin)).await.status, 404, "nothing was asked of it");
        assert_eq!(later.get(&format!("/profiles/{}/2026", p.zijin)).await.status, 200);
        let mut tx = world.tx().await;
        for (id, on, holds) in [
            (&p.xingning, "2026-10-31", true),
            (&p.xingning, "2026-11-01", false),
            (&p.zijin, "2026-08-31", false),
            (&p.zijin, "2026-09-01", true),
        ] {
            assert_eq!(crate::network::registry::has_flag(&mut tx, id, "county_school", day(on)).await.unwrap(), holds, "{on}");
            let population = crate::network::registry::population(&mut tx).await.unwrap();
            assert_eq!(population.holds(id, day(on)), holds, "one answer, wherever it is asked");
        }
        drop(tx);
        // Forms of a county school are closed to one that is no more.
        for form in ["/needs/new", "/majors/new", "/outputs/new/recruitment-system"] {
            assert_eq!(merged.get(form).await.status, 403, "{form}");
        }
        for form in ["/needs/new", "/majors/new"] {
            assert_eq!(later.get(form).await.status, 200, "{form}");
        }
        let asked = [("kind", "school"), ("flag", "county_school")];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
        let registry = office.get_json(&format!("/registry?{query}")).await.json();
        let rows = registry["rows"].as_array().unwrap().clone();
        assert!(rows.iter().all(|row| row["name"] != "兴宁甲校") && rows.iter().any(|row| row["name"] == "紫金乙校"));
    }
}

both_engines! {
    /// Before a post ends, what depends on it is shown, and nothing is written until one says so.
    async fn ending_a_post_asks_first(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let path = format!("/registry/{}/people", p.lead);
        let posts = async || lead.get_json(&path).await.json()["people"].as_array().unwrap().clone();
        let of = async |name: &str| posts().await.into_iter().find(|row| row["name"] == name).unwrap();
        let head = of("校长").await["id"].as_str().unwrap().to_owned();
        // An account that is called like somebody with a post.
        let login = format!("t-lead-{}", &p.lead[p.lead.len() - 12..]);
        let new = [("name", login.as_str()), ("post", "teacher"), ("title", ""), ("from", "2024-01-01"), ("to", "")];
        assert_eq!(lead.post(&path, &new).await.status, 303);
        let send = async |day: &str, sure: &str| {
            lead.post(&format!("{path}/end"), &[("row", head.as_str()), ("day", day), ("sure", sure)]).await
        };
        let asked = send("2026-11-09", "").await;
        assert_eq!(asked.status, 422);
        assert!(asked.says("主要负责同志调研对接（兴宁甲校，2026-11-10）"), "{}", asked.text());
        assert!(of("校长").await["to_day"].is_null(), "nothing was written");
        let later = send("2026-11-10", "").await;
        assert!(!later.says("兴宁甲校，2026-11-10"), "on that day the post is still held");
        assert_eq!(send("2026-11-09", "yes").await.status, 303);
        assert_eq!(of("校长").await["to_day"], "2026-11-09");
        let named = of(&login).await["id"].as_str().unwrap().to_owned();
        let asked = lead.post(&format!("{path}/end"), &[("row", named.as_str()), ("day", "2026-11-09")]).await;
        assert!(asked.status == 422 && asked.says("同名的账号"), "{}", asked.text());
        let free = of("骨干乙").await["id"].as_str().unwrap().to_owned();
        let done = lead.post(&format!("{path}/end"), &[("row", free.as_str()), ("day", "2026-11-09")]).await;
        assert_eq!(done.status, 303, "where nothing depends on it nothing is asked");
    }
}

both_engines! {
    /// What somebody types are letters; and a filter that leaves nothing to choose is not shown.
    async fn wildcards_are_letters_and_one_city_is_no_choice(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let number = async |query: &str| office.get_json(&format!("/registry?{query}")).await.json()["pager"]["total"]["raw"].as_i64().unwrap();
        assert!(number("q=%E5%85%B4%E5%AE%81").await > 0, "兴宁");
        for typed in ["%25", "_", "!", "%5C", "%25%E5%85%B4"] {
            assert_eq!(number(&format!("q={typed}")).await, 0, "{typed}");
        }
        let cities = async |org: &str, role: &str| {
            let page = world.agent(org, role).await.get("/registry").await;
            page.attributes("main select[name=city] option", "value").len()
        };
        assert!(cities(&p.office, "province").await > 2);
        assert_eq!(cities(&p.xingning, "county_school").await, 0);
    }
}

/// Somebody more at an organisation, since years.
async fn employed(world: &World, org: &str, name: &str, post: &str) {
    let mut tx = world.tx().await;
    let new = NewPost { org, name, post, title: "", from: day("2020-01-01"), to: None, demo: false };
    ensure_post(&mut tx, &new).await.unwrap();
    let leaf = AuditRecord { action: "person.post", resource: "org", resource_id: org };
    tx.audit(leaf, &()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn record(world: &World, org: &str, name: &str) -> PersonAt {
    let found = people(&mut world.tx().await, org).await.unwrap();
    found.into_iter().find(|at| at.name.whole() == name).unwrap()
}

/// A training in which one teacher of 兴宁 took part.
async fn trained(world: &World, p: &Province, teacher: &str, from: &str, to: &str) {
    let (programme, mut tx) = (world.app.programme(), world.tx().await);
    let new = NewEntry {
        from: Some(day(from)),
        to: Some(day(to)),
        quantity: Some(1),
        roster: vec![teacher.to_owned()],
        ..NewEntry::on(pairings::find(&mut tx, &p.running).await.unwrap())
    };
    let lead = actor(&mut tx, &p.lead, "lead").await;
    tx.act_as(lead);
    let training = programme.activity("teacher-training").unwrap();
    ledger::claim(&mut tx, &programme, training, &new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn covered(world: &World, p: &Province) -> i64 {
    let found = cells(&mut world.tx().await, "teachers-covered", day("2026-11-24")).await.unwrap();
    found.iter().filter(|cell| cell.school == p.xingning).map(|cell| cell.claimed).sum()
}

/// What kept figures lack, or have too much, beside a full count.
async fn off(world: &World) -> usize {
    indicators::verify(&mut world.tx().await, &world.app.programme()).await.unwrap().len()
}

async fn merging(agent: &Agent, org: &str, act: &str, fields: &[(&str, &str)]) -> PageResponse {
    agent.post(&format!("/registry/{org}/people/merge{act}"), fields).await
}

both_engines! {
    /// Two records of one teacher count once when a second person agreed, with nothing written again in what names them; and
    /// twice again when it is taken back.
    async fn two_records_of_one_teacher_count_once(world: World, p: Province) {
        employed(&world, &p.xingning, "骨干已", "backbone_teacher").await;
        let old = record(&world, &p.xingning, "骨干已").await;
        let kept = record(&world, &p.xingning, "骨干乙").await;
        trained(&world, &p, old.name.person(), "2026-10-10", "2026-10-12").await;
        trained(&world, &p, kept.name.person(), "2026-10-20", "2026-10-22").await;
        assert_eq!(covered(&world, &p).await, 2);
        let (school, office) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.office, "province").await);
        let two = [("record", old.name.person()), ("into", kept.name.person()), ("reason", "姓名写错过")];
        assert_eq!(merging(&school, &p.xingning, "", &two).await.status, 303);
        assert_eq!(covered(&world, &p).await, 2, "nobody else has agreed");
        let (first, second) = ([("record", old.name.person()), ("version", "1")], [("record", old.name.person()), ("version", "2")]);
        assert_eq!(merging(&school, &p.xingning, "/agree", &first).await.status, 403, "not the one who said so");
        assert_eq!(merging(&office, &p.xingning, "/agree", &first).await.status, 303);
        assert_eq!((covered(&world, &p).await, off(&world).await), (1, 0));
        let read = post(&mut world.tx().await, &old.id).await.unwrap();
        assert_eq!((read.name.whole(), read.former.unwrap().whole()), ("骨干乙", "骨干已"));
        assert!(merging(&school, &p.xingning, "", &two).await.refuses(Code::Duplicate));
        assert_eq!(merging(&school, &p.xingning, "/part", &second).await.status, 303);
        assert_eq!((covered(&world, &p).await, off(&world).await), (2, 0));
    }

    /// What was done in a post that only the other record has rests on the merge: it is not taken back before that is.
    async fn a_merge_on_which_work_rests_stays(world: World, p: Province) {
        employed(&world, &p.xingning, "骨干已", "backbone_teacher").await;
        let old = record(&world, &p.xingning, "骨干已").await;
        let kept = record(&world, &p.xingning, "骨干乙").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let two = [("record", old.name.person()), ("into", kept.name.person()), ("reason", "同一个人")];
        let done = merging(&school, &p.xingning, "", &two).await;
        assert_eq!(done.status, 303, "nothing names it: {:?}", done.all(".errors"));
        let end = [("row", kept.id.as_str()), ("day", "2026-10-31"), ("sure", "yes")];
        assert_eq!(school.post(&format!("/registry/{}/people/end", p.xingning), &end).await.status, 303);
        trained(&world, &p, kept.name.person(), "2026-11-10", "2026-11-12").await;
        assert_eq!((covered(&world, &p).await, off(&world).await), (1, 0));
        let refused = merging(&school, &p.xingning, "/part", &[("record", old.name.person()), ("version", "1")]).await;
        assert!(refused.status == 409 && refused.says("2026-11-10 兴宁甲校"), "{}", refused.text());
        assert_eq!(off(&world).await, 0);
    }

    /// Nobody is at two schools on one day: such records are two people's. What is somebody else's to keep is not spoken of.
    async fn two_places_on_a_day_are_two_people(world: World, p: Province) {
        employed(&world, &p.lead, "主任假", "middle_manager").await;
        claim(&world, &p.lead, &p.running, "residency", "主任甲", "2026-10-01", Some("2026-10-15")).await;
        claim(&world, &p.lead, &p.running, "residency", "主任假", "2026-10-12", Some("2026-10-20")).await;
        let (old, kept) = (record(&world, &p.lead, "主任假").await, record(&world, &p.lead, "主任甲").await);
        let lead = world.agent(&p.lead, "lead").await;
        let two = [("record", old.name.person()), ("into", kept.name.person()), ("reason", "同一个人")];
        assert_eq!(merging(&lead, &p.lead, "", &two).await.status, 303);
        let office = world.agent(&p.office, "province").await;
        let agreed = merging(&office, &p.lead, "/agree", &[("record", old.name.person()), ("version", "1")]).await;
        assert!(agreed.status == 409 && agreed.says("不会是同一个人") && !agreed.says("撤销合并"), "{}", agreed.text());
        let waits = office.get(&format!("/registry/{}/people", p.lead)).await;
        assert!(waits.says("待另一人同意") && !waits.says("撤销合并"), "nothing of it was written");
        let stranger = world.agent(&p.other_lead, "lead").await;
        assert_eq!(merging(&stranger, &p.lead, "", &two).await.status, 404);
    }
}

both_engines! {
    /// Whoever sees few organisations reads the same posts in the same order, from page to page, by another way.
    async fn posts_of_few_are_those_of_the_long_way(world: World, p: Province) {
        let mut tx = world.tx().await;
        let school = actor(&mut tx, &p.xingning, "county_school").await;
        tx.act_as(school);
        assert!(tx.actor().scope.is_narrow());
        let long: Vec<HeldPost> = tx.all(&POSTS_AFTER, args!["", 200_i64]).await.unwrap();
        let long: Vec<String> = long.into_iter().map(|post| post.id).collect();
        assert!(long.len() > 10, "its own and those of its helpers: {long:?}");
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let page = posts_after(&mut tx, &after, 4).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.id.clone();
            read.extend(page.into_iter().map(|post| post.id));
        }
        assert_eq!(read, long);
    }
}

/// What hangs on entries, outputs, profiles and announcements of a school, each of which is asked for.
const HANGING: [(&str, &str); 9] = [
    ("announcement", "person"),
    ("attachment", "org"),
    ("entry_part", "org"),
    ("figure_change", "school"),
    ("figure_month", "school"),
    ("figure_person", "school"),
    ("figure_reported", "school"),
    ("figure_row", "school"),
    ("figure_year", "school"),
];

both_engines! {
    /// A new table that refers to a school or to somebody is named before either goes, and not only refused by the database.
    async fn what_refers_to_a_school_or_a_person_is_asked_for(world: World) {
        for (table, text) in [("org", ORG_USED.text), ("person", PERSON_USED.text)] {
            let (asked, there) = (asked(text), references(&world.app.db, table).await.unwrap());
            assert!(there.len() > 8, "{table}: {there:?}");
            for (child, column) in there {
                let hangs = HANGING.contains(&(child.as_str(), column.as_str()));
                let message = format!("{child}.{column} refers to {table}: name it in registry/data/images.rs");
                assert!(hangs || asked.contains(&(child, column)), "{message}");
            }
        }
    }
}
