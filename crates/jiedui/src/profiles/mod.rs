//! 年度基本情况: the year-profile of a school (T1.1).

use jiedui_kernel::Result;
use jiedui_programme::ProfileFact;
use jiedui_store::Tx;

/// Every year-profile within the reach of the one who asks, as the rules see it.
pub async fn facts(_tx: &mut Tx) -> Result<Vec<ProfileFact>> {
    Ok(Vec::new())
}
