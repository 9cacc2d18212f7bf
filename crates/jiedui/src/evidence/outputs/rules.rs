//! Pure decisions: how a thing is told, who may do what to it, and when a change asks for confirmation again.

use super::data::ThingRow;
use crate::evidence::ledger;
use jiedui_kernel::{Actor, Date};
use jiedui_programme::{Field, FieldKind, Output, OutputFact, OutputKind, Programme, Stage};
use jiedui_web::figure::StateMark;
use serde::Serialize;

pub const KINDS: [(&str, &str); 3] =
    [("built", "建设成果"), ("commitment", "投入承诺"), ("record", "组织与工作记录")];

pub const STATES: [(&str, &str); 4] =
    [("claimed", "待确认"), ("confirmed", "已确认"), ("disputed", "有异议"), ("withdrawn", "已撤回")];

pub fn kind_id(kind: OutputKind) -> &'static str {
    match kind {
        OutputKind::Built => "built",
        OutputKind::Commitment => "commitment",
        OutputKind::Record => "record",
    }
}

pub fn kind_name(id: &str) -> &'static str {
    KINDS.iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

/// The task or safeguard under which what belongs to a sentence stands; what serves a goal belongs to none.
pub fn section<'a>(programme: &'a Programme, clause: &str) -> (&'a str, &'a str) {
    let found = programme.task(clause).filter(|task| !task.id.starts_with('G'));
    found.map_or(("", "总体目标"), |task| (task.id.as_str(), task.name.as_str()))
}

/// The tasks and safeguards to which types of the programme belong, in the order of the plan; then what belongs to none.
pub fn sections<'a, 'b>(
    programme: &'a Programme,
    clauses: impl Iterator<Item = &'b str>,
) -> Vec<(&'a str, &'a str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for clause in clauses {
        let section = section(programme, clause);
        if !found.contains(&section) {
            found.push(section);
        }
    }
    found.sort_by_key(|(id, _)| programme.tasks.iter().position(|task| task.id == *id).unwrap_or(usize::MAX));
    found
}

/// The pattern of the sentences of a task or safeguard, "" for anything that is none.
pub fn section_pattern(programme: &Programme, id: &str) -> String {
    let known = section(programme, &format!("{id}.")).0 == id && !id.is_empty();
    if known { crate::network::registry::like(&format!("{id}.")) } else { String::new() }
}

pub fn stage<'a>(kind: &'a Output, id: &str) -> Option<&'a Stage> {
    kind.stages.iter().find(|stage| stage.id == id)
}

/// A stage as a page shows it; its name is the programme's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageMark {
    key: &'static str,
    label: String,
}

pub fn stage_mark(kind: Option<&Output>, id: &str) -> StageMark {
    match kind.and_then(|kind| stage(kind, id)) {
        Some(stage) if stage.counts => StageMark { key: "done", label: stage.name.clone() },
        Some(stage) if stage.ends => StageMark { key: "ended", label: stage.name.clone() },
        Some(stage) => StageMark { key: "active", label: stage.name.clone() },
        None => StageMark { key: "ended", label: "已停用的阶段".to_owned() },
    }
}

/// How it stands to its confirmation. A record that nobody has to confirm says so.
pub fn state_mark(thing: &ThingRow) -> StateMark {
    if thing.answerer.is_none() && thing.state == "confirmed" {
        StateMark::new("done", "已记录", "●")
    } else {
        ledger::state_mark(&thing.state)
    }
}

/// The stages into which it can go from here: those after the present one, where that is not an end.
pub fn next_stages<'a>(kind: &'a Output, at: &str) -> &'a [Stage] {
    match kind.stages.iter().position(|stage| stage.id == at) {
        Some(place) if !kind.stages.get(place).is_some_and(|stage| stage.ends) => {
            kind.stages.get(place + 1..).unwrap_or_default()
        }
        _ => &[],
    }
}

/// Whether going from one stage to another, with this much achieved, changes what counts upwards, so that it is to be
/// confirmed again. What ends or counts less needs nobody's word.
pub fn asks_again(kind: &Output, thing: &ThingRow, to: &Stage, achieved: i64) -> bool {
    let counted = stage(kind, &thing.stage).is_some_and(|stage| stage.counts);
    thing.answerer.is_some() && ((to.counts && !counted) || achieved > thing.achieved)
}

/// The fields that may enter a figure: numbers, and choices by which figures are filtered.
pub fn counting(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| matches!(field.kind, FieldKind::Number | FieldKind::Choice | FieldKind::Yes))
}

/// Whether it is confirmed and in a stage that counts on a day.
pub fn counts_on(programme: &Programme, fact: &OutputFact, day: Date) -> bool {
    let kind = programme.output(&fact.output);
    let counting = |id: &str| kind.and_then(|kind| stage(kind, id)).is_some_and(|stage| stage.counts);
    fact.state == jiedui_programme::EntryState::Confirmed && fact.stage_on(day).is_some_and(counting)
}

