//! 督办事项: one line that somebody sees to by a day because somebody else asked for it, open until both say that it is
//! done (S1.1, S1.3; principles 1, 2 and 7). It comes from a decision of a meeting, or from what troubled a school in a month.

mod actions;
mod data;
mod pages;
mod papers;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use crate::shared::waits::Waits;
use jiedui_kernel::{Date, Result};
use jiedui_programme::FormKind;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{NewFollowup, Origin, accept, assign, choices, open, projects_of, report, send_back};
pub(crate) use data::meeting_in_scope;
pub use data::{FollowupRow, FollowupState};

const READ: Access = Access::Can("followup", "read");
const ASSIGN: Access = Access::Can("followup", "assign");
const REPORT: Access = Access::Can("followup", "report");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/reporting/followups",
    routes,
    menu: &[entry(970, "会议", "/followups", "督办事项", ("followup", "read"))],
    tables: &[table!(scoped "followup" of "id")],
    words: Words {
        actions: &[
            ("followup.assign", "交办督办事项"),
            ("followup.note", "写明督办进展"),
            ("followup.report", "报督办事项办结"),
            ("followup.recall", "收回报办结"),
            ("followup.close", "确认督办事项办结"),
            ("followup.send_back", "退回督办事项"),
            ("followup.defer", "督办事项改期"),
            ("followup.drop", "撤销督办事项"),
            ("followup.urge", "催办督办事项"),
        ],
        resources: &[("followup", "督办事项")],
        rights: &[("assign", "交办"), ("report", "报办理情况")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 66, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    waits: &[Waits { resource: "followup", find: |ctx, id| Box::pin(tasks::waiting(ctx, id)) }],
    steps: &[
        CountedStep { resource: "followup", kind: "assign", form: (FormKind::Other, "followup") },
        CountedStep { resource: "followup", kind: "note", form: (FormKind::Other, "followup-report") },
        CountedStep { resource: "followup", kind: "report", form: (FormKind::Other, "followup-report") },
    ],
    carriers,
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{month}", "202610".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

static FOLLOWUP: Kind = Kind {
    place: 207,
    word: "督办事项",
    folder: "reporting/followups",
    test: ("reporting/followups/tests.rs", "a_problem_is_seen_to_and_closed_from_both_ends"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&FOLLOWUP, "S1.3", "督办事项", "/followups");
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("followup");
    vec![
        route!(Get "/followups", READ, pages::list::list).about(Subject::None, "督办事项"),
        route!(Get "/followups/new/{id}/{month}", ASSIGN, pages::new::new)
            .about(Subject::Row("county_school"), "交办一所学校的问题与诉求"),
        route!(Post "/followups/new/{id}/{month}", ASSIGN, pages::new::create)
            .about(Subject::Row("county_school"), "提交交办"),
        route!(Get "/followups/{id}", READ, pages::show::show).about(ROW, "督办事项详情"),
        route!(Get "/followups/{id}/paper", READ, papers::show).about(ROW, "督办单"),
        route!(Get "/followups/{id}/paper/{file}", READ, papers::show).about(ROW, "下载督办单"),
        route!(Post "/followups/{id}/report", REPORT, pages::show::report).about(ROW, "写明进展或报办结"),
        route!(Post "/followups/{id}/recall", REPORT, pages::show::recall).about(ROW, "收回报办结"),
        route!(Post "/followups/{id}/answer", ASSIGN, pages::show::answer).about(ROW, "确认办结或退回"),
        route!(Post "/followups/{id}/change", ASSIGN, pages::show::change).about(ROW, "改期或撤销"),
    ]
}

/// One that the caller sees.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<FollowupRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// Those that came from the decisions of a meeting.
pub async fn of_meeting(tx: &mut Tx, meeting: &str) -> Result<Vec<FollowupRow>> {
    tx.all(&data::OF_MEETING, args![meeting]).await
}

/// Those that an organisation asked for up to a day and that are open, or were closed since another.
pub async fn asked_by(tx: &mut Tx, host: &str, since: Date, until: Date) -> Result<Vec<FollowupRow>> {
    tx.all(&data::ASKED_BY, args![host, since, until]).await
}

/// What is not settled and was due by a day, the nearest day first.
pub async fn running_until(tx: &mut Tx, day: Date) -> Result<Vec<FollowupRow>> {
    tx.all(&data::RUNNING_UNTIL, args![day]).await
}

/// Those about what troubled a school in a month, by the row of the month.
pub async fn about_months(tx: &mut Tx) -> Result<Vec<FollowupRow>> {
    tx.all(&data::ABOUT_MONTHS, Vec::new()).await
}
