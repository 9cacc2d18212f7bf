//! How firmly each pair stands against the weights of the scoring: which one, moved by itself, would part it first. Asks the
//! optimiser many times, so it is made in the background and kept.

use super::setting::{Setting, programme_side};
use super::solve::SolveOutcome;
use jiedui_kernel::{Error, Result};
use jiedui_matching::{Draft, Going, Instance, Options, Side, WeightRange, stability};
use jiedui_programme::{Component, WEIGHTS, contribution};
use serde::{Deserialize, Serialize};

/// After so many cases a question is given up: what lies farther on its line is then not told.
const CASES: usize = 2_000;

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firmness {
    pub pairs: Vec<Firm>,
    /// Components whose weight could not be followed to its end.
    pub open: Vec<String>,
    /// Questions that were solved for it.
    pub solved: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firm {
    pub county_school: String,
    /// None where no weight by itself parts the pair.
    pub goes: Option<Goes>,
}

/// The nearest weight at which a pair goes, and who comes instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goes {
    pub component: String,
    pub from: i64,
    pub to: i64,
    pub lead: String,
    pub nearby: String,
}

impl Goes {
    /// How far the weight has to move.
    pub fn far(&self) -> i64 {
        (self.to - self.from).abs()
    }
}

impl Firmness {
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    pub fn json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    pub fn of(&self, county_school: &str) -> Option<&Firm> {
        self.pairs.iter().find(|one| one.county_school == county_school)
    }

    /// Those that go, the least firm first.
    pub fn going(&self) -> Vec<(&str, &Goes)> {
        let goes = self.pairs.iter().filter_map(|one| Some((one.county_school.as_str(), one.goes.as_ref()?)));
        let mut goes: Vec<_> = goes.collect();
        goes.sort_by_key(|(school, goes)| (goes.far(), *school));
        goes
    }

    /// Those that no weight by itself parts.
    pub fn staying(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(|one| one.goes.is_none()).map(|one| one.county_school.as_str())
    }
}

/// What each score has of one component, in the order of the question.
pub struct Weighed<'a> {
    pub component: &'a Component,
    side: Side,
    weight: i64,
    points: Vec<Vec<i64>>,
}

impl<'a> Weighed<'a> {
    pub fn all(setting: &'a Setting, draft: &Draft) -> Vec<Self> {
        Side::BOTH.into_iter().flat_map(|side| Self::of_side(setting, draft, side)).collect()
    }

    fn of_side(setting: &'a Setting, draft: &Draft, side: Side) -> Vec<Self> {
        let mine = setting.rules.rules.components.iter();
        let mine = mine.filter(|component| component.side == programme_side(side));
        let mut found: Vec<Self> = mine
            .map(|component| Self { component, side, weight: setting.weight(component), points: Vec::new() })
            .collect();
        for school in &draft.county_schools {
            let mut rows = vec![Vec::new(); found.len()];
            for partner in draft.partners(side) {
                let known = setting.facts.county(&school.id).zip(setting.facts.partner(&partner.id));
                let lines = known.map(|(county, partner)| setting.breakdown(side, county, partner));
                for (row, one) in rows.iter_mut().zip(&found) {
                    let mut lines = lines.iter().flatten();
                    let line = lines.find(|line| line.component == one.component.id);
                    row.push(line.map_or(0, |line| line.points));
                }
            }
            for (one, row) in found.iter_mut().zip(rows) {
                one.points.push(row);
            }
        }
        found
    }

    /// The question with this component at another weight.
    pub fn at(&self, asked: &Draft, weight: i64) -> Draft {
        let mut draft = asked.clone();
        let scores = match self.side {
            Side::Lead => &mut draft.lead_scores,
            Side::Nearby => &mut draft.nearby_scores,
        };
        for (score, points) in scores.iter_mut().flatten().zip(self.points.iter().flatten()) {
            *score =
                score.map(|score| score + contribution(weight, *points) - contribution(self.weight, *points));
        }
        draft
    }
}

/// How firmly each pair of a scenario stands; none where its answer is not proven to be the best. `told` hears how far from
/// the present weights it has got.
pub fn firmness(setting: &Setting, answer: &SolveOutcome, told: impl FnMut(i64)) -> Option<Firmness> {
    let SolveOutcome::Solved(asked, solution) = answer else { return None };
    let weighed = Weighed::all(setting, asked);
    let line = |one: &Weighed<'_>| WeightRange { weight: one.weight, range: WEIGHTS };
    let lines: Vec<WeightRange> = weighed.iter().map(line).collect();
    let options = Options { max_nodes: CASES, ..Options::default() };
    let at = |line: usize, weight: i64| Instance::new(weighed.get(line)?.at(asked, weight)).ok();
    let found = stability(asked, solution, &lines, &options, at, told)?;
    let goes = |going: Going| Goes {
        component: weighed[going.line].component.id.clone(),
        from: weighed[going.line].weight,
        to: going.to,
        lead: going.instead.lead,
        nearby: going.instead.nearby,
    };
    let pairs = solution.assignment.iter().zip(found.goes);
    let firm =
        pairs.map(|(pair, going)| Firm { county_school: pair.county_school.clone(), goes: going.map(goes) });
    let open = found.open.iter().map(|(line, _)| weighed[*line].component.id.clone());
    let mut open: Vec<String> = open.collect();
    open.sort();
    open.dedup();
    Some(Firmness { pairs: firm.collect(), open, solved: found.solved })
}
