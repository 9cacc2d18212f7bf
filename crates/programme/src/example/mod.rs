//! Examples stand beside the rules they explain, in the programme's own files: facts in, expected reading out. They are
//! the tests of a programme and can be read by the office.
//!
//! `written` is how they are written, `world` the facts they stand for, `run` what the rules make of them.

mod run;
mod world;
mod written;

pub(crate) use written::{Subject, Written};

use crate::allocations::AllocationRule;
use crate::doc::Item;
use crate::majors::MajorExample;
use crate::matching::Component;
use crate::model::Programme;
use crate::problem::Problem;
use crate::rules::advice;
use run::Off;
use std::collections::BTreeMap;
use std::fmt;
use toml::Value;

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
    /// The one at this place among those of a rule of `allocations.toml`.
    Shares { rule: String, at: usize },
}

/// All examples of a programme: those that stand alone, then those inside of components.
pub(crate) fn gather(
    alone: Vec<Item<'_, Written>>,
    components: &[Item<'_, Component>],
    allocations: &[Item<'_, AllocationRule>],
) -> Vec<Example> {
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
    let shares = allocations.iter().flat_map(|item| {
        let rule = &item.value.id;
        (0..item.value.examples.len()).map(move |at| Example {
            begins: item.problem(&format!("example.{at}"), "", ""),
            expects: item.problem(&format!("example.{at}.expect"), "", ""),
            told: Given::Shares { rule: rule.clone(), at },
        })
    });
    facts.chain(points).chain(shares).collect()
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
    /// What stands there instead where the new result is accepted; none where nothing came out.
    pub accepted: Option<String>,
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
            let (about, Off { message, accepted }) = example.run(programme)?;
            let said = format!("示例“{about}”不符：{message}");
            let problem = example.expects.saying(said, "请改正规则，或改正写明的预期");
            let line = example.begins.position().0;
            Some(Failure { file: problem.file.clone(), line, about, message, problem, accepted })
        })
        .chain(advice_failures(programme))
        .collect()
}

/// The examples of `majors.toml`.
fn advice_failures(programme: &Programme) -> Vec<Failure> {
    let Some(rules) = &programme.majors else { return Vec::new() };
    let failure = |example: &MajorExample| {
        let found = advice(rules, &example.facts).verdict;
        if found == example.expect {
            return None;
        }
        let value = |verdict| Value::try_from(verdict).ok();
        let (wanted, found) = (value(example.expect)?, value(found)?);
        let message = run::differs("expect", &wanted, Some(&found));
        let accepted = Some(run::written(&found));
        let about = example.about.clone();
        let said = format!("示例“{about}”不符：{message}");
        let problem = example.place.as_ref()?.saying(said, "请改正统计口径，或改正写明的预期");
        let line = problem.position().0;
        Some(Failure { file: problem.file.clone(), line, about, message, problem, accepted })
    };
    rules.examples.iter().filter_map(failure).collect()
}

impl Example {
    /// What it is about and what differs, where anything does.
    fn run(&self, programme: &Programme) -> Option<(String, Off)> {
        match &self.told {
            Given::Facts(written) => Some((written.about.clone(), run::run(programme, written).err()?)),
            Given::Points { component, at } => {
                let rules = &programme.matching;
                let component = rules.component(component)?;
                let example = component.examples.get(*at)?;
                let found = rules.points(component, &example.county, &example.partner, &example.pair);
                let (wanted, found) = (Value::Integer(example.points), Value::Integer(found));
                let off = || Off {
                    message: run::differs("points", &wanted, Some(&found)),
                    accepted: Some(run::written(&found)),
                };
                (wanted != found).then(|| (example.about.clone(), off()))
            }
            Given::Shares { rule, at } => {
                let rule = programme.allocation(rule)?;
                let example = rule.examples.get(*at)?;
                let found = rule.worked(example);
                if found.as_ref() == Some(&example.expect) {
                    return None;
                }
                let value =
                    |list: &Vec<i64>| Value::Array(list.iter().map(|one| Value::Integer(*one)).collect());
                let (wanted, found) = (value(&example.expect), found.as_ref().map(value));
                let message = run::differs("expect", &wanted, found.as_ref());
                Some((example.about.clone(), Off { message, accepted: found.as_ref().map(run::written) }))
            }
        }
    }
}

/// The files with what their failing examples would have to expect. Examples of which nothing came out stay as they are.
pub fn accepted(files: &BTreeMap<String, String>, failures: &[Failure]) -> BTreeMap<String, String> {
    let mut files = files.clone();
    let mut found: Vec<&Failure> = failures.iter().filter(|failure| failure.accepted.is_some()).collect();
    // From the end on, so that places before stay where they are.
    found.sort_by_key(|failure| std::cmp::Reverse(failure.problem.span.start));
    for failure in found {
        if let (Some(text), Some(new)) = (files.get_mut(&failure.file), &failure.accepted) {
            text.replace_range(failure.problem.span.clone(), new);
        }
    }
    files
}
