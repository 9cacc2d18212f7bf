//! 行动方案条目: every sentence of the plan by its id, in our short titles, with what in the programme carries it. The words
//! of the plan itself are loaded by the office (`clause_text`) and stand on the page of a sentence.

mod actions;
mod data;
mod found;
mod pages;
mod rules;
#[cfg(test)]
mod tests;
mod workbook;

#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, Words, entry};
pub use actions::{load, remove};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
pub use rules::coverage;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/clauses",
    routes,
    menu: &[entry(1000, "系统", "/clauses", "行动方案条目", ("programme", "read"))],
    tables: &[table!(plain "clause_text" digest)],
    words: Words {
        actions: &[("clause_text.load", "载入方案原文"), ("clause_text.remove", "移除方案原文")],
        resources: &[("clause_text", "方案原文")],
        jobs: &[("clause_text", "命令行：方案原文")],
        ..Words::NONE
    },
    found: &[found::FOUND],
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{id}", "S1.4".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    const PREPARE: Access = Access::Can("programme", "prepare");
    vec![
        route!(Get "/clauses", Access::Can("programme", "read"), pages::list)
            .about(Subject::None, "行动方案条目"),
        route!(Get "/clauses/text", PREPARE, pages::text::form).about(Subject::None, "载入方案原文"),
        route!(Post "/clauses/text", PREPARE, pages::text::read => pages::text::submit)
            .about(Subject::None, "检查并载入方案原文")
            .uploads(),
        route!(Post "/clauses/text/remove", PREPARE, pages::text::remove)
            .about(Subject::None, "移除一版方案原文"),
        route!(Get "/clauses/text/template", PREPARE, pages::text::template)
            .about(Subject::None, "下载方案原文的模板"),
        route!(Get "/clauses/{id}", Access::Can("programme", "read"), pages::show)
            .about(Subject::Open, "一句方案及其落实"),
    ]
}
