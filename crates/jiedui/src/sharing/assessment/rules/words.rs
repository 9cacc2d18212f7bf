//! What is said of points, of what the next one needs, and of what depends on the weights.

use super::parcel::{Asked, Dependence, Outturn, Pair, Yardstick};
use jiedui_assessment::{Mark, Missing};
use jiedui_kernel::Unit;
use jiedui_programme::{GainMeasure, Measured};

/// Thousandths of a point as people write them.
pub fn points(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The points of one: a span where something is missing.
pub fn total(of: &Outturn) -> String {
    if of.least == of.most {
        return points(of.least);
    }
    format!("{}～{}", points(of.least), points(of.most))
}

/// The band of one, or that it cannot be told yet.
pub fn band(asked: &Asked, of: &Outturn) -> String {
    of.band.as_deref().map_or("暂不能定", |id| asked.band(id)).to_owned()
}

/// An amount with its unit; a share in per cent.
fn said(value: i64, unit: Unit) -> String {
    let (number, word) = unit.shown(value);
    if unit == Unit::BasisPoints { format!("{number}%") } else { format!("{number} {word}") }
}

/// How much more or less than the baseline; "" where either is not known.
pub fn change(of: &Measured, yardstick: &Yardstick, figures: &Pair) -> String {
    let Some((value, baseline)) = figures.value.value().zip(figures.baseline.value()) else {
        return String::new();
    };
    let difference = value.saturating_sub(baseline);
    let sign = match difference {
        0 => return "持平".to_owned(),
        1.. => "+",
        _ => "−",
    };
    if of.measure == GainMeasure::Growth && baseline != 0 {
        let (difference, base) = (i128::from(difference).abs(), i128::from(baseline).abs());
        // For showing only, half up: points follow from the exact numbers.
        let rounded = i64::try_from((difference * 20_000 + base) / (2 * base)).unwrap_or(i64::MAX);
        return format!("{sign}{}%", Unit::BasisPoints.format(rounded));
    }
    let unit = yardstick.unit;
    if unit == Unit::BasisPoints {
        return format!("{sign}{} 个百分点", unit.format(difference.saturating_abs()));
    }
    format!("{sign}{}", said(difference.saturating_abs(), unit))
}

/// What an indicator gives.
pub fn given(of: &Measured, mark: &Mark) -> String {
    match mark.share {
        Ok(share) => points(of.weight * share),
        Err(Missing::Value) => "没有当年的数".to_owned(),
        Err(Missing::Baseline) => "没有基期的数".to_owned(),
    }
}

/// What the next point needs.
pub fn next(of: &Measured, yardstick: &Yardstick, mark: &Mark) -> String {
    match (mark.next, mark.share) {
        (Some(next), _) => {
            let verb =
                if of.direction == jiedui_programme::GainDirection::More { "达到" } else { "降到" };
            format!("{verb} {}，得 {} 分", said(next.value, yardstick.unit), points(of.weight * next.share))
        }
        (None, Ok(_)) => "已到最高一档".to_owned(),
        (None, Err(Missing::Value)) => "请把当年的数报来，确认或接收以后才能算；不按零分计".to_owned(),
        (None, Err(Missing::Baseline)) => "没有可比的基期，这一项不按零分计".to_owned(),
    }
}

/// Between which bands other weights would put one.
pub fn range(asked: &Asked, of: &Dependence) -> String {
    if of.depends() {
        return format!("在{}和{}之间", asked.band(&of.lowest), asked.band(&of.highest));
    }
    "不变".to_owned()
}

/// What depends on the weights, in one sentence.
pub fn summary(asked: &Asked, of: &[Dependence]) -> String {
    let spread = Unit::BasisPoints.format(asked.scheme.spread * 10);
    let bands = of.iter().filter(|one| one.depends()).count();
    let orders = of.iter().filter(|one| one.open > 0).count();
    if bands == 0 && orders == 0 {
        return format!("每个权重各自上下浮动 {spread}%，谁的等次都不变，谁和谁的高低也不变。");
    }
    format!(
        "每个权重各自上下浮动 {spread}%：{} 家里有 {bands} 家的等次会变，有 {orders} 家和别家的高低会变。",
        of.len()
    )
}

#[cfg(test)]
mod tests {
    use super::super::parcel::tests::asked;
    use super::*;

    #[test]
    fn each_point_says_what_the_next_one_needs() {
        let asked = asked(&[("a", [Some(1_049), Some(1_000)], [Some(9_600), None])]);
        let (subject, scheme) = (&asked.subjects[0], &asked.scheme);
        let marks = subject.marks(scheme);
        let told = |at: usize| {
            let (of, yardstick) = (&scheme.measured[at], &asked.yardsticks[at]);
            (
                change(of, yardstick, &subject.figures[at]),
                given(of, &marks[at]),
                next(of, yardstick, &marks[at]),
            )
        };
        assert_eq!(told(0), ("+4.90%".into(), "30".into(), "达到 1050 人，得 50 分".into()));
        assert_eq!(told(1).1, "没有基期的数");
        assert!(told(1).0.is_empty() && told(1).2.contains("不按零分计"));
        let found = asked.outturns().unwrap();
        assert_eq!((total(&found[0]).as_str(), band(&asked, &found[0]).as_str()), ("30～80", "暂不能定"));
    }

    #[test]
    fn what_depends_on_the_weights_is_told_in_one_sentence() {
        let few = asked(&[
            ("a", [Some(1_050), Some(1_000)], [Some(9_600), Some(9_600)]),
            ("b", [Some(900), Some(1_000)], [Some(9_700), Some(9_600)]),
        ]);
        let (_, found) = few.compute().unwrap();
        assert!(
            summary(&few, &found).contains("上下浮动 20%：2 家里有 2 家的等次会变，有 0 家"),
            "{}",
            summary(&few, &found)
        );
        assert_eq!(range(&few, &found[0]), "在较好和好之间");
        let even = asked(&[("a", [Some(1_050), Some(1_000)], [Some(9_700), Some(9_600)])]);
        let (_, found) = even.compute().unwrap();
        assert!(summary(&even, &found).contains("谁的等次都不变"));
        assert_eq!(points(72_500), "72.5");
    }
}
