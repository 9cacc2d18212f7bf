//! Proofs that one record stands in the log, for people who do not trust the server: a file that can be checked without
//! it (`jiedui audit check FILE`, or `tools/check-proof.py`, which shares no code with it).

use super::heads::{self, Head, PublicKey};
use super::{StoredLeaf, as_i64, parse_hash};
use crate::{Tx, args, sql};
use jiedui_kernel::{Error, Result, caused};
use jiedui_proof::{Hash, HashKind};
use serde::{Deserialize, Serialize};

sql! { HASHES: free, "SELECT hash FROM audit_leaf WHERE position < $1 ORDER BY position" }

/// The first line of a proof file says what it is.
const FORMAT: &str = "jiedui-proof 1";

/// That a record stands in the log: whoever noted `(size, root)` earlier can check the path without the log.
#[derive(Debug, Clone, Serialize)]
pub struct Inclusion {
    /// The index in the tree, from 0.
    pub index: i64,
    pub head: Head,
    pub hash_kind: &'static str,
    /// The hash of the record as its content gives it today.
    pub leaf: String,
    /// The siblings from the record up to the root.
    pub path: Vec<String>,
    pub holds: bool,
}

/// The proof for one record against the newest head; `None` while the record is pending. Reads all hashes of the log: 32
/// bytes a record, for a page that is opened now and then.
pub async fn inclusion(tx: &mut Tx, leaf: &StoredLeaf) -> Result<Option<Inclusion>> {
    let (Some(index), Some(head)) = (leaf.position, heads::last(tx).await?) else { return Ok(None) };
    let kind = tx.hash;
    let rows = tx.all::<(String,)>(&HASHES, args![head.size]).await?;
    let hashes = rows.iter().map(|(text,)| parse_hash(text)).collect::<Result<Vec<Hash>>>()?;
    let at = usize::try_from(index).map_err(Error::internal)?;
    // A log with a hole has no path at all; that shows as a proof that does not hold.
    let whole = as_i64(hashes.len() as u64)? == head.size;
    let path = jiedui_proof::inclusion(kind, &hashes, at).filter(|_| whole).unwrap_or_default();
    let hash = jiedui_proof::leaf_hash(kind, &leaf.bytes()?);
    let [index_at, size_at] = [index, head.size].map(|n| u64::try_from(n).unwrap_or(0));
    let known = parse_hash(&head.root)?;
    Ok(Some(Inclusion {
        index,
        hash_kind: kind.as_str(),
        leaf: jiedui_proof::to_hex(&hash),
        holds: whole && jiedui_proof::verify_inclusion(kind, &hash, index_at, size_at, &path, &known),
        path: path.iter().map(jiedui_proof::to_hex).collect(),
        head,
    }))
}

/// A proof as it is handed out. `record` is the text that was hashed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProofFile {
    pub format: String,
    pub hash: String,
    pub record: String,
    pub index: u64,
    pub size: u64,
    pub root: String,
    pub path: Vec<String>,
    /// The line of the head, as it is signed and printed.
    pub head: String,
    /// Over `head`; "" where the server had no key.
    pub signature: String,
}

/// The proof file of a record; `None` while it is pending.
pub async fn file(tx: &mut Tx, leaf: &StoredLeaf) -> Result<Option<ProofFile>> {
    let Some(proof) = inclusion(tx, leaf).await? else { return Ok(None) };
    let record = String::from_utf8(leaf.bytes()?).map_err(Error::internal)?;
    Ok(Some(ProofFile {
        format: FORMAT.to_owned(),
        hash: proof.hash_kind.to_owned(),
        record,
        index: u64::try_from(proof.index).map_err(Error::internal)?,
        size: u64::try_from(proof.head.size).map_err(Error::internal)?,
        root: proof.head.root.clone(),
        path: proof.path,
        head: proof.head.signed_text(tx.hash),
        signature: proof.head.signature,
    }))
}

/// What a proof file that holds says.
#[derive(Debug)]
pub struct Checked {
    /// The head that it was checked against: to be compared with one noted elsewhere.
    pub head: String,
    /// Whether a key was given and the head carries its signature.
    pub signed: bool,
    /// The record, for people.
    pub record: serde_json::Value,
}

