//! Checks an answer against its question. Whoever does not trust the solver reads this file: it uses nothing of it.
//!
//! The argument, in one place. Put a price on one place at every partner. A school can then gain at most the best of
//! (value − price of the lead − price of the nearby school) over its allowed pairs; and whatever the assignment, the
//! prices paid come back to no more than price × most places where the price is positive, price × least places where it
//! is negative. So the sum of both is a bound on every assignment. A price on a change does the same for the limit on
//! changes. Where one set of prices does not do, the tree splits
//! a case in two, "this choice" and "not this choice", and proves each.

use crate::instance::{Fixed, Instance, Side};
use crate::solution::{FORMAT, Leaf, Node, Price, Solution, Status};
use jiedui_kernel::{Code, FieldError};
use std::collections::BTreeMap;

const MILLION: i64 = 1_000_000;
/// No price is beyond this many millionths, up or down: three of them and a value fit a whole number of 64 bits.
const MOST: i64 = 1_000_000_000_000 * MILLION;
/// Dearer than any three prices.
const SHUT: i64 = 4 * MOST;

/// What was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proved {
    pub status: Status,
    /// What the prices of the root alone prove; none where some school has no allowed pair.
    pub root_bound: Option<i64>,
    /// Cases of the tree, or one where the prices of the root do.
    pub leaves: usize,
}

/// Checks feasibility, objective and bound, by recomputing all of them.
///
/// # Errors
/// Every lie found, with its place in the result.
pub fn verify(instance: &Instance, solution: &Solution) -> Result<Proved, Vec<FieldError>> {
    let valued = matches!(solution.status, Status::Optimal | Status::Feasible);
    let (lies, rows, places) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut check = Check { instance, lies, rows, places, valued, worst: None, leaves: 0 };
    check.prepare();
    if solution.format != FORMAT {
        check.lie("format", format!("应为 {FORMAT}。"));
    }
    if solution.instance_sha256 != instance.sha256() {
        check.lie("instance_sha256", "与实例文件的摘要不符：这份结果不是对这份实例的。".to_owned());
    }
    let objective = valued.then(|| check.assignment(solution));
    if objective.is_none()
        && !(solution.assignment.is_empty() && solution.objective.or(solution.bound).is_none())
    {
        check.lie("assignment", "无解的结果不应有安排、目标值或理论最高分。".to_owned());
    }
    if solution.status == Status::Undecided {
        check.lie("status", "没有结论。".to_owned());
    }
    let proved = check.bound(solution, objective);
    if check.lies.is_empty() { Ok(proved) } else { Err(check.lies) }
}

/// Allowed pairs of a school with one lead, which are all a change or all none, and what they are worth in millionths.
struct Row {
    lead: u32,
    change: bool,
    pairs: Vec<(u32, i64)>,
}

/// What a case forbids, by school: leads and nearby.
type Forbidden = Vec<[Vec<bool>; 2]>;

struct Check<'a> {
    instance: &'a Instance,
    lies: Vec<FieldError>,
    /// For each school its allowed pairs.
    rows: Vec<Vec<Row>>,
    places: BTreeMap<(Option<Side>, &'a str), usize>,
    /// Whether values count; in a proof that nothing is possible they do not.
    valued: bool,
    worst: Option<i64>,
    leaves: usize,
}

impl<'a> Check<'a> {
    fn lie(&mut self, place: &str, message: String) {
        self.lies.push(FieldError::new(place, Code::Faulty.says(message)));
    }

    /// The place of a county school, or of a partner on a side.
    fn at(&self, side: Option<Side>, id: &str) -> Option<usize> {
        self.places.get(&(side, id)).copied()
    }

    fn prepare(&mut self) {
        let instance = self.instance;
        for (j, school) in instance.county_schools.iter().enumerate() {
            self.places.insert((None, &school.id), j);
        }
        for side in Side::BOTH {
            for (i, partner) in instance.partners(side).iter().enumerate() {
                self.places.insert((Some(side), &partner.id), i);
            }
        }
        self.rows = (0..instance.county_schools.len()).map(|j| self.allowed_pairs(j)).collect();
    }

