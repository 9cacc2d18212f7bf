//! A payment from the form to the figure, through the browser: who records, who answers, what is refused, and that the kept sums
//! are what the movements add up to.

use super::actions;
use super::data::{self, MoveKind, MoveRow};
use crate::both_engines;
use crate::evidence::outputs::{self, NewOutput};
use crate::evidence::profiles::{Stage, describe};
use crate::shared::review;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use jiedui_documents::read_grids;
use jiedui_kernel::Code;
use jiedui_store::named;
use serde_json::json;

/// One of its own that an organisation recorded: for the tests that ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let (today, id) = (tx.today(), tx.new_id());
    named!(data::INSERT {
        id: &id,
        school: org,
        org: org,
        answerer: org,
        kind: MoveKind::InKind,
        source: "own",
        output: None::<String>,
        share: None::<String>,
        project: None::<String>,
        day: today,
        amount: 100_i64,
        words: "样例",
        number: "",
    })
    .write(&mut tx)
    .await
    .unwrap();
    let row = actions::find(&mut tx, &id).await.unwrap();
    actions::add(&mut tx, &row, (100, 0)).await.unwrap();
    review::begun::<MoveRow>(&mut tx, &id, "record", json!({ "sample": true })).await.unwrap();
    tx.commit().await.unwrap();
    vec![("fund_move", id)]
}