/// What the caller may do to a thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AllowedActions {
    pub answer: bool,
    pub take_back: bool,
    pub settle: bool,
    pub correct: bool,
    pub stage: bool,
    pub withdraw: bool,
}

pub fn may(actor: &Actor, thing: &ThingRow, programme: &Programme, today: Date) -> AllowedActions {
    let Some(kind) = programme.output(&thing.output) else { return AllowedActions::default() };
    // The school and the bureaus above it act as long as it is there; a former helper for some days more.
    let party = actor.scope.covers(&thing.place_path)
        || crate::network::pairings::rules::answers_still(thing.pairing_to, programme, today);
    let recorder = actor.org == thing.org && party && thing.state != "withdrawn";
    let answerer = thing.answerer.as_deref() == Some(&actor.org) && actor.org != thing.org && party;
    let pure = thing.answerer.is_none();
    AllowedActions {
        answer: answerer && thing.state == "claimed",
        take_back: answerer && matches!(thing.state.as_str(), "confirmed" | "disputed"),
        settle: thing.state == "claimed" && settles(actor, thing, programme, today),
        correct: recorder,
        stage: recorder && !next_stages(kind, &thing.stage).is_empty(),
        withdraw: recorder && (pure || thing.state != "confirmed"),
    }
}

/// What nobody answered in time stands also with the county bureau, and later with the city's (decision "Who claims, who
/// confirms"). Nobody settles what is its own.
pub fn settles(actor: &Actor, thing: &ThingRow, programme: &Programme, today: Date) -> bool {
    let claimed = jiedui_kernel::shanghai_date(thing.claimed_at);
    ledger::rules::escalated_before(actor, &programme.calendar, today).is_some_and(|day| claimed < day)
        && actor.scope.covers(&thing.place_path)
        && thing.answerer.as_deref() != Some(&actor.org)
        && actor.org != thing.org
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind() -> Output {
        let stage = |id: &str, counts: bool, ends: bool| Stage {
            id: id.to_owned(),
            name: id.to_owned(),
            counts,
            ends,
        };
        Output {
            id: "k".to_owned(),
            name: String::new(),
            action: String::new(),
            about: String::new(),
            clauses: Vec::new(),
            kind: OutputKind::Built,
            recorded_by: Vec::new(),
            of_school: true,
            confirmed_by: None,
            joint: false,
            unit: jiedui_kernel::Unit::Items,
            quantity_label: String::new(),
            achieved_label: String::new(),
            stages: vec![stage("a", false, false), stage("b", true, false), stage("c", false, true)],
            fields: Vec::new(),
            minutes: 1,
            frequency: jiedui_programme::Frequency::default(),
            definition_issued: true,
        }
    }

    fn thing(stage: &str, answerer: Option<&str>) -> ThingRow {
        let day = "2026-11-24".parse().unwrap();
        ThingRow {
            id: String::new(),
            output: "k".to_owned(),
            kind: String::new(),
            clause: String::new(),
            org: "recorder".to_owned(),
            org_name: String::new(),
            school: None,
            stands_at: String::new(),
            place_name: String::new(),
            place_path: String::new(),
            place: String::new(),
            city: String::new(),
            typical_class: String::new(),
            pairing: None,
            pairing_to: None,
            title: String::new(),
            quantity: 1,
            achieved: 10,
            state: "confirmed".to_owned(),
            stage: stage.to_owned(),
            stage_from: day,
            since: day,
            fields: String::new(),
            answerer: answerer.map(str::to_owned),
            answerer_name: None,
            claimed_at: jiedui_kernel::Instant::default(),
            answered_by: String::new(),
            follows: None,
            follows_title: None,
            application: String::new(),
            version: 1,
        }
    }

    #[test]
    fn stages_go_one_way_and_end() {
        let kind = kind();
        let next =
            |at: &str| next_stages(&kind, at).iter().map(|stage| stage.id.as_str()).collect::<Vec<_>>();
        assert_eq!((next("a"), next("b"), next("c")), (vec!["b", "c"], vec!["c"], vec![]));
        assert!(next("retired").is_empty());
    }

    #[test]
    fn only_what_counts_more_is_confirmed_again() {
        let kind = kind();
        let asks = |at: &str, to: usize, achieved: i64| {
            asks_again(&kind, &thing(at, Some("school")), &kind.stages[to], achieved)
        };
        assert!(asks("a", 1, 10), "it begins to count");
        assert!(asks("b", 2, 11), "more came of it");
        assert!(!asks("b", 2, 10), "it ends");
        assert!(!asks_again(&kind, &thing("a", None), &kind.stages[1], 99), "nobody has to confirm it");
    }
}
