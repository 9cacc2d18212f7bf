//! Exchanges with outside systems: the four that the plan names are there, and a table that could not be told apart, be
//! counted back or be found again is refused at its place.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::Unit;
use jiedui_programme::{Problem, Way, load};

const FILE: &str = "exchange.toml";

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
fn the_four_systems_of_the_plan_have_a_profile_each() {
    let loaded = load(&common::files_of("guangdong-2024")).unwrap();
    let systems: Vec<&str> = loaded.exchanges.iter().map(|one| one.system.as_str()).collect();
    assert_eq!(
        systems,
        [
            "全国技工院校信息管理系统",
            "技工教育教科研管理平台",
            "广东远程职业培训平台",
            "省就业一体化平台公共求职招聘管理系统"
        ]
    );
    assert!(loaded.exchanges.iter().all(|one| one.our_reading && one.source.contains("没有公布接口")));
    let worth = &loaded.exchange("school-system").unwrap().columns[5];
    assert_eq!(worth.shift(worth.unit(&loaded).unwrap()), Some(6), "cents in ten thousands of yuan");
    assert_eq!(worth.shift(Unit::Items), Some(4));
    let sample = load(&common::files_of("sample-2027")).unwrap();
    assert_eq!(sample.exchange("school-system").unwrap().way, Way::In);
    assert!(sample.exchange("recruitment").is_none());
}

#[test]
fn a_programme_without_exchanges_loads() {
    let mut files = common::files_of("sample-2027");
    let text = files.get_mut(FILE).unwrap();
    let forms = text.find("[[form]]").unwrap();
    *text = text[forms..].to_owned();
    assert!(load(&files).unwrap().exchanges.is_empty());
}

#[test]
fn columns_are_told_apart_and_lead_back() {
    refuses("field = \"bys\"", "field = \"zxs\"", "\"zxs\"", "写了两遍");
    refuses("field = \"bys\"", "field = \"b,y\"", "\"b,y\"", "栏目名写得不对");
    refuses("theirs = \"2\"", "theirs = \"1\"", "\"1\"", "对了两次");
    for per in ["0", "-1", "15", "100000"] {
        refuses("per = 10000", &format!("per = {per}"), per, "换算写得不对");
    }
    let key = "of = { school = \"name\" }, key = true";
    let (problems, _) = after(key, "of = { school = \"name\" }");
    assert!(problems.len() == 1 && problems[0].message.contains("认出学校"), "{problems:?}");
    refuses("{ element = \"students\" }", "{ element = \"students\" }, key = true", "true", "不能按数认出");
}

#[test]
fn what_is_exchanged_is_told_by_schools() {
    refuses("{ element = \"students\" }", "{ element = \"pupils\" }", "\"pupils\"", "没有编号");
    refuses(
        "{ element = \"students\" }",
        "{ element = \"teachers_total\" }",
        "\"teachers_total\"",
        "不是学校填报的数",
    );
    refuses("{ indicator = \"social-training\" }", "{ indicator = \"nothing\" }", "\"nothing\"", "没有编号");
    refuses(
        "{ indicator = \"social-training\" }",
        "{ indicator = \"training-pay-share\" }",
        "\"training-pay-share\"",
        "不能分到学校",
    );
    refuses("clauses = [\"T5.5\"]", "clauses = [\"T5.99\"]", "\"T5.99\"", "没有编号");
}
