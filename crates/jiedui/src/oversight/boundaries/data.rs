//! SQL of the boundary files.

use jiedui_kernel::Instant;
use jiedui_store::sql;

sql! { IN_USE: free, "SELECT approval, shapes FROM boundary_file WHERE slot = 'in use'" }
// The newest alone: older ones are in the log.
sql! { LIST: free,
"SELECT approval, source, loaded_at, loaded_name, removed_at, removed_name FROM boundary_file \
ORDER BY loaded_at DESC, id DESC LIMIT 50" }
sql! { OF_USE: free, "SELECT id FROM boundary_file WHERE slot = 'in use'" }
sql! { INSERT: free by name,
"INSERT INTO boundary_file (id, approval, source, digest, shapes, loaded_at, loaded_name, removed_at, removed_name, slot) \
VALUES (:id, :approval, :source, :digest, :shapes, :now, :loaded_name, NULL, '', 'in use')" }
sql! { REMOVE: free,
"UPDATE boundary_file SET removed_at = $2, removed_name = $3, slot = id WHERE id = $1 AND slot = 'in use'" }

/// A file that is in use, or was.
#[derive(Debug, sqlx::FromRow)]
pub struct BoundaryRow {
    pub approval: String,
    pub source: String,
    pub loaded_at: Instant,
    pub loaded_name: String,
    pub removed_at: Option<Instant>,
    pub removed_name: String,
}
