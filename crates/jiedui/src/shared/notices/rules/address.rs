//! Addresses of letters, and of the robots of office messengers.

use crate::shared::outside::{Reachable, is_of_the_internet};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Error, Result};
use std::net::IpAddr;

/// The longest address of a letter, as RFC 5321 has it.
const LONGEST: usize = 254;
/// How long the code in a letter opens.
pub const OPEN_FOR: TimeDelta = TimeDelta::hours(48);
/// So many letters with a code are asked for in a day: nobody fills the box of somebody else.
pub const CODES_A_DAY: i64 = 3;

/// An address for letters as it was typed. What a mail server makes of it is known only when it was tried.
pub fn mail(typed: &str) -> Result<String> {
    let typed = typed.trim();
    let fine = typed.len() <= LONGEST && typed.parse::<lettre::Address>().is_ok() && typed.is_ascii();
    if fine {
        return Ok(typed.to_owned());
    }
    let words = Code::Characters.says("邮箱地址不对，应像 name@example.com。");
    Err(Error::field("address", words))
}

/// How office messengers take a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Wecom,
    Dingtalk,
    Feishu,
}

impl Shape {
    pub const ALL: [Self; 3] = [Self::Wecom, Self::Dingtalk, Self::Feishu];

    pub fn id(self) -> &'static str {
        match self {
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
            Self::Feishu => "feishu",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Wecom => "企业微信",
            Self::Dingtalk => "钉钉",
            Self::Feishu => "飞书",
        }
    }

    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.id() == id)
    }

    /// What is sent.
    pub fn message(self, text: &str) -> serde_json::Value {
        match self {
            Self::Wecom | Self::Dingtalk => {
                serde_json::json!({ "msgtype": "text", "text": { "content": text } })
            }
            Self::Feishu => serde_json::json!({ "msg_type": "text", "content": { "text": text } }),
        }
    }

    /// Whether the messenger took it. Each answers 200 also where it did not, with a number that is not 0.
    pub fn took(self, answer: &[u8]) -> bool {
        let answer: serde_json::Value = serde_json::from_slice(answer).unwrap_or_default();
        let names: &[&str] = if self == Self::Feishu { &["code", "StatusCode"] } else { &["errcode"] };
        names.iter().filter_map(|name| answer[name].as_i64()).next() == Some(0)
    }
}

impl TryFrom<String> for Shape {
    type Error = Error;

    fn try_from(text: String) -> std::result::Result<Self, Error> {
        Self::of(&text).ok_or_else(|| Error::internal(format_args!("messenger.shape is “{text}”")))
    }
}

impl Reachable {
    /// The address of a robot as it was typed.
    pub fn address(self, typed: &str) -> Result<String> {
        let wrong = |words: &'static str| Err(Error::field("address", Code::Characters.says(words)));
        let typed = typed.trim();
        let Ok(uri) = typed.parse::<axum::http::Uri>() else {
            return wrong("地址不对，请整行复制机器人的 Webhook 地址。");
        };
        let Some(host) = uri.host().filter(|_| typed.len() <= 500) else {
            return wrong("地址不对，请整行复制机器人的 Webhook 地址。");
        };
        if !self.takes_scheme(&uri) {
            return wrong("地址要以 https:// 开头。");
        }
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return wrong("地址里不要写账号和密码。");
        }
        let number = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        if number.is_some_and(|ip| !self.allows(ip)) {
            return wrong("地址在服务器的内部网络里，不能向那里发送。");
        }
        if number.is_none() && !self.inside && !is_of_the_internet(host) {
            return wrong("地址里的名称只在内部网络里用，不能向那里发送。请整行复制机器人的 Webhook 地址。");
        }
        Ok(typed.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_a_mail_server_could_take() {
        assert_eq!(mail(" a.b@example.com ").unwrap(), "a.b@example.com");
        for bad in
            ["", "a", "a@", "@b.cn", "a@b.cn\r\nBcc: c@d.cn", "a b@c.cn", "中@example.com", &"a".repeat(300)]
        {
            assert!(mail(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_server_does_not_speak_to_its_own_network() {
        let outside = Reachable::default();
        for good in [
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
            "https://open.feishu.cn/open-apis/bot/v2/hook/x",
        ] {
            assert_eq!(outside.address(good).unwrap(), good);
        }
        for bad in [
            "http://example.com/x",
            "https://127.0.0.1/x",
            "https://10.0.0.8/x",
            "https://[::1]/x",
            "https://[::ffff:192.168.0.1]/x",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/x",
            "https://[fd00::1]/x",
            "https://localhost/x",
            "https://nas/x",
            "https://robot.LOCAL./x",
            "https://metadata.google.internal/x",
            "https://user:pass@example.com/x",
            "ftp://example.com/x",
            "example.com",
            "",
        ] {
            assert!(outside.address(bad).is_err(), "{bad}");
        }
        assert!(Reachable { inside: true }.address("http://127.0.0.1:8/x").is_ok());
        assert!(outside.allows("113.108.1.1".parse().unwrap()) && outside.allows("240e::1".parse().unwrap()));
    }

    #[test]
    fn each_messenger_is_spoken_to_in_its_own_way() {
        assert_eq!(Shape::Wecom.message("示例")["text"]["content"], "示例");
        assert_eq!(Shape::Dingtalk.message("示例")["msgtype"], "text");
        assert_eq!(Shape::Feishu.message("示例")["content"]["text"], "示例");
        assert!(Shape::Wecom.took(br#"{"errcode":0,"errmsg":"ok"}"#) && Shape::Feishu.took(br#"{"code":0}"#));
        assert!(!Shape::Dingtalk.took(br#"{"errcode":310000}"#) && !Shape::Wecom.took(b"ok"));
    }
}
