//! Year-profiles, on both engines: told, handed in, accepted, frozen, corrected; by form, in one click, and by file.

use super::{data, facts, rules};
use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World, day, programme};
use jiedui_documents::{Value, write};
use jiedui_kernel::Reported;
use jiedui_programme::{ElementKind, ProfileState};
use jiedui_store::args;

/// An answer to every element: a number for each, a day for days; `but` says otherwise for some.
fn filled(but: &[(&str, &str)], year: &str) -> Vec<(String, String)> {
    let cutoff = format!("{year}-08-31");
    let mut fields = Vec::new();
    for element in programme().asked_elements() {
        let given = but.iter().find(|(id, _)| *id == element.id).map(|(_, text)| *text);
        let usual = match element.kind {
            ElementKind::Number => "100",
            ElementKind::Date => &cutoff,
        };
        match given.unwrap_or(usual) {
            mark @ ("unknown" | "not_applicable") => {
                fields.push((rules::known_name(&element.id), mark.to_owned()));
            }
            text => fields.push((element.id.clone(), text.to_owned())),
        }
    }
    fields
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn version(page: &PageResponse) -> String {
    page.attributes("input[name=version]", "value").into_iter().next().unwrap_or_else(|| "0".to_owned())
}

/// Fills the form in and hands it in.
async fn hand_in(school: &Agent, base: &str, but: &[(&str, &str)]) -> PageResponse {
    let form = school.get(&format!("{base}/edit")).await;
    let version = version(&form);
    let mut fields = filled(but, &base[base.len() - 4..]);
    let more = but.iter().filter(|(id, _)| programme().element(id).is_none());
    fields.extend(more.map(|(id, text)| ((*id).to_owned(), (*text).to_owned())));
    let sent = [pairs(&fields), vec![("version", version.as_str()), ("next", "submit")]].concat();
    school.post(&format!("{base}/edit"), &sent).await
}

async fn accept(bureau: &Agent, base: &str) -> PageResponse {
    let version = version(&bureau.get(base).await);
    bureau.post(&format!("{base}/answer"), &[("version", &version), ("verdict", "agree")]).await
}

async fn state(agent: &Agent, base: &str) -> String {
    agent.get_json(base).await.json()["state"]["label"].as_str().unwrap().to_owned()
}

/// The newest accepted value of an element, as the rules see it.
async fn accepted(world: &World, school: &str, element: &str) -> Option<Reported<i64>> {
    let facts = facts(&mut world.tx().await).await.unwrap();
    jiedui_programme::newest_accepted(&facts, jiedui_kernel::Date::MAX)
        .get(school)
        .map(|fact| fact.values[element])
}

/// How far a profile is brought by [`describe`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Submitted,
    Accepted,
}

/// The first school's profile of a year, with these answers, through its own pages.
pub async fn describe(world: &World, p: &Province, year: i32, far: Stage, but: &[(&str, &str)]) {
    let school = world.agent(&p.xingning, "county_school").await;
    let at = base(&p.xingning, year);
    if state(&school, &at).await == "待接收" {
        school.post(&format!("{at}/recall"), &[]).await;
    }
    let mut done = hand_in(&school, &at, but).await;
    let questions = done.attributes("input[name=sure]", "value");
    if !questions.is_empty() {
        let sure = questions.iter().map(|key| ("sure", key.as_str()));
        done = hand_in(&school, &at, &but.iter().copied().chain(sure).collect::<Vec<_>>()).await;
    }
    assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
    if far == Stage::Accepted {
        let bureau = world.agent(&p.county, "county").await;
        assert_eq!(accept(&bureau, &at).await.status, 303);
    }
}

fn base(school: &str, year: i32) -> String {
    format!("/profiles/{school}/{year}")
}

