//! Semesters, minimum notice (principle 8), holidays and make-up days.

use crate::check::{burden, filled};
use crate::load::RawProgramme;
use crate::problem::Problem;
use chrono::{Datelike, Weekday};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    semesters(plan, problems);
    if let Some(item) = &plan.calendar {
        burden::notice(item, problems);
        if item.has("workdays") {
            let help = "放假与调休写在 calendar/workdays.toml 里";
            problems.push(item.problem("workdays", "不认识的项“workdays”", help));
        }
    }
    workdays(plan, problems);
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
