//! Majors: what a school offers and reports, what its county asks for, the catalogue as a file, and the advice.

use super::NewOffer;
use super::OfferState;
use super::Year;
use super::data;
use super::pages::survey;
use crate::both_engines;
use crate::evidence::majors;
use crate::testing::{Agent, PageResponse, Province, actor, day};
use jiedui_store::args;

async fn add(school: &Agent, name: &str, category: &str, more: &[(&str, &str)]) -> PageResponse {
    let mut fields = vec![("name", name), ("category", category), ("state", "open"), ("from", "2023-09-01")];
    for (key, value) in more {
        fields.retain(|(known, _)| known != key);
        fields.push((key, value));
    }
    school.post("/majors/new", &fields).await
}

async fn report(school: &Agent, offer: &str, year: &str, seen: &str, figures: [&str; 4]) -> PageResponse {
    let name = |what: &str| format!("{what}-{offer}");
    let names = ["seen", "enrolled", "graduates", "employed", "in_field"].map(name);
    let mut fields = vec![("year", year), (names[0].as_str(), seen)];
    fields.extend(names[1..].iter().map(String::as_str).zip(figures));
    school.post("/majors/years", &fields).await
}

/// The place of a category among those of the programme, as the form of the demand numbers them.
const MACHINES: &str = "posts-0";
const FARMING: &str = "posts-6";

async fn advice(agent: &Agent, school: &str, name: &str) -> String {
    let view = agent.get_json(&format!("/majors/{school}")).await.json();
    let majors = view["majors"].as_array().unwrap().clone();
    let found =
        majors.iter().find(|major| major["name"] == name).unwrap_or_else(|| panic!("{name} in {majors:?}"));
    found["advice"]["label"].as_str().unwrap_or_default().to_owned()
}

