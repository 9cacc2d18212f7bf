//! A view that takes in another by `#[serde(flatten)]` has all fields of both under one roof. Where two have one name, one
//! is lost without a word: the page shows the version of the wrong thing, or none.

use crate::complaint::Complaint;
use crate::rust::{Lexed, lex};
use crate::tree::File;
use std::collections::BTreeMap;
use std::ops::Range;

/// Types around another that serialise like it.
const AROUND: [&str; 3] = ["Option<", "Box<", "Arc<"];
/// So deep one view may stand in another.
const DEEPEST: usize = 8;

#[derive(Debug)]
struct Field {
    /// As it is serialised.
    name: String,
    line: usize,
    /// The type whose fields it takes in.
    takes_in: Option<String>,
}

#[derive(Debug)]
struct Shape<'a> {
    path: &'a str,
    fields: Vec<Field>,
}

type Shapes<'a> = BTreeMap<String, Vec<Shape<'a>>>;

/// Views in which a field clashes with one that is taken in, and what takes in something that is no struct of the tree.
pub fn clashes(files: &[File]) -> Vec<Complaint> {
    let rust = files.iter().filter(|file| file.path.starts_with("crates/") && file.extension() == "rs");
    let mut shapes = Shapes::new();
    for file in rust {
        for (name, fields) in structs(&lex(&file.text)) {
            shapes.entry(name).or_default().push(Shape { path: &file.path, fields });
        }
    }
    let all = shapes.values().flatten();
    all.filter(|shape| shape.fields.iter().any(|field| field.takes_in.is_some()))
        .flat_map(|shape| of_one(&shapes, shape))
        .collect()
}

fn of_one(shapes: &Shapes<'_>, shape: &Shape<'_>) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for field in shape.fields.iter().filter(|field| field.takes_in.is_none()) {
        known.insert(field.name.clone(), "the struct itself".to_owned());
    }
    for field in &shape.fields {
        let Some(of) = &field.takes_in else { continue };
        let mut names = Vec::new();
        if !taken_in(shapes, (of, shape.path), DEEPEST, &mut names) {
            let what =
                format!("`{of}`, or what it takes in, is no struct of the tree: give it a field of its own");
            complaints.push(Complaint::new(shape.path, field.line, what));
        }
        for name in names {
            if let Some(other) = known.get(&name) {
                let what = format!("`{name}` of `{of}` stands in {other} too: one of them is lost");
                complaints.push(Complaint::new(shape.path, field.line, what));
            }
            known.insert(name, format!("`{of}`"));
        }
    }
    complaints
}

/// Collects the names of a type that is taken in; says whether all could be read.
fn taken_in(shapes: &Shapes<'_>, (of, path): (&str, &str), depth: usize, names: &mut Vec<String>) -> bool {
    // Several have one name: the one that stands nearest is meant.
    let nearest = shapes.get(of).and_then(|all| all.iter().max_by_key(|one| common(one.path, path)));
    let Some(shape) = nearest.filter(|_| depth > 0) else { return false };
    let mut whole = true;
    for field in &shape.fields {
        match &field.takes_in {
            Some(inner) => whole &= taken_in(shapes, (inner, shape.path), depth - 1, names),
            None => names.push(field.name.clone()),
        }
    }
    whole
}

fn common(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count()
}

/// The structs of a file that have named fields.
fn structs(lexed: &Lexed) -> Vec<(String, Vec<Field>)> {
    let code = lexed.code.as_str();
    let of_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, word) in code.match_indices("struct ") {
        if code[..at].ends_with(of_name) {
            continue;
        }
        let start = at + word.len();
        let length = code[start..].find(|c: char| !of_name(c)).unwrap_or(0);
        let Some(open) = code[start..].find(['{', ';', '(']).map(|place| start + place) else { continue };
        if code[open..].starts_with('{') {
            let inside = open + 1..closing(code, open);
            let fields = parts(code, inside).into_iter().filter_map(|part| field(lexed, part));
            found.push((code[start..start + length].to_owned(), fields.collect()));
        }
    }
    found
}

/// The place of the bracket that closes the one at `open`; the end, where none does.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (place, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' if depth <= 1 => return place,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// What stands between the commas that are in no bracket.
fn parts(code: &str, inside: Range<usize>) -> Vec<Range<usize>> {
    let bytes = code.as_bytes();
    let (mut parts, mut from, mut depth) = (Vec::new(), inside.start, 0_i32);
    for place in inside.clone() {
        match bytes[place] {
            b'{' | b'[' | b'(' | b'<' => depth += 1,
            // The head of an arrow closes nothing.
            b'>' if place > 0 && matches!(bytes[place - 1], b'-' | b'=') => {}
            b'}' | b']' | b')' | b'>' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(from..place);
                from = place + 1;
            }
            _ => {}
        }
    }
    parts.push(from..inside.end);
    parts
}

