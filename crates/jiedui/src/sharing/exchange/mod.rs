//! 数据对接: tables that go to, or come from, the outside systems which the plan names (T1.1, T5.5, T9.2, T12.1). Their
//! interfaces are not published, so each has a file profile in the programme, which goes over as a file or, where whoever
//! runs the system has set up an address, by line. What comes stands beside what is ours and changes nothing of it.
//!
//! | to find | look in |
//! |---|---|
//! | how files are written and read | the crate `jiedui-exchange`, and `rules/schema` |
//! | what of ours stands in them | `actions/table` |
//! | what somebody carried over as a file, and the answer to it | `actions/receipt` |
//! | how often and with what a part is sent | `actions/send`; how a server outside is spoken to, `shared/outside` |
//! | where the other side is | `rules/partners` |

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_programme::FormKind;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::fetch::came;
pub use actions::{Outcome, file, take_in};
pub use rules::partners::partners;
pub use rules::schema::schema;

const READ: Access = Access::Can("exchange", "read");
const TRANSFER: Access = Access::Can("exchange", "transfer");
/// Whether it works, for whoever runs the system; nothing of what is exchanged.
const OVERSEE: Access = Access::Can("job", "oversee");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/sharing/exchange",
    routes,
    menu: &[
        entry(1045, "系统", "/exchanges", "数据对接", ("exchange", "read")),
        entry(1056, "系统", "/exchange-systems", "对接设置", ("job", "oversee")),
    ],
    tables: &[
        table!(scoped "exchange_run" of "id"),
        table!(scoped "exchange_batch" of "run"),
        table!(scoped "exchange_refusal" of "run"),
        table!(scoped "exchange_value" of "run"),
    ],
    words: Words {
        actions: &[
            ("exchange_run.begin", "开始送出对接数据"),
            ("exchange_run.answer", "记下对方的答复"),
            ("exchange_run.take", "收下对方的数"),
            ("exchange_run.finish", "完成数据对接"),
            ("exchange_run.give_up", "放弃送出对接数据"),
        ],
        resources: &[("exchange", "数据对接"), ("exchange_run", "一次数据对接")],
        rights: &[("transfer", "送出和收进")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 105, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[CountedStep {
        resource: "exchange_run",
        kind: "take",
        form: (FormKind::Other, "exchange-file"),
    }],
    jobs: &[actions::send::SEND, actions::fetch::FETCH],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("exchange_run", Belongs::Above)],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        places: |_| vec![("{exchange}", "school-system".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static EXCHANGE: Kind = Kind {
    place: 215,
    word: "数据对接",
    folder: "sharing/exchange",
    test: ("sharing/exchange/tests/mod.rs", "what_comes_stands_beside_what_is_ours"),
};

fn carriers(section: &mut Section<'_>) {
    let exchanges = &section.programme.exchanges;
    section.items(&EXCHANGE, ("exchange", exchanges), |one| {
        (&one.clauses, &one.id, &one.name, format!("/exchanges/{}", one.id))
    });
}

fn routes() -> Vec<Route> {
    const RUN: Subject = Subject::Row("exchange_run");
    vec![
        route!(Get "/exchanges", READ, pages::list::list).about(Subject::None, "数据对接").fresh(),
        route!(Get "/exchanges/{exchange}", READ, pages::show::show)
            .about(Subject::Open, "一项数据对接")
            .fresh(),
        route!(Get "/exchanges/{exchange}/file", READ, pages::show::file)
            .about(Subject::Open, "下载对接文件"),
        route!(Post "/exchanges/{exchange}/send", TRANSFER, pages::show::send)
            .about(Subject::Open, "送出对接数据"),
        route!(Post "/exchanges/{exchange}/hand-over", TRANSFER, pages::show::hand_over)
            .about(Subject::Open, "登记交出的对接文件"),
        route!(Post "/exchanges/{exchange}/fetch", TRANSFER, pages::show::fetch)
            .about(Subject::Open, "取回对方的数"),
        route!(Post "/exchanges/{exchange}/upload", TRANSFER, pages::show::receive => pages::show::take)
            .about(Subject::Open, "上传对方的数")
            .uploads(),
        route!(Get "/exchange-runs/{id}", READ, pages::run::show).about(RUN, "一次数据对接").fresh(),
        route!(Get "/exchange-runs/{id}/file", READ, pages::run::file).about(RUN, "下载交出的对接文件"),
        route!(Post "/exchange-runs/{id}/answer", TRANSFER, pages::run::receive => pages::run::take)
            .about(RUN, "登记对方的答复")
            .uploads(),
        route!(Post "/exchange-runs/{id}/send", TRANSFER, pages::run::send_on).about(RUN, "接着送"),
        route!(Post "/exchange-runs/{id}/give-up", TRANSFER, pages::run::give_up).about(RUN, "放弃送出"),
        route!(Get "/exchange-systems", OVERSEE, pages::systems::list)
            .about(Subject::None, "对接设置")
            .fresh(),
    ]
}
