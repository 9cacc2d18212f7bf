//! The audit log: a leaf for each action, written in the action's own transaction; a sequencer that gives leaves their
//! place in a Merkle tree (RFC 6962 shape, `jiedui_proof`); and a check that recomputes all of it.

use crate::tx::{AuditRecord, Tx};
use crate::{args, named, sql};
use jiedui_kernel::{Actor, Error, Instant, Result};
use jiedui_proof::{Hash, HashKind, Tree};
use serde::Serialize;
use std::sync::Arc;

sql! { REVISION: free, "SELECT n FROM revision WHERE id = 1" }
sql! { RAISE_REVISION: housekeeping("counts audited writes"), "UPDATE revision SET n = n + 1 WHERE id = 1" }
sql! { APPEND: free by name,
"INSERT INTO audit_leaf (id, at, account, name, org, org_name, action, resource, resource_id, body, hash) \
VALUES (:id, :at, :account, :name, :org, :org_name, :action, :resource, :resource_id, :body, :hash)" }
// The update comes first: it is the lock that both engines know, so that two nodes never number the same leaf.
sql! { LOCK_SEQUENCER: housekeeping("gives places in the tree; changes no leaf"),
"UPDATE audit_sequencer SET size = size WHERE id = 1" }
sql! { SEQUENCER: free, "SELECT size, peaks FROM audit_sequencer WHERE id = 1" }
sql! { PENDING: free, "SELECT id, hash FROM audit_leaf WHERE position IS NULL ORDER BY id LIMIT 5000" }
sql! { PENDING_COUNT: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_leaf WHERE position IS NULL" }
sql! { PLACE: housekeeping("gives places in the tree; changes no leaf"),
"UPDATE audit_leaf SET position = $2 WHERE id = $1 AND position IS NULL" }
sql! { ADVANCE: housekeeping("gives places in the tree; changes no leaf"),
"UPDATE audit_sequencer SET size = $1, peaks = $2 WHERE id = 1" }
sql! { HEAD: housekeeping("gives places in the tree; changes no leaf"),
"INSERT INTO audit_head (size, root, at) VALUES ($1, $2, $3)" }
sql! { HEADS: free, "SELECT size, root FROM audit_head ORDER BY size" }
sql! { LEAVES: free,
"SELECT id, at, account, name, org, org_name, action, resource, resource_id, body, hash, position FROM audit_leaf \
WHERE position >= $1 AND position < $2 ORDER BY position" }
sql! { UNPLACED: free,
"SELECT id, at, account, name, org, org_name, action, resource, resource_id, body, hash, position FROM audit_leaf \
WHERE position IS NULL ORDER BY id" }

sql! { LAST_HEAD: free, "SELECT size, root FROM audit_head ORDER BY size DESC LIMIT 1" }
sql! { HASHES: free, "SELECT hash FROM audit_leaf WHERE position < $1 ORDER BY position" }
sql! { ONE_LEAF: free,
"SELECT id, at, account, name, org, org_name, action, resource, resource_id, body, hash, position FROM audit_leaf \
WHERE id = $1" }

/// One leaf as it lies in the log.
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
    #[serde(skip)]
    pub hash: String,
    #[serde(skip)]
    pub position: Option<i64>,
}

impl StoredLeaf {
    /// The bytes that are hashed: JSON with the fields in the order of this struct.
    fn bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(Error::internal)
    }
}

pub(crate) fn hash_named(name: &str) -> Result<HashKind> {
    match name {
        "sha256" => Ok(HashKind::Sha256),
        "sm3" => Ok(HashKind::Sm3),
        other => Err(Error::internal(format_args!("unknown hash {other:?}: use sha256 or sm3"))),
    }
}

