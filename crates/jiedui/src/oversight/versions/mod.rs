//! 方案版本: the programme in use, the next one while it is prepared and rehearsed, and what each change moved for whom
//! (decision "Programme on running data"; `docs/decisions/0025`).

mod actions;
mod data;
mod pages;
mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
pub use actions::{choose, chosen, effects, follow, held_against, take_up};
pub use data::EffectRow as Effect;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/versions",
    routes,
    menu: &[entry(1001, "系统", "/programme", "方案版本", ("programme", "read"))],
    tables: &[
        table!(plain "programme_file" of "digest" digest),
        table!(plain "programme_version" of "id"),
        table!(plain "programme_effect" of "moved_by" digest),
    ],
    tasks: Some(Tasks { place: 8, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    jobs: &[actions::REHEARSE],
    words: Words {
        actions: &[
            ("programme.activate", "启用方案"),
            ("programme.prepare", "准备方案变更"),
            ("programme.rehearse", "演算方案变更"),
            ("programme.drop", "放弃方案变更"),
        ],
        resources: &[("programme", "方案"), ("programme_version", "方案版本")],
        rights: &[("prepare", "准备"), ("activate", "启用")],
        jobs: &[("programme", "系统：启用方案"), ("rehearsal", "系统：方案演算")],
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    const READ: Access = Access::Can("programme", "read");
    const PREPARE: Access = Access::Can("programme", "prepare");
    vec![
        route!(Get "/programme", READ, pages::list::list).about(Subject::None, "方案版本"),
        route!(Get "/programme/file", READ, pages::list::file).about(Subject::None, "下载现用方案").fresh(),
        route!(Get "/programme/change", PREPARE, pages::change::form).about(Subject::None, "写一处方案变更"),
        route!(Post "/programme/change", PREPARE, pages::change::submit)
            .about(Subject::None, "提交一处方案变更"),
        route!(Get "/programme/retire", PREPARE, pages::retire::form).about(Subject::None, "停用一类事项"),
        route!(Post "/programme/retire", PREPARE, pages::retire::submit)
            .about(Subject::None, "提交停用一类事项"),
        route!(Get "/programme/upload", PREPARE, pages::upload::form).about(Subject::None, "上传整套方案"),
        route!(Post "/programme/upload", PREPARE, pages::upload::submit)
            .about(Subject::None, "提交整套方案")
            .uploads(),
        route!(Get "/programme/{id}", READ, pages::show::show)
            .about(Subject::Open, "一版方案与它的影响")
            .fresh(),
        route!(Post "/programme/{id}/activate", Access::Can("programme", "activate"), pages::show::activate)
            .about(Subject::Open, "启用一版方案"),
        route!(Post "/programme/{id}/drop", PREPARE, pages::show::drop_version)
            .about(Subject::Open, "放弃一版方案"),
    ]
}
