//! What changes from one programme to another is told, all of it and nothing else.

use crate::{STANDARDS, TASKS, common, programme, small};
use jiedui_kernel::Date;
use jiedui_programme::{Change, Programme, breaks, diff, load, run_examples, table};
use std::collections::{BTreeMap, BTreeSet};

fn today() -> Date {
    "2026-11-24".parse().unwrap()
}

/// The programme with the first `old` of the file replaced.
#[track_caller]
fn with(file: &str, old: &str, new: &str) -> Programme {
    let mut files = small();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{file} does not contain {old}");
    *text = text.replacen(old, new, 1);
    load(&files).unwrap()
}

/// Asserts that just this is told: `clause`, `what`, `before`, `after`.
#[track_caller]
fn tells(file: &str, old: &str, new: &str, told: [&str; 4]) {
    let found = diff(&programme(), &with(file, old, new));
    let [clause, what, before, after] = told.map(str::to_owned);
    assert_eq!(found, [Change { clause, what, before, after }], "{old} → {new}");
}

#[test]
fn the_small_programme_holds() {
    let failures: Vec<String> = run_examples(&programme()).iter().map(ToString::to_string).collect();
    assert_eq!(failures, Vec::<String>::new());
}

#[test]
fn nothing_changes_from_a_programme_to_itself() {
    for programme in [crate::programme(), load(&common::files()).unwrap()] {
        assert_eq!(diff(&programme, &programme), []);
        assert_eq!(breaks(&programme, &programme, today()), []);
    }
}

#[test]
fn obligations_duties_and_targets() {
    let at_least = "at_least = 2\nunit = \"times\"";
    let told = ["T8.1", "履职要求“每年宣讲”：每个自然年至少", "2次", "3次"];
    tells(TASKS, at_least, "at_least = 3\nunit = \"times\"", told);
    // The words of a duty say how often: here they leave it to the number.
    let regular = |every: &str| {
        let mut files = small();
        let text = files.get_mut(TASKS).unwrap();
        *text =
            text.replace("每季开", "定期开").replace("every = \"quarter\"", &format!("every = \"{every}\""));
        load(&files).unwrap()
    };
    let [clause, what, before, after] =
        ["S1.3", "职责“定期开会”：多久一次", "每季", "每月"].map(str::to_owned);
    let found = diff(&regular("quarter"), &regular("month"));
    assert_eq!(found, [Change { clause, what, before, after }]);
    let aim = "aim = { kind = \"not_issued\" }";
    let told = ["G2.2", "目标“达标院校”：目标值", "未下达", "不少于5所"];
    tells("targets.toml", aim, "aim = { kind = \"at_least\", value = 5 }", told);
    let aim = "{ kind = \"at_least\", value = 500 }";
    let told = ["T4.5", "目标“同堂授课学时”：目标值", "不少于500学时", "600至700学时"];
    tells("targets.toml", aim, "{ kind = \"range\", low = 600, high = 700 }", told);
}

#[test]
fn thresholds_and_elements() {
    let told = ["T1.1", "标准要求“占地”：至少", "30000平方米", "33000平方米"];
    tells(STANDARDS, "at_least = 30000", "at_least = 33000", told);
    let told = ["T1.1", "标准要求“师生之比”：至少", "5%", "5.50%"];
    tells(STANDARDS, "at_least = 500", "at_least = 550", told);
    let told = ["T2.3", "标准“高级标准”：梯级", "第2级", "第3级"];
    tells(STANDARDS, "rung = 2", "rung = 3", told);
    let told = ["T1.1", "基本情况项目“生均占地”：怎样算出", "“占地”除以“在校生”", "“占地”除以“专任教师”"];
    tells("profile.toml", "by = \"students\"", "by = \"teachers\"", told);
    let told = ["T1.1", "年度基本情况：填一次要", "20分钟", "25分钟"];
    tells("profile.toml", "minutes = 20", "minutes = 25", told);
}

