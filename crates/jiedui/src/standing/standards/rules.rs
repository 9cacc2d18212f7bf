//! Words and lines of attainment, and what a check must say.

use super::data::CheckRow;
use jiedui_kernel::{Code, FieldError, Reported, Unit};
use jiedui_programme::{
    Attained, Attainment, Checked, Meets, Programme, Standard, Threshold, ThresholdReading,
};
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;

/// Where the list files a school, with the word under which an address asks for it; none: no standard applies.
pub const STATES: [(Option<Attained>, &str); 4] = [
    (Some(Attained::Met), "met"),
    (Some(Attained::NotMet), "not_met"),
    (Some(Attained::Unknown), "unknown"),
    (None, "none"),
];

pub fn state(found: Option<&Attainment>) -> StateMark {
    state_mark(found.map(|found| found.state))
}

pub fn state_mark(state: Option<Attained>) -> StateMark {
    match state {
        Some(Attained::Met) => StateMark::new("done", "达标", "●"),
        Some(Attained::NotMet) => StateMark::new("late", "未达标", "■"),
        Some(Attained::Unknown) => StateMark::new("unknown", "暂不能判定", "?"),
        None => StateMark::new("none", "没有适用的标准", "–"),
    }
}

pub fn meets(state: Meets) -> StateMark {
    match state {
        Meets::Met => StateMark::new("done", "达到", "●"),
        Meets::NotMet => StateMark::new("late", "未达到", "■"),
        Meets::Unknown => StateMark::new("unknown", "缺数，不能判定", "?"),
        Meets::NotJudged => StateMark::new("none", "只对照，不判定", "–"),
    }
}

/// How sure one is of a threshold: `check` is the province's, where it holds.
pub fn sureness(threshold: &Threshold, check: Option<&CheckRow>) -> StateMark {
    match (threshold.status, threshold.usable, check) {
        (_, _, Some(_)) => StateMark::new("done", "原文待核，省办已核对", "●"),
        (Checked::Checked, true, None) => StateMark::new("done", "已核对", "●"),
        (Checked::Checked, false, None) => StateMark::new("none", "已核对，不是数，只对照", "–"),
        (Checked::Memory, true, None) => StateMark::new("active", "原文待核，方案规定可用", "◐"),
        (Checked::Memory, false, None) => StateMark::new("unknown", "原文待核", "?"),
        (Checked::OtherPlace, ..) => StateMark::new("none", "外地标准，仅供对照", "–"),
    }
}

pub fn standard_href(standard: &str) -> String {
    format!("/standards/{standard}")
}

/// The row of a threshold on the page of its standard.
pub fn threshold_href(threshold: &Threshold) -> String {
    format!("/standards/{}#t-{}", threshold.standard, threshold.id)
}

/// The unit of what a threshold asks.
pub fn unit(programme: &Programme, threshold: &Threshold) -> Unit {
    let element = threshold.element.as_ref().and_then(|id| programme.element(id));
    threshold.unit.or_else(|| element.map(|element| element.unit)).unwrap_or(Unit::Items)
}

/// What a threshold asks: 不少于 a figure, 不多于 a figure, or words.
#[derive(Debug, Serialize)]
pub struct Wanted {
    pub at_least: Option<Figure>,
    pub at_most: Option<Figure>,
    pub text: String,
}

pub fn wanted(programme: &Programme, threshold: &Threshold) -> Wanted {
    let unit = unit(programme, threshold);
    let figure = |value: i64| {
        Figure::of(Reported::Value(value), unit, threshold_href(threshold), format!("{}应有", threshold.name))
    };
    Wanted {
        at_least: threshold.at_least.map(figure),
        at_most: threshold.at_most.map(figure),
        text: threshold.text.clone(),
    }
}

