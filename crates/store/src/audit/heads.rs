//! The sequencer, and the heads of the tree that it notes: how many records there are, and the root over them. A head may
//! be signed with a key that is not in the database, and noted by people elsewhere.

use super::{as_i64, parse_hash, tree_from};
use crate::{Tx, args, sql};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use jiedui_kernel::{Actor, Error, Instant, Result, hex};
use jiedui_proof::HashKind;
use serde::Serialize;
use std::sync::Arc;

// The update comes first: it is the lock that both engines know, so that two nodes never number the same record.
sql! { LOCK_SEQUENCER: housekeeping("gives places in the tree; changes no record"),
"UPDATE audit_sequencer SET size = size WHERE id = 1" }
sql! { SEQUENCER: free, "SELECT size, peaks FROM audit_sequencer WHERE id = 1" }
sql! { PENDING: free,
"SELECT id, hash FROM audit_leaf WHERE position IS NULL ORDER BY revision, ordinal, id LIMIT 500" }
sql! { PENDING_COUNT: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_leaf WHERE position IS NULL" }
// A record behind the end of the tree was put there by somebody: it has no place, and must not stop those that follow.
sql! { UNPLACE: housekeeping("gives places in the tree; changes no record"),
"UPDATE audit_leaf SET position = NULL WHERE position >= $1" }
sql! { PLACE: housekeeping("gives places in the tree; changes no record"),
"UPDATE audit_leaf SET position = $2 WHERE id = $1 AND position IS NULL" }
sql! { ADVANCE: housekeeping("gives places in the tree; changes no record"),
"UPDATE audit_sequencer SET size = $1, peaks = $2 WHERE id = 1" }
sql! { LAST_NUMBER: free, "SELECT COALESCE(MAX(number), 0) FROM audit_head" }
sql! { NOTE_HEAD: housekeeping("gives places in the tree; changes no record"),
"INSERT INTO audit_head (size, root, at, number, signature) VALUES ($1, $2, $3, $4, $5)" }
sql! { LAST_HEAD: free, "SELECT size, root, at, number, signature FROM audit_head ORDER BY size DESC LIMIT 1" }

sql! { HEAD_OF: free, "SELECT size, root, at, number, signature FROM audit_head WHERE size = $1" }

/// A head of the tree, as the sequencer noted it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Head {
    /// How many records the tree has.
    pub size: i64,
    /// The root over them, in hexadecimal.
    pub root: String,
    pub at: Instant,
    /// Heads are numbered from 1, without gaps.
    pub number: i64,
    /// Ed25519 over [`signed_text`](Self::signed_text), in hexadecimal; "" where the server had no key.
    pub signature: String,
}

impl Head {
    /// What is signed: one line, so that it can be read, printed and compared.
    pub fn signed_text(&self, hash: HashKind) -> String {
        let at = self.at.format("%Y-%m-%dT%H:%M:%S%.6fZ");
        format!("jiedui-head 1 {} {} {} {} {at}", hash.as_str(), self.number, self.size, self.root)
    }

    /// Whether the signature is that of this key.
    pub fn is_signed_by(&self, key: &PublicKey, hash: HashKind) -> bool {
        let bytes: Option<Vec<u8>> = from_hex(&self.signature);
        bytes
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .is_some_and(|signature| key.0.verify(self.signed_text(hash).as_bytes(), &signature).is_ok())
    }
}

/// The key that signs heads. It lies in a file outside the database and its backups.
#[derive(Clone)]
pub struct LogKey(SigningKey);

impl LogKey {
    pub fn generate() -> Result<Self> {
        let mut seed = [0; 32];
        jiedui_kernel::Random::System.fill(&mut seed);
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// From the text of its file: PKCS #8 in PEM, as OpenSSL writes Ed25519 keys.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        SigningKey::from_pkcs8_pem(text).map(Self).map_err(|cause| cause.to_string())
    }

    pub fn to_pem(&self) -> Result<String> {
        let pem = self.0.to_pkcs8_pem(ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF);
        pem.map(|text| text.as_str().to_owned()).map_err(Error::internal)
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    fn sign(&self, text: &str) -> String {
        hex(self.0.sign(text.as_bytes()).to_bytes())
    }
}

/// The key that tells whether a head was signed by its [`LogKey`]; 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    pub fn to_hex(self) -> String {
        jiedui_proof::to_hex(self.0.as_bytes())
    }

    /// `None` for anything but 64 hexadecimal digits that are a key.
    pub fn from_hex(text: &str) -> Option<Self> {
        VerifyingKey::from_bytes(&jiedui_proof::from_hex(text)?).ok().map(Self)
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// The newest head; `None` before the first.
pub async fn last(tx: &mut Tx) -> Result<Option<Head>> {
    tx.maybe(&LAST_HEAD, Vec::new()).await
}

/// The head that was noted when the tree had so many records.
pub async fn of_size(tx: &mut Tx, size: i64) -> Result<Option<Head>> {
    tx.maybe(&HEAD_OF, args![size]).await
}

/// Gives every pending record its place. Returns how many were placed.
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
    if tx.write(&UNPLACE, args![size]).await? > 0 {
        tracing::warn!(size, "records behind the end of the tree were put there outside the program");
    }
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
        let number = tx.number(&LAST_NUMBER, Vec::new()).await? + 1;
        let root = jiedui_proof::to_hex(&tree.root());
        let mut head = Head { size, root, at: tx.now(), number, signature: String::new() };
        if let Some(key) = db.log_key() {
            head.signature = key.sign(&head.signed_text(tx.hash));
        }
        tx.write(&NOTE_HEAD, args![size, head.root, head.at, number, head.signature]).await?;
    }
    tx.commit().await?;
    Ok(placed)
}
