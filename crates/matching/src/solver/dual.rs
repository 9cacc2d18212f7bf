//! Prices on places: every set of prices gives a bound that no assignment exceeds (Lagrangian duality), and good prices
//! give a good bound.

use super::prices::{Bans, Exact, Prices};
use super::problem::{Had, NEVER, Problem, School, shared};
use super::repair::{self, Choice};

/// No price of use is beyond this.
const STEEP: f64 = 1e9;
/// Steps between two full looks at every row: in between prices do not move far.
const ROWS_EVERY: usize = 10;

/// The largest of `values[i] - prices[i]`, eight lanes wide.
pub(super) fn row_max(values: &[f32], prices: &[f32]) -> f32 {
    const WIDE: usize = 8;
    let mut lanes = [f32::MIN; WIDE];
    let (values, values_rest) = values.as_chunks::<WIDE>();
    let (prices, prices_rest) = prices.as_chunks::<WIDE>();
    for (v, p) in values.iter().zip(prices) {
        for i in 0..WIDE {
            let net = v[i] - p[i];
            lanes[i] = if net > lanes[i] { net } else { lanes[i] };
        }
    }
    let rest = values_rest.iter().zip(prices_rest).map(|(v, p)| v - p);
    lanes.into_iter().chain(rest).fold(f32::MIN, f32::max)
}

/// Prices as one school sees them; what is banned is priced out.
pub(super) fn seen(school: &[u32], prices: &[f64], banned: &[bool], into: &mut Vec<f32>) {
    into.clear();
    into.extend(
        school.iter().zip(banned).map(|(&at, &no)| if no { 1e30 } else { prices[at as usize] as f32 }),
    );
}

/// The best pair of a school at these prices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub net: f64,
    pub lead: u32,
    pub nearby: u32,
}

/// The best pair of a school, in single precision: for steps, not for proofs. `most` says what a row can come to at most.
fn best_pair(school: &School, prices: &Prices, most: impl Fn(usize) -> f32) -> Option<Best> {
    let rough = |side: usize| school.list(side).iter().map(move |&at| prices.0[side][at as usize] as f32);
    let nearby: Vec<f32> = rough(1).collect();
    let rows: Vec<(f32, f32)> = rough(0).enumerate().map(|(l, price)| (most(l) - price, price)).collect();
    let first = (0..rows.len()).max_by(|&a, &b| rows[a].0.total_cmp(&rows[b].0).then(b.cmp(&a)))?;
    let mut best = (f32::MIN, first);
    for l in std::iter::once(first).chain(0..rows.len()) {
        if rows[l].0 > best.0 {
            let net = row_max(school.row(l), &nearby) - rows[l].1;
            best = if net > best.0 { (net, l) } else { best };
        }
    }
    if best.0 < NEVER / 2.0 {
        return None;
    }
    let (lead, row) = (best.1, school.row(best.1));
    let mut at = (f32::MIN, 0);
    for (n, (value, price)) in row.iter().zip(&nearby).enumerate() {
        if value - price > at.0 {
            at = (value - price, n);
        }
    }
    let of = |lead: u32, nearby: u32| Best { net: prices.net(school, lead, nearby), lead, nearby };
    let best = of(lead as u32, at.1 as u32);
    // No price of a change is to be paid for the present pair.
    let Had::Pair(l, n) = school.had else { return Some(best) };
    let kept = of(l, n);
    Some(if kept.net > best.net { kept } else { best })
}

/// The best pair of every school at these prices; none where a school has no allowed pair.
fn evaluate(problem: &Problem, prices: &Prices, rows: &Rows) -> Option<Vec<Best>> {
    let rise = rows.rise(prices);
    let one = |j: usize| best_pair(&problem.schools[j], prices, |lead| rows.top(j, lead) + rise);
    shared(problem.threads, problem.schools.len(), one).into_iter().collect()
}

/// The part of the bound that the places themselves pay.
pub(super) fn places_worth(problem: &Problem, prices: &Prices) -> f64 {
    let mut sum = 0.0;
    for s in [0, 1, 2] {
        for (price, places) in prices.0[s].iter().zip(&problem.places[s]) {
            sum += price * if *price >= 0.0 { places.max } else { places.min } as f64;
        }
    }
    sum
}

/// What each row of each school came to at some prices of the nearby places: at other prices it is more by no more than
/// the largest fall of a price, so that most rows need not be looked at again.
pub(super) struct Rows {
    nearby: Vec<f64>,
    tops: Vec<Vec<f32>>,
}

