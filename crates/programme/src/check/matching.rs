//! `matching.toml`: weights and points within their bounds, words that mean something, an example for each component,
//! and nothing that burden-relief rules keep out of any score.

use crate::check::{filled, measure, named, reference, repeated};
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::matching::{
    Component, FULL_POINTS, Formula, LEVELS, MOST_NEEDS, MatchingRules, PointsExample, WEIGHTS, WISHES,
};
use crate::problem::Problem;
use std::ops::RangeInclusive;

/// More sliders than this nobody looks through; it also keeps a score far below what the optimiser takes.
const MOST_COMPONENTS: usize = 24;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    if let Some(rules) = &plan.matching {
        general(rules, problems);
        needs(rules, problems);
        classes(rules, problems);
    }
    let categories = plan.matching.as_ref().map(|rules| rules.value.categories.names.as_slice());
    for (at, item) in plan.components.items.iter().enumerate() {
        let component = &item.value;
        named(item, &component.id, problems);
        filled(item, &[("name", &component.name), ("about", &component.about)], problems);
        within(item, "weight", "权重", component.weight, WEIGHTS, problems);
        formula(item, problems);
        let alike = |other: &Item<'_, Component>| {
            other.value.side == component.side && other.value.name == component.name
        };
        if plan.components.items.iter().take(at).any(alike) {
            let help = "同一方的两个分项同名，看的人分不清，请换一个名称";
            problems.push(item.problem("name", format!("分项“{}”同名", component.name), help));
        }
        if component.examples.is_empty() {
            let help = "请在它后面写一个 [[component.example]]：事实和应得的分";
            problems.push(item.problem("", format!("分项“{}”没有示例", component.id), help));
        }
        for (at, example) in component.examples.iter().enumerate() {
            examples(item, &format!("example.{at}"), example, categories, problems);
        }
        if at == MOST_COMPONENTS {
            let message = format!("分项超过{MOST_COMPONENTS}个");
            problems.push(item.problem("id", message, "请合并或删除一些，分项太多就没有人看得明白"));
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.components.items {
        reference(item, "clause", "条款", &item.value.clause, &plan.clauses.ids, problems);
    }
    let Some(rules) = &plan.matching else { return };
    for (at, clause) in rules.value.clauses.iter().enumerate() {
        reference(rules, &format!("clauses.{at}"), "条款", clause, &plan.clauses.ids, problems);
    }
    let prefix = &rules.value.needs.prefix;
    let found = plan.clauses.ids.iter().filter(|id| id.starts_with(prefix)).count();
    if !(1..=MOST_NEEDS).contains(&found) {
        problems.push(rules.problem(
            "needs.prefix",
            format!("以“{prefix}”开头的条款有{found}条，应在 1 到 {MOST_NEEDS} 条之间"),
            "这些条款是需求的分类，请改用合适的开头，例如 \"T\"",
        ));
    }
}

fn within<T>(
    item: &Item<'_, T>,
    path: &str,
    what: &str,
    value: i64,
    range: RangeInclusive<i64>,
    problems: &mut Vec<Problem>,
) {
    if !range.contains(&value) {
        let message = format!("{what}超出范围：{value}");
        let help = format!("请写 {} 到 {} 之间的整数", range.start(), range.end());
        problems.push(item.problem(path, message, help));
    }
}

fn general(item: &Item<'_, MatchingRules>, problems: &mut Vec<Problem>) {
    let rules = &item.value;
    within(item, "nearby_reach_km", "配合距离", rules.nearby_reach_km, 0..=2000, problems);
    within(item, "places.lead", "名额", rules.places.lead, 1..=1000, problems);
    within(item, "places.nearby", "名额", rules.places.nearby, 1..=1000, problems);
    within(item, "cover.same_sentence", "覆盖程度", rules.cover.same_sentence, 0..=100, problems);
    within(item, "cover.same_task", "覆盖程度", rules.cover.same_task, 0..=100, problems);
    if rules.cover.same_task > rules.cover.same_sentence {
        let help = "同一句的能力至少和同一项任务的能力一样管用";
        problems.push(item.problem("cover.same_task", "同一项任务的覆盖不能大于同一句", help));
    }
    let names = &rules.categories.names;
    if names.is_empty() {
        problems.push(item.problem("categories.names", "没有专业大类", "请至少写一个"));
    }
    for (at, name) in names.iter().enumerate() {
        filled(item, &[(&format!("categories.names.{at}"), name)], problems);
    }
    for at in repeated(names) {
        let path = format!("categories.names.{at}");
        problems.push(item.problem(&path, "专业大类重复", "请删除其中一个"));
    }
    filled(item, &[("categories.note", &rules.categories.note)], problems);
}

