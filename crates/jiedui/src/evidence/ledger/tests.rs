//! Many entries from one table: whole or not at all. And whatever is done to one: its history and its row agree.

mod asked;
mod slices;

use super::actions::offers::offers;
use super::actions::{answer, correct};
use super::rules::EntryAnswer;
use super::{NewEntry, data, find};
use crate::both_engines;
use crate::network::pairings::{self, PairingRow};
use crate::shared::confirmation::{Ruling, State, tests::fold};
use crate::testing::{Agent, Province, World, actor, claim, day, kept};
use chrono::TimeDelta;
use jiedui_documents::{Value, read_grids};
use jiedui_kernel::{Code, Period, Result};
use jiedui_programme::parts::{Part, Takes, inputs};
use jiedui_store::{Tx, args};
use jiedui_web::history;

async fn count(agent: &Agent) -> i64 {
    agent.get_json("/entries?activity=visit").await.json()["pager"]["total"]["raw"].as_i64().unwrap()
}

both_engines! {
    /// Every row is checked as the form would check it, against the rows before it too; one mistake keeps all out.
    async fn entries_come_in_whole_or_not_at_all(world: World, p: Province) {
        let programme = world.app.programme();
        let label = programme.activity("visit").unwrap().person.as_ref().unwrap().label.clone();
        let lead = world.agent(&p.lead, "lead").await;
        let send = async |rows: &str| {
            let file = format!("日期,{label}\n{rows}");
            lead.upload("/entries/import?activity=visit", "登记.csv", file.as_bytes()).await
        };
        let before = count(&lead).await;
        let told = send("2026-11-16,校长\n2026-12-30,校长\n2026-11-18,没有这人\n2026-11-16,书记\n").await;
        assert_eq!(told.status, 422);
        let rows = told.all(".problems td[data-label=行]");
        assert_eq!(rows, ["3", "4", "5"], "the future, a stranger, and the same day twice: {}", told.text());
        assert!(told.refuses(Code::InFuture) && told.refuses(Code::NotListed) && told.refuses(Code::Duplicate));
        assert_eq!(count(&lead).await, before, "nothing is half done");
        let done = send("2026-11-16,校长\n2026-11-17,书记\n").await;
        assert_eq!((done.status.as_u16(), done.location.as_str()), (303, "/entries?activity=visit"), "{}", done.text());
        assert_eq!(count(&lead).await, before + 2);
        let school = world.agent(&p.xingning, "county_school").await;
        let waiting = school.get_json("/entries?waiting=me").await.json()["pager"]["total"]["raw"].as_i64().unwrap();
        assert!(waiting >= 3, "each waits for the school's answer: {waiting}");
        let again = send("2026-11-16,校长\n").await;
        assert!(again.status == 422 && again.refuses(Code::Duplicate));
        assert_eq!(send("").await.attributes(".errors a", "href"), ["#f-file"]);
        let nothing = lead.upload("/entries/import?activity=no-such", "a.csv", b"x").await;
        assert_eq!(nothing.attributes(".errors a", "href"), ["#f-activity"]);
    }
}

both_engines! {
    /// A table is looked at before it is claimed, and taken back as a whole while nobody has answered any of it.
    async fn a_table_is_looked_at_and_taken_back_as_a_whole(world: World, p: Province) {
        let programme = world.app.programme();
        let label = programme.activity("visit").unwrap().person.as_ref().unwrap().label.clone();
        let lead = world.agent(&p.lead, "lead").await;
        let take = async |first: &str, second: &str| {
            let file = format!("日期,{label}\n{first},校长\n{second},书记\n");
            let before = count(&lead).await;
            let preview = lead.look("/entries/import", &[("activity", "visit")], ("登记.csv", file.as_bytes())).await;
            assert_eq!(preview.attributes("tr[data-outcome]", "data-outcome"), ["made", "made"], "{}", preview.text());
            assert_eq!(count(&lead).await, before, "nothing is claimed yet");
            let done = lead.accept(&preview).await;
            assert_eq!((done.status.as_u16(), done.location.as_str()), (303, "/entries?activity=visit"));
            assert_eq!(count(&lead).await, before + 2);
            lead.get(&done.location).await.attributes("form[action^='/imports/']", "action").remove(0)
        };
        let withdrawn = async || {
            let page = lead.get_json("/entries?activity=visit&state=withdrawn").await.json();
            page["pager"]["total"]["raw"].as_i64().unwrap()
        };
        let undo = take("2026-11-16", "2026-11-17").await;
        // Whoever sent it may have left: a colleague of the same right takes it back, and nobody elsewhere.
        let colleague = world.agent(&p.lead, "nearby").await;
        let stranger = world.agent(&p.other_lead, "lead").await;
        assert_eq!(stranger.post(&undo, &[]).await.status, 404);
        assert!(stranger.get("/imports").await.attributes("td form[action$='/undo']", "action").is_empty());
        assert!(colleague.get("/imports").await.attributes("td form[action$='/undo']", "action").contains(&undo));
        assert_eq!(colleague.post(&undo, &[]).await.status, 303);
        assert_eq!(withdrawn().await, 2);
        assert_eq!(lead.post(&undo, &[]).await.status, 409, "once");
        let undo = take("2026-11-18", "2026-11-19").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let waiting = school.get_json("/entries?waiting=me&activity=visit").await.json();
        let answered = waiting["rows"].as_array().unwrap().iter().find(|row| row["from"] == "2026-11-18").unwrap().clone();
        let address = format!("{}/answer", answered["href"].as_str().unwrap());
        assert_eq!(school.post(&address, &[("verdict", "confirm"), ("version", "1")]).await.status, 303);
        let refused = lead.post(&undo, &[]).await;
        assert!(refused.status == 409 && refused.says("2026-11-18：已确认"), "one was answered: {}", refused.text());
        assert!(!refused.says("2026-11-19"), "the other was not");
        assert_eq!(withdrawn().await, 2, "all of it or nothing");
    }
}

