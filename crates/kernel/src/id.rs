//! A word that names something: in an address, a row or a thing of the programme.

use serde::Serialize;
use std::fmt;
use std::ops::Deref;

/// What stands in an address for a row or a thing of the programme: letters, digits, `.`, `_` and `-`, not too many. Whoever
/// holds one knows that its text can be looked up and written into an address as it is; whether there is such a thing, the
/// database says.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Id(String);

/// The name of a draft, two ids with a word, is the longest of them.
const LONGEST: usize = 80;

impl Id {
    /// None where the text names nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let named = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-');
        let fits = (1..=LONGEST).contains(&text.len()) && text.chars().all(named);
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl PartialEq<Id> for &str {
    fn eq(&self, other: &Id) -> bool {
        *self == other.0
    }
}

impl PartialEq<Id> for String {
    fn eq(&self, other: &Id) -> bool {
        *self == other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_nothing_is_no_id() {
        for text in
            ["0198a0ebc276607109af6dd90cfc017f", "T4.2", "2026-spring", "pairs.xlsx", "numeric_control"]
        {
            assert_eq!(Id::parse(text).as_deref(), Some(text));
        }
        let long = "x".repeat(81);
        for text in ["", "a/b", "a b", "甲", "a%", "a'", "..\\", long.as_str()] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }
}