impl Rows {
    pub fn at(problem: &Problem, prices: &Prices) -> Self {
        let of = |school: &School| {
            let nearby: Vec<f32> = school.nearby.iter().map(|&at| prices.0[1][at as usize] as f32).collect();
            (0..school.leads.len()).map(|l| row_max(school.row(l), &nearby)).collect()
        };
        let tops = shared(problem.threads, problem.schools.len(), |j| of(&problem.schools[j]));
        Self { nearby: prices.0[1].clone(), tops }
    }

    /// How much more a row can come to at these prices.
    pub fn rise(&self, prices: &Prices) -> f32 {
        self.nearby.iter().zip(&prices.0[1]).fold(f64::MIN, |most, (then, now)| most.max(then - now)) as f32
    }

    pub fn top(&self, school: usize, lead: usize) -> f32 {
        self.tops[school][lead]
    }
}

/// How far single precision may be wrong: a few roundings of numbers no larger than values and prices together.
pub(super) fn wrong(prices: &Prices) -> f32 {
    let largest = prices.0.iter().flatten().fold(0.0_f64, |most, price| most.max(price.abs()));
    (largest as f32 + 3e6) * 1e-6
}

/// The certified bound in points: the floor of an exact sum. None: some school has no allowed pair, so that nothing is
/// possible at all.
pub(super) fn bound(problem: &Problem, bans: &Bans, exact: &Exact, rows: Option<&Rows>) -> Option<i64> {
    let rough = exact.rough();
    let (wrong, rise) = (wrong(&rough), rows.map(|rows| rows.rise(&rough)));
    let one = |j: usize| {
        let most = |lead: usize| rows.zip(rise).map_or(f32::MAX, |(rows, rise)| rows.top(j, lead) + rise);
        let bans = (bans.lead[j].as_slice(), bans.nearby[j].as_slice());
        exact_best(&problem.schools[j], exact, &rough, wrong, bans, most)
    };
    let mut sum = 0_i128;
    for net in shared(problem.threads, problem.schools.len(), one) {
        sum += i128::from(net?);
    }
    for s in [0, 1, 2] {
        for (price, places) in exact.0[s].iter().zip(&problem.places[s]) {
            sum += i128::from(price.0) * i128::from(if price.0 >= 0 { places.max } else { places.min });
        }
    }
    i64::try_from(sum.div_euclid(1_000_000)).ok()
}

/// The net value of the best pair, in millionths. Rows that single precision puts well below the best are passed over.
fn exact_best(
    school: &School,
    exact: &Exact,
    rough: &Prices,
    wrong: f32,
    bans: (&[bool], &[bool]),
    most: impl Fn(usize) -> f32,
) -> Option<i64> {
    let (mut leads, mut nearby) = (Vec::new(), Vec::new());
    seen(&school.leads, &rough.0[0], bans.0, &mut leads);
    seen(&school.nearby, &rough.0[1], bans.1, &mut nearby);
    let mut rows: Vec<f32> = leads.iter().enumerate().map(|(l, price)| most(l) - price).collect();
    let net = |l: usize| row_max(school.row(l), &nearby) - leads[l];
    let first = (0..rows.len()).max_by(|&a, &b| rows[a].total_cmp(&rows[b]).then(b.cmp(&a)))?;
    let mut top = net(first);
    for (l, row) in rows.iter_mut().enumerate() {
        if *row >= top - wrong {
            *row = if l == first { top } else { net(l) };
            top = top.max(*row);
        }
    }
    let mut best = None;
    for (l, _) in rows.iter().enumerate().filter(|&(l, &net)| !bans.0[l] && net >= top - wrong) {
        let own = exact.0[0][school.leads[l] as usize].0;
        for (n, &value) in school.row(l).iter().enumerate() {
            if bans.1[n] || value <= NEVER {
                continue;
            }
            let net = value as i64 * 1_000_000 - own - exact.0[1][school.nearby[n] as usize].0;
            best = best.max(Some(net));
        }
    }
    if school.had != Had::Nothing {
        best = best.map(|net| net - exact.change());
    }
    if let Had::Pair(l, n) = school.had
        && let Some(value) = school.at(l as usize, n as usize)
        && !bans.0[l as usize]
        && !bans.1[n as usize]
    {
        let price = |s: usize, list: &[u32], at: u32| exact.0[s][list[at as usize] as usize].0;
        let paid = price(0, &school.leads, l) + price(1, &school.nearby, n);
        best = best.max(Some(value * 1_000_000 - paid));
    }
    best
}

