//! Examples stand beside the rules they explain, in the programme's own files: facts in, expected reading out. They are
//! the tests of a programme and can be read by the office.

use crate::doc::Item;
use crate::majors::MajorExample;
use crate::matching::Component;
use crate::model::{ClockState, EntryState, Fact, IndicatorOf, Measure, Party, Post, Programme};
use crate::problem::Problem;
use crate::rules::{PairingFact, advice, clock, counts, indicator, pairing_indicator, periods, relations};
use jiedui_kernel::{Date, Period};
use serde::Deserialize;
use std::fmt;

/// Who is meant where an example does not say.
const HELPER: &str = "甲校";
const SCHOOL: &str = "县校";

/// One example, with its place.
#[derive(Debug, Clone)]
pub struct Example {
    /// Where it begins, and where it says what it expects.
    begins: Problem,
    expects: Problem,
    told: Told,
}

#[derive(Debug, Clone)]
enum Told {
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
        told: Told::Facts(Box::new(item.value)),
    });
    let points = components.iter().flat_map(|item| {
        let component = &item.value.id;
        (0..item.value.examples.len()).map(move |at| Example {
            begins: item.problem(&format!("example.{at}"), "", ""),
            expects: item.problem(&format!("example.{at}.points"), "", ""),
            told: Told::Points { component: component.clone(), at },
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

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    pub about: String,
    activity: Option<String>,
    indicator: Option<String>,
    obligation: Option<String>,
    /// For a clock: the day it is read, the id of the period, whose clock it is, and when the helper is paired.
    today: Option<Date>,
    period: Option<String>,
    helper: Option<String>,
    #[serde(default)]
    paired: Vec<Vec<Date>>,
    /// For an indicator: first and last day.
    window: Option<Vec<Date>>,
    #[serde(default)]
    pub facts: Vec<WrittenFact>,
    #[serde(default)]
    pairings: Vec<WrittenPairing>,
    expect: Expect,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenFact {
    /// Where it differs from that of the example's subject.
    pub activity: Option<String>,
    /// One day, or the first and the last.
    days: Vec<Date>,
    state: Option<EntryState>,
    post: Option<Post>,
    quantity: Option<i64>,
    confirmed: Option<i64>,
    disputed: Option<Vec<Date>>,
    helpers: Option<Vec<String>>,
    school: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPairing {
    school: String,
    from: Date,
    to: Option<Date>,
    signed: Option<Date>,
    planned: Option<Date>,
}

/// What is left out is not compared.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    state: Option<ClockState>,
    owed: Option<i64>,
    claimed: Option<i64>,
    confirmed: Option<i64>,
    latest_start: Option<Date>,
    workdays_left: Option<i64>,
    /// Number of entries or schools behind the figure.
    rows: Option<usize>,
    /// For an activity: how many of the facts count.
    counted: Option<usize>,
}

pub(crate) enum Subject<'a> {
    Activity(&'a str),
    Indicator(&'a str),
    Obligation(&'a str),
}

/// Where in the example, what is wrong, what to do.
type Fault = (String, &'static str, &'static str);

impl Written {
    pub fn subject(&self) -> Option<Subject<'_>> {
        match (&self.activity, &self.indicator, &self.obligation) {
            (Some(id), None, None) => Some(Subject::Activity(id)),
            (None, Some(id), None) => Some(Subject::Indicator(id)),
            (None, None, Some(id)) => Some(Subject::Obligation(id)),
            _ => None,
        }
    }

    /// The first fault in how the example is written.
    pub fn shape(&self) -> Result<(), Fault> {
        let fault = |path: &str, message, help| Err((path.to_owned(), message, help));
        match self.subject() {
            None => return fault("", "示例须且只须写明一个对象", "写 activity、indicator、obligation 之一"),
            Some(Subject::Obligation(_)) if self.today.is_none() || self.period.is_none() => {
                return fault(
                    "obligation",
                    "时钟示例缺少 today 或 period",
                    "写明哪一天看、看哪一年或哪个学期",
                );
            }
            Some(Subject::Indicator(_)) if self.window.is_none() => {
                return fault("indicator", "指标示例缺少 window", "写明统计期的首日和末日");
            }
            Some(_) => {}
        }
        if self.expect == Expect::default() {
            return fault("expect", "示例没有写预期", "至少写一项，例如 claimed = 1");
        }
        let spans = self.window.iter().map(|days| ("window".to_owned(), days));
        let paired = self.paired.iter().enumerate().filter(|(_, days)| days.len() != 1);
        let paired = paired.map(|(at, days)| (format!("paired.{at}"), days));
        for (path, days) in spans.chain(paired) {
            if days.len() != 2 || days[1] < days[0] {
                return fault(&path, "起止日期写得不对", "写成 [首日, 末日]，首日不晚于末日");
            }
        }
        for (at, fact) in self.facts.iter().enumerate() {
            if span(&fact.days).is_none() {
                return fault(&format!("facts.{at}.days"), "日期写得不对", "写一天，或 [首日, 末日]");
            }
            if fact.disputed.as_ref().is_some_and(|days| span(days).is_none()) {
                return fault(&format!("facts.{at}.disputed"), "日期写得不对", "写一天，或 [首日, 末日]");
            }
        }
        Ok(())
    }
}

fn span(days: &[Date]) -> Option<Period> {
    match days {
        [day] => Some(Period::day(*day)),
        [from, to] => Period::new(*from, *to),
        _ => None,
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
        let message = differs("expect", &Some(example.expect), &Some(found))?;
        let about = example.about.clone();
        let said = format!("示例“{about}”不符：{message}");
        let problem = example.place.as_ref()?.saying(said, "请改正口径，或改正写明的预期");
        let line = problem.position().0;
        Some(Failure { file: problem.file.clone(), line, about, message, problem })
    };
    rules.examples.iter().filter_map(failure).collect()
}

impl Example {
    /// What it is about and what differs, where anything does.
    fn run(&self, programme: &Programme) -> Option<(String, String)> {
        match &self.told {
            Told::Facts(written) => Some((written.about.clone(), run(programme, written).err()?)),
            Told::Points { component, at } => {
                let rules = &programme.matching;
                let component = rules.component(component)?;
                let example = component.examples.get(*at)?;
                let found = rules.points(component, &example.county, &example.partner, &example.pair);
                Some((example.about.clone(), differs("points", &Some(example.points), &Some(found))?))
            }
        }
    }
}

fn run(programme: &Programme, example: &Written) -> Result<(), String> {
    let found = match example.subject() {
        Some(Subject::Activity(id)) => {
            let facts = facts(programme, example, id);
            let counted = facts.iter().filter(|fact| counts(programme, fact)).count();
            Some(Expect { counted: Some(counted), ..Expect::default() })
        }
        Some(Subject::Indicator(id)) => read_indicator(programme, example, id),
        Some(Subject::Obligation(id)) => read_clock(programme, example, id),
        None => None,
    };
    let found = found.ok_or("没有得出结果：此时尚无此项要求，或时期不存在")?;
    let expect = &example.expect;
    let differences: Vec<String> = [
        differs("state", &expect.state, &found.state),
        differs("owed", &expect.owed, &found.owed),
        differs("claimed", &expect.claimed, &found.claimed),
        differs("confirmed", &expect.confirmed, &found.confirmed),
        differs("latest_start", &expect.latest_start, &found.latest_start),
        differs("workdays_left", &expect.workdays_left, &found.workdays_left),
        differs("rows", &expect.rows, &found.rows),
        differs("counted", &expect.counted, &found.counted),
    ]
    .into_iter()
    .flatten()
    .collect();
    if differences.is_empty() { Ok(()) } else { Err(differences.join("；")) }
}

fn differs<T: PartialEq + fmt::Debug>(name: &str, expected: &Option<T>, found: &Option<T>) -> Option<String> {
    let wanted = expected.as_ref()?;
    let shown = found.as_ref().map_or("无".to_owned(), |found| format!("{found:?}"));
    (expected != found).then(|| format!("{name} 预期 {wanted:?}，得到 {shown}"))
}

fn read_indicator(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let measured = programme.indicator(id)?;
    let window = span(example.window.as_deref()?)?;
    let activity = match &measured.of {
        IndicatorOf::Entries { activity, .. } => activity.first().map_or("", String::as_str),
        _ => "",
    };
    let reading = indicator(programme, measured, &facts(programme, example, activity), window)
        .or_else(|| pairing_indicator(measured, &pairings(example), window.to))?;
    Some(Expect {
        claimed: Some(reading.claimed),
        confirmed: Some(reading.confirmed),
        rows: Some(reading.rows.len()),
        ..Expect::default()
    })
}

fn read_clock(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let obligation = programme.obligation(id)?;
    let today = example.today?;
    let wanted = example.period.as_deref()?;
    let period =
        periods(programme, obligation.every, today).into_iter().find(|period| period.id == wanted)?;
    let relation = relations(&pairings(example), &[Party::Lead]).into_iter().next()?;
    let facts = facts(programme, example, &obligation.activity);
    let reading = clock(programme, obligation, &relation, &facts.iter().collect::<Vec<_>>(), &period, today)?;
    Some(Expect {
        state: Some(reading.state),
        owed: Some(reading.owed),
        claimed: Some(reading.claimed),
        confirmed: Some(reading.confirmed),
        latest_start: reading.latest_start,
        workdays_left: reading.workdays_left,
        rows: Some(reading.entries.len()),
        counted: None,
    })
}

fn facts(programme: &Programme, example: &Written, activity: &str) -> Vec<Fact> {
    let one = |(at, fact): (usize, &WrittenFact)| fact.fact(programme, activity, at);
    example.facts.iter().enumerate().filter_map(one).collect()
}

impl WrittenFact {
    /// The fact, with what an example may leave out: confirmed, one helper, the quantity that the measure gives.
    fn fact(&self, programme: &Programme, activity: &str, at: usize) -> Option<Fact> {
        let activity = self.activity.as_deref().unwrap_or(activity);
        let period = span(&self.days)?;
        let disputed_days = self.disputed.as_deref().and_then(span);
        let state = self.state.unwrap_or(EntryState::Confirmed);
        let claimed =
            self.quantity.unwrap_or_else(|| match programme.activity(activity).map(|a| a.measure) {
                Some(Measure::Days) => period.days(),
                _ => 1,
            });
        let held = match (state, disputed_days) {
            (EntryState::Confirmed, _) => claimed,
            (EntryState::Part, Some(hole)) => claimed - period.intersect(hole).map_or(0, Period::days),
            _ => 0,
        };
        Some(Fact {
            id: (at + 1).to_string(),
            activity: activity.to_owned(),
            helpers: self.helpers.clone().unwrap_or_else(|| vec![HELPER.to_owned()]),
            county_school: self.school.clone().unwrap_or_else(|| SCHOOL.to_owned()),
            period,
            state,
            claimed,
            confirmed: self.confirmed.unwrap_or(held),
            disputed_days,
            post: self.post,
            roster: Vec::new(),
            fields: std::collections::BTreeMap::new(),
        })
    }
}

/// The pairings of the example; a clock's helper is the lead of 县校.
fn pairings(example: &Written) -> Vec<PairingFact> {
    let helper = example.helper.as_deref().unwrap_or(HELPER);
    let pairing =
        |school: &str, from: Date, to: Option<Date>, signed: Option<Date>, planned: Option<Date>| {
            PairingFact {
                helper: helper.to_owned(),
                party: Party::Lead,
                county_school: school.to_owned(),
                from,
                to,
                signed,
                planned,
            }
        };
    let of_schools = example.pairings.iter().map(|p| pairing(&p.school, p.from, p.to, p.signed, p.planned));
    let of_clock = example
        .paired
        .iter()
        .filter_map(|days| Some(pairing(SCHOOL, *days.first()?, days.get(1).copied(), None, None)));
    of_schools.chain(of_clock).collect()
}
