//! A provider of identities outside, by which people may sign in: as whoever runs the system set it up, and what it last said
//! of itself. It is asked, and led to, at the hosts that were named for it and nowhere else.

use axum::http::Uri;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

/// What a provider says of itself: its description and its keys, as it sent them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    pub metadata: String,
    pub keys: String,
}

#[derive(Default)]
pub struct Provider {
    pub issuer: String,
    /// What it knows us by, and the secret by which it believes it.
    pub client: String,
    pub secret: String,
    /// What stands on the way to it on the sign-in page.
    pub button: String,
    /// Which claim its holder is shown of an account outside.
    pub name_claim: String,
    /// Hosts, with their ports where they name one: the issuer's, and those that were named beside it.
    pub hosts: Vec<String>,
    /// Whether it lies inside the network of the server.
    pub inside: bool,
    /// Ways of signing in there that stand in for our second step (`acr`, `amr`); none where it is always asked for.
    pub strong_acr: Vec<String>,
    pub strong_amr: Vec<String>,
    /// Where it leads back to: our address as it knows it.
    pub back: String,
    pub heard: Heard,
}

/// What was heard of it last; nothing while it is away.
#[derive(Default)]
pub struct Heard(RwLock<Option<Arc<Said>>>);

impl Provider {
    /// What it said of itself; none while it is away.
    pub fn said(&self) -> Option<Arc<Said>> {
        self.heard.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn note(&self, said: Option<Said>) {
        *self.heard.0.write().unwrap_or_else(PoisonError::into_inner) = said.map(Arc::new);
    }

    /// Whether this is an address of the provider. Without encryption only on the machine itself.
    pub fn has(&self, address: &str) -> bool {
        let Ok(uri) = address.parse::<Uri>() else { return false };
        let secure = uri.scheme_str() == Some("https") || is_on_this_machine(&uri);
        let named = |at: &str| self.hosts.iter().any(|host| usual(host).eq_ignore_ascii_case(usual(at)));
        secure && uri.authority().is_some_and(|authority| named(authority.as_str()))
    }

    /// The way of a browser there.
    pub fn way_to(&self, address: &str) -> Option<OutsideAddress> {
        self.has(address).then(|| OutsideAddress(address.to_owned()))
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Provider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Without the port that is meant where none is named: addresses lose it as they are put together.
fn usual(host: &str) -> &str {
    host.strip_suffix(":443").unwrap_or(host)
}

/// Whether nothing that is said there leaves the machine.
pub fn is_on_this_machine(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    uri.scheme_str() == Some("http") && host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// An address at the provider: the only one outside that an answer can lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideAddress(String);

impl OutsideAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_hosts_are_the_provider() {
        let hosts = ["id.example.cn", "127.0.0.1:9000", "keys.example.cn:443"].map(str::to_owned).to_vec();
        let provider = Provider { hosts, secret: "hidden-word".to_owned(), ..Provider::default() };
        for good in [
            "https://id.example.cn/auth?x=1",
            "https://id.example.cn:443/auth",
            "https://KEYS.example.cn",
            "http://127.0.0.1:9000/jwks",
        ] {
            assert!(provider.has(good) && provider.way_to(good).is_some(), "{good}");
        }
        for bad in [
            "http://id.example.cn/auth",
            "https://id.example.cn:8443/auth",
            "https://id.example.cn@evil.example/",
            "https://user@id.example.cn/",
            "https://evil.example/id.example.cn",
            "http://127.0.0.1:9001/jwks",
            "/auth",
            "",
        ] {
            assert!(!provider.has(bad) && provider.way_to(bad).is_none(), "{bad}");
        }
        assert!(!format!("{provider:?}").contains("hidden-word"), "secrets do not reach the log");
    }
}
