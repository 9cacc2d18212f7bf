//! Each rule that looks before it writes, with two who look at the same instant: one gets through, the other is told in words.

use crate::both_engines;
use crate::network::pairings::{self, Ending, NewPairing, PairingRow};
use crate::network::registry;
use crate::testing::{PageResponse, Province, day};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Error, Result};
use jiedui_store::{AuditRecord, Tx};

/// The statuses of both, the smaller first: which of them came first is chance.
fn statuses(one: &PageResponse, other: &PageResponse) -> [u16; 2] {
    let mut both = [one.status.as_u16(), other.status.as_u16()];
    both.sort_unstable();
    both
}

/// What the slower one is told.
fn told<'a>(one: &'a PageResponse, other: &'a PageResponse) -> &'a PageResponse {
    if one.status == 303 { other } else { one }
}

async fn finish(mut tx: Tx) -> Result<()> {
    tx.audit(AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &()).await?;
    tx.commit().await
}

both_engines! {
    /// The same visit, from two tabs.
    async fn one_visit(world: World, p: Province) {
        let (one, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.lead, "lead").await);
        let page = one.get("/entries/new/visit").await;
        let (values, texts) =
            (page.attributes("select[name=person] option", "value"), page.all("select[name=person] option"));
        let find = |name: &str| values[texts.iter().position(|text| text.starts_with(name)).unwrap()].clone();
        let (head, secretary) = (find("校长"), find("书记"));
        for from in ["2026-11-12", "2026-11-16"] {
            let first = [("pairing", p.running.as_str()), ("from", from), ("person", head.as_str())];
            let second = [("pairing", p.running.as_str()), ("from", from), ("person", secretary.as_str())];
            let (a, b) = world
                .at_once(one.post("/entries/new/visit", &first), other.post("/entries/new/visit", &second))
                .await;
            assert_eq!(statuses(&a, &b), [303, 422]);
            assert!(told(&a, &b).refuses(Code::Duplicate));
        }
    }

    /// One person in two places on a day, from two tabs.
    async fn one_place(world: World, p: Province) {
        let (one, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.lead, "lead").await);
        let page = one.get("/entries/new/residency").await;
        let (values, texts) =
            (page.attributes("select[name=person] option", "value"), page.all("select[name=person] option"));
        let who = values[texts.iter().position(|text| text.starts_with("主任甲")).unwrap()].as_str();
        let stay = |from, to| [("pairing", p.running.as_str()), ("person", who), ("from", from), ("to", to)];
        let (first, second) = (stay("2026-11-02", "2026-11-08"), stay("2026-11-05", "2026-11-12"));
        let (a, b) = world
            .at_once(one.post("/entries/new/residency", &first), other.post("/entries/new/residency", &second))
            .await;
        assert_eq!(statuses(&a, &b), [303, 422]);
        assert!(told(&a, &b).refuses(Code::Overlap));
    }
}

/// A pairing of the school that was paired until June, from a day on.
async fn pair(world: &crate::testing::World, p: &Province, lead: &str, from: &str) -> Result<()> {
    let mut tx = world.tx().await;
    let rows: Vec<PairingRow> = pairings::in_scope(&mut tx).await?;
    let nearby = rows.iter().find(|row| row.id == p.ended).map(|row| row.nearby.clone()).unwrap();
    let new = NewPairing {
        county_school: p.zijin.clone(),
        lead: lead.to_owned(),
        nearby,
        from: day(from),
        to: Some(day("2027-12-31")),
        source: "测试".to_owned(),
        ..NewPairing::default()
    };
    pairings::ensure(&mut tx, &new, None).await?;
    finish(tx).await
}

