//! 倾斜分配: places, teams or money divided by a rule of the programme, with and without preference side by side, published
//! with the rule and everything it was computed from, so that each school can check its share and object in time (T4.6,
//! T7.4; principles 2, 4 and 9).
//!
//! | to find | look in |
//! |---|---|
//! | between whom is divided, and by what | `actions/claims` |
//! | the two lives: of an allocation, and of an objection to it | `rules` |
//! | what is asked, what comes of it and what is kept of that | `rules/parcel` |
//! | why a school got what it got, in one sentence | `rules/words` |
//! | what of it was taken up where it serves, and what is left | `actions/taken` |

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
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_programme::FormKind;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{
    NewAllocation, answer, draft, open as opened, open_appeal as opened_appeal, publish, raise,
};

const READ: Access = Access::Can("allocation", "read");
const DRAFT: Access = Access::Can("allocation", "draft");
const PUBLISH: Access = Access::Can("allocation", "publish");
const APPEAL: Access = Access::Can("allocation", "appeal");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/sharing/allocation",
    routes,
    menu: &[entry(980, "分配与共享", "/allocations", "倾斜分配", ("allocation", "read"))],
    tables: &[
        table!(scoped "allocation" of "id"),
        table!(scoped "allocation_share" of "allocation"),
        table!(scoped "allocation_appeal" of "id"),
    ],
    words: Words {
        actions: &[
            ("allocation.draft", "拟定倾斜分配"),
            ("allocation.publish", "公布倾斜分配"),
            ("allocation.discard", "放弃拟定的倾斜分配"),
            ("allocation.withdraw", "撤回倾斜分配"),
            ("allocation_appeal.raise", "对分配提出异议"),
            ("allocation_appeal.take_back", "收回对分配的异议"),
            ("allocation_appeal.uphold", "认可对分配的异议"),
            ("allocation_appeal.dismiss", "不认可对分配的异议"),
        ],
        resources: &[("allocation", "倾斜分配"), ("allocation_appeal", "对分配的异议")],
        rights: &[("appeal", "提出异议")],
        ..Words::NONE
    },
    beside_form: Some(|ctx, kind| Box::pin(pages::beside::notes(ctx, kind))),
    kept: &[actions::recheck::KEPT],
    tasks: Some(Tasks { place: 53, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "allocation", kind: "draft", form: (FormKind::Other, "allocation") },
        CountedStep {
            resource: "allocation_appeal",
            kind: "raise",
            form: (FormKind::Other, "allocation-appeal"),
        },
    ],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("allocation", Belongs::Above), ("allocation_appeal", Belongs::Above)],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static ALLOCATION: Kind = Kind {
    place: 210,
    word: "倾斜分配",
    folder: "sharing/allocation",
    test: ("sharing/allocation/tests.rs", "everybody_sees_who_got_what_and_why"),
};

fn carriers(section: &mut Section<'_>) {
    let rules = &section.programme.allocations;
    section.items(&ALLOCATION, ("allocation", rules), |rule| {
        (&rule.clauses, &rule.id, &rule.name, format!("/allocations?rule={}", rule.id))
    });
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("allocation");
    const OBJECTION: Subject = Subject::Row("allocation_appeal");
    vec![
        route!(Get "/allocations", READ, pages::list::list).about(Subject::None, "倾斜分配"),
        route!(Get "/allocations/new", DRAFT, pages::new::form).about(Subject::None, "试算倾斜分配"),
        route!(Post "/allocations/new", DRAFT, pages::new::submit).about(Subject::None, "拟定倾斜分配"),
        route!(Get "/allocations/{id}", READ, pages::show::show).about(ROW, "一次倾斜分配"),
        route!(Post "/allocations/{id}/publish", PUBLISH, pages::show::publish).about(ROW, "公布倾斜分配"),
        route!(Post "/allocations/{id}/discard", DRAFT, pages::show::discard)
            .about(ROW, "放弃拟定的倾斜分配"),
        route!(Post "/allocations/{id}/withdraw", PUBLISH, pages::show::withdraw)
            .about(ROW, "撤回已公布的倾斜分配"),
        route!(Get "/allocations/{id}/paper", READ, papers::show).about(ROW, "倾斜分配打印稿"),
        route!(Get "/allocations/{id}/paper/{file}", READ, papers::show).about(ROW, "下载倾斜分配打印稿"),
        route!(Get "/allocations/{id}/parcel", READ, pages::show::parcel).about(ROW, "下载分配的存底"),
        route!(Post "/allocations/{id}/appeal", APPEAL, pages::show::raise).about(ROW, "对分配提出异议"),
        route!(Get "/appeals/{id}", READ, pages::appeal::show).about(OBJECTION, "对分配的异议"),
        route!(Post "/appeals/{id}/answer", Access::Can("allocation", "answer"), pages::appeal::answer)
            .about(OBJECTION, "答复对分配的异议"),
        route!(Post "/appeals/{id}/take-back", APPEAL, pages::appeal::take_back)
            .about(OBJECTION, "收回对分配的异议"),
    ]
}
