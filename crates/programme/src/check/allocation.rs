//! Rules of allocation: numbers by which something can be divided, and a preference that prefers somebody.

use crate::allocations::{AllocationBase, AllocationRule, Among, Preferred, TakenUp};
use crate::check::{filled, form, named, reference, repeated};
use crate::doc::Item;
use crate::fields::Side;
use crate::load::RawProgramme;
use crate::model::{Indicator, IndicatorOf};
use crate::problem::Problem;
use crate::profile::ElementKind;
use jiedui_kernel::Unit;
use std::collections::BTreeSet;

/// As much as others, and ten times as much: beyond that a weight is a typo.
const EVEN: i64 = 1_000;
const MOST: i64 = 10_000;
/// Ten trillion yuan in cents.
const AMOUNT: i64 = 1_000_000_000_000_000;
/// Nobody waits longer for what was published to stand.
const WORKDAYS: u32 = 30;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.allocations.items {
        named(item, &item.value.id, problems);
        filled(item, &[("name", &item.value.name), ("about", &item.value.about)], problems);
        numbers(item, problems);
        preference(item, problems);
        if !divides(item.value.unit) {
            let help = "请写名额、队、所等能一个一个分的单位，或 yuan";
            problems.push(item.problem("unit", "比率和得分不能分配", help));
        }
        time(plan, item, problems);
        examples(item, problems);
    }
}

/// Whether there can be some of it for each.
fn divides(unit: Unit) -> bool {
    !matches!(unit, Unit::BasisPoints | Unit::Points | Unit::SquareMetresPerPerson)
}

/// A rule of which nobody can see what it does is read wrongly.
fn examples(item: &Item<'_, AllocationRule>, problems: &mut Vec<Problem>) {
    let examples = &item.value.examples;
    if examples.is_empty() {
        let help = "请写一个 [[allocation.example]]：total、claims、expect";
        problems.push(item.problem("", "分配规则没有示例", help));
    }
    for (at, example) in examples.iter().enumerate() {
        filled(item, &[(&format!("example.{at}.about"), &example.about)], problems);
        if example.claims.is_empty() || example.claims.len() != example.expect.len() {
            let help = "claims 里写几家，expect 里就写几个数，次序相同";
            problems.push(item.problem(&format!("example.{at}.expect"), "示例的家数对不上", help));
        }
    }
}

fn numbers(item: &Item<'_, AllocationRule>, problems: &mut Vec<Problem>) {
    let AllocationRule { weight, floor, cap, .. } = item.value;
    if !(EVEN..=MOST).contains(&weight) {
        let message = format!("倾斜系数是千分之 {weight}，不在 {EVEN} 到 {MOST} 之间");
        let help = "以千分之一为单位：一倍半写 1500；1000 是不倾斜，仅供对照";
        problems.push(item.problem("weight", message, help));
    }
    if !(0..=AMOUNT).contains(&floor) {
        let help = "每所至少分到多少；不保底的写 0 或不写";
        problems.push(item.problem("floor", format!("保底数超出范围：{floor}"), help));
    }
    if let Some(cap) = cap.filter(|cap| !(floor.max(1)..=AMOUNT).contains(cap)) {
        let help = "封顶数要大于零，也不能小于保底数；不封顶的不写 cap";
        problems.push(item.problem("cap", format!("封顶数不对：{cap}"), help));
    }
}

fn preference(item: &Item<'_, AllocationRule>, problems: &mut Vec<Problem>) {
    let AllocationRule { among, preferred, .. } = &item.value;
    if preferred.is_empty() {
        let help = "请写 county_schools（对口县级院校）、typical_counties（典型县的院校）或两者";
        problems.push(item.problem("preferred", "没有写明向谁倾斜", help));
    }
    for at in repeated(preferred) {
        problems.push(item.problem(&format!("preferred.{at}"), "倾斜对象写了两遍", "请删除重复的一项"));
    }
    for (at, one) in preferred.iter().enumerate() {
        if let Preferred::Results { at_least, .. } = one
            && *at_least <= 0
        {
            let help = "请写上一年要达到的数，大于零";
            problems.push(item.problem(
                &format!("preferred.{at}.results.at_least"),
                "人人都达到，等于没有倾斜",
                help,
            ));
        }
    }
    if *among == Among::Schools && item.value.base != AllocationBase::Equal {
        let help = "协作院校不填年度基本情况，也不计指标：请写 base = { kind = \"equal\" }，或只在 county_schools 之间分";
        problems.push(item.problem("base", "全部技工院校之间只能各校相同", help));
    }
    let all = preferred.iter().position(|one| *one == Preferred::CountySchools);
    if let Some(at) = all.filter(|_| *among != Among::Schools) {
        let help = "只在县级院校之间分的，请改成 typical_counties；或把 among 改成 schools";
        problems.push(item.problem(&format!("preferred.{at}"), "人人都倾斜，等于没有倾斜", help));
    }
}

