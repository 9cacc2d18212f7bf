//! Why there is no assignment: the proof by cases, and the fewest things that cannot be kept together.

use super::prices::Prices;
use super::problem::{Keep, Problem};
use super::repair::Choice;
use super::search::{Case, Search};
use super::{Options, Writer};
use crate::instance::{Draft, Side};
use crate::solution::{Limit, Reason, Solution, Status};
use std::collections::BTreeSet;

/// With values of nothing, "no pair" costs this: prices stay in the range of whole numbers.
const FORBIDDING: f64 = 1_000.0;

/// An assignment whatever its worth, by search on values of nothing.
///
/// # Errors
/// There is none: the answer that says so, with its proof and a reason from which nothing can be taken away; or the
/// search came to its limit first.
pub(super) fn any(writer: &Writer, options: &Options) -> Result<Choice, Box<Solution>> {
    let keep = Keep { values: false, ..Keep::all(writer.instance) };
    let blank = Problem::new(writer.instance, &keep, 1);
    match decide(&blank, options.max_nodes) {
        Decided::Yes(choice) => {
            let worth = writer.problem.worth(&choice.pairs).unwrap_or_default();
            Ok(Choice { worth, ..choice })
        }
        Decided::No(tree) => Err(Box::new(explain(writer, &blank, keep, &tree, options))),
        Decided::Open => Err(Box::new(writer.blank(Status::Undecided))),
    }
}

enum Decided {
    Yes(Choice),
    No(Box<Case>),
    Open,
}

/// Whether there is an assignment at all. The problem is one without values.
fn decide(blank: &Problem, max_nodes: usize) -> Decided {
    let mut search = Search::new(blank, FORBIDDING, None, -1, max_nodes).first_only();
    let tree = search.run();
    match (search.best.take(), search.open) {
        (Some(choice), _) => Decided::Yes(choice),
        (None, Some(_)) => Decided::Open,
        (None, None) => Decided::No(Box::new(tree)),
    }
}

fn explain(writer: &Writer, blank: &Problem, keep: Keep, tree: &Case, options: &Options) -> Solution {
    let draft = writer.instance;
    let whole = Writer { instance: draft, problem: blank };
    let certificate = match tree {
        Case::Leaf(exact) => whole.certificate(exact, None),
        Case::Split { .. } => whole.certificate(&Prices::zero(blank).exact(), Some(tree)),
    };
    let reduced = reduce(draft, keep, tree, options.max_nodes);
    Solution {
        certificate,
        infeasible_because: Some(describe(draft, &reduced)),
        ..writer.blank(Status::Infeasible)
    }
}

/// One thing that can be left out.
#[derive(Debug, Clone, Copy)]
enum Thing {
    School(usize),
    Least(usize, usize),
    Most(usize, usize),
    Fixed(usize),
    Changes,
}

impl Thing {
    fn slot(self, keep: &mut Keep) -> &mut bool {
        match self {
            Self::School(j) => &mut keep.schools[j],
            Self::Least(s, i) => &mut keep.least[s][i],
            Self::Most(s, i) => &mut keep.most[s][i],
            Self::Fixed(f) => &mut keep.fixed[f],
            Self::Changes => &mut keep.changes,
        }
    }
}

/// Leaves out one thing after the other, as long as there is still no assignment. What remains is irreducible: each
/// thing was tried with all that remains, or with more.
fn reduce(draft: &Draft, mut keep: Keep, tree: &Case, max_nodes: usize) -> Keep {
    without_idle(draft, &mut keep, tree);
    let mut resources = vec![Thing::Changes];
    for s in [0, 1] {
        resources.extend((0..keep.least[s].len()).map(|i| Thing::Least(s, i)));
        resources.extend((0..keep.most[s].len()).map(|i| Thing::Most(s, i)));
    }
    resources.extend((0..draft.fixed.len()).map(Thing::Fixed));
    resources.extend((0..draft.county_schools.len()).map(Thing::School));
    for resource in resources {
        if !std::mem::replace(resource.slot(&mut keep), false) {
            continue;
        }
        match decide(&Problem::new(draft, &keep, 1), max_nodes) {
            Decided::No(tree) => without_idle(draft, &mut keep, &tree),
            _ => *resource.slot(&mut keep) = true,
        }
    }
    keep
}

