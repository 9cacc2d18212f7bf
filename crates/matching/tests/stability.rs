//! How firmly a pair stands: against every weight solved by itself.

use jiedui_matching::families::{Family, Recipe, SeededRng, make, wild};
use jiedui_matching::{
    Draft, Fixed, Going, Instance, Options, Solution, Stability, Status, WeightRange, solve, stability,
};

/// The rule of the programme: hundredths, to the nearest point.
fn rounded(weight: i64, points: i64) -> i64 {
    (weight * points + 50).div_euclid(100)
}

/// Two weights, one on each side: what each score has of it.
struct Weighed {
    draft: Draft,
    points: [Vec<Vec<i64>>; 2],
    weights: [i64; 2],
    most: i64,
    adds: fn(i64, i64) -> i64,
}

impl Weighed {
    fn of(draft: Draft, seed: u64, most: i64, adds: fn(i64, i64) -> i64) -> Self {
        let mut rng = SeededRng(seed ^ 0xf1e1d);
        let mut column = |partners: usize| {
            (0..draft.county_schools.len())
                .map(|_| (0..partners).map(|_| rng.below(1_001)).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        let points = [column(draft.leads.len()), column(draft.nearby.len())];
        let mut made = Self { draft, points, weights: [most / 3, most / 2], most, adds };
        for side in [0, 1] {
            made.draft = made.with(side, made.weights[side], 0);
        }
        made
    }

    /// The scores with another weight; from this one.
    fn with(&self, side: usize, weight: i64, from: i64) -> Draft {
        let mut draft = self.draft.clone();
        let scores = if side == 0 { &mut draft.lead_scores } else { &mut draft.nearby_scores };
        for (row, points) in scores.iter_mut().zip(&self.points[side]) {
            for (score, points) in row.iter_mut().zip(points) {
                *score = score.map(|score| score + (self.adds)(weight, *points) - (self.adds)(from, *points));
            }
        }
        draft
    }

    fn at(&self, line: usize, weight: i64) -> Option<Instance> {
        Instance::new(self.with(line, weight, self.weights[line])).ok()
    }

    fn lines(&self) -> Vec<WeightRange> {
        self.weights.iter().map(|weight| WeightRange { weight: *weight, range: 0..=self.most }).collect()
    }

    /// What the crate says, with the answer it says it of.
    fn told(&self) -> Option<(Solution, Stability)> {
        let instance = Instance::new(self.draft.clone()).ok()?;
        let answer = solve(&instance, &Options::default());
        let mut far = 0;
        let heard = |now| {
            assert!(now >= far, "what is nearest comes first");
            far = now;
        };
        let at = |line, weight| self.at(line, weight);
        let told = stability(&instance, &answer, &self.lines(), &Options::default(), at, heard)?;
        Some((answer, told))
    }

    /// By how much the best with a pair falls short of the best there.
    fn short(&self, line: usize, weight: i64, pair: &jiedui_matching::Assigned) -> Option<i64> {
        let instance = self.at(line, weight)?;
        let mut draft = instance.clone().into_draft();
        let best = solve(&instance, &Options::default()).objective?;
        let (lead, nearby) = (Some(pair.lead.clone()), Some(pair.nearby.clone()));
        draft.fixed.retain(|fixed| fixed.county_school != pair.county_school);
        draft.fixed.push(Fixed { county_school: pair.county_school.clone(), lead, nearby });
        let with = solve(&Instance::new(draft).ok()?, &Options::default());
        Some(with.objective.map_or(i64::MAX, |with| best - with))
    }

    /// Just before it the pair is in a best pairing, at it in none; and who is said to come is in one.
    fn holds(&self, answer: &Solution, j: usize, going: &Going) {
        let pair = &answer.assignment[j];
        let step = (going.to - self.weights[going.line]).signum();
        assert_eq!(self.short(going.line, going.to - step, pair), Some(0), "{going:?}");
        assert!(self.short(going.line, going.to, pair).is_some_and(|short| short > 0), "{going:?}");
        assert_ne!(going.instead, *pair);
        assert_eq!(self.short(going.line, going.to, &going.instead), Some(0), "{going:?}");
    }

    /// The distance of the nearest weight at which a pair is in no best pairing, by solving at all of them.
    fn tried(&self, pair: &jiedui_matching::Assigned) -> Option<i64> {
        let all = |line: usize| {
            let goes = move |weight: &i64| self.short(line, *weight, pair).is_some_and(|short| short > 0);
            (0..=self.most).filter(goes).map(move |weight| (weight - self.weights[line]).abs())
        };
        [0, 1].into_iter().flat_map(all).min()
    }
}

#[test]
fn the_nearest_weight_is_the_one_that_trying_all_finds() {
    let (mut firm, mut going) = (0, 0);
    for seed in 0..250 {
        let draft = wild(seed);
        // Scores at the edge of what is allowed cannot be moved.
        if draft
            .lead_scores
            .iter()
            .chain(&draft.nearby_scores)
            .flatten()
            .flatten()
            .any(|one| one.abs() > 900_000)
        {
            continue;
        }
        let weighed = Weighed::of(draft, seed, 12, |weight, points| weight * points);
        let Some((answer, told)) = weighed.told() else { continue };
        assert!(told.open.is_empty(), "small questions are always decided");
        for (j, pair) in answer.assignment.iter().enumerate() {
            let far = told.goes[j].as_ref().map(|going| (going.to - weighed.weights[going.line]).abs());
            assert_eq!(far, weighed.tried(pair), "seed {seed}, {}", pair.county_school);
            match &told.goes[j] {
                Some(one) => {
                    weighed.holds(&answer, j, one);
                    going += 1;
                }
                None => firm += 1,
            }
        }
    }
    assert!(firm > 80 && going > 60, "both kinds: {firm} and {going}");
}

#[test]
fn what_is_told_holds_where_scores_are_rounded_and_changes_limited() {
    let mut going = 0;
    for seed in 1..9 {
        let recipe =
            Recipe { family: Family::Tight, county_schools: 12, leads: 6, nearby: 8, needs: 4, seed };
        let mut draft = make(&recipe);
        if seed % 2 == 0 {
            draft.present = solve(&Instance::new(draft.clone()).unwrap(), &Options::default()).assignment;
            draft.at_most_changes = Some(4);
        }
        let weighed = Weighed::of(draft, seed, 200, |weight, points| rounded(weight, points * 10));
        let (answer, told) = weighed.told().expect("it is proven");
        for (j, one) in told.goes.iter().enumerate() {
            if let Some(one) = one {
                weighed.holds(&answer, j, one);
                going += 1;
            }
        }
    }
    assert!(going > 40, "weights matter: {going}");
}

#[test]
fn twins_that_do_as_well_are_no_reason_to_go() {
    // Two leads alike in everything: each pair could have the other as well, at every weight.
    let recipe = Recipe { family: Family::Roomy, county_schools: 4, leads: 1, nearby: 3, needs: 2, seed: 3 };
    let mut draft = make(&recipe);
    draft.leads[0].max = 4;
    let mut twin = draft.leads[0].clone();
    twin.id = "twin".to_owned();
    draft.leads.push(twin);
    for row in &mut draft.lead_scores {
        row[0] = Some(100);
        row.push(Some(100));
    }
    let mut weighed = Weighed::of(draft, 5, 20, |weight, points| weight * points);
    for row in &mut weighed.points[0] {
        row.fill(7);
    }
    // Both have the same of the weight.
    let draft = Draft { lead_scores: vec![vec![Some(100); 2]; 4], ..weighed.draft.clone() };
    weighed.draft = draft;
    let (_, told) = weighed.told().expect("it is proven");
    assert!(told.goes.iter().flatten().all(|going| going.line == 1), "{:?}", told.goes);
}

#[test]
fn an_answer_without_a_proof_has_none() {
    let instance = Instance::new(wild(1)).unwrap();
    let mut answer = solve(&instance, &Options::default());
    answer.status = Status::Feasible;
    assert_eq!(stability(&instance, &answer, &[], &Options::default(), |_, _| None, |_| ()), None);
}