/// What a descent leaves behind.
pub(super) struct Descent {
    pub prices: Prices,
    /// Pairs that were best somewhere near the end: `(school, lead, nearby)`.
    pub pairs: Vec<(u32, u32, u32)>,
    /// The best assignment met on the way.
    pub choice: Option<Choice>,
}

/// How far a descent goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub steps: usize,
    /// Steps between two tries to make an assignment.
    pub repair_every: usize,
    /// Steps without gain after which steps become shorter.
    pub patience: usize,
}

/// Lowers the bound by subgradient steps of Polyak's length towards the best assignment known, and looks for better ones
/// on the way. None where some school has no allowed pair.
pub(super) fn descend(
    problem: &Problem,
    start: Prices,
    choice: Option<Choice>,
    plan: Plan,
) -> Option<Descent> {
    let mut prices = start.clone();
    let mut descent = Descent { prices: start, pairs: Vec::new(), choice };
    let mut least = f64::INFINITY;
    let mut along = Prices::zero(problem);
    let mut rows = Rows::at(problem, &prices);
    let (mut pace, mut idle) = (1.0, 0);
    for step in 1..=plan.steps {
        if step % ROWS_EVERY == 1 {
            rows = Rows::at(problem, &prices);
        }
        let best = evaluate(problem, &prices, &rows)?;
        let value = best.iter().map(|best| best.net).sum::<f64>() + places_worth(problem, &prices);
        if step % plan.repair_every == 0 {
            descent.choice = repair::better(descent.choice.take(), repair::from_prices(problem, &prices));
        }
        if value < least - 1e-9 * value.abs() {
            least = value;
            descent.prices.clone_from(&prices);
            idle = 0;
        } else {
            idle += 1;
        }
        if idle > plan.patience {
            pace *= 0.7;
            idle = 0;
            prices.clone_from(&descent.prices);
            along = Prices::zero(problem);
        }
        if step * 2 >= plan.steps {
            descent.pairs.extend(best.iter().enumerate().map(|(j, best)| (j as u32, best.lead, best.nearby)));
        }
        let floor = descent.choice.as_ref().map_or(least * 0.97, |choice| choice.worth as f64);
        if !take_step(problem, &best, &mut prices, &mut along, pace * (value - floor).max(1.0)) {
            break;
        }
    }
    descent.pairs.sort_unstable();
    descent.pairs.dedup();
    Some(descent)
}

/// One step; false where the subgradient is zero, so that the prices are the best there are.
fn take_step(problem: &Problem, best: &[Best], prices: &mut Prices, along: &mut Prices, gap: f64) -> bool {
    let mut counts = [0, 1, 2].map(|s| vec![0_i64; problem.partners(s)]);
    for (best, school) in best.iter().zip(&problem.schools) {
        counts[0][school.leads[best.lead as usize] as usize] += 1;
        counts[1][school.nearby[best.nearby as usize] as usize] += 1;
        if let Some(changes) = counts[2].first_mut() {
            *changes += i64::from(school.changes(best.lead, best.nearby));
        }
    }
    let mut slopes = Prices::zero(problem);
    let (mut against, mut before, mut still) = (0.0, 0.0, true);
    for s in [0, 1, 2] {
        for (p, (&count, places)) in counts[s].iter().zip(&problem.places[s]).enumerate() {
            let price = prices.0[s][p];
            let slope = match price {
                price if price > 0.0 || count > places.max => places.max - count,
                price if price < 0.0 || count < places.min => places.min - count,
                _ => 0,
            } as f64;
            still &= slope == 0.0;
            slopes.0[s][p] = slope;
            against += slope * along.0[s][p];
            before += along.0[s][p] * along.0[s][p];
        }
    }
    // Camerini, Fratta, Maffioli: the last direction is kept as far as it does not point against the new slope.
    let keep = if before > 0.0 { (-1.5 * against / before).max(0.0) } else { 0.0 };
    let mut length = 0.0;
    for (along, slope) in along.0.iter_mut().flatten().zip(slopes.0.iter().flatten()) {
        *along = keep * *along + slope;
        length += *along * *along;
    }
    if still || length == 0.0 {
        return false;
    }
    let stride = gap / length;
    for s in [0, 1, 2] {
        for (p, places) in problem.places[s].iter().enumerate() {
            // Where there is no assignment the bound has no floor, and the prices would run away.
            let price = (prices.0[s][p] - stride * along.0[s][p]).clamp(-STEEP, STEEP);
            prices.0[s][p] = if places.min == 0 { price.max(0.0) } else { price };
        }
    }
    true
}
