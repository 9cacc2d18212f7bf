//! What failed at the machine or in somebody else's program, for whoever looks after the system: our words say what failed,
//! where and what to do; what the machine said stays behind them in brackets, for whoever is asked.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// Our words, and behind them what the machine said.
pub fn caused(words: impl Display, cause: impl Display) -> String {
    format!("{words}（原文：{cause}）")
}

/// A file or folder that could not be read or written; `what` says which of the two.
pub fn of_file(what: &str, path: &Path, cause: &io::Error) -> String {
    caused(format_args!("{what} {}：{}", path.display(), remedy(cause)), cause)
}

/// Why the machine refused, as far as it told, and what to do.
pub fn remedy(cause: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match cause.kind() {
        Kind::NotFound => "没有这个文件或目录，请核对路径。",
        Kind::PermissionDenied => "没有权限，请改它的权限，或换一个账户运行。",
        Kind::AlreadyExists => "已有同名的，没有覆盖，请换一个名字。",
        Kind::IsADirectory => "这是目录，请写明其中的文件。",
        Kind::NotADirectory => "路径中有一段不是目录，请核对。",
        Kind::StorageFull | Kind::QuotaExceeded => "磁盘已满，请腾出空间再试。",
        Kind::ReadOnlyFilesystem => "所在的磁盘只读，请换一个位置。",
        Kind::InvalidData => "内容不是 UTF-8 文字，请核对是否选错了文件。",
        Kind::AddrInUse => "端口已被占用，请换一个。",
        Kind::AddrNotAvailable => "本机没有这个地址，请核对。",
        _ => "请把括号里的原文告诉系统管理员。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_words_come_first_and_what_the_machine_said_stays() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let told = of_file("写不了", Path::new("/data/证明.json"), &full);
        assert!(told.starts_with("写不了 /data/证明.json：磁盘已满"), "{told}");
        assert!(told.ends_with(&format!("（原文：{full}）")), "{told}");
        let other = remedy(&io::Error::other("os error 42"));
        assert!(other.contains("系统管理员") && !other.contains("42"));
    }
}
