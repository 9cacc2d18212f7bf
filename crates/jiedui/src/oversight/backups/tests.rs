//! What is called a backup was put back and is the whole; what is not never has the name of one, and nothing that is there
//! is written over.

use super::rules::{
    Depth, Manifest, MemberPlace, file_member, is_left_over, nightly_name, place, seconds, size, surplus,
};
use super::{Checking, Source, Target, back_up, check, make, restore, until_next};
use crate::both_engines;
use crate::sharing::resources::tests::PDF;
use crate::site;
use crate::testing::{Province, World, programme};
use jiedui_files::{ContentHash, Folder};
use jiedui_kernel::{Instant, Random};
use jiedui_store::testing::{self, tamper};
use jiedui_store::{Db, Location, PgTools, audit};
use jiedui_web::{App, Backups};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn source<'a>(world: &'a World, files: &'a Path) -> Source<'a> {
    Source { db: &world.app.db, files, programme: Some(world.app.programme()) }
}

fn how(world: &World, server: Option<PgTools>) -> Checking {
    Checking { programme: Some(world.app.programme()), clock: world.clock().clone(), server }
}

/// A place where nothing is, of the engine of this world; and the server where it is one of PostgreSQL.
async fn nowhere(world: &World, name: &str) -> (Target, Option<PgTools>) {
    if world.app.db.engine_name() == "sqlite" {
        return (Target::Directory(world.directory().join(name)), None);
    }
    let database = format!("r_{}", &Random::System.token()[..20]);
    let Location::Postgres(url) = testing::postgres(&database).await.unwrap() else { unreachable!() };
    let server = PgTools::at(&url).unwrap();
    (Target::Postgres(Box::new(server.clone())), Some(server))
}

fn location(target: &Target) -> Location {
    match target {
        Target::Directory(directory) => Location::Directory(directory.clone()),
        Target::Postgres(server) => server.location(),
    }
}

