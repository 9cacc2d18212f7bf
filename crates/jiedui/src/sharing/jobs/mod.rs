//! 就业: posts of enterprises beside the graduates of the year, where graduates went, and who uses the provincial recruitment
//! system (T12.1, T12.2). Graduates by major, links with key enterprises, services on campus and incubators are read from where
//! they were recorded; recorded here are only posts, which end by themselves, and sums of destinations. Nobody is matched with
//! anybody, and nothing is a rank.
//!
//! | to find | look in |
//! |---|---|
//! | the life of a post, and what is checked of it | `rules` |
//! | the table of destinations and its sums | `rules/cohort` |
//! | what others see of small numbers | `shared/small_numbers` |
//! | supply and demand put together | `actions/market`; by occupation `actions/occupations` |
//! | the majors that a post names, and who graduates in them | `actions/fitting` |
//! | who uses the recruitment system | `actions/system` |

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

pub use actions::cohorts::{categories, profile, save};
pub use actions::{confirm, open as opened, record};
pub use rules::NewVacancy;
pub use rules::cohort::Sheet;

const READ: Access = Access::Can("employment", "read");
const RECORD: Access = Access::Can("employment", "record");
const ANSWER: Access = Access::Can("employment", "answer");
const TRACE: Access = Access::Can("employment", "trace");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/sharing/jobs",
    routes,
    menu: &[entry(984, "分配与共享", "/employment", "就业", ("employment", "read"))],
    tables: &[
        table!(scoped "vacancy" of "id"),
        table!(scoped "vacancy_major" of "vacancy"),
        table!(scoped "cohort" of "id"),
        table!(scoped "cohort_cell" of "cohort"),
    ],
    words: Words {
        actions: &[
            ("vacancy.record", "登记岗位"),
            ("vacancy.confirm", "确认岗位"),
            ("vacancy.dispute", "对岗位提出异议"),
            ("vacancy.withdraw", "撤回岗位"),
            ("cohort.tell", "填报毕业去向"),
            ("cohort.correct", "更正毕业去向"),
        ],
        resources: &[("employment", "就业"), ("vacancy", "岗位"), ("cohort", "毕业去向")],
        rights: &[("trace", "填报毕业去向")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 104, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "vacancy", kind: "record", form: (FormKind::Other, "vacancy") },
        CountedStep { resource: "vacancy", kind: "dispute", form: (FormKind::Other, "vacancy-dispute") },
        CountedStep { resource: "cohort", kind: "tell", form: (FormKind::Other, "cohort") },
    ],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("vacancy", Belongs::Above)],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static JOBS: Kind = Kind {
    place: 214,
    word: "就业",
    folder: "sharing/jobs",
    test: ("sharing/jobs/tests.rs", "posts_and_graduates_stand_side_by_side"),
};

fn carriers(section: &mut Section<'_>) {
    if let Some(rules) = &section.programme.jobs {
        section.file(&JOBS, &rules.clauses, ("jobs.toml", "就业"), "/employment");
    }
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("vacancy");
    vec![
        route!(Get "/employment", READ, pages::market::list).about(Subject::None, "岗位与毕业生"),
        route!(Get "/employment/occupations", READ, pages::occupations::list)
            .about(Subject::None, "岗位类别供需"),
        route!(Get "/employment/system", READ, pages::system::list).about(Subject::None, "招聘系统使用情况"),
        route!(Get "/employment/posts", READ, pages::posts::list).about(Subject::None, "岗位"),
        route!(Get "/employment/posts/new", RECORD, pages::new::form).about(Subject::None, "登记岗位"),
        route!(Post "/employment/posts/new", RECORD, pages::new::submit).about(Subject::None, "提交岗位"),
        route!(Get "/employment/posts/{id}", READ, pages::post::show).about(ROW, "一个岗位"),
        route!(Post "/employment/posts/{id}/confirm", ANSWER, pages::post::confirm).about(ROW, "确认岗位"),
        route!(Post "/employment/posts/{id}/dispute", ANSWER, pages::post::dispute)
            .about(ROW, "对岗位提出异议"),
        route!(Post "/employment/posts/{id}/withdraw", RECORD, pages::post::withdraw).about(ROW, "撤回岗位"),
        route!(Get "/employment/cohorts", READ, pages::cohorts::list).about(Subject::None, "毕业生"),
        route!(Get "/employment/cohorts/edit", TRACE, pages::trace::form)
            .about(Subject::None, "填报毕业去向"),
        route!(Post "/employment/cohorts/edit", TRACE, pages::trace::save)
            .about(Subject::None, "提交毕业去向"),
        route!(Get "/employment/cohorts/{id}", READ, pages::cohort::show)
            .about(Subject::Row("org"), "一所学校的毕业去向"),
    ]
}
