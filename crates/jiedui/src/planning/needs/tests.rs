//! Needs, capacities, and the draft of a form on the server.

use super::CapacityRow;
use super::NewCapacity;
use super::NewNeed;
use super::data;
use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World, actor, day};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{COOKIE, HOST, LOCATION, REFERER};
use chrono::TimeDelta;
use jiedui_kernel::Error;
use jiedui_store::args;
use tower::ServiceExt as _;

async fn add(school: &Agent, title: &str) {
    let answer = school.post("/needs/new", &[("clause", "T4.2"), ("title", title)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// Titles and places of the open needs, as the school sees them.
async fn ranking(school: &Agent) -> Vec<(String, i64)> {
    let view = school.get_json("/needs").await.json();
    let rows = view["open"].as_array().unwrap();
    let one = |row: &serde_json::Value| {
        (row["need"]["title"].as_str().unwrap().to_owned(), row["need"]["rank"].as_i64().unwrap())
    };
    rows.iter().map(one).collect()
}

fn describe(expected: &[&str]) -> Vec<(String, i64)> {
    expected.iter().zip(1..).map(|(title, rank)| ((*title).to_owned(), rank)).collect()
}

async fn id_of(school: &Agent, title: &str) -> String {
    let view = school.get_json("/needs").await.json();
    let mut rows =
        [view["open"].as_array().unwrap().clone(), view["over"].as_array().unwrap().clone()].concat();
    rows.retain(|row| row["need"]["title"] == title);
    rows[0]["need"]["id"].as_str().unwrap().to_owned()
}

/// A project that names a need; the two words say how it stands.
async fn project(world: &World, pairing: &str, need: &str, filed: bool, ended: &str) -> String {
    let mut tx = world.tx().await;
    let id = crate::testing::answer(&mut tx, pairing, need, filed, ended).await;
    tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

const FIRST: &str = "3 名数控教师跟岗";

both_engines! {
    /// New ones come last; moving trades places; what is closed or dropped leaves no gap; what is taken up again is last.
    async fn ranks_are_whole_whatever_happens(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        for title in ["甲", "乙", "丙"] {
            add(&school, title).await;
        }
        assert_eq!(ranking(&school).await, describe(&[FIRST, "甲", "乙", "丙"]));
        let shift = async |title: &str, to: &str| {
            let path = format!("/needs/{}/move", id_of(&school, title).await);
            assert_eq!(school.post(&path, &[("to", to)]).await.status, 303);
        };
        shift("丙", "up").await;
        shift(FIRST, "up").await;
        assert_eq!(ranking(&school).await, describe(&[FIRST, "甲", "丙", "乙"]), "the first stays first");
        shift(FIRST, "down").await;
        shift("乙", "down").await;
        assert_eq!(ranking(&school).await, describe(&["甲", FIRST, "丙", "乙"]), "the last stays last");
        let stale = format!("/needs/{}/move", id_of(&school, "丙").await);
        school.post(&stale, &[("to", "up"), ("rank", "4")]).await;
        assert!(school.get("/needs").await.says("顺序刚被同事调整过"), "an old page moves nothing");
        assert_eq!(ranking(&school).await, describe(&["甲", FIRST, "丙", "乙"]));
        // Time stands still in tests, and history is told in the order of time.
        let path = async |title: &str, act: &str| {
            world.clock().advance(TimeDelta::seconds(1));
            format!("/needs/{}/{act}", id_of(&school, title).await)
        };
        let close = [("version", "1"), ("helped", "partly"), ("word", "来过一次")];
        assert_eq!(school.post(&path("甲", "close").await, &close).await.status, 303);
        assert_eq!(school.post(&path("丙", "drop").await, &[("version", "1"), ("reason", "已自行解决")]).await.status, 303);
        assert_eq!(ranking(&school).await, describe(&[FIRST, "乙"]));
        assert_eq!(school.post(&path("甲", "reopen").await, &[("version", "2")]).await.status, 303);
        assert_eq!(ranking(&school).await, describe(&[FIRST, "乙", "甲"]));
        let history = school.get(&format!("/needs/{}", id_of(&school, "甲").await)).await.all(".timeline-what");
        assert_eq!(history, ["恢复", "办结", "提出需求"]);
    }
}

both_engines! {
    /// Colleagues who write and move at once do so one after the other.
    async fn two_colleagues_at_once_leave_the_ranking_whole(world: World, p: Province) {
        let (one, two) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.xingning, "county_school").await);
        tokio::join!(add(&one, "甲"), add(&two, "乙"), add(&one, "丙"), add(&two, "丁"));
        let ranks = async || ranking(&one).await.into_iter().map(|(_, rank)| rank).collect::<Vec<_>>();
        assert_eq!(ranks().await, [1, 2, 3, 4, 5]);
        let (a, b) = (format!("/needs/{}/move", id_of(&one, "甲").await), format!("/needs/{}/move", id_of(&one, "乙").await));
        tokio::join!(one.post(&a, &[("to", "up")]), two.post(&b, &[("to", "up")]), one.post(&a, &[("to", "down")]));
        assert_eq!(ranks().await, [1, 2, 3, 4, 5]);
    }
}

both_engines! {
    /// Whether it helped is the school's word and nobody else's; without a word nothing is closed.
    async fn only_the_school_closes_and_with_a_word(world: World, p: Province) {
        let need = format!("/needs/{}", p.papers[0].need);
        let close = format!("{need}/close");
        let fields = [("version", "1"), ("helped", "yes"), ("word", "两名教师已能独立带实训")];
        for (org, role) in [(&p.lead, "lead"), (&p.nearby, "nearby"), (&p.county, "county"), (&p.office, "province")] {
            assert_eq!(world.agent(org, role).await.post(&close, &fields).await.status, 403, "{role}");
        }
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.post(&close, &fields).await.status, 404);
        let mut tx = world.tx().await;
        let row = crate::planning::needs::find(&mut tx, &p.papers[0].need).await.unwrap();
        let bureau = actor(&mut tx, &p.county, "county").await;
        tx.act_as(bureau);
        assert!(matches!(crate::planning::needs::close(&mut tx, &row, 1, "yes", "好").await, Err(Error::Forbidden(_))));
        drop(tx);
        let school = world.agent(&p.xingning, "county_school").await;
        let wordless = school.post(&close, &[("version", "1"), ("helped", "yes"), ("word", "")]).await;
        assert_eq!(wordless.status, 422);
        assert_eq!(wordless.attributes(".errors a", "href"), ["#f-word"]);
        assert_eq!(wordless.attributes("input[name=helped][checked]", "value"), ["yes"], "nothing typed is lost");
        assert_eq!(school.post(&close, &[("version", "1"), ("word", "好")]).await.attributes(".errors a", "href"), ["#f-helped"]);
        assert_eq!(school.post(&close, &fields).await.status, 303);
        let page = world.agent(&p.lead, "lead").await.get(&need).await;
        assert!(page.says("已满足") && page.says("两名教师已能独立带实训"), "the helpers read it");
        let late = school.post(&close, &[("version", "2"), ("helped", "no"), ("word", "又写一遍")]).await;
        assert_eq!(late.status, 409, "what is closed is closed once");
        assert!(late.says("又写一遍"), "nothing typed is lost");
    }
}

both_engines! {
    /// Answered is read from the filed projects: one in draft, or taken off the list, answers nothing.
    async fn a_filed_project_answers_a_need(world: World, p: Province) {
        let need = &p.papers[0].need;
        let office = world.agent(&p.office, "province").await;
        let page = format!("/needs/{need}");
        let state = async || office.get_json(&page).await.json()["shown"]["state"]["label"].as_str().unwrap().to_owned();
        assert_eq!(state().await, "待回应");
        let other = world.agent(&p.lead, "lead").await;
        project(&world, &p.running, need, false, "").await;
        assert_eq!(state().await, "待回应", "a draft answers nothing");
        project(&world, &p.ended, need, true, "removed").await;
        assert_eq!(state().await, "待回应", "what was taken off the list answers nothing");
        let id = project(&world, &p.strange, need, true, "").await;
        assert_eq!(state().await, "已有项目");
        let shown = office.get(&page).await;
        assert_eq!(shown.attributes("[data-behind-row] a", "href"), [format!("/projects/{id}")]);
        let hidden = other.get(&page).await;
        assert_eq!(hidden.attributes("[data-behind-row] a", "href"), [""; 0], "another pairing's project is counted, not shown");
        assert!(!hidden.says("接收教师跟岗") && hidden.says("另一组结对的项目"));
        let count = other.get_json("/needs").await.json();
        assert_eq!(count["rows"][0]["answers"]["raw"], 1);
        let open = office.get_json("/needs?state=open").await.json();
        assert!(open["rows"].as_array().unwrap().iter().all(|row| row["need"]["id"] != need.as_str()));
        assert_eq!(office.get_json("/needs?state=answered").await.json()["rows"][0]["need"]["id"], need.as_str());
    }
}

both_engines! {
    /// By task and by school the same needs are told, and each number opens the list that it counts.
    async fn unanswered_needs_add_up_to_the_lists_they_open(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        for (clause, title) in [("T5.1", "专业指导"), ("T12.1", "招聘会"), ("T1.1", "补齐实训场地"), ("T4.2", "教师培训")] {
            assert_eq!(school.post("/needs/new", &[("clause", clause), ("title", title)]).await.status, 303);
        }
        let answered = id_of(&school, "补齐实训场地").await;
        project(&world, &p.running, &answered, true, "").await;
        for (org, role, whole) in [(&p.office, "province", 6), (&p.city, "city", 4), (&p.county, "county", 4)] {
            let agent = world.agent(org, role).await;
            let view = agent.get_json("/needs/unanswered").await.json();
            assert_eq!(view["total"]["raw"], whole, "{role}");
            for half in ["tasks", "schools"] {
                let mut sum = 0;
                for line in view[half].as_array().unwrap() {
                    let (raw, href) = (line["number"]["raw"].as_i64().unwrap(), line["number"]["href"].as_str().unwrap());
                    let rows = agent.get_json(href).await.json()["rows"].as_array().unwrap().len();
                    assert_eq!(rows as i64, raw, "{role} {href}");
                    sum += raw;
                }
                assert_eq!(sum, whole, "{role} {half}");
            }
            let names: Vec<&str> = view["tasks"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap()).collect();
            assert_eq!(names, ["师资队伍", "特色专业", "就业创业服务"], "in the order of the plan");
        }
    }
}

both_engines! {
    /// One sees the needs of one's own part of the province and of the schools one is paired with now.
    async fn needs_are_seen_within_reach_only(world: World, p: Province) {
        let [running, ended, strange] = p.papers.each_ref().map(|papers| papers.need.clone());
        let sees = async |org: &str, role: &str| {
            let agent = world.agent(org, role).await;
            let mut seen = Vec::new();
            for id in [&running, &ended, &strange] {
                seen.push(agent.get(&format!("/needs/{id}")).await.status.as_u16());
            }
            let rows = agent.get_json("/needs").await.json();
            let rows = rows["rows"].as_array().or(rows["open"].as_array()).unwrap().len();
            assert_eq!(rows, seen.iter().filter(|status| **status == 200).count(), "{role}: list and pages agree");
            seen
        };
        assert_eq!(sees(&p.office, "province").await, [200, 200, 200]);
        assert_eq!(sees(&p.city, "city").await, [200, 404, 404]);
        assert_eq!(sees(&p.nearby, "nearby").await, [200, 404, 404]);
        assert_eq!(sees(&p.lead, "lead").await, [200, 404, 404], "a former partner does not see it any more");
        assert_eq!(sees(&p.other_lead, "lead").await, [404, 200, 200], "the new partner does");
        assert_eq!(sees(&p.xingning, "county_school").await, [200, 404, 404]);
    }
}

both_engines! {
    async fn a_need_is_checked_at_each_field(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let wrong = async |fields: &[(&str, &str)]| -> Vec<String> {
            let answer = school.post("/needs/new", fields).await;
            assert_eq!(answer.status, 422);
            answer.attributes(".errors a", "href")
        };
        assert_eq!(wrong(&[]).await, ["#f-clause", "#f-title"]);
        assert_eq!(wrong(&[("clause", "S1.4"), ("title", "甲")]).await, ["#f-clause"], "a task's sentence");
        let long = "长".repeat(61);
        assert_eq!(wrong(&[("clause", "T4.2"), ("title", &long)]).await, ["#f-title"]);
        let need = [("clause", "T4.2"), ("title", "甲")];
        let with = |more: &[(&'static str, &'static str)]| [&need[..], more].concat();
        assert_eq!(wrong(&with(&[("quantity", "3")])).await, ["#f-unit"]);
        assert_eq!(wrong(&with(&[("unit", "人次")])).await, ["#f-quantity"]);
        assert_eq!(wrong(&with(&[("quantity", "0"), ("unit", "人次")])).await, ["#f-quantity"]);
        assert_eq!(wrong(&with(&[("wished_on", "2026-11-23")])).await, ["#f-wished_on"]);
        let sized = with(&[("quantity", "2000"), ("unit", "元"), ("wished_on", "2026-11-24")]);
        assert_eq!(school.post("/needs/new", &sized).await.status, 303);
        let page = format!("/needs/{}", id_of(&school, "甲").await);
        assert_eq!(school.get(&page).await.all(".facts .figure"), ["2000元"]);
        assert_eq!(school.get(&format!("{page}/edit")).await.attributes("input[name=quantity]", "value"), ["2000"]);
        world.clock().advance(TimeDelta::days(3));
        let school = world.agent(&p.xingning, "county_school").await;
        let later = with(&[("version", "1"), ("quantity", "2000"), ("unit", "元"), ("wished_on", "2026-11-24")]);
        assert_eq!(school.post(&format!("{page}/edit"), &later).await.status, 303, "a day that has passed since may stay");
    }
}

both_engines! {
    /// Two colleagues edit one need: the second sees both versions, and loses nothing.
    async fn a_conflict_shows_both_versions(world: World, p: Province) {
        let (one, two) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.xingning, "county_school").await);
        let path = format!("/needs/{}/edit", p.papers[0].need);
        let fields = |title: &'static str, detail: &'static str, version: &'static str| {
            [("clause", "T4.4"), ("title", title), ("detail", detail), ("quantity", "3"), ("unit", "人"), ("wished_on", "2026-12-20"), ("version", version)]
        };
        assert_eq!(one.post(&path, &fields("四名教师跟岗", "春季学期", "1")).await.status, 303);
        let late = two.post(&path, &fields("五名教师跟岗", "春季学期", "1")).await;
        assert_eq!(late.status, 409);
        assert_eq!(late.attributes("input[name=title]", "value"), ["五名教师跟岗"], "nothing typed is lost");
        assert_eq!(late.all(".theirs .user-text"), ["四名教师跟岗"], "only what differs");
        assert!(late.says("已经保存了新的内容"));
        assert_eq!(late.attributes("input[name=version]", "value"), ["2"]);
        assert_eq!(two.post(&path, &fields("五名教师跟岗", "春季学期", "2")).await.status, 303, "saved again on purpose");
        assert_eq!(one.get_json(&format!("/needs/{}", p.papers[0].need)).await.json()["shown"]["need"]["title"], "五名教师跟岗");
        let (six, seven) = (fields("六名", "", "3"), fields("七名", "", "3"));
        let (a, b) = tokio::join!(one.post(&path, &six), two.post(&path, &seven));
        let mut both = [a.status.as_u16(), b.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [303, 409]);
    }
}

