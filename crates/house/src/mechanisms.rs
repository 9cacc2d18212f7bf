//! Inside the application: mechanisms speak through their `mod.rs`, never in a circle, and groups of them see only the
//! groups below.

use std::collections::{BTreeMap, BTreeSet};

use crate::complaint::Complaint;
use crate::rust::lex;
use crate::tree::File;

const APPLICATION: &str = "crates/jiedui/src/";

/// The groups of mechanisms, each with its height: a group sees itself and those that stand lower, so that two of the same
/// height do not see each other. The request line (`jiedui-web`) lies below them all, in a crate of its own.
const HEIGHTS: [(&str, u8); 9] = [
    ("shared", 0),
    ("network", 1),
    ("identity", 2),
    ("evidence", 2),
    ("planning", 3),
    ("standing", 4),
    ("reporting", 5),
    ("sharing", 5),
    ("oversight", 6),
];

/// A path such as `crate::ledger::confirm` in a source file, without the `crate`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Use {
    names: Vec<String>,
    line: usize,
}

impl Use {
    /// What is used, `group::mechanism` or a folder that belongs to no group, and the path inside it.
    fn unit(&self) -> Option<(String, &[String])> {
        match self.names.as_slice() {
            [group, mechanism, rest @ ..] if is_group(group) => Some((format!("{group}::{mechanism}"), rest)),
            [folder, rest @ ..] => Some((folder.clone(), rest)),
            [] => None,
        }
    }
}

/// Reaching into another mechanism's `data`.
pub fn reaching(files: &[File]) -> Vec<Complaint> {
    each_use(files, |home, used, path| {
        let (of, inside) = used.unit()?;
        let reaches = inside.first().is_some_and(|name| name == "data") && Some(of.as_str()) != home;
        reaches.then(|| {
            let what = format!("{of}::data is {of}'s own: call a function of its mod.rs");
            Complaint::new(path, used.line, what)
        })
    })
}

/// A mechanism that uses one of a group above its own, or beside it. Tests are left out, as with circles.
pub fn upward(files: &[File]) -> Vec<Complaint> {
    each_use(files, |home, used, path| {
        if is_test(path) {
            return None;
        }
        let (from, to) = (group(home?)?, used.names.first()?);
        let (_, mine) = HEIGHTS.iter().find(|(name, _)| *name == from)?;
        let (_, theirs) = HEIGHTS.iter().find(|(name, _)| name == to)?;
        let wrong = from != to && mine <= theirs;
        wrong.then(|| Complaint::new(path, used.line, format!("{from} must not see {to}")))
    })
}

/// The group of a unit such as `evidence::ledger`.
fn group(unit: &str) -> Option<&str> {
    unit.split_once("::").map(|(group, _)| group)
}

pub(crate) fn is_group(name: &str) -> bool {
    HEIGHTS.iter().any(|(group, _)| *group == name)
}

/// Mechanisms that use each other in a circle. Tests are left out: a story told in a test crosses mechanisms.
pub fn circles(files: &[File]) -> Vec<Complaint> {
    let graph = graph(files);
    each_circle(&graph).map(|what| Complaint::new(APPLICATION, 0, what)).collect()
}

/// Each circle once, as its way.
fn each_circle(graph: &Graph) -> impl Iterator<Item = String> + use<> {
    let mut found: BTreeMap<BTreeSet<String>, String> = BTreeMap::new();
    for way in graph.keys().filter_map(|start| way_back(graph, start)) {
        found
            .entry(way.iter().cloned().collect())
            .or_insert_with(|| format!("a circle: {}", way.join(" → ")));
    }
    found.into_values()
}

/// The names that a file or folder of a mechanism may have; each means the same everywhere (docs/adding-a-mechanism.md).
const ROOMS: [&str; 11] =
    ["mod", "rules", "data", "actions", "pages", "workbook", "papers", "api", "tasks", "found", "tests"];

/// A file of a mechanism whose name says nothing to a stranger.
pub fn rooms(files: &[File]) -> Vec<Complaint> {
    let strange =
        sources(files).filter(|(_, inside)| room_of(inside).is_some_and(|room| !ROOMS.contains(&room)));
    let what = format!("a file of a mechanism is one of {}, or in a folder of that name", ROOMS.join(", "));
    strange.map(|(file, _)| Complaint::new(&file.path, 0, what.clone())).collect()
}

