//! The check of the log itself: these records and only these. It recomputes every hash, every place and every head, and
//! what must be without gaps: places, heads, revisions.

use super::heads::{self, Head, PublicKey};
use super::{StoredLeaf, as_i64, parse_hash, revision};
use crate::{Tx, args, sql};
use jiedui_kernel::Result;
use jiedui_proof::Tree;
use serde::Serialize;
use std::iter::Peekable;
use std::vec::IntoIter;

sql! { HEADS: free, "SELECT size, root, at, number, signature FROM audit_head ORDER BY size" }
sql! { LEAVES: free, concat!(leaf!(), "WHERE position >= $1 AND position < $2 ORDER BY position") }
sql! { BEHIND: free, concat!(leaf!(), "WHERE position >= $1 OR position < 0 ORDER BY id LIMIT 100") }
sql! { UNPLACED: free, concat!(leaf!(), "WHERE position IS NULL ORDER BY revision, ordinal, id") }

/// One record of an import may hold a hundred rows.
const BATCH: i64 = 200;

/// What somebody noted elsewhere, and by which the log is measured.
#[derive(Clone, Default)]
pub struct Noted {
    /// Heads that were noted or printed: size and root.
    pub heads: Vec<(i64, String)>,
    /// The public half of the key that signs heads.
    pub key: Option<PublicKey>,
}

/// What a check of the whole log found.
#[derive(Debug, Clone, Serialize)]
pub struct LogCheck {
    /// Records that have their place in the tree.
    pub placed: i64,
    /// Records that still wait for it; their hashes were checked too.
    pub pending: i64,
    pub heads: i64,
    /// How many of the heads carry a signature.
    pub signed: i64,
    pub root: String,
    /// What is wrong, in Chinese, with the record or head it concerns. Empty where the log is whole.
    pub faults: Vec<String>,
}

/// Where the check stands.
struct Walk {
    tree: Tree,
    faults: Vec<String>,
    heads: Peekable<IntoIter<Head>>,
    noted: Peekable<IntoIter<(i64, String)>>,
    /// Revision and ordinal of the last record that has them.
    last: Option<(i64, i64)>,
}

impl Walk {
    /// Compares the root over the records so far with those that were noted at this size. It costs a path of hashes, so it
    /// is computed only where one was.
    fn compare(&mut self, size: i64) {
        let due = |at: Option<i64>| at.is_some_and(|at| at <= size);
        let (own, outside) = (self.heads.peek().map(|head| head.size), self.noted.peek().map(|(at, _)| *at));
        if !due(own) && !due(outside) {
            return;
        }
        let root = jiedui_proof::to_hex(&self.tree.root());
        while let Some(head) = self.heads.next_if(|head| head.size <= size) {
            if head.root != root {
                self.faults.push(format!("第 {} 号记录处的总校验值与当时记下的不一致", head.size));
            }
        }
        while let Some((at, noted)) = self.noted.next_if(|(at, _)| *at <= size) {
            if noted != root {
                self.faults.push(format!("第 {at} 号记录处的总校验值与另处记下的不一致：之前的记录被改写过"));
            }
        }
    }
}

/// Recomputes the whole log. `noted` is what is known from outside the database.
pub async fn verify(tx: &mut Tx, noted: &Noted) -> Result<LogCheck> {
    verify_with(tx, noted, |_| Ok(())).await
}

/// The same, and hands out each record in the order of the log: whoever needs all of them reads the log once.
pub(super) async fn verify_with(
    tx: &mut Tx,
    noted: &Noted,
    mut take: impl FnMut(&StoredLeaf) -> Result<()>,
) -> Result<LogCheck> {
    let heads = tx.all::<Head>(&HEADS, Vec::new()).await?;
    let (size, peaks) = tx.one::<(i64, String)>(&heads::SEQUENCER, Vec::new()).await?;
    let mut outside = noted.heads.clone();
    outside.sort_unstable();
    let mut walk = Walk {
        tree: Tree::new(tx.hash),
        faults: Vec::new(),
        heads: heads.clone().into_iter().peekable(),
        noted: outside.into_iter().peekable(),
        last: None,
    };
    let mut next = 0;
    while next < size && placed(tx, &mut walk, next, size.min(next + BATCH), &mut take).await? {
        next += BATCH;
    }
    walk.faults.extend(walk.heads.map(|head| format!("总校验值记到第 {} 号，但记录没有这么多", head.size)));
    walk.faults.extend(walk.noted.map(|(at, _)| format!("另处记下的总校验值到第 {at} 号，但记录没有这么多")));
    let whole = as_i64(walk.tree.size())? == size;
    if whole {
        ends(size, &peaks, &heads, &walk.tree, &mut walk.faults);
    }
    for leaf in tx.all::<StoredLeaf>(&BEHIND, args![size]).await? {
        walk.faults.push(format!("记录 {} 的位置在日志末尾之后，不是系统写入的", leaf.id));
    }
    let pending = tx.all::<StoredLeaf>(&UNPLACED, Vec::new()).await?;
    for leaf in &pending {
        content(tx, leaf, &mut walk.last, &mut walk.faults)?;
        take(leaf)?;
    }
    let now = revision(tx).await?;
    if let Some((last, _)) = walk.last.filter(|(last, _)| whole && *last != now) {
        walk.faults
            .push(format!("数据已改到第 {now} 版，日志只记到第 {last} 版：末尾有记录被删，或版次被改"));
    }
    signatures(tx, &heads, noted, &mut walk.faults);
    Ok(LogCheck {
        placed: as_i64(walk.tree.size())?,
        pending: as_i64(pending.len() as u64)?,
        heads: as_i64(heads.len() as u64)?,
        signed: as_i64(heads.iter().filter(|head| !head.signature.is_empty()).count() as u64)?,
        root: jiedui_proof::to_hex(&walk.tree.root()),
        faults: walk.faults,
    })
}

