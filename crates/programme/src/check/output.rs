//! Lasting things, applications for them, and the duties that a record fulfils.

use crate::check::{became, filled, form, indicator, measure, named, reference, repeated};
use crate::doc::Item;
use crate::fields::{FieldKind, Side};
use crate::load::RawProgramme;
use crate::matching::LEVELS;
use crate::model::{Indicator, IndicatorOf};
use crate::outputs::{Application, Duty, Holds, Output, OutputKind};
use crate::problem::Problem;
use crate::profile::ElementKind;
use jiedui_kernel::Unit;

/// What every form of an output asks by itself.
const OWN: [&str; 11] = [
    "title", "school", "stage", "since", "quantity", "achieved", "helper", "project", "follows", "version",
    "except",
];

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    plan.outputs.items.iter().for_each(|item| output(item, problems));
    plan.applications.items.iter().for_each(|item| application(item, problems));
    for item in &plan.duties.items {
        let duty = &item.value;
        named(item, &duty.id, problems);
        filled(item, &[("name", &duty.name), ("about", &duty.about)], problems);
        form::sides(item, "owed_by", &duty.owed_by, "承担", problems);
        if duty.at_least < 1 {
            problems.push(item.problem("at_least", "至少要求须大于零", "请写一个正整数"));
        }
    }
}

fn output(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let output = &item.value;
    named(item, &output.id, problems);
    filled(item, &[("name", &output.name), ("action", &output.action), ("about", &output.about)], problems);
    form::declared(item, &output.clauses, output.minutes, problems);
    form::fields(item, &output.fields, form::Written::InFull, problems);
    form::reserved(item, &output.fields, &OWN, problems);
    form::sides(item, "recorded_by", &output.recorded_by, "登记", problems);
    form::options_by(item, &output.fields, &output.recorded_by, problems);
    form::options_confirmed(item, &output.fields, None, problems);
    match output.confirmed_by {
        Some(_) if !output.of_school => {
            let help = "不属于哪所县级院校的，没有对方可确认：请删除 confirmed_by，或改为 of_school = true";
            problems.push(item.problem("confirmed_by", "没有县级院校，却写了由谁确认", help));
        }
        Some(confirmer) => {
            let others: Vec<_> =
                output.recorded_by.iter().filter(|side| !output.own.contains(side)).copied().collect();
            form::two_sides(item, &others, confirmer, problems);
        }
        None if output.of_school && output.kind != OutputKind::Record => {
            let help = "建设成果和投入承诺须由另一方确认才计入：请写 confirmed_by";
            problems.push(item.problem("recorded_by", "没有写明由谁确认", help));
        }
        None => {}
    }
    own(item, problems);
    if let Some(level) = &output.raises_to {
        levels(item, "raises_to", std::slice::from_ref(level), problems);
    }
    on_certificates(item, problems);
    notice(item, problems);
    amount(item, problems);
    stages(item, problems);
    holder(item, problems);
    major(item, problems);
}

/// What a paper of a teacher says must rest on a policy that can come into force, and on one of the province.
fn on_certificates(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let output = &item.value;
    if output.on_certificates.is_empty() {
        return;
    }
    if !output.stages.iter().any(|stage| stage.counts) {
        let help = "证明只引用已经生效的政策：请给生效的阶段写 counts = true";
        problems.push(item.problem("on_certificates", "没有一个阶段表示生效", help));
    }
    if output.of_school || output.recorded_by.iter().any(|side| *side != Side::Province) {
        let help = "请写 of_school = false 和 recorded_by = [\"province\"]，或删除 on_certificates";
        problems.push(item.problem("on_certificates", "各校的证明引用的政策只能由省级登记", help));
    }
}

/// A paper of a year parts its records by a choice of the form.
fn notice(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let Some(notice) = &item.value.notice else { return };
    filled(item, &[("notice.title", &notice.title), ("notice.opening", &notice.opening)], problems);
    for (at, group) in notice.groups.iter().enumerate() {
        if !became::offers(&item.value.fields, &notice.by, &group.option) {
            let message = format!("选择题“{}”没有选项“{}”", notice.by, group.option);
            let help = "请写本项一个选择题的选项编号";
            problems.push(item.problem(&format!("notice.group.{at}.option"), message, help));
        }
    }
    if notice.groups.is_empty() {
        let help = "请用 [[output.notice.group]] 写明纸面上分哪几类";
        problems.push(item.problem("notice", "没有写明列哪些", help));
    }
}

