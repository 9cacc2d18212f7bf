//! Tests that read the whole: every statement, every route with every role, every page of the demonstration.

mod access;
mod bad_input;
mod crawl;
mod statements;
mod thread;
mod walk;

/// The glossary has a row for every sentence of the plan, and none that the programme does not have.
#[test]
fn the_glossary_names_every_sentence() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../GLOSSARY.md");
    let text = std::fs::read_to_string(path).unwrap();
    let id = |line: &str| Some(line.strip_prefix("| ")?.split(" |").next()?.to_owned());
    let looks = |id: &String| {
        let mut signs = id.chars();
        matches!(signs.next(), Some('G' | 'T' | 'S'))
            && id.contains('.')
            && signs.all(|c| c.is_ascii_digit() || c == '.')
    };
    let named: Vec<String> = text.lines().filter_map(id).filter(looks).collect();
    let wanted: Vec<String> =
        crate::testing::programme().clauses.into_iter().map(|clause| clause.id).collect();
    assert_eq!(named, wanted);
}
