//! 填报负担.

use crate::http::route::Route;

pub fn routes() -> Vec<Route> {
    Vec::new()
}