both_engines! {
    /// The school tells, the bureau accepts; before that nobody else sees a number, after it nobody changes one.
    async fn told_by_the_school_and_accepted_by_its_bureau(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let lead = world.agent(&p.lead, "lead").await;
        let at = base(&p.xingning, 2026);
        assert!(school.get("/").await.says("填年度基本情况：2026年度"));
        let missing = school.post(&format!("{at}/edit"), &[("version", "0"), ("next", "submit")]).await;
        assert_eq!(missing.status, 422);
        assert_eq!(missing.attributes(".errors a", "href").len(), programme().asked_elements().count(), "every one is told");
        assert_eq!(school.post(&format!("{at}/edit"), &[("version", "0"), ("land_area", "31000"), ("next", "draft")]).await.status, 303);
        assert_eq!(state(&lead, &at).await, "填报中");
        assert!(!lead.get(&at).await.text().contains("data-raw=\"31000\""), "a draft is the school's own");
        assert_eq!(lead.get_json(&at).await.json()["lines"].as_array().unwrap().len(), 0, "in whatever skin");
        assert!(school.get(&at).await.text().contains("data-raw=\"31000\""));
        let done = hand_in(&school, &at, &[("land_area", "31,500"), ("floor_area", "unknown")]).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
        assert_eq!(state(&lead, &at).await, "待接收");
        assert!(bureau.get("/").await.says("接收基本情况"));
        assert_eq!(accepted(&world, &p.xingning, "land_area").await, None, "handed in is not accepted");
        assert_eq!(accept(&bureau, &at).await.status, 303);
        assert_eq!(accepted(&world, &p.xingning, "land_area").await, Some(Reported::Value(31_500)));
        assert_eq!(accepted(&world, &p.xingning, "floor_area").await, Some(Reported::NotReported));
        let page = lead.get(&at).await;
        assert!(page.says("未知") && page.text().contains("data-raw=\"31500\""));
        assert_eq!(school.get(&format!("{at}/edit")).await.status, 409, "frozen");
        let again = school.post(&format!("{at}/edit"), &[("version", "9"), ("land_area", "1")]).await;
        assert_eq!(again.status, 409);
        assert!(!school.get("/").await.says("填年度基本情况"), "nothing is left to do");
        let history = school.get(&at).await.all(".timeline-what");
        assert_eq!(history.len(), 5, "{history:?}");
    }
}

both_engines! {
    /// Only the school writes, only its bureau answers, and who has nothing to do with it sees nothing.
    async fn everybody_keeps_to_their_part(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let at = base(&p.xingning, 2026);
        hand_in(&school, &at, &[]).await;
        let verdict = [("version", "3"), ("verdict", "agree")];
        for (org, role) in [(&p.city, "city"), (&p.county, "county")] {
            let edit = world.agent(org, role).await.post(&format!("{at}/edit"), &[("version", "3")]).await;
            assert_eq!(edit.status, 403, "{role}");
        }
        let city = world.agent(&p.city, "city").await.post(&format!("{at}/answer"), &verdict).await;
        assert_eq!(city.status, 403, "not the office under which it stands");
        assert_eq!(school.post(&format!("{at}/answer"), &verdict).await.status, 403);
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.get(&at).await.status, 404);
        assert_eq!(stranger.get(&format!("/profiles/{}/elements/land_area", p.xingning)).await.status, 404);
        let wordless = bureau.post(&format!("{at}/answer"), &[("version", "3"), ("verdict", "send_back")]).await;
        assert_eq!(wordless.status, 422);
        assert_eq!(wordless.attributes(".errors a", "href"), ["#f-reason"]);
        let back = [("version", version(&bureau.get(&at).await)), ("verdict", "send_back".to_owned()), ("reason", "占地面积请再核".to_owned())];
        let back: Vec<(&str, &str)> = back.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(bureau.post(&format!("{at}/answer"), &back).await.status, 303);
        assert_eq!(state(&school, &at).await, "已退回");
        assert!(school.get("/").await.says("修改年度基本情况"));
        assert!(school.get(&at).await.says("占地面积请再核"));
        for year in [2027, 2023, 1] {
            assert_eq!(school.get(&base(&p.xingning, year)).await.status, 404, "{year} is not due");
        }
        assert_eq!(school.get(&base(&p.lead, 2026)).await.status, 404, "a lead college tells nothing here");
    }
}

