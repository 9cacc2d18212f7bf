//! SQL stands where it belongs, and is never put together from pieces.

use crate::complaint::Complaint;
use crate::rust::{Lexed, Literal, lex};
use crate::tree::File;

/// Macros and functions that make a new text out of pieces. `concat!` is not among them: it takes constants only.
const BUILDERS: [&str; 7] = ["format!", "format_args!", "write!", "writeln!", "push_str", "from", "join"];
/// What turns a constant into a text that can grow.
const OPENERS: [&str; 5] = [".to_string(", ".to_owned(", ".replace(", ".replacen(", ".into("];
/// Parts of a statement that mean nothing by themselves: seen in a builder, a statement is being assembled.
const PIECES: [&str; 8] =
    [" WHERE ", " AND ", " OR ", " ORDER BY ", " GROUP BY ", " LIMIT ", " OFFSET ", " VALUES "];

/// A statement outside `data.rs`, `data/`, the store and the migrations.
pub fn misplaced(files: &[File]) -> Vec<Complaint> {
    let foreign = files.iter().filter(|file| !is_home_of_sql(&file.path));
    let mut complaints = Vec::new();
    for file in foreign {
        if file.extension() == "sql" {
            complaints.push(Complaint::new(
                &file.path,
                0,
                "SQL files stand in migrations/ or below a data/ folder",
            ));
        } else if file.extension() == "rs" {
            let statements =
                lex(&file.text).literals.into_iter().filter(|literal| is_statement(&literal.value));
            complaints.extend(statements.map(|literal| {
                Complaint::new(&file.path, literal.line, "SQL belongs in the mechanism's data.rs")
            }));
        }
    }
    complaints
}

/// A statement, or a part of one, in something that builds texts.
pub fn built(files: &[File]) -> Vec<Complaint> {
    // The samples of this very rule are kept out; nothing else is.
    let rust = files.iter().filter(|file| file.extension() == "rs" && !is_house(&file.path));
    let mut complaints = Vec::new();
    for file in rust {
        let lexed = lex(&file.text);
        for literal in lexed.literals.iter().filter(|literal| is_built(&lexed, literal)) {
            let what = "SQL is one constant text with $1, $2 …: nothing is put into it, nothing added to it";
            complaints.push(Complaint::new(&file.path, literal.line, what));
        }
    }
    complaints
}

fn is_house(path: &str) -> bool {
    path.starts_with("crates/house/")
}

fn is_home_of_sql(path: &str) -> bool {
    path.starts_with("crates/store/")
        || path.starts_with("migrations/")
        || path.ends_with("/data.rs")
        || (path.contains("/src/") && path.contains("/data/"))
        || is_house(path)
}

fn is_built(lexed: &Lexed, literal: &Literal) -> bool {
    let statement = is_statement(&literal.value);
    let piece = PIECES.iter().any(|piece| format!("{} ", literal.value).contains(piece));
    if !statement && !piece {
        return false;
    }
    let before = lexed.code[..literal.start].trim_end();
    let after = lexed.code[literal.end..].trim_start();
    let added = before.ends_with('+') || before.ends_with("+=") || after.starts_with('+');
    let call = lexed.enclosing_call(literal.start).unwrap_or_default();
    // A chain on the next line is still a chain.
    let opened = OPENERS.iter().any(|opener| after.starts_with(opener));
    added || (statement && opened) || BUILDERS.contains(&call)
}

/// Whether a text is a statement. Written in capitals, as in this house, it is one anywhere; in small letters,
/// where the same words are also English, it has to begin like one.
fn is_statement(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let capital = words.iter().enumerate().any(|(at, word)| match *word {
        "SELECT" => true,
        "INSERT" => words.get(at + 1) == Some(&"INTO"),
        "DELETE" => words.get(at + 1) == Some(&"FROM"),
        "UPDATE" => words[at..].contains(&"SET"),
        _ => false,
    });
    let small: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let has = |word: &str| small.iter().any(|other| other == word);
    let beginning = match (small.first().map(String::as_str), small.get(1).map(String::as_str)) {
        (Some("select"), _) => has("from") && text.contains([',', '*', '$', '=']),
        (Some("insert"), Some("into")) => has("values") || has("select"),
        (Some("delete"), Some("from")) => has("where"),
        (Some("update"), _) => has("set") && text.contains('='),
        (Some("with"), _) => has("as") && has("select") && has("from"),
        _ => false,
    };
    capital || beginning
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(complaints: Vec<Complaint>) -> Vec<(String, usize)> {
        complaints.into_iter().map(|c| (c.path, c.line)).collect()
    }

    #[test]
    fn sql_outside_its_place_is_found() {
        let text = "// SELECT in a comment\nf(\"SELECT 1\");\ng(\"INSERT INTO t VALUES ($1)\");\n\
                    h(r#\"update t set x = 1\"#);\ni(\"DELETE\n FROM t\");\n";
        let files = [
            File::new("crates/jiedui/src/ledger/pages.rs", text),
            File::new("crates/jiedui/src/ledger/data.rs", text),
            File::new("crates/jiedui/src/ledger/data/open.rs", text),
            File::new("crates/store/src/jobs.rs", text),
            File::new(
                "crates/jiedui/tests/x.rs",
                "\"select one from the list\"; \"update the set\"; \"UPDATE\"",
            ),
            File::new("crates/jiedui/src/open.sql", ""),
        ];
        let page = "crates/jiedui/src/ledger/pages.rs".to_owned();
        let mut expected: Vec<_> = (2..=5).map(|line| (page.clone(), line)).collect();
        expected.push(("crates/jiedui/src/open.sql".to_owned(), 0));
        assert_eq!(lines(misplaced(&files)), expected);
    }

    #[test]
    fn sql_made_of_pieces_is_found() {
        let bad = [
            "format!(\"SELECT * FROM {table}\")",
            "write!(sql, \"DELETE FROM {table}\")",
            "sql.push_str(\" WHERE id = 1\")",
            "sql += \" ORDER BY x\"",
            "\"SELECT 1 \".to_owned() + more",
            "\"SELECT @\"\n  .replace('@', x)",
            "String::from(\"SELECT 1\")",
            "let all = head + \" AND x = 1\";",
        ];
        for sample in bad {
            let file = File::new("crates/jiedui/src/ledger/data.rs", sample);
            assert_eq!(built(&[file]).len(), 1, "{sample}");
        }
    }

    #[test]
    fn constant_sql_and_plain_messages_are_fine() {
        let good = [
            "tx.all(\"SELECT a FROM t WHERE b = $1\", [b])",
            "const ONE: &str = concat!(\"SELECT a \", \"FROM t\");",
            "\"a\".to_owned() + \"b\"",
        ];
        for sample in good {
            let file = File::new("crates/jiedui/src/ledger/data.rs", sample);
            assert_eq!(built(&[file]), [], "{sample}");
        }
    }
}
