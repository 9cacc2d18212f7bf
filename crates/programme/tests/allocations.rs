//! Rules of allocation: both programmes have one that loads, and what divides nothing or prefers nobody is refused at its place.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Problem, accepted, load, run_examples};

const FILE: &str = "allocations.toml";

/// The problems after replacing the first `old`, and the text after that.
fn after(old: &str, new: &str) -> (Vec<Problem>, String) {
    let mut files = common::files();
    let text = files.get_mut(FILE).unwrap();
    assert!(text.contains(old), "no {old}");
    *text = text.replacen(old, new, 1);
    let changed = text.clone();
    (load(&files).err().unwrap_or_default(), changed)
}

/// Refused with exactly one problem that says `message`, the caret under `caret`.
#[track_caller]
fn refuses(old: &str, new: &str, caret: &str, message: &str) {
    let (problems, text) = after(old, new);
    assert_eq!(problems.len(), 1, "{old} → {new}: {problems:?}");
    let problem = &problems[0];
    assert!(problem.message.contains(message), "{problem:?}");
    assert!(!problem.help.is_empty());
    assert_eq!((problem.file.as_str(), &text[problem.span.clone()]), (FILE, caret), "{problem:?}");
}

#[test]
fn both_programmes_divide_by_a_rule_of_their_own() {
    for programme in ["guangdong-2024", "sample-2027"] {
        let loaded = load(&common::files_of(programme)).unwrap();
        let rule = loaded.allocation("training-places").unwrap();
        assert!(rule.weight > 1_000 && rule.clauses.iter().any(|clause| clause == "G0.3"), "{programme}");
        assert!(loaded.allocation("nothing").is_none());
    }
}

#[test]
fn an_allocation_divides_by_numbers_that_make_sense() {
    for weight in ["0", "-1500", "999", "10001"] {
        let new = format!("weight = {weight}");
        refuses("weight = 1500", &new, weight, "倾斜系数");
    }
    refuses("floor = 1\n", "floor = -1\n", "-1", "保底数");
    refuses("floor = 1\n", "floor = 2\ncap = 1\n", "1", "封顶数");
    refuses("cap = 3", "cap = 0", "0", "封顶数");
    refuses("unit = \"person_times\"", "unit = \"basis_points\"", "\"basis_points\"", "不能分配");
    refuses("appeal_workdays = 5", "appeal_workdays = 4", "4", "异议时限");
    refuses("appeal_workdays = 5", "appeal_workdays = 31", "31", "异议时限");
}

#[test]
fn an_allocation_prefers_some_and_not_all() {
    let old = "preferred = [\"typical_counties\"]";
    refuses(old, "preferred = []", "[]", "没有写明向谁倾斜");
    let all = "preferred = [\"county_schools\"]";
    refuses(old, all, "\"county_schools\"", "等于没有倾斜");
    let twice = "preferred = [\"typical_counties\", \"typical_counties\"]";
    refuses(old, twice, "\"typical_counties\"", "写了两遍");
    let results = "results = { indicator = \"graduates-certified\", at_least = 200 }";
    refuses(results, &results.replace("200", "0"), "0", "等于没有倾斜");
    refuses(results, &results.replace("graduates-certified", "nothing"), "\"nothing\"", "没有编号");
    let city = "base = { kind = \"equal\" }\npreferred = [\"typical_counties\"]";
    refuses(city, &city.replace("typical_counties", "county_schools"), "\"county_schools\"", "等于没有倾斜");
}

#[test]
fn an_allocation_goes_by_what_every_school_has() {
    let old = "base = { kind = \"element\", element = \"teachers_full_time\" }";
    for (base, caret, message) in [
        ("{ kind = \"element\", element = \"pupils\" }", "\"pupils\"", "没有编号"),
        ("{ kind = \"element\", element = \"teachers_total\" }", "\"teachers_total\"", "不能按"),
        ("{ kind = \"element\", element = \"employment_cutoff\" }", "\"employment_cutoff\"", "不能按"),
        ("{ kind = \"indicator\", indicator = \"nothing\" }", "\"nothing\"", "没有编号"),
    ] {
        refuses(old, &format!("base = {base}"), caret, message);
    }
    refuses("clauses = [\"T7.4\"]", "clauses = [\"T7.9\"]", "\"T7.9\"", "没有编号");
    let (problems, _) = after("among = \"county_schools\"", "among = \"schools\"");
    assert!(problems.iter().any(|problem| problem.message.contains("只能各校相同")), "{problems:?}");
}