fn needs(item: &Item<'_, MatchingRules>, problems: &mut Vec<Problem>) {
    let shares = &item.value.needs.shares;
    if shares.is_empty() {
        problems.push(item.problem("needs.shares", "没有写各位需求的份额", "例如 shares = [10, 8, 6, 5]"));
    }
    for (at, share) in shares.iter().enumerate() {
        let path = format!("needs.shares.{at}");
        within(item, &path, "份额", *share, 1..=1000, problems);
        if at > 0 && shares.get(at - 1).is_some_and(|before| before < share) {
            problems.push(item.problem(&path, "靠后的需求不能比靠前的重", "份额应从大到小"));
        }
    }
}

fn classes(item: &Item<'_, MatchingRules>, problems: &mut Vec<Problem>) {
    let classes = &item.value.classes;
    for (at, class) in classes.iter().enumerate() {
        let place = |key: &str| format!("class.{at}.{key}");
        filled(item, &[(&place("id"), &class.id), (&place("name"), &class.name)], problems);
        within(item, &place("at_least"), "项数", class.at_least, 0..=100, problems);
    }
    let ids: Vec<&String> = classes.iter().map(|class| &class.id).collect();
    for at in repeated(&ids) {
        problems.push(item.problem(&format!("class.{at}.id"), "需求分类编号重复", "请换一个编号"));
    }
    let least: Vec<i64> = classes.iter().map(|class| class.at_least).collect();
    for at in repeated(&least) {
        let help = "每一类从不同的项数起，请核对";
        problems.push(item.problem(&format!("class.{at}.at_least"), "两类从同一个项数起", help));
    }
}

fn formula(item: &Item<'_, Component>, problems: &mut Vec<Problem>) {
    let each = |each: i64, problems: &mut Vec<Problem>| {
        within(item, "formula.each", "每项得分", each, 1..=FULL_POINTS, problems);
    };
    match &item.value.formula {
        Formula::Levels { points } => {
            for (name, value) in points {
                let path = format!("formula.points.{name}");
                level(item, &path, name, problems);
                within(item, &path, "得分", *value, 0..=FULL_POINTS, problems);
            }
        }
        Formula::Strength { each: points } | Formula::Typical { each: points } => each(*points, problems),
        Formula::Gap { each: points, full } => {
            each(*points, problems);
            within(item, "formula.full", "项数", *full, 1..=100, problems);
        }
        Formula::Size { each: points, full } => {
            each(*points, problems);
            within(item, "formula.full", "人数", *full, 1..=100_000, problems);
        }
        Formula::Distance { near_km, far_km } => {
            within(item, "formula.near_km", "距离", *near_km, 0..=2000, problems);
            within(item, "formula.far_km", "距离", *far_km, 0..=2000, problems);
            if near_km >= far_km {
                let help = "near_km 以内得满分，far_km 以外不得分，前者应小于后者";
                problems.push(item.problem("formula.near_km", "near_km 不小于 far_km", help));
            }
        }
        Formula::Together { ended } => {
            within(item, "formula.ended", "得分", *ended, 0..=FULL_POINTS, problems);
        }
        Formula::Industry | Formula::SameCity | Formula::Preference | Formula::Balance => {
            measure::extra(item, "formula", "kind", problems);
        }
    }
}

fn level<T>(item: &Item<'_, T>, path: &str, name: &str, problems: &mut Vec<Problem>) {
    if !LEVELS.contains(&name) {
        let help = format!("可选：{}", LEVELS.join("、"));
        problems.push(item.problem(path, format!("没有“{name}”这个办学层次"), help));
    }
}

/// What an example says must be possible: a slip there would otherwise pass as a fact that nobody has.
fn examples(
    item: &Item<'_, Component>,
    path: &str,
    example: &PointsExample,
    categories: Option<&[String]>,
    problems: &mut Vec<Problem>,
) {
    filled(item, &[(&format!("{path}.about"), &example.about)], problems);
    within(item, &format!("{path}.points"), "得分", example.points, 0..=FULL_POINTS, problems);
    if !example.partner.level.is_empty() {
        level(item, &format!("{path}.partner.level"), &example.partner.level, problems);
    }
    let wishes =
        [("wish_of_county", example.pair.wish_of_county), ("wish_of_partner", example.pair.wish_of_partner)];
    for (side, wish) in wishes {
        within(item, &format!("{path}.pair.{side}"), "意愿", wish, WISHES, problems);
    }
    let said =
        [("county.industries", &example.county.industries), ("partner.majors", &example.partner.majors)];
    for (list, names) in said {
        for (at, name) in names.iter().enumerate() {
            if categories.is_some_and(|known| !known.contains(name)) {
                let help = "请用 [matching.categories] 里的名称";
                let message = format!("没有“{name}”这个专业大类");
                problems.push(item.problem(&format!("{path}.{list}.{at}"), message, help));
            }
        }
    }
}