fn filled(page: &PageResponse) -> (Vec<String>, Vec<String>) {
    (page.attributes("input[name=title]", "value"), page.all("textarea[name=detail]"))
}

both_engines! {
    /// What was typed outlives the session, is there for the account alone, and is gone once it is sent.
    async fn a_draft_comes_back_after_a_new_session(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let page = school.get("/needs/new").await;
        assert_eq!(page.attributes("form[data-draft]", "data-draft"), ["need-new"]);
        assert!(!page.says("没有提交的内容"));
        let typed = [("clause", "T4.2"), ("title", "两名焊接教师"), ("detail", "下学期"), ("quantity", ""), ("unit", "")];
        school.post("/drafts/need-new", &typed).await;
        world.clock().advance(TimeDelta::minutes(40));
        assert!(school.get("/needs/new").await.location.starts_with("/signin"));
        let again = world.agent(&p.xingning, "county_school").await;
        let page = again.get("/needs/new").await;
        assert_eq!(filled(&page), (vec!["两名焊接教师".to_owned()], vec!["下学期".to_owned()]));
        assert!(page.says("没有提交的内容"));
        let other = world.agent(&p.nanxiong, "county_school").await.get("/needs/new").await;
        assert_eq!(filled(&other).1, [""], "nobody else's form is filled with it");
        assert_eq!(again.post("/needs/new", &typed).await.status, 303);
        let page = again.get("/needs/new").await;
        assert_eq!(filled(&page).1, [""]);
        assert!(!page.says("没有提交的内容"));
    }
}