/// What is decided of a major is said in choices of the form.
fn major(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let Some(major) = &item.value.major else { return };
    let fields = &item.value.fields;
    for (path, option) in [("opens", &major.opens), ("stops", &major.stops)]
        .iter()
        .flat_map(|(path, options)| options.iter().map(move |option| (*path, option)))
    {
        if !became::offers(fields, &major.change, option) {
            let message = format!("选择题“{}”没有选项“{option}”", major.change);
            problems.push(item.problem(&format!("major.{path}"), message, "请写本项一个选择题的选项编号"));
        }
    }
    let choice = |field: &crate::fields::Field| field.id == major.category && field.kind == FieldKind::Choice;
    if !fields.iter().any(choice) {
        let message = format!("没有选择题“{}”", major.category);
        problems.push(item.problem("major.category", message, "请写问专业大类的选择题的编号"));
    }
    if !item.value.recorded_by.contains(&Side::CountySchool) {
        let help = "专业由学校自己决定：请把 county_school 写进 recorded_by，或删除 major";
        problems.push(item.problem("major", "不由县级院校登记，却改它的专业", help));
    }
}

/// Who records it of itself, where others record it of a county school.
fn own(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let output = &item.value;
    if !output.own.is_empty() && !output.of_school {
        let help = "of_school = false 的本来就属于登记单位自己：请删除 own";
        problems.push(item.problem("own", "不属于县级院校的，不必另写 own", help));
    }
    if output.own.contains(&Side::CountySchool) {
        problems.push(item.problem("own", "县级院校登记的本来就是自己的", "请从 own 里删除 county_school"));
    }
    for (at, side) in output.own.iter().enumerate().filter(|(_, side)| !output.recorded_by.contains(side)) {
        let message = format!("{}不登记这一类", side.label());
        problems.push(item.problem(&format!("own.{at}"), message, "请同时写进 recorded_by，或从 own 删除"));
    }
}

fn holder(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let Some(holder) = &item.value.holder else { return };
    let named = item.value.fields.iter().find(|field| field.id == holder.field);
    let asks = |field: &crate::fields::Field| {
        field.kind == FieldKind::Person && field.required && field.when.is_none()
    };
    if named.is_none_or(|field| !asks(field)) {
        let message = format!("“{}”不是本项必填的人员栏目", holder.field);
        problems.push(item.problem("holder.field", message, "请写一个 kind = \"person\" 的必填栏目"));
    }
    if holder.posts.is_empty() {
        problems.push(item.problem("holder.posts", "没有写明要担任哪些职务", "请至少写一种职务"));
    }
    if item.value.of_school {
        let help = "请写 of_school = false，或删除 holder";
        problems.push(item.problem("holder", "由一人担任的，应属于登记单位自己", help));
    }
}

fn amount(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let output = &item.value;
    let mut refuse = |path: &str, message: &str, help: &str| problems.push(item.problem(path, message, help));
    if output.unit == Unit::BasisPoints {
        refuse("unit", "比率不能逐条填报再相加", "请改为可以相加的单位，例如 items");
    } else if output.quantity_label.trim().is_empty() && !form::counts_things(output.unit) {
        let help = "一件算一个的，单位写 items、enterprises 等；要填数量的补上 quantity_label";
        refuse("unit", "要按数量计，却没有写数量叫什么", help);
    }
    if !output.achieved_label.is_empty() && output.quantity_label.trim().is_empty() {
        refuse(
            "achieved_label",
            "问落实了多少，却没有问承诺多少",
            "请补上 quantity_label，或删除 achieved_label",
        );
    }
    if output.kind == OutputKind::Commitment
        && output.achieved_label.is_empty()
        && !output.quantity_label.is_empty()
    {
        refuse("quantity_label", "承诺只问数量，不问落实了多少", "请补上 achieved_label，例如“已到位金额”");
    }
}

fn stages(item: &Item<'_, Output>, problems: &mut Vec<Problem>) {
    let output = &item.value;
    let ids: Vec<&str> = output.stages.iter().map(|stage| stage.id.as_str()).collect();
    for at in repeated(&ids) {
        problems.push(item.problem(&format!("stage.{at}.id"), "阶段编号重复", "请换一个编号"));
    }
    for (at, stage) in output.stages.iter().enumerate() {
        filled(
            item,
            &[(&format!("stage.{at}.id"), &stage.id), (&format!("stage.{at}.name"), &stage.name)],
            problems,
        );
        if stage.ends && output.stages.iter().skip(at).any(|later| !later.ends) {
            let help = "终止的阶段之后不能再有别的阶段，请把它移到最后";
            problems.push(item.problem(&format!("stage.{at}.ends"), "终止的阶段不在最后", help));
        }
    }
    if output.stages.is_empty() {
        problems.push(item.problem("stage", "没有写阶段", "请至少写一个 [[output.stage]]"));
    } else if output.kind != OutputKind::Record && !output.stages.iter().any(|stage| stage.counts) {
        let help = "至少一个阶段写 counts = true，否则永远不会有数";
        problems.push(item.problem("stage", "没有一个阶段计入", help));
    }
}

