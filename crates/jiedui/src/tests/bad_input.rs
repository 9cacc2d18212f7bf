//! What goes wrong in a day: each with a clear answer, and nothing lost or half done.

use crate::both_engines;
use crate::testing::{Agent, Province, claim};
use axum::body::{Body, Bytes, HttpBody};
use chrono::TimeDelta;
use hyper::body::Frame;
use jiedui_kernel::Code;
use jiedui_web::drafts;
use jiedui_web::limits::UPLOAD_BYTES;
use jiedui_web::route::Method;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

async fn visit(agent: &Agent, fields: &[(&str, &str)]) -> crate::testing::PageResponse {
    agent.post("/entries/new/visit", fields).await
}

async fn person(agent: &Agent, activity: &str, name: &str) -> String {
    let page = agent.get(&format!("/entries/new/{activity}")).await;
    let values = page.attributes("select[name=person] option", "value");
    let texts = page.all("select[name=person] option");
    let at =
        texts.iter().position(|text| text.starts_with(name)).unwrap_or_else(|| panic!("{name} in {texts:?}"));
    values[at].clone()
}

both_engines! {
    /// Wrong passwords are told alike for known and unknown logins; after five in a row the right one has to wait.
    async fn wrong_passwords_are_told_alike_and_delay(world: World, p: Province) {
        world.agent(&p.lead, "lead").await;
        let login = format!("t-lead-{}", &p.lead[p.lead.len() - 12..]);
        let nobody = world.stranger();
        let token = nobody.get("/signin").await.attributes("main input[name=_csrf]", "value")[0].clone();
        let nobody = nobody.with_token(token);
        for login in [login.as_str(), "nobody-here"] {
            nobody.post("/signin", &[("login", login), ("password", "wrong")]).await;
            assert!(nobody.get("/signin").await.says("账号或密码不对"), "{login}");
        }
        for _ in 0..4 {
            nobody.post("/signin", &[("login", &login), ("password", "wrong")]).await;
        }
        let early = nobody.post("/signin", &[("login", &login), ("password", "Testing-2026-x")]).await;
        assert_eq!(early.location, "/signin", "also the right one waits");
        assert!(nobody.get("/signin").await.says("账号或密码不对"), "in the same words");
        world.clock().advance(TimeDelta::seconds(15));
        let done = nobody.post("/signin", &[("login", &login), ("password", "Testing-2026-x")]).await;
        assert_eq!(done.location, "/", "after the wait it works again");
    }
}

both_engines! {
    /// Half an hour without a click ends the session; a form sent then leads to the sign-in page and writes nothing.
    async fn expired_session(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.get("/entries").await.status, 200);
        world.clock().advance(TimeDelta::minutes(31));
        assert!(school.get("/entries").await.location.starts_with("/signin?next="));
        let answer = school.post(&format!("/entries/{}/answer", p.visit), &[("verdict", "confirm"), ("version", "1")]).await;
        assert!(answer.location.starts_with("/signin"));
        let fresh = world.agent(&p.xingning, "county_school").await;
        assert_eq!(fresh.get_json(&format!("/entries/{}", p.visit)).await.json()["state"]["key"], "claimed");
    }
}

both_engines! {
    /// A refusal is no dead end: it leads back to the thing, or to the list where the thing is not to be seen.
    async fn a_refusal_leads_back(world: World, p: Province) {
        let entry = format!("/entries/{}", p.visit);
        let lost = world.agent(&p.other_lead, "lead").await.get(&entry).await;
        let back = |page: &crate::testing::PageResponse| page.attributes(".acts a", "href");
        assert_eq!(lost.status, 404);
        assert_eq!(back(&lost), ["/entries", "/"]);
        let county = world.agent(&p.county, "county").await;
        let refused = county.post(&format!("{entry}/reply"), &[("reply", "在")]).await;
        assert_eq!(refused.status, 403);
        assert_eq!(back(&refused), [entry.as_str(), "/"]);
        let hidden = world.agent(&p.office, "auditor").await.get(&entry).await;
        assert_eq!(hidden.status, 403);
        assert_eq!(back(&hidden), ["/"], "not to what would be refused as well");
    }
}

