//! Pure decisions: how an output is told, how the caller stands to it, and when a change asks for confirmation again.

use super::data::OutputRow;
use crate::shared::confirmation::{self, AllowedActions, Caller, Confirmation, Parties, State};
use jiedui_kernel::{Actor, Date};
use jiedui_programme::{Confirmer, Field, FieldKind, Output, OutputFact, OutputKind, Programme, Stage};
use jiedui_web::figure::StateMark;
use serde::Serialize;

pub const KINDS: [(&str, &str); 3] =
    [("built", "建设成果"), ("commitment", "投入承诺"), ("record", "组织与工作记录")];

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
pub fn state_mark(output: &OutputRow) -> StateMark {
    if output.answerer.is_none() && output.state == State::Confirmed {
        StateMark::new("done", "已记录", "●")
    } else {
        confirmation::mark(output.state)
    }
}

/// Who confirms one of this type, in words; "" where nobody has to.
pub fn confirmer(kind: &Output) -> &'static str {
    match kind.confirmed_by {
        None => "",
        Some(Confirmer::CountySchool | Confirmer::Receiver) => "对口县级院校",
        Some(Confirmer::Helper) => "协作院校",
        Some(Confirmer::CountyBureau) => "主管人社局",
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

/// The stage in which it is, where more may come in it: each arrival is a line of its own, with its own day.
pub fn takes_more<'a>(kind: &'a Output, at: &str) -> Option<&'a Stage> {
    // Of a promise nothing has come in its first stage.
    let later = kind.stages.iter().skip(1).find(|stage| stage.id == at);
    later.filter(|stage| !kind.achieved_label.is_empty() && !stage.ends)
}

/// Where it can go from here: another line in the same stage, or a later one.
pub fn onward<'a>(kind: &'a Output, at: &str) -> impl Iterator<Item = &'a Stage> {
    takes_more(kind, at).into_iter().chain(next_stages(kind, at))
}

/// Whether going from one stage to another, with this much achieved, changes what counts upwards, so that it is to be
/// confirmed again. What ends or counts less needs nobody's word.
pub fn asks_again(kind: &Output, output: &OutputRow, to: &Stage, achieved: i64) -> bool {
    let counted = stage(kind, &output.stage).is_some_and(|stage| stage.counts);
    let reached = to.confirmed && to.id != output.stage;
    output.answerer.is_some() && ((to.counts && !counted) || reached || achieved > output.achieved)
}

/// Who answers for it once so much has come of it. Of what a decision granted nobody was asked; that it came is said by
/// whoever pays, and is confirmed by the school that receives it.
pub fn answers_next<'a>(kind: &Output, output: &'a OutputRow, achieved: i64) -> Option<&'a str> {
    let comes = !output.application.is_empty() && achieved > output.achieved;
    let receives = matches!(kind.confirmed_by, Some(Confirmer::CountySchool | Confirmer::Receiver));
    let school = output.school.as_deref().filter(|school| comes && receives && *school != output.org);
    output.answerer.as_deref().or(school)
}

/// The fields that may enter a figure: numbers, and choices by which figures are filtered.
pub fn counting(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| matches!(field.kind, FieldKind::Number | FieldKind::Choice | FieldKind::Yes))
}

/// Whether it is confirmed and in a stage that counts on a day.
pub fn counts_on(programme: &Programme, fact: &OutputFact, day: Date) -> bool {
    programme.output(&fact.output).is_some_and(|kind| fact.surely_counts(kind, day))
}

/// How an output stands to its confirmation: answered as a whole, in stages.
pub fn confirmation(output: &OutputRow, kind: Option<&Output>) -> Confirmation {
    Confirmation {
        state: output.state,
        asked: output.answerer.is_some(),
        divisible: false,
        advances: kind.is_some_and(|kind| onward(kind, &output.stage).next().is_some()),
    }
}

