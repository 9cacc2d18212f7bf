//! Advice on a major (T5.2): open, keep, adjust or close, each with the figures and bounds that it rests on. What is not
//! known is said; advice is given only where no value of the missing figures could change it.

use crate::majors::{MajorAdvice, MajorFacts, MajorRules, MajorStanding};
use crate::rules::ratio::rounded;
use jiedui_kernel::{Reported, Unit};
use serde::Serialize;

/// 100 % in 1/100 of a per cent.
const WHOLE: i64 = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    pub verdict: MajorAdvice,
    /// Everything that was looked at, what speaks against the major first.
    pub reasons: Vec<Reason>,
}

/// One figure beside its bound: 就业率 62% 低于 70%.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub name: &'static str,
    pub value: Reported<i64>,
    pub unit: Unit,
    /// How it stands to the bound, in words.
    pub than: &'static str,
    /// None where there is nothing to hold it against.
    pub bound: Option<i64>,
    /// Where the bound comes from.
    pub bound_name: &'static str,
    pub signal: Signal,
}

/// What a figure says about the major.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// A reason to close, together with another.
    Against,
    /// A reason to adjust.
    Weak,
    Missing,
    Fine,
    /// There is nothing to judge yet: no graduates, no year before.
    Nothing,
}

pub fn advice(rules: &MajorRules, facts: &MajorFacts) -> Advice {
    match facts.standing {
        MajorStanding::Offered => of_offered(rules, facts),
        _ => of_new(rules, facts),
    }
}

/// A category that nobody offers, or a major that is planned: is it asked for, and not supplied already?
fn of_new(rules: &MajorRules, facts: &MajorFacts) -> Advice {
    let wanted = compare(facts.posts, |posts| posts >= rules.posts_to_open);
    let asked = Reason {
        name: "每年岗位",
        value: facts.posts,
        unit: Unit::Persons,
        than: match wanted {
            Signal::Missing => "没有填报",
            Signal::Fine => "不少于",
            _ => "少于",
        },
        bound: Some(rules.posts_to_open),
        bound_name: "新设的下限",
        signal: wanted,
    };
    let supply = (facts.standing == MajorStanding::Planned).then(|| supply(rules, facts));
    let supplied = supply.as_ref().map_or(Signal::Fine, |reason| reason.signal);
    let verdict = match (wanted, supplied) {
        // Nobody plans it: there is nothing to adjust, things stay as they are.
        (Signal::Weak, _) if facts.standing == MajorStanding::Missing => MajorAdvice::Keep,
        (Signal::Weak, _) | (_, Signal::Against) => MajorAdvice::Adjust,
        (Signal::Missing, _) | (_, Signal::Missing) => MajorAdvice::Unknown,
        _ => MajorAdvice::Open,
    };
    describe(verdict, std::iter::once(asked).chain(supply).collect())
}

fn of_offered(rules: &MajorRules, facts: &MajorFacts) -> Advice {
    let reasons =
        vec![employment(rules, facts), supply(rules, facts), in_field(rules, facts), trend(rules, facts)];
    let [employed, supplied] =
        [0, 1].map(|at| reasons.get(at).map_or(Signal::Missing, |reason| reason.signal));
    let could_be_against = |signal: Signal| matches!(signal, Signal::Against | Signal::Missing);
    let any = |signal: Signal| reasons.iter().any(|reason| reason.signal == signal);
    let verdict = if employed == Signal::Against && supplied == Signal::Against {
        MajorAdvice::Close
    } else if could_be_against(employed) && could_be_against(supplied) {
        MajorAdvice::Unknown
    } else if any(Signal::Against) || any(Signal::Weak) {
        MajorAdvice::Adjust
    } else if any(Signal::Missing) {
        MajorAdvice::Unknown
    } else {
        MajorAdvice::Keep
    };
    describe(verdict, reasons)
}

fn describe(verdict: MajorAdvice, mut reasons: Vec<Reason>) -> Advice {
    reasons.sort_by_key(|reason| reason.signal);
    Advice { verdict, reasons }
}

fn compare(value: Reported<i64>, fine: impl Fn(i64) -> bool) -> Signal {
    match value {
        Reported::Value(value) if fine(value) => Signal::Fine,
        Reported::Value(_) => Signal::Weak,
        Reported::NotApplicable => Signal::Nothing,
        _ => Signal::Missing,
    }
}

/// A rate in 1/100 of a per cent.
#[derive(Debug, Clone, Copy)]
struct Rate {
    /// Cut: it reaches a bound exactly where the rate itself does.
    exact: i64,
    shown: i64,
}

/// `part` out of `whole`; a whole of nothing is 不适用.
fn rate(part: Reported<i64>, whole: Reported<i64>) -> Reported<Rate> {
    match (part, whole) {
        (_, Reported::Value(..=0) | Reported::NotApplicable) => Reported::NotApplicable,
        (Reported::Value(part), Reported::Value(whole)) => {
            // Wide, so that no typo can overflow it.
            let exact = i128::from(part) * i128::from(WHOLE) / i128::from(whole);
            let exact = i64::try_from(exact).unwrap_or(i64::MAX);
            Reported::Value(Rate { exact, shown: rounded(part, whole).unwrap_or(exact) })
        }
        _ => Reported::NotReported,
    }
}