    fn allowed_pairs(&self, j: usize) -> Vec<Row> {
        let instance = self.instance;
        let school = &instance.county_schools[j];
        let fixed: Vec<_> = instance.fixed.iter().filter(|fixed| fixed.county_school == school.id).collect();
        let present = instance.present.iter().find(|row| row.county_school == school.id);
        let open = |side: Side, i: usize| {
            let score = instance.scores(side)[j][i]?;
            let id = &instance.partners(side)[i].id;
            let settled = |f: &&Fixed| if side == Side::Lead { f.lead.clone() } else { f.nearby.clone() };
            fixed.iter().filter_map(settled).all(|only| only == *id).then_some((i, score))
        };
        let leads: Vec<_> = (0..instance.leads.len()).filter_map(|i| open(Side::Lead, i)).collect();
        let nearby: Vec<_> = (0..instance.nearby.len()).filter_map(|i| open(Side::Nearby, i)).collect();
        let mut rows = Vec::new();
        for &(l, lead_score) in &leads {
            let lead = &instance.leads[l];
            let mut row =
                Row { lead: l as u32, change: present.is_some(), pairs: Vec::with_capacity(nearby.len()) };
            for &(n, nearby_score) in nearby.iter().filter(|(n, _)| instance.nearby[*n].id != lead.id) {
                let covers = lead.cover.iter().zip(&instance.nearby[n].cover);
                let cover: i64 =
                    school.weights.iter().zip(covers).map(|(weight, (a, b))| weight * a.max(b)).sum();
                let kept =
                    present.is_some_and(|had| had.lead == lead.id && had.nearby == instance.nearby[n].id);
                let cost = if row.change && !kept { instance.least_gain.unwrap_or(0) } else { 0 };
                let worth = if self.valued { lead_score + nearby_score + cover - cost } else { 0 };
                let pair = (n as u32, worth * MILLION);
                if kept {
                    rows.push(Row { lead: row.lead, change: false, pairs: vec![pair] });
                } else {
                    row.pairs.push(pair);
                }
            }
            rows.push(row);
        }
        rows
    }

    /// What a pair is worth in points, and whether it is a change; none where it is not allowed.
    fn pair(&self, j: usize, lead: usize, nearby: usize) -> Option<(i64, bool)> {
        let rows = self.rows[j].iter().filter(|row| row.lead as usize == lead);
        let mut found =
            rows.flat_map(|row| row.pairs.iter().map(|&(n, worth)| (n, worth / MILLION, row.change)));
        found.find(|(n, _, _)| *n as usize == nearby).map(|(_, worth, change)| (worth, change))
    }

    /// The objective, recomputed.
    fn assignment(&mut self, solution: &Solution) -> i64 {
        let mut given = vec![false; self.instance.county_schools.len()];
        let mut counts = Side::BOTH.map(|side| vec![0_i64; self.instance.partners(side).len()]);
        let (mut objective, mut changes) = (0, 0);
        for (at, row) in solution.assignment.iter().enumerate() {
            let place = format!("assignment[{at}]");
            let (lead, nearby) =
                (self.at(Some(Side::Lead), &row.lead), self.at(Some(Side::Nearby), &row.nearby));
            let known = (self.at(None, &row.county_school), lead, nearby);
            let (Some(j), Some(l), Some(n)) = known else {
                self.lie(&place, "实例里没有这个编号。".to_owned());
                continue;
            };
            if std::mem::replace(&mut given[j], true) {
                self.lie(&place, format!("“{}”出现了两次。", row.county_school));
            }
            counts[0][l] += 1;
            counts[1][n] += 1;
            match self.pair(j, l, n) {
                Some((worth, change)) => {
                    objective += worth;
                    changes += i64::from(change);
                }
                None => self.lie(&place, "这一对不被允许，或与固定的选择不符。".to_owned()),
            }
        }
        if let Some(most) = self.instance.at_most_changes.filter(|most| changes > *most) {
            self.lie("assignment", format!("变动了 {changes} 所，最多允许 {most} 所。"));
        }
        for j in (0..given.len()).filter(|&j| !given[j]) {
            self.lie("assignment", format!("缺少“{}”。", self.instance.county_schools[j].id));
        }
        for (s, side) in Side::BOTH.into_iter().enumerate() {
            for (partner, count) in self.instance.partners(side).iter().zip(&counts[s]) {
                if !(partner.min..=partner.max).contains(count) {
                    let (min, max) = (partner.min, partner.max);
                    self.lie(
                        "assignment",
                        format!("“{}”被选 {count} 次，名额是 {min} 到 {max}。", partner.id),
                    );
                }
            }
        }
        if solution.objective != Some(objective) {
            self.lie("objective", format!("重新计算是 {objective}。"));
        }
        objective
    }

