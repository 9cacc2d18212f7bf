//! No statement that a page asks reads a table that grows for years from end to end.

use super::tables::statements;
use crate::both_engines;
use crate::mechanisms::ALL;
use jiedui_store::Statement;
use jiedui_store::testing::plans::read_whole;
use std::collections::BTreeSet;

/// Tables that get rows with every piece of work, as their owners say.
fn marked() -> Vec<&'static str> {
    ALL.iter().flat_map(|one| one.tables).filter(|table| table.grows).map(|table| table.name).collect()
}

/// Statements that are meant to read all, by the end of their file's folder and their name, each with its reason.
const WHOLE: [(&str, &str, &str); 21] = [
    ("shared/contributions/data.rs", "ALL", "jiedui indicators verify and rebuild"),
    ("shared/contributions/data.rs", "ALL_NAMED", "jiedui indicators verify and rebuild"),
    ("shared/contributions/data.rs", "JOURNAL", "jiedui indicators verify and rebuild"),
    ("shared/contributions/data.rs", "PAIRINGS", "jiedui indicators verify and rebuild"),
    ("shared/contributions/data.rs", "YEARS_OFF", "the comparison of sums at the start, and by command"),
    ("shared/contributions/data.rs", "MONTHS_OFF", "the comparison of sums at the start, and by command"),
    ("shared/contributions/data.rs", "REPORTED_OFF", "the comparison of sums at the start, and by command"),
    ("ledger/actions/copies/data.rs", "COUNT", "jiedui demo --entries"),
    ("ledger/actions/copies/data.rs", "ENTRIES", "jiedui demo --entries"),
    ("ledger/actions/copies/data.rs", "HELPERS", "jiedui demo --entries"),
    ("ledger/actions/copies/data.rs", "PEOPLE", "jiedui demo --entries"),
    ("ledger/actions/copies/data.rs", "PARTS", "jiedui demo --entries"),
    ("contributions/copies/data.rs", "CHANGES", "jiedui demo --entries"),
    ("web/src/history/data.rs", "WHOLE", "jiedui demo --entries"),
    ("shared/search/data.rs", "TERMS_KEPT", "jiedui search verify"),
    ("store/src/audit/takeover.rs", "FIRST_BOUND", "a start that finds a directory of before"),
    ("sharing/funding/data.rs", "OFF", "the nightly check of the data"),
    ("oversight/invariants/data.rs", "STATES", "the nightly check of the data"),
    ("oversight/invariants/data.rs", "STEPS", "the nightly check of the data"),
    ("oversight/invariants/data.rs", "STAYS", "the nightly check of the data"),
    ("store/src/audit/check.rs", "BEHIND", "the check of the whole log"),
];

/// What programs read in the order of ids, for whoever sees few organisations, and the names of its rows there: these tables are
/// not marked, and hold the rows of everybody all the same.
const OF_FEW: [(&str, &str, [&str; 2]); 3] = [
    ("network/registry/data/mod.rs", "POSTS_OF_FEW", ["x", "pp"]),
    ("planning/needs/data.rs", "AFTER_OF_FEW", ["x", "n"]),
    ("network/pairings/data.rs", "AFTER_OF_FEW", ["p", "p"]),
];

/// The auditor's search: one page of it, and a number that a page names only when it is asked for.
fn searched(file: &str, name: &str) -> bool {
    file.ends_with("identity/admin/data/mod.rs") && name.starts_with("LEAVES, ")
}

/// The growing tables of a statement, under the names that it gives them.
fn growing(statement: &Statement, marked: &[&'static str]) -> Vec<(String, &'static str)> {
    let words: Vec<&str> = statement
        .text
        .split(|c: char| c.is_whitespace() || "(),".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        if let Some(table) = marked.iter().find(|table| *table == word)
            && matches!(before, "FROM" | "JOIN")
        {
            let next = words.get(at + 1).copied().unwrap_or_default();
            let alias = if next == "AS" { words.get(at + 2).copied().unwrap_or_default() } else { next };
            let named = !alias.is_empty()
                && alias.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            found.push((if named { alias.to_owned() } else { (*table).to_owned() }, *table));
        }
    }
    found
}

both_engines! {
    /// Neither engine, on any values.
    async fn no_page_reads_a_growing_table_whole(world: World) {
        let marked = marked();
        assert!(marked.contains(&"entry") && marked.contains(&"audit_leaf"), "{marked:?}");
        let mut faults = BTreeSet::new();
        let mut asked = 0;
        for statement in statements().filter(|one| one.writes().is_empty()) {
            let growing = growing(statement, &marked);
            if growing.is_empty() {
                continue;
            }
            asked += 1;
            for name in read_whole(&world.app.db, statement).await.unwrap() {
                let (file, own) = (statement.file, statement.name);
                if searched(file, own) || WHOLE.iter().any(|(end, name, _)| file.ends_with(end) && own == *name) {
                    continue;
                }
                for (_, table) in growing.iter().filter(|(alias, _)| *alias == name) {
                    faults.insert(format!("{file} {own} reads {table} whole"));
                }
            }
        }
        assert!(asked > 20, "{asked}");
        assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
    }

    /// A school that reads its own is led to it through whose it is, and walks through the rows of nobody else.
    async fn what_few_read_is_found_by_whose_it_is(world: World) {
        for (file, name, rows) in OF_FEW {
            let asked = statements().find(|one| one.file.ends_with(file) && one.name == name).expect(name);
            let whole = read_whole(&world.app.db, asked).await.unwrap();
            assert!(!rows.iter().any(|row| whole.iter().any(|one| one == row)), "{file} {name}: {whole:?}");
            assert!(!asked.text.contains(".id > $"), "{file} {name} would walk the ids of all");
        }
    }
}
