//! The manifests taken together: everything is listed, and nothing is said twice.

use crate::mechanisms::ALL;
use crate::shared::mechanism::{Entry, Word, Words};
use crate::site::site;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Folders under `src` that hold a group of mechanisms.
const GROUPS: [&str; 6] = ["network", "identity", "evidence", "planning", "standing", "oversight"];

#[test]
fn every_folder_of_a_group_is_in_the_list() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = BTreeSet::new();
    for group in GROUPS {
        for entry in std::fs::read_dir(source.join(group)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                folders.insert(format!("crates/jiedui/src/{group}/{name}"));
            }
        }
    }
    let listed: BTreeSet<String> = ALL.iter().map(|one| one.folder.to_owned()).collect();
    assert_eq!(listed.len(), ALL.len(), "each folder once");
    assert!(folders.is_subset(&listed), "{:?}", folders.difference(&listed));
    let root = source.join("../../..");
    assert!(listed.iter().all(|folder| root.join(folder).is_dir()));
}

fn once(what: &str, places: impl Iterator<Item = u16>) {
    let places: Vec<u16> = places.collect();
    assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len(), "{what}: a place is taken twice");
}

#[test]
fn places_are_taken_once_and_groups_stand_together() {
    let of = |entries: &'static [Entry]| entries.iter().map(|entry| entry.place);
    once("menu", ALL.iter().flat_map(|one| of(one.menu)));
    once("phone menu", ALL.iter().flat_map(|one| of(one.phone_menu)));
    once("desk", ALL.iter().filter_map(|one| one.tasks).map(|tasks| tasks.place));
    let mut groups: Vec<&str> = site().menu.iter().map(|entry| entry.group).collect();
    groups.dedup();
    assert_eq!(
        groups.iter().collect::<BTreeSet<_>>().len(),
        groups.len(),
        "a group in two places: {groups:?}"
    );
}

fn named_once(of: fn(&Words) -> &'static [Word]) {
    let mut names = BTreeMap::new();
    for one in ALL {
        for (id, name) in of(&one.words) {
            assert!(!name.is_empty(), "{id}");
            assert_eq!(names.insert(*id, one.folder), None, "{id} is named twice");
        }
    }
}

#[test]
fn every_word_is_named_once() {
    named_once(|words| words.actions);
    named_once(|words| words.resources);
    named_once(|words| words.rights);
    named_once(|words| words.jobs);
}