both_engines! {
    /// What the template offers is what this claimant can choose from, and it reads back.
    async fn the_template_is_the_claimants_own(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let page = lead.get("/entries/import").await;
        let links = page.attributes(".links a", "href");
        assert!(links.contains(&"/entries/import/visit/template".to_owned()));
        for link in &links {
            let book = lead.get(link).await;
            assert!(book.status == 200 && book.bytes.starts_with(b"PK"), "{link}");
        }
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(!school.get("/entries/import").await.attributes(".links a", "href").contains(&links[0]) || links.len() > 1);
        assert_eq!(school.get("/entries/import/visit/template").await.status, 403, "a county school claims no visit");
        assert_eq!(world.agent(&p.office, "sysadmin").await.get("/entries/import").await.status, 403);
    }
}

/// One of the things that can be done to a stay, by its number.
async fn act(tx: &mut Tx, world: &World, id: &str, what: u64) -> Result<()> {
    let programme = world.app.programme();
    let entry = find(tx, id).await?;
    let version = entry.version;
    let hole = Period::new(day("2026-10-04"), day("2026-10-06")).unwrap();
    match what {
        0 => answer::respond(tx, &programme, &entry, version, &EntryAnswer::Confirm, "").await,
        1 => answer::respond(tx, &programme, &entry, version, &EntryAnswer::Dispute, "不在校").await,
        2 => answer::respond(tx, &programme, &entry, version, &EntryAnswer::Except(hole), "不在校").await,
        3 => answer::take_back(tx, &programme, &entry, version).await,
        4 => answer::adjudicate(tx, &programme, &entry, version, Ruling::Confirm, "核实").await,
        5 => answer::adjudicate(tx, &programme, &entry, version, Ruling::Dispute, "核实").await,
        6 => correct::accept(tx, &programme, &entry, version).await,
        7 => answer::respond(tx, &programme, &entry, version - 1, &EntryAnswer::Confirm, "").await,
        8 => correct::withdraw(tx, &programme, &entry, version).await,
        more => {
            let until = if more % 2 == 0 { entry.to_day } else { entry.to_day - TimeDelta::days(1) };
            let new = NewEntry {
                from: Some(entry.from_day),
                to: Some(until),
                person: entry.person.clone(),
                ..NewEntry::on(pairings::find(tx, &entry.pairing).await?)
            };
            correct::correct(tx, &programme, &entry, version, (&new, "已按意见改。")).await.map(drop)
        }
    }
}

