//! An address on this site: the only thing that an answer can lead to.

use serde::{Deserialize, Deserializer, Serialize};

/// A path with its query that a browser cannot read as an address elsewhere: it begins with one `/`, and everything that
/// a browser strips or folds (blanks, tabs, line breaks, backslashes, anything beyond ASCII) is percent-encoded in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LocalPath(String);

impl LocalPath {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let here = bytes.first() == Some(&b'/') && bytes.get(1) != Some(&b'/');
        let plain = bytes.iter().all(|byte| matches!(byte, 0x21..=0x7e) && *byte != b'\\');
        (here && plain).then(|| Self(text.to_owned()))
    }

    /// The address, or the first page where it could lead elsewhere.
    pub fn or_home(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self("/".to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for LocalPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no address on this site"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use url::Url;

    /// Whether a browser that is sent there from a page of this site stays on it.
    fn stays(text: &str) -> bool {
        let here = Url::parse("https://jiedui.example/signin?next=x").unwrap();
        here.join(text).is_ok_and(|there| there.origin() == here.origin())
    }

    proptest! {
        /// What is an address on this site leads to this site, by the rules that browsers read addresses by.
        #[test]
        fn an_address_on_this_site_leads_nowhere_else(
            text in "[/\\\\\\t\\n\\r @:.?#%a-z0-9\u{0}\u{a0}\u{3000}\u{ff0f}]{0,12}",
        ) {
            prop_assert!(LocalPath::parse(&text).is_none() || stays(&text), "{text:?}");
        }

        /// However `next` is written in the address of the sign-in page: once or twice encoded, or not at all.
        #[test]
        fn no_encoding_leads_elsewhere(
            start in "(/|%2f|%252f|%5c|%09|%0a|%00|\\\\|\t){1,4}",
            rest in "(evil\\.example|@evil\\.example|https:evil\\.example)(/x)?",
        ) {
            let query = format!("next={start}{rest}");
            let (_, next) = form_urlencoded::parse(query.as_bytes()).next().unwrap();
            prop_assert!(stays(LocalPath::or_home(&next).as_str()), "{query:?}");
        }
    }

    #[test]
    fn the_property_would_see_an_address_elsewhere() {
        for text in [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https:evil.example",
            "\\\\evil.example",
        ] {
            assert!(LocalPath::parse(text).is_none(), "{text:?}");
        }
        assert!(!stays("/\t/evil.example") && !stays("/\\evil.example") && !stays("//evil.example"));
        assert!(stays("/a//b") && stays("/.//evil.example") && stays("/%09/evil.example"));
    }

    #[test]
    fn addresses_of_this_site() {
        for text in ["/", "/entries?waiting=me&page=2", "/needs#n-1", "/a/%0A", "/a//b", "/forms/%E8%A1%A8"] {
            assert_eq!(LocalPath::or_home(text).as_str(), text);
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        let elsewhere = [
            "",
            "a",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            "/\n/evil.example",
            "/a\\b",
            "/a b",
            "/a\r\nSet-Cookie: x=y",
            "https://evil.example",
            "/\u{7f}",
            "/\u{a0}/evil.example",
            "/\u{3000}",
        ];
        for text in elsewhere {
            assert_eq!(LocalPath::parse(text), None, "{text:?}");
            assert_eq!(LocalPath::or_home(text).as_str(), "/");
        }
    }
}
