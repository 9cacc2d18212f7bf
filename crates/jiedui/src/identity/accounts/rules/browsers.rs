//! What kind of browser somebody signed in with, in words that its holder knows it by. Nothing more of what it says is kept.

/// By what a browser names itself, the first that fits.
const BROWSERS: [(&str, &str); 10] = [
    ("MicroMessenger", "微信"),
    ("wxwork", "企业微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "火狐"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Trident", "IE"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("HarmonyOS", "鸿蒙"),
    ("Windows", "Windows"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux"),
];

/// “Windows 上的 Edge”.
pub fn words(user_agent: &str) -> String {
    let of = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
    };
    match (of(&SYSTEMS), of(&BROWSERS)) {
        (Some(system), Some(browser)) => format!("{system} 上的 {browser}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "认不出的浏览器".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_their_common_names() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";
        assert_eq!(words(edge), "Windows 上的 Edge");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1";
        assert_eq!(words(phone), "苹果手机 上的 Safari");
        assert_eq!(
            words("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
            "Linux 上的 火狐"
        );
        assert_eq!(words("curl/8.0"), "认不出的浏览器");
        assert_eq!(words("<script>"), "认不出的浏览器", "nothing of what it says is repeated");
    }
}
