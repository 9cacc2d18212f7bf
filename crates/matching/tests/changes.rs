//! At most so many changes: against all ways tried, along the whole curve, and what a change must gain.

use jiedui_matching::families::{Family, Recipe, SeededRng, make, wild};
use jiedui_matching::{
    Assigned, Draft, Fixed, Instance, Options, Solution, Status, Warm, curve, solve, verify,
};

fn instance(draft: &Draft) -> Instance {
    Instance::new(draft.clone()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn answer(draft: &Draft) -> Solution {
    let instance = instance(draft);
    let solution = solve(&instance, &Options::default());
    proved(&instance, &solution);
    solution
}

fn proved(instance: &Instance, solution: &Solution) {
    let proved = verify(instance, solution);
    assert!(proved.is_ok(), "{proved:?}\n{}\n{}", instance.to_json(), solution.to_json());
    assert_ne!(solution.status, Status::Feasible, "a small instance is always decided");
}

/// A small instance with a present pair for most schools: any two partners, now and then one that has left.
fn small(seed: u64) -> Draft {
    let mut draft = wild(seed);
    let mut rng = SeededRng(seed ^ 0x5eed);
    for school in &draft.county_schools {
        if rng.chance(15) {
            continue;
        }
        let lead = draft.leads[rng.below(draft.leads.len() as i64) as usize].id.clone();
        let nearby = draft.nearby[rng.below(draft.nearby.len() as i64) as usize].id.clone();
        let lead = if rng.chance(5) { "gone".to_owned() } else { lead };
        draft.present.push(Assigned { county_school: school.id.clone(), lead, nearby });
    }
    draft
}

/// The most that each number of changes can be worth, by trying everything: none where it is not possible.
struct Tried<'a> {
    draft: &'a Draft,
    counts: [Vec<i64>; 2],
    best: Vec<Option<i64>>,
}

impl<'a> Tried<'a> {
    fn all(draft: &'a Draft) -> Vec<Option<i64>> {
        let counts = [vec![0; draft.leads.len()], vec![0; draft.nearby.len()]];
        let best = vec![None; draft.county_schools.len() + 1];
        let mut tried = Self { draft, counts, best };
        tried.go(0, 0, 0);
        // At most so many.
        for changes in 1..tried.best.len() {
            tried.best[changes] = tried.best[changes].max(tried.best[changes - 1]);
        }
        tried.best
    }

    fn go(&mut self, j: usize, changes: usize, worth: i64) {
        let draft = self.draft;
        let Some(school) = draft.county_schools.get(j) else {
            let kept = |counts: &[i64], partners: &[jiedui_matching::Partner]| {
                counts.iter().zip(partners).all(|(n, p)| (p.min..=p.max).contains(n))
            };
            if kept(&self.counts[0], &draft.leads) && kept(&self.counts[1], &draft.nearby) {
                self.best[changes] = self.best[changes].max(Some(worth));
            }
            return;
        };
        let fixed: Vec<_> = draft.fixed.iter().filter(|fixed| fixed.county_school == school.id).collect();
        let had = draft.present.iter().find(|row| row.county_school == school.id);
        for (l, lead) in draft.leads.iter().enumerate() {
            for (n, near) in draft.nearby.iter().enumerate() {
                let (Some(a), Some(b)) = (draft.lead_scores[j][l], draft.nearby_scores[j][n]) else {
                    continue;
                };
                let settled = fixed.iter().all(|f| {
                    f.lead.as_ref().is_none_or(|id| *id == lead.id)
                        && f.nearby.as_ref().is_none_or(|id| *id == near.id)
                });
                if lead.id == near.id || !settled {
                    continue;
                }
                let change = had.is_some_and(|had| had.lead != lead.id || had.nearby != near.id);
                let cover: i64 = (0..draft.needs.len())
                    .map(|k| school.weights[k] * lead.cover[k].max(near.cover[k]))
                    .sum();
                let cost = if change { draft.least_gain.unwrap_or(0) } else { 0 };
                self.counts[0][l] += 1;
                self.counts[1][n] += 1;
                self.go(j + 1, changes + usize::from(change), worth + a + b + cover - cost);
                self.counts[0][l] -= 1;
                self.counts[1][n] -= 1;
            }
        }
    }
}

#[test]
fn every_limit_gives_what_trying_everything_gives() {
    let (mut possible, mut not) = (0, 0);
    for seed in 0..400 {
        let mut draft = small(seed);
        draft.least_gain = (seed % 3 == 0).then_some((seed % 50) as i64 * 7);
        let tried = Tried::all(&draft);
        for (most, tried) in tried.iter().enumerate() {
            draft.at_most_changes = Some(most as i64);
            let solution = answer(&draft);
            assert_eq!(solution.objective, *tried, "seed {seed}, at most {most}\n{}", draft.to_json());
            *(if tried.is_some() { &mut possible } else { &mut not }) += 1;
        }
        draft.at_most_changes = None;
        assert_eq!(answer(&draft).objective, tried[tried.len() - 1]);
    }
    assert!(possible > 500 && not > 200, "the recipe makes both kinds: {possible} and {not}");
}

/// With *g* for the least gain the best is the greatest of what each number of changes can be worth less *g* for each;
/// and the more is asked of a change, the fewer are made.
#[test]
fn a_least_gain_gives_what_trying_everything_gives() {
    let (mut kept, mut given_up) = (0, 0);
    for seed in 0..250 {
        let mut draft = small(seed);
        let tried = Tried::all(&draft);
        let gains = [0, 1, 40 + (seed % 90) as i64, 2_000, 1_000_000];
        let mut before = usize::MAX;
        for gain in gains {
            draft.least_gain = Some(gain);
            let solution = answer(&draft);
            let net =
                tried.iter().zip(0_i64..).filter_map(|(worth, changes)| Some((*worth)? - gain * changes));
            assert_eq!(solution.objective, net.max(), "seed {seed}, gain {gain}\n{}", draft.to_json());
            if solution.objective.is_none() {
                continue;
            }
            let changed = instance(&draft).changed(&solution.assignment).len();
            assert!(changed <= before, "seed {seed}: {changed} changes at {gain}, {before} at less");
            if before < usize::MAX {
                *(if changed == before { &mut kept } else { &mut given_up }) += 1;
            }
            before = changed;
        }
    }
    assert!(kept > 20 && given_up > 20, "the recipe makes both: {kept} and {given_up}");
}

#[test]
fn a_curve_never_falls_and_ends_in_the_free_optimum() {
    for seed in 0..300 {
        let draft = small(seed);
        let instance = instance(&draft);
        let found = curve(&instance, &Options::default());
        proved(&instance.at_most(None), &found.free);
        let tried = Tried::all(&draft);
        for step in &found.steps {
            proved(&instance.at_most(Some(step.at_most)), &step.solution);
            assert_eq!(
                step.solution.objective,
                tried[step.at_most as usize],
                "seed {seed}\n{}",
                draft.to_json()
            );
            assert!(instance.changed(&step.solution.assignment).len() as i64 <= step.at_most);
        }
        assert!(found.steps.is_sorted_by_key(|step| step.solution.objective));
        let last = found.steps.last().map(|step| step.solution.objective);
        assert_eq!(last, found.free.objective.map(Some), "seed {seed}");
    }
}

/// What has been in force, and then scores moved: the case for which the limit is made.
fn moved(seed: u64, schools: usize) -> Draft {
    let recipe = Recipe {
        family: Family::Tight,
        county_schools: schools,
        leads: schools,
        nearby: schools,
        needs: 6,
        seed,
    };
    let mut draft = make(&recipe);
    draft.present = answer(&draft).assignment;
    let mut rng = SeededRng(seed);
    for score in draft.nearby_scores.iter_mut().chain(&mut draft.lead_scores).flatten().flatten() {
        *score = *score * (80 + rng.below(41)) / 100;
    }
    draft
}

#[test]
fn no_change_is_the_present_pairing_and_more_gain_step_by_step() {
    for seed in 1..6 {
        let draft = moved(seed, 14);
        let instance = instance(&draft);
        let found = curve(&instance, &Options::default());
        assert_eq!(found.steps[0].solution.assignment, draft.present);
        assert!(found.steps.len() > 3, "scores moved far enough: {}", found.steps.len());
        for step in &found.steps {
            let question = instance.at_most(Some(step.at_most));
            proved(&question, &step.solution);
            let cold = solve(&question, &Options::default());
            assert_eq!(cold.objective, step.solution.objective, "the way there does not matter");
        }
        let worths: Vec<_> = found.steps.iter().map(|step| step.solution.objective).collect();
        let as_much = worths.iter().filter(|worth| **worth == found.free.objective).count();
        assert_eq!(as_much, 1, "the last step is the first that is worth as much: {worths:?}");
    }
}

#[test]
fn who_cannot_stay_is_said() {
    let mut draft = moved(1, 10);
    let row = draft.present[3].clone();
    let lead = draft.leads.iter().position(|lead| lead.id == row.lead).expect("known");
    draft.lead_scores[3][lead] = None;
    draft.at_most_changes = Some(0);
    let solution = answer(&draft);
    assert_eq!(solution.status, Status::Infeasible);
    let reason = solution.infeasible_because.expect("a reason");
    assert_eq!((reason.county_schools, reason.at_most_changes), (vec![row.county_school.clone()], Some(0)));
    assert!(reason.limits.is_empty() && reason.lack.contains(&row.county_school), "{}", reason.lack);
    // A place less at somebody's: those there cannot all stay.
    let mut draft = moved(2, 10);
    let lead = draft.leads.iter().position(|lead| lead.id == draft.present[0].lead).expect("known");
    let there: Vec<_> =
        draft.present.iter().filter(|row| row.lead == draft.leads[lead].id).cloned().collect();
    draft.leads[lead].max = there.len() as i64 - 1;
    draft.leads[lead].min = 0;
    let other = (lead + 1) % draft.leads.len();
    draft.leads[other].max += 5;
    draft.at_most_changes = Some(0);
    let reason = answer(&draft).infeasible_because.expect("a reason");
    assert_eq!(reason.county_schools, there.iter().map(|row| row.county_school.clone()).collect::<Vec<_>>());
    assert_eq!((reason.at_most_changes, reason.limits.len()), (Some(0), 1));
}

/// An assignment with some county schools back at their present pairs, as a question that leaves nothing open.
fn back(draft: &Draft, assignment: &[Assigned], back: &[&str]) -> Draft {
    let mut draft = Draft { at_most_changes: None, least_gain: None, ..draft.clone() };
    draft.fixed.clear();
    for row in assignment {
        let had = draft.present.iter().find(|had| had.county_school == row.county_school);
        let stays = if back.contains(&row.county_school.as_str()) { had } else { None };
        let Assigned { county_school, lead, nearby } = stays.unwrap_or(row).clone();
        draft.fixed.push(Fixed { county_school, lead: Some(lead), nearby: Some(nearby) });
    }
    draft
}

/// Whatever part of the changes is taken back, as far as that keeps all limits, has gained its price.
#[test]
fn each_set_of_changes_gains_what_it_must() {
    let mut taken_back = 0;
    for seed in 1..12 {
        let mut draft = moved(seed, 10);
        // Room, so that some can go back without others.
        draft.leads.iter_mut().chain(&mut draft.nearby).for_each(|partner| partner.max += 1);
        draft.least_gain = Some(400);
        let instance = instance(&draft);
        let solution = answer(&draft);
        let changed = instance.changed(&solution.assignment);
        let whole = answer(&back(&draft, &solution.assignment, &[])).objective.expect("it is possible");
        assert_eq!(solution.objective, Some(whole - 400 * changed.len() as i64), "net of what changes cost");
        for set in 1..1_u32 << changed.len() {
            let some: Vec<&str> =
                (0..changed.len()).filter(|at| set >> at & 1 == 1).map(|at| changed[at]).collect();
            if let Some(less) = answer(&back(&draft, &solution.assignment, &some)).objective {
                assert!(whole - less >= 400 * some.len() as i64, "seed {seed}: {some:?}");
                taken_back += 1;
            }
        }
    }
    assert!(taken_back > 50, "some can be taken back: {taken_back}");
}

#[test]
fn a_warm_start_and_the_order_of_the_file_do_not_matter() {
    for seed in 1..20 {
        let mut draft = moved(seed, 9);
        draft.at_most_changes = Some(3);
        let before = answer(&draft);
        let mut changed = draft.clone();
        changed.lead_scores[2].iter_mut().flatten().for_each(|score| *score += 500);
        changed.at_most_changes = Some(2);
        let instance = instance(&changed);
        let warm = Options { warm: Some(Warm::of(&draft, &before)), ..Options::default() };
        let again = solve(&instance, &warm);
        proved(&instance, &again);
        changed.present.reverse();
        assert_eq!(again.objective, answer(&changed).objective);
    }
}

#[test]
fn a_lie_about_changes_is_found() {
    let draft = moved(1, 10);
    // One that is proved by the prices alone: there the price of a change is needed.
    let questions = (0..5).map(|most| instance(&draft).at_most(Some(most)));
    let mut answers = questions.map(|question| (solve(&question, &Options::default()), question));
    let plain = |solution: &Solution| {
        solution.certificate.tree.is_none()
            && solution.certificate.change_price.is_some_and(|price| price.0 > 0)
    };
    let (solution, limited) = answers.find(|(solution, _)| plain(solution)).expect("one without a tree");
    let lies = |change: &dyn Fn(&mut Solution)| {
        let mut told = solution.clone();
        change(&mut told);
        verify(&limited, &told).is_err()
    };
    assert!(verify(&limited, &solution).is_ok());
    assert!(lies(&|told| {
        let free = solve(&limited.at_most(None), &Options::default());
        (told.assignment, told.objective, told.bound) = (free.assignment, free.objective, free.objective);
    }));
    assert!(lies(&|told| told.certificate.change_price = None));
    // Where changes are not limited they have no price.
    let free = limited.at_most(None);
    let mut told = solve(&free, &Options::default());
    told.certificate.change_price = solution.certificate.change_price;
    assert!(verify(&free, &told).is_err());
}

#[test]
fn files_without_changes_are_what_they_were() {
    let draft = wild(7);
    let text = draft.to_json();
    assert!(!text.contains("present") && !text.contains("change") && !text.contains("least_gain"));
    let solution = answer(&draft).to_json();
    assert!(!solution.contains("change"));
    let read = Instance::read(text.as_bytes()).expect("an old file");
    assert_eq!(read.at_most(None).sha256(), read.sha256());
    let mut value: serde_json::Value = serde_json::from_str(&text).expect("json");
    value["present"] = serde_json::json!([{"county_school": "nobody", "lead": "l0", "nearby": "n0"}]);
    value["at_most_changes"] = (-1).into();
    value["least_gain"] = 1_000_001.into();
    let said = Instance::read(value.to_string().as_bytes()).expect_err("mistakes");
    let places: Vec<_> = said.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(places, ["present[0].county_school", "at_most_changes", "least_gain"]);
}