both_engines! {
    /// What lasts is carried over in one click and says so; what is of a year's cohort is told each year.
    async fn what_lasts_is_carried_over_in_one_click(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let (then, now) = (base(&p.xingning, 2025), base(&p.xingning, 2026));
        let early = school.post(&format!("{now}/same"), &[("version", "0")]).await;
        assert_eq!(early.status, 409, "there is no year before");
        hand_in(&school, &then, &[("land_area", "30500")]).await;
        accept(&bureau, &then).await;
        let form = school.get(&format!("{now}/edit")).await;
        assert_eq!(form.attributes("input[name=land_area]", "value"), ["30500"], "filled with last year's");
        assert_eq!(form.attributes("input[name=graduates]", "value"), [""], "last year's graduates are not this year's");
        let carried = school.post(&format!("{now}/same"), &[("version", "0")]).await;
        assert_eq!((carried.status.as_u16(), carried.location.as_str()), (303, format!("{now}/edit").as_str()));
        assert_eq!(state(&school, &now).await, "填报中", "the year's own figures are still to be told");
        assert_eq!(hand_in(&school, &now, &[("land_area", "30500")]).await.status, 303);
        assert_eq!(state(&school, &now).await, "待接收");
        let lines = school.get_json(&now).await.json()["lines"].as_array().unwrap().clone();
        let land = lines.iter().find(|line| line["id"] == "land_area").unwrap();
        assert_eq!((land["source"].as_str(), land["changed"].as_bool()), (Some("沿用上年"), Some(false)));
        let undone = school.post(&format!("{now}/recall"), &[]).await;
        assert_eq!(undone.status, 303, "taken back from the notice");
        assert_eq!(state(&school, &now).await, "填报中");
        hand_in(&school, &now, &[("land_area", "32000")]).await;
        accept(&bureau, &now).await;
        assert_eq!(accepted(&world, &p.xingning, "land_area").await, Some(Reported::Value(32_000)), "the newest year");
        let years = school.get(&format!("/profiles/{}/elements/land_area", p.xingning)).await;
        assert_eq!(years.attributes("td.num .figure", "data-raw"), ["32000", "30500"]);
    }
}

both_engines! {
    /// What cannot be is refused at its field; what hardly ever is is asked about once, and kept where it was meant.
    async fn impossible_figures_are_refused_and_unlikely_ones_asked_about(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let (then, now) = (base(&p.xingning, 2025), base(&p.xingning, 2026));
        let wrong: [(&[(&str, &str)], &str); 5] = [
            (&[("employed_with_study", "500")], "#f-employed_with_study"),
            (&[("employment_cutoff", "2027-08-31")], "#f-employment_cutoff"),
            (&[("teachers_integrated", "190")], "#f-teachers_integrated"),
            (&[("graduates_certified", "101")], "#f-graduates_certified"),
            (&[("practice_area", "101")], "#f-practice_area"),
        ];
        for (but, at) in wrong {
            let refused = hand_in(&school, &now, but).await;
            assert_eq!(refused.status, 422);
            assert_eq!(refused.attributes(".errors a", "href"), [at]);
        }
        assert_eq!(hand_in(&school, &then, &[]).await.status, 303);
        accept(&bureau, &then).await;
        let asked = hand_in(&school, &now, &[("students", "1437")]).await;
        assert_eq!(asked.status, 422);
        let keys = asked.attributes("input[name=sure]", "value");
        assert_eq!(keys, ["like-last-year:students:1437"]);
        assert!(asked.says("上年 100，本年 1437"), "{}", asked.text());
        let other = hand_in(&school, &now, &[("students", "14370"), ("sure", &keys[0])]).await;
        assert_eq!(other.status, 422, "another figure is another question");
        let meant = hand_in(&school, &now, &[("students", "1437"), ("sure", &keys[0])]).await;
        assert_eq!(meant.status, 303, "{:?}", meant.all(".errors li"));
    }
}

async fn begin(school: &Agent, at: &str, reason: &str) -> PageResponse {
    let version = version(&school.get(at).await);
    school.post(&format!("{at}/correct"), &[("version", &version), ("reason", reason)]).await
}