pub(crate) async fn append(tx: &mut Tx, leaf: AuditRecord<'_>, body: &impl Serialize) -> Result<()> {
    let actor = Arc::clone(&tx.actor);
    let stored = StoredLeaf {
        id: tx.new_id(),
        at: tx.now,
        account: actor.account().to_owned(),
        name: actor.name().to_owned(),
        org: actor.org.clone(),
        org_name: actor.org_name.clone(),
        action: leaf.action.to_owned(),
        resource: leaf.resource.to_owned(),
        resource_id: leaf.resource_id.to_owned(),
        body: serde_json::to_string(body).map_err(Error::internal)?,
        hash: String::new(),
        position: None,
    };
    let hash = jiedui_proof::to_hex(&jiedui_proof::leaf_hash(tx.hash, &stored.bytes()?));
    named!(APPEND {
        id: stored.id,
        at: stored.at,
        account: stored.account,
        name: stored.name,
        org: stored.org,
        org_name: stored.org_name,
        action: stored.action,
        resource: stored.resource,
        resource_id: stored.resource_id,
        body: stored.body,
        hash,
    })
    .write(tx)
    .await
    .map(drop)
}

/// Gives every pending leaf its place. Returns how many were placed.
pub async fn sequence(db: &crate::Db) -> Result<u64> {
    let mut tx = db.read(Arc::new(Actor::system("sequencer"))).await?;
    if tx.number(&PENDING_COUNT, Vec::new()).await? == 0 {
        return Ok(0);
    }
    drop(tx);
    let mut tx = db.begin(Arc::new(Actor::system("sequencer"))).await?;
    tx.write(&LOCK_SEQUENCER, Vec::new()).await?;
    let (size, peaks) = tx.one::<(i64, String)>(&SEQUENCER, Vec::new()).await?;
    let mut tree = tree_from(tx.hash, size, &peaks)?;
    let pending = tx.all::<(String, String)>(&PENDING, Vec::new()).await?;
    let mut placed = 0;
    for (id, hash) in &pending {
        tree.push(parse_hash(hash)?);
        let position = as_i64(tree.size())? - 1;
        placed += tx.write(&PLACE, args![id, position]).await?;
    }
    if placed > 0 {
        let peaks: Vec<String> = tree.peaks().iter().map(jiedui_proof::to_hex).collect();
        let size = as_i64(tree.size())?;
        tx.write(&ADVANCE, args![size, serde_json::to_string(&peaks).map_err(Error::internal)?]).await?;
        tx.write(&HEAD, args![size, jiedui_proof::to_hex(&tree.root()), tx.now()]).await?;
    }
    tx.commit().await?;
    Ok(placed)
}

/// What a check of the whole log found.
#[derive(Debug, Clone, Serialize)]
pub struct LogCheck {
    /// Leaves that have their place in the tree.
    pub placed: i64,
    /// Leaves that still wait for it; their hashes were checked too.
    pub pending: i64,
    pub heads: i64,
    pub root: String,
    /// What is wrong, in Chinese, with the leaf or head it concerns. Empty where the log is whole.
    pub faults: Vec<String>,
}

