//! From facts and a scenario's wishes to the question that the optimiser is asked, and back: what each pair is worth and
//! why. Pure: the same facts, rules and body give the same file, byte for byte.

use super::body::{Body, Stance};
use super::facts::{County, Facts, Partner};
use jiedui_kernel::{Error, Result};
use jiedui_matching::{Assigned, CountySchool, Draft, Fixed, Side};
use jiedui_programme::{
    Component, FULL_POINTS, MatchingRules, PairFacts, PartnerFacts, PartnerRole, Programme, ScoreLine,
    Together, score,
};
use std::collections::{BTreeMap, HashMap};

/// The format of the question as `jiedui_matching` reads it.
const FORMAT: &str = "jiedui-matching/1";

/// The programme's rules of matching, with the sentences by which needs are told apart: kept beside a result.
#[derive(Debug, Clone)]
pub struct Rules {
    pub rules: MatchingRules,
    pub sentences: Vec<String>,
}

impl Rules {
    pub fn of(programme: &Programme) -> Self {
        let sentences = programme.need_sentences().into_iter().map(str::to_owned).collect();
        Self { rules: programme.matching.clone(), sentences }
    }

    /// # Errors
    /// A text that is none of ours.
    pub fn parse(text: &str) -> Result<Self> {
        let (rules, components, sentences): (MatchingRules, Vec<Component>, Vec<String>) =
            serde_json::from_str(text).map_err(Error::internal)?;
        Ok(Self { rules: MatchingRules { components, ..rules }, sentences })
    }

    pub fn json(&self) -> Result<String> {
        // A programme's file has its components beside the rules and not among them, and so is read back.
        let mut rules = serde_json::to_value(&self.rules).map_err(Error::internal)?;
        if let Some(fields) = rules.as_object_mut() {
            fields.remove("components");
        }
        serde_json::to_string(&(rules, &self.rules.components, &self.sentences)).map_err(Error::internal)
    }
}

pub fn programme_side(side: Side) -> PartnerRole {
    match side {
        Side::Lead => PartnerRole::Lead,
        Side::Nearby => PartnerRole::Nearby,
    }
}

pub fn side_name(side: Side) -> &'static str {
    match side {
        Side::Lead => "牵头院校",
        Side::Nearby => "配合院校",
    }
}

pub fn side_id(side: Side) -> &'static str {
    match side {
        Side::Lead => "lead",
        Side::Nearby => "nearby",
    }
}

pub fn side_of(id: &str) -> Option<Side> {
    Side::BOTH.into_iter().find(|side| side_id(*side) == id)
}

/// A scenario with everything it rests on.
#[derive(Debug, Clone)]
pub struct Setting {
    pub facts: Facts,
    pub rules: Rules,
    pub kind: String,
    pub body: Body,
    /// How many county schools each partner helps that are not up for a choice: they take part no more.
    busy: HashMap<(Side, String), i64>,
    /// How many it helps now that take part: so many it may go on helping, whatever it declared.
    carried: HashMap<(Side, String), i64>,
    /// How many of these stay with it as they are.
    kept: HashMap<(Side, String), i64>,
    weights: BTreeMap<String, i64>,
    /// The rules with the scenario's own switch.
    effective: MatchingRules,
    /// Places of a partner's bonds among the facts.
    bonds: HashMap<String, Vec<usize>>,
}

/// What a pair is worth, and out of what.
#[derive(Debug, Clone)]
pub struct Worth {
    pub lead: i64,
    pub nearby: i64,
    pub cover: i64,
}

impl Worth {
    pub fn sum(&self) -> i64 {
        self.lead + self.nearby + self.cover
    }
}