    /// The bound, recomputed; without an objective every value counts as nothing and the bound must be negative.
    fn bound(&mut self, solution: &Solution, objective: Option<i64>) -> Proved {
        let certificate = &solution.certificate;
        let root = Leaf {
            lead_prices: certificate.lead_prices.clone(),
            nearby_prices: certificate.nearby_prices.clone(),
            change_price: certificate.change_price,
        };
        let nothing = [vec![false; self.instance.leads.len()], vec![false; self.instance.nearby.len()]];
        let mut forbidden: Forbidden = vec![nothing; self.rows.len()];
        let root_bound = self.leaf("certificate", &root, &forbidden);
        match &certificate.tree {
            None => (self.worst, self.leaves) = (root_bound, 1),
            Some(tree) => self.node("certificate.tree", tree, &mut forbidden),
        }
        match objective {
            Some(objective) => {
                let bound = self.worst.map_or(objective, |worst| worst.max(objective));
                if solution.bound != Some(bound) {
                    self.lie("bound", format!("按证书重新计算是 {bound}。"));
                }
                if (solution.status == Status::Optimal) != (bound == objective) {
                    self.lie("status", format!("目标值 {objective}，证书证明的理论最高分 {bound}。"));
                }
            }
            None if self.worst.is_some_and(|worst| worst >= 0) => {
                self.lie("certificate", "证书没有证明无解：某一种情形的理论最高分不小于 0。".to_owned());
            }
            None => {}
        }
        Proved { status: solution.status, root_bound, leaves: self.leaves }
    }

    fn node(&mut self, place: &str, node: &Node, forbidden: &mut Forbidden) {
        let (split, yes, no) = match node {
            Node::Leaf(leaf) => {
                self.worst = self.worst.max(self.leaf(place, leaf, forbidden));
                self.leaves += 1;
                return;
            }
            Node::Split { split, yes, no } => (split, yes, no),
        };
        let (side, id) = match (&split.lead, &split.nearby) {
            (Some(id), None) => (Side::Lead, id),
            (None, Some(id)) => (Side::Nearby, id),
            _ => return self.lie(place, "一次分支应写明牵头或配合院校中的一所。".to_owned()),
        };
        let (Some(j), Some(i)) = (self.at(None, &split.county_school), self.at(Some(side), id)) else {
            return self.lie(place, "实例里没有这个编号。".to_owned());
        };
        let s = usize::from(side == Side::Nearby);
        let before = forbidden[j][s].clone();
        forbidden[j][s].iter_mut().enumerate().for_each(|(other, no)| *no |= other != i);
        self.node(&format!("{place}.yes"), yes, forbidden);
        forbidden[j][s].clone_from(&before);
        forbidden[j][s][i] = true;
        self.node(&format!("{place}.no"), no, forbidden);
        forbidden[j][s] = before;
    }

    /// The bound that one set of prices proves; none where some school has nothing left to choose.
    fn leaf(&mut self, place: &str, leaf: &Leaf, forbidden: &Forbidden) -> Option<i64> {
        for (side, prices, key) in [
            (Side::Lead, &leaf.lead_prices, "lead_prices"),
            (Side::Nearby, &leaf.nearby_prices, "nearby_prices"),
        ] {
            let partners = self.instance.partners(side).len();
            if prices.len() != partners {
                let message = format!("应有 {partners} 个价格，现在有 {} 个。", prices.len());
                self.lie(&format!("{place}.{key}"), message);
                return Some(i64::MAX);
            }
        }
        let prices = leaf.lead_prices.iter().chain(&leaf.nearby_prices).chain(&leaf.change_price);
        if prices.into_iter().any(|price| price.0.unsigned_abs() > MOST.unsigned_abs()) {
            self.lie(place, "有一个价格超过 1,000,000,000,000 分。".to_owned());
            return Some(i64::MAX);
        }
        let (most, change_price) =
            (self.instance.at_most_changes, leaf.change_price.map_or(0, |price| price.0));
        if most.is_none() && change_price != 0 {
            self.lie(&format!("{place}.change_price"), "变动没有上限，不应有价格。".to_owned());
            return Some(i64::MAX);
        }
        // Changes are no more than the limit and no fewer than none.
        let mut sum = i128::from(change_price.max(0)) * i128::from(most.unwrap_or(0));
        for (rows, [no_lead, no_nearby]) in self.rows.iter().zip(forbidden) {
            let shut = no_nearby.iter().zip(&leaf.nearby_prices);
            let nearby: Vec<i64> = shut.map(|(no, price)| if *no { SHUT } else { price.0 }).collect();
            let mut best = None;
            for row in rows.iter().filter(|row| !no_lead[row.lead as usize]) {
                let top =
                    row.pairs.iter().map(|&(n, worth)| worth - nearby[n as usize]).max().unwrap_or(-SHUT);
                if top > -SHUT / 2 {
                    let change = if row.change { change_price } else { 0 };
                    best = best.max(Some(top - leaf.lead_prices[row.lead as usize].0 - change));
                }
            }
            sum += i128::from(best?);
        }
        for (side, prices) in [(Side::Lead, &leaf.lead_prices), (Side::Nearby, &leaf.nearby_prices)] {
            for (partner, Price(price)) in self.instance.partners(side).iter().zip(prices) {
                sum += i128::from(*price) * i128::from(if *price >= 0 { partner.max } else { partner.min });
            }
        }
        Some(i64::try_from(sum.div_euclid(1_000_000)).unwrap_or(i64::MAX))
    }
}