/// Recomputes every leaf's hash, every place, and every recorded root.
pub async fn verify(tx: &mut Tx) -> Result<LogCheck> {
    let heads = tx.all::<(i64, String)>(&HEADS, Vec::new()).await?;
    let (size, _) = tx.one::<(i64, String)>(&SEQUENCER, Vec::new()).await?;
    let mut tree = Tree::new(tx.hash);
    let mut faults = Vec::new();
    let mut due = heads.iter().peekable();
    let mut next = 0;
    while next < size {
        let batch = tx.all::<StoredLeaf>(&LEAVES, args![next, next + 2000]).await?;
        for position in next..size.min(next + 2000) {
            let index = usize::try_from(position - next).map_err(Error::internal)?;
            match batch.get(index).filter(|leaf| leaf.position == Some(position)) {
                Some(leaf) => {
                    check_leaf(tx.hash, leaf, &mut faults)?;
                    tree.push(parse_hash(&leaf.hash)?);
                }
                None => {
                    faults.push(format!("第 {} 号记录缺失", position + 1));
                    return Ok(LogCheck {
                        placed: position,
                        pending: 0,
                        heads: 0,
                        root: String::new(),
                        faults,
                    });
                }
            }
            while let Some((_, root)) = due.next_if(|(at, _)| *at == position + 1) {
                if *root != jiedui_proof::to_hex(&tree.root()) {
                    faults.push(format!("第 {} 号记录处的总校验值与当时记下的不一致", position + 1));
                }
            }
        }
        next += 2000;
    }
    faults.extend(due.map(|(at, _)| format!("总校验值记到第 {at} 号，但记录没有这么多")));
    let pending = tx.all::<StoredLeaf>(&UNPLACED, Vec::new()).await?;
    for leaf in &pending {
        check_leaf(tx.hash, leaf, &mut faults)?;
    }
    Ok(LogCheck {
        placed: size,
        pending: as_i64(pending.len() as u64)?,
        heads: as_i64(heads.len() as u64)?,
        root: jiedui_proof::to_hex(&tree.root()),
        faults,
    })
}

/// One leaf by its id.
pub async fn leaf(tx: &mut Tx, id: &str) -> Result<StoredLeaf> {
    tx.one(&ONE_LEAF, args![id]).await
}

/// That a leaf stands in the log: whoever noted `(size, root)` earlier can check the path without the log.
#[derive(Debug, Clone, Serialize)]
pub struct Inclusion {
    /// The index in the tree, from 0.
    pub index: i64,
    pub size: i64,
    pub root: String,
    pub hash_kind: &'static str,
    /// The hash of the leaf as its content gives it today.
    pub leaf: String,
    /// The siblings from the leaf up to the root.
    pub path: Vec<String>,
    pub holds: bool,
}

/// The proof for one leaf against the newest recorded root; `None` while the leaf is pending. Reads all hashes of the
/// log: 32 bytes a leaf, for a page that an auditor opens now and then.
pub async fn inclusion(tx: &mut Tx, leaf: &StoredLeaf) -> Result<Option<Inclusion>> {
    let (Some(index), Some((size, root))) =
        (leaf.position, tx.maybe::<(i64, String)>(&LAST_HEAD, Vec::new()).await?)
    else {
        return Ok(None);
    };
    let kind = tx.hash;
    let rows = tx.all::<(String,)>(&HASHES, args![size]).await?;
    let hashes = rows.iter().map(|(text,)| parse_hash(text)).collect::<Result<Vec<Hash>>>()?;
    let at = usize::try_from(index).map_err(Error::internal)?;
    // A log with a hole has no path at all; that shows as a proof that does not hold.
    let whole = as_i64(hashes.len() as u64)? == size;
    let path = jiedui_proof::inclusion(kind, &hashes, at).filter(|_| whole).unwrap_or_default();
    let hash = jiedui_proof::leaf_hash(kind, &leaf.bytes()?);
    let [index_at, size_at] = [index, size].map(|n| u64::try_from(n).unwrap_or(0));
    let known = parse_hash(&root)?;
    Ok(Some(Inclusion {
        index,
        size,
        root,
        hash_kind: kind.as_str(),
        leaf: jiedui_proof::to_hex(&hash),
        holds: whole && jiedui_proof::verify_inclusion(kind, &hash, index_at, size_at, &path, &known),
        path: path.iter().map(jiedui_proof::to_hex).collect(),
    }))
}

fn check_leaf(kind: HashKind, leaf: &StoredLeaf, faults: &mut Vec<String>) -> Result<()> {
    if jiedui_proof::to_hex(&jiedui_proof::leaf_hash(kind, &leaf.bytes()?)) != leaf.hash {
        faults.push(format!("记录 {} 的内容与它的校验值不一致", leaf.id));
    }
    Ok(())
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
