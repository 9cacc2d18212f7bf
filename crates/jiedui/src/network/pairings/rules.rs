//! What makes a pairing possible (G1.1; decisions.md "County school"), and when it runs.

use super::{Basis, NewPairing};
use chrono::Days;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake};
use jiedui_programme::{Programme, former_partner_until};

/// What the registry says about the three schools on the first day of the pairing.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub is_county_school: bool,
    pub lead_is_high_level: bool,
    pub nearby_is_county_school: bool,
    /// Other pairings of the same county school.
    pub others: Vec<(Date, Option<Date>)>,
}

pub fn check(new: &NewPairing, facts: &Facts) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut say = |field: &str, mistake: Mistake| {
        errors.push(FieldError::new(field, mistake));
    };
    if !facts.is_county_school {
        say(
            "county_school",
            Code::NotFitting
                .says("这所学校在结对开始那天没有“对口县级院校”标记，请先在院校表里填“对口县级院校自”。"),
        );
    }
    if !facts.lead_is_high_level {
        say(
            "lead",
            Code::NotFitting
                .says("牵头院校在结对开始那天没有“高水平技师学院”标记，请先在院校表里填“高水平技师学院自”。"),
        );
    }
    if new.lead == new.nearby {
        say("nearby", Code::SameSchool.says("牵头院校和配合院校不能是同一所。"));
    }
    if new.county_school == new.lead || new.county_school == new.nearby {
        say("county_school", Code::SameSchool.says("对口县级院校不能同时是自己的牵头或配合院校。"));
    }
    if facts.nearby_is_county_school {
        say("nearby", Code::NotFitting.says("对口县级院校不能担任配合院校。"));
    }
    if new.to.is_some_and(|to| to < new.from) {
        say("to", Code::Reversed.says("结束日期早于开始日期，请核对两个日期是否写反。"));
    }
    if facts.others.iter().any(|(from, to)| overlaps((new.from, new.to), (*from, *to))) {
        say("from", Code::Overlap.says("这所学校在同一时间已有另一组结对；请先给原来的一组填上结束日期。"));
    }
    errors
}

pub fn overlaps(a: (Date, Option<Date>), b: (Date, Option<Date>)) -> bool {
    a.1.is_none_or(|end| b.0 <= end) && b.1.is_none_or(|end| a.0 <= end)
}

/// What the history of a pairing calls each step.
pub const STEPS: [(&str, &str); 5] =
    [("make", "建立"), ("dates", "更正起止"), ("end", "终止"), ("resume", "撤销终止"), ("void", "撤销")];

/// So many working days can publishing a scheme and ending a pairing be undone (decisions.md "Dates of pairings").
pub const UNDO_WORKDAYS: u32 = 10;

/// The last day on which what was done on a day can be undone.
pub fn undo_until(programme: &Programme, done: Date) -> Date {
    programme.calendar.workdays.after(done, UNDO_WORKDAYS)
}

/// The days that a row of the office's table writes or changes.
#[derive(Debug, Clone, Copy)]
pub struct Changed {
    /// The last day of a pairing that is there already; none where it is new.
    pub before: Option<Option<Date>>,
    pub from: Date,
    pub to: Option<Date>,
}

/// By what an earlier day is judged.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    pub today: Date,
    /// What lies before it is the first load.
    pub in_use_since: Option<Date>,
    pub loses: Basis,
}

impl Past {
    /// A day that is past needs a reason, unless it belongs to the first load and takes nothing away.
    fn asks(&self, day: Date) -> bool {
        day < self.today && (self.loses.any() || self.in_use_since.is_some_and(|since| day >= since))
    }
}

/// A pairing begins or ends today or later; an earlier day, or an ended one that runs again, needs a reason.
pub fn past_days(changed: Changed, past: Past, reason: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !reason.is_empty() {
        return errors;
    }
    if changed.before.is_none() && past.asks(changed.from) {
        let words = "开始日期早于今天，请写明理由。";
        errors.push(FieldError::new("from", Code::InPast.says(words)));
    }
    let moved = changed.before.is_none_or(|before| before != changed.to);
    if let Some(to) = changed.to.filter(|to| moved && past.asks(*to)) {
        let lost = if past.loses.any() {
            format!("，此后的{}将失去依据", listed(&past.loses))
        } else {
            String::new()
        };
        let words = format!("结束日期 {to} 早于今天{lost}，请写明理由。");
        errors.push(FieldError::new("to", Code::InPast.says(words)));
    }
    if changed.to.is_none() && changed.before.flatten().is_some() {
        errors.push(FieldError::new("to", Code::Missing.says("取消结束日期要有理由，请写明理由。")));
    }
    errors
}

/// What was written down on a pairing, as part of a sentence; "" where nothing was.
pub fn listed(basis: &Basis) -> String {
    let parts = [
        (basis.entries, "台账", "条"),
        (basis.outputs, "建设成果", "项"),
        (basis.announcements, "预告", "次"),
        (basis.agreements, "协议", "份"),
        (basis.plans, "协作方案", "份"),
        (basis.lists, "项目清单", "份"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, what, unit)| format!("{what} {number} {unit}"))
        .collect();
    parts.join("、")
}

