//! The schematic map: every division once, no row out of step, and beside the table of divisions nothing missing.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Problem, load, load_folder};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "map.toml";
const DIVISIONS: &str = "registry/divisions.csv";

/// All files of the programme that the check of a folder reads.
fn folder() -> BTreeMap<String, String> {
    let mut files = common::files();
    let text = include_str!("../../../programmes/guangdong-2024/registry/divisions.csv");
    files.insert(DIVISIONS.to_owned(), text.to_owned());
    files
}

fn after(old: &str, new: &str) -> Vec<Problem> {
    let mut files = folder();
    let text = files.get_mut(FILE).unwrap();
    assert!(text.contains(old), "no {old}");
    *text = text.replacen(old, new, 1);
    load_folder(&files).err().unwrap_or_default()
}

/// Refused with one problem that says this.
#[track_caller]
fn refuses(old: &str, new: &str, message: &str) {
    let problems = after(old, new);
    let found: Vec<&Problem> = problems.iter().filter(|one| one.message.contains(message)).collect();
    assert_eq!(found.len(), 1, "{old} → {new}: {problems:?}");
    assert!(found[0].file == FILE && !found[0].help.is_empty());
}

#[test]
fn every_division_has_one_tile() {
    let programme = load_folder(&folder()).unwrap();
    let map = programme.map.unwrap();
    let tiles: Vec<_> = map.tiles().collect();
    assert_eq!(tiles.len(), 124, "122 counties, and two cities without counties");
    let places: BTreeSet<_> = tiles.iter().map(|tile| (tile.row, tile.column)).collect();
    assert_eq!(places.len(), tiles.len());
}

/// Tiles of a city hang together, so that it can be drawn as one.
#[test]
fn no_city_falls_apart() {
    let map = load(&common::files()).unwrap().map.unwrap();
    let mut cities: BTreeMap<&str, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for tile in map.tiles() {
        cities.entry(&tile.code[..4]).or_default().insert((tile.row, tile.column));
    }
    for (city, mut left) in cities {
        let mut reached: Vec<_> = left.pop_first().into_iter().collect();
        while let Some((row, column)) = reached.pop() {
            let beside = left.iter().filter(|(r, c)| r.abs_diff(row) + c.abs_diff(column) == 1);
            let beside: Vec<_> = beside.copied().collect();
            left.retain(|place| !beside.contains(place));
            reached.extend(beside);
        }
        assert!(left.is_empty(), "{city} falls apart: {left:?}");
    }
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    refuses("441481", "......", "兴宁市");
    refuses("441481", "441499", "“441499”");
    refuses("441481", "441402", "有两格");
    refuses("441481", "44148", "不是区划代码");
    refuses("441481", "441481 ......", "第一行有");
    let about = folder()[FILE].lines().find(|line| line.starts_with("about")).unwrap().to_owned();
    refuses(&about, "about = \"\"", "是空的");
}

#[test]
fn a_programme_without_a_map_loads() {
    assert_eq!(load(&common::files_of("sample-2027")).unwrap().map, None);
    let mut files = folder();
    files.remove(FILE);
    assert!(load_folder(&files).is_ok());
}