fn field(lexed: &Lexed, part: Range<usize>) -> Option<Field> {
    let code = lexed.code.as_str();
    let (mut at, mut flattened, mut renamed) = (begins(code, &part), false, None);
    while code[at..part.end].starts_with("#[") {
        let end = closing(code, at + 1);
        let of_name = |c: char| c.is_alphanumeric() || c == '_';
        let words: Vec<&str> = code[at..end].split(|c: char| !of_name(c)).collect();
        if words.contains(&"serde") {
            if words.contains(&"skip") || words.contains(&"skip_serializing") {
                return None;
            }
            flattened |= words.contains(&"flatten");
            let rename = code[at..end].find("rename").map(|place| at + place);
            let text = rename
                .and_then(|place| lexed.literals.iter().find(|one| one.start > place && one.start < end));
            renamed = text.map(|one| one.value.clone()).or(renamed);
        }
        at = begins(code, &(end + 1..part.end));
    }
    let line = lexed.line(at);
    let (name, of) = visible(&code[at..part.end]).split_once(':')?;
    let name = renamed.unwrap_or_else(|| name.trim().trim_start_matches("r#").to_owned());
    Some(Field { name, line, takes_in: flattened.then(|| bare(of)) })
}

/// Where something stands first.
fn begins(code: &str, part: &Range<usize>) -> usize {
    let text = &code[part.clone()];
    part.end - text.trim_start().len()
}

/// A field without `pub` and to whom.
fn visible(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("pub").filter(|rest| rest.starts_with([' ', '('])) else {
        return text;
    };
    let rest = rest.trim_start();
    if rest.starts_with('(') { rest.split_once(')').map_or(rest, |(_, behind)| behind) } else { rest }
}

/// The name of a type without its path, what it is borrowed for, what is around it and what it is made of.
fn bare(of: &str) -> String {
    let of = of.trim();
    if let Some(borrowed) = of.strip_prefix('&') {
        let behind = borrowed.strip_prefix('\'').and_then(|life| life.split_once(' '));
        return bare(behind.map_or(borrowed, |(_, behind)| behind));
    }
    if let Some(inner) = AROUND.iter().find_map(|around| of.strip_prefix(around)) {
        return bare(inner.strip_suffix('>').unwrap_or(inner));
    }
    let own = of.split('<').next().unwrap_or_default();
    own.rsplit("::").next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REVIEW: &str =
        "pub struct ReviewView {\n    pub version: i64,\n    pub history: Vec<(String, String)>,\n}\n";

    fn found(files: &[(&str, &str)]) -> Vec<(usize, String)> {
        let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
        clashes(&files).into_iter().map(|one| (one.line, one.what)).collect()
    }

    #[test]
    fn a_field_that_clashes_with_one_taken_in_is_found() {
        let view = "struct ShowView {\n    version: i64,\n    #[serde(flatten)]\n    review: review::ReviewView,\n}\n";
        let found = found(&[("crates/a/review.rs", REVIEW), ("crates/a/show.rs", view)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 4);
        assert!(found[0].1.contains("`version` of `ReviewView`"), "{}", found[0].1);
    }

    #[test]
    fn what_is_taken_in_through_another_and_by_another_name_is_found() {
        let list = "struct Listed<T> {\n    rows: Vec<T>,\n    #[serde(flatten)]\n    around: Option<Around>,\n}\n\
                    struct Around {\n    pager: fn(i64) -> Vec<i64>,\n    sort: i64,\n}\n";
        let view = "struct View<'a> {\n    #[serde(rename = \"sort\")]\n    order: &'a str,\n\
                    #[serde(flatten)]\n    list: &'a Listed<Row<'a, 1>>,\n}\n";
        let found = found(&[("crates/a/list.rs", list), ("crates/a/view.rs", view)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("`sort` of `Listed`"), "{}", found[0].1);
    }

    #[test]
    fn two_that_are_taken_in_clash_and_the_nearest_of_one_name_is_meant() {
        let near = "struct Row { title: String }\n\
                    struct Both {\n    #[serde(flatten)] line: Row,\n    #[serde(flatten)] other: Other,\n}\n\
                    struct Other { title: String }\n";
        let far = "struct Row { version: i64 }\n";
        let found = found(&[("crates/b/line.rs", far), ("crates/a/both.rs", near)]);
        assert_eq!(found.iter().map(|one| one.0).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn what_cannot_be_read_is_told_and_what_does_not_clash_is_not() {
        let view = "struct ShowView {\n    #[serde(skip)]\n    version: i64,\n    #[serde(skip_serializing_if = \"is_none\")]\n\
                    title: String,\n    #[serde(flatten)]\n    pub(crate) review: ReviewView,\n}\n\
                    struct Plain { version: i64, review: ReviewView }\n";
        assert!(found(&[("crates/a/review.rs", REVIEW), ("crates/a/show.rs", view)]).is_empty());
        let unknown = found(&[("crates/a/show.rs", view)]);
        assert!(unknown.len() == 1 && unknown[0].1.contains("no struct of the tree"), "{unknown:?}");
    }
}
