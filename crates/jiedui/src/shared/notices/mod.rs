//! 消息: what concerns somebody and is told, by the bell on every page, by one letter a working day and in the group of a
//! unit; and urging somebody on whom something waits. No second desk: what one has to do is computed there, and the letter
//! of the day is made from it (`oversight/dashboard`). Who read what is nobody else's to know.

mod actions;
mod data;
mod pages;
mod papers;
pub mod rules;
mod tasks;
#[cfg(test)]
pub mod tests;

use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use jiedui_web::site::Bell;

pub use actions::address::{NewLetter, has_letter, queue, readers, told_before};
pub use actions::messenger::all as messengers;
pub use actions::send::{Sender, Ways};
pub use actions::smtp::MailServer;
pub use actions::{News, URGE, choice, read_before, tell, tell_account, tell_person, unit, unread, urged};
pub use data::{MessengerRow, NoticeRow, ReaderRow};
pub use pages::news;
pub use pages::parts::{UrgeView, address_of, urge_view};
pub use pages::settings::{Reached, reached};
pub use papers::{digest_letter, digest_message};
pub use rules::Kind;

/// The mark in the head of every page.
pub const BELL: Bell =
    Bell { label: "消息", href: "/notices", count: |app, actor, tx| Box::pin(unread(app, actor, tx)) };

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/shared/notices",
    routes,
    menu: &[entry(1054, "系统", "/letters", "邮件与群消息", ("job", "oversee"))],
    tables: &[
        table!(plain "notice" outside "that somebody was told; what was done has its own records"),
        table!(plain "notice_read" outside "what somebody has read is nobody else's to know"),
        table!(plain "notice_choice" of "account"),
        table!(plain "mail_address" of "account" sealed ["address", "code"]),
        table!(plain "messenger" of "org" sealed ["address"]),
        table!(plain "letter" outside "the queue of letters; what each is about has its own records"),
    ],
    words: Words {
        actions: &[
            ("account.notices", "选择消息"),
            ("account.mail", "填写邮箱"),
            ("account.mail_confirmed", "确认邮箱"),
            ("account.mail_removed", "删除邮箱"),
            ("account.mail_refused", "邮箱被拒收"),
            ("notice.connect", "接通群消息"),
            ("notice.disconnect", "断开群消息"),
        ],
        resources: &[("notice", "消息"), ("messenger", "群消息")],
        rights: &[("urge", "催办"), ("connect", "接通群消息")],
        jobs: &[("notices", "系统：发送消息")],
    },
    tasks: Some(Tasks { place: 7, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    #[cfg(test)]
    samples: crate::shared::mechanism::Samples {
        places: |_| vec![("{resource}", "entry".to_owned()), ("{code}", "0".repeat(64))],
        ..crate::shared::mechanism::Samples::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    const CONNECT: Access = Access::Can("notice", "connect");
    vec![
        route!(Get "/notices", Access::SignedIn, pages::list::list).about(Subject::None, "消息").fresh(),
        route!(Post "/notices/read", Access::SignedIn, pages::list::read_all)
            .about(Subject::None, "全部标为已读"),
        route!(Post "/notices/{id}/open", Access::SignedIn, pages::list::open)
            .about(Subject::Open, "打开一条消息"),
        route!(Post "/urge/{resource}/{id}", Access::Can("notice", "urge"), pages::list::urge)
            .about(Subject::Open, "催办"),
        route!(Get "/my/notices", Access::SignedIn, pages::settings::show)
            .about(Subject::None, "消息与邮箱")
            .fresh(),
        route!(Post "/my/notices", Access::SignedIn, pages::settings::choose)
            .about(Subject::None, "选择收哪些消息"),
        route!(Post "/my/mail", Access::SignedIn, pages::settings::set_address)
            .about(Subject::None, "填写邮箱"),
        route!(Post "/my/mail/remove", Access::SignedIn, pages::settings::remove_address)
            .about(Subject::None, "删除邮箱"),
        route!(Get "/my/mail/{code}", Access::SignedIn, pages::settings::ask_confirmation)
            .about(Subject::Open, "打开确认邮箱的链接")
            .fresh(),
        route!(Post "/my/mail/{code}", Access::SignedIn, pages::settings::confirm_address)
            .about(Subject::Open, "确认邮箱"),
        route!(Post "/my/messenger", CONNECT, pages::settings::connect).about(Subject::None, "接通群消息"),
        route!(Post "/my/messenger/remove", CONNECT, pages::settings::disconnect)
            .about(Subject::None, "断开群消息"),
        route!(Get "/letters", Access::Can("job", "oversee"), pages::letters::list)
            .about(Subject::None, "邮件与群消息的发送情况")
            .fresh(),
    ]
}
