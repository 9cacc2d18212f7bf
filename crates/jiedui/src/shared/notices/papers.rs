//! What letters say. Plain text, and no more about anybody than the desk shows.

/// How a letter ends: where it can be switched off.
fn foot(at: &str) -> String {
    format!("\n\n——\n这是结对通自动发出的信，请不要直接回复。\n不想再收：{at}/my/notices\n")
}

/// The letter with the code by which an address is confirmed.
pub fn code_letter(at: &str, code: &str) -> String {
    format!(
        "有人在结对通的“我的账号”里留了这个邮箱，用来接收每个工作日最多一封的提要。\n\n\
         是您本人留的，请登录后打开下面的链接，两天内有效：\n{at}/my/mail/{code}\n\n\
         不是您留的，不用理会：没有确认的邮箱，不会再收到信。{}",
        foot(at)
    )
}

/// The letter of the day from its lines.
pub fn digest_letter(at: &str, parts: &[(String, Vec<String>)]) -> String {
    let mut text = String::new();
    for (title, lines) in parts.iter().filter(|(_, lines)| !lines.is_empty()) {
        text.push_str(title);
        text.push('\n');
        for line in lines {
            text.push_str("· ");
            text.push_str(line);
            text.push('\n');
        }
        text.push('\n');
    }
    format!("{text}打开工作台：{at}/{}", foot(at))
}

/// Bytes of a message: 企业微信 takes 2048.
const MESSAGE: usize = 1900;

/// The same for a group, which everybody of the unit reads: without the foot of a letter, and no longer than the strictest
/// messenger takes.
pub fn digest_message(at: &str, subject: &str, parts: &[(String, Vec<String>)]) -> String {
    let end = format!("\n打开工作台：{at}/");
    let lines = parts.iter().flat_map(|(title, lines)| {
        std::iter::once(title.clone()).chain(lines.iter().map(|line| format!("· {line}")))
    });
    let mut text = format!("{subject}\n");
    for line in lines {
        if text.len() + line.len() + end.len() + 1 > MESSAGE {
            break;
        }
        text.push('\n');
        text.push_str(&line);
    }
    text + &end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_no_longer_than_the_strictest_messenger_takes() {
        let parts = [("新到的事项".to_owned(), vec!["很长的一项".repeat(12); 40])];
        let text = digest_message("https://jiedui.example.com", "结对通提要", &parts);
        assert!(text.len() <= MESSAGE && text.ends_with("打开工作台：https://jiedui.example.com/"));
        assert!(text.contains("· 很长的一项"));
    }
}
