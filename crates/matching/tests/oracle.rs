//! The solver against another exact solver, and by what must hold of any optimum.

use jiedui_matching::families::{Family, Recipe, make, wild};
use jiedui_matching::{Draft, Instance, Options, Solution, Status, Warm, solve, verify};
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use std::collections::BTreeMap;

fn instance(draft: Draft) -> Instance {
    Instance::new(draft).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn solved(draft: &Draft) -> Solution {
    let instance = instance(draft.clone());
    let solution = solve(&instance, &Options::default());
    let proved = verify(&instance, &solution);
    assert!(proved.is_ok(), "{proved:?}\n{}", draft.to_json());
    assert_ne!(solution.status, Status::Feasible, "a small instance is always decided");
    solution
}

/// The optimum by a general solver on the allowed triples; none where there is no assignment.
fn oracle(draft: &Draft) -> Option<i64> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let mut leads = vec![Vec::new(); draft.leads.len()];
    let mut nearby = vec![Vec::new(); draft.nearby.len()];
    for (j, school) in draft.county_schools.iter().enumerate() {
        let mut choices = Vec::new();
        let fixed: Vec<_> = draft.fixed.iter().filter(|fixed| fixed.county_school == school.id).collect();
        for (l, lead) in draft.leads.iter().enumerate() {
            for (n, near) in draft.nearby.iter().enumerate() {
                let (Some(a), Some(b)) = (draft.lead_scores[j][l], draft.nearby_scores[j][n]) else {
                    continue;
                };
                let kept = fixed.iter().all(|fixed| {
                    fixed.lead.as_ref().is_none_or(|id| *id == lead.id)
                        && fixed.nearby.as_ref().is_none_or(|id| *id == near.id)
                });
                if lead.id == near.id || !kept {
                    continue;
                }
                let cover: i64 = (0..draft.needs.len())
                    .map(|k| school.weights[k] * lead.cover[k].max(near.cover[k]))
                    .sum();
                let choice = problem.add_binary_var((a + b + cover) as f64);
                choices.push((choice, 1.0));
                leads[l].push((choice, 1.0));
                nearby[n].push((choice, 1.0));
            }
        }
        if choices.is_empty() {
            return None;
        }
        problem.add_constraint(&choices, ComparisonOp::Eq, 1.0);
    }
    for (partners, columns) in [(&draft.leads, &leads), (&draft.nearby, &nearby)] {
        for (partner, columns) in partners.iter().zip(columns) {
            if columns.is_empty() {
                if partner.min > 0 {
                    return None;
                }
                continue;
            }
            problem.add_constraint(columns, ComparisonOp::Le, partner.max as f64);
            problem.add_constraint(columns, ComparisonOp::Ge, partner.min as f64);
        }
    }
    Some(problem.solve().ok()?.solution()?.objective().round() as i64)
}

#[test]
fn a_thousand_small_instances_agree_with_another_exact_solver() {
    let (mut optimal, mut infeasible) = (0, 0);
    for seed in 0..2_000 {
        let draft = wild(seed);
        let ours = solved(&draft).objective;
        assert_eq!(ours, oracle(&draft), "seed {seed}\n{}", draft.to_json());
        *(if ours.is_some() { &mut optimal } else { &mut infeasible }) += 1;
    }
    assert!(optimal > 800 && infeasible > 200, "the recipe makes both kinds: {optimal} and {infeasible}");
}

#[test]
fn middling_instances_of_every_family_are_proven() {
    for (_, family) in Family::ALL {
        for seed in 1..6 {
            let recipe = Recipe { family, county_schools: 18, leads: 9, nearby: 12, needs: 8, seed };
            assert_eq!(solved(&make(&recipe)).status, Status::Optimal);
        }
    }
}

fn small(seed: u64) -> Draft {
    make(&Recipe { family: Family::Tight, county_schools: 9, leads: 5, nearby: 6, needs: 6, seed })
}

#[test]
fn more_places_never_lower_the_optimum_and_a_constant_shifts_it() {
    for seed in 1..40 {
        let draft = small(seed);
        let best = solved(&draft).objective;
        let mut roomy = draft.clone();
        roomy.leads[(seed % 5) as usize].max += 1;
        roomy.nearby[(seed % 6) as usize].max += 1;
        assert!(solved(&roomy).objective >= best);
        let mut shifted = draft.clone();
        shifted.lead_scores[3].iter_mut().flatten().for_each(|score| *score += 777);
        assert_eq!(solved(&shifted).objective, best.map(|best| best + 777));
    }
}

