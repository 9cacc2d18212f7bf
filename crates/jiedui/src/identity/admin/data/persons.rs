//! SQL of accounts that are, or may be, one person's.

use jiedui_store::sql;

/// An account beside others that are the same in something: the same person, or the same name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PersonRow {
    pub id: String,
    pub login: String,
    pub name: String,
    /// What they have in common.
    pub same: String,
}

sql! { JOINED: free,
"SELECT a.id, a.login, a.name, a.holder AS same FROM account a WHERE a.holder IS NOT NULL \
AND EXISTS (SELECT 1 FROM account b WHERE b.holder = a.holder AND b.id <> a.id) ORDER BY a.holder, a.login LIMIT 100" }
// The same name, and nobody said whether it is the same person.
sql! { NAMESAKES: free,
"SELECT a.id, a.login, a.name, a.name AS same FROM account a WHERE NOT a.disabled AND EXISTS (SELECT 1 FROM account b \
WHERE b.name = a.name AND b.id <> a.id AND NOT b.disabled AND COALESCE(b.holder, b.id) <> COALESCE(a.holder, a.id)) \
ORDER BY a.name, a.login LIMIT 100" }
