//! Where the programme's files come from: inside the binary, or a directory.

use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "../../programmes/guangdong-2024"]
struct EmbeddedProgramme;

/// The programme's files, embedded, or from a directory, which wins.
pub fn programme_files(directory: Option<&Path>) -> Result<BTreeMap<String, String>, std::io::Error> {
    match directory {
        Some(directory) => read_directory(directory),
        None => Ok(EmbeddedProgramme::iter()
            .filter_map(|name| {
                let file = EmbeddedProgramme::get(&name)?;
                Some((name.into_owned(), String::from_utf8(file.data.into_owned()).ok()?))
            })
            .collect()),
    }
}

fn read_directory(root: &Path) -> Result<BTreeMap<String, String>, std::io::Error> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.insert(name, text);
            }
        }
    }
    Ok(files)
}

/// The TOML files among them: what `jiedui_programme::load` reads.
pub fn programme_toml(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    files
        .iter()
        .filter(|(name, _)| has_ending(name, "toml"))
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect()
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// For the tests inside of pure rules, which take nothing of the world that other tests have.
#[cfg(test)]
pub mod shipped {
    use super::{programme_files, programme_toml};
    use jiedui_programme::Programme;

    pub fn programme() -> Programme {
        jiedui_programme::load(&programme_toml(&programme_files(None).unwrap())).unwrap()
    }
}