#[test]
fn activities_and_their_fields() {
    let sides = "claimed_by = [\"lead\", \"nearby\"]";
    let told = ["T4.5", "事项“同堂授课”：由谁登记", "牵头院校、配合院校", "牵头院校"];
    tells(TASKS, sides, "claimed_by = [\"lead\"]", told);
    let field = "label = \"课酬\"\nkind = \"number\"";
    let told = ["T4.5", "事项“同堂授课”：栏目“课酬”：是否必填", "否", "是"];
    tells(TASKS, field, &format!("{field}\nrequired = true"), told);
    let before = "[[activity]]\nid = \"briefing\"";
    let field =
        "[[activity.field]]\nid = \"room\"\nlabel = \"教室\"\nkind = \"text\"\npurpose = \"供核对\"\n\n";
    let told = ["T4.5", "事项“同堂授课”：栏目“教室”", "没有", "新增：供核对"];
    tells(TASKS, before, &format!("{field}{before}"), told);
    let option = "[[activity.field.option]]\nid = \"school\"";
    let new = "[[activity.field.option]]\nid = \"town\"\nname = \"镇级\"\n\n";
    let told = ["T4.5", "事项“同堂授课”：栏目“层次”：选项“镇级”", "没有", "新增"];
    tells(TASKS, option, &format!("{new}{option}"), told);
}

#[test]
fn outputs_applications_and_indicators() {
    let told = ["T6.2", "成果“同建教室”：阶段“筹建”：是否计入", "否", "是"];
    tells(TASKS, "name = \"筹建\"", "name = \"筹建\"\ncounts = true", told);
    let told = [
        "T6.2",
        "申报“教室资助”：条件“占地够”：怎样判断",
        "“占地”不少于20000平方米",
        "“占地”不少于25000平方米",
    ];
    tells(TASKS, "at_least = 20000", "at_least = 25000", told);
    let told = ["T6.2", "申报“教室资助”：由谁推荐", "县局", "市局"];
    tells(TASKS, "recommended_by = \"county\"", "recommended_by = \"city\"", told);
    let old = "of = { from = \"covered\", activity = \"lesson\" }\ndefinition = \"参加过的人，一人计一次。\"\nversion = 1";
    let told = ["T4.5", "指标“覆盖教师”：版本", "第1版", "第2版"];
    tells(TASKS, old, &old.replace("version = 1", "version = 2"), told);
    let only = "only = { field = \"level\", is = [\"city\"] }";
    let (before, after) = (
        "“同堂授课”的栏目“cost”之和，只计“level”为city的",
        "“同堂授课”的栏目“cost”之和，只计“level”为city、school的",
    );
    let told = ["T4.5", "指标“市级课酬合计”：怎样统计", before, after];
    tells(TASKS, only, "only = { field = \"level\", is = [\"city\", \"school\"] }", told);
}

#[test]
fn what_comes_and_what_goes() {
    let text = &small()[TASKS];
    let start = text.find("[[obligation]]").unwrap();
    let end = start + text[start..].find("[[example]]").unwrap();
    let obligation = &text[start..end];
    let without = with(TASKS, obligation, "");
    let told = |changes: &[Change]| {
        let one = &changes[0];
        (changes.len(), one.clause.clone(), one.what.clone(), one.before.clone(), one.after.clone())
    };
    let what = || "履职要求“每年宣讲”".to_owned();
    let gone = (1, "T8.1".to_owned(), what(), "有".to_owned(), "取消".to_owned());
    let come = (1, "T8.1".to_owned(), what(), "没有".to_owned(), "新增：每年到校讲政策。".to_owned());
    assert_eq!(told(&diff(&programme(), &without)), gone);
    assert_eq!(told(&diff(&without, &programme())), come);
}

