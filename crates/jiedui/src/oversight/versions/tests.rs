//! A programme is taken up on running data, or refused without a trace.

use super::actions::{chosen, effects, follow, in_use};
use super::rules::{Edit, edited, unpacked};
use super::take_up;
use crate::both_engines;
use crate::evidence::ledger;
use crate::programme_files::{programme_files, programme_toml};
use crate::shared::jobs::Worker;
use crate::standing::{duties, indicators};
use crate::testing::{Province, World, day};
use jiedui_kernel::{Actor, Code, Error};
use jiedui_programme::{World as Facts, load, replay};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The programme of the tree after one change.
fn changed(file: &str, old: &str, new: &str) -> BTreeMap<String, String> {
    let mut files = programme_toml(&programme_files(None).unwrap());
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{file} does not contain {old}");
    *text = text.replacen(old, new, 1);
    files
}

both_engines! {
    async fn a_programme_is_held_against_the_one_in_use(world: World) {
        let db = &world.app.db;
        let files = programme_toml(&programme_files(None).unwrap());
        let first = load(&files).unwrap();
        assert_eq!(take_up(db, || Ok(files.clone()), &first).await.unwrap(), []);
        assert_eq!(take_up(db, || Ok(files.clone()), &first).await.unwrap(), [], "the same again is nothing new");

        let renamed = changed("forms.toml", "minutes = ", "minutes = 1");
        let next = load(&renamed).unwrap();
        let told = take_up(db, || Ok(renamed.clone()), &next).await.unwrap();
        assert_eq!(told.len(), 1, "{told:?}");

        let gone = changed("targets.toml", "id = \"enrolment-2025\"", "id = \"pupils-2025\"");
        let worse = load(&gone).unwrap();
        let refused = take_up(db, || Ok(gone.clone()), &worse).await;
        assert!(matches!(refused, Err(Error::CannotStart(_))), "{refused:?}");
        let in_use = in_use(&mut world.tx().await).await.unwrap();
        assert_eq!(in_use, Some(next.digest), "what was refused left no trace");
    }
}

/// Works on what is queued.
async fn work(world: &World) {
    while Worker::new(&world.app).turn().await.unwrap() {}
}

const VISITS: &str = "obligation:principal-visit";
const THREE: [(&str, &str); 5] = [
    ("rule", VISITS),
    ("from", "2027-01-01"),
    ("at_least", "3"),
    ("about", "每个自然年到每所结对县级院校至少三次。"),
    ("source", "示例文件"),
];

