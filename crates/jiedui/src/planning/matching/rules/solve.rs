//! Asking the optimiser, off the thread that serves pages, and asking it again with one thing changed.

use super::body::Body;
use super::setting::{Setting, side_id};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_matching::{
    Assigned, Curve, Draft, Fixed, Instance, Options, Price, Side, Solution, Status, Warm, curve,
    solve as run,
};

/// What came of a question.
#[derive(Debug, Clone)]
pub enum SolveOutcome {
    /// It was asked, and answered: with a pairing, or with the reason why there is none.
    Solved(Box<Instance>, Box<Solution>),
    /// It cannot be asked as it stands.
    Invalid(Box<Draft>, Vec<FieldError>),
}

impl SolveOutcome {
    pub fn solution(&self) -> Option<&Solution> {
        match self {
            Self::Solved(_, solution) => Some(solution),
            Self::Invalid(..) => None,
        }
    }

    pub fn instance(&self) -> Option<&Instance> {
        match self {
            Self::Solved(instance, _) => Some(instance),
            Self::Invalid(..) => None,
        }
    }

    pub fn draft(&self) -> &Draft {
        match self {
            Self::Solved(instance, _) => instance,
            Self::Invalid(draft, _) => draft,
        }
    }

    pub fn objective(&self) -> Option<i64> {
        self.solution().and_then(|solution| solution.objective)
    }

    /// What the pairs are worth before changes are charged: the objective, where a change costs nothing.
    pub fn gross(&self) -> Option<i64> {
        let Self::Solved(instance, solution) = self else { return None };
        let changed = instance.changed(&solution.assignment).len() as i64;
        Some(solution.objective? + changed * instance.least_gain.unwrap_or(0))
    }

    pub fn status(&self) -> &'static str {
        match self.solution().map(|solution| solution.status) {
            Some(Status::Optimal) => "optimal",
            Some(Status::Feasible) => "feasible",
            Some(Status::Infeasible) => "infeasible",
            Some(Status::Undecided) => "undecided",
            None => "invalid",
        }
    }

    /// The pair of a county school.
    pub fn pair(&self, county_school: &str) -> Option<&Assigned> {
        let mut pairs = self.solution()?.assignment.iter();
        pairs.find(|pair| pair.county_school == county_school)
    }

    /// Where the next question may start.
    pub fn warm(&self) -> Option<Warm> {
        let Self::Solved(instance, solution) = self else { return None };
        let found = matches!(solution.status, Status::Optimal | Status::Feasible);
        found.then(|| Warm::of(instance, solution))
    }

    /// The price of one more place, as the certificate has it.
    pub fn price(&self, side: Side, partner: &str) -> Option<Price> {
        let Self::Solved(instance, solution) = self else { return None };
        let at = instance.partners(side).iter().position(|one| one.id == partner)?;
        prices(solution, side).get(at).copied()
    }

    /// How many county schools a partner was given.
    pub fn used(&self, side: Side, partner: &str) -> i64 {
        let pairs = self.solution().map(|solution| solution.assignment.as_slice()).unwrap_or_default();
        pairs.iter().filter(|pair| chosen(pair, side) == partner).count() as i64
    }
}

pub fn chosen(pair: &Assigned, side: Side) -> &str {
    match side {
        Side::Lead => &pair.lead,
        Side::Nearby => &pair.nearby,
    }
}

fn prices(solution: &Solution, side: Side) -> &[Price] {
    match side {
        Side::Lead => &solution.certificate.lead_prices,
        Side::Nearby => &solution.certificate.nearby_prices,
    }
}

/// Solves one question.
///
/// # Errors
/// The machine's alone: what is wrong with the question is an answer.
pub async fn solve(draft: Draft, warm: Option<Warm>, ties: bool) -> Result<SolveOutcome> {
    let job = move || answer(draft, warm, ties);
    tokio::task::spawn_blocking(job).await.map_err(Error::internal)
}

/// What changes gain, step by step; none where the question cannot be asked.
///
/// # Errors
/// The machine's alone.
pub async fn changes(draft: Draft) -> Result<Option<Curve>> {
    let job = move || {
        let instance = Instance::new(draft).ok()?;
        Some(curve(&instance, &Options { max_nodes: CASES_OF_A_STEP, ..Options::default() }))
    };
    tokio::task::spawn_blocking(job).await.map_err(Error::internal)
}

