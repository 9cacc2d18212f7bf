//! How firmly a county school's pair stands against the weights that its scores come from.
//!
//! **At the present prices**: prices are those of the certificate, and stay. A weight that changes moves the scores of all
//! county schools, and with them the prices; so what is told here is a bound on one school's own comparison and no
//! statement about the next optimum. Another pair may win sooner, because places elsewhere become dearer or cheaper, or the
//! pair may hold far longer. Who must know asks the solver again.

use crate::instance::{Instance, Side};
use crate::solution::Certificate;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// An allowed pair of a county school, by places in the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub lead: usize,
    pub nearby: usize,
    /// In points, less what a change costs.
    pub value: i64,
    /// What is left of the value after the prices of both places and of a change, in millionths of a point.
    pub net: i64,
}

/// By how much a weight must fall, or rise, before another pair leaves more than the chosen one; none where no weight in
/// range does it. Nothing (0) both ways where another already does: a proof by cases has such pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Margin {
    pub fall: Option<i64>,
    pub rise: Option<i64>,
}

/// Every allowed pair of a county school at the prices of a certificate's root.
pub fn offers(instance: &Instance, certificate: &Certificate, school: usize) -> Vec<Offer> {
    let Some(asked) = instance.county_schools.get(school) else { return Vec::new() };
    let present = instance.present.iter().find(|row| row.county_school == asked.id);
    let fixed: Vec<_> = instance.fixed.iter().filter(|fixed| fixed.county_school == asked.id).collect();
    let open = |side: Side| {
        let settled = |id: &str| {
            let mut only = fixed
                .iter()
                .filter_map(|f| if side == Side::Lead { f.lead.as_ref() } else { f.nearby.as_ref() });
            only.all(|only| only == id)
        };
        let scores = instance.scores(side)[school].iter().zip(instance.partners(side)).enumerate();
        let allowed = scores.filter(move |(_, (_, partner))| settled(&partner.id));
        allowed.filter_map(|(i, (score, partner))| Some((i, (*score)?, partner))).collect::<Vec<_>>()
    };
    let price = |side: Side, i: usize| {
        let prices = if side == Side::Lead { &certificate.lead_prices } else { &certificate.nearby_prices };
        prices.get(i).map_or(0, |price| price.0)
    };
    let (leads, nearby) = (open(Side::Lead), open(Side::Nearby));
    let mut offers = Vec::with_capacity(leads.len() * nearby.len());
    for (l, lead_score, lead) in leads {
        for (n, nearby_score, near) in nearby.iter().filter(|(_, _, near)| near.id != lead.id) {
            let covers = lead.cover.iter().zip(&near.cover).map(|(a, b)| a.max(b));
            let cover: i64 = asked.weights.iter().zip(covers).map(|(weight, cover)| weight * cover).sum();
            let change = present.is_some_and(|had| had.lead != lead.id || had.nearby != near.id);
            let (cost, paid) = match change {
                true => {
                    (instance.least_gain.unwrap_or(0), certificate.change_price.map_or(0, |price| price.0))
                }
                false => (0, 0),
            };
            let value = lead_score + nearby_score + cover - cost;
            let net = value * 1_000_000 - price(Side::Lead, l) - price(Side::Nearby, *n) - paid;
            offers.push(Offer { lead: l, nearby: *n, value, net });
        }
    }
    offers
}

/// The pair that leaves most beside the chosen one; of equals the first.
pub fn runner_up(offers: &[Offer], chosen: (usize, usize)) -> Option<&Offer> {
    let others = offers.iter().filter(|offer| (offer.lead, offer.nearby) != chosen);
    others.reduce(|best, offer| if offer.net > best.net { offer } else { best })
}

/// How far one weight may move, in whole steps within `range`, before another pair leaves more than the chosen one at
/// these prices. `points` is what an offer has of the component that is weighed, `adds` what points come to at a weight:
/// the rule by which scores arise is the asker's. None where the chosen pair is not among the offers.
pub fn margin(
    offers: &[Offer],
    chosen: (usize, usize),
    weight: i64,
    range: RangeInclusive<i64>,
    points: impl Fn(&Offer) -> i64,
    adds: impl Fn(i64, i64) -> i64,
) -> Option<Margin> {
    let own = offers.iter().find(|offer| (offer.lead, offer.nearby) == chosen)?;
    // Of all offers with the same points only the one that leaves most can be the first to win.
    let mut best = BTreeMap::<i64, i64>::new();
    for offer in offers.iter().filter(|offer| (offer.lead, offer.nearby) != chosen) {
        let most = best.entry(points(offer)).or_insert(offer.net);
        *most = offer.net.max(*most);
    }
    let at =
        |net: i64, points: i64, other: i64| net + (adds(other, points) - adds(weight, points)) * 1_000_000;
    let loses = |other: &i64| {
        let own = at(own.net, points(own), *other);
        best.iter().any(|(&points, &net)| at(net, points, *other) > own)
    };
    if loses(&weight) {
        return Some(Margin { fall: Some(0), rise: Some(0) });
    }
    let fall = (*range.start()..weight).rev().find(loses).map(|other| weight - other);
    let rise = (weight + 1..=*range.end()).find(loses).map(|other| other - weight);
    Some(Margin { fall, rise })
}
