//! What must hold for every life, and the helpers by which each mechanism says it of its own.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The programme, loaded once for all cases.
pub fn programme() -> &'static Programme {
    static LOADED: LazyLock<Programme> = LazyLock::new(crate::testing::programme);
    &LOADED
}

/// A step of the history, by an organisation whose name is its id.
pub fn step(org: &str, kind: &str, revision: i64) -> HistoryRow {
    HistoryRow {
        at: jiedui_kernel::Instant::default(),
        name: "某人".to_owned(),
        org: org.to_owned(),
        org_name: org.to_owned(),
        kind: kind.to_owned(),
        reason: String::new(),
        revision,
        change: String::new(),
    }
}

/// The whole table in words, to be compared with what was decided before there was one: for each state and each
/// standing the actions, with the state after it where that is another.
pub fn table<S: State>(life: &Life<S>, standings: &[(&str, Standing)]) -> Vec<String> {
    let mut lines = Vec::new();
    for state in S::ALL {
        for (name, standing) in standings {
            let one = |action| {
                let next = life.apply(*state, action, standing).ok()?;
                let to = if next.moves() { format!(">{}", next.to().text()) } else { String::new() };
                Some(format!("{}{to}", action.name()))
            };
            let mut actions: Vec<String> = Action::ALL.into_iter().filter_map(one).collect();
            actions.sort();
            let actions = if actions.is_empty() { "-".to_owned() } else { actions.join(" ") };
            lines.push(format!("{} {name}: {actions}", state.text()));
        }
    }
    lines
}

/// Actions in any order by anybody: who by its number, what by its number.
pub fn sequences() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..6_usize, 0..Action::ALL.len()), 0..40)
}

/// Lets these organisations try these actions on a row, in memory; `set` writes into the row what its statement would.
/// After each of them the row must be one that its life knows, and the history must account for its state.
pub fn any_sequence<R: Reviewed>(
    mut row: R,
    (actors, programme, today): (&[Actor], &Programme, Date),
    first: HistoryRow,
    tries: &[(usize, usize)],
    set: impl Fn(&mut R, Next<R::State>, &[HistoryRow]),
) {
    let mut history = vec![first];
    for (who, what) in tries {
        let (actor, action) = (&actors[who % actors.len()], Action::ALL[*what]);
        let caller = Caller { actor, programme, today };
        let opened = Loaded::new(row.clone(), history.clone(), caller);
        let next = opened.demand(action);
        assert_eq!(next.is_ok(), opened.can(action), "what one may do is what apply allows");
        let Ok(next) = next else { continue };
        assert_ne!(action, Action::Finish, "nobody settles by hand what follows by itself");
        write(&mut row, next, &actor.org, &mut history, &set);
        follow(&mut row, programme, &mut history, &set, &actor.org);
        accounts::<R>(&row, &history);
    }
}

fn write<R: Reviewed>(
    row: &mut R,
    next: Next<R::State>,
    org: &str,
    history: &mut Vec<HistoryRow>,
    set: &impl Fn(&mut R, Next<R::State>, &[HistoryRow]),
) {
    if !next.kind().is_empty() {
        history.push(step(org, next.kind(), next.revision(row.head().revision)));
    }
    set(row, next, history);
}

/// What `finish` does after an answer and a submission.
fn follow<R: Reviewed>(
    row: &mut R,
    programme: &Programme,
    history: &mut Vec<HistoryRow>,
    set: &impl Fn(&mut R, Next<R::State>, &[HistoryRow]),
    org: &str,
) {
    let head = row.head();
    let agreed = all_agreed(&consents(&row.parties(programme), history, head.revision, R::LIFE.proposes));
    let standing = Standing::default().role(Role::System, true).holds(Condition::AllAgreed, agreed);
    if let Ok(next) = R::LIFE.apply(head.state, Action::Finish, &standing) {
        write(row, next, org, history, set);
    }
}

fn accounts<R: Reviewed>(row: &R, history: &[HistoryRow]) {
    let state = row.head().state;
    assert!(R::State::ALL.contains(&state));
    let last = &history.last().unwrap().kind;
    let leads = |rule: &Rule<R::State>| {
        (rule.kind == last.as_str() || rule.kind.is_empty())
            && rule.to.map_or(rule.from.contains(&state), |to| to == state)
    };
    assert!(R::LIFE.rules.iter().any(leads), "{last} does not lead to {state:?}");
    assert!(
        history.iter().all(|step| step.revision <= row.head().revision),
        "nothing is about what is to come"
    );
}

/// Every state can be reached or begun in, every text comes back, and each rule has a state to start from.
pub fn is_sound<S: State>(life: &Life<S>, begins: S) {
    for state in S::ALL {
        let reached = *state == begins || life.rules.iter().any(|rule| rule.to == Some(*state));
        assert!(reached, "{state:?} is never reached");
        let alike = S::ALL.iter().filter(|other| other.text() == state.text()).count();
        assert_eq!(alike, 1, "{state:?} has a text of its own");
    }
    assert!(life.rules.iter().all(|rule| !rule.from.is_empty()));
}