fn application(item: &Item<'_, Application>, problems: &mut Vec<Problem>) {
    let application = &item.value;
    named(item, &application.id, problems);
    let texts = [("name", &application.name), ("action", &application.action), ("about", &application.about)];
    filled(item, &texts.map(|(path, text)| (path, text.as_str())), problems);
    form::declared(item, &application.clauses, application.minutes, problems);
    form::fields(item, &application.fields, form::Written::InFull, problems);
    form::reserved(item, &application.fields, &["title", "version"], problems);
    form::options_confirmed(item, &application.fields, None, problems);
    form::sides(item, "applicant", &application.applicant, "申报", problems);
    if application.applicant.contains(&application.decided_by) {
        let help = "申报与审定须是两方，请改由另一方记录审定结果";
        problems.push(item.problem("decided_by", "申报的一方不能自己审定", help));
    }
    if application.recommended_by.is_some_and(|side| application.applicant.contains(&side)) {
        problems.push(item.problem("recommended_by", "申报的一方不能自己推荐", "请改由另一方推荐，或删除"));
    }
    let ids: Vec<&str> = application.conditions.iter().map(|condition| condition.id.as_str()).collect();
    for at in repeated(&ids) {
        problems.push(item.problem(&format!("condition.{at}.id"), "条件编号重复", "请换一个编号"));
    }
    for (at, condition) in application.conditions.iter().enumerate() {
        let place = |key: &str| format!("condition.{at}.{key}");
        filled(item, &[(&place("id"), &condition.id), (&place("text"), &condition.text)], problems);
        bounds(item, &place("holds"), &condition.holds, problems);
    }
}

fn bounds(item: &Item<'_, Application>, path: &str, holds: &Holds, problems: &mut Vec<Problem>) {
    match holds {
        Holds::Profile { at_least: None, at_most: None, .. } => {
            let help = "请写 at_least 或 at_most";
            problems.push(item.problem(path, "条件没有写界限", help));
        }
        Holds::Profile { at_least: Some(low), at_most: Some(high), .. } if low > high => {
            problems.push(item.problem(&format!("{path}.at_most"), "上限小于下限", "请核对两个数，是否写反"));
        }
        Holds::Outputs { at_least, .. } | Holds::Indicator { at_least, .. } if *at_least < 1 => {
            problems.push(item.problem(&format!("{path}.at_least"), "至少要求须大于零", "请写一个正整数"));
        }
        Holds::Level { any } => levels(item, &format!("{path}.any"), any, problems),
        Holds::Typical | Holds::Stated => measure::extra(item, path, "by", problems),
        _ => {}
    }
}