impl Setting {
    pub fn new(facts: Facts, rules: Rules, kind: &str, body: Body) -> Self {
        let (mut busy, mut carried, mut kept) = (HashMap::new(), HashMap::new(), HashMap::new());
        for county in &facts.counties {
            let Some(present) = &county.present else { continue };
            let stance = body.stance(kind, &county.id, true);
            for side in Side::BOTH {
                let count = |counts: &mut HashMap<(Side, String), i64>, counted: bool| {
                    *counts.entry((side, present.of(side).to_owned())).or_insert(0) += i64::from(counted);
                };
                count(&mut busy, stance == Stance::Out);
                count(&mut kept, stance == Stance::Keep);
                count(&mut carried, matches!(stance, Stance::Keep | Stance::Review));
            }
        }
        let mut bonds: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, bond) in facts.bonds.iter().enumerate() {
            bonds.entry(bond.partner.clone()).or_default().push(at);
        }
        let weights = body.weights.iter().map(|(id, weight)| (id.clone(), weight.value)).collect();
        let mut effective = rules.rules.clone();
        if let Some(switch) = &body.other_city {
            effective.lead_other_city = switch.on;
        }
        Self { facts, rules, kind: kind.to_owned(), body, busy, carried, kept, weights, effective, bonds }
    }

    /// The same facts and rules under another body.
    pub fn with(&self, body: Body) -> Self {
        Self::new(self.facts.clone(), self.rules.clone(), &self.kind, body)
    }

    pub fn stance(&self, county: &County) -> Stance {
        self.body.stance(&self.kind, &county.id, county.present.is_some())
    }

    /// County schools that take part, in the order of names.
    pub fn taking_part(&self) -> impl Iterator<Item = &County> {
        self.facts.counties.iter().filter(|county| self.stance(county) != Stance::Out)
    }

    pub fn other_city(&self) -> bool {
        self.effective.lead_other_city
    }

    /// What a component weighs here.
    pub fn weight(&self, component: &Component) -> i64 {
        self.weights.get(&component.id).copied().unwrap_or(component.weight)
    }

    /// What one side of a pair is worth at most, under the weights of this scenario.
    pub fn full(&self, side: Side) -> i64 {
        let mine = self.rules.rules.components.iter().filter(|one| one.side == programme_side(side));
        mine.map(|one| self.weight(one) * FULL_POINTS / 100).sum()
    }

    /// What a pair is worth at most: both sides, and every need covered.
    pub fn full_pair(&self) -> i64 {
        self.full(Side::Lead) + self.full(Side::Nearby) + FULL_POINTS
    }

    /// What the sum is worth at most: every pair perfect.
    pub fn full_sum(&self) -> i64 {
        self.full_pair() * self.taking_part().count() as i64
    }

    /// What is between the two; as if they had never been paired where the school begins from scratch.
    fn bond(&self, county: &County, side: Side, partner: &str, stance: Stance) -> PairFacts {
        let known = self.bonds.get(partner).into_iter().flatten();
        let mut bonds = known.filter_map(|at| self.facts.bonds.get(*at));
        let found = bonds.find(|bond| bond.county_school == county.id && bond.side == side);
        let facts = found.map(|bond| bond.facts.clone()).unwrap_or_default();
        if stance == Stance::Free { PairFacts { together: Together::Never, ..facts } } else { facts }
    }

    fn count(counts: &HashMap<(Side, String), i64>, side: Side, partner: &str) -> i64 {
        counts.get(&(side, partner.to_owned())).copied().unwrap_or(0)
    }

    /// What is known of a partner on this side: it helps so many that are not up for a new choice.
    fn facts_on(&self, side: Side, partner: &Partner) -> PartnerFacts {
        let running = Self::count(&self.busy, side, &partner.id) + Self::count(&self.kept, side, &partner.id);
        PartnerFacts { running, ..partner.facts.clone() }
    }

    /// How many county schools of this scenario a partner takes, by what it declared, and no fewer than it helps now: a
    /// review parts nobody because of a number.
    pub fn declared(&self, side: Side, partner: &Partner) -> (i64, i64) {
        let places = self.rules.rules.places_of(programme_side(side), &partner.facts);
        let left = (places - Self::count(&self.busy, side, &partner.id)).max(0);
        (0, left.max(Self::count(&self.carried, side, &partner.id)))
    }

    pub fn limits(&self, side: Side, partner: &Partner) -> (i64, i64) {
        let limit = self.body.limit(side, &partner.id);
        limit.map_or_else(|| self.declared(side, partner), |limit| (limit.min, limit.max))
    }

    /// Why a partner may not be chosen, if so.
    pub fn hindrance(&self, side: Side, county: &County, partner: &Partner) -> Option<&'static str> {
        let present = county.present.as_ref().is_some_and(|present| present.of(side) == partner.id);
        if self.stance(county) == Stance::Keep {
            return (!present).then_some("这所学校保留现有结对，不另选。");
        }
        if self.body.forbids(&county.id, side, &partner.id) {
            return Some("这一对已由人工设为排除。");
        }
        self.effective.eligible(programme_side(side), &county.facts, &partner.facts).err()
    }

    pub fn breakdown(&self, side: Side, county: &County, partner: &Partner) -> Vec<ScoreLine> {
        let pair = self.bond(county, side, &partner.id, self.stance(county));
        let facts = self.facts_on(side, partner);
        self.effective.breakdown(programme_side(side), &county.facts, &facts, &pair, &self.weights)
    }

    pub fn score(&self, side: Side, county: &County, partner: &Partner) -> i64 {
        score(&self.breakdown(side, county, partner))
    }

    fn sentences(&self) -> Vec<&str> {
        self.rules.sentences.iter().map(String::as_str).collect()
    }

    pub fn need_weights(&self, county: &County) -> Vec<i64> {
        self.rules.rules.need_weights(&self.sentences(), &county.facts)
    }

    pub fn cover(&self, partner: &Partner) -> Vec<i64> {
        self.rules.rules.cover(&self.sentences(), &partner.facts)
    }

    /// What a pair is worth, allowed or not.
    pub fn worth(&self, county: &County, lead: &Partner, nearby: &Partner) -> Worth {
        let best = self.cover(lead).into_iter().zip(self.cover(nearby)).map(|(a, b)| a.max(b));
        Worth {
            lead: self.score(Side::Lead, county, lead),
            nearby: self.score(Side::Nearby, county, nearby),
            cover: self.need_weights(county).into_iter().zip(best).map(|(weight, best)| weight * best).sum(),
        }
    }

    /// The question: everything in the order of ids.
    pub fn draft(&self) -> Draft {
        let mut counties: Vec<&County> = self.taking_part().collect();
        counties.sort_by(|a, b| a.id.cmp(&b.id));
        let mut partners: Vec<&Partner> = self.facts.partners.iter().collect();
        partners.sort_by(|a, b| a.id.cmp(&b.id));
        let (leads, lead_scores) = self.side(Side::Lead, &counties, &partners);
        let (nearby, nearby_scores) = self.side(Side::Nearby, &counties, &partners);
        let school =
            |county: &&County| CountySchool { id: county.id.clone(), weights: self.need_weights(county) };
        Draft {
            format: FORMAT.to_owned(),
            needs: self.rules.sentences.clone(),
            county_schools: counties.iter().map(school).collect(),
            fixed: counties.iter().filter_map(|county| self.fixed(county)).collect(),
            leads,
            nearby,
            lead_scores,
            nearby_scores,
            present: if self.body.speaks_of_changes() { self.present() } else { Vec::new() },
            at_most_changes: self.body.most_changes.as_ref().map(|limit| limit.most),
            least_gain: self.body.least_gain.as_ref().map(|least| least.points),
        }
    }

    /// The pairs that those who take part have, in the order of ids.
    fn present(&self) -> Vec<Assigned> {
        let present = self.taking_part().filter_map(|county| {
            let had = county.present.as_ref()?;
            let (lead, nearby) = (had.lead.clone(), had.nearby.clone());
            Some(Assigned { county_school: county.id.clone(), lead, nearby })
        });
        let mut present: Vec<Assigned> = present.collect();
        present.sort_by(|a, b| a.county_school.cmp(&b.county_school));
        present
    }

    /// The question beside what is: the present pairs are named, and each change costs so many points.
    pub fn draft_of_changes(&self, least_gain: i64) -> Draft {
        let least_gain = Some(least_gain).filter(|least| *least > 0);
        Draft { present: self.present(), least_gain, ..self.draft() }
    }

    /// The partners of one side whom somebody may choose or who must be chosen, and their scores.
    fn side(
        &self,
        side: Side,
        counties: &[&County],
        partners: &[&Partner],
    ) -> (Vec<jiedui_matching::Partner>, Vec<Vec<Option<i64>>>) {
        let mut chosen = Vec::new();
        let mut rows = vec![Vec::new(); counties.len()];
        for partner in partners {
            let (min, max) = self.limits(side, partner);
            let score = |county: &&County| {
                let allowed = self.hindrance(side, county, partner).is_none();
                allowed.then(|| self.score(side, county, partner))
            };
            let column: Vec<Option<i64>> = counties.iter().map(score).collect();
            if min == 0 && column.iter().all(Option::is_none) {
                continue;
            }
            chosen.push(jiedui_matching::Partner {
                id: partner.id.clone(),
                min,
                max,
                cover: self.cover(partner),
            });
            for (row, score) in rows.iter_mut().zip(column) {
                row.push(score);
            }
        }
        (chosen, rows)
    }

    fn fixed(&self, county: &County) -> Option<Fixed> {
        let settled = |side: Side| {
            let kept = county.present.as_ref().filter(|_| self.stance(county) == Stance::Keep);
            let by_hand = self.body.settled(&county.id, side).map(|choice| choice.partner.clone());
            kept.map(|present| present.of(side).to_owned()).or(by_hand)
        };
        let (lead, nearby) = (settled(Side::Lead), settled(Side::Nearby));
        (lead.is_some() || nearby.is_some()).then(|| Fixed { county_school: county.id.clone(), lead, nearby })
    }

    /// Whether the two work together now, on this side.
    pub fn together(&self, county: &County, side: Side, partner: &str) -> bool {
        self.bond(county, side, partner, Stance::Review).together == Together::Running
    }
}