#[test]
fn calendar_matching_clauses_and_access() {
    let told = ["", "日历：最短提前量", "5个工作日", "7个工作日"];
    let mut files = small();
    let plans = files.get_mut("plans.toml").unwrap();
    *plans = plans.replacen("comment_workdays = 5", "comment_workdays = 7", 1);
    let frame = files.get_mut("programme.toml").unwrap();
    *frame = frame.replacen("month_accept_workdays = [5,", "month_accept_workdays = [7,", 1);
    for word in ["reminder_workdays", "urge_workdays"] {
        *frame = frame.replacen(&format!("{word} = 5"), &format!("{word} = 7"), 1);
    }
    let old = load(&files).unwrap();
    let frame = files.get_mut("programme.toml").unwrap();
    *frame = frame.replacen("minimum_notice_workdays = 5", "minimum_notice_workdays = 7", 1);
    let found = diff(&old, &load(&files).unwrap());
    let [clause, what, before, after] = told.map(str::to_owned);
    assert_eq!(found, [Change { clause, what, before, after }]);
    let told = ["", "日历：工作日安排：放假日", "2024-01-01", "没有"];
    tells("calendar/workdays.toml", "\"2024-01-01\", ", "", told);
    let matching = small()["matching.toml"].clone();
    let weight = matching.lines().find(|line| line.starts_with("weight = ")).unwrap().to_owned();
    let found = diff(&programme(), &with("matching.toml", &weight, "weight = 77"));
    assert_eq!(found.len(), 1);
    assert!(found[0].what.ends_with("：权重") && found[0].after == "77", "{found:?}");
    assert_eq!(found[0].before, weight.trim_start_matches("weight = "));
    let found = diff(&programme(), &with("clauses.toml", "按年度项目有组织地推进", "按年度推进"));
    assert_eq!((found[0].clause.as_str(), found[0].after.as_str()), ("G0.2", "按年度推进"));
    let found = diff(&programme(), &with("access.toml", "roles = [\"secadmin\"]", "roles = [\"sysadmin\"]"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].what.starts_with("权限") && found[0].after.contains("系统管理员"), "{found:?}");
}

#[test]
fn changes_stand_in_the_order_of_the_plan() {
    let mut files = small();
    let text = files.get_mut(TASKS).unwrap();
    *text = text.replacen("about = \"开过一次，只看开没开。\"", "about = \"开过一次。\"", 1).replacen(
        "about = \"两校教师同上一堂课。\"",
        "about = \"同上一堂课。\"",
        1,
    );
    let frame = files.get_mut("programme.toml").unwrap();
    *frame = frame.replacen("status = \"draft\"", "status = \"final\"", 1);
    let found = diff(&programme(), &load(&files).unwrap());
    let clauses: Vec<&str> = found.iter().map(|change| change.clause.as_str()).collect();
    assert_eq!(clauses, ["", "T4.5", "S1.3"]);
    assert_eq!((found[0].before.as_str(), found[0].after.as_str()), ("征求意见稿", "正式文本"));
}

#[test]
fn the_table_keeps_its_columns_and_puts_long_texts_below() {
    let change = |clause: &str, what: &str, before: &str, after: &str| Change {
        clause: clause.to_owned(),
        what: what.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    let long = "说".repeat(60);
    let shown = table(&[
        change("", "日历：最短提前量", "5个工作日", "7个工作日"),
        change("S1.4", "每年调研：至少", "2次", "3次"),
        change("T4.2", "培训：说明", &long, "短\n了"),
    ]);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 6, "{shown}");
    assert_eq!(lines[0], "条款  内容              原来 → 改后");
    assert_eq!(lines[1], "—     日历：最短提前量  5个工作日 → 7个工作日");
    assert_eq!(lines[2], "S1.4  每年调研：至少    2次 → 3次");
    assert_eq!(lines[3], "T4.2  培训：说明");
    assert_eq!(lines[4], format!("      原来：{long}"));
    assert_eq!(lines[5], "      改后：短 了");
}

