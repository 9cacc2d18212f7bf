//! Signing in by a provider of identities outside: the file in which whoever runs the system names it, and what binds the way
//! there and back to one browser.

use axum::http::Uri;
use jiedui_web::Provider;
use jiedui_web::local_path::LocalPath;
use jiedui_web::provider::is_on_this_machine;
use jiedui_web::session::digest;
use serde::Deserialize;
use std::path::PathBuf;

/// Where the provider leads back to.
pub const BACK: &str = "/signin/outside/back";
/// The claims by which a holder may be shown an account outside.
const CLAIMS: [&str; 5] = ["sub", "preferred_username", "name", "email", "phone_number"];
/// The longest name of the provider on the sign-in page, in characters.
const LONGEST_BUTTON: usize = 20;
/// The longest address to go on to that is kept on the way.
const LONGEST_NEXT: usize = 500;
/// What is shown of an account outside, in characters.
const LONGEST_SHOWN: usize = 60;

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    issuer: String,
    client: String,
    pub secret_file: PathBuf,
    button: String,
    #[serde(default = "by_subject")]
    name_claim: String,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    inside: bool,
    #[serde(default)]
    second_factor: Strong,
}

/// Ways of signing in there that stand in for our second step.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strong {
    #[serde(default)]
    acr: Vec<String>,
    #[serde(default)]
    amr: Vec<String>,
}

fn by_subject() -> String {
    "sub".to_owned()
}

/// Reads the file, or says what is wrong with it.
pub fn named(text: &str) -> Result<Named, String> {
    let named: Named = toml::from_str(text).map_err(|cause| format!("读不懂，原文：{cause}"))?;
    let length = named.button.trim().chars().count();
    if length == 0 || length > LONGEST_BUTTON {
        return Err(format!("button 是登录页上的字，一到 {LONGEST_BUTTON} 个。"));
    }
    if named.client.is_empty() || !named.client.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("client 只能用英文字母、数字和符号。".to_owned());
    }
    if !CLAIMS.contains(&named.name_claim.as_str()) {
        return Err(format!("name_claim 只能是 {} 之一。", CLAIMS.join("、")));
    }
    if named
        .hosts
        .iter()
        .any(|host| format!("https://{host}").parse::<Uri>().is_err() || host.contains(['/', '@']))
    {
        return Err("hosts 只写主机名，端口不是默认的加上端口。".to_owned());
    }
    issuer(&named.issuer).map(|_| named)
}

/// Host and port of the issuer, and whether it is on the machine itself.
fn issuer(text: &str) -> Result<(String, bool), String> {
    let wrong =
        || "issuer 要以 https:// 开头，不带账号和参数；只有在本机（127.0.0.1）的才能用 http://。".to_owned();
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let here = is_on_this_machine(&uri);
    let host = uri.authority().map(|authority| authority.as_str().to_owned()).ok_or_else(wrong)?;
    if !(here || uri.scheme_str() == Some("https")) || host.contains('@') || uri.query().is_some() {
        return Err(wrong());
    }
    Ok((host, here))
}

impl Named {
    /// The provider, with the secret of its file; `address` is where people open this system.
    pub fn provider(self, secret: &str, address: &str) -> Result<Provider, String> {
        let (host, here) = issuer(&self.issuer)?;
        let secret = secret.trim();
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("secret_file 里要有一行密码，只用英文字母、数字和符号。".to_owned());
        }
        Ok(Provider {
            issuer: self.issuer,
            client: self.client,
            secret: secret.to_owned(),
            button: self.button.trim().to_owned(),
            name_claim: self.name_claim,
            hosts: [vec![host], self.hosts].concat(),
            inside: self.inside || here,
            strong_acr: self.second_factor.acr,
            strong_amr: self.second_factor.amr,
            back: format!("{}{BACK}", address.trim_end_matches('/')),
            ..Provider::default()
        })
    }
}

/// What one way there and back is bound by: all made from the one token that the browser keeps, so that an answer meant for
/// another browser fits none of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// What the provider sends back as it came (`state` of RFC 6749).
    pub echo: String,
    pub nonce: String,
    pub verifier: String,
}

impl Bound {
    pub fn by(token: &str) -> Self {
        let part = |name: &str| digest(&format!("{name}:{token}"));
        Self { echo: part("state"), nonce: part("nonce"), verifier: part("verifier") }
    }
}

