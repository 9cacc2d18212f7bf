//! A part is not more than its whole: both programmes say so wherever a number is part of another, and the checker asks for it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Problem, Programme, Strength, load};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| load(&common::files()).unwrap());

const CONDITIONS: &str = "tasks/01-conditions.toml";
const SOCIAL: &str = "tasks/09-social-training.toml";

/// What the programme says is broken among these numbers of an output.
fn broken(programme: &Programme, output: &str, values: &[(&str, i64)]) -> Vec<(String, Strength)> {
    let values = values.iter().copied().collect();
    let found = programme.broken_relations_of_output(output, &values);
    found.into_iter().map(|one| (one.field, one.strength)).collect()
}

#[test]
fn more_cannot_come_of_a_promise_than_was_promised() {
    for programme in [&*PROGRAMME, &load(&common::files_of("sample-2027")).unwrap()] {
        let promised = programme.outputs.iter().filter(|one| !one.achieved_label.is_empty());
        let mut seen = 0;
        for output in promised {
            let of = |quantity, achieved| {
                broken(programme, &output.id, &[("quantity", quantity), ("achieved", achieved)])
            };
            assert_eq!(of(3, 99), [("achieved".to_owned(), Strength::Refuse)], "{}", output.id);
            assert_eq!(of(3, 3), [], "{}", output.id);
            assert_eq!(broken(programme, &output.id, &[("quantity", 3)]), [], "nothing has been told yet");
            seen += 1;
        }
        assert!(seen > 0);
        let values = BTreeMap::from([("quantity", 3), ("achieved", 99)]);
        let before = BTreeMap::new();
        assert_eq!(
            programme.broken_relations("", &values, &before, 2026),
            [],
            "no matter of the year-profile"
        );
    }
}

#[test]
fn parts_of_an_entry_and_of_a_profile_are_no_more_than_the_whole() {
    let of = |form: &str, values: &[(&str, i64)]| {
        let values = values.iter().copied().collect();
        let found = PROGRAMME.broken_relations(form, &values, &BTreeMap::new(), 2026);
        found.into_iter().map(|one| one.relation.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("social-training", &[("quantity", 5), ("persons", 12)]), ["persons-within-attendance"]);
    assert_eq!(of("social-training", &[("quantity", 12), ("persons", 12)]), [""; 0]);
    assert_eq!(of("certification", &[("quantity", 9), ("evaluated", 8)]), ["certified-within-evaluated"]);
    assert_eq!(
        of("certification", &[("quantity", 9)]),
        [""; 0],
        "the school's own: nobody asks how many came"
    );
    let income = |pay: i64, performance: i64| {
        of("training-income", &[("quantity", 10), ("pay", pay), ("performance", performance)])
    };
    assert_eq!(income(9, 8), ["used-within-income"], "each fits, and both together do not");
    assert_eq!(income(6, 4), [""; 0]);
    let local = of("", &[("employed_with_study", 20), ("employed_without_study", 8), ("employed_local", 9)]);
    assert_eq!(local, ["local-without-study"], "whoever goes on studying is not employed in the county");
    let sample = load(&common::files_of("sample-2027")).unwrap();
    let values = BTreeMap::from([("graduates", 8), ("employed_without_study", 9)]);
    assert_eq!(sample.broken_relations("", &values, &BTreeMap::new(), 2026).len(), 1);
}

/// The problems after replacing the first of each of these in the file.
fn after(file: &str, changes: &[(&str, &str)]) -> Vec<Problem> {
    let mut files = common::files();
    let text = files.get_mut(file).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{file} does not contain {old}");
        *text = text.replacen(old, new, 1);
    }
    load(&files).err().unwrap_or_default()
}

/// Asserts that one of the problems says so, and how many there are.
#[track_caller]
fn refuses(file: &str, changes: &[(&str, &str)], message: &str, number: usize) {
    let problems = after(file, changes);
    assert_eq!(problems.len(), number, "{problems:?}");
    assert!(problems.iter().any(|one| one.message.contains(message)), "{problems:?}");
}

#[test]
fn what_came_of_a_promise_is_stated_to_be_part_of_it() {
    let stated = "part = [\"achieved\"]\nwhole = [\"quantity\"]\nstrength = \"refuse\"\nwords = \"累计到";
    let asked = stated.replace("refuse", "ask");
    refuses(CONDITIONS, &[(stated, &asked)], "没有写“累计到位金额”不能多于“承诺金额”", 1);
    let other = stated.replace("achieved", "due");
    refuses(CONDITIONS, &[(stated, &other)], "没有“due”这个数", 2);
    let of = "output = \"local-investment\"\npart";
    let two = "output = \"local-investment\"\nactivity = \"visit\"\npart";
    refuses(CONDITIONS, &[(of, two)], "一条关系说了两张表", 1);
    refuses(CONDITIONS, &[(of, "output = \"local-investments\"\npart")], "没有“achieved”这个数", 3);
    refuses(
        CONDITIONS,
        &[(stated, "last_year = 30\nstrength = \"ask\"\nwords = \"累计到")],
        "只能写部分与整体",
        2,
    );
}

#[test]
fn persons_are_part_of_person_times_and_not_the_other_way_round() {
    let right = "part = [\"persons\"]\nwhole = [\"quantity\"]";
    let wrong = "part = [\"quantity\"]\nwhole = [\"persons\"]";
    refuses(SOCIAL, &[(right, wrong)], "部分与整体的单位不同", 1);
}

#[test]
fn what_calls_itself_a_part_says_of_what() {
    let label = ("label = \"学徒或技培生人数\"", "label = \"其中学徒或技培生人数\"");
    assert_eq!(after(SOCIAL, &[label]).len(), 0, "a relation says it");
    let gone = (
        "activity = \"social-training\"\npart = [\"persons\"]",
        "activity = \"training-income\"\npart = [\"pay\"]",
    );
    refuses(SOCIAL, &[label, gone], "“其中学徒或技培生人数”没有写明是什么的一部分", 1);
    let area = ("name = \"实习实验场所建筑面积\"", "name = \"其中实习实验场所建筑面积\"");
    assert_eq!(after("profile.toml", &[area]).len(), 0);
    let majors = ("name = \"常设专业数\"", "name = \"其中常设专业数\"");
    refuses("profile.toml", &[majors], "没有写明是什么的一部分", 1);
    let base = "06-enterprises.toml";
    let value = ("label = \"企业投入设备价值\"", "label = \"其中企业投入设备价值\"");
    refuses(&format!("tasks/{base}"), &[value], "没有写明是什么的一部分", 1);
}
