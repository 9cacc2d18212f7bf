//! Rules that change under way: a closed period keeps what it was judged by, and what contradicts itself is refused.

use crate::{STANDARDS, TARGETS, TASKS, accepts, programme, refuses, small};
use jiedui_kernel::{Date, Period, Reported};
use jiedui_programme::{
    Aim, Arrangements, Attained, ClockState, PairingFact, PairingRole, Programme, Retires as _, accepted,
    attainment, breaks, clocks, diff, duty_periods, duty_reading, load, run_examples,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn with(file: &str, old: &str, new: &str) -> Programme {
    let mut files = small();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{old}");
    *text = text.replacen(old, new, 1);
    load(&files).unwrap()
}

const BRIEF: &str = "every = \"calendar_year\"\nfirst_part = \"exempt\"";

/// The duty with what is appended to it.
fn brief(more: &str) -> Programme {
    with(TASKS, BRIEF, &format!("{BRIEF}\n{more}"))
}

const THREE: &str = "[[obligation.change]]\nfrom = \"2027-01-01\"\nat_least = 3\nabout = \"每年讲三次。\"\nsource = \"示例文件\"";

/// What is owed in each year, as seen at the end of 2028.
fn owed(programme: &Programme) -> Vec<(String, i64)> {
    let pairing = PairingFact {
        helper: "甲校".to_owned(),
        party: PairingRole::Lead,
        county_school: "县校".to_owned(),
        from: day("2024-01-01"),
        to: None,
        signed: None,
        planned: None,
    };
    let found = clocks(programme, &[pairing], &[], &Arrangements::default(), day("2028-12-31"));
    found.into_iter().map(|reading| (reading.period_name, reading.owed)).collect()
}

fn years(owed: &[(i32, i64)]) -> Vec<(String, i64)> {
    owed.iter().map(|(year, owed)| (format!("{year}年"), *owed)).collect()
}

#[test]
fn a_duty_that_changes_is_owed_by_what_is_in_force_on_the_last_day() {
    assert_eq!(owed(&programme()), years(&[(2024, 2), (2025, 2), (2026, 2), (2027, 2), (2028, 2)]));
    let changed = brief(THREE);
    assert_eq!(owed(&changed), years(&[(2024, 2), (2025, 2), (2026, 2), (2027, 3), (2028, 3)]));
    // In the middle of a year it holds for the whole of it.
    let middle = brief(&THREE.replace("2027-01-01", "2027-07-01"));
    assert_eq!(owed(&middle), owed(&changed));
    let ended = brief("to = \"2026-12-31\"");
    assert_eq!(owed(&ended), years(&[(2024, 2), (2025, 2), (2026, 2)]));
    let begun = brief("from = \"2026-01-01\"");
    assert_eq!(owed(&begun), years(&[(2026, 2), (2027, 2), (2028, 2)]));
    let duty = changed.obligation("brief").unwrap();
    assert_eq!(
        (duty.about_on(day("2026-12-31")), duty.about_on(day("2027-12-31"))),
        ("每年到校讲政策。", "每年讲三次。")
    );
}

#[test]
fn a_record_is_owed_as_often_as_is_in_force() {
    let more = "every = \"quarter\"\nat_least = 1\n[[duty.change]]\nfrom = \"2026-07-01\"\nat_least = 2\nabout = \"每季开两次。\"\nsource = \"示例文件\"";
    let changed = with(TASKS, "every = \"quarter\"\nat_least = 1", more);
    let duty = changed.duties.iter().find(|duty| duty.id == "meet").unwrap();
    let read = |id: &str| {
        let periods = duty_periods(&changed, duty, day("2026-11-24"));
        let period = periods.iter().find(|period| period.id == id).unwrap();
        let reading = duty_reading(&changed, duty, "市局", &[], period, day("2026-11-24"));
        (reading.owed, reading.state)
    };
    assert_eq!((read("2026-q2"), read("2026-q3")), ((1, ClockState::Missed), (2, ClockState::Missed)));
}

#[test]
fn a_target_is_seen_as_it_is_on_the_day_and_never_changes_after_its_year() {
    let aim = "aim = { kind = \"at_least\", value = 500 }";
    let more = "basis = \"统计口径未确认：当年数还是累计数\"\n[[target.change]]\nfrom = \"2026-06-01\"\naim = { kind = \"at_least\", value = 600 }\nsource = \"示例文件\"";
    let changed = with(TARGETS, "basis = \"统计口径未确认：当年数还是累计数\"", more);
    let target = &changed.targets[0];
    assert!(small()[TARGETS].contains(aim));
    assert_eq!(target.aim_on(day("2026-05-31")), Aim::AtLeast { value: 500 });
    assert_eq!(target.aim_on(day("2026-06-01")), Aim::AtLeast { value: 600 });
    let late = with(
        TARGETS,
        "basis = \"统计口径未确认：当年数还是累计数\"",
        &more.replace("2026-06-01", "2028-01-01"),
    );
    assert_eq!(late.targets[0].aim_on(day("2029-01-01")), Aim::AtLeast { value: 500 });
    let year = Period::year(2027).unwrap();
    assert_eq!(changed.targets[0].on(year.to).aim, Aim::AtLeast { value: 600 });
}

#[test]
fn a_threshold_judges_by_its_limit_of_the_day() {
    let source = "source = \"示例文件第一条\"";
    let more = format!(
        "{source}\n[[threshold.change]]\nfrom = \"2027-01-01\"\nat_least = 33000\nsource = \"示例文件\""
    );
    let changed = with(STANDARDS, source, &more);
    let values = [("land".to_owned(), Reported::Value(31_000))].into();
    let state =
        |on: &str| attainment(&changed, changed.standard("first").unwrap(), &values, &[], day(on)).state;
    assert_eq!((state("2026-12-31"), state("2027-01-01")), (Attained::Met, Attained::NotMet));
    // One that is no longer in force judges nothing, and a standard without a judge decides nothing.
    let ended = with(STANDARDS, source, &format!("{source}\nto = \"2026-12-31\""));
    let gone = attainment(&ended, ended.standard("first").unwrap(), &values, &[], day("2027-01-01"));
    assert_eq!((gone.state, gone.items.len()), (Attained::Unknown, 1));
}

#[test]
fn what_would_judge_a_closed_period_again_is_refused() {
    let today = day("2026-11-24");
    let broken = |new: &Programme| {
        breaks(&programme(), new, today).into_iter().map(|one| one.what).collect::<Vec<_>>()
    };
    assert_eq!(broken(&brief(THREE)), Vec::<String>::new());
    // 2026 is still open: what is in force on its last day judges it.
    assert_eq!(broken(&brief(&THREE.replace("2027-01-01", "2026-12-01"))), Vec::<String>::new());
    assert_eq!(broken(&brief(&THREE.replace("2027-01-01", "2025-12-01"))), ["履职要求“每年宣讲”：2025年"]);
    let undated = with(TASKS, "owed_by = [\"lead\"]\nat_least = 2", "owed_by = [\"lead\"]\nat_least = 3");
    assert_eq!(broken(&undated), ["履职要求“每年宣讲”：2025年"]);
    assert_eq!(broken(&brief("to = \"2025-06-30\"")), ["履职要求“每年宣讲”：2025年"]);
    let others = with(
        TASKS,
        "activity = \"briefing\"\nowed_by = [\"lead\"]",
        "activity = \"briefing\"\nowed_by = [\"lead\", \"nearby\"]",
    );
    assert_eq!(broken(&others), ["履职要求“每年宣讲”"]);
    let files =
        |text: &str| text.replace("every = \"quarter\"\nat_least = 1", "every = \"quarter\"\nat_least = 2");
    let mut often = small();
    let tasks = files(&often[TASKS]).replace("about = \"每季开一次。\"", "about = \"每季开两次。\"");
    often.insert(TASKS.to_owned(), tasks);
    let often = load(&often).unwrap();
    assert_eq!(broken(&often), ["职责“每季开会”：2026年第三季度"]);
    let wider = with(STANDARDS, "at_least = 30000", "at_least = 33000");
    assert_eq!(broken(&wider), ["标准要求“占地”：2025年"]);
    // A target of a year that is not over may still be written otherwise.
    let higher = with(TARGETS, "value = 500", "value = 600");
    assert_eq!(broken(&higher), Vec::<String>::new());
    assert_eq!(breaks(&programme(), &higher, day("2028-01-01")).len(), 1);
}

#[test]
fn what_changes_is_told() {
    let told = |new: &Programme| diff(&programme(), new).into_iter().map(|one| one.after).collect::<Vec<_>>();
    assert_eq!(told(&brief(THREE)), ["自2027-01-01起至少3次（示例文件）"]);
    let about = "about = \"两校教师同上一堂课。\"";
    let retired = with(TASKS, about, &format!("{about}\nretired = \"2027-01-01\""));
    assert_eq!(told(&retired), ["2027-01-01"]);
}

#[test]
fn changes_that_make_no_sense() {
    let refused = |more: &str, caret: &str, message: &str| {
        refuses(TASKS, BRIEF, &format!("{BRIEF}\n{more}"), caret, message);
    };
    refused(&THREE.replace("at_least = 3", "at_least = 0"), "0", "至少要求须大于零");
    refused(&THREE.replace("\"示例文件\"", "\" \""), "\" \"", "是空的");
    refused(&format!("{THREE}\n{THREE}"), "\"2027-01-01\"", "不晚于上一次");
    refused(
        &THREE.replace("at_least = 3", "at_least = 2").replace("三", "两"),
        "[[obligation.change]]",
        "与之前相同",
    );
    refused("from = \"2027-01-01\"\nto = \"2026-01-01\"", "\"2026-01-01\"", "终止日早于起始日");
    refused(
        "[[obligation.change]]\nfrom = \"2027-01-01\"\nat_least = 3",
        "[[obligation.change]]",
        "缺少“source”",
    );
    let limit = "source = \"示例文件第一条\"";
    let empty = format!("{limit}\n[[threshold.change]]\nfrom = \"2027-01-01\"\nsource = \"示例文件\"");
    refuses(STANDARDS, limit, &empty, "[[threshold.change]]", "变更没有写界限");
}

#[test]
fn words_say_the_number_of_the_rule() {
    let about = "about = \"每年到校讲政策。\"";
    let three = "\"每年讲三次。\"";
    refuses(TASKS, about, &format!("about = {three}"), three, "文字里说的是3次，规则是2次");
    accepts(TASKS, about, "about = \"每年讲两次，一次不少于半天。\"");
    // The words of before do not fit the change, which brings none of its own.
    let silent = THREE.replace("about = \"每年讲三次。\"\n", "");
    let old = format!(
        "{about}\nactivity = \"briefing\"\nowed_by = [\"lead\"]\nat_least = 2\nunit = \"times\"\n{BRIEF}"
    );
    let new = old.replace("每年到校讲政策。", "每年讲两次。") + "\n" + &silent;
    refuses(TASKS, &old, &new, "[[obligation.change]]", "文字里说的是2次，规则是3次");
    let basis = "basis = \"统计口径未确认：当年";
    let caret = "\"不少于800学时；当年数还是累计数\"";
    refuses(TARGETS, basis, "basis = \"不少于800学时；当年", caret, "规则是500学时");
}

#[test]
fn retired_ids_are_no_longer_offered_and_nobody_owes_them() {
    let unowed = brief("to = \"2026-12-31\"");
    assert!(unowed.activity("briefing").unwrap().is_offered_on(day("2030-01-01")));
    let about = "about = \"到县级院校讲一次政策。\"";
    let retired = format!("{about}\nretired = \"2027-01-01\"");
    refuses(TASKS, about, &retired, "[[obligation]]", "自2027-01-01起停用");
    let mut files = small();
    let text = files.get_mut(TASKS).unwrap();
    *text = text.replacen(about, &retired, 1).replacen(BRIEF, &format!("{BRIEF}\nto = \"2026-12-31\""), 1);
    let programme = load(&files).unwrap();
    let activity = programme.activity("briefing").unwrap();
    assert!(activity.is_offered_on(day("2026-12-31")) && !activity.is_offered_on(day("2027-01-01")));
    let form = programme.register().into_iter().find(|form| form.id == "briefing").unwrap();
    assert!(form.asked_on(day("2026-12-31")) && !form.asked_on(day("2027-01-01")));
    assert!(form.fields.iter().all(|field| !field.asked_on(day("2027-01-01"))));
    assert_eq!(breaks(&crate::programme(), &programme, day("2026-11-24")), []);
}

#[test]
fn examples_of_a_changed_rule_can_be_written_as_they_are_now() {
    let mut files = small();
    let text = files.get_mut(TASKS).unwrap();
    *text = text.replacen("expect = { counted = 1 }", "expect = { counted = 7 }", 1);
    let failures = run_examples(&load(&files).unwrap());
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].message, "counted 预期 7，得到 1");
    let mended = accepted(&files, &failures);
    assert_eq!(mended, small(), "only what was expected is written");
    // A state is told as the file has it.
    let text = files.get_mut(STANDARDS).unwrap();
    *text = text.replacen("attainment = \"met\"", "attainment = \"not_met\"", 1);
    let failures = run_examples(&load(&files).unwrap());
    assert!(
        failures.iter().any(|one| one.message == "attainment 预期 \"not_met\"，得到 \"met\""),
        "{failures:?}"
    );
    assert_eq!(accepted(&files, &failures), small());
}