/// Checks the records of some places. `false` where one is missing: what comes after it cannot be judged.
async fn placed(
    tx: &mut Tx,
    walk: &mut Walk,
    from: i64,
    to: i64,
    take: &mut impl FnMut(&StoredLeaf) -> Result<()>,
) -> Result<bool> {
    let mut batch = readable(tx, from, to, &mut walk.faults).await?.into_iter().peekable();
    for position in from..to {
        let Some(leaf) = batch.next_if(|leaf| leaf.position == Some(position)) else {
            walk.faults.push(format!("第 {} 号记录缺失", position + 1));
            return Ok(false);
        };
        content(tx, &leaf, &mut walk.last, &mut walk.faults)?;
        take(&leaf)?;
        match parse_hash(&leaf.hash) {
            Ok(hash) => walk.tree.push(hash),
            Err(_) => {
                walk.faults.push(format!("第 {} 号记录的校验值不是校验值", position + 1));
                return Ok(false);
            }
        };
        walk.compare(position + 1);
    }
    Ok(true)
}

/// The records of some places. One that cannot be read, as somebody with a database tool can leave it, is named; it and
/// what follows are left out.
async fn readable(tx: &mut Tx, from: i64, to: i64, faults: &mut Vec<String>) -> Result<Vec<StoredLeaf>> {
    if let Ok(batch) = tx.all::<StoredLeaf>(&LEAVES, args![from, to]).await {
        return Ok(batch);
    }
    let mut batch = Vec::new();
    for position in from..to {
        match tx.all::<StoredLeaf>(&LEAVES, args![position, position + 1]).await {
            Ok(leaf) => batch.extend(leaf),
            Err(_) => {
                faults.push(format!("第 {} 号记录无法读取，内容已损坏", position + 1));
                break;
            }
        }
    }
    Ok(batch)
}

/// The end of the tree as the sequencer has it: the last head, and the peaks from which it goes on.
fn ends(size: i64, peaks: &str, heads: &[Head], tree: &Tree, faults: &mut Vec<String>) {
    let known: Vec<String> = tree.peaks().iter().map(jiedui_proof::to_hex).collect();
    if serde_json::from_str::<Vec<String>>(peaks).ok().as_ref() != Some(&known) {
        faults.push("日志末尾的校验值（峰值）与记录不一致".to_owned());
    }
    if size > 0 && heads.last().is_none_or(|head| head.size != size) {
        faults.push(format!("日志有 {size} 条，但没有记到这里的总校验值：总校验值被删过"));
    }
    for (number, head) in (1_i64..).zip(heads) {
        if head.number != number {
            faults.push(format!("第 {number} 个总校验值缺失"));
            break;
        }
    }
}

/// A record's own hash, and that nothing is missing between it and the one before.
fn content(
    tx: &Tx,
    leaf: &StoredLeaf,
    last: &mut Option<(i64, i64)>,
    faults: &mut Vec<String>,
) -> Result<()> {
    if !leaf.is_as_hashed(tx.hash)? {
        faults.push(format!("记录 {} 的内容与它的校验值不一致", leaf.id));
    }
    if leaf.revision > 0 {
        let follows = match *last {
            None => leaf.ordinal == 0,
            Some((revision, ordinal)) => {
                (leaf.revision, leaf.ordinal) == (revision, ordinal + 1)
                    || (leaf.revision, leaf.ordinal) == (revision + 1, 0)
            }
        };
        if !follows {
            faults.push(format!(
                "记录 {} 之前有记录缺失，或它不是系统写入的（第 {} 版）",
                leaf.id, leaf.revision
            ));
        }
        *last = Some((leaf.revision, leaf.ordinal));
    } else if last.is_some() {
        faults.push(format!("记录 {} 没有版次，不是系统写入的", leaf.id));
    }
    Ok(())
}

/// From the first signed head on, each must be signed.
fn signatures(tx: &Tx, heads: &[Head], noted: &Noted, faults: &mut Vec<String>) {
    let Some(key) = &noted.key else { return };
    if heads.iter().all(|head| head.signature.is_empty()) {
        faults.push("没有一个总校验值有签名：服务器启动时没有给出签名密钥，或签名被删".to_owned());
    }
    for head in heads.iter().skip_while(|head| head.signature.is_empty()) {
        if !head.is_signed_by(key, tx.hash) {
            faults.push(format!("第 {} 号记录处的总校验值没有有效的签名", head.size));
        }
    }
}
