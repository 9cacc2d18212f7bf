//! 考核: outcomes measured from each one's own baseline by a scheme of the programme; each of the assessed sees every point of
//! its own, where it comes from and what the next one needs, may object in time, is looked at once more, and at last all is
//! frozen. What depends on the weights is said before anything is shown (S4.3; principles 4, 5, 8 and 9).
//!
//! | to find | look in |
//! |---|---|
//! | the two lives: of an assessment, and of an objection to it | `rules` |
//! | what is asked, what comes of it and what is kept of that | `rules/parcel` |
//! | what the next point needs, and what depends on the weights, in words | `rules/words` |
//! | whose figures these are, and when they are not known | `actions/asked` |
//! | what depends on the weights, in the background and kept | `actions/weighing` |

mod actions;
mod data;
mod pages;
mod papers;
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

pub use actions::objections::{answer, open as opened_objection, raise};
pub use actions::weighing::weigh;
pub use actions::{NewAssessment, draft, freeze, open as opened, present, sheet, sheets};

const READ: Access = Access::Can("assessment", "read");
const DRAFT: Access = Access::Can("assessment", "draft");
const PRESENT: Access = Access::Can("assessment", "present");
const APPEAL: Access = Access::Can("assessment", "appeal");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/sharing/assessment",
    routes,
    jobs: &[actions::weighing::WEIGH],
    kept: &[actions::recheck::KEPT],
    menu: &[entry(982, "分配与共享", "/assessments", "考核", ("assessment", "read"))],
    tables: &[
        table!(scoped "assessment" of "id"),
        table!(scoped "assessment_weighing" of "assessment" digest),
        table!(scoped "assessment_sheet" of "assessment"),
        table!(scoped "assessment_party" of "assessment"),
        table!(scoped "assessment_objection" of "id"),
    ],
    words: Words {
        actions: &[
            ("assessment.draft", "拟定考核"),
            ("assessment.ask_weighing", "提交换权重重算"),
            ("assessment.weigh", "存下换权重的结果"),
            ("assessment.present", "送被考核单位核对"),
            ("assessment.discard", "放弃拟定的考核"),
            ("assessment.withdraw", "撤回考核"),
            ("assessment.freeze", "考核定稿"),
            ("assessment_objection.raise", "对考核提出异议"),
            ("assessment_objection.take_back", "收回对考核的异议"),
            ("assessment_objection.uphold", "认可对考核的异议"),
            ("assessment_objection.dismiss", "不认可对考核的异议"),
        ],
        resources: &[
            ("assessment", "考核"),
            ("assessment_sheet", "考核核对表"),
            ("assessment_objection", "对考核的异议"),
        ],
        rights: &[("present", "送核对"), ("freeze", "定稿")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 102, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "assessment", kind: "draft", form: (FormKind::Other, "assessment") },
        CountedStep {
            resource: "assessment_objection",
            kind: "raise",
            form: (FormKind::Other, "assessment-objection"),
        },
    ],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[
            ("assessment", Belongs::Above),
            ("assessment_sheet", Belongs::Above),
            ("assessment_objection", Belongs::Above),
        ],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static ASSESSMENT: Kind = Kind {
    place: 212,
    word: "考核",
    folder: "sharing/assessment",
    test: ("sharing/assessment/tests.rs", "each_sees_its_own_points_and_what_the_next_one_needs"),
};

fn carriers(section: &mut Section<'_>) {
    let schemes = &section.programme.assessments;
    section.items(&ASSESSMENT, ("assessment", schemes), |scheme| {
        (&scheme.clauses, &scheme.id, &scheme.name, format!("/assessments?scheme={}", scheme.id))
    });
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("assessment");
    const SHEET: Subject = Subject::Row("assessment_sheet");
    const OBJECTION: Subject = Subject::Row("assessment_objection");
    vec![
        route!(Get "/assessments", READ, pages::list::list).about(Subject::None, "考核"),
        route!(Get "/assessments/new", DRAFT, pages::new::form).about(Subject::None, "试算考核"),
        route!(Post "/assessments/new", DRAFT, pages::new::submit).about(Subject::None, "拟定考核"),
        route!(Get "/assessments/{id}", READ, pages::show::show).about(ROW, "一次考核"),
        route!(Post "/assessments/{id}/present", PRESENT, pages::show::present)
            .about(ROW, "送被考核单位核对"),
        route!(Post "/assessments/{id}/weigh", DRAFT, pages::show::weigh).about(ROW, "换权重重算"),
        route!(Post "/assessments/{id}/discard", DRAFT, pages::show::discard).about(ROW, "放弃拟定的考核"),
        route!(Post "/assessments/{id}/withdraw", PRESENT, pages::show::withdraw).about(ROW, "撤回考核"),
        route!(Post "/assessments/{id}/freeze", Access::Can("assessment", "freeze"), pages::show::freeze)
            .about(ROW, "考核定稿"),
        route!(Get "/assessments/{id}/book", READ, workbook::export).about(ROW, "考核结果导出为表格"),
        route!(Get "/assessments/{id}/paper", READ, papers::result).about(ROW, "考核结果打印稿"),
        route!(Get "/assessments/{id}/paper/{file}", READ, papers::result).about(ROW, "下载考核结果打印稿"),
        route!(Get "/assessments/{id}/parcel", READ, pages::show::parcel).about(ROW, "下载考核的存底"),
        route!(Get "/assessment-sheets/{id}", READ, pages::sheet::show).about(SHEET, "一家的核对表"),
        route!(Get "/assessment-sheets/{id}/paper", READ, papers::sheet).about(SHEET, "核对表打印稿"),
        route!(Get "/assessment-sheets/{id}/paper/{file}", READ, papers::sheet)
            .about(SHEET, "下载核对表打印稿"),
        route!(Get "/assessment-sheets/{id}/parcel", READ, pages::sheet::parcel)
            .about(SHEET, "下载核对表的存底"),
        route!(Post "/assessment-sheets/{id}/object", APPEAL, pages::sheet::raise)
            .about(SHEET, "对考核提出异议"),
        route!(Get "/assessment-objections/{id}", READ, pages::objection::show)
            .about(OBJECTION, "对考核的异议"),
        route!(
            Post "/assessment-objections/{id}/answer", Access::Can("assessment", "answer"), pages::objection::answer
        )
        .about(OBJECTION, "答复对考核的异议"),
        route!(Post "/assessment-objections/{id}/take-back", APPEAL, pages::objection::take_back)
            .about(OBJECTION, "收回对考核的异议"),
    ]
}
