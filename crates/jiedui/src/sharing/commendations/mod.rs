//! 通报表扬: each year bureaus and partners nominate schools and persons for work that is confirmed in the ledger; a person agrees
//! first; two of the office review; the list is shown to all, may be objected to, and is decided. What is decided is recorded
//! once, and the notice is made of that (S3.4; principles 2, 8 and 9). No points, no ranks, nothing is counted.
//!
//! | to find | look in |
//! |---|---|
//! | the three lives: of a round, of a nomination, of an objection | `rules` |
//! | who may name whom, for which work | `actions/nominate` |
//! | what must hold, and who reviews | `actions/reviewing` |
//! | who sees a nomination, and a person's name | `data` |

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;
mod workbook;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_programme::FormKind;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::nominate::{NewNomination, nominate, put_forward, reasons};
pub use actions::objections::{answer, open as opened_objection, raise};
pub use actions::reviewing::{agree, confirm, open as opened_nomination, propose, turn};
pub use actions::{days, decide, draft, open as opened, publish};
pub use rules::words::{class_name, commended_href, named_href};

const READ: Access = Access::Can("commendation", "read");
const DRAFT: Access = Access::Can("commendation", "draft");
const PUBLISH: Access = Access::Can("commendation", "publish");
const NOMINATE: Access = Access::Can("commendation", "nominate");
const AGREE: Access = Access::Can("commendation", "agree");
const REVIEW: Access = Access::Can("commendation", "review");
const CONFIRM: Access = Access::Can("commendation", "confirm");
const APPEAL: Access = Access::Can("commendation", "appeal");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/sharing/commendations",
    routes,
    menu: &[entry(985, "分配与共享", "/commendations", "通报表扬", ("commendation", "read"))],
    tables: &[
        table!(scoped "commendation" of "id"),
        table!(scoped "commendation_nomination" of "id"),
        table!(scoped "commendation_reason" of "nomination"),
        table!(scoped "commendation_objection" of "id"),
    ],
    words: Words {
        actions: &[
            ("commendation.open", "开始通报表扬提名"),
            ("commendation.publish", "公示通报表扬名单"),
            ("commendation.discard", "放弃通报表扬提名"),
            ("commendation.decide", "决定通报表扬"),
            ("commendation.withdraw", "撤回通报表扬"),
            ("commendation_nomination.nominate", "提名通报表扬"),
            ("commendation_nomination.agree", "本人同意提名"),
            ("commendation_nomination.decline", "本人不同意提名"),
            ("commendation_nomination.recall", "撤回通报表扬提名"),
            ("commendation_nomination.propose", "对提名提出评审意见"),
            ("commendation_nomination.confirm", "核对通过提名"),
            ("commendation_nomination.send_back", "退回提名重新评审"),
            ("commendation_nomination.leave_out", "提名不列入名单"),
            ("commendation_nomination.put_back", "提名重新列入评审"),
            ("commendation_nomination.commend", "表扬所提名的单位或个人"),
            ("commendation_nomination.fall_out", "异议成立，提名不列入名单"),
            ("commendation_nomination.revoke", "撤回对单位或个人的表扬"),
            ("commendation_objection.raise", "对公示提出异议"),
            ("commendation_objection.take_back", "收回对公示的异议"),
            ("commendation_objection.uphold", "认可对公示的异议"),
            ("commendation_objection.dismiss", "不认可对公示的异议"),
        ],
        resources: &[
            ("commendation", "通报表扬"),
            ("commendation_nomination", "通报表扬提名"),
            ("commendation_objection", "对公示的异议"),
        ],
        rights: &[("nominate", "提名"), ("agree", "答复提名")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 106, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "commendation", kind: "open", form: (FormKind::Other, "commendation") },
        CountedStep {
            resource: "commendation_nomination",
            kind: "nominate",
            form: (FormKind::Other, "commendation-nomination"),
        },
        CountedStep {
            resource: "commendation_nomination",
            kind: "agree",
            form: (FormKind::Other, "commendation-agreement"),
        },
        CountedStep {
            resource: "commendation_objection",
            kind: "raise",
            form: (FormKind::Other, "commendation-objection"),
        },
    ],
    kept: &[actions::recheck::KEPT],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[
            ("commendation", Belongs::Above),
            ("commendation_nomination", Belongs::Above),
            ("commendation_objection", Belongs::Above),
        ],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static COMMENDATION: Kind = Kind {
    place: 216,
    word: "通报表扬",
    folder: "sharing/commendations",
    test: ("sharing/commendations/tests.rs", "a_school_is_nominated_reviewed_by_two_shown_and_commended"),
};

