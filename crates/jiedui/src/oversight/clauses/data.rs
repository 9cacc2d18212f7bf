//! SQL of the words of the plan, as the office loaded them.

use jiedui_kernel::Instant;
use jiedui_store::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TextRow {
    pub edition: String,
    pub text: String,
    pub loaded_by: String,
    pub loaded_at: Instant,
}

sql! { TEXTS_OF_CLAUSE: free,
"SELECT edition, text, loaded_by, loaded_at FROM clause_text WHERE programme = $1 AND clause = $2 \
ORDER BY loaded_at DESC, edition" }
sql! { TEXTS_OF_EDITION: free, "SELECT clause, text FROM clause_text WHERE programme = $1 AND edition = $2" }
sql! { EDITIONS: free, "SELECT DISTINCT edition FROM clause_text WHERE programme = $1 ORDER BY edition" }
sql! { ADD_TEXT: free,
"INSERT INTO clause_text (programme, clause, edition, text, loaded_by, loaded_at) VALUES ($1, $2, $3, $4, $5, $6)" }
sql! { CHANGE_TEXT: free,
"UPDATE clause_text SET text = $4, loaded_by = $5, loaded_at = $6 WHERE programme = $1 AND clause = $2 AND edition = $3" }
sql! { REMOVE_TEXTS: free, "DELETE FROM clause_text WHERE programme = $1 AND edition = $2" }
