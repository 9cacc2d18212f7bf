//! Indicators: what they count exists, can be counted, and has one unit (principle 6).

use crate::check::measure::{extra, unit};
use crate::check::{output, profile, reference};
use crate::doc::Item;
use crate::fields::{Field, FieldKind, Only};
use crate::load::RawProgramme;
use crate::model::{Activity, Became, Indicator, IndicatorOf, OutputSum};
use crate::problem::Problem;
use crate::profile::ElementKind;
use jiedui_kernel::Unit;

pub(super) fn check_tables(item: &Item<'_, Indicator>, problems: &mut Vec<Problem>) {
    let here = item.value.unit;
    match &item.value.of {
        IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned => {
            extra(item, "of", "from", problems);
            unit(item, here, Unit::Schools, "由结对数出的指标", problems);
        }
        IndicatorOf::Attained { .. } => unit(item, here, Unit::Schools, "达标院校数", problems),
        IndicatorOf::Level { any } => {
            output::levels(item, "of.any", any, problems);
            unit(item, here, Unit::Schools, "按层次数出的院校数", problems);
        }
        IndicatorOf::Covered { .. } => unit(item, here, Unit::Persons, "按人算的覆盖", problems),
        IndicatorOf::Ratio { numerator, denominator } => {
            unit(item, here, Unit::BasisPoints, "比率", problems);
            if numerator == denominator {
                problems.push(item.problem("of.denominator", "分子与分母相同", "请核对两个指标编号"));
            }
        }
        IndicatorOf::Entries { .. } | IndicatorOf::Outputs { .. } | IndicatorOf::Profile { .. } => {}
    }
    let of_schools =
        matches!(&item.value.of, IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned);
    if item.value.all_by.is_some() && !of_schools {
        let help = "all_by 只用于按结对数出的院校数；其他目标请写 [[target]]";
        problems.push(item.problem("all_by", "这个指标不能要求全部院校做到", help));
    }
    let empty = match &item.value.of {
        IndicatorOf::Entries { activity, .. } | IndicatorOf::Covered { activity } => {
            activity.is_empty().then_some("of.activity")
        }
        IndicatorOf::Outputs { output, .. } => output.is_empty().then_some("of.output"),
        _ => None,
    };
    if let Some(path) = empty {
        problems.push(item.problem(path, "没有写计哪一种", "请至少写一个编号"));
    }
}

pub(super) fn check_references(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Indicator>,
    problems: &mut Vec<Problem>,
) {
    match &item.value.of {
        IndicatorOf::Entries { activity, field, only, answered, given_by: _ } => {
            for (at, id) in activity.iter().enumerate() {
                entries(plan, item, (at, id), field.as_deref(), only.as_ref(), problems);
                are_fields(plan, item, id, answered, problems);
            }
        }
        IndicatorOf::Covered { activity } => {
            for (at, id) in activity.iter().enumerate() {
                let path = format!("of.activity.{at}");
                reference(item, &path, "活动", id, &plan.activities.ids, problems);
                if found(plan, id).is_some_and(|activity| activity.roster.is_none()) {
                    let help = "按人算覆盖要有名单：请在这个活动里写 [activity.roster]";
                    problems.push(item.problem(&path, format!("活动“{id}”没有名单"), help));
                }
            }
        }
        IndicatorOf::Outputs { output, sum, only, stage, of_project: _ } => {
            for (at, id) in output.iter().enumerate() {
                outputs(plan, item, (at, id), *sum, only.as_ref(), problems);
                stages(plan, item, id, stage, problems);
            }
        }
        IndicatorOf::Profile { element } => of_profile(plan, item, element, problems),
        IndicatorOf::Attained { standard } => {
            if let Some(standard) = standard {
                reference(item, "of.standard", "标准", standard, &plan.standards.ids, problems);
            }
        }
        IndicatorOf::Ratio { numerator, denominator } => {
            ratio(plan, item, [numerator, denominator], problems)
        }
        IndicatorOf::Level { .. } | IndicatorOf::Paired | IndicatorOf::Signed | IndicatorOf::Planned => {}
    }
}

fn found<'a>(plan: &'a RawProgramme<'_>, id: &str) -> Option<&'a Activity> {
    plan.activities.items.iter().map(|item| &item.value).find(|activity| activity.id == id)
}

