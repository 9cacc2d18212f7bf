//! What the other side says to a batch: how many rows it took, and of the others why not.

use crate::{MAX_BYTES, MAX_CHARS};
use serde::Deserialize;
use std::collections::BTreeSet;

/// `{"accepted": 2, "refused": [{"line": 3, "field": "zxss", "words": "…"}]}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Answer {
    pub accepted: usize,
    #[serde(default)]
    pub refused: Vec<Refused>,
}

/// A row that was not taken. The line counts the rows of the batch, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refused {
    pub line: usize,
    #[serde(default)]
    pub field: String,
    #[serde(default)]
    pub words: String,
}

/// An answer that says nothing one could rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not that of the profile")]
pub struct Garbled;

/// The answer to a batch of so many rows.
///
/// # Errors
/// Where it is not of this form, names rows that were not sent, or does not account for each of them.
pub fn answer(bytes: &[u8], sent: usize) -> Result<Answer, Garbled> {
    if bytes.len() > MAX_BYTES {
        return Err(Garbled);
    }
    // Editors put a mark before what a person saves.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let found: Answer = serde_json::from_slice(bytes).map_err(|_| Garbled)?;
    let lines: BTreeSet<usize> = found.refused.iter().map(|one| one.line).collect();
    let known = lines.iter().all(|line| (1..=sent).contains(line));
    if !known || found.accepted.checked_add(lines.len()) != Some(sent) {
        return Err(Garbled);
    }
    let plain = |text: &str| text.chars().filter(|sign| !sign.is_control()).take(MAX_CHARS).collect();
    let refused = found.refused.iter().map(|one| Refused {
        line: one.line,
        field: plain(&one.field),
        words: plain(&one.words),
    });
    Ok(Answer { accepted: found.accepted, refused: refused.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_accounts_for_every_row() {
        assert_eq!(answer(br#"{"accepted":2}"#, 2), Ok(Answer { accepted: 2, refused: Vec::new() }));
        assert!(answer("\u{FEFF}{\"accepted\":2}".as_bytes(), 2).is_ok(), "saved by an editor");
        let two = br#"{"accepted":1,"refused":[{"line":2,"words":"a\u0000b"},{"line":2}]}"#;
        assert_eq!(answer(two, 2).unwrap().refused[0].words, "ab", "a line may be refused for two reasons");
        for bad in [
            "",
            "ok",
            "[]",
            "{}",
            "null",
            r#"{"accepted":1}"#,
            r#"{"accepted":-1}"#,
            r#"{"accepted":3}"#,
            r#"{"accepted":1,"refused":[{"line":3}]}"#,
            r#"{"accepted":2,"refused":[{"line":0}]}"#,
            r#"{"accepted":18446744073709551615,"refused":[{"line":1}]}"#,
        ] {
            assert_eq!(answer(bad.as_bytes(), 2), Err(Garbled), "{bad}");
        }
        assert_eq!(answer(&vec![b' '; MAX_BYTES + 1], 2), Err(Garbled));
    }
}
