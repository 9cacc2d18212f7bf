//! The files of the tree.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// A text file: its path from the root, with forward slashes, and what stands in it.
#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    pub fn is_lock(&self) -> bool {
        self.extension() == "lock" || self.name() == "package-lock.json"
    }
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file that is, or is about to be, part of the project. Files not yet added count too, so that a rule
/// bites before the commit and not after it. Without git (an unpacked archive) the directories are walked.
pub fn files(root: &Path) -> io::Result<Vec<File>> {
    let mut paths = listed(root).unwrap_or_default();
    if paths.is_empty() {
        walk(root, "", &mut paths)?;
    }
    paths.sort();
    paths.dedup();
    // What is not UTF-8 (a picture, a workbook) or is gone from the disk has no lines to look at.
    let read = |path: String| fs::read_to_string(root.join(&path)).ok().map(|text| File { path, text });
    Ok(paths.into_iter().filter_map(read).collect())
}

fn listed(root: &Path) -> Option<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(arguments).current_dir(root).output().ok()?;
    let text = output.status.success().then(|| String::from_utf8(output.stdout).ok()).flatten()?;
    Some(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walk(root: &Path, below: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if !entry.file_type()?.is_dir() {
            found.push(path);
        } else if !(name == ".git" || name == "node_modules" || name.starts_with("target") || path == "data")
        {
            walk(root, &path, found)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_listing_find_this_file() {
        let mut walked = Vec::new();
        walk(&root(), "", &mut walked).unwrap();
        assert!(walked.iter().any(|path| path == "crates/house/src/tree.rs"));
        assert!(files(&root()).unwrap().iter().any(|file| file.path == "crates/house/src/tree.rs"));
    }

    #[test]
    fn names_and_extensions() {
        let file = File::new("a/b/pages.rs", "");
        assert_eq!((file.name(), file.extension(), file.is_lock()), ("pages.rs", "rs", false));
        assert_eq!(File::new("Makefile", "").extension(), "");
        assert!(File::new("frontend/package-lock.json", "").is_lock());
    }
}
