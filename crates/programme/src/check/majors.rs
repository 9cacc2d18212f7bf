//! `majors.toml`: bounds that make sense, and an example for each piece of advice.

use crate::check::{filled, reference};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::majors::{MajorAdvice, MajorRules};
use crate::problem::Problem;

const WHOLE: i64 = 10_000;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.majors else { return };
    let rules = &item.value;
    filled(item, &[("about", &rules.about)], problems);
    for (path, value, most) in [
        ("employment_good", rules.employment_good, WHOLE),
        ("employment_poor", rules.employment_poor, WHOLE),
        ("in_field_poor", rules.in_field_poor, WHOLE),
        ("enrolment_fall", rules.enrolment_fall, WHOLE),
        ("graduates_per_posts", rules.graduates_per_posts, 100 * WHOLE),
        ("posts_to_open", rules.posts_to_open, 1_000_000),
    ] {
        if !(1..=most).contains(&value) {
            let help = format!("请写 1 到 {most} 之间的整数；比率以万分之一为单位，90% 写 9000");
            problems.push(item.problem(path, format!("“{path}”超出范围：{value}"), help));
        }
    }
    if rules.employment_poor > rules.employment_good {
        let help = "低于下限是停招的理由，低于要求是调整的理由；下限不能高于要求";
        problems.push(item.problem("employment_poor", "就业率下限高于就业率要求", help));
    }
    examples(item, problems);
}

fn examples(item: &Item<'_, MajorRules>, problems: &mut Vec<Problem>) {
    let examples = &item.value.examples;
    for verdict in MajorAdvice::ALL {
        if examples.iter().all(|example| example.expect != verdict) {
            let message = format!("“{}”没有示例", verdict.label());
            let help = format!("请写一个 [[majors.example]]，expect = \"{}\"", verdict.id());
            problems.push(item.problem("", message, help));
        }
    }
    for (at, example) in examples.iter().enumerate() {
        filled(item, &[(&format!("example.{at}.about"), &example.about)], problems);
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.majors else { return };
    for (at, clause) in item.value.clauses.iter().enumerate() {
        reference(item, &format!("clauses.{at}"), "条款", clause, &plan.clauses.ids, problems);
    }
}
