//! What is said once on the next page lies in a cookie until then. Somebody else may be able to plant a cookie (a host beside
//! this one, plain HTTP): so it is sealed with the form token of the session, which nobody else knows, and whoever is not
//! signed in is told one of a few fixed sentences and nothing else.

use crate::cookies::{Cookie, Cookies};
use crate::reply::Flash;
use crate::response::set_cookie;
use crate::session::Session;
use axum::http::HeaderMap;
use axum::response::Response;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiedui_kernel::{Error, Result, hex};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// It is said at once, or not any more.
const SECONDS: i64 = 60;

/// How messages are kept for one caller.
pub struct FlashKeeper<'a> {
    pub cookies: Cookies,
    pub session: Option<&'a Session>,
    /// What may be said to whoever is not signed in.
    pub open_words: &'a [&'a str],
}

impl FlashKeeper<'_> {
    pub fn keep(&self, response: &mut Response, flash: &Flash) -> Result<()> {
        let json = serde_json::to_string(flash).map_err(Error::internal)?;
        let value: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
        let value = format!("{}.{value}", self.seal(&value)?);
        set_cookie(response, &self.cookies.set(Cookie::Flash, &value, Some(SECONDS)));
        Ok(())
    }

    pub fn read(&self, headers: &HeaderMap) -> Option<Flash> {
        let (seal, value) = self.cookies.read(headers, Cookie::Flash)?.split_once('.')?;
        let own = self.seal(value).ok()?;
        let (text, _) = form_urlencoded::parse(value.as_bytes()).next()?;
        let flash: Flash = serde_json::from_str(&text).ok()?;
        let known = self.session.is_some()
            || (flash.undo.is_none()
                && flash.once.is_none()
                && self.open_words.contains(&flash.text.as_str()));
        (known && bool::from(seal.as_bytes().ct_eq(own.as_bytes()))).then_some(flash)
    }

    pub fn clear(&self, response: &mut Response) {
        set_cookie(response, &self.cookies.clear(Cookie::Flash));
    }

    fn seal(&self, value: &str) -> Result<String> {
        let key = self.session.map_or("", |session| session.csrf.as_str());
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Error::internal)?;
        mac.update(value.as_bytes());
        Ok(hex(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::plain;
    use axum::http::header::{COOKIE, SET_COOKIE};
    use axum::http::{HeaderValue, StatusCode};
    use jiedui_kernel::Instant;

    fn session(csrf: &str) -> Session {
        Session {
            id: String::new(),
            csrf: csrf.to_owned(),
            login: String::new(),
            must_change: false,
            must_enrol: false,
            has_views: false,
            seen_at: Instant::UNIX_EPOCH,
        }
    }

    fn keeper(session: Option<&Session>) -> FlashKeeper<'_> {
        FlashKeeper { cookies: Cookies::default(), session, open_words: &["密码已设好。"] }
    }

    /// The cookie of a message, as a browser sends it.
    fn kept(by: &FlashKeeper<'_>, flash: &Flash) -> HeaderMap {
        let mut response = plain(StatusCode::OK, "");
        by.keep(&mut response, flash).unwrap();
        let set = response.headers().get(SET_COOKIE).unwrap().to_str().unwrap();
        let pair = set.split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(pair).unwrap())])
    }

    #[test]
    fn a_message_is_read_by_the_session_for_which_it_was_kept() {
        let (one, other) = (session("aa"), session("bb"));
        let flash = Flash::done("好").undo("/entries/1/withdraw", "撤销");
        let headers = kept(&keeper(Some(&one)), &flash);
        assert_eq!(keeper(Some(&one)).read(&headers), Some(flash));
        assert_eq!(keeper(Some(&other)).read(&headers), None);
        assert_eq!(keeper(None).read(&headers), None);
    }

    #[test]
    fn a_planted_message_is_not_said() {
        let own = session("aa");
        for cookie in ["jiedui_flash=x", "jiedui_flash=00.%7B%7D", "jiedui_flash="] {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(cookie))]);
            assert_eq!(keeper(Some(&own)).read(&headers), None, "{cookie}");
        }
        let fixed = Flash::done("密码已设好。");
        assert_eq!(keeper(None).read(&kept(&keeper(None), &fixed)), Some(fixed));
        for planted in [Flash::done("请致电……"), Flash::done("密码已设好。").undo("/signout", "点这里")]
        {
            assert_eq!(keeper(None).read(&kept(&keeper(None), &planted)), None);
        }
    }

    #[test]
    fn a_message_undoes_on_this_site_only() {
        let own = session("aa");
        for elsewhere in ["//evil.example", "/\t/evil.example"] {
            assert_eq!(Flash::done("好").undo(elsewhere, "撤销").undo, None);
            let json =
                format!(r#"{{"kind":"done","text":"好","undo":{{"action":{elsewhere:?},"label":"x"}}}}"#);
            let value: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
            let sealed = format!("jiedui_flash={}.{value}", keeper(Some(&own)).seal(&value).unwrap());
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&sealed).unwrap())]);
            assert_eq!(keeper(Some(&own)).read(&headers), None);
        }
    }
}