fn entries(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Indicator>,
    (at, id): (usize, &str),
    field: Option<&str>,
    only: Option<&Only>,
    problems: &mut Vec<Problem>,
) {
    reference(item, &format!("of.activity.{at}"), "活动", id, &plan.activities.ids, problems);
    let Some(activity) = found(plan, id) else { return };
    // A retired form is read as the one that asks for it now.
    let now = activity.became.as_ref().and_then(|became| Some((became, found(plan, &became.into)?)));
    if let Some((became, into)) = now
        && field.is_some()
        && became.quantity.as_deref() == field
    {
        return only.into_iter().for_each(|only| {
            filter(item, "of.only", (&into.id, &into.fields), only, problems);
        });
    }
    match field {
        None => unit(item, item.value.unit, activity.unit, "它所计的活动", problems),
        Some(field) => match activity.fields.iter().find(|other| other.id == field) {
            Some(summed) if summed.kind == FieldKind::Number => {
                if let Some(there) = summed.unit {
                    unit(item, item.value.unit, there, "它所加的栏目", problems);
                }
            }
            other => {
                let what = if other.is_some() { "不是数字" } else { "不存在" };
                let message = format!("活动“{id}”的栏目“{field}”{what}");
                problems.push(item.problem("of.field", message, "请写这个活动里一个数字栏目的编号"));
            }
        },
    }
    let now = now.map(|(became, into)| (became, (into.id.as_str(), into.fields.as_slice())));
    only_of(item, (id, &activity.fields), now, only, problems);
}

/// Only what counts can be counted apart.
fn stages(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Indicator>,
    id: &str,
    stages: &[String],
    problems: &mut Vec<Problem>,
) {
    let Some(output) = output::found(plan, id) else { return };
    for (at, stage) in stages.iter().enumerate() {
        if !output.stages.iter().any(|one| one.id == *stage && one.counts) {
            let message = format!("“{}”没有计入的阶段“{stage}”", output.name);
            let help = "请写一个 counts = true 的阶段的编号";
            problems.push(item.problem(&format!("of.stage.{at}"), message, help));
        }
    }
}

/// What has to be answered can be answered.
fn are_fields(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Indicator>,
    id: &str,
    answered: &[String],
    problems: &mut Vec<Problem>,
) {
    let Some(activity) = found(plan, id) else { return };
    for (at, field) in answered.iter().enumerate() {
        if !activity.fields.iter().any(|other| other.id == *field) {
            let message = format!("活动“{id}”没有栏目“{field}”");
            problems.push(item.problem(
                &format!("of.answered.{at}"),
                message,
                "请写这个活动里一个栏目的编号",
            ));
        }
    }
}

/// A share of an optional field is taken over the entries that answer it: a blank is not nought.
fn blanks(item: &Item<'_, Indicator>, over: &Indicator, under: &Indicator, problems: &mut Vec<Problem>) {
    let (
        IndicatorOf::Entries { activity: above, field: Some(field), .. },
        IndicatorOf::Entries { activity: below, answered, .. },
    ) = (&over.of, &under.of)
    else {
        return;
    };
    if above.iter().any(|id| below.contains(id)) && !answered.contains(field) {
        let message = format!("“{}”没有填“{field}”的也算进了分母", under.name);
        let help = format!("请另设一个写有 answered = [\"{field}\"] 的指标作分母：没有填的不当作零");
        problems.push(item.problem("of.denominator", message, help));
    }
}

/// A filter goes by a choice of the form, and by options that it has.
pub(super) fn filter<T>(
    item: &Item<'_, T>,
    path: &str,
    (id, fields): (&str, &[Field]),
    only: &Only,
    problems: &mut Vec<Problem>,
) {
    let choice = fields.iter().find(|field| field.id == only.field && field.kind == FieldKind::Choice);
    let Some(choice) = choice else {
        let message = format!("“{id}”没有选择题“{}”", only.field);
        let help = "筛选须按一个选择题，请写它的编号";
        problems.push(item.problem(&format!("{path}.field"), message, help));
        return;
    };
    if only.is.is_empty() && !only.blank {
        problems.push(item.problem(&format!("{path}.is"), "没有写只计哪些选项", "请至少写一个选项编号"));
    }
    for (at, option) in only.is.iter().enumerate() {
        if !choice.options.iter().any(|other| other.id == *option) {
            let known: Vec<&str> = choice.options.iter().map(|option| option.id.as_str()).collect();
            let help = format!("可选：{}", known.join("、"));
            let message = format!("“{}”没有选项“{option}”", choice.label);
            problems.push(item.problem(&format!("{path}.is.{at}"), message, help));
        }
    }
}

