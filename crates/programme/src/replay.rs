//! Rules rehearsed: the same facts under another programme, and whose status would change. Here all facts are there at once;
//! where they come a part at a time it is a [`Rehearsal`](crate::Rehearsal).

use crate::facts::{Arrangements, World};
use crate::fields::Side;
use crate::model::{Indicator, Programme, Target};
use crate::outputs::Application;
use crate::readings::{ClockState, EntryFact, Standing};
use crate::rules::{
    Attained, ConditionState, Contribution, PairingFact, SchoolState, attainment, clocks, contributions,
    duty_periods, duty_reading, eligibility, evaluate, read, standing, verdict, with_derived,
};
use jiedui_kernel::{Date, Period, Reported};
use std::collections::{BTreeMap, HashMap};

/// How far back statuses are compared.
const YEARS: i64 = 2;

/// Everything that a programme says of somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The sentence it rests on.
    pub clause: String,
    /// `obligation:principal-visit`, `standard:technical-school`, …
    pub rule: String,
    /// Id of the organisation; "" for the whole.
    pub unit: String,
    /// The county school towards which a helper owes; "" elsewhere.
    pub towards: String,
    /// Name of the year, semester, quarter or month; "" where it is about now.
    pub period: String,
}

/// A status that is not the same under both programmes. `None`: this programme says nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    pub subject: Subject,
    pub name: String,
    pub before: Option<&'static str>,
    pub after: Option<&'static str>,
}

/// The statuses of a programme: by subject the name of the rule and the status in words.
pub type Statuses = BTreeMap<Subject, (String, &'static str)>;

/// What differs between two programmes over the same facts, in the order of sentences.
pub fn replay(
    old: &Programme,
    new: &Programme,
    world: &World,
    bodies: &[(Side, String)],
    today: Date,
) -> Vec<StatusChange> {
    let (before, after) = (statuses(old, world, bodies, today), statuses(new, world, bodies, today));
    changed_statuses((old, &before), (new, &after))
}

/// The statuses that are not the same, in the order of sentences.
pub(crate) fn changed_statuses(
    (old, before): (&Programme, &Statuses),
    (new, after): (&Programme, &Statuses),
) -> Vec<StatusChange> {
    let mut subjects: Vec<&Subject> = before.keys().chain(after.keys()).collect();
    subjects.sort_by_key(|subject| (order(old, new, &subject.clause), *subject));
    subjects.dedup();
    let change = |subject: &Subject| {
        let (was, is) = (before.get(subject), after.get(subject));
        let name = is.or(was)?.0.clone();
        let (was, is) = (was.map(|of| of.1), is.map(|of| of.1));
        (was != is).then(|| StatusChange { subject: subject.clone(), name, before: was, after: is })
    };
    subjects.into_iter().filter_map(change).collect()
}

/// The place of a sentence in the plan; what only the old one has comes where it stood.
fn order(old: &Programme, new: &Programme, clause: &str) -> usize {
    let at = |programme: &Programme| programme.clauses.iter().position(|one| one.id == clause);
    at(new).or_else(|| at(old)).unwrap_or(usize::MAX)
}

/// Everything a programme says of everybody, over the last two years. `bodies` are the organisations by the side on which
/// they stand, for the duties of organisations.
pub fn statuses(programme: &Programme, world: &World, bodies: &[(Side, String)], today: Date) -> Statuses {
    let mut found = Statuses::new();
    add_clocks(&mut found, programme, (&world.pairings, &world.entries, &world.arrangements), today);
    add_duties(&mut found, programme, world, bodies, today);
    let schools = add_attainment(&mut found, programme, world, today);
    add_eligibility(&mut found, programme, (world, &contributions(programme, world)), schools, today);
    add_targets(&mut found, programme, today, |of, window| evaluate(programme, of, world, window).confirmed);
    found
}

/// The first day of which is spoken.
pub(crate) fn looked_back_to(today: Date) -> Date {
    today - chrono::TimeDelta::days(365 * YEARS)
}

/// The days whose confirmed figures the conditions of applications are asked about.
pub(crate) fn twelve_months(today: Date) -> Option<Period> {
    Period::new(today - chrono::TimeDelta::days(364), today)
}

/// The days over which the figure of a target is looked at: its year, or this one where that is still to come, until today.
pub(crate) fn target_window(target: &Target, today: Date) -> Option<Period> {
    use chrono::Datelike as _;
    let year = Period::year(target.year.min(today.year()))?;
    Some(Period::new(year.from, year.to.min(today)).unwrap_or(year))
}

fn clock_word(state: ClockState) -> &'static str {
    match state {
        ClockState::Met => "已达成",
        ClockState::Awaiting => "已开展，待确认",
        ClockState::Running => "进行中",
        ClockState::AtRisk => "有风险",
        ClockState::Missed => "已逾期",
        ClockState::Exempt => "不适用",
        ClockState::BeforeUse => "启用前，不计",
        ClockState::Undated => "学期未定",
    }
}

