//! Pure decisions: what may be written down of a major, which year is asked for, and what a page calls things.

use super::NewOffer;
use super::Year;
use super::data::{OfferRow, OfferState};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, FieldError, Mistake, Period};
use jiedui_programme::{MajorAdvice, Programme};
use jiedui_web::figure::StateMark;

/// In the order in which a form offers them.
pub const STATES: [OfferState; 3] = [OfferState::Open, OfferState::Planned, OfferState::Stopped];

/// Beyond this a number of people is a typo.
pub const MOST: i64 = 100_000;

pub fn state_mark(state: OfferState) -> StateMark {
    match state {
        OfferState::Open => StateMark::new("done", "开设", "●"),
        OfferState::Planned => StateMark::new("pending", "拟设", "○"),
        OfferState::Stopped => StateMark::new("ended", "停招", "–"),
    }
}

pub fn verdict_mark(verdict: MajorAdvice) -> StateMark {
    match verdict {
        MajorAdvice::Open => StateMark::new("pending", "建议开设", "○"),
        MajorAdvice::Keep => StateMark::new("done", "建议保持", "●"),
        MajorAdvice::Adjust => StateMark::new("active", "建议调整", "◐"),
        MajorAdvice::Close => StateMark::new("risk", "建议停招", "▲"),
        MajorAdvice::Unknown => StateMark::new("unknown", "暂不能判定", "?"),
    }
}

pub fn check_offer(new: &NewOffer, programme: &Programme, today: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let length = new.name.chars().count();
    if new.name.trim().is_empty() {
        errors.push(FieldError::new("name", Code::Missing.says("请从目录选一个专业，或者填写专业名称。")));
    } else if length > 40 {
        errors.push(FieldError::new("name", Mistake::too_long("专业名称", 40, length)));
    }
    if !programme.matching.categories.names.contains(&new.category) {
        errors.push(FieldError::new("category", Code::NotListed.says("请从列表中选择专业大类。")));
    }
    if new.state.is_none() {
        errors.push(FieldError::new("state", Code::Missing.says("请选择开设、拟设还是停招。")));
    }
    match (new.state, new.from, new.to) {
        (_, None, _) => errors.push(FieldError::new("from", Code::Missing.says("请选择开始日期。"))),
        (_, Some(from), Some(to)) if to < from => errors
            .push(FieldError::new("to", Code::Reversed.says("停招日期早于开始日期，两个日期可能写反了。"))),
        (Some(OfferState::Stopped), _, None) => {
            errors.push(FieldError::new("to", Code::Missing.says("停招的专业请写明从哪一天停招。")))
        }
        (Some(OfferState::Open), Some(from), _) if from > today => {
            errors.push(FieldError::new("from", Code::InFuture.says("还没到开始日期，请先登记为拟设。")))
        }
        (Some(OfferState::Open | OfferState::Planned), _, Some(_)) => {
            errors.push(FieldError::new("to", Code::Contradiction.says("没有停招的专业不写停招日期。")))
        }
        _ => {}
    }
    let length = new.differs.chars().count();
    if length > 300 {
        errors.push(FieldError::new("differs", Mistake::too_long("说明", 300, length)));
    }
    errors
}

/// The names of the four inputs of a major in the table of a year.
pub fn input(offer: &str, what: &str) -> String {
    format!("{what}-{offer}")
}

pub fn check_year(offer: &str, year: &Year) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (what, value) in [
        ("enrolled", year.enrolled),
        ("graduates", year.graduates),
        ("employed", year.employed),
        ("in_field", year.in_field),
    ] {
        if value.is_some_and(|value| !(0..=MOST).contains(&value)) {
            errors.push(FieldError::new(
                input(offer, what),
                Code::OutOfRange.says(format!("应是 0 到 {MOST} 之间的整数。")),
            ));
        }
    }
    let more =
        |part: Option<i64>, whole: Option<i64>| part.zip(whole).is_some_and(|(part, whole)| part > whole);
    if more(year.employed, year.graduates) {
        errors.push(FieldError::new(
            input(offer, "employed"),
            Code::MoreThanWhole.says("就业人数不能多于毕业人数。"),
        ));
    }
    if more(year.in_field, year.employed) {
        errors.push(FieldError::new(
            input(offer, "in_field"),
            Code::MoreThanWhole.says("对口就业人数不能多于就业人数。"),
        ));
    }
    errors
}

/// The newest year whose figures are due: this year's from the day for which the year-profile speaks, `10-31`.
pub fn asked_year(today: Date, as_of: &str) -> i32 {
    let day = as_of
        .split_once('-')
        .and_then(|(month, day)| Date::from_ymd_opt(today.year(), month.parse().ok()?, day.parse().ok()?));
    if day.is_none_or(|day| today >= day) { today.year() } else { today.year() - 1 }
}

/// Whether a major was offered at some time of a year: nothing is asked of those that were not.
pub fn asked_for(offer: &OfferRow, year: i32) -> bool {
    let Some(span) = Period::year(year) else { return false };
    offer.state != OfferState::Planned
        && offer.from_day <= span.to
        && offer.to_day.is_none_or(|end| end >= span.from)
}

/// Whether it takes pupils on a day.
pub fn is_offered(state: OfferState, from: Date, to: Option<Date>, day: Date) -> bool {
    state == OfferState::Open && from <= day && to.is_none_or(|end| end >= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn this_years_figures_are_asked_from_the_day_of_the_year_profile() {
        assert_eq!(asked_year(day("2026-10-30"), "10-31"), 2025);
        assert_eq!(asked_year(day("2026-10-31"), "10-31"), 2026);
    }

    #[test]
    fn a_part_is_not_more_than_the_whole() {
        let fine = Year { enrolled: Some(0), graduates: Some(40), employed: Some(40), in_field: Some(40) };
        assert!(check_year("m", &fine).is_empty());
        assert!(
            check_year("m", &Year { graduates: None, ..fine }).is_empty(),
            "what is not known is not compared"
        );
        assert_eq!(check_year("m", &Year { employed: Some(41), ..fine })[0].field, "employed-m");
        assert_eq!(check_year("m", &Year { in_field: Some(41), ..fine })[0].field, "in_field-m");
        assert_eq!(check_year("m", &Year { enrolled: Some(-1), ..fine })[0].field, "enrolled-m");
    }
}
