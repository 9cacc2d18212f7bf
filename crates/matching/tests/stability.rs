//! How firmly a pair stands, at the present prices: against everything computed from scratch.

use jiedui_matching::families::{SeededRng, wild};
use jiedui_matching::{Instance, Margin, Options, Status, margin, offers, runner_up, solve};

/// The rule of the programme: hundredths, to the nearest point.
fn adds(weight: i64, points: i64) -> i64 {
    (weight * points + 50).div_euclid(100)
}

#[test]
fn a_margin_is_the_first_weight_at_which_another_pair_leaves_more() {
    let (mut firm, mut moved) = (0, 0);
    for seed in 0..300 {
        let mut rng = SeededRng(seed);
        let mut draft = wild(seed);
        draft.at_most_changes = None;
        let instance = Instance::new(draft.clone()).expect("a fine instance");
        let solution = solve(&instance, &Options::default());
        if solution.status != Status::Optimal {
            continue;
        }
        // A component of the leads' scores: so many points for each, weighed by 30.
        let points: Vec<i64> = draft.leads.iter().map(|_| rng.below(101)).collect();
        for (j, row) in solution.assignment.iter().enumerate() {
            let l = draft.leads.iter().position(|lead| lead.id == row.lead).expect("known");
            let n = draft.nearby.iter().position(|near| near.id == row.nearby).expect("known");
            let list = offers(&instance, &solution.certificate, j);
            let told = margin(&list, (l, n), 30, 0..=100, |offer| points[offer.lead], adds).expect("chosen");
            // The same, with every score made from scratch at every weight.
            let loses = |weight: &i64| {
                let mut other = draft.clone();
                for (i, score) in other.lead_scores[j].iter_mut().enumerate() {
                    *score = score.map(|score| score + adds(*weight, points[i]) - adds(30, points[i]));
                }
                let Ok(other) = Instance::new(other) else { return false };
                let list = offers(&other, &solution.certificate, j);
                let own = list.iter().find(|offer| (offer.lead, offer.nearby) == (l, n)).expect("chosen");
                runner_up(&list, (l, n)).is_some_and(|best| best.net > own.net)
            };
            let remade = if loses(&30) {
                Margin { fall: Some(0), rise: Some(0) }
            } else {
                Margin {
                    fall: (0..30).rev().find(loses).map(|weight| 30 - weight),
                    rise: (31..=100).find(loses).map(|weight| weight - 30),
                }
            };
            // Scores at the edge of what is allowed cannot be made from scratch.
            let edge = draft.lead_scores[j].iter().flatten().any(|score| score.abs() > 999_000);
            if !edge {
                assert_eq!(told, remade, "seed {seed}");
            }
            if told == Margin::default() { firm += 1 } else { moved += 1 }
        }
    }
    assert!(firm > 50 && moved > 50, "both kinds: {firm} and {moved}");
}

#[test]
fn without_a_tree_the_chosen_pair_leaves_most() {
    for seed in 0..200 {
        let instance = Instance::new(wild(seed)).expect("a fine instance");
        let solution = solve(&instance, &Options::default());
        if solution.status != Status::Optimal || solution.certificate.tree.is_some() {
            continue;
        }
        let lost: i64 = (solution.assignment.iter().enumerate())
            .map(|(j, row)| {
                let list = offers(&instance, &solution.certificate, j);
                let is = |offer: &&jiedui_matching::Offer| {
                    instance.leads[offer.lead].id == row.lead
                        && instance.nearby[offer.nearby].id == row.nearby
                };
                let own = list.iter().find(is).expect("the pair is allowed");
                list.iter().map(|offer| offer.net).max().unwrap_or(own.net) - own.net
            })
            .sum();
        assert!(lost < 1_000_000, "less than a point in all, for the bound is the worth: {lost}");
    }
}