/// How the caller stands to an output; to one of a type that is in use no more, not at all.
pub fn caller(actor: &Actor, output: &OutputRow, programme: &Programme, today: Date) -> Caller {
    if programme.output(&output.output).is_none() {
        return Caller::default();
    }
    let parties = Parties {
        claimant: &output.org,
        answerer: output.answerer.as_deref(),
        path: &output.place_path,
        claimed_at: output.claimed_at,
        // The school and the bureaus above it act as long as it is there; a former helper for some days more.
        in_time: actor.scope.covers(&output.place_path)
            || crate::network::pairings::rules::answers_still(output.pairing_to, programme, today),
    };
    Caller::of(actor, &parties, &programme.calendar, today)
}

pub fn allowed(actor: &Actor, output: &OutputRow, programme: &Programme, today: Date) -> AllowedActions {
    let kind = programme.output(&output.output);
    confirmation(output, kind).allowed(&caller(actor, output, programme, today))
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
            confirmed: false,
        };
        Output {
            id: "k".to_owned(),
            name: String::new(),
            action: String::new(),
            about: String::new(),
            on_certificates: String::new(),
            notice: None,
            clauses: Vec::new(),
            kind: OutputKind::Built,
            recorded_by: Vec::new(),
            own: Vec::new(),
            of_school: true,
            confirmed_by: None,
            joint: false,
            serves: Vec::new(),
            names_enterprise: false,
            unit: jiedui_kernel::Unit::Items,
            quantity_label: String::new(),
            achieved_label: String::new(),
            stages: vec![stage("a", false, false), stage("b", true, false), stage("c", false, true)],
            fields: Vec::new(),
            holder: None,
            minutes: 1,
            frequency: jiedui_programme::Frequency::default(),
            definition_issued: true,
            retired: None,
            became: None,
            major: None,
            raises_to: None,
        }
    }

    fn output(stage: &str, answerer: Option<&str>) -> OutputRow {
        let day = "2026-11-24".parse().unwrap();
        OutputRow {
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
            state: State::Confirmed,
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
            project: None,
            project_title: None,
            project_part: None,
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
    fn more_comes_within_a_stage_only_where_something_comes() {
        let mut kind = kind();
        let more = |kind: &Output, at: &str| takes_more(kind, at).map(|stage| stage.id.clone());
        assert_eq!(more(&kind, "b"), None, "nothing comes of this type");
        kind.achieved_label = "到位金额".to_owned();
        assert_eq!(
            (more(&kind, "a"), more(&kind, "b"), more(&kind, "c")),
            (None, Some("b".to_owned()), None)
        );
        assert_eq!(onward(&kind, "b").map(|stage| stage.id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    }

    #[test]
    fn only_what_counts_more_is_confirmed_again() {
        let kind = kind();
        let asks = |at: &str, to: usize, achieved: i64| {
            asks_again(&kind, &output(at, Some("school")), &kind.stages[to], achieved)
        };
        assert!(asks("a", 1, 10), "it begins to count");
        assert!(asks("b", 2, 11), "more came of it");
        assert!(!asks("b", 2, 10), "it ends");
        let brand = Stage { confirmed: true, counts: true, ..kind.stages[1].clone() };
        let brand = Stage { id: "brand".to_owned(), ..brand };
        assert!(
            asks_again(&kind, &output("b", Some("school")), &brand, 10),
            "it counted before, and is more now"
        );
        assert!(!asks_again(&kind, &output("a", None), &kind.stages[1], 99), "nobody has to confirm it");
    }

    #[test]
    fn what_came_of_a_grant_is_confirmed_by_the_school() {
        let kind = Output { confirmed_by: Some(Confirmer::CountySchool), ..kind() };
        let by_hand =
            OutputRow { org: "office".to_owned(), school: Some("school".to_owned()), ..output("b", None) };
        let granted = OutputRow { application: "case".to_owned(), ..by_hand.clone() };
        assert_eq!(answers_next(&kind, &granted, 11), Some("school"));
        assert_eq!(answers_next(&kind, &granted, 10), None, "nothing more came");
        assert_eq!(answers_next(&kind, &by_hand, 11), None);
        let bureau = OutputRow { answerer: Some("bureau".to_owned()), ..granted };
        assert_eq!(answers_next(&kind, &bureau, 11), Some("bureau"), "who answers already goes on to");
    }
}