both_engines! {
    /// A draft that began before a colleague saved says so as soon as it is taken up.
    async fn an_old_draft_shows_what_was_saved_since(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let need = &p.papers[0].need;
        let (path, draft) = (format!("/needs/{need}/edit"), format!("/drafts/need-{need}"));
        let fields = |title: &'static str, version: &'static str| [("clause", "T4.4"), ("title", title), ("version", version)];
        school.post(&draft, &fields("旧稿", "1")).await;
        let colleague = world.agent(&p.xingning, "county_school").await;
        let done = colleague.post(&path, &fields("新稿", "1")).await;
        assert_eq!(done.status, 303);
        // One account in this world, so the sending forgot the draft; another machine keeps typing.
        school.post(&draft, &fields("旧稿", "1")).await;
        let page = school.get(&path).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.attributes("input[name=title]", "value"), ["旧稿"]);
        assert!(page.all(".theirs .user-text").contains(&"新稿".to_owned()));
        assert_eq!(page.attributes("input[name=version]", "value"), ["2"]);
    }
}

both_engines! {
    /// A form that is sent after the session ended leads, after signing in, back to its page.
    async fn a_lost_session_leads_back_to_the_form(world: World) {
        let post = async |referer: &str| {
            let request = Request::builder().method("POST").uri("/needs/new").header(HOST, "jiedui.example")
                .header(REFERER, referer).header(COOKIE, "jiedui=lost").body(Body::empty()).unwrap();
            let response = world.router.clone().oneshot(request).await.unwrap();
            response.headers()[LOCATION].to_str().unwrap().to_owned()
        };
        assert_eq!(post("https://jiedui.example/needs/new?clause=T4.2").await, "/signin?next=%2Fneeds%2Fnew%3Fclause%3DT4.2");
        assert_eq!(post("https://elsewhere.example/needs/new").await, "/signin?next=%2F");
    }
}