both_engines! {
    async fn forged_token(world: World, p: Province) {
        let path = format!("/entries/{}/answer", p.visit);
        for token in ["", "0000", &"f".repeat(64)] {
            let forged = world.agent(&p.xingning, "county_school").await.with_token(token.to_owned());
            let answer = forged.post(&path, &[("verdict", "confirm"), ("version", "1")]).await;
            assert_eq!(answer.status, 403);
            assert!(answer.says("没有写入"));
        }
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.get_json(&format!("/entries/{}", p.visit)).await.json()["confirmed"]["raw"], 0);
    }
}

both_engines! {
    async fn somebody_elses_id_is_not_there(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        for path in [
            format!("/entries/{}", p.strange_visit),
            format!("/pairings/{}", p.strange),
            format!("/registry/{}", p.nanxiong),
            "/entries/no-such-id".to_owned(),
            "/entries/%00".to_owned(),
        ] {
            let page = school.get(&path).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(!page.says("南雄"), "{path} gives nothing away");
        }
        let other = school.post(&format!("/entries/{}/answer", p.strange_visit), &[("verdict", "confirm"), ("version", "1")]).await;
        assert_eq!(other.status, 404);
    }
}

both_engines! {
    /// The form comes back with what was typed, and says at each field what is wrong.
    async fn dates_turned_round_future_and_out_of_the_pairing(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let someone = person(&lead, "residency", "主任甲").await;
        let stay = async |from: &str, to: &str| {
            let fields = [("pairing", p.running.as_str()), ("person", &someone), ("from", from), ("to", to)];
            lead.post("/entries/new/residency", &fields).await
        };
        let turned = stay("2026-10-20", "2026-10-01").await;
        assert_eq!(turned.status, 422);
        assert!(turned.refuses(Code::Reversed));
        assert_eq!(turned.attributes("input[name=from]", "value"), ["2026-10-20"], "nothing typed is lost");
        assert_eq!(turned.attributes(".errors a", "href"), ["#f-to"]);
        assert!(stay("2026-11-20", "2026-12-01").await.refuses(Code::InFuture));
        assert!(stay("2024-07-01", "2024-07-20").await.refuses(Code::NotInPeriod));
        assert!(stay("not-a-date", "2026-11-01").await.refuses(Code::NoDate));
        let nobody = visit(&lead, &[("pairing", &p.running), ("from", "2026-11-12"), ("person", "")]).await;
        assert!(nobody.refuses(Code::Missing));
        let ended = visit(&lead, &[("pairing", &p.ended), ("from", "2026-11-12"), ("person", &someone)]).await;
        assert_eq!(ended.status, 422, "a former partner claims nothing new");
    }
}

both_engines! {
    async fn control_characters_are_refused(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let answer = visit(&lead, &[("pairing", &p.running), ("agreed", "商定\u{0}事项\u{7}")]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.refuses(Code::Characters));
    }
}

both_engines! {
    /// Drafts outlive sessions: without an end one account could fill the disk with them.
    async fn drafts_of_an_account_have_an_end(world: World, p: Province) {
        let (lead, nearby) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        let long = "a".repeat(190_000);
        for number in 0..10 {
            assert_eq!(lead.post(&format!("/drafts/junk-{number}"), &[("agreed", &long)]).await.status, 303);
        }
        let more = lead.post("/drafts/junk-10", &[("agreed", &long)]).await;
        assert!(more.status == 413 && more.says("请先提交或丢弃几份"), "{}", more.text());
        assert_eq!(lead.post("/drafts/junk-9", &[("agreed", &long)]).await.status, 303, "in the place of its own");
        assert_eq!(nearby.post("/drafts/junk-0", &[("agreed", &long)]).await.status, 303, "each account has its own");
        lead.post("/drafts/junk-3/drop", &[]).await;
        assert_eq!(lead.post("/drafts/junk-10", &[("agreed", &long)]).await.status, 303);
    }
}

