//! One side at a time: with the other side settled, the best choice of partners is a transportation problem, solved
//! exactly by successive shortest paths over the partners' prices.

use super::problem::Places;

/// Worth more than any assignment: places that must be filled pull schools towards them.
const PULL: i64 = 1 << 48;

/// What a school can choose: a partner and the value in points.
pub(super) type Offers = Vec<(u32, i64)>;

struct State<'a> {
    offers: &'a [Offers],
    places: &'a [Places],
    /// Price of a place, rising as it is fought for.
    price: Vec<i64>,
    taken: Vec<Vec<u32>>,
    chosen: Vec<Option<u32>>,
}

/// The best choice for every school, as a place in its offers; none where the places cannot be kept.
pub(super) fn best(offers: &[Offers], places: &[Places]) -> Option<Vec<u32>> {
    let mut state = State {
        offers,
        places,
        price: places.iter().map(|p| if p.min > 0 { -PULL } else { 0 }).collect(),
        taken: vec![Vec::new(); places.len()],
        chosen: vec![None; offers.len()],
    };
    let mut search = Search::new(places.len());
    for school in 0..offers.len() {
        search.place(&mut state, school)?;
    }
    let filled = state.taken.iter().zip(places).all(|(taken, p)| taken.len() as i64 >= p.min);
    let chosen = state.chosen.into_iter().collect::<Option<Vec<u32>>>()?;
    filled.then_some(chosen)
}

impl State<'_> {
    /// What one more school at a partner is worth beyond its own value; none when it is full.
    fn reward(&self, partner: usize) -> Option<i64> {
        let (places, taken) = (self.places[partner], self.taken[partner].len() as i64);
        if taken < places.min { Some(PULL) } else { (taken < places.max).then_some(0) }
    }

    fn net(&self, school: usize, offer: usize) -> i64 {
        let (partner, value) = self.offers[school][offer];
        value - self.price[partner as usize]
    }
}

/// Working memory of one shortest path, kept between them.
struct Search {
    dist: Vec<i64>,
    /// The school that would come to a partner, and its offer.
    from: Vec<(u32, u32)>,
    done: Vec<bool>,
    seen: Vec<usize>,
    /// Those seen and not done.
    open: Vec<usize>,
}

impl Search {
    fn new(partners: usize) -> Self {
        Self {
            dist: vec![i64::MAX; partners],
            from: vec![(0, 0); partners],
            done: vec![false; partners],
            seen: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Gives a school its place; others may have to move along the cheapest chain.
    fn place(&mut self, state: &mut State, school: usize) -> Option<()> {
        for partner in self.seen.drain(..) {
            self.dist[partner] = i64::MAX;
            self.done[partner] = false;
        }
        self.open.clear();
        let best = (0..state.offers[school].len()).map(|offer| state.net(school, offer)).max()?;
        self.reach(state, school, best, 0);
        let mut end: Option<(i64, usize)> = None;
        while let Some(partner) = self.nearest() {
            let dist = self.dist[partner];
            if end.is_some_and(|(least, _)| dist >= least) {
                break;
            }
            self.done[partner] = true;
            if let Some(reward) = state.reward(partner) {
                let total = dist - state.price[partner] - reward;
                if end.is_none_or(|(least, _)| total < least) {
                    end = Some((total, partner));
                }
            }
            for at in 0..state.taken[partner].len() {
                let other = state.taken[partner][at] as usize;
                let own = state.chosen[other]? as usize;
                let now = state.net(other, own);
                self.reach(state, other, now, dist);
            }
        }
        let (total, last) = end?;
        for &partner in &self.seen {
            if self.done[partner] && self.dist[partner] < total {
                state.price[partner] += total - self.dist[partner];
            }
        }
        self.shift(state, school, last);
        Some(())
    }

    /// Takes the nearest of those not done.
    fn nearest(&mut self) -> Option<usize> {
        let (&first, rest) = self.open.split_first()?;
        let (mut least, mut at) = ((self.dist[first], first), 0);
        for (i, &partner) in rest.iter().enumerate() {
            let key = (self.dist[partner], partner);
            if key < least {
                (least, at) = (key, i + 1);
            }
        }
        Some(self.open.swap_remove(at))
    }

    /// Where a school could go from here.
    fn reach(&mut self, state: &State, school: usize, now: i64, dist: i64) {
        for (offer, &(partner, value)) in state.offers[school].iter().enumerate() {
            let partner = partner as usize;
            let far = dist + now - (value - state.price[partner]);
            if far < self.dist[partner] && !self.done[partner] {
                if self.dist[partner] == i64::MAX {
                    self.seen.push(partner);
                    self.open.push(partner);
                }
                self.dist[partner] = far;
                self.from[partner] = (school as u32, offer as u32);
            }
        }
    }

    /// Moves everybody along the chain that ends at `last`.
    fn shift(&self, state: &mut State, first: usize, last: usize) {
        let mut partner = last;
        loop {
            let (school, offer) = self.from[partner];
            let before = state.chosen[school as usize].replace(offer);
            state.taken[partner].push(school);
            if school as usize == first && before.is_none() {
                return;
            }
            let Some(before) = before else { return };
            let left = state.offers[school as usize][before as usize].0 as usize;
            state.taken[left].retain(|&other| other != school);
            partner = left;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to choose, tried.
    fn brute(offers: &[Offers], places: &[Places]) -> Option<i64> {
        fn go(offers: &[Offers], places: &[Places], count: &mut Vec<i64>, at: usize) -> Option<i64> {
            if at == offers.len() {
                let kept = count.iter().zip(places).all(|(n, p)| (p.min..=p.max).contains(n));
                return kept.then_some(0);
            }
            let mut best = None;
            for &(partner, value) in &offers[at] {
                count[partner as usize] += 1;
                let rest = go(offers, places, count, at + 1).map(|rest| rest + value);
                best = best.max(rest);
                count[partner as usize] -= 1;
            }
            best
        }
        go(offers, places, &mut vec![0; places.len()], 0)
    }

    proptest::proptest! {
        #[test]
        fn equals_the_best_of_all_choices(
            offers in proptest::collection::vec(
                proptest::collection::vec(proptest::option::weighted(0.8, -50_i64..50), 3), 1..6),
            places in proptest::collection::vec((0_i64..3, 0_i64..3), 3),
        ) {
            let offers: Vec<Offers> = offers.iter().map(|row| {
                row.iter().enumerate().filter_map(|(i, v)| v.map(|v| (i as u32, v))).collect()
            }).collect();
            let places: Vec<Places> = places.iter().map(|&(min, more)| Places { min, max: min + more }).collect();
            let ours = best(&offers, &places);
            let worth = ours.map(|choice| {
                choice.iter().zip(&offers).map(|(&at, row)| row[at as usize].1).sum::<i64>()
            });
            proptest::prop_assert_eq!(worth, brute(&offers, &places));
        }
    }
}
