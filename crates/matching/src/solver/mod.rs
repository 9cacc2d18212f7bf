//! The solver: prices by descent, an assignment by turns, a proof by branch and bound on the linear relaxation.

mod dual;
mod prices;
mod problem;
mod reason;
mod repair;
mod search;
mod simplex;
mod ties;
mod transport;

use crate::instance::{Assigned, Instance, Side};
use crate::solution::{Certificate, FORMAT, Leaf, Node, Price, Solution, Split, Status, Warm};
use dual::{Descent, Plan};
use prices::{Bans, Exact, Prices};
use problem::{Keep, Problem};
use repair::Choice;
use search::{Case, Search};
use std::collections::BTreeMap;
use ties::KnownPrices;

/// Rows of a linear relaxation that fit the explicit inverse; larger instances get prices and an assignment with a gap.
const LP_ROWS: usize = 1_500;

#[derive(Debug, Clone)]
pub struct Options {
    /// The last answer to a question that was nearly the same.
    pub warm: Option<Warm>,
    /// Cases after which the search stops and says how far it came.
    pub max_nodes: usize,
    /// 0: as many as the machine has. The answer does not depend on it.
    pub threads: usize,
    /// Whether to look for other assignments of the same worth.
    pub ties: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { warm: None, max_nodes: 100_000, threads: 0, ties: false }
    }
}

/// Solves an instance to the proven optimum, or proves that there is no assignment and why. Only an instance beyond
/// [`Options::max_nodes`], or one too large for the exact relaxation, ends with a gap between objective and bound.
pub fn solve(instance: &Instance, options: &Options) -> Solution {
    let problem = Problem::new(instance, &Keep::all(instance), options.threads);
    let writer = Writer { instance, problem: &problem };
    let start = start(&problem, &writer, options);
    let found = start.as_ref().and_then(|start| start.choice.clone());
    let choice = match found.map_or_else(|| reason::any(&writer, options), Ok) {
        Ok(choice) => choice,
        Err(told) => return *told,
    };
    let (prices, pairs) =
        start.map_or((Prices::zero(&problem), Vec::new()), |start| (start.prices, start.pairs));
    if problem.rows() > LP_ROWS {
        let exact = prices.exact();
        let bound = dual::bound(&problem, &Bans::none(&problem), &exact, None).unwrap_or(choice.worth);
        return writer.solved(&choice, bound.max(choice.worth), &exact, None);
    }
    let floor = choice.worth;
    let mut search = Search::new(&problem, forbidding(&problem), Some(choice), floor, options.max_nodes);
    search.seed(&prices, &pairs);
    if options.warm.is_some() {
        search.lean(&prices);
    }
    let tree = search.run();
    let choice = search.best.clone().unwrap_or(Choice { pairs: Vec::new(), worth: floor });
    let (root_bound, root) = search.root.clone().unwrap_or((i64::MAX, prices.exact()));
    let bound = search.open.unwrap_or(choice.worth).max(choice.worth);
    let tree = (root_bound > choice.worth).then_some(tree);
    let mut solution = writer.solved(&choice, bound, &root, tree);
    if options.ties {
        let (forbidden, max_nodes) = (forbidding(&problem), options.max_nodes);
        let known = KnownPrices { problem: &problem, choice: &choice, root: &root, forbidden, max_nodes };
        let tied = ties::ties(&known);
        solution.ties = tied.into_iter().map(|j| writer.county_school(j).to_owned()).collect();
    }
    solution
}

/// A price that hardly any gain outweighs; the search raises it where one does.
fn forbidding(problem: &Problem) -> f64 {
    let spread = |school: &problem::School| {
        let allowed = school.value.iter().copied().filter(|value| *value > problem::NEVER);
        let (low, high) =
            allowed.fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(value), high.max(value)));
        f64::from((high - low).max(1.0))
    };
    3.0 * problem.schools.iter().map(spread).fold(0.0, f64::max) + 1e3
}

/// Prices and an assignment to start from; none where some school has nothing to choose.
fn start(problem: &Problem, writer: &Writer, options: &Options) -> Option<Descent> {
    if problem.stuck() {
        return None;
    }
    let large = problem.rows() > LP_ROWS;
    let (prices, choice) =
        options.warm.as_ref().map_or((Prices::zero(problem), None), |warm| writer.warm(warm));
    // Nothing changed is an assignment too, where it keeps the limits.
    let kept = problem.present().and_then(|pairs| repair::as_it_is(problem, pairs));
    let choice = repair::better(choice, kept);
    let plan = match (options.warm.is_some() && choice.is_some(), large) {
        // The last answer still keeps all limits: its prices are near enough for the relaxation to begin with.
        (true, false) => Plan { steps: 1, repair_every: 2, patience: 20 },
        (false, false) => Plan { steps: 80, repair_every: 80, patience: 20 },
        (_, true) => Plan { steps: 1_000, repair_every: 250, patience: 60 },
    };
    dual::descend(problem, prices, choice, plan)
}

