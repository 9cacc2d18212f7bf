//! The table of mechanisms in ARCHITECTURE.md: one row for each group, and each mechanism in the row of its own. Branches that
//! each change a row leave it there several times.

use std::collections::BTreeMap;

use crate::complaint::Complaint;
use crate::mechanisms::is_group;
use crate::tree::File;

const OVERVIEW: &str = "ARCHITECTURE.md";

/// Groups with more than one row, and mechanisms that the row of their group does not name.
pub fn overview(files: &[File]) -> Vec<Complaint> {
    let text = files.iter().find(|file| file.path == OVERVIEW).map_or("", |file| file.text.as_str());
    let mut rows = BTreeMap::new();
    let mut complaints = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some(group) = group_of(line) else { continue };
        if rows.insert(group, line).is_some() {
            complaints.push(Complaint::new(
                OVERVIEW,
                at + 1,
                format!("a second row of {group}: make one of them"),
            ));
        }
    }
    for (group, name) in files.iter().filter_map(|file| mechanism(&file.path)) {
        if !rows.get(group).is_some_and(|row| row.contains(&format!("`{name}`"))) {
            complaints.push(Complaint::new(OVERVIEW, 0, format!("the row of {group} does not name {name}")));
        }
    }
    complaints
}

/// Whose row a line is.
fn group_of(line: &str) -> Option<&str> {
    let (group, _) = line.strip_prefix("| `")?.split_once("/` |")?;
    is_group(group).then_some(group)
}

/// Group and name of the mechanism whose front door a file is.
fn mechanism(path: &str) -> Option<(&str, &str)> {
    let (group, rest) = path.strip_prefix("crates/jiedui/src/")?.split_once('/')?;
    let name = rest.strip_suffix("/mod.rs")?;
    (is_group(group) && !name.contains('/')).then_some((group, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(table: &str) -> Vec<String> {
        let door = File::new("crates/jiedui/src/planning/needs/mod.rs", "");
        let room = File::new("crates/jiedui/src/planning/needs/pages/mod.rs", "");
        let found = overview(&[File::new(OVERVIEW, table), door, room]);
        found.into_iter().map(|one| one.what).collect()
    }

    #[test]
    fn a_group_has_one_row_that_names_its_mechanisms() {
        assert!(said("| group | mechanisms |\n| `planning/` | `needs` · `matching` |").is_empty());
        assert_eq!(said("| `planning/` | `matching` |"), ["the row of planning does not name needs"]);
        let twice = "| `planning/` | `needs` |\n| `planning/` | `needs` |";
        assert_eq!(said(twice), ["a second row of planning: make one of them"]);
    }
}