/// One threshold as a school stands to it.
#[derive(Debug, Serialize)]
pub struct Item {
    pub id: String,
    pub name: String,
    /// 现有; "" for `word` where it is known.
    pub have: Option<Figure>,
    pub word: &'static str,
    pub wanted: Wanted,
    pub gap: Option<Figure>,
    /// 还差 or 超出.
    pub gap_word: &'static str,
    pub state: StateMark,
    pub sureness: StateMark,
    pub judges: bool,
    pub source: String,
}

/// The items of a standard, those that decide first, in the order of the programme.
pub fn items(programme: &Programme, school: &str, found: &Attainment, checks: &[CheckRow]) -> Vec<Item> {
    let item = |reading: &ThresholdReading| item(programme, school, reading, checks);
    let (first, rest): (Vec<_>, Vec<_>) = found.items.iter().partition(|reading| reading.judges);
    first.into_iter().chain(rest).filter_map(item).collect()
}

fn item(
    programme: &Programme,
    school: &str,
    reading: &ThresholdReading,
    checks: &[CheckRow],
) -> Option<Item> {
    let threshold = programme.threshold(&reading.threshold)?;
    let unit = unit(programme, threshold);
    let known = reading.value.value().is_some();
    let have = threshold.element.as_ref().filter(|_| known).map(|element| {
        let href = format!("/profiles/{school}/elements/{element}");
        Figure::of(reading.value, unit, href, format!("{}现有", threshold.name))
    });
    let word = match (&threshold.element, reading.value.label()) {
        (None, _) => "基本情况里没有这一项",
        (Some(_), word) => word.unwrap_or(""),
    };
    let too_much = reading.gap.is_some() && reading.at_least.is_none();
    let gap = reading.gap.map(|gap| {
        let label = format!("{}{}", threshold.name, if too_much { "超出" } else { "还差" });
        Figure::of(Reported::Value(gap), unit, threshold_href(threshold), label)
    });
    Some(Item {
        id: threshold.id.clone(),
        name: threshold.name.clone(),
        have,
        word,
        wanted: wanted(programme, threshold),
        gap,
        gap_word: if too_much { "超出" } else { "" },
        state: meets(reading.state),
        sureness: sureness(threshold, holding(checks, &threshold.id)),
        judges: reading.judges,
        source: source(threshold),
    })
}

/// The check of a threshold that holds now.
pub fn holding<'a>(checks: &'a [CheckRow], threshold: &str) -> Option<&'a CheckRow> {
    checks.iter().rfind(|check| check.threshold == threshold && check.withdrawn_on.is_none())
}

/// Where a threshold comes from: its words, then its place.
pub fn source(threshold: &Threshold) -> String {
    let parts = [&threshold.quote, &threshold.source, &threshold.jurisdiction];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("；")
}

/// The names of the thresholds that made the state what it is.
pub fn because(programme: &Programme, found: &Attainment) -> Vec<String> {
    let name = |reading: &ThresholdReading| Some(programme.threshold(&reading.threshold)?.name.clone());
    found.because().filter_map(name).collect()
}

/// The state of a standard on a day, in words.
pub fn in_force(standard: &Standard, today: jiedui_kernel::Date) -> StateMark {
    match (standard.from > today, standard.to.is_some_and(|to| to < today)) {
        (true, _) => StateMark::new("pending", "尚未施行", "○"),
        (_, true) => StateMark::new("none", "已停用", "–"),
        _ => StateMark::new("done", "现行", "●"),
    }
}

/// What the province writes when it has checked a threshold.
pub fn check_words(source: &str, reason: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut ask = |field: &str, text: &str, empty: &str| {
        let mistake = match text.chars().count() {
            0 => Code::Missing.says(empty),
            1..=300 => return,
            found => Code::TooLong.says(format!("最多写三百个字，现有 {found} 个，请写得短些。")),
        };
        errors.push(FieldError::new(field, mistake));
    };
    ask("source", source, "请写明核对的是哪一份文件、哪一条。");
    ask("reason", reason, "请写明核对的结果，例如“与原文一致”。");
    errors
}
