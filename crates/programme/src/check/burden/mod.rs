//! What burden-relief rules forbid is impossible here (mission map, principles 7 and 8): a programme that asks for it
//! does not load. The two rules are 《整治形式主义为基层减负若干规定》(2024) and 国办函〔2026〕12号 (2026).
//!
//! | rule | where |
//! |---|---|
//! | words of what is forbidden, and who may use them | `words` (the list), `letters` (ways of writing) |
//! | nothing forbidden in what is said beside: titles, explanations, options, stages | `told` |
//! | nothing forbidden is mandatory | [`check_tables`], over everything that any form asks (`asked`) |
//! | nothing forbidden carries a score, a weight, a rank, a target or an obligation | `scored` |
//! | the same thing is asked once, and nothing that can be figured | `once` |
//! | what a field is beside what it is called, and what the system has of it | `known` |
//! | notice | [`notice`] |

mod asked;
mod known;
mod letters;
mod once;
mod scored;
mod told;
mod words;

pub(crate) use words::{ForbiddenWords, InnocentWords};

use crate::calendar::Calendar;
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::problem::Problem;
use jiedui_kernel::Date;

const MINIMUM_NOTICE: u32 = 5;
/// The ceiling of a month is never more than a week of work, in minutes.
const MOST_MINUTES: u32 = 40 * 60;
/// So long after the last semester a field may still be asked.
const LONGEST_YEARS: u32 = 3;

/// No deadline may come at shorter notice than five working days.
pub(super) fn notice(item: &Item<'_, Calendar>, problems: &mut Vec<Problem>) {
    if item.value.minimum_notice_workdays < MINIMUM_NOTICE {
        problems.push(item.problem(
            "minimum_notice_workdays",
            format!("最短提前量少于{MINIMUM_NOTICE}个工作日"),
            format!("基层减负要求给足时间，请改为{MINIMUM_NOTICE}或更多（依据：{}）", words::RELIEF),
        ));
    }
    if item.value.escalation_workdays < MINIMUM_NOTICE {
        let message = format!("久未答复报上一级的天数少于{MINIMUM_NOTICE}个工作日");
        let help = format!("要给对方留出答复的时间，请改为{MINIMUM_NOTICE}或更多");
        problems.push(item.problem("escalation_workdays", message, help));
    }
}

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let (asked, words) = (asked::all(plan), words::Words::of(plan));
    for one in asked.iter().filter(|one| one.required) {
        let said = one.said.iter().find_map(|text| words.asked_under(one.label, text));
        // What it is, by its own word, counts as much as what it is called.
        let is = words.forbidden(&[one.element, known::called(plan, one.element)]);
        if let Some((word, rule)) = words.forbidden(&[one.id, one.label]).or(is).or(said) {
            problems.push(one.place.saying(
                format!("必填项“{}”触及减负禁项（{word}）", one.label),
                &format!(
                    "依据{rule}，这类内容不得强制填报；请删除此项，确有需要的改为选填（required = false）"
                ),
            ));
        }
    }
    told::check_tables(plan, &words, problems);
    words::innocents(plan, problems);
    scored::components(plan, &words, problems);
    sunsets(plan, problems);
    known::check_tables(plan, problems);
    once::within(&asked, problems);
    once::across(&asked, problems);
    ceiling(plan, problems);
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let asked = asked::all(plan);
    once::derivable(plan, &asked, problems);
    known::check_references(plan, &asked, problems);
    scored::check_references(plan, problems);
}

/// Fields are asked until a day on which the plan runs: not one before it began, nor one that never comes.
fn sunsets(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let semesters = plan.calendar.iter().flat_map(|item| &item.value.semesters);
    let days = semesters.clone().map(|one| one.from).min().zip(semesters.map(|one| one.to).max());
    let Some((first, last)) = days.and_then(|(first, last)| {
        Some((first, last.checked_add_months(chrono::Months::new(12 * LONGEST_YEARS))?))
    }) else {
        return;
    };
    let mut judge = |place: Problem, day: Option<Date>| {
        if day.is_some_and(|day| day < first || day > last) {
            let help = format!(
                "最早不早于第一个学期开始（{first}），最晚到最后一个学期之后{LONGEST_YEARS}年（{last}）；到期不再问的，写实际的日期"
            );
            problems.push(place.saying("停问日期不在方案的期限内".to_owned(), &help));
        }
    };
    if let Some(item) = &plan.burden {
        judge(item.problem("sunset", "", ""), Some(item.value.sunset));
    }
    for item in &plan.elements.items {
        judge(item.problem("sunset", "", ""), item.value.sunset);
    }
    for item in &plan.activities.items {
        for (at, field) in item.value.fields.iter().enumerate() {
            judge(item.problem(&format!("field.{at}.sunset"), "", ""), field.sunset);
        }
    }
    for item in &plan.outputs.items {
        for (at, field) in item.value.fields.iter().enumerate() {
            judge(item.problem(&format!("field.{at}.sunset"), "", ""), field.sunset);
        }
    }
}

/// A single form that costs more than the public ceiling for a month.
fn ceiling(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(ceiling) = plan.burden.as_ref().map(|item| item.value.ceiling_minutes) else { return };
    if let Some(item) = plan.burden.as_ref().filter(|_| ceiling > MOST_MINUTES) {
        let message = format!("每月填报上限 {ceiling} 分钟，超过一周的工作时间");
        let help = format!("基层减负要求精简填报，请改为 {MOST_MINUTES} 或更少");
        problems.push(item.problem("ceiling_minutes", message, help));
    }
    let over = |minutes: u32| ceiling > 0 && minutes > ceiling;
    let say = |place: Problem| {
        let help = "请精简栏目；上限写在 programme.toml 的 [burden]";
        place.saying(format!("填一次就超过每月{ceiling}分钟的公开上限"), help)
    };
    let activities =
        plan.activities.items.iter().map(|item| (item.value.minutes, item.problem("minutes", "", "")));
    let outputs = plan.outputs.items.iter().map(|item| (item.value.minutes, item.problem("minutes", "", "")));
    let applications =
        plan.applications.items.iter().map(|item| (item.value.minutes, item.problem("minutes", "", "")));
    let forms = plan.forms.items.iter().map(|item| (item.value.minutes, item.problem("minutes", "", "")));
    let profile = plan.profile.iter().map(|item| (item.value.minutes, item.problem("minutes", "", "")));
    let all = activities.chain(outputs).chain(applications).chain(forms).chain(profile);
    problems.extend(all.filter(|(minutes, _)| over(*minutes)).map(|(_, place)| say(place)));
}
