//! The audit log: a record for each action, written in the action's own transaction, that binds the rows the action wrote
//! ([`record`](self::record)); a sequencer that gives records their place in a Merkle tree (RFC 6962 shape,
//! `jiedui_proof`) and notes its heads ([`heads`]); checks of the log ([`check`]) and of every row against it ([`rows`]);
//! and proofs for one record ([`proofs`]).

/// What a record is read from: the columns of [`StoredLeaf`].
macro_rules! leaf {
    () => {
        "SELECT id, at, account, name, org, org_name, action, resource, resource_id, body, written, revision, ordinal, hash, \
         position FROM audit_leaf "
    };
}

pub mod changes;
pub mod check;
pub mod heads;
pub mod proofs;
mod record;
pub mod rows;
mod spread;
pub mod takeover;

use crate::tx::Tx;
use crate::{args, sql};
use jiedui_kernel::{Error, Instant, Result};
use jiedui_proof::{Hash, HashKind, Tree};
use serde::Serialize;

pub use heads::sequence;
pub use record::{Change, Written, WrittenRow};
pub(crate) use record::{Pending, Touched, differences, last_revision, write_records, written};

/// The action of a record by which somebody takes changed rows for true.
const ACCEPT: &str = "log.accept";
pub use rows::{faults, must_agree};

sql! { ONE_LEAF: free, concat!(leaf!(), "WHERE id = $1") }

/// One record as it lies in the log.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct StoredLeaf {
    pub id: String,
    pub at: Instant,
    pub account: String,
    pub name: String,
    pub org: String,
    pub org_name: String,
    pub action: String,
    // These two have in the hashed bytes the names of the first log: what is written stays verifiable.
    #[serde(rename = "thing")]
    pub resource: String,
    #[serde(rename = "thing_id")]
    pub resource_id: String,
    pub body: String,
    /// The rows that its action wrote, as JSON; records of the first log have none. Read with [`rows`](Self::rows).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// The revision that its transaction made; 0 in the first log.
    #[serde(skip_serializing_if = "is_zero")]
    pub revision: i64,
    /// Its place among the records of its transaction.
    #[serde(skip_serializing_if = "is_zero")]
    pub ordinal: i64,
    #[serde(skip)]
    pub hash: String,
    #[serde(skip)]
    pub position: Option<i64>,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl StoredLeaf {
    /// The bytes that are hashed: JSON with the fields in the order of this struct.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(Error::internal)
    }

    /// The rows that its action wrote. None where the text is no list of rows: then its hash does not fit either.
    pub fn rows(&self) -> Vec<Written> {
        self.written.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    fn is_as_hashed(&self, kind: HashKind) -> Result<bool> {
        Ok(jiedui_proof::to_hex(&jiedui_proof::leaf_hash(kind, &self.bytes()?)) == self.hash)
    }
}

pub(crate) fn hash_named(name: &str) -> Result<HashKind> {
    match name {
        "sha256" => Ok(HashKind::Sha256),
        "sm3" => Ok(HashKind::Sm3),
        other => Err(Error::internal(format_args!("unknown hash {other:?}: use sha256 or sm3"))),
    }
}

/// The revision of the data that a transaction sees.
pub(crate) async fn revision(tx: &mut Tx) -> Result<i64> {
    tx.number(&record::REVISION, Vec::new()).await
}

/// One leaf by its id.
pub async fn leaf(tx: &mut Tx, id: &str) -> Result<StoredLeaf> {
    tx.one(&ONE_LEAF, args![id]).await
}

fn tree_from(kind: HashKind, size: i64, peaks: &str) -> Result<Tree> {
    let texts: Vec<String> = serde_json::from_str(peaks).map_err(Error::internal)?;
    let peaks = texts.iter().map(|text| parse_hash(text)).collect::<Result<Vec<Hash>>>()?;
    Tree::from_peaks(kind, u64::try_from(size).map_err(Error::internal)?, peaks)
        .ok_or_else(|| Error::internal("the sequencer's peaks do not fit its size"))
}

fn parse_hash(text: &str) -> Result<Hash> {
    jiedui_proof::from_hex(text).ok_or_else(|| Error::internal("a stored hash is not hexadecimal"))
}

fn as_i64(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(Error::internal)
}
