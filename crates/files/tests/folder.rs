//! Each content lies once, whole, under its hash.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_files::{ContentHash, Folder, PART_BYTES};
use std::fs;
use std::time::{Duration, SystemTime};

fn folder() -> (tempfile::TempDir, Folder) {
    let directory = tempfile::tempdir().unwrap();
    let folder = Folder::at(directory.path().join("files"));
    (directory, folder)
}

/// Whatever lies in the folder, its shelves aside.
fn files(directory: &tempfile::TempDir) -> usize {
    let shelves = fs::read_dir(directory.path().join("files")).unwrap().map(|one| one.unwrap().path());
    shelves.map(|path| if path.is_dir() { fs::read_dir(path).unwrap().count() } else { 1 }).sum()
}

#[test]
fn the_same_content_is_kept_once() {
    let (directory, folder) = folder();
    let one = folder.put(b"%PDF-1.7 one").unwrap();
    assert_eq!(folder.put(b"%PDF-1.7 one").unwrap(), one);
    let other = folder.put(b"%PDF-1.7 other").unwrap();
    assert!(one != other && folder.holds(&one) && folder.holds(&other));
    assert_eq!(files(&directory), 2, "and nothing half written lies about");
    assert!(!folder.holds(&ContentHash::of(b"never put")));
}

#[test]
fn a_large_file_comes_in_parts_that_make_the_whole() {
    let (_directory, folder) = folder();
    let bytes: Vec<u8> = (0..PART_BYTES * 2 + 5).map(|at| (at % 251) as u8).collect();
    let hash = folder.put(&bytes).unwrap();
    let mut whole = Vec::new();
    let mut number = 0;
    while let Some(part) = folder.part(&hash, number).unwrap() {
        assert!(part.len() <= PART_BYTES);
        whole.extend(part);
        number += 1;
    }
    assert!(whole == bytes && number == 3);
    assert!(folder.part(&ContentHash::of(b"never put"), 0).is_err());
}

#[test]
fn what_was_damaged_is_seen_and_put_right_by_the_next_who_brings_it() {
    let (_directory, folder) = folder();
    let hash = folder.put(b"as it should be").unwrap();
    fs::write(folder.path(&hash), b"as it should NOT").unwrap();
    assert!(!folder.holds(&hash));
    assert_eq!(folder.put(b"as it should be").unwrap(), hash);
    assert!(folder.holds(&hash));
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_directory, folder) = folder();
    let path = folder.path(&folder.put(b"x").unwrap());
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn many_at_once_bring_the_same() {
    let (directory, folder) = folder();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| folder.put(b"brought by all").unwrap());
        }
    });
    assert_eq!(files(&directory), 1);
}

#[test]
fn what_nobody_handed_in_lately_is_taken_out() {
    let (_directory, folder) = folder();
    let hash = folder.put(b"%PDF-1.7 old").unwrap();
    let shelf = u8::from_str_radix(&hash.as_str()[..2], 16).unwrap();
    let written = fs::metadata(folder.path(&hash)).unwrap().modified().unwrap();
    let (before, after) = (written - Duration::from_secs(60), written + Duration::from_secs(60));
    assert_eq!(folder.older(shelf, before).unwrap(), []);
    assert_eq!(folder.older(shelf, after).unwrap(), std::slice::from_ref(&hash));
    assert_eq!(
        folder.older(shelf.wrapping_add(1), after).unwrap(),
        [],
        "a shelf that is not there has nothing"
    );
    assert!(!folder.remove(&hash, before).unwrap() && folder.holds(&hash), "handed in just now: it stays");
    assert!(folder.remove(&hash, after).unwrap() && !folder.holds(&hash));
    assert_eq!(folder.put(b"%PDF-1.7 old").unwrap(), hash);
    assert!(folder.holds(&hash), "and comes again where somebody brings it");
}

#[test]
fn what_is_handed_in_again_is_as_new() {
    let (_directory, folder) = folder();
    let hash = folder.put(b"%PDF-1.7 again").unwrap();
    let file = fs::File::options().write(true).open(folder.path(&hash)).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    folder.put(b"%PDF-1.7 again").unwrap();
    assert_ne!(fs::metadata(folder.path(&hash)).unwrap().modified().unwrap(), SystemTime::UNIX_EPOCH);
    assert!(folder.holds(&hash));
}
