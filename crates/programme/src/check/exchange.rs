//! Exchanges with outside systems: columns that are there, a key by which schools are known again, units that move the
//! point and nothing else, codes that lead back.

use crate::check::{filled, form, named, reference, repeated};
use crate::doc::Item;
use crate::exchanges::{Exchange, ExchangeColumn, ExchangeOf, Way};
use crate::load::RawProgramme;
use crate::model::IndicatorOf;
use crate::problem::Problem;
use crate::profile::ElementKind;

/// Ten thousand of our unit are one of theirs, at most: 万元.
const MOST: i64 = 10_000;
/// The longest name of a column, in characters.
const FIELD: usize = 40;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.exchanges.items {
        let Exchange { id, name, system, about, source, columns, .. } = &item.value;
        named(item, id, problems);
        filled(item, &[("name", name), ("system", system), ("about", about), ("source", source)], problems);
        let fields: Vec<&str> = columns.iter().map(|column| column.field.as_str()).collect();
        for at in repeated(&fields) {
            let message = format!("对方的栏目“{}”写了两遍", fields[at]);
            problems.push(item.problem(&format!("columns.{at}.field"), message, "请改名，或删除重复的一项"));
        }
        for (at, column) in columns.iter().enumerate() {
            of_column(item, at, column, problems);
        }
        whole(item, problems);
    }
}

/// A key, and in what comes in something to compare.
fn whole(item: &Item<'_, Exchange>, problems: &mut Vec<Problem>) {
    let columns = &item.value.columns;
    if !columns.iter().any(|column| column.key) {
        let help = "请在学校全称或统一社会信用代码一栏写 key = true";
        problems.push(item.problem("columns", "没有写按哪一栏认出学校", help));
    }
    let compared = columns.iter().any(|column| !matches!(column.of, ExchangeOf::School(_)));
    if item.value.way == Way::In && !compared {
        let help = "请至少写一栏年度基本情况项目或指标，收进来的数和它比";
        problems.push(item.problem("columns", "收进来的表里没有一个可以比的数", help));
    }
}

fn of_column(item: &Item<'_, Exchange>, at: usize, column: &ExchangeColumn, problems: &mut Vec<Problem>) {
    let path = |key: &str| format!("columns.{at}.{key}");
    filled(item, &[(&path("name"), &column.name)], problems);
    let plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.');
    if column.field.is_empty() || column.field.chars().count() > FIELD || !column.field.chars().all(plain) {
        let help = format!("只用文字、数字、点、短横线和下划线，不超过 {FIELD} 个字");
        problems.push(item.problem(&path("field"), "对方的栏目名写得不对", help));
    }
    let is_text = matches!(column.of, ExchangeOf::School(_));
    if column.key && !is_text {
        let help = "请用名录里的内容（of = { school = … }）认出学校";
        problems.push(item.problem(&path("key"), "不能按数认出学校", help));
    }
    let fits = (1..=MOST).contains(&column.per) && column.shift(jiedui_kernel::Unit::Items).is_some();
    if !fits || (is_text && column.per != 1) {
        let help = "只能写 1、10、100、1000、10000，而且只用于数；不换算的不写 per";
        problems.push(item.problem(&path("per"), format!("换算写得不对：{}", column.per), help));
    }
    if !column.codes.is_empty() && !is_text {
        problems.push(item.problem(&path("codes"), "数没有代码", "请删除 codes，或用于名录里的内容"));
    }
    for side in ["ours", "theirs"] {
        let of = |code: &crate::exchanges::ExchangeCode| {
            if side == "ours" { code.ours.clone() } else { code.theirs.clone() }
        };
        let words: Vec<String> = column.codes.iter().map(of).collect();
        for place in repeated(&words) {
            let help = "一个代码只能对一个内容，反过来也一样";
            let message = format!("“{}”对了两次", words[place]);
            problems.push(item.problem(&path(&format!("codes.{place}.{side}")), message, help));
        }
        for (place, word) in words.iter().enumerate() {
            filled(item, &[(&path(&format!("codes.{place}.{side}")), word)], problems);
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.exchanges.items {
        form::clauses(plan, item, &item.value.clauses, problems);
        if item.value.clauses.is_empty() {
            problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
        }
        for (at, column) in item.value.columns.iter().enumerate() {
            match &column.of {
                ExchangeOf::School(_) => {}
                ExchangeOf::Element(id) => of_element(plan, item, (at, id), problems),
                ExchangeOf::Indicator(id) => of_indicator(plan, item, (at, id), problems),
            }
        }
    }
}

fn of_element(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Exchange>,
    (at, id): (usize, &str),
    problems: &mut Vec<Problem>,
) {
    let path = format!("columns.{at}.of.element");
    reference(item, &path, "基本情况项目", id, &plan.elements.ids, problems);
    let found = plan.elements.items.iter().map(|item| &item.value).find(|element| element.id == id);
    if let Some(element) =
        found.filter(|element| element.kind != ElementKind::Number || element.derived.is_some())
    {
        let message = format!("“{}”不是学校填报的数", element.name);
        problems.push(item.problem(&path, message, "请写学校直接填报的一个数，不写日期、比率和合计"));
    }
}

fn of_indicator(
    plan: &RawProgramme<'_>,
    item: &Item<'_, Exchange>,
    (at, id): (usize, &str),
    problems: &mut Vec<Problem>,
) {
    let path = format!("columns.{at}.of.indicator");
    reference(item, &path, "指标", id, &plan.indicators.ids, problems);
    let found = plan.indicators.items.iter().map(|item| &item.value).find(|indicator| indicator.id == id);
    let Some(indicator) = found else { return };
    let by_school = matches!(
        indicator.of,
        IndicatorOf::Entries { .. } | IndicatorOf::Outputs { .. } | IndicatorOf::Profile { .. }
    );
    if !by_school {
        let message = format!("“{}”不能分到学校", indicator.name);
        problems.push(item.problem(&path, message, "请写按学校统计的数量指标，不写比率和全省的状态"));
    }
}