both_engines! {
    /// What the school reports and the county asks for turns into advice with its figures; each side writes its own part.
    async fn figures_of_both_sides_become_advice(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let lathe = "数控加工";
        assert_eq!(advice(&school, &p.xingning, lathe).await, "暂不能判定");
        assert!(school.get("/").await.says("填报专业年度数字"), "asked for once a year, from the day of the year-profile");
        let page = school.get("/majors/years").await;
        let offer = page.attributes("input[name^=seen]", "name")[0].replace("seen-", "");
        assert_eq!(report(&school, &offer, "2025", "0", ["50", "40", "25", "20"]).await.status, 303);
        let wrong = report(&school, &offer, "2026", "0", ["50", "40", "41", "x"]).await;
        assert_eq!(wrong.attributes(".errors a", "href"), [format!("#f-in_field-{offer}"), format!("#f-employed-{offer}")]);
        assert_eq!(wrong.attributes(&format!("#f-in_field-{offer}"), "value"), ["x"], "nothing typed is lost");
        assert_eq!(report(&school, &offer, "2026", "0", ["50", "40", "25", "20"]).await.status, 303);
        assert!(!school.get("/").await.says("填报专业年度数字"));
        assert_eq!(advice(&school, &p.xingning, lathe).await, "暂不能判定", "62.5 % employed, and nobody says how many are wanted");
        let demand = [("year", "2026"), ("source", "园区用工登记"), (MACHINES, "20"), (FARMING, "60")];
        assert_eq!(bureau.post("/majors/demand", &demand).await.status, 303);
        assert_eq!(advice(&school, &p.xingning, lathe).await, "建议停招");
        let shown = world.agent(&p.lead, "lead").await.get(&format!("/majors/{}", p.xingning)).await;
        let figures = shown.all("td[data-label=建议和理由] .figure");
        assert_eq!(figures[..4], ["62.50%", "70%", "40人", "30人"], "what speaks against it first, each figure beside its bound");
        let view = school.get_json(&format!("/majors/{}", p.xingning)).await.json();
        let missing: Vec<&str> = view["missing"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(missing, ["农业类"], "asked for, and nobody in the county offers it");
        let list = world.agent(&p.office, "province").await.get_json("/majors?advice=close").await.json();
        assert_eq!(list["rows"].as_array().unwrap().len(), 1);
        assert_eq!(list["rows"][0]["advice"][3]["raw"], 1);
        assert_eq!(list["rows"][0]["advice"][0]["raw"], 1, "and one category to open");
        // A few are told to the school and those above it alone, on its page and on that of the major.
        assert_eq!(report(&school, &offer, "2026", "1", ["50", "3", "3", "0"]).await.status, 303);
        let lead = world.agent(&p.lead, "lead").await;
        for page in [format!("/majors/{}", p.xingning), format!("/majors/offers/{offer}")] {
            let (told, hidden) = (school.get(&page).await, lead.get(&page).await);
            assert!(!told.says("少于 5") && hidden.says("少于 5"), "{page}: {}", hidden.text());
            assert!(!hidden.all("td .figure").contains(&"3人".to_owned()), "{page}: {}", hidden.text());
        }
    }
}

both_engines! {
    /// The supply of a county is one number, whoever looks: two schools of a county count together for both.
    async fn the_supply_of_a_county_does_not_depend_on_who_looks(world: World, p: Province) {
        let mut tx = world.tx().await;
        let programme = world.app.programme();
        let known = survey::read(&mut tx, &p.xingning).await.unwrap();
        let offer = majors::find(&mut tx, &known.offers[0].id).await.unwrap();
        let school = actor(&mut tx, &p.xingning, "county_school").await;
        tx.act_as(school);
        let year = Year { enrolled: Some(50), graduates: Some(30), employed: Some(30), in_field: Some(30) };
        majors::report(&mut tx, &offer, 2026, 0, &year).await.unwrap();
        let second = NewOffer { name: "焊接加工".to_owned(), category: "机械类".to_owned(), state: Some(OfferState::Open),
            from: Some(day("2020-09-01")), ..NewOffer::default() };
        majors::add(&mut tx, &programme, &second).await.unwrap();
        let rules = programme.majors.as_ref().unwrap();
        let supply = |one: &survey::Survey| {
            let facts = one.facts(&one.offers.iter().find(|row| row.id == offer.id).unwrap().clone());
            facts.category_graduates
        };
        let known = survey::read(&mut tx, &p.xingning).await.unwrap();
        assert_eq!(supply(&known), jiedui_kernel::Reported::NotReported, "one of the two has not reported: the sum is not known");
        let other = &known.offers.iter().find(|one| one.name == "焊接加工").unwrap().id;
        let other = majors::find(&mut tx, other).await.unwrap();
        majors::report(&mut tx, &other, 2026, 0, &Year { graduates: Some(12), ..Year::default() }).await.unwrap();
        let mine = survey::read(&mut tx, &p.xingning).await.unwrap();
        let helper = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(helper);
        let theirs = survey::read(&mut tx, "").await.unwrap();
        assert_eq!(supply(&mine), jiedui_kernel::Reported::Value(42));
        assert_eq!(supply(&theirs), supply(&mine));
        assert_eq!(mine.advice(rules, &offer), theirs.advice(rules, &offer));
        assert!(theirs.offers.iter().all(|offer| offer.org == p.xingning), "a helper sees the majors of the school it is paired with now");
    }
}

both_engines! {
    async fn a_major_is_checked_and_changed_by_its_school_only(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let wrong = async |name: &str, category: &str, more: &[(&str, &str)]| {
            let answer = add(&school, name, category, more).await;
            assert_eq!(answer.status, 422, "{}", answer.text());
            answer.attributes(".errors a", "href")
        };
        assert_eq!(wrong("", "", &[]).await, ["#f-name", "#f-category"]);
        assert_eq!(wrong("护理", "没有这一类", &[("state", "x")]).await, ["#f-category", "#f-state"]);
        assert_eq!(wrong("护理", "医药类", &[("from", "2027-09-01")]).await, ["#f-from"]);
        assert_eq!(wrong("护理", "医药类", &[("state", "stopped")]).await, ["#f-to"]);
        assert_eq!(wrong("护理", "医药类", &[("major", "no-such")]).await, ["#f-major"]);
        assert_eq!(wrong("数控加工", "机械类", &[]).await, ["#f-name"], "it is there already");
        let page = format!("/majors/offers/{}", add(&school, "护理", "医药类", &[("state", "planned"), ("from", "2027-09-01")]).await.made());
        let change = [("version", "1"), ("state", "stopped"), ("from", "2023-09-01"), ("to", "2026-07-31"), ("differs", "县医院停止委托")];
        for (org, role, status) in [(&p.county, "county", 403), (&p.lead, "lead", 403), (&p.nanxiong, "county_school", 404)] {
            assert_eq!(world.agent(org, role).await.post(&page, &change).await.status, status, "{role}");
        }
        assert_eq!(school.post(&page, &change).await.status, 303);
        let late = school.post(&page, &change).await;
        assert_eq!(late.status, 409, "the page was old");
        assert!(late.says("刚被同事改过"));
        let shown = world.agent(&p.county, "county").await.get(&page).await;
        assert!(shown.says("停招") && shown.says("县医院停止委托") && !shown.says("保存修改"));
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.get(&page).await.status, 404);
        let bare = world.agent(&p.nearby, "county_school").await;
        assert_eq!(add(&bare, "护理", "医药类", &[]).await.status, 403, "not a county school");
    }
}

