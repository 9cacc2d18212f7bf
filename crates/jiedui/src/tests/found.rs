//! Writes on scoped tables hang on a row that was found in the caller's scope
//! (docs/decisions/0017-found-before-written.md).

use super::statements::scoped_writes;
use super::tables::statements;
use jiedui_store::{Kind, Statement};
use std::collections::BTreeSet;

/// New rows, by the file and the name of their statement. Their parent, or the right to make them, is asked by the action.
const NEW_ROWS: [(&str, &[&str]); 37] = [
    ("evidence/ledger/actions/copies", &["ADD_ENTRIES", "ADD_HELPERS", "ADD_PEOPLE", "ADD_PARTS"]),
    ("shared/contributions/copies", &["ADD_ROWS", "ADD_CHANGES", "ADD_NAMED"]),
    ("evidence/ledger", &["INSERT", "INSERT_HELPER", "INSERT_PERSON"]),
    ("evidence/majors", &["INSERT_OFFER", "INSERT_DEMAND"]),
    ("evidence/outputs", &["INSERT", "INSERT_HELPER", "INSERT_STAGE"]),
    ("evidence/profiles", &["INSERT"]),
    ("evidence/service_certificates", &["INSERT"]),
    ("evidence/spot_checks", &["INSERT"]),
    ("network/agreements", &["INSERT"]),
    ("network/chains", &["INSERT", "INSERT_USE"]),
    ("network/enterprises", &["INSERT", "INSERT_USE"]),
    ("network/pairings", &["INSERT", "INSERT_PARTY"]),
    (
        "network/registry",
        &["INSERT", "INSERT_FLAG", "INSERT_LINEAGE", "INSERT_MERGE", "INSERT_PERSON", "INSERT_POST"],
    ),
    ("oversight/complaints", &["INSERT", "SAY"]),
    ("planning/calendar", &["INSERT"]),
    ("planning/handovers", &["INSERT"]),
    ("planning/matching", &["INSERT_ASSIGNED", "INSERT_EFFECT", "INSERT_PROPOSAL"]),
    ("planning/needs", &["INSERT", "INSERT_CAPACITY"]),
    ("planning/projects", &["INSERT_LIST", "INSERT_PROJECT", "OPEN_LIST"]),
    ("planning/school_plans", &["INSERT"]),
    ("reporting/followups", &["INSERT"]),
    ("reporting/meetings", &["INSERT"]),
    ("reporting/monthly", &["INSERT"]),
    ("reporting/questions", &["INSERT"]),
    ("reporting/years", &["INSERT"]),
    ("shared/attachments", &["INSERT"]),
    ("shared/search", &["ADD_TERMS"]),
    ("sharing/allocation", &["INSERT"]),
    ("sharing/assessment", &["INSERT"]),
    ("sharing/commendations", &["INSERT"]),
    ("sharing/exchange", &["INSERT"]),
    ("sharing/funding", &["INSERT"]),
    ("sharing/jobs", &["INSERT", "INSERT_COHORT", "ADD_CELLS"]),
    ("sharing/resources", &["INSERT", "ADD_TERMS"]),
    ("standing/applications", &["INSERT"]),
    ("standing/remarks", &["INSERT"]),
    ("web/src/history", &["INSERT", "STEPS"]),
];

