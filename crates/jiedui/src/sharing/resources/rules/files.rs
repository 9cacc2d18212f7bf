//! Which files are taken: told by their content, held against their name, and not larger than the programme says.

use jiedui_files::{FileKind, Unknown, ending_of};
use jiedui_kernel::{Code, Mistake};
use jiedui_programme::ResourceRules;

const MEGABYTE: usize = 1024 * 1024;

/// What a file is, or why it is not taken.
pub fn check(rules: &ResourceRules, name: &str, bytes: &[u8]) -> Result<FileKind, Mistake> {
    let kind = FileKind::of(bytes).map_err(|why| unknown(rules, why))?;
    let Some(most) = rules.most_bytes(kind.ending()) else {
        let words = format!("不收{}。可以收：{}。", kind.label(), taken(rules));
        return Err(Code::WrongFile.says(words));
    };
    let ending = ending_of(name);
    let says_something = ending.starts_with(|sign: char| sign.is_ascii_alphabetic());
    if says_something && !kind.endings().contains(&ending.as_str()) {
        let words = format!(
            "文件名写的是 .{ending}，内容却是{}。请确认没有选错；内容没错的，把文件名的结尾改成 .{} 再传。",
            kind.label(),
            kind.ending()
        );
        return Err(Code::WrongFile.says(words));
    }
    if bytes.len() > most {
        let words = format!(
            "{}最大 {} MB，这个文件有 {}。请压缩图片或拆成几份再传。",
            kind.label(),
            most / MEGABYTE,
            size(bytes.len())
        );
        return Err(Code::TooLarge.says(words));
    }
    Ok(kind)
}

fn unknown(rules: &ResourceRules, why: Unknown) -> Mistake {
    match why {
        Unknown::Empty => Code::Missing.says("这个文件是空的，请重新选择。"),
        Unknown::OldOffice => {
            Code::WrongFile.says("这是旧版 Office 文件。请另存为 docx、xlsx、pptx 或 PDF 再传。")
        }
        Unknown::Macros => Code::WrongFile.says("这个 Office 文件里有宏程序。请另存为不带宏的格式再传。"),
        Unknown::Other => {
            let words = format!("按内容认不出这是什么文件。可以收：{}；请另存为其中一种再传。", taken(rules));
            Code::WrongFile.says(words)
        }
    }
}

fn taken(rules: &ResourceRules) -> String {
    let kinds = rules.types.iter().filter_map(|one| FileKind::of_ending(&one.id));
    kinds.map(FileKind::label).collect::<Vec<_>>().join("、")
}

/// A size as people read it, rounded up: what is 1 byte has 1 KB.
pub fn size(bytes: usize) -> String {
    if bytes < MEGABYTE {
        return format!("{} KB", bytes.div_ceil(1024));
    }
    let tenths = (bytes * 10).div_ceil(MEGABYTE);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review;

    fn code(name: &str, bytes: &[u8]) -> Option<Code> {
        let rules = review::tests::programme().resources.as_ref().unwrap();
        check(rules, name, bytes).err().map(|mistake| mistake.code)
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        assert_eq!(code("课件.pdf", b"%PDF-1.7"), None);
        assert_eq!(code("第1.2节", b"%PDF-1.7"), None, "no ending");
        assert_eq!(code("照片.JPEG", &[0xff, 0xd8, 0xff, 0xe0]), None);
        let wrong: [(&str, &[u8]); 4] = [
            ("课件.pdf", b"MZ program"),
            ("课件.docx", b"%PDF-1.7"),
            ("课件.pdf.exe", b"%PDF-1.7"),
            ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ];
        for (name, bytes) in wrong {
            assert_eq!(code(name, bytes), Some(Code::WrongFile), "{name}");
        }
        assert_eq!(code("空.pdf", b""), Some(Code::Missing));
    }

    #[test]
    fn a_file_is_not_larger_than_the_programme_says() {
        let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
        picture.resize(10 * MEGABYTE, 0);
        assert_eq!(code("图.png", &picture), None);
        picture.push(0);
        assert_eq!(code("图.png", &picture), Some(Code::TooLarge));
    }

    #[test]
    fn the_program_tells_every_type_that_a_programme_may_name() {
        for ending in ResourceRules::TYPES {
            assert_eq!(FileKind::of_ending(ending).map(FileKind::ending), Some(ending));
        }
        assert_eq!(FileKind::ALL.len(), ResourceRules::TYPES.len());
        assert_eq!(ResourceRules::MOST_MEGABYTES as usize * MEGABYTE, jiedui_web::limits::UPLOAD_BYTES);
    }

    #[test]
    fn sizes_are_told_rounded_up() {
        assert_eq!(
            [size(1), size(1025), size(MEGABYTE), size(MEGABYTE + 1)],
            ["1 KB", "2 KB", "1.0 MB", "1.1 MB"]
        );
    }
}
