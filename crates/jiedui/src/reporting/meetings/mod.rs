//! 会议: the quarterly meeting of the province and what cities, counties and helpers hold likewise (S1.1, S1.3; principles 1,
//! 2 and 7). Topics, papers and the list of those who were invited come by themselves; what people add is what was decided.
//!
//! | to find | look in |
//! |---|---|
//! | who does what to a meeting | `rules` |
//! | what is offered for the agenda, and from what | `actions/backlog` |
//! | what a closed meeting keeps | `rules/parcel` |
//! | what becomes of a decision | `reporting/followups` |

mod actions;
mod api;
mod data;
mod found;
mod pages;
mod papers;
pub mod rules;
mod tasks;
#[cfg(test)]
pub mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::FormKind;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::agenda::{around, decide, take, write_topic};
pub use actions::backlog::{Offers, Records, offers, offers_from};
pub use actions::close::close;
pub use actions::{NewDecision, NewMeeting, announce, attend, invited_by_default, opened};
pub use data::{MeetingRow, MeetingState};
pub use rules::parcel::Name;
pub use rules::topics::Topic;

const READ: Access = Access::Can("meeting", "read");
const TOPICS: Access = Access::Can("topic", "read");
const CONVENE: Access = Access::Can("meeting", "convene");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/reporting/meetings",
    routes,
    menu: &[
        entry(960, "会议", "/meetings", "会议", ("meeting", "read")),
        entry(965, "会议", "/topics", "拟提请研究", ("topic", "read")),
    ],
    tables: &[
        table!(scoped "meeting" of "id"),
        table!(scoped "meeting_party" of "meeting"),
        table!(scoped "meeting_topic" of "meeting"),
        table!(scoped "meeting_decision" of "meeting"),
    ],
    words: Words {
        actions: &[
            ("meeting.announce", "召集会议"),
            ("meeting.edit", "修改会议"),
            ("meeting.agenda", "整理议程和议定事项"),
            ("meeting.attend", "记下到会单位"),
            ("meeting.close", "会议归档"),
            ("meeting.cancel", "取消会议"),
        ],
        resources: &[("meeting", "会议"), ("topic", "拟提请研究")],
        rights: &[("convene", "召集")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 64, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "meeting", kind: "announce", form: (FormKind::Other, "meeting") },
        CountedStep { resource: "meeting", kind: "attend", form: (FormKind::Other, "meeting-record") },
    ],
    found: &[found::FOUND],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("meeting", Belongs::Pairing), ("followup", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| Box::pin(tests::example(tx, pairing))),
        places: |_| vec![("{kind}", "partners".to_owned()), ("{topic}", "nothing".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static MEETING: Kind = Kind {
    place: 206,
    word: "会议",
    folder: "reporting/meetings",
    test: ("reporting/meetings/tests.rs", "what_a_meeting_decided_is_seen_to_until_both_say_so"),
};

fn carriers(section: &mut Section<'_>) {
    let meetings = &section.programme.meetings;
    section.items(&MEETING, ("meeting", meetings), |one| {
        (&one.clauses, &one.id, &one.name, format!("/meetings?kind={}", one.id))
    });
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("meeting");
    vec![
        route!(Get "/meetings", READ, pages::list::list).about(Subject::None, "会议"),
        route!(Get "/topics", TOPICS, pages::topics::list).about(Subject::None, "拟提请研究"),
        route!(Get "/meetings/new/{kind}", CONVENE, pages::edit::new).about(Subject::Open, "召集会议"),
        route!(Post "/meetings/new/{kind}", CONVENE, pages::edit::create)
            .about(Subject::Open, "提交召集会议"),
        route!(Get "/meetings/{id}", READ, pages::show::show).about(ROW, "会议详情"),
        route!(Get "/meetings/{id}/edit", CONVENE, pages::edit::edit).about(ROW, "修改会议"),
        route!(Post "/meetings/{id}/edit", CONVENE, pages::edit::save).about(ROW, "提交对会议的修改"),
        route!(Post "/meetings/{id}/topics", CONVENE, pages::agenda::take).about(ROW, "列入或移出议程"),
        route!(Get "/meetings/{id}/topics/{topic}", CONVENE, pages::agenda::topic)
            .about(ROW, "一个议题的议定事项"),
        route!(Post "/meetings/{id}/topics/{topic}", CONVENE, pages::agenda::decide)
            .about(ROW, "记下或去掉议定事项"),
        route!(Get "/meetings/{id}/attendance", CONVENE, pages::attendance::edit)
            .about(ROW, "到会单位和纪要"),
        route!(Post "/meetings/{id}/attendance", CONVENE, pages::attendance::save)
            .about(ROW, "提交到会单位和纪要"),
        route!(Post "/meetings/{id}/close", CONVENE, pages::show::close).about(ROW, "会议归档"),
        route!(Post "/meetings/{id}/cancel", CONVENE, pages::show::cancel).about(ROW, "取消会议"),
        route!(Get "/meetings/{id}/pack", READ, pages::pack::show).about(ROW, "会议材料"),
        route!(Get "/meetings/{id}/pack/{file}", READ, pages::pack::show).about(ROW, "下载会议材料"),
        route!(Get "/meetings/{id}/minutes", READ, pages::minutes::show).about(ROW, "会议纪要"),
        route!(Get "/meetings/{id}/minutes/{file}", READ, pages::minutes::show).about(ROW, "下载会议纪要"),
        route!(Get "/meetings/{id}/parcel", READ, pages::show::parcel).about(ROW, "下载归档时的内容"),
        route!(Get "/meetings/{id}/calendar", READ, api::file).about(ROW, "下载到日历"),
    ]
}

/// A meeting that the caller holds, is invited to, or that somebody below it does.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<MeetingRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// The topic that was put on the agenda last.
pub async fn last_topic(tx: &mut Tx, meeting: &str) -> Result<String> {
    let topics = actions::agenda::topics(tx, meeting).await?;
    topics.into_iter().next_back().map(|topic| topic.id).ok_or(jiedui_kernel::Error::NotFound)
}

/// Who was invited, with the persons written down so far.
pub async fn invited(tx: &mut Tx, meeting: &str) -> Result<Vec<(String, String)>> {
    let parties = actions::parties(tx, meeting).await?;
    Ok(parties.into_iter().map(|one| (one.org, one.persons)).collect())
}
