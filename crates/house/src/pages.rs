//! What the pages of a mechanism leave to the request line.

use crate::complaint::Complaint;
use crate::rust::lex;
use crate::tree::File;

/// The kinds of error that a page can show beside what was typed.
const SHOWN: [&str; 3] = ["Error::Invalid(", "Error::Conflict(", "Error::NotNow("];
/// What stands behind a pattern, and never behind a value: the arm of a `match`, its guard, another pattern, `let … =`.
const OF_A_PATTERN: [&str; 4] = ["=>", "if ", "|", "= "];

/// Pages that take an error apart: `Attempt` does it for all, and lets through what is not theirs to show.
pub fn sorted_errors(files: &[File]) -> Vec<Complaint> {
    let of_page = |file: &&File| {
        let path = file.path.as_str();
        path.starts_with("crates/jiedui/src/") && (path.contains("/pages/") || path.ends_with("/pages.rs"))
    };
    let mut complaints = Vec::new();
    for file in files.iter().filter(of_page) {
        let lexed = lex(&file.text);
        for kind in SHOWN {
            for (at, _) in lexed.code.match_indices(kind) {
                let Some((_, behind)) = lexed.code[at..].split_once(')') else { continue };
                let behind = behind.trim_start_matches(|c: char| c == ')' || c.is_whitespace());
                if OF_A_PATTERN.iter().any(|sign| behind.starts_with(sign)) {
                    let what = "ask `.or_wrong()?` or `.or_refused()?` what the page can show";
                    complaints.push(Complaint::new(&file.path, lexed.line(at), what));
                }
            }
        }
    }
    complaints
}

/// Files of mechanisms that make a file and send it as one that was handed in: it would be made on a serving thread, with
/// the transaction held.
pub fn made_at_once(files: &[File]) -> Vec<Complaint> {
    let of_mechanism = |file: &&File| file.path.starts_with("crates/jiedui/src/") && file.extension() == "rs";
    let mut complaints = Vec::new();
    for file in files.iter().filter(of_mechanism) {
        let code = lex(&file.text).code;
        let makes = code.contains("use jiedui_documents::");
        for (index, _) in code.lines().enumerate().filter(|(_, line)| makes && line.contains("Reply::Kept")) {
            complaints.push(Complaint::new(&file.path, index + 1, "a file that is made is `Reply::made(…)`"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_taken_apart_are_found_and_errors_made_are_not() {
        let text = "match done {\n Err(Error::Invalid(errors)) => again(errors),\n Err(Error::Conflict(_)) if x => y,\n }\n\
                    Err(Error::NotNow(words)) => words,\n if let Err(Error::Invalid(wrong)) = read.done() {}\n\
                    Err(errors) => Err(Error::Invalid(errors)),\n return Err(Error::Conflict(SAID.to_owned()));\n";
        let lines = |path: &str| {
            let found = sorted_errors(&[File::new(path, text)]);
            let mut lines: Vec<usize> = found.into_iter().map(|one| one.line).collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(lines("crates/jiedui/src/evidence/ledger/pages/edit.rs"), [2, 3, 5, 6]);
        assert_eq!(lines("crates/jiedui/src/network/pairings/pages.rs"), [2, 3, 5, 6]);
        assert_eq!(lines("crates/jiedui/src/demo/deeds.rs"), [] as [usize; 0]);
    }

    #[test]
    fn files_made_at_once_are_found() {
        let text = "use jiedui_documents::write;\nOk(Reply::Kept(file))\n// Reply::Kept\n";
        let file = |path: &str, text: &str| File::new(path, text);
        let found = |file: File| made_at_once(&[file]).into_iter().map(|one| one.line).collect::<Vec<_>>();
        assert_eq!(found(file("crates/jiedui/src/evidence/outputs/workbook.rs", text)), [2]);
        let kept = "Ok(Reply::Kept(file))";
        assert_eq!(found(file("crates/jiedui/src/network/agreements/pages/show.rs", kept)), [] as [usize; 0]);
    }
}
