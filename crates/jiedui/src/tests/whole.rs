//! The export of everything, on both engines.

use crate::both_engines;
use crate::cli::{LEFT_OUT, write_everything, write_with_files};
use crate::testing::Province;
use jiedui_files::Folder;
use jiedui_store::all_tables;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// The records of a file as they are, the headings first.
fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{FEFF}').unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn in_directory(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap())).collect()
}

fn in_archive(file: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        files.insert(part.name().unwrap().into_owned(), bytes);
    }
    files
}

both_engines! {
    async fn everything_is_taken_out_and_nothing_secret(world: World, p: Province) {
        world.agent(&p.lead, "lead").await;
        let (directory, archive) = (world.directory().join("all"), world.directory().join("all.zip"));
        let mut tx = world.tx().await;
        let (tables, rows) = write_everything(&mut tx, "test", &directory).await.unwrap();
        assert!(tables > 40 && rows > 500, "{tables} tables, {rows} rows");
        let files = in_directory(&directory);
        for table in all_tables() {
            let left_out = LEFT_OUT.iter().any(|(name, _)| *name == table.name);
            assert_eq!(files.contains_key(&format!("{}.csv", table.name)), !left_out, "{}", table.name);
        }
        let index = records(&files["目录.csv"]);
        assert_eq!(index.len() as u64, tables + 2);
        let entries = records(&files["entry.csv"]);
        assert!(entries[0].contains(&"to_day".to_owned()) && entries.iter().any(|row| row[0] == p.visit));
        assert!(records(&files["audit_leaf.csv"]).len() > 5, "the log with it");
        let accounts = records(&files["account.csv"]);
        assert!(accounts.len() > 3 && !accounts[0].contains(&"password".to_owned()), "{:?}", accounts[0]);
        for (name, bytes) in &files {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("$argon2"), "{name} has a password hash");
        }
        write_everything(&mut tx, "test", &archive).await.unwrap();
        assert_eq!(in_archive(&archive), files, "an archive holds the same");
        let (folder, with) = (Folder::at(world.directory().join("handed-in")), world.directory().join("with.zip"));
        let hash = folder.put(b"%PDF-1.4 handed in").unwrap();
        write_with_files(&mut tx, "test", Some(&folder), &with).await.unwrap();
        assert_eq!(in_archive(&with)[&format!("file-{hash}")], b"%PDF-1.4 handed in");
    }

    async fn nothing_is_written_over_and_nothing_half_done_is_left(world: World) {
        let (taken, nowhere) = (world.directory().join("taken"), world.directory().join("no/where.zip"));
        std::fs::write(&taken, "mine").unwrap();
        let mut tx = world.tx().await;
        assert!(write_everything(&mut tx, "test", &taken).await.unwrap_err().contains("没有覆盖"));
        assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
        assert!(write_everything(&mut tx, "test", &nowhere).await.is_err());
        // Given up in the middle, as a process that is stopped gives up.
        let to = world.directory().join("half.zip");
        let cut = tokio::select! {
            biased;
            done = write_everything(&mut tx, "test", &to) => Some(done),
            () = tokio::task::yield_now() => None,
        };
        assert!(cut.is_none(), "it takes longer than one turn");
        let left = in_names(world.directory());
        assert!(!left.iter().any(|name| name.contains("half")), "{left:?}");
    }
}

fn in_names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
