//! What lives as long as the server: database, programme, templates.

use crate::http::kept::Shelf;
use crate::http::memo::Memo;
use crate::http::templates::Templates;
use jiedui_kernel::{Random, Result, Who};
use jiedui_programme::Programme;
use jiedui_store::Db;
use rust_embed::RustEmbed;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../../programmes/guangdong-2024"]
struct EmbeddedProgramme;

pub struct App {
    pub db: Db,
    pub templates: Templates,
    pub memo: Memo,
    pub shelf: Shelf,
    pub random: Random,
    /// A demonstration: the sign-in page lists its accounts.
    pub demo: bool,
    programme: Arc<Programme>,
    /// role → (thing, action): `access.toml`, turned for asking.
    rights: HashMap<String, HashSet<(String, String)>>,
}

impl App {
    pub fn new(db: Db, random: Random, programme: Programme, demo: bool) -> Self {
        let mut rights: HashMap<String, HashSet<(String, String)>> = HashMap::new();
        for grant in &programme.access.grants {
            for role in &grant.roles {
                let mine = rights.entry(role.clone()).or_default();
                mine.extend(grant.actions.iter().map(|action| (grant.thing.clone(), action.clone())));
            }
        }
        Self {
            db,
            templates: Templates::default(),
            memo: Memo::default(),
            shelf: Shelf::default(),
            random,
            demo,
            programme: Arc::new(programme),
            rights,
        }
    }

    pub fn programme(&self) -> Arc<Programme> {
        Arc::clone(&self.programme)
    }

    /// Whether one of the roles grants this action on this kind of thing.
    pub fn can(&self, who: &Who, thing: &str, action: &str) -> bool {
        let wanted = (thing.to_owned(), action.to_owned());
        who.roles.iter().any(|role| self.rights.get(role).is_some_and(|mine| mine.contains(&wanted)))
    }
}

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
