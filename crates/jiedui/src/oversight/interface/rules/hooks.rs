//! How the server of a program's owner is told, how long it is tried, and how a message is signed (Standard Webhooks).

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiedui_kernel::{Code, Error, FieldError, Result};
use sha2::Sha256;

/// So many of one account at a time.
pub const AT_ONCE: i64 = 3;
/// What changes meanwhile is told together.
pub const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// Somebody who took one up and stopped is waited for no longer.
pub const LEASE: TimeDelta = TimeDelta::minutes(2);
/// Where nothing arrives for so long, nobody reads it any more.
pub const GIVEN_UP: TimeDelta = TimeDelta::days(5);
/// How long tries are kept.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// Characters of what went wrong.
pub const FAULT: usize = 200;

const BEGINNING: &str = "whsec_";

/// Why nothing is told any more.
pub const BY_HOLDER: &str = "holder";
pub const FAILED: &str = "failed";
pub const REFUSED: &str = "refused";
pub const LOST: &str = "lost";
pub const TOKENLESS: &str = "token";

pub fn why(ended: &str) -> &'static str {
    match ended {
        FAILED => "一直送不到，已停用",
        REFUSED => "对方说不再接收，已停用",
        LOST => "账号不再有这项权限，已停用",
        TOKENLESS => "没有可用的接口密钥了，已停用",
        _ => "已停用",
    }
}

/// How long it is waited after a look. Where there is more and nobody was spoken to, it is looked on at once.
pub fn pause(more: bool, told: bool) -> TimeDelta {
    if more && !told { TimeDelta::zero() } else { PAUSE }
}

/// What is wrong with what somebody asks for, of whose account so many are open.
pub fn check(name: &str, open: i64) -> Vec<FieldError> {
    let mut errors = super::wrong_name(name);
    if open >= AT_ONCE {
        let words = format!("一个账号最多同时有 {AT_ONCE} 个变更通知。请先停用不再用的。");
        errors.push(FieldError::new("", Code::TooMany.says(words)));
    }
    errors
}

/// The secret as it is shown once: the receiver takes it apart in the same way.
pub fn shown(secret: &str) -> String {
    format!("{BEGINNING}{}", base64(secret.as_bytes()))
}

/// The signature of a message with its id and its second.
pub fn signature(secret: &[u8], id: &str, at: i64, body: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(Error::internal)?;
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    Ok(format!("v1,{}", base64(&mac.finalize().into_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let whole = part.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
        let bits = whole << (8 * (3 - part.len()));
        for at in 0..4 {
            let sign = if at <= part.len() { char::from(SIGNS[(bits >> (18 - 6 * at)) & 63]) } else { '=' };
            text.push(sign);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_spoken_to_without_a_pause() {
        assert_eq!((pause(true, true), pause(false, true), pause(false, false)), (PAUSE, PAUSE, PAUSE));
        assert_eq!(pause(true, false), TimeDelta::zero());
    }

    /// The example that libraries of Standard Webhooks test themselves by.
    #[test]
    fn a_message_is_signed_as_receivers_check_it() {
        let secret = [
            49, 242, 144, 246, 191, 6, 41, 138, 171, 79, 8, 212, 60, 63, 8, 44, 246, 72, 163, 98, 218, 45,
            164, 176,
        ];
        let signed =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(
            (base64(b"a"), base64(b"ab"), base64(b"abc")),
            ("YQ==".into(), "YWI=".into(), "YWJj".into())
        );
    }
}
