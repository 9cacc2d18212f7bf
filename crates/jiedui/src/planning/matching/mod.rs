//! 结对测算 (G0.1, G1.1): which lead college and which nearby school each county school gets. The office makes scenarios,
//! argues with them and publishes one; the optimum is proven, and everybody can check it (principle: explainable).

mod act;
pub mod body;
mod compare;
mod data;
mod downloads;
mod facts;
pub mod files;
mod hand;
mod limits;
mod map;
mod pages;
mod publish;
mod publishing;
mod results;
mod school;
mod setting;
mod solve;
mod studio;
#[cfg(test)]
mod tests;
mod views;
mod wishes;

use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use act::{NewScenario, create, open, pose, publish};
pub use hand::decide;
pub use wishes::note;

const READ: Access = Access::Can("matching", "read");
const EDIT: Access = Access::Can("matching", "edit");
const RESULT: Access = Access::Can("matching_result", "read");

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/matching", READ, pages::list).about(Subject::None, "结对测算"),
        route!(Get "/matching/new", EDIT, pages::new).about(Subject::None, "新建结对测算"),
        route!(Post "/matching/new", EDIT, pages::read => pages::create)
            .about(Subject::None, "保存新的结对测算"),
        route!(Get "/matching/wishes", READ, wishes::list).about(Subject::None, "结对意愿"),
        route!(Post "/matching/wishes", EDIT, wishes::write).about(Subject::None, "登记结对意愿"),
        route!(Post "/matching/wishes/{id}/end", EDIT, wishes::end).about(Subject::Open, "终止结对意愿"),
        route!(Get "/matching/check", RESULT, results::check).about(Subject::None, "怎样核验结对结果"),
        route!(Get "/matching/results", RESULT, results::list).about(Subject::None, "公布的结对结果"),
        route!(Get "/matching/results/{id}", RESULT, results::show)
            .about(Subject::Org, "一所学校的结对结果与理由"),
        route!(Get "/matching/results/{id}/files/{file}", RESULT, results::file)
            .about(Subject::Org, "下载公布结果的文件"),
        route!(Get "/matching/{id}", READ, studio::show).about(Subject::Open, "一个结对测算"),
        route!(Post "/matching/{id}/weights", EDIT, studio::weights => studio::keep)
            .about(Subject::Open, "保存方案权重"),
        route!(Post "/matching/{id}/refresh", EDIT, studio::refresh => studio::keep)
            .about(Subject::Open, "方案改用最新数据"),
        route!(Post "/matching/{id}/drop", EDIT, studio::discard).about(Subject::Open, "归档结对测算"),
        route!(Get "/matching/{id}/files/{file}", READ, downloads::of_scenario)
            .about(Subject::Open, "下载方案的文件"),
        route!(Get "/matching/{id}/schools/{county}", READ, school::show)
            .about(Subject::Open, "一所县级院校为什么这样结对"),
        route!(Post "/matching/{id}/schools/{county}/stance", EDIT, hand::stance => studio::keep)
            .about(Subject::Open, "改变县级院校的参加方式"),
        route!(Post "/matching/{id}/schools/{county}/choose", EDIT, hand::choose => studio::keep)
            .about(Subject::Open, "保持、排除或指定一对"),
        route!(Post "/matching/{id}/schools/{county}/lift", EDIT, hand::lift => studio::keep)
            .about(Subject::Open, "取消一项人工决定"),
        route!(Get "/matching/{id}/partners", READ, limits::show).about(Subject::Open, "各院校的名额与代价"),
        route!(Post "/matching/{id}/partners", EDIT, limits::save => studio::keep)
            .about(Subject::Open, "调整一所院校的名额"),
        route!(Get "/matching/{id}/compare", READ, compare::show).about(Subject::Open, "两个方案比较"),
        route!(Get "/matching/{id}/publish", EDIT, publishing::form).about(Subject::Open, "公布前核对"),
        route!(Post "/matching/{id}/publish", EDIT, publishing::publish).about(Subject::Open, "公布结对测算"),
    ]
}