fn carriers(section: &mut Section<'_>) {
    if let Some(rules) = &section.programme.commendations {
        section.file(&COMMENDATION, &rules.clauses, ("commendations.toml", "通报表扬"), "/commendations");
    }
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("commendation");
    let mut all = vec![
        route!(Get "/commendations", READ, pages::list::list).about(Subject::None, "通报表扬"),
        route!(Post "/commendations/new", DRAFT, pages::list::submit)
            .about(Subject::None, "开始一年的提名"),
        route!(Get "/commendations/{id}", READ, pages::round::show).about(ROW, "一年的通报表扬"),
        route!(Post "/commendations/{id}/publish", PUBLISH, pages::round::publish).about(ROW, "公示名单"),
        route!(Post "/commendations/{id}/discard", DRAFT, pages::round::discard)
            .about(ROW, "放弃还没有提名的"),
        route!(Post "/commendations/{id}/decide", Access::Can("commendation", "decide"), pages::round::decide)
            .about(ROW, "决定通报表扬"),
        route!(Post "/commendations/{id}/withdraw", PUBLISH, pages::round::withdraw)
            .about(ROW, "撤回公示或决定"),
        route!(Get "/commendations/{id}/book", READ, workbook::export).about(ROW, "提名导出为表格"),
        route!(Get "/commendations/{id}/nominate", NOMINATE, pages::nominate::form)
            .about(ROW, "提名单位或个人"),
        route!(Post "/commendations/{id}/nominate", NOMINATE, pages::nominate::submit)
            .about(ROW, "提交提名"),
    ];
    all.extend(nomination_routes());
    all
}

/// Of what hangs on a round.
fn nomination_routes() -> Vec<Route> {
    const NAME: Subject = Subject::Row("commendation_nomination");
    const OBJECTION: Subject = Subject::Row("commendation_objection");
    vec![
        route!(Get "/nominations/{id}", READ, pages::show::show).about(NAME, "一条通报表扬提名"),
        route!(Post "/nominations/{id}/agree", AGREE, pages::show::agree).about(NAME, "本人同意提名"),
        route!(Post "/nominations/{id}/decline", AGREE, pages::show::decline).about(NAME, "本人不同意提名"),
        route!(Post "/nominations/{id}/recall", NOMINATE, pages::show::recall).about(NAME, "撤回提名"),
        route!(Post "/nominations/{id}/propose", REVIEW, pages::show::propose)
            .about(NAME, "对提名提出评审意见"),
        route!(Post "/nominations/{id}/confirm", CONFIRM, pages::show::confirm).about(NAME, "核对通过提名"),
        route!(Post "/nominations/{id}/send-back", CONFIRM, pages::show::send_back)
            .about(NAME, "退回提名重新评审"),
        route!(Post "/nominations/{id}/leave-out", REVIEW, pages::show::leave_out)
            .about(NAME, "不列入名单"),
        route!(Post "/nominations/{id}/put-back", REVIEW, pages::show::put_back)
            .about(NAME, "重新列入评审"),
        route!(Post "/nominations/{id}/object", APPEAL, pages::show::raise).about(NAME, "对公示提出异议"),
        route!(Get "/commendation-objections/{id}", READ, pages::objection::show)
            .about(OBJECTION, "对公示的异议"),
        route!(
            Post "/commendation-objections/{id}/answer", Access::Can("commendation", "answer"), pages::objection::answer
        )
        .about(OBJECTION, "答复对公示的异议"),
        route!(Post "/commendation-objections/{id}/take-back", APPEAL, pages::objection::take_back)
            .about(OBJECTION, "收回对公示的异议"),
    ]
}