/// What the browser keeps: the token, and where one wanted to be.
pub fn kept(token: &str, next: &str) -> String {
    let next = LocalPath::parse(next).filter(|next| next.as_str().len() <= LONGEST_NEXT);
    let next = next.as_ref().map_or("", LocalPath::as_str);
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{token}.{next}")
}

/// What was kept, where the answer belongs to it: what binds it, and where one wanted to be.
pub fn fitting(kept: &str, echo: &str) -> Option<(Bound, String)> {
    let (token, next) = kept.split_once('.')?;
    let bound = Bound::by(token);
    let next = form_urlencoded::parse(next.as_bytes())
        .next()
        .map_or_else(String::new, |(next, _)| next.into_owned());
    // Digests of both, so that the time taken says nothing of either.
    (digest(echo) == digest(&bound.echo)).then_some((bound, next))
}

/// By what an account outside is kept: issuer and subject together.
pub fn mark(issuer: &str, subject: &str) -> String {
    digest(&format!("{issuer}\n{subject}"))
}

/// What its holder is shown of an account outside: letters and digits, and what stands between them in names and addresses.
pub fn shown(text: &str) -> String {
    let fine = |c: &char| c.is_alphanumeric() || " @.-_+·".contains(*c);
    text.chars().filter(fine).take(LONGEST_SHOWN).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "issuer = 'https://id.example.cn/realm'\nclient = 'jiedui'\nsecret_file = 'secret'\nbutton = '粤政易'\n";

    #[test]
    fn the_file_names_the_provider() {
        let more = "name_claim = 'email'\nhosts = ['keys.example.cn:8443']\n[second_factor]\namr = ['mfa']\n";
        let read = named(&format!("{FILE}{more}")).unwrap();
        let provider = read.provider("s3cret\n", "https://jiedui.example.cn/").unwrap();
        assert_eq!(provider.back, "https://jiedui.example.cn/signin/outside/back");
        assert_eq!((provider.hosts.len(), provider.secret.as_str(), provider.inside), (2, "s3cret", false));
        assert!(
            provider.has("https://keys.example.cn:8443/jwks")
                && !provider.has("https://keys.example.cn/jwks")
        );
        let plain = named(FILE).unwrap().provider("s", "http://127.0.0.1:8080").unwrap();
        assert!(plain.strong_acr.is_empty() && plain.strong_amr.is_empty(), "nothing stands in by itself");
        let here = FILE.replace("https://id.example.cn/realm", "http://127.0.0.2:9000");
        assert!(named(&here).unwrap().provider("s", "http://127.0.0.1:8080").unwrap().inside);
        assert!(named(FILE).unwrap().provider(" \n", "http://127.0.0.1:8080").is_err());
        for (good, bad) in [
            ("https://id.example.cn/realm", "http://id.example.cn/realm"),
            ("https://id.example.cn/realm", "https://me@id.example.cn"),
            ("https://id.example.cn/realm", "https://id.example.cn?x=1"),
            ("https://id.example.cn/realm", "id"),
            ("'粤政易'", "''"),
            ("'jiedui'", "'结对'"),
            ("button", "label"),
            ("client", "name_claim = 'address'\nclient"),
            ("client", "hosts = ['https://keys.example.cn']\nclient"),
        ] {
            assert!(named(&FILE.replacen(good, bad, 1)).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_answer_fits_the_browser_that_asked() {
        let (one, other) = (Bound::by("a"), Bound::by("b"));
        let kept = kept("a", "/entries?q=; x");
        assert!(kept.bytes().all(|byte| byte.is_ascii_graphic() && !b";,\"\\".contains(&byte)), "{kept}");
        assert_eq!(fitting(&kept, &one.echo), Some((one.clone(), String::new())), "a blank is no address");
        assert_eq!(fitting(&super::kept("a", "/entries?q=1;2"), &one.echo).unwrap().1, "/entries?q=1;2");
        assert_eq!(fitting(&kept, &other.echo), None);
        assert_eq!(fitting("", &one.echo), None);
        assert!(one.echo != one.nonce && one.nonce != one.verifier && one.verifier.len() >= 43);
        assert_eq!(super::kept("a", "//evil.example"), "a.");
    }

    #[test]
    fn what_is_shown_of_an_account_is_plain() {
        assert_eq!(shown(" 张三\u{202e}<b>@x.cn\n"), "张三b@x.cn");
        assert_ne!(mark("https://a", "1"), mark("https://a\n1", ""));
    }
}
