//! What a test of refusals compares is the code of the mistake. Its sentence is for the reader and free to change: a test
//! that quotes it fails when the words get better.

use crate::complaint::Complaint;
use crate::tree::File;
use std::collections::BTreeSet;

const BY_CODE: &str =
    "a test compares the code of a mistake (refuses(Code::…)), not its sentence, which is free to change";
/// Fewer characters than this stand on pages that refuse nothing, too.
const LEAST: usize = 5;
const TESTS: &str = "#[cfg(test)]\nmod ";

/// Tests of the mechanisms that quote the sentence of a mistake.
pub fn sentences(files: &[File]) -> Vec<Complaint> {
    let rust =
        || files.iter().filter(|file| file.path.ends_with(".rs") && !file.path.starts_with("crates/house/"));
    let said: BTreeSet<&str> = rust()
        .filter(|file| !is_test(&file.path))
        .flat_map(|file| mistakes(file.text.split(TESTS).next().unwrap_or_default()))
        .collect();
    let mut complaints = Vec::new();
    for file in rust().filter(|file| file.path.starts_with("crates/jiedui/")) {
        let from = if is_test(&file.path) { 0 } else { file.text.find(TESTS).unwrap_or(file.text.len()) };
        for sign in [".says(\"", ".contains(\""] {
            for (at, quoted) in literals(&file.text[from..], sign) {
                let long = quoted.chars().filter(|sign| !sign.is_ascii()).count() >= LEAST;
                if long
                    && said.iter().any(|part| part.contains(quoted))
                    && !makes_one(&file.text[..from + at])
                {
                    let line = file.text[..from + at].matches('\n').count() + 1;
                    complaints.push(Complaint::new(&file.path, line, BY_CODE));
                }
            }
        }
    }
    complaints
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/testing/")
}

/// `Code::X.says("…")` makes a mistake, and asks no page what it says.
fn makes_one(before: &str) -> bool {
    let word = |sign: char| sign.is_alphanumeric() || sign == '_';
    before.trim_end_matches(word).ends_with("Code::")
}

/// The texts of mistakes, cut where something is put in.
fn mistakes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(".says(").flat_map(|(at, sign)| {
        let rest = text[at + sign.len()..].trim_start();
        let rest = rest.strip_prefix("format!(").unwrap_or(rest).trim_start();
        let literal = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()).unwrap_or_default();
        literal.split(['{', '}'])
    })
}

/// Where a text follows a sign, and the text.
fn literals<'a>(text: &'a str, sign: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.match_indices(sign)
        .map(move |(at, _)| (at, text[at + sign.len()..].split('"').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_quotes_a_mistake_is_found() {
        let rules = File::new(
            "crates/jiedui/src/evidence/ledger/rules.rs",
            "read.fail(\"day\", Code::InFuture.says(format!(\n    \"{day}还没有发生的事不能登记。\")));\n",
        );
        let test = File::new(
            "crates/jiedui/src/evidence/ledger/tests.rs",
            "assert!(page.says(\"还没有发生的事\"));\nassert!(page.says(\"已登记两条\"));\n\
             assert!(page.says(\"还没有\"));\nlet one = Code::InFuture.says(\"还没有发生的事\");\n\
             assert!(error.message.contains(\"不能登记。\"));\n",
        );
        let lines: Vec<usize> = sentences(&[rules, test]).into_iter().map(|one| one.line).collect();
        assert_eq!(lines, [1, 5]);
    }
}