/// Rooms of a mechanism that use each other in a circle. Its `mod.rs`, the front door, is not one of them.
pub fn circles_of_rooms(files: &[File]) -> Vec<Complaint> {
    let mut graphs: BTreeMap<String, Graph> = BTreeMap::new();
    for (file, inside) in sources(files) {
        let (Some(home), Some(room)) = (unit_of(inside), room_of(inside)) else { continue };
        if room == "mod" || is_test(inside) {
            continue;
        }
        let beside = uses(&file.text, inside).into_iter().filter_map(|used| {
            let (of, rest) = used.unit()?;
            let other = rest.first().filter(|other| of == home && *other != room)?;
            (ROOMS.contains(&other.as_str()) && other != "mod").then(|| other.clone())
        });
        graphs.entry(home.clone()).or_default().entry(room.to_owned()).or_default().extend(beside);
    }
    graphs
        .iter()
        .flat_map(|(home, graph)| {
            let folder = format!("{APPLICATION}{}", home.replace("::", "/"));
            each_circle(graph).map(move |what| Complaint::new(&folder, 0, what))
        })
        .collect()
}

/// Files of one room that use each other in a circle: what both need belongs into a file below them. The `mod.rs` of a
/// folder is not one of them.
pub fn circles_of_files(files: &[File]) -> Vec<Complaint> {
    let modules: BTreeMap<Vec<String>, &str> = sources(files)
        .filter(|(_, inside)| !is_test(inside) && room_of(inside).is_some() && !inside.ends_with("/mod.rs"))
        .map(|(_, inside)| (inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect(), inside))
        .collect();
    let mut graphs: BTreeMap<&str, Graph> = BTreeMap::new();
    for (file, inside) in sources(files) {
        let Some(room) = folder_of_room(inside).filter(|_| modules.values().any(|one| *one == inside)) else {
            continue;
        };
        let beside = uses(&file.text, inside).into_iter().filter_map(|used| {
            let at = (1..=used.names.len()).rev().find_map(|end| modules.get(&used.names[..end]))?;
            (*at != inside && folder_of_room(at) == Some(room)).then(|| (*at).to_owned())
        });
        graphs.entry(room).or_default().entry(inside.to_owned()).or_default().extend(beside);
    }
    graphs
        .iter()
        .flat_map(|(room, graph)| {
            each_circle(graph).map(move |what| Complaint::new(&format!("{APPLICATION}{room}"), 0, what))
        })
        .collect()
}

/// The folder of a room that has one: `evidence/ledger/pages`.
fn folder_of_room(inside: &str) -> Option<&str> {
    let room = room_of(inside)?;
    let end = inside.find(&format!("/{room}/"))? + 1 + room.len();
    inside.get(..end)
}

/// The first name below a mechanism: of a file, or of the folder in which it lies.
fn room_of(inside: &str) -> Option<&str> {
    match inside.split('/').collect::<Vec<_>>().as_slice() {
        [group, _, room, ..] if is_group(group) && *group != "shared" => Some(room.trim_end_matches(".rs")),
        _ => None,
    }
}

type Graph = BTreeMap<String, BTreeSet<String>>;

fn graph(files: &[File]) -> Graph {
    let mechanisms = mechanisms(files);
    let mut graph = Graph::new();
    for (file, inside) in sources(files) {
        let Some(home) = unit_of(inside) else { continue };
        if is_test(inside) {
            continue;
        }
        let used: Vec<String> =
            uses(&file.text, inside).iter().filter_map(|used| Some(used.unit()?.0)).collect();
        let others = used.into_iter().filter(|name| *name != home && mechanisms.contains(name));
        graph.entry(home.clone()).or_default().extend(others);
    }
    graph
}

/// The shortest way from a mechanism back to itself.
fn way_back(graph: &Graph, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| graph.get(last)).into_iter().flatten() {
                let further: Vec<String> = way.iter().cloned().chain([next.clone()]).collect();
                if next == start {
                    return Some(further);
                }
                if seen.insert(next.clone()) {
                    longer.push(further);
                }
            }
        }
        ways = longer;
    }
    None
}

