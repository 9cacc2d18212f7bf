//! Import of the school registry and the pairing table from workbooks or CSV (G1.1).

use crate::http::route::Route;
use jiedui_kernel::Result;
use jiedui_store::Tx;

pub fn routes() -> Vec<Route> {
    Vec::new()
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct Report {
    pub errors: Vec<String>,
}

impl Report {
    pub fn summary(&self) -> String {
        String::new()
    }
}

pub async fn import(tx: &mut Tx, bytes: &[u8], name: &str) -> Result<Report> {
    let _ = (tx, bytes, name);
    Ok(Report::default())
}
