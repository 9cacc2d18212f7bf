//! 行动方案条目: every sentence of the plan by its id, in our short titles, with what in the programme carries it.

pub mod coverage;
mod pages;

use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/clauses", Access::Can("programme", "read"), pages::list)
            .about(Subject::None, "行动方案条目"),
        route!(Get "/clauses/{id}", Access::Can("programme", "read"), pages::show)
            .about(Subject::Open, "一句方案及其落实"),
    ]
}
