//! 行动方案条目: every sentence of the plan by its id, in our short titles, with what in the programme carries it.

mod found;
mod pages;
mod rules;

#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, entry};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
pub use rules::coverage;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/clauses",
    routes,
    menu: &[entry(1000, "系统", "/clauses", "行动方案条目", ("programme", "read"))],
    found: &[found::FOUND],
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{id}", "S1.4".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/clauses", Access::Can("programme", "read"), pages::list)
            .about(Subject::None, "行动方案条目"),
        route!(Get "/clauses/{id}", Access::Can("programme", "read"), pages::show)
            .about(Subject::Open, "一句方案及其落实"),
    ]
}
