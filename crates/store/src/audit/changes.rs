//! What was written since a record, in the order of the commits: for programs that keep a copy of something. The order is that
//! of the revisions, which clocks have no part in; a program names the record it was told last by its hash too, so that a log
//! that was put back from a copy and went on in another way is not taken for the one it knows.

use super::Written;
use crate::tx::Tx;
use crate::{args, sql};
use jiedui_kernel::Result;

sql! { SINCE: free,
"SELECT written, revision, ordinal, hash FROM audit_leaf WHERE revision >= $1 AND (revision > $1 OR ordinal >= $2) \
ORDER BY revision, ordinal LIMIT $3" }
sql! { LAST_OF: free,
"SELECT written, revision, ordinal, hash FROM audit_leaf WHERE revision = $1 ORDER BY ordinal DESC LIMIT 1" }
sql! { BELONGS: free, "SELECT resource FROM audit_row WHERE tbl = $1 AND key = $2" }

/// Letters of a hash that tell two records apart.
const MARK: usize = 16;

/// A record, without who did what.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RecordOf {
    written: Option<String>,
    pub revision: i64,
    pub ordinal: i64,
    hash: String,
}

impl RecordOf {
    /// The rows that its action wrote.
    pub fn rows(&self) -> Vec<Written> {
        self.written.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// By what it is told from a record at the same place of another log.
    pub fn mark(&self) -> &str {
        self.hash.get(..MARK).unwrap_or(&self.hash)
    }
}

/// So many records from a place on, that place included.
pub async fn since(tx: &mut Tx, (revision, ordinal): (i64, i64), most: i64) -> Result<Vec<RecordOf>> {
    tx.all(&SINCE, args![revision, ordinal, most]).await
}

/// The newest record; none in a database in which nothing was done.
pub async fn newest(tx: &mut Tx) -> Result<Option<RecordOf>> {
    let revision = tx.revision().await?;
    tx.maybe(&LAST_OF, args![revision]).await
}

/// What a row belongs to, as its table says; none where the row is gone.
pub async fn belongs_to(tx: &mut Tx, table: &str, key: &str) -> Result<Option<String>> {
    Ok(tx.maybe::<(String,)>(&BELONGS, args![table, key]).await?.map(|row| row.0))
}