both_engines! {
    /// What was accepted holds until its correction is accepted too, and the old value stays beside the new one.
    async fn a_correction_is_accepted_again(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let at = base(&p.xingning, 2026);
        hand_in(&school, &at, &[("land_area", "30500")]).await;
        accept(&bureau, &at).await;
        assert_eq!(begin(&school, &at, "").await.attributes(".errors a", "href"), ["#f-reason"]);
        assert_eq!(begin(&school, &at, "漏了新征的地").await.status, 303);
        assert_eq!(state(&school, &at).await, "更正中");
        let same = hand_in(&school, &at, &[("land_area", "30500")]).await;
        assert_eq!(same.status, 422, "nothing was changed");
        let draft = [("version", version(&school.get(&format!("{at}/edit")).await)), ("land_area", "35000".to_owned())];
        let draft: Vec<(&str, &str)> = draft.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(school.post(&format!("{at}/edit"), &draft).await.status, 303);
        assert!(!bureau.get_json(&at).await.text().contains("35000"), "a correction that was not handed in is its own");
        assert!(school.get_json(&at).await.text().contains("35000"));
        assert_eq!(hand_in(&school, &at, &[("land_area", "36000")]).await.status, 303);
        assert_eq!(state(&bureau, &at).await, "更正待接收");
        assert!(bureau.get("/").await.says("接收更正"));
        assert_eq!(accepted(&world, &p.xingning, "land_area").await, Some(Reported::Value(30_500)), "until it is accepted");
        assert_eq!(accept(&bureau, &at).await.status, 303);
        assert_eq!(accepted(&world, &p.xingning, "land_area").await, Some(Reported::Value(36_000)));
        let page = school.get(&format!("/profiles/{}/elements/land_area", p.xingning)).await;
        let raw = |label: &str| page.attributes(&format!("td[data-label={label}] .figure"), "data-raw");
        assert_eq!((raw("原来"), raw("更正为")), (vec!["30500".to_owned()], vec!["36000".to_owned()]));
        assert!(page.says("漏了新征的地"));
        begin(&school, &at, "又想改").await;
        hand_in(&school, &at, &[("land_area", "99999")]).await;
        let back = [("version", version(&bureau.get(&at).await)), ("verdict", "send_back".to_owned()), ("reason", "没有凭据".to_owned())];
        let back: Vec<(&str, &str)> = back.iter().map(|(name, value)| (*name, value.as_str())).collect();
        bureau.post(&format!("{at}/answer"), &back).await;
        assert_eq!(state(&school, &at).await, "更正被退回");
        let version = version(&school.get(&at).await);
        assert_eq!(school.post(&format!("{at}/abandon"), &[("version", &version)]).await.status, 303);
        assert_eq!(state(&school, &at).await, "已接收");
        assert_eq!(accepted(&world, &p.xingning, "land_area").await, Some(Reported::Value(36_000)), "given up");
    }
}

both_engines! {
    async fn an_answer_is_checked_at_its_field(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let at = format!("{}/edit", base(&p.xingning, 2026));
        let wrong = async |fields: &[(&str, &str)]| -> Vec<String> {
            let answer = school.post(&at, &[fields, &[("version", "0"), ("next", "draft")]].concat()).await;
            assert_eq!(answer.status, 422);
            answer.attributes(".errors a", "href")
        };
        assert_eq!(wrong(&[("land_area", "三万")]).await, ["#f-land_area"]);
        assert_eq!(wrong(&[("land_area", "-3")]).await, ["#f-land_area"]);
        assert_eq!(wrong(&[("land_area", "3"), ("land_area-known", "unknown")]).await, ["#f-land_area"], "one or the other");
        assert_eq!(wrong(&[("land_area-known", "perhaps")]).await, ["#f-land_area"]);
        let zero = [("version", "0"), ("land_area", "0"), ("next", "draft")];
        assert_eq!(school.post(&at, &zero).await.status, 303);
        let form = school.get(&at).await;
        assert_eq!(form.attributes("input[name=land_area]", "value"), ["0"], "zero is a value");
        let late = school.post(&at, &[("version", "0"), ("land_area", "7"), ("next", "draft")]).await;
        assert_eq!(late.status, 409, "a concurrent edit");
        assert_eq!(late.attributes("input[name=land_area]", "value"), ["7"], "nothing typed is lost");
        assert_eq!(late.all(".theirs .user-text"), ["0"]);
        let version = version(&late);
        assert_eq!(school.post(&at, &[("version", &version), ("land_area", "7"), ("next", "draft")]).await.status, 303);
    }
}

/// A workbook with these headings and rows.
fn book(columns: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    use jiedui_documents::{Column, Kind, Sheet, Workbook};
    let columns = columns.iter().map(|heading| Column::new(heading, heading, Kind::Text)).collect();
    let spec = Workbook {
        sheets: vec![Sheet::new("年度基本情况", columns)],
        lists: std::collections::BTreeMap::new(),
    };
    let row = |row: &&[&str]| {
        row.iter().map(|text| if text.is_empty() { Value::Empty } else { (*text).into() }).collect()
    };
    write(&spec, [rows.iter().map(row).collect::<Vec<Vec<Value>>>()]).unwrap()
}

fn heading(id: &str) -> String {
    let programme = programme();
    let element = programme.element(id).unwrap();
    format!("{}（{}）", element.name, rules::unit_word(element))
}

