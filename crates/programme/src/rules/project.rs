//! How a project stands (S4.1): from the entries that name it, its term and today. Nobody types a percentage.

use jiedui_kernel::Date;
use serde::{Deserialize, Serialize};

/// A project as the rule sees it. The sums are over the entries that name it and are not withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectFact {
    /// What will be there at the end, in the project's unit.
    pub quantity: i64,
    /// Claimed and not disputed; of a part confirmation only the confirmed part.
    pub claimed: i64,
    pub confirmed: i64,
    pub from: Date,
    pub to: Date,
    /// Filed, and so in force.
    pub filed: bool,
    pub ended: Option<ProjectEnd>,
}

/// How a project ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectEnd {
    /// Finished, and said what came of it.
    Closed,
    /// What was left to do went into the next year's list.
    Carried,
    /// Taken out by an amendment that was filed.
    Removed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectState {
    /// 已逾期: its last day is over and less was done than promised.
    Late,
    /// 已开展，待确认: enough was claimed, the other side has not confirmed all of it.
    Awaiting,
    /// 进行中.
    Running,
    /// 未开始.
    Planned,
    /// 已完成: the whole quantity is confirmed.
    Finished,
    /// 拟报: not filed yet.
    Draft,
    /// 已结项.
    Closed,
    /// 已结转.
    Carried,
    /// 已撤项.
    Removed,
}

pub fn project_state(project: &ProjectFact, today: Date) -> ProjectState {
    match project.ended {
        Some(ProjectEnd::Closed) => ProjectState::Closed,
        Some(ProjectEnd::Carried) => ProjectState::Carried,
        Some(ProjectEnd::Removed) => ProjectState::Removed,
        None if !project.filed => ProjectState::Draft,
        None if project.confirmed >= project.quantity => ProjectState::Finished,
        None if project.claimed >= project.quantity => ProjectState::Awaiting,
        None if project.to < today => ProjectState::Late,
        None if today < project.from && project.claimed == 0 => ProjectState::Planned,
        None => ProjectState::Running,
    }
}

impl ProjectFact {
    /// What is left to do; what waits for an answer counts as done. 0 where nothing is.
    pub fn left(&self) -> i64 {
        (self.quantity - self.claimed).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn filed() -> ProjectFact {
        ProjectFact {
            quantity: 40,
            claimed: 0,
            confirmed: 0,
            from: day("2026-03-01"),
            to: day("2026-11-30"),
            filed: true,
            ended: None,
        }
    }

    #[test]
    fn a_project_moves_with_the_entries_that_name_it() {
        let at = |fact: ProjectFact, on: &str| project_state(&fact, day(on));
        assert_eq!(at(filed(), "2026-02-28"), ProjectState::Planned);
        assert_eq!(at(filed(), "2026-03-01"), ProjectState::Running);
        assert_eq!(at(ProjectFact { claimed: 1, ..filed() }, "2026-02-28"), ProjectState::Running);
        assert_eq!(
            at(ProjectFact { claimed: 40, confirmed: 39, ..filed() }, "2026-12-31"),
            ProjectState::Awaiting
        );
        assert_eq!(
            at(ProjectFact { claimed: 40, confirmed: 40, ..filed() }, "2026-05-01"),
            ProjectState::Finished
        );
        assert_eq!(
            at(ProjectFact { claimed: 39, confirmed: 39, ..filed() }, "2026-11-30"),
            ProjectState::Running
        );
        assert_eq!(
            at(ProjectFact { claimed: 39, confirmed: 39, ..filed() }, "2026-12-01"),
            ProjectState::Late
        );
    }

    #[test]
    fn what_is_not_filed_is_a_draft_and_what_ended_stays_ended() {
        let done = ProjectFact { claimed: 40, confirmed: 40, ..filed() };
        let on = day("2026-12-31");
        assert_eq!(project_state(&ProjectFact { filed: false, ..done }, on), ProjectState::Draft);
        for (end, state) in [
            (ProjectEnd::Closed, ProjectState::Closed),
            (ProjectEnd::Carried, ProjectState::Carried),
            (ProjectEnd::Removed, ProjectState::Removed),
        ] {
            assert_eq!(project_state(&ProjectFact { ended: Some(end), ..done }, on), state);
        }
        assert_eq!(ProjectFact { claimed: 44, ..filed() }.left(), 0);
        assert_eq!(ProjectFact { claimed: 12, ..filed() }.left(), 28);
    }
}