fn subject(clause: &str, kind: &str, id: &str, unit: &str) -> Subject {
    Subject {
        clause: clause.to_owned(),
        rule: format!("{kind}:{id}"),
        unit: unit.to_owned(),
        towards: String::new(),
        period: String::new(),
    }
}

pub(crate) fn add_clocks(
    found: &mut Statuses,
    programme: &Programme,
    (pairings, entries, arrangements): (&[PairingFact], &[EntryFact], &Arrangements),
    today: Date,
) {
    let readings = clocks(programme, pairings, entries, arrangements, today);
    let since = looked_back_to(today);
    for reading in readings.into_iter().filter(|reading| reading.period.to >= since) {
        let Some(of) = programme.obligation(&reading.obligation) else { continue };
        let about = Subject {
            towards: reading.county_school,
            period: reading.period_name,
            ..subject(&of.clause, "obligation", &of.id, &reading.helper)
        };
        found.insert(about, (of.name.clone(), clock_word(reading.state)));
    }
}

pub(crate) fn add_duties(
    found: &mut Statuses,
    programme: &Programme,
    world: &World,
    bodies: &[(Side, String)],
    today: Date,
) {
    let since = looked_back_to(today);
    let mut by_org: HashMap<&str, Vec<crate::facts::OutputFact>> = HashMap::new();
    for output in &world.outputs {
        by_org.entry(&output.org).or_default().push(output.clone());
    }
    for duty in &programme.duties {
        let periods = duty_periods(programme, duty, today);
        for (_, org) in bodies.iter().filter(|(side, _)| duty.owed_by.contains(side)) {
            let own = by_org.get(org.as_str()).map_or(&[][..], Vec::as_slice);
            for period in periods.iter().filter(|period| period.period.to >= since) {
                let reading = duty_reading(programme, duty, org, own, period, today);
                let about =
                    Subject { period: reading.period_name, ..subject(&duty.clause, "duty", &duty.id, org) };
                found.insert(about, (duty.name.clone(), clock_word(reading.state)));
            }
        }
    }
}

/// How each school stands to each standard that is about its own level or another, by school.
pub(crate) fn add_attainment<'a>(
    found: &mut Statuses,
    programme: &Programme,
    world: &'a World,
    today: Date,
) -> HashMap<&'a str, SchoolState> {
    use chrono::Datelike as _;
    let since = looked_back_to(today);
    let mut schools = HashMap::new();
    for school in &world.schools {
        let mut state =
            SchoolState { level: school.level.clone(), typical: school.typical, ..SchoolState::default() };
        let mine = world.profiles.iter().filter(|profile| profile.school == school.id);
        let mut accepted: Vec<_> =
            mine.filter(|profile| profile.state == crate::facts::ProfileState::Accepted).collect();
        accepted.sort_by_key(|profile| profile.year);
        for profile in accepted.iter().filter(|profile| profile.year >= since.year()) {
            let values = with_derived(programme, &profile.values);
            for standard in programme.standards.iter().filter(|standard| standard.level == school.level) {
                let on = Period::year(profile.year).map_or(today, |year| today.min(year.to));
                let reading = attainment(programme, standard, &values, &world.confirmed_thresholds, on);
                let clause = standard.clauses.first().map_or("", String::as_str);
                let about = Subject {
                    period: format!("{}年", profile.year),
                    ..subject(clause, "standard", &standard.id, &school.id)
                };
                found.insert(about, (standard.name.clone(), attained_word(reading.state)));
            }
        }
        if let Some(newest) = accepted.last() {
            state.profile = with_derived(programme, &newest.values);
            for standard in &programme.standards {
                let confirmed = &world.confirmed_thresholds;
                match attainment(programme, standard, &state.profile, confirmed, today).state {
                    Attained::Met => state.attained.insert(standard.id.clone(), true),
                    Attained::NotMet => state.attained.insert(standard.id.clone(), false),
                    Attained::Unknown => None,
                };
            }
        }
        schools.insert(school.id.as_str(), state);
    }
    schools
}