both_engines! {
    /// Empty ones, too: a name costs nothing to make up.
    async fn an_account_keeps_so_many_drafts(world: World, p: Province) {
        let (lead, nearby) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        for number in 0..drafts::MOST_FORMS {
            assert_eq!(lead.post(&format!("/drafts/junk-{number}"), &[]).await.status, 303);
        }
        let more = lead.post("/drafts/one-more", &[]).await;
        assert!(more.status == 413 && more.says("请先提交或丢弃几份"), "{}", more.text());
        assert_eq!(lead.post("/drafts/junk-9", &[("agreed", "商定")]).await.status, 303, "in the place of its own");
        assert_eq!(nearby.post("/drafts/one-more", &[]).await.status, 303, "each account has its own");
        lead.post("/drafts/junk-3/drop", &[]).await;
        assert_eq!(lead.post("/drafts/one-more", &[]).await.status, 303);
    }
}

both_engines! {
    /// Copied from a word processor: soft breaks are none in one line, what nobody sees is gone, and nothing is cut.
    async fn text_and_numbers_as_people_type_them(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let someone = person(&lead, "visit", "书记").await;
        let agreed = "共建\u{200b}实训室\u{b}派教师\u{2028}每月一次\r\n";
        let fields = [("pairing", p.running.as_str()), ("person", &someone), ("from", "2026-11-12"), ("agreed", agreed)];
        let made = visit(&lead, &fields).await;
        assert_eq!(made.status, 303);
        let page = lead.get(&made.location).await.text();
        assert!(page.contains("共建实训室 派教师 每月一次<"), "one line: {page}");
        let long = "长".repeat(2_001);
        let fields = [("pairing", p.running.as_str()), ("person", &someone), ("from", "2026-11-13"), ("agreed", &long)];
        assert!(visit(&lead, &fields).await.refuses(Code::TooLong), "told, and not cut");
        let form = lead.get("/entries/new/visit").await;
        assert!(form.attributes("[maxlength]", "name").is_empty(), "a browser would cut what is pasted");
        assert!(!form.attributes("[data-limit]", "name").is_empty());
        let needs = "/needs/new";
        let sent = |quantity: &'static str| {
            [("clause", "T4.4"), ("title", "数控教师"), ("detail", "缺两名"), ("quantity", quantity), ("unit", "人"), ("wished_on", "2026-12-20")]
        };
        assert!(school.post(needs, &sent("1200.5")).await.refuses(Code::OutOfRange));
        assert_eq!(school.post(needs, &sent("１,２００")).await.status, 303);
    }
}

both_engines! {
    /// One person in two places on a day: told where the other stay is.
    async fn one_person_resident_in_two_places(world: World, p: Province) {
        claim(&world, &p.lead, &p.running, "residency", "主任甲", "2026-10-01", Some("2026-10-20")).await;
        let lead = world.agent(&p.lead, "lead").await;
        let someone = person(&lead, "residency", "主任甲").await;
        let again = |from: &'static str, to: &'static str| {
            vec![("pairing", p.running.clone()), ("person", someone.clone()), ("from", from.into()), ("to", to.into())]
        };
        let send = async |fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            lead.post("/entries/new/residency", &fields).await
        };
        let clash = send(again("2026-10-20", "2026-10-31")).await;
        assert_eq!(clash.status, 422);
        assert!(clash.refuses(Code::Overlap) && clash.says("兴宁甲校"));
        assert_eq!(send(again("2026-10-21", "2026-10-31")).await.status, 303, "the day after is free");
    }
}

both_engines! {
    /// The same visit entered twice counts once: the second is refused, not added.
    async fn the_same_visit_twice(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let someone = person(&lead, "visit", "书记").await;
        let fields = [("pairing", p.running.as_str()), ("person", &someone), ("from", "2026-11-10")];
        assert!(visit(&lead, &fields).await.refuses(Code::Duplicate));
    }
}

