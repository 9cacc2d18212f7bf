//! 协作项目清单

use crate::http::route::Route;

pub fn routes() -> Vec<Route> {
    Vec::new()
}

#[cfg(test)]
pub async fn example(
    _tx: &mut jiedui_store::Tx,
    _pairing: &crate::pairings::PairingRow,
) -> crate::testing::Papers {
    crate::testing::Papers::default()
}
