//! What makes a pairing possible (G1.1; decisions.md "County school"), and when it runs.

use super::NewPairing;
use jiedui_kernel::{Code, Date, FieldError, Mistake};
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

fn overlaps(a: (Date, Option<Date>), b: (Date, Option<Date>)) -> bool {
    a.1.is_none_or(|end| b.0 <= end) && b.1.is_none_or(|end| a.0 <= end)
}

/// Whether its parties may still answer, correct or confirm what is dated inside the pairing: a former partner may for
/// some days after the end, and creates nothing (decisions.md "Scope").
pub fn answers_still(to: Option<Date>, programme: &Programme, day: Date) -> bool {
    to.is_none_or(|end| day <= former_partner_until(programme, end))
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
            agreed_on: None,
            from: "2024-07-26".parse().unwrap(),
            to: None,
            source: String::new(),
        }
    }

    fn fine() -> Facts {
        Facts { is_county_school: true, lead_is_high_level: true, ..Facts::default() }
    }

    fn fields(new: &NewPairing, facts: &Facts) -> Vec<String> {
        check(new, facts).into_iter().map(|error| error.field).collect()
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
}