both_engines! {
    async fn a_college_keeps_its_own_capacities(world: World, p: Province) {
        let nearby = world.agent(&p.nearby, "nearby").await;
        let wrong = nearby.post("/capacities/new", &[("clause", "G1.1"), ("schools", "101"), ("from", "2026-12-01"), ("to", "2026-11-01")]).await;
        assert_eq!(wrong.status, 422);
        let mut places = wrong.attributes(".errors a", "href");
        places.sort();
        assert_eq!(places, ["#f-clause", "#f-schools", "#f-strength", "#f-to"], "each told once");
        let fields = [("clause", "T7.1"), ("majors", "焊接"), ("strength", "竞赛教练"), ("schools", "2"), ("from", "2026-12-01")];
        assert_eq!(nearby.post("/capacities/new", &fields).await.status, 303);
        let school = world.agent(&p.xingning, "county_school").await;
        let rows = async |query: &str| school.get_json(&format!("/capacities{query}")).await.json()["rows"].as_array().unwrap().len();
        assert_eq!((rows("").await, rows("?current=yes").await, rows("?task=T7").await, rows("?q=焊").await), (2, 1, 1, 1));
        assert_eq!(school.get("/capacities/new").await.status, 403);
        let edit = format!("/capacities/{}/edit", p.papers[0].capacity);
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.get(&edit).await.status, 403, "seen, and another's");
        assert_eq!(world.agent(&p.other_lead, "lead").await.get(&edit).await.status, 404);
        let fields = |strength: &'static str, version: &'static str| {
            [("clause", "T4.2"), ("majors", "数控加工"), ("strength", strength), ("schools", "2"), ("from", "2026-09-01"), ("version", version)]
        };
        assert_eq!(nearby.post(&edit, &fields("接收八名", "1")).await.status, 303);
        let late = nearby.post(&edit, &fields("接收九名", "1")).await;
        assert_eq!((late.status.as_u16(), late.all(".theirs .user-text")), (409, vec!["接收八名".to_owned()]));
        let end = format!("/capacities/{}/end", p.papers[0].capacity);
        assert_eq!(nearby.post(&end, &[("version", "1")]).await.status, 409);
        assert_eq!(nearby.post(&end, &[("version", "2")]).await.status, 303);
        assert_eq!(nearby.post(&end, &[("version", "3")]).await.status, 409, "ended once");
        let mut tx = world.tx().await;
        let row = tx.find::<CapacityRow>(&data::CAPACITY, args![&p.papers[0].capacity]).await.unwrap();
        assert_eq!(row.to_day, Some(day("2026-11-24")));
    }
}