/// Why the ending of a pairing cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoResume {
    NotEnded,
    /// It could be until this day.
    Late(Date),
    /// Another pairing of the school runs since this day.
    Replaced(Date),
    /// A school that is no more.
    Gone(String),
    /// A scheme ended it, and takes it back with all that it did.
    ByScheme,
}

impl From<NoResume> for Error {
    fn from(why: NoResume) -> Self {
        Self::NotNow(match why {
            NoResume::NotEnded => "这组结对没有终止，不用撤销。".to_owned(),
            NoResume::Late(until) => {
                format!("终止只能在十个工作日内撤销，到 {until} 为止；以后请用导入表格更正，并写明理由。")
            }
            NoResume::Replaced(from) => {
                format!("这所学校自 {from} 起已有另一组结对，请先终止或撤销那一组。")
            }
            NoResume::Gone(name) => format!("{name}已经并入他校或停办，不能恢复这组结对。"),
            NoResume::ByScheme => {
                "这组结对由结对测算的公布而终止；要恢复，请在那次测算的页面撤销公布。".to_owned()
            }
        })
    }
}

/// Whether its parties may still answer, correct or confirm what is dated inside the pairing: a former partner may for
/// some days after the end, and creates nothing (decisions.md "Scope").
pub fn answers_still(to: Option<Date>, programme: &Programme, day: Date) -> bool {
    to.is_none_or(|end| day <= former_partner_until(programme, end))
}

/// The same for statements: a pairing that ended on this day or later is still answered.
pub fn answered_since(programme: &Programme, day: Date) -> Date {
    day.checked_sub_days(Days::new(programme.calendar.former_partner_days.into())).unwrap_or(day)
}

/// Whether a pairing runs on a day.
pub fn runs(from: Date, to: Option<Date>, day: Date) -> bool {
    from <= day && to.is_none_or(|end| day <= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> NewPairing {
        NewPairing {
            county_school: "c".into(),
            lead: "l".into(),
            nearby: "n".into(),
            from: "2024-07-26".parse().unwrap(),
            ..NewPairing::default()
        }
    }

    fn fine() -> Facts {
        Facts { is_county_school: true, lead_is_high_level: true, ..Facts::default() }
    }

    fn fields(new: &NewPairing, facts: &Facts) -> Vec<String> {
        check(new, facts).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn what_is_still_answered_is_told_the_same_from_both_ends() {
        let (programme, today) =
            (crate::programme_files::shipped::programme(), "2026-11-24".parse().unwrap());
        let since = answered_since(&programme, today);
        assert!(answers_still(Some(since), &programme, today));
        assert!(!answers_still(since.pred_opt(), &programme, today));
    }

    #[test]
    fn each_condition_is_told_at_its_field() {
        assert!(check(&new(), &fine()).is_empty());
        assert_eq!(fields(&new(), &Facts::default()), ["county_school", "lead"]);
        assert_eq!(fields(&NewPairing { nearby: "l".into(), ..new() }, &fine()), ["nearby"]);
        assert_eq!(fields(&NewPairing { to: "2024-07-25".parse().ok(), ..new() }, &fine()), ["to"]);
        assert_eq!(fields(&new(), &Facts { nearby_is_county_school: true, ..fine() }), ["nearby"]);
    }

    #[test]
    fn two_pairings_of_one_school_do_not_overlap() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let running = Facts { others: vec![(day("2024-01-01"), None)], ..fine() };
        assert_eq!(fields(&new(), &running), ["from"]);
        let over = Facts { others: vec![(day("2024-01-01"), Some(day("2024-07-25")))], ..fine() };
        assert!(check(&new(), &over).is_empty());
        assert!(runs(day("2024-01-01"), Some(day("2024-07-25")), day("2024-07-25")));
        assert!(!runs(day("2024-01-01"), Some(day("2024-07-25")), day("2024-07-26")));
    }

    #[test]
    fn a_day_that_is_past_needs_a_reason_unless_it_is_the_first_load() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let (today, since) = (day("2026-11-28"), Some(day("2026-09-01")));
        let past = |in_use_since| Past { today, in_use_since, loses: Basis::default() };
        let begins = |from: &str| Changed { before: None, from: day(from), to: None };
        let codes = |changed, past| {
            past_days(changed, past, "").into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes(begins("2024-07-26"), past(since)), [], "before the system was in use");
        assert_eq!(codes(begins("2026-10-08"), past(since)), [("from".to_owned(), Code::InPast)]);
        assert_eq!(codes(begins("2026-11-28"), past(since)), []);
        assert!(past_days(begins("2026-10-08"), past(since), "补登").is_empty());
        let ends = |before: Option<&str>, to: Option<&str>| Changed {
            before: Some(before.map(day)),
            from: day("2024-07-26"),
            to: to.map(day),
        };
        assert_eq!(codes(ends(None, Some("2026-10-31")), past(since)), [("to".to_owned(), Code::InPast)]);
        assert_eq!(codes(ends(None, Some("2024-12-31")), past(None)), []);
        let loses = Past { loses: Basis { entries: 2, ..Basis::default() }, ..past(None) };
        assert_eq!(codes(ends(None, Some("2024-12-31")), loses), [("to".to_owned(), Code::InPast)]);
        assert_eq!(codes(ends(Some("2024-12-31"), None), past(None)), [("to".to_owned(), Code::Missing)]);
    }
}