fn of_rate(rate: Reported<Rate>, pick: fn(Rate) -> i64) -> Reported<i64> {
    match rate {
        Reported::Value(rate) => Reported::Value(pick(rate)),
        Reported::NotApplicable => Reported::NotApplicable,
        _ => Reported::NotReported,
    }
}

fn share(of: i64, part: i64) -> i64 {
    i64::try_from(i128::from(of) * i128::from(part) / i128::from(WHOLE)).unwrap_or(i64::MAX)
}

fn employment(rules: &MajorRules, facts: &MajorFacts) -> Reason {
    let rate = rate(facts.employed, facts.graduates);
    let value = of_rate(rate, |rate| rate.shown);
    let (signal, than, bound) = match of_rate(rate, |rate| rate.exact) {
        Reported::Value(found) if found < rules.employment_poor => {
            (Signal::Against, "低于", rules.employment_poor)
        }
        Reported::Value(found) if found < rules.employment_good => {
            (Signal::Weak, "低于", rules.employment_good)
        }
        Reported::Value(_) => (Signal::Fine, "不低于", rules.employment_good),
        Reported::NotApplicable => (Signal::Nothing, "还没有毕业生", rules.employment_good),
        _ => (Signal::Missing, "没有填报", rules.employment_good),
    };
    let bound_name = if signal == Signal::Against { "就业率下限" } else { "就业率要求" };
    Reason { name: "就业率", value, unit: Unit::BasisPoints, than, bound: Some(bound), bound_name, signal }
}

fn in_field(rules: &MajorRules, facts: &MajorFacts) -> Reason {
    // Where nobody graduated, nobody works in the field either.
    let whole = if facts.graduates == Reported::Value(0) { Reported::NotApplicable } else { facts.employed };
    let rate = rate(facts.in_field, whole);
    let value = of_rate(rate, |rate| rate.shown);
    let signal = compare(of_rate(rate, |rate| rate.exact), |found| found >= rules.in_field_poor);
    let than = match signal {
        Signal::Fine => "不低于",
        Signal::Missing => "没有填报",
        Signal::Nothing => "还没有就业的毕业生",
        _ => "低于",
    };
    Reason {
        name: "对口就业率",
        value,
        unit: Unit::BasisPoints,
        than,
        bound: Some(rules.in_field_poor),
        bound_name: "对口就业率要求",
        signal,
    }
}

fn supply(rules: &MajorRules, facts: &MajorFacts) -> Reason {
    let most = facts.posts.value().map(|posts| share(posts, rules.graduates_per_posts));
    let (signal, than) = match (facts.category_graduates, most) {
        (Reported::Value(found), Some(most)) if found > most => (Signal::Against, "超过"),
        (Reported::Value(_), Some(_)) => (Signal::Fine, "不超过"),
        // No graduate at all is never too many, however few the posts.
        (Reported::Value(0), None) => (Signal::Fine, "不超过岗位"),
        (_, None) => (Signal::Missing, "没有填报岗位"),
        _ => (Signal::Missing, "没有填报"),
    };
    Reason {
        name: "本县同类毕业生",
        value: facts.category_graduates,
        unit: Unit::Persons,
        than,
        bound: most,
        bound_name: "按每年岗位算的上限",
        signal,
    }
}

