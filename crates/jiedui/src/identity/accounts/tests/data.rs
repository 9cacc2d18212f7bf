//! SQL of these tests.

use jiedui_store::sql;

sql! { REFUSALS: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM audit_leaf WHERE resource_id = $1 AND action = 'session.refuse'" }
