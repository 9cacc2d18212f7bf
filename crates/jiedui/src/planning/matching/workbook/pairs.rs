//! What each choice is worth and what a certificate proves, by the words of the format and nothing else: small enough to
//! be held beside `docs/matching.md` line by line, so that the workbook does not repeat a mistake of the solver.

use jiedui_matching::{Certificate, Draft, Fixed, Price, Side};
use std::collections::BTreeMap;

/// A lead and a nearby school that a county school may get, and what they are worth to it, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub lead: usize,
    pub nearby: usize,
    pub lead_score: i64,
    pub nearby_score: i64,
    /// Σ weight × the better of the two covers.
    pub cover: i64,
    /// Whether the county school would change, and what that costs.
    pub change: bool,
    pub cost: i64,
}

impl Pair {
    pub fn value(&self) -> i64 {
        self.lead_score + self.nearby_score + self.cover - self.cost
    }
}

/// The prices of a certificate's root, for each partner one.
#[derive(Debug, Clone, Copy)]
pub struct Prices<'a> {
    pub leads: &'a [Price],
    pub nearby: &'a [Price],
    /// Of a change; nothing where changes are not limited.
    pub change: Price,
}

impl<'a> Prices<'a> {
    pub fn of(certificate: &'a Certificate) -> Self {
        let (leads, nearby) = (&certificate.lead_prices, &certificate.nearby_prices);
        Self { leads, nearby, change: certificate.change_price.unwrap_or_default() }
    }
}

/// The bound by prices, in millionths of a point: what each county school adds, and what each partner adds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bound {
    /// The best pair less its prices; none where no pair is allowed.
    pub county_schools: Vec<Option<i128>>,
    pub leads: Vec<i128>,
    pub nearby: Vec<i128>,
    /// What the limit on changes adds.
    pub changes: i128,
}

impl Bound {
    /// The sum; none where a county school has no allowed pair.
    pub fn total(&self) -> Option<i128> {
        let best: Option<i128> = self.county_schools.iter().copied().sum();
        Some(best? + self.leads.iter().chain(&self.nearby).sum::<i128>() + self.changes)
    }
}

/// Whole points, rounded down: an assignment is worth a whole number of points.
pub fn floor_points(millionths: i128) -> i128 {
    millionths.div_euclid(1_000_000)
}

/// An instance with its fixed choices looked up.
pub struct Question<'a> {
    draft: &'a Draft,
    /// Place of the county school → what is settled for it.
    settled: Vec<(Option<usize>, Option<usize>)>,
    /// Place of the lead → place among the nearby of the same school.
    twins: Vec<Option<usize>>,
    /// Place of the county school → its present pair, a partner that has left as none; none where it has no pair.
    present: Vec<Option<(Option<usize>, Option<usize>)>>,
    /// Every allowed value is taken as 0: what a proof of infeasibility asks.
    pub worthless: bool,
}

impl<'a> Question<'a> {
    pub fn new(draft: &'a Draft) -> Self {
        let places = |side: Side| -> BTreeMap<&str, usize> {
            draft.partners(side).iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect()
        };
        let (leads, nearby) = (places(Side::Lead), places(Side::Nearby));
        let mut by_school: BTreeMap<&str, (Option<usize>, Option<usize>)> = BTreeMap::new();
        for Fixed { county_school, lead, nearby: second } in &draft.fixed {
            let entry = by_school.entry(county_school).or_default();
            let find = |places: &BTreeMap<&str, usize>, id: &Option<String>| {
                id.as_ref().and_then(|id| places.get(id.as_str()).copied())
            };
            entry.0 = entry.0.or(find(&leads, lead));
            entry.1 = entry.1.or(find(&nearby, second));
        }
        let ids = draft.county_schools.iter().map(|school| school.id.as_str());
        let had = draft.present.iter().map(|row| {
            let at = |places: &BTreeMap<&str, usize>, id: &String| places.get(id.as_str()).copied();
            (row.county_school.as_str(), (at(&leads, &row.lead), at(&nearby, &row.nearby)))
        });
        let had: BTreeMap<&str, _> = had.collect();
        Self {
            present: ids.clone().map(|id| had.get(id).copied()).collect(),
            draft,
            settled: ids.map(|id| by_school.get(id).copied().unwrap_or_default()).collect(),
            twins: draft.leads.iter().map(|lead| nearby.get(lead.id.as_str()).copied()).collect(),
            worthless: false,
        }
    }