both_engines! {
    /// Any sequence of actions by anybody: done or refused, never a fault; the history leads without a gap to the state.
    async fn whatever_is_done_history_and_row_agree(world: World, p: Province) {
        let stay = claim(&world, &p.lead, &p.running, "residency", "主任甲", "2026-09-10", Some("2026-10-25")).await;
        let seats = [(&p.lead, "lead"), (&p.xingning, "county_school"), (&p.county, "county"), (&p.city, "city"), (&p.nearby, "nearby")];
        let (mut seed, mut done, mut refused) = (7_u64, 0, 0);
        world.clock().advance(TimeDelta::days(30));
        for _ in 0..90 {
            world.clock().advance(TimeDelta::hours(9));
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let pick = |below: u64| (seed >> 33) % below;
            // A withdrawal ends it: that is kept for the end.
            let what = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10][pick(10) as usize];
            let (org, role) = seats[(pick(70) / 10 % 5) as usize];
            let mut tx = world.tx().await;
            let one = actor(&mut tx, org, role).await;
            tx.act_as(one);
            let tried = act(&mut tx, &world, &stay, what).await;
            if kept(tx, tried).await { done += 1 } else { refused += 1 }
            let mut tx = world.tx().await;
            let row = find(&mut tx, &stay).await.unwrap();
            let steps = history::of(&mut tx, &stay).await.unwrap();
            assert_eq!(fold(&steps), Ok(Some(row.state)));
            let holds = match row.state {
                State::Claimed | State::Disputed | State::Withdrawn => row.confirmed == 0,
                State::Confirmed => row.confirmed == row.quantity,
                State::Part => row.confirmed > 0 && row.confirmed < row.quantity,
            };
            assert!(holds, "{:?}: {} of {}", row.state, row.confirmed, row.quantity);
            let off = crate::standing::obligations::compare(&mut tx, &world.app.programme()).await.unwrap();
            assert!(off.is_empty(), "kept clocks: {}", off[0].clock);
        }
        assert!(done > 5 && refused > 20, "{done} done, {refused} refused");
    }
}

both_engines! {
    /// A stored state that is none is told with the row it stands in, and not taken for another.
    async fn an_unknown_state_is_an_error_that_names_the_row(world: World, p: Province) {
        let mut tx = world.tx().await;
        let entry = find(&mut tx, &p.visit).await.unwrap();
        data::CLOSE.at(&entry, 1, args!["settled", 1_i64, 0_i64]).write(&mut tx, "").await.unwrap();
        let told = find(&mut tx, &p.visit).await.unwrap_err().to_string();
        assert!(told.contains(&p.visit) && told.contains("column state"), "{told}");
    }
}

/// A label without what stands in brackets after it: in a workbook that is the unit.
fn plain(label: &str) -> String {
    label.split('（').next().unwrap_or_default().trim_end_matches([' ', '*']).to_owned()
}

/// The headings of a template, without their units.
fn headings(book: &[u8], sheet: &str, first: &str) -> Vec<String> {
    let grid = read_grids(book, &[sheet]).unwrap().remove(0);
    let text = |(_, value): &(u32, Value)| match value {
        Value::Text(text) => {
            text.split('（').next().unwrap_or_default().trim_end_matches([' ', '*']).to_owned()
        }
        _ => String::new(),
    };
    let rows = grid.rows.iter().map(|row| row.cells.iter().map(text).collect::<Vec<_>>());
    rows.into_iter().find(|row| row.iter().any(|cell| cell == first)).unwrap_or_default()
}

both_engines! {
    /// What an entry is made of stands in one list: the form asks for it in that order, the workbook has its columns, and an
    /// entry goes back into its form.
    async fn form_workbook_and_entry_agree_with_the_list_of_parts(world: World, p: Province) {
        let (programme, today) = (world.app.programme(), world.tx().await.today());
        let mut seen = 0;
        for (org, role) in [(&p.lead, "lead"), (&p.xingning, "county_school")] {
            let agent = world.agent(org, role).await;
            for activity in &programme.activities {
                let page = agent.get_json(&format!("/entries/new/{}", activity.id)).await;
                if page.status != 200 {
                    continue;
                }
                seen += 1;
                let (view, mut kept) = (page.json(), activity.clone());
                programme.keep_asked(&mut kept.fields, today);
                let names = |list: &serde_json::Value| -> Vec<String> {
                    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
                };
                let asked = names(&view["fields"]);
                let wanted: Vec<String> = inputs(&kept)
                    .filter(|(part, input)| match part {
                        Part::Pairing => view["hidden"].as_array().unwrap().is_empty(),
                        Part::Project | Part::Roster | Part::Joint => asked.contains(&input.name),
                        Part::InTerm | Part::Again => false,
                        _ => true,
                    })
                    .map(|(_, input)| input.name)
                    .collect();
                assert_eq!(asked, wanted, "the form of {}", activity.id);
                let book = agent.get(&format!("/entries/import/{}/template", activity.id)).await.bytes;
                let (_, again) = inputs(activity).last().unwrap();
                let columns = headings(&book, &activity.name, &again.label);
                let wanted: Vec<String> = inputs(activity)
                    .filter(|(part, input)| match part {
                        Part::Pairing | Part::Project => columns.contains(&plain(&input.label)),
                        _ => true,
                    })
                    .map(|(_, input)| plain(&input.label))
                    .collect();
                assert_eq!(columns, wanted, "the workbook of {}", activity.id);
            }
        }
        assert!(seen > 10, "{seen}");
        let entry = claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-12", None).await;
        let lead = world.agent(&p.lead, "lead").await;
        let view = lead.get_json(&format!("/entries/{entry}/correct")).await.json();
        let filled = |name: &str| {
            let fields = view["fields"].as_array().unwrap();
            fields.iter().any(|field| field["name"] == name && field["value"] != "")
        };
        let visit = programme.activity("visit").unwrap();
        for (_, input) in inputs(visit).filter(|(_, input)| matches!(input.takes, Takes::Day | Takes::OnePerson)) {
            assert!(filled(&input.name), "{}: {view}", input.name);
        }
    }
}

