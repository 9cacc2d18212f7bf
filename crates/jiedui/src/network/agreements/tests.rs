//! Agreements through the browser: who records, who answers, and what is signed when.

use super::data;
use crate::both_engines;
use crate::network::agreements;
use crate::network::pairings::{self, NewPairing, PairingRow};
use crate::shared::review;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Date};
use jiedui_store::{Tx, named};
use std::sync::Arc;

pub use crate::testing::{day, programme};

/// One agreement recorded by the lead college, unanswered.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> String {
    let arranger = Arc::clone(tx.actor());
    let lead = actor(tx, &pairing.lead, "lead").await;
    let id = tx.new_id();
    named!(data::INSERT {
        id: &id,
        pairing: &pairing.id,
        edition: 1_i64,
        kind: "first",
        signed_on: pairing.from_day,
        from_day: pairing.from_day,
        to_day: None::<Date>,
        summary: "",
        recorder: &pairing.lead,
        file_name: "",
    })
    .write(tx)
    .await
    .unwrap();
    tx.act_as(lead);
    let change = serde_json::Value::Null;
    review::begun::<agreements::AgreementRow>(tx, &id, "record", change).await.unwrap();
    tx.act_as(arranger);
    id
}

/// The pairing of the running three as if the office's table had no day of signing.
async fn unsigned(world: &World, p: &Province) {
    let mut tx = world.tx().await;
    let row = pairings::find(&mut tx, &p.running).await.unwrap();
    let new = NewPairing {
        county_school: row.county_school,
        lead: row.lead,
        nearby: row.nearby,
        from: row.from_day,
        source: row.source,
        ..NewPairing::default()
    };
    pairings::ensure(&mut tx, &new, None).await.unwrap();
    tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Moves the clock on, so that what follows is later than what came before.
fn later(world: &World) {
    world.clock().advance(TimeDelta::seconds(1));
}

async fn answer(
    world: &World,
    agent: &Agent,
    id: &str,
    version: &str,
    fields: &[(&str, &str)],
) -> PageResponse {
    later(world);
    let fields = [&[("version", version)], fields].concat();
    agent.post(&format!("/agreements/{id}/answer"), &fields).await
}

async fn signed(agent: &Agent) -> i64 {
    agent.get_json("/indicators/signed").await.json()["claimed"]["raw"].as_i64().unwrap()
}

const PAPER: [(&str, &str); 4] =
    [("signed_on", "2026-08-01"), ("from_day", "2026-08-01"), ("to_day", ""), ("summary", "增加两个专业")];

both_engines! {
    /// One party's word is not a signature: the figure moves when the third party has agreed, and with the paper's day.
    async fn an_agreement_counts_as_signed_after_all_three(world: World, p: Province) {
        unsigned(&world, &p).await;
        let (id, province) = (&p.papers[0].agreement, world.agent(&p.office, "province").await);
        let school = world.agent(&p.xingning, "county_school").await;
        let nearby = world.agent(&p.nearby, "nearby").await;
        let lead = world.agent(&p.lead, "lead").await;
        let before = signed(&province).await;
        let own = answer(&world, &lead, id, "1", &[("verdict", "agree")]).await;
        assert_eq!(own.status, 403, "the recorder does not confirm its own record");
        assert_eq!(answer(&world, &school, id, "1", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(signed(&province).await, before, "two of three");
        let twice = answer(&world, &school, id, "1", &[("verdict", "agree")]).await;
        assert_eq!(twice.status, 403, "an answer once given");
        assert_eq!(answer(&world, &nearby, id, "1", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(signed(&province).await, before + 1);
        let pairing = province.get_json(&format!("/pairings/{}", p.running)).await.json();
        assert_eq!(pairing["pairing"]["agreed_on"], "2024-07-26", "the day on the paper, not today");
        let list = province.get(&format!("/pairings/{}/agreements", p.running)).await;
        assert!(list.says("有效") && list.says("现在有效的"));
        let done = province.get(&format!("/agreements/{id}")).await.all(".timeline-what");
        assert_eq!(done.len(), 4, "recorded, two answers, signed: {done:?}");
    }
}

both_engines! {
    /// Who agreed to one day has not agreed to another.
    async fn an_edit_after_an_answer_asks_again(world: World, p: Province) {
        let id = &p.papers[0].agreement;
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let nearby = world.agent(&p.nearby, "nearby").await;
        assert_eq!(answer(&world, &school, id, "1", &[("verdict", "agree")]).await.status, 303);
        let silent = answer(&world, &nearby, id, "1", &[("verdict", "send_back"), ("reason", "")]).await;
        assert_eq!(silent.status, 422, "a reason is asked for");
        assert!(silent.refuses(Code::Missing));
        let back = answer(&world, &nearby, id, "1", &[("verdict", "send_back"), ("reason", "签订日写错了")]).await;
        assert_eq!(back.status, 303);
        let page = lead.get(&format!("/agreements/{id}")).await;
        assert!(page.says("签订日写错了") && page.says("被退回"));
        later(&world);
        let new = [("version", "1"), ("signed_on", "2024-07-29"), ("from_day", "2024-07-26")];
        assert_eq!(lead.post(&format!("/agreements/{id}/edit"), &new).await.status, 303);
        let states = |page: &PageResponse| page.all("td[data-label=答复]");
        assert_eq!(states(&school.get(&format!("/agreements/{id}")).await), ["已同意", "待答复", "待答复"]);
        let old = answer(&world, &school, id, "1", &[("verdict", "agree")]).await;
        assert_eq!(old.status, 409, "an answer to the text as it was");
        assert_eq!(answer(&world, &school, id, "2", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(answer(&world, &nearby, id, "2", &[("verdict", "agree")]).await.status, 303);
        let late = lead.post(&format!("/agreements/{id}/edit"), &[("version", "3"), ("signed_on", "2024-07-30")]).await;
        assert_eq!(late.status, 403, "signed by all: an amendment is another paper");
    }
}

both_engines! {
    /// Two parties answer one text side by side: neither is told of a concurrent edit, and the agreement is signed.
    async fn two_parties_answering_at_once(world: World, p: Province) {
        let path = format!("/agreements/{}/answer", p.papers[0].agreement);
        let (one, two) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.nearby, "nearby").await);
        let yes = [("verdict", "agree"), ("version", "1")];
        let (a, b) = tokio::join!(one.post(&path, &yes), two.post(&path, &yes));
        assert_eq!((a.status.as_u16(), b.status.as_u16()), (303, 303));
        assert!(one.get(&format!("/agreements/{}", p.papers[0].agreement)).await.says("三方都已确认"));
    }
}

both_engines! {
    async fn strangers_see_nothing_and_former_partners_record_nothing(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        for path in [format!("/pairings/{}/agreements", p.strange), format!("/agreements/{}", p.papers[2].agreement)] {
            assert_eq!(lead.get(&path).await.status, 404, "{path}");
        }
        let answered = answer(&world, &lead, &p.papers[2].agreement, "1", &[("verdict", "agree")]).await;
        assert_eq!(answered.status, 404);
        let ended = format!("/pairings/{}/agreements", p.ended);
        let page = lead.get(&ended).await;
        assert_eq!(page.status, 200);
        assert!(page.says("不再登记新的协议") && page.all(".page-act a").is_empty());
        assert_eq!(lead.get(&format!("{ended}/new")).await.status, 403);
        assert_eq!(lead.post(&format!("{ended}/new"), &PAPER).await.status, 403);
        let bureau = world.agent(&p.county, "county").await;
        assert_eq!(bureau.get(&format!("/pairings/{}/agreements", p.running)).await.status, 200, "it reads");
        // The pairing ended on 30 June; ninety days later the time for answers is over.
        let school = world.agent(&p.zijin, "county_school").await;
        let id = &p.papers[1].agreement;
        assert_eq!(answer(&world, &school, id, "1", &[("verdict", "agree")]).await.status, 403);
        world.clock().advance(TimeDelta::days(-90));
        let school = world.agent(&p.zijin, "county_school").await;
        assert_eq!(answer(&world, &school, id, "1", &[("verdict", "agree")]).await.status, 303, "2026-08-26");
    }
}

both_engines! {
    /// A file is taken for what it is, and comes back as it went in.
    async fn a_file_is_known_by_its_content_and_kept_byte_for_byte(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let path = format!("/agreements/{}/edit", p.papers[0].agreement);
        let fields = [("version", "1"), ("signed_on", "2024-07-26"), ("from_day", "2024-07-26")];
        let fake = lead.upload_with(&path, &fields, ("协议.pdf", b"MZ\x90\x00 a program")).await;
        assert_eq!(fake.status, 422);
        assert!(fake.refuses(Code::WrongFile));
        assert_eq!(lead.get(&format!("/agreements/{}/file", p.papers[0].agreement)).await.status, 404, "none was kept");
        let scan: Vec<u8> = b"%PDF-1.7\r\n".iter().copied().chain(0..=255).chain([0, 13, 10, 255]).collect();
        assert_eq!(lead.upload_with(&path, &fields, ("三方协议.PDF", &scan)).await.status, 303);
        let nearby = world.agent(&p.nearby, "nearby").await;
        let file = nearby.get(&format!("/agreements/{}/file", p.papers[0].agreement)).await;
        assert_eq!((file.status.as_u16(), file.content_type.as_str()), (200, "application/pdf"));
        assert_eq!(file.bytes, scan);
        assert!(nearby.get(&format!("/agreements/{}", p.papers[0].agreement)).await.says("三方协议.pdf"));
    }
}

both_engines! {
    /// One at a time; what follows a signed one is an amendment or a renewal, and the older one stays.
    async fn one_edition_is_open_at_a_time(world: World, p: Province) {
        let (lead, nearby) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        let school = world.agent(&p.xingning, "county_school").await;
        let (new, id) = (format!("/pairings/{}/agreements/new", p.running), &p.papers[0].agreement);
        let second = nearby.post(&new, &PAPER).await;
        assert_eq!(second.status, 409);
        assert!(second.says("同一时间只能有一份"));
        assert_eq!(nearby.post(&format!("/agreements/{id}/withdraw"), &[("version", "1")]).await.status, 403);
        for agent in [&nearby, &school] {
            assert_eq!(answer(&world, agent, id, "1", &[("verdict", "agree")]).await.status, 303);
        }
        let page = nearby.get(&new).await;
        assert_eq!(page.attributes("#f-from_day", "value"), ["2024-07-26"], "the pairing's first day is proposed");
        let unsaid = nearby.post(&new, &PAPER).await;
        assert_eq!(unsaid.status, 422);
        assert!(unsaid.refuses(Code::Missing));
        let renewal = [&[("kind", "renewal"), ("signed_on", "2026-08-01"), ("from_day", "2026-08-01")], &[("to_day", "2026-12-31")][..]].concat();
        let made = nearby.post(&new, &renewal).await;
        assert_eq!(made.status, 303);
        let renewed = made.made();
        for agent in [&lead, &school] {
            assert_eq!(answer(&world, agent, &renewed, "1", &[("verdict", "agree")]).await.status, 303);
        }
        let list = lead.get(&format!("/pairings/{}/agreements", p.running)).await;
        assert_eq!(list.all("td[data-label=状态]"), ["有效", "已由后一份接替"]);
        let pairing = lead.get_json(&format!("/pairings/{}", p.running)).await.json();
        assert_eq!(pairing["pairing"]["agreed_on"], "2024-07-26", "the first agreement's day stays");
        assert!(pairing["pairing"]["to_day"].is_null(), "the end of a term does not end the pairing");
        let mut tx = world.tx().await;
        assert!(agreements::expiring(&mut tx, day("2026-12-30")).await.unwrap().is_empty());
        assert_eq!(agreements::expiring(&mut tx, day("2026-12-31")).await.unwrap().len(), 1);
    }
}

both_engines! {
    /// Two at one school change the record: the second sees both, and nothing typed is lost.
    async fn a_conflict_shows_both_versions(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let path = format!("/agreements/{}/edit", p.papers[0].agreement);
        let with = |summary: &'static str| [("version", "1"), ("signed_on", "2024-07-26"), ("from_day", "2024-07-26"), ("summary", summary)];
        assert_eq!(lead.post(&path, &with("先写的")).await.status, 303);
        let second = lead.post(&path, &with("后写的")).await;
        assert_eq!(second.status, 409);
        assert_eq!(second.all("#f-summary"), ["后写的"]);
        assert!(second.all(".theirs").iter().any(|theirs| theirs.contains("先写的")));
        assert_eq!(second.attributes("main input[name=version]", "value"), ["2"]);
    }
}

both_engines! {
    /// What the desks ask for.
    async fn the_desks_know_what_waits(world: World, p: Province) {
        let programme = world.app.programme();
        let (id, nearby) = (&p.papers[0].agreement, world.agent(&p.nearby, "nearby").await);
        let mut tx = world.tx().await;
        let of = |rows: Vec<agreements::AgreementRow>| rows.into_iter().filter(|row| row.id == *id).count();
        assert_eq!(of(agreements::waiting(&mut tx).await.unwrap()), 1);
        assert_eq!(of(agreements::to_answer(&mut tx, &programme, &p.nearby).await.unwrap()), 1);
        assert_eq!(of(agreements::to_answer(&mut tx, &programme, &p.lead).await.unwrap()), 0);
        assert!(agreements::to_answer(&mut tx, &programme, &p.zijin).await.unwrap().is_empty(), "ended too long ago");
        drop(tx);
        answer(&world, &nearby, id, "1", &[("verdict", "send_back"), ("reason", "缺印章")]).await;
        let mut tx = world.tx().await;
        assert_eq!(of(agreements::sent_back(&mut tx, &p.lead).await.unwrap()), 1);
        assert_eq!(of(agreements::to_answer(&mut tx, &programme, &p.nearby).await.unwrap()), 0);
        drop(tx);
        answer(&world, &nearby, id, "1", &[("verdict", "agree")]).await;
        let mut tx = world.tx().await;
        assert_eq!(of(agreements::sent_back(&mut tx, &p.lead).await.unwrap()), 0, "it thought better of it");
    }
}

both_engines! {
    /// A draft that was begun before somebody saved shows what was saved, and does not wipe it out unseen.
    async fn a_draft_older_than_what_is_saved_shows_both(world: World, p: Province) {
        let id = &p.papers[0].agreement;
        let lead = world.agent(&p.lead, "lead").await;
        let edit = format!("/agreements/{id}/edit");
        let new = [("version", "1"), ("signed_on", "2024-07-29"), ("from_day", "2024-07-26"), ("summary", "刚保存的内容")];
        assert_eq!(lead.post(&edit, &new).await.status, 303);
        for (version, seen) in [("1", true), ("2", false)] {
            let typed = [("version", version), ("summary", "先前打的内容")];
            assert_eq!(lead.post(&format!("/drafts/agreement-edit-{id}"), &typed).await.status, 303);
            let page = lead.get(&edit).await;
            assert_eq!(page.status, 200);
            assert!(page.says("先前打的内容"));
            assert_eq!(page.all(".theirs").iter().any(|note| note.contains("刚保存的内容")), seen);
        }
    }
}
