//! What a pair is worth (G0.1, G0.3, G1.1): points, scores with their breakdown, weights of needs, cover, eligibility.
//! Integers throughout, so that anybody with a pencil gets the same; a distance is whole kilometres before it counts.

use crate::matching::{
    Component, Coordinates, CountyFacts, FULL_POINTS, Formula, MatchingRules, PairFacts, PartnerFacts,
    PartnerRole, ScoreLine, Together, WISHES,
};
use std::collections::{BTreeMap, BTreeSet};

const EARTH_KM: f64 = 6371.0;

/// Great-circle distance in whole kilometres.
pub fn distance_km(a: Coordinates, b: Coordinates) -> i64 {
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let h = half(a.lat, b.lat) + a.lat.to_radians().cos() * b.lat.to_radians().cos() * half(a.lon, b.lon);
    // Rounding may lift h above 1 at the antipodes.
    (2.0 * EARTH_KM * h.min(1.0).sqrt().asin()).round() as i64
}

/// `full` × `part` ÷ `whole`, to the nearest integer; nothing of nothing is 0.
fn share(full: i64, part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { (2 * full * part.clamp(0, whole) + whole) / (2 * whole) }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// T4 of T4.2.
fn task(sentence: &str) -> &str {
    sentence.split('.').next().unwrap_or(sentence)
}

fn strength(partner: &PartnerFacts, each: i64) -> i64 {
    let sentences: BTreeSet<&String> = partner.capacities.iter().collect();
    count(sentences.len()).saturating_mul(each).clamp(0, FULL_POINTS)
}

/// What nobody knows speaks neither for nor against.
const HALF: i64 = FULL_POINTS / 2;

/// A part of the points, as much as there is of `full`; half of them where nobody knows how much that is.
fn in_proportion(points: i64, known: Option<i64>, full: i64) -> i64 {
    known.map_or(points / 2, |known| share(points, known, full))
}

fn known_distance(county: &CountyFacts, partner: &PartnerFacts) -> Option<i64> {
    Some(distance_km(county.place?, partner.place?))
}

impl MatchingRules {
    /// The points of one component, 0..=[`FULL_POINTS`].
    pub fn points(
        &self,
        component: &Component,
        county: &CountyFacts,
        partner: &PartnerFacts,
        pair: &PairFacts,
    ) -> i64 {
        let all_or_none = |yes: bool| if yes { FULL_POINTS } else { 0 };
        match &component.formula {
            Formula::Levels { points } => points.get(&partner.level).copied().unwrap_or(0),
            Formula::Industry => {
                let industries: BTreeSet<&String> = county.industries.iter().collect();
                let met = industries.iter().filter(|one| partner.majors.contains(one)).count();
                share(FULL_POINTS, count(met), count(industries.len()))
            }
            Formula::Strength { each } => strength(partner, *each),
            Formula::Typical { each } if county.typical => strength(partner, *each),
            Formula::Typical { .. } => 0,
            Formula::Gap { each, full } => in_proportion(strength(partner, *each), county.lacks, *full),
            Formula::Size { each, full } => in_proportion(strength(partner, *each), county.students, *full),
            Formula::Distance { near_km, far_km } => known_distance(county, partner).map_or(HALF, |km| {
                let beyond = far_km - km;
                share(FULL_POINTS, beyond, far_km - near_km)
            }),
            Formula::SameCity => all_or_none(!county.city.is_empty() && county.city == partner.city),
            Formula::Together { ended } => match pair.together {
                Together::Running => FULL_POINTS,
                Together::Ended => *ended,
                Together::Never => 0,
            },
            Formula::Preference => {
                let wish = |wish: i64| wish.clamp(*WISHES.start(), *WISHES.end());
                let most = 2 * *WISHES.end();
                share(FULL_POINTS, wish(pair.wish_of_county) + wish(pair.wish_of_partner) + most, 2 * most)
            }
            Formula::Balance => {
                let places = self.places_of(component.side, partner);
                share(FULL_POINTS, places - partner.running, places)
            }
        }
        .clamp(0, FULL_POINTS)
    }

    /// How many county schools a partner takes on this side.
    pub fn places_of(&self, side: PartnerRole, partner: &PartnerFacts) -> i64 {
        let usual = match side {
            PartnerRole::Lead => self.places.lead,
            PartnerRole::Nearby => self.places.nearby,
        };
        partner.places.unwrap_or(usual).max(0)
    }

    /// Every component of a side with what it adds; the score is the sum ([`score`]), exactly. `weights` holds those
    /// that a scenario weighs otherwise than the programme.
    pub fn breakdown(
        &self,
        side: PartnerRole,
        county: &CountyFacts,
        partner: &PartnerFacts,
        pair: &PairFacts,
        weights: &BTreeMap<String, i64>,
    ) -> Vec<ScoreLine> {
        self.of_side(side)
            .map(|component| {
                let points = self.points(component, county, partner, pair);
                let weight = weights.get(&component.id).copied().unwrap_or(component.weight);
                let contribution = contribution(weight, points);
                ScoreLine { component: component.id.clone(), points, weight, contribution }
            })
            .collect()
    }

    /// What each of `sentences` weighs for a county school: 100 in all, by the largest remainder, or nothing at all
    /// where it has no open need. Several needs under one sentence weigh together.
    pub fn need_weights(&self, sentences: &[&str], county: &CountyFacts) -> Vec<i64> {
        // Ranks of what is open may have holes: the order counts, not the number. Equal ranks fall in sentence order.
        let mut needs: Vec<(i64, usize)> = county
            .needs
            .iter()
            .filter_map(|(sentence, rank)| Some((*rank, sentences.iter().position(|one| one == sentence)?)))
            .collect();
        needs.sort_unstable();
        let last = self.needs.shares.last().copied().unwrap_or(1);
        let mut shares = vec![0_i64; sentences.len()];
        for (place, (_, sentence)) in needs.iter().enumerate() {
            if let Some(sum) = shares.get_mut(*sentence) {
                *sum += self.needs.shares.get(place).copied().unwrap_or(last);
            }
        }
        apportion(100, &shares)
    }

    /// How far a partner covers each of `sentences`, 0..=100: by the best of its capacities.
    pub fn cover(&self, sentences: &[&str], partner: &PartnerFacts) -> Vec<i64> {
        let of = |sentence: &&str| {
            let best = partner.capacities.iter().map(|capacity| {
                if capacity == sentence {
                    self.cover.same_sentence
                } else if task(capacity) == task(sentence) {
                    self.cover.same_task
                } else {
                    0
                }
            });
            best.max().unwrap_or(0)
        };
        sentences.iter().map(of).collect()
    }

    /// Whether this partner may be chosen for this county school on this side.
    ///
    /// # Errors
    /// The first reason against it, as shown on screen.
    pub fn eligible(
        &self,
        side: PartnerRole,
        county: &CountyFacts,
        partner: &PartnerFacts,
    ) -> Result<(), &'static str> {
        let same_city = !county.city.is_empty() && county.city == partner.city;
        if county.id == partner.id {
            return Err("对口县级院校不能是自己的协作院校。");
        }
        match side {
            PartnerRole::Lead if !partner.high_level => Err("没有“高水平技师学院”标记，不能牵头。"),
            PartnerRole::Lead if self.lead_other_city && same_city => {
                Err("方案要求牵头院校来自外市，这所学校在同一个市。")
            }
            PartnerRole::Nearby if partner.county_school => Err("对口县级院校不能担任配合院校。"),
            // What is unknown is not held against anybody.
            PartnerRole::Nearby
                if self.nearby_reach_km > 0
                    && !same_city
                    && known_distance(county, partner).is_some_and(|km| km > self.nearby_reach_km) =>
            {
                Err("离得太远，超出方案规定的配合距离。")
            }
            _ => Ok(()),
        }
    }
}

