//! What a monitoring system reads of the server (`/metrics`): requests by route, connections, jobs, the size of the log, the
//! last backup. Numbers only; nobody's name and no business row.

mod api;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::Mechanism;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism =
    Mechanism { folder: "crates/jiedui/src/oversight/metrics", routes, ..Mechanism::EMPTY };

fn routes() -> Vec<Route> {
    // Whoever has the token, which is no account's: see `api`.
    vec![
        route!(Get "/metrics", Access::Public, probe api::answer)
            .about(Subject::None, "运行指标，凭监测系统的密钥读取"),
    ]
}
