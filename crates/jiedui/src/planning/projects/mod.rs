//! 协作项目清单 (S4.1, S4.2, G0.2; decisions.md "Filing"): the lead drafts the list of a year, the nearby and the county
//! school agree, the city comments, the provincial office files it. What a project has reached is read from the ledger.

mod actions;
mod data;
mod found;
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
use jiedui_kernel::{Date, Period, Result};
use jiedui_programme::FormKind;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::carry::{Take, take_over};
pub use actions::hand_on::{Succession, hand_on};
pub use actions::{
    Remark, add, answer, begin, close, edit, file, of_list, open, recall, remove, return_to_submitter, submit,
};
pub use data::{BudgetRow, Ended, ListRow, ListState, MonthlyRow, ProjectRow};
pub use pages::views::year_choices;
pub use rules::{Fields, LoadedList};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/planning/projects",
    routes,
    menu: &[entry(430, "需求与项目", "/projects", "协作项目", ("project", "read"))],
    tables: &[
        table!(scoped "project_list" of "id"),
        table!(scoped "project" of "list"),
        table!(scoped "project_remark" of "list"),
        table!(scoped "project_filing" of "list"),
    ],
    words: Words {
        actions: &[
            ("project_list.begin", "开始拟项目清单"),
            ("project_list.submit", "项目清单征求同意"),
            ("project_list.recall", "收回项目清单"),
            ("project_list.agree", "同意项目清单"),
            ("project_list.send_back", "退回项目清单"),
            ("project_list.comment", "对项目清单提意见"),
            ("project_list.return", "备案退回项目清单"),
            ("project_list.file", "项目清单备案"),
            ("project_list.urge", "催办项目清单"),
            ("project_list.import", "从表格导入项目清单"),
            ("project_list.undo_import", "撤销项目清单的导入"),
            ("project.add", "增加项目"),
            ("project.edit", "修改项目"),
            ("project.remove", "删除项目"),
            ("project.restore", "恢复项目"),
            ("project.close", "项目结项"),
            ("project.hand_on", "项目交接任院校"),
            ("project.take_on", "接办项目"),
            ("project.cease", "项目随学校变动终止"),
        ],
        resources: &[("project_list", "项目清单"), ("project", "协作项目")],
        rights: &[("comment", "提意见"), ("file", "备案"), ("close", "结项")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 40, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    left_open: Some(|tx, of| Box::pin(actions::left_open::settle(tx, of))),
    waits: &[Waits { resource: "project_list", find: |ctx, id| Box::pin(tasks::waiting_for(ctx, id)) }],
    steps: &[
        CountedStep { resource: "project_list", kind: "submit", form: (FormKind::Project, "project") },
        CountedStep { resource: "project_list", kind: "comment", form: (FormKind::Other, "list-remark") },
        CountedStep { resource: "project_list", kind: "return", form: (FormKind::Other, "list-remark") },
        CountedStep { resource: "project", kind: "close", form: (FormKind::Other, "project-closed") },
    ],
    found: &[found::FOUND],
    kept: &[actions::recheck::KEPT],
    carriers,
    imports: &[workbook::FROM_TABLE],
    #[cfg(test)]
    samples: Samples {
        rows: &[("project_list", Belongs::Pairing), ("project", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move {
                let (list, project) = example(tx, pairing, 2026, "person_times").await;
                vec![("project_list", list), ("project", project)]
            })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static PROJECTS: Kind = Kind {
    place: 200,
    word: "协作项目",
    folder: "planning/projects",
    test: ("planning/projects/tests.rs", "a_project_moves_with_the_entries_that_name_it"),
};
static FILING: Kind = Kind {
    place: 200,
    word: "项目清单",
    folder: "planning/projects",
    test: ("planning/projects/tests.rs", "a_list_is_drafted_agreed_commented_and_filed"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&PROJECTS, "G0.2", "按年度的协作项目", "/projects?year=all");
    section.by_hand(&FILING, "S4.1", "年度清单与备案", "/lists");
    section.by_hand(&PROJECTS, "S4.2", "特色亮点项目", "/projects?year=all");
}

fn routes() -> Vec<Route> {
    let (read, draft) = (Access::Can("project", "read"), Access::Can("project", "draft"));
    vec![
        route!(Get "/projects", read, pages::list::list).about(Subject::None, "协作项目"),
        route!(Get "/projects/year", read, pages::year::show).about(Subject::None, "年度进度图"),
        route!(Get "/projects/{id}", read, pages::show::show).about(Subject::Row("project"), "项目详情"),
        route!(Get "/projects/{id}/edit", draft, pages::edit::edit)
            .about(Subject::Row("project"), "修改项目")
            .fresh(),
        route!(Post "/projects/{id}/edit", draft, pages::edit::save)
            .about(Subject::Row("project"), "保存项目"),
        route!(Post "/projects/{id}/remove", draft, pages::edit::remove)
            .about(Subject::Row("project"), "删除项目"),
        route!(Post "/projects/{id}/restore", draft, pages::edit::restore)
            .about(Subject::Row("project"), "恢复项目"),
        route!(Post "/projects/{id}/close", Access::Can("project", "close"), pages::show::close)
            .about(Subject::Row("project"), "项目结项"),
        route!(Get "/lists", read, pages::lists::all).about(Subject::None, "项目清单"),
        route!(Get "/lists/new", draft, pages::lists::new).about(Subject::None, "拟新的项目清单"),
        route!(Post "/lists/new", draft, pages::lists::begin).about(Subject::None, "开始拟项目清单"),
        route!(Get "/lists/{id}", read, pages::lists::show)
            .about(Subject::Row("project_list"), "一份项目清单"),
        route!(Get "/lists/{id}/add", draft, pages::edit::new)
            .about(Subject::Row("project_list"), "增加项目")
            .fresh(),
        route!(Post "/lists/{id}/add", draft, pages::edit::create)
            .about(Subject::Row("project_list"), "保存新项目"),
        route!(Post "/lists/{id}/take", draft, pages::lists::take)
            .about(Subject::Row("project_list"), "结转或复制项目"),
        route!(Post "/lists/{id}/submit", draft, pages::filing::submit)
            .about(Subject::Row("project_list"), "清单征求同意"),
        route!(Post "/lists/{id}/recall", draft, pages::filing::recall)
            .about(Subject::Row("project_list"), "收回清单"),
        route!(Post "/lists/{id}/answer", Access::Can("project", "answer"), pages::filing::answer)
            .about(Subject::Row("project_list"), "同意或退回清单"),
        route!(Post "/lists/{id}/comment", Access::Can("project", "comment"), pages::filing::comment)
            .about(Subject::Row("project_list"), "市局提意见"),
        route!(Post "/lists/{id}/file", Access::Can("project", "file"), pages::filing::file)
            .about(Subject::Row("project_list"), "备案"),
        route!(Get "/lists/{id}/return", Access::Can("project", "file"), pages::filing::return_form)
            .about(Subject::Row("project_list"), "退回清单的表单")
            .fresh(),
        route!(Post "/lists/{id}/return", Access::Can("project", "file"), pages::filing::return_to_submitter)
            .about(Subject::Row("project_list"), "退回清单"),
        route!(Get "/lists/{id}/changes", read, pages::filing::changes)
            .about(Subject::Row("project_list"), "历次备案的变化"),
        route!(Get "/lists/{id}/book", read, workbook::export)
            .about(Subject::Row("project_list"), "导出清单"),
        route!(Get "/lists/{id}/paper", read, papers::show)
            .about(Subject::Row("project_list"), "清单打印稿和备案回执"),
        route!(Get "/lists/{id}/paper/{file}", read, papers::show)
            .about(Subject::Row("project_list"), "下载清单打印稿"),
        route!(Get "/lists/{id}/import", draft, workbook::form)
            .about(Subject::Row("project_list"), "导入清单的表单"),
        route!(Post "/lists/{id}/import", draft, looking workbook::read => workbook::import)
            .about(Subject::Row("project_list"), "导入清单")
            .uploads(),
    ]
}

/// A project visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<ProjectRow>> {
    tx.find(&data::PROJECT, args![id]).await
}

/// The next projects behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<ProjectRow>> {
    tx.all(&data::AFTER, args![after, most]).await
}

/// What filed projects have money for, at one county school or at all that the caller sees.
pub async fn budgets(tx: &mut Tx, school: &str) -> Result<Vec<BudgetRow>> {
    tx.all(&data::BUDGETS, args![school]).await
}

/// The projects in force at a county school for the year of a month, with what was done of them by its end; those whose
/// pairing the caller sees.
pub async fn in_month(tx: &mut Tx, school: &str, days: Period) -> Result<Vec<MonthlyRow>> {
    let year = i64::from(days.closing_year());
    tx.all(&data::MONTHLY, args![school, year, days.from, days.to]).await
}

/// The lists visible to the caller, of one year (0 for all) and one pairing ("" for all): newest first, typical counties first.
pub async fn lists_of(tx: &mut Tx, year: i64, pairing: &str) -> Result<Vec<ListRow>> {
    tx.all(&data::LISTS, args![year, pairing]).await
}

/// The projects visible to the caller for which somebody answers at an organisation and that go on after a day, the first
/// fifty.
pub async fn owned(tx: &mut Tx, (person, org): (&str, &str), day: Date) -> Result<Vec<ProjectRow>> {
    tx.all(&data::OWNED, args![person, org, day]).await
}

/// A filed list and its one project, made directly: for the tests that ask every route.
#[cfg(test)]
pub async fn example(
    tx: &mut Tx,
    pairing: &crate::network::pairings::PairingRow,
    year: i64,
    unit: &str,
) -> (String, String) {
    tests::example(tx, pairing, year, unit).await
}
