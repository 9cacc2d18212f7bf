//! A year of a project list, on both engines.

mod built;
mod found;
mod left_open;
mod owned;
mod recheck;
mod workbook;

use super::data::{Ended, ListState};
use super::rules::{self, Fields};
use super::{actions, data};
use crate::both_engines;
use crate::network::pairings::PairingRow;
use crate::testing::{Agent, PageResponse, Province, day};
use jiedui_kernel::Code;
use jiedui_store::{Tx, args};

/// What a project of a pairing says, where a test does not say otherwise.
fn said(pairing: &PairingRow, unit: &str) -> Fields {
    Fields {
        title: "师资培训".to_owned(),
        clause: "S4.2".to_owned(),
        basis: "highlight".to_owned(),
        need: None,
        outcome: "教师轮训一遍".to_owned(),
        quantity: 30,
        unit: rules::unit_of(unit),
        owner_org: pairing.lead.clone(),
        owner: None,
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        lead_does: String::new(),
        nearby_does: String::new(),
        budget: std::collections::BTreeMap::new(),
    }
}

/// One filed project in a list that is filed, made directly.
pub async fn example(tx: &mut Tx, pairing: &PairingRow, year: i64, unit: &str) -> (String, String) {
    let list = tx.new_id();
    tx.write(&data::INSERT_LIST, args![&list, &pairing.id, year]).await.unwrap();
    let fields = said(pairing, unit);
    let at = actions::ProjectPlace {
        list: &list,
        pairing: &pairing.id,
        year,
        place: 1,
        order_key: "1".to_owned(),
        carried_from: None,
    };
    let project = actions::insert(tx, at, &fields).await.unwrap();
    let found = <super::ListRow as crate::shared::review::Answered>::find(tx, &list).await.unwrap();
    tx.change(&found, &data::PUT_IN_FORCE, Vec::new()).await.unwrap();
    let filed = args![ListState::Filed, format!("测试〔2026〕{}", &list[20..]), fields.from];
    data::FILE_LIST.at(&found, 1, filed).write(tx, "").await.unwrap();
    (list, project)
}

/// A world with its province, and the four who play a list through.
struct Players {
    lead: Agent,
    nearby: Agent,
    school: Agent,
    city: Agent,
    office: Agent,
}

async fn players(world: &crate::testing::World, p: &Province) -> Players {
    Players {
        lead: world.agent(&p.lead, "lead").await,
        nearby: world.agent(&p.nearby, "nearby").await,
        school: world.agent(&p.xingning, "county_school").await,
        city: world.agent(&p.city, "city").await,
        office: world.agent(&p.office, "province").await,
    }
}

/// What the hidden field of the form that goes to this address says.
fn hidden(page: &PageResponse, action: &str, name: &str) -> String {
    let selector = format!("form[action=\"{action}\"] input[name={name}]");
    page.attributes(&selector, "value").into_iter().next().unwrap_or_default()
}

fn project<'a>(need: &'a str, owner: &'a str, title: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("basis", need),
        ("title", title),
        ("outcome", "两个专业的教师都轮训一遍"),
        ("quantity", "30"),
        ("unit", "person_times"),
        ("owner", owner),
        ("from", "2027-03-01"),
        ("to", "2027-11-30"),
        ("lead_does", "派教师、出教材"),
        ("budget-province", "12.5"),
    ]
}

/// Begins the list of 2027 of the running pairing; returns its address.
async fn begun(lead: &Agent, p: &Province) -> String {
    begun_on(lead, &p.running).await
}