#[test]
fn what_a_running_system_would_not_survive() {
    // Examples speak of what is taken away here.
    let mut files = small();
    let tasks = files.get_mut(TASKS).unwrap();
    tasks.truncate(tasks.find("[[example]]").unwrap());
    let old = load(&files).unwrap();
    let broken = |file: &str, from: &str, to: &str| -> Vec<[String; 3]> {
        let mut files = files.clone();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{from}");
        *text = text.replacen(from, to, 1);
        let found = breaks(&old, &load(&files).unwrap(), today());
        found.into_iter().map(|change| [change.what, change.before, change.after]).collect()
    };
    let gone = |what: &str| [[what, "有", "取消（编号只能停用，不能删除）"].map(str::to_owned)];
    let tasks = &files[TASKS];
    let duty = &tasks[tasks.find("[[duty]]").unwrap()..tasks.find("[[application]]").unwrap()];
    assert_eq!(broken(TASKS, duty, ""), gone("职责“每季开会”"));
    let option = "[[activity.field.option]]\nid = \"school\"\nname = \"校级\"";
    let other = "[[activity.field.option]]\nid = \"town\"\nname = \"镇级\"";
    assert_eq!(broken(TASKS, option, other), gone("事项“同堂授课”：栏目“层次”：选项“校级”"));
    let stage = "[[output.stage]]\nid = \"shut\"\nname = \"停用\"\nends = true";
    assert_eq!(broken(TASKS, stage, ""), gone("成果“同建教室”：阶段“停用”"));
    let changed = |what: &str, from: &str, to: &str| [[what, from, to].map(str::to_owned)];
    let told = changed("基本情况项目“年培训规模”：单位", "人次", "人");
    assert_eq!(broken("profile.toml", "unit = \"person_times\"", "unit = \"persons\""), told);
    let span = "measure = \"once\"\ntime = \"day\"";
    let told = changed("事项“政策宣讲”：日期怎样填", "一天", "起止日期");
    assert_eq!(broken(TASKS, span, "measure = \"once\"\ntime = \"span\""), told);
    let of_school = "of_school = false\nunit = \"times\"";
    let told = changed("成果“季度会议”：属于县级院校", "否", "是");
    assert_eq!(broken(TASKS, of_school, "unit = \"times\""), told);
    let told = changed("方案编号", "guangdong-2024", "guangdong-2025");
    assert_eq!(broken("programme.toml", "id = \"guangdong-2024\"", "id = \"guangdong-2025\""), told);
    // A new name, another side, another value are fine.
    assert_eq!(broken(TASKS, "name = \"同堂授课\"", "name = \"同上一堂课\""), Vec::<[String; 3]>::new());
    let fine = broken(TASKS, "recommended_by = \"county\"", "recommended_by = \"city\"");
    assert_eq!(fine, Vec::<[String; 3]>::new());
}

/// The first `key = value` of each kind of table is changed in turn. What loads is told, in Chinese, and not told of
/// itself.
#[test]
fn every_change_that_loads_is_told() {
    let old_files = small();
    let old = load(&old_files).unwrap();
    let mut told = 0;
    for (file, text) in &old_files {
        let mut seen = BTreeSet::new();
        let mut table = "";
        for (number, line) in text.lines().enumerate() {
            if line.starts_with('[') {
                table = line;
            }
            let fresh = seen.insert((table, line.split(" = ").next()));
            let Some(changed) = other(line).filter(|_| fresh && !table.contains("example")) else { continue };
            let lines: Vec<&str> =
                text.lines().enumerate().map(|(at, old)| if at == number { &changed } else { old }).collect();
            let mut files: BTreeMap<String, String> = old_files.clone();
            files.insert(file.clone(), lines.join("\n"));
            let Ok(new) = load(&files) else { continue };
            let changes = diff(&old, &new);
            assert!(!changes.is_empty(), "{file}:{}: {line} → {changed}", number + 1);
            for change in &changes {
                assert_ne!(change.before, change.after, "{change:?}");
                let english = |part: &str| {
                    !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                };
                assert!(!change.what.split('：').any(english), "{change:?}");
            }
            told += 1;
        }
    }
    assert!(told > 80, "{told}");
}

/// The line with another value.
fn other(line: &str) -> Option<String> {
    let (key, value) = line.split_once(" = ")?;
    if key.contains(' ') || key == "id" {
        return None;
    }
    if let Ok(number) = value.parse::<i64>() {
        return Some(format!("{key} = {}", number + 1));
    }
    match value {
        "true" => Some(format!("{key} = false")),
        "false" => Some(format!("{key} = true")),
        _ if value.starts_with('"') && value.ends_with('"') => {
            Some(format!("{key} = {}改\"", &value[..value.len() - 1]))
        }
        _ => None,
    }
}