/// What points come to at a weight: hundredths, to the nearest whole point.
pub fn contribution(weight: i64, points: i64) -> i64 {
    (weight * points + 50).div_euclid(100)
}

/// What a breakdown comes to.
pub fn score(lines: &[ScoreLine]) -> i64 {
    lines.iter().map(|line| line.contribution).sum()
}

/// Splits `whole` in proportion to `shares`, by the largest remainder; of equal remainders the first wins. All zero where
/// the shares are.
fn apportion(whole: i64, shares: &[i64]) -> Vec<i64> {
    let sum: i64 = shares.iter().sum();
    if sum <= 0 {
        return vec![0; shares.len()];
    }
    let mut parts: Vec<i64> = shares.iter().map(|one| whole * one / sum).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(shares.get(*at).map_or(0, |one| whole * one % sum)));
    let left = usize::try_from(whole - parts.iter().sum::<i64>()).unwrap_or(0);
    for at in order.into_iter().take(left) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_a_known_way_apart() {
        // 广州 (海珠) and 梅州 (兴宁) lie about 270 km apart.
        let here = Coordinates { lon: 113.327, lat: 23.082 };
        let there = Coordinates { lon: 115.748, lat: 24.26 };
        assert!((250..300).contains(&distance_km(here, there)), "{}", distance_km(here, there));
        assert_eq!(distance_km(here, here), 0);
        assert_eq!(distance_km(here, there), distance_km(there, here));
        let north = Coordinates { lon: 0.0, lat: 90.0 };
        let south = Coordinates { lon: 0.0, lat: -90.0 };
        assert_eq!(distance_km(north, south), 20_015);
    }

    #[test]
    fn parts_are_fair_and_sum_to_the_whole() {
        assert_eq!(apportion(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(apportion(100, &[10, 8, 6, 5]), [34, 28, 21, 17]);
        assert_eq!(apportion(100, &[0, 7]), [0, 100]);
        assert_eq!(apportion(100, &[0, 0]), [0, 0]);
        assert_eq!(apportion(100, &[]), Vec::<i64>::new());
    }
}
