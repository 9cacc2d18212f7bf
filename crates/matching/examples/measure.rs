//! `measure make FAMILY J L N SEED FILE` writes an instance; `measure time FAMILY J L N SEED` prints how long it takes.

use jiedui_matching::families::{Family, Recipe, make};
use jiedui_matching::{Instance, Options, Solution, Warm, solve, verify};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args[at].parse::<usize>().expect("a number");
    let family = Family::named(&args[1]).expect("a family");
    let recipe = Recipe {
        family,
        county_schools: number(2),
        leads: number(3),
        nearby: number(4),
        needs: 12,
        seed: number(5) as u64,
    };
    let draft = make(&recipe);
    if args[0] == "make" {
        std::fs::write(&args[6], draft.to_json()).expect("a file that can be written");
        return;
    }
    let instance = Instance::new(draft).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let begun = Instant::now();
    let solution = solve(&instance, &Options::default());
    let took = begun.elapsed();
    let proved = verify(&instance, &solution);
    println!(
        "{:?} {:?} objective {:?} bound {:?} leaves {:?} in {:.1} ms",
        family,
        solution.status,
        solution.objective,
        solution.bound,
        proved.map(|proved| proved.leaves),
        took.as_secs_f64() * 1e3
    );
    if args[0] == "again" {
        let begun = Instant::now();
        let again =
            solve(&instance, &Options { warm: Some(Warm::of(&instance, &solution)), ..Options::default() });
        println!("again {:?} in {:.1} ms", again.objective, begun.elapsed().as_secs_f64() * 1e3);
    }
    if args[0] == "what-if" {
        what_if(&instance, &solution);
    }
}

/// The four questions an official asks most, each from the last answer.
fn what_if(instance: &Instance, solution: &Solution) {
    let row = &solution.assignment[0];
    let (j, l) = (
        instance.county_schools.iter().position(|c| c.id == row.county_school).expect("known"),
        instance.leads.iter().position(|p| p.id == row.lead).expect("known"),
    );
    let other = (0..instance.leads.len())
        .find(|&i| i != l && instance.lead_scores[j][i].is_some())
        .expect("another lead");
    for (name, change) in [("forbid", 0), ("fix", 1), ("place", 2), ("weight", 3)] {
        let mut draft = instance.clone().into_draft();
        match change {
            0 => draft.lead_scores[j][l] = None,
            1 => {
                for (i, score) in draft.lead_scores[j].iter_mut().enumerate() {
                    if i != other {
                        *score = None;
                    }
                }
            }
            2 => draft.leads[l].max += 1,
            _ => {
                for score in draft.nearby_scores.iter_mut().flatten().flatten() {
                    *score = *score * 11 / 10;
                }
            }
        }
        let changed = Instance::new(draft).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        let begun = Instant::now();
        let again =
            solve(&changed, &Options { warm: Some(Warm::of(instance, solution)), ..Options::default() });
        let took = begun.elapsed();
        let proved = verify(&changed, &again).map(|proved| proved.leaves);
        println!(
            "  {name}: {:?} {:?} leaves {proved:?} in {:.1} ms",
            again.status,
            again.objective,
            took.as_secs_f64() * 1e3
        );
    }
}