async fn begun_on(lead: &Agent, pairing: &str) -> String {
    let done = lead.post("/lists/new", &[("pairing", pairing), ("year", "2027")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.location
}

async fn add(lead: &Agent, list: &str, fields: &[(&str, &str)]) -> String {
    let done = lead.post(&format!("{list}/add"), fields).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
    let page = lead.get(list).await;
    page.attributes("td[data-label=项目] a", "href").last().unwrap().clone()
}

async fn press(agent: &Agent, list: &str, act: &str, more: &[(&str, &str)]) -> PageResponse {
    let action = format!("{list}/{act}");
    let version = hidden(&agent.get(list).await, &action, "version");
    let mut fields = vec![("version", version.as_str())];
    fields.extend(more);
    agent.post(&action, &fields).await
}

/// Drafted, agreed by both, commented on: it waits for the office. Returns its project.
async fn awaited(players: &Players, (need, lead): (&str, &str), list: &str) -> String {
    let project = add(&players.lead, list, &project(need, lead, "数控教师轮训")).await;
    assert_eq!(press(&players.lead, list, "submit", &[]).await.status, 303);
    for actor in [&players.nearby, &players.school] {
        assert_eq!(press(actor, list, "answer", &[("verdict", "agree")]).await.status, 303);
    }
    assert_eq!(press(&players.city, list, "comment", &[("words", "无意见")]).await.status, 303);
    project
}

/// Drafted, agreed by both, commented on, filed: returns the list's address.
async fn filed(players: &Players, p: &Province) -> (String, String) {
    let list = begun(&players.lead, p).await;
    let project = awaited(players, (&p.papers[0].need, &p.lead), &list).await;
    let page = players.office.get(&list).await;
    let number = page.attributes("input[name=number]", "value")[0].clone();
    let done =
        press(&players.office, &list, "file", &[("number", &number), ("filed_on", "2026-11-24")]).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
    (list, project)
}

async fn state(agent: &Agent, list: &str) -> String {
    agent.get_json(list).await.json()["state"]["label"].as_str().unwrap().to_owned()
}

async fn bureau(world: &crate::testing::World, city: &str) -> String {
    crate::network::registry::bureau(&mut world.tx().await, "city_bureau", city).await.unwrap().unwrap()
}

both_engines! {
    /// Two lists filed at the same instant under one number.
    async fn a_number_is_given_once(world: World, p: Province) {
        let play = players(&world, &p).await;
        let row = crate::network::pairings::find(&mut world.tx().await, &p.strange).await.unwrap();
        let strangers = Players {
            lead: world.agent(&p.other_lead, "lead").await,
            nearby: world.agent(&row.nearby, "nearby").await,
            school: world.agent(&p.nanxiong, "county_school").await,
            city: world.agent(&bureau(&world, "440200").await, "city").await,
            office: world.agent(&p.office, "province").await,
        };
        let (one, other) = (begun(&play.lead, &p).await, begun_on(&strangers.lead, &p.strange).await);
        awaited(&play, (&p.papers[0].need, &p.lead), &one).await;
        awaited(&strangers, (&p.papers[2].need, &p.other_lead), &other).await;
        let office = strangers.office;
        let fields = [("number", "协作备〔2027〕1号"), ("filed_on", "2026-11-24")];
        let (a, b) =
            world.at_once(press(&play.office, &one, "file", &fields), press(&office, &other, "file", &fields)).await;
        let lost = if a.status == 303 { &b } else { &a };
        assert_ne!(a.status == 303, b.status == 303, "one of two");
        assert!(lost.status == 422 && lost.refuses(Code::Duplicate), "{}", lost.status);
    }
}

both_engines! {
    /// The lead drafts; only when the nearby and the county school agree does it go in; the city speaks; the office
    /// files it with a number. Each party's desk and page offer what it can do, and nothing else.
    async fn a_list_is_drafted_agreed_commented_and_filed(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        assert_eq!(state(&play.office, &list).await, "起草中");
        let empty = press(&play.lead, &list, "submit", &[]).await;
        assert_eq!(empty.status, 422);
        assert!(empty.refuses(Code::Missing));
        add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        assert_eq!(press(&play.lead, &list, "submit", &[]).await.status, 303);
        assert_eq!(state(&play.office, &list).await, "征求同意");
        assert!(!play.office.get(&list).await.says("备案编号"), "the office waits");
        assert_eq!(press(&play.nearby, &list, "answer", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(state(&play.office, &list).await, "征求同意", "one of two");
        assert_eq!(press(&play.school, &list, "answer", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(state(&play.office, &list).await, "待备案");
        let early = press(&play.office, &list, "file", &[("number", "一号"), ("filed_on", "2026-11-24")]).await;
        assert_ne!(early.status, 303, "the city still has its time");
        assert_eq!(press(&play.city, &list, "comment", &[("words", "无意见")]).await.status, 303);
        let done = press(&play.office, &list, "file", &[("number", "协作备〔2027〕1号"), ("filed_on", "2026-11-24")]).await;
        assert_eq!(done.status, 303);
        assert_eq!(state(&play.lead, &list).await, "已备案");
        assert!(play.school.get(&list).await.says("协作备〔2027〕1号"));
        let need = play.school.get(&format!("/needs/{}", p.papers[0].need)).await;
        assert!(need.says("数控教师轮训"), "the need shows what answers it");
    }

    /// Silence does not block: after five working days the office may file without the city's word.
    async fn the_citys_silence_is_shown_and_does_not_block(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        press(&play.lead, &list, "submit", &[]).await;
        for actor in [&play.nearby, &play.school] {
            press(actor, &list, "answer", &[("verdict", "agree")]).await;
        }
        assert!(!play.office.get(&list).await.says("备案编号"));
        world.clock().advance(chrono::TimeDelta::days(8));
        let play = players(&world, &p).await;
        let page = play.office.get(&list).await;
        assert!(page.says("市局在规定的工作日内没有提意见"));
        assert_eq!(press(&play.office, &list, "file", &[("number", "二号"), ("filed_on", "2026-12-01")]).await.status, 303);
    }

    /// Returned with a remark on a field: the lead sees it there; a mended list asks the two again, an unchanged one does not.
    async fn a_returned_list_shows_its_remarks_and_asks_again_only_where_it_changed(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let one = add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        let id = one.rsplit('/').next().unwrap().to_owned();
        let hand_in = async || {
            press(&play.lead, &list, "submit", &[]).await;
        };
        hand_in().await;
        for actor in [&play.nearby, &play.school] {
            press(actor, &list, "answer", &[("verdict", "agree")]).await;
        }
        let form = play.office.get(&format!("{list}/return")).await;
        let version = hidden(&form, &format!("{list}/return"), "version");
        let bare = play.office.post(&format!("{list}/return"), &[("version", &version)]).await;
        assert_eq!(bare.status, 422, "a return says why");
        let remark = [("version", version.as_str()), ("reason", "缺责任人"), ("project-1", &id), ("field-1", "owner"), ("text-1", "请写到人")];
        assert_eq!(play.office.post(&format!("{list}/return"), &remark).await.status, 303);
        assert_eq!(state(&play.lead, &list).await, "退回修改");
        let edit = play.lead.get(&format!("{one}/edit")).await;
        assert!(edit.says("省办的意见：") && edit.says("请写到人"));
        hand_in().await;
        assert_eq!(state(&play.lead, &list).await, "待备案", "nothing changed: nobody is asked again");
        press(&play.lead, &list, "recall", &[]).await;
        let version = hidden(&play.lead.get(&format!("{one}/edit")).await, &format!("{one}/edit"), "version");
        let mut fields = project(&p.papers[0].need, &p.lead, "数控教师轮训（两期）");
        fields.push(("version", &version));
        assert_eq!(play.lead.post(&format!("{one}/edit"), &fields).await.status, 303);
        hand_in().await;
        assert_eq!(state(&play.lead, &list).await, "征求同意");
    }

    /// What is in force stays until the amendment is filed; then the filing says what changed.
    async fn an_amendment_holds_from_its_filing_on(world: World, p: Province) {
        let play = players(&world, &p).await;
        let (list, one) = filed(&play, &p).await;
        let version = hidden(&play.lead.get(&format!("{one}/edit")).await, &format!("{one}/edit"), "version");
        let mut fields = project(&p.papers[0].need, &p.lead, "数控教师轮训");
        fields[3].1 = "20";
        fields.push(("version", &version));
        assert_eq!(play.lead.post(&format!("{one}/edit"), &fields).await.status, 303);
        assert_eq!(state(&play.lead, &list).await, "变更中");
        let reading = play.school.get_json(&one).await.json();
        assert_eq!(reading["project"]["quantity"]["raw"], 30, "still what was filed");
        assert!(play.school.get(&one).await.says("拟作的变更"));
        press(&play.lead, &list, "submit", &[]).await;
        for actor in [&play.nearby, &play.school] {
            press(actor, &list, "answer", &[("verdict", "agree")]).await;
        }
        press(&play.city, &list, "comment", &[("words", "同意变更")]).await;
        assert_eq!(press(&play.office, &list, "file", &[("number", "变更一号"), ("filed_on", "2026-11-24")]).await.status, 303);
        assert_eq!(play.school.get_json(&one).await.json()["project"]["quantity"]["raw"], 20);
        let changes = play.city.get(&format!("{list}/changes")).await;
        assert!(changes.says("30 人次") && changes.says("20 人次"), "what changed is shown");
    }

    /// Two at one project: the slower sees both versions and loses nothing.
    async fn two_at_one_project_see_both_versions(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let one = add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        let other = world.agent(&p.lead, "lead").await;
        let action = format!("{one}/edit");
        let version = hidden(&play.lead.get(&action).await, &action, "version");
        let with = |title: &'static str, version: String| {
            let mut fields: Vec<(String, String)> = project(&p.papers[0].need, &p.lead, title)
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            fields.push(("version".to_owned(), version));
            fields
        };
        let send = async |agent: &Agent, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            agent.post(&action, &fields).await
        };
        assert_eq!(send(&play.lead, with("甲的写法", version.clone())).await.status, 303);
        let late = send(&other, with("乙的写法", version)).await;
        assert_eq!(late.status, 409);
        assert!(late.says("甲的写法") && late.attributes("input[name=title]", "value") == ["乙的写法"]);
        let now = hidden(&late, &action, "version");
        assert_eq!(send(&other, with("乙的写法", now)).await.status, 303, "saved again on purpose");
        assert!(play.lead.get(&list).await.says("乙的写法"));
    }

    /// A draft that was begun before somebody saved shows what was saved, and does not wipe it out unseen.
    async fn a_draft_older_than_what_is_saved_shows_both(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let one = add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "刚保存的名称")).await;
        let draft = format!("/drafts/project-{}", one.rsplit('/').next().unwrap());
        for (version, seen) in [("0", true), ("1", false)] {
            let kept = play.lead.post(&draft, &[("version", version), ("title", "先前打的名称")]).await;
            assert_eq!(kept.status, 303);
            let page = play.lead.get(&format!("{one}/edit")).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.attributes("input[name=title]", "value"), ["先前打的名称"]);
            assert_eq!(page.all(".theirs").iter().any(|note| note.contains("刚保存的名称")), seen);
            assert_eq!(hidden(&page, &format!("{one}/edit"), "version"), "1", "saving it is deliberate");
        }
    }

    /// A list that was carried over asks for the rest only, and ends the old project with its own filing.
    async fn what_was_not_finished_is_carried_over(world: World, p: Province) {
        let play = players(&world, &p).await;
        let done = play.lead.post("/lists/new", &[("pairing", &p.running), ("year", "2027"), ("source", "rest")]).await;
        let list = done.location;
        let rows = play.lead.get_json(&list).await.json();
        assert_eq!(rows["rows"].as_array().unwrap().len(), 1);
        assert_eq!(rows["rows"][0]["quantity"]["raw"], 30);
        press(&play.lead, &list, "submit", &[]).await;
        for actor in [&play.nearby, &play.school] {
            press(actor, &list, "answer", &[("verdict", "agree")]).await;
        }
        press(&play.city, &list, "comment", &[("words", "无意见")]).await;
        let old = format!("/projects/{}", p.papers[0].project);
        assert_ne!(play.lead.get_json(&old).await.json()["project"]["state"]["label"], "已结转");
        assert_eq!(press(&play.office, &list, "file", &[("number", "三号"), ("filed_on", "2026-11-24")]).await.status, 303);
        assert_eq!(play.lead.get_json(&old).await.json()["project"]["state"]["label"], "已结转");
    }

    /// Out as a workbook and back in: the same changes nothing; a wrong cell is reported at its place and keeps all out.
    async fn the_workbook_goes_out_and_comes_back(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        let book = play.lead.get(&format!("{list}/book")).await;
        assert_eq!(&book.bytes[..2], b"PK");
        let same = play.lead.upload(&format!("{list}/import"), "清单.xlsx", &book.bytes).await;
        assert_eq!(same.status, 303, "{:?}", same.all("table.problems td"));
        let head = "项目名称,回应的需求,年底成果,数量,单位,责任单位,开始日期,结束日期\n";
        let bad = format!("{head}新项目,特色亮点,一门课程,两门,个,广州技师学院甲,2027-03-01,2028-03-01\n");
        let told = play.lead.upload(&format!("{list}/import"), "清单.csv", bad.as_bytes()).await;
        assert_eq!(told.status, 422);
        let cells = told.all("table.problems td");
        assert!(cells.iter().any(|cell| cell.contains("数量")), "{cells:?}");
        let good = format!("{head}新项目,特色亮点,一门课程,2,个,广州技师学院甲,2027-03-01,2027-06-01\n");
        let done = play.lead.upload(&format!("{list}/import"), "清单.csv", good.as_bytes()).await;
        assert_eq!(done.status, 303, "{:?}", done.all("table.problems td"));
        assert!(play.lead.get(&list).await.says("新项目"));
        // The same rows without numbers are the same project.
        let again = play.lead.upload(&format!("{list}/import"), "清单.csv", good.as_bytes()).await;
        assert_eq!(again.status, 303, "{}", again.text());
        assert_eq!(play.lead.get_json(&list).await.json()["rows"].as_array().unwrap().len(), 2);
    }

    /// Entries that name a project move it: claimed at once, confirmed when the county school says so; then it is
    /// finished, and closing says what came of it. Nothing else moves it.
    async fn a_project_moves_with_the_entries_that_name_it(world: World, p: Province) {
        let play = players(&world, &p).await;
        let project = p.papers[0].project.clone();
        let page = format!("/projects/{project}");
        let training = |quantity: &'static str, of: &str| {
            vec![
                ("pairing", p.running.clone()),
                ("from", "2026-11-02".to_owned()),
                ("to", "2026-11-06".to_owned()),
                ("quantity", quantity.to_owned()),
                ("project", of.to_owned()),
            ]
        };
        let send = async |fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            play.lead.post("/entries/new/teacher-training", &fields).await
        };
        let strange = send(training("5", &p.papers[2].project)).await;
        assert_eq!(strange.status, 422, "another pairing's project is none of ours");
        let mut before = training("5", &project);
        (before[1].1, before[2].1) = ("2025-11-03".to_owned(), "2025-11-07".to_owned());
        let early = send(before).await;
        assert_eq!(early.status, 422);
        assert!(early.refuses(Code::NotInPeriod), "work before its first day is no part of it");
        assert_eq!(send(training("7", "")).await.status, 303, "an entry may name none");
        let done = send(training("30", &project)).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
        let reading = async || play.lead.get_json(&page).await.json();
        let now = reading().await;
        assert_eq!((now["project"]["claimed"]["raw"].as_i64(), now["project"]["confirmed"]["raw"].as_i64()), (Some(30), Some(0)));
        assert_eq!(now["project"]["state"]["label"], "已开展，待确认");
        let early = play.lead.post(&format!("{page}/close"), &[("version", "1"), ("result", "办成了")]).await;
        assert_eq!(early.status, 403, "not before it is confirmed");
        let entry = done.location;
        let yes = [("verdict", "confirm"), ("version", "1")];
        assert_eq!(play.school.post(&format!("{entry}/answer"), &yes).await.status, 303);
        assert_eq!(reading().await["project"]["state"]["label"], "已完成");
        let version = hidden(&play.lead.get(&page).await, &format!("{page}/close"), "version");
        let bare = play.lead.post(&format!("{page}/close"), &[("version", &version)]).await;
        assert_eq!(bare.status, 422, "closing says what came of it");
        let closed = play.lead.post(&format!("{page}/close"), &[("version", &version), ("result", "教师都会用新设备")]).await;
        assert_eq!(closed.status, 303);
        assert!(play.school.get(&page).await.says("教师都会用新设备"));
        let outcome = [("pairing", p.running.as_str()), ("from", "2026-11-02"), ("quantity", "1")];
        let retired = play.lead.post("/entries/new/project-outcome", &outcome).await;
        assert!(retired.status.is_client_error(), "results are recorded as what they are");
    }

    /// The filter by state is the rule once more in SQL: for each state it lists exactly what the rule says.
    async fn the_filter_by_state_says_what_the_rule_says(world: World, p: Province) {
        let mut tx = world.tx().await;
        let pairing = crate::network::pairings::find(&mut tx, &p.running).await.unwrap();
        let list = p.papers[0].list.clone();
        let like = actions::of_list(&mut tx, &list).await.unwrap()[0].fields();
        let dates = [("2026-01-01", "2026-06-30"), ("2026-01-01", "2026-12-31"), ("2026-12-01", "2026-12-31")];
        let mut made = Vec::new();
        for (at, (from, to)) in dates.into_iter().enumerate() {
            for ended in [Ended::Not, Ended::Closed, Ended::Carried, Ended::Removed] {
                for filed in [true, false] {
                    let place = made.len() as i64 + 10;
                    let stands = actions::ProjectPlace {
                        list: &list, pairing: &pairing.id, year: 2026, place, order_key: format!("9{place}"), carried_from: None,
                    };
                    let fields = Fields { from: day(from), to: day(to), ..like.clone() };
                    let id = actions::insert(&mut tx, stands, &fields).await.unwrap();
                    let project = crate::planning::projects::find(&mut tx, &id).await.unwrap();
                    if filed {
                        tx.change(&project, &data::PUT_ONE_IN_FORCE, Vec::new()).await.unwrap();
                    }
                    let end = args![ended, "", None::<jiedui_kernel::Date>];
                    data::END_PROJECT.at(&project, 1, end).write(&mut tx, "").await.unwrap();
                    if filed && ended == Ended::Not {
                        made.push((id.clone(), at));
                    }
                }
            }
        }
        tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &()).await.unwrap();
        tx.commit().await.unwrap();
        let office = world.agent(&p.office, "province").await;
        let mut total = 0;
        for (id, state) in rules::STATES {
            let page = office.get_json(&format!("/projects?year=2026&state={id}")).await.json();
            let rows = page["rows"].as_array().unwrap().clone();
            let label = rules::project_mark(state).label;
            assert!(rows.iter().all(|row| row["state"]["label"] == label), "{id}: {rows:?}");
            total += rows.len();
        }
        let all = office.get_json("/projects?year=2026").await.json();
        assert_eq!(total as i64, all["pager"]["total"]["raw"].as_i64().unwrap(), "each is in exactly one state");
        assert!(total > 15);
    }

    /// The axis is one of time: how much is done is written, and each project opens, on wide screens and on narrow ones.
    async fn the_year_draws_terms_and_writes_quantities(world: World, p: Province) {
        let play = players(&world, &p).await;
        let (_, project) = filed(&play, &p).await;
        let page = play.lead.get("/projects/year?year=2027").await;
        for drawing in ["svg.pic-wide", "svg.pic-narrow"] {
            let link = format!("{drawing} a[href='{project}']");
            let said = page.attributes(&link, "aria-label").concat();
            for part in ["0 / 30人次", "2027年3月1日至2027年11月30日"] {
                assert!(said.contains(part), "{drawing}: {said}");
            }
        }
        assert_eq!(page.all("table.table td a").iter().filter(|text| text.contains("数控教师轮训")).count(), 1);
    }

    /// A list belongs to its three parties and those above the county school: a stranger finds nothing, the lead's home
    /// city reads and does not comment.
    async fn who_may_act_on_a_list(world: World, p: Province) {
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        let stranger = world.agent(&p.other_lead, "lead").await;
        assert_eq!(stranger.get(&list).await.status, 404);
        assert_eq!(play.nearby.get(&format!("{list}/add")).await.status, 403, "the lead drafts");
        let other = stranger.post("/lists/new", &[("pairing", &p.running), ("year", "2027")]).await;
        assert_eq!(other.status, 422, "not one's own pairing");
        let former = play.lead.post("/lists/new", &[("pairing", &p.ended), ("year", "2026")]).await;
        assert_eq!(former.status, 422, "a former partner creates nothing");
    }
}