    /// The partners of one side that this county school may get.
    pub fn open(&self, school: usize, side: Side) -> Vec<usize> {
        let settled = match side {
            Side::Lead => self.settled[school].0,
            Side::Nearby => self.settled[school].1,
        };
        let scores = self.draft.scores(side)[school].iter().enumerate();
        scores
            .filter(|(at, score)| score.is_some() && settled.is_none_or(|only| only == *at))
            .map(|(at, _)| at)
            .collect()
    }

    /// All pairs that this county school may get.
    pub fn pairs(&self, school: usize) -> impl Iterator<Item = Pair> + '_ {
        let nearby = self.open(school, Side::Nearby);
        let leads = self.open(school, Side::Lead).into_iter();
        leads.flat_map(move |lead| {
            let nearby = nearby.clone().into_iter().filter(move |at| self.twins[lead] != Some(*at));
            nearby.map(move |at| self.pair(school, lead, at))
        })
    }

    /// What a pair is worth, whether it is allowed or not.
    pub fn pair(&self, school: usize, lead: usize, nearby: usize) -> Pair {
        let had = self.present[school];
        let change = had.is_some_and(|had| had != (Some(lead), Some(nearby)));
        if self.worthless {
            return Pair { lead, nearby, lead_score: 0, nearby_score: 0, cover: 0, change, cost: 0 };
        }
        let draft = self.draft;
        let covers = draft.leads[lead].cover.iter().zip(&draft.nearby[nearby].cover);
        let weights = &draft.county_schools[school].weights;
        Pair {
            lead,
            nearby,
            lead_score: draft.lead_scores[school][lead].unwrap_or(0),
            nearby_score: draft.nearby_scores[school][nearby].unwrap_or(0),
            cover: weights.iter().zip(covers).map(|(weight, (a, b))| weight * a.max(b)).sum(),
            change,
            cost: if change { draft.least_gain.unwrap_or(0) } else { 0 },
        }
    }

    /// What these prices prove. Both lists have a price for each partner.
    pub fn bound(&self, prices: Prices<'_>) -> Bound {
        let best = |school| {
            let left = self.pairs(school).map(|pair| net(&pair, prices));
            left.max()
        };
        let places = |side: Side, prices: &[Price]| {
            let partners = self.draft.partners(side).iter().zip(prices);
            partners
                .map(|(partner, price)| {
                    let places = if price.0 >= 0 { partner.max } else { partner.min };
                    i128::from(price.0) * i128::from(places)
                })
                .collect()
        };
        Bound {
            county_schools: (0..self.draft.county_schools.len()).map(best).collect(),
            leads: places(Side::Lead, prices.leads),
            nearby: places(Side::Nearby, prices.nearby),
            changes: i128::from(prices.change.0.max(0)) * i128::from(self.draft.at_most_changes.unwrap_or(0)),
        }
    }
}

/// What is left of a pair's value after its two prices and that of a change, in millionths of a point.
pub(super) fn net(pair: &Pair, prices: Prices<'_>) -> i128 {
    let paid = [prices.leads[pair.lead], prices.nearby[pair.nearby]];
    let change = if pair.change { i128::from(prices.change.0) } else { 0 };
    i128::from(pair.value()) * 1_000_000 - paid.iter().map(|price| i128::from(price.0)).sum::<i128>() - change
}