/// Between sorted places and the ids of the file.
struct Writer<'a> {
    instance: &'a Instance,
    problem: &'a Problem,
}

impl Writer<'_> {
    fn warm(&self, warm: &Warm) -> (Prices, Option<Choice>) {
        let mut prices = Prices::zero(self.problem);
        if let (Some(price), Some(known)) = (prices.0[2].first_mut(), warm.change_price) {
            *price = known.as_points().max(0.0);
        }
        for (s, known) in [&warm.lead_prices, &warm.nearby_prices].into_iter().enumerate() {
            let known: BTreeMap<&str, Price> =
                known.iter().map(|(id, price)| (id.as_str(), *price)).collect();
            for (at, &i) in self.problem.partner_at[s].iter().enumerate() {
                let id = self.instance.partners(Side::BOTH[s])[i].id.as_str();
                prices.0[s][at] = known.get(id).map_or(0.0, |price| price.as_points());
            }
        }
        let chosen: BTreeMap<&str, &Assigned> =
            warm.assignment.iter().map(|row| (row.county_school.as_str(), row)).collect();
        let pairs: Vec<Option<(u32, u32)>> = (0..self.problem.schools.len())
            .map(|j| {
                let row = chosen.get(self.instance.county_schools[self.problem.school_at[j]].id.as_str())?;
                Some((self.listed(j, 0, &row.lead)?, self.listed(j, 1, &row.nearby)?))
            })
            .collect();
        let choice = repair::from_partial(self.problem, &prices, &pairs, None, None);
        (prices, choice)
    }

    /// Where a partner stands in a school's list.
    fn listed(&self, j: usize, s: usize, id: &str) -> Option<u32> {
        let partners = self.instance.partners(Side::BOTH[s]);
        let school = &self.problem.schools[j];
        let list = if s == 0 { &school.leads } else { &school.nearby };
        let at = list.iter().position(|&at| partners[self.problem.partner_at[s][at as usize]].id == id)?;
        Some(at as u32)
    }

    fn partner(&self, s: usize, at: usize) -> &str {
        &self.instance.partners(Side::BOTH[s])[self.problem.partner_at[s][at]].id
    }

    fn county_school(&self, j: usize) -> &str {
        &self.instance.county_schools[self.problem.school_at[j]].id
    }

    /// An answer without content.
    fn blank(&self, status: Status) -> Solution {
        Solution {
            format: FORMAT.to_owned(),
            instance_sha256: self.instance.sha256().to_owned(),
            status,
            objective: None,
            bound: None,
            assignment: Vec::new(),
            certificate: Certificate::default(),
            infeasible_because: None,
            ties: Vec::new(),
        }
    }

    fn solved(&self, choice: &Choice, bound: i64, root: &Exact, tree: Option<Case>) -> Solution {
        let status = if bound == choice.worth { Status::Optimal } else { Status::Feasible };
        let mut assignment: Vec<(usize, Assigned)> = choice
            .pairs
            .iter()
            .enumerate()
            .map(|(j, &(l, n))| {
                let school = &self.problem.schools[j];
                let row = Assigned {
                    county_school: self.county_school(j).to_owned(),
                    lead: self.partner(0, school.leads[l as usize] as usize).to_owned(),
                    nearby: self.partner(1, school.nearby[n as usize] as usize).to_owned(),
                };
                (self.problem.school_at[j], row)
            })
            .collect();
        assignment.sort_by_key(|(at, _)| *at);
        Solution {
            objective: Some(choice.worth),
            bound: Some(bound),
            assignment: assignment.into_iter().map(|(_, row)| row).collect(),
            certificate: self.certificate(root, tree.as_ref()),
            ..self.blank(status)
        }
    }

    fn certificate(&self, root: &Exact, tree: Option<&Case>) -> Certificate {
        let Leaf { lead_prices, nearby_prices, change_price } = self.leaf(root);
        Certificate { lead_prices, nearby_prices, change_price, tree: tree.map(|tree| self.node(tree)) }
    }

    /// Prices in the order of the file.
    fn leaf(&self, exact: &Exact) -> Leaf {
        let [lead_prices, nearby_prices] = [0, 1].map(|s| {
            let mut list = vec![Price::default(); self.problem.partner_at[s].len()];
            for (at, &i) in self.problem.partner_at[s].iter().enumerate() {
                list[i] = exact.0[s][at];
            }
            list
        });
        Leaf { lead_prices, nearby_prices, change_price: exact.0[2].first().copied() }
    }

    fn node(&self, case: &Case) -> Node {
        match case {
            Case::Leaf(exact) => Node::Leaf(self.leaf(exact)),
            Case::Split { school, side, partner, yes, no } => {
                let id = Some(self.partner(*side, *partner).to_owned());
                let (lead, nearby) = if *side == 0 { (id, None) } else { (None, id) };
                let split = Split { county_school: self.county_school(*school).to_owned(), lead, nearby };
                Node::Split { split, yes: Box::new(self.node(yes)), no: Box::new(self.node(no)) }
            }
        }
    }
}