#[test]
fn fixing_the_optimal_choice_changes_nothing() {
    for seed in 1..40 {
        let mut draft = small(seed);
        let solution = solved(&draft);
        let row = &solution.assignment[(seed % 9) as usize];
        draft.fixed.push(jiedui_matching::Fixed {
            county_school: row.county_school.clone(),
            lead: Some(row.lead.clone()),
            nearby: Some(row.nearby.clone()),
        });
        assert_eq!(solved(&draft).objective, solution.objective);
    }
}

fn reversed(draft: &Draft) -> Draft {
    let mut turned = draft.clone();
    turned.county_schools.reverse();
    turned.leads.reverse();
    turned.nearby.reverse();
    for table in [&mut turned.lead_scores, &mut turned.nearby_scores] {
        table.reverse();
        table.iter_mut().for_each(|row| row.reverse());
    }
    turned
}

#[test]
fn neither_the_order_of_the_file_nor_the_threads_matter() {
    for seed in 1..30 {
        let draft = if seed % 2 == 0 { small(seed) } else { wild(seed) };
        let by_school = |solution: &Solution| -> BTreeMap<String, (String, String)> {
            let rows = solution.assignment.iter();
            rows.map(|row| (row.county_school.clone(), (row.lead.clone(), row.nearby.clone()))).collect()
        };
        let (one, other) = (solved(&draft), solved(&reversed(&draft)));
        assert_eq!(by_school(&one), by_school(&other), "seed {seed}");
        let instance = instance(draft);
        let with = |threads| solve(&instance, &Options { threads, ..Options::default() }).to_json();
        assert_eq!(with(1), with(4));
        assert_eq!(one.to_json(), with(2), "the same input gives the same bytes");
    }
}

#[test]
fn a_warm_start_changes_the_way_and_not_the_end() {
    for seed in 1..40 {
        let draft = small(seed);
        let before = solved(&draft);
        let mut changed = draft.clone();
        let row = &before.assignment[0];
        let lead = draft.leads.iter().position(|lead| lead.id == row.lead).expect("known");
        changed.lead_scores[0][lead] = None;
        let warm = Options { warm: Some(Warm::of(&draft, &before)), ..Options::default() };
        let again = solve(&instance(changed.clone()), &warm);
        assert!(verify(&instance(changed.clone()), &again).is_ok());
        assert_eq!(again.objective, solved(&changed).objective);
    }
}

#[test]
fn ties_are_told_and_nothing_else_is() {
    let mut told = 0;
    for seed in 0..150 {
        let mut draft = wild(seed);
        // Few different scores, so that there are ties.
        draft
            .lead_scores
            .iter_mut()
            .chain(&mut draft.nearby_scores)
            .flatten()
            .flatten()
            .for_each(|score| *score %= 3);
        draft.county_schools.iter_mut().for_each(|school| school.weights.fill(0));
        let instance = instance(draft.clone());
        let solution = solve(&instance, &Options { ties: true, ..Options::default() });
        for row in &solution.assignment {
            let j =
                draft.county_schools.iter().position(|school| school.id == row.county_school).expect("known");
            let mut other = [draft.clone(), draft.clone()];
            let l = draft.leads.iter().position(|lead| lead.id == row.lead).expect("known");
            let n = draft.nearby.iter().position(|near| near.id == row.nearby).expect("known");
            other[0].fixed.retain(|fixed| fixed.county_school != row.county_school || fixed.lead.is_none());
            other[0].lead_scores[j][l] = None;
            other[1].nearby_scores[j][n] = None;
            let fixed = draft.fixed.iter().any(|fixed| fixed.county_school == row.county_school);
            let tied = other
                .iter()
                .skip(usize::from(fixed))
                .any(|draft| solved(draft).objective == solution.objective);
            assert_eq!(solution.ties.contains(&row.county_school), tied, "seed {seed}");
            told += usize::from(tied);
        }
    }
    assert!(told > 20, "the recipe makes ties: {told}");
}
