//! Schemes of assessment: both programmes have one that loads, and weights, steps, bands and yardsticks that make no sense
//! are refused at their place.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Assessed, Problem, load};

const FILE: &str = "assessments.toml";

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
fn both_programmes_assess_by_a_scheme_of_their_own() {
    let kinds = [("guangdong-2024", Assessed::CountySchools), ("sample-2027", Assessed::Pairings)];
    for (programme, assessed) in kinds {
        let loaded = load(&common::files_of(programme)).unwrap();
        let scheme = loaded.assessment("county-schools").unwrap();
        assert_eq!(scheme.assessed, assessed);
        assert_eq!((scheme.baseline(2026), scheme.results[0].from), (2025, 0));
        assert!(loaded.assessment("nothing").is_none());
    }
}

#[test]
fn counties_and_cities_have_schemes_of_their_own() {
    let loaded = load(&common::files()).unwrap();
    for (id, assessed) in [("counties", Assessed::Counties), ("cities", Assessed::Cities)] {
        assert_eq!(loaded.assessment(id).unwrap().assessed, assessed);
    }
}

#[test]
fn weights_are_above_nothing_and_add_up_to_what_is_said() {
    for weight in ["0", "-20", "1000001"] {
        refuses("weight = 20", &format!("weight = {weight}"), weight, "权重是");
    }
    refuses("weight = 20", "weight = 21", "100", "权重加起来是 101");
    refuses("total = 100", "total = 99", "99", "权重加起来是 100");
    refuses("spread = 200", "spread = 0", "0", "权重浮动");
    refuses("spread = 200", "spread = 501", "501", "权重浮动");
}

#[test]
fn more_is_never_worth_less() {
    refuses("{ from = 0, share = 600 }", "{ from = -30, share = 600 }", "-30", "没有依次升高");
    refuses("{ from = 0, share = 600 }", "{ from = 0, share = 300 }", "300", "得分没有依次升高");
    refuses("{ from = -30, share = 300 }", "{ from = -30, share = 0 }", "0", "得分比例");
    refuses("{ from = 60, share = 1000 }", "{ from = 60, share = 1001 }", "1001", "得分比例");
    refuses("{ from = 60, share", "{ from = 10001, share", "10001", "起点超出范围");
    refuses("from = 600 }", "from = 0 }", "0", "等次没有依次升高");
    refuses("name = \"一般\", from = 0", "name = \"一般\", from = 1", "1", "等次没有依次升高");
    refuses("name = \"较好\"", "name = \"一般\"", "\"一般\"", "写了两遍");
}

#[test]
fn there_is_time_to_object() {
    for days in ["4", "31"] {
        let new = format!("objection_workdays = {days}");
        refuses("objection_workdays = 5", &new, days, "异议时限");
    }
    refuses("clauses = [\"S4.3\"]", "clauses = [\"S4.9\"]", "\"S4.9\"", "没有编号");
}

#[test]
fn what_was_done_often_is_no_yardstick() {
    let old = "indicator = \"enrolment\"";
    for (id, message) in [
        ("visits", "开展的次数和时间"),
        ("resident-days", "开展的次数和时间"),
        ("visiting-hours", "开展的次数和时间"),
        ("signed", "手续办了没有"),
        ("nothing", "没有编号"),
        ("graduates", "写了两遍"),
    ] {
        let (problems, text) = after(old, &format!("indicator = \"{id}\""));
        let found = problems.iter().find(|one| one.message.contains(message));
        let found = found.unwrap_or_else(|| panic!("{id}: {problems:?}"));
        let caret = if id == "graduates" { "\"graduates\"".to_owned() } else { format!("\"{id}\"") };
        assert_eq!(&text[found.span.clone()], caret);
    }
    let growth = "indicator = \"employment-with-study\", weight = 20, measure = \"growth\"";
    let now = "indicator = \"employment-with-study\", weight = 20, measure = \"difference\"";
    refuses(now, growth, "\"growth\"", "是比率");
}

#[test]
fn what_may_not_be_scored_is_no_yardstick() {
    let mut files = common::files();
    let targets = files.get_mut("targets.toml").unwrap();
    *targets = targets.replacen(
        "name = \"在校生规模\"\nunit = \"persons\"\nof",
        "name = \"媒体报道数\"\nunit = \"persons\"\nof",
        1,
    );
    let problems = load(&files).unwrap_err();
    let found = problems.iter().filter(|one| one.file == FILE);
    assert_eq!(found.filter(|one| one.message.contains("考核指标触及减负禁项")).count(), 3, "{problems:?}");
    let (problems, _) = after("name = \"县级院校协作成效\"", "name = \"县级院校排名\"");
    assert!(problems.iter().any(|one| one.message.contains("减负禁项")), "{problems:?}");
}
