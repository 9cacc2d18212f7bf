//! What an address or a form says is read by its type, in one place: pages are given an id, a day, a year or a number, or
//! none. A page that parses a text by itself has its own idea of what is a day, and of what to say where it is none.

use crate::complaint::Complaint;
use crate::rust::lex;
use crate::tree::File;

const READ_ELSEWHERE: &str = "pages parse no text: crates/web reads values by their type (param, date, year, whole, seen, Reader, Listing)";
const SIGNS: [&str; 4] = [".parse()", ".parse::<", "parse_date(", "Id::parse("];

/// Texts that a page parses by itself.
pub fn parsed(files: &[File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| is_page(&file.path)) {
        let code = lex(&file.text).code;
        let own = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for (index, line) in own.lines().enumerate() {
            let packed: String = line.split_whitespace().collect();
            if SIGNS.iter().any(|sign| packed.contains(sign)) {
                complaints.push(Complaint::new(&file.path, index + 1, READ_ELSEWHERE));
            }
        }
    }
    complaints
}

fn is_page(path: &str) -> bool {
    path.starts_with("crates/jiedui/src/")
        && (path.ends_with("/pages.rs") || (path.contains("/pages/") && path.ends_with(".rs")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_parses_is_found() {
        let text = "let year = values.get(\"year\").parse().ok();\nlet day = parse_date(text);\n\
                    let n = text\n    .parse::<i64>();\nlet a = Id::parse(text);\nlet d = values.date(\"day\");\n\
                    // .parse() in a comment\n#[cfg(test)]\nmod tests { fn day() { \"x\".parse().unwrap() } }\n";
        let lines = |path: &str| {
            let found = parsed(&[File::new(path, text)]);
            found.into_iter().map(|one| one.line).collect::<Vec<_>>()
        };
        assert_eq!(lines("crates/jiedui/src/planning/needs/pages/show.rs"), [1, 2, 4, 5]);
        assert_eq!(lines("crates/jiedui/src/network/pairings/pages.rs"), [1, 2, 4, 5]);
        assert_eq!(lines("crates/jiedui/src/planning/needs/rules.rs"), Vec::<usize>::new());
        assert_eq!(lines("crates/web/src/form.rs"), Vec::<usize>::new());
    }
}
