//! 后台任务: work that is too long for an answer. It is queued in the transaction of what asks for it, done by a server or a
//! worker that takes it up, under the account that asked, and shown with its progress until what it made has been taken
//! down. Kinds of work stand in the manifests (`shared/background`).

mod actions;
mod data;
mod pages;
pub mod rules;
#[cfg(test)]
pub mod tests;

use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::work::Worker;
pub use actions::{NewJob, numbers, queue};
pub use pages::{queue_export, queued, too_large};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/shared/jobs",
    routes,
    // Others come to their own from what queued them, and from 我的账号.
    menu: &[entry(1053, "系统", "/jobs", "后台任务", ("job", "oversee"))],
    tables: &[
        table!(plain "job" of "id" except [
            "due_at" = "when it is looked at again is nobody's deed",
            "done" = "how far it is, again and again",
            "total" = "how far it is, again and again",
            "step" = "how far it is, again and again"
        ]),
        table!(plain "job_part" outside "files that can be made again; the record of the job names them"),
    ],
    words: Words {
        actions: &[
            ("job.queue", "提交后台任务"),
            ("job.claim", "开始后台任务"),
            ("job.retry", "后台任务稍后重试"),
            ("job.finish", "完成后台任务"),
            ("job.fail", "后台任务未完成"),
            ("job.cancel", "取消后台任务"),
        ],
        resources: &[("job", "后台任务")],
        rights: &[("oversee", "查看全部")],
        jobs: &[("jobs", "系统：后台任务")],
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/jobs", Access::Can("job", "read"), pages::list).about(Subject::None, "后台任务").fresh(),
        route!(Get "/jobs/{id}", Access::Can("job", "read"), pages::show)
            .about(Subject::Open, "一项后台任务的进度")
            .fresh(),
        route!(Post "/jobs/{id}/cancel", Access::Can("job", "read"), pages::cancel)
            .about(Subject::Open, "取消一项后台任务"),
        route!(Get "/jobs/{id}/file", Access::Can("job", "read"), pages::file)
            .about(Subject::Open, "下载后台任务做好的文件")
            .fresh(),
    ]
}