const FILE: &str =
    "专业代码,专业名称,专业大类,核实情况,来源\n0101,车工,机械类,未核实,\n,茶叶加工,农业类,已核实,省编目录\n";

both_engines! {
    /// An edition comes in whole or not at all; the same file again changes nothing; what is not verified is marked.
    async fn the_catalogue_comes_in_whole_or_not_at_all(world: World, p: Province) {
        let programme = world.app.programme();
        let mut tx = world.tx().await;
        let office = actor(&mut tx, &p.office, "province").await;
        tx.act_as(office);
        let of = ("2024年版", "测试");
        let bad = "专业代码,专业名称,专业大类,核实情况,来源\n01x,车工,机械类,未核实,\n0101,钳工,没有这类,未核实,\n0101,车工,机械类,已核实,\n";
        let errors = majors::import(&mut tx, &programme, of, (bad.as_bytes(), "m.csv")).await.unwrap().unwrap_err();
        let places: Vec<(u32, &str)> = errors.iter().map(|e| (e.row, e.letter.as_str())).collect();
        assert_eq!(places, [(2, "A"), (3, "C"), (4, "B"), (4, "D")], "what a column cannot hold, in the same round");
        let bad = bad.replace("没有这类", "机械类");
        let errors = majors::import(&mut tx, &programme, of, (bad.as_bytes(), "m.csv")).await.unwrap().unwrap_err();
        let places: Vec<(u32, &str)> = errors.iter().map(|e| (e.row, e.letter.as_str())).collect();
        assert_eq!(places, [(2, "A"), (4, "A"), (4, "B"), (4, "D")]);
        assert_eq!(tx.number(&data::TEST_COUNT, args![]).await.unwrap(), 0, "nothing is half done");
        let count = majors::import(&mut tx, &programme, of, (FILE.as_bytes(), "m.csv")).await.unwrap().unwrap();
        assert_eq!((count.made, count.changed, count.same), (2, 0, 0));
        let newer = FILE.replace("0101,车工,机械类,未核实,", "0101,车工,机械类,已核实,省编目录");
        let count = majors::import(&mut tx, &programme, of, (newer.as_bytes(), "m.csv")).await.unwrap().unwrap();
        assert_eq!((count.made, count.changed, count.same), (0, 1, 1));
        let count = majors::import(&mut tx, &programme, of, (FILE.as_bytes(), "m.csv")).await.unwrap().unwrap();
        assert_eq!((count.made, count.changed, count.same), (0, 1, 1));
        tx.commit().await.unwrap();
        // What a preview calls changed says what is: the order of the rows, or where the edition is from.
        let looker = world.agent(&p.office, "province").await;
        let mut rows: Vec<&str> = FILE.lines().collect();
        rows[1..].reverse();
        let (edition, other) = (("edition", of.0), ("source", "另一份文件"));
        let turned = rows.join("\n");
        let preview = looker.look("/majors/catalogue", &[edition, ("source", of.1)], ("m.csv", turned.as_bytes())).await;
        assert!(preview.says("次序"), "{}", preview.text());
        let preview = looker.look("/majors/catalogue", &[edition, other], ("m.csv", FILE.as_bytes())).await;
        assert!(preview.says("文件出处由“测试”改为“另一份文件”"), "{}", preview.text());
        let school = world.agent(&p.xingning, "county_school").await;
        let form = school.get("/majors/new").await;
        assert_eq!(form.attributes("select[name=major] optgroup", "label"), ["农业类", "机械类"]);
        let lathe = form.attributes("select[name=major] option", "value").pop().unwrap();
        let page = add(&school, "", "", &[("major", &lathe)]).await.location;
        let shown = school.get(&page).await;
        assert!(shown.says("车工") && shown.says("目录未核实"), "{}", shown.text());
        assert_eq!(shown.all(".facts code"), ["0101"]);
        let office = world.agent(&p.office, "province").await;
        let verified = office.get_json("/majors/catalogue").await.json();
        assert_eq!((&verified["editions"][0]["majors"]["raw"], &verified["editions"][0]["verified"]["raw"]), (&2.into(), &1.into()));
        assert_eq!(school.get("/majors/catalogue").await.status, 403);
        let empty = office.post("/majors/catalogue", &[("edition", ""), ("source", "")]).await;
        assert_eq!(empty.attributes(".errors a", "href"), ["#f-edition", "#f-source", "#f-file"]);
    }
}