fn parties() -> Vec<ConsentParty> {
    let party = |org: &str| ConsentParty { label: "一方", org: org.to_owned(), name: org.to_owned() };
    vec![party("lead"), party("nearby"), party("school")]
}

fn agreed(history: &[HistoryRow], revision: i64) -> Vec<bool> {
    consents(&parties(), history, revision, &["submit"]).iter().map(|one| one.agreed).collect()
}

#[test]
fn an_answer_holds_for_the_revision_it_was_given_to() {
    let mut history = vec![step("lead", "submit", 1), step("nearby", "agree", 1), step("school", "agree", 1)];
    assert!(all_agreed(&consents(&parties(), &history, 1, &["submit"])));
    history.push(step("lead", "submit", 2));
    assert_eq!(agreed(&history, 2), [true, false, false]);
    let now = consents(&parties(), &history, 2, &["submit"]);
    assert!(
        !now[1].answered && awaited(&now, "nearby") && !awaited(&now, "lead") && !awaited(&now, "stranger")
    );
}

#[test]
fn the_last_word_counts() {
    let history = [
        step("lead", "submit", 1),
        step("nearby", "send_back", 1),
        step("nearby", "agree", 1),
        step("school", "agree", 1),
        step("school", "send_back", 1),
    ];
    assert_eq!(agreed(&history, 1), [true, true, false]);
    assert_eq!(consents(&parties(), &history, 1, &["submit"])[2].state.key, "disputed");
}

#[test]
fn nobody_has_agreed_to_what_nobody_is_asked_about() {
    assert!(!all_agreed(&[]));
}

/// The texts that a source compares these columns with or gives them in SQL.
fn spelled<'t>(source: &'t str, columns: &[&str]) -> BTreeSet<&'t str> {
    let mut found = BTreeSet::new();
    for column in columns {
        for (at, _) in source.match_indices(column) {
            let before = source[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = source[at + column.len()..].trim_start();
            let list = ["IN (", "NOT IN ("].iter().find_map(|word| rest.strip_prefix(word));
            let one = ["= ", "<> "].iter().find_map(|word| rest.strip_prefix(word));
            let texts = match (list, one) {
                (Some(list), _) => list.split(')').next().unwrap(),
                (None, Some(one)) => one.split([' ', ',', ')', ';']).next().unwrap(),
                _ => continue,
            };
            found.extend(texts.split('\'').skip(1).step_by(2));
        }
    }
    found
}

fn texts<S: State>() -> Vec<&'static str> {
    S::ALL.iter().map(|state| state.text()).collect()
}

#[test]
fn a_statement_names_no_state_that_its_enum_does_not_have() {
    use crate::evidence::profiles::ProfileStage;
    use crate::network::agreements::AgreementState;
    use crate::planning::handovers::HandoverState;
    use crate::planning::projects::{Ended, ListState};
    use crate::planning::school_plans::PlanState;
    use crate::reporting::monthly::MonthState;
    use crate::standing::applications::CaseState;
    let sample = "x.state = 'one' AND y.estate = 'no' AND state NOT IN ('two', 'three') AND state = $1 SET state = 'four',";
    assert_eq!(spelled(sample, &["state"]), BTreeSet::from(["four", "one", "three", "two"]));
    // Each half of a profile's stage is a column of its own.
    let halves = texts::<ProfileStage>().into_iter().flat_map(|text| text.split('/')).chain([""]).collect();
    let states = &["state"][..];
    for (source, columns, known) in [
        (include_str!("../../network/agreements/data.rs"), states, texts::<AgreementState>()),
        (include_str!("../../planning/school_plans/data.rs"), states, texts::<PlanState>()),
        (include_str!("../../planning/projects/data.rs"), states, texts::<ListState>()),
        (include_str!("../../planning/projects/data.rs"), &["ended"], texts::<Ended>()),
        (include_str!("../../planning/needs/data.rs"), &["ended"], texts::<Ended>()),
        (include_str!("../../reporting/monthly/data.rs"), &["m.state"], texts::<MonthState>()),
        (include_str!("../../planning/handovers/data.rs"), &["h.state"], texts::<HandoverState>()),
        (include_str!("../../evidence/profiles/data.rs"), &["state", "correction"], halves),
        (include_str!("../../standing/applications/data.rs"), states, texts::<CaseState>()),
    ] {
        let spelled = spelled(source, columns);
        let strange: Vec<&&str> = spelled.iter().filter(|text| !known.contains(text)).collect();
        assert!(strange.is_empty(), "{columns:?}: {strange:?}");
    }
}
