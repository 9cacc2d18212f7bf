//! The programme of the tree, read from its folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub fn files() -> BTreeMap<String, String> {
    files_of("guangdong-2024")
}

/// The files of one of the programmes in the tree.
pub fn files_of(programme: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes").join(programme);
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}
