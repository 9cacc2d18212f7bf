//! SQL of saved views.

use jiedui_store::sql;

#[derive(Debug, sqlx::FromRow)]
pub struct ViewRow {
    pub id: String,
    pub list: String,
    pub name: String,
    pub query: String,
}

sql! { OF_LIST: free,
"SELECT id, list, name, query FROM saved_view WHERE account = $1 AND list = $2 ORDER BY name, id LIMIT 20" }
sql! { OF_ACCOUNT: free,
"SELECT id, list, name, query FROM saved_view WHERE account = $1 ORDER BY list, name, id LIMIT 20" }
// Two at once would both find room for the last one: who saves comes after whoever saves beside the same rows.
sql! { LOCK_OWN: housekeeping("a lock; changes nothing"), "UPDATE saved_view SET name = name WHERE account = $1" }
sql! { NUMBER: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM saved_view WHERE account = $1" }
sql! { NAMED: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM saved_view WHERE account = $1 AND list = $2 AND name = $3 AND id <> $4" }
sql! { SAVE: free, "INSERT INTO saved_view (id, account, list, name, query) VALUES ($1, $2, $3, $4, $5)" }
sql! { RENAME: free, "UPDATE saved_view SET name = $3 WHERE id = $1 AND account = $2" }
sql! { FORGET: free, "DELETE FROM saved_view WHERE id = $1 AND account = $2" }
