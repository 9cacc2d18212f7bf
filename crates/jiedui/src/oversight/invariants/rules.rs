//! Pure decisions: what each invariant says, and how what breaks it is told.

use crate::shared::confirmation::State;
use jiedui_kernel::Date;
use serde::{Deserialize, Serialize};

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invariant {
    /// The parties by which rules read and by which scope is bounded are the same.
    Parties,
    /// A county school has one pairing on a day.
    Pairings,
    /// What is kept of each figure is what the facts add up to.
    Sums,
    /// A state is what its history comes to.
    States,
    /// Of a project as much is done by an output as counts of it.
    Projects,
    /// Nobody is in two places on a day.
    Places,
    /// Filing numbers and editions have no gaps.
    Numbers,
    /// One leader in charge at a time.
    Leaders,
    /// Nobody acted on a thing for two organisations.
    Sides,
    /// Every row is what the audit log says.
    Log,
    /// Each file of the library is there, with its content.
    Files,
}

impl Invariant {
    pub const ALL: [Self; 11] = [
        Self::Parties,
        Self::Pairings,
        Self::Sums,
        Self::States,
        Self::Projects,
        Self::Places,
        Self::Numbers,
        Self::Leaders,
        Self::Sides,
        Self::Log,
        Self::Files,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Parties => "结对三方在两处一致",
            Self::Pairings => "一所县级院校同一天只有一组结对",
            Self::Sums => "指标合计与明细一致",
            Self::States => "状态与办理记录一致",
            Self::Projects => "成果计入项目的数与成果一致",
            Self::Places => "一人同一天只在一处",
            Self::Numbers => "备案编号和版次连续",
            Self::Leaders => "分管负责人同一时间只有一位",
            Self::Sides => "一人只在一方办理",
            Self::Log => "数据与审计日志一致",
            Self::Files => "资源文件都在，内容与校验值一致",
        }
    }
}

/// Something that breaks an invariant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Broken {
    pub invariant: Invariant,
    pub text: String,
}

/// So many breaches of one invariant are looked for: where there are more, one knows enough.
pub const MOST: usize = 1_000;

/// A span of days that somebody or something takes; without a last day it goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Who may have one at a time.
    pub of: String,
    pub from: Date,
    pub to: Option<Date>,
    pub id: String,
}

/// Each two that share a day and are not the same thing, the earlier first.
pub fn overlaps(mut spans: Vec<Span>) -> Vec<(Span, Span)> {
    spans.sort_unstable();
    let mut found = Vec::new();
    for (at, one) in spans.iter().enumerate() {
        if found.len() > MOST {
            break;
        }
        let later = spans.iter().skip(at + 1);
        let meets = later.take_while(|other| other.of == one.of && one.to.is_none_or(|to| other.from <= to));
        found.extend(meets.filter(|other| other.id != one.id).map(|other| (one.clone(), other.clone())));
    }
    found
}

/// A number as it is given out, taken apart: 协作备〔2026〕12号 is the twelfth of 协作备〔2026〕.
pub fn counted(number: &str) -> Option<(&str, u32)> {
    let body = number.strip_suffix('号').unwrap_or(number);
    let series = body.trim_end_matches(|sign: char| sign.is_ascii_digit());
    Some((series, body.strip_prefix(series)?.parse().ok()?))
}

/// What is missing between the first and the last.
pub fn gaps(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    pairs.flat_map(|(one, next)| one + 1..*next).collect()
}

/// A history in which a step does not begin where the one before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torn;

/// What a history comes to; `Ok(None)` where it says
/// nothing of states, as histories from before they did.
pub fn fold<'a>(changes: impl Iterator<Item = &'a str>) -> Result<Option<State>, Torn> {
    let mut at: Option<State> = None;
    for change in changes {
        let change: serde_json::Value = serde_json::from_str(change).unwrap_or_default();
        let Some(states) = change.get("state") else { continue };
        let read = |side: &str| {
            let state = states.get(side).cloned().unwrap_or_default();
            serde_json::from_value::<Option<State>>(state).map_err(|_| Torn)
        };
        if at.is_some() && read("before")? != at {
            return Err(Torn);
        }
        at = read("after")?;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(of: &str, from: &str, to: Option<&str>, id: &str) -> Span {
        let day = |text: &str| text.parse().unwrap();
        Span { of: of.to_owned(), from: day(from), to: to.map(day), id: id.to_owned() }
    }

    #[test]
    fn what_shares_a_day_overlaps() {
        let spans = vec![
            span("a", "2026-01-01", Some("2026-03-31"), "1"),
            span("a", "2026-02-01", Some("2026-02-02"), "2"),
            span("a", "2026-03-31", None, "3"),
            span("a", "2026-04-01", None, "3"),
            span("b", "2026-01-01", None, "4"),
        ];
        let found: Vec<_> = overlaps(spans).into_iter().map(|(one, other)| (one.id, other.id)).collect();
        assert_eq!(found, [("1".to_owned(), "2".to_owned()), ("1".to_owned(), "3".to_owned())]);
    }

    #[test]
    fn numbers_have_gaps_in_their_own_series() {
        assert_eq!(counted("协作备〔2026〕12号"), Some(("协作备〔2026〕", 12)));
        assert_eq!(counted("无号"), None);
        assert_eq!(gaps(vec![5, 1, 2, 8]), [3, 4, 6, 7]);
        assert_eq!(gaps(vec![7]), [0_u32; 0]);
    }

    #[test]
    fn a_history_is_folded_to_a_state() {
        let step = |before: &str, after: &str| {
            format!("{{\"state\":{{\"before\":{before},\"after\":\"{after}\"}}}}")
        };
        let good = [step("null", "claimed"), "{}".to_owned(), step("\"claimed\"", "confirmed")];
        assert_eq!(fold(good.iter().map(String::as_str)), Ok(Some(State::Confirmed)));
        let torn = [step("null", "claimed"), step("\"disputed\"", "confirmed")];
        assert_eq!(fold(torn.iter().map(String::as_str)), Err(Torn));
        assert_eq!(fold(std::iter::empty()), Ok(None));
    }
}
