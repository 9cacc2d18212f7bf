//! Why a school got what it got, in one sentence; and what the preference costs the others.

use super::parcel::{Asked, Claim, Divided};
use jiedui_allocation::{Allocation, Bound, EVEN, Fraction, Method, Rounding, Share};
use jiedui_kernel::Unit;

/// Base, weight, what the bounds did, how it was rounded, what came of it.
pub fn why(asked: &Asked, claim: &Claim, share: &Share, of: &Allocation) -> String {
    let given = format!("分得{}。", asked.said(share.given));
    if share.base == 0 {
        let base = if claim.base.is_none() { "没有可用的" } else { "没有" };
        let floor = if asked.rule.floor > 0 { "，只得保底" } else { "，不参加分配" };
        return format!("{base}{}{floor}；{given}", asked.base);
    }
    let mut parts = vec![base(asked, share)];
    parts.push(format!("按比例应得 {}", exact(share.quota, asked.rule.unit)));
    match share.bound {
        Bound::Floor => parts.push(format!("不足保底，按保底{}计", asked.said(asked.rule.floor))),
        Bound::Cap => {
            parts.push(format!("超过封顶，按封顶{}计", asked.said(asked.rule.cap.unwrap_or_default())));
        }
        Bound::None if share.entitled != share.quota => {
            parts.push(format!("别家保底封顶以后应得 {}", exact(share.entitled, asked.rule.unit)));
        }
        Bound::None => {}
    }
    parts.extend(rounded(asked, share, of));
    if share.tied {
        parts.push("与另一家完全相等，按区划次序".to_owned());
    }
    format!("{}；{given}", parts.join("，"))
}

fn base(asked: &Asked, share: &Share) -> String {
    let base = if asked.base.is_empty() {
        "各家相同".to_owned()
    } else {
        let (number, unit) = asked.base_unit.shown(share.base);
        format!("{} {number} {unit}", asked.base)
    };
    if share.weight == EVEN { base } else { format!("{base}，倾斜按 {} 倍计", times(share.weight)) }
}

fn rounded(asked: &Asked, share: &Share, of: &Allocation) -> Option<String> {
    match (of.rule.method, share.place, share.rounding) {
        (Method::LargestRemainder, Some(place), _) => {
            let one = if asked.rule.unit == Unit::Yuan { "加一分" } else { "加一" };
            Some(format!("余数排第 {place}，前 {} 位各{one}", of.left))
        }
        (Method::HighestAverages, _, Rounding::Up) => Some("按共同的除数取整，进一".to_owned()),
        (Method::HighestAverages, _, Rounding::Down) => Some("按共同的除数取整，舍去零头".to_owned()),
        _ => None,
    }
}

/// A weight as people say it: 1.5.
pub fn times(weight: i64) -> String {
    let text = format!("{}.{:03}", weight / EVEN, weight % EVEN);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A fraction to two places; money, which is kept in cents, to the cent below.
fn exact(of: Fraction, unit: Unit) -> String {
    if unit.in_hundredths() {
        return unit.format(i64::try_from(of.floor()).unwrap_or(i64::MAX));
    }
    let hundredths = of.hundredths();
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// What the preference does to those who have it and to those who have not.
pub fn cost(asked: &Asked, divided: &Divided) -> String {
    let (mut gained, mut gainers, mut lost, mut losers) = (0, 0, 0, 0);
    for one in divided.given() {
        let difference = one.given - one.without;
        if difference > 0 {
            (gained, gainers) = (gained + difference, gainers + 1);
        } else if difference < 0 {
            (lost, losers) = (lost - difference, losers + 1);
        }
    }
    if gained == 0 && lost == 0 {
        return "这个总数下，倾斜不改变谁分得的数。".to_owned();
    }
    let each = asked.rule.among.counted();
    format!(
        "和不倾斜相比：{gainers} {each}多得，共{}；{losers} {each}少得，共{}。",
        asked.said(gained),
        asked.said(lost)
    )
}

/// How many schools would have another share by the other method.
pub fn differing(divided: &Divided) -> usize {
    divided.given().iter().filter(|one| one.given != one.other).count()
}

/// How much of what was given is left, for whoever is about to take some up.
pub fn room(unit: Unit, (given, claimed): (i64, i64)) -> String {
    let said = |value: i64| {
        let (number, unit) = unit.shown(value);
        format!("{number} {unit}")
    };
    let left = given.saturating_sub(claimed);
    let rest = if left < 0 { format!("超出 {}", said(-left)) } else { format!("还余 {}", said(left)) };
    format!("本年度分得 {}，已登记 {}，{rest}。", said(given), said(claimed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::allocation::rules::parcel::tests::asked;

    fn told(asked: &Asked) -> Vec<String> {
        let divided = asked.divide().unwrap();
        let of = &divided.with;
        let one = |share: &Share| why(asked, asked.claim(&share.id).unwrap(), share, of);
        of.shares.iter().map(one).collect()
    }

    #[test]
    fn each_share_is_told_in_one_sentence() {
        let mut question = asked(
            10,
            &[("a", Some(40), true), ("b", Some(60), false), ("c", None, false), ("d", Some(0), false)],
        );
        assert_eq!(
            told(&question),
            [
                "专任教师 40 人，倾斜按 1.5 倍计，按比例应得 5.00；分得 5 人。",
                "专任教师 60 人，按比例应得 5.00；分得 5 人。",
                "没有可用的专任教师，不参加分配；分得 0 人。",
                "没有专任教师，不参加分配；分得 0 人。",
            ]
        );
        question.rule.floor = 1;
        question.rule.cap = Some(5);
        question.total = 9;
        assert_eq!(
            told(&question)[0],
            "专任教师 40 人，倾斜按 1.5 倍计，按比例应得 4.50，别家保底封顶以后应得 3.50，余数排第 1，前 1 位各加一，\
             与另一家完全相等，按区划次序；分得 4 人。"
        );
        assert_eq!(told(&question)[2], "没有可用的专任教师，只得保底；分得 1 人。");
    }

    #[test]
    fn what_the_preference_costs_is_told() {
        let question = asked(10, &[("a", Some(40), true), ("b", Some(60), false)]);
        let divided = question.divide().unwrap();
        assert_eq!(cost(&question, &divided), "和不倾斜相比：1 所多得，共 1 人；1 所少得，共 1 人。");
        assert_eq!(differing(&divided), 0);
        let none = asked(10, &[("a", Some(40), false), ("b", Some(60), false)]);
        assert!(cost(&none, &none.divide().unwrap()).contains("不改变"));
        assert_eq!(room(Unit::PersonTimes, (12, 5)), "本年度分得 12 人次，已登记 5 人次，还余 7 人次。");
        assert!(room(Unit::PersonTimes, (3, 5)).ends_with("超出 2 人次。"));
        assert_eq!([times(1_000), times(1_500), times(1_250)], ["1", "1.5", "1.25"]);
    }
}
