//! 日程: a helper announces a visit, a stay or a training before it happens; the county school sees who comes next and may
//! ask for another day; on the day it becomes an entry with one press (S1.4, S1.6, T4.2; principle 1). What was announced
//! and did not happen is asked about once. Nothing of it is scored or counted.
//!
//! Names: an *announcement* is *held* where it became an entry; a *calendar address* is the secret address of a feed.

mod actions;
mod api;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

pub use actions::{NewAnnouncement, announce, coming, find, finish, hold, propose};
pub use data::AnnouncementRow;

#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_programme::FormKind;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

const READ: Access = Access::Can("announcement", "read");
const ANNOUNCE: Access = Access::Can("announcement", "announce");
const ROW: Subject = Subject::Row("announcement");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/planning/calendar",
    routes,
    menu: &[entry(515, "台账", "/calendar", "日程", ("announcement", "read"))],
    tables: &[
        table!(scoped "announcement" of "id").grows(),
        table!(plain "calendar_address" of "account" sealed ["digest"]),
    ],
    words: Words {
        actions: &[
            ("announcement.announce", "预告日程"),
            ("announcement.reschedule", "修改或改期"),
            ("announcement.propose", "建议改期"),
            ("announcement.accept", "同意改期"),
            ("announcement.decline", "仍按原定日期"),
            ("announcement.hold", "按预告登记"),
            ("announcement.not_held", "说明未开展"),
            ("announcement.cancel", "取消预告"),
            ("calendar_address.make", "生成日历订阅地址"),
            ("calendar_address.drop", "停用日历订阅地址"),
        ],
        resources: &[("announcement", "日程预告"), ("calendar_address", "日历订阅地址")],
        rights: &[("announce", "预告"), ("propose", "建议改期")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 35, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    left_open: Some(|tx, of| Box::pin(actions::settle_left(tx, of))),
    steps: &[CountedStep {
        resource: "announcement",
        kind: "announce",
        form: (FormKind::Other, "announcement"),
    }],
    #[cfg(test)]
    samples: Samples {
        rows: &[("announcement", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("announcement", tests::example(tx, pairing).await)] })
        }),
        places: |_| vec![("{token}", "0".repeat(64))],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/calendar", READ, pages::list::show).about(Subject::None, "日程：按月或按周"),
        route!(Get "/calendar/new", ANNOUNCE, pages::edit::new)
            .about(Subject::None, "预告日程：选事项，填表")
            .fresh(),
        route!(Post "/calendar/new", ANNOUNCE, pages::edit::create).about(Subject::None, "提交预告"),
        route!(Get "/calendar/address", READ, pages::address::show)
            .about(Subject::None, "日历订阅地址")
            .fresh(),
        route!(Post "/calendar/address", READ, pages::address::make).about(Subject::None, "生成订阅地址"),
        route!(Post "/calendar/address/drop", READ, pages::address::drop)
            .about(Subject::None, "停用订阅地址"),
        route!(Get "/calendar/feed/{token}", Access::Public, api::feed)
            .about(Subject::Open, "供日历程序订阅")
            .fresh(),
        route!(Get "/calendar/{id}", READ, pages::show::show).about(ROW, "一次预告"),
        route!(Get "/calendar/{id}/edit", ANNOUNCE, pages::edit::edit).about(ROW, "修改预告").fresh(),
        route!(Post "/calendar/{id}/edit", ANNOUNCE, pages::edit::save).about(ROW, "提交修改的预告"),
        route!(Post "/calendar/{id}/propose", Access::Can("announcement", "propose"), pages::show::propose)
            .about(ROW, "建议改期"),
        route!(Post "/calendar/{id}/answer", ANNOUNCE, pages::show::answer).about(ROW, "答复改期建议"),
        route!(Post "/calendar/{id}/hold", ANNOUNCE, pages::record::hold).about(ROW, "按预告登记工作"),
        route!(Get "/calendar/{id}/record", ANNOUNCE, pages::record::show)
            .about(ROW, "按预告填好的登记表")
            .fresh(),
        route!(Post "/calendar/{id}/record", ANNOUNCE, pages::record::submit).about(ROW, "改过再登记"),
        route!(Post "/calendar/{id}/not-held", ANNOUNCE, pages::show::not_held).about(ROW, "说明未开展"),
        route!(Post "/calendar/{id}/cancel", ANNOUNCE, pages::show::cancel).about(ROW, "取消预告"),
    ]
}
