//! A year of a project list, on both engines.

use super::data;
use crate::both_engines;
use crate::pairings::PairingRow;
use crate::testing::{Agent, Answer, Province, day};
use jiedui_store::{Tx, args};

/// One filed project in a list that is filed, made directly.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> (String, String) {
    let (list, project) = (tx.new_id(), tx.new_id());
    tx.write(&data::INSERT_LIST, args![&list, &pairing.id, 2026_i64]).await.unwrap();
    let (from, to) = (day("2026-01-01"), day("2026-12-31"));
    let values = args![
        &project,
        &list,
        &pairing.id,
        2026_i64,
        1_i64,
        "1",
        None::<String>,
        "师资培训",
        "S1.4",
        "duty",
        None::<String>,
        "教师轮训一遍",
        30_i64,
        "person_times",
        &pairing.lead,
        None::<String>,
        from,
        to,
        "",
        "",
        "{}",
        0_i64,
    ];
    tx.write(&data::INSERT_PROJECT, values).await.unwrap();
    tx.write(&data::PUT_IN_FORCE, args![&list]).await.unwrap();
    tx.write(&data::FILE_LIST, args![&list, 1_i64, format!("测试〔2026〕{}", &list[20..]), from])
        .await
        .unwrap();
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
fn hidden(page: &Answer, action: &str, name: &str) -> String {
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
    let done = lead.post("/lists/new", &[("pairing", &p.running), ("year", "2027")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.location
}

async fn add(lead: &Agent, list: &str, fields: &[(&str, &str)]) -> String {
    let done = lead.post(&format!("{list}/add"), fields).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
    let page = lead.get(list).await;
    page.attributes("td[data-label=项目] a", "href").last().unwrap().clone()
}

async fn press(agent: &Agent, list: &str, act: &str, more: &[(&str, &str)]) -> Answer {
    let action = format!("{list}/{act}");
    let version = hidden(&agent.get(list).await, &action, "version");
    let mut fields = vec![("version", version.as_str())];
    fields.extend(more);
    agent.post(&action, &fields).await
}

/// Drafted, agreed by both, commented on, filed: returns the list's address.
async fn filed(players: &Players, p: &Province) -> (String, String) {
    let list = begun(&players.lead, p).await;
    let need = p.papers[0].need.clone();
    let project = add(&players.lead, &list, &project(&need, &p.lead, "数控教师轮训")).await;
    assert_eq!(press(&players.lead, &list, "submit", &[]).await.status, 303);
    for who in [&players.nearby, &players.school] {
        assert_eq!(press(who, &list, "answer", &[("verdict", "agree")]).await.status, 303);
    }
    assert_eq!(press(&players.city, &list, "comment", &[("words", "无意见")]).await.status, 303);
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

both_engines! {
    /// The lead drafts; only when the nearby and the county school agree does it go in; the city speaks; the office
    /// files it with a number. Each party's desk and page offer what it can do, and nothing else.
    async fn a_list_is_drafted_agreed_commented_and_filed(world: World) {
        let p = Province::build(&world).await;
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        assert_eq!(state(&play.office, &list).await, "起草中");
        let empty = press(&play.lead, &list, "submit", &[]).await;
        assert_eq!(empty.status, 422);
        assert!(empty.says("清单里还没有项目"));
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
    async fn the_citys_silence_is_shown_and_does_not_block(world: World) {
        let p = Province::build(&world).await;
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        press(&play.lead, &list, "submit", &[]).await;
        for who in [&play.nearby, &play.school] {
            press(who, &list, "answer", &[("verdict", "agree")]).await;
        }
        assert!(!play.office.get(&list).await.says("备案编号"));
        world.clock().advance(chrono::TimeDelta::days(8));
        let play = players(&world, &p).await;
        let page = play.office.get(&list).await;
        assert!(page.says("市局在规定的工作日内没有提意见"));
        assert_eq!(press(&play.office, &list, "file", &[("number", "二号"), ("filed_on", "2026-12-01")]).await.status, 303);
    }

    /// Returned with a remark on a field: the lead sees it there; a mended list asks the two again, an unchanged one does not.
    async fn a_returned_list_shows_its_remarks_and_asks_again_only_where_it_changed(world: World) {
        let p = Province::build(&world).await;
        let play = players(&world, &p).await;
        let list = begun(&play.lead, &p).await;
        let one = add(&play.lead, &list, &project(&p.papers[0].need, &p.lead, "数控教师轮训")).await;
        let id = one.rsplit('/').next().unwrap().to_owned();
        let hand_in = async || {
            press(&play.lead, &list, "submit", &[]).await;
        };
        hand_in().await;
        for who in [&play.nearby, &play.school] {
            press(who, &list, "answer", &[("verdict", "agree")]).await;
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
    async fn an_amendment_holds_from_its_filing_on(world: World) {
        let p = Province::build(&world).await;
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
        for who in [&play.nearby, &play.school] {
            press(who, &list, "answer", &[("verdict", "agree")]).await;
        }
        press(&play.city, &list, "comment", &[("words", "同意变更")]).await;
        assert_eq!(press(&play.office, &list, "file", &[("number", "变更一号"), ("filed_on", "2026-11-24")]).await.status, 303);
        assert_eq!(play.school.get_json(&one).await.json()["project"]["quantity"]["raw"], 20);
        let changes = play.city.get(&format!("{list}/changes")).await;
        assert!(changes.says("30 人次") && changes.says("20 人次"), "what changed is shown");
    }

    /// Two at one project: the slower sees both versions and loses nothing.
    async fn two_at_one_project_see_both_versions(world: World) {
        let p = Province::build(&world).await;
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

    /// A list that was carried over asks for the rest only, and ends the old project with its own filing.
    async fn what_was_not_finished_is_carried_over(world: World) {
        let p = Province::build(&world).await;
        let play = players(&world, &p).await;
        let done = play.lead.post("/lists/new", &[("pairing", &p.running), ("year", "2027"), ("source", "rest")]).await;
        let list = done.location;
        let rows = play.lead.get_json(&list).await.json();
        assert_eq!(rows["rows"].as_array().unwrap().len(), 1);
        assert_eq!(rows["rows"][0]["quantity"]["raw"], 30);
        press(&play.lead, &list, "submit", &[]).await;
        for who in [&play.nearby, &play.school] {
            press(who, &list, "answer", &[("verdict", "agree")]).await;
        }
        press(&play.city, &list, "comment", &[("words", "无意见")]).await;
        let old = format!("/projects/{}", p.papers[0].project);
        assert_ne!(play.lead.get_json(&old).await.json()["project"]["state"]["label"], "已结转");
        assert_eq!(press(&play.office, &list, "file", &[("number", "三号"), ("filed_on", "2026-11-24")]).await.status, 303);
        assert_eq!(play.lead.get_json(&old).await.json()["project"]["state"]["label"], "已结转");
    }

    /// Out as a workbook and back in: the same changes nothing; a wrong cell is told at its place and keeps all out.
    async fn the_workbook_goes_out_and_comes_back(world: World) {
        let p = Province::build(&world).await;
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
    }
}