/// Changes of rows that nobody looked for, each with its reason in the declaration: the import by the office that sees
/// everything and the way back from it, locks that change nothing, and what is computed from facts.
const OTHER_CHANGES: [(&str, &[&str]); 11] = [
    ("evidence/ledger", &["HOLD"]),
    ("network/chains", &["CLEAR_USES"]),
    ("network/enterprises", &["CLEAR_USES"]),
    ("network/pairings", &["UPDATE", "LOCK"]),
    (
        "network/registry",
        &[
            "DROP_PERSON",
            "END_FLAG",
            "UPDATE_POST",
            "RELOCATE",
            "UPDATE_SCHOOL",
            "LOCK",
            "LOCK_ALL",
            "LOCK_PERSON",
        ],
    ),
    ("planning/projects", &["HAND_ON", "PUT_REST_IN_FORCE"]),
    (
        "shared/contributions",
        &["PUT", "DROP", "NOTE", "ADD_NAMED", "DROP_NAMED", "ADD_YEAR", "ADD_MONTH", "ADD_REPORTED"],
    ),
    ("shared/search", &["PUT", "DROP_THING", "DROP_TERM", "CLEAR_TERMS", "CLEAR_THINGS"]),
    ("sharing/funding", &["ADD", "ADD_USE", "ADD_CUT"]),
    ("standing/obligations", &["TAKE_WORK", "KEEP_WORK"]),
    ("web/src/history", &["FORGET"]),
];

/// The folder of a mechanism, or of the line that requests walk, as statements name it.
fn folder_of(file: &str) -> &str {
    let folder = file.split("/data.rs").next().and_then(|rest| rest.split("/data/").next()).unwrap_or(file);
    folder.strip_prefix("crates/jiedui/src/").or_else(|| folder.strip_prefix("crates/")).unwrap_or(folder)
}

/// One insertion of some rows or of many is the same as of one.
fn plain(name: &'static str) -> &'static str {
    name.split(", ").next().unwrap_or(name)
}

fn declared() -> BTreeSet<(String, &'static str)> {
    let all = NEW_ROWS
        .iter()
        .chain(&OTHER_CHANGES)
        .flat_map(|(folder, names)| names.iter().map(move |name| ((*folder).to_owned(), *name)));
    all.collect()
}

/// What is wrong with a write on a scoped table: nothing, where its `$1` is the id of a found row.
fn fault(statement: &Statement) -> Option<String> {
    let place = format!("{} in {}", statement.name, statement.file);
    if statement.kind != Kind::OnFound {
        return Some(format!("{place} writes on a row that nobody found: declare it `on` its row"));
    }
    let insert = statement.text.trim_start().starts_with("INSERT");
    let bound = if insert {
        statement.text.contains("($1,")
    } else {
        statement.text.split_once(" WHERE ").is_some_and(|(_, which)| which.contains(" = $1"))
    };
    (!bound).then(|| format!("{place} does not take the id of its row as $1"))
}

#[test]
fn a_write_on_a_scoped_table_hangs_on_a_found_row() {
    let declared = declared();
    let mut met = BTreeSet::new();
    let mut faults = Vec::new();
    for statement in statements().filter(|statement| !scoped_writes(statement).is_empty()) {
        let key = (folder_of(statement.file).to_owned(), plain(statement.name));
        if declared.contains(&key) {
            met.insert(key);
        } else {
            faults.extend(fault(statement));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(met, declared, "a way in that nobody uses any more is taken off the list");
}

#[test]
fn new_rows_are_made_and_nothing_else() {
    for statement in statements().filter(|statement| !scoped_writes(statement).is_empty()) {
        let new = NEW_ROWS.iter().any(|(folder, names)| {
            folder_of(statement.file) == *folder && names.contains(&plain(statement.name))
        });
        assert!(
            !new || statement.text.trim_start().starts_with("INSERT"),
            "{} changes a row",
            statement.name
        );
    }
}

#[test]
fn a_write_past_the_rule_is_seen() {
    let right = statements().find(|one| one.name == "SET_RANK").unwrap();
    let changed = |kind, text| Statement { kind, text, ..*right };
    let (every_row, _) = right.text.split_once(" WHERE ").unwrap();
    assert!(fault(&changed(Kind::Unscoped("after the need was found in scope"), right.text)).is_some());
    assert!(fault(&changed(Kind::Free, right.text)).is_some());
    assert!(fault(&changed(Kind::OnFound, every_row)).is_some());
    assert!(fault(right).is_none());
}