both_engines! {
    /// A school has its people once, however often it is paired; which school somebody is of is said where there are several.
    async fn people_of_a_school_with_two_pairings_are_offered_once(world: World, p: Province) {
        let (mut tx, programme) = (world.tx().await, world.app.programme());
        let running = pairings::find(&mut tx, &p.running).await.unwrap();
        let second = PairingRow { id: "second".to_owned(), ..running.clone() };
        let mut paired = vec![running, second];
        let rules = (&*programme, programme.activity("teacher-training").unwrap());
        let found = offers(&mut tx, Part::Roster, rules, &paired, "").await.unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.beside.as_str())).collect();
        assert_eq!(told, [("骨干乙", "")]);
        assert_eq!(found[0].pairings, [p.running.as_str(), "second"], "in either pairing");
        paired.push(pairings::find(&mut tx, &p.strange).await.unwrap());
        let found = offers(&mut tx, Part::Roster, rules, &paired, "").await.unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.beside.as_str())).collect();
        assert_eq!(told, [("骨干乙", "兴宁甲校"), ("骨干乙", "南雄丙校")]);
    }
}

both_engines! {
    /// Who helps a school now sees what was given to it before, by title and day, and is asked before the same is claimed
    /// again.
    async fn what_a_predecessor_did_is_seen_and_not_claimed_twice(world: World, p: Province) {
        let rows = pairings::in_scope(&mut world.tx().await).await.unwrap();
        let now = rows.iter().find(|row| row.county_school == p.zijin && row.id != p.ended).unwrap().id.clone();
        let (former, helper) = (world.agent(&p.lead, "lead").await, world.agent(&p.other_lead, "lead").await);
        let span = |from: &'static str, to: &'static str| [("from", from), ("to", to), ("quantity", "17")];
        // The former helper gave a training while its pairing ran.
        let mut tx = world.tx().await;
        let (programme, new) = (world.app.programme(), NewEntry {
            pairing: pairings::find(&mut tx, &p.ended).await.unwrap(),
            helper: None,
            again: false,
            in_term: false,
            joint: false,
            from: Some(day("2026-06-01")),
            to: Some(day("2026-06-05")),
            person: None,
            quantity: Some(17),
            project: None,
            roster: Vec::new(),
            fields: serde_json::Map::new(),
        });
        let by = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(by);
        tx.set_now("2026-06-10T04:00:00Z".parse().unwrap());
        crate::evidence::ledger::claim(&mut tx, &programme, programme.activity("teacher-training").unwrap(), &new).await.unwrap();
        tx.commit().await.unwrap();
        let page = helper.get(&format!("/pairings/{now}")).await;
        assert!(page.says("前任结对院校已做的工作") && page.says("师资培训") && page.says("2026-06-01"), "{}", page.text());
        assert!(!page.says("17人次"), "how many is not told");
        assert!(!former.get(&format!("/pairings/{}", p.ended)).await.says("前任结对院校已做的工作"), "nobody was before it");
        let form = helper.get(&format!("/entries/new/teacher-training?pairing={now}")).await;
        assert!(form.says("前任结对院校已做的同类工作") && form.says("2026-06-01"), "{}", form.text());
        let send = async |again: &str, quantity: &str| {
            let mut fields = vec![("pairing", now.as_str()), ("again", again)];
            fields.extend(span("2026-09-01", "2026-09-05"));
            fields[4].1 = quantity;
            helper.post("/entries/new/teacher-training", &fields).await
        };
        let asked = send("", "17").await;
        assert_eq!((asked.status.as_u16(), asked.attributes(".errors a", "href")), (422, vec!["#f-again".to_owned()]));
        assert!(asked.says("前任结对院校在 2026-06-01 至 2026-06-05"), "{:?}", asked.all(".errors"));
        assert_eq!(send("", "18").await.status, 303, "another number is another training");
        assert_eq!(send("yes", "17").await.status, 303);
    }
}