fn trend(rules: &MajorRules, facts: &MajorFacts) -> Reason {
    // What is left after it fell by this part: 32 of 45 is no fall by three tenths.
    let least = facts.enrolled_before.value().map(|before| share(before, WHOLE - rules.enrolment_fall));
    let (signal, than) = match (facts.enrolled, facts.enrolled_before) {
        (Reported::Value(_), Reported::NotApplicable | Reported::Value(0)) => {
            (Signal::Nothing, "没有上一年可比")
        }
        (Reported::Value(found), Reported::Value(_)) if least.is_some_and(|least| found <= least) => {
            (Signal::Weak, "降到不多于")
        }
        (Reported::Value(_), Reported::Value(_)) => (Signal::Fine, "多于"),
        _ => (Signal::Missing, "没有填报"),
    };
    Reason {
        name: "招生数",
        value: facts.enrolled,
        unit: Unit::Persons,
        than,
        bound: least,
        bound_name: "按上一年算的警戒数",
        signal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> MajorRules {
        MajorRules {
            clauses: Vec::new(),
            our_reading: true,
            about: String::new(),
            employment_good: 9_000,
            employment_poor: 7_000,
            in_field_poor: 5_000,
            graduates_per_posts: 15_000,
            enrolment_fall: 3_000,
            posts_to_open: 40,
            examples: Vec::new(),
        }
    }

    const VALUES: [Reported<i64>; 6] = [
        Reported::NotReported,
        Reported::Value(0),
        Reported::Value(20),
        Reported::Value(60),
        Reported::Value(95),
        Reported::Value(100),
    ];

    /// Everything that could still be reported in place of what is missing, one figure at a time.
    fn told_later(facts: &MajorFacts) -> Vec<MajorFacts> {
        let mut all = vec![*facts];
        let places: [fn(&mut MajorFacts) -> &mut Reported<i64>; 7] = [
            |f| &mut f.enrolled,
            |f| &mut f.enrolled_before,
            |f| &mut f.graduates,
            |f| &mut f.employed,
            |f| &mut f.in_field,
            |f| &mut f.posts,
            |f| &mut f.category_graduates,
        ];
        for place in places {
            let mut next = Vec::new();
            for one in &mut all {
                if *place(one) != Reported::NotReported {
                    next.push(*one);
                    continue;
                }
                for value in [0, 20, 60, 100] {
                    let mut told = *one;
                    *place(&mut told) = Reported::Value(value);
                    next.push(told);
                }
            }
            all = next;
        }
        all
    }

    /// Advice that is given while something is missing is never taken back when it comes in.
    #[test]
    fn what_comes_in_later_never_turns_the_advice_round() {
        let rules = rules();
        let mut given = 0;
        for standing in [MajorStanding::Offered, MajorStanding::Planned, MajorStanding::Missing] {
            for seed in 0..VALUES.len().pow(4) {
                let at = |place: u32| VALUES[seed / VALUES.len().pow(place) % VALUES.len()];
                let facts = MajorFacts {
                    standing,
                    enrolled: at(0),
                    enrolled_before: Reported::Value(90),
                    graduates: Reported::Value(100),
                    employed: at(1),
                    in_field: at(2),
                    posts: at(3),
                    category_graduates: at(0),
                };
                let now = advice(&rules, &facts).verdict;
                if now == MajorAdvice::Unknown {
                    continue;
                }
                given += 1;
                for later in told_later(&facts) {
                    assert_eq!(advice(&rules, &later).verdict, now, "{facts:?} → {later:?}");
                }
            }
        }
        assert!(given > 500, "most of these can be judged: {given}");
    }

    #[test]
    fn reasons_say_what_speaks_against_it_first() {
        let facts = MajorFacts {
            standing: MajorStanding::Offered,
            enrolled: Reported::Value(30),
            enrolled_before: Reported::Value(60),
            graduates: Reported::Value(50),
            employed: Reported::Value(30),
            in_field: Reported::NotReported,
            posts: Reported::Value(10),
            category_graduates: Reported::Value(50),
        };
        let found = advice(&rules(), &facts);
        assert_eq!(found.verdict, MajorAdvice::Close);
        let told: Vec<_> = found.reasons.iter().map(|r| (r.name, r.value, r.than, r.bound)).collect();
        assert_eq!(
            told,
            [
                ("就业率", Reported::Value(6_000), "低于", Some(7_000)),
                ("本县同类毕业生", Reported::Value(50), "超过", Some(15)),
                ("招生数", Reported::Value(30), "降到不多于", Some(42)),
                ("对口就业率", Reported::NotReported, "没有填报", Some(5_000)),
            ]
        );
    }

    #[test]
    fn a_rate_is_shown_rounded_and_judged_exact() {
        let facts = |graduates: i64, employed: i64, enrolled: i64| MajorFacts {
            standing: MajorStanding::Offered,
            enrolled: Reported::Value(enrolled),
            enrolled_before: Reported::Value(45),
            graduates: Reported::Value(graduates),
            employed: Reported::Value(employed),
            in_field: Reported::Value(employed),
            posts: Reported::Value(1000),
            category_graduates: Reported::Value(1),
        };
        let found = |name: &str, facts: &MajorFacts| {
            let reasons = advice(&rules(), facts).reasons;
            reasons.into_iter().find(|reason| reason.name == name).map(|one| (one.value, one.signal))
        };
        assert_eq!(found("就业率", &facts(29, 24, 45)), Some((Reported::Value(8_276), Signal::Weak)));
        let nearly = found("就业率", &facts(100_000, 89_999, 45));
        assert_eq!(nearly, Some((Reported::Value(9_000), Signal::Weak)), "89.999 % is not 90");
        assert_eq!(found("招生数", &facts(29, 24, 32)), Some((Reported::Value(32), Signal::Fine)));
        assert_eq!(found("招生数", &facts(29, 24, 31)), Some((Reported::Value(31), Signal::Weak)));
    }

    #[test]
    fn a_new_major_without_graduates_is_not_judged_by_them() {
        let facts = MajorFacts {
            standing: MajorStanding::Offered,
            enrolled: Reported::Value(40),
            enrolled_before: Reported::NotApplicable,
            graduates: Reported::Value(0),
            employed: Reported::Value(0),
            in_field: Reported::Value(0),
            posts: Reported::Value(100),
            category_graduates: Reported::Value(0),
        };
        let found = advice(&rules(), &facts);
        assert_eq!(found.verdict, MajorAdvice::Keep);
        let nothing = found.reasons.iter().filter(|reason| reason.signal == Signal::Nothing).count();
        assert_eq!(nothing, 3, "no rate and no trend yet");
    }
}
