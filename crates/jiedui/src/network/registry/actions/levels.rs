//! A level that a school was granted, noted in the registry.

use super::super::data::OrgRow;
use super::super::{NewOrg, update_school};
use jiedui_kernel::Result;
use jiedui_store::{AuditRecord, Tx};

/// Notes the level of a school; the one before stays in its lineage until today. `by` is the id of what granted it. The audit
/// record is written with it.
pub async fn take_level(tx: &mut Tx, org: &OrgRow, level: &str, by: &str) -> Result<()> {
    let new = NewOrg {
        level: level.to_owned(),
        ownership: org.ownership.clone(),
        credit_code: org.credit_code.clone(),
        source: org.source.clone(),
        ..NewOrg::default()
    };
    if !update_school(tx, org, &new).await? {
        return Ok(());
    }
    let body = serde_json::json!({ "before": org.level, "level": level, "by": by });
    tx.audit(AuditRecord { action: "registry.level", resource: "org", resource_id: &org.id }, &body).await
}