/// A promise of the county, of which some has come.
async fn promised(world: &World, p: &Province, [whole, came]: [i64; 2]) -> String {
    let mut tx = world.tx().await;
    let bureau = actor(&mut tx, &p.county, "county").await;
    tx.act_as(bureau);
    let programme = world.app.programme();
    let kind = programme.output("local-investment").unwrap();
    let new = NewOutput {
        school: Some(p.xingning.clone()),
        title: "实训楼".to_owned(),
        since: Some("2026-03-02".parse().unwrap()),
        stage: Some("arriving".to_owned()),
        quantity: Some(whole),
        achieved: Some(came),
        fields: jiedui_web::fields::parse(r#"{"due":"2026-06-30"}"#),
        ..NewOutput::default()
    };
    let id = outputs::record(&mut tx, &programme, kind, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn act(agent: &Agent, page: &str, to: &str, fields: &[(&str, &str)]) -> PageResponse {
    let version = agent.get_json(page).await.json()["version"].to_string();
    agent.post(to, &[&[("version", version.as_str())], fields].concat()).await
}

/// Records by the form, as its hidden fields and its choice say.
async fn recorded(
    agent: &Agent,
    school: &str,
    (kind, of): (&str, &str),
    fields: &[(&str, &str)],
) -> PageResponse {
    let fixed =
        [("school", school), ("kind", kind), ("of", of), ("words", "设备首付款"), ("number", "记-12")];
    let own = fixed.iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
    let all: Vec<(&str, &str)> = own.copied().chain(fields.iter().copied()).collect();
    agent.post("/funding/new", &all).await
}

/// A figure of the sum of a page, in cents.
async fn sum(agent: &Agent, address: &str, step: &str) -> i64 {
    agent.get_json(address).await.json()["total"][step]["raw"].as_i64().unwrap()
}

async fn is_kept(world: &World) {
    let mut tx = world.tx().await;
    assert_eq!(actions::off(&mut tx).await.unwrap(), Vec::<String>::new());
}

both_engines! {
    /// S2.1: of two million promised and one that came, the school pays; the bureau confirms; both numbers are seen everywhere.
    async fn a_payment_is_recorded_by_one_side_and_confirmed_by_the_other(world: World, p: Province) {
        let of = promised(&world, &p, [200_000_000, 100_000_000]).await;
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let account = format!("o.{of}");
        let form = school.get("/funding/new").await;
        assert!(form.says("县级资金：实训楼") && form.says("凭证号"), "{}", form.text());
        let done = recorded(&school, &p.xingning, ("paid", &account), &[("day", "2026-05-11"), ("amount", "300000")]).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
        assert!(county.get("/").await.says("确认经费收支"));
        let office = world.agent(&p.office, "province").await;
        assert_eq!((sum(&office, "/funding", "paid").await, sum(&office, "/funding", "paid_sure").await), (30_000_000, 0));
        assert_eq!(act(&school, &done.location, &format!("{}/confirm", done.location), &[]).await.status, 403);
        assert_eq!(act(&county, &done.location, &format!("{}/confirm", done.location), &[]).await.status, 303);
        assert_eq!(sum(&office, "/funding", "paid_sure").await, 30_000_000);
        is_kept(&world).await;
        let own = format!("/funding/schools/{}", p.xingning);
        assert!(office.get(&own).await.says("支出中"));
        assert_eq!(sum(&office, &own, "left").await, 70_000_000);
        // Promised for June, and November now; what came in March lies for more than half a year.
        assert_eq!((sum(&office, &own, "overdue").await, sum(&office, &own, "idle").await), (100_000_000, 70_000_000));
        let late = office.get("/funding/moneys?late=yes").await;
        assert!(late.says("实训楼") && late.says("逾期未到位"));
        assert!(office.get("/funding/paper").await.says("经费情况表"));
    }

    /// Every cut of the page adds up to the same, to the cent.
    async fn every_cut_shows_the_same_sum(world: World, p: Province) {
        let of = format!("o.{}", promised(&world, &p, [200_000_000, 100_000_000]).await);
        let school = world.agent(&p.xingning, "county_school").await;
        for (kind, of, day, amount) in [
            ("paid", of.as_str(), "2026-05-11", "1234.56"),
            ("returned", of.as_str(), "2026-05-12", "0.44"),
            ("arrived", "s.own", "2025-05-12", "90000.01"),
            ("paid", "s.own", "2026-01-05", "90000.01"),
            ("in_kind", "s.enterprise", "2026-02-01", "500000"),
        ] {
            let done = recorded(&school, &p.xingning, (kind, of), &[("day", day), ("amount", amount)]).await;
            assert_eq!(done.status, 303, "{kind}: {:?}", done.all(".errors li"));
        }
        for step in ["approved", "arrived", "paid", "left", "in_kind"] {
            let whole = sum(&school, "/funding", step).await;
            for by in ["school", "project", "year"] {
                let address = format!("/funding?by={by}");
                assert_eq!(sum(&school, &address, step).await, whole, "{by} {step}");
                let rows = school.get_json(&address).await.json();
                let parts: i64 = rows["rows"].as_array().unwrap().iter().map(|row| row[step]["raw"].as_i64().unwrap()).sum();
                assert_eq!(parts, whole, "{by} {step}");
            }
            assert_eq!(sum(&school, &format!("/funding/schools/{}", p.xingning), step).await, whole, "{step}");
        }
        assert_eq!(sum(&school, "/funding", "paid").await, 123_456 + 9_000_001);
        assert_eq!(sum(&school, "/funding?year=2026", "arrived").await, 100_000_000);
        is_kept(&world).await;
        assert!(school.get("/funding/moves?kind=in_kind").await.says("企业投入"));
        let book = school.get("/funding/export?source=own").await;
        let sheets = read_grids(&book.bytes, &["经费来源", "院校", "项目", "年度"]).unwrap();
        assert_eq!(sheets.len(), 4);
        for sheet in &sheets {
            let said = format!("{:?}", sheet.rows);
            assert!(said.contains("90000.01") && said.contains("合计"), "each cut has what came, to the cent: {said}");
            assert!(!said.contains("企业投入"), "narrowed as the page is: {said}");
        }
        assert_ne!(school.get("/funding/export?year=never").await.status, 200, "what is not understood exports nothing");
    }

    /// G0.3: the money of typical counties can be looked at alone; with that of the others it is all of it.
    async fn the_money_of_typical_counties_can_be_looked_at_alone(world: World, p: Province) {
        let of = format!("o.{}", promised(&world, &p, [200_000_000, 100_000_000]).await);
        let school = world.agent(&p.xingning, "county_school").await;
        let paid = [("day", "2026-05-11"), ("amount", "300000")];
        assert_eq!(recorded(&school, &p.xingning, ("paid", &of), &paid).await.status, 303);
        let office = world.agent(&p.office, "province").await;
        for step in ["approved", "arrived", "paid", "left", "in_kind"] {
            let of = async |asked: &str| sum(&office, &format!("/funding{asked}"), step).await;
            let (whole, typical, other) = (of("").await, of("?typical=typical").await, of("?typical=other").await);
            assert_eq!(typical + other, whole, "{step}");
        }
        // 兴宁 is no typical county, 南雄 is one.
        assert_eq!(sum(&office, "/funding?typical=typical", "paid").await, 0);
        assert_eq!(sum(&office, "/funding?typical=other", "paid").await, 30_000_000);
        assert!(sum(&office, "/funding?typical=typical", "in_kind").await > 0);
        let says = async |address: &str, words: &str| office.get(address).await.says(words);
        assert!(says("/funding/moneys?typical=other", "实训楼").await);
        assert!(!says("/funding/moneys?typical=typical", "实训楼").await);
        assert!(says("/funding/moves?typical=other", "设备首付款").await);
        assert!(!says("/funding/moves?typical=typical", "设备首付款").await);
    }

    /// Whichever index leads to the movements, the same are found; words alone are looked for in this year.
    async fn each_way_to_the_movements_finds_the_same(world: World, p: Province) {
        let output = promised(&world, &p, [200_000_000, 100_000_000]).await;
        let (office, county) = (world.agent(&p.office, "province").await, world.agent(&p.county, "county").await);
        let found = async |agent: &Agent, asked: &str| {
            let page = agent.get_json(&format!("/funding/moves?{asked}")).await.json();
            let total = page["pager"]["total"]["raw"].as_u64().unwrap();
            assert_eq!(page["rows"].as_array().unwrap().len() as u64, total, "{asked}");
            total
        };
        let (words, own) = ("q=%E8%AE%BE%E5%A4%87", format!("school={}", p.xingning));
        let cases = [
            (String::new(), 3_u64, 3_u64),
            (own.clone(), 3, 3),
            ("city=441400".to_owned(), 3, 3),
            ("state=recorded".to_owned(), 3, 3),
            ("state=confirmed".to_owned(), 0, 0),
            ("source=own".to_owned(), 2, 2),
            ("kind=paid".to_owned(), 2, 2),
            ("kind=paid&source=own".to_owned(), 1, 1),
            (format!("output={output}"), 1, 1),
            (format!("output={output}&kind=arrived"), 0, 0),
            ("year=2025".to_owned(), 1, 1),
            (words.to_owned(), 2, 3),
            (format!("{words}&year=2025"), 1, 1),
            (format!("{words}&{own}"), 3, 3),
        ];
        // Some movements are there already, here and elsewhere.
        let mut before = Vec::new();
        for (asked, ..) in &cases {
            before.push((found(&office, asked).await, found(&county, asked).await));
        }
        let school = world.agent(&p.xingning, "county_school").await;
        for (kind, of, day, amount) in [
            ("paid", format!("o.{output}"), "2026-05-11", "1234.56"),
            ("arrived", "s.own".to_owned(), "2025-05-12", "90000.01"),
            ("paid", "s.own".to_owned(), "2026-01-05", "80000"),
        ] {
            let done = recorded(&school, &p.xingning, (kind, &of), &[("day", day), ("amount", amount)]).await;
            assert_eq!(done.status, 303, "{kind}: {:?}", done.all(".errors li"));
        }
        for ((asked, wanted, seen), (of_office, of_county)) in cases.iter().zip(before) {
            for sort in ["", "&sort=day", "&sort=-amount"] {
                let sorted = format!("{asked}{sort}");
                assert_eq!(found(&office, &sorted).await, of_office + wanted, "{sorted}, the office");
                assert_eq!(found(&county, &sorted).await, of_county + seen, "{sorted}, the county");
            }
        }
        let page = office.get_json("/funding/moves?sort=-amount").await.json();
        let raw = |row: &serde_json::Value| row["amount"]["raw"].as_i64().unwrap();
        let amounts: Vec<i64> = page["rows"].as_array().unwrap().iter().map(raw).collect();
        assert!(amounts.contains(&9_000_001) && amounts.is_sorted_by(|one, next| one >= next), "{amounts:?}");
        assert!(office.get(&format!("/funding/moves?{words}")).await.says("只找了今年的收支"));
        is_kept(&world).await;
    }

    /// What cannot be is refused at its field, and nothing is written.
    async fn what_cannot_be_is_refused_at_its_field(world: World, p: Province) {
        let of = format!("o.{}", promised(&world, &p, [200_000_000, 100_000_000]).await);
        let school = world.agent(&p.xingning, "county_school").await;
        for (fields, code) in [
            (vec![("day", "2026-05-11"), ("amount", "-5")], Code::NoNumber),
            (vec![("day", "2026-05-11"), ("amount", "0")], Code::OutOfRange),
            (vec![("day", "2026-05-11"), ("amount", "")], Code::Missing),
            (vec![("day", "2099-05-11"), ("amount", "5")], Code::InFuture),
            (vec![("day", "2026-05-11"), ("amount", "1000000.01")], Code::MoreThanWhole),
            (vec![("day", "2026-03-01"), ("amount", "1")], Code::MoreThanWhole),
            (vec![("day", "2026-05-11"), ("amount", "5"), ("of", "o.nothing")], Code::NotListed),
            (vec![("day", "2026-05-11"), ("amount", "5"), ("words", "")], Code::Missing),
        ] {
            let refused = recorded(&school, &p.xingning, ("paid", &of), &fields).await;
            assert!(refused.status == 422 && refused.refuses(code), "{fields:?}: {}", refused.text());
        }
        let fields = [("day", "2026-05-11"), ("amount", "5")];
        let stranger = recorded(&school, &p.nanxiong, ("paid", "s.own"), &fields).await;
        assert_eq!(stranger.status, 404, "{}", stranger.text());
        let city = world.agent(&p.city, "city").await;
        assert_eq!(recorded(&city, &p.xingning, ("paid", &of), &fields).await.status, 403, "its bureau is the county's");
        assert_eq!(sum(&school, "/funding", "paid").await, 0);
    }

    /// Disputed, taken back: what is withdrawn counts nowhere, and what came stays as long as payments live on it.
    async fn a_dispute_is_heard_and_a_withdrawal_counts(world: World, p: Province) {
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let day = ("day", "2026-05-11");
        let came = recorded(&school, &p.xingning, ("arrived", "s.own"), &[day, ("amount", "100")]).await;
        let paid = recorded(&school, &p.xingning, ("paid", "s.own"), &[day, ("amount", "60")]).await;
        assert_eq!(act(&school, &came.location, &format!("{}/withdraw", came.location), &[]).await.status, 409);
        let to = format!("{}/dispute", paid.location);
        assert!(act(&county, &paid.location, &to, &[("reason", "")]).await.refuses(Code::Missing));
        assert_eq!(act(&county, &paid.location, &to, &[("reason", "发票是五十元")]).await.status, 303);
        assert!(school.get("/").await.says("有异议的支出") && school.get(&paid.location).await.says("发票是五十元"));
        assert_eq!(sum(&school, "/funding", "paid").await, 6_000, "disputed, and still said");
        assert_eq!(act(&school, &paid.location, &format!("{}/withdraw", paid.location), &[]).await.status, 303);
        assert_eq!(act(&school, &came.location, &format!("{}/withdraw", came.location), &[]).await.status, 303);
        assert_eq!((sum(&school, "/funding", "paid").await, sum(&school, "/funding", "arrived").await), (0, 0));
        is_kept(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.get("/funding").await.status, 403, "the money of a school is not its helpers' to see");
    }

    /// S2.1: what a pupil costs in a city counts the schools of which both numbers are known, and says of how many; what came of it
    /// stands beside it.
    async fn a_city_sees_what_a_pupil_costs_and_of_how_many_schools(world: World, p: Province) {
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        describe(&world, &p, 2025, Stage::Accepted, &[("students", "400"), ("graduates", "125")]).await;
        let mut moves = Vec::new();
        for (kind, day, amount) in [("arrived", "2025-03-02", "200000"), ("paid", "2025-05-11", "100000")] {
            let done = recorded(&school, &p.xingning, (kind, "s.own"), &[("day", day), ("amount", amount)]).await;
            assert_eq!(done.status, 303, "{kind}: {:?}", done.all(".errors li"));
            moves.push(done.location);
        }
        let shown = async |org: &str, role: &str, asked: &str| {
            world.agent(org, role).await.get_json(&format!("/funding/costs{asked}")).await.json()
        };
        let raw = |line: &serde_json::Value| ["told", "schools", "paid", "pupils", "each"].map(|name| line[name]["raw"].as_i64());
        let before = shown(&p.city, "city", "").await;
        assert_eq!(raw(&before["rows"][0]), [Some(0), Some(1), None, None, None], "not before it is confirmed");
        for at in &moves {
            assert_eq!(act(&county, at, &format!("{at}/confirm"), &[]).await.status, 303);
        }
        let known = [Some(1), Some(1), Some(10_000_000), Some(400), Some(25_000)];
        let city = shown(&p.city, "city", "?year=2025").await;
        assert_eq!(raw(&city["rows"][0]), known);
        assert_eq!(city["rows"][0]["beside"][0]["figure"]["raw"].as_i64(), Some(8_000), "100 of 125 graduates");
        assert_eq!(shown(&p.city, "city", "").await["year"], "2025", "the newest profile that was accepted");
        for (role, org, by) in [("city", &p.city, "&by=county"), ("county", &p.county, ""), ("county_school", &p.xingning, "")] {
            let page = shown(org, role, &format!("?year=2025{by}")).await;
            assert_eq!((raw(&page["rows"][0]), raw(&page["total"])), (known, known), "{role}");
        }
        let narrowed = shown(&p.city, "city", "?year=2025&county=441481").await;
        let beside = narrowed["rows"][0]["beside"][0]["figure"]["href"].as_str().unwrap();
        assert!(beside.contains("county=441481"), "of a city that is narrowed to a county what is beside it is too: {beside}");
        let office = shown(&p.office, "province", "?year=2025").await;
        assert_eq!(office["rows"].as_array().unwrap().len(), 3, "a city without a number is named too");
        assert_eq!(raw(&office["total"]), [Some(1), Some(3), Some(10_000_000), Some(400), Some(25_000)]);
        let behind = office["rows"][1]["paid"]["href"].as_str().unwrap().to_owned();
        let schools = world.agent(&p.office, "province").await.get(&behind).await;
        assert!(schools.says("兴宁甲校") && !schools.says("紫金乙校"), "{behind}: {}", schools.text());
        assert_eq!(shown(&p.office, "province", "?year=2024").await["total"]["each"]["raw"].as_i64(), None);
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.get("/funding/costs").await.status, 403, "the money of a school is not its helpers' to see");
    }

    /// S2.2, T9.3: what a pupil costs counts what was paid and confirmed in the year of the accepted profile; of the income of
    /// training, what teachers are paid is shown as the share that it is.
    async fn a_school_sees_what_a_pupil_costs_and_what_training_earns(world: World, p: Province) {
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let own = format!("/funding/schools/{}", p.xingning);
        assert!(school.get_json(&own).await.json()["cost"].is_null(), "no profile was accepted");
        describe(&world, &p, 2025, Stage::Accepted, &[("students", "400")]).await;
        for (kind, day, amount) in [("arrived", "2025-03-02", "200000"), ("paid", "2025-05-11", "100000"), ("paid", "2026-05-11", "50000")] {
            let done = recorded(&school, &p.xingning, (kind, "s.own"), &[("day", day), ("amount", amount)]).await;
            assert_eq!(done.status, 303, "{kind} {day}: {:?}", done.all(".errors li"));
            if day == "2025-05-11" {
                let cost = school.get_json(&own).await.json()["cost"].clone();
                assert_eq!((cost["paid"]["raw"].as_i64(), cost["each"]["raw"].as_i64()), (Some(0), Some(0)), "not before it is confirmed");
            }
            assert_eq!(act(&county, &done.location, &format!("{}/confirm", done.location), &[]).await.status, 303);
        }
        let cost = school.get_json(&own).await.json()["cost"].clone();
        let raw = |name: &str| cost[name]["raw"].as_i64();
        assert_eq!((raw("paid"), raw("pupils"), raw("each")), (Some(10_000_000), Some(400), Some(25_000)), "of 2025 alone");
        assert_eq!(cost["year"], "2025");

        let income = [("pairing", p.running.as_str()), ("from", "2025-01-01"), ("to", "2025-12-31"), ("quantity", "100000"), ("pay", "25000")];
        let entry = school.post("/entries/new/training-income", &income).await.made();
        let shown = async || school.get_json(&own).await.json()["training"].clone();
        assert_ne!(shown().await["income"]["raw"].as_i64(), Some(10_000_000), "not before the bureau confirms it");
        let confirm = [("verdict", "confirm"), ("version", "1")];
        assert_eq!(county.post(&format!("/entries/{entry}/answer"), &confirm).await.status, 303);
        let training = shown().await;
        let raw = |name: &str| training[name]["raw"].as_i64();
        assert_eq!((raw("income"), raw("pay"), raw("share")), (Some(10_000_000), Some(2_500_000), Some(2_500)));
        assert_eq!(training["year"], "2025");
        let page = school.get(&own).await;
        assert!(page.says("培养成本") && page.says("占比只作了解"), "{}", page.text());
    }
}
