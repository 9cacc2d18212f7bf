//! What is kept of something when it is settled: one text that says everything and can be read by itself for ever, with its
//! SHA-256, under which programme it was made, and how the log stood then.

use jiedui_kernel::{Error, Instant, Result, hex};
use jiedui_programme::Programme;
use jiedui_store::{Tx, audit};
use jiedui_web::figure::when;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use std::fmt::Display;

/// Under what it was made; part of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The version of the programme and the digest of all its files.
    pub programme: String,
    pub rules: String,
    pub taken_at: Instant,
    /// The log as it stood: number of records and root; 0 and "" before the first head.
    pub log_size: i64,
    pub log_root: String,
}

impl Stamp {
    pub async fn now(tx: &mut Tx, programme: &Programme) -> Result<Self> {
        let head = audit::heads::last(tx).await?;
        Ok(Self {
            programme: programme.meta.version.clone(),
            rules: programme.digest.clone(),
            taken_at: tx.now(),
            log_size: head.as_ref().map_or(0, |head| head.size),
            log_root: head.map(|head| head.root).unwrap_or_default(),
        })
    }
}

/// The text that is kept, and its SHA-256.
pub fn text(of: &impl Serialize) -> Result<(String, String)> {
    let text = serde_json::to_string(of).map_err(Error::internal)?;
    let digest = digest(&text);
    Ok((text, digest))
}

/// What was kept, read again; `of` names it where it cannot be read.
pub fn read<T: DeserializeOwned>(text: &str, of: impl Display) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::internal(format_args!("{of}: {error}")))
}

pub fn digest(text: &str) -> String {
    hex(sha2::Sha256::digest(text.as_bytes()))
}

/// As pages show it: `c.kept`.
#[derive(Debug, Serialize)]
pub struct KeptView {
    /// Where it is downloaded.
    href: String,
    digest: String,
    taken_at: String,
    programme: String,
    log_root: String,
    /// What can be recomputed of it agrees.
    whole: bool,
}

impl KeptView {
    /// `whole` is what the thing itself can be held to, beside its digest.
    pub fn of(stamp: &Stamp, (text, digest): (&str, &str), href: String, whole: bool) -> Self {
        Self {
            href,
            digest: digest.to_owned(),
            taken_at: when(stamp.taken_at),
            programme: stamp.programme.clone(),
            log_root: stamp.log_root.clone(),
            whole: whole && self::digest(text) == digest,
        }
    }
}
