//! From prices, or from an assignment that breaks limits, to one that keeps them: the sides take turns, each solved
//! exactly while the other stands still, until nothing gains.

use super::prices::{Bans, Prices};
use super::problem::{NEVER, Problem, School, shared};
use super::transport;

/// Turns after which the sides stop: each gains, so few are needed.
const TURNS: usize = 8;

/// An assignment, as places in each school's lists, and its worth in points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub pairs: Vec<(u32, u32)>,
    pub worth: i64,
}

fn banned(bans: Option<&Bans>, school: usize, side: usize, at: usize) -> bool {
    bans.is_some_and(|bans| if side == 0 { bans.lead[school][at] } else { bans.nearby[school][at] })
}

/// On what terms the sides take their turns.
#[derive(Clone, Copy)]
struct Terms<'a> {
    bans: Option<&'a Bans>,
    /// What a change costs here, so that there are not too many.
    toll: i64,
}

/// The partners on one side that are best while the other side stands still.
fn turn(problem: &Problem, side: usize, others: &[u32], terms: Terms) -> Option<Vec<u32>> {
    let offers = |(j, school): (usize, &School)| {
        let other = others[j] as usize;
        let value = |at: usize| {
            let (l, n) = if side == 0 { (at, other) } else { (other, at) };
            let toll = if school.changes(l as u32, n as u32) { terms.toll } else { 0 };
            Some(school.at(l, n)? - toll)
        };
        let list = school.list(side);
        let open = (0..list.len()).filter(|&at| !banned(terms.bans, j, side, at));
        open.filter_map(|at| Some((list[at], value(at)?))).collect::<Vec<_>>()
    };
    choose(problem, side, &problem.schools.iter().enumerate().map(offers).collect::<Vec<_>>())
}

/// The best choice among what is offered to each school, as places in the schools' lists.
fn choose(problem: &Problem, side: usize, offers: &[transport::Offers]) -> Option<Vec<u32>> {
    let chosen = transport::best(offers, &problem.places[side])?;
    Some(places_of(problem, side, offers, &chosen))
}

/// From places in the offers to places in the schools' lists; both are in the order of partners.
fn places_of(problem: &Problem, side: usize, offers: &[transport::Offers], chosen: &[u32]) -> Vec<u32> {
    let of = |(j, &at): (usize, &u32)| {
        let partner = offers[j][at as usize].0;
        problem.schools[j].list(side).binary_search(&partner).unwrap_or_default() as u32
    };
    chosen.iter().enumerate().map(of).collect()
}

/// Lets the sides take turns from an assignment, this side first: its own choice before may break limits.
fn turns(problem: &Problem, mut pairs: Vec<(u32, u32)>, mut side: usize, terms: Terms) -> Option<Choice> {
    let mut best: Option<Choice> = None;
    for taken in 0..TURNS {
        let others: Vec<u32> = pairs.iter().map(|&(l, n)| if side == 0 { n } else { l }).collect();
        let chosen = turn(problem, side, &others, terms)?.into_iter().zip(others);
        pairs = chosen.map(|(own, other)| if side == 0 { (own, other) } else { (other, own) }).collect();
        side = 1 - side;
        // After the first turn only one side is known to keep its limits.
        if taken == 0 {
            continue;
        }
        let worth = problem.worth(&pairs)?;
        if problem.partners(2) > 0 && !problem.keeps(&pairs) {
            continue;
        }
        if best.as_ref().is_some_and(|best| worth <= best.worth) {
            break;
        }
        best = Some(Choice { pairs: pairs.clone(), worth });
    }
    best
}