both_engines! {
    /// The functions that generators use check what the pages check.
    async fn without_the_flag_no_need_is_written(world: World, p: Province) {
        let mut tx = world.tx().await;
        let programme = world.app.programme();
        let (college, bureau) = (actor(&mut tx, &p.lead, "lead").await, actor(&mut tx, &p.county, "county").await);
        tx.act_as(college);
        let new = NewNeed { clause: "T4.2".to_owned(), title: "甲".to_owned(), ..NewNeed::default() };
        assert!(matches!(crate::planning::needs::write(&mut tx, &programme, &new).await, Err(Error::Forbidden(_))));
        tx.act_as(bureau);
        let new = NewCapacity {
            clause: "T4.2".to_owned(), majors: String::new(), strength: "能".to_owned(), schools: 1,
            from: day("2026-09-01"), to: None,
        };
        assert!(matches!(crate::planning::needs::write_capacity(&mut tx, &programme, &new).await, Err(Error::Forbidden(_))));
    }
}

both_engines! {
    /// Whoever sees few schools reads the same needs in the same order, from page to page, by another way.
    async fn needs_of_few_are_those_of_the_long_way(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        for title in ["甲", "乙", "丙", "丁"] {
            add(&school, title).await;
        }
        let mut tx = world.tx().await;
        let lead = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(lead);
        assert!(tx.actor().scope.is_narrow());
        let long = tx.all::<data::NeedRow>(&data::AFTER, args!["", 200_i64]).await.unwrap();
        let long: Vec<String> = long.into_iter().map(|need| need.id).collect();
        assert!(long.len() > 4, "{long:?}");
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let page = crate::planning::needs::after(&mut tx, &after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.id.clone();
            read.extend(page.into_iter().map(|need| need.id));
        }
        assert_eq!(read, long);
    }
}