both_engines! {
    /// One form with kinds: what another kind asks is not kept, whatever was sent; each side has its own confirmer.
    async fn a_form_keeps_what_its_kind_asks(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let said = [("from", "2026-09-01"), ("to", "2026-09-20"), ("quantity", "40"), ("occupation", "电工")];
        let with = |kind: &'static str, more: &[(&'static str, &'static str)]| {
            [&said[..], &[("pairing", p.running.as_str()), ("kind", kind)], more].concat()
        };
        let fields = async |id: &str| {
            let entry = find(&mut world.tx().await, id).await.unwrap();
            let kept = jiedui_web::fields::parse(&entry.fields);
            (kept.keys().cloned().collect::<Vec<_>>().join(" "), entry.answerer.clone())
        };
        let all = [("persons", "5"), ("field", "ecommerce")];
        let id = school.post("/entries/new/social-training", &with("online", &all)).await.made();
        assert_eq!(fields(&id).await, ("kind occupation".to_owned(), p.county.clone()), "its own work: the bureau answers");
        let bare = school.post("/entries/new/social-training", &with("apprentice", &[])).await;
        assert_eq!((bare.status.as_u16(), bare.attributes(".errors a", "href")), (422, vec!["#f-persons".to_owned()]));
        let form = school.get("/entries/new/social-training").await;
        assert_eq!(form.attributes(".when", "data-when-is"), ["apprentice trainee", "apprentice trainee", "-"], "each says when it applies");
        let corrected = [&with("apprentice", &all)[..], &[("version", "1")]].concat();
        let done = school.post(&format!("/entries/{id}/correct"), &corrected).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(fields(&id).await.0, "kind occupation persons");
        let plain = [&with("", &all)[..], &[("version", "2")]].concat();
        assert_eq!(school.post(&format!("/entries/{id}/correct"), &plain).await.status, 303);
        assert_eq!(fields(&id).await.0, "field occupation", "what was said of the other kind went with it");
        let lead = world.agent(&p.lead, "lead").await;
        // Another class of as many on these days.
        let other = [&with("", &all)[..], &[("again", "yes")]].concat();
        let given = lead.post("/entries/new/social-training", &other).await.made();
        assert_eq!(fields(&given).await, ("field occupation".to_owned(), p.xingning.clone()), "given: the school answers");
        // In a table a cell of another kind is a mistake.
        let table = |row: &str| format!("开始日期,结束日期,参训人次（人次）,培训形式,学徒或技培生人数（人）\n{row}\n");
        let send = async |row: &str| {
            school.upload("/entries/import?activity=social-training", "登记.csv", table(row).as_bytes()).await
        };
        let wrong = send("2026-10-01,2026-10-09,30,,12").await;
        assert!(wrong.status == 422 && wrong.refuses(Code::NotFitting), "{}", wrong.text());
        let right = send("2026-10-01,2026-10-09,30,生态链学徒制,12").await;
        assert_eq!(right.status, 303, "{}", right.text());
    }
}

both_engines! {
    /// Whether a helper is a filed evaluation body is seen where it matters (T10.3), and stops nobody.
    async fn a_premise_is_seen_on_the_entry(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let said = [("pairing", p.running.as_str()), ("from", "2026-10-12"), ("quantity", "20"), ("with", "helper"), ("evaluated", "28")];
        let id = lead.post("/entries/new/certification", &said).await.made();
        let school = world.agent(&p.xingning, "county_school").await;
        let seen = async || school.get(&format!("/entries/{id}")).await;
        assert!(seen().await.says("没有已确认的备案登记"));
        let filing = [("title", "社会培训评价组织"), ("since", "2026-05-01"), ("stage", "using"), ("kind", "evaluation")];
        let output = lead.post("/outputs/new/recruitment-system", &filing).await.made();
        assert!(seen().await.says("没有已确认的备案登记"), "nobody has confirmed it yet");
        let row = crate::evidence::outputs::find(&mut world.tx().await, &output).await.unwrap();
        assert_eq!(row.school, None, "it is the college's own");
        let above = row.answerer.clone().unwrap();
        let bureau = world.agent(&above, "city").await;
        let answer = [("version", "1"), ("verdict", "confirm")];
        assert_eq!(bureau.post(&format!("/outputs/{output}/answer"), &answer).await.status, 303);
        assert!(seen().await.says("已备案"));
    }
}
