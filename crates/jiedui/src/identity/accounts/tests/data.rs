//! SQL of these tests.

use jiedui_store::sql;

sql! { REFUSALS: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM audit_leaf WHERE resource_id = $1 AND action = 'session.refuse'" }
sql! { WRONG_PASSWORDS: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM audit_leaf WHERE resource_id = $1 AND action = 'account.password_wrong'" }
