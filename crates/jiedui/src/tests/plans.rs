//! No statement that a page asks reads a table that grows for years from end to end.

use super::tables::statements;
use crate::both_engines;
use jiedui_store::Statement;
use jiedui_store::testing::plans::read_whole;
use std::collections::BTreeSet;

/// Tables that get rows with every piece of work.
const GROWING: [&str; 12] = [
    "entry",
    "entry_helper",
    "entry_person",
    "entry_part",
    "step",
    "figure_row",
    "figure_change",
    "figure_person",
    "audit_leaf",
    "audit_row",
    "submission",
    "announcement",
];

/// Statements that are meant to read all, each with its reason.
const WHOLE: [(&str, &str); 1] = [("", "")];

/// The growing tables of a statement, under the names that it gives them.
fn growing(statement: &Statement) -> Vec<(String, &'static str)> {
    let words: Vec<&str> = statement
        .text
        .split(|c: char| c.is_whitespace() || "(),".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        if let Some(table) = GROWING.iter().find(|table| *table == word)
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
    async fn no_page_reads_a_growing_table_whole(world: World) {
        let mut faults = BTreeSet::new();
        let mut asked = 0;
        for statement in statements().filter(|one| one.text.trim_start().starts_with("SELECT")) {
            let growing = growing(statement);
            if growing.is_empty() {
                continue;
            }
            asked += 1;
            for name in read_whole(&world.app.db, statement).await.unwrap() {
                for (_, table) in growing.iter().filter(|(alias, _)| *alias == name) {
                    let text = statement.text;
                    let bounded = text.contains(" LIMIT ");
                    let file = statement.file.trim_start_matches("crates/jiedui/src/");
                    faults.insert(format!("{file} {} reads {table} whole{}", statement.name, if bounded { " (LIMIT)" } else { "" }));
                }
            }
        }
        assert!(asked > 20, "{asked}");
        assert!(faults.is_empty(), "{}\n{WHOLE:?}", faults.into_iter().collect::<Vec<_>>().join("\n"));
    }
}
