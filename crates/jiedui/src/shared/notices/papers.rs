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

/// The same for a group, which everybody of the unit reads: without the foot of a letter.
pub fn digest_message(at: &str, subject: &str, parts: &[(String, Vec<String>)]) -> String {
    let letter = digest_letter(at, parts);
    let body = letter.split("\n\n——").next().unwrap_or_default();
    format!("{subject}\n\n{body}")
}