/// A folder of files in which one was handed in, beside what the samples of the test province did.
fn folder(world: &World) -> (PathBuf, ContentHash) {
    let files = world.directory().join("handed-in");
    Folder::at(&files).put(PDF).unwrap();
    let hash = Folder::at(&files).put(b"%PDF-1.7 sample").unwrap();
    (files, hash)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// A server of this world that makes backups in a folder, and keeps two.
fn with_backups(world: &World, folder: &Path, files: &Path) -> App {
    let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
    app.with_files(files.to_owned()).with_backups(Backups { folder: folder.to_owned(), keep: 2 })
}

both_engines! {
    async fn a_backup_is_put_back_as_the_whole(world: World, _p: Province) {
        while audit::sequence(&world.app.db).await.unwrap() > 0 {}
        let (files, hash) = folder(&world);
        let file = world.directory().join("one.zip");
        let made = make(&source(&world, &files), &file, false).await.unwrap();
        assert_eq!(made.depth, Depth::Whole, "the account of the tests may make databases");
        assert_eq!((made.manifest.files(), made.bytes), (2, file.metadata().unwrap().len()));
        let contents = world.app.db.contents().await.unwrap();
        assert_eq!(made.manifest.contents, contents);
        assert!(contents.log_size > 0 && contents.rows["entry"] > 0 && made.manifest.rows() > 500);
        // Nothing else is left beside it.
        let left = names(world.directory());
        assert!(!left.iter().any(|name| name.contains("part") || name.starts_with(".jiedui")), "{left:?}");

        let (target, server) = nowhere(&world, "back").await;
        let put = match &target {
            Target::Directory(directory) => directory.join("files"),
            Target::Postgres(_) => world.directory().join("files-back"),
        };
        let (manifest, depth) = restore(&file, &target, &put, &how(&world, server)).await.unwrap();
        assert_eq!((&manifest.contents, depth), (&contents, Depth::Whole));
        assert!(Folder::at(&put).holds(&hash));
        let db = Db::open(&location(&target), world.clock().clone(), Random::System).await.unwrap();
        assert_eq!(db.contents().await.unwrap(), contents, "the program goes on from there");
        db.close().await;
    }

    /// What is written while it is made is in it whole or not at all.
    async fn it_is_one_state_while_others_write(world: World) {
        let (files, _) = folder(&world);
        let over = AtomicBool::new(false);
        let writing = async {
            let mut written = 0;
            while !over.load(Ordering::Relaxed) {
                let mut tx = world.tx().await;
                jiedui_store::settings::write(&mut tx, &format!("test.{written}"), "x").await.unwrap();
                tx.commit().await.unwrap();
                written += 1;
                tokio::task::yield_now().await;
            }
            written
        };
        let making = async {
            for round in 0..3 {
                let file = world.directory().join(format!("{round}.zip"));
                let made = make(&source(&world, &files), &file, false).await;
                if made.is_err() || round == 2 {
                    over.store(true, Ordering::Relaxed);
                }
                assert_eq!(made.unwrap().depth, Depth::Whole);
            }
        };
        let (written, ()) = tokio::join!(writing, making);
        assert!(written > 3, "{written} writes while three backups were made");
    }

    /// Before an upgrade: with the new program, of what the old one left.
    async fn what_an_earlier_program_left_is_copied_too(world: World) {
        let (files, hash) = folder(&world);
        let (target, server) = nowhere(&world, "old").await;
        let old = location(&target);
        testing::at_version(&old, 56, world.clock().clone()).await.unwrap().close().await;
        let db = Db::look(&old, world.clock().clone()).await.unwrap();
        let file = world.directory().join("old.zip");
        let source = Source { db: &db, files: &files, programme: None };
        let made = make(&source, &file, false).await.unwrap();
        db.close().await;
        assert_eq!((made.depth, made.manifest.contents.migration), (Depth::Copy, 56));
        let room = tempfile::tempdir().unwrap();
        let (_, depth) = check(&file, room.path(), &how(&world, server)).await.unwrap();
        assert_eq!(depth, Depth::Copy);
        assert!(Folder::at(room.path().join("files")).holds(&hash));
    }

    /// A volume of a container, or a directory of the system: it cannot be exchanged for another, and beside it nothing can be
    /// made. A link to a directory cannot be exchanged either.
    async fn into_a_directory_that_is_there_already(world: World) {
        let (files, hash) = folder(&world);
        let file = world.directory().join("one.zip");
        let made = make(&source(&world, &files), &file, false).await.unwrap();
        let (disk, linked) = (world.directory().join("disk"), world.directory().join("linked"));
        std::fs::create_dir(&disk).unwrap();
        std::os::unix::fs::symlink(&disk, &linked).unwrap();
        let (target, server) = nowhere(&world, "back").await;
        let (target, put) = match target {
            Target::Directory(_) => (Target::Directory(linked.clone()), linked.join("files")),
            server => (server, linked.clone()),
        };
        let before = names(world.directory());
        restore(&file, &target, &put, &how(&world, server)).await.unwrap();
        assert!(Folder::at(&put).holds(&hash));
        assert_eq!(names(world.directory()), before, "nothing was made beside it");
        assert!(!names(&disk).iter().any(|name| name.contains("restoring")), "{:?}", names(&disk));
        let db = Db::open(&location(&target), world.clock().clone(), Random::System).await.unwrap();
        assert_eq!(db.contents().await.unwrap(), made.manifest.contents);
        db.close().await;
    }

    async fn nothing_is_written_over(world: World) {
        let (files, _) = folder(&world);
        let file = world.directory().join("one.zip");
        std::fs::write(&file, "mine").unwrap();
        assert!(make(&source(&world, &files), &file, false).await.unwrap_err().contains("--replace"));
        assert_eq!(std::fs::read(&file).unwrap(), b"mine");
        make(&source(&world, &files), &file, true).await.unwrap();

        let (target, server) = nowhere(&world, "taken").await;
        let taken = world.directory().join("taken");
        std::fs::create_dir(&taken).unwrap();
        std::fs::write(taken.join("mine"), "mine").unwrap();
        let refused = restore(&file, &target, &taken, &how(&world, server)).await.unwrap_err();
        assert!(refused.contains("不是空的"), "{refused}");
        assert_eq!(names(&taken), ["mine"]);
    }

    /// A byte that changed on the disk is found before anything has a name.
    async fn a_damaged_one_is_refused_and_leaves_nothing(world: World) {
        let (files, _) = folder(&world);
        let file = world.directory().join("one.zip");
        make(&source(&world, &files), &file, false).await.unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x40;
        std::fs::write(&file, bytes).unwrap();
        let (target, server) = nowhere(&world, "back").await;
        let room = tempfile::tempdir().unwrap();
        let how = how(&world, server);
        assert!(check(&file, room.path(), &how).await.unwrap_err().contains("损坏"));
        let before = names(world.directory());
        let put = world.directory().join("files-back");
        assert!(restore(&file, &target, &put, &how).await.unwrap_err().contains("损坏"));
        assert_eq!(names(world.directory()), before, "no half of it is left");
        std::fs::write(&file, "no archive").unwrap();
        assert!(restore(&file, &target, &put, &how).await.is_err());
    }

    /// Rows that are not what the log says make no backup, but the file is there to be looked into.
    async fn what_does_not_pass_has_another_name(world: World, _p: Province) {
        let (files, _) = folder(&world);
        let file = world.directory().join("one.zip");
        let (_, text) = tamper::BREAKS.into_iter().find(|(name, _)| *name == "parties").unwrap();
        assert!(tamper::run(&world.app.db, text).await.unwrap() > 0);
        let refused = make(&source(&world, &files), &file, false).await.unwrap_err();
        assert!(refused.contains("one.zip.bad") && refused.contains("pairing_party"), "{refused}");
        assert!(!file.exists() && world.directory().join("one.zip.bad").exists());
    }

    async fn the_night_makes_one_keeps_some_and_tells_where_it_failed(world: World, p: Province) {
        let (files, _) = folder(&world);
        let nights = world.directory().join("nights");
        std::fs::create_dir(&nights).unwrap();
        let app = with_backups(&world, &nights, &files);
        std::fs::write(nights.join("jiedui-mine.zip"), "of somebody else").unwrap();
        for _ in 0..3 {
            let run = back_up(&app).await.unwrap();
            assert_eq!((run.fault.as_str(), run.depth), ("", Depth::Whole));
            world.clock().advance(chrono::TimeDelta::minutes(1));
        }
        let kept = names(&nights);
        assert_eq!((kept.len(), kept[2].as_str()), (3, "jiedui-mine.zip"), "{kept:?}");
        let admin = world.agent(&p.office, "sysadmin").await;
        let page = admin.get("/backups").await;
        assert_eq!(page.all("td[data-label=结果]").len(), 3);
        assert!(page.says("没有设置"), "this server of the test makes none by itself");
        std::fs::remove_dir_all(&nights).unwrap();
        let run = back_up(&app).await.unwrap();
        assert!(run.fault.contains("不在"), "{}", run.fault);
        assert!(admin.get("/backups").await.all("td[data-label=结果]")[0].contains("没有做成"));
        let told = admin.get_json("/notices").await.json()["rows"].as_array().unwrap().clone();
        assert!(told.iter().any(|row| row["href"] == "/backups"), "{told:?}");
        assert!(world.agent(&p.office, "secadmin").await.get("/backups").await.status == 200);
        for (org, role) in [(&p.office, "province"), (&p.lead, "lead"), (&p.office, "auditor")] {
            assert_eq!(world.agent(org, role).await.get("/backups").await.status, 403, "{role}");
        }
    }

    /// The machine stopped in the middle of a night: what lay there was a copy of all data.
    async fn what_a_night_left_half_done_is_cleared_away(world: World) {
        let (files, _) = folder(&world);
        let nights = world.directory().join("nights");
        let (old, new) = (nights.join(".jiedui-backup-old"), nights.join(".jiedui-backup-new"));
        let half = nights.join("jiedui-20200101-010000.zip.part");
        for room in [&old, &new] {
            std::fs::create_dir_all(room.join("database")).unwrap();
        }
        std::fs::write(&half, "half").unwrap();
        for (path, days) in [(&old, 3), (&half, 3), (&new, 1)] {
            let then = world.clock().now() - chrono::TimeDelta::days(days);
            std::fs::File::open(path).unwrap().set_modified(then.into()).unwrap();
        }
        let run = back_up(&with_backups(&world, &nights, &files)).await.unwrap();
        assert_eq!(run.fault, "");
        assert_eq!(names(&nights), [".jiedui-backup-new", run.file.as_str()]);
    }

    async fn who_does_not_wait_for_the_night_queues_it(world: World, p: Province) {
        let (files, _) = folder(&world);
        let app = Arc::new(with_backups(&world, world.directory(), &files));
        let admin = world.agent(&p.office, "sysadmin").await;
        let job = admin.post("/backups", &[]).await.location;
        assert!(crate::shared::jobs::Worker::new(&app).turn().await.unwrap());
        assert!(admin.get(&job).await.says("备份完毕"), "{}", admin.get(&job).await.text());
        assert_eq!(world.agent(&p.office, "secadmin").await.post("/backups", &[]).await.status, 403);
    }
}

fn manifest(change: impl FnOnce(&mut serde_json::Value)) -> Result<Manifest, String> {
    let mut text = serde_json::json!({
        "format": 1, "program": "0.1.0", "engine": "sqlite", "made_at": "2026-11-24T04:00:00Z",
        "contents": { "migration": 63, "log_size": 1, "log_root": "ab", "rows": {} },
        "members": [{ "name": "jiedui.sqlite", "size": 1, "sha256": "ab" }],
    });
    change(&mut text);
    Manifest::read(text.to_string().as_bytes(), 63)
}

#[test]
fn what_this_program_cannot_take_back_is_refused_by_name() {
    assert_eq!(manifest(|_| {}).unwrap().members.len(), 1);
    assert!(manifest(|text| text["format"] = 2.into()).unwrap_err().contains('2'));
    assert!(manifest(|text| text["contents"]["migration"] = 64.into()).unwrap_err().contains("64"));
    assert!(
        manifest(|text| text["contents"]["migration"] = 7.into()).is_ok(),
        "an older one is brought up to date"
    );
    assert!(manifest(|text| text["engine"] = "postgres".into()).is_err(), "it has no dump");
    assert!(manifest(|text| text["members"] = serde_json::json!([])).is_err());
}

#[test]
fn a_member_goes_into_one_of_two_folders_and_nowhere_else() {
    let hash = ContentHash::of(b"x");
    assert_eq!(place(&file_member(&hash)), Some(MemberPlace::File(hash.clone())));
    assert_eq!(place("jiedui.sqlite"), Some(MemberPlace::Database));
    let flat = format!("files/{hash}");
    for wrong in ["../jiedui.sqlite", "/etc/passwd", "files/../x", "files/", flat.as_str(), "JIEDUI.SQLITE"] {
        assert_eq!(place(wrong), None, "{wrong}");
    }
}

#[test]
fn the_newest_nightly_ones_are_kept_and_nothing_else_is_touched() {
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let first = nightly_name(at("2026-11-23T17:00:00Z"));
    assert_eq!(first, "jiedui-20261124-010000.zip");
    let names = [nightly_name(at("2026-11-25T17:00:00Z")), first.clone(), "before-the-move.zip".to_owned()];
    assert_eq!(surplus(&names, 1), std::slice::from_ref(&first));
    assert!(surplus(&names, 2).is_empty());
    // Those that did not pass are counted by themselves: they take no place from those that did.
    let bad =
        [format!("{first}.bad"), "jiedui-20261125-010000.zip.bad".to_owned(), "mine.zip.bad".to_owned()];
    assert_eq!(surplus(&[names.to_vec(), bad.to_vec()].concat(), 1), [first.clone(), bad[0].clone()]);
    assert!(is_left_over(&format!("{first}.part")) && is_left_over(".jiedui-backup-x"));
    assert!(!is_left_over(&first) && !is_left_over("mine.zip.part") && !is_left_over(&bad[0]));
    assert_eq!(until_next(at("2026-11-24T16:00:00Z")).as_secs(), 3600, "at one in the night");
}

#[test]
fn sizes_and_times_are_rounded_up() {
    assert_eq!(
        [0, 1, 1024, 1_048_576, 1_500_000_000].map(size),
        ["0 KB", "1 KB", "1 KB", "1.0 MB", "1.4 GB"]
    );
    assert_eq!([0, 1, 950, 61_000].map(seconds), ["0.0 秒", "0.1 秒", "1.0 秒", "61.0 秒"]);
}