/// Rust files of the application, with their path below its `src`.
fn sources(files: &[File]) -> impl Iterator<Item = (&File, &str)> {
    let rust = files.iter().filter(|file| file.extension() == "rs");
    rust.filter_map(|file| Some((file, file.path.strip_prefix(APPLICATION)?)))
}

/// The mechanism in which a file lies, as `group::mechanism`, or the folder that belongs to no group.
fn unit_of(inside: &str) -> Option<String> {
    let parts: Vec<&str> = inside.split('/').collect();
    match parts.as_slice() {
        [group, mechanism, _, ..] if is_group(group) => Some(format!("{group}::{mechanism}")),
        [group, _] if is_group(group) => None,
        [folder, _, ..] => Some((*folder).to_owned()),
        _ => None,
    }
}

fn is_test(inside: &str) -> bool {
    inside.ends_with("/tests.rs") || inside.contains("/tests/")
}

fn mechanisms(files: &[File]) -> BTreeSet<String> {
    sources(files).filter_map(|(_, inside)| unit_of(inside)).collect()
}

fn each_use(
    files: &[File],
    complain: impl Fn(Option<&str>, &Use, &str) -> Option<Complaint>,
) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (file, inside) in sources(files) {
        let home = unit_of(inside);
        complaints.extend(
            uses(&file.text, inside).iter().filter_map(|used| complain(home.as_deref(), used, &file.path)),
        );
    }
    complaints
}

/// All paths in a file that begin at the root of the crate, in `use` lines and elsewhere, written with `crate::` or
/// with `super::`.
fn uses(text: &str, inside: &str) -> Vec<Use> {
    let lexed = lex(text);
    let mut found = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in lexed.code.match_indices(root) {
            // Not `$crate::`, not the second `super` of a chain, not the end of a longer name.
            if lexed.code[..at].ends_with(|c: char| c.is_alphanumeric() || "_$:".contains(c)) {
                continue;
            }
            let mut prefix = Vec::new();
            let mut rest = &lexed.code[at + root.len()..];
            if root == "super::" {
                prefix = module_of(inside);
                prefix.pop();
                while let Some(more) = rest.strip_prefix("super::") {
                    prefix.pop();
                    rest = more;
                }
            }
            let mut paths = Vec::new();
            tree(rest, &prefix, &mut paths);
            let line = lexed.line(at);
            found.extend(paths.into_iter().map(|names| Use { names, line }));
        }
    }
    found
}

/// The module that a file is, as names from the root of the crate.
fn module_of(inside: &str) -> Vec<String> {
    let mut names: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if names.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        names.pop();
    }
    names
}