pub(super) fn better(a: Option<Choice>, b: Option<Choice>) -> Option<Choice> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.worth > a.worth { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// From prices: one side chooses first, with the other side's prices in view, and the other follows.
pub(super) fn from_prices(problem: &Problem, prices: &Prices) -> Option<Choice> {
    let terms = Terms { bans: None, toll: toll(prices) };
    let first = |side: usize| {
        let offers = |j: usize| offers_in_view(&problem.schools[j], prices, side);
        let offers = shared(problem.threads, problem.schools.len(), offers);
        let chosen = choose(problem, side, &offers)?.into_iter();
        let pairs = chosen.map(|at| if side == 0 { (at, 0) } else { (0, at) }).collect();
        turns(problem, pairs, 1 - side, terms)
    };
    better(first(0), first(1))
}

/// What a partner on one side is worth to a school together with the best on the other side after its price.
fn offers_in_view(school: &School, prices: &Prices, side: usize) -> transport::Offers {
    let wide = school.nearby.len();
    let list = school.list(side);
    let mut tops = vec![f64::MIN; list.len()];
    for (at, &value) in school.value.iter().enumerate().filter(|(_, value)| **value > NEVER) {
        let (l, n) = (at / wide, at % wide);
        let (own, price) = if side == 0 {
            (l, prices.0[1][school.nearby[n] as usize])
        } else {
            (n, prices.0[0][school.leads[l] as usize])
        };
        let change = if school.changes(l as u32, n as u32) { prices.change() } else { 0.0 };
        tops[own] = tops[own].max(f64::from(value) - price - change);
    }
    let open = list.iter().zip(tops).filter(|(_, top)| *top > f64::MIN);
    open.map(|(&partner, top)| (partner, top.round() as i64)).collect()
}

/// The price of a change in whole points.
fn toll(prices: &Prices) -> i64 {
    prices.change().ceil() as i64
}

/// From pairs for some schools; the others take what is best at the prices. Whoever has tried one side first and comes
/// again may name the other.
pub(super) fn from_partial(
    problem: &Problem,
    prices: &Prices,
    start: &[Option<(u32, u32)>],
    bans: Option<&Bans>,
    first: Option<usize>,
) -> Option<Choice> {
    let mut pairs = Vec::with_capacity(start.len());
    for (j, pair) in start.iter().enumerate() {
        let kept = pair.filter(|&(l, n)| {
            let allowed = problem.schools[j].row(l as usize)[n as usize] > NEVER;
            allowed && !banned(bans, j, 0, l as usize) && !banned(bans, j, 1, n as usize)
        });
        pairs.push(match kept {
            Some(pair) => pair,
            None => cheapest(problem, prices, j, bans)?,
        });
    }
    let terms = Terms { bans, toll: toll(prices) };
    let found = match first {
        Some(side) => turns(problem, pairs.clone(), side, terms),
        None => better(turns(problem, pairs.clone(), 0, terms), turns(problem, pairs.clone(), 1, terms)),
    };
    better(found, as_it_is(problem, pairs))
}

/// Pairs that keep a limit on changes need no turn, in which they might break it.
pub(super) fn as_it_is(problem: &Problem, pairs: Vec<(u32, u32)>) -> Option<Choice> {
    if problem.partners(2) == 0 || !problem.keeps(&pairs) {
        return None;
    }
    Some(Choice { worth: problem.worth(&pairs)?, pairs })
}

/// The best pair of one school at some prices.
fn cheapest(problem: &Problem, prices: &Prices, j: usize, bans: Option<&Bans>) -> Option<(u32, u32)> {
    let school = &problem.schools[j];
    let mut best: Option<(f64, (u32, u32))> = None;
    for l in (0..school.leads.len()).filter(|&l| !banned(bans, j, 0, l)) {
        for n in (0..school.nearby.len()).filter(|&n| !banned(bans, j, 1, n) && school.row(l)[n] > NEVER) {
            let pair = (l as u32, n as u32);
            let net = prices.net(school, pair.0, pair.1);
            if best.is_none_or(|(most, _)| net > most) {
                best = Some((net, pair));
            }
        }
    }
    best.map(|(_, pair)| pair)
}