/// Checks a proof file without any database. The text of the error says what does not hold, in Chinese.
pub fn check(text: &str, key: Option<&PublicKey>) -> Result<Checked, String> {
    let file: ProofFile = serde_json::from_str(text)
        .map_err(|cause| caused("这不是一份证明文件，请核对是否选错了文件。", cause))?;
    if file.format != FORMAT {
        return Err(format!("证明文件的格式是“{}”，这个程序只认识“{FORMAT}”", file.format));
    }
    let kind: HashKind = file.hash.parse().map_err(|_| format!("不认识的校验算法“{}”", file.hash))?;
    let digits = |text: &str| jiedui_proof::from_hex(text).ok_or("证明文件里有不是校验值的内容");
    let path = file.path.iter().map(|text| digits(text)).collect::<Result<Vec<Hash>, _>>()?;
    let leaf = jiedui_proof::leaf_hash(kind, file.record.as_bytes());
    if !jiedui_proof::verify_inclusion(kind, &leaf, file.index, file.size, &path, &digits(&file.root)?) {
        return Err("记录、路径与总校验值不相符，证明不成立".to_owned());
    }
    let head = head_of(&file).ok_or("总校验值一行与证明里的条数、总校验值不相符")?;
    if key.is_some_and(|key| !head.is_signed_by(key, kind)) {
        return Err("总校验值没有这把公钥的有效签名".to_owned());
    }
    let record = serde_json::from_str(&file.record)
        .map_err(|cause| caused("证明文件里的记录读不懂，可能被改过。", cause))?;
    Ok(Checked { head: file.head, signed: key.is_some(), record })
}

/// The head that a file's line describes, where it is that of the file.
fn head_of(file: &ProofFile) -> Option<Head> {
    let words: Vec<&str> = file.head.split(' ').collect();
    let ["jiedui-head", "1", hash, number, size, root, at] = words.as_slice() else { return None };
    let head = Head {
        size: size.parse().ok()?,
        root: (*root).to_owned(),
        at: at.parse().ok()?,
        number: number.parse().ok()?,
        signature: file.signature.clone(),
    };
    (*hash == file.hash && *root == file.root && u64::try_from(head.size) == Ok(file.size)).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_kernel::Random;
    use jiedui_kernel::testing::damaged_text;

    /// The proof of the second of five records, as a server without a key hands it out.
    fn proof(record: &str) -> String {
        let kind = HashKind::Sha256;
        let leaf = |text: &str| jiedui_proof::leaf_hash(kind, text.as_bytes());
        let leaves: Vec<Hash> = ["a", record, "c", "d", "e"].into_iter().map(leaf).collect();
        let root = jiedui_proof::to_hex(&jiedui_proof::root(kind, &leaves));
        let path = jiedui_proof::inclusion(kind, &leaves, 1).unwrap();
        let at = "2026-11-24T02:00:00Z".parse().unwrap();
        let head = Head { size: 5, root: root.clone(), at, number: 1, signature: String::new() };
        let file = ProofFile {
            format: FORMAT.to_owned(),
            hash: kind.as_str().to_owned(),
            record: record.to_owned(),
            index: 1,
            size: 5,
            root,
            path: path.iter().map(jiedui_proof::to_hex).collect(),
            head: head.signed_text(kind),
            signature: String::new(),
        };
        serde_json::to_string(&file).unwrap()
    }

    /// Whoever is handed a file that was changed on its way believes nothing that is not in the log. The same ones each time.
    #[test]
    fn thousands_of_damaged_proofs_are_refused_or_say_the_same() {
        const JSON: [&str; 7] = ["\"", "[]", ",", "-1", "18446744073709551616", "sm3", "0"];
        let text = proof(r#"{"action":"entry.claim","name":"张三"}"#);
        let said = check(&text, None).unwrap().record;
        let random = Random::seeded(20_261_124);
        let mut refused = 0;
        for _ in 0..3_000 {
            match check(&damaged_text(&random, &text, &JSON), None) {
                Ok(checked) => assert_eq!(checked.record, said),
                Err(words) => {
                    assert!(!words.is_empty());
                    refused += 1;
                }
            }
        }
        assert!(refused > 2_000, "{refused}");
    }
}
