//! A state is an enum: it is read once, where its row is read, and from there on the compiler knows which states there are.
//! Compared as text, a word that is no state compiles, and the branch behind it never runs.

use crate::complaint::Complaint;
use crate::rust::lex;
use crate::tree::File;

const COMPARED: &str = "a state is an enum, read once at the row: no text is compared with one";
const KEPT: &str = "a state is kept as its enum, not as text";

/// How text is taken out of a state, so that it can be matched or compared.
const AS_TEXT: [&str; 5] = [".as_str()", ".as_deref()", ".as_ref()", ".text()", ".code()"];
const TEXTS: [&str; 8] = [
    "String",
    "Option<String>",
    "&str",
    "&'staticstr",
    "&'astr",
    "Option<&str>",
    "Option<&'staticstr>",
    "Cow<",
];

/// States compared with a text in quotes, matched as text, or declared as text.
pub fn as_text(files: &[File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.extension() == "rs") {
        let lexed = lex(&file.text);
        let packed = Packed::new(&lexed.code);
        let compared = lexed.literals.iter().filter(|literal| {
            let (before, after) = (packed.before(literal.start), packed.after(literal.end));
            let left = before.strip_suffix("==").or_else(|| before.strip_suffix("!="));
            let right = after.strip_prefix("==").or_else(|| after.strip_prefix("!="));
            left.is_some_and(ends_in_state) || right.is_some_and(begins_with_state)
        });
        complaints.extend(compared.map(|literal| Complaint::new(&file.path, literal.line, COMPARED)));
        for (sign, what) in [("match", COMPARED), (":", KEPT)] {
            for (at, _) in packed.text.match_indices(sign) {
                let broken = match sign {
                    "match" => packed.text[at + sign.len()..]
                        .split_once('{')
                        .is_some_and(|(head, _)| !head.starts_with(of_name) && matched(head)),
                    _ => declared(&packed.text[..at], &packed.text[at + 1..]),
                };
                if broken {
                    complaints.push(Complaint::new(&file.path, lexed.line(packed.origin[at]), what));
                }
            }
        }
    }
    complaints
}

/// Code without the blanks that mean nothing, so that a chain over several lines reads like one on a single line.
struct Packed {
    text: String,
    /// Where each byte stands in the code.
    origin: Vec<usize>,
}

impl Packed {
    fn new(code: &str) -> Self {
        let mut packed = Self { text: String::with_capacity(code.len()), origin: Vec::new() };
        for (at, sign) in code.char_indices() {
            if sign.is_whitespace() {
                continue;
            }
            // Two words that only a blank keeps apart stay apart.
            let apart = at > 0 && code[..at].ends_with(char::is_whitespace);
            if apart && of_name(sign) && packed.text.ends_with(of_name) {
                packed.text.push(' ');
                packed.origin.push(at - 1);
            }
            packed.text.push(sign);
            packed.origin.extend(at..at + sign.len_utf8());
        }
        packed
    }

    fn before(&self, offset: usize) -> &str {
        &self.text[..self.origin.partition_point(|at| *at < offset)]
    }

    fn after(&self, offset: usize) -> &str {
        &self.text[self.origin.partition_point(|at| *at < offset)..]
    }
}

fn is_state(name: &str) -> bool {
    name == "state" || name.ends_with("_state")
}

fn of_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// `row.state`, `*state`, `row.state.as_str()`.
fn ends_in_state(code: &str) -> bool {
    let code = AS_TEXT.iter().find_map(|end| code.strip_suffix(end)).unwrap_or(code);
    is_state(&code[code.trim_end_matches(of_name).len()..])
}

/// `row.state`, `&asked.state`, `state.text()`.
fn begins_with_state(code: &str) -> bool {
    let code = code.trim_start_matches(['&', '*', '(']);
    let end = code.find(|sign| !of_name(sign) && sign != '.').unwrap_or(code.len());
    code[..end].split('.').any(is_state)
}

/// The head of a `match` that takes the text of a state.
fn matched(head: &str) -> bool {
    AS_TEXT.iter().any(|end| head.match_indices(end).any(|(at, _)| ends_in_state(&head[..at])))
}

/// A field or parameter `state` whose type is a text.
fn declared(before: &str, after: &str) -> bool {
    // `path::to::state::<…>` declares nothing.
    let name = &before[before.trim_end_matches(of_name).len()..];
    is_state(name)
        && TEXTS.iter().any(|of| after.strip_prefix(of).is_some_and(|rest| !rest.starts_with(of_name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sample: &str) -> Vec<usize> {
        as_text(&[File::new("crates/jiedui/src/a.rs", sample)]).into_iter().map(|one| one.line).collect()
    }

    #[test]
    fn a_state_compared_as_text_is_found() {
        let bad = [
            "if row.state == \"open\" {}",
            "if need.state != \"open\" {}",
            "if \"open\" == row.state {}",
            "row\n    .state\n    .as_str() == \"open\"",
            "list.filter(|one| *state == \"x\")",
            "proof_state == \"x\"",
            "match row.state.as_str() { \"open\" => 1, _ => 2 }",
            "match (row.state.as_str(), row.round) { (\"open\", _) => 1, _ => 2 }",
            "match row.state.text() { \"open\" => 1, _ => 2 }",
            "struct Row { pub state: String }",
            "fn mark(state: &str) {}",
            "struct Asked { list_state: Option<String> }",
        ];
        for sample in bad {
            assert_eq!(found(sample).len(), 1, "{sample}");
        }
        assert_eq!(found("a();\nif row.state\n    == \"open\" {}"), [3]);
    }

    #[test]
    fn states_as_enums_and_texts_of_other_names_are_fine() {
        let good = [
            "if row.state == NeedState::Open {}",
            "match row.state { State::Open => \"open\", State::Met => \"met\" }",
            "json[\"state\"] == \"open\"",
            "estate == \"x\"",
            "struct Row { state: StateMark, state_label: String }",
            "StateMark::new(\"state\", row.state.text())",
            "// row.state == \"open\"",
            "let state: StateMark = mark(row.state);",
            "let names = matching.names(); if a { rules::STATES.map(|state| (state.text(), 1)) }",
        ];
        for sample in good {
            assert_eq!(found(sample), Vec::<usize>::new(), "{sample}");
        }
    }
}
