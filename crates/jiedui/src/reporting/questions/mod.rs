//! 临时要数: a question for figures, answered at once from what was recorded; what is missing is named, and only those who
//! lack something may be asked for it, in the form that they have anyway (S1.3; principles 1, 2, 4 and 8).
//!
//! | to find | look in |
//! |---|---|
//! | what may be asked, and whom one may ask for the rest | `rules` |
//! | what is kept of an answer, and what changed since | `rules/answer` |
//! | how it is answered, and what is missing | `actions/answer` |

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
use crate::shared::waits::Waits;
use jiedui_programme::FormKind;
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{answer_now, ask, find, save};
pub use data::Split;
pub use pages::{ChangeLine, change_lines};
pub use rules::Asked;
pub use rules::answer::{Answer, Said};
pub use workbook::value as answer_value;

const READ: Access = Access::Can("question", "read");
const ASK: Access = Access::Can("question", "ask");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/reporting/questions",
    routes,
    menu: &[entry(952, "月调度", "/questions", "临时要数", ("question", "read"))],
    tables: &[
        table!(scoped "question" of "id"),
        table!(scoped "question_answer" of "question"),
        table!(scoped "question_request" of "question"),
    ],
    words: Words {
        actions: &[
            ("question.save", "存下临时要的数"),
            ("question.keep", "存下这次的答案"),
            ("question.ask", "请缺数的学校补报"),
            ("question.cancel", "撤销补报"),
            ("request.urge", "催办补报"),
        ],
        resources: &[("question", "临时要数"), ("request", "补报")],
        rights: &[("ask", "要数")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 51, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    waits: &[Waits { resource: "request", find: |ctx, id| Box::pin(tasks::waiting(ctx, id)) }],
    steps: &[
        CountedStep { resource: "question", kind: "save", form: (FormKind::Other, "question") },
        CountedStep { resource: "question", kind: "ask", form: (FormKind::Other, "question-ask") },
    ],
    kept: &[actions::recheck::KEPT],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("question", Belongs::Pairing), ("request", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| Box::pin(tests::example(tx, pairing))),
        places: |_| vec![("{number}", "1".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static QUESTION: Kind = Kind {
    place: 208,
    word: "临时要数",
    folder: "reporting/questions",
    test: ("reporting/questions/tests.rs", "only_the_school_that_lacks_something_is_asked"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&QUESTION, "S1.3", "临时要数", "/questions");
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("question");
    vec![
        route!(Get "/questions", READ, pages::list::list).about(Subject::None, "临时要数"),
        route!(Get "/questions/new", ASK, pages::new::new).about(Subject::None, "要数并看答案"),
        route!(Post "/questions/new", ASK, pages::new::save).about(Subject::None, "存下要的数"),
        route!(Get "/questions/{id}", READ, pages::show::show).about(ROW, "一次要数的答案"),
        route!(Post "/questions/{id}/keep", ASK, pages::show::keep).about(ROW, "存下这次的答案"),
        route!(Post "/questions/{id}/ask", ASK, pages::show::ask).about(ROW, "请缺数的学校补报"),
        route!(Post "/questions/{id}/cancel", ASK, pages::show::cancel).about(ROW, "撤销补报"),
        route!(Get "/questions/{id}/answers/{number}", READ, pages::kept::show).about(ROW, "存下的答案"),
        route!(Get "/questions/{id}/answers/{number}/text", READ, pages::kept::text)
            .about(ROW, "下载存下的答案原文"),
        route!(Get "/questions/{id}/answers/{number}/book", READ, workbook::export)
            .about(ROW, "答案导出为表格"),
        route!(Get "/questions/{id}/answers/{number}/paper", READ, papers::show).about(ROW, "答案打印稿"),
        route!(Get "/questions/{id}/answers/{number}/paper/{file}", READ, papers::show)
            .about(ROW, "下载答案打印稿"),
        route!(Get "/requests/{id}", Access::Can("request", "read"), pages::request::show)
            .about(Subject::Row("request"), "请学校补报"),
    ]
}
