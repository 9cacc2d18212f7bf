//! Instances by recipe, for tests and measurements. The same recipe and seed make the same instance everywhere.

use crate::instance::{CountySchool, Draft, FORMAT, Fixed, Partner};

/// How the parts of an instance hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Schools on a map; scores fall with distance; room to spare.
    Roomy,
    /// The same, with hardly a place more than there are county schools.
    Tight,
    /// Leads and nearby schools cover different needs, so that the two choices at a school hang together; tight.
    Hard,
    /// Nearby schools only from the own city or a neighbouring one.
    Local,
}

impl Family {
    pub const ALL: [(&'static str, Self); 4] =
        [("roomy", Self::Roomy), ("tight", Self::Tight), ("hard", Self::Hard), ("local", Self::Local)];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, family)| *family)
    }
}

/// What an instance is made of.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    pub family: Family,
    pub county_schools: usize,
    pub leads: usize,
    pub nearby: usize,
    pub needs: usize,
    pub seed: u64,
}

/// SplitMix64: small, and the same on every machine.
#[derive(Debug, Clone)]
pub struct SeededRng(pub u64);

impl SeededRng {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..n`.
    pub fn below(&mut self, n: i64) -> i64 {
        (self.roll() >> 11) as i64 % n.max(1)
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

/// Weights that sum to a hundred, larger for the needs ranked first; about five needs matter.
fn weights(rng: &mut SeededRng, needs: usize) -> Vec<i64> {
    let mut weights = vec![0; needs];
    let mut left = 100;
    for rank in 0..5 {
        let k = rng.below(needs as i64) as usize;
        let share = if rank == 4 { left } else { (left * 2 / 5 + rng.below(5)).min(left) };
        weights[k] += share;
        left -= share;
    }
    weights
}

fn cover(rng: &mut SeededRng, needs: usize, likely: impl Fn(usize) -> i64) -> Vec<i64> {
    (0..needs).map(|k| if rng.chance(likely(k)) { 40 + rng.below(61) } else { 0 }).collect()
}

/// Places that sum to `room`, every partner at least one while there are enough; some partners must take one.
fn places(rng: &mut SeededRng, partners: usize, room: i64) -> Vec<(i64, i64)> {
    let mut places = vec![(0, room / partners as i64); partners];
    for _ in 0..room % partners as i64 {
        places[rng.below(partners as i64) as usize].1 += 1;
    }
    for place in &mut places {
        place.0 = i64::from(place.1 > 0 && rng.chance(15));
    }
    places
}

fn partners(rng: &mut SeededRng, recipe: &Recipe, name: &str, n: usize) -> Vec<Partner> {
    let schools = recipe.county_schools as i64;
    let room = match recipe.family {
        Family::Roomy => schools * 3 / 2 + 2,
        Family::Tight | Family::Hard => schools + 1,
        Family::Local => schools * 6 / 5,
    };
    let lead = name == "l";
    let likely = move |k: usize| match recipe.family {
        Family::Hard if lead => {
            if k.is_multiple_of(2) {
                70
            } else {
                10
            }
        }
        Family::Hard => {
            if k.is_multiple_of(2) {
                10
            } else {
                70
            }
        }
        _ => {
            if lead {
                50
            } else {
                25
            }
        }
    };
    let places = places(rng, n, room.max(n as i64 / 2));
    places
        .into_iter()
        .enumerate()
        .map(|(i, (min, max))| Partner {
            id: format!("{name}{:04}", i + 1),
            min,
            max,
            cover: cover(rng, recipe.needs, likely),
        })
        .collect()
}

/// A place on a map of 600 × 400 kilometres.
fn spot(rng: &mut SeededRng) -> (i64, i64) {
    (rng.below(600), rng.below(400))
}

fn far(a: (i64, i64), b: (i64, i64)) -> i64 {
    (a.0 - b.0).abs().max((a.1 - b.1).abs())
}

pub fn make(recipe: &Recipe) -> Draft {
    let mut rng = SeededRng(recipe.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ recipe.county_schools as u64);
    let rng = &mut rng;
    let spots: Vec<_> = (0..recipe.county_schools).map(|_| spot(rng)).collect();
    let lead_spots: Vec<_> = (0..recipe.leads).map(|_| spot(rng)).collect();
    let nearby_spots: Vec<_> = (0..recipe.nearby).map(|_| spot(rng)).collect();
    let county_schools = (0..recipe.county_schools)
        .map(|j| CountySchool { id: format!("c{:04}", j + 1), weights: weights(rng, recipe.needs) })
        .collect();
    let leads = partners(rng, recipe, "l", recipe.leads);
    let nearby = partners(rng, recipe, "n", recipe.nearby);
    let strength: Vec<i64> = (0..recipe.leads).map(|_| 2_000 + rng.below(8_000)).collect();
    let lead_scores = (0..recipe.county_schools)
        .map(|_| strength.iter().map(|own| rng.chance(97).then(|| own / 2 + rng.below(5_000))).collect())
        .collect();
    let reach = if recipe.family == Family::Local { 14 } else { 1_000 };
    let nearby_scores = spots
        .iter()
        .map(|&at| nearby_spots.iter().map(|&spot| near_score(rng, far(at, spot), reach)).collect())
        .collect();
    let _ = lead_spots;
    let needs = (0..recipe.needs).map(|k| format!("k{:02}", k + 1)).collect();
    let format = FORMAT.to_owned();
    let mut draft = Draft {
        format,
        needs,
        county_schools,
        leads,
        nearby,
        lead_scores,
        nearby_scores,
        ..Draft::default()
    };
    reachable(rng, recipe, &mut draft);
    draft
}

fn near_score(rng: &mut SeededRng, far: i64, reach: i64) -> Option<i64> {
    (far <= reach).then(|| (10_000 - far * 25).max(0) + rng.below(200))
}

/// Every county school can choose its share of nearby schools, so that a local instance has an assignment.
fn reachable(rng: &mut SeededRng, recipe: &Recipe, draft: &mut Draft) {
    let n = recipe.nearby;
    let mut home: Vec<usize> =
        draft.nearby.iter().enumerate().flat_map(|(i, p)| vec![i; p.max as usize]).collect();
    for i in (1..home.len()).rev() {
        home.swap(i, rng.below(i as i64 + 1) as usize);
    }
    for (row, own) in draft.nearby_scores.iter_mut().zip(home) {
        if n > 0 && row[own].is_none() {
            row[own] = Some(3_000 + rng.below(3_000));
        }
    }
}

/// A small instance without manners: any numbers in range, holes, shared ids, fixed choices, places that may not do.
pub fn wild(seed: u64) -> Draft {
    let mut rng = SeededRng(seed);
    let rng = &mut rng;
    let (schools, leads, nearby) = (1 + rng.below(6), 1 + rng.below(4), 1 + rng.below(4));
    let needs = rng.below(4);
    let top = [3, 100, 10_000, 1_000_000][rng.below(4) as usize];
    let row = |rng: &mut SeededRng, n: i64, top: i64| (0..n).map(|_| rng.below(top + 1)).collect::<Vec<_>>();
    let county_schools: Vec<_> = (0..schools)
        .map(|j| CountySchool { id: format!("c{}", (j * 7) % 10), weights: row(rng, needs, 100) })
        .collect();
    let side = |rng: &mut SeededRng, n: i64, name: &str| -> Vec<Partner> {
        let mut list: Vec<_> = (0..n)
            .map(|i| {
                let id = if rng.chance(30) { format!("s{i}") } else { format!("{name}{i}") };
                let min = i64::from(rng.chance(15));
                Partner { id, min, max: min + rng.below(3), cover: row(rng, needs, 100) }
            })
            .collect();
        // Room enough in total: anything else is refused by the reader.
        let lack = schools - list.iter().map(|p| p.max).sum::<i64>();
        list[0].max += lack.max(0);
        let over = list.iter().map(|p| p.min).sum::<i64>() - schools;
        for partner in list.iter_mut().filter(|p| p.min > 0).take(over.max(0) as usize) {
            partner.min = 0;
        }
        list
    };
    let leads = side(rng, leads, "l");
    let nearby = side(rng, nearby, "n");
    let holes = [0, 20, 50][rng.below(3) as usize];
    let table = |rng: &mut SeededRng, wide: usize| -> Vec<Vec<Option<i64>>> {
        let mut cell = || (!rng.chance(holes)).then(|| rng.below(2 * top + 1) - top);
        (0..schools).map(|_| (0..wide).map(|_| cell()).collect()).collect()
    };
    let (lead_scores, nearby_scores) = (table(rng, leads.len()), table(rng, nearby.len()));
    let mut draft = Draft {
        format: FORMAT.to_owned(),
        needs: (0..needs).map(|k| format!("k{k}")).collect(),
        county_schools,
        leads,
        nearby,
        lead_scores,
        nearby_scores,
        ..Draft::default()
    };
    if rng.chance(30) {
        let (j, l) = (rng.below(schools) as usize, rng.below(draft.leads.len() as i64) as usize);
        if draft.lead_scores[j][l].is_some() {
            let (county_school, lead) = (draft.county_schools[j].id.clone(), Some(draft.leads[l].id.clone()));
            draft.fixed.push(Fixed { county_school, lead, nearby: None });
        }
    }
    draft
}
