//! What nobody uses any more: macros of templates, style classes, functions of the script. The compiler finds such code in
//! Rust; here a name has to occur where it could be used.

use crate::complaint::Complaint;
use crate::templates::SAMPLE;
use crate::tree::File;
use std::collections::BTreeSet;

/// Macros that no template calls but their own sample.
pub fn macros(files: &[File]) -> Vec<Complaint> {
    let pages: Vec<&File> = of_kind(files, "html").filter(|file| !file.path.ends_with(SAMPLE)).collect();
    let mut complaints = Vec::new();
    for page in &pages {
        for (at, rest) in after_each(&page.text, "{% macro ") {
            let name: String = rest.chars().take_while(|c| of_word(*c)).collect();
            let (call, definition) = (format!("{name}("), format!("macro {name}("));
            let calls: usize = pages.iter().map(|file| whole(&file.text, &call)).sum();
            let definitions: usize = pages.iter().map(|file| file.text.matches(&definition).count()).sum();
            if calls <= definitions {
                let line = 1 + page.text[..at].matches('\n').count();
                complaints.push(Complaint::new(&page.path, line, format!("nobody calls the macro {name}")));
            }
        }
    }
    complaints
}

/// Style classes that no template, script or Rust file names in quotes. `state-{{ look }}` names those whose ends stand
/// somewhere in quotes too.
pub fn classes(files: &[File]) -> Vec<Complaint> {
    let named = quoted_words(files);
    let is_composed = |class: &str| {
        class
            .match_indices('-')
            .any(|(at, _)| named.contains(&class[..=at]) && named.contains(&class[at + 1..]))
    };
    let mut complaints = Vec::new();
    for sheet in of_kind(files, "css") {
        let text = without_comments(&sheet.text);
        let mut seen = BTreeSet::new();
        for (at, class) in selectors(&text) {
            if seen.insert(class.clone()) && !named.contains(class.as_str()) && !is_composed(&class) {
                let line = 1 + text[..at].matches('\n').count();
                complaints.push(Complaint::new(&sheet.path, line, format!("nobody uses the class {class}")));
            }
        }
    }
    complaints
}

/// The words between quotes of templates, scripts and Rust files; of one that a template completes, its beginning.
fn quoted_words(files: &[File]) -> BTreeSet<&str> {
    let own =
        |file: &&File| !["crates/house/", "frontend/tests/"].iter().any(|path| file.path.starts_with(path));
    let users = ["html", "rs", "js"].into_iter().flat_map(|kind| of_kind(files, kind)).filter(own);
    let pieces = users.flat_map(|file| file.text.lines().flat_map(|line| line.split('"')));
    let text = pieces.filter(|piece| !piece.contains(['<', '>', ';']));
    text.flat_map(|piece| piece.split(|c: char| c.is_whitespace() || "{}%".contains(c))).collect()
}

/// Functions of a script that it never calls: pages cannot, since they carry no script of their own.
pub fn functions(files: &[File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for script in of_kind(files, "js") {
        for (at, rest) in after_each(&script.text, "function ") {
            let name: String = rest.chars().take_while(|c| of_word(*c)).collect();
            if !name.is_empty() && whole(&script.text, &name) < 2 {
                let line = 1 + script.text[..at].matches('\n').count();
                complaints.push(Complaint::new(
                    &script.path,
                    line,
                    format!("nobody calls the function {name}"),
                ));
            }
        }
    }
    complaints
}

fn of_kind<'a>(files: &'a [File], kind: &'a str) -> impl Iterator<Item = &'a File> {
    files.iter().filter(move |file| file.extension() == kind)
}

fn of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// What follows each occurrence, and where that stands.
fn after_each<'a>(text: &'a str, what: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.match_indices(what).map(move |(at, _)| (at, &text[at + what.len()..]))
}

/// How often a name stands in a text as a word of its own.
fn whole(text: &str, name: &str) -> usize {
    let alone = |at: usize| {
        let before = text[..at].chars().next_back().is_some_and(of_word);
        let closed = !name.ends_with(of_word);
        let after = text[at + name.len()..].chars().next().is_some_and(of_word);
        !before && (closed || !after)
    };
    text.match_indices(name).filter(|(at, _)| alone(*at)).count()
}

/// Comments of a style sheet blanked, so that lines keep their numbers.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        let end = rest[at..].find("*/").map_or(rest.len(), |more| at + more + 2);
        kept.push_str(&rest[..at]);
        kept.extend(rest[at..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    kept + rest
}

/// The classes in the selectors of a style sheet: what stands before a brace and not between two of declarations.
fn selectors(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => {
                let part = &text[start..at];
                for (dot, rest) in after_each(part, ".") {
                    let class: String = rest.chars().take_while(|c| of_word(*c)).collect();
                    if class.starts_with(|c: char| c.is_ascii_alphabetic()) {
                        found.push((start + dot, class));
                    }
                }
                start = at + 1;
            }
            '}' | ';' => start = at + 1,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(complaints: Vec<Complaint>) -> Vec<(usize, String)> {
        complaints.into_iter().map(|complaint| (complaint.line, complaint.what)).collect()
    }

    #[test]
    fn a_macro_that_only_its_sample_calls_is_found() {
        let files = [
            File::new("c/a.html", "{% macro used(x) -%}{% endmacro %}\n{% macro lost(x) -%}{% endmacro %}"),
            File::new("c/a.sample.html", "{{ c.used(1) }}{{ c.lost(1) }}"),
            File::new("c/page.html", "{{ c.used(1) }}{{ c.almost_lost(1) }}"),
        ];
        assert_eq!(said(macros(&files)), [(2, "nobody calls the macro lost".to_owned())]);
    }

    #[test]
    fn a_class_that_nobody_names_is_found() {
        let sheet = "/* .note */\n.used > a.lost:hover, .row-done { margin: .5em; }\n@media x { .row-late { a: b; } }";
        let files = [
            File::new("s/a.css", sheet),
            File::new("c/page.html", "<p class=\"used{% if a %} row-{{ x }}{% endif %} lost-not\">"),
            File::new("c/a.rs", "\"done\""),
        ];
        let wanted = [(2, "nobody uses the class lost"), (3, "nobody uses the class row-late")];
        assert_eq!(said(classes(&files)), wanted.map(|(line, what)| (line, what.to_owned())));
    }

    #[test]
    fn a_function_that_nobody_calls_is_found() {
        let files = [File::new("s/app.js", "function used() {}\nfunction lost() {}\nused(); lostness();")];
        assert_eq!(said(functions(&files)), [(2, "nobody calls the function lost".to_owned())]);
    }
}
