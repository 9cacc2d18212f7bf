//! Forms with kinds, and forms that came into another: what a programme may not say of them.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Problem, load};

const SOCIAL: &str = "tasks/09-social-training.toml";

/// The problems after replacing the first `old` of the file.
fn after(file: &str, old: &str, new: &str) -> Vec<Problem> {
    let mut files = common::files();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{file} does not contain {old}");
    *text = text.replacen(old, new, 1);
    load(&files).err().unwrap_or_default()
}

/// Asserts that the change is refused with exactly one problem in that file that says `message`.
#[track_caller]
fn refuses(file: &str, old: &str, new: &str, message: &str) {
    let problems = after(file, old, new);
    assert_eq!(problems.len(), 1, "{old} → {new}: {problems:?}");
    assert!(problems[0].message.contains(message) && problems[0].file == file, "{problems:?}");
    assert!(!problems[0].help.is_empty());
}

/// What a form with kinds may not say of when it asks a field.
#[test]
fn conditions_of_fields() {
    let when = "when = { field = \"kind\", is = [\"apprentice\", \"trainee\"] }";
    refuses(SOCIAL, when, &when.replace("kind", "kinds"), "没有选择题“kinds”");
    refuses(SOCIAL, when, &when.replace("trainee", "student"), "没有选项“student”");
    refuses(SOCIAL, when, "when = { field = \"kind\", is = [] }", "没有写选哪些时才填");
    refuses(SOCIAL, when, "when = { field = \"occupation\", is = \"x\" }", "没有选择题");
    // A choice that depends on itself, directly or through another.
    let circle = "purpose = \"线上、学徒制、技培生分开看，不另报\"\n";
    let turn = |field: &str, is: &str| format!("{circle}when = {{ field = \"{field}\", is = \"{is}\" }}\n");
    refuses(SOCIAL, circle, &turn("kind", "online"), "取决于它自己");
    let through = after(SOCIAL, circle, &turn("field", "digital"));
    assert!(through.iter().any(|problem| problem.message.contains("取决于它自己")), "{through:?}");
    // What is always chosen is never blank, and what is asked for every option needs no condition.
    let plans = "tasks/04-plans.toml";
    let covers = "when = { field = \"kind\", is = [\"management\"] }";
    let blank = "when = { field = \"kind\", is = [\"management\"], blank = true }";
    refuses(plans, covers, blank, "不会没有选");
    let all = "when = { field = \"kind\", is = [\"team\", \"development\", \"charter\", \"management\"] }";
    refuses(plans, covers, all, "无论“哪一种”选什么都要填");
}

/// A retired form leads to one that is in use and can hold what it said.
#[test]
fn what_a_retired_form_is_now() {
    // What refers to it is told along with it.
    let says = |file: &str, old: &str, new: &str, message: &str| {
        let problems = after(file, old, new);
        assert!(problems.iter().any(|one| one.message.contains(message) && one.file == file), "{problems:?}");
    };
    let file = "tasks/99-retired.toml";
    let became = "into = \"social-training\"\nfields = { kind = \"apprentice\" }\nquantity = \"persons\"";
    let other = |old: &str, new: &str| became.replace(old, new);
    says(file, became, &other("social-training", "training"), "没有编号为“training”的活动");
    says(file, became, &other("\"apprentice\"", "\"student\""), "选项“student”");
    says(file, became, &other("quantity = \"persons\"", "quantity = \"occupation\""), "数字栏目");
    let whole = after(file, became, &other("\nquantity = \"persons\"", ""));
    assert!(
        whole.iter().any(|problem| problem.message.contains("单位")),
        "persons are no person-times: {whole:?}"
    );
    let gone = after(file, "retired = \"2026-07-01\"\n", "");
    assert!(gone.iter().any(|problem| problem.message.contains("还在用的表")), "{gone:?}");
}

/// The same of outputs: what a retired one became, whom an answer is for, and what takes only some kinds.
#[test]
fn kinds_of_outputs() {
    let says = |file: &str, old: &str, new: &str, message: &str| {
        let problems = after(file, old, new);
        assert!(problems.iter().any(|one| one.message.contains(message) && one.file == file), "{problems:?}");
    };
    let file = "tasks/98-retired-grants.toml";
    let became = "into = \"training-base\"\nfields = { kind = \"incubator\" }";
    says(file, became, &became.replace("training-base", "training"), "没有编号为“training”的成果或记录");
    says(file, became, &became.replace("\"incubator\"", "\"hatchery\""), "选项“hatchery”");
    says(file, became, &became.replace("training-base", "quality-major-course"), "自己也已停用");
    let money = "into = \"local-investment\"";
    says(file, money, "into = \"staff-posts\"", "单位");
    let gone = after(file, "retired = \"2026-07-01\"\n", "");
    assert!(gone.iter().any(|problem| problem.message.contains("还在用的表")), "{gone:?}");
    let mechanism = "safeguards/1-mechanism.toml";
    says(mechanism, "by = [\"city\", \"county\"]", "by = [\"city\", \"teacher\"]", "teacher");
    let duty = "only = { field = \"kind\", is = [\"leading\"], blank = true }";
    refuses(
        mechanism,
        duty,
        "only = { field = \"kind\", is = [\"chief\"], blank = true }",
        "没有选项“chief”",
    );
    let chain = "tasks/05-sharing.toml";
    refuses(chain, "by = [\"county_school\"]", "by = [\"county\"]", "县局不填这张表");
    let grant = "tasks/02-quality.toml";
    let is = "result_is = { kind = \"demonstration\" }";
    refuses(grant, is, "result_is = { kind = \"show\" }", "选项“show”");
    let premise = "tasks/10-evaluation.toml";
    refuses(
        premise,
        "only = { field = \"kind\", is = [\"evaluation\"] }\nwhen",
        "only = { field = \"sort\", is = [\"evaluation\"] }\nwhen",
        "没有选择题“sort”",
    );
    let holds = "at_least = 1, only = { field = \"kind\", is = [\"scope\"] }";
    refuses(premise, holds, "at_least = 1, only = { field = \"kind\", is = [\"range\"] }", "没有选项“range”");
}
