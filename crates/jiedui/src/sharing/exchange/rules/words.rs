//! What is said of faults, refusals and answers.

use jiedui_documents::CellError;
use jiedui_exchange::{Fault, MAX_BYTES, MAX_CHARS, MAX_ROWS, Wrong};
use jiedui_kernel::Code;

/// What is wrong, and what to do about it.
fn said(wrong: &Wrong) -> (Code, String, &'static str) {
    let plain = |code: Code, words: &str, help: &'static str| (code, words.to_owned(), help);
    match wrong {
        Wrong::Empty => plain(Code::Missing, "文件里没有一行数据", "请核对后再上传"),
        Wrong::TooLarge => {
            (Code::TooLarge, format!("文件超过 {} MB", MAX_BYTES >> 20), "请让对方分开导出后再上传")
        }
        Wrong::TooManyRows => (Code::TooMany, format!("文件超过 {MAX_ROWS} 行"), "请让对方分开导出后再上传"),
        Wrong::Encoding => plain(Code::WrongFile, "文字不是 UTF-8 编码", "请另存为 CSV UTF-8 后再上传"),
        Wrong::Shape => plain(Code::WrongFile, "不是约定格式的文件", "请核对文件格式和栏目"),
        Wrong::MissingColumn => plain(Code::Incomplete, "缺这一栏", "请补上，或改方案里的栏目对照"),
        Wrong::UnknownColumn => plain(Code::NotListed, "不认得这一栏", "请删除，或改方案里的栏目对照"),
        Wrong::RepeatedColumn => plain(Code::Duplicate, "这一栏出现了两次", "请只留一栏"),
        Wrong::Width => plain(Code::Faulty, "这一行的格数和标题不一样", "请核对是否多了或少了逗号"),
        Wrong::NoKey => plain(Code::Missing, "是空的，认不出是哪所学校", "请补上"),
        Wrong::RepeatedKey => plain(Code::Duplicate, "同一所学校在前面已经出现过", "请只留一行"),
        Wrong::TooLong => (Code::TooLong, format!("超过 {MAX_CHARS} 个字"), "请改短"),
        Wrong::Characters => plain(Code::Characters, "有不能用的符号", "请去掉控制字符和开头的 = + - @"),
        Wrong::NoNumber => {
            plain(Code::NoNumber, "不是数", "请只写数字，小数点以外不加符号；JSON 里的小数要写成文字")
        }
        Wrong::TooFine => plain(Code::OutOfRange, "小数位数太多", "请核对单位和小数位数"),
        Wrong::OutOfRange => plain(Code::OutOfRange, "数太大", "请核对"),
        Wrong::UnknownCode => plain(Code::NotListed, "代码对照里没有", "请核对，或改方案里的代码对照"),
        Wrong::OtherKind => plain(Code::Faulty, "该写数的写了文字，或该写文字的写了数", "请核对"),
        Wrong::More => plain(Code::Faulty, "问题太多，其余没有列出", "请改正以上各处后再上传"),
    }
}

/// A fault as pages list those of a file.
pub fn told(fault: &Fault) -> CellError {
    let (code, reason, help) = said(&fault.wrong);
    if fault.line == 0 {
        return CellError::file(reason, help).coded(&code);
    }
    CellError {
        sheet: "文件".to_owned(),
        row: u32::try_from(fault.line).unwrap_or(u32::MAX),
        column: fault.field.clone(),
        value: fault.key.clone(),
        ..CellError::file(reason, help)
    }
    .coded(&code)
}

/// Why a row stays here.
pub fn kept_back(fault: &Fault) -> String {
    let (_, reason, help) = said(&fault.wrong);
    format!("没有送出：{reason}，{help}")
}

/// Why a row that came is compared with nothing.
pub const UNKNOWN_SCHOOL: &str = "名录里没有这所学校，或不在这次对接的范围里；没有收下这一行";
/// What is said where the other side refuses a row and does not say why.
pub const NO_REASON: &str = "对方没有说明原因";
