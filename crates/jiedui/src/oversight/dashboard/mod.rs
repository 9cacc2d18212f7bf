//! 工作台与全局概览: what I must do, by when and why; and the figures of the whole, each of which opens.

mod built;
mod desk;
mod overview;
mod papers;
mod readiness;
#[cfg(test)]
mod tests;

use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/", Access::Can("desk", "read"), desk::show).about(Subject::None, "工作台"),
        route!(Get "/overview", Access::Can("indicator", "read"), overview::show)
            .about(Subject::None, "全局概览"),
        route!(Get "/readiness", Access::Can("project", "read"), readiness::show)
            .about(Subject::None, "结对推进情况"),
    ]
}