/// Limits that no case of a proof pays for are not part of it: the same tree proves the same without them.
fn without_idle(draft: &Draft, keep: &mut Keep, tree: &Case) {
    let problem = Problem::new(draft, keep, 1);
    let mut paid: [BTreeSet<(usize, bool)>; 3] = Default::default();
    collect(tree, &mut paid);
    keep.changes &= !paid[2].is_empty();
    for s in [0, 1] {
        for (at, &i) in problem.partner_at[s].iter().enumerate() {
            keep.most[s][i] &= paid[s].contains(&(at, true));
            keep.least[s][i] &= paid[s].contains(&(at, false));
        }
    }
}

fn collect(case: &Case, paid: &mut [BTreeSet<(usize, bool)>; 3]) {
    match case {
        Case::Leaf(exact) => {
            for s in [0, 1, 2] {
                let priced = exact.0[s].iter().enumerate().filter(|(_, price)| price.0 != 0);
                paid[s].extend(priced.map(|(at, price)| (at, price.0 > 0)));
            }
        }
        Case::Split { yes, no, .. } => {
            collect(yes, paid);
            collect(no, paid);
        }
    }
}

/// The reason in the ids of the file, and in words.
fn describe(draft: &Draft, keep: &Keep) -> Reason {
    let schools = draft.county_schools.iter().zip(&keep.schools).filter(|(_, kept)| **kept);
    let county_schools: Vec<String> = schools.map(|(school, _)| school.id.clone()).collect();
    let mut limits = Vec::new();
    for (s, side) in Side::BOTH.into_iter().enumerate() {
        for (i, partner) in draft.partners(side).iter().enumerate() {
            for (kept, least, places) in
                [(keep.least[s][i], true, partner.min), (keep.most[s][i], false, partner.max)]
            {
                if kept {
                    limits.push(Limit { side, id: partner.id.clone(), least, places });
                }
            }
        }
    }
    let partners: BTreeSet<String> = limits.iter().map(|limit| limit.id.clone()).collect();
    let fixed: Vec<_> = draft
        .fixed
        .iter()
        .zip(&keep.fixed)
        .filter(|(_, kept)| **kept)
        .map(|(fixed, _)| fixed.clone())
        .collect();
    let at_most_changes = draft.at_most_changes.filter(|_| keep.changes);
    let lack = match at_most_changes {
        Some(most) => lack_of_changes(&county_schools, &limits, fixed.len(), most),
        None => lack(&county_schools, &limits, fixed.len()),
    };
    let partners = partners.into_iter().collect();
    Reason { county_schools, partners, lack, limits, fixed, at_most_changes }
}

/// Where fewer must change than have to.
fn lack_of_changes(schools: &[String], limits: &[Limit], fixed: usize, most: i64) -> String {
    let own =
        if limits.is_empty() && fixed == 0 { "" } else { "按这几项名额和已经固定的选择，" };
    let names = schools.join("、");
    if most == 0 {
        return format!(
            "{own}这 {} 所县级院校（{names}）不能都保持现在的结对，而要求一所也不变动。",
            schools.len()
        );
    }
    format!("{own}这 {} 所县级院校（{names}）不能只变动 {most} 所。", schools.len())
}

fn lack(schools: &[String], limits: &[Limit], fixed: usize) -> String {
    let n = schools.len();
    if limits.is_empty() {
        let settled = if fixed > 0 { "，连同已经固定的选择" } else { "" };
        return format!(
            "{n} 所县级院校没有任何允许的一对牵头和配合院校{settled}。请放开一些院校，或取消固定的选择。"
        );
    }
    let sum = |least: bool| {
        limits.iter().filter(|limit| limit.least == least).map(|limit| limit.places).sum::<i64>()
    };
    let one_side = limits.iter().all(|limit| limit.side == limits[0].side);
    let name = if limits[0].side == Side::Lead { "牵头" } else { "配合" };
    let most_only = limits.iter().all(|limit| !limit.least);
    if one_side && most_only && sum(false) < n as i64 {
        let (places, lack) = (sum(false), n as i64 - sum(false));
        let settled = if fixed > 0 { "，照已经固定的选择" } else { "" };
        return format!(
            "{n} 所县级院校{settled}只能由这几所院校{name}，名额合计 {places} 个，还差 {lack} 个。"
        );
    }
    let least = if sum(true) > 0 { "和最少名额" } else { "" };
    let settled = if fixed > 0 { "，再加上已经固定的选择" } else { "" };
    format!(
        "这 {n} 所县级院校与这几所院校的名额{least}{settled}不能同时满足：放宽其中任何一项，这个原因就不再成立。"
    )
}