/// After so many cases a step of the curve says how far it came: a page is waited for.
const CASES_OF_A_STEP: usize = 200;

/// The same on this thread: for work that is done away from those that serve requests.
pub fn answer(draft: Draft, warm: Option<Warm>, ties: bool) -> SolveOutcome {
    match Instance::new(draft.clone()) {
        Ok(instance) => {
            let solution = run(&instance, &Options { warm, ties, ..Options::default() });
            SolveOutcome::Solved(Box::new(instance), Box::new(solution))
        }
        Err(errors) => SolveOutcome::Invalid(Box::new(draft), errors),
    }
}

/// Solves several questions, each near to the one that was answered before; their objectives, none where there is no
/// pairing.
///
/// # Errors
/// The machine's alone.
pub async fn objectives(drafts: Vec<Draft>, near: Option<Warm>) -> Result<Vec<Option<i64>>> {
    let job = move || drafts.into_iter().map(|draft| objective(draft, near.clone())).collect();
    tokio::task::spawn_blocking(job).await.map_err(Error::internal)
}

fn objective(draft: Draft, near: Option<Warm>) -> Option<i64> {
    answer(draft, near, false).objective()
}

/// The same question with one choice settled; none where the choice is not allowed.
pub fn with_choice(draft: &Draft, county_school: &str, side: Side, partner: &str) -> Option<Draft> {
    let j = draft.county_schools.iter().position(|school| school.id == county_school)?;
    let at = draft.partners(side).iter().position(|one| one.id == partner)?;
    (*draft.scores(side).get(j)?.get(at)?)?;
    let mut other = draft.clone();
    let mut fixed = other
        .fixed
        .iter()
        .position(|fixed| fixed.county_school == county_school)
        .map(|at| other.fixed.remove(at))
        .unwrap_or_else(|| Fixed { county_school: county_school.to_owned(), lead: None, nearby: None });
    match side {
        Side::Lead => fixed.lead = Some(partner.to_owned()),
        Side::Nearby => fixed.nearby = Some(partner.to_owned()),
    }
    other.fixed.push(fixed);
    Some(other)
}

/// The same question with one place more at a partner.
pub fn with_place(draft: &Draft, side: Side, partner: &str) -> Option<Draft> {
    let mut other = draft.clone();
    let list = match side {
        Side::Lead => &mut other.leads,
        Side::Nearby => &mut other.nearby,
    };
    list.iter_mut().find(|one| one.id == partner)?.max += 1;
    Some(other)
}

/// What a choice by hand costs: the objective without it less the objective with it.
pub fn loss(setting: &Setting, without: &Body, with: &Body, near: Option<Warm>) -> Option<i64> {
    let [without, with] =
        [without, with].map(|body| objective(setting.with(body.clone()).draft(), near.clone()));
    Some(without? - with?)
}

/// What it costs that a change must gain something: what the pairs are worth without that less what they are worth with
/// it.
pub fn loss_of_gain(setting: &Setting, without: &Body, with: &Body, near: Option<Warm>) -> Option<i64> {
    let [without, with] =
        [without, with].map(|body| answer(setting.with(body.clone()).draft(), near.clone(), false).gross());
    Some(without? - with?)
}

/// A text with names in place of ids.
pub fn with_names(setting: &Setting, text: &str) -> String {
    let schools = setting.facts.counties.iter().map(|county| (&county.id, &county.name));
    let partners = setting.facts.partners.iter().map(|partner| (&partner.id, &partner.name));
    schools.chain(partners).fold(text.to_owned(), |text, (id, name)| text.replace(id.as_str(), name.as_str()))
}

/// A complaint about the question in the words of its reader.
pub fn named(setting: &Setting, errors: &[FieldError]) -> Vec<FieldError> {
    let plain = |error: &FieldError| {
        let side = Side::BOTH.into_iter().find(|side| error.field.starts_with(side_id(*side)));
        let field = side.map_or("", side_id).to_owned();
        error.clone().at(field).in_words(with_names(setting, &error.message))
    };
    errors.iter().map(plain).collect()
}