/// A school has time to object, and everybody is told in time that it stands.
fn time(plan: &RawProgramme<'_>, item: &Item<'_, AllocationRule>, problems: &mut Vec<Problem>) {
    let days = item.value.appeal_workdays;
    let least = plan.calendar.as_ref().map_or(0, |calendar| calendar.value.minimum_notice_workdays);
    if days < least || days > WORKDAYS {
        let message = format!("异议时限是 {days} 个工作日，不在 {least} 到 {WORKDAYS} 个之间");
        let help = "不能短于最短提前期，也不能让结果一直定不下来";
        problems.push(item.problem("appeal_workdays", message, help));
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.allocations.items {
        form::clauses(plan, item, &item.value.clauses, problems);
        if item.value.clauses.is_empty() {
            problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
        }
        for (at, one) in item.value.preferred.iter().enumerate() {
            if let Preferred::Results { indicator, .. } = one {
                let field = format!("preferred.{at}.results.indicator");
                reference(item, &field, "指标", indicator, &plan.indicators.ids, problems);
            }
        }
        base(plan, item, problems);
        if item.value.among == Among::Counties && item.value.taken_up.is_some() {
            let help = "请不写 taken_up：县分给学校的，由学校在经费或成果里登记；或改成在市之间、学校之间分";
            problems.push(item.problem("taken_up", "分给县的没有地方接续", help));
            continue;
        }
        match &item.value.taken_up {
            Some(TakenUp::Indicator(id)) => by_indicator(plan, item, id, problems),
            Some(TakenUp::EachOf(id)) => by_each(plan, item, id, problems),
            Some(TakenUp::Source(id)) => by_source(plan, item, id, problems),
            Some(TakenUp::Honours(id)) => by_class(plan, item, id, problems),
            None => {}
        }
    }
    once(plan, problems);
}

/// A base is told by every school, and grows with it.
fn base(plan: &RawProgramme<'_>, item: &Item<'_, AllocationRule>, problems: &mut Vec<Problem>) {
    let (path, what, id, known, found) = match &item.value.base {
        AllocationBase::Equal => return,
        AllocationBase::Element { element: id } => {
            let found = plan.elements.items.iter().map(|item| &item.value).find(|element| element.id == *id);
            let found = found.map(|of| (&of.name, of.kind == ElementKind::Number && of.derived.is_none()));
            ("base.element", "基本情况项目", id, &plan.elements.ids, found)
        }
        AllocationBase::Indicator { indicator: id } => {
            let found = indicator(plan, id).map(|of| (&of.name, !matches!(of.of, IndicatorOf::Ratio { .. })));
            ("base.indicator", "指标", id, &plan.indicators.ids, found)
        }
    };
    reference(item, path, what, id, known, problems);
    if let Some((name, false)) = found {
        let help = "请写学校直接填报的一个数，或一个数量指标；日期、比率和合计不行";
        problems.push(item.problem(path, format!("不能按“{name}”分"), help));
    }
}

fn indicator<'a>(plan: &'a RawProgramme<'_>, id: &str) -> Option<&'a Indicator> {
    plan.indicators.items.iter().map(|item| &item.value).find(|indicator| indicator.id == id)
}

/// What is counted row by row, in the unit in which it was given.
fn by_indicator(
    plan: &RawProgramme<'_>,
    item: &Item<'_, AllocationRule>,
    id: &str,
    problems: &mut Vec<Problem>,
) {
    const PATH: &str = "taken_up.indicator";
    reference(item, PATH, "指标", id, &plan.indicators.ids, problems);
    let Some(of) = indicator(plan, id) else { return };
    let counted = matches!(of.of, IndicatorOf::Entries { .. } | IndicatorOf::Outputs { .. });
    if !counted || of.unit == Unit::Schools {
        let message = format!("“{}”不是一条一条记下来的，看不出用了多少", of.name);
        problems.push(item.problem(PATH, message, "请写由台账或成果数出的指标，不写比率和所数"));
    } else if of.unit != item.value.unit && divides(item.value.unit) {
        let message = format!("分的是{}，“{}”计的是{}", item.value.unit.label(), of.name, of.unit.label());
        problems.push(item.problem(PATH, message, "请换一个单位相同的指标，或改 unit"));
    }
}

/// Entries one by one: what is counted has no part.
fn by_each(plan: &RawProgramme<'_>, item: &Item<'_, AllocationRule>, id: &str, problems: &mut Vec<Problem>) {
    const PATH: &str = "taken_up.each_of";
    reference(item, PATH, "指标", id, &plan.indicators.ids, problems);
    let Some(of) = indicator(plan, id) else { return };
    if !matches!(of.of, IndicatorOf::Entries { .. }) {
        let message = format!("“{}”不是由台账一条一条数的", of.name);
        problems.push(item.problem(PATH, message, "请写由台账数出的指标"));
    } else if !matches!(item.value.unit, Unit::Items | Unit::Times) && divides(item.value.unit) {
        let message = format!("分的是{}，不能一条算一个", item.value.unit.label());
        problems.push(item.problem(PATH, message, "请改 unit，或改写 taken_up.indicator"));
    }
}

/// A share of money is approved to a school, of a source that is followed.
fn by_source(
    plan: &RawProgramme<'_>,
    item: &Item<'_, AllocationRule>,
    id: &str,
    problems: &mut Vec<Problem>,
) {
    const PATH: &str = "taken_up.source";
    let sources = plan.funding.iter().flat_map(|item| &item.value.sources);
    let known: BTreeSet<String> = sources.map(|source| source.id.clone()).collect();
    reference(item, PATH, "经费来源", id, &known, problems);
    if item.value.unit != Unit::Yuan && divides(item.value.unit) {
        let message = format!("分的是{}，不是钱", item.value.unit.label());
        problems.push(item.problem(PATH, message, "请改成 unit = \"yuan\"，或改写 taken_up.indicator"));
    }
    if item.value.among == Among::Cities {
        let help = "钱按学校记账：请在学校之间分，或不写 taken_up";
        problems.push(item.problem(PATH, "分给市的钱不算在哪一所学校的账上", help));
    }
}

/// Whoever is given places for a class of commendations nominates in it, one for each.
fn by_class(plan: &RawProgramme<'_>, item: &Item<'_, AllocationRule>, id: &str, problems: &mut Vec<Problem>) {
    const PATH: &str = "taken_up.honours";
    let classes = || plan.commendations.iter().flat_map(|item| &item.value.classes);
    let known: BTreeSet<String> = classes().map(|class| class.id.clone()).collect();
    reference(item, PATH, "表扬类别", id, &known, problems);
    let Some(class) = classes().find(|class| class.id == *id) else { return };
    let counted = matches!(item.value.unit, Unit::Schools | Unit::Persons | Unit::Items);
    if !counted && divides(item.value.unit) {
        let message = format!("分的是{}，不是推荐名额", item.value.unit.label());
        problems.push(item.problem(PATH, message, "请把 unit 改成 schools、persons 或 items"));
    } else if item.value.among != Among::Cities {
        // Bureaus of cities divide among their own schools too, and would raise the limit of a commendation that is not theirs.
        let message = "推荐名额只能分给市：在学校之间分的，市局也能给自己的学校多分";
        problems.push(item.problem(PATH, message, "请改成 among = \"cities\"，或不写 taken_up"));
    } else if !class.nominated_by.contains(&Side::City) {
        let message = format!("分给市的名额用不上：“{}”不由市局提名", class.name);
        problems.push(item.problem(PATH, message, "请换一类，或在这一类的 nominated_by 里加上 city"));
    }
}

/// What two rules named would be used up twice.
fn once(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let mut met = BTreeSet::new();
    for item in &plan.allocations.items {
        let (path, what, id) = match &item.value.taken_up {
            Some(TakenUp::Indicator(id)) => ("taken_up.indicator", "指标", id),
            Some(TakenUp::EachOf(id)) => ("taken_up.each_of", "指标", id),
            Some(TakenUp::Honours(id)) => ("taken_up.honours", "表扬类别", id),
            Some(TakenUp::Source(_)) | None => continue,
        };
        if !met.insert((what, id.as_str())) {
            let help = format!("一个{what}只能接一条规则：请合成一条，或换一个{what}");
            problems.push(item.problem(path, format!("前面的规则已经由这个{what}接续"), help));
        }
    }
}