#[test]
fn what_was_given_is_taken_up_by_something_of_the_same_unit() {
    let old = "taken_up = { indicator = \"quota-trained\" }";
    let by = |what: &str| format!("taken_up = {{ {what} }}");
    for (what, caret, message) in [
        ("indicator = \"nothing\"", "\"nothing\"", "没有编号"),
        ("indicator = \"backbone-selected\"", "\"backbone-selected\"", "分的是人次"),
        ("indicator = \"teachers-trained-share\"", "\"teachers-trained-share\"", "看不出用了多少"),
        ("indicator = \"recruitment-users\"", "\"recruitment-users\"", "看不出用了多少"),
        ("source = \"province\"", "\"province\"", "不是钱"),
    ] {
        refuses(old, &by(what), caret, message);
    }
    let each = "taken_up = { each_of = \"provincial-entrants\" }";
    refuses(each, &by("each_of = \"nothing\""), "\"nothing\"", "没有编号");
    refuses(each, &by("each_of = \"enrolment\""), "\"enrolment\"", "不是由台账");
    refuses(each, &by("each_of = \"quota-trained\""), "\"quota-trained\"", "已经由这个指标");
    refuses(old, &by("each_of = \"trained-teachers\""), "\"trained-teachers\"", "不能一条算一个");
    let twice = "taken_up = { indicator = \"incubators\" }";
    refuses(
        twice,
        &by("indicator = \"quality-majors-courses\""),
        "\"quality-majors-courses\"",
        "已经由这个指标",
    );
    refuses("source = \"province\"", "source = \"lottery\"", "\"lottery\"", "没有编号");
    let honours = "taken_up = { honours = \"county-school\" }";
    refuses(honours, &by("honours = \"nobody\""), "\"nobody\"", "没有编号");
    refuses(old, &by("honours = \"lead\""), "\"lead\"", "不是推荐名额");
    refuses(each, &by("honours = \"person\""), "\"person\"", "只能分给市");
    refuses(twice, &by("honours = \"county-school\""), "\"county-school\"", "已经由这个表扬类别");
    let county = "among = \"counties\"\nbase";
    let (problems, _) = after(county, "among = \"counties\"\ntaken_up = { source = \"county\" }\nbase");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].message.contains("没有地方接续"), "{problems:?}");
    let (problems, _) = after(old, "taken_up = { nothing = 1 }");
    assert!(!problems.is_empty(), "neither an indicator nor a source");
}

#[test]
fn every_rule_has_an_example_that_runs() {
    for programme in ["guangdong-2024", "sample-2027"] {
        let loaded = load(&common::files_of(programme)).unwrap();
        assert!(loaded.allocations.iter().all(|rule| !rule.examples.is_empty()), "{programme}");
    }
    refuses("expect = [10, 10, 1]", "expect = [10, 10]", "[10, 10]", "家数对不上");
    let mut files = common::files();
    let right = files[FILE].clone();
    *files.get_mut(FILE).unwrap() = right.replace("expect = [10, 10, 1]", "expect = [11, 9, 1]");
    let failures = run_examples(&load(&files).unwrap());
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert!(failures[0].message.contains("得到 [10, 10, 1]"), "{}", failures[0].message);
    assert_eq!(accepted(&files, &failures)[FILE], right, "what came out is put in its place");
    let none = right.replace("total = 21", "total = 2");
    files.insert(FILE.to_owned(), none);
    let failures = run_examples(&load(&files).unwrap());
    assert!(failures.len() == 1 && failures[0].accepted.is_none(), "less than the floors: nothing comes out");
}
