//! SQL of attachments.

use jiedui_kernel::Instant;
use jiedui_store::{Keyed, sql};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AttachmentRow {
    pub id: String,
    pub org: String,
    pub org_name: String,
    pub hash: String,
    pub size: i64,
    pub mime: String,
    pub name: String,
    pub added_at: Instant,
}

impl Keyed for AttachmentRow {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! rows {
    () => {
        "SELECT a.id, a.org, o.name AS org_name, a.hash, a.size, a.mime, a.name, a.added_at FROM attachment a \
         JOIN org o ON o.id = a.org WHERE a.resource_id = $1"
    };
}

sql! { OF: unscoped("after the thing was found in scope"), concat!(rows!(), " ORDER BY a.id") }
sql! { OWN: own("what the caller's own organisation added, after the thing was found in scope"),
concat!(rows!(), " AND a.id = $2 AND a.org = $3") }
sql! { INSERT: unscoped("a new row beside a thing that was found in scope") by name,
"INSERT INTO attachment (id, resource, resource_id, org, hash, size, mime, name, added_at) \
VALUES (:id, :resource, :resource_id, :org, :hash, :size, :mime, :name, :added_at)" }
sql! { DELETE: on AttachmentRow, "DELETE FROM attachment WHERE id = $1" }

// Each content once, with one of the things beside which it stands.
sql! { CONTENTS: unscoped("the comparison of all contents with the folder, by the system"),
"SELECT hash, MIN(resource_id) AS resource_id FROM attachment WHERE hash > $1 GROUP BY hash ORDER BY hash LIMIT $2" }
sql! { NAMED: unscoped("which contents of a shelf somebody names, by the system"),
"SELECT DISTINCT hash FROM attachment WHERE hash >= $1 AND hash < $2" }
