//! Tasks and sentences of the plan as choices of a form or filter.

use jiedui_kernel::Date;
use jiedui_programme::{Activity, Clause, Programme, Retires as _, Task};
use jiedui_web::reply::Choice;
use serde::Serialize;

/// `T4` of `T4.3`, "" where the sentence belongs to no task.
pub fn task_of(clause: &str) -> &str {
    clause.split('.').next().filter(|head| head.starts_with('T')).unwrap_or_default()
}

/// The tasks under which the programme has sentences, in the order of the plan.
fn tasks(programme: &Programme) -> impl Iterator<Item = &Task> {
    let has = |task: &Task| programme.clauses.iter().any(|clause| task_of(&clause.id) == task.id);
    programme.tasks.iter().filter(move |task| has(task))
}

pub fn task_name<'a>(programme: &'a Programme, task: &str) -> &'a str {
    tasks(programme).find(|one| one.id == task).map_or("", |one| one.name.as_str())
}

/// Where a task stands among those of the programme.
pub fn task_place(programme: &Programme, task: &str) -> usize {
    tasks(programme).position(|one| one.id == task).unwrap_or(usize::MAX)
}

/// The tasks as choices of a filter.
pub fn task_choices(programme: &Programme) -> Vec<Choice> {
    tasks(programme).map(|task| Choice::new(&task.id, &task.name)).collect()
}

/// The sentences of the tasks, grouped by task: what a need, a capacity or a project can be tied to.
pub fn clause_choices(programme: &Programme) -> Vec<Choice> {
    let choice = |clause: &Clause| {
        let group = task_name(programme, task_of(&clause.id));
        let made = Choice::new(&clause.id, format!("{} {}", clause.id, clause.title));
        (!group.is_empty()).then(|| Choice { group: group.to_owned(), ..made })
    };
    programme.clauses.iter().filter_map(choice).collect()
}

/// Something to choose that the programme has under one of its tasks.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    pub href: String,
    pub name: String,
    pub about: String,
    /// Its definition has not been issued.
    pub undefined: bool,
}

/// What can be chosen under one task of the plan.
#[derive(Debug, Serialize)]
pub struct TaskOffers {
    pub name: String,
    pub activities: Vec<Offer>,
}

/// The activities that are offered today, under their tasks; `href` gives the address of one that is. A task without any is
/// left out.
pub fn offers<'a>(
    programme: &'a Programme,
    tasks: impl Iterator<Item = &'a Task>,
    today: Date,
    href: impl Fn(&Activity) -> Option<String>,
) -> Vec<TaskOffers> {
    let offer = |one: &Activity| {
        let (name, about) = (one.name.clone(), one.about.clone());
        Some(Offer { href: href(one)?, name, about, undefined: !one.definition_issued })
    };
    let of_task = |task: &Task| TaskOffers {
        name: task.name.clone(),
        activities: programme
            .activities_of(&task.id)
            .filter(|one| one.is_offered_on(today))
            .filter_map(offer)
            .collect(),
    };
    tasks.map(of_task).filter(|task| !task.activities.is_empty()).collect()
}