/// Reads what stands behind `crate::`: a path, or a tree of them in braces. Returns what is left.
fn tree<'a>(rest: &'a str, prefix: &[String], paths: &mut Vec<Vec<String>>) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut inner) = rest.strip_prefix('{') {
        loop {
            inner = tree(inner, prefix, paths).trim_start();
            match inner.strip_prefix(',') {
                Some(more) => inner = more,
                None => return inner.strip_prefix('}').unwrap_or(inner),
            }
        }
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '*')).unwrap_or(rest.len());
    let mut names = prefix.to_vec();
    if end > 0 {
        names.push(rest[..end].to_owned());
    }
    let mut after = &rest[end..];
    if let Some(more) = after.trim_start().strip_prefix("::") {
        return tree(more, &names, paths);
    }
    if let Some(renamed) = after.trim_start().strip_prefix("as ") {
        let renamed = renamed.trim_start();
        after = renamed.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    }
    paths.push(names);
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(inside: &str, text: &str) -> File {
        File::new(&format!("{APPLICATION}{inside}"), text)
    }

    #[test]
    fn all_ways_of_naming_a_path_are_read() {
        let text = "use crate::{a::b, c::{self, d as e}, f};\nlet x = crate::g::h(); // crate::no\n\
                    use super::super::k::data; let y = $crate::z; pub(crate) fn q() {}";
        let names: Vec<String> = uses(text, "m/rules.rs").iter().map(|used| used.names.join("::")).collect();
        assert_eq!(names, ["a::b", "c::self", "c::d", "f", "g::h", "k::data"]);
    }

    #[test]
    fn reaching_into_the_data_of_others_is_found() {
        let files = [
            file(
                "evidence/ledger/mod.rs",
                "use crate::network::registry::{data::School, name};\nuse crate::evidence::ledger::data;\n\
                 use super::super::network::registry::data as theirs;\nuse super::outputs::data;",
            ),
            file("evidence/ledger/tests.rs", "use crate::demo::data;\nuse super::data;"),
            file("network/registry/mod.rs", ""),
        ];
        let lines: Vec<_> = reaching(&files).into_iter().map(|c| (c.path, c.line)).collect();
        let ledger = |name: &str, line| (format!("{APPLICATION}evidence/ledger/{name}"), line);
        let expected = [ledger("mod.rs", 1), ledger("mod.rs", 3), ledger("mod.rs", 4), ledger("tests.rs", 1)];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_circle_is_found_once_and_tests_are_left_out() {
        let files = [
            file("evidence/a/mod.rs", "use crate::evidence::b::x;"),
            file("evidence/b/pages.rs", "fn f() { crate::planning::c::y() }"),
            file("planning/c/rules.rs", "use super::super::super::evidence::a;"),
            file("d/mod.rs", "use crate::evidence::a; use crate::settings;"),
            file("evidence/a/tests.rs", "use crate::d;"),
            file("settings.rs", "use crate::d;"),
        ];
        let found: Vec<_> = circles(&files).into_iter().map(|c| c.what).collect();
        assert_eq!(found, ["a circle: evidence::a → evidence::b → planning::c → evidence::a"]);
    }

    #[test]
    fn rooms_have_the_names_of_the_house_and_form_no_circle() {
        let files = [
            file("planning/a/mod.rs", "use pages::x; use rules::y;"),
            file("planning/a/pages/list.rs", "use super::super::rules::y;"),
            file("planning/a/rules.rs", "use super::data::R;"),
            file("planning/a/data.rs", "use crate::planning::a::pages::list;"),
            file("planning/a/tests.rs", "use super::pages::x;"),
            file("planning/b/helpers.rs", ""),
            file("shared/choices/anything.rs", ""),
        ];
        let paths = |found: Vec<Complaint>| found.into_iter().map(|c| c.path).collect::<Vec<_>>();
        assert_eq!(paths(rooms(&files)), [format!("{APPLICATION}planning/b/helpers.rs")]);
        let found = circles_of_rooms(&files);
        assert_eq!(found.len(), 1);
        assert!(found[0].what.contains("data → pages → rules → data"), "{}", found[0].what);
    }

    #[test]
    fn files_of_a_room_that_use_each_other_are_found() {
        let files = [
            file("planning/a/pages/mod.rs", "pub mod list;\npub mod show;\nuse list::x;"),
            file("planning/a/pages/list.rs", "use super::show::page;\nuse super::x;"),
            file("planning/a/pages/show.rs", "use super::views::line;\nuse crate::planning::a::pages::list;"),
            file("planning/a/pages/views.rs", "use super::super::rules;"),
            file("planning/a/rules.rs", "use super::pages::list;"),
            file("planning/a/pages/tests.rs", "use super::list;\nuse super::views;"),
        ];
        let found = circles_of_files(&files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].what.contains("list.rs → planning/a/pages/show.rs"), "{}", found[0].what);
    }

    #[test]
    fn a_group_sees_what_stands_lower_and_nothing_else() {
        let files = [
            file("evidence/ledger/mod.rs", "use crate::network::registry;\nuse super::outputs;"),
            file("network/registry/mod.rs", "use crate::evidence::ledger;"),
            file("identity/admin/mod.rs", "\nuse crate::evidence::ledger;\nuse crate::demo;"),
            file("oversight/clauses/mod.rs", "use crate::standing::duties; use crate::shared::x;"),
            file("site.rs", "use crate::oversight::clauses;"),
        ];
        let found: Vec<_> = upward(&files).into_iter().map(|c| (c.line, c.what)).collect();
        let expected = [(1, "network must not see evidence"), (2, "identity must not see evidence")];
        assert_eq!(found, expected.map(|(line, what)| (line, what.to_owned())));
    }
}