both_engines! {
    /// A claim nobody answered stands with the county bureau after fifteen working days, and time alone settles nothing.
    async fn unanswered_claims_go_up(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        let path = format!("/entries/{}/settle", p.visit);
        assert_eq!(county.post(&path, &[("verdict", "confirm"), ("version", "1"), ("reason", "核实到校")]).await.status, 403);
        world.clock().advance(TimeDelta::days(22));
        let county = world.agent(&p.county, "county").await;
        assert!(county.get("/").await.says("核定"));
        let city = world.agent(&p.city, "city").await;
        assert_eq!(city.post(&path, &[("verdict", "confirm"), ("version", "1"), ("reason", "核实")]).await.status, 403, "not yet the city's");
        let entry = format!("/entries/{}", p.visit);
        assert_eq!(county.get_json(&entry).await.json()["state"]["key"], "claimed", "time confirms nothing");
        assert_eq!(county.post(&path, &[("verdict", "confirm"), ("version", "1")]).await.status, 422, "a reason is asked for");
        assert_eq!(county.post(&path, &[("verdict", "confirm"), ("version", "1"), ("reason", "核实到校")]).await.status, 303);
        assert_eq!(county.get_json(&entry).await.json()["state"]["key"], "confirmed");
    }
}

both_engines! {
    /// A former partner answers and corrects for ninety days, then only reads.
    async fn former_partners_have_ninety_days(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let withdraw = format!("/entries/{}/withdraw", p.former_visit);
        assert_eq!(lead.get(&format!("/entries/{}", p.former_visit)).await.status, 200, "what is dated inside stays readable");
        assert_eq!(lead.post(&withdraw, &[("version", "1")]).await.status, 403, "147 days after the end");
        world.clock().advance(TimeDelta::days(-70));
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.post(&withdraw, &[("version", "1")]).await.status, 303, "77 days after the end");
    }
}

both_engines! {
    /// A correction asks again only where a counting field changed.
    async fn corrections(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let entry = format!("/entries/{}", p.visit);
        school.post(&format!("{entry}/answer"), &[("verdict", "confirm"), ("version", "1")]).await;
        let someone = person(&lead, "visit", "校长").await;
        let fields = |from: &'static str, version: &'static str| {
            [("pairing", p.running.clone()), ("person", someone.clone()), ("from", from.into()), ("agreed", "商定共建".into()), ("version", version.into())]
        };
        let send = async |fields: [(&str, String); 5]| {
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            lead.post(&format!("{entry}/correct"), &fields).await.status.as_u16()
        };
        assert_eq!(send(fields("2026-11-10", "2")).await, 303);
        assert_eq!(lead.get_json(&entry).await.json()["state"]["key"], "confirmed", "only words changed");
        assert_eq!(send(fields("2026-11-11", "2")).await, 409, "an old page is told so");
        assert_eq!(send(fields("2026-11-11", "3")).await, 303);
        let view = lead.get_json(&entry).await.json();
        assert_eq!((view["state"]["key"].as_str(), view["confirmed"]["raw"].as_i64()), (Some("claimed"), Some(0)));
        assert_eq!(view["history"].as_array().unwrap().len(), 4, "corrected, never erased");
    }
}

both_engines! {
    /// Files that are no workbook, and one that is too large: told at the field, and nothing is imported.
    async fn uploads_that_are_no_workbook(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let before = office.get_json("/registry?kind=all").await.json()["pager"]["total"]["raw"].clone();
        for (name, bytes) in [("图.png", &b"\x89PNG\r\n\x1a\nxxxx"[..]), ("空.xlsx", b""), ("断.xlsx", b"PK\x03\x04 cut short")] {
            let answer = office.upload("/import", name, bytes).await;
            assert_eq!(answer.status, 422, "{name}");
        }
        let large = office.upload("/import", "大.xlsx", &vec![b'x'; 21 * 1024 * 1024]).await;
        assert_eq!(large.status, 413);
        assert!(large.says("20 MB"));
        assert_eq!(office.get_json("/registry?kind=all").await.json()["pager"]["total"]["raw"], before);
    }
}

