//! The tree speaks of itself alone: nothing in it holds only on one machine or behind one mirror.

use crate::complaint::Complaint;
use crate::tree::File;

/// What must not stand in any file, and why. Written in two halves, so that this list does not find itself.
const WORDS: [(&str, &str, &str); 13] = [
    ("/wo", "rk/", A_MACHINE),
    ("/ro", "ot/", A_MACHINE),
    ("/ho", "me/", A_MACHINE),
    ("/tmp/", "target", A_MACHINE),
    ("/opt/", "wheels", A_MACHINE),
    ("../sha", "red/", "a place outside the tree"),
    (
        "local",
        "host:",
        "an address of one machine: write 127.0.0.1, which is also what the server listens on",
    ),
    ("registry.", "npmjs", A_REGISTRY),
    ("registry.", "yarnpkg", A_REGISTRY),
    ("files.", "pythonhosted", A_REGISTRY),
    ("pypi.", "org", A_REGISTRY),
    ("static.", "crates.io", A_REGISTRY),
    ("index.", "crates.io", A_REGISTRY),
];
const A_MACHINE: &str = "a path of one machine";
const A_REGISTRY: &str = "the host of a registry: name the package, the client knows the host";

/// Words that must not stand in the tree, in whatever file.
pub fn words(files: &[File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            for (head, tail, why) in WORDS {
                let word = format!("{head}{tail}");
                if standing_alone(line, &word) {
                    complaints.push(Complaint::new(&file.path, index + 1, format!("`{word}` is {why}")));
                }
            }
        }
    }
    complaints
}

/// A path counts from its root only: `doc/home/` is no home directory.
fn standing_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !(word.starts_with('/') && line[..at].ends_with(|c: char| c.is_alphanumeric() || "_-.}".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_list_is_found() {
        for (head, tail, _) in WORDS {
            let file = File::new("docs/a.md", &format!("fine\nsee {head}{tail}x\n"));
            let lines: Vec<_> = words(&[file]).into_iter().map(|c| c.line).collect();
            assert_eq!(lines, [2], "{head}{tail}");
        }
    }

    #[test]
    fn what_only_looks_alike_is_fine() {
        let text = format!("src{}{} and from crates.io, the homework/ folder, 127.0.0.1:8080", "/ho", "me/");
        assert_eq!(words(&[File::new("README.md", &text)]), []);
    }
}
