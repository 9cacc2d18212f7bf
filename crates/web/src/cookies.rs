//! The cookies of the server: their names, and how they are set. Behind TLS they carry `Secure`, and the prefix by which a
//! browser takes them from this very host alone, so that no host beside it can plant one.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// Who is signed in.
    Session,
    /// The form token of somebody who is not.
    Visitor,
    /// What is said once on the next page.
    Flash,
    /// A browser in which somebody signed in before.
    Browser,
    /// A sign-in that still lacks its second step.
    Pending,
    /// Somebody is on the way to the provider of identities, and comes back in this browser.
    Outside,
}

impl Cookie {
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Session => ["jiedui", "__Host-jiedui"],
            Self::Visitor => ["jiedui_visitor", "__Host-jiedui_visitor"],
            Self::Flash => ["jiedui_flash", "__Host-jiedui_flash"],
            Self::Browser => ["jiedui_browser", "__Host-jiedui_browser"],
            Self::Pending => ["jiedui_pending", "__Host-jiedui_pending"],
            Self::Outside => ["jiedui_outside", "__Host-jiedui_outside"],
        }
    }
}

/// How this server sets its cookies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cookies {
    pub behind_tls: bool,
}

impl Cookies {
    pub fn name(self, which: Cookie) -> &'static str {
        which.names()[usize::from(self.behind_tls)]
    }

    /// What sets a cookie: for as long as the browser runs, or for so many seconds.
    pub fn set(self, which: Cookie, value: &str, seconds: Option<i64>) -> String {
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.behind_tls { "; Secure" } else { "" };
        format!("{}={value}; Path=/{age}; HttpOnly; SameSite=Strict{secure}", self.name(which))
    }

    pub fn clear(self, which: Cookie) -> String {
        self.set(which, "", Some(0))
    }

    /// What a request carries under this name.
    pub fn read(self, headers: &HeaderMap, which: Cookie) -> Option<&str> {
        let name = self.name(which);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn behind_tls_a_cookie_is_of_this_host_alone() {
        let (plain, tls) = (Cookies::default(), Cookies { behind_tls: true });
        assert_eq!(plain.set(Cookie::Session, "a", None), "jiedui=a; Path=/; HttpOnly; SameSite=Strict");
        assert_eq!(
            tls.set(Cookie::Browser, "a", Some(9)),
            "__Host-jiedui_browser=a; Path=/; Max-Age=9; HttpOnly; SameSite=Strict; Secure"
        );
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("jiedui=planted; __Host-jiedui=own; jiedui_flash=x"));
        assert_eq!(tls.read(&headers, Cookie::Session), Some("own"));
        assert_eq!(plain.read(&headers, Cookie::Session), Some("planted"));
        assert_eq!(tls.read(&headers, Cookie::Flash), None, "one without the prefix is nobody's");
    }
}