both_engines! {
    /// Three visits a year from next year on, and a kind of thing that is retired: written on pages, rehearsed, activated;
    /// what is over stays as it was.
    async fn a_change_is_rehearsed_and_then_activated(world: World, p: Province) {
        world.takes_up().await;
        let office = world.agent(&p.office, "province").await;
        let wrong = office.post("/programme/change", &[("rule", VISITS), ("from", "2027-01-01"), ("at_least", "3"), ("source", "示例")]).await;
        assert!(wrong.status == 422 && wrong.refuses(Code::Contradiction), "the words still say two: {}", wrong.text());
        let early = [("rule", VISITS), ("from", "2025-01-01"), THREE[2], THREE[3], THREE[4]];
        let past = office.post("/programme/change", &early).await;
        work(&world).await;
        let page = office.get(&past.location).await;
        assert!(page.text().contains("不能启用的改动"), "2025 is over: {}", page.text());
        let refused = office.post(&format!("{}/activate", past.location), &[]).await;
        assert!(refused.status == 422 && refused.refuses(Code::Contradiction), "{}", refused.text());
        office.post(&format!("{}/drop", past.location), &[]).await;

        let made = office.post("/programme/change", &THREE).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let waits = office.post(&format!("{}/activate", made.location), &[]).await;
        assert!(waits.refuses(Code::Incomplete), "it was not rehearsed yet");
        let both = office.post("/programme/retire", &[("resource", "activity:holiday-service"), ("day", "2027-01-01")]).await;
        assert_eq!(both.status, 303, "{}", both.text());
        assert_ne!(both.location, made.location, "a further change goes on from the first");
        work(&world).await;
        let shown = office.get_json(&both.location).await.json();
        assert_eq!(shown["changes"].as_array().unwrap().len(), 2, "{shown}");
        assert_eq!(shown["broken"].as_array().unwrap().len(), 0, "{shown}");
        assert_eq!(shown["activates"], true, "{shown}");
        let done = office.post(&format!("{}/activate", both.location), &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(follow(&world.app).await.unwrap() && !follow(&world.app).await.unwrap());
        let programme = world.app.programme();
        assert_eq!(programme.obligation("principal-visit").unwrap().at_least_on(day("2027-12-31")), 3);
        assert_eq!(programme.obligation("principal-visit").unwrap().at_least_on(day("2026-12-31")), 2);
        assert!(programme.activity("holiday-service").unwrap().retired.is_some());
        assert!(chosen(&world.app.db).await.unwrap().is_some());
        // A binary that brings another programme does not take this one away.
        let files = programme_toml(&programme_files(None).unwrap());
        let old = load(&files).unwrap();
        let start = take_up(&world.app.db, || Ok(files.clone()), &old).await;
        assert!(matches!(start, Err(Error::CannotStart(_))), "{start:?}");
        let again = office.post(&format!("{}/activate", both.location), &[]).await;
        assert_eq!(again.status, 409);
    }
}

both_engines! {
    /// Facts that are read in parts, each in a transaction of its own, move what they move where all of them are there at once.
    async fn a_rehearsal_in_parts_is_that_of_the_whole(world: World, p: Province) {
        let (db, actor) = (&world.app.db, Arc::new(Actor::system("rehearsal")));
        let old = world.app.programme();
        let mut new = (*old).clone();
        new.obligations.retain(|one| one.id != "resident");
        new.obligations.iter_mut().for_each(|one| one.at_least = 1);
        let found = effects(db, &actor, &old, &new).await.unwrap();
        let found: Vec<[&str; 4]> = found
            .iter()
            .filter(|one| one.kind == "status")
            .map(|one| [one.clause.as_str(), &one.org, &one.was, &one.becomes])
            .collect();
        let mut tx = db.read(Arc::clone(&actor)).await.unwrap();
        let facts = Facts {
            entries: ledger::facts(&mut tx).await.unwrap(),
            ..indicators::few(&mut tx).await.unwrap()
        };
        assert!(facts.entries.iter().any(|entry| entry.id == p.visit), "there is something to count");
        let debtors = duties::debtors(&mut tx).await.unwrap();
        let bodies: Vec<_> = debtors.into_iter().map(|one| (one.side, one.org)).collect();
        let whole = replay(&old, &new, &facts, &bodies, tx.today());
        let word = |status: Option<&'static str>| status.unwrap_or("没有这一项");
        let whole: Vec<[&str; 4]> = whole
            .iter()
            .map(|one| {
                let about = &one.subject;
                [about.clause.as_str(), &about.unit, word(one.before), word(one.after)]
            })
            .collect();
        assert!(!whole.is_empty());
        assert_eq!(found, whole);
    }
}

both_engines! {
    /// Nobody but the office prepares or activates; everybody reads what is in use, and its page as far as it concerns him.
    async fn others_read_only(world: World, p: Province) {
        world.takes_up().await;
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.get("/programme").await.status, 200);
        assert_eq!(lead.get("/programme/change").await.status, 403);
        assert_eq!(lead.post("/programme/change", &THREE).await.status, 403);
        let office = world.agent(&p.office, "province").await;
        let made = office.post("/programme/change", &THREE).await.location;
        work(&world).await;
        assert_eq!(lead.get(&made).await.status, 200);
        assert_eq!(lead.post(&format!("{made}/activate"), &[]).await.status, 403);
        let packed = office.get("/programme/file").await;
        let sent = office.upload("/programme/upload", "方案.zip", &packed.bytes).await;
        assert!(sent.refuses(Code::Unchanged), "{}", sent.text());
        let broken = office.upload("/programme/upload", "方案.zip", b"PK no archive").await;
        assert!(broken.refuses(Code::WrongFile), "{}", broken.text());
    }
}

#[test]
fn a_change_leaves_the_rest_of_the_file_as_it_is() {
    let files = programme_toml(&programme_files(None).unwrap());
    let programme = load(&files).unwrap();
    let least = |from: &str, at_least| Edit::Least {
        rule: VISITS.to_owned(),
        from: day(from),
        at_least,
        about: "至少三次".to_owned(),
        source: "示例文件".to_owned(),
    };
    let once = edited(&files, &programme, &least("2027-01-01", 3)).unwrap();
    let file = &programme.files[VISITS];
    let lines = |files: &BTreeMap<String, String>| files[file].lines().map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(&files), lines(&once));
    let added: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
    assert_eq!(added[0], "[[obligation.change]]");
    assert!(before.iter().all(|line| after.contains(line)), "notes and layout stay");
    // The same day again replaces, another day comes in its order.
    let twice = edited(&once, &programme, &least("2027-01-01", 4)).unwrap();
    let thrice = edited(&twice, &programme, &least("2026-12-01", 5)).unwrap();
    let changes = load(&thrice).err().unwrap_or_default();
    assert!(changes.iter().all(|problem| problem.message.contains("文字里说的")), "{changes:?}");
    assert_eq!(thrice[file].matches("[[obligation.change]]").count(), 2);
    let gone = edited(
        &files,
        &programme,
        &Edit::Retire { resource: "activity:none".to_owned(), day: day("2027-01-01") },
    );
    assert_eq!(gone.unwrap_err().code, Code::NotListed);
}

#[test]
fn a_packed_programme_is_found_wherever_it_lies() {
    let pack = |entries: &[(&str, &str)]| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in entries {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut archive, text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    };
    let found =
        unpacked(&pack(&[("方案/programme.toml", "a"), ("方案/tasks/01.toml", "b"), ("方案/说明.txt", "c")]))
            .unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), ["programme.toml", "tasks/01.toml"]);
    assert_eq!(unpacked(&pack(&[("a.toml", "x")])).unwrap_err().code, Code::Missing);
    assert_eq!(unpacked(b"nothing").unwrap_err().code, Code::WrongFile);
    let large = "x".repeat(5 * 1024 * 1024);
    assert_eq!(unpacked(&pack(&[("programme.toml", &large)])).unwrap_err().code, Code::TooLarge);
}