/// The filter of an indicator, by the form that asks for it now.
fn only_of(
    item: &Item<'_, Indicator>,
    (id, fields): (&str, &[Field]),
    now: Option<(&Became, (&str, &[Field]))>,
    only: Option<&Only>,
    problems: &mut Vec<Problem>,
) {
    let Some(only) = only else { return };
    let into = now.filter(|(became, _)| became.fields.contains_key(&only.field));
    let of = into.map_or((id, fields), |(_, into)| into);
    filter(item, "of.only", of, only, problems);
}

fn outputs(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Indicator>,
    (at, id): (usize, &str),
    sum: OutputSum,
    only: Option<&Only>,
    problems: &mut Vec<Problem>,
) {
    let path = format!("of.output.{at}");
    reference(item, &path, "成果或记录", id, &plan.outputs.ids, problems);
    output::never_counts(plan, item, &path, id, problems);
    let Some(counted) = output::found(plan, id) else { return };
    let now = counted.became.as_ref().and_then(|became| Some((became, output::found(plan, &became.into)?)));
    let now = now.map(|(became, into)| (became, (into.id.as_str(), into.fields.as_slice())));
    only_of(item, (id, &counted.fields), now, only, problems);
    match sum {
        OutputSum::Number if item.value.unit == Unit::Items => {}
        // A school counts once, whatever it is that it has.
        OutputSum::Number if item.value.unit == Unit::Schools && counted.of_school => {}
        // One by one, in the word for one of them: 家, 所.
        OutputSum::Number if counted.quantity_label.is_empty() => {
            unit(item, item.value.unit, counted.unit, "它所数的成果", problems);
        }
        OutputSum::Number => unit(item, item.value.unit, Unit::Items, "按件数的成果", problems),
        OutputSum::Quantity | OutputSum::Achieved => {
            let label =
                if sum == OutputSum::Quantity { &counted.quantity_label } else { &counted.achieved_label };
            if label.is_empty() {
                let help = "请改为 sum = \"number\"，或在成果里写明这个数叫什么";
                problems.push(item.problem("of.sum", format!("“{id}”没有这个数可加"), help));
            }
            unit(item, item.value.unit, counted.unit, "它所加的成果", problems);
        }
    }
}

fn of_profile(plan: &RawProgramme<'_>, item: &Item<'_, Indicator>, id: &str, problems: &mut Vec<Problem>) {
    reference(item, "of.element", "基本情况项目", id, &plan.elements.ids, problems);
    let Some(element) = profile::found(plan, id) else { return };
    if element.kind == ElementKind::Date {
        problems.push(item.problem("of.element", "日期不能相加", "请改用数字项目"));
    } else if matches!(element.unit, Unit::BasisPoints | Unit::SquareMetresPerPerson) {
        let help = "各校的比率不能相加：请分别统计分子、分母，再用 ratio";
        problems.push(item.problem("of.element", format!("“{}”是比率，不能按校相加", element.name), help));
    } else {
        unit(item, item.value.unit, element.unit, "它所加的基本情况项目", problems);
    }
}

fn ratio(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Indicator>,
    parts: [&String; 2],
    problems: &mut Vec<Problem>,
) {
    let paths = ["of.numerator", "of.denominator"];
    for (path, id) in paths.iter().zip(parts) {
        reference(item, path, "指标", id, &plan.indicators.ids, problems);
    }
    let read =
        |id: &String| plan.indicators.items.iter().map(|other| &other.value).find(|other| other.id == *id);
    let [Some(over), Some(under)] = parts.map(read) else { return };
    for (path, part) in paths.iter().zip([over, under]) {
        if matches!(part.of, IndicatorOf::Ratio { .. }) {
            let message = format!("“{}”自己也是比率", part.name);
            problems.push(item.problem(path, message, "比率的分子分母须是可以相加的指标"));
        }
    }
    blanks(item, over, under, problems);
    if over.unit != under.unit {
        let message = format!("分子的单位是“{}”，分母的单位是“{}”", over.unit.label(), under.unit.label());
        problems.push(item.problem("of.denominator", message, "分子分母须同一单位；人与人次不是同一单位"));
    }
}
