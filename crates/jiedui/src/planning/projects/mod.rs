//! 协作项目清单 (S4.1, S4.2, G0.2; decisions.md "Filing"): the lead drafts the list of a year, the nearby and the county
//! school agree, the city comments, the provincial office files it. What a project has reached is read from the ledger.

mod actions;
mod data;
mod desk;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;
mod workbook;

use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::carry::{Take, take_over};
pub use actions::{
    Remark, add, answer, begin, close, edit, file, of_list, open, recall, remove, return_to_submitter, submit,
};
pub use data::{ListRow, ProjectRow};
pub use desk::{Kind, Waiting, waiting};
pub use pages::list::year_choices;
pub use rules::{Ended, Fields, ListState, OpenedList};

pub fn routes() -> Vec<Route> {
    let (read, draft) = (Access::Can("project", "read"), Access::Can("project", "draft"));
    vec![
        route!(Get "/projects", read, pages::list::list).about(Subject::None, "协作项目"),
        route!(Get "/projects/year", read, pages::year::show).about(Subject::None, "年度进度图"),
        route!(Get "/projects/{id}", read, pages::show::show).about(Subject::Project, "项目详情"),
        route!(Get "/projects/{id}/edit", draft, pages::edit::edit)
            .about(Subject::Project, "修改项目")
            .fresh(),
        route!(Post "/projects/{id}/edit", draft, pages::edit::save).about(Subject::Project, "保存项目"),
        route!(Post "/projects/{id}/remove", draft, pages::edit::remove).about(Subject::Project, "删除项目"),
        route!(Post "/projects/{id}/restore", draft, pages::edit::restore)
            .about(Subject::Project, "恢复项目"),
        route!(Post "/projects/{id}/close", Access::Can("project", "close"), pages::show::close)
            .about(Subject::Project, "项目结项"),
        route!(Get "/lists", read, pages::lists::all).about(Subject::None, "项目清单"),
        route!(Get "/lists/new", draft, pages::lists::new).about(Subject::None, "拟新的项目清单"),
        route!(Post "/lists/new", draft, pages::lists::begin).about(Subject::None, "开始拟项目清单"),
        route!(Get "/lists/{id}", read, pages::lists::show).about(Subject::ProjectList, "一份项目清单"),
        route!(Get "/lists/{id}/add", draft, pages::edit::new)
            .about(Subject::ProjectList, "增加项目")
            .fresh(),
        route!(Post "/lists/{id}/add", draft, pages::edit::create).about(Subject::ProjectList, "保存新项目"),
        route!(Post "/lists/{id}/take", draft, pages::lists::take)
            .about(Subject::ProjectList, "结转或复制项目"),
        route!(Post "/lists/{id}/submit", draft, pages::filing::submit)
            .about(Subject::ProjectList, "清单征求同意"),
        route!(Post "/lists/{id}/recall", draft, pages::filing::recall)
            .about(Subject::ProjectList, "收回清单"),
        route!(Post "/lists/{id}/answer", Access::Can("project", "answer"), pages::filing::answer)
            .about(Subject::ProjectList, "同意或退回清单"),
        route!(Post "/lists/{id}/comment", Access::Can("project", "comment"), pages::filing::comment)
            .about(Subject::ProjectList, "市局提意见"),
        route!(Post "/lists/{id}/file", Access::Can("project", "file"), pages::filing::file)
            .about(Subject::ProjectList, "备案"),
        route!(Get "/lists/{id}/return", Access::Can("project", "file"), pages::filing::return_form)
            .about(Subject::ProjectList, "退回清单的表单")
            .fresh(),
        route!(Post "/lists/{id}/return", Access::Can("project", "file"), pages::filing::return_to_submitter)
            .about(Subject::ProjectList, "退回清单"),
        route!(Get "/lists/{id}/changes", read, pages::filing::changes)
            .about(Subject::ProjectList, "历次备案的变化"),
        route!(Get "/lists/{id}/book", read, workbook::export).about(Subject::ProjectList, "导出清单"),
        route!(Get "/lists/{id}/import", draft, workbook::form).about(Subject::ProjectList, "导入清单的表单"),
        route!(Post "/lists/{id}/import", draft, workbook::import)
            .about(Subject::ProjectList, "导入清单")
            .uploads(),
    ]
}

/// A project visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<ProjectRow> {
    tx.one(&data::PROJECT, args![id]).await
}

/// The lists visible to the caller, of one year (0 for all) and one pairing ("" for all): newest first, typical counties first.
pub async fn lists_of(tx: &mut Tx, year: i64, pairing: &str) -> Result<Vec<ListRow>> {
    tx.all(&data::LISTS, args![year, pairing]).await
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
