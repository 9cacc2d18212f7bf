//! Examples: each is about one thing, says what is needed to run it, speaks only of what exists, and expects something.

use crate::check::{filled, reference};
use crate::doc::Item;
use crate::example::{Subject, Written};
use crate::facts::FieldValue;
use crate::fields::Field;
use crate::load::RawProgramme;
use crate::model::IndicatorOf;
use crate::outputs::Output;
use crate::problem::Problem;
use std::collections::BTreeMap;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.examples {
        filled(item, &[("about", &item.value.about)], problems);
        if let Err((path, message, help)) = item.value.shape() {
            problems.push(item.problem(&path, message, help));
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.examples {
        let Some(about) = item.value.subject() else { continue };
        subject(plan, item, about, problems);
        facts(plan, item, about, problems);
        outputs(plan, item, about, problems);
        values(plan, item, problems);
        if let Subject::Application(id) = about {
            application(plan, item, id, problems);
        }
    }
}

fn subject(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Written>,
    about: Subject<'_>,
    problems: &mut Vec<Problem>,
) {
    let (path, what, id, known) = match about {
        Subject::Activity(id) => ("activity", "活动", id, &plan.activities.ids),
        Subject::Indicator(id) => ("indicator", "指标", id, &plan.indicators.ids),
        Subject::Obligation(id) => ("obligation", "履职要求", id, &plan.obligations.ids),
        Subject::Output(id) => ("output", "成果或记录", id, &plan.outputs.ids),
        Subject::Application(id) => ("application", "申报", id, &plan.applications.ids),
        Subject::Standard(id) => ("standard", "标准", id, &plan.standards.ids),
        Subject::Duty(id) => ("duty", "职责", id, &plan.duties.ids),
    };
    reference(item, path, what, id, known, problems);
}

fn facts(plan: &RawProgramme<'_>, item: &Item<'_, Written>, about: Subject<'_>, problems: &mut Vec<Problem>) {
    let meant = match about {
        Subject::Activity(id) => Some(id),
        Subject::Indicator(id) => indicator(plan, id).and_then(|of| match of {
            IndicatorOf::Entries { activity, .. } | IndicatorOf::Covered { activity } => {
                activity.first().map(String::as_str)
            }
            _ => None,
        }),
        _ => None,
    };
    for (at, fact) in item.value.facts.iter().enumerate() {
        if let Some(activity) = &fact.activity {
            let path = format!("facts.{at}.activity");
            reference(item, &path, "活动", activity, &plan.activities.ids, problems);
        }
        let Some(id) = fact.activity.as_deref().or(meant) else { continue };
        let known = plan.activities.items.iter().map(|item| &item.value).find(|other| other.id == id);
        let Some(activity) = known else { continue };
        given(item, &format!("facts.{at}.fields"), &fact.fields, &activity.fields, problems);
        if !fact.roster.is_empty() && activity.roster.is_none() {
            let help = "请在活动里写 [activity.roster]，或从示例里删除名单";
            problems.push(item.problem(&format!("facts.{at}.roster"), format!("“{id}”没有名单"), help));
        }
    }
}

fn outputs(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Written>,
    about: Subject<'_>,
    problems: &mut Vec<Problem>,
) {
    let duty = |id: &str| plan.duties.items.iter().map(|item| &item.value).find(|duty| duty.id == id);
    let meant = match about {
        Subject::Output(id) => Some(id),
        Subject::Duty(id) => duty(id).map(|duty| duty.output.as_str()),
        Subject::Indicator(id) => indicator(plan, id).and_then(|of| match of {
            IndicatorOf::Outputs { output, .. } => output.first().map(String::as_str),
            _ => None,
        }),
        _ => None,
    };
    for (at, fact) in item.value.outputs.iter().enumerate() {
        if let Some(output) = &fact.output {
            let path = format!("outputs.{at}.output");
            reference(item, &path, "成果或记录", output, &plan.outputs.ids, problems);
        }
        let Some(id) = fact.output.as_deref().or(meant) else { continue };
        let known: Option<&Output> =
            plan.outputs.items.iter().map(|item| &item.value).find(|other| other.id == id);
        let Some(output) = known else { continue };
        for (number, (stage, _)) in fact.stages.iter().enumerate() {
            if !output.stages.iter().any(|other| other.id == *stage) {
                let known: Vec<&str> = output.stages.iter().map(|stage| stage.id.as_str()).collect();
                let path = format!("outputs.{at}.stages.{number}.0");
                let help = format!("可选：{}", known.join("、"));
                problems.push(item.problem(&path, format!("“{id}”没有阶段“{stage}”"), help));
            }
        }
        given(item, &format!("outputs.{at}.fields"), &fact.fields, &output.fields, problems);
    }
}

fn indicator<'a>(plan: &'a RawProgramme<'_>, id: &str) -> Option<&'a IndicatorOf> {
    plan.indicators.items.iter().map(|item| &item.value).find(|other| other.id == id).map(|found| &found.of)
}

/// A slip in a field would otherwise pass as an answer that nobody gave.
fn given(
    item: &Item<'_, Written>,
    path: &str,
    given: &BTreeMap<String, FieldValue>,
    fields: &[Field],
    problems: &mut Vec<Problem>,
) {
    for (id, value) in given {
        let path = format!("{path}.{id}");
        let Some(field) = fields.iter().find(|field| field.id == *id) else {
            let help = "请写它的栏目编号，或删除";
            problems.push(item.problem(&path, format!("没有栏目“{id}”"), help));
            continue;
        };
        let unknown = |option: &String| !field.options.iter().any(|other| other.id == *option);
        if let FieldValue::Text(option) = value
            && !field.options.is_empty()
            && unknown(option)
        {
            let known: Vec<&str> = field.options.iter().map(|option| option.id.as_str()).collect();
            let message = format!("“{}”没有选项“{option}”", field.label);
            problems.push(item.problem(&path, message, format!("可选：{}", known.join("、"))));
        }
    }
}

/// Values of year-profiles: of elements that are asked, not of those that are computed from them.
fn values(plan: &RawProgramme<'_>, item: &Item<'_, Written>, problems: &mut Vec<Problem>) {
    let example = &item.value;
    let of_school = example.school.iter().map(|school| ("school.profile".to_owned(), &school.profile));
    let of_years = example
        .profiles
        .iter()
        .enumerate()
        .map(|(at, profile)| (format!("profiles.{at}.values"), &profile.values));
    let alone = std::iter::once(("profile".to_owned(), &example.profile));
    for (path, values) in of_school.chain(of_years).chain(alone) {
        for id in values.keys() {
            let path = format!("{path}.{id}");
            reference(item, &path, "基本情况项目", id, &plan.elements.ids, problems);
            let known = plan.elements.items.iter().map(|item| &item.value).find(|other| other.id == *id);
            if known.is_some_and(|element| element.derived.is_some()) {
                let help = "请写它由哪几项算出的那几项";
                problems.push(item.problem(&path, format!("“{id}”是算出来的，不填"), help));
            }
        }
    }
    for (at, id) in example.confirmed_thresholds.iter().enumerate() {
        let path = format!("confirmed_thresholds.{at}");
        reference(item, &path, "标准要求", id, &plan.thresholds.ids, problems);
    }
}

fn application(plan: &RawProgramme<'_>, item: &Item<'_, Written>, id: &str, problems: &mut Vec<Problem>) {
    if let Some(school) = &item.value.school {
        for id in school.outputs.keys() {
            let path = format!("school.outputs.{id}");
            reference(item, &path, "成果或记录", id, &plan.outputs.ids, problems);
        }
        for id in school.figures.keys() {
            let path = format!("school.figures.{id}");
            reference(item, &path, "指标", id, &plan.indicators.ids, problems);
        }
        for id in school.attained.keys() {
            let path = format!("school.attained.{id}");
            reference(item, &path, "标准", id, &plan.standards.ids, problems);
        }
    }
    let known = plan.applications.items.iter().map(|item| &item.value).find(|other| other.id == id);
    let Some(application) = known else { return };
    for id in item.value.expect.conditions.keys() {
        if !application.conditions.iter().any(|condition| condition.id == *id) {
            let known: Vec<&str> = application.conditions.iter().map(|one| one.id.as_str()).collect();
            let help = format!("可选：{}", known.join("、"));
            let path = format!("expect.conditions.{id}");
            problems.push(item.problem(&path, format!("没有编号为“{id}”的条件"), help));
        }
    }
}
