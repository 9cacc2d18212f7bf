//! docs/sentences.md has a generated table: each sentence of the plan, what carries it, where that is seen and tested.

use crate::oversight::clauses::coverage::{carriers, is_built};
use crate::shared::carriers::{Carrier, Kind};
use jiedui_programme::Programme;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const BEGIN: &str =
    "<!-- sentences: made by the test `tests::sentences`; UPDATE_TABLES=1 writes it from scratch -->\n";
const END: &str = "<!-- end of sentences -->\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The carriers of a sentence, kinds in the order in which they were found.
fn by_kind(found: &[Carrier]) -> Vec<(&'static Kind, Vec<&Carrier>)> {
    let mut kinds: Vec<(&'static Kind, Vec<&Carrier>)> = Vec::new();
    for one in found {
        match kinds.iter_mut().find(|(kind, _)| *kind == one.kind) {
            Some((_, list)) => list.push(one),
            None => kinds.push((one.kind, vec![one])),
        }
    }
    kinds
}

fn joined(list: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for one in list.filter(|one| !one.is_empty()) {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen.join("<br>")
}

fn row(programme: &Programme, id: &str, title: &str) -> String {
    let found = carriers(programme, id);
    let files = joined(found.iter().map(|one| one.file.clone()).map(|file| match file.as_str() {
        "" => String::new(),
        file => format!("`{file}`"),
    }));
    let kinds = by_kind(&found);
    let mechanism = joined(kinds.iter().map(|(kind, list)| {
        let ids = list.iter().filter(|one| !one.id.is_empty()).map(|one| format!("`{}`", one.id));
        let ids = ids.collect::<Vec<_>>().join(" ");
        format!("`{}/` {}{}{ids}", kind.folder, kind.word, if ids.is_empty() { "" } else { " " })
    }));
    // One screen of each kind is enough to find the others.
    let screens = joined(kinds.iter().filter_map(|(_, list)| Some(format!("`{}`", list.first()?.href))));
    let tests = joined(kinds.iter().map(|(kind, _)| format!("`{}` {}", kind.test.0, kind.test.1)));
    let word = if is_built(programme, id) { "built" } else { "*not yet*" };
    format!("| {id} | {title} | {files} | {mechanism} | {screens} | {tests} | {word} |\n")
}

fn built(programme: &Programme) -> impl Iterator<Item = &str> {
    programme.clauses.iter().map(|clause| clause.id.as_str()).filter(move |id| is_built(programme, id))
}

fn table(programme: &Programme) -> String {
    let (all, built) = (programme.clauses.len(), built(programme).count());
    let mut text = format!(
        "{all} sentences: {built} built, {} not yet. Files are in `programmes/guangdong-2024/`, folders and tests in \
         `crates/jiedui/src/`.\n\n",
        all - built,
    );
    text.push_str("| id | our title | programme file | mechanism | screen | test | status |\n|---|---|---|---|---|---|---|\n");
    for clause in &programme.clauses {
        let _ = write!(text, "{}", row(programme, &clause.id, &clause.title));
    }
    text
}

/// The table in docs/sentences.md is what the programme and the code say.
#[test]
fn the_table_of_sentences_is_true() {
    let path = root().join("docs/sentences.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("docs/sentences.md has the place for the table");
    let (kept, after) = rest.split_once(END).unwrap();
    let made = table(&crate::testing::programme());
    if std::env::var_os("UPDATE_TABLES").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{made}{END}{after}")).unwrap();
        return;
    }
    assert!(kept == made, "docs/sentences.md: run once with UPDATE_TABLES=1 and read the difference");
}

/// What carries the sentences that took longest: each is held by the mechanism that the plan asks for, beside its figures.
#[test]
fn sentences_of_tilts_systems_and_honours_have_their_mechanism() {
    let programme = crate::testing::programme();
    for (clause, folder) in [
        ("T4.6", "sharing/allocation"),
        ("T4.7", "evidence/service_certificates"),
        ("T5.5", "sharing/resources"),
        ("T5.5", "sharing/exchange"),
        ("T5.6", "sharing/allocation"),
        ("T7.4", "sharing/allocation"),
        ("T11.3", "sharing/exchange"),
        ("T12.1", "sharing/exchange"),
        ("T12.1", "sharing/jobs"),
        ("T12.4", "sharing/allocation"),
        ("S3.3", "sharing/resources"),
        ("S4.3", "sharing/assessment"),
        ("S4.4", "sharing/allocation"),
        ("S4.4", "sharing/commendations"),
    ] {
        let found = carriers(&programme, clause);
        assert!(found.iter().any(|one| one.kind.folder == folder), "{clause}: nothing of {folder}");
    }
    assert_eq!(built(&programme).count(), programme.clauses.len(), "no sentence is left");
}

/// Files that carry a sentence as a whole.
const WHOLE: [&str; 5] =
    ["profile.toml", "funding.toml", "resources.toml", "jobs.toml", "commendations.toml"];

/// Folders and tests that the table names are there, and things of the programme know their file.
#[test]
fn what_the_table_names_is_there() {
    let programme = crate::testing::programme();
    let mut sources: BTreeMap<&str, String> = BTreeMap::new();
    for clause in &programme.clauses {
        for one in carriers(&programme, &clause.id) {
            let Kind { folder, test: (file, name), .. } = one.kind;
            assert!(root().join("crates/jiedui/src").join(folder).is_dir(), "{folder}");
            let text = sources.entry(file).or_insert_with(|| {
                std::fs::read_to_string(root().join("crates/jiedui/src").join(file)).unwrap_or_default()
            });
            assert!(text.contains(&format!("fn {name}(")), "{file} has no test {name}");
            assert_eq!(
                one.id.is_empty(),
                one.file.is_empty() || WHOLE.contains(&one.file.as_str()),
                "{}",
                one.name
            );
            if !one.file.is_empty() {
                assert!(root().join("programmes/guangdong-2024").join(&one.file).is_file(), "{}", one.file);
            }
        }
    }
}