pub(super) fn levels<T>(item: &Item<'_, T>, path: &str, any: &[String], problems: &mut Vec<Problem>) {
    if any.is_empty() {
        problems.push(item.problem(path, "没有写办学层次", format!("可选：{}", LEVELS.join("、"))));
    }
    for (at, level) in any.iter().enumerate().filter(|(_, level)| !LEVELS.contains(&level.as_str())) {
        let help = format!("可选：{}", LEVELS.join("、"));
        problems.push(item.problem(&format!("{path}.{at}"), format!("没有“{level}”这个办学层次"), help));
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.outputs.items {
        form::clauses(plan, item, &item.value.clauses, problems);
        form::serves(plan, item, &item.value.serves, problems);
        let counts =
            |id: &str| plan.activities.items.iter().any(|one| one.value.practice_by.as_deref() == Some(id));
        if !item.value.on_certificates.is_empty() && !counts(&item.value.id) {
            let help = "请在这项政策所指的工作上写 practice_by，或删除 on_certificates";
            problems.push(item.problem("on_certificates", "没有一项工作按这项政策计入", help));
        }
    }
    for item in &plan.applications.items {
        form::clauses(plan, item, &item.value.clauses, problems);
        result(plan, item, problems);
        for (at, condition) in item.value.conditions.iter().enumerate() {
            holds(plan, item, &format!("condition.{at}.holds"), &condition.holds, problems);
        }
    }
    for item in &plan.duties.items {
        reference(item, "clause", "条款", &item.value.clause, &plan.clauses.ids, problems);
        reference(item, "output", "成果或记录", &item.value.output, &plan.outputs.ids, problems);
        duty(plan, item, problems);
    }
}

pub(super) fn found<'a>(plan: &'a RawProgramme<'_>, id: &str) -> Option<&'a Output> {
    plan.outputs.items.iter().map(|item| &item.value).find(|output| output.id == id)
}

fn result(plan: &RawProgramme<'_>, item: &Item<'_, Application>, problems: &mut Vec<Problem>) {
    let Some(result) = &item.value.result else { return };
    reference(item, "result", "成果或记录", result, &plan.outputs.ids, problems);
    for (id, option) in &item.value.result_is {
        if !found(plan, result).is_some_and(|output| became::offers(&output.fields, id, option)) {
            let message = format!("申报的结果没有选择题“{id}”的选项“{option}”");
            problems.push(item.problem(&format!("result_is.{id}"), message, "请核对编号"));
        }
    }
    // Of a commitment the decision says how much; without an amount there is nothing to promise.
    let bare = |output: &Output| output.kind == OutputKind::Commitment && output.quantity_label.is_empty();
    if found(plan, result).is_some_and(bare) {
        let help = "批下来的是投入承诺的，要有数额：请补上它的 quantity_label";
        problems.push(item.problem("result", "申报的结果是承诺，却没有数额", help));
    }
}

fn holds(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Application>,
    path: &str,
    holds: &Holds,
    problems: &mut Vec<Problem>,
) {
    match holds {
        Holds::Profile { element, .. } => {
            let path = format!("{path}.element");
            reference(item, &path, "基本情况项目", element, &plan.elements.ids, problems);
            let date = |found: &crate::profile::Element| found.kind == ElementKind::Date;
            if plan.elements.items.iter().any(|found| found.value.id == *element && date(&found.value)) {
                problems.push(item.problem(&path, "日期没有多少可比", "请改用数字项目"));
            }
        }
        Holds::Attained { standard } | Holds::NotAttained { standard } => {
            let known = &plan.standards.ids;
            reference(item, &format!("{path}.standard"), "标准", standard, known, problems);
        }
        Holds::Outputs { output, only, .. } => {
            let path = format!("{path}.output");
            reference(item, &path, "成果或记录", output, &plan.outputs.ids, problems);
            never_counts(plan, item, &path, output, problems);
            if let (Some(only), Some(counted)) = (only, found(plan, output)) {
                let of = (counted.id.as_str(), counted.fields.as_slice());
                indicator::filter(item, &path.replace(".output", ".only"), of, only, problems);
            }
        }
        Holds::Indicator { indicator, .. } => {
            let path = format!("{path}.indicator");
            reference(item, &path, "指标", indicator, &plan.indicators.ids, problems);
            let of_schools = |found: &Item<'_, Indicator>| {
                matches!(
                    found.value.of,
                    IndicatorOf::Paired
                        | IndicatorOf::Signed
                        | IndicatorOf::Planned
                        | IndicatorOf::Attained { .. }
                        | IndicatorOf::Level { .. }
                )
            };
            if plan.indicators.items.iter().any(|found| found.value.id == *indicator && of_schools(found)) {
                let help = "它数的是学校，一所学校自己没有这个数；请改用 attained、level 或别的指标";
                problems.push(item.problem(&path, "条件用了数学校的指标", help));
            }
        }
        Holds::Level { .. } | Holds::Typical | Holds::Stated => {}
    }
}

/// Something that waits for an output which has no counting stage waits for ever.
pub(super) fn never_counts<T>(
    plan: &RawProgramme<'_>,
    item: &Item<'_, T>,
    path: &str,
    output: &str,
    problems: &mut Vec<Problem>,
) {
    if found(plan, output).is_some_and(|output| !output.stages.iter().any(|stage| stage.counts)) {
        let help = "请在它的一个阶段写 counts = true";
        problems.push(item.problem(path, format!("“{output}”没有一个阶段计入，永远不会有数"), help));
    }
}

fn duty(plan: &RawProgramme<'_>, item: &Item<'_, Duty>, problems: &mut Vec<Problem>) {
    let Some(output) = found(plan, &item.value.output) else { return };
    if output.kind != OutputKind::Record {
        let help = "这类要求只看有没有记录，请改成 kind = \"record\" 的编号";
        problems.push(item.problem("output", format!("“{}”不是记录", output.name), help));
        return;
    }
    never_counts(plan, item, "output", &output.id, problems);
    for (at, field) in item.value.answered.iter().enumerate() {
        if !output.fields.iter().any(|other| other.id == *field) {
            let message = format!("“{}”没有栏目“{field}”", output.name);
            problems.push(item.problem(&format!("answered.{at}"), message, "请写该记录一个栏目的编号"));
        }
    }
    if let Some(only) = &item.value.only {
        indicator::filter(item, "only", (&output.id, &output.fields), only, problems);
    }
    for (at, side) in item.value.owed_by.iter().enumerate() {
        if !output.recorded_by.contains(side) {
            let message = format!("{}要承担，却不能登记“{}”", side.label(), output.name);
            let help = "请把这一方写进该记录的 recorded_by，或从 owed_by 删除";
            problems.push(item.problem(&format!("owed_by.{at}"), message, help));
        }
    }
}
