//! 资源库: courses, papers, textbooks and cases that one school shares and all may use (T5.5), and cases that become models
//! (S3.3). A file is told by its content and kept once; what counts is that a school says it used something, never how
//! often anybody looked (principle 8). How many model cases there are is counted where outputs are recorded: a nomination
//! names one of them.
//!
//! | to find | look in |
//! |---|---|
//! | the two lives: of an item, and of a statement of use | `rules` |
//! | which files are taken | `shared/handed_in`, and the crate `jiedui-files` |
//! | by what an item is found | `shared/terms`; asked in `actions::wanted` alone |
//! | whether each content is there, and what nobody names any more | `actions/keeping`, every night |

mod actions;
mod data;
mod found;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
pub mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_programme::FormKind;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::keeping::{LostFile, clear_old, cleared, lost};
pub use actions::{decide, nominable, nominate, open as opened, share, state_use};
pub use rules::NewItem;

const READ: Access = Access::Can("library", "read");
const SHARE: Access = Access::Can("library", "share");
const USE: Access = Access::Can("library", "use");
const REVIEW: Access = Access::Can("library", "review");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/sharing/resources",
    routes,
    menu: &[entry(983, "分配与共享", "/resources", "资源库", ("library", "read"))],
    tables: &[
        table!(scoped "library_item" of "id"),
        table!(scoped "library_edition" of "item"),
        table!(scoped "library_term" outside "by what an item is found, computed from it"),
        table!(plain "library_turn" outside "a lock; says nothing"),
        table!(scoped "library_use" of "id"),
    ],
    words: Words {
        actions: &[
            ("library_item.share", "上传资源"),
            ("library_item.renew", "上传资源新版本"),
            ("library_item.nominate", "推荐典型案例"),
            ("library_item.recall", "撤回典型案例推荐"),
            ("library_item.withdraw", "撤下本校资源"),
            ("library_item.accept", "评为典型案例"),
            ("library_item.send_back", "退回典型案例推荐"),
            ("library_item.take_down", "撤下资源"),
            ("library_use.state", "登记使用资源"),
            ("library_use.take_back", "撤销使用登记"),
        ],
        resources: &[("library", "资源库"), ("library_item", "教学资源"), ("library_use", "资源使用登记")],
        rights: &[("share", "上传"), ("use", "登记使用"), ("review", "评审")],
        jobs: &[("library", "系统：资源库")],
    },
    tasks: Some(Tasks { place: 103, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "library_item", kind: "share", form: (FormKind::Other, "library-item") },
        CountedStep { resource: "library_item", kind: "renew", form: (FormKind::Other, "library-edition") },
        CountedStep {
            resource: "library_item",
            kind: "nominate",
            form: (FormKind::Other, "library-nomination"),
        },
        CountedStep { resource: "library_use", kind: "state", form: (FormKind::Other, "library-use") },
    ],
    found: &[found::FOUND],
    carriers,
    #[cfg(test)]
    samples: Samples {
        // What was withdrawn: everything else in the library is for everybody.
        rows: &[("library_item", Belongs::Above), ("library_use", Belongs::Above)],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        places: |_| vec![("{edition}", "1".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static LIBRARY: Kind = Kind {
    place: 213,
    word: "资源库",
    folder: "sharing/resources",
    test: ("sharing/resources/tests.rs", "what_one_school_shares_another_finds_and_uses"),
};

fn carriers(section: &mut Section<'_>) {
    if let Some(rules) = &section.programme.resources {
        section.file(&LIBRARY, &rules.clauses, ("resources.toml", "资源库"), "/resources");
    }
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("library_item");
    vec![
        route!(Get "/resources", READ, pages::list::list).about(Subject::None, "资源库"),
        route!(Get "/resources/new", SHARE, pages::new::form).about(Subject::None, "上传资源"),
        route!(Post "/resources/new", SHARE, pages::new::receive_new => pages::new::submit)
            .about(Subject::None, "提交上传的资源")
            .uploads(),
        route!(Get "/resources/{id}", READ, pages::show::show).about(ROW, "一件资源"),
        route!(Get "/resources/{id}/files/{edition}", READ, pages::file::download).about(ROW, "下载资源"),
        route!(Get "/resources/{id}/views/{edition}", READ, pages::file::view).about(ROW, "在页面里看资源"),
        route!(Post "/resources/{id}/edition", SHARE, pages::show::receive_edition => pages::show::renew)
            .about(ROW, "上传资源的新版本")
            .uploads(),
        route!(Post "/resources/{id}/nominate", SHARE, pages::show::nominate).about(ROW, "推荐典型案例"),
        route!(Post "/resources/{id}/recall", SHARE, pages::show::recall).about(ROW, "撤回典型案例推荐"),
        route!(Post "/resources/{id}/withdraw", SHARE, pages::show::take_down).about(ROW, "撤下本校资源"),
        route!(Post "/resources/{id}/decide", REVIEW, pages::show::decide).about(ROW, "评审典型案例"),
        route!(Post "/resources/{id}/take-down", REVIEW, pages::show::take_down).about(ROW, "撤下别校的资源"),
        route!(Post "/resources/{id}/use", USE, pages::show::state_use).about(ROW, "登记本校使用"),
        route!(Post "/resource-uses/{id}/take-back", USE, pages::show::take_back)
            .about(Subject::Row("library_use"), "撤销使用登记"),
    ]
}
