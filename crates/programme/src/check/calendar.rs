//! Semesters, minimum notice (principle 8), holidays and make-up days.

use crate::calendar::Calendar;
use crate::check::{burden, filled};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::problem::Problem;
use chrono::{Datelike, Weekday};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    semesters(plan, problems);
    vacations(plan, problems);
    if let Some(item) = &plan.calendar {
        burden::notice(item, problems);
        dispatch(item, problems);
        followups(item, problems);
        unusual(item, problems);
        if item.has("workdays") {
            let help = "放假与调休写在 calendar/workdays.toml 里";
            problems.push(item.problem("workdays", "不认识的项“workdays”", help));
        }
    }
    workdays(plan, problems);
}

/// Whoever accepts a month is told in time, and no level before the one below.
fn dispatch(item: &Item<'_, Calendar>, problems: &mut Vec<Problem>) {
    if item.value.months_since.is_none() {
        return;
    }
    let (days, least) = (item.value.month_accept_workdays, item.value.minimum_notice_workdays);
    if days[0] < least {
        let message = format!("月末以后 {} 个工作日就要接收，少于最短提前期 {least} 个工作日", days[0]);
        problems.push(item.problem("month_accept_workdays", message, "请改成不少于最短提前期的工作日数"));
    }
    if days[0] >= days[1] || days[1] >= days[2] {
        let help = "依次写县局、市局、省办的工作日数，一级比一级晚，例如 [5, 8, 10]";
        problems.push(item.problem("month_accept_workdays", "上一级的期限不晚于下一级", help));
    }
}

/// What is pointed out is more than what is usual anyway, and the parties know of it before it is accepted.
fn unusual(item: &Item<'_, Calendar>, problems: &mut Vec<Problem>) {
    let of = item.value.unusual;
    for (key, times, least) in [
        ("few", of.few, 2),
        ("own_times", of.own_times, 2),
        ("jump_times", of.jump_times, 2),
        ("own_least", of.own_least, 1),
    ] {
        if times < least {
            let message = format!("{key} 是 {times}，平常的情形也会被提示");
            problems.push(item.problem("unusual", message, format!("请写不小于 {least} 的整数")));
        }
    }
    if of.own_least > of.own_months || of.own_months > 24 {
        let help = "own_months 最多 24，own_least 不大于 own_months";
        problems.push(item.problem("unusual", "与本校以前各月比较的月数不合适", help));
    }
    if of.parties_first_workdays >= item.value.month_accept_workdays[0] {
        let help = "parties_first_workdays 要比县局接收的工作日数小";
        problems.push(item.problem("unusual", "双方还没有先看到提示，县局就要接收", help));
    }
}

/// Whoever is asked to see to something is told in time.
fn followups(item: &Item<'_, Calendar>, problems: &mut Vec<Problem>) {
    let (days, least) = (item.value.followup_workdays, item.value.minimum_notice_workdays);
    if days < least {
        let message = format!("督办事项 {days} 个工作日就要办结，少于最短提前期 {least} 个工作日");
        problems.push(item.problem("followup_workdays", message, "请改成不少于最短提前期的工作日数"));
    }
}

fn semesters(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.calendar else { return };
    let semesters = &item.value.semesters;
    if semesters.is_empty() {
        problems.push(item.problem("semesters", "没有写学期", "请至少写一个 [[calendar.semesters]]"));
    }
    let mut seen = BTreeSet::new();
    for (at, semester) in semesters.iter().enumerate() {
        filled(item, &[(&format!("semesters.{at}.name"), &semester.name)], problems);
        if semester.id.trim().is_empty() || !seen.insert(&semester.id) {
            let message = format!("学期编号“{}”重复或为空", semester.id);
            problems.push(item.problem(&format!("semesters.{at}.id"), message, "每个学期用不同的编号"));
        }
        if semester.to < semester.from {
            let message = format!("学期“{}”的结束日早于开始日", semester.id);
            let help = "请核对 from 与 to，是否写反";
            problems.push(item.problem(&format!("semesters.{at}.to"), message, help));
        }
        let clash =
            semesters[..at].iter().find(|other| other.from <= semester.to && semester.from <= other.to);
        if let Some(other) = clash {
            let message = format!("学期“{}”与“{}”的日期重叠", semester.id, other.id);
            let help = "同一天只能属于一个学期，请调整起止日";
            problems.push(item.problem(&format!("semesters.{at}.from"), message, help));
        }
    }
}

fn vacations(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.calendar else { return };
    for (at, vacation) in item.value.vacations.iter().enumerate() {
        filled(item, &[(&format!("vacations.{at}.name"), &vacation.name)], problems);
        if vacation.to < vacation.from {
            let message = format!("“{}”的结束日早于开始日", vacation.name);
            let help = "请核对 from 与 to，是否写反";
            problems.push(item.problem(&format!("vacations.{at}.to"), message, help));
        }
    }
}

fn workdays(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let mut years = BTreeSet::new();
    let mut seen = BTreeMap::new();
    for item in &plan.years {
        let year = item.value.year;
        if !years.insert(year) {
            problems.push(item.problem("year", format!("{year}年写了两次"), "请合并成一段 [[year]]"));
        }
        let days = [("holidays", &item.value.holidays), ("makeup", &item.value.makeup)];
        for (key, at, day) in
            days.iter().flat_map(|(key, list)| list.iter().enumerate().map(move |(at, day)| (*key, at, *day)))
        {
            let path = format!("{key}.{at}");
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            if day.year() != year {
                problems.push(item.problem(&path, format!("{day}不在{year}年"), "请移到它所在的年份"));
            }
            if key == "makeup" && !weekend {
                problems.push(item.problem(&path, format!("{day}不是周末"), "调休上班日只会落在周六或周日"));
            }
            if seen.insert(day, key).is_some() {
                let help = "同一天不能既放假又上班，也不必写两遍";
                problems.push(item.problem(&path, format!("{day}重复"), help));
            }
        }
    }
}
