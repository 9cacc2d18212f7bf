//! What rounds, classes and days are called on pages, in messages and in the history.

use crate::shared::review::State as _;
use crate::sharing::commendations::data::NominationState;
use jiedui_programme::{CommendationClass, CommendationRules, Programme};

/// What a year's round is called.
pub fn title(year: i64) -> String {
    format!("{year}年度通报表扬")
}

/// What a class is called; its id where the programme has it no more.
pub fn class_name(programme: &Programme, id: &str) -> String {
    class(programme, id).map_or_else(|| id.to_owned(), |class| class.name.clone())
}

/// Where the names stand that somebody put forward in the rounds that began in a year.
pub fn named_href(nominator: &str, class: &str, year: i32) -> String {
    format!("/commendations?class={class}&nominator={nominator}&opened={year}")
}

/// Where those of them stand that were commended.
pub fn commended_href(nominator: &str, class: &str, year: i32) -> String {
    format!("{}&state={}", named_href(nominator, class, year), NominationState::Commended.text())
}

pub fn class<'p>(programme: &'p Programme, id: &str) -> Option<&'p CommendationClass> {
    programme.commendations.as_ref().and_then(|rules| rules.class(id))
}

/// Where a class stands among the others; behind them where the programme has it no more.
pub fn place(rules: Option<&CommendationRules>, id: &str) -> usize {
    let found = rules.and_then(|rules| rules.classes.iter().position(|class| class.id == id));
    found.unwrap_or(usize::MAX)
}

/// Who nominates for a class, in words.
pub fn nominators(class: &CommendationClass) -> String {
    class.nominated_by.iter().map(|side| side.label()).collect::<Vec<_>>().join("、")
}

/// Which work may be a reason, in words.
pub fn reasons(programme: &Programme, class: &CommendationClass) -> String {
    let name = |id: &String| programme.activity(id).map_or_else(|| id.clone(), |of| of.name.clone());
    class.reasons.iter().map(name).collect::<Vec<_>>().join("、")
}

/// The activities of a class as the statement looks for one among them: `,visit,residency,`.
pub fn listed(class: &CommendationClass) -> String {
    class.reasons.iter().fold(",".to_owned(), |all, one| all + one + ",")
}