both_engines! {
    /// What one file did is taken back as a whole: not while a school offers one of its majors, and once.
    async fn a_file_is_taken_back_while_nothing_builds_on_it(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let fields = [("edition", "2026年版"), ("source", "测试")];
        let majors = async || office.get_json("/majors/catalogue").await.json()["editions"].clone();
        let send = async |file: &str| {
            let done = office.look("/majors/catalogue", &fields, ("m.csv", file.as_bytes())).await;
            assert_eq!(office.accept(&done).await.status, 303);
            world.clock().advance(chrono::TimeDelta::minutes(1));
            office.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0)
        };
        let first = send(FILE).await;
        let newer = FILE.replace("0101,车工,机械类,未核实,", "0101,车工,机械类,已核实,省编目录");
        let second = send(&newer).await;
        let refused = office.post(&first, &[]).await;
        assert!(refused.status == 409 && refused.says("车工（导入以后又改过）"), "{}", refused.text());
        assert_eq!(majors().await[0]["verified"]["raw"], 2);
        let other = world.agent(&p.city, "city").await;
        assert_eq!(other.post(&second, &[]).await.status, 404, "of another account");
        assert_eq!(office.post(&second, &[]).await.location, "/imports");
        assert_eq!(majors().await[0]["verified"]["raw"], 1, "as it was");
        assert_eq!(office.post(&second, &[]).await.status, 409, "once");
        // Another source is a change of the edition, though none of its majors differs.
        let named = office.look("/majors/catalogue", &[("edition", "2026年版"), ("source", "新的出处")], ("m.csv", FILE.as_bytes())).await;
        assert_eq!(office.accept(&named).await.status, 303);
        world.clock().advance(chrono::TimeDelta::minutes(1));
        let refused = office.post(&first, &[]).await;
        assert!(refused.status == 409 && refused.says("又改过文件出处"), "{}", refused.text());
        let renamed = office.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0);
        assert_eq!(office.post(&renamed, &[]).await.location, "/imports");
        assert_eq!(majors().await[0]["row"]["source"], "测试");
        let school = world.agent(&p.xingning, "county_school").await;
        let form = school.get("/majors/new").await;
        let lathe = form.attributes("select[name=major] option", "value").pop().unwrap();
        add(&school, "", "", &[("major", &lathe)]).await;
        let refused = office.post(&first, &[]).await;
        assert!(refused.status == 409 && refused.says("车工（已有学校登记开设）"), "{}", refused.text());
        let other = [("edition", "2027年版"), ("source", "测试")];
        office.accept(&office.look("/majors/catalogue", &other, ("m.csv", FILE.as_bytes())).await).await;
        let third = office.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0);
        assert_eq!(office.post(&third, &[]).await.location, "/imports");
        assert_eq!(majors().await.as_array().unwrap().len(), 1, "the edition went with its file");
    }
}

both_engines! {
    /// Who looks at an edition waits for nobody; of two files for it at once, the later does not write over the other.
    async fn an_edition_is_looked_at_on_the_readers(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let (at, fields) = ("/majors/catalogue", [("edition", "2026年版"), ("source", "测试")]);
        let one_row = FILE.lines().take(2).collect::<Vec<&str>>().join("\n");
        assert_eq!(office.accept(&office.look(at, &fields, ("m.csv", one_row.as_bytes())).await).await.status, 303);
        let preview = office.look(at, &fields, ("m.csv", FILE.as_bytes())).await;
        let value = |name: &str| preview.attributes(&format!("form.form input[name={name}]"), "value").remove(0);
        let (pending, digest) = (value("pending"), value("digest"));
        let again = [fields[0], fields[1], ("pending", pending.as_str()), ("digest", digest.as_str()), ("page", "1")];
        // Somebody else writes all the while.
        let held = world.tx().await;
        assert!(office.post(at, &again).await.says("确认写入"));
        drop(held);
        let second = world.agent(&p.office, "province").await;
        let (shown, sent) = world
            .at_once(office.accept(&preview), second.upload_with(at, &fields, ("m.csv", FILE.as_bytes())))
            .await;
        let both = [&shown, &sent];
        assert!(both.iter().any(|one| one.status == 303), "{} {}", shown.text(), sent.text());
        for one in both {
            // On SQLite the later one may have read what the first wrote: then it shows it again, or finds nothing to do.
            let told = one.status != 409 || one.says("刚被同事改过");
            assert!(told && matches!(one.status.as_u16(), 200 | 303 | 409), "{}", one.text());
        }
        let editions = office.get_json(at).await.json()["editions"].clone();
        assert_eq!(editions[0]["majors"]["raw"], 2);
    }
}

