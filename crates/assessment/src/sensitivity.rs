//! What depends on the weights: the scheme's are arbitrary within its spread, so every one of them is let free within it.

use crate::assess::{Assessed, Assessment};
use crate::rng::SplitMix;
use crate::scheme::{FULL, Scheme};

/// How many weightings are drawn, and from what. The same gives the same for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    pub weightings: usize,
    pub seed: u64,
}

/// How one unit stands where the weights are others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: String,
    /// The lowest and the highest band that some weights give it, with what is missing counted either way.
    pub bands: (usize, usize),
    /// The first and the last place that came up, those of the scheme's own weights among them; equal points share the
    /// better place. None where something is missing: then it has no place at all.
    pub places: Option<(usize, usize)>,
    /// Between what no weights can bring it, by those that are always before it and those always behind it.
    pub bounds: Option<(usize, usize)>,
    /// How many others are before it with some weights and behind it with others.
    pub open: usize,
}

impl Standing {
    /// Whether other weights would give another band.
    pub fn band_depends(&self) -> bool {
        self.bands.0 != self.bands.1
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensitivity {
    /// In the order of the assessment's units.
    pub standings: Vec<Standing>,
    pub sampling: Sampling,
}

/// `assessment` is of this scheme.
pub fn sensitivity(scheme: &Scheme, assessment: &Assessment, sampling: Sampling) -> Sensitivity {
    let freedom = Freedom::of(scheme);
    let whole: Vec<usize> =
        (0..assessment.units.len()).filter(|at| assessment.units[*at].is_whole()).collect();
    let rows: Vec<Vec<i64>> = whole.iter().map(|at| assessment.units[*at].shares(0).collect()).collect();
    let places = sampled(&freedom, &rows, sampling);
    let orders = orders(&freedom, &rows);
    let mut standings: Vec<Standing> =
        assessment.units.iter().map(|unit| alone(scheme, &freedom, unit)).collect();
    for ((at, places), order) in whole.iter().zip(places).zip(orders) {
        let standing = &mut standings[*at];
        standing.places = Some(places);
        standing.bounds = Some((1 + order.before, whole.len() - order.not_before));
        standing.open = order.open;
    }
    Sensitivity { standings, sampling }
}

/// The weights of a scheme, in thousandths, and between what each may lie.
struct Freedom {
    low: Vec<i64>,
    high: Vec<i64>,
    weights: Vec<i64>,
    spread: i64,
    /// The indicators by id: what is drawn for one does not depend on where it stands.
    order: Vec<usize>,
}

impl Freedom {
    fn of(scheme: &Scheme) -> Self {
        let weights: Vec<i64> = scheme.indicators.iter().map(|one| one.weight).collect();
        let at = |free: i64| weights.iter().map(|weight| weight * (FULL + free)).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_unstable_by_key(|at| &scheme.indicators[*at].id);
        Self { low: at(-scheme.spread), high: at(scheme.spread), spread: scheme.spread, order, weights }
    }

    /// The least that `Σ w c` can be.
    fn least(&self, of: impl Iterator<Item = i64>) -> i128 {
        let ends = self.low.iter().zip(&self.high);
        of.zip(ends).map(|(c, (low, high))| i128::from(c * if c > 0 { low } else { high })).sum()
    }

    fn most(&self, of: impl Iterator<Item = i64>) -> i128 {
        -self.least(of.map(|c| -c))
    }
}

/// What can be said of a unit without the others.
fn alone(scheme: &Scheme, freedom: &Freedom, unit: &Assessed) -> Standing {
    let against = |missing: i64, from: i64| unit.shares(missing).map(move |share| share - from);
    let band = |reached: &dyn Fn(i64) -> bool| {
        scheme.bands.iter().take_while(|from| reached(**from)).count().saturating_sub(1)
    };
    let lowest = band(&|from| freedom.least(against(0, from)) >= 0);
    let highest = band(&|from| freedom.most(against(FULL, from)) >= 0);
    Standing { id: unit.id.clone(), bands: (lowest, highest), places: None, bounds: None, open: 0 }
}

/// How many others are always before one; always behind it or beside it; and neither.
#[derive(Clone, Copy, Default)]
struct Order {
    before: usize,
    not_before: usize,
    open: usize,
}

fn orders(freedom: &Freedom, rows: &[Vec<i64>]) -> Vec<Order> {
    let mut orders = vec![Order::default(); rows.len()];
    for (one, row) in rows.iter().enumerate() {
        for (other, beside) in rows.iter().enumerate().skip(one + 1) {
            let apart = || row.iter().zip(beside).map(|(own, other)| own - other);
            let (least, most) = (freedom.least(apart()), freedom.most(apart()));
            orders[one].before += usize::from(most < 0);
            orders[other].before += usize::from(least > 0);
            orders[one].not_before += usize::from(least >= 0);
            orders[other].not_before += usize::from(most <= 0);
            let open = usize::from(least < 0 && most > 0);
            orders[one].open += open;
            orders[other].open += open;
        }
    }
    orders
}

/// The first and the last place of each over the scheme's own weights and those that are drawn.
fn sampled(freedom: &Freedom, rows: &[Vec<i64>], sampling: Sampling) -> Vec<(usize, usize)> {
    let mut found = vec![(usize::MAX, 0); rows.len()];
    let mut rng = SplitMix::new(sampling.seed);
    let mut weights: Vec<i64> = freedom.weights.iter().map(|weight| weight * FULL).collect();
    let mut points = vec![0; rows.len()];
    let mut sorted = vec![0; rows.len()];
    for drawn in 0..=sampling.weightings {
        if drawn > 0 {
            for at in &freedom.order {
                weights[*at] = freedom.weights[*at] * (FULL + rng.around(freedom.spread));
            }
        }
        for (sum, row) in points.iter_mut().zip(rows) {
            *sum = row.iter().zip(&weights).map(|(share, weight)| share * weight).sum::<i64>();
        }
        sorted.copy_from_slice(&points);
        sorted.sort_unstable();
        for (found, sum) in found.iter_mut().zip(&points) {
            let place = 1 + sorted.len() - sorted.partition_point(|other| other <= sum);
            *found = (found.0.min(place), found.1.max(place));
        }
    }
    found
}
