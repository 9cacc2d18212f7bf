//! Pages of the three administrators.

use crate::http::route::Route;

pub fn routes() -> Vec<Route> {
    Vec::new()
}