both_engines! {
    /// Two colleagues report the same year: the second sees the other's figures and loses nothing.
    async fn two_colleagues_report_one_year(world: World, p: Province) {
        let (one, two) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.xingning, "county_school").await);
        let offer = one.get("/majors/years").await.attributes("input[name^=seen]", "name")[0].replace("seen-", "");
        assert_eq!(report(&one, &offer, "2026", "0", ["50", "40", "38", "20"]).await.status, 303);
        let late = report(&two, &offer, "2026", "0", ["55", "40", "38", "20"]).await;
        assert_eq!(late.status, 409);
        assert_eq!(late.attributes(&format!("#f-enrolled-{offer}"), "value"), ["55"]);
        assert_eq!(late.all(".theirs"), ["对方刚保存的是：50"]);
        assert_eq!(late.attributes("input[name^=seen]", "value"), ["1"], "saving it again is deliberate");
        assert_eq!(report(&two, &offer, "2026", "1", ["55", "40", "38", "20"]).await.status, 303);
        let bureau = world.agent(&p.county, "county").await;
        let demand = |posts: &'static str, seen: &'static str| [("year", "2026"), ("source", "走访"), (MACHINES, posts), ("seen-0", seen)];
        assert_eq!(bureau.post("/majors/demand", &demand("20", "0")).await.status, 303);
        assert_eq!(bureau.post("/majors/demand", &demand("30", "0")).await.status, 409);
        assert_eq!(bureau.post("/majors/demand", &demand("30", "1")).await.status, 303);
        assert_eq!(bureau.post("/majors/demand", &demand("", "2")).await.attributes(".errors a", "href"), ["#f-posts-0"], "what was said is not silently unsaid");
    }
}

both_engines! {
    /// What the school decided and its bureau confirmed reaches the school's list: opened, and stopped again (T5.2).
    async fn what_is_decided_and_confirmed_reaches_the_list(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let bureau = world.agent(&p.county, "county").await;
        let decide = async |day: &str, change: &str| {
            let said = [
                ("title", "无人机应用技术专业"), ("since", day), ("stage", "decided"), ("change", change), ("category", "m03"),
            ];
            let made = school.post("/outputs/new/major-adjustment", &said).await.made();
            let before = majors::offers(&mut world.tx().await, &p.xingning).await.unwrap();
            let yes = [("version", "1"), ("verdict", "confirm")];
            assert_eq!(bureau.post(&format!("/outputs/{made}/answer"), &yes).await.status, 303);
            before.into_iter().find(|row| row.name == "无人机应用技术").map(|row| row.state)
        };
        let now = async || {
            let rows = majors::offers(&mut world.tx().await, &p.xingning).await.unwrap();
            let mut named = rows.into_iter().filter(|row| row.name == "无人机应用技术");
            (named.next(), named.count())
        };
        assert_eq!(decide("2026-09-01", "open").await, None, "not before it is confirmed");
        let (row, more) = now().await;
        let row = row.unwrap();
        assert_eq!((row.state, row.category.as_str(), more), (OfferState::Open, "信息类", 0));
        assert_eq!(row.from_day.to_string(), "2026-09-01");
        assert_eq!(decide("2026-11-02", "close").await, Some(OfferState::Open));
        let (row, more) = now().await;
        let row = row.unwrap();
        assert_eq!((row.state, more), (OfferState::Stopped, 0));
        assert_eq!(row.to_day.unwrap().to_string(), "2026-11-02");
        assert!(school.get("/majors").await.says("无人机应用技术"));
    }
}
