//! What stands on which page.

use super::*;
use std::path::PathBuf;

fn fonts() -> Fonts {
    Fonts::find(&[PathBuf::from("/usr/share/fonts")]).expect("fonts-noto-cjk is installed")
}

fn says(page: &[Item], words: &str) -> bool {
    page.iter().any(|item| matches!(item, Item::Text { text, .. } if text.contains(words)))
}

#[test]
fn what_no_font_has_is_told_in_words() {
    let fonts = fonts();
    assert!(fonts.has('校') && !fonts.has('👍'));
    let mut document = Document::new("督办单");
    document.text("两名教师已到校👍👨‍👩‍👧。");
    assert!(!pdf(&document, &fonts).unwrap().is_empty());
    let told = signs::told(&document, |c| fonts.has(c));
    let (pages, _) = laid_out(&told, &fonts).unwrap();
    assert!(says(&pages[0], "两名教师已到校〔赞〕〔表情〕。"));
}

/// However long the text is, a code goes with who signed and with the end of the text.
#[test]
fn a_code_never_stands_alone_on_a_page() {
    let fonts = fonts();
    for before in 0..24 {
        let mut document = Document::new("证明");
        for _ in 0..before {
            document.text("一行");
        }
        document.text(&"这一段有好几行，".repeat(8));
        document.text("最后一段");
        document.blocks.push(Block::Signed { by: "甲校".to_owned(), on: "某日".to_owned() });
        let (address, text) = ("https://example.gov.cn/p/1".to_owned(), "核验".to_owned());
        document.blocks.push(Block::Code { address, text });
        let (pages, _) = laid_out(&document, &fonts).unwrap();
        let last = pages.last().unwrap();
        assert!(says(last, "核验") && says(last, "甲校") && says(last, "最后一段"), "{before} lines before");
    }
}

/// However long the text is, who signs by hand does so under the end of it, and a table stands with what speaks of it.
#[test]
fn neither_signatures_nor_a_table_are_parted_from_the_words_above() {
    let fonts = fonts();
    for before in 10..24 {
        let mut document = Document::new("协议");
        for _ in 0..before {
            document.text("一行");
        }
        let mut tabled = document.clone();
        document.text("最后一段");
        document
            .blocks
            .push(Block::Signatures { of: vec!["甲校".to_owned(), "很长的校名".repeat(8)] });
        let (pages, _) = laid_out(&document, &fonts).unwrap();
        let last = pages.last().unwrap();
        assert!(says(last, "最后一段") && says(last, "签字：") && says(last, "日"), "{before} lines before");
        tabled.caption("说的是下表");
        tabled.table(vec![crate::paper::TableColumn::new("甲", 1.0)], vec![vec!["乙".to_owned()]]);
        let (pages, _) = laid_out(&tabled, &fonts).unwrap();
        let with = pages.iter().find(|page| says(page, "说的是下表")).unwrap();
        assert!(says(with, "乙"), "{before} lines before");
    }
}
