//! `measure make FAMILY J L N SEED FILE` writes an instance; `measure time FAMILY J L N SEED` prints how long it takes, and
//! `measure what-if FAMILY J L N SEED` also how long twenty questions take, each from that answer; `measure curve FAMILY J
//! L N SEED` how long the whole curve of changes takes, with that answer in force and the scores moved; `measure stability
//! FAMILY J L N SEED` how long it takes to say of each pair which of twelve weights would part it. "in … ms" is the time on
//! the clock, "processor … ms" what this thread was given of a processor: on a machine with other work only that can
//! be compared.

use jiedui_matching::families::{Family, Recipe, SeededRng, make};
use jiedui_matching::{
    Draft, Instance, Options, Solution, Warm, WeightRange, curve, solve, stability, verify,
};
use std::time::{Duration, Instant};

/// Schools asked about, each with every kind of question.
const ASKED: usize = 5;

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
    if args[0] == "stability" {
        return how_firm(draft);
    }
    let instance = instance(draft);
    let solution = timed(&args[1], &instance, &Options::default());
    if args[0] == "curve" {
        whole_curve(&instance, &solution);
    }
    if args[0] == "what-if" {
        what_if(&instance, &solution);
    }
}

fn instance(draft: Draft) -> Instance {
    Instance::new(draft).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// Milliseconds of a processor that this thread has had.
fn processor() -> f64 {
    // What is told is brought up to date when the thread leaves the processor.
    std::thread::sleep(Duration::from_micros(1));
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|first| first.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e6
}

fn timed(name: &str, instance: &Instance, options: &Options) -> Solution {
    let (begun, before) = (Instant::now(), processor());
    let solution = solve(instance, options);
    let (took, used) = (begun.elapsed().as_secs_f64() * 1e3, processor() - before);
    let proved = verify(instance, &solution).map(|proved| proved.leaves);
    let (status, objective, bound) = (solution.status, solution.objective, solution.bound);
    println!(
        "{name} {status:?} objective {objective:?} bound {bound:?} leaves {proved:?} in {took:.1} ms processor {used:.1} ms"
    );
    solution
}

/// What each number of changes gains where this answer has been in force and every score has moved by up to a fifth.
fn whole_curve(instance: &Instance, solution: &Solution) {
    let mut draft = instance.clone().into_draft();
    draft.present.clone_from(&solution.assignment);
    let mut rng = SeededRng(draft.county_schools.len() as u64);
    for score in draft.lead_scores.iter_mut().chain(&mut draft.nearby_scores).flatten().flatten() {
        *score = *score * (80 + rng.below(41)) / 100;
    }
    let instance = self::instance(draft);
    let (begun, before) = (Instant::now(), processor());
    let found = curve(&instance, &Options::default());
    let (took, used) = (begun.elapsed().as_secs_f64() * 1e3, processor() - before);
    for step in &found.steps {
        let proved =
            verify(&instance.at_most(Some(step.at_most)), &step.solution).map(|proved| proved.leaves);
        println!("  at most {}: {:?} leaves {proved:?}", step.at_most, step.solution.objective);
    }
    println!("curve of {} steps in {took:.1} ms processor {used:.1} ms", found.steps.len());
}

/// Six components on each side, each with points for every pair and a weight of 60, beside what the family gives.
const COMPONENTS: usize = 6;
const WEIGHT: i64 = 60;

/// The nearest weight at which each pair goes, of twelve that may be moved from 0 to 200.
fn how_firm(mut draft: Draft) {
    let mut rng = SeededRng(draft.county_schools.len() as u64);
    let adds = |weight: i64, points: i64| (weight * points + 50).div_euclid(100);
    let mut points = Vec::new();
    for line in 0..2 * COMPONENTS {
        let scores = if line < COMPONENTS { &mut draft.lead_scores } else { &mut draft.nearby_scores };
        let mut had = Vec::new();
        for row in scores.iter_mut() {
            let of: Vec<i64> = row.iter().map(|_| rng.below(10_001)).collect();
            for (score, points) in row.iter_mut().zip(&of) {
                *score = score
                    .map(|score| score / if line % COMPONENTS == 0 { 10 } else { 1 } + adds(WEIGHT, *points));
            }
            had.push(of);
        }
        points.push(had);
    }
    let asked = instance(draft);
    let answer = timed("asked", &asked, &Options::default());
    let lines: Vec<WeightRange> =
        points.iter().map(|_| WeightRange { weight: WEIGHT, range: 0..=200 }).collect();
    let at = |line: usize, weight: i64| {
        let mut draft = asked.clone().into_draft();
        let scores = if line < COMPONENTS { &mut draft.lead_scores } else { &mut draft.nearby_scores };
        for (score, points) in scores.iter_mut().flatten().zip(points[line].iter().flatten()) {
            *score = score.map(|score| score + adds(weight, *points) - adds(WEIGHT, *points));
        }
        Instance::new(draft).ok()
    };
    let (begun, before) = (Instant::now(), processor());
    let found = stability(&asked, &answer, &lines, &Options::default(), at, |_| ()).expect("it is proven");
    let (took, used) = (begun.elapsed().as_secs_f64() * 1e3, processor() - before);
    let goes = found.goes.iter().flatten().count();
    let (pairs, open) = (found.goes.len(), found.open.len());
    println!(
        "stability: {goes} of {pairs} pairs go, {open} lines open, {} solved in {took:.0} ms processor {used:.0} ms",
        found.solved
    );
}

/// The four questions an official asks most, about schools from all over the list, each from the last answer.
fn what_if(instance: &Instance, solution: &Solution) {
    let options = Options { warm: Some(Warm::of(instance, solution)), ..Options::default() };
    let schools = instance.county_schools.len();
    for j in (0..ASKED).map(|k| k * schools / ASKED) {
        let row = &solution.assignment[j];
        let l = instance.leads.iter().position(|p| p.id == row.lead).expect("known");
        let open = |i: &usize| *i != l && instance.lead_scores[j][*i].is_some();
        let other = (0..instance.leads.len()).find(open).expect("another lead");
        let ask = |name: &str, change: &dyn Fn(&mut Draft)| {
            let mut draft = instance.clone().into_draft();
            change(&mut draft);
            timed(&format!("  {name}"), &self::instance(draft), &options);
        };
        ask("forbid", &|draft| draft.lead_scores[j][l] = None);
        ask("fix", &|draft| {
            let scores = draft.lead_scores[j].iter_mut().enumerate();
            scores.filter(|(i, _)| *i != other).for_each(|(_, score)| *score = None);
        });
        ask("place", &|draft| draft.leads[l].max += 1);
        let percent = 105 + 5 * (j * ASKED / schools) as i64;
        ask("weight", &|draft| {
            draft
                .nearby_scores
                .iter_mut()
                .flatten()
                .flatten()
                .for_each(|score| *score = *score * percent / 100);
        });
    }
}
