//! 建设成果、承诺与记录: lasting things by the types of the programme, with the stages they go through.

use jiedui_kernel::Result;
use jiedui_programme::OutputFact;
use jiedui_store::Tx;

/// Every output within the reach of the one who asks, as the rules see it.
pub async fn facts(_tx: &mut Tx) -> Result<Vec<OutputFact>> {
    Ok(Vec::new())
}