fn attained_word(state: Attained) -> &'static str {
    match state {
        Attained::Met => "达标",
        Attained::NotMet => "未达标",
        Attained::Unknown => "暂不能判定",
    }
}

/// Which applications each school could make today.
pub(crate) fn add_eligibility(
    found: &mut Statuses,
    programme: &Programme,
    (world, added): (&World, &[Contribution]),
    mut schools: HashMap<&str, SchoolState>,
    today: Date,
) {
    let open = |one: &&Application| one.applicant.contains(&Side::CountySchool) && !one.conditions.is_empty();
    let applications: Vec<&Application> = programme.applications.iter().filter(open).collect();
    fill_figures(programme, (world, added), &mut schools, today);
    for (school, state) in &schools {
        for application in &applications {
            let word = match verdict(&eligibility(programme, application, state)) {
                ConditionState::Met => "条件都满足",
                ConditionState::NotMet => "有条件不满足",
                ConditionState::Unknown => "暂不能判定",
                ConditionState::Stated => "须说明",
            };
            let clause = application.clauses.first().map_or("", String::as_str);
            let about = subject(clause, "application", &application.id, school);
            found.insert(about, (application.name.clone(), word));
        }
    }
}

/// Outputs that count today, and the confirmed figures of the last twelve months, by school.
fn fill_figures(
    programme: &Programme,
    (world, added): (&World, &[Contribution]),
    schools: &mut HashMap<&str, SchoolState>,
    today: Date,
) {
    for output in &world.outputs {
        if let Some(state) = output.county_school.as_deref().and_then(|school| schools.get_mut(school))
            && programme.output(&output.output).is_some_and(|kind| output.surely_counts(kind, today))
        {
            *state.outputs.entry(output.output.clone()).or_default() += 1;
        }
    }
    let Some(window) = twelve_months(today) else { return };
    let mut by_school: HashMap<&str, Vec<Contribution>> = HashMap::new();
    for one in added {
        by_school.entry(one.school.as_str()).or_default().push(one.clone());
    }
    for (school, state) in schools.iter_mut() {
        let own = by_school.get(*school).map_or(&[][..], Vec::as_slice);
        for indicator in &programme.indicators {
            if crate::rules::span(&indicator.of, window).is_some() {
                state.figures.insert(indicator.id.clone(), read(indicator, own, window).confirmed);
            }
        }
    }
}

pub(crate) fn add_targets(
    found: &mut Statuses,
    programme: &Programme,
    today: Date,
    figure: impl Fn(&Indicator, Period) -> Reported<i64>,
) {
    for target in &programme.targets {
        let of = target.indicator.as_deref().and_then(|id| programme.indicator(id));
        let figure = match (of, target_window(target, today)) {
            (Some(of), Some(window)) => figure(of, window),
            _ => Reported::NotReported,
        };
        let word = match standing(target.aim_on(today), figure) {
            Standing::Reached => "已达到",
            Standing::NotYet => "尚未达到",
            Standing::NoVerdict => "不作达成判定",
            Standing::NotIssued => "未下达",
            Standing::NotReported => "没有数据",
        };
        let about = Subject {
            period: format!("{}年", target.year),
            ..subject(&target.clause, "target", &target.id, "")
        };
        found.insert(about, (target.name.clone(), word));
    }
}
