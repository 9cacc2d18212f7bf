//! What one value of one indicator gives.

use crate::scheme::{Direction, FULL, Given, Measure, Scale, Step};

/// What is not known, and therefore gives neither nothing nor everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Value,
    Baseline,
}

/// The value nearest to that of now which gives more, and how much it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    pub value: i64,
    pub share: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// In permille of the weight; what is missing stands in its place.
    pub share: Result<i64, Missing>,
    /// None where nothing is missing and nothing more can be had, and where it is not known from where to count.
    pub next: Option<Next>,
}

pub fn mark(scale: &Scale, given: Given) -> Mark {
    let Some(value) = given.value else { return Mark { share: Err(Missing::Value), next: None } };
    if scale.full_at.is_some_and(|full| reaches(scale.direction, value, full)) {
        return Mark { share: Ok(FULL), next: None };
    }
    let Some(baseline) = given.baseline else {
        return Mark { share: Err(Missing::Baseline), next: None };
    };
    let met = scale.steps.iter().take_while(|step| meets(scale, value, baseline, step)).count();
    let step = scale.steps.get(met).map(|step| needed(scale, baseline, step));
    let share = share(scale, value, baseline);
    // What is good enough by itself may be nearer than the next step.
    let nearest = match (step, scale.full_at.filter(|_| share < FULL)) {
        (Some(step), Some(full)) if reaches(scale.direction, step, full) => Some(full),
        (step, full) => step.or(full),
    };
    // On a small baseline one more meets several steps at once.
    let next = nearest.map(|value| Next { value, share: self::share(scale, value, baseline) });
    Mark { share: Ok(share), next }
}

fn share(scale: &Scale, value: i64, baseline: i64) -> i64 {
    if scale.full_at.is_some_and(|full| reaches(scale.direction, value, full)) {
        return FULL;
    }
    let met = scale.steps.iter().take_while(|step| meets(scale, value, baseline, step));
    met.last().map_or(0, |step| step.share)
}

/// Whether a value is as good as a bound.
fn reaches(direction: Direction, value: i64, bound: i64) -> bool {
    match direction {
        Direction::More => value >= bound,
        Direction::Less => value <= bound,
    }
}

fn meets(scale: &Scale, value: i64, baseline: i64, step: &Step) -> bool {
    reaches(scale.direction, value, needed(scale, baseline, step))
}

/// The value from which a step is met. What grows out of nothing has grown by anything: one is enough for each step that asks
/// for growth, and nothing for those that do not.
fn needed(scale: &Scale, baseline: i64, step: &Step) -> i64 {
    let gain = match scale.measure {
        Measure::Change => i128::from(step.from),
        Measure::Growth if baseline == 0 => i128::from(step.from.signum()),
        Measure::Growth => {
            ceiling(i128::from(step.from) * i128::from(baseline.unsigned_abs()), i128::from(FULL))
        }
    };
    let value = match scale.direction {
        Direction::More => i128::from(baseline) + gain,
        Direction::Less => i128::from(baseline) - gain,
    };
    // Bounds were checked; a step of the greatest growth over the greatest baseline lies beyond what any value reaches.
    i64::try_from(value).unwrap_or(if value > 0 { i64::MAX } else { i64::MIN })
}

/// The whole number from `number / by` upward.
fn ceiling(number: i128, by: i128) -> i128 {
    number.div_euclid(by) + i128::from(number.rem_euclid(by) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(measure: Measure, direction: Direction) -> Scale {
        let steps = vec![
            Step { from: -50, share: 300 },
            Step { from: 0, share: 600 },
            Step { from: 50, share: 1_000 },
        ];
        Scale { measure, direction, steps, full_at: None }
    }

    fn told(scale: &Scale, value: i64, baseline: i64) -> (i64, Option<(i64, i64)>) {
        let mark = mark(scale, Given { value: Some(value), baseline: Some(baseline) });
        (mark.share.unwrap(), mark.next.map(|next| (next.value, next.share)))
    }

    #[test]
    fn growth_is_counted_from_the_own_baseline() {
        let growth = scale(Measure::Growth, Direction::More);
        // Five per cent of 333 are 16.65: 17 more are needed, 16 less are borne.
        assert_eq!(told(&growth, 333, 333), (600, Some((350, 1_000))));
        assert_eq!(told(&growth, 349, 333), (600, Some((350, 1_000))));
        assert_eq!(told(&growth, 350, 333), (1_000, None));
        assert_eq!(told(&growth, 317, 333), (300, Some((333, 600))));
        assert_eq!(told(&growth, 316, 333), (0, Some((317, 300))));
    }

    #[test]
    fn out_of_nothing_anything_is_growth() {
        let growth = scale(Measure::Growth, Direction::More);
        assert_eq!(told(&growth, 0, 0), (600, Some((1, 1_000))));
        assert_eq!(told(&growth, 1, 0), (1_000, None));
    }

    #[test]
    fn where_less_is_better_it_is_counted_downward() {
        let change = scale(Measure::Change, Direction::Less);
        assert_eq!(told(&change, 100, 120), (600, Some((70, 1_000))));
        assert_eq!(told(&change, 70, 120), (1_000, None));
    }

    #[test]
    fn who_stands_at_the_top_has_everything_and_a_short_way_is_the_one_that_is_told() {
        let scale = Scale { full_at: Some(9_800), ..scale(Measure::Change, Direction::More) };
        assert_eq!(told(&scale, 9_900, 9_950), (1_000, None));
        assert_eq!(told(&scale, 9_790, 9_790), (600, Some((9_800, 1_000))));
        assert_eq!(told(&scale, 9_000, 9_000), (600, Some((9_050, 1_000))));
        let without = Given { value: Some(9_900), baseline: None };
        assert_eq!(mark(&scale, without).share, Ok(1_000));
    }

    #[test]
    fn unknown_is_neither_nothing_nor_everything() {
        let scale = scale(Measure::Growth, Direction::More);
        let of = |value, baseline| mark(&scale, Given { value, baseline }).share;
        assert_eq!(of(None, Some(1)), Err(Missing::Value));
        assert_eq!(of(Some(1), None), Err(Missing::Baseline));
        assert_eq!(of(Some(0), Some(1)), Ok(0));
    }
}
