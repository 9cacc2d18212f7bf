//! Nothing so long that it cannot be read in one sitting.

use crate::complaint::Complaint;
use crate::tree::File;

const MOST_LINES: usize = 500;
const SOURCES: [&str; 8] = ["rs", "html", "css", "js", "mjs", "sh", "toml", "sql"];

/// Source files over the hard stop. Lock files are written by tools; prose is as long as it must be.
pub fn long_files(files: &[File]) -> Vec<Complaint> {
    let source = |file: &&File| SOURCES.contains(&file.extension()) && !file.is_lock();
    let long = |file: &File| {
        let lines = file.text.lines().count();
        let what = format!("{lines} lines; {MOST_LINES} at most: split it by what it does");
        (lines > MOST_LINES).then(|| Complaint::new(&file.path, 0, what))
    };
    files.iter().filter(source).filter_map(long).collect()
}

/// The length of the middle one of the Rust files.
pub fn median_lines(files: &[File]) -> usize {
    let rust = files.iter().filter(|file| file.extension() == "rs");
    let mut lengths: Vec<_> = rust.map(|file| file.text.lines().count()).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

/// The length of functions is clippy's to count; here only that nobody has told it to look away.
pub fn function_lint(files: &[File]) -> Vec<Complaint> {
    let wanted =
        [("Cargo.toml", "too_many_lines = \"deny\""), ("clippy.toml", "too-many-lines-threshold = 60")];
    let has = |path: &str, line: &str| {
        files.iter().any(|file| file.path == path && file.text.lines().any(|l| l.trim() == line))
    };
    let missing = wanted.iter().filter(|(path, line)| !has(path, line));
    missing.map(|(path, line)| Complaint::new(path, 0, format!("must say `{line}`"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_source_is_found_and_a_long_text_is_not() {
        let long = "x\n".repeat(501);
        let files = [
            File::new("a.rs", &long),
            File::new("b.md", &long),
            File::new("Cargo.lock", &long),
            File::new("c.css", &"x\n".repeat(500)),
        ];
        let found: Vec<_> = long_files(&files).into_iter().map(|c| c.path).collect();
        assert_eq!(found, ["a.rs"]);
        assert_eq!(median_lines(&files), 501);
    }

    #[test]
    fn a_loosened_function_lint_is_found() {
        let files = [
            File::new("Cargo.toml", "[workspace.lints.clippy]\ntoo_many_lines = \"warn\"\n"),
            File::new("clippy.toml", "too-many-lines-threshold = 600\n"),
        ];
        assert_eq!(function_lint(&files).len(), 2);
    }
}
