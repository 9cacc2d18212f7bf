//! A small programme with something of every kind, and what is asked of the crate with it: what may not be said, what is
//! registered, what changes.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod burden;
#[path = "../common/mod.rs"]
mod common;
mod dated;
mod diff;
mod refusals;
mod register;

use jiedui_programme::{Problem, Programme, load};
use std::collections::BTreeMap;

const TASKS: &str = "tasks/kinds.toml";
const STANDARDS: &str = "standards/kinds.toml";
const PROFILE: &str = "profile.toml";
const TARGETS: &str = "targets.toml";
const FORMS: &str = "forms.toml";
const KNOWN: &str = "known.toml";

/// A small programme with something of every kind, which does not change with the content of the plan: its frame is
/// that of the tree.
fn small() -> BTreeMap<String, String> {
    let mut files = common::files();
    files.retain(|file, _| {
        // What counts by the content of the plan goes with it, and nothing here could be assessed by.
        let content = [
            "tasks/",
            "safeguards/",
            "standards/",
            "funding.toml",
            "assessments.toml",
            "jobs.toml",
            "exchange.toml",
            "commendations.toml",
            "resources.toml",
        ];
        !content.iter().any(|folder| file.starts_with(folder))
    });
    for (file, text) in [
        ("targets.toml", include_str!("../fixtures/kinds/targets.toml")),
        ("profile.toml", include_str!("../fixtures/kinds/profile.toml")),
        ("tasks/kinds.toml", include_str!("../fixtures/kinds/tasks.toml")),
        ("standards/kinds.toml", include_str!("../fixtures/kinds/standards.toml")),
    ] {
        files.insert(file.to_owned(), text.to_owned());
    }
    // Its rules of division go by an element that is here, and leave room for a longer notice.
    let divided = files.get_mut("allocations.toml").unwrap();
    *divided = divided
        .replace("teachers_full_time", "teachers")
        .replace("graduates-certified", "rooms")
        .replace("appeal_workdays = 5", "appeal_workdays = 10");
    // What takes up its shares is counted elsewhere.
    *divided = divided
        .lines()
        .filter(|line| !line.starts_with("taken_up"))
        .map(|line| format!("{line}\n"))
        .collect();
    // The sentences are those of the plan, and the few things here carry few of them: a form is named for the rest.
    let clauses = files.get_mut("clauses.toml").unwrap();
    let named = clauses.lines().map(|line| match line.split_once("mechanism = ") {
        Some((before, _)) => format!("{before}mechanism = \"三方协议登记\" }},\n"),
        None => format!("{line}\n"),
    });
    *clauses = named.collect();
    // So are the elements that are known already, but for those of forms that are here; the small ones have one of
    // their own.
    let known = "[[known]]\nid = \"room.use\"\nname = \"教室用途\"\nwords = [\"作何用途\"]\nheld = \"room\"\n\n\
                 [[known]]\nid = \"school.students\"\nname = \"在校学生\"\nwords = [\"在校生\", \"学生\"]\n\
                 unit = \"persons\"\nheld = \"profile\"\nprofile = \"students\"\n";
    let of_forms = |paragraph: &&str| {
        let held = paragraph.lines().find_map(|line| line.strip_prefix("held = "));
        held.is_some_and(|id| files[FORMS].contains(&format!("id = {id}\n")))
    };
    let theirs: Vec<&str> = files[KNOWN].split("\n\n").filter(of_forms).collect();
    let known = format!("{known}\n{}\n", theirs.join("\n\n"));
    files.insert(KNOWN.to_owned(), known);
    files
}

fn programme() -> Programme {
    load(&small()).unwrap()
}

/// The problems after replacing the first `old` of the file, and the text they are found in.
#[track_caller]
fn after(file: &str, old: &str, new: &str) -> (Vec<Problem>, String) {
    let mut files = small();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{file} does not contain {old}");
    *text = text.replacen(old, new, 1);
    let text = text.clone();
    (load(&files).err().unwrap_or_default(), text)
}

/// Asserts that one of the problems says `message` with the caret under `caret`, and gives it back.
#[track_caller]
fn refuses(file: &str, old: &str, new: &str, caret: &str, message: &str) -> Problem {
    let (problems, text) = after(file, old, new);
    let found = problems.iter().find(|problem| {
        problem.file == file && problem.message.contains(message) && &text[problem.span.clone()] == caret
    });
    let found = found.unwrap_or_else(|| panic!("{old} → {new}: {problems:?}"));
    assert!(!found.help.is_empty());
    found.clone()
}

#[track_caller]
fn accepts(file: &str, old: &str, new: &str) {
    let (problems, _) = after(file, old, new);
    assert!(problems.is_empty(), "{old} → {new}: {problems:?}");
}