both_engines! {
    /// Two pairings of one school whose days overlap.
    async fn one_pairing(world: World, p: Province) {
        let mut tx = world.tx().await;
        let rows = pairings::in_scope(&mut tx).await.unwrap();
        let running = rows.iter().find(|row| row.county_school == p.zijin && row.to_day.is_none()).unwrap();
        let running = pairings::found(&mut tx, &running.id).await.unwrap();
        let ending = Ending { to: day("2026-11-24"), reason: "测试", scheme: "" };
        pairings::end_on(&mut tx, &running, running.version, ending).await.unwrap();
        tx.commit().await.unwrap();
        let (a, b) = world
            .at_once(pair(&world, &p, &p.lead, "2026-12-01"), pair(&world, &p, &p.other_lead, "2027-02-01"))
            .await;
        let lost = match (a, b) {
            (Ok(()), Err(lost)) | (Err(lost), Ok(())) => lost,
            other => panic!("{other:?}"),
        };
        assert!(matches!(&lost, Error::Invalid(errors) if errors[0].code == Code::Overlap), "{lost:?}");
    }

    /// Two schools that take one name, and one post told twice.
    async fn one_name(world: World, p: Province) {
        let (one, other) = (world.agent(&p.office, "province").await, world.agent(&p.office, "province").await);
        let fields = [("kind", "renamed"), ("day", "2026-11-20"), ("note", "粤东示例技工学校")];
        let (first, second) = (format!("/registry/{}/lineage", p.xingning), format!("/registry/{}/lineage", p.zijin));
        let (a, b) = world.at_once(one.post(&first, &fields), other.post(&second, &fields)).await;
        // Where one waits for the other, it finds the name; where they overlap, the database has the last word.
        let lost = told(&a, &b);
        assert!(matches!(statuses(&a, &b), [303, 409 | 422]), "{:?}", statuses(&a, &b));
        assert!(lost.says("同样的记录已经存在，没有重复写入") || lost.refuses(Code::Duplicate));
        let fields = [("name", "新来者"), ("post", "teacher"), ("title", ""), ("from", "2026-09-01")];
        let (one, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.lead, "lead").await);
        let people = format!("/registry/{}/people", p.lead);
        let (a, b) = world.at_once(one.post(&people, &fields), other.post(&people, &fields)).await;
        assert_eq!(statuses(&a, &b), [303, 303], "the second is told that it is there");
        let known = registry::people(&mut world.tx().await, &p.lead).await.unwrap();
        assert_eq!(known.iter().filter(|at| at.name.whole() == "新来者").count(), 1);
    }

    /// Two flags of a kind whose days overlap.
    async fn one_flag(world: World, p: Province) {
        let (one, other) = (world.agent(&p.office, "province").await, world.agent(&p.office, "province").await);
        let at = format!("/registry/{}/flag", p.nearby);
        let flag = |from| [("flag", "high_level"), ("from", from), ("to", ""), ("source", "测试")];
        let (first, second) = (flag("2026-09-01"), flag("2026-10-01"));
        let (a, b) = world.at_once(one.post(&at, &first), other.post(&at, &second)).await;
        assert_eq!(statuses(&a, &b), [303, 422]);
        assert!(told(&a, &b).refuses(Code::Overlap));
        let flags = registry::flags(&mut world.tx().await, &p.nearby).await.unwrap();
        assert_eq!(flags.iter().filter(|flag| flag.flag == "high_level").count(), 1);
    }

    /// One output recorded twice, one application begun twice.
    async fn one_output_and_one_application(world: World, p: Province) {
        let (one, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.lead, "lead").await);
        let fields = [("title", "新的实训体系"), ("helper", p.nearby.as_str()), ("stage", "building"), ("since", "2026-09-01"), ("scope", "数控与机电"), ("what", "system")];
        let at = "/outputs/new/training-system";
        let (a, b) = world.at_once(one.post(at, &fields), other.post(at, &fields)).await;
        assert_eq!(statuses(&a, &b), [303, 422], "{:?}", a.all(".errors"));
        assert!(told(&a, &b).refuses(Code::Duplicate));
        let school = || world.agent(&p.xingning, "county_school");
        let (one, other) = (school().await, school().await);
        let programme = world.app.programme();
        let mut fields = vec![("title", "数控培训基地")];
        for field in &programme.application("training-base").unwrap().fields {
            let value = match (field.options.first(), field.kind) {
                (Some(option), _) => option.id.as_str(),
                (None, jiedui_programme::FieldKind::Number) => "3",
                (None, _) => "照实写",
            };
            fields.push((field.id.as_str(), value));
        }
        let at = "/applications/new/training-base";
        let (a, b) = world.at_once(one.post(at, &fields), other.post(at, &fields)).await;
        assert_eq!(statuses(&a, &b), [303, 422], "{:?}", a.all(".errors"));
        assert!(told(&a, &b).refuses(Code::Duplicate));
    }

    /// One month accepted by two of one bureau: where nobody had begun it, and where it was begun.
    async fn one_acceptance(world: World, p: Province) {
        let at = format!("/months/202610/schools/{}", p.xingning);
        for (org, role) in [(&p.county, "county"), (&p.city, "city")] {
            world.clock().advance(TimeDelta::seconds(1));
            let (one, other) = (world.agent(org, role).await, world.agent(org, role).await);
            let version = one.get_json(&at).await.json()["version"].to_string();
            let fields = [("version", version.as_str()), ("verdict", "accept")];
            let to = format!("{at}/answer");
            let (a, b) = world.at_once(one.post(&to, &fields), other.post(&to, &fields)).await;
            // Where one waits for the other, it finds the month accepted; where they overlap, the version tells it.
            assert!(matches!(statuses(&a, &b), [303, 403 | 409]), "{role}: {:?}", statuses(&a, &b));
            let lost = told(&a, &b);
            assert!(lost.says("接收过的不用再接收") || lost.says("刚被别人改动或接收过"), "{}", lost.text());
        }
        let page = world.agent(&p.office, "province").await.get_json(&at).await.json();
        assert_eq!(page["state"]["label"], "市局已接收，待省办接收");
        let steps = page["review"]["history"].as_array().unwrap();
        let accepted = steps.iter().filter(|step| step["what"] == "接收").count();
        assert_eq!(accepted, 2, "once by each: {steps:?}");
    }
}