const TWO_GIGABYTES: u64 = 2 << 30;
static PIECE: [u8; 64 * 1024] = [b'x'; 64 * 1024];

/// A file of two gigabytes that is never there as a whole, and counts what is taken of it.
struct Endless {
    head: Option<Bytes>,
    taken: Arc<AtomicU64>,
}

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.head.take().unwrap_or_else(|| Bytes::from_static(&PIECE));
        let before = self.taken.fetch_add(piece.len() as u64, Ordering::Relaxed);
        Poll::Ready((before < TWO_GIGABYTES).then(|| Ok(Frame::data(piece))))
    }
}

both_engines! {
    /// A file of two gigabytes is refused where it passes the limit: the rest of it is not read.
    async fn an_upload_of_two_gigabytes_is_not_read(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let part = |name: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"");
        let head = format!("{}\r\n\r\n{}\r\n{}; filename=\"大.xlsx\"\r\n\r\n", part("_csrf"), office.csrf, part("file"));
        let taken = Arc::new(AtomicU64::new(0));
        let body = Body::new(Endless { head: Some(head.into()), taken: Arc::clone(&taken) });
        let refused = office.post_made("/import", "multipart/form-data; boundary=edge", body, TWO_GIGABYTES).await;
        assert_eq!(refused.status, 413);
        assert!(refused.says("20 MB"), "{}", refused.text());
        let (taken, limit) = (taken.load(Ordering::Relaxed), UPLOAD_BYTES as u64);
        assert!(taken <= limit + 1024 * 1024, "{taken} bytes were read");
    }
}

both_engines! {
    /// Whoever presses Enter in the address bar after a form came back is led to the form, or to its list.
    async fn the_address_of_an_act_leads_to_its_page(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let entry = format!("/entries/{}", p.visit);
        let led = async |address: &str| {
            let page = lead.get(address).await;
            assert_eq!(page.status, 303, "{address}");
            page.location
        };
        assert_eq!(led(&format!("{entry}/answer")).await, entry);
        assert_eq!(led("/entries/confirm").await, "/entries");
        assert_eq!(led("/entries/undo/x").await, "/entries");
        assert_eq!(led("/signout").await, "/");
        let acts = world.app.site.routes.iter().filter(|route| route.method == Method::Post);
        for act in acts.filter(|act| !act.path.contains('{')) {
            assert_ne!(lead.get(act.path).await.status, 405, "{}", act.path);
        }
    }

    /// The next one like it: what repeats is there, days and numbers are asked for once more.
    async fn another_one_like_it_keeps_what_repeats(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let someone = person(&lead, "visit", "书记").await;
        let fields = [("pairing", p.running.as_str()), ("person", &someone), ("from", "2026-11-12"), ("agreed", "共建实训室")];
        let made = visit(&lead, &fields).await.location;
        let again = lead.get(&made).await.attributes("a[href*='like=']", "href");
        assert_eq!(again.len(), 1);
        let form = lead.get(&again[0]).await;
        assert!(form.attributes("input[name=from]", "value").iter().all(String::is_empty));
        assert_eq!(form.attributes("select[name=person] option[selected]", "value"), [someone]);
        assert!(form.says("共建实训室") || form.attributes("[name=agreed]", "value") == ["共建实训室"]);
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(school.get(&made).await.attributes("a[href*='like=']", "href").is_empty(), "whoever answers records nothing");
        let other = format!("/entries/new/residency?{}", again[0].split_once('?').unwrap().1);
        assert_eq!(lead.get(&other).await.status, 404, "of another kind");
        let recent = lead.get("/entries/new").await.attributes("main .section:first-child a", "href");
        assert!(recent.contains(&"/entries/new/visit".to_owned()), "what one records often stands first");
    }
}
