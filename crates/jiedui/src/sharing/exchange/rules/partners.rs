//! The file in which whoever runs the system says where outside systems are: `编号 地址 密码 [内网]` on each line.

use axum::http::Uri;
use jiedui_web::Partner;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long the other side may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest address and secret, in bytes.
const LONGEST: usize = 1_000;

/// The outside systems of the file, or what is wrong with it; secrets are not told again.
pub fn partners(text: &str) -> Result<BTreeMap<String, Partner>, String> {
    let mut found = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |what: &str| format!("第 {number} 行{what}。");
        let words: Vec<&str> = line.split_whitespace().collect();
        let (id, address, secret, inside) = match words.as_slice() {
            [id, address, secret] => (*id, *address, *secret, false),
            [id, address, secret, "内网"] => (*id, *address, *secret, true),
            _ => return Err(wrong("应写成：编号 地址 密码，没有密码的写 -，对方在内部网络里的行末加“内网”")),
        };
        if line.len() > LONGEST || !is_address(address, inside) {
            return Err(wrong("的地址不对：要以 https:// 开头，不带账号；只有写明“内网”的才能用 http://"));
        }
        let secret = if secret == "-" { "" } else { secret };
        if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong("的密码只能用英文字母、数字和符号"));
        }
        let partner =
            Partner { address: address.to_owned(), secret: secret.to_owned(), inside, patience: PATIENCE };
        if found.insert(id.to_owned(), partner).is_some() {
            return Err(wrong("的编号在前面已经写过"));
        }
    }
    Ok(found)
}

/// What pages show of an address: neither its path nor anything behind it.
pub fn host(partner: &Partner) -> Option<String> {
    partner.address.parse::<Uri>().ok()?.host().map(str::to_owned)
}

fn is_address(address: &str, inside: bool) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let scheme = uri.scheme_str().unwrap_or_default();
    let open = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    uri.host().is_some() && !open && (scheme == "https" || (inside && scheme == "http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_where_the_other_side_is() {
        let text = "# 对接\n\nrecruitment https://a.example.cn/in secret-1\nschool-system http://10.0.0.8/out - 内网\n";
        let found = partners(text).unwrap();
        assert_eq!((found["recruitment"].secret.as_str(), found["recruitment"].inside), ("secret-1", false));
        assert_eq!((found["school-system"].secret.as_str(), found["school-system"].inside), ("", true));
        assert!(!format!("{found:?}").contains("secret-1"), "secrets do not reach the log");
        for bad in [
            "x https://a.example.cn/",
            "x http://a.example.cn/ -",
            "x https://me:secret@a.example.cn/ -",
            "x ftp://a.example.cn/ -",
            "x https://a.example.cn/ 密",
            "x https://a.example.cn/ - 外网",
            "x https://a.example.cn/ -\nx https://b.example.cn/ -",
        ] {
            let said = partners(bad).unwrap_err();
            assert!(said.contains('行') && !said.contains("secret"), "{bad}: {said}");
        }
    }
}