/// An element that comes from the national school system.
fn imported() -> String {
    programme().asked_elements().find(|element| element.imported).unwrap().id.clone()
}

both_engines! {
    /// An office brings what the national system has: into drafts of its own schools, all or nothing.
    async fn a_file_fills_drafts_all_or_nothing(world: World, p: Province) {
        let city = world.agent(&p.city, "city").await;
        let students = imported();
        let head = ["学校名称", "年度", &heading(&students)];
        let send = async |rows: &[&[&str]]| city.upload("/profiles/import", "表.xlsx", &book(&head, rows)).await;
        let bad = send(&[&["兴宁甲校", "2026", "950"], &["南雄丙校", "2026", "10"], &["兴宁甲校", "2027", "1"], &["兴宁甲校", "2025", "许多"]]).await;
        assert_eq!(bad.status, 422);
        let told: Vec<String> = bad.all(".problems td[data-label=行]");
        assert_eq!(told, ["3", "4", "5"], "each at its row: not its school, not due, not a number");
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(state(&school, &base(&p.xingning, 2026)).await, "未填报", "nothing half done");
        let done = send(&[&["兴宁甲校", "2026", "950"]]).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".problems td"));
        let form = school.get(&format!("{}/edit", base(&p.xingning, 2026))).await;
        assert_eq!(form.attributes(&format!("input[name={students}]"), "value"), ["950"]);
        assert!(form.says("文件导入"));
        hand_in(&school, &base(&p.xingning, 2026), &[(&students, "950")]).await;
        let lines = school.get_json(&base(&p.xingning, 2026)).await.json()["lines"].as_array().unwrap().clone();
        let line = lines.iter().find(|line| line["id"] == students.as_str()).unwrap();
        assert_eq!(line["source"], "文件导入", "left as it came");
        let late = send(&[&["兴宁甲校", "2026", "1"]]).await;
        assert_eq!(late.status, 422, "what was handed in is not touched");
    }
}

both_engines! {
    /// What one file put into drafts is taken back as a whole, while nobody wrote in one of them since.
    async fn a_file_is_taken_back_while_its_drafts_are_as_it_left_them(world: World, p: Province) {
        let city = world.agent(&p.city, "city").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let students = imported();
        let head = ["学校名称", "年度", &heading(&students)];
        let send = async |number: &str| {
            let file = book(&head, &[&["兴宁甲校", "2026", number]]);
            assert_eq!(city.upload("/profiles/import", "表.xlsx", &file).await.status, 303);
            world.clock().advance(chrono::TimeDelta::minutes(1));
            city.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0)
        };
        let edit = format!("{}/edit", base(&p.xingning, 2026));
        let held = async || school.get(&edit).await.attributes(&format!("input[name={students}]"), "value");
        let nothing = held().await;
        let first = send("950").await;
        let second = send("960").await;
        let refused = city.post(&first, &[]).await;
        assert!(refused.status == 409 && refused.says("兴宁甲校"), "{}", refused.text());
        assert_eq!(held().await, ["960"]);
        assert_eq!(city.post(&second, &[]).await.location, "/imports");
        assert_eq!(held().await, ["950"], "as it was before the second");
        let third = send("970").await;
        assert_eq!(city.post(&third, &[]).await.location, "/imports");
        assert_ne!(held().await, nothing);
    }

    /// An answer that was not there before the file is gone with it.
    async fn a_first_answer_of_a_file_goes_with_it(world: World, p: Province) {
        let city = world.agent(&p.city, "city").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let students = imported();
        let edit = format!("{}/edit", base(&p.xingning, 2026));
        let held = async || school.get(&edit).await.attributes(&format!("input[name={students}]"), "value");
        let before = held().await;
        let file = book(&["学校名称", "年度", &heading(&students)], &[&["兴宁甲校", "2026", "950"]]);
        assert_eq!(city.upload("/profiles/import", "表.xlsx", &file).await.status, 303);
        assert_eq!(held().await, ["950"]);
        let undo = city.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0);
        assert_eq!(city.post(&undo, &[]).await.location, "/imports");
        assert_eq!(held().await, before);
    }
}

