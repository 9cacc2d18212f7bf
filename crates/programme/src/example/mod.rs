//! Examples stand beside the rules they explain, in the programme's own files: facts in, expected reading out. They are
//! the tests of a programme and can be read by the office.
//!
//! `written` is how they are written, `world` the facts they stand for, `run` what the rules make of them.

mod run;
mod world;
mod written;

pub(crate) use written::{Subject, Written};

use crate::doc::Item;
use crate::majors::MajorExample;
use crate::matching::Component;
use crate::model::Programme;
use crate::problem::Problem;
use crate::rules::advice;
use std::fmt;

/// One example, with its place.
#[derive(Debug, Clone)]
pub struct Example {
    /// Where it begins, and where it says what it expects.
    begins: Problem,
    expects: Problem,
    told: Given,
}

#[derive(Debug, Clone)]
enum Given {
    /// An `[[example]]` of its own.
    Facts(Box<Written>),
    /// The one at this place among the examples of a component of `matching.toml`.
    Points { component: String, at: usize },
}

/// All examples of a programme: those that stand alone, then those inside of components.
pub(crate) fn gather(alone: Vec<Item<'_, Written>>, components: &[Item<'_, Component>]) -> Vec<Example> {
    let facts = alone.into_iter().map(|item| Example {
        begins: item.problem("", "", ""),
        expects: item.problem("expect", "", ""),
        told: Given::Facts(Box::new(item.value)),
    });
    let points = components.iter().flat_map(|item| {
        let component = &item.value.id;
        (0..item.value.examples.len()).map(move |at| Example {
            begins: item.problem(&format!("example.{at}"), "", ""),
            expects: item.problem(&format!("example.{at}.points"), "", ""),
            told: Given::Points { component: component.clone(), at },
        })
    });
    facts.chain(points).collect()
}

/// An example whose rule gave something else.
#[derive(Debug, Clone)]
pub struct Failure {
    pub file: String,
    /// Where the example begins.
    pub line: usize,
    /// What the example is about.
    pub about: String,
    /// Each difference, in Chinese.
    pub message: String,
    /// The same at the place where the example says what it expects, to be shown with a caret.
    pub problem: Problem,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}：示例“{}”不符：{}", self.file, self.line, self.about, self.message)
    }
}

/// Runs every example of the programme; what comes back is what differs.
pub fn run_examples(programme: &Programme) -> Vec<Failure> {
    programme
        .examples
        .iter()
        .filter_map(|example| {
            let (about, message) = example.run(programme)?;
            let said = format!("示例“{about}”不符：{message}");
            let problem = example.expects.saying(said, "请改正规则，或改正写明的预期");
            let line = example.begins.position().0;
            Some(Failure { file: problem.file.clone(), line, about, message, problem })
        })
        .chain(advice_failures(programme))
        .collect()
}

/// The examples of `majors.toml`.
fn advice_failures(programme: &Programme) -> Vec<Failure> {
    let Some(rules) = &programme.majors else { return Vec::new() };
    let failure = |example: &MajorExample| {
        let found = advice(rules, &example.facts).verdict;
        let message = run::differs("expect", &Some(example.expect), &Some(found))?;
        let about = example.about.clone();
        let said = format!("示例“{about}”不符：{message}");
        let problem = example.place.as_ref()?.saying(said, "请改正统计口径，或改正写明的预期");
        let line = problem.position().0;
        Some(Failure { file: problem.file.clone(), line, about, message, problem })
    };
    rules.examples.iter().filter_map(failure).collect()
}

impl Example {
    /// What it is about and what differs, where anything does.
    fn run(&self, programme: &Programme) -> Option<(String, String)> {
        match &self.told {
            Given::Facts(written) => Some((written.about.clone(), run::run(programme, written).err()?)),
            Given::Points { component, at } => {
                let rules = &programme.matching;
                let component = rules.component(component)?;
                let example = component.examples.get(*at)?;
                let found = rules.points(component, &example.county, &example.partner, &example.pair);
                Some((example.about.clone(), run::differs("points", &Some(example.points), &Some(found))?))
            }
        }
    }
}
