//! Whose each table is, and who reads it: committed as `docs/tables.md`, so that a mechanism that begins to read another's
//! table is a difference that a reader sees. Writing another's is an error.

use crate::mechanisms::ALL;
use crate::shared::mechanism::Mechanism;
use crate::testing::FOREIGN_WRITE;
use crate::testing::compare;
use jiedui_store::{Statement, all_statements};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The mechanism in whose folder a file lies: the deepest folder decides.
fn home(file: &str) -> &'static Mechanism {
    let within = |one: &&&Mechanism| {
        file.strip_prefix(one.folder).is_some_and(|rest| rest.starts_with('/')) && !one.folder.is_empty()
    };
    let found = ALL.iter().filter(within).max_by_key(|one| one.folder.len());
    found.unwrap_or_else(|| panic!("{file} lies in no mechanism"))
}

/// Statements of the program; what tests arrange for themselves is left out.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    all_statements().filter(|statement| {
        !statement.file.contains("/testing/")
            && !statement.file.contains("/tests/")
            && !statement.file.ends_with("/tests.rs")
    })
}

fn owners() -> BTreeMap<&'static str, &'static Mechanism> {
    let mut owners = BTreeMap::new();
    for &one in ALL {
        for table in one.tables {
            let before: Option<&Mechanism> = owners.insert(table.name, one);
            assert!(before.is_none(), "{} is claimed by two", table.name);
        }
    }
    owners
}

/// The tables that the migrations make.
fn made() -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut tables = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines() {
            let words: Vec<&str> = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => drop(tables.insert((*name).to_owned())),
                ["DROP", "TABLE", name, ..] => assert!(tables.remove(*name), "{name} was not there"),
                ["ALTER", "TABLE", name, "RENAME", "TO", new, ..] => {
                    assert!(tables.remove(*name), "{name} was not there");
                    tables.insert((*new).to_owned());
                }
                _ => {}
            }
        }
    }
    tables
}

/// Writes of a table by somebody else than its owner.
fn breaches(
    owners: &BTreeMap<&'static str, &'static Mechanism>,
    statements: impl Iterator<Item = &'static Statement>,
) -> Vec<String> {
    let mut found = Vec::new();
    for statement in statements {
        let writer = home(statement.file).name();
        for table in statement.writes() {
            let owner = owners.get(table).map_or_else(|| "nobody".to_owned(), |owner| owner.name());
            if owner != writer {
                found.push(format!(
                    "{} in {} writes {table}, which is {owner}'s",
                    statement.name, statement.file
                ));
            }
        }
    }
    found
}

#[test]
fn every_table_has_one_owner_and_nobody_else_writes_it() {
    let owners = owners();
    let owned: BTreeSet<String> = owners.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(owned, made(), "tables of the manifests, and of the migrations");
    assert_eq!(
        breaches(&owners, statements()),
        Vec::<String>::new(),
        "call a function of the owner's mod.rs"
    );
}

#[test]
fn a_write_of_a_table_of_others_is_found() {
    let expected =
        "FOREIGN_WRITE in crates/jiedui/src/planning/needs/data.rs writes org, which is network/registry's";
    assert_eq!(breaches(&owners(), std::iter::once(&FOREIGN_WRITE)), [expected]);
}

#[test]
fn the_list_of_tables_is_true() {
    let owners = owners();
    let mut readers: BTreeMap<&str, BTreeMap<String, BTreeSet<&str>>> = BTreeMap::new();
    for statement in statements() {
        let reader = home(statement.file).name();
        for table in statement.reads() {
            let Some(owner) = owners.get(table) else { continue };
            if owner.name() != reader {
                readers.entry(table).or_default().entry(reader.clone()).or_default().insert(statement.name);
            }
        }
    }
    let mut text = String::from(
        "# Tables: whose they are, and who else reads them\n\n\
         Made by the test `tests::tables` from the statements and the manifests of the mechanisms; the test fails where this \
         file and the program differ (`UPDATE_TABLES=1` rewrites it). Only the owner writes a table. Whoever else reads \
         it is listed with its statements: a new line there is a new dependency between two mechanisms. Rows of a scoped \
         table are bounded by what is visible to the caller.\n",
    );
    for one in ALL.iter().filter(|one| !one.tables.is_empty()) {
        let _ = write!(text, "\n## {}\n\n| table | scoped | read by |\n|---|---|---|\n", one.name());
        for table in one.tables {
            let reads = readers.get(table.name).into_iter().flatten();
            let reads = reads.map(|(reader, names)| {
                format!("`{reader}` ({})", names.iter().copied().collect::<Vec<_>>().join(", "))
            });
            let reads = reads.collect::<Vec<_>>().join("<br>");
            let scoped = if table.scoped { "yes" } else { "no" };
            let _ = writeln!(text, "| `{}` | {scoped} | {reads} |", table.name);
        }
    }
    compare("docs/tables.md", &text);
}