both_engines! {
    /// A school takes its sheet out, fills it in and sends it back: a draft, to be handed in by hand.
    async fn a_school_fills_its_own_sheet(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let out = school.get("/profiles/book?year=2026").await;
        assert_eq!(out.status, 200);
        let back = school.upload("/profiles/import", "表.xlsx", &out.bytes).await;
        assert_eq!(back.status, 303, "what went out comes back in");
        let land = heading("land_area");
        let head = ["学校名称", "年度", &land];
        let other = school.upload("/profiles/import", "表.xlsx", &book(&head, &[&["紫金乙校", "2026", "5"]])).await;
        assert_eq!(other.status, 422, "its own alone");
        let twice = school.upload("/profiles/import", "表.xlsx", &book(&head, &[&["兴宁甲校", "2026", "5"], &["兴宁甲校", "2026", "6"]])).await;
        assert_eq!(twice.status, 422);
        assert_eq!(school.upload("/profiles/import", "表.xlsx", &book(&head, &[&["兴宁甲校", "2026", "不适用"]])).await.status, 303);
        let view = school.get_json(&base(&p.xingning, 2026)).await.json();
        let line = view["lines"].as_array().unwrap().iter().find(|line| line["id"] == "land_area").unwrap().clone();
        assert_eq!(line["now"]["word"], "不适用");
        assert_eq!(view["state"]["label"], "填报中");
        assert_eq!(world.agent(&p.lead, "lead").await.get("/profiles/import").await.status, 403);
    }
}

both_engines! {
    /// The list shows the schools visible to the caller in one year; its figures open the rows that they count.
    async fn the_list_counts_what_it_opens(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        hand_in(&school, &base(&p.xingning, 2026), &[]).await;
        let office = world.agent(&p.office, "province").await;
        let view = office.get_json("/profiles").await.json();
        assert_eq!(view["rows"].as_array().unwrap().len(), 3);
        for stat in view["stats"].as_array().unwrap() {
            let opened = office.get_json(stat["figure"]["href"].as_str().unwrap()).await.json();
            assert_eq!(opened["rows"].as_array().unwrap().len() as i64, stat["figure"]["raw"].as_i64().unwrap(), "{}", stat["name"]);
        }
        let lead = world.agent(&p.lead, "lead").await;
        let rows = lead.get_json("/profiles").await.json()["rows"].as_array().unwrap().clone();
        assert_eq!(rows.len(), 1, "the school it is paired with");
        assert_eq!(office.get_json("/profiles?city=440200").await.json()["rows"].as_array().unwrap().len(), 1);
        assert_eq!(office.get_json("/profiles?year=2025&state=submitted").await.json()["rows"].as_array().unwrap().len(), 0);
    }
}

both_engines! {
    /// Two who begin the same year at once make one profile.
    async fn one_profile_for_a_school_and_a_year(world: World, p: Province) {
        let (one, two) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.xingning, "county_school").await);
        let at = format!("{}/edit", base(&p.xingning, 2026));
        let fields = [("version", "0"), ("land_area", "5"), ("next", "draft")];
        let (a, b) = tokio::join!(one.post(&at, &fields), two.post(&at, &fields));
        let mut both = [a.status.as_u16(), b.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [303, 409]);
        let rows = world.tx().await.all::<data::ProfileRow>(&data::OF_SCHOOL, args![&p.xingning]).await.unwrap();
        assert_eq!(rows.len(), 1);
    }
}

#[test]
fn a_year_is_due_from_its_day_on() {
    let programme = programme();
    assert_eq!(rules::open_year(&programme, day("2026-10-30")), 2025);
    assert_eq!(rules::open_year(&programme, day("2026-10-31")), 2026);
    assert_eq!(rules::years(&programme, day("2026-11-24")).first(), Some(&2026));
    assert!(rules::day_of(20_260_231).is_none());
    assert_eq!(rules::day_of(20_261_031), Some(day("2026-10-31")));
}

both_engines! {
    /// Drafts, what waits, and what was accepted are three things for the figures.
    async fn facts_say_how_far_a_profile_is(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let at = base(&p.xingning, 2026);
        let state = async || facts(&mut world.tx().await).await.unwrap().first().map(|fact| fact.state);
        assert_eq!(state().await, None);
        school.post(&format!("{at}/edit"), &[("version", "0"), ("next", "draft")]).await;
        assert_eq!(state().await, Some(ProfileState::Draft));
        hand_in(&school, &at, &[]).await;
        assert_eq!(state().await, Some(ProfileState::Submitted));
        accept(&bureau, &at).await;
        assert_eq!(state().await, Some(ProfileState::Accepted));
    }
}
